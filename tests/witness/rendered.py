"""What a rendered chart has to keep to in its tenant's namespace."""

import decimal

import yaml

import tree

# Kinds of the whole cluster that charts are known to bring.
CLUSTER_WIDE = {"Namespace", "ClusterRole", "ClusterRoleBinding", "CustomResourceDefinition", "StorageClass", "PriorityClass",
                "PersistentVolume", "IngressClass", "MutatingWebhookConfiguration", "ValidatingWebhookConfiguration", "APIService"}
SAFE_VOLUMES = {"configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"}
SAFE_SYSCTLS = {"kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.ip_unprivileged_port_start",
                "net.ipv4.tcp_syncookies", "net.ipv4.ping_group_range", "net.ipv4.ip_local_reserved_ports"}
UNITS = {"m": "0.001", "k": "1e3", "M": "1e6", "G": "1e9", "T": "1e12", "Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40}


def faults(text, fleet, tenant):
    """The faults of rendered objects, judged by the folder of their tenant."""
    namespace = fleet["defaultNamespace"]
    objects = [document for document in yaml.safe_load_all(text) if document]
    ours = [document for path in tree.manifests(tenant) for document in tree.documents(path)]
    ours = [document for document in ours if namespace in (document["metadata"].get("namespace"), document["metadata"]["name"])]
    found = []
    for document in objects:
        name, of = f"{document['kind']} {document['metadata']['name']}", document["metadata"].get("namespace", namespace)
        if document["kind"] in CLUSTER_WIDE or of != namespace:
            found.append(f"{name} is not of the namespace")
        if document["kind"] == "Secret":
            found.append(f"{name} would bring a password that stands in the chart")
    level = next(d["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] for d in ours if d["kind"] == "Namespace")
    named = {("Secret", document["metadata"]["name"]) for document in ours if document["kind"] == "ExternalSecret"}
    named |= {("Secret", document["metadata"]["name"] + "-app") for document in ours if document["kind"] == "Cluster"}
    named |= {("Claim", document["metadata"]["name"]) for document in ours if document["kind"] == "PersistentVolumeClaim"}
    named |= {("ServiceAccount", document["metadata"]["name"]) for document in ours if document["kind"] == "ServiceAccount"}
    sums = {}
    for document, pod, count in pods(objects):
        name = f"{document['kind']} {document['metadata']['name']}"
        found += [f"{name}: {fault}" for fault in security(pod, level)]
        found += [f"{name} uses {kind} `{used}`, which is not in the tree" for kind, used in uses(pod) if (kind, used) not in named]
        for container in pod["containers"]:
            for part in ("requests", "limits"):
                for what in ("cpu", "memory"):
                    amount = container.get("resources", {}).get(part, {}).get(what)
                    if amount is None:
                        found.append(f"{name}: `{container['name']}` has no {part} of {what}")
                    else:
                        sums[f"{part}.{what}"] = sums.get(f"{part}.{what}", 0) + count * quantity(amount)
        sums["pods"] = sums.get("pods", 0) + count
    hard = next(document["spec"]["hard"] for document in ours if document["kind"] == "ResourceQuota")
    found += [f"its pods ask for {sums[key]} of {key}, the quota is {hard[key]}" for key in sums if sums[key] > quantity(hard[key])]
    return found


def quantity(text):
    text = str(text)
    number = text.rstrip("".join(set("".join(UNITS))))
    return decimal.Decimal(number) * decimal.Decimal(UNITS.get(text[len(number):], 1))


def pods(objects):
    """Each workload's pod template and the largest number of its pods."""
    scaled = {d["spec"]["scaleTargetRef"]["name"]: d["spec"]["maxReplicas"] for d in objects if d["kind"] == "HorizontalPodAutoscaler"}
    for document in objects:
        spec = document.get("spec", {})
        if document["kind"] == "CronJob":
            yield document, spec["jobTemplate"]["spec"]["template"]["spec"], 1
        elif isinstance(spec, dict) and "template" in spec:
            count = scaled.get(document["metadata"]["name"], spec.get("replicas", 1))
            surge = document["kind"] == "Deployment" and spec.get("strategy", {}).get("type") != "Recreate"
            yield document, spec["template"]["spec"], count + (-(-count // 4) if surge else 0)


def uses(pod):
    """The claims, secrets and accounts that a pod names."""
    yield "ServiceAccount", pod.get("serviceAccountName", "default")
    for volume in pod.get("volumes", []):
        if "persistentVolumeClaim" in volume:
            yield "Claim", volume["persistentVolumeClaim"]["claimName"]
        if "secret" in volume:
            yield "Secret", volume["secret"]["secretName"]
    for container in pod["containers"] + pod.get("initContainers", []):
        for entry in container.get("env", []):
            reference = entry.get("valueFrom", {}).get("secretKeyRef")
            if reference:
                yield "Secret", reference["name"]


def security(pod, level):
    """What Pod Security refuses of a pod at a level: `baseline`, and what `restricted` asks beyond it."""
    whole = pod.get("securityContext") or {}
    if any(pod.get(key) for key in ("hostNetwork", "hostPID", "hostIPC")):
        yield "it stands in the node's own namespaces"
    for sysctl in whole.get("sysctls", []):
        if sysctl["name"] not in SAFE_SYSCTLS:
            yield f"it sets {sysctl['name']}"
    for volume in pod.get("volumes", []):
        if not set(volume) - {"name"} <= SAFE_VOLUMES:
            yield f"the volume {volume['name']} is none that is allowed"
    for container in pod["containers"] + pod.get("initContainers", []):
        own = container.get("securityContext") or {}
        name, capabilities = container["name"], own.get("capabilities") or {}
        if own.get("privileged") or capabilities.get("add"):
            yield f"`{name}` has rights that no tenant gets"
        if any("hostPort" in port for port in container.get("ports", [])):
            yield f"`{name}` takes a port of the node"
        if level != "restricted":
            continue
        if own.get("allowPrivilegeEscalation") is not False:
            yield f"`{name}` may gain rights"
        if "ALL" not in (capabilities.get("drop") or []):
            yield f"`{name}` keeps capabilities"
        if own.get("runAsNonRoot", whole.get("runAsNonRoot")) is not True or own.get("runAsUser", whole.get("runAsUser")) == 0:
            yield f"`{name}` may run as root"
        if (own.get("seccompProfile") or whole.get("seccompProfile") or {}).get("type") not in ("RuntimeDefault", "Localhost"):
            yield f"`{name}` has no seccomp profile"
