use minijinja::Value;

use super::{Instance, PathStep, drop_nulls, fill, parse};
use crate::diagnostic::Diagnostic;
use crate::expression::{Scope, record};
use crate::kinds::{Kinds, Step};
use crate::object::Node;
use crate::source::FileId;

fn scope() -> Scope {
    Scope::new()
        .with("host", "moodle.goch.example")
        .with("port", 8080)
        .with("ready", true)
        .with("closed", false)
        .with("ratio", 0.5)
        .with("unset", Value::from(()))
        .with("hosts", Value::from(vec!["a.example", "b.example"]))
        .with("empty", Value::from(Vec::<Value>::new()))
        .with("labels", record([("team", Value::from("web")), ("tier", Value::from("gold"))]))
        .with("replicas", record([("min", Value::from(2)), ("max", Value::from(8))]))
        .with(
            "rows",
            Value::from(vec![
                record([("id", Value::from("x")), ("open", Value::from(true)), ("n", Value::from(1))]),
                record([("id", Value::from("y")), ("open", Value::from(false)), ("n", Value::from(2))]),
            ]),
        )
}

fn instances(text: &str) -> Vec<Instance> {
    let (template, findings) = parse(FileId(0), text);
    assert_eq!(findings, [], "{text}");
    let mut out = Vec::new();
    for document in &template.documents {
        document.instantiate(&scope(), &mut out).unwrap_or_else(|findings| panic!("{text}: {findings:?}"));
    }
    out
}

fn plain(node: &Node) -> serde_json::Value {
    match node {
        Node::Null => serde_json::Value::Null,
        Node::Boolean(value) => (*value).into(),
        Node::Integer(value) => (*value).into(),
        Node::Float(value) => (*value).into(),
        Node::String(text) => text.as_str().into(),
        Node::List(items) => items.iter().map(plain).collect(),
        Node::Map(map) => map.entries.iter().map(|(key, node)| (key.to_string(), plain(node))).collect(),
    }
}

/// The objects as JSON, one a line.
fn json(text: &str) -> String {
    let lines: Vec<String> = instances(text).iter().map(|instance| plain(&instance.node).to_string()).collect();
    lines.join("\n")
}

fn faults(text: &str) -> Vec<Diagnostic> {
    let (template, mut findings) = parse(FileId(0), text);
    for document in &template.documents {
        if let Err(more) = document.instantiate(&scope(), &mut Vec::new()) {
            findings.extend(more);
        }
    }
    findings
}

/// The only finding: its message and the text it points at.
fn fault(text: &str) -> (String, &str) {
    let findings = faults(text);
    assert_eq!(findings.len(), 1, "{text}: {findings:#?}");
    (findings[0].message.clone(), &text[findings[0].span.range()])
}

#[test]
fn scalars_keep_their_kind() {
    assert_eq!(
        json(concat!(
            "a: \"{{ port }}\"\nb: 'x {{ port }}'\nc: \"{{ ready }}\"\nd: \"{{ hosts }}\"\ne: \"{{ labels }}\"\n",
            "f: \"{{ ratio }}\"\ng: 12\nh: '12'\ni: null\nj: 1.5\nk: true\nl: \"{{ port | string }}\"\nm: |\n  {{ host }}\n"
        )),
        concat!(
            r#"{"a":8080,"b":"x 8080","c":true,"d":["a.example","b.example"],"e":{"team":"web","tier":"gold"},"#,
            r#""f":0.5,"g":12,"h":"12","i":null,"j":1.5,"k":true,"l":"8080","m":"moodle.goch.example\n"}"#
        )
    );
}

