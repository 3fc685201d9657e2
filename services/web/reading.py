"""Reading what was sent: body, headers and path of a command, every mistake at its place in one go."""

from __future__ import annotations

import asyncio
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import Request
from pydantic import AfterValidator, Field, ValidationError, create_model
from pydantic_core import ErrorDetails, PydanticCustomError

from events.times import Instant, instant
from services.deciding import CommandSpec
from services.fields import EARLIEST_YEAR, LATEST_YEAR, Command
from services.problems import MEDIA_TYPE, SLOW_BODY, Issue, Problem

MOST_ISSUES = 200
BODY_SECONDS = 30.0
LAST_VERSION = 2**53 - 1

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_VERSION = re.compile(r'"(0|[1-9][0-9]{0,15})"')
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)")


def read_instant(text: str) -> Instant:
    """An RFC 3339 date-time as the log writes it; a mistake for pydantic to report otherwise."""
    try:
        when = datetime.fromisoformat(text) if _INSTANT.fullmatch(text) else None
        if when is not None and EARLIEST_YEAR <= when.year <= LATEST_YEAR:
            return instant(when)
    except ValueError:
        pass  # the calendar or the clock has no such moment
    raise PydanticCustomError("not_an_instant", "an instant with its zone belongs here, six decimals at most")


Moment = Annotated[str, AfterValidator(read_instant), Field(max_length=40, json_schema_extra={"format": "date-time"})]


@dataclass(frozen=True, slots=True)
class Asked:
    """A command as it was sent, everything checked: `at` is None unless the body said when it happened."""

    id: str
    command: Command
    command_id: str
    expected_version: int | None
    at: Instant | None


class CommandForm:
    """How one command is read. `model` is the body's model: the command, and `occurredAt` where that may be told."""

    def __init__(self, spec: CommandSpec) -> None:
        self._command = spec.model
        self.model: type[Command] = _with_moment(spec.model) if spec.records_past_act else spec.model

    def read(
        self, ident: str, headers: Mapping[str, str], raw: bytes, now: Instant
    ) -> tuple[Asked | None, list[Issue]]:
        """What was asked, or None and every mistake."""
        issues: list[Issue] = []
        if not _UUID.fullmatch(ident):
            issues.append(Issue("path", "id", "not_a_uuid"))
        command_id = idempotency_key(headers.get("idempotency-key"), issues)
        version = _if_match(headers.get("if-match"), issues)
        body = self._body(raw, now, issues)
        if issues or body is None:
            return None, issues
        return Asked(ident, self._bare(body), command_id, version, getattr(body, "occurred_at", None)), []

    def _body(self, raw: bytes, now: Instant, issues: list[Issue]) -> Command | None:
        try:
            # Names of Python are not names of the wire.
            body = self.model.model_validate_json(raw, by_alias=True, by_name=False)
        except ValidationError as error:
            issues.extend(issues_of(error, raw))
            return None
        if _some_twice(raw):
            issues.extend(twice(document_of(raw)))
        at: Instant | None = getattr(body, "occurred_at", None)
        if at is not None and at > now:
            issues.append(Issue("body", "/occurredAt", "in_the_future", {"now": now}))
        return body

    def _bare(self, body: Command) -> Command:
        if self.model is self._command:
            return body
        # The fields were checked a moment ago; only the class differs.
        return self._command.model_construct(**{name: getattr(body, name) for name in self._command.model_fields})


def _with_moment(model: type[Command]) -> type[Command]:
    made: Any = create_model(
        model.__name__,
        __base__=model,
        __doc__=model.__doc__,
        __module__=__name__,
        occurred_at=(Moment | None, None),
    )
    body: type[Command] = made
    return body


