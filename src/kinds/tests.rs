//! What the proofs accept and refuse, kind by kind.

use proptest::prelude::*;

use super::*;
use crate::object::Map;
use crate::source::Sources;
use crate::yaml::{self, Yaml, YamlKind};

/// The first document of a text as an object.
fn object(text: &str) -> Node {
    let (documents, findings) = yaml::read(FileId(0), text);
    assert!(findings.is_empty(), "{findings:?}");
    node(&documents[0])
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

/// What is said of an object of the standard library's kinds, one line each.
fn said(text: &str) -> String {
    said_with(&Kinds::standard(), text)
}

fn said_with(kinds: &Kinds, text: &str) -> String {
    let object = object(text);
    let problems = match kinds.of(&object) {
        Ok(kind) => prove(kind, &object),
        Err(problem) => vec![problem],
    };
    let lines = problems.iter().map(|problem| {
        let help = problem.help.as_ref().map_or_else(String::new, |help| format!(" ({help})"));
        format!("{}: {}{help}", problem.code.name, problem.message)
    });
    lines.collect::<Vec<String>>().join("\n")
}

const DEPLOYMENT: &str = "
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: goch-web, labels: {app.kubernetes.io/name: web}}
spec:
  replicas: 2
  selector: {matchLabels: {app.kubernetes.io/name: web}}
  template:
    metadata: {labels: {app.kubernetes.io/name: web}}
    spec:
      automountServiceAccountToken: false
      securityContext: {runAsNonRoot: true, runAsUser: 65534, seccompProfile: {type: RuntimeDefault}}
      containers:
      - name: web
        image: registry.example/web:1
        ports: [{name: http, containerPort: 8080}]
        env:
        - {name: TZ, value: Europe/Berlin}
        - {name: PASSWORD, valueFrom: {secretKeyRef: {name: web, key: password}}}
        readinessProbe: {httpGet: {path: /, port: http}, periodSeconds: 10}
        resources: {requests: {cpu: 100m, memory: 128Mi}, limits: {memory: 256Mi}}
        securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
        volumeMounts: [{name: data, mountPath: /data}]
      volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]
";

/// The deployment with one line of it replaced.
fn deployment(line: &str, replacement: &str) -> String {
    assert!(DEPLOYMENT.contains(line), "{line}");
    said(&DEPLOYMENT.replacen(line, replacement, 1))
}

#[test]
fn every_schema_of_the_standard_library_reads() {
    assert_eq!(LIBRARY.faults, Vec::<String>::new());
    for definition in LIBRARY.definitions() {
        let object = definition.parse().unwrap_or_else(|fault| panic!("{}: {fault}", definition.name));
        for name in object.choices.iter().flat_map(|choice| &choice.fields) {
            assert!(object.field(name).is_some(), "{}: no field `{name}` to choose", definition.name);
        }
    }
    for kind in &LIBRARY.kinds {
        kind.parse().unwrap_or_else(|fault| panic!("{fault}"));
    }
}

#[test]
fn a_kind_is_listed_once() {
    let mut names: Vec<(&str, &str)> =
        LIBRARY.kinds.iter().map(|kind| (kind.api_version.as_str(), kind.kind.as_str())).collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count);
    assert_eq!(Kinds::standard().names().count(), count);
}

#[test]
fn list_keys_are_fields_of_their_items() {
    fn walk(schema: &Schema, seen: &mut Vec<*const Object>) {
        match schema {
            Schema::List(list) => {
                for key in &list.keys {
                    let object = list.items.object().expect("a list with keys has maps in it");
                    assert!(object.field(&key.field).is_some(), "no field `{}`", key.field);
                }
                walk(&list.items, seen);
            }
            Schema::Map(map) => walk(&map.values, seen),
            other => {
                let Some(object) = other.object() else { return };
                if !seen.contains(&std::ptr::from_ref(object)) {
                    seen.push(object);
                    object.fields.iter().for_each(|field| walk(&field.schema, seen));
                }
            }
        }
    }
    let mut seen = Vec::new();
    for kind in &LIBRARY.kinds {
        walk(&kind.get().root, &mut seen);
    }
}

#[test]
fn a_right_deployment_has_no_problem() {
    assert_eq!(said(DEPLOYMENT), "");
}

