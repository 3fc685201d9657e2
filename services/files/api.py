"""Attachments over HTTP: uploaded by the applicant, given back to who may see the case; and the applicant's draft."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from pydantic import ValidationError

from events import codec
from events.catalog import stream_name
from events.codec import Event
from events.envelope import Actor
from events.files import Files, digest_of
from events.intake import AttachmentStored
from events.store import Recorded
from events.vault import Vault
from services.answers import Issued
from services.clock import Clock
from services.files.dossier import draft_of, holder_of, stored_in, subjects_in
from services.files.examine import examine
from services.intake.commands import StoreAttachment
from services.intake.worker import INTAKE
from services.problems import BAD_REQUEST, MEDIA_TYPE, NOT_FOUND, SLOW_BODY, Issue, Problem
from services.web.access import VIEWS
from services.web.openapi import problems
from services.web.ports import Handles, Reader, RouterFactory
from services.web.reading import idempotency_key
from services.web.replies import reply
from services.web.room import Room

PATH = "/v1/intake/applications/{id}"
UPLOAD_SECONDS = 300.0
MOST_UPLOADS = 4
"""Files are held in memory while they are looked at."""

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class ReadsStream(Protocol):
    """The one read of the log that files need."""

    async def read_stream(self, stream: str, after_version: int = 0) -> Sequence[Recorded]:
        """The stream's events in version order."""


@dataclass(frozen=True)
class Counter:
    """The handlers, over what they share."""

    files: Files
    handler: Handles
    log: ReadsStream
    vault: Vault
    clock: Clock
    organisation: str
    room: Room
    door: Callable[[str], Callable[[Request], Actor]]

    async def upload(self, request: Request, id: str, kind: str) -> Response:  # noqa: A002 -- the path's own word
        """Examine a file, keep it if nothing is wrong with it, and have intake say what became of it."""
        actor = self.door("upload")(request)
        command_id = _key(request)
        with self.room.enter():
            holder = holder_of(await self._case(id))
            body = await _read(request)
            found = await asyncio.to_thread(examine, body)
            command = _command(request, actor, kind, body, found)
            # The content first: when the fact is there, the file is. Nothing is kept for who has no business here.
            if found.flaw is None and holder == actor.organisation:
                await self.files.put(body)
            await self.clock.refresh()
            issued = Issued(
                service=INTAKE.name,
                kind="application",
                id=id,
                command=command,
                actor=Actor(role="service", organisation=self.organisation, person="service:intake"),
                on_behalf_of=actor,
                at=self.clock.now(),
                command_id=command_id,
            )
            answer = await self.handler.handle(issued)
        return reply(INTAKE, answer)

    async def download(self, request: Request, id: str, digest: str) -> Response:  # noqa: A002 -- as above
        """A file of the case, as it was handed in."""
        events = await self._seen_by(self.door("attachment")(request), id)
        stored = stored_in(events).get(digest)
        body = await self.files.get(digest) if stored else None
        if stored is None or body is None:
            raise Problem(NOT_FOUND, values={"resource": digest})
        return Response(body, media_type=stored.media_type, headers=_headers(stored))

    async def listing(self, request: Request, id: str) -> Response:  # noqa: A002 -- as above
        """The files of the case."""
        events = await self._seen_by(self.door("attachment")(request), id)
        return JSONResponse({"items": [_line(one) for one in stored_in(events).values()]})

    async def draft(self, request: Request, id: str) -> Response:  # noqa: A002 -- as above
        """What the applicant saved of the form, its personal answers opened for it alone."""
        events = await self._seen_by(self.door("draft")(request), id)
        keys = await self.vault.keys(subjects_in(events), create=False)
        return JSONResponse(draft_of(events, keys), headers={"Cache-Control": "no-store"})

    async def _seen_by(self, actor: Actor, ident: str) -> list[Event]:
        events = await self._case(ident)
        # A case of somebody else does not exist for an applicant.
        if actor.role == "applicant" and holder_of(events) != actor.organisation:
            raise Problem(NOT_FOUND, values={"resource": stream_name("application", ident)})
        return events

    async def _case(self, ident: str) -> list[Event]:
        if not _UUID.fullmatch(ident):
            raise Problem(BAD_REQUEST, issues=[Issue("path", "id", "not_a_uuid")])
        events = [codec.read(one) for one in await self.log.read_stream(stream_name("application", ident))]
        if not events:
            raise Problem(NOT_FOUND, values={"resource": stream_name("application", ident)})
        return events


