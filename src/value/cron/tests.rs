//! What schedules mean, and that `croner` agrees about it.

use std::str::FromStr;

use proptest::prelude::*;

use super::*;

fn cron(text: &str) -> Cron {
    Cron::parse(text).unwrap_or_else(|fault| panic!("{}", fault.message))
}

fn message(text: &str) -> String {
    Cron::parse(text).unwrap_err().message
}

#[test]
fn fields_are_sets() {
    let schedule = cron("15,45 1-3 * * *");
    assert_eq!(schedule.times().collect::<Vec<_>>(), [75, 105, 135, 165, 195, 225]);
    assert_eq!(schedule.runs_per_day(), 6);
    assert_eq!(cron("5/20 0 * * *").minutes().collect::<Vec<_>>(), [5, 25, 45]);
    assert_eq!(cron("*/15  *\t* * *").to_string(), "*/15 * * * *");
    assert!(cron("0 2 * * *").is_daily() && !cron("0 2 * * 1-5").is_daily() && !cron("0 2 * JAN *").is_daily());
    assert!(cron("0 2 * * *").is_within(Window::parse("22:00-04:00").unwrap()));
    assert!(!cron("0 4 * * *").is_within(Window::parse("22:00-04:00").unwrap()));
}

#[test]
fn macros_keep_their_name() {
    assert_eq!(cron("@daily").to_string(), "@daily");
    assert_eq!(cron("@daily").times().collect::<Vec<_>>(), [0]);
    assert!(message("@every 1h").contains("restart"));
    assert_eq!(Cron::parse("@dayly").unwrap_err().suggestion.as_deref(), Some("@daily"));
}

#[test]
fn day_of_month_and_day_of_week_are_alternatives_where_both_are_given() {
    let both = cron("0 0 13 * FRI");
    assert!(both.runs_on(1, 13, 1) && both.runs_on(1, 2, 5) && !both.runs_on(1, 2, 1));
    let one = cron("0 0 * * FRI");
    assert!(one.runs_on(1, 2, 5) && !one.runs_on(1, 13, 1));
}

#[test]
fn sunday_is_zero() {
    let fault = Cron::parse("0 2 * * 7").unwrap_err();
    assert_eq!(fault.message, "`0 2 * * 7` is not a cron schedule: Sunday is `0` here, there is no `7`");
    assert_eq!(fault.range, Some(8..9));
    assert_eq!(fault.suggestion.as_deref(), Some("0 2 * * 0"));
    for (text, meant) in
        [("0 2 * * 5-7", "0 2 * * 5-6,0"), ("0 2 * * 1-7", "0 2 * * *"), ("0 2 * * 6,7", "0 2 * * 6,0")]
    {
        assert_eq!(Cron::parse(text).unwrap_err().suggestion.as_deref(), Some(meant));
    }
}

#[test]
fn other_dialects_are_named() {
    let fault = Cron::parse("0 0 2 * * *").unwrap_err();
    assert!(fault.message.contains("six fields, seconds first"), "{}", fault.message);
    assert_eq!(fault.suggestion.as_deref(), Some("0 2 * * *"));
    for text in ["0 2 L * *", "0 2 15W * *", "0 2 * * 5#2", "0 2 * * 5L"] {
        assert!(message(text).contains("Quartz"), "{}", message(text));
    }
    assert!(message("CRON_TZ=Europe/Berlin 0 2 * * *").contains("time zone"));
}

#[test]
fn a_day_that_never_comes_is_refused() {
    for text in ["0 0 31 2 *", "0 0 30 FEB *", "0 0 31 4,6,9,11 *"] {
        assert!(message(text).contains("never run"), "{text}");
    }
    assert!(
        Cron::parse("0 0 29 2 *").is_ok() && Cron::parse("0 0 31 2 1").is_ok() && Cron::parse("0 0 31 2,3 *").is_ok()
    );
}

