use super::*;
use crate::compile::{Counts, Finding};
use crate::diagnostic::{Diagnostic, Severity, codes};
use crate::source::{FileId, Span};

/// Compares with `snapshots/render/<name>.snap`.
macro_rules! assert_picture {
    ($name:literal, $text:expr) => {
        insta::with_settings!({ snapshot_path => "../../snapshots/render", prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!($name, $text);
        });
    };
}

const MUNICIPALITY: &str =
    "// the tenants' file\nmunicipality goch ags=\"05154016\" {\n    quota small memory=16GB\n}\n";

const UNICODE: Canvas = Canvas { width: 80, unicode: true, colour: false };

fn error(diagnostic: Diagnostic) -> Finding {
    Finding { severity: Severity::Error, diagnostic }
}

fn find(sources: &Sources, file: FileId, text: &str) -> Span {
    let start = sources.file(file).text.find(text).expect("the text is there");
    Span::new(file, start, start + text.len())
}

fn shown(sources: &Sources, findings: &[Finding], format: Format, canvas: &Canvas) -> String {
    let counts = Counts { tenants: 44, instances: 41, objects: 1102, provided: 0, hidden: 0 };
    render(&Report { sources, findings, counts, limit: Some(FIRST), problems: &[], outcome: None }, format, canvas)
}

fn two_findings() -> (Sources, Vec<Finding>) {
    let mut sources = Sources::new();
    let goch = sources.add("municipalities/goch.kdl", MUNICIPALITY);
    let kleve = sources.add("municipalities/kleve.kdl", "municipality kleve ags=\"05154016\"\n");
    let memory = find(&sources, goch, "16GB");
    let first = Diagnostic::new(&codes::WRONG_KIND, memory, "`16GB` is not a quantity")
        .here("`GB` is no unit of Kubernetes")
        .note("units are powers of two (`Ki`, `Mi`, `Gi`, `Ti`) or of ten (`k`, `M`, `G`, `T`), and a sentence that is long enough has to be wrapped")
        .fix("write the nearest quantity", memory, "\"16Gi\"")
        .of("goch");
    let second = Diagnostic::new(
        &codes::DUPLICATE_AGS,
        find(&sources, kleve, "\"05154016\""),
        "two tenants have the municipality key `05154016`",
    )
    .here("claimed again by `kleve`")
    .also(find(&sources, goch, "\"05154016\""), "claimed first by `goch`")
    .help("look the key up in the list of municipalities");
    let warning = Finding { severity: Severity::Warning, diagnostic: second };
    (sources, vec![error(first), warning])
}

#[test]
fn people_see_headline_place_facts_and_way_out() {
    let (sources, findings) = two_findings();
    assert_picture!("people-see-headline-place-facts-and-way-out", shown(&sources, &findings, Format::Human, &UNICODE));
}

#[test]
fn without_a_terminal_the_picture_is_ascii() {
    let (sources, findings) = two_findings();
    let text = shown(&sources, &findings, Format::Human, &Canvas::PLAIN);
    assert!(text.is_ascii());
    assert_picture!("without-a-terminal-the-picture-is-ascii", text);
}

#[test]
fn the_short_form_is_one_line_for_each_finding() {
    let (sources, findings) = two_findings();
    assert_picture!("the-short-form-is-one-line-for-each-finding", shown(&sources, &findings, Format::Short, &UNICODE));
}

#[test]
fn the_json_form_is_one_document() {
    let (sources, findings) = two_findings();
    let text = shown(&sources, &findings, Format::Json, &UNICODE);
    let value: serde_json::Value = serde_json::from_str(&text).expect("the document is JSON");
    assert_eq!(value["findings"].as_array().map(Vec::len), Some(2));
    assert_picture!("the-json-form-is-one-document", text);
}

#[test]
fn a_clean_report_is_one_line() {
    let text = shown(&Sources::new(), &[], Format::Human, &UNICODE);
    assert_eq!(text, "no findings; 44 tenants, 41 service instances, 1,102 objects checked\n");
}

#[test]
fn far_places_of_one_file_are_two_small_excerpts() {
    let mut sources = Sources::new();
    let mut text = "host \"a.example\"\n".to_owned();
    text.push_str(&"filler\n".repeat(5000));
    text.push_str("host \"a.example\"\n");
    let length = text.len();
    let file = sources.add("stadtplan.kdl", text);
    let diagnostic = Diagnostic::new(&codes::DUPLICATE_HOST, Span::new(file, length - 12, length - 1), "claimed twice")
        .here("again")
        .also(Span::new(file, 5, 16), "first");
    assert_picture!(
        "far-places-of-one-file-are-two-small-excerpts",
        shown(&sources, &[error(diagnostic)], Format::Human, &UNICODE)
    );
}

#[test]
fn a_place_at_the_end_of_a_file_is_drawn_behind_its_last_character() {
    let mut sources = Sources::new();
    let file = sources.add("stadtplan.kdl", "cluster one {\n    nodes 3\n\n");
    let end = Span::new(file, 27, 27);
    let diagnostic = Diagnostic::new(&codes::BAD_SYNTAX, end, "the file ends before `}`")
        .here("expected `}`")
        .also(Span::new(file, 12, 13), "opened here");
    assert_picture!(
        "a-place-at-the-end-of-a-file-is-drawn-behind-its-last-character",
        shown(&sources, &[error(diagnostic)], Format::Human, &UNICODE)
    );
}

#[test]
fn a_finding_about_a_file_shows_its_name() {
    let mut sources = Sources::new();
    let file = sources.add("schools.csv", "");
    let diagnostic = Diagnostic::new(&codes::FILE_ERROR, Span::file(file), "`schools.csv` is not UTF-8");
    assert_picture!(
        "a-finding-about-a-file-shows-its-name",
        shown(&sources, &[error(diagnostic)], Format::Human, &UNICODE)
    );
}

