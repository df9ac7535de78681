//! `stadtplan new`: a tenant in one line, a service in one folder.
//!
//! What is made is compiled with the rest of the workspace before a byte is written; a name, a key or a host that is
//! taken already is refused with the finding that `check` would give.

pub(super) mod files;

mod overlay;

use clap::{Args, Subcommand};

use self::files::{NewFile, write_new};
use self::overlay::Overlay;
use super::exit::Exit;
use super::workspace::Workspace;
use super::{Context, Failure, terminal};
use crate::compile::{Compilation, Finding, Options, compile};
use crate::diagnostic::Severity;
use crate::render::{Canvas, Format, Report, render};

/// Make a municipality, a customer or a service
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  stadtplan new municipality goch --ags 05154016 --title \"Stadt Goch\"
  stadtplan new customer lippe-verband --title Lippeverband --cluster one --quota small
  stadtplan new service intranet")]
pub(super) struct Arguments {
    #[command(subcommand)]
    thing: Thing,
}

#[derive(Debug, Subcommand)]
enum Thing {
    /// A municipality, as `municipalities/NAME.kdl`
    Municipality {
        #[command(flatten)]
        tenant: Tenant,

        /// Its official municipality key: 8 digits, 5 for a Kreis
        #[arg(long, value_name = "KEY", value_parser = municipality_key)]
        ags: String,
    },
    /// A tenant that is no municipality, as `customers/NAME.kdl`
    Customer {
        #[command(flatten)]
        tenant: Tenant,
    },
    /// A service of your own, as the folder `services/NAME`
    Service {
        /// Its name, as tenants will write it
        #[arg(value_name = "NAME", value_parser = dns_label)]
        name: String,
    },
}

#[derive(Debug, Args)]
struct Tenant {
    /// Its short name: the first part of its namespaces
    #[arg(value_name = "NAME", value_parser = dns_label)]
    name: String,

    /// Its name as people write it
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,

    /// The cluster it lives on, where it is not the default one
    #[arg(long, value_name = "NAME", value_parser = dns_label)]
    cluster: Option<String>,

    /// Its quota, where it is not the default one
    #[arg(long, value_name = "NAME", value_parser = dns_label)]
    quota: Option<String>,
}

pub(super) fn run(context: &Context, arguments: &Arguments) -> Result<Exit, Failure> {
    let workspace = Workspace::open(context, None, None)?;
    let files = files_of(&arguments.thing);
    let compilation =
        compile(&Overlay::new(workspace.world(), &files), &Options { only_proofs: true, ..Options::default() });
    let findings = about(&compilation, &files);
    if findings.iter().any(|finding| finding.severity == Severity::Error) {
        terminal::print_error(&refusal(&compilation, &findings, &context.terminal.error));
        return Ok(Exit::Findings);
    }
    write_new(workspace.root(), &files)?;
    let mut text = String::new();
    for file in &files {
        text.extend(["made `", &file.path, "`\n"]);
    }
    if let Thing::Service { name } = &arguments.thing {
        text.extend(["\na tenant uses it by `service ", name, "`\n"]);
    }
    terminal::print(&text)?;
    Ok(Exit::Clean)
}

/// The findings that the new files bring: those in them, and those elsewhere that point to them.
fn about(compilation: &Compilation, files: &[NewFile]) -> Vec<Finding> {
    let is_new = |span: crate::source::Span| {
        let path = &compilation.sources.file(span.file).path;
        files.iter().any(|file| file.path == *path)
    };
    let concerns = |finding: &&Finding| {
        let diagnostic = &finding.diagnostic;
        is_new(diagnostic.span) || diagnostic.others.iter().any(|label| is_new(label.span))
    };
    compilation.findings.iter().filter(concerns).cloned().collect()
}

fn refusal(compilation: &Compilation, findings: &[Finding], canvas: &Canvas) -> String {
    let report = Report {
        sources: &compilation.sources,
        findings,
        counts: crate::compile::Counts::default(),
        limit: None,
        problems: &[],
        outcome: None,
    };
    format!("{}nothing was written\n", render(&report, Format::Human, canvas))
}

fn files_of(thing: &Thing) -> Vec<NewFile> {
    match thing {
        Thing::Municipality { tenant, ags } => {
            vec![tenant_file("municipality", "municipalities", tenant, Some(ags))]
        }
        Thing::Customer { tenant } => vec![tenant_file("customer", "customers", tenant, None)],
        Thing::Service { name } => service_files(name),
    }
}

