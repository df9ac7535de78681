//! The catalogue of services for a terminal and as JSON: the list of all, and the page of one.
//!
//! Names stand in a column of their own, what is said of them beside it, wrapped. Texts come from a person's files, so each is
//! made safe to print.

use serde::Serialize;

use super::paint::{Canvas, Role, one_line, paint, wrap};
use crate::compile::{CatalogueParameter, CatalogueService, SecretKey};

/// Text wider than this is tiring to read, however wide the terminal is.
const WIDEST: usize = 100;

/// The version of the document's shape; a key is added without raising it.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Document<'s> {
    version: u32,
    services: &'s [CatalogueService],
}

/// Services as one JSON document. Every key is always there.
pub fn services_json(services: &[CatalogueService]) -> String {
    // Texts, booleans and lists have no way to fail; an empty document would be seen at once.
    let document = Document { version: VERSION, services };
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    text
}

/// Every service with its one line, the workspace's own last.
pub fn service_list(services: &[CatalogueService], canvas: &Canvas) -> String {
    let mut page = Page::new(canvas);
    let widest = services.iter().map(|service| columns(&service.name)).max().unwrap_or(0);
    for (origin, heading) in [("standard", "Standard library"), ("workspace", "This workspace")] {
        let rows = services.iter().filter(|service| service.origin == origin).map(|service| {
            let shadows = if service.shadows { " (in place of the standard one)" } else { "" };
            Row::new(&service.name, vec![Line::Text(format!("{}{shadows}", one_line(&service.summary)))])
        });
        page.section(heading, rows.collect(), widest);
    }
    let hint = "`stadtplan services NAME` shows what one takes and gives";
    format!("{}\n{}\n", page.text, paint(canvas, Role::Faint, hint))
}

/// All that is said of one service.
pub fn service_page(service: &CatalogueService, canvas: &Canvas) -> String {
    let mut page = Page::new(canvas);
    let head = wrap(&format!("{}: {}", service.name, one_line(&service.summary)), canvas.width.min(WIDEST)).join("\n");
    let rest = head.strip_prefix(&service.name).unwrap_or(&head);
    page.text.extend([&paint(canvas, Role::Strong, &service.name), rest, "\n"]);
    page.text.push_str(&paint(canvas, Role::Faint, &origin(service)));
    page.text.push_str("\n\n");

    let (required, others): (Vec<_>, Vec<_>) = service.parameters.iter().partition(|parameter| parameter.required);
    let parameters = required.into_iter().chain(others).map(parameter).collect();
    page.part("Parameters", parameters);
    page.part(
        "Needs",
        service
            .needs
            .iter()
            .map(|need| {
                let settings = need.settings.iter().map(|set| format!("{}={}", set.name, quoted(&set.value)));
                let mut lines = vec![Line::Text(settings.collect::<Vec<_>>().join(" "))];
                if need.name != need.service {
                    lines.insert(0, Line::Text(format!("a `{}`", need.service)));
                }
                lines.extend(
                    need.shared
                        .as_ref()
                        .map(|when| Line::Text(format!("the tenant's one instance {}", when_text(when)))),
                );
                Row::with_condition(&need.name, lines, need.condition.as_deref())
            })
            .collect(),
    );
    page.part(
        "Requires of the cluster",
        service
            .requires
            .iter()
            .map(|required| {
                let version =
                    required.version.as_ref().map_or_else(String::new, |version| format!("{version} or later"));
                Row::new(&required.name, vec![Line::Text(version)])
            })
            .collect(),
    );
    page.part(
        "Reaches",
        service
            .egress
            .iter()
            .map(|opening| {
                let text = if opening.required { "an endpoint the platform has to have" } else { "" };
                Row::with_condition(&opening.name, vec![Line::Text(text.to_owned())], opening.condition.as_deref())
            })
            .collect(),
    );
    page.part(
        "Secrets",
        service
            .secrets
            .iter()
            .map(|secret| {
                let mut keys = secret_keys(&secret.keys);
                keys.extend(
                    secret
                        .provided_by
                        .as_ref()
                        .map(|name| Line::Text(format!("and those that `{name}` names, filled in by people"))),
                );
                Row::with_condition(&secret.name, keys, secret.condition.as_deref())
            })
            .collect(),
    );
    page.part(
        "Volumes",
        service
            .volumes
            .iter()
            .map(|volume| {
                let writers =
                    if volume.access == "once" { String::new() } else { format!(", access {}", volume.access) };
                let text = format!("{} of class {}{writers}", volume.size, volume.class);
                Row::with_condition(&volume.name, vec![Line::Text(text)], volume.condition.as_deref())
            })
            .collect(),
    );
    page.part(
        "Images",
        service.images.iter().map(|image| Row::new(&image.name, vec![Line::Text(image.value.clone())])).collect(),
    );
    page.part(
        "Exports",
        service.exports.iter().map(|export| Row::new(&export.name, vec![Line::Text(export.value.clone())])).collect(),
    );
    page.part("Watched", service.probes.iter().map(|probe| Row::new(probe, Vec::new())).collect());
    page.part(
        "Pod Security",
        service
            .pod_security
            .iter()
            .map(|lowered| Row::new(&lowered.level, vec![Line::Text(lowered.reason.clone())]))
            .collect(),
    );

    page.text.push_str(&paint(canvas, Role::Strong, "Use"));
    page.text.extend(["\n  ", &paint(canvas, Role::Literal, &usage(service)), "\n"]);
    page.text
}

