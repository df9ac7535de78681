//! Volumes for one pod under workloads that have more: a second pod on another node waits for ever for the volume.

use super::Fleet;
use crate::diagnostic::{Diagnostic, Findings, codes, quoted};
use crate::lower::{SingleWriter, VolumeUser};
use crate::model::Tenant;

pub(super) fn check(fleet: &Fleet<'_>, findings: &mut Findings) {
    for (tenant, lowered) in fleet.tenants {
        for namespace in &lowered.namespaces {
            findings.extend(namespace.single_writers.iter().filter_map(|volume| judge(volume, tenant)));
        }
    }
}

fn judge(volume: &SingleWriter, tenant: &Tenant) -> Option<Diagnostic> {
    let claim = &volume.claim;
    // One volume of a pod may be listed twice under two names: it is still one pod.
    let mut users: Vec<&VolumeUser> = volume.users.iter().collect();
    users.dedup_by(|a, b| a.name == b.name);
    let running: Vec<&VolumeUser> = users.iter().copied().filter(|user| user.pods > 0).collect();
    // A run that waits for the volume gets it when the run before it ends.
    if running.iter().all(|user| user.ends) {
        return None;
    }
    let finding = match running.as_slice() {
        [] => return None,
        [user] if user.pods > 1 => Diagnostic::new(
            &codes::CROWDED_VOLUME,
            user.counted,
            format!("`{}` can have {} pods, and its volume `{claim}` is for one", user.name, user.pods),
        )
        .here("more than one pod")
        .also(user.mounted, "mounts the volume")
        .help("let many nodes write it (`access=many` in the volume), or keep to one pod"),
        [user] => {
            let strategy = user.rolls_over.as_ref()?;
            Diagnostic::new(
                &codes::STUCK_ROLLOUT,
                user.mounted,
                format!("a new pod of `{}` waits for the volume `{claim}`, which the old one holds", user.name),
            )
            .here("a volume for one pod")
            .help(format!("let the old pod go first (`{strategy}`), or let many nodes write (`access=many`)"))
        }
        [first, others @ ..] => {
            let text = format!(
                "{} mount the volume `{claim}`, which is for one pod",
                quoted(running.iter().map(|user| &user.name))
            );
            let finding = Diagnostic::new(&codes::CROWDED_VOLUME, first.mounted, text)
                .here("mounted here")
                .help("let many nodes write it (`access=many` in the volume), or give each a volume of its own");
            others.iter().fold(finding, |finding, other| finding.also(other.mounted, "and here"))
        }
    };
    Some(finding.also(running[0].asked, "in what this becomes").of(&tenant.name))
}
