"""What intake's process takes beside commands: files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from services.bootstrap.standing import Ground
from services.bootstrap.storing import open_files
from services.deciding import Service
from services.files.api import file_routes
from services.web.ports import RouterFactory


def routes(ground: Ground, services: Mapping[str, Service]) -> Sequence[RouterFactory]:
    """The routes of attachments."""
    told = (ground.store, ground.vault, ground.clock, ground.settings.organisation)
    return [file_routes(open_files(ground.settings, ground.stack), ground.handler(services), *told)]
