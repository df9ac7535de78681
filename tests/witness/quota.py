#!/usr/bin/env python3
"""quota.py DIR: what each namespace below DIR can ask for, added up from its objects alone, against its ResourceQuota.

Knows nothing of the compiler: it reads the objects, completes containers from the LimitRange of their namespace as the
API server does, and counts every pod that can exist at once: an autoscaler's maximum, what a rollout adds, runs that
overlap, a job beside its successor, the pods and volumes of operators. Pods of a chart no object shows; what its bundle
brings is named and left out. Prints the sums by cluster. Exits 1 where a quota has no room for what it is for.
"""

import collections
import math
import os
import re
import sys
from fractions import Fraction

import tree

SUFFIXES = {"": Fraction(1), "n": Fraction(1, 10**9), "u": Fraction(1, 10**6), "m": Fraction(1, 1000)}
SUFFIXES.update({unit: Fraction(1000) ** power for power, unit in enumerate("kMGTPE", 1)})
SUFFIXES.update({f"{unit}i": Fraction(1024) ** power for power, unit in enumerate("KMGTPE", 1)})
RESOURCES = ("cpu", "memory", "ephemeral-storage")
# Keys of a quota, in the order of a row.
KEYS = tuple(f"requests.{name}" for name in RESOURCES) + ("limits.cpu", "limits.memory")
CLAIMS = ("requests.storage", "persistentvolumeclaims")


def amount(value):
    """A quantity of Kubernetes as a fraction."""
    number, suffix = re.fullmatch(r"([0-9.]+(?:[eE][+-]?[0-9]+)?)([A-Za-z]*)", str(value)).groups()
    return Fraction(number) * SUFFIXES[suffix]


def at(node, *path):
    for key in path:
        node = node.get(key) if isinstance(node, dict) else None
    return node


def name_of(node):
    return at(node, "metadata", "name")


