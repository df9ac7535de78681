use std::collections::BTreeMap;

use super::{Census, Extent, Footprint};
use crate::diagnostic::Findings;
use crate::expression::Scope;
use crate::lower::workloads::{Workloads, read_workloads};
use crate::lower::{Object, TemplateId};
use crate::model::Nodes;
use crate::source::{FileId, Sources, Span};
use crate::template::parse;
use crate::value::{Percentage, Quantity};

/// The facts every compile works with, not ones made for the tests.
pub(super) fn facts() -> Workloads {
    let mut sources = Sources::new();
    let mut findings = Findings::new();
    let file = sources.add("baseline/workloads.kdl", include_str!("../../../stdlib/baseline/workloads.kdl"));
    let facts = read_workloads(file, &sources, &mut findings);
    assert!(findings.is_empty(), "{findings:?}");
    facts
}

pub(super) fn objects(text: &str) -> Vec<Object> {
    let (template, findings) = parse(FileId(0), text);
    assert_eq!(findings, [], "{text}");
    let mut made = Vec::new();
    for document in &template.documents {
        document.instantiate(&Scope::new(), &mut made).unwrap_or_else(|findings| panic!("{text}: {findings:?}"));
    }
    let object = |instance: crate::template::Instance| Object {
        node: instance.node,
        template: TemplateId(0),
        document: 0,
        asked: Span::file(FileId(0)),
    };
    made.into_iter().map(object).collect()
}

pub(super) fn most(text: &str) -> Footprint {
    Census::new(objects(text).iter(), &[], None, &facts()).footprint(Extent::Most)
}

fn least(text: &str) -> Footprint {
    Census::new(objects(text).iter(), &[], None, &facts()).footprint(Extent::Least)
}

pub(super) fn quantity(text: &str) -> Quantity {
    Quantity::parse(text).unwrap()
}

/// A Deployment whose pods request 100m and 100Mi, and what is said beside its template.
fn deployment(spec: &str) -> String {
    format!(
        "apiVersion: apps/v1
kind: Deployment
metadata: {{name: web}}
spec:
{spec}
  template:
    spec:
      containers:
        - name: web
          resources: {{requests: {{cpu: 100m, memory: 100Mi}}, limits: {{cpu: 200m, memory: 200Mi}}}}
"
    )
}

fn autoscaler(target: &str, maximum: i64) -> String {
    format!(
        "---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {{name: web}}
spec: {{scaleTargetRef: {{{target}}}, maxReplicas: {maximum}}}
"
    )
}

/// A pod template with these containers and init containers, in a Job of one pod.
fn pod(spec: &str) -> String {
    format!("apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {{name: one}}\nspec:\n  template:\n    spec:\n{spec}\n")
}

#[test]
fn a_rollout_adds_a_quarter_rounded_up() {
    for (replicas, pods) in [(1, 2), (4, 5), (5, 7), (8, 10), (0, 0)] {
        assert_eq!(most(&deployment(&format!("  replicas: {replicas}"))).pods, pods, "{replicas} replicas");
    }
}

#[test]
fn a_rollout_adds_what_the_object_says() {
    let surge = |surge: &str| {
        let strategy = format!("  strategy: {{type: RollingUpdate, rollingUpdate: {{maxSurge: {surge}}}}}");
        most(&deployment(&format!("  replicas: 4\n{strategy}"))).pods
    };
    assert_eq!(surge("0"), 4);
    assert_eq!(surge("3"), 7);
    assert_eq!(surge("30%"), 6);
    assert_eq!(surge("100%"), 8);
}

#[test]
fn recreating_adds_nothing() {
    let footprint = most(&deployment("  replicas: 4\n  strategy: {type: Recreate}"));
    assert_eq!(footprint.pods, 4);
    assert_eq!(footprint.cpu_requests, quantity("400m"));
    assert_eq!(footprint.memory_limits, quantity("800Mi"));
}

