use minijinja::Value;

use super::{Expression, LONGEST, Scalar, Scope, describe, parse_scalar, record};
use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Span};

fn scope() -> Scope {
    let platform = Scope::new().with("platform", record([("domain", Value::from("krzn.example"))]));
    let tenant = platform.child().with(
        "tenant",
        record([
            ("name", Value::from("goch")),
            ("title", Value::from("Stadt Goch")),
            ("pod-security", Value::from("baseline")),
            ("ags", Value::from("05154016")),
        ]),
    );
    tenant
        .child()
        .with("row", record([("pupils", Value::from(900)), ("id", Value::from("gs-1")), ("open", Value::from(true))]))
        .with("pod-security", "restricted")
        .with("hosts", Value::from(vec!["b", "a", "b"]))
        .with("unset", Value::from(()))
        .with("size", "small")
}

fn whole(text: &str) -> Span {
    Span::new(FileId(0), 0, text.len())
}

fn evaluate(text: &str) -> Result<Value, Box<Diagnostic>> {
    Expression::compile(text, whole(text))?.evaluate(&scope())
}

fn value(text: &str) -> Value {
    evaluate(text).unwrap_or_else(|error| panic!("{text}: {error:?}"))
}

/// The message, what it points at, and the help.
fn error(text: &str) -> (String, &str, String) {
    let error = evaluate(text).map(|value| format!("{value:?}")).expect_err(text);
    assert_eq!(error.code.name, "expression-error");
    (error.message, &text[error.span.range()], error.help.unwrap_or_default())
}

#[test]
fn expressions_have_the_value_of_their_kind() {
    for (text, expected) in [
        ("tenant.name", Value::from("goch")),
        ("  tenant.name ", Value::from("goch")),
        ("row.pupils", Value::from(900)),
        ("true", Value::from(true)),
        ("none", Value::from(())),
        ("unset", Value::from(())),
        ("tenant.name | upper", Value::from("GOCH")),
        ("'large' if row.pupils > 800 else 'small'", Value::from("large")),
        ("size == 'small' and not row.open", Value::from(false)),
        ("row.open or row.pupils < 3", Value::from(true)),
        ("row.pupils // 2 + 1", Value::from(451)),
        ("hosts | unique | sort | join(',')", Value::from("a,b")),
        ("hosts | length >= 3", Value::from(true)),
        ("(row.pupils > 1) == (size != 'x')", Value::from(true)),
        ("[row.pupils > 1, {'a': size == 'b'}][0]", Value::from(true)),
        ("unset | default('x')", Value::from("x")),
        ("size | default('x')", Value::from("small")),
        ("'y' if unset is none else 'n'", Value::from("y")),
        ("'y' if unset is not none else 'n'", Value::from("n")),
        ("unset == none", Value::from(true)),
        ("size != none", Value::from(true)),
        ("'a' in hosts", Value::from(true)),
        ("'a' not in hosts and row.open", Value::from(false)),
        ("'goch' | short(9)", Value::from("goch")),
        ("'goch-west-1' | short(12) ~ '/' ~ ('goch-west-1x' | short(12))", Value::from("goch-west-1/goch-west-1x")),
        ("('kreis-kleve' | short(10)) == ('kreis-wesel' | short(10))", Value::from(false)),
        ("'kreis-kleve' | short(10) | length", Value::from(10)),
        ("'Stadt Übach-Palenberg (NRW)' | slug", Value::from("stadt-uebach-palenberg-nrw")),
        ("row.pupils | string", Value::from("900")),
        ("'12' | integer + 1", Value::from(13)),
        ("{'b': [1, none], 'a': 'x'} | json", Value::from("{\"b\":[1,null],\"a\":\"x\"}")),
        ("row | json", Value::from("{\"pupils\":900,\"id\":\"gs-1\",\"open\":true}")),
        ("tenant.pod_security ~ '/' ~ pod_security", Value::from("baseline/restricted")),
        ("hosts[0]", Value::from("b")),
        ("size ~ 1 ~ row.open ~ 2 * 3 ~ -1", Value::from("small1true6-1")),
        ("('a' ~ 1) == 'a' ~ 1 and row.open", Value::from(true)),
        ("3 + 4 - (('1' ~ 2) | integer)", Value::from(-5)),
        ("[row.open, 1, 'x'] | join('-')", Value::from("true-1-x")),
        ("'a,b' | split(',') | last", Value::from("b")),
        ("row['nothing'] | default('x')", Value::from("x")),
        ("row['nothing'] is none", Value::from(true)),
        ("' Ä ' | trim | lower", Value::from("ä")),
        ("'a < b' == \"a < b\"", Value::from(true)),
        ("range(3) | last", Value::from(2)),
        ("1 < 2.5", Value::from(true)),
        ("-row.pupils < 0", Value::from(true)),
        ("'26.10.1' | version_at_least('26.6')", Value::from(true)),
        ("'26.6' | version_at_least('26.6.1')", Value::from(false)),
        ("'v1.34.5+rke2r1' | version_at_least('1.34')", Value::from(true)),
        ("'x' if not (size == 'small' or row.open) else 'z'", Value::from("z")),
    ] {
        assert_eq!(value(text), expected, "{text}");
    }
}

