//! Names as Active Directory writes them, as people write them, and as nobody should.

use proptest::prelude::*;

use super::*;

fn dn(text: &str) -> Dn {
    Dn::parse(text).unwrap_or_else(|fault| panic!("{}", fault.message))
}

fn message(text: &str) -> String {
    Dn::parse(text).unwrap_err().message
}

#[test]
fn parts_and_escapes_are_read() {
    let name = dn("CN=Müller\\, Anna,OU=Benutzer,OU=Kleve,DC=krzn,DC=example");
    assert_eq!(name.common_name(), Some("Müller, Anna"));
    assert_eq!(name.domain(), "krzn.example");
    assert_eq!(name.to_string(), "CN=Müller\\, Anna,OU=Benutzer,OU=Kleve,DC=krzn,DC=example");
    assert_eq!(dn("CN=M\\C3\\BCller,DC=a").common_name(), Some("Müller"));
    assert_eq!(dn("CN=a\\ ,DC=b").common_name(), Some("a "));
    assert_eq!(dn("CN=a=b,DC=c").common_name(), Some("a=b"));
    assert_eq!(dn("CN=foo\\0ACNF:1,DC=c").common_name(), Some("foo\nCNF:1"));
    assert_eq!(dn("CN=\\#1,DC=c").common_name(), Some("#1"));
    assert_eq!(dn("1.3.6.1.4.1.1466.0=#04024869,DC=c").first("1.3.6.1.4.1.1466.0"), Some("#04024869"));
    assert_eq!(dn("OU=Sales+CN=J. Smith,DC=example").common_name(), Some("J. Smith"));
}

#[test]
fn spellings_of_one_entry_are_equal_when_normalized() {
    let ours = dn("CN=Müller\\, Anna,OU=Gruppen,DC=krzn,DC=example");
    for text in [
        "cn=müller\\, anna,ou=gruppen,dc=KRZN,dc=example",
        "CN=Müller\\, Anna, OU=Gruppen, DC=krzn, DC=example",
        "CN=M\\C3\\BCller\\2C Anna,OU=Gruppen,DC=krzn,DC=example",
        "CN = Mu\u{308}ller\\,  Anna ,OU=Gruppen,DC=krzn,DC=example",
    ] {
        assert!(ours.is_same_entry(&dn(text)), "{text}");
        assert_eq!(ours.normalized(), dn(text).normalized());
        assert_ne!(ours, dn(text));
        assert!(dn(text).other_spelling().is_some(), "{text}");
    }
    assert_eq!(ours.other_spelling(), None);
    assert_eq!(dn("CN=a+OU=b,DC=c").normalized(), dn("OU=B+CN=A,DC=c").normalized());
    assert!(!ours.is_same_entry(&dn("CN=Müller\\, Anne,OU=Gruppen,DC=krzn,DC=example")));
}

#[test]
fn a_name_lies_below_its_parents() {
    let base = dn("ou=gruppen, dc=krzn, dc=example");
    let group = dn("CN=GG,OU=K8S,OU=Gruppen,DC=krzn,DC=example");
    assert!(group.is_below(&base) && !base.is_below(&base) && !base.is_below(&group));
    assert_eq!(group.parent().unwrap().to_string(), "OU=K8S,OU=Gruppen,DC=krzn,DC=example");
    assert_eq!(base.parent().unwrap().to_string(), "dc=krzn, dc=example");
    assert_eq!(base.parent().unwrap().parent().unwrap().to_string(), "dc=example");
    assert_eq!(dn("DC=example").parent(), None);
    assert!(!dn("CN=a,OU=XGruppen,DC=krzn,DC=example").is_below(&base));
}

#[test]
fn the_spelling_of_the_directory_is_known() {
    assert_eq!(
        dn("cn=GG , ou=Gruppen;x\\=y".replace(';', "\\;").as_str()).as_active_directory_writes(),
        "CN=GG,OU=Gruppen\\;x=y"
    );
    assert_eq!(dn("CN=M\\C3\\BCller,DC=a").other_spelling().as_deref(), Some("CN=Müller,DC=a"));
    assert_eq!(dn("CN=a\\=b,DC=a").other_spelling(), None);
}

#[test]
fn a_comma_in_a_name_is_found() {
    let fault = Dn::parse("CN=Müller, Anna,OU=Benutzer,DC=krzn").unwrap_err();
    assert!(fault.message.ends_with("`Anna` is no `type=value`"), "{}", fault.message);
    assert_eq!(fault.suggestion.as_deref(), Some("CN=Müller\\, Anna,OU=Benutzer,DC=krzn"));
}

#[test]
fn what_is_malformed_is_refused_with_its_reason() {
    for (text, reason) in [
        ("krzn.example", "no `type=value`"),
        ("CN=a,,DC=b", "nothing between"),
        ("CN=a,", "nothing between"),
        ("CN=,DC=b", "a value is empty"),
        ("=a", "no type of an attribute"),
        ("C N=a", "no type of an attribute"),
        ("CN=a\\", "ends with a backslash"),
        ("CN=a\\x", "is no escape"),
        ("CN=a;DC=b", "has to be escaped"),
        ("CN=\"a\"", "has to be escaped"),
        ("CN=\\FF", "not UTF-8"),
        ("CN=#1", "no value in hexadecimal"),
    ] {
        assert!(message(text).contains(reason), "{text}: {}", message(text));
    }
    assert!(Dn::parse("").is_err() && Dn::parse("  ").is_err());
}

proptest! {
    #![proptest_config(proptest::test_runner::Config { failure_persistence: None, ..Default::default() })]

    #[test]
    fn any_value_survives_being_written_and_read(values in prop::collection::vec("\\PC{1,12}|[ #,+=\\\\\"<>;a\\x00\\n]{1,8}", 1..5)) {
        let text = values.iter().map(|value| format!("CN={}", escaped(value))).collect::<Vec<_>>().join(",");
        let name = dn(&text);
        prop_assert_eq!(name.to_string(), text.clone());
        prop_assert_eq!(name.as_active_directory_writes(), text);
        let read: Vec<&str> = name.parts.iter().map(|part| part.attributes[0].1.as_str()).collect();
        prop_assert_eq!(read, values.iter().map(String::as_str).collect::<Vec<_>>());
    }

    #[test]
    fn normalizing_twice_changes_nothing(text in "(CN|ou|Dc)=[a-zA-ZäÖü .\\-]{1,10}[a-z](,(CN|ou|Dc)=[a-z]{1,5}){0,3}") {
        let Ok(name) = Dn::parse(&text) else { return Ok(()) };
        let normalized = dn(&name.normalized());
        prop_assert!(name.is_same_entry(&normalized));
        prop_assert_eq!(normalized.normalized(), name.normalized());
    }

    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,30}|[CN=,+#\\\\ \"a0-9F]{0,20}") {
        if let Ok(name) = Dn::parse(&text) {
            prop_assert_eq!(name.as_str(), text.as_str());
            prop_assert!(name.is_same_entry(&dn(&name.as_active_directory_writes())));
            let _ = name.parent();
        }
    }
}