#[test]
fn an_autoscaler_counts_at_its_maximum_and_for_the_least_at_its_minimum() {
    let text = deployment("  replicas: 3") + &autoscaler("apiVersion: apps/v1, kind: Deployment, name: web", 8);
    assert_eq!(most(&text).pods, 10);
    assert_eq!(least(&text).pods, 1);
}

#[test]
fn an_autoscaler_is_for_one_kind_and_group() {
    let scaled = |target: &str| most(&(deployment("  replicas: 3") + &autoscaler(target, 8))).pods;
    assert_eq!(scaled("apiVersion: apps/v1beta1, kind: Deployment, name: web"), 10);
    assert_eq!(scaled("kind: Deployment, name: web"), 10);
    assert_eq!(scaled("apiVersion: apps/v1, kind: StatefulSet, name: web"), 4);
    assert_eq!(scaled("apiVersion: example.org/v1, kind: Deployment, name: web"), 4);
    assert_eq!(scaled("apiVersion: apps/v1, kind: Deployment, name: other"), 4);
}

#[test]
fn what_a_container_leaves_out_it_gets_from_the_limits_of_its_namespace() {
    let of = |resources: &str| most(&pod(&format!("      containers: [{{name: a, resources: {resources}}}]")));
    let silent = of("{}");
    assert_eq!((silent.cpu_requests, silent.cpu_limits), (quantity("50m"), quantity("500m")));
    assert_eq!((silent.memory_requests, silent.memory_limits), (quantity("64Mi"), quantity("256Mi")));
    assert_eq!(silent.ephemeral_requests, quantity("64Mi"));
    let requests_alone = of("{requests: {cpu: 200m}}");
    assert_eq!((requests_alone.cpu_requests, requests_alone.cpu_limits), (quantity("200m"), quantity("500m")));
    let limits_alone = of("{limits: {cpu: '2', memory: 1Gi, ephemeral-storage: 1Gi}}");
    assert_eq!((limits_alone.cpu_requests, limits_alone.memory_requests), (quantity("2"), quantity("1Gi")));
    assert_eq!(limits_alone.ephemeral_requests, quantity("1Gi"));
}

#[test]
fn init_containers_count_as_the_largest_of_them_against_the_sum_of_the_rest() {
    let of = |init: &str| {
        let spec = format!(
            "      initContainers: [{init}]
      containers:
        - {{name: a, resources: {{requests: {{cpu: 100m}}}}}}
        - {{name: b, resources: {{requests: {{cpu: 200m}}}}}}"
        );
        most(&pod(&spec)).cpu_requests
    };
    assert_eq!(of(""), quantity("300m"));
    assert_eq!(of("{name: i, resources: {requests: {cpu: 250m}}}"), quantity("300m"));
    let two = "{name: i, resources: {requests: {cpu: 400m}}}, {name: j, resources: {requests: {cpu: 300m}}}";
    assert_eq!(of(two), quantity("400m"));
}

#[test]
fn an_init_container_that_keeps_running_counts_beside_all_that_start_after_it() {
    let of = |init: &str| {
        let containers = "      containers: [{name: a, resources: {requests: {cpu: 100m}}}]";
        most(&pod(&format!("      initContainers: [{init}]\n{containers}"))).cpu_requests
    };
    let sidecar = "{name: s, restartPolicy: Always, resources: {requests: {cpu: 70m}}}";
    let large = "{name: i, resources: {requests: {cpu: 500m}}}";
    assert_eq!(of(sidecar), quantity("170m"));
    assert_eq!(of(&format!("{sidecar}, {large}")), quantity("570m"));
    assert_eq!(of(&format!("{large}, {sidecar}")), quantity("500m"));
}

