"""Command routes, one for each row of the services' registries: POST /v1/{service}/{collection}/{id}/{command}."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import Response

from events.catalog import KINDS, stream_name
from events.envelope import Actor
from services.answers import Issued
from services.deciding import CommandSpec, Service
from services.metrics import Metrics
from services.problems import BAD_REQUEST, Problem
from services.web.access import Gate
from services.web.openapi import describe
from services.web.ports import Runtime
from services.web.reading import Asked, CommandForm, read_body
from services.web.replies import reply
from services.web.room import Room

log = structlog.get_logger()

COLLECTIONS = {kind: "criteria" if kind == "criteria" else f"{kind}s" for kind in KINDS} | {
    "recovery": "recoveries",
}
"""Stream kind → the collection's name in an address."""


def path_of(service: Service, spec: CommandSpec) -> str:
    """The address of a command, with `{id}` for the target."""
    return f"/v1/{service.name}/{COLLECTIONS[spec.kind]}/{{id}}/{spec.model.command_name}"


@dataclass(frozen=True)
class Door:
    """What every command route shares."""

    runtime: Runtime
    gate: Gate
    metrics: Metrics
    room: Room

    def endpoint(self, service: Service, spec: CommandSpec) -> Callable[[Request, str], Coroutine[Any, Any, Response]]:
        """The route's function for one command."""
        form = CommandForm(spec)

        async def command(request: Request, id: str) -> Response:  # noqa: A002 -- the path's own word
            actor = self.gate.admit(request, spec.roles)
            with self.room.enter():
                raw = await read_body(request)
                await self.runtime.clock.refresh()
                asked, issues = form.read(id, request.headers, raw, self.runtime.clock.now())
                if asked is None:
                    raise Problem(BAD_REQUEST, issues=issues)
                return await self._handle(service, spec, actor, asked)

        return command

    async def _handle(self, service: Service, spec: CommandSpec, actor: Actor, asked: Asked) -> Response:
        issued = Issued(
            service=service.name,
            kind=spec.kind,
            id=asked.id,
            command=asked.command,
            actor=actor,
            at=asked.at or self.runtime.clock.now(),
            command_id=asked.command_id,
            expected_version=asked.expected_version,
            stated_at=asked.at,
        )
        with structlog.contextvars.bound_contextvars(
            stream=stream_name(spec.kind, asked.id), command=spec.model.command_name, command_id=asked.command_id
        ):
            answer = await self.runtime.handler.handle(issued)
            outcome = type(answer).__name__
            self.metrics.commanded(spec.model.command_name, outcome)
            log.info("command answered", answer=outcome)
        return reply(service, answer)


def command_routes(door: Door) -> APIRouter:
    """The routes of all services."""
    router = APIRouter()
    for service in door.runtime.services.values():
        for spec in service.commands.values():
            router.add_api_route(
                path_of(service, spec),
                door.endpoint(service, spec),
                methods=["POST"],
                name=f"{service.name}.{spec.model.command_name}",
                response_model=None,
                status_code=201,
                tags=[service.name],
                summary=spec.model.command_name,
                description=spec.model.__doc__,
                operation_id=f"{service.name}-{spec.kind}-{spec.model.command_name}",
                **describe(spec),
            )
    return router
