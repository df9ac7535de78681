//! What a service instance costs: looking up names, evaluating expressions, instantiating a Deployment.
//!
//! The fleet has some fifty thousand objects, so a microsecond here is fifty milliseconds of a build.

use divan::{Bencher, black_box};
use minijinja::Value;
use stadtplan::expression::{Expression, Scope, parse_scalar, record};
use stadtplan::kinds::{Kind, Kinds};
use stadtplan::source::{FileId, Span};
use stadtplan::template::{fill, parse};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    divan::main();
}

const DEPLOYMENT: &str = r#"
apiVersion: apps/v1
kind: Deployment
metadata:
  name: moodle
  labels: {app.kubernetes.io/name: moodle, app.kubernetes.io/component: web}
spec:
  replicas: "{{ replicas.min }}"
  revisionHistoryLimit: 3
  selector:
    matchLabels: {app.kubernetes.io/name: moodle, app.kubernetes.io/component: web}
  template:
    metadata:
      labels: {app.kubernetes.io/name: moodle, app.kubernetes.io/component: web}
    spec:
      terminationGracePeriodSeconds: 60
      containers:
      - name: web
        image: "{{ image }}"
        ports:
        - {name: http, containerPort: 8080}
        env:
        - {name: SITE_URL, value: "https://{{ host }}"}
        - {name: SITE_NAME, value: "{{ tenant.title }}"}
        - {name: DB_HOST, value: "{{ postgresql.host }}"}
        - {name: DB_NAME, value: "{{ postgresql.database }}"}
        - {name: REDIS_HOST, value: "{{ valkey.host }}"}
        - {name: PHP_WORKERS, value: "{{ '16' if size == 'large' else '8' }}"}
        - name: DB_PASSWORD
          valueFrom: {secretKeyRef: {name: moodle-db, key: password}}
        - $if: smtp is not none
          name: SMTP_HOST
          value: "{{ smtp }}"
        resources:
          requests: {cpu: 250m, memory: 512Mi}
          limits: {memory: "{{ '2Gi' if size == 'large' else '1Gi' }}"}
        readinessProbe:
          httpGet: {path: /login/index.php, port: http}
          periodSeconds: 10
        volumeMounts:
        - {name: data, mountPath: /var/www/moodledata}
        - {name: tmp, mountPath: /tmp}
      volumes:
      - name: data
        persistentVolumeClaim: {claimName: moodledata}
      - {name: tmp, emptyDir: {}}
"#;

const BASELINE: &str = r"
spec:
  template:
    spec:
      automountServiceAccountToken: false
      securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
      containers:
      - securityContext: {allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: {drop: [ALL]}}
        livenessProbe: {httpGet: {path: /, port: http}, periodSeconds: 20}
";

fn scope() -> Scope {
    let platform = Scope::new().with("platform", record([("domain", Value::from("krzn.example"))]));
    let cluster = platform.child().with("cluster", record([("name", Value::from("niederrhein-1"))]));
    let tenant = cluster.child().with(
        "tenant",
        record([("name", Value::from("goch")), ("title", Value::from("Stadt Goch")), ("ags", Value::from("05154016"))]),
    );
    tenant
        .child()
        .with("service", record([("name", Value::from("moodle"))]))
        .with("host", "moodle.goch.krzn.example")
        .with("size", "small")
        .with("image", "docker.io/erseco/alpine-moodle:v5.2.2@sha256:0123456789abcdef0123456789abcdef")
        .with("smtp", "smtp.krzn.example")
        .with("replicas", record([("min", Value::from(2)), ("max", Value::from(8))]))
        .with("postgresql", record([("host", Value::from("goch-db")), ("database", Value::from("moodle"))]))
        .with("valkey", record([("host", Value::from("valkey"))]))
}

fn expression(bencher: Bencher<'_, '_>, text: &str) {
    let scope = scope();
    let expression =
        Expression::compile(text, Span::new(FileId(0), 0, text.len())).expect("the benchmark's own expression");
    bencher.bench(|| black_box(&expression).evaluate(black_box(&scope)));
}

#[divan::bench(args = ["size", "tenant.name", "tenant.name | upper", "'large' if size == 'x' else 'small'", "replicas.max > replicas.min"])]
fn evaluate(bencher: Bencher<'_, '_>, text: &str) {
    expression(bencher, text);
}

#[divan::bench]
fn mixed_scalar(bencher: Bencher<'_, '_>) {
    let scope = scope();
    let scalar = parse_scalar("konferenz.{{ tenant.name }}.{{ platform.domain }}", |range| {
        Span::new(FileId(0), range.start, range.end)
    })
    .expect("the benchmark's own scalar");
    bencher.bench(|| black_box(&scalar).text(black_box(&scope)));
}

#[divan::bench]
fn read(bencher: Bencher<'_, '_>) {
    bencher.bench(|| parse(FileId(0), black_box(DEPLOYMENT)));
}

#[divan::bench]
fn instantiate(bencher: Bencher<'_, '_>) {
    let (template, findings) = parse(FileId(0), DEPLOYMENT);
    assert!(findings.is_empty());
    let scope = scope();
    let mut out = Vec::new();
    bencher.bench_local(|| {
        out.clear();
        template.documents[0].instantiate(black_box(&scope), &mut out)
    });
    assert_eq!(out.len(), 1);
}

#[divan::bench]
fn fill_in(bencher: Bencher<'_, '_>) {
    let mut out = Vec::new();
    for text in [DEPLOYMENT, BASELINE] {
        parse(FileId(0), text).0.documents[0].instantiate(&scope(), &mut out).expect("the benchmark's own template");
    }
    let (target, filler) = (&out[0].node, &out[1].node);
    let kinds = Kinds::standard();
    let place = kinds.get("apps/v1", "Deployment").map(Kind::root);
    bencher.with_inputs(|| target.clone()).bench_local_refs(|target| fill(target, filler, place));
}
