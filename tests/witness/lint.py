#!/usr/bin/env python3
"""lint.py DIR: checkov over one tenant of each shape below DIR, with no failed check.

Two tenants have one shape where they consist of the same kinds in the same bundles. A check may be skipped only by the
annotation of the object itself, which the compiler writes from a waiver; each is listed with its reason.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

import tree


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


def main():
    root = sys.argv[1]
    chosen = {}
    for folder in tree.tenants(root):
        chosen.setdefault(shape(folder), folder)
    if not chosen:
        print("there is no tenant to lint")
        return 1
    failed = 0
    for folder in chosen.values():
        failed += lint(folder)
    print(f"checkov: {len(chosen)} shapes of tenants, {failed} failed checks")
    return 1 if failed else 0


def lint(folder):
    with tempfile.TemporaryDirectory() as place:
        for path in tree.manifests(folder):
            name = os.path.relpath(path, folder).replace(os.sep, "--")
            shutil.copy(path, os.path.join(place, name))
        command = ["checkov", "--directory", place, "--framework", "kubernetes", "--skip-download", "--compact", "--output", "json"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        result = json.loads(done.stdout)
    except json.JSONDecodeError:
        print(f"{folder}: checkov says nothing that can be read: {done.stdout[:300]} {done.stderr[:600]}")
        return 1
    summary = result.get("summary", result)
    checks = result.get("results", {})
    for check in checks.get("failed_checks", []):
        print(f"{folder}: {check['check_id']} {check['check_name']}: {check['resource']} ({check['file_path']})")
    for check in checks.get("skipped_checks", []):
        print(f"{folder}: skipped {check['check_id']} for {check['resource']}: {check['check_result'].get('suppress_comment')}")
    unread = summary.get("parsing_errors", 0)
    print(f"{folder}: {summary.get('passed', 0)} passed, {summary.get('failed', 0)} failed, {summary.get('skipped', 0)} skipped, {unread} not read")
    return summary.get("failed", 0) + unread + (1 if summary.get("passed", 0) == 0 else 0)


if __name__ == "__main__":
    sys.exit(main())
