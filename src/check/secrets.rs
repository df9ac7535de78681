//! What the Secrets of services stand on: a store of the platform, and the operator that fetches from it.
//!
//! Without them the objects are written and nothing ever becomes of them: pods wait for a Secret that never comes.

use std::collections::BTreeSet;

use super::Fleet;
use super::operators::{self, lacks_operator};
use crate::diagnostic::{Diagnostic, Findings, codes};
use crate::model::{Platform, Requires, Secrets, Service, Tenant};
use crate::source::Span;
use crate::value::Version;

/// The generator makes values for several keys at once since this version of the operator.
pub(super) const LEAST: &str = "1.2";

/// A service that has a Secret: one it declares, or one that its templates fetch themselves.
struct Keeper<'f> {
    tenant: &'f Tenant,
    service: &'f Service,
    secret: Span,
    asked: Span,
}

pub(super) fn check(fleet: &Fleet<'_>, findings: &mut Findings) {
    let keepers = keepers(fleet);
    let Some(store) = &fleet.model.platform.secrets else {
        findings.extend(keepers.first().map(|keeper| without_store(keeper, fleet)));
        return;
    };
    // One line in a cluster mends it for all its tenants.
    let mut told = BTreeSet::new();
    for keeper in &keepers {
        let cluster = keeper.tenant.cluster.value;
        if !told.contains(&cluster)
            && let Some(finding) = without_operator(keeper, store, fleet)
        {
            told.insert(cluster);
            findings.push(finding);
        }
    }
    // The operator takes the mount for the beginning of a place, and cuts it off.
    for (tenant, _) in fleet.tenants.iter().filter(|(tenant, _)| tenant.name == store.mount) {
        let text = format!("no tenant can be named `{}`", tenant.name);
        findings.push(
            Diagnostic::new(&codes::RESERVED_NAME, tenant.span, text)
                .here("the name of the mount in the vault")
                .also(store.span, "all tenants' secrets lie there")
                .help("move the secrets to a mount of another name: `mount=…`")
                .of(&tenant.name),
        );
    }
}

/// Every instance that has a Secret, with those inside others; the first Secret of each.
fn keepers<'f>(fleet: &Fleet<'f>) -> Vec<Keeper<'f>> {
    let mut keepers = Vec::new();
    for (tenant, lowered) in fleet.tenants {
        for instance in &tenant.instances {
            instance.visit(&mut |instance| {
                let service = &fleet.model[instance.service];
                let secret = instance.secrets_of(service).next();
                keepers.extend(secret.map(|secret| Keeper {
                    tenant,
                    service,
                    secret: secret.span,
                    asked: instance.span,
                }));
            });
        }
        keepers.extend(lowered.store_readers.iter().map(|reader| Keeper {
            tenant,
            service: &fleet.model[reader.service],
            secret: reader.place,
            asked: reader.asked,
        }));
    }
    keepers
}

fn without_store(keeper: &Keeper<'_>, fleet: &Fleet<'_>) -> Diagnostic {
    no_store(&fleet.model.platform, &format!("the service `{}` needs them", keeper.service.name))
        .also(keeper.secret, "a secret of the service")
        .also(keeper.asked, "asked for here")
}

pub(super) fn no_store(platform: &Platform, need: &str) -> Diagnostic {
    Diagnostic::new(&codes::MISSING, platform.span, format!("the platform has no `secrets`, and {need}"))
        .here("nothing says where secrets come from")
        .help(format!("add `secrets external-secrets vault=\"https://vault.{}\"` to the platform", platform.domain))
}

fn without_operator(keeper: &Keeper<'_>, store: &Secrets, fleet: &Fleet<'_>) -> Option<Diagnostic> {
    let cluster = &fleet.model[keeper.tenant.cluster.value];
    let required =
        Requires { operator: store.operator.clone()?, version: Version::parse(LEAST).ok(), span: keeper.secret };
    // What the service says itself is reported with all it requires.
    let service = keeper.service;
    if service.requires.iter().any(|own| own.operator == required.operator && lacks_operator(cluster, own).is_some()) {
        return None;
    }
    let finding = operators::without_operator(cluster, &required)?;
    Some(
        finding
            .here(format!("needed for the secrets of the service `{}`", service.name))
            .also(keeper.secret, "a secret of the service")
            .also(keeper.asked, "asked for here"),
    )
}
