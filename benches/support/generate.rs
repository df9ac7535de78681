//! Fleets of any size: workspaces that look like the one of a provider, with as many tenants as a measurement asks for.
//!
//! As in life most municipalities are one line and take the defaults, every tenth says something of its own, every
//! twentieth has a table of schools with an instance for each, and every fiftieth is a customer. A file holds the
//! tenants of a Kreis, a cluster about 180 of them. The same number of tenants is always the same bytes.

use std::fmt::Write as _;

/// Tenants that share a file, like the municipalities of a Kreis.
const TENANTS_OF_A_KREIS: usize = 16;

/// Tenants on a cluster; its nodes and disks below are sized for them.
const TENANTS_OF_A_CLUSTER: usize = 180;

/// The files of a workspace with this many tenants, sorted by path.
pub(crate) fn fleet(tenants: usize) -> Vec<(String, Vec<u8>)> {
    let mut files = vec![("stadtplan.kdl".to_owned(), platform(tenants))];
    files.extend(service());
    for kreis in 0..tenants.div_ceil(TENANTS_OF_A_KREIS) {
        let first = kreis * TENANTS_OF_A_KREIS;
        let last = (first + TENANTS_OF_A_KREIS).min(tenants);
        let mut text = format!("// The tenants of Kreis {kreis}.\n\n");
        for number in first..last {
            let table = tenant(&mut text, number);
            files.extend(table.map(|table| (format!("tables/tenant-{number:05}.csv"), table.into_bytes())));
        }
        files.push((format!("tenants/kreis-{kreis:04}.kdl"), text.into_bytes()));
    }
    files.sort();
    files
}

fn platform(tenants: usize) -> Vec<u8> {
    let mut text = String::from(
        r#"platform krzn domain="krzn.example" label-prefix="krzn.example" time-zone="Europe/Berlin" {
    registry "registry.krzn.example"
    delivery fleet repository="https://git.krzn.example/mandanten.git" branch=main
    rancher "2.14"
    secrets external-secrets vault="https://vault.krzn.example"
    monitoring prometheus grafana nagios contact-group=betrieb
}

storage-class gold {
    replicas 3
    snapshot hourly at="15 * * * *" keep=24
    backup nightly window="22:00-04:00" keep=30 to=offsite
    reclaim retain
    nfs hard
}
backup-target offsite url="s3://krzn-longhorn@de-nrw/" credentials=longhorn-s3

quota small cpu=8 memory="16Gi" storage="200Gi" pods=60
quota medium cpu=24 memory="64Gi" storage="1Ti" pods=200

"#,
    );
    for cluster in 0..tenants.div_ceil(TENANTS_OF_A_CLUSTER) {
        let _ = write!(
            text,
            r#"cluster {name} {{
    rancher-id c-m-{cluster:08}
    kubernetes "v1.34.5+rke2r1"
    ingress traefik
    network pods="10.{pods}.0.0/16" services="10.{services}.0.0/16" nodes="10.{nodes}.0.0/22"
    nodes 48 cpu=64 memory="512Gi" pods=250 spare=1
    longhorn disk="16Ti" reserved="30%" over-provisioning="100%"
    provides cnpg version="1.30.0"
    provides external-secrets version="2.9.0"
    provides monitoring version="109.0.0"
    overcommit "150%"
}}

"#,
            name = cluster_name(cluster),
            pods = 100 + cluster,
            services = 130 + cluster,
            nodes = 160 + cluster,
        );
    }
    for kind in ["municipality", "customer"] {
        let _ = write!(
            text,
            r#"defaults {kind} {{
    quota small
    access {{
        admin "GG_K8S_{{{{ tenant.name | upper }}}}_Admins"
        developer "GG_K8S_{{{{ tenant.name | upper }}}}_Entwickler"
    }}
    service portal host="service.{{{{ tenant.domain }}}}"
}}

"#
        );
    }
    text.into_bytes()
}

