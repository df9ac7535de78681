//! Tables as spreadsheets save them, and the findings at their cells.

use proptest::prelude::*;

use super::*;

const FILE: FileId = FileId(1);
const SPEC: Span = Span { file: FileId(0), start: 0, end: 5 };

fn columns() -> Vec<(Spanned<&'static str>, Kind)> {
    let column = |name, kind| (Spanned::new(name, SPEC), kind);
    vec![column("id", Kind::DnsLabel), column("name", Kind::Text), column("pupils", Kind::COUNT)]
}

fn read(text: &str) -> (Table, Vec<Diagnostic>) {
    read_table(FILE, text, SPEC, &columns())
}

/// The code, the text at the place, and the message of each finding.
fn findings(text: &str) -> Vec<(&'static str, String, String)> {
    let found = read(text).1;
    found
        .into_iter()
        .map(|finding| (finding.code.name, text[finding.span.range()].to_owned(), finding.message))
        .collect()
}

fn one(text: &str) -> Diagnostic {
    let mut found = read(text).1;
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

#[test]
fn rows_are_typed_and_ordered_by_id() {
    let text = "name,id,pupils,remark\nZoo,z,5,x\n\"Schule, am Park\",a,1200,\n";
    let (table, found) = read(text);
    assert_eq!(found, []);
    assert_eq!(table.rows.iter().map(|row| row.id.value.as_str()).collect::<Vec<_>>(), ["a", "z"]);
    let row = table.row("a").unwrap();
    assert_eq!(table.cell(row, "name").unwrap().value, Value::Text("Schule, am Park".into()));
    let pupils = table.cell(row, "pupils").unwrap();
    assert_eq!((&pupils.value, &text[pupils.span.range()]), (&Value::Integer(1200), "1200"));
    assert_eq!(table.cell(row, "remark"), None);
    assert_eq!(&text[row.span.range()], "\"Schule, am Park\",a,1200,");
}

#[test]
fn files_of_spreadsheets_are_read() {
    for text in [
        "id;name;pupils\r\na;b;1\r\n",
        "\u{feff}id,name,pupils\na,b,1",
        "sep=;\r\nid;name;pupils\r\na;b;1",
        "\"id\",\"name\",\"pupils\"\n\"a\",\"b\",\"1\"\n,,\n",
        "id, name ,pupils\n\na,b,1\n",
    ] {
        let (table, found) = read(text);
        assert_eq!((table.rows.len(), found), (1, vec![]), "{text:?}");
    }
}

#[test]
fn an_empty_cell_is_no_value() {
    let (table, found) = read("id,name,pupils\na,,\n");
    assert_eq!(found, []);
    assert_eq!(table.cell(&table.rows[0], "name"), None);
}

#[test]
fn a_missing_column_points_at_the_header() {
    let finding = one("id,name,pupil\na,b,1\n");
    assert_eq!((finding.code.name, finding.span), ("missing-column", Span::new(FILE, 0, 13)));
    assert_eq!(finding.help.as_deref(), Some("did you mean `pupil`?"));
    assert_eq!(finding.others[0].span, SPEC);
    assert_eq!(one("id\tname\tpupils\na\tb\t1\n").message, "the cells are separated by tabs");
    assert_eq!(findings("").len(), 1);
}

#[test]
fn a_table_without_an_id_is_refused_at_its_declaration() {
    let (_, found) = read_table(FILE, "name\nx\n", SPEC, &columns()[1..2]);
    assert_eq!((found[0].code.name, found[0].span), ("missing", SPEC));
}

#[test]
fn an_ill_typed_cell_is_found_at_its_bytes() {
    let text = "id,name,pupils\na,b,many\nb,c,2\n";
    let finding = one(text);
    assert_eq!((finding.code.name, &text[finding.span.range()]), ("ill-typed-cell", "many"));
    assert_eq!(finding.message, "`many` is not a whole number");
    assert_eq!(read(text).0.rows.len(), 1);
    let text = "id,name,pupils\nStadt Goch,b,1\n";
    let finding = one(text);
    assert_eq!(&text[finding.span.range()], "S");
    let edit = &finding.fix.unwrap().edits[0];
    assert_eq!((edit.text.as_str(), &text[edit.span.range()]), ("stadt-goch", "Stadt Goch"));
}

#[test]
fn all_findings_come_in_one_run() {
    let text = "id,name,pupils\na,b\n,x,1\na,b,c\nd,\"e,1\n";
    let found = findings(text);
    let codes: Vec<(&str, &str)> = found.iter().map(|(code, at, _)| (*code, at.as_str())).collect();
    assert_eq!(
        codes,
        [("malformed-file", "\""), ("ill-typed-cell", "a,b"), ("ill-typed-cell", ",x,1"), ("ill-typed-cell", "c")]
    );
    assert_eq!(found[1].2, "the row has 2 cells; the header has 3");
}

#[test]
fn a_repeated_id_or_column_shows_both_places() {
    let text = "id,name,pupils\na,b,1\nb,b,1\na,c,2\n";
    let finding = one(text);
    assert_eq!((finding.code.name, finding.message.as_str()), ("twice", "row `a` is given twice"));
    assert_eq!((finding.span.start, finding.others[0].span.start), (27, 15));
    assert_eq!(one("id,name,pupils,name\na,b,1,c\n").message, "column `name` is given twice");
}

proptest! {
    #![proptest_config(proptest::test_runner::Config { failure_persistence: None, ..Default::default() })]

    #[test]
    fn no_text_makes_it_panic(text in "(id|name|pupils)([,;](id|name|pupils)){0,3}[a-z0-9\",;\r\nü ]{0,40}") {
        for finding in read(&text).1 {
            prop_assert!(finding.span == SPEC || text.get(finding.span.range()).is_some());
        }
    }
}
