//! Reads the tables of a tenant: the declared columns of a CSV file, typed.

use std::collections::BTreeMap;

use super::Context;
use super::form::Form;
use super::names::Names;
use super::parameter::read_kind;
use crate::diagnostic::{Diagnostic, codes};
use crate::facts::table::{Row, Table, read_table};
use crate::model::scope::spelled;
use crate::source::Spanned;
use crate::value::{Kind, Value};

/// The tables of a tenant by name.
#[derive(Debug)]
pub(super) struct Tables {
    pub(super) names: Names,
    pub list: Vec<Table>,
}

pub(super) fn read_tables(form: &Form, context: &mut Context<'_>) -> Tables {
    let mut names = Names::new("table");
    let mut list = Vec::new();
    for table in form.children("table") {
        let Some(name) = names.of(table) else { continue };
        if names.declare(&name, list.len(), &mut context.findings) {
            list.push(read(table, context));
        }
    }
    Tables { names, list }
}

fn read(form: &Form, context: &mut Context<'_>) -> Table {
    let mut columns = Vec::new();
    let mut required = Vec::new();
    let mut names = Names::new("column");
    let mut complete = true;
    for column in form.children("column") {
        let kind = column.text("type").and_then(|name| read_kind(&name, column, "values", &mut context.findings));
        let (Some(name), Some(kind)) = (column.name(), kind) else {
            complete = false;
            continue;
        };
        if names.declare(&name, 0, &mut context.findings) {
            required.push(column.boolean("required").unwrap_or(!column.is_faulty("required")));
            columns.push((name, kind));
        }
    }
    let Some(path) = form.text("file") else { return Table::default() };
    let Some(file) = context.load(&path.value, path.span) else { return Table::default() };
    // A table with a faulty declaration gives no rows, so that its services are not blamed for it.
    if !complete {
        return Table::default();
    }
    let text = context.sources.file(file).text.clone();
    let declared: Vec<(Spanned<&str>, Kind)> =
        columns.iter().map(|(name, kind)| (Spanned::new(name.value.as_str(), name.span), kind.clone())).collect();
    let (mut table, findings) = read_table(file, &text, form.head, &declared);
    context.findings.extend(findings);
    table.rows.retain(|row| {
        let empty = row.cells.iter().zip(&required).position(|(cell, required)| *required && cell.is_none());
        let Some(at) = empty else { return true };
        let (name, _) = &columns[at];
        context.findings.push(
            Diagnostic::new(
                &codes::ILL_TYPED_CELL,
                row.span,
                format!("the row `{}` has nothing under `{}`", row.id.value, name.value),
            )
            .here("an empty cell")
            .also(name.span, "declared here")
            .help("fill it in, or declare the column with `required=#false`"),
        );
        false
    });
    table
}

/// A row as expressions see it: its cells by name, `none` where a cell is empty.
pub(super) fn cells(table: &Table, row: &Row) -> BTreeMap<String, Option<Value>> {
    let names = table.columns.iter().map(|name| spelled(name));
    names.zip(&row.cells).map(|(name, cell)| (name, cell.as_ref().map(|cell| cell.value.clone()))).collect()
}
