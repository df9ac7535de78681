//! One finding for one mistake, at its place, with the way out; and the line is read on.

use super::{fixed, one, one_and_fixed, outline, read, said};

#[test]
fn quantity_without_quotes_is_one_finding_and_the_rest_is_read() {
    let text = "quota small cpu=8 memory=10Gi storage=\"200Gi\" pods=60\nnext 1\n";
    one_and_fixed(
        text,
        "10Gi: `10Gi` is neither a number nor a string",
        "quota small cpu=8 memory=\"10Gi\" storage=\"200Gi\" pods=60\nnext 1\n",
    );
    assert_eq!(outline(text), "quota small cpu=8 memory=<10Gi> storage=200Gi pods=60; next 1");
}

#[test]
fn values_that_begin_like_numbers_are_quoted() {
    for raw in ["30%", "14d", "2..8", "22:00-04:00", "10.42.0.0/16", "1.34.5", "0x", "0b12", "1__", "-5Gi", "+1d", "1e"]
    {
        if raw == "1__" {
            assert_eq!(said("node 1__"), [""; 0]);
            continue;
        }
        let text = format!("node {raw} x={raw} last=1");
        let (tree, findings) = read(&text);
        assert_eq!(findings.len(), 2, "{text} {findings:?}");
        assert_eq!(fixed(&text), format!("node \"{raw}\" x=\"{raw}\" last=1"));
        assert_eq!(tree.nodes().next().unwrap().entries().count(), 3);
    }
}

#[test]
fn number_with_leading_zero_is_legal() {
    assert_eq!(said("municipality goch ags=05154016"), [""; 0]);
}

#[test]
fn point_needs_digits_on_both_sides() {
    one_and_fixed("a 1.", "1.: `1.` has no digit behind the point", "a 1.0");
    one_and_fixed("a .5", ".5: `.5` has no digit before the point", "a 0.5");
    one_and_fixed("a -.5", "-.5: `-.5` has no digit before the point", "a -0.5");
}

#[test]
fn bare_keywords_get_their_mark_as_values_and_quotes_as_names() {
    one_and_fixed("a host-network=true", "true: `true` is written `#true`", "a host-network=#true");
    one_and_fixed("a null", "null: `null` is written `#null`", "a #null");
    one_and_fixed("a -inf", "-inf: `-inf` is written `#-inf`", "a #-inf");
    one_and_fixed("true 1", "true: `true` is not the name of a node", "\"true\" 1");
    one_and_fixed("a null=1", "null: `null` is not the name of a property", "a \"null\"=1");
}

#[test]
fn unknown_keywords_are_named_with_the_nearest() {
    one_and_fixed("a #ture", "#ture: `#ture` is not a keyword", "a #true");
    one_and_fixed("a x=#yes y=1", "#yes: `#yes` is not a keyword", "a x=#true y=1");
    one_and_fixed("a #FF00AA", "#FF00AA: `#FF00AA` is not a keyword", "a \"#FF00AA\"");
    one_and_fixed("a #b", "#b: `#b` is not a keyword", "a \"#b\"");
}

#[test]
fn a_comment_of_another_language_is_one_finding() {
    one_and_fixed("a 1 # b=\"", "#: a comment begins with `//`, not with `#`", "a 1 // b=\"");
}

#[test]
fn missing_value_is_one_finding() {
    one("a x= y=1\nb", "x=: `x=` has no value");
    assert_eq!(outline("a x= y=1\nb"), "a x=<> y=1; b");
    one("a x=\nb", "x=: `x=` has no value");
    assert_eq!(outline("a x=\nb"), "a x=<>; b");
    one("a x= { b; }", "x=: `x=` has no value");
    assert_eq!(outline("a x= { b; }"), "a x=<> {b}");
    assert_eq!(said("a x= y=\nb"), ["x=: `x=` has no value", "y=: `y=` has no value"]);
}

