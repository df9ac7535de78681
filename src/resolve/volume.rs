//! Reads volumes, those of tenants and those of services: how large each is, and the class that it lies on.

use super::instance::Seat;
use super::layers::VolumeUse;
use super::tenant::Known;
use crate::diagnostic::{Diagnostic, Findings, codes};
use crate::expression::Scope;
use crate::model::{ClassId, Layer, STORAGE_CLASS, ServiceVolume, Sourced, StorageClass, Volume};
use crate::source::{Span, Spanned};
use crate::value::Kind;

/// A volume that a tenant has for itself.
pub(super) fn read_volume(
    used: &VolumeUse,
    layer: Layer,
    known: &Known<'_>,
    findings: &mut Findings,
) -> Option<Volume> {
    let index = known.class_names.find(&used.class, findings)?;
    let class = &known.classes[index];
    if used.shared && !class.shared {
        findings.push(single_writer(&used.name.value, class, used.class.span));
    }
    Some(Volume {
        name: used.name.value.clone(),
        size: Sourced::new(used.size.value, used.size.span, layer),
        class: Sourced::new(ClassId(index), used.class.span, layer),
        shared: used.shared,
        span: used.span,
    })
}

/// A volume with many writers on a class for one.
fn single_writer(volume: &str, class: &StorageClass, span: Span) -> Diagnostic {
    Diagnostic::new(
        &codes::SHARED_VOLUME,
        span,
        format!("the volume `{volume}` has many writers and `{}` is for one", class.name),
    )
    .here("a class for one writer")
    .also(class.span, "declared with `shared=#false` here")
    .help("take a class for many writers, or `access=once`")
}

impl Seat<'_> {
    /// A volume of a service.
    pub(super) fn read_volume(&self, volume: &ServiceVolume, scope: &Scope, findings: &mut Findings) -> Option<Volume> {
        let size = self.demand("size", &volume.size, &Kind::Quantity, scope, findings)?;
        let class = self.demand("class", &volume.class, &Kind::Reference(STORAGE_CLASS), scope, findings)?;
        let class = Spanned::new(class.to_string(), volume.class.span);
        let index = self.find_class(&class, findings)?;
        let shared = match &volume.access {
            None => false,
            Some(access) => {
                let kind = Kind::Enum(&["once", "many"]);
                self.demand("access", access, &kind, scope, findings)?.to_string() == "many"
            }
        };
        let declared = &self.known.classes[index];
        if shared && !declared.shared {
            // One for a use, though a table may make many of it: its line is where another class is chosen.
            let finding = single_writer(&volume.name, declared, self.used);
            findings.push(if self.asked == self.used { finding } else { finding.also(self.asked, "for this one") });
        }
        Some(Volume {
            name: volume.name.clone(),
            size: Sourced::new(size.as_quantity()?, volume.size.span, Layer::Standard),
            class: Sourced::new(ClassId(index), volume.class.span, Layer::Standard),
            shared,
            span: volume.span,
        })
    }

    /// A class that a service of the standard library names has to be declared by the workspace.
    pub(super) fn find_class(&self, class: &Spanned<String>, findings: &mut Findings) -> Option<usize> {
        let found = self.known.class_names.get(&class.value);
        if found.is_none() {
            let mut scratch = Findings::new();
            self.known.class_names.find(class, &mut scratch);
            findings
                .extend(scratch.into_iter().map(|diagnostic| diagnostic.also(self.asked, "needed by this service")));
        }
        found
    }
}
