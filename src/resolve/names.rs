//! The declared things of one kind by name: declaring one twice and asking for one that is not there are findings.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::form::Form;
use crate::diagnostic::{Diagnostic, Findings, codes, did_you_mean, nearest};
use crate::model::Unread;
use crate::source::{Span, Spanned};

/// Names of one kind of thing and the index of each.
#[derive(Debug)]
pub(super) struct Names {
    noun: &'static str,
    known: BTreeMap<String, Declared>,
    unread: Unread,
    /// What else is declared in the workspace, by name: of which kind it is.
    elsewhere: Arc<BTreeMap<String, &'static str>>,
}

#[derive(Debug)]
struct Declared {
    index: usize,
    span: Span,
    used: AtomicBool,
}

impl Names {
    pub(super) fn new(noun: &'static str) -> Self {
        Names { noun, known: BTreeMap::new(), unread: Unread::default(), elsewhere: Arc::default() }
    }

    /// Remembers a name that is declared and was not understood.
    pub(super) fn leave_out(&mut self, name: String) {
        self.unread.note(name);
    }

    /// What is declared and not understood.
    pub(super) fn into_unread(self) -> Unread {
        self.unread
    }

    /// The name that a node declares. One without a name that is understood may be any that is asked for.
    pub(super) fn of(&mut self, form: &Form) -> Option<Spanned<String>> {
        let name = form.name();
        if name.is_none() {
            self.unread.note_unnamed();
        }
        name
    }

    /// Tells these names of all others, so that a reference to another kind of thing is known for what it is.
    pub(super) fn introduce<const COUNT: usize>(all: [&mut Names; COUNT]) {
        let named = |names: &&mut Names| {
            let noun = names.noun;
            names.known.keys().map(move |name| (name.clone(), noun)).collect::<Vec<_>>()
        };
        let elsewhere: Arc<BTreeMap<_, _>> = Arc::new(all.iter().flat_map(named).collect());
        for names in all {
            names.elsewhere = Arc::clone(&elsewhere);
        }
    }

    /// Declares the next index under a name; says so where the name is taken.
    pub(super) fn declare(&mut self, name: &Spanned<String>, index: usize, findings: &mut Findings) -> bool {
        if let Some(first) = self.known.get(&name.value) {
            findings.push(
                Diagnostic::new(
                    &codes::DUPLICATE_NAME,
                    name.span,
                    format!("there are two {} named `{}`", plural(self.noun), name.value),
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

    /// Whether something of this name may be declared and not understood.
    pub(super) fn is_unread(&self, name: &str) -> bool {
        self.unread.may_hold(name)
    }

    /// The index of a name; says so where there is none. Only the name itself will do where what is made is named after it.
    pub(super) fn find_exactly(&self, name: &Spanned<String>, findings: &mut Findings) -> Option<usize> {
        self.find(name, findings).filter(|_| self.has(&name.value))
    }

    /// The index of the name that is meant; says so where there is none.
    pub(super) fn find(&self, name: &Spanned<String>, findings: &mut Findings) -> Option<usize> {
        self.get(self.meant(name, findings)?)
    }

    /// The declared name that is meant. One that is nearly declared is reported and read as that, so that nothing is told
    /// of its absence.
    pub(super) fn meant(&self, name: &Spanned<String>, findings: &mut Findings) -> Option<&str> {
        if let Some((known, _)) = self.known.get_key_value(&name.value) {
            return Some(known);
        }
        if self.is_unread(&name.value) {
            return None;
        }
        findings.push(self.unresolved(name));
        nearest(&name.value, self.names())
    }

    /// The finding for a name that is not there.
    pub(super) fn unresolved(&self, name: &Spanned<String>) -> Diagnostic {
        let Spanned { value: name, span } = name;
        let known = did_you_mean(name, self.names());
        let text = format!("there is no {} `{name}`", self.noun);
        let finding = Diagnostic::new(&codes::UNRESOLVED, *span, text).here("not declared").help_if(known.clone());
        if let Some(near) = nearest(name, self.names()) {
            return finding.fix(format!("write `{near}`"), *span, near);
        }
        let declaration = self.declaration(name);
        if self.known.is_empty() && self.unread.is_empty() {
            return finding.help(format!("no {} is declared yet: {declaration}", self.noun));
        }
        finding.help(match (self.elsewhere.get(name), known) {
            (Some(other), Some(known)) => format!("`{name}` is a {other}; {known}"),
            (Some(other), None) => format!("`{name}` is a {other}"),
            (None, Some(known)) => format!("{known}; or {declaration}"),
            (None, None) => declaration,
        })
    }

    /// How one of this name is declared.
    fn declaration(&self, name: &str) -> String {
        match self.noun {
            "backup target" => format!("declare `backup-target {name} url=\"s3://…\" credentials=…`"),
            "cluster" => format!("declare `cluster {name} {{ kubernetes \"v…\" }}`"),
            "quota" => format!("declare `quota {name} cpu=8 memory=\"16Gi\" storage=\"200Gi\" pods=60`"),
            "role" => format!("declare `role {name} project-role=… cluster-role=…`"),
            "service" => format!("declare `service {name}` in `services/{name}/service.kdl`"),
            "storage class" => format!("declare `storage-class {name} {{ replicas …; }}` beside the clusters"),
            "table" => {
                format!("declare it in the tenant itself: `table {name} \"FILE.csv\" {{ column id type=dns-label }}`")
            }
            noun => format!("declare the {noun} `{name}`"),
        }
    }

    /// Whether there is one of this name; asking does not use it.
    pub(super) fn has(&self, name: &str) -> bool {
        self.known.contains_key(name)
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

fn plural(noun: &str) -> String {
    if noun.ends_with('s') { format!("{noun}es") } else { format!("{noun}s") }
}
