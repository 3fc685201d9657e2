"""The house's own addresses: health, figures, the recorded log, checkpoints, and the story's clock."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import msgspec
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from pydantic import BaseModel, ConfigDict, ValidationError

from events.canonical import SAFE_INTEGER
from events.store import Head, Recorded, StoreUnavailable
from events.times import instant
from projections.audit.format import Line, LineSignature
from services.metrics import CONTENT_TYPE, Metrics
from services.problems import BAD_REQUEST, CLOCK_BACK, Issue, Problem
from services.web.access import VIEWS, Gate
from services.web.openapi import problems
from services.web.ports import Observed, Runtime
from services.web.reading import Moment, document_of, issues_of, read_body, twice

FAR_BEHIND = 1_000
SHOWN = 50
PROBE_SECONDS = 2.0
PAGE, MOST = 100, 1_000


class ClockForm(BaseModel):
    """Where the story's clock is to go."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
    now: Moment


Own: TypeAlias = Callable[[], Awaitable[Mapping[str, float]]]
"""Asks a role for the figures that only it has, by the names of `services.metrics.OWN`."""


async def nothing_of_its_own() -> Mapping[str, float]:
    """A role without figures of its own."""
    return {}


@dataclass(frozen=True)
class Vitals:
    """Health and figures, which every process answers with, whatever its role."""

    runtime: Observed
    metrics: Metrics
    own: Own = nothing_of_its_own

    async def livez(self) -> Response:
        """The process answers."""
        return JSONResponse({"status": "UP"})

    async def readyz(self) -> Response:
        """Whether commands can be taken now: the log can be reached."""
        up = await self._head() is not None
        return JSONResponse({"status": "UP" if up else "DOWN"}, 200 if up else 503)

    async def health(self) -> Response:
        """UP; DEGRADED while a consumer is far behind, waits in vain or has a stream that stands still; DOWN when one
        has stopped or the log is out of reach."""
        head = await self._head()
        report: dict[str, Any] = {
            "status": self._status(head),
            "origin": self.runtime.log_info.origin,
            "demo": self.runtime.clock.demo,
            "now": self.runtime.clock.now(),
        }
        if head is not None:
            report["head"] = {"position": head.position, "recordedAt": head.recorded_at and instant(head.recorded_at)}
            behind = self.runtime.behind(head.position)
            report["consumers"] = [self._consumer(name, place, behind.get(name, 0)) for name, place in self._places()]
        if self.runtime.parked:
            report["parked"] = [
                {"consumer": one.consumer, "stream": one.stream, "events": one.events}
                for one in self.runtime.parked[:SHOWN]
            ]
        if self.runtime.alarms:
            # Anybody may ask: why they wait stands in the program's log.
            report["alarms"] = sorted(self.runtime.alarms)
        return JSONResponse(report, 503 if report["status"] == "DOWN" else 200)

    def _places(self) -> list[tuple[str, int]]:
        return sorted((name, max(place, 0)) for name, place in self.runtime.lag().items())

    def _consumer(self, name: str, place: int, behind: int) -> dict[str, Any]:
        return {"name": name, "position": place, "behind": behind, "stopped": name in self.runtime.failures}

    def _status(self, head: Head | None) -> str:
        if head is None or self.runtime.failures:
            return "DOWN"
        far = any(behind > FAR_BEHIND for behind in self.runtime.behind(head.position).values())
        return "DEGRADED" if far or self.runtime.parked or self.runtime.alarms else "UP"

    async def _head(self) -> Head | None:
        try:
            async with asyncio.timeout(PROBE_SECONDS):
                return await self.runtime.store.head()
        except (StoreUnavailable, TimeoutError, OSError):
            return None

    async def _own(self) -> Mapping[str, float]:
        """The role's own figures; none while it cannot tell them."""
        try:
            async with asyncio.timeout(PROBE_SECONDS):
                return await self.own()
        except (StoreUnavailable, TimeoutError, OSError):
            return {}

    async def figures(self) -> Response:
        """Prometheus' text form."""
        head = await self._head()
        if head is not None:
            behind = self.runtime.behind(head.position)
            self.metrics.state(head.position, dict(self._places()), behind, len(self.runtime.failures))
        self.metrics.standing(Counter(one.consumer for one in self.runtime.parked), len(self.runtime.alarms))
        ground = {"wijkspoor_store_up": head is not None, "wijkspoor_books_differ": "watch" in self.runtime.failures}
        self.metrics.own({**await self._own(), **ground})
        return Response(self.metrics.text(), media_type=CONTENT_TYPE)