class Namespace:
    """The objects of one namespace of one cluster."""

    def __init__(self):
        self.objects = []
        self.quota = None
        self.defaults = ({}, {})
        self.charts = []

    def add(self, node):
        kind = node["kind"]
        if kind == "ResourceQuota":
            self.quota = {key: amount(value) for key, value in node["spec"]["hard"].items()}
        elif kind == "LimitRange":
            limits = [item for item in node["spec"]["limits"] if item["type"] == "Container"]
            self.defaults = (limits[0].get("defaultRequest", {}), limits[0].get("default", {}))
        else:
            self.objects.append(node)

    def of_kind(self, kind, name):
        return next((node for node in self.objects if node["kind"] == kind and name_of(node) == name), None)

    # What one pod takes.

    def container(self, resources):
        """Requests and limits after the API server has completed them: first by reading, then by the LimitRange."""
        limits = dict(at(resources, "limits") or {})
        requests = {**limits, **(at(resources, "requests") or {})}
        requests = {**self.defaults[0], **requests}
        limits = {**self.defaults[1], **limits}
        return as_row(requests, limits)

    def pod(self, spec):
        sidecars, start = [], zero()
        for init in spec.get("initContainers") or []:
            row = self.container(init.get("resources"))
            start = most(start, total(sidecars + [row]))
            if init.get("restartPolicy") == "Always":
                sidecars.append(row)
        row = most(start, total(sidecars + [self.container(one.get("resources")) for one in spec["containers"]]))
        row = self.shared(spec, row)
        overhead = spec.get("overhead") or {}
        bounds = {name: value for name, value in overhead.items() if row.get(f"limits.{name}")}
        return total([row, as_row(overhead, bounds)])

    def shared(self, spec, row):
        """The row of the containers, with what the pod says for all of them in its place."""
        own = spec.get("resources") or {}
        row, limits = dict(row), own.get("limits") or {}
        for name in ("cpu", "memory"):
            said = [one.get("resources") or {} for one in spec["containers"] + (spec.get("initContainers") or [])]
            silent = not any(name in (part.get(key) or {}) for part in said for key in ("requests", "limits"))
            # A pod with a limit alone requests what its containers do, and where they say nothing, its limit.
            request = at(own, "requests", name) or (limits.get(name) if silent else None)
            if request is not None:
                row[f"requests.{name}"] = amount(request)
            if name in limits:
                row[f"limits.{name}"] = amount(limits[name])
        return row

    # How many there are.

    def scaled(self, node):
        for scaler in self.objects:
            target = at(scaler, "spec", "scaleTargetRef")
            if scaler["kind"] == "HorizontalPodAutoscaler" and target["kind"] == node["kind"]:
                if target["name"] == name_of(node):
                    return scaler["spec"].get("minReplicas", 1), scaler["spec"]["maxReplicas"]
        replicas = at(node, "spec", "replicas")
        replicas = 1 if replicas is None else replicas
        return replicas, replicas

    def entry(self, node):
        """What a pod of an object takes, how many there are at the least and at the most, and its volumes."""
        kind, spec = node["kind"], node.get("spec") or {}
        if kind == "PersistentVolumeClaim":
            return zero(), 0, 0, [(1, spec)]
        if kind == "Pod":
            return self.pod(spec), 1, 1, own_volumes(spec, 1)
        if kind in ("Deployment", "StatefulSet"):
            least, largest = self.scaled(node)
            template = spec["template"]["spec"]
            volumes = [(largest, claim["spec"]) for claim in spec.get("volumeClaimTemplates") or []]
            surge = 0
            if kind == "Deployment" and at(spec, "strategy", "type") != "Recreate":
                surge = share(at(spec, "strategy", "rollingUpdate", "maxSurge"), "25%", largest)
            return self.pod(template), least, largest + surge, volumes + own_volumes(template, largest + surge)
        if kind == "Job":
            pods = at_once(spec)
            # A new version is a Job of another name beside the old one.
            return self.pod(spec["template"]["spec"]), 0 if spec.get("suspend") else pods, 2 * pods, []
        if kind == "CronJob":
            job = spec["jobTemplate"]["spec"]
            pods = at_once(job)
            runs = {"Forbid": 1, "Replace": 2}.get(spec.get("concurrencyPolicy"), 3)
            return self.pod(job["template"]["spec"]), 0 if spec.get("suspend") else pods, runs * pods, []
        if kind == "Cluster" and node["apiVersion"].startswith("postgresql.cnpg.io/"):
            return self.database(spec)
        if kind == "Pooler":
            pods = spec.get("instances", 1)
            row = self.pod(spec["template"]["spec"]) if at(spec, "template", "spec") else self.container(None)
            surge = 0
            if at(spec, "deploymentStrategy", "type") != "Recreate":
                surge = share(at(spec, "deploymentStrategy", "rollingUpdate", "maxSurge"), "25%", pods)
            return row, pods, pods + surge, []
        if kind == "Keycloak":
            pods = spec.get("instances", 1)
            return self.container(spec.get("resources")), pods, pods, []
        if at(node, "spec", "template", "spec", "containers"):
            raise SystemExit(f"{kind} {name_of(node)} makes pods, and nothing here says how many")
        return None

    def database(self, spec):
        rows = [self.container(spec.get("resources"))]
        for plugin in spec.get("plugins") or []:
            store = self.of_kind("ObjectStore", at(plugin, "parameters", "barmanObjectName"))
            rows.append(self.container(at(store, "spec", "instanceSidecarConfiguration", "resources")))
        pods = spec.get("instances", 1)
        stores = [spec[key] for key in ("storage", "walStorage") if key in spec]
        claims = [{"resources": {"requests": {"storage": s["size"]}}, "storageClassName": s.get("storageClass")} for s in stores]
        return total(rows), pods, pods, [(pods, claim) for claim in claims]

    def sums(self, classes):
        """What there is at the least and at the most, and what the copies of the volumes take of the disks."""
        least, largest, disk = collections.Counter(), collections.Counter(), Fraction(0)
        for node in self.objects:
            found = self.entry(node)
            if found is None:
                continue
            row, low, high, volumes = found
            for key in KEYS:
                least[key] += low * row[key]
                largest[key] += high * row[key]
            least["pods"] += low
            largest["pods"] += high
            for count, claim in volumes:
                size = amount(at(claim, "resources", "requests", "storage"))
                for sums in (least, largest):
                    sums["requests.storage"] += count * size
                    sums["persistentvolumeclaims"] += count
                disk += count * size * classes.get(at(claim, "storageClassName"), 1)
        return least, largest, disk