#[test]
fn the_overhead_of_a_pod_counts() {
    let text = pod("      overhead: {cpu: 250m, memory: 120Mi}\n      containers: [{name: a}]");
    let footprint = most(&text);
    assert_eq!(footprint.cpu_requests, quantity("300m"));
    assert_eq!(footprint.memory_limits, quantity("376Mi"));
}

#[test]
fn what_a_pod_says_for_its_containers_stands_in_place_of_their_sum() {
    let of = |resources: &str, containers: &str| {
        let footprint = most(&pod(&format!("      resources: {resources}\n      containers: [{containers}]")));
        (footprint.cpu_requests, footprint.memory_requests, footprint.cpu_limits)
    };
    let two = "{name: a, resources: {requests: {cpu: 100m}}}, {name: b, resources: {requests: {cpu: 100m}}}";
    let all = of("{requests: {cpu: '1', memory: 1Gi}, limits: {cpu: '2'}}", two);
    assert_eq!(all, (quantity("1"), quantity("1Gi"), quantity("2")));
    // A limit alone: the containers' requests, and where none of them says one, the limit.
    let limits = of("{limits: {cpu: '2', memory: 1Gi}}", two);
    assert_eq!(limits, (quantity("200m"), quantity("1Gi"), quantity("2")));
    // Of the node's disk a pod can say nothing for its containers.
    let text = pod("      resources: {requests: {ephemeral-storage: 5Gi}}\n      containers: [{name: a}]");
    assert_eq!(most(&text).ephemeral_requests, quantity("64Mi"));
}

#[test]
fn a_pod_of_its_own_counts() {
    let footprint = most(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, resources: {requests: {cpu: 300m}}}]}\n",
    );
    assert_eq!((footprint.pods, footprint.cpu_requests), (1, quantity("300m")));
}

#[test]
fn each_node_gets_a_pod_of_a_daemon_set_and_the_least_are_those_that_are_left() {
    let nodes = Nodes {
        count: 20,
        cpu: quantity("8"),
        memory: quantity("16Gi"),
        pods: 110,
        spare: 2,
        span: Span::file(FileId(0)),
    };
    let (facts, text) = (facts(), |strategy: &str| {
        format!(
            "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {{name: a}}\nspec: {{{strategy}template: {{spec: {{containers: [{{name: a}}]}}}}}}"
        )
    });
    let pods = |strategy: &str, extent| {
        let objects = objects(&text(strategy));
        Census::new(objects.iter(), &[], Some(&nodes), &facts).footprint(extent).pods
    };
    assert_eq!(pods("", Extent::Most), 20);
    assert_eq!(pods("", Extent::Least), 18);
    let surge = "updateStrategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 12%, maxUnavailable: 0}}, ";
    assert_eq!(pods(surge, Extent::Most), 23);
    assert_eq!(pods("updateStrategy: {type: OnDelete}, ", Extent::Most), 20);
}

#[test]
fn what_an_autoscaler_of_events_leaves_out_is_its_own_default() {
    let scaled = |spec: &str| {
        let text = deployment("  replicas: 3\n  strategy: {type: Recreate}")
            + &format!(
                "---\napiVersion: keda.sh/v1alpha1\nkind: ScaledObject\nmetadata: {{name: web}}\nspec: {{scaleTargetRef: {{name: web}}{spec}}}\n"
            );
        (least(&text).pods, most(&text).pods)
    };
    assert_eq!(scaled(""), (0, 100));
    assert_eq!(scaled(", minReplicaCount: 2, maxReplicaCount: 9"), (2, 9));
    // Until it is seen, there are as many as the object says.
    assert_eq!(scaled(", maxReplicaCount: 2"), (0, 3));
    let jobs = |spec: &str| {
        most(&format!("apiVersion: keda.sh/v1alpha1\nkind: ScaledJob\nmetadata: {{name: a}}\nspec: {{{spec}jobTargetRef: {{parallelism: 2, template: {{spec: {{containers: [{{name: a}}]}}}}}}}}")).pods
    };
    assert_eq!(jobs(""), 200);
    assert_eq!(jobs("maxReplicaCount: 7, "), 14);
}

