//! The table of apimachinery's own tests, and the arithmetic against exact fractions.

use proptest::prelude::*;

use super::*;

fn quantity(text: &str) -> Quantity {
    Quantity::parse_signed(text).unwrap_or_else(|fault| panic!("{}", fault.message))
}

#[test]
fn the_canonical_form_is_that_of_the_api_server() {
    let cases = [
        // Suffixes go up as far as nothing is lost.
        ("0", "0"),
        ("0Ki", "0"),
        ("00", "0"),
        ("1", "1"),
        ("1Ki", "1Ki"),
        ("1Mi", "1Mi"),
        ("1024Mi", "1Gi"),
        ("1025024Mi", "1001Gi"),
        ("307200Ki", "300Mi"),
        ("1000M", "1G"),
        ("0.001T", "1G"),
        ("1000m", "1"),
        ("1000u", "1m"),
        ("50k", "50k"),
        ("40T", "40T"),
        ("2P", "2P"),
        ("1E", "1E"),
        ("3Ei", "3Ei"),
        ("1.08", "1080m"),
        ("1080000000n", "1080m"),
        ("100.035k", "100035"),
        ("10.035M", "10035k"),
        ("1.5", "1500m"),
        ("0.5", "500m"),
        ("1.5Gi", "1536Mi"),
        ("0.05Gi", "53687091200m"),
        ("0.025Ti", "27487790694400m"),
        ("0.5Mi", "512Ki"),
        // Below 1024 a binary quantity is spelled in decimal.
        ("0.5Ki", "512"),
        (".001Ki", "1024m"),
        (".000001Ki", "1024u"),
        (".000000001Ki", "1024n"),
        (".000000000001Ki", "2n"),
        // Exponents.
        ("1e3", "1e3"),
        ("1E3", "1e3"),
        ("1e14", "100e12"),
        ("1.2e3", "1200"),
        ("1.3E+6", "1300e3"),
        (".001e12", "1e9"),
        ("1E-3", "1e-3"),
        ("80e-3", "80e-3"),
        ("1000e-12", "1e-9"),
        ("5e0", "5"),
        // Finer than a billionth is rounded up.
        ("3.001n", "4n"),
        ("0.9n", "1n"),
        ("1.1E-9", "2e-9"),
        ("0.00000012345", "124n"),
        ("0.00000000050", "1n"),
        ("0.5e-9", "1e-9"),
        // Odd but well-formed.
        ("1.", "1"),
        ("1.G", "1G"),
        (".5", "500m"),
        ("+1Gi", "1Gi"),
        ("007", "7"),
        ("-1", "-1"),
        ("-1024Mi", "-1Gi"),
        ("-0.9n", "-1n"),
    ];
    for (text, canonical) in cases {
        assert_eq!(quantity(text).to_string(), canonical, "{text}");
        assert_eq!(quantity(canonical), quantity(text), "{text}");
    }
}

#[test]
fn what_the_api_server_refuses_is_refused() {
    for text in [
        "",
        "1.1.M",
        "1+1.0M",
        "0.1mi",
        "0.1am",
        "aoeu",
        ".5i",
        "1i",
        "-3.01i",
        "-3.01e-",
        " 1",
        "1 ",
        ".",
        "-.",
        "1e",
        "1e3.5",
        "1Kii",
        "1e99999999999",
        "１Gi",
    ] {
        assert!(Quantity::parse_signed(text).is_err(), "{text}");
    }
}

#[test]
fn what_the_api_server_caps_is_refused() {
    assert_eq!(quantity("9223372036854775807").to_string(), "9223372036854775807");
    for text in
        ["9223372036854775808", "8Ei", "9Ei", "12E", "1e19", "1e400", "99999999999999999999999999999999999999999999Ei"]
    {
        assert!(Quantity::parse(text).unwrap_err().message.contains("the most there can be"), "{text}");
    }
}

#[test]
fn mistakes_are_named_and_mended() {
    let fault = Quantity::parse("16GB").unwrap_err();
    assert_eq!(fault.message, "`16GB` is not a Kubernetes quantity: the suffix is `GB`");
    assert_eq!((fault.suggestion.as_deref(), fault.range.clone()), (Some("16Gi"), Some(2..4)));
    assert!(fault.help.unwrap().contains("1024"));
    let cases = [
        ("10gi", "10Gi"),
        ("1K", "1Ki"),
        ("16 Gi", "16Gi"),
        ("8 CPU", "8"),
        ("8cores", "8"),
        ("1,5Gi", "1.5Gi"),
        ("500MB", "500Mi"),
        ("16GiB", "16Gi"),
        ("10Gi ", "10Gi"),
        ("1_000", "1000"),
        ("0x10", "16"),
        ("-5Gi", "5Gi"),
        ("1,5M", "1.5M"),
        ("2tb", "2Ti"),
        ("1_000m", "1000m"),
    ];
    for (text, meant) in cases {
        assert_eq!(Quantity::parse(text).unwrap_err().suggestion.as_deref(), Some(meant), "{text}");
    }
    assert!(Quantity::parse("-5Gi").unwrap_err().message.contains("negative"));
    assert_eq!(Quantity::parse("Gi").unwrap_err().suggestion, None);
    assert!(Quantity::parse("16 Gi").unwrap_err().message.contains("a blank"));
}

