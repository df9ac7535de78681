//! Reads the tables of a tenant: the declared columns of a CSV file, typed.

use std::collections::BTreeMap;

use super::Context;
use super::form::Form;
use super::library::read_kind;
use super::names::Names;
use crate::facts::table::{Column, Row, read_table};
use crate::source::{Span, Spanned};

/// The tables of a tenant by name.
#[derive(Debug, Default)]
pub(super) struct Tables {
    pub names: Option<Names>,
    pub list: Vec<Table>,
}

/// A table that was read.
#[derive(Debug)]
pub(super) struct Table {
    /// By id.
    pub rows: Vec<Row>,
    /// The names of its columns, in the order of the cells.
    pub columns: Vec<String>,
    pub span: Span,
}

pub(super) fn read_tables(form: &Form, context: &mut Context<'_>) -> Tables {
    let mut names = Names::new("table");
    let mut list = Vec::new();
    for table in form.children("table") {
        let Some(name) = table.name() else { continue };
        if names.declare(&name, list.len(), &mut context.findings) {
            list.push(read(table, context));
        }
    }
    Tables { names: Some(names), list }
}

fn read(form: &Form, context: &mut Context<'_>) -> Table {
    let mut columns = Vec::new();
    let mut names = Names::new("column");
    let mut complete = true;
    for column in form.children("column") {
        let kind = column.text("type").and_then(|name| read_kind(&name, column, "values", &mut context.findings));
        let (Some(name), Some(kind)) = (column.name(), kind) else {
            complete = false;
            continue;
        };
        if names.declare(&name, 0, &mut context.findings) {
            let required = column.boolean("required").unwrap_or(true);
            columns.push(Column { name, kind, required });
        }
    }
    let mut table = Table {
        rows: Vec::new(),
        columns: columns.iter().map(|column| column.name.value.clone()).collect(),
        span: form.head,
    };
    let Some(path) = form.text("file") else { return table };
    let Some(file) = context.load(&path.value, path.span) else { return table };
    // A table with a faulty declaration gives no rows, so that its services are not blamed for it.
    if complete {
        let text = context.sources.file(file).text.clone();
        let declared = Spanned::new(&columns, form.head);
        let (rows, findings) = read_table(file, &text, declared.value, declared.span);
        context.findings.extend(findings);
        table.rows = rows;
    }
    table
}

/// A row as expressions see it: its cells by name.
pub(super) fn cells(table: &Table, row: &Row) -> BTreeMap<String, crate::value::Value> {
    let names = table.columns.iter().map(|name| crate::model::scope::spelled(name));
    names.zip(&row.cells).filter_map(|(name, cell)| Some((name, cell.as_ref()?.value.clone()))).collect()
}
