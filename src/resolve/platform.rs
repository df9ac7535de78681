//! Reads the platform team's own nodes: platform, directory, roles, quotas, lint levels, waivers.

use std::collections::BTreeMap;

use super::Top;
use super::form::Form;
use super::library::ServiceFile;
use super::names::Names;
use super::upkeep::read_rancher_backup;
use super::watch::{read_logging, read_monitoring};
use crate::diagnostic::{Code, Diagnostic, Findings, Level, codes, did_you_mean, nearest};
use crate::model::{Delivery, Directory, Endpoint, Layer, Platform, Role, Secrets, Waiver};
use crate::source::{FileId, Span, Spanned};
use crate::value::{Date, Quantity, Url};

/// The platform; one with no name where none is declared, so that the rest is still checked.
pub(super) fn read(top: &Top, findings: &mut Findings) -> Platform {
    let Some(form) = top.single("platform", findings) else {
        let own = top.files.iter().find(|(_, layer)| *layer != Layer::Standard);
        let span = own.map_or(Span::file(FileId(0)), |(file, _)| file.head);
        findings.push(
            Diagnostic::new(&codes::MISSING, span, "the workspace declares no `platform`")
                .help("add `platform NAME domain=\"…\"` to `stadtplan.kdl`"),
        );
        return placeholder(span);
    };
    let mut endpoints = BTreeMap::new();
    let mut names = Names::new("endpoint");
    for endpoint in form.children("endpoint") {
        let Some(name) = endpoint.name() else { continue };
        refuse_other_port(endpoint, findings);
        if names.declare(&name, endpoints.len(), findings) {
            endpoints.insert(name.value, read_endpoint(endpoint));
        }
    }
    let domain = text(form, "domain").unwrap_or_else(|| STAND_IN.to_owned());
    let rancher = form.child("rancher");
    let (monitoring, contact_group) =
        form.child("monitoring").map(|monitoring| read_monitoring(monitoring, findings)).unwrap_or_default();
    Platform {
        name: text(form, "name").unwrap_or_else(|| STAND_IN.to_owned()),
        label_prefix: text(form, "label-prefix").unwrap_or_else(|| domain.clone()),
        domain,
        time_zone: read_time_zone(form, findings),
        registry: text(form, "registry"),
        charts: text(form, "charts"),
        rancher: rancher.and_then(|rancher| rancher.value("version")?.value.as_version().cloned()),
        rancher_backup: rancher.and_then(|rancher| read_rancher_backup(rancher.child("backup")?)),
        delivery: form.child("delivery").map(|delivery| Delivery {
            repository: text(delivery, "repository").unwrap_or_default(),
            branch: text(delivery, "branch").unwrap_or_else(|| "main".to_owned()),
            root: match text(delivery, "path").as_deref() {
                None => "out/".to_owned(),
                Some(".") => String::new(),
                Some(folder) => format!("{folder}/"),
            },
        }),
        secrets: form.child("secrets").map(read_secrets),
        monitoring,
        contact_group,
        logging: form.child("logging").map(|logging| read_logging(logging, &text(form, "name").unwrap_or_default())),
        endpoints,
        span: form.head,
    }
}

/// An endpoint without a name that is understood may be any that a service asks for.
pub(super) fn stand_in_for_unnamed(top: &Top, services: &[ServiceFile], platform: &mut Platform) {
    let mut endpoints = top.nodes("platform").flat_map(|(form, _)| form.children("endpoint"));
    let Some(unnamed) = endpoints.find(|endpoint| endpoint.name().is_none()) else { return };
    let services = services.iter().filter_map(|file| file.form.child("service"));
    for asked in services.flat_map(|service| service.children("egress")).filter_map(Form::name) {
        platform.endpoints.entry(asked.value).or_insert_with(|| read_endpoint(unnamed));
    }
}

/// One that is not understood is there all the same: nobody is told that it is missing.
fn read_endpoint(form: &Form) -> Endpoint {
    let networks = form.values("to").filter_map(|given| given.value.as_cidr()).collect();
    let url = text(form, "url").unwrap_or_else(|| format!("https://{STAND_IN}"));
    let port = form.integer("port").map_or(443, |port| port.value);
    Endpoint { url, networks, port, ca: Vec::new(), span: form.head }
}