#[test]
fn a_misspelt_field_is_named_with_its_place() {
    assert_eq!(
        deployment("image: registry", "imag: registry"),
        "unknown-field: `spec.template.spec.containers[0].imag` is not a field of `Deployment` (did you mean `image`?)"
    );
}

#[test]
fn a_misplaced_field_is_sent_where_it_belongs() {
    assert_eq!(
        deployment("  replicas: 2", "  replicas: 2\n  containers: []"),
        "unknown-field: `spec.containers` is not a field of `Deployment` (`containers` belongs into `template.spec`)"
    );
    assert_eq!(
        deployment("      automount", "      readinessProbe: {}\n      automount"),
        "unknown-field: `spec.template.spec.readinessProbe` is not a field of `Deployment` (`readinessProbe` belongs \
         into `containers`, `ephemeralContainers` or `initContainers`)"
    );
    assert_eq!(
        deployment("        image: registry", "        volumes: []\n        image: registry"),
        "unknown-field: `spec.template.spec.containers[0].volumes` is not a field of `Deployment` \
         (`volumes` belongs into `spec.template.spec`)"
    );
    assert_eq!(
        deployment("spec:", "replicas: 3\nspec:"),
        "unknown-field: `replicas` is not a field of `Deployment` (`replicas` belongs into `spec`)"
    );
}

#[test]
fn a_value_of_the_wrong_kind_says_how_to_write_it() {
    assert_eq!(
        deployment("replicas: 2", "replicas: \"2\""),
        "wrong-field: `spec.replicas` of `Deployment` is a string, expected an integer of at least 0 \
         (write it without quotes: `2`)"
    );
    assert_eq!(
        deployment("value: Europe/Berlin", "value: 3"),
        "wrong-field: `spec.template.spec.containers[0].env[0].value` of `Deployment` is an integer, expected a string \
         (put it in quotes: `\"3\"`)"
    );
    assert_eq!(
        deployment("cpu: 100m", "cpu: 1"),
        "wrong-field: `spec.template.spec.containers[0].resources.requests.cpu` of `Deployment` is an integer, \
         expected a string: a quantity such as `500m`, `2` or `16Gi` (put it in quotes: `\"1\"`)"
    );
    assert_eq!(
        deployment("runAsNonRoot: true", "runAsNonRoot: \"true\""),
        "wrong-field: `spec.template.spec.securityContext.runAsNonRoot` of `Deployment` is a string, expected `true` \
         or `false` (write it without quotes: `true`)"
    );
    assert_eq!(
        deployment("drop: [ALL]", "drop: ALL"),
        "wrong-field: `spec.template.spec.containers[0].securityContext.capabilities.drop` of `Deployment` is a \
         string, expected a list (a list of one is written `[…]`)"
    );
}

#[test]
fn a_value_outside_its_grammar_is_shown() {
    assert_eq!(
        deployment("memory: 128Mi", "memory: 128GB"),
        "wrong-field: `spec.template.spec.containers[0].resources.requests.memory` of `Deployment` is `128GB`, \
         expected a quantity such as `500m`, `2` or `16Gi` (write `128Gi` for multiples of 1024)"
    );
    assert_eq!(
        deployment("containerPort: 8080", "containerPort: 80800"),
        "wrong-field: `spec.template.spec.containers[0].ports[0].containerPort` of `Deployment` is `80800`, expected \
         an integer from 1 to 65535"
    );
    assert_eq!(
        deployment("type: RuntimeDefault", "type: runtimeDefault"),
        "wrong-field: `spec.template.spec.securityContext.seccompProfile.type` of `Deployment` is `runtimeDefault`, \
         expected `RuntimeDefault`, `Unconfined` or `Localhost` (did you mean `RuntimeDefault`?)"
    );
    assert_eq!(
        deployment("labels: {app.kubernetes.io/name: web}}", "labels: {title: Stadt Köln}}"),
        "wrong-field: `metadata.labels.title` of `Deployment` is `Stadt Köln`, expected a label value: at most 63 \
         letters, digits, `-`, `_` and `.`, letters or digits at both ends (text for people, with blanks or umlauts, \
         belongs into an annotation)"
    );
    assert_eq!(
        deployment("labels: {app.kubernetes.io/name: web}}", "labels: {a/b/c: web}}"),
        "wrong-field: the key `a/b/c` in `metadata.labels` of `Deployment` is not as expected: a label key: an optional \
         DNS name and `/`, then at most 63 letters, digits, `-`, `_` and `.`"
    );
    assert_eq!(
        deployment("port: http}", "port: 70000}"),
        "wrong-field: `spec.template.spec.containers[0].readinessProbe.httpGet.port` of `Deployment` is `70000`, \
         expected an integer from 1 to 65535 or a port name: at most 15 of `a`-`z`, `0`-`9` and `-`, with a letter"
    );
}

