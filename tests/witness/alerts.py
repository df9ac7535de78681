"""alerts.py DIR: promtool reads every PrometheusRule below DIR: expressions, durations and the texts of alerts.

The operator would leave a broken rule out, and nobody would be told of what it watches. Those of a platform are also held
against series that are made up (`alerts.yaml`): they have to fire for these, with these words, and for no others.
"""

import os
import shutil
import subprocess
import sys
import tempfile

import yaml

from tree import documents, manifests


HERE = os.path.dirname(os.path.abspath(__file__))


def promtool(*arguments):
    """What promtool says against it; nothing where all is well."""
    told = subprocess.run(["promtool", *arguments], capture_output=True, text=True, check=False)
    return told.stdout + told.stderr if told.returncode != 0 else ""


def against_series(groups):
    """Whether rules fire as they should."""
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "rules.yaml"), "w", encoding="utf-8") as file:
            yaml.safe_dump({"groups": groups}, file, allow_unicode=True)
        test = shutil.copy(os.path.join(HERE, "alerts.yaml"), folder)
        return promtool("test", "rules", test)


def main():
    rules, faults, of_a_platform = 0, [], {}
    for path in manifests(sys.argv[1]):
        for document in documents(path):
            if document["kind"] != "PrometheusRule":
                continue
            with tempfile.NamedTemporaryFile("w", suffix=".yaml", encoding="utf-8") as file:
                yaml.safe_dump({"groups": document["spec"]["groups"]}, file, allow_unicode=True)
                file.flush()
                told = promtool("check", "rules", file.name)
            rules += sum(len(group["rules"]) for group in document["spec"]["groups"])
            if told:
                faults.append(f"{path}: {document['metadata']['name']}: {told}".replace(file.name, ""))
            if os.path.basename(os.path.dirname(path)) == "50-alerts":
                of_a_platform.setdefault(os.path.dirname(path), []).extend(document["spec"]["groups"])
    for folder, groups in of_a_platform.items():
        told = against_series(groups)
        if told:
            faults.append(f"{folder}: {told}")
    print("\n".join(faults[:20]))
    print(f"{rules} rules, {len(faults)} objects with a fault")
    return 1 if faults or rules == 0 or not of_a_platform else 0


if __name__ == "__main__":
    sys.exit(main())
