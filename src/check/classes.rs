//! What a storage class does not do for the volumes on it: keep the writes of many, and let people restore what is lost.
//!
//! Both are told at the class, which is where they are mended, and once for each tenant however many volumes it has there:
//! a Kreis has hundreds of schools. The first of them is shown.

use std::collections::BTreeMap;

use super::Fleet;
use crate::diagnostic::{Diagnostic, Findings, codes};
use crate::model::{ClassId, Model, Role, Tenant, Volume};
use crate::source::Span;

pub(super) fn check(fleet: &Fleet<'_>, findings: &mut Findings) {
    for (tenant, _) in fleet.tenants {
        let restores = tenant.access.iter().map(|access| &fleet.model[access.role]).find(|role| role.restores);
        let mut shared = BTreeMap::new();
        let mut kept = BTreeMap::new();
        each_volume(tenant, &mut |volume| {
            if volume.shared {
                shared.entry(volume.class.value).or_insert(volume.span);
            }
            kept.entry(volume.class.value).or_insert(volume.span);
        });
        let told = shared.into_iter().filter_map(|(class, volume)| gives_up(class, volume, fleet.model));
        findings.extend(told.map(|finding| finding.of(&tenant.name)));
        if let Some(role) = restores {
            let told = kept.into_iter().filter_map(|(class, volume)| is_out_of_reach(class, volume, role, fleet.model));
            findings.extend(told.map(|finding| finding.of(&tenant.name)));
        }
    }
}

/// A class that does not say how many writers mount its volumes. `soft` is somebody's decision; nothing is nobody's.
fn gives_up(class: ClassId, volume: Span, model: &Model) -> Option<Diagnostic> {
    let class = &model[class];
    if class.nfs.is_some() || !class.shared {
        return None;
    }
    let text =
        format!("the class `{}` has volumes with many writers and does not say how they are mounted", class.name);
    let finding = Diagnostic::new(&codes::SOFT_MOUNT, class.span, text)
        .here("unless it says otherwise they give up after some minutes, and the write is lost")
        .also(volume, "a volume with many writers")
        .help("add `nfs hard` to it, or `nfs soft` where a lost write is bearable; or take a class that says so");
    Some(finding)
}

/// A class that backs its volumes up and makes no snapshots, where people of the tenant have the right to restore.
fn is_out_of_reach(class: ClassId, volume: Span, role: &Role, model: &Model) -> Option<Diagnostic> {
    let class = &model[class];
    if class.backups.is_empty() || !class.snapshots.is_empty() || !class.has_all_snapshots {
        return None;
    }
    let text = format!("the class `{}` makes backups and no snapshots, and people restore from snapshots", class.name);
    let finding = Diagnostic::new(&codes::MISSING_SNAPSHOT, class.span, text)
        .here("no `snapshot`")
        .also(volume, "a volume on it")
        .also(role.span, format!("whoever has the role `{}` may restore it", role.name))
        .help("add `snapshot hourly at=\"15 * * * *\" keep=24` to it; without one the platform team has to fetch a backup");
    Some(finding)
}

fn each_volume<'t>(tenant: &'t Tenant, see: &mut impl FnMut(&'t Volume)) {
    tenant.volumes.iter().for_each(&mut *see);
    for instance in &tenant.instances {
        instance.visit(&mut |instance| instance.volumes.iter().for_each(&mut *see));
    }
}
