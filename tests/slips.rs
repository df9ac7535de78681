//! One slip, one finding: every value and every name of a spec is damaged alone, and only that is told.
//!
//! A mistake that comes with five others which only follow from it is looked for in five places. So what is declared and
//! not understood is there all the same, and what is nearly a name is read as that name. The example with every node of
//! the language shows it for all of them.

use rayon::prelude::*;
use stadtplan::compile::{Options, compile};
use stadtplan::diagnostic::Severity;
use stadtplan::source::{FileId, MemoryWorld, Span};
use stadtplan::syntax::{Entry, Node, Value, parse};
use stadtplan::value::Kind;
use stadtplan::vocabulary::{NodeSpec, Reading, SERVICE_FILE, Setting, WORKSPACE};

use crate::support::parts::{Part, extension};
use crate::support::workspaces;

/// Nothing of any kind but a text.
const NONSENSE: &str = "%%%";

/// What stands in one place instead of what is meant.
struct Slip {
    span: Span,
    text: String,
}

#[test]
fn one_slip_is_one_finding() {
    let parts = workspaces::parts("every-node");
    let files = |part: &Part| extension(&part.path) == "kdl";
    let slips: Vec<(usize, Slip)> = parts
        .iter()
        .enumerate()
        .filter(|(_, part)| files(part))
        .flat_map(|(at, part)| slips(part).into_iter().map(move |slip| (at, slip)))
        .collect();
    assert!(slips.len() > 400, "only {} slips", slips.len());
    let faults: Vec<String> = slips.par_iter().filter_map(|(at, slip)| fault(&parts, *at, slip)).collect();
    assert!(faults.is_empty(), "{} of {} slips:\n{}", faults.len(), slips.len(), faults.join("\n"));
}

/// What is told of a slip, where that is not one error alone.
fn fault(parts: &[Part], at: usize, slip: &Slip) -> Option<String> {
    let Part { path, text, .. } = &parts[at];
    let damaged = format!("{}{}{}", &text[..slip.span.range().start], slip.text, &text[slip.span.range().end..]);
    let whole = parts.iter().map(|part| (part.path.clone(), part.bytes()));
    // Of two files with one path the later counts.
    let world = MemoryWorld::new(whole.chain([(path.clone(), damaged.into_bytes())]));
    let compilation = compile(&world, &Options { only_proofs: true, ..Options::default() });
    if let [only] = compilation.findings.as_slice()
        && only.severity == Severity::Error
    {
        return None;
    }
    let line = text[..slip.span.range().start].matches('\n').count() + 1;
    let told: Vec<&str> = compilation.findings.iter().map(|finding| finding.diagnostic.message.as_str()).collect();
    Some(format!("{path}:{line}: {} tells {}: {}", slip.text, told.len(), told.join("; ")))
}

fn slips(part: &Part) -> Vec<Slip> {
    let (tree, _) = parse(FileId(0), part.text.as_str().into());
    let spec = if part.path.starts_with("services/") { &SERVICE_FILE } else { &WORKSPACE };
    let mut slips = Vec::new();
    for node in tree.nodes() {
        slip(node, spec, &mut slips);
    }
    slips
}

/// All slips in a node that stands in a place: in its name, in those of its properties, in its values, and below it.
fn slip(node: Node<'_>, place: &'static NodeSpec, slips: &mut Vec<Slip>) {
    let name = node.name();
    let mut nonsense = |setting: &Setting, value: Value<'_>| {
        let is_reference = matches!(setting.kind, Kind::Reference(_));
        let span = value.span();
        if is_reference || setting.kind.parse_plain(NONSENSE).is_err() {
            slips.push(Slip { span, text: format!("\"{NONSENSE}\"") });
        }
        let text = value.text();
        let text = text.trim_matches('"');
        // Without quotes of its own such a text is a property, or ends where a comment or the next node begins.
        let is_one_text = !["//", "=", ";"].iter().any(|sign| text.contains(sign));
        if setting.reading == Reading::Plain && is_one_text {
            slips.push(Slip { span, text: format!("'{text}'") });
        }
        if is_reference {
            slips.push(Slip { span, text: format!("\"{}\"", text.to_uppercase()) });
        }
    };
    let child = place.child(&name).map(|child| child.node);
    if let Some(setting) = place.setting(&name) {
        node.entries().for_each(|entry| nonsense(setting, entry.value()));
    }
    if let Some(spec) = child {
        let mut arguments = spec.arguments.iter();
        for entry in node.entries() {
            let setting = match entry.name() {
                None => arguments.next().or(spec.arguments.last()),
                Some(name) => spec.setting(&name.value),
            };
            if let Some(setting) = setting {
                nonsense(setting, entry.value());
            }
        }
        let names = node.entries().filter_map(Entry::name);
        for name in names.filter(|name| spec.setting(&name.value).is_some()) {
            slips.push(Slip { span: name.span, text: misspelt(&name.value) });
        }
        for child in node.children().into_iter().flatten() {
            slip(child, spec, slips);
        }
    }
    if child.is_some() || place.setting(&name).is_some() {
        slips.push(Slip { span: node.name_span(), text: misspelt(&name) });
    }
}

/// Two letters in the middle the wrong way round, or the last one twice.
fn misspelt(name: &str) -> String {
    let mut letters: Vec<char> = name.chars().collect();
    let middle = letters.len() / 2;
    if letters.len() >= 4 && letters[middle] != letters[middle - 1] {
        letters.swap(middle - 1, middle);
    } else {
        letters.extend(name.chars().last());
    }
    letters.into_iter().collect()
}
