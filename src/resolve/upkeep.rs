//! Reads how clusters are upgraded and how Rancher is backed up.

use super::form::Form;
use super::platform::text;
use crate::diagnostic::{Diagnostic, Findings, codes, twice};
use crate::model::{RancherBackup, Upgrade};
use crate::source::Spanned;
use crate::value::Value;

/// The distributions that upgrade themselves, by what stands behind the `+` of their versions.
const DISTRIBUTIONS: [&str; 2] = ["rke2", "k3s"];

/// The upgrade of a cluster; `cluster` is its form.
pub(super) fn read_upgrade(form: &Form, cluster: &Form, findings: &mut Findings) -> Option<Upgrade> {
    let mut days: Vec<Spanned<String>> = Vec::new();
    for given in form.values("days") {
        let day = given.map(ToString::to_string);
        match days.iter().find(|known| known.value == day.value) {
            Some(first) => findings.push(twice("the day", first.span, Spanned::new(&day.value, day.span))),
            None => days.push(day),
        }
    }
    let window = form.value("window")?;
    let Value::Window(hours) = window.value else { return None };
    // The controller asks for the day of the moment, so a night that began on Saturday ends for it at midnight, and the
    // early hours of Saturday are open.
    if let (Some(day), true) = (days.first(), hours.end() != 0 && hours.end() < hours.start()) {
        findings.push(
            Diagnostic::new(&codes::NOT_ALLOWED_HERE, day.span, "`days` cannot go with hours that cross midnight")
                .here("of which night is not said")
                .also(window.span, "crosses midnight")
                .help("let the hours end by midnight or begin after it, as `01:00-05:00` does, or leave out `days`"),
        );
    }
    let version = cluster.text("kubernetes")?;
    let build = version.value.split_once('+').map_or("", |(_, build)| build);
    let Some(distribution) = DISTRIBUTIONS.into_iter().find(|name| build.starts_with(name)) else {
        findings.push(
            Diagnostic::new(&codes::NOT_ALLOWED_HERE, form.head, "`upgrade` is for RKE2 and K3s")
                .here("nothing would upgrade it")
                .also(version.span, format!("`{}` is of neither", version.value))
                .help("leave it out, or write the version as RKE2 or K3s do: `v1.34.5+rke2r1`"),
        );
        return None;
    };
    Some(Upgrade {
        window: *hours,
        days: days.into_iter().map(|day| day.value).collect(),
        workers: form.integer("workers").map_or(1, |workers| workers.value),
        distribution,
        span: form.head,
    })
}

/// The backup of Rancher.
pub(super) fn read_rancher_backup(form: &Form) -> Option<RancherBackup> {
    let at = match form.value("at")?.value {
        Value::Cron(cron) => cron.as_ref().clone(),
        _ => return None,
    };
    Some(RancherBackup {
        bucket: text(form, "bucket")?,
        endpoint: text(form, "endpoint")?,
        region: text(form, "region"),
        folder: text(form, "folder"),
        credentials: text(form, "credentials")?,
        encryption: text(form, "encryption")?,
        at,
        keep: form.integer("keep")?.value,
    })
}
