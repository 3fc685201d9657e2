"""What the routes of all views share: the two clocks, waiting for one's own write, pages, and names on the wire.

Who asks comes from the dependency that bootstrap hands in; problems are raised as FastAPI knows them and told by the
house (RFC 9457). Tags for caching are the house's too.
"""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any, TypeAlias
from urllib.parse import urlencode

import msgspec
from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from events.envelope import Actor
from events.store import StoreUnavailable
from events.times import Instant, end_of_day, instant
from projections import query as q
from projections.past import Cut
from projections.reading import Reads
from projections.view import Key, RowT, View

Reader: TypeAlias = Callable[[str], Callable[[Request], Actor]]
"""`reader("budget")` is the FastAPI dependency of a view: it gives the actor, or answers 401 or 403."""

RouterFactory: TypeAlias = Callable[[Reader], APIRouter]

WAIT_SECONDS = 5.0
MOST = 500

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def _moment(text: str) -> Instant:
    try:
        if _DAY.fullmatch(text):
            return end_of_day(text).utc.replace("59.000000Z", "59.999999Z")
        if _INSTANT.fullmatch(text):
            return instant(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        pass  # the calendar or the clock has no such moment
    raise PydanticCustomError("not_an_instant", "an instant with its zone belongs here, or a day")


def _cursor(text: str) -> str:
    try:
        read_cursor(text)
    except (ValueError, TypeError) as error:
        raise PydanticCustomError("wrong", "this cursor comes from no page") from error
    return text


def read_cursor(text: str) -> Key:
    """The place in the order from which the next page goes on; ValueError for what no page gave."""
    place = json.loads(urlsafe_b64decode(text.encode() + b"=="))
    if not isinstance(place, list) or not all(isinstance(one, str | int) for one in place):
        raise ValueError("not a place")
    return tuple(place)


def write_cursor(place: Key) -> str:
    """A place as text that means nothing to its reader."""
    return urlsafe_b64encode(json.dumps(place, separators=(",", ":")).encode()).rstrip(b"=").decode()


Moment = Annotated[str, AfterValidator(_moment)]
Cursor = Annotated[str, AfterValidator(_cursor)]


@dataclass(frozen=True, slots=True)
class Moments:
    """What every view answers: what was true (`asOf`), as known (`knownAt`), not before a position (`after`)."""

    cut: Cut
    after: int | None


def moments(
    as_of: Annotated[Moment | None, Query(alias="asOf", description="What was true then; a day means its end.")] = None,
    known_at: Annotated[Moment | None, Query(alias="knownAt", description="What was on record then.")] = None,
    after: Annotated[int | None, Query(ge=0, le=2**53 - 1, description="Wait until this position shows.")] = None,
) -> Moments:
    """The parameters that every view has."""
    return Moments(Cut(as_of, known_at), after)


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list."""

    cursor: str | None
    limit: int

    def of(self, query: q.Query) -> q.Query:
        """The question, for this page and one row more: that row tells whether there is a next page."""
        return query.page(read_cursor(self.cursor) if self.cursor else None, self.limit + 1)


def page(
    cursor: Annotated[Cursor | None, Query(description="From the `next` of a page.", max_length=500)] = None,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 100,
) -> Page:
    """The parameters of every list."""
    return Page(cursor, limit)


Asked = Annotated[Moments, Depends(moments)]
Paged = Annotated[Page, Depends(page)]


def _uuid(text: str) -> str:
    if not re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", text):
        raise PydanticCustomError("not_a_uuid", "a UUID in lower case belongs here")
    return text


Ident = Annotated[str, AfterValidator(_uuid)]


async def look(
    reads: Reads, view: View[RowT], query: q.Query, asked: Moments, scope: tuple[q.Condition, ...] = ()
) -> q.Found[RowT]:
    """Ask a view. Who may see a row is judged as things are now, also when the question is about the past.

    A position that the log never gave out is a mistake of the asker; StoreUnavailable if one that it gave out does not
    show in time.
    """
    if asked.after is not None:
        await _shown(reads, view, asked.after)
    if not asked.cut:
        return await reads.present(view, query.also(*scope))
    if not scope:
        return await reads.past(view, query, asked.cut)
    allowed = {view.key_of(row) for row in (await reads.present(view, q.Query(scope))).rows}
    found = await reads.past(view, replace(query, limit=None), asked.cut)
    return replace(found, rows=[row for row in found.rows if view.key_of(row) in allowed][: query.limit])


async def _shown(reads: Reads, view: View[Any], position: int) -> None:
    if position > await reads.head():
        mistake = {"type": "beyond_the_log", "loc": ("query", "after"), "msg": "the log has no such position yet"}
        raise RequestValidationError([mistake])
    if not await reads.reached(view, position, WAIT_SECONDS):
        raise StoreUnavailable(f"{view.name} has not reached position {position} yet")


def only(found: q.Found[RowT]) -> RowT:
    """The one row; 404 if there is none, or none that the asker may see."""
    if not found.rows:
        raise HTTPException(404)
    return found.rows[0]


def answer(request: Request, asked: Moments, found: q.Found[Any], **members: Any) -> Response:
    """One document: where it stands, what part of the log it shows, and its members."""
    document = {
        "self": _here(request),
        "position": found.position,
        "knownAt": asked.cut.known_at or found.known_at,
        "asOf": asked.cut.as_of,
        **members,
    }
    return Response(msgspec.json.encode(document), media_type="application/json")


def listing(
    request: Request,
    asked: Moments,
    part: Page,
    found: q.Found[RowT],
    order: tuple[str, ...],
    tell: Callable[[RowT], Any],
) -> Response:
    """One page of a list, and where the next one is."""
    rows, following = found.rows[: part.limit], None
    if len(found.rows) > part.limit:
        place = tuple(getattr(rows[-1], name) for name in order)
        following = _here(request, cursor=write_cursor(place))
    return answer(request, asked, found, items=[tell(row) for row in rows], next=following)


def _here(request: Request, **changes: str) -> str:
    query = {**request.query_params, **changes}
    return request.url.path + (f"?{urlencode(query)}" if query else "")


def camel(name: str) -> str:
    """A field's name on the wire."""
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)


def wire(row: msgspec.Struct, *left_out: str) -> dict[str, Any]:
    """A row's fields under their names on the wire."""
    return {camel(name): _plain(getattr(row, name)) for name in row.__struct_fields__ if name not in left_out}


def _plain(value: Any) -> Any:
    match value:
        case msgspec.Struct():
            return wire(value)
        case list():
            return [_plain(one) for one in value]
        case _:
            return value


def redacted(value: Any) -> Any:
    """Raw JSON without what is sealed: the ciphertext of a person's data helps nobody who reads a history."""
    match value:
        case {"sealed": 1, "subject": subject}:
            return {"sealed": 1, "subject": subject}
        case Mapping():
            return {name: redacted(one) for name, one in value.items()}
        case list():
            return [redacted(one) for one in value]
        case _:
            return value