def zero():
    return dict.fromkeys(KEYS, Fraction(0))


def as_row(requests, limits):
    row = {f"requests.{name}": amount(requests.get(name, 0)) for name in RESOURCES}
    row.update({f"limits.{name}": amount(limits.get(name, 0)) for name in RESOURCES[:2]})
    return row


def total(rows):
    return {key: sum((row[key] for row in rows), Fraction(0)) for key in KEYS}


def most(one, other):
    return {key: max(one[key], other[key]) for key in KEYS}


def at_once(job):
    pods = job.get("parallelism", 1)
    return pods if job.get("completions") is None else min(pods, job["completions"])


def share(value, default, pods):
    """`25%` of so many pods, rounded up, or the number that is written."""
    value = default if value is None else value
    if isinstance(value, str) and value.endswith("%"):
        return math.ceil(Fraction(int(value[:-1]) * pods, 100))
    return int(value)


def own_volumes(template, pods):
    claims = [at(volume, "ephemeral", "volumeClaimTemplate", "spec") for volume in template.get("volumes") or []]
    return [(pods, claim) for claim in claims if claim]


def shown(key, value):
    unit = 2**30 if key.endswith(("memory", "storage")) else 1
    return f"{float(value / unit):,.2f}{'Gi' if unit > 1 else ''}"


def read(root):
    """By cluster and namespace what is there, and by cluster how often each class keeps a volume."""
    namespaces = collections.defaultdict(Namespace)
    copies = collections.defaultdict(dict)
    for path in tree.manifests(root):
        cluster = os.path.relpath(path, root).split(os.sep)[0]
        for node in tree.documents(path):
            if node["kind"] == "StorageClass":
                copies[cluster][name_of(node)] = int(at(node, "parameters", "numberOfReplicas") or 1)
            elif at(node, "metadata", "namespace"):
                namespaces[cluster, node["metadata"]["namespace"]].add(node)
    for folder, _, names in os.walk(root):
        if "fleet.yaml" in names:
            with open(os.path.join(folder, "fleet.yaml"), encoding="utf-8") as file:
                bundle = tree.yaml.load(file, Loader=tree.Loader)
            chart, cluster = at(bundle, "helm", "chart"), os.path.relpath(folder, root).split(os.sep)[0]
            if chart:
                namespaces[cluster, bundle.get("defaultNamespace")].charts.append(chart)
    return namespaces, copies


def main():
    root = sys.argv[1]
    namespaces, copies = read(root)
    faults, checked = [], 0
    least, largest = collections.defaultdict(collections.Counter), collections.defaultdict(collections.Counter)
    disks, counts = collections.Counter(), collections.Counter()
    for (cluster, name), namespace in sorted(namespaces.items(), key=lambda item: (item[0][0], item[0][1] or "")):
        low, high, disk = namespace.sums(copies[cluster])
        if namespace.quota is None:
            if high:
                faults.append(f"{cluster} {name}: {high['pods']} pods and no quota")
            continue
        checked += 1
        counts[cluster] += 1
        for chart in namespace.charts:
            print(f"not counted: the pods of the chart {chart} in {cluster} {name}")
        for key in (*KEYS, *CLAIMS, "pods"):
            if high[key] > namespace.quota[key]:
                faults.append(
                    f"{cluster} {name}: {key} is {shown(key, namespace.quota[key])}, and {shown(key, high[key])} can be asked for"
                )
        least[cluster].update(low)
        largest[cluster].update(high)
        disks[cluster] += disk
    for cluster in sorted(counts):
        print(f"{cluster}: {counts[cluster]} namespaces, copies of volumes on disk {shown('storage', disks[cluster])}")
        for word, sums in (("at the least", least[cluster]), ("at the most", largest[cluster])):
            print(f"  {word:12} " + "  ".join(f"{key} {shown(key, sums[key])}" for key in (*KEYS, *CLAIMS, "pods")))
    for fault in faults[:50]:
        print(fault)
    print(f"quota: {checked} namespaces, {len(faults)} faults")
    if checked == 0:
        print("there is no quota to check")
    return 1 if faults or checked == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
