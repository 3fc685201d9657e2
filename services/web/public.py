"""Public events without Kafka: a feed of batches (http-feeds) and a stream of server-sent events, from any place on.

Both read the one public log and pass on its bytes. Who comes back names the last event it handled, and goes on after
it: nothing is missed, nothing comes twice.
"""

import asyncio
import re
from collections.abc import AsyncGenerator, Sequence
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Header, Path, Query, Request
from fastapi.responses import Response

from events.public.asyncapi import FEED
from events.public.cloudevent import BATCH_MEDIA, EVENT_MEDIA
from events.public.feed import PublicLog, Published
from events.store import StoreUnavailable
from services.problems import HOUSE, NOT_FOUND, Kind, Problem
from services.web.access import VIEWS
from services.web.openapi import JSON, problems
from services.web.ports import Reader, RouterFactory
from services.web.streams import EVENT_STREAM, EventStream, Streams

VIEW = "public"
PAGE, MOST = 100, 1_000
LONGEST_POLL_MS = 60_000
HEARTBEAT_SECONDS = 15.0
STREAM_SECONDS = 1_800.0
"""A stream ends after half an hour: the reader comes back by itself, and shows a token that still holds."""

RECONNECT_MS = 2_000
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

UNKNOWN_EVENT = Kind(
    HOUSE + "unknownPublicEvent",
    404,
    ("Onbekende gebeurtenis", "Unknown event"),
    (
        "Dit log heeft geen publieke gebeurtenis met die id. Lees opnieuw vanaf het begin, zonder lastEventId, en laat"
        " weg wat u al kent (source en id).",
        "This log has no public event with that id. Read again from the beginning, without lastEventId, and drop what"
        " you know by source and id.",
    ),
)


class _Data(msgspec.Struct):
    """The one member of a CloudEvent that is looked at here."""

    data: msgspec.Raw


_data = msgspec.json.Decoder(_Data)


def _says(media: dict[str, Any], *statuses: int) -> dict[str, Any]:
    """What the document says about a route: arguments of the router's decorator."""
    answers = {200: {"description": "As published", "content": {name: {"schema": one} for name, one in media.items()}}}
    return {
        "responses": answers | problems(*statuses),
        "openapi_extra": {"security": [{"bearer": []}], "x-roles": sorted(VIEWS[VIEW])},
    }


_EVENT = {"$ref": "#/components/schemas/PublicEvent"}
_FEED = _says(
    {BATCH_MEDIA: {"type": "array", "items": _EVENT}, EVENT_STREAM: {"type": "string"}},
    400,
    401,
    403,
    404,
    429,
    500,
    503,
)
_ONE = _says({EVENT_MEDIA: _EVENT}, 400, 401, 403, 404, 500, 503)
_DATA = _says({JSON: {"type": "object"}}, 400, 401, 403, 404, 500, 503)


def public_routes(
    log: PublicLog, heartbeat: float = HEARTBEAT_SECONDS, longest: float = STREAM_SECONDS
) -> RouterFactory:
    """The routes over a public log; `heartbeat` and `longest` in seconds."""

    def router(reader: Reader) -> APIRouter:
        guard = [Depends(reader(VIEW))]
        made = APIRouter(tags=["public"], dependencies=guard)

        @made.get(FEED, summary="Public events, as a batch or as a stream", response_class=Response, **_FEED)
        async def feed(
            request: Request,
            last_event_id: Annotated[str | None, Query(alias="lastEventId", max_length=100)] = None,
            limit: Annotated[int, Query(ge=1, le=MOST)] = PAGE,
            timeout: Annotated[int, Query(ge=0, le=LONGEST_POLL_MS, description="Milliseconds to wait.")] = 0,
            resume: Annotated[str | None, Header(alias="Last-Event-ID", max_length=100)] = None,
        ) -> Response:
            """Events after `lastEventId`, or from the first one, oldest first.

            An empty batch is the end for now; with `timeout` the answer waits for something new. With
            `Accept: text/event-stream` the events come as they happen, after `Last-Event-ID` where it is named.
            """
            streams: Streams = request.app.state.streams
            if EVENT_STREAM in request.headers.get("accept", ""):
                after = await _place(log, resume or last_event_id)
                return EventStream(_told(log, streams, after, heartbeat, longest), streams)
            after = await _place(log, last_event_id)
            page = await log.read(after, limit)
            if not page and timeout:
                with streams.enter():
                    await streams.wait(log.wait_for(after + 1, timeout / 1_000))
                page = await log.read(after, limit)
            return _batch(page, limit)

        @made.get(FEED + "/{event}", summary="One public event", response_class=Response, **_ONE)
        async def one(event: Annotated[str, Path(max_length=100)]) -> Response:
            """The event with this id, as it was published."""
            return Response((await _find(log, event)).body, media_type=EVENT_MEDIA)

        @made.get(FEED + "/{event}/data", summary="The data of one public event", response_class=Response, **_DATA)
        async def data(event: Annotated[str, Path(max_length=100)]) -> Response:
            """What `dataref` points at: the `data` of the event, alone."""
            return Response(bytes(_data.decode((await _find(log, event)).body).data), media_type=JSON)

        return made

    return router


async def _place(log: PublicLog, event: str | None) -> int:
    """The sequence of the event that the reader handled last; 0 for one who begins; a 404 problem otherwise."""
    if not event:
        return 0
    found = await log.find(event) if _UUID.fullmatch(event) else None
    if found is None:
        raise Problem(UNKNOWN_EVENT, extra={"restart": FEED})
    return found


async def _find(log: PublicLog, event: str) -> Published:
    place = await log.find(event) if _UUID.fullmatch(event) else None
    if place is None:
        raise Problem(NOT_FOUND, values={"resource": f"{FEED}/…"})
    (found,) = await log.read(place - 1, 1)
    return found


def _batch(page: Sequence[Published], limit: int) -> Response:
    body = b"[" + b",".join(one.body for one in page) + b"]"
    following = {"Link": f'<{FEED}?lastEventId={page[-1].id}&limit={limit}>; rel="next"'} if page else {}
    return Response(body, headers=following, media_type=BATCH_MEDIA)


async def _told(
    log: PublicLog, streams: Streams, after: int, heartbeat: float, longest: float
) -> AsyncGenerator[bytes, None]:
    """The stream's chunks: a page at a time, and a comment as a sign of life where nothing happens."""
    yield b"retry: %d\n\n" % RECONNECT_MS
    clock = asyncio.get_running_loop().time
    end = clock() + longest
    while not streams.closing and clock() < end:
        try:
            page = await log.read(after, PAGE)
            if not page and not await streams.wait(log.wait_for(after + 1, heartbeat)):
                yield b": still here\n\n"
        except StoreUnavailable:
            # The answer has begun, so no problem can be told: the reader comes back, and hears it then.
            return
        if page:
            after = page[-1].sequence
            yield b"".join(b"id: %s\ndata: %s\n\n" % (one.id.encode(), one.body) for one in page)
