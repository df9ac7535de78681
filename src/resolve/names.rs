//! The declared things of one kind by name: declaring one twice and asking for one that is not there are findings.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::diagnostic::{Diagnostic, Findings, codes, did_you_mean};
use crate::source::{Span, Spanned};

/// The finding that a name is asked for and never declared.
pub(super) fn unresolved<'n>(
    noun: &str,
    name: &Spanned<String>,
    known: impl IntoIterator<Item = &'n str> + Clone,
) -> Diagnostic {
    Diagnostic::new(&codes::UNRESOLVED, name.span, format!("there is no {noun} `{}`", name.value))
        .here("not declared")
        .help_if(did_you_mean(&name.value, known))
}

/// Names of one kind of thing and the index of each.
#[derive(Debug)]
pub(super) struct Names {
    noun: &'static str,
    known: BTreeMap<String, Declared>,
}

#[derive(Debug)]
struct Declared {
    index: usize,
    span: Span,
    used: AtomicBool,
}

impl Names {
    pub(super) fn new(noun: &'static str) -> Self {
        Names { noun, known: BTreeMap::new() }
    }

    /// Declares the next index under a name; says so where the name is taken.
    pub(super) fn declare(&mut self, name: &Spanned<String>, index: usize, findings: &mut Findings) -> bool {
        if let Some(first) = self.known.get(&name.value) {
            findings.push(
                Diagnostic::new(
                    &codes::DUPLICATE_NAME,
                    name.span,
                    format!("there are two {}s named `{}`", self.noun, name.value),
                )
                .here("declared again here")
                .also(first.span, "first declared here")
                .help("rename one of them, or remove it"),
            );
            return false;
        }
        let declared = Declared { index, span: name.span, used: AtomicBool::new(false) };
        self.known.insert(name.value.clone(), declared);
        true
    }

    /// The index of a name; says so where there is none.
    pub(super) fn find(&self, name: &Spanned<String>, findings: &mut Findings) -> Option<usize> {
        let found = self.get(&name.value);
        if found.is_none() {
            let mut diagnostic = unresolved(self.noun, name, self.names());
            if self.known.is_empty() {
                diagnostic = diagnostic.help(match self.noun {
                    "storage class" => format!(
                        "no storage class is declared yet: declare `storage-class {} {{ replicas 3; }}` beside \
                         the clusters",
                        name.value
                    ),
                    noun => format!("no {noun} is declared yet"),
                });
            } else if let Some(near) = crate::diagnostic::nearest(&name.value, self.names()) {
                diagnostic = diagnostic.fix(format!("write `{near}`"), name.span, near);
            }
            findings.push(diagnostic);
        }
        found
    }

    pub(super) fn get(&self, name: &str) -> Option<usize> {
        let declared = self.known.get(name)?;
        declared.used.store(true, Ordering::Relaxed);
        Some(declared.index)
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> + Clone {
        self.known.keys().map(String::as_str)
    }

    /// Says of every declaration of the workspace that nothing asked for it.
    pub(super) fn report_unused(&self, is_own: impl Fn(Span) -> bool, findings: &mut Findings) {
        for (name, declared) in &self.known {
            if !declared.used.load(Ordering::Relaxed) && is_own(declared.span) {
                findings.push(
                    Diagnostic::new(
                        &codes::UNUSED_DEFINITION,
                        declared.span,
                        format!("nothing uses the {} `{name}`", self.noun),
                    )
                    .here("declared and never used")
                    .help(match self.noun {
                        "service" => format!("use it inside a tenant or the defaults: `service {name}`; or remove it"),
                        noun => format!("use the {noun}, as `for-each={name}` of a service; or remove it"),
                    }),
                );
            }
        }
    }
}
