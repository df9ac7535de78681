//! Reads the declarations of services: one `service.kdl` for each folder, the standard library's and the workspace's.

use std::collections::BTreeMap;

use super::bounds::{read_bounds, refuse_default_out_of_bounds};
use super::form::{Form, Given, Written as Read};
use super::names::Names;
use super::platform::text;
use super::reserved::refuse_reserved;
use super::secret::{find_texts, read_secret};
use super::setting::read_setting;
use super::shared::{may_share, refuse_doubly_shared, refuse_own_names_in_exports};
use crate::diagnostic::{Diagnostic, Findings, codes, did_you_mean};
use crate::model::{
    Condition, Egress, Export, Image, KUBE_API, Layer, Needs, Parameter, ParameterWarning, Platform, PodSecurity,
    Probe, Requires, STORAGE_CLASS, Secret, Service, ServiceId, ServiceVolume, Skip, Sourced, Unread, Written,
};
use crate::source::{Span, Spanned};
use crate::value::Kind;

/// A checked `service.kdl`.
pub(super) struct ServiceFile {
    pub form: Form,
    /// The name of its folder.
    pub name: String,
    /// The path of its folder.
    pub folder: String,
    pub layer: Layer,
}

/// All services; one of the workspace takes the place of the standard one of its name, the whole folder.
pub(super) fn read_services(
    mut files: Vec<ServiceFile>,
    undeclared: impl IntoIterator<Item = String>,
    platform: &Platform,
    findings: &mut Findings,
) -> (Vec<Service>, Names) {
    files.sort_by(|a, b| (&a.name, b.layer).cmp(&(&b.name, a.layer)));
    files.dedup_by(|later, first| later.name == first.name);
    let mut services = Vec::new();
    let mut names = Names::new("service");
    let mut needs = Vec::new();
    for name in undeclared {
        names.leave_out(name);
    }
    for file in &files {
        let Some(form) = file.form.child("service") else {
            names.leave_out(file.name.clone());
            continue;
        };
        // Without a name it has the one of its folder, once that it has none is said.
        let name = form.name().unwrap_or_else(|| Spanned::new(file.name.clone(), form.head));
        if name.value != file.name {
            findings.push(
                Diagnostic::new(
                    &codes::NOT_ALLOWED_HERE,
                    name.span,
                    format!("the service is named `{}` and its folder `{}`", name.value, file.name),
                )
                .here("differs from the folder's name")
                .fix("take the folder's name", name.span, file.name.clone()),
            );
        }
        let name = Spanned::new(file.name.clone(), name.span);
        if names.declare(&name, services.len(), findings) {
            refuse_reserved(form, &file.name, findings);
            services.push(read_service(form, file, platform, findings));
            needs.push(form);
        }
    }
    for (at, form) in needs.into_iter().enumerate() {
        let read = read_needs(form, &services, &names, findings);
        services[at].is_whole &= read.len() == form.children("needs").count();
        services[at].needs = read;
    }
    refuse_cycles(&mut services, findings);
    refuse_incomplete_needs(&mut services, findings);
    spread_faults(&mut services);
    refuse_doubly_shared(&mut services, findings);
    for service in &mut services {
        refuse_own_names_in_exports(service, findings);
    }
    (services, names)
}

