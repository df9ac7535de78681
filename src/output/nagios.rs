//! Objects of Nagios, which watches from outside what tenants make public: a file for each tenant, and one they refer to.
//!
//! One error keeps Nagios from loading anything, so every name that a file refers to is defined in [`BASE`], but for the
//! one contact group that the platform names and `$USER1$`, the folder of its plugins. All names of ours begin with
//! `stadtplan-`. Nagios reads neither quotes nor escapes as a shell does; what a text may do to a line is decided here.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::join;

/// The folder in the output; clusters cannot have its name.
pub const FOLDER: &str = "nagios";

/// The file that the tenants' files refer to; a tenant's name never begins with `_`.
const BASE: &str = "_stadtplan.cfg";

/// An address that is asked for, as an instance's probe says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Unique at its host.
    pub name: String,
    pub tls: bool,
    pub port: u16,
    /// With its query; as it goes over the wire, without blanks or umlauts.
    pub path: String,
}

/// A host, and what is asked of it.
#[derive(Debug, Default)]
pub struct Host {
    /// Whether another's file defines it: a second definition would stop all of Nagios.
    pub is_foreign: bool,
    pub checks: Vec<Check>,
}

/// What is watched of a tenant.
#[derive(Debug)]
pub struct Watched<'w> {
    pub tenant: &'w str,
    pub title: &'w str,
    pub cluster: &'w str,
    pub hosts: BTreeMap<String, Host>,
    /// What cannot be watched from outside, and why.
    pub left_out: Vec<String>,
}

/// The path of a tenant's file and its bytes.
pub fn write_tenant(watched: &Watched<'_>) -> (String, Vec<u8>) {
    let mut text = String::from("# Public hosts and probes of one tenant. What it refers to is in _stadtplan.cfg.\n");
    for line in &watched.left_out {
        let _ = writeln!(text, "# Not watched from outside: {}", plain(line));
    }
    let group = format!("stadtplan-{}", watched.tenant);
    // A group has to have members.
    if watched.hosts.values().any(|host| !host.is_foreign) {
        define("hostgroup", &[("hostgroup_name", &group), ("alias", &plain(watched.title))], &mut text);
    }
    for (host, Host { is_foreign, checks }) in &watched.hosts {
        if !is_foreign {
            let port = checks.first().map_or(443, |check| check.port);
            let lines: [(&str, &str); 6] = [
                ("use", "stadtplan-host"),
                ("host_name", host),
                ("address", host),
                ("hostgroups", &group),
                ("check_command", &format!("stadtplan-reach!{port}")),
                ("_CLUSTER", watched.cluster),
            ];
            define("host", &lines, &mut text);
        }
        for check in checks {
            let command = if check.tls { "stadtplan-https" } else { "stadtplan-http" };
            let lines: [(&str, &str); 4] = [
                ("use", "stadtplan-service"),
                ("host_name", host),
                ("service_description", &check.name),
                ("check_command", &format!("{command}!{host}!{}!{}", check.port, argument(&check.path))),
            ];
            define("service", &lines, &mut text);
        }
    }
    (join(FOLDER, &format!("{}.cfg", watched.tenant)), text.into_bytes())
}

/// The path of the file that all others refer to, and its bytes.
pub fn write_base(contact_group: &str) -> (String, Vec<u8>) {
    let mut text = format!(
        "# What the tenants' files refer to. Of your Nagios it needs the contact group `{contact_group}` and, in $USER1$, the\n\
         # folder of the plugins check_http and check_tcp. Load the whole folder: `cfg_dir=/path/to/{FOLDER}`. Times are in\n\
         # minutes, as long as `interval_length` is 60.\n"
    );
    let days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let mut period = vec![("timeperiod_name", "stadtplan-always"), ("alias", "Day and night")];
    period.extend(days.map(|day| (day, "00:00-24:00")));
    define("timeperiod", &period, &mut text);
    // Single quotes keep the shell from reading an address; none is in one.
    let http = "$USER1$/check_http -H '$ARG1$' -p '$ARG2$' -u '$ARG3$' -f follow -t 10";
    for (name, line) in [
        ("stadtplan-reach", "$USER1$/check_tcp -H '$HOSTADDRESS$' -p '$ARG1$' -t 10"),
        ("stadtplan-http", http),
        ("stadtplan-https", &http.replace("check_http", "check_http -S --sni")),
    ] {
        define("command", &[("command_name", name), ("command_line", line)], &mut text);
    }
    for (kind, name, options) in [("host", "stadtplan-host", "d,r"), ("service", "stadtplan-service", "w,c,r")] {
        let lines = [
            ("name", name),
            ("register", "0"),
            ("check_period", "stadtplan-always"),
            ("check_interval", "5"),
            ("retry_interval", "1"),
            ("max_check_attempts", "3"),
            ("contact_groups", contact_group),
            ("notification_period", "stadtplan-always"),
            ("notification_options", options),
            ("notification_interval", "60"),
        ];
        define(kind, &lines, &mut text);
    }
    (join(FOLDER, BASE), text.into_bytes())
}

fn define(kind: &str, lines: &[(&str, &str)], text: &mut String) {
    let _ = writeln!(text, "\ndefine {kind} {{");
    let width = lines.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
    for (name, value) in lines {
        let _ = writeln!(text, "    {name:width$}  {value}");
    }
    text.push_str("}\n");
}

/// A text of people's own as the rest of a line: `;` would begin a comment, a backslash at the end join the next line.
fn plain(text: &str) -> String {
    let clean: String = text
        .chars()
        .map(|character| match character {
            ';' => ',',
            '\\' => '/',
            control if control.is_control() => ' ',
            other => other,
        })
        .collect();
    clean.trim().to_owned()
}

/// A path as an argument of a command: between its arguments stands `!`, `;` begins a comment, `$` a macro, and `'` ends
/// the quotes around it.
fn argument(path: &str) -> String {
    path.chars().fold(String::with_capacity(path.len()), |mut text, character| {
        match character {
            '!' => text.push_str("\\!"),
            ';' => text.push_str("\\;"),
            '$' => text.push_str("$$"),
            '\'' => text.push_str("%27"),
            '\\' => text.push_str("%5C"),
            other => text.push(other),
        }
        text
    })
}