#[test]
fn a_job_runs_no_more_pods_than_it_has_to_complete_and_its_successor_beside_it() {
    let pods = |spec: &str| {
        let template = "template: {spec: {containers: [{name: a}]}}";
        most(&format!("apiVersion: batch/v1\nkind: Job\nmetadata: {{name: a}}\nspec: {{{spec}{template}}}")).pods
    };
    assert_eq!(pods(""), 2);
    assert_eq!(pods("parallelism: 3, "), 6);
    assert_eq!(pods("parallelism: 3, completions: 2, "), 4);
    assert_eq!(pods("completions: 5, "), 2);
    assert_eq!(pods("completionMode: Indexed, parallelism: 4, completions: 10, "), 8);
    assert_eq!(pods("completionMode: Indexed, parallelism: 10, completions: 4, "), 8);
}

#[test]
fn runs_of_a_cron_job_overlap_as_it_says() {
    let text = |spec: &str| {
        let job = "jobTemplate: {spec: {parallelism: 2, template: {spec: {containers: [{name: a}]}}}}";
        format!("apiVersion: batch/v1\nkind: CronJob\nmetadata: {{name: a}}\nspec: {{{spec}{job}}}")
    };
    assert_eq!(most(&text("concurrencyPolicy: Forbid, ")).pods, 2);
    assert_eq!(most(&text("concurrencyPolicy: Replace, ")).pods, 4);
    assert_eq!(most(&text("concurrencyPolicy: Allow, ")).pods, 6);
    assert_eq!(most(&text("")).pods, 6);
    assert_eq!(least(&text("")).pods, 2);
    assert_eq!(least(&text("suspend: true, ")).pods, 0);
    assert_eq!(most(&text("suspend: true, concurrencyPolicy: Forbid, ")).pods, 2);
}

#[test]
fn claims_of_a_stateful_set_count_for_each_of_its_pods() {
    let text = "apiVersion: apps/v1
kind: StatefulSet
metadata: {name: store}
spec:
  replicas: 3
  template: {spec: {containers: [{name: a}]}}
  volumeClaimTemplates:
    - {metadata: {name: data}, spec: {storageClassName: gold-1, resources: {requests: {storage: 10Gi}}}}
    - {metadata: {name: log}, spec: {storageClassName: gold-1, resources: {requests: {storage: 1Gi}}}}
";
    let footprint = most(text);
    assert_eq!((footprint.claims, footprint.storage, footprint.pods), (6, quantity("33Gi"), 3));
}

#[test]
fn a_stateful_set_is_rolled_out_in_place() {
    let of = |strategy: &str| {
        most(&format!("apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {{name: a}}\nspec: {{replicas: 4, updateStrategy: {strategy}, template: {{spec: {{containers: [{{name: a}}]}}}}}}")).pods
    };
    assert_eq!(of("{type: RollingUpdate, rollingUpdate: {partition: 2}}"), 4);
    assert_eq!(of("{type: RollingUpdate, rollingUpdate: {maxUnavailable: 50%}}"), 4);
    assert_eq!(of("{type: OnDelete}"), 4);
}

#[test]
fn a_claim_that_goes_with_its_pod_counts_for_the_rollout_too() {
    let volume = "      volumes: [{name: tmp, ephemeral: {volumeClaimTemplate: {spec: {resources: {requests: {storage: 2Gi}}}}}}]\n";
    let footprint = most(&(deployment("  replicas: 4") + volume));
    assert_eq!((footprint.claims, footprint.storage), (5, quantity("10Gi")));
}