def issues_of(error: ValidationError, raw: bytes) -> Iterator[Issue]:
    """Pydantic's mistakes as issues, each at its JSON pointer."""
    mistakes = error.errors(include_url=False, include_input=False)
    if any(one["type"] == "json_invalid" for one in mistakes):
        yield Issue("body", "", "json_invalid")
        return
    document = document_of(raw)
    for mistake in mistakes[:MOST_ISSUES]:
        yield Issue("body", _pointer(mistake, document), mistake["type"], mistake.get("ctx", {}), mistake["msg"])
    yield from twice(document)


def _pointer(mistake: ErrorDetails, document: object) -> str:
    """The place of a mistake. Steps that are pydantic's own (the arm of a union) are not steps in the document."""
    steps, here = [], document
    last = len(mistake["loc"]) - 1
    for index, step in enumerate(mistake["loc"]):
        match here:
            case dict() if step in here:
                here = here[step]
            case list() if isinstance(step, int) and step < len(here):
                here = here[step]
            case dict() if index == last and mistake["type"] == "missing":
                pass
            case _:
                continue
        steps.append(step)
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)


class _Object(dict[str, Any]):
    """A JSON object that remembers which of its keys came more than once."""

    twice: tuple[str, ...] = ()


def _pairs(pairs: list[tuple[str, Any]]) -> _Object:
    found = _Object(pairs)
    if len(found) != len(pairs):
        found.twice = tuple(name for name, times in Counter(name for name, _ in pairs).items() if times > 1)
    return found


def document_of(raw: bytes) -> Any:
    # Pydantic has read it already, so it is JSON; numbers do not matter here, however long they are.
    return json.loads(raw, object_pairs_hook=_pairs, parse_int=len, parse_float=len)


def _some_twice(raw: bytes) -> bool:
    """Whether any object of the document has a key twice: most have none, and need no walk to say where."""
    some = False

    def pairs(pairs: list[tuple[str, Any]]) -> None:
        nonlocal some
        some = some or len(dict(pairs)) != len(pairs)

    json.loads(raw, object_pairs_hook=pairs, parse_int=len, parse_float=len)
    return some


def twice(value: object, path: str = "") -> Iterator[Issue]:
    """Keys that occur twice: of two readers, one might take the first value and one the last."""
    match value:
        case _Object():
            for name in value.twice:
                yield Issue("body", f"{path}/{name}", "duplicate_key")
            for name, item in value.items():
                yield from twice(item, f"{path}/{name}")
        case list():
            for index, item in enumerate(value):
                yield from twice(item, f"{path}/{index}")
        case _:
            return


def idempotency_key(text: str | None, issues: list[Issue]) -> str:
    """The command id. Version 5 is what reactions and timers derive theirs by: a caller who could guess one might
    take it first, and the reaction would find its answer given."""
    key = (text or "").strip().strip('"').lower()
    if text is None:
        issues.append(Issue("header", "Idempotency-Key", "key_missing"))
    elif not _UUID.fullmatch(key):
        issues.append(Issue("header", "Idempotency-Key", "key_not_uuid"))
    elif key[14] == "5":
        issues.append(Issue("header", "Idempotency-Key", "key_reserved"))
    return key


def _if_match(text: str | None, issues: list[Issue]) -> int | None:
    if text is None:
        return None
    found = _VERSION.fullmatch(text.strip())
    if found is None or int(found[1]) > LAST_VERSION:
        issues.append(Issue("header", "If-Match", "not_a_version"))
        return None
    return int(found[1])


async def read_body(request: Request) -> bytes:
    """The whole body, JSON by its headers; a 415, 408 or (from the limit around it) 413 problem otherwise."""
    kind, _, parameters = request.headers.get("content-type", "").partition(";")
    charset = parameters.replace(" ", "").lower()
    coded = request.headers.get("content-encoding", "identity").lower()
    if kind.strip().lower() != "application/json" or charset not in ("", "charset=utf-8") or coded != "identity":
        raise Problem(MEDIA_TYPE, headers={"Accept": "application/json"})
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return await request.body()
    except TimeoutError as error:
        raise Problem(SLOW_BODY, headers={"Connection": "close"}) from error
