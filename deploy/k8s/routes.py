"""One address for all: which path leads to which role, for a gateway that somebody else runs."""

from __future__ import annotations

from collections.abc import Iterator

from deploy.k8s.workloads import Manifest
from deploy.roles import ROLES, SERVICES

GATEWAY = {"name": "gateway", "namespace": "gateway", "sectionName": "https"}
INSIDE = ("/metrics", "/readyz", "/livez")
"""For orchestrator and monitoring only: they come by the pods' own addresses."""

DESK = "serve-desk"


def resources() -> Iterator[Manifest]:
    """The one route: commands go to their service, everything else to the desk."""
    rules = [_home(INSIDE), *(_to(f"serve-{service}", f"/v1/{service}/") for service in SERVICES), _to(DESK, "/")]
    spec = {"parentRefs": [GATEWAY], "hostnames": ["wijkspoor.example.org"], "rules": rules}
    metadata = {"name": "wijkspoor"}
    yield {"apiVersion": "gateway.networking.k8s.io/v1", "kind": "HTTPRoute", "metadata": metadata, "spec": spec}


def _to(role: str, prefix: str) -> Manifest:
    if role not in {one.name for one in ROLES if one.served}:
        raise KeyError(role)
    matches = [{"path": {"type": "PathPrefix", "value": prefix}}]
    # A stream of events stays open as long as its reader likes; the program ends what takes too long by itself.
    return {"matches": matches, "backendRefs": [{"name": role, "port": 80}], "timeouts": {"request": "0s"}}


def _home(paths: tuple[str, ...]) -> Manifest:
    matches = [{"path": {"type": "Exact", "value": path}} for path in paths]
    redirect = {"path": {"type": "ReplaceFullPath", "replaceFullPath": "/"}, "statusCode": 302}
    return {"matches": matches, "filters": [{"type": "RequestRedirect", "requestRedirect": redirect}]}