/// Services go where the URL says, and network policies let them go where the port says.
fn refuse_other_port(endpoint: &Form, findings: &mut Findings) {
    let (Some(url), Some(port)) = (endpoint.value("url"), endpoint.integer("port")) else { return };
    let Some(meant) = url.value.as_url().and_then(Url::port).filter(|meant| i64::from(*meant) != port.value) else {
        return;
    };
    findings.push(
        Diagnostic::new(
            &codes::WRONG_KIND,
            port.span,
            format!("`port`: the address answers at {meant}, not at {}", port.value),
        )
        .here("the network policies open this one")
        .also(url.span, format!("services call port {meant}"))
        .fix(format!("write `{meant}`"), port.span, meant.to_string()),
    );
}

fn read_secrets(form: &Form) -> Secrets {
    Secrets {
        operator: text(form, "by"),
        vault: text(form, "vault").unwrap_or_default(),
        mount: text(form, "mount").unwrap_or_else(|| "stadtplan".to_owned()),
        auth: text(form, "auth").unwrap_or_else(|| "kubernetes".to_owned()),
        role: text(form, "role").unwrap_or_else(|| "stadtplan".to_owned()),
        ca: text(form, "ca"),
        span: form.head,
    }
}

/// What stands for a name or a domain that is not given, which is an error: labels that are made of it are right, so that
/// nothing else is blamed.
pub(super) const STAND_IN: &str = "example";

fn placeholder(span: Span) -> Platform {
    Platform {
        name: STAND_IN.to_owned(),
        domain: STAND_IN.to_owned(),
        label_prefix: STAND_IN.to_owned(),
        time_zone: Spanned::new("UTC".to_owned(), span),
        registry: None,
        charts: None,
        rancher: None,
        rancher_backup: None,
        delivery: None,
        secrets: None,
        monitoring: Vec::new(),
        contact_group: String::new(),
        logging: None,
        endpoints: BTreeMap::new(),
        span,
    }
}

fn read_time_zone(form: &Form, findings: &mut Findings) -> Spanned<String> {
    let zone = form.text("time-zone").unwrap_or_else(|| Spanned::new("UTC".to_owned(), form.head));
    if jiff::tz::TimeZone::get(&zone.value).is_err() {
        let text = format!("there is no time zone `{}`", zone.value);
        let diagnostic = Diagnostic::new(&codes::WRONG_KIND, zone.span, text).here("not in the IANA database");
        let names: Vec<String> = jiff::tz::db().available().map(|name| name.as_str().to_owned()).collect();
        let near = did_you_mean(&zone.value, names.iter().map(String::as_str)).filter(|text| text.starts_with("did"));
        findings.push(diagnostic.help_if(near.or_else(|| Some("an IANA name, such as `Europe/Berlin`".to_owned()))));
        return Spanned::new("UTC".to_owned(), zone.span);
    }
    zone
}

/// The Active Directory, where one is declared.
pub(super) fn read_directory(top: &Top, findings: &mut Findings) -> Option<Directory> {
    let form = top.single("directory", findings)?;
    let dn = |name: &str| form.value(name).and_then(|given| given.value.as_dn().cloned());
    let export = form.child("export");
    Some(Directory {
        base: dn("base")?,
        group_base: dn("group-base"),
        export: export.and_then(|export| export.text("file")),
        max_age: export.and_then(|export| export.value("max-age")).and_then(|given| given.value.as_duration()),
        span: form.head,
    })
}

/// All roles; a workspace may declare a standard one anew.
pub(super) fn read_roles(top: &Top, findings: &mut Findings) -> (Vec<Role>, Names) {
    let mut roles: Vec<Role> = Vec::new();
    let mut names = top.names("role");
    // The standard library's roles come last and only where the workspace has none of that name.
    for layer in [Layer::Platform, Layer::Standard] {
        for (form, _) in top.nodes("role").filter(|(_, of)| *of == layer) {
            let Some(name) = names.of(form) else { continue };
            if layer == Layer::Standard && names.get(&name.value).is_some() {
                continue;
            }
            if names.declare(&name, roles.len(), findings) {
                let stand_in = |setting: &str| text(form, setting).unwrap_or_else(|| STAND_IN.to_owned());
                let (project_role, cluster_role) = (stand_in("project-role"), stand_in("cluster-role"));
                let restores = form.boolean("restores").unwrap_or(false);
                roles.push(Role { name: name.value, project_role, cluster_role, restores, span: form.head });
            }
        }
    }
    (roles, names)
}

/// The declared quotas.
pub(super) struct Quotas {
    pub names: Names,
    pub list: Vec<DeclaredQuota>,
}