#[test]
fn blanks_around_equals_are_legal() {
    assert_eq!(said("a x = 1 y= 2 z =3"), [""; 0]);
    assert_eq!(outline("a x = 1 y= 2 z =3"), "a x=1 y=2 z=3");
}

#[test]
fn reserved_characters_put_the_whole_word_in_quotes() {
    one_and_fixed("a x=a(b) y=1", "a(b): `a(b)` has to be in quotes", "a x=\"a(b)\" y=1");
    one_and_fixed(
        "a schools/kleve.csv",
        "schools/kleve.csv: `schools/kleve.csv` has to be in quotes",
        "a \"schools/kleve.csv\"",
    );
    one_and_fixed("a /etc/passwd", "/etc/passwd: `/etc/passwd` has to be in quotes", "a \"/etc/passwd\"");
    one_and_fixed("a KRZN\\goch", "KRZN\\goch: `KRZN\\goch` has to be in quotes", "a \"KRZN\\\\goch\"");
    one_and_fixed(
        "a ou=OU=Gruppen,DC=de",
        "OU=Gruppen,DC=de: `OU=Gruppen,DC=de` has to be in quotes",
        "a ou=\"OU=Gruppen,DC=de\"",
    );
    one_and_fixed("a b#c d", "b#c: `b#c` has to be in quotes", "a \"b#c\" d");
    one_and_fixed("a(b) c", "a(b): `a(b)` has to be in quotes", "\"a(b)\" c");
}

#[test]
fn expression_without_quotes_is_one_finding() {
    let text = "service x {\n    size {{ row.size }}\n    host={{ row.id }}.example.org\n}\nlast";
    let said = said(text);
    assert_eq!(said[0], "{{ row.size }}: `{{ row.size }}` has to be in quotes");
    assert_eq!(said.len(), 3, "{said:?}");
    assert_eq!(outline("a host={{ row.id }}.example x=1"), "a host=<{{ row.id }}.example> x=1");
    one_and_fixed(
        "a host=konferenz.{{ t }} b",
        "konferenz.{{ t }}: `konferenz.{{ t }}` has to be in quotes",
        "a host=\"konferenz.{{ t }}\" b",
    );
}

#[test]
fn missing_blank_between_values() {
    one_and_fixed("a \"b\"\"c\" d", "\": a blank is missing between `\"b\"` and `\"c\"`", "a \"b\" \"c\" d");
    one_and_fixed(
        "a x=\"1Gi\"y=\"2Gi\"",
        "y: a blank is missing between `\"1Gi\"` and `y=\"2Gi\"`",
        "a x=\"1Gi\" y=\"2Gi\"",
    );
    one_and_fixed("a\"b\"", "\": a blank is missing between `a` and `\"b\"`", "a \"b\"");
    assert_eq!(outline("a x=\"1Gi\"y=\"2Gi\""), "a x=1Gi y=2Gi");
}

#[test]
fn commas_and_brackets_are_explained() {
    assert_eq!(said("a \"b\", \"c\" d").len(), 1);
    assert_eq!(fixed("a \"b\", \"c\" d"), "a \"b\" \"c\" d");
    one("a x=[\"b\", \"c\"] y=1", "[\"b\", \"c\"]: there are no lists in brackets");
    assert_eq!(outline("a x=[\"b\", \"c\"] y=1"), "a x=<[\"b\", \"c\"]> y=1");
    assert_eq!(said("a ] b"), ["]: `]` has no meaning here"]);
}

#[test]
fn setting_with_equals_as_a_node() {
    one_and_fixed(
        "a {\n    replicas=3\n}",
        "=: `replicas` is a node here, and a node has no `=`",
        "a {\n    replicas 3\n}",
    );
    assert_eq!(outline("a {\n    replicas = 3\n    b\n}"), "a {replicas 3; b}");
    one("a 1 = 2", "1: `1` is not the name of a property");
    one("a \"b\" x=1 = 2", "=: `=` has no name before it");
}

