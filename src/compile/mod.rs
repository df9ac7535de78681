//! The whole way in one call: a workspace in, findings and an output tree out.
//!
//! The function walks the stages that `lib.rs` lists, in that order. What concerns one tenant alone is done for all of them
//! at once, on every core, and put together in the order of their names, so that the result is the same each time.

mod catalogue;
mod causes;
mod levels;
mod load;
mod outside;

pub use self::catalogue::{CatalogueParameter, CatalogueService, SecretKey, catalogue};
pub use self::load::{CLAIMS_LOCK, Loaded, MANIFEST, load};

use std::collections::BTreeSet;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::check::{
    Fleet, check_delivery, check_fleet, check_names, check_plain_secrets, is_error, prove_apart, prove_objects,
    prove_unique,
};
use crate::diagnostic::{Diagnostic, Findings, Severity, codes};
use crate::kinds::Kinds;
use crate::lower::{
    Bundle, BundleFile, ClaimsLock, Grounds, Library, LoweredTenant, gather_layers, lower_cluster, lower_management,
    lower_tenant,
};
use crate::model::{ClusterId, Instance, Model, Tenant};
use crate::output::{OutputTree, SECRETS_LIST, arrange, list_provided, tenant_folder};
use crate::resolve::resolve;
use crate::source::{Sources, World};
use crate::value::Date;

/// What a compile is asked for.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Report only this tenant's findings; the whole fleet is still read and proven.
    pub tenant: Option<String>,
    /// Only prove: nothing is written, so no file is made.
    pub only_proofs: bool,
}

/// A finding with the weight it has in this workspace.
#[derive(Debug, Clone)]
pub struct Finding {
    pub severity: Severity,
    pub diagnostic: Diagnostic,
}

/// As many files are not worth waking another core for.
const FEW_FILES: usize = 16;

/// What was counted on the way, for the last line of a report.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    pub tenants: usize,
    pub instances: usize,
    pub objects: usize,
    /// Values that people have to put into the secret store.
    pub provided: usize,
    /// Findings of other tenants, where one alone is asked for: said as a number, so that nothing looks clean that is not.
    pub hidden: usize,
}

/// What a compile gives.
#[derive(Debug, Default)]
pub struct Compilation {
    pub sources: Sources,
    /// In the order in which they are best read: what others may follow from comes first.
    pub findings: Vec<Finding>,
    /// The tree to write; `None` where an error stands in the way, or none was asked for.
    pub output: Option<OutputTree>,
    /// The lock of the claims, to be committed beside the spec; `None` where there never was a claim, or no file is
    /// asked for.
    pub claims_lock: Option<String>,
    pub counts: Counts,
    /// The names of the tenants.
    pub tenants: Vec<String>,
}

/// Compiles a workspace.
pub fn compile(world: &dyn World, options: &Options) -> Compilation {
    let mut sources = Sources::new();
    let mut findings = Findings::new();
    let loaded = load(world, &mut sources, &mut findings);
    let (model, resolved) = resolve(&loaded.specs, &mut sources, world);
    findings.extend(resolved);

    let mut kinds = Kinds::standard();
    for file in &loaded.crds {
        findings.extend(kinds.add_crds(*file, &sources.file(*file).text));
    }
    let pins = loaded.claims.map_or_else(ClaimsLock::default, |file| {
        let (pins, problems) = ClaimsLock::parse(file, &sources.file(file).text);
        findings.extend(problems);
        pins
    });
    let library = Library::load(&loaded.library, &model, kinds, &sources, &mut findings);
    check_plain_secrets(&model, &library, &mut findings);
    let lowered = lower_fleet(&model, &library, &pins, options, &mut findings);

    let today = world.today().and_then(|date| date.parse::<Date>().ok());
    let mut findings = levels::weigh(findings, &model, today);
    let mut counts = lowered.counts;
    causes::drop_consequences(&mut findings, &sources);
    if let Some(tenant) = &options.tenant {
        let all = findings.len();
        findings.retain(|finding| finding.diagnostic.tenant.as_ref().is_none_or(|of| of == tenant));
        counts.hidden = all - findings.len();
    }
    let mut findings = causes::join(findings, &sources);
    causes::order(&mut findings, &sources);
    let has_error = findings.iter().any(|finding| finding.severity == Severity::Error);
    let tenants = model.tenants.iter().map(|tenant| tenant.name.clone()).collect();
    let LoweredFleet { made, lock_folders, claims_lock, .. } = lowered;
    let is_wanted = !has_error && !options.only_proofs;
    // A model of thousands of tenants takes a while to give back, and one core is enough for that.
    let (output, ()) =
        rayon::join(|| is_wanted.then(|| OutputTree::new(made.files, lock_folders)), || drop((model, library)));
    Compilation { sources, findings, output, claims_lock, counts, tenants }
}

