#!/usr/bin/env python3
"""helm.py TREE [CHARTS]: real Helm over every chart of a tree, with the values that Fleet would hand it.

The charts themselves are elsewhere, so three things are shown without them: Helm takes release, version and values and
reads each value as what it was written as (a chart of our own gives them back); it lints; and no key is unknown to the
chart, where `charts/<chart>-<version>.keys` lists those it reads. With a folder CHARTS that holds `<chart>-<version>/`,
the chart itself is rendered: its objects have to stay in the namespace, keep to its Pod Security, and fit its quota, and
the claims and secrets that they name have to be in the tree.
"""

import json
import os
import subprocess
import sys
import tempfile

import yaml

import rendered
import tree

HERE = os.path.dirname(os.path.abspath(__file__))


def main():
    root = sys.argv[1]
    charts = sys.argv[2] if len(sys.argv) > 2 else None
    faults, seen, whole = [], 0, 0
    for folder, _, names in sorted(os.walk(root)):
        if "fleet.yaml" not in names:
            continue
        (fleet,) = tree.documents(os.path.join(folder, "fleet.yaml"))
        helm = fleet.get("helm", {})
        if "repo" not in helm and "chart" not in helm:
            continue
        seen += 1
        name = name_of(helm)
        found = [f"{len(os.listdir(folder)) - 1} files lie beside the chart, and Fleet would leave them out"] if len(os.listdir(folder)) > 1 else []
        found += echoed(fleet)
        found += unknown_keys(name, helm.get("values", {}))
        chart = charts and os.path.join(charts, name)
        if chart and os.path.isdir(chart):
            whole += 1
            status, text = run("template", fleet, chart)
            found += rendered.faults(text, fleet, os.path.dirname(folder)) if status == 0 else [text]
        faults.extend(f"{folder}: {fault}" for fault in found)
    for fault in faults:
        print(fault)
    print(f"helm: {seen} charts, {whole} of them rendered whole, {len(faults)} at fault")
    return 1 if faults or seen == 0 else 0


def name_of(helm):
    """The chart and its version, as an archive of it is called."""
    chart = helm.get("chart") or helm["repo"].rsplit("/", 1)[-1]
    return chart.rsplit("/", 1)[-1].split("?", 1)[0].removesuffix(".tgz") if "://" in chart else f"{chart}-{helm['version']}"


def run(verb, fleet, chart):
    """`helm template` or `helm lint` of a chart, as Fleet would call it."""
    helm = fleet["helm"]
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as values:
        yaml.safe_dump(helm.get("values", {}), values)
        values.flush()
        release = [helm["releaseName"]] if verb == "template" else []
        command = ["helm", verb, *release, chart, "--namespace", fleet["defaultNamespace"], "--values", values.name]
        command += ["--kube-version", "1.34.5"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout if done.returncode == 0 else f"helm {verb}: {done.stderr.strip()} {done.stdout.strip()}"


def echoed(fleet):
    """What Helm reads has to be what is written, value by value; of a null it only keeps that nothing is there."""
    chart = os.path.join(HERE, "chart")
    found = []
    status, text = run("template", fleet, chart)
    if status != 0:
        return [text]
    (document,) = [document for document in yaml.safe_load_all(text) if document]
    back = json.loads(document["data"]["values"])
    wanted = without_nulls(fleet["helm"].get("values", {}))
    if without_nulls(back) != wanted:
        found.append(f"Helm reads other values: {json.dumps(back)[:400]}")
    if document["metadata"] != {"name": fleet["helm"]["releaseName"], "namespace": fleet["defaultNamespace"]}:
        found.append(f"Helm calls the release {document['metadata']}")
    status, text = run("lint", fleet, chart)
    return found if status == 0 else [*found, text]


def without_nulls(value):
    if isinstance(value, dict):
        return {key: without_nulls(item) for key, item in value.items() if item is not None}
    return [without_nulls(item) for item in value] if isinstance(value, list) else value


def unknown_keys(name, values):
    """Keys that the chart does not read: Helm takes them without a word."""
    path = os.path.join(HERE, "charts", name + ".keys")
    if not os.path.exists(path):
        print(f"{name}: the keys that this chart reads are not recorded")
        return []
    with open(path, encoding="utf-8") as file:
        known = {line.strip() for line in file if line.strip() and not line.startswith("#")}
    found = []

    def visit(value, key):
        if key in known or key + ".*" in known:
            return
        if isinstance(value, dict) and value:
            for part, item in value.items():
                visit(item, f"{key}.{part}" if key else part)
        else:
            found.append(f"the chart has no value `{key}`")

    visit(values, "")
    return found


if __name__ == "__main__":
    sys.exit(main())