fn read_service(form: &Form, file: &ServiceFile, platform: &Platform, findings: &mut Findings) -> Service {
    let parameters = read_parameters(form, findings);
    let mut unread = Unread::default();
    for declared in form.children("parameter") {
        match declared.name() {
            Some(name) if parameters.iter().any(|parameter| parameter.name == name.value) => {}
            Some(name) => unread.note(name.value),
            None => unread.note_unnamed(),
        }
    }
    let mut service = Service {
        name: file.name.clone(),
        summary: text(form, "summary").unwrap_or_default(),
        shared: form
            .text("shared")
            .or_else(|| form.is_faulty("shared").then(|| Spanned::new(file.name.clone(), form.head))),
        folder: file.folder.clone(),
        needs: Vec::new(),
        requires: form
            .children("requires")
            .filter_map(|required| {
                let version = required.value("version").and_then(|given| given.value.as_version().cloned());
                Some(Requires { operator: required.name()?.value, version, span: required.head })
            })
            .collect(),
        secrets: read_secrets(form, &parameters, &unread, findings),
        parameters,
        images: named(form, "image", findings, |image, name| {
            Some(Image { name, reference: written(image.given("reference")?)?, span: image.head })
        }),
        volumes: named(form, "volume", findings, |volume, name| {
            Some(ServiceVolume {
                name,
                size: written(volume.given("size")?)?,
                class: written(volume.given("class")?)?,
                access: volume.given("access").and_then(written),
                condition: condition(volume),
                span: volume.head,
            })
        }),
        probes: form
            .children("probe")
            .filter_map(|probe| Some(Probe { url: written(probe.given("url")?)?, condition: condition(probe) }))
            .collect(),
        egress: form
            .children("egress")
            .filter_map(|egress| {
                let needed = egress.boolean("required").unwrap_or(false);
                let name = egress.name().filter(|name| known_endpoint(name, needed, platform, file, findings))?;
                Some(Egress { endpoint: name.value, condition: condition(egress) })
            })
            .collect(),
        exports: named(form, "export", findings, |export, name| {
            Some(Export { name, value: written(export.given("value")?)? })
        }),
        skips: form
            .children("skip")
            .filter_map(|skip| {
                Some(Skip {
                    check: skip.name()?.value,
                    reason: text(skip, "reason")?,
                    objects: skip.values("object").map(|given| given.value.to_string()).collect(),
                })
            })
            .collect(),
        chart: super::chart::read_chart(form, findings),
        footprints: super::chart::read_footprints(form, findings),
        pod_security: form.child("pod-security").and_then(|security| {
            Some(PodSecurity {
                level: text(security, "level")?,
                reason: text(security, "reason")?,
                span: security.head,
            })
        }),
        is_standard: file.layer == Layer::Standard,
        is_whole: true,
        unread,
        span: form.head,
    };
    service.is_whole = is_whole(form, &service);
    service
}

/// Whether all that is written became a part of the service; what did not is reported, and templates would stumble over
/// its absence.
fn is_whole(form: &Form, service: &Service) -> bool {
    let count = |name: &str| form.children(name).count();
    let has_default = |name: &str| {
        let mut written = form.children("parameter").filter(|form| form.name().is_some_and(|own| own.value == name));
        written.any(|form| form.given("default").is_some())
    };
    service.parameters.len() == count("parameter")
        && service.parameters.iter().all(|parameter| parameter.default.is_some() || !has_default(&parameter.name))
        && service.images.len() == count("image")
        && service.volumes.len() == count("volume")
        && service.secrets.len() == count("secret")
        && service.exports.len() == count("export")
        && service.chart.is_some() == (count("chart") > 0)
        && !["secret", "volume", "egress", "probe", "needs"]
            .into_iter()
            .flat_map(|name| form.children(name))
            .any(has_faulty_condition)
}

fn has_faulty_condition(form: &Form) -> bool {
    form.is_faulty("if") || form.is_faulty("shared")
}

/// What embeds something that is not whole is not whole either.
fn spread_faults(services: &mut [Service]) {
    loop {
        let faulty = |at: &usize| {
            services[*at].is_whole && services[*at].needs.iter().any(|need| !services[need.service.0].is_whole)
        };
        let Some(at) = (0..services.len()).find(faulty) else { return };
        services[at].is_whole = false;
    }
}

/// What is embedded gets its values from the `needs` alone: a required one that is not among them is given by nobody.
fn refuse_incomplete_needs(services: &mut [Service], findings: &mut Findings) {
    for at in 0..services.len() {
        let mut is_whole = true;
        // Of a shared one the tenant gives the values.
        for need in services[at].needs.iter().filter(|need| need.shared.is_none()) {
            let needed = &services[need.service.0];
            let is_lacking = |parameter: &&Parameter| {
                parameter.required && parameter.default.is_none() && !need.settings.contains_key(&parameter.name)
            };
            let lacking: Vec<&Parameter> = needed.parameters.iter().filter(is_lacking).collect();
            if lacking.is_empty() || !needed.is_whole || need.is_faulty {
                continue;
            }
            let text = format!("`needs {}` lacks the {}", needed.name, Parameter::count(&lacking));
            let finding = Diagnostic::new(&codes::MISSING, need.span, text).here("nobody else can give it");
            let required = |finding: Diagnostic, parameter: &&Parameter| finding.also(parameter.span, "required here");
            findings.push(lacking.iter().fold(finding, required).help(Parameter::way_to_give(&lacking)));
            is_whole = false;
        }
        services[at].is_whole &= is_whole;
    }
}

/// Reads the children of a kind that have names, each name once.
pub(super) fn named<T>(
    form: &Form,
    kind: &'static str,
    findings: &mut Findings,
    mut read: impl FnMut(&Form, String) -> Option<T>,
) -> Vec<T> {
    let mut names = Names::new(kind);
    let mut list = Vec::new();
    for child in form.children(kind) {
        let Some(name) = child.name() else { continue };
        if names.declare(&name, list.len(), findings) {
            list.extend(read(child, name.value));
        }
    }
    list
}