/// Writes a tenant; gives its table where it has one.
fn tenant(text: &mut String, number: usize) -> Option<String> {
    let cluster = cluster_name(number / TENANTS_OF_A_CLUSTER);
    if number % 50 == 49 {
        let _ = writeln!(text, "customer kunde-{number:05} title=\"Kunde {number}\" cluster={cluster}");
        return None;
    }
    // A key of eight digits that no other tenant has.
    let ags = format!("05{:03}{:03}", number / 250, 4 * (number % 250));
    let opening =
        format!("municipality gemeinde-{number:05} ags=\"{ags}\" title=\"Gemeinde {number}\" cluster={cluster}");
    if number % 20 == 7 {
        let _ = write!(
            text,
            r#"{opening} {{
    quota medium memory="96Gi"
    table schools "tables/tenant-{number:05}.csv" {{ column id type=dns-label; column name type=text; column pupils type=integer; }}
    service portal name=schule for-each=schools host="{{{{ row.id }}}}.schule.{{{{ tenant.domain }}}}" {{
        title "{{{{ row.name }}}}"
        replicas "{{{{ '2..6' if row.pupils > 800 else '1..2' }}}}"
    }}
}}
"#
        );
        let rows = (0..6).map(|row| format!("schule-{row},\"Schule {row} in {number}\",{}\n", 120 + 300 * row));
        return Some(std::iter::once("id,name,pupils\n".to_owned()).chain(rows).collect());
    }
    if number % 10 == 3 {
        let _ = write!(
            text,
            r#"{opening} {{
    access {{ admin "GG_Gemeinde_{number:05}_IT" }}
    service portal replicas="3..9" title="Rathaus {{{{ tenant.title }}}}"
    volume akten size="50Gi" class=gold access=many
}}
"#
        );
        return None;
    }
    let _ = writeln!(text, "{opening}");
    None
}

fn cluster_name(number: usize) -> String {
    format!("niederrhein-{}", number + 1)
}

/// A service of the workspace's own, so that a measurement does not move with the standard library's content.
fn service() -> [(String, Vec<u8>); 3] {
    let declaration = r#"service portal summary="Portal for the applications of citizens" {
    parameter host type=host-name required=#true doc="Public name"
    parameter title type=text default="Portal" doc="Title of the pages"
    parameter replicas type=range default="2..4" doc="Fewest and most pods"
}
"#;
    let web = r#"apiVersion: apps/v1
kind: Deployment
metadata:
  name: portal
spec:
  replicas: "{{ replicas.min }}"
  template:
    spec:
      containers:
        - name: web
          image: registry.krzn.example/portal/web:3.4.1@sha256:3f1c6a0c5a0f6b8e2d4c7b9a8e6f5d4c3b2a190807060504030201f0e0d0c0b0
          env:
            - {name: TITLE, value: "{{ title }}"}
            - {name: TENANT, value: "{{ tenant.title }}"}
            - {name: AGS, value: "{{ tenant.ags }}"}
          ports:
            - {name: http, containerPort: 8080}
          readinessProbe:
            httpGet: {path: /healthz, port: http}
          livenessProbe:
            httpGet: {path: /healthz, port: http}
          resources:
            requests: {cpu: 100m, memory: 192Mi}
            limits: {cpu: 500m, memory: 192Mi}
---
$if: replicas.max > replicas.min
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: portal
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: portal}
  minReplicas: "{{ replicas.min }}"
  maxReplicas: "{{ replicas.max }}"
  metrics:
    - type: Resource
      resource:
        name: cpu
        target: {type: Utilization, averageUtilization: 75}
"#;
    let rest = r#"apiVersion: v1
kind: ConfigMap
metadata:
  name: portal
data:
  title: "{{ title }}"
  host: "{{ host }}"
---
apiVersion: v1
kind: Service
metadata:
  name: portal
spec:
  ports:
    - {name: http, port: 80, targetPort: http}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: portal
spec:
  tls:
    - hosts: ["{{ host }}"]
      secretName: portal-tls
  rules:
    - host: "{{ host }}"
      http:
        paths:
          - path: /
            pathType: Prefix
            backend:
              service: {name: portal, port: {name: http}}
"#;
    [("service.kdl", declaration), ("web.yaml", web), ("rest.yaml", rest)]
        .map(|(name, text)| (format!("services/portal/{name}"), text.as_bytes().to_vec()))
}
