//! Tables: typed rows from a CSV file, each cell with its place.
//!
//! Every column that is read is declared with its kind; a missing column or an ill-typed cell is a finding in the file
//! itself. Rows have an `id`, which names what is made of them, so it is required and unique, and the order is by id:
//! sorting a spreadsheet changes nothing. A row with a finding is left out, so that it is reported once.

use std::collections::BTreeMap;

use compact_str::{CompactString, ToCompactString};

use crate::diagnostic::{Diagnostic, codes, did_you_mean, quoted, twice};
use crate::facts::csv::{self, Cell, Record};
use crate::source::{FileId, Span, Spanned};
use crate::value::{Kind, Value};

/// The rows of a table, ordered by id.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    /// The declared columns, in the order of their declaration; cells stand in the same order.
    pub columns: Vec<CompactString>,
    pub rows: Vec<Row>,
}

/// One row.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    pub span: Span,
    /// The canonical text of its `id`.
    pub id: Spanned<CompactString>,
    /// One for each declared column; `None` where the cell is empty.
    pub cells: Vec<Option<Spanned<Value>>>,
}

impl Table {
    /// The cell of a row under a column.
    pub fn cell<'r>(&self, row: &'r Row, column: &str) -> Option<&'r Spanned<Value>> {
        let at = self.columns.iter().position(|name| name == column)?;
        row.cells.get(at)?.as_ref()
    }

    /// The row of an id.
    pub fn row(&self, id: &str) -> Option<&Row> {
        self.rows.binary_search_by(|row| row.id.value.as_str().cmp(id)).ok().and_then(|at| self.rows.get(at))
    }
}

/// The column that names the rows.
pub const ID: &str = "id";

/// Reads a table. `declared` is where the spec declares it.
pub fn read_table(
    file: FileId,
    text: &str,
    declared: Span,
    columns: &[(Spanned<&str>, Kind)],
) -> (Table, Vec<Diagnostic>) {
    let mut findings = Vec::new();
    let table = Table { columns: columns.iter().map(|(name, _)| name.value.into()).collect(), rows: Vec::new() };
    if !columns.iter().any(|(name, _)| name.value == ID) {
        findings.push(
            Diagnostic::new(&codes::MISSING, declared, "the table declares no column `id`")
                .here("rows are named by their id")
                .help("declare it with its kind: `column id type=dns-label`"),
        );
        return (table, findings);
    }
    let (start, separator) = beginning(text, columns);
    let (records, bad_quotes) = csv::read(text, start, separator);
    // Where quotes are wrong the cells are as well; that is said once.
    let is_sound = |record: &&Record<'_>| {
        let range = record.range();
        !bad_quotes.iter().any(|bad| range.start <= bad.range.start && bad.range.start < range.end)
    };
    for bad in &bad_quotes {
        let span = Span::new(file, bad.range.start, bad.range.end);
        findings.push(
            Diagnostic::new(&codes::MALFORMED_FILE, span, format!("the table is not CSV: {}", bad.message))
                .help("a cell in quotes ends with one; a quote inside it is written twice"),
        );
    }
    let Some((header, rows)) = records.split_first() else {
        let finding = Diagnostic::new(
            &codes::MISSING_COLUMN,
            Span::file(file),
            "the table is empty; its first line has to name the columns",
        );
        findings.push(finding.also(declared, "declared here").help("save the table again, with a row for each thing"));
        return (table, findings);
    };
    let places = find_columns(file, header, columns, &mut findings);
    if places.iter().any(Option::is_none) {
        return (table, findings);
    }
    if rows.is_empty() {
        // An empty input never means that all of it goes.
        let range = header.range();
        let finding = Diagnostic::new(
            &codes::MISSING,
            Span::new(file, range.start, range.end),
            "the table has no rows, only the names of its columns",
        );
        findings.push(
            finding
                .also(declared, "declared here")
                .help("add a row; where none is meant, take the table out of the spec"),
        );
    }
    let places: Vec<usize> = places.into_iter().flatten().collect();
    let mut reader = RowReader { file, separator, width: header.cells.len(), columns, places, findings };
    let rows = rows.iter().filter(is_sound).filter_map(|record| reader.read(record)).collect();
    let mut findings = reader.findings;
    let rows = unique(rows, &mut findings);
    (Table { rows, ..table }, findings)
}

/// Where the header begins, and what stands between cells: of `,` and `;` the one that finds more of the columns.
fn beginning(text: &str, columns: &[(Spanned<&str>, Kind)]) -> (usize, u8) {
    let mut start = text.len() - text.trim_start_matches(['\u{feff}', '\r', '\n']).len();
    // What spreadsheets write for each other.
    for (hint, separator) in [("sep=,", b','), ("sep=;", b';')] {
        if text[start..].lines().next() == Some(hint) {
            start += hint.len();
            return (start, separator);
        }
    }
    let header = text[start..].lines().next().unwrap_or_default();
    let found = |separator: char| {
        let names: Vec<&str> = header.split(separator).map(|name| name.trim().trim_matches('"')).collect();
        (columns.iter().filter(|(column, _)| names.contains(&column.value)).count(), names.len())
    };
    (start, if found(';') > found(',') { b';' } else { b',' })
}

