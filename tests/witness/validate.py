#!/usr/bin/env python3
"""validate.py DIR [VERSION]: every object below DIR against Kubernetes' own OpenAPI schemas, unknown fields refused.

The schemas are those of the package kubernetes-validate. Custom resources have none there; they are listed by kind,
never passed over in silence. Objects that differ only in names and numbers are proven once. Exits 1 on any fault.
"""

import collections
import re
import sys

import kubernetes_validate

import tree


def shape(value):
    """The value without what no schema looks at: words that may be of an enumeration stay, other text does not."""
    if isinstance(value, dict):
        return tuple((key, shape(value[key])) for key in sorted(value, key=str))
    if isinstance(value, list):
        return ("list", tuple(sorted({shape(item) for item in value}, key=repr)))
    if isinstance(value, str):
        return value if re.fullmatch(r"[A-Z]\w{0,40}", value) or value == "" else "text"
    return (type(value).__name__, value is not None and value >= 0)


def main():
    root = sys.argv[1]
    version = sys.argv[2] if len(sys.argv) > 2 else "1.34"
    proven, faults, objects = {}, [], 0
    without_schema = collections.Counter()
    for path in tree.manifests(root):
        for number, document in enumerate(tree.documents(path)):
            where = f"{path}#{number}"
            if not isinstance(document, dict) or not document.get("kind") or not document.get("apiVersion"):
                faults.append(f"{where}: not an object of Kubernetes")
                continue
            objects += 1
            group = document["apiVersion"].rpartition("/")[0]
            if "." in group and not group.endswith(".k8s.io"):
                without_schema[f"{document['apiVersion']} {document['kind']}"] += 1
                continue
            key = (document["apiVersion"], document["kind"], shape(document))
            if key not in proven:
                proven[key] = fault_of(document, version)
            if proven[key] == "no schema":
                without_schema[f"{document['apiVersion']} {document['kind']}"] += 1
            elif proven[key]:
                name = (document.get("metadata") or {}).get("name")
                faults.append(f"{where}: {document['kind']} {name}: {proven[key]}")
    for fault in faults[:50]:
        print(fault)
    for kind, count in sorted(without_schema.items()):
        print(f"not checked here, a custom resource: {kind} ({count})")
    builtin = objects - sum(without_schema.values())
    print(f"kubernetes-validate {version}: {objects} objects, {builtin} of built-in kinds in {len(proven)} shapes, {len(faults)} at fault")
    if objects == 0:
        print("there is nothing to validate")
    return 1 if faults or objects == 0 else 0


def fault_of(document, version):
    try:
        kubernetes_validate.validate(document, version, strict=True)
    except kubernetes_validate.SchemaNotFoundError:
        return "no schema"
    except kubernetes_validate.ValidationError as fault:
        return f"{'.'.join(str(part) for part in fault.path) or 'the object'}: {fault.message[:300]}"
    return None


if __name__ == "__main__":
    sys.exit(main())
