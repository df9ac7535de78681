//! Reads the declarations of services: one `service.kdl` for each folder, the standard library's and the workspace's.

use super::form::{Form, Given, Written as Read};
use super::names::Names;
use super::needs::link;
use super::parameter::read_parameters;
use super::platform::text;
use super::reserved::refuse_reserved;
use super::secret::{find_texts, read_secret};
use super::shared::{refuse_doubly_shared, refuse_own_names_in_exports};
use crate::diagnostic::{Diagnostic, Findings, codes, did_you_mean};
use crate::model::{
    Condition, Egress, Export, Image, KUBE_API, Layer, Parameter, Platform, PodSecurity, Probe, Requires, Secret,
    Service, ServiceVolume, Skip, Unread, Written,
};
use crate::source::Spanned;

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
    let mut forms = Vec::new();
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
            forms.push(form);
        }
    }
    link(&mut services, &forms, &names, findings);
    refuse_doubly_shared(&mut services, findings);
    for service in &mut services {
        refuse_own_names_in_exports(service, findings);
    }
    (services, names)
}

fn read_service(form: &Form, file: &ServiceFile, platform: &Platform, findings: &mut Findings) -> Service {
    let (parameters, unread) = read_parameters(form, findings);
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
        forgone: form
            .children("egress")
            .filter_map(|egress| Some(egress.name()?.value))
            .filter(|name| name != KUBE_API && !platform.endpoints.contains_key(name))
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
pub(super) fn condition(form: &Form) -> Condition {
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
