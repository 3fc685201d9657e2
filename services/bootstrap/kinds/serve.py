"""Takes commands for services, shows the desk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module

from projections.audit.checkpoints import Checkpoints
from services.bootstrap.standing import Ground, Opened, runtime_of
from services.checkpointing import Checkpointing
from services.cluster.roles import DESK, Role
from services.deciding import Service
from services.registry import SERVICES
from services.web.app import create_app
from services.web.ports import RouterFactory

UPLOADS = "intake"
"""The service that takes files."""


def opened(ground: Ground, role: Role) -> Opened:
    """The role at work."""
    services = {name: SERVICES[name] for name in role.names if name != DESK}
    routers: list[RouterFactory] = []
    if UPLOADS in role.names:
        routers += _beside("uploads", ground, services)
    if DESK in role.names:
        routers += _beside("desk", ground, services)
    if "log" not in ground.signers:
        runtime = runtime_of(ground, services, ground.process().supervisor, routers)
        return runtime, create_app(runtime, ground.provider)
    latest = Checkpoints(ground.store, ground.info.origin, ground.signers["log"]).latest
    signing = Checkpointing(latest)
    runtime = runtime_of(ground, services, ground.process(signing).supervisor, routers, latest)

    async def own() -> Mapping[str, float]:
        return signing.figures()

    return runtime, create_app(runtime, ground.provider, own)


def _beside(what: str, ground: Ground, services: Mapping[str, Service]) -> Sequence[RouterFactory]:
    """Routes that one of the served brings along: what looks at files or shows pages is loaded by nobody else."""
    found: Sequence[RouterFactory] = import_module(f"services.bootstrap.kinds.{what}").routes(ground, services)
    return found
