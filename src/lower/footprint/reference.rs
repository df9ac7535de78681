//! The sum of a pod once more, written from Kubernetes' published rules and from nothing in this crate, and compared with
//! ours over generated pods.
//!
//! The rules: what the API server fills in when it reads a pod (requests from limits, then those of the pod as a whole),
//! what the limits of the namespace add after that, and what a quota counts of the result: sidecars (KEP-753), resources of
//! the pod as a whole (KEP-2837), overhead (KEP-688).

use std::collections::BTreeMap;
use std::fmt::Write as _;

use proptest::prelude::*;

use super::tests::{most, quantity};

/// Thousandths of a core, or mebibytes, by resource.
type Amounts = BTreeMap<&'static str, i64>;

#[derive(Debug, Clone, Default)]
struct Wants {
    requests: Amounts,
    limits: Amounts,
}

#[derive(Debug, Clone)]
struct Pod {
    /// Whether it keeps running.
    before: Vec<(bool, Wants)>,
    containers: Vec<Wants>,
    shared: Wants,
    overhead: Amounts,
}

/// What the namespace gives a container that leaves it out; the figures of `workloads.kdl`.
const DEFAULT_REQUESTS: [(&str, i64); 3] = [("cpu", 50), ("memory", 64), ("ephemeral-storage", 64)];
const DEFAULT_LIMITS: [(&str, i64); 2] = [("cpu", 500), ("memory", 256)];

impl Pod {
    /// Step one, at reading: a limit without a request is the request. Of the pod as a whole only what has limits is
    /// completed: with what containers request that say something, else with the limit.
    fn complete(&mut self) {
        let own = self.before.iter_mut().map(|(_, wants)| wants).chain(&mut self.containers);
        for wants in own {
            for (name, limit) in &wants.limits {
                wants.requests.entry(name).or_insert(*limit);
            }
        }
        if self.shared.limits.is_empty() {
            return;
        }
        let together = self.together(|wants| &wants.requests);
        for (name, amount) in together.iter().filter(|(name, _)| **name != "ephemeral-storage") {
            self.shared.requests.entry(name).or_insert(*amount);
        }
        for (name, limit) in &self.shared.limits {
            self.shared.requests.entry(name).or_insert(*limit);
        }
    }

    /// Step two, at admission: the limits of the namespace complete each container.
    fn admit(&mut self) {
        for wants in self.before.iter_mut().map(|(_, wants)| wants).chain(&mut self.containers) {
            for (name, amount) in DEFAULT_REQUESTS {
                wants.requests.entry(name).or_insert(amount);
            }
            for (name, amount) in DEFAULT_LIMITS {
                wants.limits.entry(name).or_insert(amount);
            }
        }
    }

    /// The most at any moment: while each init container runs, with the sidecars that began before it, and at last all
    /// sidecars with the containers.
    fn together(&self, part: fn(&Wants) -> &Amounts) -> Amounts {
        let mut moments: Vec<Vec<&Amounts>> = Vec::new();
        for (at, (_, wants)) in self.before.iter().enumerate() {
            let sidecars = self.before[..at].iter().filter(|(keeps_running, _)| *keeps_running);
            moments.push(sidecars.map(|(_, wants)| part(wants)).chain([part(wants)]).collect());
        }
        let sidecars = self.before.iter().filter(|(keeps_running, _)| *keeps_running).map(|(_, wants)| part(wants));
        moments.push(sidecars.chain(self.containers.iter().map(part)).collect());
        let mut most = Amounts::new();
        for moment in moments {
            let mut sum = Amounts::new();
            for (name, amount) in moment.into_iter().flatten() {
                *sum.entry(name).or_default() += amount;
            }
            for (name, amount) in sum {
                let known = most.entry(name).or_insert(amount);
                *known = amount.max(*known);
            }
        }
        most
    }