#[test]
fn what_is_missing_or_too_much_is_said() {
    assert_eq!(
        deployment("  selector: {matchLabels: {app.kubernetes.io/name: web}}\n", ""),
        "missing: `spec.selector` of `Deployment` is missing"
    );
    assert_eq!(
        deployment("value: Europe/Berlin", "value: a, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}"),
        "wrong-field: `spec.template.spec.containers[0].env[0]` of `Deployment` has `value` and `valueFrom`, which \
         exclude each other"
    );
    assert_eq!(
        deployment("httpGet: {path: /, port: http}, ", ""),
        "missing: `spec.template.spec.containers[0].readinessProbe` of `Deployment` has none of `exec`, `grpc`, \
         `httpGet` and `tcpSocket`, expected one of them"
    );
    assert_eq!(
        deployment("- {name: PASSWORD, ", "- {name: TZ, "),
        "wrong-field: `spec.template.spec.containers[0].env` of `Deployment` has `name: TZ` twice, at [0] and at [1]"
    );
    assert_eq!(
        deployment("containerPort: 8080}", "containerPort: 8080}, {name: alt, containerPort: 8080, protocol: TCP}"),
        "wrong-field: `spec.template.spec.containers[0].ports` of `Deployment` has `containerPort: 8080` with \
         `protocol: TCP` twice, at [0] and at [1]"
    );
}

#[test]
fn a_null_counts_as_absent_and_never_as_an_item() {
    assert_eq!(deployment("replicas: 2", "replicas: null"), "");
    assert_eq!(
        deployment("claimName: data", "claimName: null"),
        "missing: `spec.template.spec.volumes[0].\
         persistentVolumeClaim.claimName` of `Deployment` is missing"
    );
    assert_eq!(
        deployment("drop: [ALL]", "drop: [null]"),
        "wrong-field: `spec.template.spec.containers[0].securityContext.capabilities.drop[0]` of `Deployment` is null, \
         expected a string"
    );
}

#[test]
fn metadata_follow_the_scope_and_the_names_of_the_kind() {
    assert_eq!(
        said("{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}"),
        "missing: `metadata.namespace` of `ConfigMap` is missing"
    );
    assert_eq!(
        said("{apiVersion: v1, kind: Namespace, metadata: {name: a, namespace: b}}"),
        "wrong-field: `metadata.namespace` is not for a manifest of a `Namespace` to set: `Namespace` belongs to the \
         whole cluster, to no namespace (remove it)"
    );
    assert_eq!(
        said("{apiVersion: v1, kind: Service, metadata: {name: 05154016-web, namespace: a}, spec: {}}"),
        "wrong-field: `metadata.name` of `Service` is `05154016-web`, expected a DNS label that starts with a letter, \
         at most 63 characters (the name of a Service starts with a letter; put a word in front)"
    );
    assert_eq!(
        said(&format!("{{apiVersion: v1, kind: Namespace, metadata: {{name: {}}}}}", "a".repeat(64))),
        "name-too-long: `metadata.name` of `Namespace` has 64 characters, at most 63 are possible"
    );
    let job = "spec: {task: snapshot, cron: '0 1 * * *'}";
    assert_eq!(
        said(&format!(
            "{{apiVersion: longhorn.io/v1beta2, kind: RecurringJob, metadata: {{name: {}, namespace: a}}, {job}}}",
            "a".repeat(41)
        )),
        "name-too-long: `metadata.name` of `RecurringJob` has 41 characters, at most 40 are possible"
    );
    assert_eq!(
        said("{apiVersion: v1, kind: Namespace, metadata: {name: A, creationTimestamp: x}, status: {}}"),
        "wrong-field: `metadata.name` of `Namespace` is `A`, expected a DNS label: `a`-`z`, `0`-`9` and `-`, at most 63 \
         characters (write it in lower case: `a`)\n\
         wrong-field: `metadata.creationTimestamp` is not for a manifest of a `Namespace` to set: the cluster writes it \
         (remove it)\n\
         wrong-field: `status` is not for a manifest of a `Namespace` to set: the cluster writes it (remove it)"
    );
    assert_eq!(
        said("{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: 'system:a'}, rules: []}"),
        ""
    );
}