/// The fleet as files.
struct LoweredFleet {
    made: Made,
    lock_folders: Vec<String>,
    claims_lock: Option<String>,
    counts: Counts,
}

/// Files, and how many objects were proven for them.
#[derive(Default)]
struct Made {
    files: Vec<(String, Vec<u8>)>,
    objects: usize,
}

impl Made {
    fn append(&mut self, other: Made) {
        self.files.extend(other.files);
        self.objects += other.objects;
    }
}

/// A tenant as files, and what the fleet has to know of it.
struct FinishedTenant {
    lowered: LoweredTenant,
    made: Made,
    findings: Findings,
}

fn lower_fleet(
    model: &Model,
    library: &Library,
    pins: &ClaimsLock,
    options: &Options,
    findings: &mut Findings,
) -> LoweredFleet {
    let mut made = Made::default();
    let mut counts = Counts { tenants: model.tenants.len(), ..Counts::default() };
    let mut grounds = Grounds::default();
    for (at, cluster) in model.clusters.iter().enumerate() {
        let (of_cluster, bundles) = lower_cluster(cluster, model, library, pins, findings);
        grounds.add(of_cluster);
        prove_apart(&bundles, ClusterId(at), model, library, findings);
        made.append(finish(bundles, library, options, findings));
    }

    let mut about_names = Findings::new();
    check_names(model, &library.workloads, &mut about_names);
    // A name that is too long, or somebody else's, would be found again in each object that bears it.
    let unnamed: BTreeSet<&str> = about_names
        .iter()
        .filter(|finding| [&codes::NAME_TOO_LONG, &codes::RESERVED_NAME].contains(&finding.code))
        .filter_map(|finding| finding.tenant.as_deref())
        .collect();
    let sound: Vec<&Tenant> = model.tenants.iter().filter(|tenant| !unnamed.contains(tenant.name.as_str())).collect();

    let finished: Vec<FinishedTenant> =
        sound.par_iter().map(|tenant| finish_tenant(tenant, model, library, &grounds, pins, options)).collect();
    findings.extend(about_names.iter().cloned());
    let mut lowered = Vec::new();
    let mut lock_folders = Vec::new();
    for (tenant, finished) in sound.iter().zip(finished) {
        findings.extend(finished.findings);
        made.append(finished.made);
        counts.instances += tenant.instances.iter().map(count).sum::<usize>();
        if options.tenant.as_ref().is_none_or(|only| *only == tenant.name) {
            counts.provided += finished.lowered.provided.len();
        }
        lock_folders.push(tenant_folder(&model[tenant.cluster.value].name, &tenant.name));
        lowered.push(finished.lowered);
    }
    for (at, (cluster, ground)) in model.clusters.iter().zip(grounds.shared()).enumerate() {
        let all = sound.iter().copied().zip(&mut lowered);
        let own = all.filter(|(tenant, _)| tenant.cluster.value == ClusterId(at));
        let bundles = gather_layers(cluster, ground, library, own, findings);
        prove_apart(&bundles, ClusterId(at), model, library, findings);
        made.append(finish(bundles, library, options, findings));
    }
    let tenants: Vec<(&Tenant, &LoweredTenant)> = sound.iter().copied().zip(&lowered).collect();
    let is_faulty = findings.iter().any(is_error);
    let (mut about_fleet, mut about_management) = (Findings::new(), Findings::new());
    let (claims_lock, management) = rayon::join(
        || {
            check_fleet(
                &Fleet { model, facts: &library.workloads, tenants: &tenants, grounds: &grounds, is_faulty },
                &mut about_fleet,
            );
            let pin = || pin_claims(&grounds, &tenants, pins, options.tenant.as_deref());
            (!options.only_proofs).then(pin).flatten()
        },
        || {
            let bundles = lower_management(model, library, &grounds, &tenants, &mut about_management);
            finish(bundles, library, options, &mut about_management)
        },
    );
    findings.extend(about_management);
    findings.extend(about_fleet);
    made.append(management);
    if !options.only_proofs {
        made.files.extend(outside::files(model, &grounds, &tenants));
    }
    counts.objects = made.objects;
    lowered.into_par_iter().for_each(drop);
    LoweredFleet { made, lock_folders, claims_lock, counts }
}