/// Where it comes from, in a line.
fn origin(service: &CatalogueService) -> String {
    let place = match (service.origin, service.shadows) {
        ("standard", _) => "standard library",
        (_, false) => "this workspace",
        (_, true) => "this workspace, in place of the standard one",
    };
    let chart = service.chart.as_ref().map_or_else(String::new, |chart| {
        let part = |part: &Option<String>| part.as_ref().map_or_else(String::new, |part| format!(" {part}"));
        format!("; Helm chart {}{}{}", chart.name, part(&chart.version), part(&chart.repository))
    });
    let shared = service.shared.as_ref();
    let shared =
        shared.map_or_else(String::new, |name| format!("; one for each tenant, as `{name}`, where a service needs it"));
    one_line(&format!("{place}, {}{chart}{shared}", service.folder))
}

fn parameter(parameter: &CatalogueParameter) -> Row {
    let given = match (&parameter.default, parameter.required) {
        (_, true) => ", required".to_owned(),
        // A script is read where it is declared, or in the JSON.
        (Some(default), _) if default.trim().contains('\n') => {
            format!(", a text of {} lines unless given", default.trim().lines().count())
        }
        (Some(default), _) => format!(", {} unless given", quoted(default)),
        (None, _) => String::new(),
    };
    let bounds = match (&parameter.least, &parameter.most) {
        (Some(least), Some(most)) => format!(" from {least} to {most}"),
        (Some(least), None) => format!(" of at least {least}"),
        (None, Some(most)) => format!(" of at most {most}"),
        (None, None) => String::new(),
    };
    let mut lines = vec![Line::Text(format!("{}{bounds}{given}", parameter.kind)), Line::Text(parameter.doc.clone())];
    let widest = parameter.values.iter().map(|value| columns(&value.name)).max().unwrap_or(0);
    lines.extend(parameter.values.iter().map(|value| Line::Item(padded(&value.name, widest), value.doc.clone())));
    Row::new(&parameter.name, lines)
}

/// The keys of a Secret, and who fills them in.
fn secret_keys(keys: &[SecretKey]) -> Vec<Line> {
    let widest = keys.iter().map(|key| columns(&key.name)).max().unwrap_or(0);
    let line = |key: &SecretKey| {
        let doc = if key.doc.is_empty() { String::new() } else { format!(": {}", key.doc) };
        let from = if key.from == "generated" { "made once" } else { "filled in by people" };
        Line::Item(padded(&key.name, widest), format!("{from}{doc}"))
    };
    keys.iter().map(line).collect()
}

