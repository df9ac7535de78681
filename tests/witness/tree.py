"""The tree of manifests as the witnesses read it: files, documents, tenants.

Not a reader of its own: PyYAML reads, and a key given twice is refused, as Kubernetes refuses it.
"""

import os

import yaml

try:
    from yaml import CSafeLoader as Base
except ImportError:
    from yaml import SafeLoader as Base


class Loader(Base):
    """PyYAML's safe loader, without dates and without keys given twice."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith((":timestamp", ":value"))]
    for first, resolvers in Base.yaml_implicit_resolvers.items()
}


def _mapping(loader, node):
    seen = set()
    for key, _ in node.value:
        name = loader.construct_object(key, deep=True)
        if name in seen:
            raise yaml.constructor.ConstructorError(None, None, f"key given twice: {name!r}", key.start_mark)
        seen.add(name)
    return Base.construct_mapping(loader, node, deep=True)


Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


def manifests(root):
    """Every file of objects below a folder, sorted; Fleet's own files and values of charts are none."""
    found = []
    for folder, _, names in os.walk(root):
        for name in names:
            if name.endswith((".yaml", ".yml")) and name != "fleet.yaml" and not name.startswith("values"):
                found.append(os.path.join(folder, name))
    return sorted(found)


def documents(path):
    """The objects of a file."""
    with open(path, encoding="utf-8") as file:
        return [document for document in yaml.load_all(file, Loader=Loader) if document is not None]


def tenants(root):
    """The folders of tenants: those two below the root that hold a lock."""
    found = []
    for cluster in sorted(os.listdir(root)):
        folder = os.path.join(root, cluster)
        if not os.path.isdir(folder):
            continue
        for tenant in sorted(os.listdir(folder)):
            place = os.path.join(folder, tenant)
            if not tenant.startswith("_") and os.path.isfile(os.path.join(place, "stadtplan.lock")):
                found.append(place)
    return found


def others(root):
    """The folders of objects that belong to no tenant: each cluster's `_platform`, and the management."""
    found = [os.path.join(root, name, "_platform") for name in sorted(os.listdir(root))] + [os.path.join(root, "management")]
    return [folder for folder in found if manifests(folder)]