#[test]
fn other_texts_are_refused() {
    let texts = [
        "",
        "*",
        "0 2 * *",
        "60 2 * * *",
        "0 24 * * *",
        "0 0 0 * *",
        "0 0 * 13 *",
        "0 0 * 0 *",
        "*/0 * * * *",
        "5-1 * * * *",
        "1,,2 * * * *",
        "-1 * * * *",
        "a * * * *",
        "0 0 * * FOO",
        "0 2 * * * 2026 1",
        "0/ * * * *",
        "1-2-3 * * * *",
    ];
    for text in texts {
        assert!(Cron::parse(text).is_err(), "{text}");
    }
}

fn item(low: u8, high: u8) -> impl Strategy<Value = String> {
    let pair = (low..=high, low..=high).prop_map(|(a, b)| format!("{}-{}", a.min(b), a.max(b)));
    prop_oneof![
        Just("*".to_owned()),
        (low..=high).prop_map(|number| number.to_string()),
        pair.clone(),
        (1u8..20).prop_map(|step| format!("*/{step}")),
        (pair, 1u8..9).prop_map(|(pair, step)| format!("{pair}/{step}")),
        prop::collection::vec(low..=high, 1..4).prop_map(|numbers| numbers
            .iter()
            .map(u8::to_string)
            .collect::<Vec<_>>()
            .join(",")),
    ]
}

proptest! {
    #![proptest_config(proptest::test_runner::Config { failure_persistence: None, ..Default::default() })]

    #[test]
    fn croner_accepts_what_we_accept_and_runs_at_the_same_minutes(
        minute in item(0, 59), hour in item(0, 23), day in item(1, 31), month in item(1, 12), weekday in item(0, 6),
        start in 0i64..525_600,
    ) {
        let text = format!("{minute} {hour} {day} {month} {weekday}");
        let Ok(ours) = Cron::parse(&text) else { return Ok(()) };
        let witness = croner::Cron::from_str(&text).unwrap();
        // Where a step stands on a star, the dialects differ about which day counts; robfig's rule is ours.
        prop_assume!(!(day.starts_with("*/") || weekday.starts_with("*/")));
        // `1,2` of one number, or a range over all days, is a star to nobody.
        for minutes in (0..3000).step_by(7) {
            let time = jiff::civil::date(2027, 1, 1).at(0, 0, 0, 0) + jiff::Span::new().minutes(start + minutes);
            let zoned = time.to_zoned(jiff::tz::TimeZone::UTC).unwrap();
            let number = |number: i8| u8::try_from(number).unwrap();
            let weekday = number(time.weekday().to_sunday_zero_offset());
            let minute_of_day = u16::try_from(i32::from(time.hour()) * 60 + i32::from(time.minute())).unwrap();
            let runs = ours.runs_on(number(time.month()), number(time.day()), weekday) && ours.times().any(|minute| minute == minute_of_day);
            prop_assert_eq!(runs, witness.is_time_matching(&zoned).unwrap(), "{} at {}", text, time);
        }
    }

    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,40}|[0-9*/,?@LW# -]{0,30}") {
        if let Ok(cron) = Cron::parse(&text) {
            prop_assert_eq!(Cron::parse(&cron.to_string()).unwrap(), cron);
        }
    }
}

#[test]
fn in_numbers_it_is_the_same_schedule_and_suits_a_narrow_reader() {
    let plain = regex_lite::Regex::new(r"^((\d+,)*\d+|\*)( ((\d+,)*\d+|\*)){4}$").unwrap();
    for (written, numbers) in [
        ("15 * * * *", "15 * * * *"),
        ("*/20 6-8 * * mon-fri", "0,20,40 6,7,8 * * 1,2,3,4,5"),
        (
            "0 0 1-31 jan-dec ?",
            "0 0 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31 * *",
        ),
        ("@weekly", "0 0 * * 0"),
    ] {
        let cron = Cron::parse(written).unwrap();
        let text = cron.in_numbers();
        assert_eq!(text, numbers);
        assert!(plain.is_match(&text), "{text}");
        let again = Cron::parse(&text).unwrap();
        for (month, day, weekday) in [(1, 1, 0), (2, 29, 1), (7, 15, 3), (12, 31, 6)] {
            assert_eq!(again.runs_on(month, day, weekday), cron.runs_on(month, day, weekday), "{written}");
        }
        assert!(again.times().eq(cron.times()));
    }
}