#[test]
fn parameters_of_a_storage_class_are_strings() {
    assert_eq!(
        said(
            "{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: gold}, provisioner: driver.longhorn.io, \
             parameters: {numberOfReplicas: 3, encrypted: true}}"
        ),
        "wrong-field: `parameters.numberOfReplicas` of `StorageClass` is an integer, expected a string (put it in \
         quotes: `\"3\"`)\n\
         wrong-field: `parameters.encrypted` of `StorageClass` is a boolean, expected a string (put it in quotes: \
         `\"true\"`; an expression says `| string`)"
    );
}

#[test]
fn a_value_of_a_secret_is_never_shown() {
    assert_eq!(
        said("{apiVersion: v1, kind: Secret, metadata: {name: a, namespace: a}, data: {password: 'geheim!'}}"),
        "wrong-field: `data.password` of `Secret` is not as expected: base64"
    );
}

#[test]
fn an_unknown_kind_is_a_finding_with_a_way_out() {
    assert_eq!(
        said("{apiVersion: apps/v1, kind: Deploymnt}"),
        "unknown-kind: there is no schema for the kind `Deploymnt` of `apps/v1` (did you mean `Deployment`?)"
    );
    assert_eq!(
        said("{apiVersion: extensions/v1beta1, kind: Ingress}"),
        "unknown-kind: there is no schema for the kind `Ingress` of `extensions/v1beta1` (`Ingress` is known in \
         `networking.k8s.io/v1`)"
    );
    assert_eq!(
        said("{apiVersion: shop.example/v1, kind: Basket}"),
        "unknown-kind: there is no schema for the kind `Basket` of `shop.example/v1` (put its CustomResourceDefinition \
         into the workspace's `crds/`)"
    );
    assert_eq!(
        said("{kind: Deployment}"),
        "missing: an object has no `apiVersion` (an object begins with `apiVersion: …` and `kind: …`)"
    );
}

#[test]
fn custom_resources_are_held_to_what_their_operators_take() {
    assert_eq!(
        said(
            "{apiVersion: postgresql.cnpg.io/v1, kind: ScheduledBackup, metadata: {name: a, namespace: a}, \
             spec: {schedule: '0 2 * * *', cluster: {name: a}}}"
        ),
        "wrong-field: `spec.schedule` of `ScheduledBackup` is `0 2 * * *`, expected a cron schedule of six fields, \
         seconds first"
    );
    assert_eq!(
        said(
            "{apiVersion: management.cattle.io/v3, kind: ProjectRoleTemplateBinding, metadata: {name: a, namespace: a}, \
             projectName: p-kleve, roleTemplateName: project-member, groupPrincipalName: 'CN=G', userName: u}"
        ),
        "wrong-field: `projectName` of `ProjectRoleTemplateBinding` is `p-kleve`, expected a cluster's and a project's \
         id, `<cluster>:<project>`\n\
         wrong-field: `groupPrincipalName` of `ProjectRoleTemplateBinding` is `CN=G`, expected a principal such as \
         `activedirectory_group://CN=…`\n\
         wrong-field: `ProjectRoleTemplateBinding` has `groupPrincipalName` and `userName`, which exclude each other"
    );
    let fleet = Kinds::standard();
    let kind = fleet.get(FLEET_FILE.0, FLEET_FILE.1).expect("Fleet's file is a pseudo-kind");
    assert_eq!(prove(kind, &object("{name: goch-web, helm: {takeOwnership: true}}")), Vec::new());
    let problems = prove(kind, &object("{name: goch-web, targetNamespace: a}"));
    assert_eq!(problems[0].message, "`targetNamespace` is not a field of `fleet.yaml`");
}

#[test]
fn a_fill_in_learns_which_lists_may_be_entered() {
    let kinds = Kinds::standard();
    let kind = kinds.get("apps/v1", "Deployment").expect("a built-in kind");
    let path = |keys: &[&str]| keys.iter().map(|key| Step::Key((*key).into())).collect::<Vec<Step>>();
    let containers = list_key(kind, &path(&["spec", "template", "spec", "containers"]));
    assert_eq!(containers, [ListKey { field: "name".into(), default: None }]);
    assert_eq!(list_key(kind, &path(&["spec", "template", "spec", "tolerations"])), []);
    let pod = kind.place(&path(&["spec", "template", "spec"])).expect("a place");
    let container = pod.field("containers").and_then(Place::items).expect("a container");
    assert_eq!(container.field("ports").expect("ports").list_key().len(), 2);
    let probe = container.field("livenessProbe").expect("a probe");
    assert_eq!(probe.choices()[0].fields.len(), 4);
}