fn finish_tenant(
    tenant: &Tenant,
    model: &Model,
    library: &Library,
    grounds: &Grounds,
    pins: &ClaimsLock,
    options: &Options,
) -> FinishedTenant {
    let mut findings = Findings::new();
    let ground = grounds.of(tenant);
    let mut lowered = lower_tenant(tenant, model, library, ground, pins, &mut findings);
    check_delivery(tenant, &lowered.bundles, model, &mut findings);
    let mut made = finish(std::mem::take(&mut lowered.bundles), library, options, &mut findings);
    if let Some(secrets) = &model.platform.secrets
        && let Some(list) = list_provided(&secrets.mount, &lowered.provided)
    {
        let folder = tenant_folder(&ground.name, &tenant.name);
        made.files.push((format!("{folder}/{SECRETS_LIST}"), list));
    }
    findings.name_tenant(0, &tenant.name);
    FinishedTenant { lowered, made, findings }
}

/// Proves the objects of bundles and, where they are asked for, makes them files. Most tenants have a few of them; those of
/// a large one, and of the management cluster, are shared among the cores.
fn finish(bundles: Vec<Bundle>, library: &Library, options: &Options, findings: &mut Findings) -> Made {
    prove_unique(&bundles, library, findings);
    let (folders, files): (Vec<_>, Vec<_>) = bundles.into_iter().map(|bundle| (bundle.folder, bundle.files)).unzip();
    let mut all: Vec<(&str, BundleFile)> = Vec::new();
    for (folder, files) in folders.iter().zip(files) {
        all.extend(files.into_iter().map(|file| (folder.as_str(), file)));
    }
    let finished = all.into_par_iter().with_min_len(FEW_FILES).map_init(Vec::new, |buffer, (folder, file)| {
        let mut findings = Findings::new();
        prove_objects(&file, library, &mut findings);
        let arranged = (!options.only_proofs).then(|| arrange(folder, &file, buffer));
        (arranged, file.objects.len(), findings)
    });
    let mut made = Made::default();
    for (arranged, objects, found) in finished.collect::<Vec<_>>() {
        made.files.extend(arranged);
        made.objects += objects;
        findings.extend(found);
    }
    made
}

/// An instance and those inside it.
fn count(instance: &Instance) -> usize {
    1 + instance.needs.iter().map(|need| count(&need.instance)).sum::<usize>()
}

/// The lock of what was lowered. Where one tenant alone is written, the pins of all others stay: an error that one of them
/// has is not reported then, and must not cost it its pins.
fn pin_claims(
    grounds: &Grounds,
    tenants: &[(&Tenant, &LoweredTenant)],
    before: &ClaimsLock,
    only: Option<&str>,
) -> Option<String> {
    let mut lock = if only.is_some() { before.clone() } else { ClaimsLock::default() };
    for (tenant, lowered) in tenants.iter().filter(|(tenant, _)| only.is_none_or(|only| only == tenant.name)) {
        let ground = grounds.of(tenant);
        for claim in &lowered.claims {
            if let Some(object) = ground.class_objects.get(&claim.class) {
                lock.keep_class(&ground.name, &claim.class, object);
            }
            lock.pin(claim.key.clone(), &claim.declared, &claim.class);
        }
    }
    (!lock.is_empty() || !before.is_empty()).then(|| lock.write())
}
