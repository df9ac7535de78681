//! Checks a node against the vocabulary: each argument, property and child finds its place in the form, or is reported.

use super::missing::written_as_node;
use super::raw::Words;
use super::unknown::{did_you_mean_setting, misplaced, unknown};
use super::{Form, Given, OpenEntry, RawValue, Written};
use crate::diagnostic::{Diagnostic, Findings, codes, is_respelt, nearest, twice};
use crate::source::{Span, Spanned};
use crate::syntax::{Entry, Node, Value as Token};
use crate::vocabulary::{Arity, NodeSpec, Open, Reading, Setting};

/// Checks the nodes at the top of a file.
pub(in crate::resolve) fn check_file<'t>(
    nodes: impl Iterator<Item = Node<'t>>,
    whole: Span,
    spec: &'static NodeSpec,
    findings: &mut Findings,
) -> Form {
    let mut form = Form::empty(spec, whole);
    let mut names = Names::default();
    for node in nodes {
        form.take_child(node, &mut names, findings);
    }
    form.take_nearly(&mut names, findings);
    form
}

/// The names in a node while it is read.
#[derive(Default)]
struct Names<'t> {
    /// Where each was given that is given once.
    seen: Vec<(String, Span)>,
    /// What has no name that is known, and nearly one.
    nearly: Vec<(Nearly<'t>, Spanned<String>)>,
}

impl Names<'_> {
    /// Remembers a name; says so where it was given before.
    fn note(&mut self, name: &Spanned<String>, spec: &NodeSpec, findings: &mut Findings) -> bool {
        if let Some((_, first)) = self.seen.iter().find(|(known, _)| *known == name.value) {
            let what = format!("in `{}`,", spec.name);
            findings.push(twice(&what, *first, Spanned::new(&name.value, name.span)));
            return false;
        }
        self.seen.push((name.value.clone(), name.span));
        true
    }
}