#[test]
fn quantities_count_exactly() {
    let sum = Quantity::checked_sum(["100m", "200m", "0.3"].map(quantity)).unwrap();
    assert_eq!(sum.to_string(), "600m");
    assert_eq!(["512Mi", "512Mi"].map(quantity).into_iter().sum::<Quantity>().to_string(), "1Gi");
    assert_eq!(quantity("1Gi").checked_sub(quantity("2Gi")).unwrap().to_string(), "-1Gi");
    assert_eq!(quantity("64Gi").checked_mul(24).unwrap().to_string(), "1536Gi");
    assert_eq!(quantity("10Gi").checked_percent(Percentage::parse("150%").unwrap()).unwrap().to_string(), "15Gi");
    assert_eq!(quantity("1Gi").checked_div(quantity("300Mi")), Some(3));
    assert_eq!(quantity("1Gi").checked_div(Quantity::ZERO), None);
    assert_eq!(quantity("1000001Ki").round_up_to(quantity("1Mi")).to_string(), "977Mi");
    assert_eq!(quantity("1230m").round_up_to(quantity("100m")).to_string(), "1300m");
    assert_eq!(
        (
            quantity("1.5").units_rounded_up(),
            quantity("-1.5").units_rounded_up(),
            quantity("1.0005").millis_rounded_up()
        ),
        (2, -2, 1001)
    );
    assert_eq!((quantity("1.5").as_units(), quantity("2Ki").as_units()), (None, Some(2048)));
}

#[test]
fn zero_takes_the_style_of_the_other() {
    for text in ["100m", "1Gi"] {
        assert_eq!(Quantity::ZERO.checked_add(quantity(text)).unwrap().to_string(), text);
        assert_eq!(quantity(text).checked_sub(Quantity::ZERO).unwrap().to_string(), text);
    }
}

#[test]
fn people_read_two_decimals() {
    let cases = [
        ("1536Mi", "1.5Gi"),
        ("96500m", "96.5"),
        ("1000Gi", "1000Gi"),
        ("0", "0"),
        ("250m", "250m"),
        ("1023Mi", "1023Mi"),
        ("10243Mi", "10Gi"),
        ("1536", "1536"),
        ("250k", "250k"),
    ];
    for (text, shown) in cases {
        assert_eq!(quantity(text).for_people(), shown, "{text}");
    }
}

fn written() -> impl Strategy<Value = String> {
    let suffix =
        prop::sample::select(vec!["", "n", "u", "m", "k", "M", "G", "T", "Ki", "Mi", "Gi", "Ti", "e3", "E-2", "e0"]);
    ("[0-9]{1,5}(\\.[0-9]{0,11})?", suffix).prop_map(|(number, suffix)| format!("{number}{suffix}"))
}

/// Numerator over 10^40 of what a text means, by schoolbook arithmetic on its digits.
fn fraction(text: &str) -> (u128, u128) {
    let end = text.find(|character: char| !character.is_ascii_digit() && character != '.').unwrap_or(text.len());
    let (number, suffix) = text.split_at(end);
    let (whole, decimals) = number.split_once('.').unwrap_or((number, ""));
    let mut numerator: u128 = format!("{whole}{decimals}").parse().unwrap();
    let mut denominator = 10u128.pow(u32::try_from(decimals.len()).unwrap());
    match suffix {
        "n" => denominator *= 1_000_000_000,
        "u" => denominator *= 1_000_000,
        "m" => denominator *= 1_000,
        "E-2" => denominator *= 100,
        "k" | "e3" => numerator *= 1_000,
        "M" => numerator *= 1_000_000,
        "G" => numerator *= 1_000_000_000,
        "T" => numerator *= 1_000_000_000_000,
        "Ki" => numerator <<= 10,
        "Mi" => numerator <<= 20,
        "Gi" => numerator <<= 30,
        "Ti" => numerator <<= 40,
        _ => {}
    }
    (numerator, denominator)
}

proptest! {
    #![proptest_config(proptest::test_runner::Config { failure_persistence: None, ..Default::default() })]

    #[test]
    fn the_amount_is_the_fraction_rounded_up_to_a_billionth(text in written()) {
        let (numerator, denominator) = fraction(&text);
        let (whole, rest) = (numerator / denominator, numerator % denominator);
        let nano = whole * 1_000_000_000 + (rest * 1_000_000_000).div_ceil(denominator);
        prop_assert_eq!(quantity(&text).nano, i128::try_from(nano).unwrap());
    }

    #[test]
    fn the_canonical_form_means_the_same_and_is_its_own(text in written()) {
        let value = quantity(&text);
        prop_assert_eq!(quantity(&value.to_string()), value);
        prop_assert_eq!(quantity(&value.to_string()).to_string(), value.to_string());
    }

    #[test]
    fn adding_and_taking_away_is_exact(all in prop::collection::vec(written(), 1..20)) {
        let all: Vec<Quantity> = all.iter().map(|text| quantity(text)).collect();
        let sum = Quantity::checked_sum(all.iter().copied()).unwrap();
        prop_assert_eq!(sum.nano, all.iter().map(|each| each.nano).sum::<i128>());
        let rest = all.iter().try_fold(sum, |rest, each| rest.checked_sub(*each)).unwrap();
        prop_assert!(rest.is_zero());
    }

    #[test]
    fn the_order_is_that_of_the_amounts(left in written(), right in written()) {
        let (left, right) = (quantity(&left), quantity(&right));
        prop_assert_eq!(left.cmp(&right), left.nano.cmp(&right.nano));
        prop_assert_eq!(left == right, left.cmp(&right).is_eq());
    }

    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,20}|[-+0-9.,_xeEinumkKMGTPB ]{0,14}") {
        if let Ok(value) = Quantity::parse_signed(&text) {
            prop_assert_eq!(quantity(&value.to_string()), value);
            let _ = value.for_people();
        }
    }
}