const DATABASE: &str = "apiVersion: postgresql.cnpg.io/v1
kind: Cluster
metadata: {name: db}
spec:
  instances: 3
  storage: {size: 8Gi, storageClass: db-1}
  walStorage: {size: 2Gi, storageClass: db-1}
  resources: {requests: {cpu: 250m, memory: 512Mi}, limits: {cpu: '1', memory: 1Gi}}
  plugins: [{name: barman-cloud.cloudnative-pg.io, parameters: {barmanObjectName: db}}]
---
apiVersion: barmancloud.cnpg.io/v1
kind: ObjectStore
metadata: {name: db}
spec:
  instanceSidecarConfiguration:
    resources: {requests: {cpu: 50m, memory: 128Mi}, limits: {cpu: 500m, memory: 512Mi}}
";

#[test]
fn a_database_counts_with_its_volumes_and_the_sidecar_of_its_backups() {
    let footprint = most(DATABASE);
    assert_eq!(footprint.pods, 3);
    assert_eq!(footprint.cpu_requests, quantity("900m"));
    assert_eq!(footprint.memory_requests, quantity("1920Mi"));
    assert_eq!(footprint.cpu_limits, quantity("4500m"));
    assert_eq!((footprint.claims, footprint.storage), (6, quantity("30Gi")));
    let alone = DATABASE.split("  plugins").next().unwrap();
    assert_eq!(most(alone).cpu_requests, quantity("750m"));
}

#[test]
fn disks_hold_each_volume_as_often_as_its_own_class_says() {
    let class = |name: &str, copies: &str| {
        let text = format!(
            "apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {{name: {name}}}\nparameters: {{numberOfReplicas: '{copies}'}}"
        );
        (name.to_owned(), objects(&text).remove(0).node)
    };
    let classes = BTreeMap::from([class("gold-old", "2"), class("gold-new", "3"), class("db-1", "1")]);
    let claim = |name: &str| {
        format!(
            "---\napiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {{name: a}}\nspec: {{storageClassName: {name}, resources: {{requests: {{storage: 10Gi}}}}}}\n"
        )
    };
    let on_disk = |text: &str| Census::new(objects(text).iter(), &[], None, &facts()).on_disk(&classes);
    assert_eq!(on_disk(&claim("gold-new")), quantity("30Gi"));
    assert_eq!(on_disk(&(claim("gold-old") + &claim("gold-new"))), quantity("50Gi"));
    assert_eq!(on_disk(&claim("unknown")), Quantity::ZERO);
    assert_eq!(on_disk(DATABASE), quantity("30Gi"));
}

#[test]
fn headroom_is_a_share_and_at_the_least_one_more_of_the_largest() {
    let facts = facts();
    let objects = objects(&deployment("  replicas: 1\n  strategy: {type: Recreate}"));
    let census = Census::new(objects.iter(), &[], None, &facts);
    let footprint = census.footprint(Extent::Most);
    let quota = footprint.with_headroom(facts.headroom, &census.one_more_pod(), quantity("10Gi"));
    assert_eq!((quota.cpu_requests, quota.memory_requests, quota.pods), (quantity("200m"), quantity("256Mi"), 3));
    assert_eq!((quota.cpu_limits, quota.memory_limits), (quantity("700m"), quantity("512Mi")));
    assert_eq!((quota.storage, quota.claims), (quantity("10Gi"), 1));
    assert_eq!(facts.headroom.share, Percentage::new(25));
    let many = Footprint { cpu_requests: quantity("4"), pods: 40, ..Footprint::default() };
    let quota = many.with_headroom(facts.headroom, &census.one_more_pod(), Quantity::ZERO);
    assert_eq!((quota.cpu_requests, quota.pods), (quantity("5"), 50));
}

#[test]
fn shares_name_each_object_that_takes_something() {
    let objects = objects(DATABASE);
    let facts = facts();
    let shares = Census::new(objects.iter(), &[], None, &facts).shares();
    let names: Vec<&str> = shares.iter().map(|share| share.name.as_str()).collect();
    assert_eq!(names, ["Cluster db (3 pods)"]);
}
