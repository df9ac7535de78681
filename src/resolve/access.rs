//! Reads who has which role: the names of groups evaluated, and each looked up in the directory's export.
//!
//! Kubernetes compares the name of a group byte for byte and Active Directory does not, so a group whose DN is spelled
//! differently binds nobody and raises no error in the cluster. That is why it is one here.

use std::collections::BTreeMap;

use super::Context;
use super::evaluate::{Place, evaluate};
use super::form::Written;
use super::layers::Uses;
use super::tenant::Known;
use crate::diagnostic::{Diagnostic, Findings, codes, did_you_mean};
use crate::expression::Scope;
use crate::facts::directory::{Directory as Export, Match, read_directory};
use crate::model::{Access, Directory, Group, Layer, Origin, RoleId};
use crate::source::{Span, Spanned};
use crate::value::{Date, Dn, GroupName, Kind, Value, dn};

/// The groups there are, as far as it is known.
#[derive(Debug)]
pub(super) enum Groups {
    /// There is no export: a name is taken as it is, below the group base.
    Unknown { base: Option<Dn> },
    /// The export's; those outside the base do not exist for Rancher.
    Known { export: Box<Export>, span: Span, base: Option<Dn> },
}

impl Groups {
    pub(super) fn load(directory: Option<&Directory>, context: &mut Context<'_>) -> Self {
        let base = directory.map(|directory| directory.group_base.as_ref().unwrap_or(&directory.base).clone());
        let Some(path) = directory.and_then(|directory| directory.export.as_ref()) else {
            return Groups::Unknown { base };
        };
        let Some(file) = context.load(&path.value, path.span) else { return Groups::Unknown { base } };
        let text = context.sources.file(file).text.clone();
        let (export, findings) = read_directory(file, &text);
        // What is missing in an export that cannot be read to its end says nothing about the directory.
        let is_whole = findings.is_empty();
        context.findings.extend(findings);
        if !is_whole {
            return Groups::Unknown { base };
        }
        judge_age(directory, &export, path, context);
        let base = directory.and_then(|directory| directory.group_base.clone());
        Groups::Known { export: Box::new(export), span: path.span, base }
    }

    /// The DN of a group as the directory spells it.
    fn find(&self, group: &GroupName, place: &Place<'_>, findings: &mut Findings) -> Option<String> {
        let name = &group.to_string();
        let (export, span, base) = match self {
            Groups::Unknown { base } => {
                return Some(match base {
                    Some(base) if !name.contains('=') => format!("CN={},{base}", dn::escaped(name)),
                    _ => name.clone(),
                });
            }
            Groups::Known { export, span, base } => (export, *span, base),
        };
        let finding = |code, text: String| Diagnostic::new(code, place.span, text);
        let also = |diagnostic: Diagnostic| {
            if place.asked == place.span { diagnostic } else { diagnostic.also(place.asked, "for this tenant") }
        };
        match export.find(group) {
            Match::Exact(group) => {
                if !group.is_security_group() {
                    findings.push(also(
                        finding(&codes::DISTRIBUTION_LIST, format!("the group `{name}` is a distribution list"))
                            .here("gives no rights")
                            .also(group.span, "its entry in the export")
                            .help("rights need a security group"),
                    ));
                }
                if let Some(base) = base.as_ref().filter(|base| !group.dn.is_below(base)) {
                    findings.push(also(
                        finding(&codes::GROUP_OUTSIDE_BASE, format!("the group `{name}` is not below the group base"))
                            .here("does not exist for Rancher")
                            .also(group.span, "its entry in the export")
                            .help(format!("move it below `{base}`, or widen `group-base`")),
                    ));
                }
                if export.effective_members(group).is_empty() {
                    findings.push(also(
                        finding(&codes::EMPTY_GROUP, format!("the group `{name}` has no members"))
                            .here("gives its rights to nobody")
                            .also(group.span, "its entry in the export")
                            .help("put someone in, or take a new export of the directory"),
                    ));
                }
                Some(group.dn.to_string())
            }
            Match::SpellingDiffers(group) => {
                findings.push(also(
                    finding(
                        &codes::GROUP_SPELLING,
                        format!("the group `{name}` is spelled differently in the directory"),
                    )
                    .here("would bind nobody")
                    .also(group.span, format!("it is `{}` here", group.dn))
                    .help(format!(
                        "write `{}`",
                        if name.contains('=') { group.dn.to_string() } else { group.cn.clone() }
                    )),
                ));
                None
            }
            Match::Moved(group) => {
                findings.push(also(
                    finding(&codes::UNKNOWN_GROUP, format!("the group `{name}` was moved or renamed"))
                        .here("not under this DN any more")
                        .also(group.span, format!("it is `{}` now", group.dn))
                        .help(format!("write `{}`", group.dn)),
                ));
                None
            }
            Match::None { nearest } => {
                let near = did_you_mean(name, nearest.iter().copied());
                findings.push(also(
                    finding(&codes::UNKNOWN_GROUP, format!("the directory has no group `{name}`"))
                        .here("would bind nobody")
                        .also(span, "looked for in this export")
                        .help_if(
                            near.or_else(|| Some("make the group, or take a new export of the directory".to_owned())),
                        ),
                ));
                None
            }
        }
    }
}