@dataclass(frozen=True)
class House:
    """The log, its checkpoints and the story's clock."""

    runtime: Runtime
    gate: Gate

    async def events(self, request: Request) -> Response:
        """The recorded log from a position on, as lines of the export; for auditors."""
        self.gate.admit(request, VIEWS["events"])
        after, limit = _page(request)
        page = await self.runtime.store.read_all(after, limit=limit)
        head = await self.runtime.store.head()
        answer = {
            "self": f"/v1/events?after={after}&limit={limit}",
            "position": head.position,
            "knownAt": head.recorded_at and instant(head.recorded_at),
            "items": [_line(one) for one in page],
        }
        if len(page) == limit:
            answer["next"] = f"/v1/events?after={page[-1].position}&limit={limit}"
        return Response(msgspec.json.encode(answer), media_type="application/json")

    async def move_clock(self, request: Request) -> Response:
        """Move the story's clock forward; every deadline on the way fires first."""
        self.gate.admit(request, VIEWS["clock"])
        raw = await read_body(request)
        try:
            form = ClockForm.model_validate_json(raw)
        except ValidationError as error:
            raise Problem(BAD_REQUEST, issues=list(issues_of(error, raw))) from error
        if issues := list(twice(document_of(raw))):
            raise Problem(BAD_REQUEST, issues=issues)
        now = self.runtime.clock.now()
        if form.now < now:
            raise Problem(CLOCK_BACK, values={"now": now}, extra={"now": now})
        await self.runtime.advance_clock(form.now)
        return JSONResponse({"now": self.runtime.clock.now()})


def _line(recorded: Recorded) -> Line:
    return Line(
        position=recorded.position,
        recorded_at=instant(recorded.recorded_at),
        envelope=recorded.body,
        signatures=[LineSignature(key_id=recorded.key_id, sig=recorded.signature)],
    )


def _page(request: Request) -> tuple[int, int]:
    issues = [
        Issue("query", name, "extra_forbidden") for name in request.query_params if name not in ("after", "limit")
    ]
    after = _number(request, "after", (0, SAFE_INTEGER), 0, issues)
    limit = _number(request, "limit", (1, MOST), PAGE, issues)
    if issues:
        raise Problem(BAD_REQUEST, issues=issues)
    return after, limit


def _number(request: Request, name: str, bounds: tuple[int, int], default: int, issues: list[Issue]) -> int:
    given = request.query_params.getlist(name)
    text = given[0] if len(given) == 1 else ""
    if given and not (text.isascii() and text.isdigit() and len(text) < 17 and bounds[0] <= int(text) <= bounds[1]):
        issues.append(Issue("query", name, "not_in_range", {"low": bounds[0], "high": bounds[1]}))
        return default
    return int(text) if given else default


def vital_routes(vitals: Vitals) -> APIRouter:
    """The routes that probes and Prometheus ask."""
    router = APIRouter(tags=["house"])
    router.add_api_route("/livez", vitals.livez, summary="Alive", response_model=None)
    router.add_api_route("/readyz", vitals.readyz, summary="Ready", response_model=None, responses=_DOWN)
    router.add_api_route("/health", vitals.health, summary="Health", response_model=None, responses=_DOWN)
    router.add_api_route("/metrics", vitals.figures, summary="Metrics", response_class=PlainTextResponse)
    return router


def house_routes(house: House) -> APIRouter:
    """The routes: checkpoints only where this process signs them, the story's clock only where it moves it."""
    router = APIRouter(tags=["house"])
    router.add_api_route(
        "/v1/events",
        house.events,
        summary="The recorded log",
        response_model=None,
        responses=problems(400, 401, 403, 500, 503),
        openapi_extra=_asks("events", _query("after", 0, SAFE_INTEGER, 0), _query("limit", 1, MOST, PAGE)),
    )
    if (latest := house.runtime.checkpoint) is not None:
        router.add_api_route(
            "/v1/checkpoints/latest",
            _checkpoint(house, latest),
            summary="The latest checkpoint",
            response_class=PlainTextResponse,
            responses=problems(401, 403, 500, 503),
            openapi_extra=_asks("checkpoint"),
        )
    if house.runtime.clock.moves:
        body = {"required": True, "content": {"application/json": {"schema": ClockForm.model_json_schema()}}}
        router.add_api_route(
            "/v1/demo/clock",
            house.move_clock,
            methods=["PUT"],
            summary="Move the story's clock",
            response_model=None,
            responses=problems(400, 401, 403, 408, 409, 413, 415, 500, 503),
            openapi_extra={**_asks("clock"), "requestBody": body},
        )
    return router


def _checkpoint(
    house: House, latest: Callable[[], Awaitable[str]]
) -> Callable[[Request], Coroutine[Any, Any, Response]]:
    async def checkpoint(request: Request) -> Response:
        """A signed note over origin, size and root."""
        house.gate.admit(request, VIEWS["checkpoint"])
        return PlainTextResponse(await latest())

    return checkpoint


_DOWN: dict[int | str, dict[str, Any]] = {503: {"description": "DOWN"}}


def _asks(view: str, *parameters: dict[str, Any]) -> dict[str, Any]:
    return {"security": [{"bearer": []}], "x-roles": sorted(VIEWS[view]), "parameters": list(parameters)}


def _query(name: str, low: int, high: int, default: int) -> dict[str, Any]:
    schema = {"type": "integer", "minimum": low, "maximum": high, "default": default}
    return {"name": name, "in": "query", "required": False, "schema": schema}
