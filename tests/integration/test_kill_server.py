"""The database server killed under the program, and the program with it: what was acknowledged is there (G1)."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import msgspec
import psutil  # type: ignore[import-untyped]  # it has no types of its own
import pytest

from events.adapters import engine
from events.adapters.embedded import EmbeddedPostgres
from events.adapters.memory import MemoryStore
from events.adapters.tail import TailFeed
from events.consumer import Consumer, Fenced, Rewound
from events.store import Recorded, StoreUnavailable
from projections.runner import in_our_words
from tests.integration.killed.ending import acknowledged, assert_nothing_lost, assert_same, ending
from tests.integration.killed.nursery import ROOT, lives, nursery
from tests.integration.killed.program import UNAVAILABLE, Order
from tests.integration.writing import numbered

UNTIL = "2021-08-20"
VICTIMS = ("server", "one of its processes", "all its processes", "program", "program and server")


def life(folder: Path, until: str | None) -> subprocess.Popen[str]:
    """The program on its own embedded server, saying aloud what is acknowledged."""
    order = msgspec.json.encode(Order(str(folder), until=until, aloud=True)).decode()
    command = [sys.executable, "-m", "tests.integration.killed.program", "life", order]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def strike(victim: str, program: subprocess.Popen[str], folder: Path, chance: random.Random) -> None:
    found = engine.pid_file(folder / "postgres")
    processes: list[psutil.Process] = []
    # A server that is just being started again may be gone, or not there yet.
    if found is not None and engine.serves(found.pid, folder / "postgres"):
        server = psutil.Process(found.pid)
        backends = [one for one in server.children() if engine.serves(one.pid, folder / "postgres")]
        match victim:
            case "server" | "program and server":
                processes = [server]
            case "one of its processes":
                processes = [chance.choice(backends)] if backends else []
            case "all its processes":
                processes = [server, *backends]
            case _:
                pass
    if victim.startswith("program"):
        program.send_signal(signal.SIGKILL)
    for one in processes:
        with_luck_there(one)


def with_luck_there(process: psutil.Process) -> None:
    try:
        process.kill()
    except psutil.NoSuchProcess:
        return


def heard(program: subprocess.Popen[str], most: int) -> int:
    """Listen to so many acknowledgements, or to the end; how many came."""
    assert program.stdout is not None
    count = 0
    for _ in program.stdout:
        count += 1
        if count == most:
            break
    return count


def ended_of(program: subprocess.Popen[str]) -> int:
    """Its exit code, once it has said all."""
    with program:
        if program.stdout is not None and not program.stdout.closed:
            heard(program, -1)
    return program.wait()


async def struck(folder: Path, until: str | None, seed: int, strikes: int, most: int) -> tuple[dict[str, int], int]:
    """A play through so many strikes, and what was left looked at after it: how often who, and how often it started."""
    chance = random.Random(seed)
    done: dict[str, int] = dict.fromkeys(VICTIMS, 0)
    program, starts = life(folder, until), 1
    try:
        for number in range(strikes):
            heard(program, chance.randint(1, most))
            victim = VICTIMS[number % len(VICTIMS)]
            strike(victim, program, folder, chance)
            done[victim] += 1
            if victim.startswith("program"):
                ended_of(program)
                program, starts = life(folder, until), starts + 1
        while True:
            code = ended_of(program)
            if code == 0:
                return done, starts
            assert code == UNAVAILABLE, "it may say that the database is away, and nothing else"
            program, starts = life(folder, until), starts + 1
    finally:
        program.kill()
        ended_of(program)


async def survived(postgres: EmbeddedPostgres, folder: Path, until: str | None, seed: int, strikes: int) -> str:
    start = time.perf_counter()
    async with nursery() as house:
        calm = await lives(postgres, house, [], until)
    done, starts = await struck(folder, until, seed, strikes, 8)
    with EmbeddedPostgres(folder) as server:
        await assert_nothing_lost(server.dsn(), acknowledged(folder))
        ended = await ending(server.dsn(), folder / "keys")
    assert_same(calm.ended, ended)
    told = ", ".join(f"{victim} {count}" for victim, count in done.items())
    told += f"; {starts} starts, {len(acknowledged(folder))} acknowledged"
    return f"{strikes} strikes: {told}, {time.perf_counter() - start:.0f} s: 0 lost"


async def test_nothing_acknowledged_is_missing_when_the_server_is_killed_under_the_play(
    postgres: EmbeddedPostgres, data_folder: Path
) -> None:
    sys.stdout.write("\n" + await survived(postgres, data_folder, UNTIL, seed=3, strikes=10) + "\n")


@pytest.mark.long
async def test_nothing_acknowledged_is_missing_through_a_hundred_strikes(
    postgres: EmbeddedPostgres, data_folder: Path
) -> None:
    sys.stdout.write("\n" + await survived(postgres, data_folder, None, seed=4, strikes=80) + "\n")


def test_the_checker_finds_an_acknowledgement_in_two_ways(tmp_path: Path) -> None:
    (tmp_path / "acknowledged").write_text("a 1\nb 2\na 3\n")
    with pytest.raises(AssertionError, match="two ways"):
        acknowledged(tmp_path)


async def test_the_checker_finds_a_lost_acknowledgement(dsn: str) -> None:
    with pytest.raises(AssertionError, match="is lost"):
        await assert_nothing_lost(dsn, {"018f3f7e-0000-4000-8000-000000000001": os.getpid()})


class Forgetful:
    """A sink whose store forgot that it had come to 2: the next batch finds its place behind, or ahead."""

    name = "forgetful"

    def __init__(self, place: int) -> None:
        self._places = [2, place]

    async def place(self) -> int:
        return self._places.pop(0)

    async def apply(self, batch: Sequence[Recorded]) -> None:
        raise Fenced("the place has moved")


@pytest.mark.parametrize(("place", "raised"), [(1, Rewound), (5, Fenced)])
async def test_a_place_that_went_back_is_no_other_instance(place: int, raised: type[Exception]) -> None:
    store = MemoryStore(lambda: datetime.now(UTC))
    for number in range(3):
        await store.append(numbered("one", number, 0, 0))
    feed = TailFeed(store)
    try:
        with pytest.raises(raised):
            await Consumer(feed, Forgetful(place)).run()
    finally:
        await feed.close()


def test_a_connection_that_broke_under_the_last_statement_means_that_the_views_are_away() -> None:
    with pytest.raises(StoreUnavailable), in_our_words():
        raise asyncpg.InternalClientError("cannot switch to state 15; another operation (2) is in progress")
