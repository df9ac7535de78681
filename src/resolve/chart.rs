//! Reads what a chart service declares: its chart, and for each instance what the chart's pods take.

use super::evaluate::{Place, evaluate_written};
use super::form::{Form, Given, Written as Read};
use super::library::{named, written};
use super::platform::text;
use crate::diagnostic::{Diagnostic, Findings, codes};
use crate::expression::Scope;
use crate::model::{Chart, ChartPods, ClassId, STORAGE_CLASS, ServiceFootprint, Written};
use crate::source::{Span, Spanned};
use crate::value::{Kind, Quantity, Range, Semver, Value};

pub(super) fn read_chart(form: &Form, findings: &mut Findings) -> Option<Chart> {
    let chart = form.child("chart")?;
    let version = chart.text("version")?;
    match (chart.text("archive"), chart.text("digest")) {
        (Some(archive), _) => refuse_other_version(&archive, &version, findings),
        (None, Some(digest)) if chart.given("archive").is_none() => findings.push(
            Diagnostic::new(&codes::MISSING, digest.span, "the chart has a `digest` and no `archive`")
                .here("nothing would check it")
                .help("add where the repository keeps the archive: `archive=\"https://…/NAME-VERSION.tgz\"`; or remove the digest"),
        ),
        _ => {}
    }
    Some(Chart {
        name: text(chart, "name")?,
        repository: text(chart, "repository")?,
        version: version.value,
        digest: chart.text("digest"),
        archive: text(chart, "archive"),
        span: chart.head,
    })
}

/// An archive is what is installed, whatever version is written beside it; its name mostly says which one it is.
fn refuse_other_version(archive: &Spanned<String>, version: &Spanned<String>, findings: &mut Findings) {
    let file = archive.value.split(['?', '#']).next().unwrap_or_default().rsplit('/').next().unwrap_or_default();
    let Some(stem) = file.strip_suffix(".tgz").or_else(|| file.strip_suffix(".tar.gz")) else { return };
    // `nextcloud-9.2.4`: the first hyphen with a version behind it.
    let ends = stem.match_indices('-').map(|(at, _)| &stem[at + 1..]).chain([stem]);
    let Some(named) = ends.map(plain_version).find_map(|end| Semver::parse(end).is_ok().then(|| end.to_owned())) else {
        return;
    };
    if named != plain_version(&version.value) {
        let text = format!("the archive `{file}` is of version `{named}`, and the chart of `{}`", version.value);
        findings.push(
            Diagnostic::new(&codes::WRONG_KIND, archive.span, text)
                .here("this is what would be installed")
                .also(version.span, "the version of the chart")
                .help("let both name the same version"),
        );
    }
}

fn plain_version(text: &str) -> &str {
    text.trim_start_matches('v')
}

/// The footprints of a service. A chart without any would cost nothing in every proof, and a footprint without a chart
/// would be counted for pods that nobody makes.
pub(super) fn read_footprints(form: &Form, findings: &mut Findings) -> Vec<ServiceFootprint> {
    let mut faults = Findings::new();
    let list = named(form, "footprint", findings, |footprint, name| {
        let take = |name: &str| footprint.given(name).and_then(written);
        Some(ServiceFootprint {
            name,
            replicas: footprint.given("replicas").and_then(|given| read_replicas(given, &mut faults)),
            surge: take("surge"),
            cpu: take("cpu")?,
            memory: take("memory")?,
            cpu_limit: take("cpu-limit")?,
            memory_limit: take("memory-limit")?,
            storage: take("storage"),
            class: take("class"),
            span: footprint.head,
        })
    });
    findings.extend(faults);
    // Beside one that is not understood the chart's values are not either.
    let list = if list.len() == form.children("footprint").count() { list } else { Vec::new() };
    let first = form.children("footprint").next();
    match (form.child("chart"), first) {
        (Some(chart), None) => findings.push(
            Diagnostic::new(&codes::MISSING, chart.head, "the chart has no `footprint`")
                .here("nobody knows what its pods take")
                .help(
                    "say it for each workload of the chart: `footprint web replicas=2 cpu=\"500m\" memory=\"512Mi\" …`",
                ),
        ),
        (None, Some(footprint)) => findings.push(
            Diagnostic::new(&codes::NOT_ALLOWED_HERE, footprint.head, "a `footprint` is for the pods of a chart")
                .here("the service has no `chart`")
                .help("remove it: what the service's own templates take is read from them"),
        ),
        _ => {}
    }
    for footprint in form.children("footprint") {
        if footprint.given("storage").is_some() && footprint.given("class").is_none() {
            findings.push(
                Diagnostic::new(&codes::MISSING, footprint.head, "a `footprint` with `storage` names no `class`")
                    .here("on which disks is it counted?")
                    .help("add the storage class: `class=gold`, or the parameter that holds it"),
            );
        }
    }
    list
}

