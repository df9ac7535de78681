//! Reads `baseline/workloads.kdl` into the facts that lowering works with.

use super::{
    Autoscaler, ClaimKind, ContainerDefaults, FillIn, Headroom, PodParts, Resources, Runs, Sidecar, Storage, Surge,
    Workload, Workloads,
};
use crate::diagnostic::Findings;
use crate::lower::hosts::read_ingress_kinds;
use crate::resolve::{DataNode, check_data_file};
use crate::source::{FileId, Sources};
use crate::value::Quantity;
use crate::vocabulary::WORKLOADS_FILE;

pub(in crate::lower) fn read_workloads(file: FileId, sources: &Sources, findings: &mut Findings) -> Workloads {
    let form = check_data_file(file, sources, &WORKLOADS_FILE, findings);
    let pods = form.children("pods").next().map(read_pods);
    let claim = form.children("claim").next().map(|claim| ClaimKind {
        kind: text(claim, "kind"),
        api: text(claim, "api"),
        size: text(claim, "size"),
        class: text(claim, "class"),
        copies: text(claim, "copies"),
        modes: text(claim, "modes"),
        once: text(claim, "once"),
        many: claim.texts("many"),
    });
    let defaults = form.children("container-defaults").next().map(|defaults| ContainerDefaults {
        requests: defaults.children("requests").next().map(resources).unwrap_or_default(),
        limits: defaults.children("limits").next().map(resources).unwrap_or_default(),
    });
    let headroom = form.children("headroom").next().map(|headroom| Headroom {
        share: headroom.percentage("share").unwrap_or_default(),
        storage: headroom.percentage("storage").unwrap_or_default(),
        pods: headroom.integer("pods").unwrap_or(1),
    });
    let names =
        |node: &'static str, name: &str| form.children(node).next().map(|node| node.texts(name)).unwrap_or_default();
    Workloads {
        list: form.children("workload").map(read_workload).collect(),
        autoscalers: form.children("autoscaler").map(read_autoscaler).collect(),
        pods: pods.unwrap_or_default(),
        claim: claim.unwrap_or_default(),
        ingresses: read_ingress_kinds(&form),
        defaults: defaults.unwrap_or_default(),
        headroom: headroom.unwrap_or_default(),
        labels: form.children("label").map(|label| (text(label, "key").into(), text(label, "value").into())).collect(),
        reserved_namespaces: names("reserved-namespaces", "namespace"),
        least_kubernetes: form.children("kubernetes").next().and_then(|node| node.version("least")),
        operators: names("operators", "operator"),
    }
}

fn read_workload(workload: DataNode<'_>) -> Workload {
    Workload {
        kind: text(workload, "kind"),
        api: text(workload, "api"),
        pod: workload.text("pod"),
        operator: workload.boolean("operator"),
        replicas: workload.text("replicas"),
        at_most: workload.text("at-most"),
        each_node: workload.boolean("each-node"),
        ends: workload.boolean("ends"),
        suspended: workload.text("suspended"),
        resources: workload.text("resources"),
        claims: workload.text("claims"),
        surge: workload.children("surge").next().map(|surge| Surge {
            at: surge.text("at"),
            default: text(surge, "default"),
            strategy: surge.text("strategy"),
            none: surge.text("none"),
        }),
        runs: workload.children("runs").next().map(|runs| Runs {
            at: text(runs, "at"),
            when: runs.children("when").map(|when| (text(when, "word"), when.integer("count").unwrap_or(1))).collect(),
            default: runs.integer("default").unwrap_or(1),
        }),
        storage: workload
            .children("storage")
            .map(|storage| Storage { size: text(storage, "size"), class: storage.text("class") })
            .collect(),
        sidecars: workload
            .children("sidecar")
            .map(|sidecar| Sidecar {
                each: text(sidecar, "each"),
                name: text(sidecar, "name"),
                kind: text(sidecar, "kind"),
                api: text(sidecar, "api"),
                resources: text(sidecar, "resources"),
            })
            .collect(),
        fill_ins: read_fill_ins(workload),
    }
}

pub(in crate::lower) fn read_fill_ins(kind: DataNode<'_>) -> Vec<FillIn> {
    kind.children("fill-in").map(|fill| FillIn { at: text(fill, "at"), file: text(fill, "file") }).collect()
}

fn read_autoscaler(scaler: DataNode<'_>) -> Autoscaler {
    Autoscaler {
        kind: text(scaler, "kind"),
        api: text(scaler, "api"),
        target: text(scaler, "target"),
        target_kind: text(scaler, "target-kind"),
        default_kind: scaler.text("default-kind"),
        target_api: text(scaler, "target-api"),
        minimum: text(scaler, "minimum"),
        maximum: text(scaler, "maximum"),
        least: scaler.integer("least").unwrap_or(1),
        most: scaler.integer("most"),
    }
}

fn read_pods(pods: DataNode<'_>) -> PodParts {
    PodParts {
        labels: text(pods, "labels"),
        containers: text(pods, "containers"),
        init_containers: text(pods, "init-containers"),
        restart: text(pods, "restart"),
        restart_always: text(pods, "restart-always"),
        image: text(pods, "image"),
        ports: text(pods, "ports"),
        port_number: text(pods, "port-number"),
        port_protocol: text(pods, "port-protocol"),
        requests: text(pods, "requests"),
        limits: text(pods, "limits"),
        own_requests: text(pods, "own-requests"),
        own_limits: text(pods, "own-limits"),
        overhead: text(pods, "overhead"),
        runtime: text(pods, "runtime"),
        volumes: text(pods, "volumes"),
        claim_name: text(pods, "claim-name"),
        own_claim: text(pods, "own-claim"),
    }
}

fn resources(node: DataNode<'_>) -> Resources {
    let amount = |name: &str| node.text(name).and_then(|text| Quantity::parse(&text).ok()).unwrap_or_default();
    Resources::of(Resources::NAMES.map(amount))
}

fn text(node: DataNode<'_>, name: &str) -> String {
    node.text(name).unwrap_or_default()
}