#[test]
fn unclosed_string_ends_with_its_line() {
    let text = "a title=\"Goch\nb \"c\"\n";
    one_and_fixed(text, "\"Goch: the string `\"Goch` is not closed", "a title=\"Goch\"\nb \"c\"\n");
    assert_eq!(outline(text), "a title=<Goch>; b c");
    one_and_fixed("a #\"Goch\nb", "#\"Goch: the string `#\"Goch` is not closed", "a #\"Goch\"#\nb");
    one("a ##\"Goch\"#\nb", "##\"Goch\"#: the string `##\"Goch\"#` is not closed");
    one("a \"\"\"Goch\nb", "\"\"\"Goch: the string `\"\"\"Goch` is not closed");
}

#[test]
fn unclosed_string_gives_the_brace_back() {
    let text = "a title=\"Goch {\n    b\n}\nc";
    one_and_fixed(text, "\"Goch: the string `\"Goch` is not closed", "a title=\"Goch\" {\n    b\n}\nc");
    assert_eq!(outline(text), "a title=<Goch> {b}; c");
    assert_eq!(outline("a { b type=\"x }\nc"), "a {b type=<x>}; c");
}

#[test]
fn string_closed_too_late_is_one_finding() {
    let text = "a title=\"Stadt Goch ags=\"05154016\" x=1\nb";
    assert_eq!(said(text), ["\"Stadt Goch ags=\": this string is not closed where it should be"]);
    assert_eq!(fixed(text), "a title=\"Stadt Goch\" ags=\"05154016\" x=1\nb");
    assert_eq!(outline(text), "a title=<Stadt Goch> ags=05154016 x=1; b");
}

#[test]
fn string_without_its_opening_quote() {
    one_and_fixed(
        "a x=krzn.example\" y=\"b/c\" {\n}",
        "krzn.example\": the string `krzn.example\"` has no opening quote",
        "a x=\"krzn.example\" y=\"b/c\" {\n}",
    );
    one_and_fixed("a 10Gi\"", "10Gi\": the string `10Gi\"` has no opening quote", "a \"10Gi\"");
    one_and_fixed("a b/c\" d", "b/c\": the string `b/c\"` has no opening quote", "a \"b/c\" d");
}

#[test]
fn line_break_in_a_string_is_one_finding() {
    let text = "a \"\nhey\neveryone\n\"\nb";
    one(text, "\": a string in single quotes ends on its line");
    assert_eq!(outline(text), "a <\nhey\neveryone\n>; b");
}

#[test]
fn text_on_several_lines() {
    one("a \"\"\"\n  b\n c\n  \"\"\" x=1\nd", " c: this line is not indented as its closing `\"\"\"`");
    assert_eq!(outline("a \"\"\"\n  b\n c\n  \"\"\" x=1\nd"), "a <b\n c> x=1; d");
    one_and_fixed("a \"\"\"one\"\"\" 2", "\"\"\"one\"\"\": `\"\"\"` is for text on several lines", "a \"one\" 2");
    one("a \"\"\"b\n  c\n  \"\"\" 2\nd", "b: text on several lines begins on the line below its `\"\"\"`");
    one("a \"\"\"\n  b \"\"\" 2\nd", "  b \"\"\": the closing `\"\"\"` has to stand on a line of its own");
    one("a {\n  b \"\"\"\n  c\n}\nd", "\"\"\": the text on several lines is not closed");
    one("a {\n  b #\"\"\"\n  c\n \"\"\"}\nd", "#\"\"\": the text on several lines is not closed");
}

