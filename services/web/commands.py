"""Command routes, one for each row of the services' registries: POST /v1/{service}/{collection}/{id}/{command}."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import Response
from fastapi.routing import APIRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from events.catalog import KINDS, stream_name
from events.envelope import Actor
from events.store import StoreUnavailable
from services.answers import Answer, Issued
from services.deciding import CommandSpec, Service
from services.metrics import Metrics
from services.problems import BAD_REQUEST, Problem
from services.web.access import Gate
from services.web.openapi import describe
from services.web.outer import TOLD
from services.web.ports import Runtime
from services.web.reading import Asked, CommandForm, read_body
from services.web.replies import reply, unavailable
from services.web.room import Room

Endpoint: TypeAlias = Callable[[Request, str], Coroutine[Any, Any, Response]]

PARTS = 6
"""Of a command's address, split at its slashes."""

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

    def endpoint(self, service: Service, spec: CommandSpec) -> Endpoint:
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
                answer = await self._handle(service, spec, actor, asked)
            request.scope[TOLD] = _told(spec, asked, answer)
            return reply(service, answer)

        return command

    async def _handle(self, service: Service, spec: CommandSpec, actor: Actor, asked: Asked) -> Answer:
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
        self.metrics.commanded(spec.model.command_name, type(answer).__name__)
        return answer


def _told(spec: CommandSpec, asked: Asked, answer: Answer) -> Mapping[str, str]:
    """What the line about the request tells of the command."""
    return {
        "stream": stream_name(spec.kind, asked.id),
        "command": spec.model.command_name,
        "command_id": asked.command_id,
        "answer": type(answer).__name__,
    }


@dataclass(frozen=True, slots=True)
class _Way:
    """One command's address and function."""

    path: str
    endpoint: Endpoint


class Straight:
    """The way to the commands past the application, whose routes stand for their description: it would ask each of
    some two hundred in turn.

    A command is found by the parts of its address; every other request goes on to the application. Stands inside
    `Outer`, which tells the problems.
    """

    def __init__(self, app: ASGIApp, commands: APIRouter) -> None:
        routes = [route for route in commands.routes if isinstance(route, APIRoute)]
        self._app = app
        self._ways = {_parts(route.path)[0]: _Way(route.path, route.endpoint) for route in routes}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a POST to a command's address; hand on what is something else."""
        if scope["type"] == "http" and scope["method"] == "POST":
            parts, ident = _parts(scope["path"])
            if ident and (way := self._ways.get(parts)):
                # Where the line and the figures about the request look for its route.
                scope["route"] = way
                response = await self._answer(way, Request(scope, receive, send), ident)
                await response(scope, receive, send)
                return
        await self._app(scope, receive, send)

    async def _answer(self, way: _Way, request: Request, ident: str) -> Response:
        try:
            return await way.endpoint(request, ident)
        except StoreUnavailable as error:
            raise unavailable() from error


def _parts(path: str) -> tuple[Sequence[str], str]:
    """An address without its target, and the target: the fifth of six parts, if there are so many."""
    parts = path.split("/")
    return (*parts[:4], *parts[5:]), parts[4] if len(parts) == PARTS else ""


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
