"""Reads YAML with PyYAML, the strictest reader of YAML 1.1, and says which strings do not come back.

usage: read.py STREAM EXPECTED

The arguments are those of the Go reader beside this file. PyYAML takes `12:30` for a number in base 60 and `=` for a
tag, which Go does not: a string that passes here is quoted wherever any reader might need it.
"""

import json
import sys

import yaml

# The reader in C shares its rules for scalars with the one in Python and is ten times as fast.
Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def main() -> int:
    with open(sys.argv[2], encoding="utf-8") as lines:
        expected = [json.loads(line) for line in lines.read().split("\n") if line]
    with open(sys.argv[1], encoding="utf-8", newline="") as stream:
        documents = ("\n" + stream.read()).split("\n---\n")
    if len(documents) != len(expected):
        print(f"{len(expected)} documents are expected, the stream has {len(documents)}")
        return 2
    wrong = 0
    for document, want in zip(documents, expected):
        try:
            got = yaml.load(document + "\n", Loader)
        except (yaml.YAMLError, ValueError) as error:
            got = error
        if got != want:
            wrong += 1
            print(f"wanted {want!r}, got {got!r} from:\n{document}")
    print(f"{len(expected)} documents read, {wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
