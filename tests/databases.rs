//! What a new school changes of the server that all schools of its Kreis work in.
//!
//! The server starts anew when its memory or its number of connections changes, and everybody waits. So neither may follow
//! from one more database; how often they change is counted here.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use stadtplan::compile::{Options, compile};

use crate::support::parts;

/// As many schools as the largest Kreis may come to have, with ten connections each.
const MOST: usize = 110;

/// Schools with which the server has reached what it is set up for: 60 connections, 160, 400, and from there each 500.
const STEPS: [usize; 5] = [6, 16, 40, 50, 100];

/// What has to name each school: who may come in, and whose database may be brought back.
const NAME_THEM: [&str; 2] = ["NetworkPolicy db-pooler", "DatabaseRole db-restore"];

/// What grows while the server runs.
const SIZES: [&str; 2] = ["    size: ", "      storage: "];

#[test]
fn one_school_more_changes_the_server_at_few_numbers_of_them() {
    let mut before = objects(1);
    let mut steps = Vec::new();
    for schools in 2..=MOST {
        let after = objects(schools);
        let changed =
            before.iter().filter(|(name, text)| after.get(*name) != Some(*text)).map(|(name, _)| name.as_str());
        let changed: Vec<&str> = changed.filter(|name| !NAME_THEM.contains(name)).collect();
        if changed.contains(&"Cluster db") {
            steps.push(schools - 1);
        } else {
            assert_eq!(changed, [""; 0], "from {} schools to {schools}", schools - 1);
        }
        before = after;
    }
    assert_eq!(steps, STEPS);
}

/// The objects of the server of a tenant with so many schools, by kind and name, without the sizes of its disks.
fn objects(schools: usize) -> BTreeMap<String, String> {
    let mut text = "// use: minimal notes\n\
        quota schools cpu=400 memory=\"768Gi\" storage=\"9Ti\" pods=1000\n\
        municipality goch ags=\"05154016\" { quota schools; table schools \"schools.csv\" { column id type=dns-label; }; \
        service notes name=schule for-each=schools; }\n//- schools.csv\nid\n"
        .to_owned();
    for school in 0..schools {
        let _ = writeln!(text, "s{school:03}");
    }
    let compilation = compile(&parts::world(&parts::split(&text)), &Options::default());
    let errors: Vec<&String> = compilation.findings.iter().map(|finding| &finding.diagnostic.message).collect();
    let files = compilation.output.iter().flat_map(|tree| &tree.files);
    let file = files.filter(|(path, _)| path.ends_with("goch/data/goch-db.yaml")).map(|(_, file)| &file.bytes).next();
    let file = file.unwrap_or_else(|| panic!("nothing for {schools} schools: {errors:?}"));
    let text = String::from_utf8_lossy(file);
    let objects = text.split("---\n").filter_map(|object| {
        let kind = object.lines().find_map(|line| line.strip_prefix("kind: "))?;
        let name = object.lines().find_map(|line| line.strip_prefix("  name: "))?;
        let kept = object.lines().filter(|line| !SIZES.iter().any(|size| line.starts_with(size)));
        Some((format!("{kind} {name}"), kept.collect::<Vec<_>>().join("\n")))
    });
    objects.collect()
}
