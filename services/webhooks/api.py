"""Subscriptions over HTTP: made, seen, paused, resumed, given a new secret; what was tried, and once more.

A subscriber sees and commands those of its own organisation, an admin all; to anybody else they do not exist.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any, Literal, TypeVar

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from httpx2 import URL, InvalidURL
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from events.canonical import SAFE_INTEGER
from events.envelope import Actor
from events.public.feed import PublicLog
from events.times import instant
from events.vault import Vault
from events.webhooks import Logged, Progress, Subscription, Subscriptions
from services.problems import BAD_REQUEST, KEY_REUSED, NOT_FOUND, Issue, Problem
from services.web.access import VIEWS
from services.web.openapi import problems
from services.web.ports import Reader, RouterFactory
from services.web.reading import document_of, issues_of, read_body, twice
from services.webhooks.schedule import paused, resumed
from services.webhooks.signing import first_key, living, rotated, shown

VIEW = "subscriptions"
PATH = "/v1/public/subscriptions"
PAGE, MOST = 50, 200
ATTEMPTS = 5
"""How often a command is made again when another one came in between."""

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def _receiver(text: str) -> str:
    """The address in its plain form; a mistake for pydantic to report if it cannot be one of a receiver."""
    try:
        url = URL(text)
    except InvalidURL:
        url = URL("")
    good = url.scheme in ("https", "http") and url.host and not url.userinfo and not url.fragment
    good = good and 0 < (url.port or 443) < 65536
    if not good or text != text.strip() or not str(url).isascii():
        raise PydanticCustomError("not_a_receiver", "an https address without user and fragment belongs here")
    return str(url)


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, alias_generator=to_camel)


class SubscribeForm(_Form):
    """A new receiver. `types` empty or left out: all. `after`: the last sequence that is known already; left out: only
    what comes from now on."""

    url: Annotated[str, AfterValidator(_receiver), Field(max_length=2000)]
    types: list[Annotated[str, Field(min_length=1, max_length=200)]] = Field(default=[], max_length=100)
    after: Annotated[int, Field(ge=0, le=SAFE_INTEGER)] | None = None


class RedeliverForm(_Form):
    """An event that is to be sent once more."""

    sequence: Annotated[int, Field(ge=1, le=SAFE_INTEGER)]


FormT = TypeVar("FormT", bound=_Form)


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
        ident = _key(request)
        form = await self._read(request, SubscribeForm)
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
        if not await self.rows.add(row):
            return self._replayed(row, await self.rows.find(ident))
        return self._told(row, 201, secret=await self._secret(row), headers={"Location": f"{PATH}/{ident}"})

    async def page(self, request: Request) -> Response:
        """Subscriptions, page by page."""
        actor = self.door(request)
        after, limit = _query(request, "after", _ident), _query(request, "limit", _limit) or PAGE
        rows = await self.rows.page(_scope(actor), after or "", limit)
        answer: dict[str, Any] = {"self": f"{PATH}?limit={limit}", "items": [_document(row) for row in rows]}
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
        before = await self._own(ident, request)
        row = await self._change(ident, request, lambda row: rotated(row, self.now()))
        for key in {*before.keys} - {*row.keys}:
            if not living(key, self.now()):
                await self.vault.destroy(key.ident)
        return self._told(row, secret=await self._secret(row))

    async def deliveries(self, ident: str, request: Request) -> Response:
        """What was tried, the newest first."""
        row = await self._own(ident, request)
        before, limit = _query(request, "before", _number), _query(request, "limit", _limit) or PAGE
        found = await self.rows.attempts(row.ident, before, limit)
        here = f"{PATH}/{row.ident}/deliveries"
        answer: dict[str, Any] = {"self": f"{here}?limit={limit}", "items": [_line(one) for one in found]}
        if len(found) == limit:
            answer["next"] = f"{here}?before={found[-1].entry}&limit={limit}"
        return JSONResponse(answer)

    async def redeliver(self, ident: str, request: Request) -> Response:
        """Send one event once more; what comes of it stands in the deliveries."""
        row = await self._own(ident, request)
        form = await self._read(request, RedeliverForm)
        last = await self.public.last()
        if form.sequence > last:
            bounds = {"low": 1, "high": last}
            raise Problem(BAD_REQUEST, issues=[Issue("body", "/sequence", "not_in_range", bounds)])
        await self.rows.ask_again(row.ident, form.sequence)
        return self._told(await self._own(ident, request), 202)

    async def _own(self, ident: str, request: Request) -> Subscription:
        actor = self.door(request)
        row = await self.rows.find(ident) if _UUID.fullmatch(ident) else None
        if row is None or _scope(actor) not in (None, row.organisation):
            raise Problem(NOT_FOUND, values={"resource": request.url.path})
        return row

    async def _change(
        self, ident: str, request: Request, change: Callable[[Subscription], Subscription]
    ) -> Subscription:
        for _ in range(ATTEMPTS):
            if await self.rows.change(change(await self._own(ident, request))):
                break
        return await self._own(ident, request)

    async def _secret(self, row: Subscription) -> str:
        newest = row.keys[0].ident
        return shown((await self.vault.keys([newest], create=True))[newest])

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
        answer = _document(row) | {"keysInUse": sum(living(key, now) for key in row.keys)}
        if secret is not None:
            answer["secret"] = secret
        kept = {"Cache-Control": "no-store"} if secret is not None else {}
        return JSONResponse(answer, status, {**kept, **(headers or {})})


def _with(row: Subscription, progress: Progress) -> Subscription:
    return replace(row, progress=progress)


def _scope(actor: Actor) -> str | None:
    """The organisation whose subscriptions somebody sees; None for all."""
    return None if actor.role == "admin" else actor.organisation


def _document(row: Subscription) -> dict[str, Any]:
    now = row.progress
    return {
        "id": row.ident,
        "organisation": row.organisation,
        "url": row.url,
        "types": list(row.types),
        "status": now.status,
        "reason": now.reason,
        "deliveredUpTo": now.place,
        "failures": now.failures,
        "failingSince": now.failing_since and instant(now.failing_since),
        "nextAttempt": now.due and instant(now.due),
        "ratePerMinute": now.rate,
        "redeliver": list(row.again),
        "createdAt": instant(row.created_at),
    }


def _line(logged: Logged) -> dict[str, Any]:
    one = logged.attempt
    return {
        "entry": logged.entry,
        "sort": one.sort,
        "sequence": one.sequence or None,
        "webhookId": one.event_id,
        "attempt": one.number,
        "at": instant(one.at),
        "milliseconds": one.millis,
        "status": one.status,
        "error": one.error,
        "response": one.excerpt,
        "accepted": one.accepted,
    }


def _key(request: Request) -> str:
    text = request.headers.get("idempotency-key")
    key = (text or "").strip().strip('"').lower()
    if not _UUID.fullmatch(key):
        raise Problem(
            BAD_REQUEST, issues=[Issue("header", "Idempotency-Key", "key_not_uuid" if text else "key_missing")]
        )
    return key


T = TypeVar("T")


def _query(request: Request, name: str, read: Callable[[str], T]) -> T | None:
    """A parameter of the address, None where it is left out; a 400 problem for one that cannot be read."""
    given = request.query_params.getlist(name)
    if not given:
        return None
    try:
        return read(",".join(given))
    except ValueError as error:
        raise Problem(BAD_REQUEST, issues=[Issue("query", name, "wrong")]) from error


def _ident(text: str) -> str:
    if not _UUID.fullmatch(text):
        raise ValueError("no id")
    return text


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 17):
        raise ValueError("no number")
    return int(text)


def _limit(text: str) -> int:
    if not 1 <= _number(text) <= MOST:
        raise ValueError("out of range")
    return int(text)


def subscription_routes(
    rows: Subscriptions, public: PublicLog, vault: Vault, now: Callable[[], datetime], *, plain: bool
) -> RouterFactory:
    """The routes, for `Runtime.routers`; `plain` as in Desk."""

    def routes(reader: Reader) -> APIRouter:
        desk = Desk(reader(VIEW), rows, public, vault, now, plain)
        router = APIRouter(tags=["subscriptions"])
        one = PATH + "/{ident}"
        _add(router, "POST", PATH, desk.create, "Subscribe", SubscribeForm, parameters=[_KEY], status=201)
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
        _add(router, "POST", one + "/redeliver", desk.redeliver, "Send once more", RedeliverForm, status=202)
        return router

    return routes


_UUID_SCHEMA = {"type": "string", "format": "uuid", "pattern": f"^{_UUID.pattern}$"}
_KEY = {"name": "Idempotency-Key", "in": "header", "required": True, "schema": _UUID_SCHEMA}
_LIMIT = {
    "name": "limit",
    "in": "query",
    "schema": {"type": "integer", "minimum": 1, "maximum": MOST, "default": PAGE},
}


def _after(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": schema}


def _add(
    router: APIRouter,
    method: Literal["GET", "POST"],
    path: str,
    handler: Callable[..., Any],
    summary: str,
    form: type[_Form] | None = None,
    *,
    parameters: list[dict[str, Any]] | None = None,
    status: int = 200,
) -> None:
    statuses = [400, 401, 403, 500, 503]
    statuses += [404] if "{ident}" in path else []
    statuses += [408, 413, 415] if form else []
    statuses += [422] if status == 201 else []
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
