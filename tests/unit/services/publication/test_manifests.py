"""Signing day by day: only what is over, every day once, and each day goes on where the one before ended."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient

from events.adapters.memory import MemoryStore
from events.adapters.memory_manifests import MemoryManifests
from events.proof import manifest
from events.proof.manifest import BEGIN, Signed
from events.proof.signing import Signer
from services.auth import ROLES
from services.manifests import TOPIC, ManifestMaker, ToldUntil
from services.web.app import create_app
from services.web.manifests import manifest_routes
from tests.contract.making import Clock, request
from tests.publics import PaperPublicLog, published
from tests.unit.services.shell.fakes import PaperRuntime

LOG = Signer("log", b"\x07" * 32)
ORIGIN = "wijkspoor.example/log"


def at(day: int, hour: int = 12, minute: int = 0) -> datetime:
    """A moment of July 2021, in UTC: two hours behind Brussels."""
    return datetime(2021, 7, day, hour, minute, tzinfo=UTC)


MOMENTS = [at(15, 8), at(15, 21, 59), at(15, 22), at(16, 3), at(19, 10)]


def log_of(*moments: datetime) -> PaperPublicLog:
    """A public log of one event at each of these moments."""
    return PaperPublicLog([published(number, at=moment) for number, moment in enumerate(moments, start=1)])


class Until:
    """Up to when everything was told; a test moves it."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    async def __call__(self) -> datetime:
        return self.moment


def maker(public: PaperPublicLog, rows: MemoryManifests, until: datetime) -> ManifestMaker:
    """What signs."""
    return ManifestMaker(public, rows, LOG, ORIGIN, Until(until), lambda: until)


async def kept(rows: MemoryManifests) -> Sequence[Signed]:
    """What was signed, by day."""
    return [manifest.read(one.body) for one in await rows.page(TOPIC, None, 1_000)]


async def test_each_day_in_brussels_is_signed_once_it_is_over() -> None:
    rows = MemoryManifests()
    assert await maker(log_of(*MOMENTS), rows, at(19)).make_due() == 4

    days = [one.manifest for one in await kept(rows)]
    assert [(day.day, day.first, day.last) for day in days] == [
        ("2021-07-15", 1, 2),
        ("2021-07-16", 3, 4),
        ("2021-07-17", 5, 4),
        ("2021-07-18", 5, 4),
    ], "22:00 in UTC is midnight in Brussels"
    assert {(day.origin, day.topic) for day in days} == {(ORIGIN, TOPIC)}
    assert all(one.signed_by(LOG.public_key) for one in await kept(rows))


async def test_each_day_goes_on_from_the_rolling_hash_of_the_one_before() -> None:
    rows, public = MemoryManifests(), log_of(*MOMENTS)
    await maker(public, rows, at(20)).make_due()

    days = [one.manifest for one in await kept(rows)]
    assert days[0].before == BEGIN
    assert all(after.before == before.hash for before, after in pairwise(days))
    assert days[-1].hash == manifest.roll(BEGIN, [manifest.digest(one.body) for one in public.events])


@pytest.mark.parametrize("until", [at(15, 21, 59), at(15, 21) - timedelta(days=1)])
async def test_a_day_that_is_not_over_is_not_signed(until: datetime) -> None:
    rows = MemoryManifests()
    assert await maker(log_of(*MOMENTS), rows, until).make_due() == 0
    assert await kept(rows) == []


async def test_it_goes_on_where_it_stopped_and_repeats_nothing() -> None:
    rows, public = MemoryManifests(), log_of(*MOMENTS)
    counts = [await maker(public, rows, at(day)).make_due() for day in (15, 16, 16, 18, 25)]
    whole = MemoryManifests()
    await maker(public, whole, at(25)).make_due()

    assert counts == [0, 1, 0, 2, 7]
    assert await rows.page(TOPIC, None, 99) == await whole.page(TOPIC, None, 99)


async def test_without_events_there_is_nothing_to_sign() -> None:
    assert await maker(PaperPublicLog(), MemoryManifests(), at(25)).make_due() == 0


async def test_two_that_sign_at_once_make_the_same_and_keep_one() -> None:
    rows, public = MemoryManifests(), log_of(*MOMENTS)
    one, two = maker(public, rows, at(25)), maker(public, rows, at(25))
    await one.make_due()
    assert await two.make_due() == 0
    assert (one.made, two.made) == (10, 0)


