"""Gives public events on."""

from __future__ import annotations

from collections.abc import Mapping

from services.bootstrap.publishing import publishing
from services.bootstrap.standing import Ground, Opened
from services.cluster.roles import Role
from services.web.app import create_vitals_app


def opened(ground: Ground, _role: Role) -> Opened:
    """The role at work."""
    told = (ground.settings, ground.store, ground.vault, ground.clock, ground.info, ground.signers["log"])
    runs = publishing(*told, ground.stack, ground.kafka)
    process = ground.process(runs)

    async def own() -> Mapping[str, float]:
        return runs.figures()

    return process, create_vitals_app(process, own)
