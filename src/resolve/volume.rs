//! Reads volumes, those of tenants and those of services: how large each is, and the class that it lies on.

use super::instance::Seat;
use super::layers::VolumeUse;
use super::tenant::Known;
use crate::diagnostic::{Diagnostic, Findings, codes};
use crate::expression::Scope;
use crate::model::{ClassId, Layer, Parameter, STORAGE_CLASS, Service, ServiceVolume, Sourced, StorageClass, Volume};
use crate::source::{Span, Spanned};
use crate::value::{Kind, Quantity};

/// No storage makes a volume of less; who writes less has left out the unit.
const LEAST: i64 = 1 << 20;

/// A volume that a tenant has for itself.
pub(super) fn read_volume(
    used: &VolumeUse,
    layer: Layer,
    known: &Known<'_>,
    findings: &mut Findings,
) -> Option<Volume> {
    if used.size.value < Quantity::from_count(LEAST) {
        let text = format!("`size`: a volume of {} is less than a volume can be", used.size.value);
        findings.push(
            Diagnostic::new(&codes::WRONG_KIND, used.size.span, text)
                .here("expected `1Mi` at least")
                .help("write its unit: `size=\"50Gi\"`"),
        );
    }
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
    pub(super) fn read_volume(
        &self,
        volume: &ServiceVolume,
        service: &Service,
        scope: &Scope,
        findings: &mut Findings,
    ) -> Option<Volume> {
        let size = self.demand("size", &volume.size, &Kind::Quantity, scope, findings)?;
        let class = self.demand("class", &volume.class, &Kind::Reference(STORAGE_CLASS), scope, findings)?;
        let class = Spanned::new(class.to_string(), volume.class.span);
        let index = self.find_class(&class, service, None, findings)?;
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

    /// A class that a service names has to be declared by the workspace. The standard library is not to be changed, so a
    /// finding about its lines stands at the use, and the line is the other place.
    pub(super) fn find_class(
        &self,
        class: &Spanned<String>,
        service: &Service,
        default_of: Option<&Parameter>,
        findings: &mut Findings,
    ) -> Option<usize> {
        let found = self.known.class_names.get(&class.value);
        if found.is_none() && !self.known.class_names.is_unread(&class.value) {
            let finding = self.known.class_names.unresolved(class);
            let is_in_library = service.is_standard && class.span.file == service.span.file;
            findings.push(if is_in_library {
                let named = match default_of {
                    Some(parameter) => format!("the default of `{}`", parameter.name),
                    None => "named by the service".to_owned(),
                };
                let finding = Diagnostic { span: self.used, fix: None, ..finding };
                let finding = finding.here(format!("the service `{}` takes it", service.name));
                let finding = if self.asked == self.used { finding } else { finding.also(self.asked, "for this one") };
                finding.also(class.span, named)
            } else {
                finding.also(self.asked, "needed by this service")
            });
        }
        found
    }
}