/// The place of each declared column in the header.
fn find_columns(
    file: FileId,
    header: &Record<'_>,
    columns: &[(Spanned<&str>, Kind)],
    findings: &mut Vec<Diagnostic>,
) -> Vec<Option<usize>> {
    let span = |cell: &Cell<'_>| Span::new(file, cell.range.start, cell.range.end);
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, cell) in header.cells.iter().enumerate() {
        let name = cell.text.trim();
        if let Some(first) = places.get(name) {
            if !name.is_empty() {
                findings.push(twice("column", span(&header.cells[*first]), Spanned::new(name, span(cell))));
            }
        } else {
            places.insert(name, at);
        }
    }
    let line = header.range();
    if header.cells.len() == 1 && header.cells[0].text.contains('\t') {
        let finding = Diagnostic::new(
            &codes::MALFORMED_FILE,
            Span::new(file, line.start, line.end),
            "the cells are separated by tabs",
        );
        findings.push(finding.help("save the table with `,` or `;` between its cells"));
        return vec![None; columns.len()];
    }
    let missing: Vec<Spanned<&str>> =
        columns.iter().map(|(column, _)| *column).filter(|column| !places.contains_key(column.value)).collect();
    if let [first, rest @ ..] = missing.as_slice() {
        let known = places.keys().copied().filter(|name| !name.is_empty());
        let noun = if rest.is_empty() { "column" } else { "columns" };
        let text = format!("the table has no {noun} {}", quoted(missing.iter().map(|column| column.value)));
        let finding = Diagnostic::new(&codes::MISSING_COLUMN, Span::new(file, line.start, line.end), text)
            .here("the columns there are");
        let finding = if rest.is_empty() {
            finding.help_if(did_you_mean(first.value, known))
        } else {
            finding.help("the first line of the file names the columns, as the spec declares them")
        };
        findings.push(missing.iter().fold(finding, |finding, column| finding.also(column.span, "declared here")));
    }
    columns.iter().map(|(column, _)| places.get(column.value).copied()).collect()
}

struct RowReader<'c, 's> {
    file: FileId,
    separator: u8,
    /// How many cells the header has.
    width: usize,
    columns: &'c [(Spanned<&'s str>, Kind)],
    /// Where in the header each of the columns stands.
    places: Vec<usize>,
    findings: Vec<Diagnostic>,
}

impl RowReader<'_, '_> {
    fn read(&mut self, record: &Record<'_>) -> Option<Row> {
        // What a spreadsheet leaves of a row whose cells were emptied.
        if record.cells.iter().all(|cell| cell.text.trim().is_empty()) {
            return None;
        }
        let range = record.range();
        let span = Span::new(self.file, range.start, range.end);
        if record.cells.len() != self.width {
            let count = |count: usize| if count == 1 { "1 cell".to_owned() } else { format!("{count} cells") };
            let message = format!("the row has {}; the header has {}", count(record.cells.len()), self.width);
            let separator = char::from(self.separator);
            let help = if record.cells.len() < self.width {
                format!("write a `{separator}` for each cell, also for an empty one")
            } else {
                format!("a cell with a `{separator}` in it stands in double quotes")
            };
            self.findings.push(Diagnostic::new(&codes::ILL_TYPED_CELL, span, message).help(help));
            return None;
        }
        let before = self.findings.len();
        let mut id = None;
        let mut cells = Vec::with_capacity(self.columns.len());
        for at in 0..self.columns.len() {
            let cell = &record.cells[self.places[at]];
            let value = self.cell(at, cell);
            if self.columns[at].0.value == ID {
                id = value.as_ref().map(|value| Spanned::new(value.value.to_compact_string(), value.span));
                if id.is_none() && self.findings.len() == before {
                    let finding = Diagnostic::new(&codes::ILL_TYPED_CELL, span, "the row has no `id`");
                    self.findings.push(finding.here("rows are named by their id"));
                }
            }
            cells.push(value);
        }
        let id = id?;
        if self.findings.len() > before { None } else { Some(Row { span, id, cells }) }
    }

    fn cell(&mut self, column: usize, cell: &Cell<'_>) -> Option<Spanned<Value>> {
        if cell.text.is_empty() {
            return None;
        }
        let (name, kind) = &self.columns[column];
        let span = Span::new(self.file, cell.range.start, cell.range.end);
        let fault = match kind.parse_plain(&cell.text) {
            Ok(value) => return Some(Spanned::new(value, span)),
            Err(fault) => fault,
        };
        // Inside quotes the bytes of the text are not those of the file.
        let place = fault.range.clone().filter(|_| !cell.is_quoted).map_or(span, |range| span.part(range));
        let mut finding = Diagnostic::new(&codes::ILL_TYPED_CELL, place, fault.message)
            .here(format!("column `{}`", name.value))
            .also(name.span, format!("declared here as {}", kind.describe()))
            .help_if(fault.help);
        if let Some(meant) = fault.suggestion {
            let special = meant.contains(['"', '\n', '\r', char::from(self.separator)]);
            let text = if special { format!("\"{}\"", meant.replace('"', "\"\"")) } else { meant.clone() };
            finding = finding.help(format!("write `{meant}`")).fix(format!("write `{meant}`"), span, text);
        }
        self.findings.push(finding);
        None
    }
}

/// Rows in the order of their ids, the first of each id.
fn unique(mut rows: Vec<Row>, findings: &mut Vec<Diagnostic>) -> Vec<Row> {
    rows.sort_by(|left, right| (&left.id.value, left.span).cmp(&(&right.id.value, right.span)));
    let mut kept: Vec<Row> = Vec::with_capacity(rows.len());
    for row in rows {
        match kept.last() {
            Some(first) if first.id.value == row.id.value => {
                findings.push(twice("row", first.id.span, Spanned::new(&row.id.value, row.id.span)));
            }
            _ => kept.push(row),
        }
    }
    kept
}

#[cfg(test)]
mod tests;