#[test]
fn a_long_line_is_cut_around_the_place() {
    let mut sources = Sources::new();
    let text = format!("first\n{}jpegPhoto{}\nlast\n", "ä".repeat(500), "b".repeat(100_000));
    let file = sources.add("groups.ldif", text);
    let diagnostic = Diagnostic::new(&codes::BAD_SYNTAX, find(&sources, file, "jpegPhoto"), "unexpected").here("this");
    assert_picture!(
        "a-long-line-is-cut-around-the-place",
        shown(&sources, &[error(diagnostic)], Format::Human, &UNICODE)
    );
}

#[test]
fn what_a_terminal_would_obey_is_not_sent_to_it() {
    let mut sources = Sources::new();
    let file = sources.add("a.kdl", "node \"\u{1b}[2J\u{202e}\u{9b}\r\" x\n");
    let diagnostic = Diagnostic::new(&codes::BAD_SYNTAX, find(&sources, file, "x"), "found \u{1b}[31m");
    let text = shown(&sources, &[error(diagnostic)], Format::Human, &UNICODE);
    assert!(!text.contains(['\u{1b}', '\u{202e}', '\u{9b}', '\r']), "{text:?}");
}

#[test]
fn a_secret_is_not_written_into_the_log_of_its_finding() {
    let mut sources = Sources::new();
    let file = sources.add("goch.kdl", "service mailer {\n    password \"Wünter2024\" // für den Rat\n}\n");
    let place = find(&sources, file, "\"Wünter2024\"");
    let finding = error(Diagnostic::new(&codes::PLAIN_SECRET, place, "`password` is a secret").here("known to all"));
    let text = shown(&sources, &[finding], Format::Human, &Canvas::PLAIN);
    assert!(!text.contains("2024") && text.contains("password ************* // für den Rat"), "{text}");
}

#[test]
fn many_findings_are_cut_short_and_counted() {
    let mut sources = Sources::new();
    let file = sources.add("a.kdl", "node\n".repeat(60));
    let findings: Vec<Finding> = (0..60)
        .map(|at| {
            let code = if at < 55 { &codes::UNKNOWN_NODE } else { &codes::UNRESOLVED };
            let finding = Diagnostic::new(code, Span::new(file, at * 5, at * 5 + 4), "unknown node `node`");
            error(finding.help(format!("way {at}")))
        })
        .collect();
    let text = shown(&sources, &findings, Format::Human, &UNICODE);
    assert_eq!(text.matches("error[unknown-node]").count(), FIRST);
    assert!(text.contains("10 more findings not shown: 5 unknown-node, 5 unresolved"), "{text}");
    assert_eq!(shown(&sources, &findings, Format::Short, &UNICODE).lines().count(), 60);
}

#[test]
fn findings_that_are_alike_do_not_bury_the_others() {
    let mut sources = Sources::new();
    let file = sources.add("a.kdl", "node\n".repeat(10));
    let findings: Vec<Finding> = (0..10)
        .map(|at| {
            let code = if at < 9 { &codes::MISSING } else { &codes::UNRESOLVED };
            error(Diagnostic::new(code, Span::new(file, at * 5, at * 5 + 4), format!("finding {at}")).help("mend it"))
        })
        .collect();
    let text = shown(&sources, &findings, Format::Human, &UNICODE);
    assert_eq!(text.matches("error[missing]").count(), 5, "{text}");
    assert!(text.contains("error[unresolved]") && text.contains("4 more findings not shown: 4 missing"), "{text}");
}

#[test]
fn problems_with_one_way_out_say_it_once() {
    let problem =
        |name: &str, help: &str| Problem { message: format!("`{name}` is there"), help: Some(help.to_owned()) };
    let problems = [problem("a", "move it"), problem("b", "move it"), problem("c", "remove it")];
    let outcome =
        Outcome { sentence: "`out` is not what would be generated".to_owned(), compared: true, ..Outcome::default() };
    let outcome =
        Outcome { written: vec!["one/goch/a.yaml".to_owned()], removed: vec!["b.yaml".to_owned()], ..outcome };
    let report = Report {
        sources: &Sources::new(),
        findings: &[],
        counts: Counts::default(),
        limit: None,
        problems: &problems,
        outcome: Some(&outcome),
    };
    assert_picture!("problems-with-one-way-out-say-it-once", render(&report, Format::Human, &UNICODE));
    assert_eq!(render(&report, Format::Short, &UNICODE).lines().count(), 3);
}

#[test]
fn any_place_can_be_drawn() {
    let text = "a \u{e4}\r\n\tb {\r\n\n}\u{1F600}\rc";
    for start in 0..text.len() + 2 {
        for end in start..text.len() + 3 {
            let mut sources = Sources::new();
            let file = sources.add("a.kdl", text);
            let diagnostic = Diagnostic::new(&codes::BAD_SYNTAX, Span::new(file, start, end), "x")
                .here("here")
                .also(Span::new(file, end / 2, end), "there")
                .fix("write `y`", Span::new(file, start, end), "y");
            let findings = [error(diagnostic)];
            for format in [Format::Human, Format::Short, Format::Json] {
                assert!(!shown(&sources, &findings, format, &UNICODE).is_empty());
            }
        }
    }
}

#[test]
fn a_page_is_drawn_for_a_terminal() {
    let code = codes::by_name("wrong-kind").expect("it is declared");
    let text = page(code, &Canvas { width: 60, unicode: true, colour: false });
    assert!(text.starts_with("error[wrong-kind]: "), "{text}");
    assert!(text.lines().all(|line| line.starts_with("    ") || line.chars().count() <= 60), "{text}");
}
