//! What each kind takes from which lexeme, and what holds for all of them.

use proptest::prelude::*;

use super::*;

/// That a kind can stand in a table of constants.
static CONSTANT: [Kind; 4] = [
    Kind::Enum(&["fleet", "argo"]),
    Kind::List(&Kind::DnsLabel),
    Kind::Integer { minimum: 0, maximum: 9 },
    Kind::Reference("quota"),
];

fn all() -> Vec<Kind> {
    let mut kinds: Vec<Kind> = NAMED.iter().map(|(_, kind)| kind.clone()).collect();
    kinds.extend(CONSTANT.iter().cloned());
    kinds.extend([Kind::SecretKey, Kind::OneOf(vec!["small".to_owned(), "large".to_owned()])]);
    kinds
}

fn suggestion(kind: &Kind, lexeme: Lexeme<'_>) -> Option<String> {
    kind.parse(lexeme).unwrap_err().suggestion
}

#[test]
fn names_lead_to_their_kind_and_back() {
    for name in Kind::names() {
        assert_eq!(Kind::by_name(name).unwrap().name(), name);
    }
    assert!(Kind::names().is_sorted());
    assert_eq!(Kind::by_name("string"), None);
}

#[test]
fn texts_that_look_like_numbers_refuse_bare_numbers() {
    assert_eq!(suggestion(&Kind::Ags, Lexeme::Number("05154016")).as_deref(), Some("05154016"));
    assert_eq!(suggestion(&Kind::Ags, Lexeme::Number("5154016")).as_deref(), Some("05154016"));
    assert_eq!(suggestion(&Kind::Version, Lexeme::Number("2.10")).as_deref(), Some("2.10"));
    assert_eq!(suggestion(&Kind::Text, Lexeme::Number("7")).as_deref(), Some("7"));
    assert_eq!(suggestion(&Kind::Percentage, Lexeme::Number("30")).as_deref(), Some("30%"));
    assert_eq!(suggestion(&Kind::Date, Lexeme::Number("2027")), None);
    assert_eq!(
        Kind::Ags.parse(Lexeme::Number("05154016")).unwrap_err().message,
        "`05154016` is a number; expected a municipality key of 8 digits, or 5 for a Kreis, such as `05154016`"
    );
}

#[test]
fn quantities_take_plain_numbers_only() {
    assert_eq!(Kind::Quantity.parse(Lexeme::Number("8")).unwrap().render(), "8");
    assert_eq!(Kind::Quantity.parse(Lexeme::Number("1.5")).unwrap().render(), "1500m");
    assert_eq!(suggestion(&Kind::Quantity, Lexeme::Number("1_000")).as_deref(), Some("1000"));
    assert_eq!(suggestion(&Kind::Quantity, Lexeme::Number("0x1f")).as_deref(), Some("31"));
    assert!(Kind::Quantity.is_bare("8") && !Kind::Quantity.is_bare("8Gi"));
}

#[test]
fn booleans_and_integers_refuse_texts() {
    assert_eq!(suggestion(&Kind::Boolean, Lexeme::Text("true")).as_deref(), Some("#true"));
    assert_eq!(suggestion(&Kind::INTEGER, Lexeme::Text("8")).as_deref(), Some("8"));
    assert_eq!(Kind::INTEGER.parse(Lexeme::Number("0x10")).unwrap(), Value::Integer(16));
    assert_eq!(Kind::INTEGER.parse(Lexeme::Number("1_000")).unwrap(), Value::Integer(1000));
    assert!(Kind::INTEGER.parse(Lexeme::Number("1.5")).is_err());
    assert!(Kind::Text.parse(Lexeme::Boolean(true)).is_err());
    assert!(Kind::Text.parse(Lexeme::Keyword("#null")).unwrap_err().help.unwrap().contains("leave"));
}

#[test]
fn what_the_parser_reported_is_read_as_it_looks() {
    assert_eq!(Kind::Quantity.parse(Lexeme::Broken("10Gi")).unwrap().render(), "10Gi");
    assert_eq!(Kind::Boolean.parse(Lexeme::Broken("true")).unwrap(), Value::Boolean(true));
    assert_eq!(Kind::Range.parse(Lexeme::Broken("2..8")).unwrap().render(), "2..8");
    assert!(Kind::Quantity.parse(Lexeme::Broken("10GB")).is_err());
    assert_eq!(suggestion(&Kind::Boolean, Lexeme::Broken("yes")).as_deref(), Some("#true"));
}

#[test]
fn choices_offer_the_nearest() {
    let kind = Kind::OneOf(vec!["small".to_owned(), "large".to_owned()]);
    let fault = kind.parse(Lexeme::Text("smal")).unwrap_err();
    assert_eq!(fault.message, "`smal` is none of `small` and `large`");
    assert_eq!(fault.suggestion.as_deref(), Some("small"));
    assert_eq!(CONSTANT[0].describe(), "one of `fleet` and `argo`");
}

#[test]
fn cells_need_no_quotes() {
    assert_eq!(Kind::COUNT.parse_plain("800").unwrap(), Value::Integer(800));
    assert_eq!(Kind::Boolean.parse_plain("TRUE").unwrap(), Value::Boolean(true));
    assert_eq!(Kind::Boolean.parse_plain("WAHR").unwrap_err().suggestion.as_deref(), Some("true"));
    assert_eq!(Kind::COUNT.parse_plain("800 ").unwrap_err().suggestion.as_deref(), Some("800"));
    for cell in ["1.200", "1_000", "0x10", "", "-", "1e3"] {
        assert!(Kind::INTEGER.parse_plain(cell).is_err(), "{cell}");
    }
}

#[test]
fn values_stay_small() {
    assert!(size_of::<Value>() <= 48, "{}", size_of::<Value>());
}

proptest! {
    #![proptest_config(proptest::test_runner::Config { failure_persistence: None, ..Default::default() })]

    #[test]
    fn no_text_makes_any_kind_panic_and_what_is_offered_is_taken(text in "\\PC{0,40}|[0-9a-zA-ZÄöü.:/@%=,_ -]{0,20}|[0-9]{1,9}[a-zA-Z ]{0,5}") {
        for kind in all() {
            for lexeme in [Lexeme::Text(&text), Lexeme::Number(&text), Lexeme::Broken(&text), Lexeme::Keyword(&text)] {
                if let Err(fault) = kind.parse(lexeme) {
                    prop_assert!(!fault.message.is_empty() && !fault.message.contains('\n'));
                    if let Some(range) = &fault.range {
                        prop_assert!(text.get(range.clone()).is_some(), "{kind:?} {text:?} {range:?}");
                    }
                    if let Some(meant) = fault.suggestion && !matches!(kind, Kind::Boolean | Kind::Reference(_)) {
                        prop_assert!(kind.parse_plain(&meant).is_ok(), "{kind:?} offers {meant:?} for {text:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn the_canonical_text_means_the_same_and_is_its_own_canonical_text(text in "\\PC{0,20}|[0-9]{1,6}(m|Gi|Ki|%|d|h|\\.\\.9999999)?|[a-z0-9.-]{1,20}|[0-2][0-9]:00-0[0-9]:30") {
        for kind in all() {
            let Ok(value) = kind.parse_plain(&text) else { continue };
            let again = kind.parse_plain(&value.render()).unwrap();
            prop_assert_eq!(&again, &value);
            prop_assert_eq!(again.render(), value.render());
        }
    }
}