#[test]
fn an_unknown_name_is_an_error_at_its_place_with_what_was_meant() {
    assert_eq!(error("tenant.nme"), ("`tenant.nme` is not defined".into(), "nme", "did you mean `name`?".into()));
    assert_eq!(error("tenat.name").1, "tenat");
    assert_eq!(error("tenat.name").2, "did you mean `tenant`?");
    assert_eq!(error("'ä' ~ tenant.nme | upper").1, "nme");
    assert_eq!(error("'x' if row.open else tenant.nme").1, "nme", "also where it is not evaluated");
    assert_eq!(error("tenant.nme == 'x'").1, "nme");
    assert_eq!(error("tenant.nme | default('x')").1, "nme");
    assert_eq!(
        error("zzzzzzz").2,
        "known here: `hosts`, `platform`, `pod_security`, `row`, `size`, `tenant` and `unset`"
    );
    assert_eq!(error("tenant.name.first").0, "`tenant.name` is a string and has no `first`");
    assert_eq!(error("unset.name").0, "`unset` is none here and has no `name`");
    assert_eq!(error("'a' ~ unset.name").0, "`unset` is none here and has no `name`");
    assert_eq!(value("unset.name if unset is not none else 'free'"), Value::from("free"));
}

#[test]
fn a_name_with_a_dash_is_explained() {
    let (message, place, _) = error("pod-security");
    assert_eq!(
        (message.as_str(), place),
        ("`pod-security` is written `pod_security` in an expression", "pod-security")
    );
    assert_eq!(error("tenant.pod-security | upper").1, "pod-security");
    assert_eq!(error("pod-nothing").0, "`pod` is not defined");
    assert_eq!(value("row.pupils-1"), Value::from(899));
    assert_eq!(error("pod-security-x").1, "pod-security");
}

#[test]
fn the_list_of_filters_tests_and_functions_is_closed() {
    assert_eq!(error("size | uper"), ("there is no filter `uper`".into(), "uper", "did you mean `upper`?".into()));
    assert_eq!(error("size is nne").2, "did you mean `none`?");
    assert_eq!(error("size is not nne").1, "nne");
    assert_eq!(error("upper(size)").2, "`upper` is a filter; write `value | upper`");
    assert_eq!(error("size.upper()").1, "upper");
    assert_eq!(error("hosts[0].upper()").1, "upper");
    assert_eq!(error("size | compare_equal('x')").0, "there is no filter `compare_equal`");
    for name in ["debug()", "lipsum()", "dict(a=1)", "namespace()"] {
        assert!(error(name).0.starts_with("there is no function"), "{name}");
    }
    let names: Vec<&str> = super::FILTERS.iter().map(|(name, _)| *name).collect();
    assert!(names.is_sorted());
    for name in names {
        assert!(super::filters::environment().compile_expression_owned(format!("1|{name}")).is_ok());
        assert!(!format!("{:?}", evaluate(&format!("size | {name}('a', 'b')"))).contains("is unknown"), "{name}");
    }
}