/// A tenant's file: one line, and a block only where it departs from the defaults.
fn tenant_file(node: &str, folder: &str, tenant: &Tenant, ags: Option<&String>) -> NewFile {
    let words = [
        Some(format!("{node} {}", tenant.name)),
        ags.map(|ags| format!("ags={}", quoted(ags))),
        tenant.title.as_ref().map(|title| format!("title={}", quoted(title))),
        tenant.cluster.as_ref().map(|cluster| format!("cluster={cluster}")),
        tenant.quota.as_ref().map(|quota| format!("{{\n    quota {quota}\n}}")),
    ];
    let text = words.into_iter().flatten().collect::<Vec<_>>().join(" ") + "\n";
    NewFile { path: format!("{folder}/{}.kdl", tenant.name), text }
}

/// The folder of a service; the name in the files beside this one is replaced.
fn service_files(name: &str) -> Vec<NewFile> {
    [
        ("service.kdl", include_str!("service/service.kdl")),
        ("deployment.yaml", include_str!("service/deployment.yaml")),
        ("service.yaml", include_str!("service/service.yaml")),
    ]
    .into_iter()
    .map(|(file, text)| NewFile { path: format!("services/{name}/{file}"), text: text.replace("my-service", name) })
    .collect()
}

/// A KDL string.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            control if control.is_control() => quoted.extend(control.escape_unicode()),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

fn dns_label(text: &str) -> Result<String, String> {
    let allowed = |character: char| character.is_ascii_lowercase() || character.is_ascii_digit() || character == '-';
    if text.is_empty() || text.len() > 63 {
        Err(format!("a name has 1 to 63 characters, this has {}", text.chars().count()))
    } else if !text.chars().all(allowed) {
        Err("a name has only the letters a to z, digits and `-`".to_owned())
    } else if text.starts_with('-') || text.ends_with('-') {
        Err("a name begins and ends with a letter or a digit".to_owned())
    } else {
        Ok(text.to_owned())
    }
}

fn municipality_key(text: &str) -> Result<String, String> {
    match text.len() {
        _ if !text.bytes().all(|byte| byte.is_ascii_digit()) => Err("a municipality key has only digits".to_owned()),
        5 | 8 => Ok(text.to_owned()),
        4 | 7 => Err(format!("a municipality key has 8 digits, 5 for a Kreis; did you mean `0{text}`?")),
        length => Err(format!("a municipality key has 8 digits, 5 for a Kreis; this has {length}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tenant(name: &str) -> Tenant {
        Tenant { name: name.to_owned(), title: None, cluster: None, quota: None }
    }

    #[test]
    fn a_tenant_that_takes_the_defaults_is_one_line() {
        let file = tenant_file("municipality", "municipalities", &tenant("goch"), Some(&"05154016".to_owned()));
        assert_eq!(file.path, "municipalities/goch.kdl");
        assert_eq!(file.text, "municipality goch ags=\"05154016\"\n");
    }

    #[test]
    fn what_is_said_of_a_tenant_is_written() {
        let tenant = Tenant {
            title: Some("Die \"Stadt\"\n".to_owned()),
            cluster: Some("two".to_owned()),
            quota: Some("large".to_owned()),
            ..tenant("x")
        };
        let text = "customer x title=\"Die \\\"Stadt\\\"\\u{a}\" cluster=two {\n    quota large\n}\n";
        assert_eq!(tenant_file("customer", "customers", &tenant, None).text, text);
    }

    #[test]
    fn a_service_bears_its_name_everywhere() {
        for file in service_files("intranet") {
            assert!(file.path.starts_with("services/intranet/"));
            assert!(file.text.contains("intranet") && !file.text.contains("my-service"), "{}", file.path);
        }
    }

    #[test]
    fn a_name_is_a_dns_label() {
        assert!(dns_label("kreis-kleve").is_ok());
        for wrong in ["", "Goch", "-a", "a-", "a_b", "straße", "a.b", &"a".repeat(64)] {
            assert!(dns_label(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_municipality_key_without_its_zero_is_recognised() {
        assert!(municipality_key("05154016").is_ok() && municipality_key("05154").is_ok());
        assert!(municipality_key("5154016").is_err_and(|message| message.contains("05154016")));
        assert!(municipality_key("0515401x").is_err());
    }
}
