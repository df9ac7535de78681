//! Waivers that no longer hold: expired, or for a finding that is not there.

use crate::diagnostic::{Diagnostic, Findings, codes};
use crate::model::Waiver;
use crate::value::Date;

/// A waiver, and how many findings it waived.
#[derive(Debug)]
pub struct WaiverUse<'w> {
    pub waiver: &'w Waiver,
    pub used: usize,
}

/// Judges waivers after they were applied. Without a date nothing has expired.
pub fn check_waivers(waivers: &[WaiverUse<'_>], today: Option<Date>, findings: &mut Findings) {
    for WaiverUse { waiver, used } in waivers {
        let name = waiver.code.value.name;
        if let Some(today) = today
            && today > waiver.until.value
        {
            findings.push(
                Diagnostic::new(
                    &codes::EXPIRED_WAIVER,
                    waiver.until.span,
                    format!("the waiver of `{name}` ended on {}", waiver.until.value),
                )
                .here(format!("today is {today}"))
                .help(format!("mend what it waives, or ask {} for a new date", waiver.owner)),
            );
        } else if *used == 0 {
            findings.push(
                Diagnostic::new(
                    &codes::UNUSED_WAIVER,
                    waiver.code.span,
                    format!("nothing is waived by this waiver of `{name}`"),
                )
                .here("no such finding")
                .help("remove it"),
            );
        }
    }
}
