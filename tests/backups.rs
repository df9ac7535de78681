//! When the backups of a workspace run, read from the jobs and claims it is compiled to.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use jiff::civil::date;
use jiff::tz::TimeZone;
use stadtplan::compile::{Compilation, Options, compile};
use stadtplan::source::FileId;
use stadtplan::value::Cron;
use stadtplan::yaml::{Yaml, read};

use crate::support::parts;

/// The window of the shared storage class: `22:00-04:00`, in minutes of the local day.
const WINDOW: (i64, i64) = (22 * 60, 4 * 60);

/// Where a claim says which jobs it has, and the one of them that is no job.
const JOB_LABEL: &str = "recurring-job.longhorn.io/";
const SOURCE: &str = "source";

/// The shared cluster and class, and tenants of these numbers with two volumes each.
fn fleet(tenants: impl Iterator<Item = u32>) -> Compilation {
    let mut text = "// use: minimal storage\n".to_owned();
    for number in tenants {
        let _ = writeln!(
            text,
            "customer ort-{number} {{ cluster niederrhein-1; quota small; access {{ admin GG_{number}; }}; \
             volume akten size=\"1Gi\" class=gold; volume plaene size=\"1Gi\" class=gold; }}"
        );
    }
    let compilation = compile(&parts::world(&parts::split(&text)), &Options::default());
    let errors: Vec<&String> = compilation.findings.iter().map(|finding| &finding.diagnostic.message).collect();
    assert!(compilation.output.is_some(), "{errors:?}");
    compilation
}

/// The objects of a kind.
fn objects(compilation: &Compilation, kind: &str) -> Vec<Yaml> {
    let files =
        compilation.output.iter().flat_map(|tree| &tree.files).filter(|(path, _)| parts::extension(path) == "yaml");
    let documents = files.flat_map(|(_, file)| read(FileId(0), &String::from_utf8_lossy(&file.bytes)).0);
    documents.filter(|object| text(object, &["kind"]) == Some(kind)).collect()
}

fn text<'y>(object: &'y Yaml, path: &[&str]) -> Option<&'y str> {
    path.iter().try_fold(object, |node, key| node.get(key))?.as_str()
}

/// The backup jobs by name, with their schedules.
fn backups(compilation: &Compilation) -> BTreeMap<String, Cron> {
    let jobs = objects(compilation, "RecurringJob");
    let backups = jobs.iter().filter(|job| text(job, &["spec", "task"]) == Some("backup"));
    backups
        .filter_map(|job| {
            let cron = Cron::parse(text(job, &["spec", "cron"])?).ok()?;
            Some((text(job, &["metadata", "name"])?.to_owned(), cron))
        })
        .collect()
}

/// The backup job of each claim.
fn slots(compilation: &Compilation) -> BTreeMap<String, String> {
    let jobs = backups(compilation);
    let claims = objects(compilation, "PersistentVolumeClaim");
    claims
        .iter()
        .map(|claim| {
            let metadata = |key: &str| text(claim, &["metadata", key]).unwrap_or_default();
            let labels = claim.get("metadata").and_then(|metadata| metadata.get("labels")).and_then(Yaml::as_map);
            let named = labels.unwrap_or_default().iter().filter_map(|(key, _)| key.as_str()?.strip_prefix(JOB_LABEL));
            let own: Vec<&str> = named.filter(|job| *job != SOURCE && jobs.contains_key(*job)).collect();
            assert_eq!(own.len(), 1, "a claim has one slot of its one backup, and its job is there: {own:?}");
            (format!("{}/{}", metadata("namespace"), metadata("name")), own[0].to_owned())
        })
        .collect()
}

#[test]
fn every_backup_begins_in_its_window_on_every_day_of_the_year() {
    let compilation = fleet(10..90);
    let jobs = backups(&compilation);
    assert!((2..=24).contains(&jobs.len()), "{} jobs for a window", jobs.len());
    let zone = TimeZone::get("Europe/Berlin").expect("a zone of the database");
    let mut offsets = BTreeSet::new();
    for (name, cron) in &jobs {
        assert!(cron.is_daily(), "{name}");
        for minute in cron.times() {
            let mut day = date(2026, 1, 1);
            while day.year() == 2026 {
                // The controller reads a schedule as UTC.
                let instant = day.to_zoned(TimeZone::UTC).expect("a day of the calendar");
                let instant =
                    instant.checked_add(jiff::Span::new().minutes(i64::from(minute))).expect("a minute of it");
                let local = instant.with_time_zone(zone.clone());
                offsets.insert(local.offset().seconds());
                let minute = i64::from(local.hour()) * 60 + i64::from(local.minute());
                assert!(minute >= WINDOW.0 || minute < WINDOW.1, "{name} begins at {local}");
                day = day.tomorrow().expect("the year has an end");
            }
        }
    }
    assert_eq!(offsets.len(), 2, "both offsets of the zone were met");
    let minutes: BTreeSet<u16> = jobs.values().flat_map(Cron::times).collect();
    assert_eq!(minutes.len(), jobs.len(), "no two slots begin at once");
}

#[test]
fn claims_are_spread_over_the_slots() {
    let compilation = fleet(10..90);
    let mut crowd: BTreeMap<String, usize> = BTreeMap::new();
    for slot in slots(&compilation).into_values() {
        *crowd.entry(slot).or_default() += 1;
    }
    let jobs = backups(&compilation).len();
    let most = crowd.values().max().copied().unwrap_or_default();
    assert!(crowd.len() * 10 >= jobs * 9, "160 claims use {} of {jobs} slots", crowd.len());
    assert!(most <= 4 * 160 / jobs, "{most} of 160 claims begin at once in {jobs} slots");
}

#[test]
fn the_slot_of_a_claim_stays_when_others_come_and_go() {
    let all = slots(&fleet(10..90));
    for fewer in [slots(&fleet(10..20)), slots(&fleet((10..90).filter(|number| number % 7 == 3)))] {
        assert!(!fewer.is_empty());
        for (claim, slot) in fewer {
            assert_eq!(all.get(&claim), Some(&slot), "{claim}");
        }
    }
}