#[test]
fn many_values_make_one() {
    for (text, expected) in [
        ("[1, 2, 3] | sum", Value::from(6)),
        ("[] | sum", Value::from(0)),
        ("['2Gi', '512Mi'] | sum", Value::from("2560Mi")),
        ("[{'size': 3}, {'size': 4}] | sum('size')", Value::from(7)),
        ("['500m', '2'] | largest", Value::from("2")),
        ("[4, 9, 1] | largest", Value::from(9)),
        ("[] | largest | default(7)", Value::from(7)),
        ("['2Gi', '512Mi'] | sum | round_up('1Gi')", Value::from("3Gi")),
        ("[20 * 2 + 30, 50] | largest | round_up(50)", Value::from(100)),
        ("100 | round_up(50)", Value::from(100)),
        ("[{'a': 2}, {'a': 1}] | field('a') | sort", Value::from(vec![1, 2])),
        ("tenant.name | spread(60)", value("'goch' | spread(60)")),
    ] {
        assert_eq!(value(text), expected, "{text}");
    }
    let places = (0..200).map(|at| value(&format!("'school-{at}' | spread(60)"))).collect::<Vec<_>>();
    assert!(places.iter().all(|place| (0..60).contains(&i64::try_from(place.clone()).unwrap())));
    let distinct: std::collections::BTreeSet<String> = places.iter().map(ToString::to_string).collect();
    assert!(distinct.len() > 50, "{distinct:?}");
    assert_eq!(error("[1, '2Gi'] | sum").0, "`sum` needs items of one kind, here are numbers and quantities");
    assert_eq!(error("['big'] | largest").0, "`largest` counts whole numbers or quantities, this is `big`");
    assert_eq!(error("[{'a': 1}] | sum('b')").0, "an item of the list has no field `b`");
    assert_eq!(error("size | sum").0, "`sum` takes a list, this is a string");
    assert_eq!(error("3 | round_up(0)").0, "`round_up` takes a step above zero, this is 0");
    assert_eq!(error("size | spread(0)").0, "`spread` takes how many places there are, this is 0");
}

#[test]
fn text_and_numbers_are_never_compared() {
    assert_eq!(
        error("tenant.ags > 800"),
        ("a string is compared with an integer here".into(), "tenant.ags > 800", String::new())
    );
    assert_eq!(error("row.open and row.pupils == '900'").1, "row.pupils == '900'");
    assert_eq!(error("unset > 3").0, "none is compared with an integer here");
    assert_eq!(error("row.open > true").0, "a boolean has no order, so `>` cannot compare two of them");
    assert_eq!(error("1 < row.pupils < 3").0, "one comparison compares two values, here is a third");
    assert_eq!(value("unset is not none and unset > 3"), Value::from(false), "guarded");
}

#[test]
fn conditions_are_booleans() {
    assert_eq!(
        error("'a' if row.pupils else 'b'"),
        ("a condition is a boolean, this is an integer".into(), "row.pupils", String::new())
    );
    assert_eq!(error("not size").1, "size");
    assert_eq!(error("row.open and size").1, "size");
    assert_eq!(error("size or row.open").1, "size");
    assert_eq!(error("'x' if hosts | length else 'y'").1, "hosts | length");
}

#[test]
fn none_never_becomes_text() {
    assert_eq!(error("size ~ unset"), ("`~` joins texts, this is none".into(), "unset", String::new()));
    assert_eq!(error("hosts ~ size ~ 1").1, "hosts");
    assert_eq!(error("unset | upper").0, "`upper` takes text, this is none");
    assert_eq!(error("row.pupils | lower").0, "`lower` takes text, this is an integer");
    assert_eq!(error("[unset] | join").0, "`join` joins texts, item 1 is none");
    assert_eq!(error("size | join").0, "`join` takes a list, this is a string");
    assert_eq!(error("row['nothing'] | upper").0, "there is no value here for `| upper`");
}