/// A line to copy: the service with what has to be said.
fn usage(service: &CatalogueService) -> String {
    let required = service.parameters.iter().filter(|parameter| parameter.required);
    let words = required.map(|parameter| format!("{}=…", parameter.name));
    one_line(&["service".to_owned(), service.name.clone()].into_iter().chain(words).collect::<Vec<_>>().join(" "))
}

/// A value as it is written in a spec.
fn quoted(value: &str) -> String {
    let is_word =
        !value.is_empty() && value.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '-' | '_' | '.'));
    if is_word { value.to_owned() } else { format!("\"{value}\"") }
}

fn when_text(condition: &str) -> String {
    match condition {
        "true" => String::new(),
        condition => format!("if {condition}"),
    }
}

/// What stands beside a name.
enum Line {
    Text(String),
    /// A name of its own, and what it means.
    Item(String, String),
}

/// A name and what is said of it.
struct Row {
    name: String,
    lines: Vec<Line>,
}

impl Row {
    fn new(name: &str, lines: Vec<Line>) -> Self {
        Row { name: one_line(name), lines }
    }

    fn with_condition(name: &str, mut lines: Vec<Line>, condition: Option<&str>) -> Self {
        lines.extend(condition.map(|condition| Line::Text(format!("only {}", when_text(condition)))));
        Row::new(name, lines)
    }
}

/// A page while it is written.
struct Page<'c> {
    canvas: &'c Canvas,
    text: String,
}

impl<'c> Page<'c> {
    fn new(canvas: &'c Canvas) -> Self {
        Page { canvas, text: String::new() }
    }

    /// A heading and its rows; without rows nothing.
    fn part(&mut self, heading: &str, rows: Vec<Row>) {
        let widest = rows.iter().map(|row| columns(&row.name)).max().unwrap_or(0);
        let before = self.text.len();
        self.section(heading, rows, widest);
        if self.text.len() > before {
            self.text.push('\n');
        }
    }

    fn section(&mut self, heading: &str, rows: Vec<Row>, widest: usize) {
        if rows.is_empty() {
            return;
        }
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
        self.text.push_str(&paint(self.canvas, Role::Strong, heading));
        self.text.push('\n');
        for row in rows {
            self.row(&row, widest);
        }
    }

    fn row(&mut self, row: &Row, widest: usize) {
        let indent = " ".repeat(widest + 4);
        let room = self.canvas.width.min(WIDEST).saturating_sub(indent.len()).max(20);
        let mut beside: Vec<String> = Vec::new();
        // Items below a text step in; alone they stand where it would.
        let step = if matches!(row.lines.first(), Some(Line::Item(..))) { "" } else { "  " };
        for line in &row.lines {
            match line {
                Line::Text(text) => beside.extend(wrap(&one_line(text), room)),
                Line::Item(name, text) => {
                    let name = one_line_padded(name);
                    let inner = step.len() + columns(&name) + 2;
                    for (at, part) in wrap(&one_line(text), room.saturating_sub(inner).max(20)).iter().enumerate() {
                        let head = if at == 0 { format!("{step}{name}  ") } else { " ".repeat(inner) };
                        beside.push(format!("{head}{part}"));
                    }
                    if text.is_empty() {
                        beside.push(format!("{step}{}", name.trim_end()));
                    }
                }
            }
        }
        let beside: Vec<String> = beside.into_iter().filter(|line| !line.trim().is_empty()).collect();
        let name = paint(self.canvas, Role::Literal, &row.name);
        let gap = " ".repeat(widest - columns(&row.name).min(widest));
        let first = beside.first().map_or("", String::as_str);
        self.text.push_str(format!("  {name}{gap}  {first}").trim_end());
        self.text.push('\n');
        for line in beside.iter().skip(1) {
            self.text.extend([&indent, line, "\n"]);
        }
    }
}

fn columns(text: &str) -> usize {
    text.chars().count()
}

fn padded(text: &str, width: usize) -> String {
    format!("{text:width$}")
}

/// On one line, keeping the blanks that align it.
fn one_line_padded(text: &str) -> String {
    let safe = one_line(text);
    format!("{safe:width$}", width = columns(text))
}
