//! How fast manifests are written as YAML: objects as the standard library makes them, and the three ways of a string.

use divan::Bencher;
use divan::counter::BytesCount;
use stadtplan::object::{Map, Node};
use stadtplan::output::yaml;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    divan::main();
}

#[divan::bench]
fn objects(bencher: Bencher) {
    run(bencher, &(0..1000).map(workload).collect::<Vec<_>>());
}

#[divan::bench]
fn plain_strings(bencher: Bencher) {
    run(bencher, &[strings("docker.io/library/postgres:17.2")]);
}

#[divan::bench]
fn quoted_strings(bencher: Bencher) {
    run(bencher, &[strings("05154016"), strings("{{ .Labels.instance }}: on")]);
}

#[divan::bench]
fn literal_strings(bencher: Bencher) {
    run(bencher, &[strings("#!/bin/sh\nset -eu\nfor it in a b c; do\n  echo \"$it\"\ndone\n")]);
}

fn run(bencher: Bencher, documents: &[Node]) {
    let mut out = Vec::new();
    yaml::write_documents(documents, &mut out);
    bencher.counter(BytesCount::of_slice(&out)).bench_local(|| {
        out.clear();
        for document in documents {
            yaml::write(document, &mut out);
        }
        out.len()
    });
}

fn strings(text: &str) -> Node {
    map([("items", Node::List(vec![Node::string(text); 1000]))])
}

/// A Deployment with what the baseline fills in.
fn workload(number: usize) -> Node {
    let name = format!("greenlight-{number}");
    let labels = || {
        map([
            ("app.kubernetes.io/name", text("greenlight")),
            ("app.kubernetes.io/instance", text(&name)),
            ("krzn.example/tenant", text("kreis-kleve")),
        ])
    };
    let security = map([
        ("allowPrivilegeEscalation", Node::Boolean(false)),
        ("readOnlyRootFilesystem", Node::Boolean(true)),
        ("capabilities", map([("drop", Node::List(vec![text("ALL")]))])),
    ]);
    let probe = || {
        map([
            ("httpGet", map([("path", text("/health_check")), ("port", text("http"))])),
            ("periodSeconds", Node::Integer(10)),
        ])
    };
    let variable = |key: &str, value: &str| map([("name", text(key)), ("value", text(value))]);
    let container = map([
        ("name", text("web")),
        (
            "image",
            text(
                "docker.io/bigbluebutton/greenlight:v3.5.1@sha256:0f4c3e1d2b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0",
            ),
        ),
        ("args", Node::List(vec![text("--port=3000"), text("-b"), text("0.0.0.0")])),
        (
            "env",
            Node::List(vec![
                variable("DATABASE_URL", "postgres://greenlight@postgresql.kreis-kleve-db.svc:5432/greenlight"),
                variable("RELATIVE_URL_ROOT", "/"),
                variable("RAILS_LOG_TO_STDOUT", "true"),
                variable("DEFAULT_LOCALE", "de"),
            ]),
        ),
        (
            "ports",
            Node::List(vec![map([
                ("name", text("http")),
                ("containerPort", Node::Integer(3000)),
                ("protocol", text("TCP")),
            ])]),
        ),
        (
            "resources",
            map([
                ("requests", map([("cpu", text("100m")), ("memory", text("512Mi"))])),
                ("limits", map([("memory", text("1Gi"))])),
            ]),
        ),
        ("livenessProbe", probe()),
        ("readinessProbe", probe()),
        ("securityContext", security),
    ]);
    map([
        ("apiVersion", text("apps/v1")),
        ("kind", text("Deployment")),
        (
            "metadata",
            map([("name", text(&name)), ("namespace", text("kreis-kleve-bigbluebutton")), ("labels", labels())]),
        ),
        (
            "spec",
            map([
                ("replicas", Node::Integer(2)),
                ("selector", map([("matchLabels", labels())])),
                (
                    "template",
                    map([
                        ("metadata", map([("labels", labels())])),
                        (
                            "spec",
                            map([
                                ("serviceAccountName", text(&name)),
                                ("automountServiceAccountToken", Node::Boolean(false)),
                                ("containers", Node::List(vec![container])),
                            ]),
                        ),
                    ]),
                ),
            ]),
        ),
    ])
}

fn text(text: &str) -> Node {
    Node::string(text)
}

fn map<const N: usize>(entries: [(&str, Node); N]) -> Node {
    Node::Map(Map { entries: entries.into_iter().map(|(key, node)| (key.into(), node)).collect() })
}