#[test]
fn what_cannot_be_read_or_evaluated_is_an_error_at_its_place() {
    assert_eq!(error("tenant.name |").0, "there is no value after `|`");
    assert_eq!(error("1 + + 2").0, "this expression cannot be read: unexpected `+`");
    assert!(error("a b").0.starts_with("this expression cannot be read: "));
    assert!(error("'open").0.starts_with("this expression cannot be read: "));
    assert_eq!(error("size ==").0, "there is no value after `==`");
    assert_eq!(error("row.open and").0, "there is no value after `and`");
    assert_eq!(error("(or row.open)").0, "there is no value before `or`");
    assert_eq!(error("size ~ not row.open").1, "not");
    assert_eq!(error("not").0, "there is no value after `not`");
    assert_eq!(value("row.open and not not row.open and 'a' not in 'b'"), Value::from(true));
    assert_eq!(error("").0, "there is no expression here");
    assert_eq!(error("size + 1").1, "size + 1");
    assert_eq!(error("'x' if size == 'large'").2, "add an `else`, such as `else none`");
    assert_eq!(error("row['nothing']").0, "`row['nothing']` has no value here");
    assert_eq!(error("'x' ~ row['nothing']").0, "`row['nothing']` has no value here");
    assert_eq!(error("'x' | integer").0, "`x` is not a whole number");
    assert!(!error("hosts | sort | first | first | first | integer").1.is_empty());
    assert!(evaluate(&"(".repeat(10_000)).is_err());
    assert!(evaluate("range(1000000000) | join").is_err());
    assert!(evaluate("'a' * 1000000000").is_err());
}

#[test]
fn scopes_hide_and_share() {
    let outer = Scope::new().with("a", 1).with("b", 2);
    let inner = outer.child().with("a", 3);
    assert_eq!(inner.get("a"), Some(Value::from(3)));
    assert_eq!(inner.get("b"), Some(Value::from(2)));
    assert_eq!(outer.get("a"), Some(Value::from(1)));
    let mut copy = outer.clone();
    copy.set("c", 4);
    assert_eq!(outer.get("c"), None);
    assert_eq!(copy.get("a"), Some(Value::from(1)));
    assert_eq!(copy.names(), ["a", "b", "c"]);
}

fn scalar(text: &str) -> Result<Scalar, Box<Diagnostic>> {
    parse_scalar(text, |range| Span::new(FileId(0), range.start, range.end))
}

#[test]
fn scalars_are_cut_into_text_and_expressions() {
    let kinds = |text: &str| match scalar(text).unwrap() {
        Scalar::Literal(_) => 0,
        Scalar::Whole(_) => 1,
        Scalar::Mixed(parts) => parts.len(),
    };
    assert_eq!(kinds("plain"), 0);
    assert_eq!(kinds("a { b }} {"), 0);
    assert_eq!(kinds("{{ size }}"), 1);
    assert_eq!(kinds(" {{ size }}"), 2);
    assert_eq!(kinds("a {{ size }} b {{size}}"), 4);
    assert_eq!(kinds("{{ {'a': {'b': '}}'}} }}"), 1);
    assert_eq!(kinds("{\"a\": {\"b\": \"{{ size }}\"}}"), 3);
    let text = |text: &str| scalar(text).unwrap().text(&scope()).unwrap();
    assert_eq!(text("ü {{ row.pupils }}/{{ row.open }}/{{ size }}/{{ 1.5 }}"), "ü 900/true/small/1.5");
    assert_eq!(scalar("{{ row.pupils }}").unwrap().evaluate(&scope()).unwrap(), Value::from(900));
    assert_eq!(describe(&scalar("{{ hosts }}").unwrap().evaluate(&scope()).unwrap()), "a list");
}

