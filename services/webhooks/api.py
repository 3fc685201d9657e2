"""Subscriptions over HTTP: made, seen, paused, resumed, given a new secret; what was tried, and once more.

A subscriber sees and commands those of its own organisation, an admin all; to anybody else they do not exist.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal, TypeVar

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from pydantic import ValidationError

from events.canonical import SAFE_INTEGER
from events.envelope import Actor
from events.public.feed import PublicLog
from events.vault import Vault
from events.webhooks import Progress, Subscription, Subscriptions
from services.problems import BAD_REQUEST, BUSY, HOUSE, KEY_REUSED, NOT_FOUND, Issue, Kind, Problem
from services.web.access import VIEWS
from services.web.openapi import problems
from services.web.ports import Reader, RouterFactory
from services.web.reading import document_of, issues_of, read_body, twice
from services.webhooks import wire
from services.webhooks.schedule import paused, resumed
from services.webhooks.signing import first_key, living, make_secret, rotated

VIEW = "subscriptions"
PATH = "/v1/public/subscriptions"
PAGE = 50
ATTEMPTS = 5
"""How often a command is made again when another one came in between."""

OWN_MOST = 50
"""How many subscriptions an organisation may have; each costs a task and a connection."""

TOO_MANY_SUBSCRIPTIONS = Kind(
    HOUSE + "tooManySubscriptions",
    409,
    ("Te veel abonnementen", "Too many subscriptions"),
    (
        "Uw organisatie heeft er al {most}; gebruik er een dat er is.",
        "Your organisation has {most} already; use one that is there.",
    ),
)


FormT = TypeVar("FormT", bound=wire.Form)


@dataclass(frozen=True)
class Desk:
    """The handlers, over what they share. `plain`: addresses without TLS may be named too."""

    door: Callable[[Request], Actor]
    rows: Subscriptions
    public: PublicLog
    vault: Vault
    now: Callable[[], datetime]
    plain: bool

    async def create(self, request: Request) -> Response:
        """Make a subscription; its secret is told now and never again."""
        actor = self.door(request)
        ident = wire.key(request)
        form = await self._read(request, wire.SubscribeForm)
        if form.url.startswith("http:") and not self.plain:
            raise Problem(BAD_REQUEST, issues=[Issue("body", "/url", "not_a_receiver")])
        row = Subscription(
            ident=ident,
            organisation=actor.organisation,
            person=actor.person,
            url=form.url,
            types=tuple(sorted(set(form.types))),
            created_at=self.now(),
            keys=(first_key(ident),),
            progress=Progress(place=await self.public.last() if form.after is None else form.after),
        )
        if stands := await self.rows.find(ident):
            return self._replayed(row, stands)
        if len(await self.rows.page(actor.organisation, "", OWN_MOST)) == OWN_MOST:
            raise Problem(TOO_MANY_SUBSCRIPTIONS, values={"most": OWN_MOST})
        # The secret first: who delivers may only read secrets, and finds one for every row.
        secret = await make_secret(self.vault, row.keys[0])
        if not await self.rows.add(row):
            return self._replayed(row, await self.rows.find(ident))
        return self._told(row, 201, secret=secret, headers={"Location": f"{PATH}/{ident}"})

    async def page(self, request: Request) -> Response:
        """Subscriptions, page by page."""
        actor = self.door(request)
        after, limit = wire.query(request, "after", wire.ident), wire.query(request, "limit", wire.limit) or PAGE
        rows = await self.rows.page(_scope(actor), after or "", limit)
        answer: dict[str, Any] = {"self": f"{PATH}?limit={limit}", "items": [wire.document(row) for row in rows]}
        if len(rows) == limit:
            answer["next"] = f"{PATH}?after={rows[-1].ident}&limit={limit}"
        return JSONResponse(answer)

    async def show(self, ident: str, request: Request) -> Response:
        """One subscription."""
        return self._told(await self._own(ident, request))

    async def pause(self, ident: str, request: Request) -> Response:
        """Send nothing more until it is resumed; nothing is lost meanwhile."""
        return self._told(await self._change(ident, request, lambda row: _with(row, paused(row.progress, "command"))))

    async def resume(self, ident: str, request: Request) -> Response:
        """Ask the receiver again for its consent, and go on where it was."""
        return self._told(await self._change(ident, request, lambda row: _with(row, resumed(row.progress))), 202)

    async def rotate(self, ident: str, request: Request) -> Response:
        """A new secret, told now and never again; the one before signs beside it for a day."""
        for _ in range(ATTEMPTS):
            before = await self._own(ident, request)
            after = rotated(before, self.now())
            secret = await make_secret(self.vault, after.keys[0])
            if await self.rows.change(after):
                break
        else:
            raise Problem(BUSY)
        for key in before.keys:
            if not living(key, self.now()):
                await self.vault.destroy(key.ident)
        return self._told(await self._own(ident, request), secret=secret)

    async def deliveries(self, ident: str, request: Request) -> Response:
        """What was tried, the newest first."""
        row = await self._own(ident, request)
        before, limit = wire.query(request, "before", wire.number), wire.query(request, "limit", wire.limit) or PAGE
        found = await self.rows.attempts(row.ident, before, limit)
        here = f"{PATH}/{row.ident}/deliveries"
        answer: dict[str, Any] = {"self": f"{here}?limit={limit}", "items": [wire.line(one) for one in found]}
        if len(found) == limit:
            answer["next"] = f"{here}?before={found[-1].entry}&limit={limit}"
        return JSONResponse(answer)

    async def redeliver(self, ident: str, request: Request) -> Response:
        """Send one event once more; what comes of it stands in the deliveries."""
        row = await self._own(ident, request)
        form = await self._read(request, wire.RedeliverForm)
        last = await self.public.last()
        if form.sequence > last:
            bounds = {"low": 1, "high": last}
            raise Problem(BAD_REQUEST, issues=[Issue("body", "/sequence", "not_in_range", bounds)])
        await self.rows.ask_again(row.ident, form.sequence)
        return self._told(await self._own(ident, request), 202)

    async def _own(self, ident: str, request: Request) -> Subscription:
        actor = self.door(request)
        row = await self.rows.find(ident) if wire.UUID.fullmatch(ident) else None
        if row is None or _scope(actor) not in (None, row.organisation):
            raise Problem(NOT_FOUND, values={"resource": request.url.path})
        return row

    async def _change(
        self, ident: str, request: Request, change: Callable[[Subscription], Subscription]
    ) -> Subscription:
        for _ in range(ATTEMPTS):
            if await self.rows.change(change(await self._own(ident, request))):
                return await self._own(ident, request)
        raise Problem(BUSY)

    async def _read(self, request: Request, form: type[FormT]) -> FormT:
        raw = await read_body(request)
        try:
            read = form.model_validate_json(raw, by_alias=True, by_name=False)
        except ValidationError as error:
            raise Problem(BAD_REQUEST, issues=list(issues_of(error, raw))) from error
        if issues := list(twice(document_of(raw))):
            raise Problem(BAD_REQUEST, issues=issues)
        return read

    def _replayed(self, asked: Subscription, stands: Subscription | None) -> Response:
        same = stands is not None and (stands.organisation, stands.person, stands.url, stands.types) == (
            asked.organisation,
            asked.person,
            asked.url,
            asked.types,
        )
        if stands is None or not same:
            raise Problem(KEY_REUSED)
        return self._told(stands, 201, headers={"Idempotent-Replayed": "true"})

    def _told(
        self,
        row: Subscription,
        status: int = 200,
        *,
        secret: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        now = self.now()
        answer = wire.document(row) | {"keysInUse": sum(living(key, now) for key in row.keys)}
        if secret is not None:
            answer["secret"] = secret
        kept = {"Cache-Control": "no-store"} if secret is not None else {}
        return JSONResponse(answer, status, {**kept, **(headers or {})})


def _with(row: Subscription, progress: Progress) -> Subscription:
    return replace(row, progress=progress)


def _scope(actor: Actor) -> str | None:
    """The organisation whose subscriptions somebody sees; None for all."""
    return None if actor.role == "admin" else actor.organisation


def subscription_routes(
    rows: Subscriptions, public: PublicLog, vault: Vault, now: Callable[[], datetime], *, plain: bool
) -> RouterFactory:
    """The routes, for `Runtime.routers`; `plain` as in Desk."""

    def routes(reader: Reader) -> APIRouter:
        desk = Desk(reader(VIEW), rows, public, vault, now, plain)
        router = APIRouter(tags=["subscriptions"])
        one = PATH + "/{ident}"
        _add(router, "POST", PATH, desk.create, "Subscribe", wire.SubscribeForm, parameters=[_KEY], status=201)
        _add(router, "GET", PATH, desk.page, "Subscriptions", parameters=[_after("after", _UUID_SCHEMA), _LIMIT])
        _add(router, "GET", one, desk.show, "One subscription")
        _add(router, "POST", one + "/pause", desk.pause, "Pause")
        _add(router, "POST", one + "/resume", desk.resume, "Resume", status=202)
        _add(router, "POST", one + "/rotate-secret", desk.rotate, "A new secret")
        _add(
            router,
            "GET",
            one + "/deliveries",
            desk.deliveries,
            "What was tried",
            parameters=[_after("before", {"type": "integer", "minimum": 0, "maximum": SAFE_INTEGER}), _LIMIT],
        )
        _add(router, "POST", one + "/redeliver", desk.redeliver, "Send once more", wire.RedeliverForm, status=202)
        return router

    return routes


_UUID_SCHEMA = {"type": "string", "format": "uuid", "pattern": f"^{wire.UUID.pattern}$"}
_KEY = {"name": "Idempotency-Key", "in": "header", "required": True, "schema": _UUID_SCHEMA}
_LIMIT = {
    "name": "limit",
    "in": "query",
    "schema": {"type": "integer", "minimum": 1, "maximum": wire.MOST, "default": PAGE},
}


def _after(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": schema}


def _add(
    router: APIRouter,
    method: Literal["GET", "POST"],
    path: str,
    handler: Callable[..., Any],
    summary: str,
    form: type[wire.Form] | None = None,
    *,
    parameters: list[dict[str, Any]] | None = None,
    status: int = 200,
) -> None:
    statuses = [400, 401, 403, 500, 503]
    statuses += [404] if "{ident}" in path else []
    statuses += [408, 413, 415] if form else []
    statuses += [409, 422] if status == 201 else []
    extra: dict[str, Any] = {
        "security": [{"bearer": []}],
        "x-roles": sorted(VIEWS[VIEW]),
        "parameters": parameters or [],
    }
    if form:
        schema = form.model_json_schema(by_alias=True)
        extra["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    router.add_api_route(
        path,
        handler,
        methods=[method],
        summary=summary,
        status_code=status,
        response_model=None,
        responses=problems(*sorted(statuses)),
        openapi_extra=extra,
    )
