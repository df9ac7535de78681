//! The limits of composed names: what still fits when tenant, service and suffix are put together.
//!
//! Kubernetes and its helpers cut or rewrite a name that is too long, each in its own way (Longhorn's webhook puts a
//! checksum in, and the object in Git never matches again), so every composed name is held to its limit here.

use crate::diagnostic::Fault;
use crate::value::words::shown;

/// How long a name of some sort can be, and what it may begin with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// With its article, for messages.
    pub noun: &'static str,
    pub length: usize,
    /// Why, for a note.
    pub reason: &'static str,
    /// RFC 1035: a letter in front. An AGS begins with a digit.
    letter_first: bool,
}

const fn limit(noun: &'static str, length: usize, reason: &'static str) -> Limit {
    Limit { noun, length, reason, letter_first: false }
}

impl Limit {
    pub const NAMESPACE: Limit = limit("a namespace", 63, "a DNS label has at most 63 characters");
    pub const OBJECT: Limit = limit("an object", 253, "a DNS name has at most 253 characters");
    pub const LABEL_VALUE: Limit = limit("a label's value", 63, "Kubernetes refuses longer values of labels");
    pub const RELEASE: Limit = limit("a Helm release", 53, "Helm keeps ten characters for what it appends");
    pub const BUNDLE: Limit = limit("a Fleet bundle", 53, "a bundle becomes a Helm release of the same name");
    pub const JOB: Limit = limit("a Job", 63, "its name becomes a label of its pods");
    pub const CRON_JOB: Limit = limit("a CronJob", 52, "the controller appends eleven characters for each job");
    pub const STATEFUL_SET: Limit = limit("a StatefulSet", 52, "its name and a revision become a label of its pods");
    pub const LONGHORN: Limit =
        limit("a Longhorn object", 40, "Longhorn's webhook cuts longer names and adds a checksum");
    pub const SERVICE: Limit =
        Limit { letter_first: true, ..limit("a Service", 63, "a Service is a DNS label of RFC 1035") };
}

/// Holds a composed name to its limit.
pub fn fits(name: &str, limit: Limit) -> Result<(), Fault> {
    let length = name.chars().count();
    if length > limit.length {
        let over = length - limit.length;
        let plural = if over == 1 { "" } else { "s" };
        return Err(Fault::new(format!(
            "{} has {length} characters; the name of {} has at most {}",
            shown(name),
            limit.noun,
            limit.length
        ))
        .at(name.char_indices().nth(limit.length).map_or(0, |(at, _)| at)..name.len())
        .help(format!("shorten it by {over} character{plural}; {}", limit.reason)));
    }
    if limit.letter_first && !name.starts_with(|first: char| first.is_ascii_lowercase()) {
        return Err(Fault::new(format!(
            "{} cannot be the name of {}: it has to begin with a letter",
            shown(name),
            limit.noun
        ))
        .help(limit.reason));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_itself_fits() {
        for limit in [Limit::NAMESPACE, Limit::BUNDLE, Limit::CRON_JOB, Limit::LONGHORN, Limit::SERVICE] {
            assert!(fits(&"a".repeat(limit.length), limit).is_ok());
            assert!(fits(&"a".repeat(limit.length + 1), limit).is_err());
        }
    }

    #[test]
    fn length_and_limit_are_named() {
        let fault = fits(&"a".repeat(55), Limit::BUNDLE).unwrap_err();
        assert!(fault.message.ends_with("has 55 characters; the name of a Fleet bundle has at most 53"));
        assert!(fault.help.unwrap().starts_with("shorten it by 2 characters"));
        assert_eq!(fault.range, Some(53..55));
    }

    #[test]
    fn a_service_begins_with_a_letter() {
        assert!(fits("05154016-web", Limit::NAMESPACE).is_ok());
        assert!(fits("05154016-web", Limit::SERVICE).unwrap_err().message.contains("begin with a letter"));
    }
}
