"""The whole program meets an event of a newer one: everything flows but its stream, and an official decides."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from events.adapters.postgres.parking import PostgresParking
from events.adapters.postgres.store import PostgresStore
from events.store import Appended, AppendRequest, Prepared, Recorded
from projections.views import VIEWS
from services.bootstrap.whole import open_whole
from services.registry import SERVICES
from services.runtime import Runtime
from services.settings import Settings
from services.story.call_2021 import steps
from services.story.player import Direct, play
from tests.contract.making import fresh

PATIENCE = 40.0
ROOT = Path(__file__).parents[2]
DAY = "2021-03-31"


@pytest.fixture
async def program(dsn: str, tmp_path: Path) -> AsyncIterator[Runtime]:
    async with open_whole(Settings(data=tmp_path, dsn=dsn, demo=True)) as opened:
        yield opened


async def cli(dsn: str, folder: Path, *words: str) -> tuple[int, Any]:
    """The exit code and the document of `wijkspoor parked …`."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "services.cli.main",
        "parked",
        *words,
        *("--dsn", dsn, "--data", str(folder), "--json"),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    told, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, json.loads(told)


async def until(says: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not says():  # noqa: ASYNC110 -- the attendant looks every second
            await asyncio.sleep(0.05)


def of_a_newer_program(last: Recorded) -> AppendRequest:
    """The event that follows in its stream, of a type that nobody knows yet."""
    version = last.version + 1
    body = last.body.replace(f'"type":"{last.type}"'.encode(), b'"type":"CallReimagined"')
    body = body.replace(f'"version":{last.version}'.encode(), f'"version":{version}'.encode())
    made = Prepared(fresh(), "CallReimagined", 1, last.correlation_id, body, last.key_id, b"\x01" * 64)
    return AppendRequest(last.stream, last.version, [made], fresh())


async def test_one_strange_event_stops_its_stream_and_nothing_else(
    program: Runtime, dsn: str, tmp_path: Path, store: PostgresStore
) -> None:
    send = Direct(program.handler, program.services)
    scenes = steps(DAY)
    await play(scenes[:1], program, send, now=program.clock.now)
    (published,) = [one for one in await store.read_all(0, limit=1_000) if one.type == "CallPublished"]
    last = (await store.read_stream(published.stream))[-1]
    assert isinstance(await store.append(of_a_newer_program(last)), Appended)

    # Everybody meets it, and everybody goes on but the public events, which have one order for all.
    reading = {f"react:{name}" for name in SERVICES} | {"timers"} | VIEWS.keys()
    await until(lambda: {one.consumer for one in program.parked} >= reading - {"public_events"})
    assert program.failures == {}
    assert {one.stream for one in program.parked} == {published.stream}
    head = (await store.head()).position
    await until(lambda: all(program.lag()[name] == head for name in reading - {"public_events"}))

    code, listed = await cli(dsn, tmp_path, "list")
    assert code == 0
    assert {row["reason"] for row in listed["streams"]} == {"unknown-type"}

    # Nobody can mend it here: an official gives it up, for everybody, with the reason.
    first = listed["streams"][0]
    code, told = await cli(dsn, tmp_path, "discard", str(first["number"]), "--why", "of a newer program", "--by", "Ann")
    assert (code, told["why"]) == (0, "of a newer program")
    parking = PostgresParking(store.pool)
    for parked in await parking.listed():
        assert await parking.discard(parked.number, "Ann", "of a newer program")
    await program.settled()
    await until(lambda: not program.parked)
    assert {one.parked.consumer for one in await parking.discarded()} == reading


async def test_a_retry_of_what_is_still_strange_is_a_finding(
    program: Runtime, dsn: str, tmp_path: Path, store: PostgresStore
) -> None:
    await play(steps(DAY)[:1], program, Direct(program.handler, program.services), now=program.clock.now)
    (published,) = [one for one in await store.read_all(0, limit=1_000) if one.type == "CallPublished"]
    last = (await store.read_stream(published.stream))[-1]
    await store.append(of_a_newer_program(last))
    await until(lambda: "react:jury" in {one.consumer for one in program.parked})
    row = next(one for one in (await cli(dsn, tmp_path, "list"))[1]["streams"] if one["consumer"] == "react:jury")

    code, told = await cli(dsn, tmp_path, "retry", str(row["number"]), "--wait", "30")
    assert (code, told["asked"], told["waiting"]) == (1, 1, [])
    assert [one["reason"] for one in told["broken"]] == ["unknown-type"]
