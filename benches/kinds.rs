//! How long it takes to read the kinds that a compile needs, and to prove an object, plainly and remembered.

use stadtplan::kinds::{Kinds, Proofs, prove};
use stadtplan::object::{Map, Node};
use stadtplan::source::FileId;
use stadtplan::yaml::{self, Yaml, YamlKind};

const DEPLOYMENT: &str = "
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: goch-web, labels: {app.kubernetes.io/name: web, app.kubernetes.io/part-of: web}}
spec:
  replicas: 2
  selector: {matchLabels: {app.kubernetes.io/name: web}}
  template:
    metadata: {labels: {app.kubernetes.io/name: web, app.kubernetes.io/part-of: web}}
    spec:
      automountServiceAccountToken: false
      securityContext: {runAsNonRoot: true, runAsUser: 65534, seccompProfile: {type: RuntimeDefault}}
      containers:
      - name: web
        image: registry.example/web:1
        ports: [{name: http, containerPort: 8080}]
        env: [{name: TZ, value: Europe/Berlin}, {name: LANG, value: de}]
        readinessProbe: {httpGet: {path: /, port: http}, periodSeconds: 10}
        livenessProbe: {tcpSocket: {port: http}, periodSeconds: 20}
        resources: {requests: {cpu: 100m, memory: 128Mi}, limits: {memory: 256Mi}}
        securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
        volumeMounts: [{name: data, mountPath: /data}]
      volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]
";

/// What the standard library emits for a tenant.
const NEEDED: &[(&str, &str)] = &[
    ("v1", "Namespace"),
    ("v1", "ResourceQuota"),
    ("v1", "LimitRange"),
    ("v1", "ServiceAccount"),
    ("v1", "Service"),
    ("v1", "ConfigMap"),
    ("v1", "PersistentVolumeClaim"),
    ("apps/v1", "Deployment"),
    ("apps/v1", "StatefulSet"),
    ("batch/v1", "CronJob"),
    ("batch/v1", "Job"),
    ("autoscaling/v2", "HorizontalPodAutoscaler"),
    ("policy/v1", "PodDisruptionBudget"),
    ("networking.k8s.io/v1", "NetworkPolicy"),
    ("networking.k8s.io/v1", "Ingress"),
    ("rbac.authorization.k8s.io/v1", "Role"),
    ("rbac.authorization.k8s.io/v1", "RoleBinding"),
    ("storage.k8s.io/v1", "StorageClass"),
    ("longhorn.io/v1beta2", "RecurringJob"),
    ("management.cattle.io/v3", "Project"),
    ("management.cattle.io/v3", "ProjectRoleTemplateBinding"),
    ("external-secrets.io/v1", "ExternalSecret"),
    ("monitoring.coreos.com/v1", "ServiceMonitor"),
    ("postgresql.cnpg.io/v1", "Cluster"),
    ("fleet.cattle.io/v1alpha1", "fleet.yaml"),
];

fn main() {
    cold_start();
    divan::main();
}

/// Kinds are read once in a process, so this cannot be repeated; an object of each kind makes it read all that it needs.
#[expect(clippy::disallowed_methods, clippy::print_stderr, reason = "a benchmark measures and tells")]
fn cold_start() {
    let start = std::time::Instant::now();
    let kinds = Kinds::standard();
    let known = NEEDED.iter().filter(|(api_version, kind)| kinds.get(api_version, kind).is_some()).count();
    let object = object();
    let problems = kinds.of(&object).map(|kind| prove(kind, &object)).unwrap_or_default();
    assert_eq!((known, problems.len()), (NEEDED.len(), 0));
    eprintln!("from nothing to {known} kinds and a proof: {:?}", start.elapsed());
}

fn object() -> Node {
    node(&yaml::read(FileId(0), DEPLOYMENT).0[0])
}

fn node(yaml: &Yaml) -> Node {
    match &yaml.kind {
        YamlKind::Null => Node::Null,
        YamlKind::Boolean(value) => Node::Boolean(*value),
        YamlKind::Integer(value) => Node::Integer(*value),
        YamlKind::Float(value) => Node::Float(*value),
        YamlKind::String { text, .. } => Node::string(text.as_str()),
        YamlKind::List(items) => Node::List(items.iter().map(node).collect()),
        YamlKind::Map(entries) => Node::Map(Map {
            entries: entries
                .iter()
                .map(|(key, value)| (key.as_str().unwrap_or_default().into(), node(value)))
                .collect(),
        }),
    }
}

#[divan::bench]
fn plain(bencher: divan::Bencher<'_, '_>) {
    let (kinds, object) = (Kinds::standard(), object());
    let Some(kind) = kinds.get("apps/v1", "Deployment") else { return };
    bencher.bench(|| prove(kind, divan::black_box(&object)));
}

#[divan::bench]
fn remembered(bencher: divan::Bencher<'_, '_>) {
    let (kinds, object, proofs) = (Kinds::standard(), object(), Proofs::new());
    let Some(kind) = kinds.get("apps/v1", "Deployment") else { return };
    bencher.bench(|| proofs.prove(1, kind, divan::black_box(&object)));
}

#[divan::bench]
fn registry() -> Kinds {
    Kinds::standard()
}
