"""What subscriptions look like over HTTP: the forms that are sent, and what is told."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from fastapi import Request
from httpx2 import URL, InvalidURL
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from events.canonical import SAFE_INTEGER
from events.times import instant
from events.webhooks import Logged, Subscription
from services.problems import BAD_REQUEST, Issue, Problem

MOST = 200
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


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


class Form(BaseModel):
    """What is sent: lowerCamelCase, strict, nothing unknown."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, alias_generator=to_camel)


class SubscribeForm(Form):
    """A new receiver. `types` empty or left out: all. `after`: the last sequence that is known already; left out: only
    what comes from now on."""

    url: Annotated[str, AfterValidator(_receiver), Field(max_length=2000)]
    types: list[Annotated[str, Field(min_length=1, max_length=200)]] = Field(default=[], max_length=100)
    after: Annotated[int, Field(ge=0, le=SAFE_INTEGER)] | None = None


class RedeliverForm(Form):
    """An event that is to be sent once more."""

    sequence: Annotated[int, Field(ge=1, le=SAFE_INTEGER)]


def document(row: Subscription) -> dict[str, Any]:
    """A subscription as its owner sees it: everything but the secret."""
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


def line(logged: Logged) -> dict[str, Any]:
    """One attempt."""
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


def key(request: Request) -> str:
    """The Idempotency-Key; a 400 problem without one."""
    text = request.headers.get("idempotency-key")
    key = (text or "").strip().strip('"').lower()
    if not UUID.fullmatch(key):
        raise Problem(
            BAD_REQUEST, issues=[Issue("header", "Idempotency-Key", "key_not_uuid" if text else "key_missing")]
        )
    return key


T = TypeVar("T")


def query(request: Request, name: str, read: Callable[[str], T]) -> T | None:
    """A parameter of the address, None where it is left out; a 400 problem for one that cannot be read."""
    given = request.query_params.getlist(name)
    if not given:
        return None
    try:
        return read(",".join(given))
    except ValueError as error:
        raise Problem(BAD_REQUEST, issues=[Issue("query", name, "wrong")]) from error


def ident(text: str) -> str:
    """A subscription's id; ValueError otherwise."""
    if not UUID.fullmatch(text):
        raise ValueError("no id")
    return text


def number(text: str) -> int:
    """A whole number from 0; ValueError otherwise."""
    if not (text.isascii() and text.isdigit() and len(text) < 17):
        raise ValueError("no number")
    return int(text)


def limit(text: str) -> int:
    """The length of a page; ValueError otherwise."""
    if not 1 <= number(text) <= MOST:
        raise ValueError("out of range")
    return int(text)