def _key(request: Request) -> str:
    issues: list[Issue] = []
    key = idempotency_key(request.headers.get("idempotency-key"), issues)
    if issues:
        raise Problem(BAD_REQUEST, issues=issues)
    return key


async def _read(request: Request) -> bytes:
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise Problem(MEDIA_TYPE, detail=("Stuur het bestand niet gecomprimeerd.", "Do not compress the file."))
    try:
        async with asyncio.timeout(UPLOAD_SECONDS):
            return await request.body()
    except TimeoutError as error:
        raise Problem(SLOW_BODY, headers={"Connection": "close"}) from error


def _command(request: Request, actor: Actor, kind: str, body: bytes, found: Any) -> StoreAttachment:
    declared = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        return StoreAttachment(
            organisation=actor.organisation,
            kind=kind,
            name=request.query_params.get("name", ""),
            sha256=digest_of(body),
            size_bytes=len(body),
            declared=declared[:200] or "application/octet-stream",
            found=found.media_type,
            flaw=found.flaw,
        )
    except ValidationError as error:
        wrong = {str(one["loc"][0]) for one in error.errors(include_url=False)}
        places = [Issue("path", "kind", "wrong")] if "kind" in wrong else []
        places += [Issue("query", "name", "wrong")] if "name" in wrong else []
        raise Problem(BAD_REQUEST, issues=places) from error


def _headers(stored: AttachmentStored) -> dict[str, str]:
    return {
        # Whatever a file holds, a browser saves it and runs nothing of it.
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(stored.name, safe='')}",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "ETag": f'"{stored.sha256}"',
    }


def _line(stored: AttachmentStored) -> dict[str, Any]:
    return {
        "kind": stored.kind,
        "name": stored.name,
        "sha256": stored.sha256,
        "mediaType": stored.media_type,
        "sizeBytes": stored.size_bytes,
    }


def file_routes(
    files: Files, handler: Handles, log: ReadsStream, vault: Vault, clock: Clock, organisation: str
) -> RouterFactory:
    """The routes; `organisation` is the agency, in whose name intake records what became of an upload."""

    def routes(reader: Reader) -> APIRouter:
        doors = {view: reader(view) for view in ("upload", "attachment", "draft")}
        counter = Counter(files, handler, log, vault, clock, organisation, Room(MOST_UPLOADS), doors.__getitem__)
        router = APIRouter(tags=["intake"])
        _add(router, "POST", f"{PATH}/attachments/{{kind}}", counter.upload, "upload", 201)
        _add(router, "GET", f"{PATH}/attachments", counter.listing, "attachment", 200)
        _add(router, "GET", f"{PATH}/attachments/{{digest}}", counter.download, "attachment", 200)
        _add(router, "GET", f"{PATH}/draft", counter.draft, "draft", 200)
        return router

    return routes


def _add(router: APIRouter, method: str, path: str, handler: Callable[..., Any], view: str, status: int) -> None:
    statuses = [400, 401, 403, 404, 500, 503] + ([408, 409, 413, 415, 422, 429] if method == "POST" else [])
    extra: dict[str, Any] = {"security": [{"bearer": []}], "x-roles": sorted(VIEWS[view])}
    if method == "POST":
        extra["requestBody"] = {"required": True, "content": {"application/octet-stream": {}}}
        extra["parameters"] = [
            {"name": "name", "in": "query", "required": True, "schema": {"type": "string", "maxLength": 200}},
            {"name": "Idempotency-Key", "in": "header", "required": True, "schema": {"type": "string"}},
        ]
    router.add_api_route(
        path,
        handler,
        methods=[method],
        status_code=status,
        response_model=None,
        responses=problems(*sorted(statuses)),
        openapi_extra=extra,
    )
