//! CSV as cells that know their place, after RFC 4180.
//!
//! A finding has to point at the cell, byte by byte; the `csv` crate knows only where a record begins, so it is the
//! witness in the tests and this small reader does the work. It takes `,` or `;` between cells, any line break, and
//! quotes; it skips lines that are empty.

use std::borrow::Cow;
use std::ops::Range;

/// A cell: its bytes in the file, quotes included, and what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cell<'t> {
    pub(super) range: Range<usize>,
    pub(super) text: Cow<'t, str>,
    pub(super) is_quoted: bool,
}

/// A line of cells, or several lines where a cell has line breaks in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Record<'t> {
    pub(super) cells: Vec<Cell<'t>>,
}

impl Record<'_> {
    pub(super) fn range(&self) -> Range<usize> {
        let start = self.cells.first().map_or(0, |cell| cell.range.start);
        start..self.cells.last().map_or(start, |cell| cell.range.end)
    }
}

/// A mistake in the quoting, and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct BadQuote {
    pub(super) range: Range<usize>,
    pub(super) message: &'static str,
}

/// Reads all records; a mistake in the quoting ends a cell where it stands, and reading goes on.
pub(super) fn read(text: &str, start: usize, separator: u8) -> (Vec<Record<'_>>, Vec<BadQuote>) {
    let bytes = text.as_bytes();
    let mut records = Vec::new();
    let mut faults = Vec::new();
    let mut cells = Vec::new();
    let mut at = start;
    while at < bytes.len() {
        if cells.is_empty() && matches!(bytes[at], b'\n' | b'\r') {
            at += 1;
            continue;
        }
        let cell =
            if bytes[at] == b'"' { quoted(text, at, separator, &mut faults) } else { plain(text, at, separator) };
        at = cell.range.end;
        cells.push(cell);
        match bytes.get(at) {
            Some(byte) if *byte == separator => {
                at += 1;
                // A separator at the end of the file opens one more cell.
                if at == bytes.len() {
                    cells.push(Cell { range: at..at, text: Cow::Borrowed(""), is_quoted: false });
                }
            }
            _ => {
                at += 1;
                records.push(Record { cells: std::mem::take(&mut cells) });
            }
        }
    }
    if !cells.is_empty() {
        records.push(Record { cells });
    }
    (records, faults)
}

fn plain(text: &str, at: usize, separator: u8) -> Cell<'_> {
    let end = end_of_cell(text, at, separator);
    Cell { range: at..end, text: Cow::Borrowed(&text[at..end]), is_quoted: false }
}

fn end_of_cell(text: &str, at: usize, separator: u8) -> usize {
    let rest = &text.as_bytes()[at..];
    rest.iter().position(|byte| *byte == separator || matches!(byte, b'\n' | b'\r')).map_or(text.len(), |end| at + end)
}

fn quoted<'t>(text: &'t str, start: usize, separator: u8, faults: &mut Vec<BadQuote>) -> Cell<'t> {
    let bytes = text.as_bytes();
    let mut at = start + 1;
    let mut doubled = false;
    loop {
        match bytes.get(at) {
            None => {
                faults.push(BadQuote { range: start..start + 1, message: "a quote is opened here and never closed" });
                return Cell { range: start..at, text: Cow::Borrowed(&text[start + 1..at]), is_quoted: true };
            }
            Some(b'"') if bytes.get(at + 1) == Some(&b'"') => {
                doubled = true;
                at += 2;
            }
            Some(b'"') => break,
            Some(_) => at += 1,
        }
    }
    let inner = &text[start + 1..at];
    let inner = if doubled { Cow::Owned(inner.replace("\"\"", "\"")) } else { Cow::Borrowed(inner) };
    let end = end_of_cell(text, at + 1, separator);
    if end > at + 1 {
        faults.push(BadQuote {
            range: at..end,
            message: "something stands behind the closing quote; a quote inside is doubled",
        });
    }
    Cell { range: start..end, text: inner, is_quoted: true }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn texts(text: &str, separator: u8) -> Vec<Vec<String>> {
        let (records, faults) = read(text, 0, separator);
        assert_eq!(faults, []);
        records.iter().map(|record| record.cells.iter().map(|cell| cell.text.clone().into_owned()).collect()).collect()
    }

    #[test]
    fn cells_know_their_bytes() {
        let text = "id,name\r\n1,\"a \"\"b\"\"\"\n\n2,\n";
        let (records, faults) = read(text, 0, b',');
        assert_eq!(faults, []);
        assert_eq!(records.len(), 3);
        let cell = &records[1].cells[1];
        assert_eq!((&text[cell.range.clone()], cell.text.as_ref()), ("\"a \"\"b\"\"\"", "a \"b\""));
        assert_eq!(records[2].cells[1].range, 24..24);
        assert_eq!(&text[records[0].range()], "id,name");
    }

    #[test]
    fn mistakes_in_quoting_are_found_and_reading_goes_on() {
        let (records, faults) = read("a,\"b\"c\nd,e", 0, b',');
        assert_eq!((records.len(), faults.len(), faults[0].range.clone()), (2, 1, 4..6));
        let (records, faults) = read("a,\"b\nc,d", 0, b',');
        assert_eq!((records.len(), faults[0].range.clone()), (1, 2..3));
    }

    proptest! {
        #![proptest_config(proptest::test_runner::Config { failure_persistence: None, ..Default::default() })]

        #[test]
        fn the_csv_crate_reads_the_same_cells(text in "([a-zü ]{0,3}|\"([a-z,\n]|\"\"){0,3}\")((,|\n|\r\n)([a-zü ]{1,3}|\"([a-z,\n]|\"\"){0,3}\")){0,8}") {
            let mut reader = ::csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
            let witness: Vec<Vec<String>> = reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect();
            prop_assert_eq!(texts(&text, b','), witness);
        }

        #[test]
        fn no_text_makes_it_panic(text in "[a-z\",;\r\nü]{0,40}") {
            for record in read(&text, 0, b';').0 {
                for cell in record.cells {
                    prop_assert!(text.get(cell.range).is_some());
                }
            }
        }
    }
}
