//! How fast a spec is read: run by `cargo bench --bench syntax`.
//!
//! The text is made like a provider's own: municipalities with quotas, groups, tables, services and volumes.

use std::fmt::Write as _;
use std::sync::Arc;

use divan::Bencher;
use divan::counter::BytesCount;
use stadtplan::source::FileId;
use stadtplan::syntax;

fn main() {
    divan::main();
}

#[divan::bench(args = [1_000, 8_000])]
fn parse(bencher: Bencher<'_, '_>, tenants: usize) {
    let text: Arc<str> = spec(tenants).into();
    let (_, findings) = syntax::parse(FileId(0), Arc::clone(&text));
    assert!(findings.is_empty(), "{findings:?}");
    bencher.counter(BytesCount::of_str(&text)).bench(|| syntax::parse(FileId(0), Arc::clone(&text)));
}

/// Parsing and then reading every name and value once, as the stage behind it does.
#[divan::bench(args = [1_000])]
fn parse_and_walk(bencher: Bencher<'_, '_>, tenants: usize) {
    let text: Arc<str> = spec(tenants).into();
    bencher.counter(BytesCount::of_str(&text)).bench(|| {
        let (tree, _) = syntax::parse(FileId(0), Arc::clone(&text));
        walk(tree.nodes())
    });
}

/// A mistake in every tenant: what the findings cost.
#[divan::bench(args = [1_000])]
fn parse_with_mistakes(bencher: Bencher<'_, '_>, tenants: usize) {
    let text: Arc<str> = spec(tenants).replace("memory=\"96Gi\"", "memory=96Gi").into();
    bencher.counter(BytesCount::of_str(&text)).bench(|| syntax::parse(FileId(0), Arc::clone(&text)));
}

fn walk(nodes: syntax::Nodes<'_>) -> usize {
    nodes
        .map(|node| {
            let entries: usize = node
                .entries()
                .map(|entry| entry.name().map_or(0, |name| name.value.len()) + entry.value().text().len())
                .sum();
            node.name().len() + entries + node.children().map_or(0, walk)
        })
        .sum()
}

/// About 1 KB for each tenant.
fn spec(tenants: usize) -> String {
    let mut text = String::from("// generated\n");
    for number in 0..tenants {
        writeln!(
            text,
            r#"municipality gemeinde-{number} ags="{number:08}" title="Gemeinde Nummer {number}" {{
    cluster niederrhein-{cluster}
    quota medium memory="96Gi" storage="1Ti" pods=200
    // the groups come from the directory of the district
    access {{
        admin     "GG_K8S_GEMEINDE_{number}_Admins"
        developer "GG_K8S_GEMEINDE_{number}_Entwickler" "GG_K8S_EXTERN"
    }}
    table schools "schools/gemeinde-{number}.csv" {{
        column id type=dns-label; column name type=text; column pupils type=integer
    }}
    service moodle for-each=schools {{
        host "{{{{ row.id }}}}.schule.{{{{ tenant.domain }}}}"
        size "{{{{ 'large' if row.pupils > 800 else 'small' }}}}"
        replicas "2..8"
    }}
    service bigbluebutton host="konferenz-{number}.krzn.example" recording=#true
    volume akten size="50Gi" class=gold access=many /* shared */
    label "krzn.example/kostenstelle" "4711-{number}"
    without service nextcloud
}}
"#,
            cluster = number % 2 + 1,
        )
        .expect("writing to a string cannot fail");
    }
    text
}