const CRD: &str = "
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: baskets.shop.example}
spec:
  group: shop.example
  scope: Namespaced
  names: {kind: Basket, plural: baskets}
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        properties:
          apiVersion: {type: string}
          kind: {type: string}
          metadata: {type: object}
          spec:
            type: object
            required: [size]
            properties:
              size: {type: integer, minimum: 1, maximum: 9}
              color: {type: string, enum: [red, green]}
              code: {type: string, pattern: '^[A-Z]{3}$'}
              free: {type: object, x-kubernetes-preserve-unknown-fields: true}
              share: {x-kubernetes-int-or-string: true}
              labels: {type: object, additionalProperties: {type: string}}
              items:
                type: array
                x-kubernetes-list-type: map
                x-kubernetes-list-map-keys: [name]
                items: {type: object, properties: {name: {type: string}}}
          status: {type: object}
  - {name: v1alpha1, served: false, storage: false}
";

fn basket(spec: &str) -> String {
    let mut kinds = Kinds::standard();
    assert_eq!(kinds.add_crds(FileId(0), CRD), Vec::new());
    said_with(
        &kinds,
        &format!("{{apiVersion: shop.example/v1, kind: Basket, metadata: {{name: a, namespace: a}}, spec: {spec}}}"),
    )
}

#[test]
fn a_clusters_own_kinds_are_proven_like_all_others() {
    assert_eq!(
        basket("{size: 3, color: red, code: ABC, free: {a: {b: 1}}, share: 20%, labels: {a: b}, items: [{name: a}]}"),
        ""
    );
    assert_eq!(
        basket("{size: 12, colour: red, code: abc, labels: {a: 1}, items: [{name: a}, {name: a}]}"),
        "wrong-field: `spec.size` of `Basket` is `12`, expected an integer from 1 to 9\n\
         unknown-field: `spec.colour` is not a field of `Basket` (did you mean `color`?)\n\
         wrong-field: `spec.code` of `Basket` is `abc`, expected a string that matches `^[A-Z]{3}$`\n\
         wrong-field: `spec.labels.a` of `Basket` is an integer, expected a string (put it in quotes: `\"1\"`)\n\
         wrong-field: `spec.items` of `Basket` has `name: a` twice, at [0] and at [1]"
    );
}

#[test]
fn a_version_that_is_not_served_is_not_known() {
    let mut kinds = Kinds::standard();
    kinds.add_crds(FileId(0), CRD);
    assert!(kinds.get("shop.example/v1", "Basket").is_some_and(|kind| kind.namespaced));
    assert!(kinds.get("shop.example/v1alpha1", "Basket").is_none());
}

#[test]
fn a_file_that_is_no_definition_is_a_finding() {
    let mut kinds = Kinds::standard();
    let mut sources = Sources::new();
    let file = sources.add("crds/a.yaml", "kind: Deployment\n");
    let findings = kinds.add_crds(file, "kind: Deployment\n");
    assert_eq!(findings[0].message, "this document is a `Deployment`, expected a `CustomResourceDefinition`");
    assert_eq!(findings[0].code.name, "bad-schema");
}

#[test]
fn a_compact_schema_says_what_is_wrong_with_it() {
    let said = |text: &str| {
        let findings = Kinds::standard().add_compact(FileId(0), text);
        findings.into_iter().map(|finding| finding.message).collect::<Vec<String>>().join("\n")
    };
    let head = "apiVersion: a/v1\nkind: A\nscope: cluster\n";
    assert_eq!(said(&format!("{head}fields: {{spec!: {{a: string, b: [{{c: port}}], d: {{'*': any}}}}}}\n")), "");
    assert_eq!(said(&format!("{head}fields: {{a: strin}}\n")), "`strin` is no type, no format and no definition");
    assert_eq!(said(&format!("{head}fields: {{a: list string}}\n")), "found `string`, expected `of`");
    assert_eq!(
        said(&format!("{head}fields: {{one of: a b, a: any}}\n")),
        "`b` is to exclude others and is no field here"
    );
    assert_eq!(said("apiVersion: a/v1\nkind: A\nfields: {}\n"), "a schema has no `scope`");
    assert_eq!(said(&format!("{head}field: {{}}\nfields: {{}}\n")), "a schema has no `field`");
}