/// What a name stands before.
enum Nearly<'t> {
    Property(Entry<'t>),
    Child(Node<'t>),
}

impl Form {
    pub(super) fn empty(spec: &'static NodeSpec, head: Span) -> Self {
        Form { spec, head, given: Vec::new(), children: Vec::new(), open: Vec::new(), strangers: Vec::new() }
    }

    fn check(node: Node<'_>, spec: &'static NodeSpec, findings: &mut Findings) -> Self {
        let mut form = Form::empty(spec, node.head_span());
        let mut names = Names::default();
        refuse_annotation(node.type_annotation(), findings);
        let mut position = 0;
        for entry in Words(node.entries()) {
            refuse_annotation(entry.type_annotation(), findings);
            match entry.name() {
                None => form.take_argument(entry, &mut position, findings),
                Some(name) => form.take_property(entry, &name.map(std::borrow::Cow::into_owned), &mut names, findings),
            }
        }
        for child in node.children().into_iter().flatten() {
            form.take_child(child, &mut names, findings);
        }
        form.take_nearly(&mut names, findings);
        form.demand(findings);
        form
    }

    fn take_argument(&mut self, entry: Entry<'_>, position: &mut usize, findings: &mut Findings) {
        let spec = self.spec;
        let last = spec.arguments.last().filter(|last| matches!(last.arity, Arity::Many | Arity::Any));
        let Some(argument) = spec.arguments.get(*position).or(last) else {
            let takes = match spec.arguments.len() {
                0 => "no value behind its name".to_owned(),
                1 => format!("one value behind its name, its {}", spec.arguments[0].name),
                count => format!("{count} values behind its name"),
            };
            findings.push(
                Diagnostic::new(&codes::NOT_ALLOWED_HERE, entry.span(), format!("`{}` takes {takes}", spec.name))
                    .here("one too many")
                    .help(did_you_mean_setting(spec)),
            );
            return;
        };
        *position += 1;
        // Only a name is called so by people; what else stands there is known by its node.
        let called = if argument.name == "name" { argument.name } else { spec.name };
        self.read(argument, called, entry.value(), findings);
    }

    fn take_property<'t>(
        &mut self,
        entry: Entry<'t>,
        name: &Spanned<String>,
        names: &mut Names<'t>,
        findings: &mut Findings,
    ) {
        // Among names of the user's own only another spelling is surely meant for one of the language.
        let respelt = || self.spec.settings.iter().find(|setting| is_respelt(&name.value, setting.name));
        let own = self.spec.setting(&name.value).is_none() && self.spec.open != Open::No;
        if let Some(setting) = own.then(respelt).flatten() {
            findings.push(unknown(&codes::UNKNOWN_PROPERTY, "property", name, self.spec));
            let meant = Spanned::new(setting.name.to_owned(), name.span);
            names.nearly.push((Nearly::Property(entry), meant));
        } else if !self.place_property(entry, name, names, findings) {
            findings.push(unknown(&codes::UNKNOWN_PROPERTY, "property", name, self.spec));
            let settings = self.spec.settings.iter().map(|setting| setting.name);
            names.nearly.extend(meant(name, settings).map(|meant| (Nearly::Property(entry), meant)));
        }
    }

    /// Reads what has nearly a name as what has it, unless that is given: so nothing is told of its absence. What does not
    /// read well that way is something else.
    fn take_nearly(&mut self, names: &mut Names<'_>, findings: &mut Findings) {
        if names.nearly.is_empty() {
            return;
        }
        for (nearly, name) in std::mem::take(&mut names.nearly) {
            if names.seen.iter().any(|(known, _)| *known == name.value) {
                continue;
            }
            let (mut form, mut scratch) = (Form::empty(self.spec, self.head), Findings::new());
            match nearly {
                Nearly::Property(entry) => form.place_property(entry, &name, names, &mut scratch),
                Nearly::Child(node) => form.place_child(node, &name, names, &mut scratch),
            };
            let does_not_fit =
                |finding: &Diagnostic| [&codes::MISSING, &codes::NOT_ALLOWED_HERE].contains(&finding.code);
            if !scratch.iter().any(does_not_fit) {
                findings.extend(scratch);
                let given =
                    form.given.into_iter().flat_map(|(name, all)| all.into_iter().map(move |given| (name, given)));
                given.for_each(|(name, given)| self.push(name, given));
                self.children.extend(form.children);
            }
        }
        // A parameter is in scope for those below it, so they keep the order in which they are written.
        self.children.sort_by_key(|child| child.head.start);
    }

    /// Takes a property with a name that is known; whether it is.
    fn place_property(
        &mut self,
        entry: Entry<'_>,
        name: &Spanned<String>,
        names: &mut Names<'_>,
        findings: &mut Findings,
    ) -> bool {
        if let Some(setting) = self.spec.setting(&name.value) {
            if names.note(name, self.spec, findings) {
                self.read(setting, setting.name, entry.value(), findings);
            }
        } else if self.spec.open != Open::No {
            if names.note(name, self.spec, findings) {
                self.open.push(OpenEntry {
                    name: name.clone(),
                    values: vec![RawValue::new(entry.value(), &name.value, findings)],
                    block: None,
                });
            }
        } else if self.spec.child(&name.value).is_some() {
            findings.push(
                Diagnostic::new(
                    &codes::NOT_ALLOWED_HERE,
                    name.span,
                    format!("`{}` is a node of its own inside `{}`", name.value, self.spec.name),
                )
                .here("not a property")
                .help(format!("write it inside the braces: `{} {{ {} … }}`", self.spec.name, name.value)),
            );
        } else {
            return false;
        }
        true
    }

    fn take_child<'t>(&mut self, node: Node<'t>, names: &mut Names<'t>, findings: &mut Findings) {
        let spec = self.spec;
        let name = Spanned::new(node.name().into_owned(), node.name_span());
        if self.place_child(node, &name, names, findings) {
            return;
        }
        findings.push(misplaced(&name, spec).unwrap_or_else(|| unknown(&codes::UNKNOWN_NODE, "node", &name, spec)));
        let declared = node.entries().find(|entry| entry.name().is_none());
        self.strangers.extend(declared.map(|entry| RawValue::of(entry.value()).text().to_owned()));
        match name.value.strip_suffix(':').and_then(|bare| spec.setting(bare)) {
            // Given all the same, if in the words of another language.
            Some(setting) => self.push(setting.name, Given { span: name.span, written: Written::Faulty }),
            None => names.nearly.extend(meant(&name, spec.names_inside()).map(|meant| (Nearly::Child(node), meant))),
        }
    }

    /// Takes a child with a name that is known; whether it is.
    fn place_child(
        &mut self,
        node: Node<'_>,
        name: &Spanned<String>,
        names: &mut Names<'_>,
        findings: &mut Findings,
    ) -> bool {
        let spec = self.spec;
        if let Some(setting) = spec.setting(&name.value) {
            // What takes several values takes them in one line or in several.
            let several = matches!(setting.arity, Arity::Many | Arity::Any);
            if several || names.note(name, self.spec, findings) {
                self.take_setting(node, setting, findings);
            }
        } else if let Some(child) = spec.child(&name.value) {
            if child.repeated || names.note(name, self.spec, findings) {
                self.children.push(Form::check(node, child.node, findings));
            }
        } else if spec.open != Open::No {
            if names.note(name, self.spec, findings) {
                self.take_open(node, name.clone(), findings);
            }
        } else {
            return false;
        }
        true
    }

    /// `x v` as a child means what `x=v` means.
    fn take_setting(&mut self, node: Node<'_>, setting: &'static Setting, findings: &mut Findings) {
        refuse_annotation(node.type_annotation(), findings);
        let mut count = 0;
        for entry in Words(node.entries()) {
            refuse_annotation(entry.type_annotation(), findings);
            if let Some(name) = entry.name() {
                findings.push(
                    Diagnostic::new(
                        &codes::UNKNOWN_PROPERTY,
                        name.span,
                        format!("`{}` takes a value and no properties, found `{}`", setting.name, name.value),
                    )
                    .here("not known here"),
                );
                continue;
            }
            count += 1;
            if count > 1 && matches!(setting.arity, Arity::Required | Arity::Optional) {
                findings.push(
                    Diagnostic::new(
                        &codes::NOT_ALLOWED_HERE,
                        entry.span(),
                        format!("`{}` takes one value", setting.name),
                    )
                    .here("one too many"),
                );
                continue;
            }
            self.read(setting, setting.name, entry.value(), findings);
        }
        if let Some(inside) = node.children_span() {
            findings.push(
                Diagnostic::new(&codes::NOT_ALLOWED_HERE, inside, format!("nothing stands inside `{}`", setting.name))
                    .help(format!(
                        "`{}` is {}: write it as `{}`",
                        setting.name,
                        setting.kind.describe(),
                        written_as_node(setting)
                    )),
            );
            self.push(setting.name, Given { span: node.head_span(), written: Written::Faulty });
        } else if count == 0 && setting.arity != Arity::Any {
            findings.push(
                Diagnostic::new(&codes::MISSING, node.head_span(), format!("`{}` has no value", setting.name))
                    .here("nothing stands behind it")
                    .help(format!("write `{}`; it is {}", written_as_node(setting), setting.doc)),
            );
            // Not missing altogether, so that it is said once.
            self.push(setting.name, Given { span: node.head_span(), written: Written::Faulty });
        }
    }

    fn read(&mut self, setting: &'static Setting, called: &str, token: Token<'_>, findings: &mut Findings) {
        let raw = RawValue::new(token, called, findings);
        let span = raw.span;
        let written = match setting.reading {
            Reading::Plain => raw.read(called, &setting.kind, false, findings),
            Reading::Evaluated => raw.read(called, &setting.kind, true, findings),
            Reading::Raw => Written::Raw(raw),
        };
        self.push(setting.name, Given { span, written });
    }

    fn push(&mut self, name: &'static str, given: Given) {
        match self.given.iter_mut().find(|(known, _)| *known == name) {
            Some((_, values)) => values.push(given),
            None => self.given.push((name, vec![given])),
        }
    }
}

/// The one of these names that a name which is none of them is nearly.
pub(super) fn meant(name: &Spanned<String>, known: impl Iterator<Item = &'static str>) -> Option<Spanned<String>> {
    Some(Spanned::new(nearest(&name.value, known)?.to_owned(), name.span))
}

pub(super) fn refuse_annotation(annotation: Option<Span>, findings: &mut Findings) {
    if let Some(span) = annotation {
        findings.push(
            Diagnostic::new(&codes::NOT_ALLOWED_HERE, span, "type annotations are not part of this language")
                .here("annotated here")
                .fix("leave it out", span, ""),
        );
    }
}
