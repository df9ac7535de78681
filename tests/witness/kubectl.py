#!/usr/bin/env python3
"""kubectl.py DIR...: kubectl reads every manifest below each DIR, without a server, and gives back what is written.

`kubectl label --local` runs Kubernetes' own Go reader over the files and prints the objects as JSON. They have to be
the documents that PyYAML reads, value by value: two readers with other ancestors agree. Exits 1 where they do not.
"""

import json
import subprocess
import sys

import tree

LABEL = "stadtplan.test/read"


def main():
    faults, count = [], 0
    for root in sys.argv[1:]:
        for path in tree.manifests(root):
            expected = tree.documents(path)
            read = kubectl(path, faults)
            count += len(expected)
            if read is not None and len(read) != len(expected):
                faults.append(f"{path}: {len(expected)} documents, kubectl reads {len(read)}")
            for document, other in zip(expected, read or []):
                if document != other:
                    faults.append(f"{path}: {document.get('kind')} reads differently: {difference(document, other)}")
    for fault in faults[:50]:
        print(fault)
    print(f"kubectl: {count} objects read without a server, {len(faults)} at fault")
    return 1 if faults or count == 0 else 0


def kubectl(path, faults):
    """The objects of a file as kubectl reads them, without the label it added."""
    command = ["kubectl", "label", "--local", "--dry-run=client", "-o", "json", "-f", path, f"{LABEL}=yes"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        faults.append(f"{path}: kubectl refuses it: {done.stderr.strip()[:300]}")
        return None
    decoder, text, objects = json.JSONDecoder(), done.stdout.strip(), []
    while text:
        value, end = decoder.raw_decode(text)
        objects.extend(value["items"] if value.get("kind") == "List" else [value])
        text = text[end:].lstrip()
    for value in objects:
        labels = value["metadata"]["labels"]
        del labels[LABEL]
        if not labels:
            del value["metadata"]["labels"]
    return objects


def difference(left, right, path=""):
    """The first place at which two values differ."""
    if isinstance(left, dict) and isinstance(right, dict):
        for key in sorted(set(left) | set(right), key=str):
            if left.get(key) != right.get(key):
                return difference(left.get(key), right.get(key), f"{path}.{key}")
    if isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
        for at, (one, other) in enumerate(zip(left, right)):
            if one != other:
                return difference(one, other, f"{path}[{at}]")
    return f"{path}: {left!r} here, {right!r} there"


if __name__ == "__main__":
    sys.exit(main())