    /// Step three: what is charged.
    fn charged(&self) -> (Amounts, Amounts) {
        let mut requests = self.together(|wants| &wants.requests);
        let mut limits = self.together(|wants| &wants.limits);
        requests.extend(&self.shared.requests);
        limits.extend(&self.shared.limits);
        for (name, amount) in &self.overhead {
            *requests.entry(name).or_default() += amount;
            if let Some(limit) = limits.get_mut(name).filter(|limit| **limit != 0) {
                *limit += amount;
            }
        }
        (requests, limits)
    }

    /// As a template says it.
    fn text(&self) -> String {
        let mut text = String::from("apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n");
        let _ = writeln!(text, "  resources: {}", resources(&self.shared));
        let _ = writeln!(text, "  overhead: {}", map(&self.overhead));
        text.push_str("  initContainers:\n");
        for (at, (keeps_running, wants)) in self.before.iter().enumerate() {
            let restart = if *keeps_running { ", restartPolicy: Always" } else { "" };
            let _ = writeln!(text, "    - {{name: i{at}{restart}, resources: {}}}", resources(wants));
        }
        text.push_str("  containers:\n");
        for (at, wants) in self.containers.iter().enumerate() {
            let _ = writeln!(text, "    - {{name: c{at}, resources: {}}}", resources(wants));
        }
        text
    }
}

fn resources(wants: &Wants) -> String {
    format!("{{requests: {}, limits: {}}}", map(&wants.requests), map(&wants.limits))
}

fn map(amounts: &Amounts) -> String {
    let entries = amounts.iter().map(|(name, amount)| format!("{name}: {}", written(name, *amount)));
    format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
}

fn written(name: &str, amount: i64) -> String {
    if name == "cpu" { format!("{amount}m") } else { format!("{amount}Mi") }
}

fn amounts(names: &'static [&'static str]) -> impl Strategy<Value = Amounts> {
    let amount = prop_oneof![Just(0), 1..40_i64, 40..2000_i64];
    prop::collection::btree_map(prop::sample::select(names), amount, 0..=names.len())
}

fn wants(names: &'static [&'static str]) -> impl Strategy<Value = Wants> {
    (amounts(names), amounts(names)).prop_map(|(requests, limits)| Wants { requests, limits })
}

fn pods() -> impl Strategy<Value = Pod> {
    const ALL: &[&str] = &["cpu", "memory", "ephemeral-storage"];
    // What a pod may say for all of its containers, in one pod of two.
    let shared = prop_oneof![Just(Wants::default()), wants(&["cpu", "memory"])];
    let before = prop::collection::vec((any::<bool>(), wants(ALL)), 0..4);
    let containers = prop::collection::vec(wants(ALL), 1..4);
    let overhead = prop_oneof![Just(Amounts::new()), amounts(ALL)];
    (before, containers, shared, overhead).prop_map(|(before, containers, shared, overhead)| Pod {
        before,
        containers,
        shared,
        overhead,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn a_pod_counts_as_kubernetes_charges_it(pod in pods()) {
        let ours = most(&pod.text());
        let mut theirs = pod.clone();
        theirs.complete();
        theirs.admit();
        let (requests, limits) = theirs.charged();
        let amount = |of: &Amounts, name: &str| quantity(&written(name, of.get(name).copied().unwrap_or_default()));
        prop_assert_eq!(ours.pods, 1);
        prop_assert_eq!(ours.cpu_requests, amount(&requests, "cpu"), "{}", pod.text());
        prop_assert_eq!(ours.memory_requests, amount(&requests, "memory"), "{}", pod.text());
        prop_assert_eq!(ours.ephemeral_requests, amount(&requests, "ephemeral-storage"), "{}", pod.text());
        prop_assert_eq!(ours.cpu_limits, amount(&limits, "cpu"), "{}", pod.text());
        prop_assert_eq!(ours.memory_limits, amount(&limits, "memory"), "{}", pod.text());
    }
}