/// What stands behind `if`.
fn condition(form: &Form) -> Condition {
    form.given("if").and_then(written)
}

fn read_secrets(form: &Form, parameters: &[Parameter], unread: &Unread, findings: &mut Findings) -> Vec<Secret> {
    let named = named(form, "secret", findings, |secret, name| Some((secret.head, name)));
    let form_of = |head| form.children("secret").find(|secret| secret.head == head);
    let read = |(head, name)| {
        let form = form_of(head)?;
        let provided_by = form.text("provided-by").filter(|by| !unread.may_hold(&by.value));
        let provided_by = provided_by.and_then(|by| find_texts(&by, parameters, findings));
        Some(read_secret(form, name, condition(form), provided_by, findings))
    };
    named.into_iter().filter_map(read).collect()
}

pub(super) fn written(given: &Given) -> Option<Spanned<Written>> {
    let written = match &given.written {
        Read::Value(value) => Written::Value(value.clone()),
        Read::Scalar(scalar) => Written::Scalar(scalar.clone()),
        Read::Raw(_) | Read::Faulty => return None,
    };
    Some(Spanned::new(written, given.span))
}

/// A standard service may name an endpoint that this platform does not have: then it does without. A workspace's own
/// service may not.
fn known_endpoint(
    name: &Spanned<String>,
    needed: bool,
    platform: &Platform,
    file: &ServiceFile,
    findings: &mut Findings,
) -> bool {
    if name.value == KUBE_API || platform.endpoints.contains_key(&name.value) {
        return true;
    }
    if file.layer == Layer::Standard {
        // What it cannot do without is reported where a tenant asks for it.
        return needed;
    }
    let known = platform.endpoints.keys().map(String::as_str).chain([KUBE_API]);
    findings.push(
        Diagnostic::new(&codes::UNRESOLVED, name.span, format!("the platform has no endpoint `{}`", name.value))
            .here("not declared")
            .also(platform.span, "its platform")
            .help_if(did_you_mean(&name.value, known)),
    );
    false
}

/// What a `warn` or a `refuse` says, and when.
fn read_warning(form: &Form) -> Option<ParameterWarning> {
    let said = form.given("text").and_then(written)?;
    // When it is said is always written; what is not understood is not said at all.
    let condition = condition(form)?;
    Some(ParameterWarning { text: said, condition: Some(condition), help: text(form, "help") })
}

fn read_parameters(form: &Form, findings: &mut Findings) -> Vec<Parameter> {
    named(form, "parameter", findings, |parameter, name| Some((parameter.head, name)))
        .into_iter()
        .filter_map(|(head, name)| {
            let parameter = form.children("parameter").find(|parameter| parameter.head == head)?;
            let kind = read_kind(&parameter.text("type")?, parameter, "value", findings)?;
            let default = match parameter.given("default") {
                Some(Given { span, written: Read::Raw(raw) }) => match raw.read(&name, &kind, true, findings) {
                    Read::Value(value) => Some(Sourced::new(Written::Value(value), *span, Layer::Standard)),
                    Read::Scalar(scalar) => Some(Sourced::new(Written::Scalar(scalar), *span, Layer::Standard)),
                    Read::Raw(_) | Read::Faulty => None,
                },
                _ => None,
            };
            let bounds = read_bounds(parameter, &kind, findings);
            let required = parameter.boolean("required").unwrap_or(false);
            let doc = text(parameter, "doc").unwrap_or_default();
            let warnings = parameter.children("warn").filter_map(read_warning).collect();
            let refusals = parameter.children("refuse").filter_map(read_warning).collect();
            let mut read = Parameter { name, kind, bounds, required, default, doc, warnings, refusals, span: head };
            refuse_default_out_of_bounds(&mut read, findings);
            Some(read)
        })
        .collect()
}