/// A count, a range of counts or an expression of either.
fn read_replicas(given: &Given, findings: &mut Findings) -> Option<Spanned<Written>> {
    let Read::Raw(raw) = &given.written else { return None };
    let value = match raw.read("replicas", &Kind::COUNT, true, &mut Findings::new()) {
        Read::Value(Value::Integer(count)) => Written::Value(Value::Range(Range::exactly(u32::try_from(count).ok()?))),
        Read::Scalar(scalar) => Written::Scalar(scalar),
        _ => match raw.read("replicas", &Kind::Range, true, findings) {
            Read::Value(value) => Written::Value(value),
            _ => return None,
        },
    };
    Some(Spanned::new(value, given.span))
}

/// What the pods of an instance's chart take. A part that was not given, or that an expression leaves unset, is its default.
pub(super) fn read_pods(
    declared: &ServiceFootprint,
    scope: &Scope,
    asked: Span,
    find_class: impl Fn(&Spanned<String>, &mut Findings) -> Option<usize>,
    findings: &mut Findings,
) -> Option<ChartPods> {
    let mut part = |name: &str, kind: &Kind, given: Option<&Spanned<Written>>| -> Result<Option<Value>, ()> {
        let Some(given) = given else { return Ok(None) };
        let before = findings.len();
        let place = Place { name, span: given.span, asked };
        let value = evaluate_written(&given.value, kind, scope, &place, findings);
        if value.is_none() && findings.len() == before && *kind == Kind::Quantity && name != "storage" {
            let text = format!("`{name}` of the footprint `{}` is unset here", declared.name);
            findings.push(Diagnostic::new(&codes::MISSING, given.span, text).also(asked, "in what this becomes"));
        }
        if findings.len() == before { Ok(value) } else { Err(()) }
    };
    let size = |value: Option<Value>| value.and_then(|value| value.as_quantity()).unwrap_or_default();
    let class_kind = Kind::Reference(STORAGE_CLASS);
    // All of them are read before the first that is faulty ends it, so that each fault is told.
    let replicas = part("replicas", &Kind::Range, declared.replicas.as_ref());
    let surge = part("surge", &Kind::COUNT, declared.surge.as_ref());
    let [cpu, memory, cpu_limit, memory_limit] = [
        ("cpu", &declared.cpu),
        ("memory", &declared.memory),
        ("cpu-limit", &declared.cpu_limit),
        ("memory-limit", &declared.memory_limit),
    ]
    .map(|(name, given)| part(name, &Kind::Quantity, Some(given)).map(size));
    let storage = part("storage", &Kind::Quantity, declared.storage.as_ref()).map(size);
    let class = part("class", &class_kind, declared.class.as_ref()).ok()?;
    let class = match class.zip(declared.class.as_ref()) {
        Some((class, given)) => {
            let index = find_class(&Spanned::new(class.to_string(), given.span), findings)?;
            Some(Spanned::new(ClassId(index), given.span))
        }
        None => None,
    };
    let (cpu, memory, cpu_limit, memory_limit) = (cpu.ok()?, memory.ok()?, cpu_limit.ok()?, memory_limit.ok()?);
    for (name, request, limit, place) in
        [("cpu", cpu, cpu_limit, &declared.cpu_limit), ("memory", memory, memory_limit, &declared.memory_limit)]
    {
        if request > limit && limit > Quantity::ZERO {
            let text = format!("the limit of `{name}` is {limit}, and {request} are requested");
            findings.push(
                Diagnostic::new(&codes::LIMIT_BELOW_REQUEST, place.span, text)
                    .here("less than the request")
                    .also(asked, "in what this becomes")
                    .help("raise the limit to the request at least, or request less"),
            );
        }
    }
    let storage = Some(storage.ok()?).filter(|size| *size > Quantity::ZERO);
    Some(ChartPods {
        name: declared.name.clone(),
        replicas: match replicas.ok()? {
            Some(Value::Range(range)) => (i64::from(range.minimum()), i64::from(range.maximum())),
            _ => (1, 1),
        },
        surge: surge.ok()?.and_then(|value| value.as_integer()).unwrap_or(0),
        cpu,
        memory,
        cpu_limit,
        memory_limit,
        storage: storage.zip(class),
        span: declared.span,
    })
}
