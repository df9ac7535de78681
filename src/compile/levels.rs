//! Levels and waivers: what the workspace makes of each finding. The one place they are applied.

use super::Finding;
use crate::check::{WaiverUse, check_waivers};
use crate::diagnostic::{Diagnostic, Findings, Level, Severity};
use crate::model::Model;
use crate::value::Date;

/// Weighs findings by the workspace's levels, drops those that are allowed or waived, and judges the waivers.
pub(super) fn weigh(findings: Findings, model: &Model, today: Option<Date>) -> Vec<Finding> {
    let mut waivers: Vec<WaiverUse<'_>> = model.waivers.iter().map(|waiver| WaiverUse { waiver, used: 0 }).collect();
    let mut weighed = Vec::new();
    for diagnostic in findings.into_sorted() {
        let waiver = waivers.iter_mut().find(|use_| waives(use_, &diagnostic));
        if let Some(waiver) = waiver {
            waiver.used += 1;
            continue;
        }
        weighed.extend(weigh_one(diagnostic, model));
    }
    let mut more = Findings::new();
    check_waivers(&waivers, today, &mut more);
    weighed.extend(more.into_sorted().into_iter().filter_map(|diagnostic| weigh_one(diagnostic, model)));
    weighed.sort_by_key(|finding| finding.diagnostic.span);
    weighed
}

fn waives(waiver: &WaiverUse<'_>, diagnostic: &Diagnostic) -> bool {
    let of_tenant = waiver.waiver.tenant.is_none() || waiver.waiver.tenant == diagnostic.tenant;
    waiver.waiver.code.value == diagnostic.code && of_tenant
}

fn weigh_one(diagnostic: Diagnostic, model: &Model) -> Option<Finding> {
    let level = model.levels.get(diagnostic.code.name).map_or(diagnostic.code.level, |level| level.value);
    let severity = match level {
        Level::Allow => return None,
        Level::Warn => Severity::Warning,
        Level::Deny => Severity::Error,
    };
    Some(Finding { severity, diagnostic })
}
