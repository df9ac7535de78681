//! Lines of CSV as spreadsheets and scripts read them alike.

/// Adds a line.
pub(super) fn write_row(cells: &[&str], text: &mut String) {
    for (at, cell) in cells.iter().enumerate() {
        if at > 0 {
            text.push(',');
        }
        // A line break inside a cell is legal and breaks every script that reads line by line.
        let cell = cell.replace(['\r', '\n'], " ");
        if cell.contains([',', '"', ';']) {
            text.push('"');
            text.push_str(&cell.replace('"', "\"\""));
            text.push('"');
        } else {
            text.push_str(&cell);
        }
    }
    text.push('\n');
}