#[test]
fn a_remembered_proof_still_looks_at_values() {
    let kinds = Kinds::standard();
    let proofs = Proofs::new();
    let kind = kinds.get("apps/v1", "Deployment").expect("a built-in kind");
    assert_eq!(proofs.prove(1, kind, &object(DEPLOYMENT)), Vec::new());
    let wrong = object(&DEPLOYMENT.replace("memory: 128Mi", "memory: 128MB"));
    assert_eq!(proofs.prove(1, kind, &wrong), prove(kind, &wrong));
    assert_eq!(proofs.prove(1, kind, &wrong).len(), 1);
    let twice = object(&DEPLOYMENT.replace("name: PASSWORD", "name: TZ"));
    assert_eq!(proofs.prove(1, kind, &twice).len(), 1);
    let other = object(&DEPLOYMENT.replace("name: web, namespace", "name: other, namespace"));
    assert_eq!(proofs.prove(1, kind, &other), Vec::new());
}

/// One change somewhere in an object: the kind of change, where, and what it puts there.
fn mutate(node: &mut Node, at: &mut usize, change: u8, text: &str, number: i64) {
    if *at == 0 {
        match (change % 9, &mut *node) {
            (0, _) => *node = Node::Null,
            (1, _) => *node = Node::Integer(number),
            (2 | 3, _) => *node = Node::string(text),
            (4, _) => *node = Node::Boolean(true),
            (5, Node::Map(map)) => map.set(text, Node::Integer(number)),
            (6, Node::Map(map)) => drop(map.entries.pop()),
            (7, Node::Map(map)) => map.entries.reverse(),
            (5, Node::List(items)) => items.extend(items.last().cloned()),
            (6, Node::List(items)) => drop(items.pop()),
            (7, Node::List(items)) => items.reverse(),
            _ => *node = Node::Float(0.5),
        }
        *at = usize::MAX;
        return;
    }
    *at -= 1;
    let children: Vec<&mut Node> = match node {
        Node::Map(map) => map.entries.iter_mut().map(|(_, value)| value).collect(),
        Node::List(items) => items.iter_mut().collect(),
        _ => return,
    };
    for child in children {
        mutate(child, at, change, text, number);
        if *at == usize::MAX {
            return;
        }
    }
}

const OBJECTS: &[&str] = &[
    DEPLOYMENT,
    "{apiVersion: v1, kind: ResourceQuota, metadata: {name: q, namespace: a}, spec: {hard: {cpu: '4', pods: '40'}}}",
    "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: a}, \
     spec: {type: ClusterIP, selector: {a: b}, ports: [{port: 80, targetPort: http}, {port: 81, protocol: UDP}]}}",
    "{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: b, namespace: a}, \
     roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: r}, subjects: [{kind: Group, name: 'CN=G'}]}",
    "{apiVersion: postgresql.cnpg.io/v1, kind: Cluster, metadata: {name: d, namespace: a, annotations: {x: z}}, \
     spec: {instances: 3, storage: {size: 20Gi}, plugins: [{name: a}, {name: b}], logLevel: info}}",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn remembered_and_plain_proofs_agree(
        which in 0..OBJECTS.len(),
        changes in prop::collection::vec(
            (0_usize..60, any::<u8>(), "[a-zA-Z0-9./=-]{0,4}|500m|http|TCP|UDP|Never|web|data|TZ", -2_i64..70_000),
            0..40,
        ),
    ) {
        let kinds = Kinds::standard();
        let proofs = Proofs::new();
        let first = object(OBJECTS[which]);
        let kind = kinds.of(&first).expect("a known kind");
        prop_assert_eq!(proofs.prove(7, kind, &first), Vec::new());
        for (at, change, text, number) in changes {
            let mut changed = first.clone();
            mutate(&mut changed, &mut { at }, change, &text, number);
            // Twice: the second is remembered where the first was right.
            prop_assert_eq!(proofs.prove(7, kind, &changed), prove(kind, &changed));
            prop_assert_eq!(proofs.prove(7, kind, &changed), prove(kind, &changed));
        }
    }
}
