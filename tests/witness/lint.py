#!/usr/bin/env python3
"""lint.py DIR [--all]: checkov over one tenant of each shape below DIR, the platforms and the management, with no failed check.

Two tenants have one shape where they consist of the same kinds in the same bundles, and of instances of one shape in a
tenant the first is looked at; with `--all` it is every file of every tenant, which takes long. A check may be skipped
only by the annotation of the object itself, which the compiler writes from a waiver; each is listed with its reason.
"""

import collections
import concurrent.futures
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

import tree

# Stands for a slash in the name of a copied file.
SLASH = "@"


def shape(folder):
    """What a tenant consists of, without its name and without how often."""
    tenant = os.path.basename(folder)
    found = set()
    for path in tree.manifests(folder):
        bundle = os.path.relpath(path, folder)
        bundle = re.sub(r"^[^/]*-[a-z0-9-]+/", "…/", bundle.replace(tenant, "…"))
        for document in tree.documents(path):
            found.add((bundle, document.get("kind")))
    return tuple(sorted(found, key=str))


def some_manifests(folder):
    """The manifests of a tenant, of instances that consist of the same kinds only the first: a Kreis has a hundred schools."""
    paths = sorted(tree.manifests(folder))
    kinds = collections.defaultdict(list)
    for path in paths:
        kinds[os.path.relpath(path, folder).split(os.sep)[0]] += [document.get("kind") for document in tree.documents(path)]
    first = {}
    for bundle in sorted(kinds):
        first.setdefault(tuple(kinds[bundle]), bundle)
    left_out = set(kinds) - set(first.values()) - {"tenant", "data"}
    names = {f"{os.path.basename(folder)}-{bundle}.yaml" for bundle in left_out}
    return [
        path
        for path in paths
        if os.path.relpath(path, folder).split(os.sep)[0] not in left_out and os.path.basename(path) not in names
    ]


def main():
    root = sys.argv[1]
    every = "--all" in sys.argv[2:]
    manifests = tree.manifests if every else some_manifests
    tenants = {}
    for folder in tree.tenants(root):
        tenants.setdefault(folder if every else shape(folder), folder)
    if not tenants:
        print("there is no tenant to lint")
        return 1
    folders = sorted(tenants.values()) + tree.others(root)
    work = {folder: list(manifests(folder)) for folder in folders}
    # What a folder takes grows faster than it does, so of many each is looked at alone.
    parts = [{folder: work[folder]} for folder in folders] if every else [work]
    count, failed = collections.Counter(), 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for counted, faults in pool.map(lambda part: lint(root, part), parts):
            count += counted
            failed += faults
    for folder in folders:
        name = os.path.relpath(folder, root)
        print(f"{name}: " + ", ".join(f"{count[name, kind]} {kind}" for kind in ("passed", "failed", "skipped")))
    if not any(kind == "passed" for _, kind in count):
        print("checkov passed nothing, so it cannot have looked")
        failed += 1
    what = "tenants" if every else "shapes of tenants"
    print(f"checkov: {len(tenants)} {what}, {len(folders) - len(tenants)} other folders, {failed} failed checks")
    return 1 if failed else 0


def lint(root, folders):
    """How many checks of each folder passed, failed and were skipped, and how many failed in all. Folders come with their files."""
    with tempfile.TemporaryDirectory() as place:
        for paths in folders.values():
            for path in paths:
                copy = os.path.relpath(path, root).replace(os.sep, SLASH)
                shutil.copy(path, os.path.join(place, copy))
        command = ["checkov", "--directory", place, "--framework", "kubernetes", "--skip-download", "--compact", "--output", "json"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    count = collections.Counter()
    try:
        result = json.loads(done.stdout)
        # A tenant without any service has nothing that there is a check for.
        if result.get("resource_count") == 0 and result.get("parsing_errors") == 0:
            return count, 0
        checks = result["results"]
    except (json.JSONDecodeError, KeyError, TypeError):
        print(f"checkov says nothing that can be read: {done.stdout[:300]} {done.stderr[:600]}")
        return count, 1
    for kind in ("passed", "failed", "skipped"):
        for check in checks[f"{kind}_checks"]:
            file = check["file_path"].lstrip("/").replace(SLASH, "/")
            folder = next(name for name in (os.path.relpath(folder, root) for folder in folders) if file.startswith(name + "/"))
            count[folder, kind] += 1
            if kind == "failed":
                print(f"{file}: {check['check_id']} {check['check_name']}: {check['resource']}")
            if kind == "skipped":
                print(f"{file}: skipped {check['check_id']} for {check['resource']}: {check['check_result'].get('suppress_comment')}")
    for file in checks.get("parsing_errors", []):
        print(f"{file}: checkov cannot read it")
    return count, len(checks["failed_checks"]) + len(checks.get("parsing_errors", []))


if __name__ == "__main__":
    sys.exit(main())