async def test_a_day_of_many_pages_is_whole() -> None:
    rows = MemoryManifests()
    public = log_of(*(at(15) + timedelta(seconds=number) for number in range(2_500)), at(17))
    await maker(public, rows, at(18)).make_due()
    assert [(one.manifest.first, one.manifest.last) for one in await kept(rows)] == [
        (1, 2500),
        (2501, 2500),
        (2501, 2501),
    ]


async def test_its_age_is_the_time_since_the_last_signed_day_ended() -> None:
    rows, public = MemoryManifests(), log_of(*MOMENTS)
    one = maker(public, rows, at(15))
    await one.make_due()
    assert one.figures() == {}, "nothing was due yet"
    one = maker(public, rows, at(18, 3))
    await one.make_due()
    assert one.figures() == {"wijkspoor_manifest_age_seconds": 5 * 3600.0}


async def test_told_is_what_the_public_log_has_passed() -> None:
    clock = Clock(at(15))
    store = MemoryStore(clock)
    for day in (15, 16, 17):
        clock.now = at(day)
        await store.append(request(stream=f"call-{day}"))
    place = 0

    async def passed() -> int:
        return place

    until = ToldUntil(store, passed, lambda: at(25))
    assert await until() == at(15)
    place = 2
    assert await until() == at(17), "what was recorded at that very moment may be missing"
    place = 3
    assert await until() == at(25) - timedelta(hours=2), "the clocks of two machines may differ"


async def ask(rows: MemoryManifests, path: str, role: str | None = "subscriber") -> Any:
    """One question over HTTP."""
    runtime = PaperRuntime(routers=[manifest_routes(rows, TOPIC)])
    app: FastAPI = create_app(runtime)
    headers = {"Authorization": f"Bearer {runtime.token(role)}"} if role else {}
    transport = ASGITransport(app=app, raise_app_exceptions=False)
    async with AsyncClient(transport=transport, base_url="http://127.0.0.1", headers=headers) as caller:
        return await caller.get(f"/v1/public/manifests{path}")


@pytest.fixture
async def signed() -> MemoryManifests:
    """Ten days."""
    rows = MemoryManifests()
    await maker(log_of(*MOMENTS), rows, at(25)).make_due()
    return rows


async def test_a_manifest_is_handed_out_as_it_was_signed(signed: MemoryManifests) -> None:
    answer = await ask(signed, "/2021-07-16")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert manifest.read(answer.content).signed_by(LOG.public_key)
    latest = await ask(signed, "/latest")
    assert manifest.read(latest.content).manifest.day == "2021-07-24"


@pytest.mark.parametrize("day", ["2021-07-25", "2021-02-30", "yesterday", "2021-7-1"])
async def test_a_day_without_a_manifest_is_not_found(signed: MemoryManifests, day: str) -> None:
    assert (await ask(signed, f"/{day}")).status_code == 404
    assert (await ask(MemoryManifests(), "/latest")).status_code == 404


async def test_the_days_are_listed_page_by_page(signed: MemoryManifests) -> None:
    seen, path = [], "?limit=4"
    while path:
        page = (await ask(signed, path)).json()
        seen += [(one["day"], one["count"]) for one in page["items"]]
        path = page.get("next", "").removeprefix("/v1/public/manifests")
    assert [day for day, _ in seen] == [f"2021-07-{day}" for day in range(15, 25)]
    assert [count for _, count in seen[:5]] == [2, 2, 0, 0, 1]
    for wrong in ("?after=2021-02-30", "?after=x", "?limit=0"):
        assert (await ask(signed, wrong)).status_code == 400


async def test_who_may_read_public_events_may_read_manifests(signed: MemoryManifests) -> None:
    allowed = {role for role in ROLES if (await ask(signed, "/latest", role)).status_code == 200}
    assert allowed == {"subscriber", "auditor", "admin"}
    assert (await ask(signed, "/latest", None)).status_code == 401


async def test_the_same_maker_signs_on_when_it_is_run_again() -> None:
    """Who keeps it going ends it and begins it again whenever the database was away."""
    rows, until = MemoryManifests(), Until(at(17))
    one = ManifestMaker(log_of(*MOMENTS), rows, LOG, ORIGIN, until, lambda: until.moment)
    for moment, days in ((at(17), 2), (at(19), 4)):
        until.moment = moment
        running = asyncio.create_task(one.run())
        async with asyncio.timeout(5):
            while len(await kept(rows)) < days:  # noqa: ASYNC110 -- rows tell nobody that they change
                await asyncio.sleep(0)
        assert not running.done()
        one.stop()
        await running