/// The kind that a `type` names; an `enum` takes its values from the children.
pub(super) fn read_kind(name: &Spanned<String>, form: &Form, values: &str, findings: &mut Findings) -> Option<Kind> {
    if name.value == "enum" {
        let mut allowed: Vec<String> =
            form.children(values).filter_map(|value| value.name().map(|name| name.value)).collect();
        allowed.extend(form.values("values").map(|given| given.value.to_string()));
        if allowed.is_empty() {
            findings.push(
                Diagnostic::new(&codes::MISSING, form.head, "an `enum` has no values")
                    .help(format!("list them inside: `{{ {values} small; {values} large }}`")),
            );
            return None;
        }
        return Some(Kind::OneOf(allowed));
    }
    if name.value == STORAGE_CLASS {
        return Some(Kind::Reference(STORAGE_CLASS));
    }
    let kind = Kind::by_name(&name.value);
    if kind.is_none() {
        findings.push(
            Diagnostic::new(&codes::UNRESOLVED, name.span, format!("there is no type `{}`", name.value))
                .here("not a kind of value")
                .help_if(did_you_mean(&name.value, Kind::names().chain([STORAGE_CLASS]))),
        );
    }
    kind
}

fn read_needs(form: &Form, services: &[Service], names: &Names, findings: &mut Findings) -> Vec<Needs> {
    let mut taken = Names::new("need");
    let mut needs = Vec::new();
    for need in form.children("needs") {
        let Some(service) = need.name() else { continue };
        let Some(index) = names.find(&service, findings) else { continue };
        let name = need.text("name").unwrap_or_else(|| service.clone());
        if !taken.declare(&name, needs.len(), findings) {
            continue;
        }
        let mut settings = BTreeMap::new();
        let before = findings.len();
        for entry in &need.open {
            let Some(parameter) = find_parameter(&services[index], &entry.name, findings) else { continue };
            if let Some(written) = read_setting(entry, parameter, findings) {
                settings.insert(parameter.name.clone(), source(written.value, written.span));
            }
        }
        let shared = need.given("shared").and_then(written);
        let shared = shared.filter(|shared| may_share(shared, need, &services[index], findings));
        let condition = condition(need);
        needs.push(Needs {
            service: ServiceId(index),
            name: name.value,
            settings,
            shared,
            condition,
            is_faulty: findings.len() > before,
            span: need.head,
        });
    }
    needs
}

fn source(written: Written, span: Span) -> Sourced<Written> {
    Sourced::new(written, span, Layer::Standard)
}

/// The parameter of a service by name; says so where there is none.
pub(super) fn find_parameter<'s>(
    service: &'s Service,
    name: &Spanned<String>,
    findings: &mut Findings,
) -> Option<&'s Parameter> {
    let found = service.parameters.iter().find(|parameter| parameter.name == name.value);
    if found.is_none() && !service.unread.may_hold(&name.value) {
        let known = service.parameters.iter().map(|parameter| parameter.name.as_str());
        let text = format!("the service `{}` has no parameter `{}`", service.name, name.value);
        let mut diagnostic = Diagnostic::new(&codes::UNKNOWN_PROPERTY, name.span, text)
            .here("not a parameter")
            .help_if(did_you_mean(&name.value, known.clone()));
        if let Some(near) = crate::diagnostic::nearest(&name.value, known) {
            diagnostic = diagnostic.fix(format!("write `{near}`"), name.span, near);
        }
        findings.push(diagnostic);
    }
    found
}

/// A service that needs itself, over others or not, is cut there and reported.
fn refuse_cycles(services: &mut [Service], findings: &mut Findings) {
    for start in 0..services.len() {
        let mut path = vec![start];
        if find_cycle(services, start, start, &mut path) {
            let round = || path.iter().zip(path.iter().skip(1).chain([&start]));
            let way: Vec<&str> = path.iter().chain([&start]).map(|at| services[*at].name.as_str()).collect();
            let mut steps = round().filter_map(|(from, to)| {
                services[*from].needs.iter().find(|need| need.service.0 == *to).map(|need| need.span)
            });
            let span = steps.next().unwrap_or(services[start].span);
            let finding = Diagnostic::new(&codes::CYCLIC, span, format!("`{}` needs itself", services[start].name))
                .here(format!("by way of {}", way.join(" -> ")))
                .help("remove one of these `needs`: a service is embedded in the one that needs it, and none of them is the innermost");
            findings.push(steps.fold(finding, |finding, span| finding.also(span, "and so on here")));
            // Cut open, so that what else is on the way is not told the same; nothing is made of any of them.
            for at in &path {
                services[*at].is_whole = false;
            }
            services[start].needs.clear();
        }
    }
}

fn find_cycle(services: &[Service], start: usize, at: usize, path: &mut Vec<usize>) -> bool {
    for need in &services[at].needs {
        let next = need.service.0;
        if next == start {
            return true;
        }
        if !path.contains(&next) {
            path.push(next);
            if find_cycle(services, start, next, path) {
                return true;
            }
            path.pop();
        }
    }
    false
}