/// Says so where the newest entry of an export is older than the export may be. Without a date nothing is judged.
fn judge_age(directory: Option<&Directory>, export: &Export, path: &Spanned<String>, context: &mut Context<'_>) {
    let today = context.world.today().and_then(|day| day.parse::<Date>().ok());
    let most = directory.and_then(|directory| directory.max_age);
    let (Some(today), Some(newest), Some(most)) = (today, export.newest_change(), most) else { return };
    let days = (today - newest).get_days();
    if u64::try_from(days).is_ok_and(|days| days > most.days()) {
        context.findings.push(
            Diagnostic::new(
                &codes::STALE_EXPORT,
                path.span,
                format!("the newest entry of `{}` is {days} days old, and the export may be {most} old", path.value),
            )
            .here(format!("nothing in it changed after {newest}"))
            .help("take a new export of the directory: groups made or moved since are not in this one"),
        );
    }
}

/// The roles of a tenant and the groups that have them.
pub(super) fn read_access(
    uses: &Uses,
    scope: &Scope,
    known: &Known<'_>,
    tenant: Span,
    findings: &mut Findings,
) -> Vec<Access> {
    let mut access: BTreeMap<RoleId, Vec<Group>> = BTreeMap::new();
    for used in uses.access.values() {
        let Some(role) = known.role_names.find(&used.role, findings) else { continue };
        let mut groups: Vec<Group> = Vec::new();
        for raw in &used.groups {
            let place = Place {
                name: &used.role.value,
                span: raw.span,
                asked: if used.layer == Layer::Defaults { tenant } else { raw.span },
            };
            let name = match raw.read(&used.role.value, &Kind::GroupName, true, findings) {
                Written::Value(value) => Some(value),
                Written::Scalar(scalar) => evaluate(&scalar, &Kind::GroupName, scope, &place, findings),
                Written::Raw(_) | Written::Faulty => None,
            };
            let Some(Value::Group(group)) = name else { continue };
            let name = group.to_string();
            if groups.iter().any(|group| group.name == name) {
                findings.push(
                    Diagnostic::new(&codes::TWICE, raw.span, format!("the group `{name}` is given twice"))
                        .here("given again here"),
                );
                continue;
            }
            if let Some(dn) = known.groups.find(&group, &place, findings) {
                groups.push(Group { name, dn, origin: Origin { span: raw.span, layer: used.layer } });
            }
        }
        access.insert(RoleId(role), groups);
    }
    access.into_iter().map(|(role, groups)| Access { role, groups }).collect()
}