#[test]
fn if_governs_the_mapping_it_stands_in() {
    assert_eq!(json("a: {$if: ready, x: 1}\nb: {$if: closed, x: 1}\n"), r#"{"a":{"x":1}}"#);
    assert_eq!(json("a:\n- $if: ready\n  x: 1\n- $if: not ready\n  x: 2\n- 3\n"), r#"{"a":[{"x":1},3]}"#);
    assert_eq!(json("$if: replicas.max > replicas.min\na: 1\n---\n$if: closed\nb: 1\n"), r#"{"a":1}"#);
    assert_eq!(json("a: {$if: true, x: {$if: \"host == 'q'\", z: 1}}"), r#"{"a":{}}"#);
    assert_eq!(json("a: {$if: closed, x: \"{{ hosts[77] }}\"}\nb: 1"), r#"{"b":1}"#, "not evaluated");
}

#[test]
fn for_repeats_items_and_documents_and_yields_entries() {
    assert_eq!(
        json("a:\n- $for: h in hosts\n  host: \"{{ h }}\"\n  all: \"{{ port }}\"\n- last: 1\n"),
        r#"{"a":[{"host":"a.example","all":8080},{"host":"b.example","all":8080},{"last":1}]}"#
    );
    assert_eq!(json("$for: row in rows\nname: \"{{ row.id }}\"\n"), "{\"name\":\"x\"}\n{\"name\":\"y\"}");
    assert_eq!(json("$for: row in rows\n$if: row.open\nname: \"{{ row.id }}\"\n"), "{\"name\":\"x\"}");
    assert_eq!(
        json("data:\n  $for: row in rows\n  \"{{ row.id }}.txt\": \"{{ row.n }}\"\n"),
        r#"{"data":{"x.txt":1,"y.txt":2}}"#
    );
    assert_eq!(
        json("data:\n  $for: name, value in labels\n  \"krzn/{{ name }}\": \"{{ value }}!\"\n"),
        r#"{"data":{"krzn/team":"web!","krzn/tier":"gold!"}}"#
    );
    assert_eq!(
        json("data:\n  $for: x in empty\n  k: 1\nlist:\n- $for: x in empty\n  k: 1\n"),
        r#"{"data":{},"list":[]}"#
    );
    assert_eq!(
        json("a:\n- $for: row in rows\n  b:\n  - $for: h in hosts\n    c: \"{{ row.id }}/{{ h }}\"\n"),
        r#"{"a":[{"b":[{"c":"x/a.example"},{"c":"x/b.example"}]},{"b":[{"c":"y/a.example"},{"c":"y/b.example"}]}]}"#
    );
}

#[test]
fn none_removes_its_key_or_item_and_null_stays() {
    assert_eq!(
        json("a: \"{{ unset }}\"\nb: null\nc: [\"{{ unset }}\", 1]\nd: \"{{ [1, none] }}\"\n"),
        r#"{"b":null,"c":[1],"d":[1]}"#
    );
}

#[test]
fn json_makes_text_of_what_was_evaluated() {
    assert_eq!(
        json("a: !json {b: [1, '{{ hosts | length }}'], c: !json []}\n"),
        r#"{"a":"{\n  \"b\": [\n    1,\n    2\n  ],\n  \"c\": \"[]\\n\"\n}\n"}"#
    );
    assert_eq!(fault("a: !json x\n").0, "`!json` is for a list or a map below a key");
}

#[test]
fn optional_leaves_out_what_is_empty() {
    let of = |hosts: &str| {
        json(&format!(
            "a: !optional\n  - $for: host in {hosts}\n    name: '{{{{ host }}}}'\nb: !optional {{$for: host in {hosts}, '{{{{ host }}}}': 1}}\n"
        ))
    };
    assert_eq!(of("empty"), "{}");
    assert_eq!(of("hosts"), r#"{"a":[{"name":"a.example"},{"name":"b.example"}],"b":{"a.example":1,"b.example":1}}"#);
    assert_eq!(json("a: [!optional [], !optional [1], []]\n"), r#"{"a":[[1],[]]}"#);
    assert_eq!(fault("a: !optional x\n").0, "`!optional` is for a list or a map below a key");
    assert_eq!(fault("!optional\na: 1\n").0, "`!optional` is for a list or a map below a key");
    let (template, _) = parse(FileId(0), "a: !optional [{$for: host in hosts, b: '{{ port }}'}]\n");
    let names: Vec<_> = template.documents[0].names_used().into_iter().map(|used| used.name).collect();
    assert_eq!(names, ["hosts", "port"]);
}

#[test]
fn raw_takes_a_scalar_literally() {
    assert_eq!(
        json("a: !raw \"{{ $labels.x }}\"\nb: !raw |\n  {{ .y }} {% z %}\n!raw $if: 1\n"),
        r#"{"a":"{{ $labels.x }}","b":"{{ .y }} {% z %}\n","$if":1}"#
    );
    assert_eq!(fault("a: !raw [1]\n").0, "`!raw` takes a scalar, not a collection");
    assert_eq!(fault("a: !vault x\n").0, "there is no tag `!vault`");
}

#[test]
fn an_unquoted_expression_is_offered_in_quotes() {
    for (text, place) in [
        ("a: {{ host }}\n", "{{ host }}"),
        ("a:\n- {{ host | upper }}\n", "{{ host | upper }}"),
        ("ä: {{ host }}\n", "{{ host }}"),
        ("{{ host }}: 1\n", "{{ host }}"),
        ("$if: {{ ready }}\na: 1\n", "{{ ready }}"),
    ] {
        let findings = faults(text);
        assert_eq!(findings.len(), 1, "{text}: {findings:#?}");
        let fix = &findings[0].fix.as_ref().unwrap().edits[0];
        assert_eq!((&text[fix.span.range()], fix.text.as_str()), (place, format!("\"{place}\"").as_str()));
    }
    let findings = faults("a: 1\nb: {{ host }}/x\nc: 2\n");
    assert_eq!(findings[0].code.name, "bad-syntax");
    assert!(findings[0].help.as_deref().unwrap().starts_with("quote a value"), "{findings:?}");
}

#[test]
fn errors_point_into_the_template() {
    assert_eq!(fault("ä: \"ö {{ hsot }}\"\n"), ("`hsot` is not defined".into(), "hsot"));
    assert_eq!(fault("a: |\n  one\n  two {{ port + 'x' }}\n").1, "port + 'x'");
    assert_eq!(fault("$if: prot > 1\na: 1\n").1, "prot");
    assert_eq!(fault("$if: port\na: 1\n"), ("a condition is a boolean, `port` is an integer here".into(), "port"));
    assert_eq!(fault("a:\n- $for: h in hosst\n  b: 1\n").1, "hosst");
    assert_eq!(fault("a:\n- $for: h in port\n  b: 1\n").0, "`$for` repeats over a list or a map");
    assert_eq!(fault("a:\n- $for: h in unset\n  b: 1\n").0, "`$for` repeats over a list, this is none");
    assert_eq!(fault("a:\n- $for: h in labels\n  b: 1\n").0, "`$for` has one name for the entries of a map");
    assert_eq!(fault("a:\n- $for: h of hosts\n  b: 1\n"), ("`h of hosts` is not a loop".into(), "h of hosts"));
    assert_eq!(fault("$if: \"{{ ready }}\"\na: 1\n").0, "a directive is an expression already");
    assert_eq!(fault("$fro: x in y\na: 1\n"), ("there is no directive `$fro`".into(), "$fro"));
    assert_eq!(fault("a: \"{% if x %}\"\n").1, "{%");
    assert_eq!(fault("a: \"x {{ hosts }}\"\n").0, "`hosts` is a list here; text cannot hold it");
    assert_eq!(fault("data:\n  $for: h in hosts\n  same: 1\n"), ("the key `same` is given twice here".into(), "same"));
    assert_eq!(fault("\"{{ host }}\": 1\nmoodle.goch.example: 2\n").1, "moodle.goch.example");
    assert_eq!(fault("- a\n").0, "a document of a template is a mapping, this is a list");
    assert_eq!(fault("8080: a\n").1, "8080");
    assert_eq!(
        fault("a: \"{{ 9223372036854775807 + 1 }}\"\n").0,
        "`9223372036854775807 + 1` is larger than an integer can be"
    );
    assert_eq!(faults("a: \"{{ x1 }}\"\nb: [\"{{ x2 }}\", {c: \"{{ x3 }}\"}]\n").len(), 3, "all of them");
    assert_eq!(faults("a:\n- $for: h in hosts\n  b: \"{{ nope }}\"\n").len(), 1, "each once");
}

#[test]
fn documents_are_counted_and_empty_ones_skipped() {
    let all = instances("---\n---\na: 1\n---\n# nothing\n---\nb: 2\n");
    assert_eq!(all.iter().map(|instance| instance.document).collect::<Vec<_>>(), [0, 1]);
}

#[test]
fn a_path_of_the_object_leads_back_to_the_template() {
    let text = concat!(
        "metadata: {name: x}\nspec:\n  list:\n  - a: 1\n  - $for: h in hosts\n    b: \"{{ h }}\"\n",
        "  data:\n    \"{{ host }}\": 7\n  whole: \"{{ labels }}\"\n"
    );
    let (template, findings) = parse(FileId(0), text);
    assert_eq!(findings, []);
    let document = &template.documents[0];
    let (key, index) = (PathStep::Key, PathStep::Index);
    let place = |path: &[PathStep<'_>]| &text[document.span_of(path).range()];
    assert_eq!(place(&[key("metadata"), key("name")]), "x");
    assert_eq!(place(&[key("spec"), key("list"), index(0), key("a")]), "1");
    assert_eq!(place(&[key("spec"), key("list"), index(2), key("b")]), "\"{{ h }}\"");
    assert_eq!(place(&[key("spec"), key("data"), key("moodle.goch.example")]), "7");
    assert_eq!(place(&[key("spec"), key("whole"), key("team")]), "\"{{ labels }}\"");
    assert_eq!(&text[document.key_span_of(&[key("metadata"), key("name")]).range()], "name");
    assert_eq!(place(&[]), text.trim_end());
}

#[test]
fn the_names_used_leave_out_loop_variables() {
    let text = "$if: ready\na:\n- $for: row in rows\n  b: \"{{ row.id }} {{ host }}\"\nc: \"{{ row }}\"\n";
    let (template, _) = parse(FileId(0), text);
    let names: Vec<_> = template.documents[0].names_used().into_iter().map(|used| used.name).collect();
    assert_eq!(names, ["ready", "rows", "host", "row"]);
}

fn node(text: &str) -> Node {
    instances(text).remove(0).node
}

/// Fills at a place in a Deployment.
fn filled_in(path: &str, target: &str, filler: &str) -> String {
    let kinds = Kinds::standard();
    let path: Vec<Step> = path.split('.').map(|key| Step::Key(key.into())).collect();
    let place = kinds.get("apps/v1", "Deployment").and_then(|kind| kind.place(&path));
    assert!(place.is_some(), "there is no such place");
    let mut target = node(target);
    fill(&mut target, &node(filler), place);
    let once = target.clone();
    fill(&mut target, &node(filler), place);
    assert_eq!(target, once, "filling twice is filling once");
    drop_nulls(&mut target);
    plain(&target).to_string()
}

fn filled(target: &str, filler: &str) -> String {
    filled_in("spec.template.spec", target, filler)
}

#[test]
fn fill_adds_what_is_missing_and_keeps_what_is_there() {
    assert_eq!(
        filled("a: {b: 1}\nc: x\n", "a: {b: 2, d: 3}\nc: {e: 1}\nf: [1]\n"),
        r#"{"a":{"b":1,"d":3},"c":"x","f":[1]}"#
    );
    assert_eq!(filled("l: []\nm: {}\n", "l: [1]\nm: {a: 1}\n"), r#"{"l":[],"m":{"a":1}}"#);
    assert_eq!(filled("a: null\nb: {c: null}\n", "a: {x: 1}\nb: {c: {z: 1}, d: 2}\n"), r#"{"b":{"d":2}}"#);
    assert_eq!(filled("a: 1\n", "b: null\n"), r#"{"a":1}"#);
}

#[test]
fn fill_enters_lists_whose_items_have_a_name() {
    let target = "containers:\n- name: web\n  image: i\n- {name: side, resources: {limits: {memory: 1Gi}}}\n";
    let filler = concat!(
        "containers:\n- resources: {limits: {memory: 2Gi}, requests: {cpu: 1}}\n- {name: side, tty: true}\n",
        "initContainers:\n- tty: true\nvolumes:\n- {name: tmp, emptyDir: {}}\n"
    );
    assert_eq!(
        filled(target, filler),
        concat!(
            r#"{"containers":[{"name":"web","image":"i","resources":{"limits":{"memory":"2Gi"},"requests":{"cpu":1}}},"#,
            r#"{"name":"side","resources":{"limits":{"memory":"1Gi"}},"tty":true}],"#,
            r#""volumes":[{"name":"tmp","emptyDir":{}}]}"#
        )
    );
    assert_eq!(filled("initContainers: []\n", "initContainers: [{name: x}]\n"), r#"{"initContainers":[]}"#);
    assert_eq!(
        filled("volumes: [{name: tmp, configMap: {name: c}}]\n", "volumes: [{name: tmp, emptyDir: {}}]\n"),
        r#"{"volumes":[{"name":"tmp","configMap":{"name":"c"}}]}"#
    );
}

#[test]
fn fields_that_exclude_each_other_are_atomic() {
    let probe = "containers: [{name: a, livenessProbe: {httpGet: {port: 80}}}]\n";
    assert_eq!(
        filled(probe, "containers: [{livenessProbe: {tcpSocket: {port: 1}, periodSeconds: 5}}]\n"),
        r#"{"containers":[{"name":"a","livenessProbe":{"httpGet":{"port":80},"periodSeconds":5}}]}"#
    );
    assert_eq!(
        filled(
            "containers: [{name: a}]\n",
            "containers: [{livenessProbe: {tcpSocket: {port: 1}, exec: {command: [a]}}}]\n"
        ),
        r#"{"containers":[{"name":"a","livenessProbe":{"tcpSocket":{"port":1},"exec":{"command":["a"]}}}]}"#,
        "the filler's own fields do not exclude each other"
    );
}

#[test]
fn what_is_meant_as_it_is_is_not_entered() {
    assert_eq!(
        filled_in(
            "spec",
            "strategy: {type: Recreate}\nselector: {matchLabels: {a: b}}\n",
            "strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 1}}\nselector: {matchLabels: {c: d}}\n"
        ),
        r#"{"strategy":{"type":"Recreate"},"selector":{"matchLabels":{"a":"b"}}}"#
    );
}

proptest::proptest! {
    // A case that failed is written down as a test of its own.
    #![proptest_config(proptest::prelude::ProptestConfig { failure_persistence: None, ..Default::default() })]

    #[test]
    fn any_text_is_parsed_and_instantiated_without_panic(
        text in "(a: |\\$if: |\\$for: |x in hosts|- |\n|  |\"|\\{\\{ | \\}\\}|host|port|ready|!raw |\\[|\\]|\\{|\\}|, |ä|1|\\| upper|null|---\n){0,30}"
    ) {
        let (template, findings) = parse(FileId(0), &text);
        let mut all = findings;
        for document in &template.documents {
            document.names_used();
            let path = [PathStep::Key("a"), PathStep::Index(1), PathStep::Key("b")];
            proptest::prop_assert!(text.get(document.span_of(&path).range()).is_some());
            if let Err(more) = document.instantiate(&scope(), &mut Vec::new()) {
                proptest::prop_assert!(!more.is_empty());
                all.extend(more);
            }
        }
        for finding in all {
            proptest::prop_assert!(text.get(finding.span.range()).is_some(), "{:?}", finding);
        }
    }
}