#[test]
fn escapes_are_checked_everywhere() {
    one_and_fixed("a \"C:\\dir\" 1", "\\d: `\\d` is not an escape", "a \"C:\\\\dir\" 1");
    assert_eq!(outline("a \"C:\\dir\" 1"), "a <C:\\dir> 1");
    one("a \"\\u{D800}\"", "\\u{D800}: `\\u{D800}` is not an escape");
    one("a \"\\u{0012345}\"", "\\u{0012345}: `\\u{0012345}` is not an escape");
    one("a \"\\u{11FFFF}\"", "\\u{11FFFF}: `\\u{11FFFF}` is not an escape");
    one("a \"\\u12\"", "\\u: `\\u` is not an escape");
    one("a \"\"\"\n \\q\n \"\"\"", "\\q: `\\q` is not an escape");
}

#[test]
fn old_raw_strings_are_explained() {
    one_and_fixed("a r\"b\\d\" c", "r\"b\\d\": a raw string is written with `#`, not with `r`", "a #\"b\\d\"# c");
    one_and_fixed("a r#\"b\"# c", "r#\"b\"#: a raw string is written with `#`, not with `r`", "a #\"b\"# c");
    assert_eq!(outline("a r\"b\" c=1"), "a <r\"b\"> c=1");
}

#[test]
fn invisible_characters_are_named() {
    one_and_fixed(
        "a b\u{202e}c d",
        "\u{202e}: U+202E, an invisible mark that changes the direction of the text, may not stand in a file",
        "a bc d",
    );
    one_and_fixed("a \"\u{7f}\" d", "\u{7f}: U+007F, a control character, may not stand in a file", "a \"\" d");
    one_and_fixed("a // \u{1}\nb", "\u{1}: U+0001, a control character, may not stand in a file", "a // \nb");
    one_and_fixed("a /* \u{feff} */ b", "\u{feff}: U+FEFF, a byte order mark, may not stand in a file", "a /*  */ b");
    assert_eq!(said("\u{feff}a"), [""; 0]);
}

#[test]
fn comments_and_continuations() {
    one("a /* b\nc { \"\n", "/*: the comment is not closed");
    one("a {\n  b /* /* */\n}\n", "/*: the comment is not closed");
    one("a \\ b\nc", "\\: a `\\` goes to the end of its line, to continue on the next");
    assert_eq!(outline("a \\ b\nc"), "a b; c");
    assert_eq!(outline("a \\ // why\n b"), "a b");
}

#[test]
fn slashdash_needs_something_to_comment_out() {
    one("a /-;b", "/-: `/-` comments out what follows it, and `;` follows");
    one("a {\n/-\n}", "/-: `/-` comments out what follows it, and `}` follows");
    one("a /-", "/-: `/-` comments out what follows it, and the end of the file follows");
    one("a x=/-1 b", "/-: `/-` cannot stand between a property and its value");
    one("/- /- a\nb", "/-: `/-` comments out what follows it, and another `/-` follows");
}

#[test]
fn annotations_are_checked() {
    one_and_fixed("a ()1", "(): the type annotation names no type", "a 1");
    one("a (b)", "(b): a type annotation stands before a value, and there is none");
    one("(b)\nc", "(b): a type annotation stands before the name of a node, and there is none");
    one("a (b)x=1", "(b): the type annotation of a property stands before its value");
    one("a (b 1", "(: `(` opens a type annotation that is not closed");
    one_and_fixed("a (1)2", "1: `1` is not the name of a type", "a (\"1\")2");
}

#[test]
fn all_mistakes_of_a_file_are_found() {
    let text = "a 10Gi\nb x=true {\n    c 30%\n    d \"e\n}\nf 1.\n";
    assert_eq!(
        said(text),
        [
            "10Gi: `10Gi` is neither a number nor a string",
            "true: `true` is written `#true`",
            "30%: `30%` is neither a number nor a string",
            "\"e: the string `\"e` is not closed",
            "1.: `1.` has no digit behind the point",
        ]
    );
    assert_eq!(outline(text), "a <10Gi>; b x=<true> {c <30%>; d <e>}; f <1.>");
}
