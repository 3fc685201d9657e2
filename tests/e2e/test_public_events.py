"""The call of 2021 as a subscriber sees it: over a real socket, from a real database, with nothing but HTTP."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from random import Random
from typing import Any

import httpx2
import pytest
from jsonschema import Draft202012Validator, FormatChecker

from events import codec
from events.envelope import Actor
from events.public.cloudevent import public_id
from events.public.feed import Published
from events.public.schemas import schemas
from projections.budget_consumption.evolve import BUDGET, BudgetRow
from projections.public_events.evolve import PUBLIC
from projections.public_events.queries import PostgresPublicLog
from projections.rebuild import rebuild
from projections.view import Key
from services.runtime import Runtime
from services.web.public import public_routes
from tests import comparing
from tests.e2e.conftest import bearer, client_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

FEED = "/v1/public/events"
SUBSCRIBER = Actor(role="subscriber", organisation="OVO000123", person="finance-1")
UNPLAYED = {
    f"be.vlaanderen.wijkspoor.v1.{name}"
    for name in (
        *("calls.notify.corrected", "calls.notify.cancelled", "envelopes.notify.decreased"),
        *("grants.notify.adjusted", "grants.notify.annulled", "grants.notify.denied", "grants.notify.lapsed"),
        *("grants.notify.reserved", "grants.notify.resumed", "grants.notify.retracted", "grants.notify.superseded"),
        *("grants.notify.suspended", "grants.notify.waived", "amendments.notify.approved"),
        *("contracts.notify.extended", "contracts.notify.suspended", "contracts.notify.resumed"),
        "contracts.notify.terminated",
    )
}
"""What the play never comes to; tests/golden/public/feed.jsonl has each of them."""
FIGURES = ("awardedCents", "committedCents", "paidCents", "recoveredCents")


def log_of(runtime: Runtime) -> PostgresPublicLog:
    return PostgresPublicLog(runtime.store.pool)  # type: ignore[attr-defined]  # the store of a whole program


async def whole(runtime: Runtime) -> list[Published]:
    return list(await log_of(runtime).read(0, 10_000))


@asynccontextmanager
async def subscriber(runtime: Runtime) -> AsyncIterator[httpx2.AsyncClient]:
    """A client with a subscriber's token."""
    served = replace(runtime, routers=[public_routes(log_of(runtime)), *runtime.routers])
    async with client_of(served) as client:
        client.headers.update(bearer(runtime, SUBSCRIBER))
        yield client


async def test_the_feed_gives_every_event_once_in_order_and_byte_for_byte(played: Runtime) -> None:
    promised = await whole(played)
    seen: list[bytes] = []
    async with subscriber(played) as client:
        place: dict[str, Any] = {}
        while (answer := await client.get(FEED, params={"limit": 7, **place})).content != b"[]":
            assert answer.headers["content-type"] == "application/cloudevents-batch+json"
            page = answer.json()
            seen += [json.dumps(one, separators=(",", ":"), ensure_ascii=False).encode() for one in page]
            place = {"lastEventId": page[-1]["id"]}
    assert seen == [one.body for one in promised]
    assert [one.sequence for one in promised] == list(range(1, len(promised) + 1))
    assert len({one.id for one in promised}) == len(promised)


async def test_a_stream_that_breaks_again_and_again_still_gives_every_event_exactly_once(played: Runtime) -> None:
    promised, chance = await whole(played), Random(7)
    seen: list[str] = []
    async with subscriber(played) as client:
        while len(seen) < len(promised):
            resume = {"Last-Event-ID": seen[-1]} if seen else {}
            async with client.stream("GET", FEED, headers={"Accept": "text/event-stream", **resume}) as answer:
                async for line in answer.aiter_lines():
                    if line.startswith("id: "):
                        seen.append(line.removeprefix("id: "))
                    if seen and (chance.randrange(40) == 0 or len(seen) == len(promised)):
                        break
    assert seen == [one.id for one in promised]


async def test_every_event_fits_the_schema_of_its_type_and_every_type_occurs(played: Runtime) -> None:
    checkers = {name: Draft202012Validator(one, format_checker=FormatChecker()) for name, one in schemas().items()}
    promised = await whole(played)
    for one in promised:
        checkers[one.type].validate(json.loads(one.body))
    assert {one.type for one in promised} == set(checkers) - UNPLAYED


async def test_the_money_that_an_event_tells_is_the_money_of_the_budget_at_its_position(played: Runtime) -> None:
    told = {json.loads(one.body)["id"]: json.loads(one.body)["data"] for one in await whole(played)}
    rows: dict[Key, BudgetRow] = {}
    compared = 0
    for recorded in await comparing.whole_log(played.store):
        event = codec.read(recorded)
        if recorded.type in BUDGET.folds:
            BUDGET.evolve(rows, event)
        data = told.get(public_id(event.envelope.event_id), {})
        if row := rows.get((data.get("call", ""), "case", data.get("case", {}).get("id", ""))):
            money = data["case"]["money"]
            ours = (row.awarded_cents, row.committed_cents, row.paid_cents, row.recovered_cents)
            assert tuple(money[name] for name in FIGURES) == ours, event
            compared += 1
    assert compared > 150


async def test_nothing_personal_and_nothing_that_anybody_wrote_goes_out(played: Runtime) -> None:
    out = b"\n".join([one.body for one in await whole(played)]).decode()
    personal, written = set[str](), set[str]()
    for stream in (await comparing.content(played.store, played.vault)).values():
        for _, told in stream:
            for kind, text in texts(told):
                (personal if kind == "clear" else written).add(text)
    assert len(personal) > 30
    assert len(written) > 30
    assert not {text for text in personal | written if text in out}
    assert '"ct"' not in out
    assert '"sealed"' not in out


def texts(value: Any) -> Iterator[tuple[str, str]]:
    """Every personal text with its subject, and every text that a person wrote."""
    match value:
        case {"clear": str(text), "subject": str(subject)}:
            yield "clear", text
            yield "clear", subject
        case {"language": str(), "text": str(text)}:
            yield "written", text
        case dict():
            for one in value.values():
                yield from texts(one)
        case list():
            for one in value:
                yield from texts(one)
        case _:
            pass


async def test_before_the_approved_decision_nobody_reads_what_the_jury_thinks(played: Runtime) -> None:
    promised = [json.loads(one.body) for one in await whole(played)]
    decided = [number for number, one in enumerate(promised) if one["data"].get("result") == "goedgekeurd"]
    before = json.dumps(promised[: decided[0]])
    assert '"result": "uitgesteld"' in before, "a postponed item came first, and it had files and advice in it"
    for word in ("rank", "advice", "favourable", "score", "granted", "jury"):
        assert word not in before.lower()
    assert len(promised[decided[0]]["data"]["items"]) == 16


async def test_a_cause_that_was_published_is_named_by_its_public_id(played: Runtime) -> None:
    promised = {json.loads(one.body)["id"]: json.loads(one.body) for one in await whole(played)}
    named = [one for one in promised.values() if one.get("causationid") in promised]
    assert named
    for one in named:
        assert promised[one["causationid"]]["sequence"] < one["sequence"]


async def test_a_rebuild_gives_equal_rows_and_equal_bytes(played: Runtime) -> None:
    before = await whole(played)
    done = await rebuild(played.store.pool, PUBLIC)  # type: ignore[attr-defined]  # the store of a whole program
    assert (done.equal, done.differences) == (True, [])
    assert await whole(played) == before