#[test]
fn a_scalar_that_cannot_be_cut_is_an_error_at_its_place() {
    let error = |text: &'static str| {
        let error = scalar(text).and_then(|scalar| scalar.text(&scope())).unwrap_err();
        (error.message.clone(), &text[error.span.range()])
    };
    assert_eq!(error("a {{ size").1, "{{");
    assert_eq!(error("a {% if x %}").0, "`{%` is not part of the language, only `{{ expressions }}` are");
    assert_eq!(error("ä {# no #}").1, "{#");
    assert_eq!(error("{{- size }}").1, "- size ");
    assert_eq!(error("a {{}}").0, "there is no expression here");
    assert_eq!(error("ä {{ tenant.nme }} b"), ("`tenant.nme` is not defined".into(), "nme"));
    assert_eq!(error("x {{ unset }}"), ("`unset` is none here; text cannot hold it".into(), "unset"));
    assert_eq!(error("x {{ hosts }}").0, "`hosts` is a list here; text cannot hold it");
}

#[test]
fn the_names_used_are_known_before_any_evaluation() {
    let scalar = scalar("{{ tenant.name }} {{ row.id if size == 'x' else tenant.title | upper }}").unwrap();
    let names: Vec<_> = scalar.names_used().map(|used| used.name).collect();
    assert_eq!(names, ["tenant.name", "row.id", "size", "tenant.title"]);
}

#[test]
fn a_long_expression_is_refused_before_it_takes_the_stack() {
    for one in ["-", "not ", "1+", "'a'~", "true and ", "'a' if true else "] {
        let long = one.repeat(LONGEST / one.len() - 1) + "1";
        let _ = Expression::compile(&long, whole(&long)).map(|expression| expression.evaluate(&scope()));
        let longer = one.repeat(LONGEST / one.len() + 1) + "1";
        let refused = Expression::compile(&longer, whole(&longer)).map(|_| ()).unwrap_err();
        assert!(refused.message.contains("bytes long"), "{}", refused.message);
    }
}

proptest::proptest! {
    // A case that failed is written down as a test of its own.
    #![proptest_config(proptest::prelude::ProptestConfig { failure_persistence: None, ..Default::default() })]

    #[test]
    fn any_text_is_compiled_and_evaluated_without_panic(
        text in "([ a-z0-9_.|()\\[\\]{}'\"<>=!~+*/%,:äß\n-]|and |or |not |if |else |in |is |tenant|size|row|none){0,24}"
    ) {
        let outcome = Expression::compile(&text, whole(&text)).and_then(|expression| expression.evaluate(&scope()));
        if let Err(error) = outcome {
            proptest::prop_assert!(text.get(error.span.range()).is_some());
        }
        if let Err(error) = scalar(&text) {
            proptest::prop_assert!(text.get(error.span.range()).is_some());
        }
        let wrapped = format!("ä {{{{{text}}}}}");
        if let Err(error) = scalar(&wrapped).and_then(|scalar| scalar.text(&scope())) {
            proptest::prop_assert!(wrapped.get(error.span.range()).is_some());
        }
    }
    #[test]
    fn what_is_rewritten_is_read_as_before(
        text in "( a| b\\.c|\\(|\\)|\\[|\\]| ==| <| ~| \\+| -| \\*| 'x'| 1| and| or| not| if| else| in| is| is not| none|,| \\|upper){1,16}"
    ) {
        let tokens = super::token::tokens(&text);
        if let Ok(rewritten) = super::strict::rewrite(&text, &tokens) {
            let read = |text: &str| super::filters::environment().compile_expression_owned(text.to_owned());
            let (plain, strict) = (read(&text), read(&rewritten.text));
            proptest::prop_assert_eq!(plain.is_ok(), strict.is_ok(), "{}", rewritten.text);
            let scope = Scope::new().with("a", "x").with("b", record([("c", Value::from(2))]));
            // Where the strict one has a value, the plain one has the same, but for `True` in a text.
            if let (Ok(plain), Ok(strict)) = (plain, strict)
                && let Ok(value) = strict.eval(scope.value())
            {
                let spelled = |value: Value| format!("{value:?}").to_lowercase();
                let plain = plain.eval(scope.value()).map(spelled);
                proptest::prop_assert_eq!(plain.ok(), Some(spelled(value)), "{}", rewritten.text);
            }
            for end in 0..=rewritten.text.len() {
                let range = rewritten.original(end / 2..end);
                proptest::prop_assert!(text.get(range).is_some());
            }
        }
    }
}
