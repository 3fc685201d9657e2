"""Each role's Kubernetes resources: an account without a token, a Deployment, a disruption budget, a Service."""

from __future__ import annotations

from typing import Any

from deploy.roles import KAFKA, PORT, STORE, Role

GRACE_SECONDS = 45
"""The program needs ten seconds for answers in hand and as many for what it holds of Kafka; then it is gone."""

DRAIN_SECONDS = 5
"""A Service goes on sending for a moment after a pod began to end."""

ZONE, HOST = "topology.kubernetes.io/zone", "kubernetes.io/hostname"
DATA, KEYS = "/var/lib/wijkspoor", "/var/lib/wijkspoor/keys"
KAFKA_CA, STORE_CA = "/etc/wijkspoor/kafka", "/etc/wijkspoor/store"

Manifest = dict[str, Any]


def resources(role: Role) -> list[Manifest]:
    """Everything that one role needs, in the order in which it can be applied."""
    made = [_account(role), _deployment(role), _budget(role)]
    return [*made, _service(role)] if role.served else made


def labels(role: Role) -> dict[str, str]:
    """What tells this role's pods from all others."""
    return {"app.kubernetes.io/name": "wijkspoor", "app.kubernetes.io/component": role.name}


def _named(kind: str, version: str, role: Role, **rest: Any) -> Manifest:
    metadata = {"name": role.name, "labels": labels(role)}
    return {"apiVersion": version, "kind": kind, "metadata": metadata, **rest}


def _account(role: Role) -> Manifest:
    return _named("ServiceAccount", "v1", role, automountServiceAccountToken=False)


def _budget(role: Role) -> Manifest:
    spec = {"maxUnavailable": 1, "selector": {"matchLabels": labels(role)}, "unhealthyPodEvictionPolicy": "AlwaysAllow"}
    return _named("PodDisruptionBudget", "policy/v1", role, spec=spec)


def _service(role: Role) -> Manifest:
    ports = [{"name": "http", "port": 80, "targetPort": "http"}]
    return _named("Service", "v1", role, spec={"selector": labels(role), "ports": ports})


def _deployment(role: Role) -> Manifest:
    # One more than wanted at most, never one less: a standby takes over while the old one still gives back its lease.
    rolling = {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1}}
    spec = {
        "replicas": role.replicas,
        "revisionHistoryLimit": 3,
        "selector": {"matchLabels": labels(role)},
        "strategy": rolling,
        "template": {"metadata": {"labels": {**labels(role), **_talk(role)}}, "spec": _pod(role)},
    }
    return _named("Deployment", "apps/v1", role, spec=spec)


def _talk(role: Role) -> dict[str, str]:
    """The network policies open a way for whoever carries its label."""
    talk = {f"wijkspoor.talks-to/{other}": "true" for other in sorted(role.talks_to)}
    return {**talk, "wijkspoor.served": "true"} if role.served else talk


def _pod(role: Role) -> Manifest:
    return {
        "serviceAccountName": role.name,
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "terminationGracePeriodSeconds": GRACE_SECONDS,
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": 65532,
            "runAsGroup": 65532,
            "fsGroup": 65532,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "topologySpreadConstraints": [_spread(role, ZONE, "ScheduleAnyway"), _spread(role, HOST, "ScheduleAnyway")],
        "containers": [_container(role)],
        "volumes": _volumes(role),
    }


def _spread(role: Role, key: str, otherwise: str) -> Manifest:
    selector = {"matchLabels": labels(role)}
    return {"maxSkew": 1, "topologyKey": key, "whenUnsatisfiable": otherwise, "labelSelector": selector}


def _container(role: Role) -> Manifest:
    memory = f"{role.memory_mebibytes}Mi"
    made: Manifest = {
        "name": "wijkspoor",
        "image": "wijkspoor",
        "args": list(role.arguments),
        "ports": [{"name": "http", "containerPort": PORT}],
        "envFrom": [{"configMapRef": {"name": "wijkspoor"}}],
        "env": environment(role),
        "startupProbe": {**_probe("/livez"), "periodSeconds": 2, "failureThreshold": 60},
        "livenessProbe": {**_probe("/livez"), "periodSeconds": 10, "failureThreshold": 6},
        "readinessProbe": {**_probe("/readyz"), "periodSeconds": 5, "failureThreshold": 2},
        # Memory that was promised is there; processor time is shared, a limit would only make a catch-up slow.
        "resources": {
            "requests": {"cpu": f"{role.cpu_millis}m", "memory": memory},
            "limits": {"memory": f"{role.memory_mebibytes * 2}Mi"},
        },
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        "volumeMounts": _mounts(role),
    }
    if role.served:
        made["lifecycle"] = {"preStop": {"sleep": {"seconds": DRAIN_SECONDS}}}
    return made


def _probe(path: str) -> Manifest:
    return {"httpGet": {"path": path, "port": "http"}, "timeoutSeconds": 3}


def environment(role: Role) -> list[Manifest]:
    """What differs from role to role: who it is in PostgreSQL and on Kafka. Passwords come from Secrets alone."""
    made: list[Manifest] = []
    if STORE in role.talks_to:
        made += [
            {"name": "STORE_PASSWORD", "valueFrom": _secret(f"store-{role.name}", "password")},
            {"name": "WIJKSPOOR_DSN", "value": dsn(role.database_user)},
        ]
    if role.principal is not None:
        made += [
            {"name": "WIJKSPOOR_KAFKA_USER", "value": role.principal},
            {"name": "WIJKSPOOR_KAFKA_PASSWORD", "valueFrom": _secret(role.principal, "password")},
        ]
    return made


def dsn(user: str) -> str:
    """The database's address; Kubernetes puts the password in."""
    where = "wijkspoor-store-rw:5432/wijkspoor"
    return f"postgresql://{user}:$(STORE_PASSWORD)@{where}?sslmode=verify-full&sslrootcert={STORE_CA}/ca.crt"


def _secret(name: str, key: str) -> Manifest:
    return {"secretKeyRef": {"name": name, "key": key}}


def _mounts(role: Role) -> list[Manifest]:
    made: list[Manifest] = [{"name": "data", "mountPath": DATA}, {"name": "tmp", "mountPath": "/tmp"}]  # noqa: S108 -- a volume of the pod's own
    if role.keys:
        made.append({"name": "keys", "mountPath": KEYS, "readOnly": True})
    if STORE in role.talks_to:
        made.append({"name": "store-ca", "mountPath": STORE_CA, "readOnly": True})
    if KAFKA in role.talks_to:
        made.append({"name": "kafka-ca", "mountPath": KAFKA_CA, "readOnly": True})
    return made


def _volumes(role: Role) -> list[Manifest]:
    made: list[Manifest] = [
        {"name": "data", "emptyDir": {"sizeLimit": "256Mi"}},
        {"name": "tmp", "emptyDir": {"medium": "Memory", "sizeLimit": "64Mi"}},
    ]
    if role.keys:
        items = [{"key": name, "path": name} for name in role.keys]
        made.append({"name": "keys", "secret": {"secretName": "wijkspoor-keys", "defaultMode": 0o440, "items": items}})
    if STORE in role.talks_to:
        made.append({"name": "store-ca", "secret": _authority("wijkspoor-store-ca")})
    if KAFKA in role.talks_to:
        made.append({"name": "kafka-ca", "secret": _authority("wijkspoor-cluster-ca-cert")})
    return made


def _authority(secret: str) -> Manifest:
    return {"secretName": secret, "defaultMode": 0o444, "items": [{"key": "ca.crt", "path": "ca.crt"}]}