/// A quota by name.
pub(super) struct DeclaredQuota {
    pub name: String,
    pub cpu: Spanned<Quantity>,
    pub memory: Spanned<Quantity>,
    pub storage: Spanned<Quantity>,
    pub pods: Spanned<i64>,
}

pub(super) fn read_quotas(top: &Top, findings: &mut Findings) -> Quotas {
    let mut quotas = Quotas { names: top.names("quota"), list: Vec::new() };
    for (form, _) in top.nodes("quota") {
        let Some(name) = quotas.names.of(form) else { continue };
        if !quotas.names.declare(&name, quotas.list.len(), findings) {
            continue;
        }
        // A faulty figure is reported already: nobody is told that the quota is missing, or that it is too small.
        let boundless = Spanned::new(Quantity::BOUNDLESS, form.head);
        let figure = |setting: &str| quantity(form, setting).unwrap_or(boundless);
        quotas.list.push(DeclaredQuota {
            name: name.value,
            cpu: figure("cpu"),
            memory: figure("memory"),
            storage: figure("storage"),
            pods: form.integer("pods").unwrap_or(Spanned::new(i64::MAX, form.head)),
        });
    }
    quotas
}

/// The levels that the workspace sets.
pub(super) fn read_levels(top: &Top, findings: &mut Findings) -> BTreeMap<&'static str, Spanned<Level>> {
    let mut levels: BTreeMap<&'static str, Spanned<Level>> = BTreeMap::new();
    for (form, _) in top.nodes("lint") {
        let (Some(code), Some(level)) = (read_code(form, findings), form.text("level")) else { continue };
        let level = level.map(|level| match level.as_str() {
            "allow" => Level::Allow,
            "warn" => Level::Warn,
            _ => Level::Deny,
        });
        if let Some(first) = levels.get(code.value.name) {
            findings.push(crate::diagnostic::twice(
                "the level of",
                first.span,
                Spanned::new(code.value.name, code.span),
            ));
        } else {
            levels.insert(code.value.name, level);
        }
    }
    levels
}

/// The findings that the workspace accepts for a time.
pub(super) fn read_waivers(top: &Top, tenants: &Names, findings: &mut Findings) -> Vec<Waiver> {
    let mut waivers = Vec::new();
    for (form, _) in top.nodes("waiver") {
        let tenant = form.text("tenant").and_then(|name| tenants.meant(&name, findings));
        let Some(code) = read_code(form, findings) else { continue };
        let until = form.value("until").and_then(|given| Some(Spanned::new(given.value.as_date()?, given.span)));
        waivers.push(Waiver {
            code,
            reason: text(form, "reason").unwrap_or_default(),
            owner: text(form, "owner").unwrap_or_default(),
            // What one that is not understood would waive is not told beside it.
            until: until.unwrap_or(Spanned::new(Date::MAX, form.head)),
            tenant: tenant.map(str::to_owned),
        });
    }
    waivers
}

/// The code that a lint level or a waiver is about; one that keeps output from being wrong cannot be lowered.
fn read_code(form: &Form, findings: &mut Findings) -> Option<Spanned<&'static Code>> {
    let name = form.name()?;
    let Some(code) = codes::by_name(&name.value) else {
        let names = || codes::ALL.iter().map(|code| code.name);
        let finding = Diagnostic::new(&codes::UNRESOLVED, name.span, format!("there is no code `{}`", name.value))
            .here("not a finding of this compiler")
            .help_if(
                did_you_mean(&name.value, names()).or_else(|| Some("`stadtplan explain` lists them all".to_owned())),
            );
        let near = nearest(&name.value, names());
        findings.push(match near {
            Some(near) => finding.fix(format!("write `{near}`"), name.span, near),
            None => finding,
        });
        let meant = near.and_then(codes::by_name).filter(|code| code.may_be_waived)?;
        return Some(Spanned::new(meant, name.span));
    };
    if !code.may_be_waived {
        findings.push(
            Diagnostic::new(
                &codes::NOT_ALLOWED_HERE,
                name.span,
                format!("`{}` cannot be lowered or waived", code.name),
            )
            .here("what it finds would make the output wrong")
            .help(format!("mend what it finds; `stadtplan explain {}` says how", code.name)),
        );
        return None;
    }
    Some(Spanned::new(code, name.span))
}

pub(super) fn text(form: &Form, name: &str) -> Option<String> {
    form.text(name).map(|given| given.value)
}

pub(super) fn quantity(form: &Form, name: &str) -> Option<Spanned<Quantity>> {
    let given = form.value(name)?;
    Some(Spanned::new(given.value.as_quantity()?, given.span))
}
