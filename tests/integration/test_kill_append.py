"""No acknowledged event is lost and none is invented, whoever is killed and when (G1, the store's share)."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import pytest

from events.adapters.embedded import EmbeddedPostgres
from events.adapters.postgres.migrate import migrate
from events.adapters.postgres.store import PostgresStore
from events.store import Appended, Duplicate, Recorded
from tests.contract.making import ident
from tests.integration.writing import numbered

ROOT = Path(__file__).parents[2]


@dataclass
class Heard:
    """What writers said before they died: command id → number of events sent; command id → acknowledged position."""

    sent: dict[str, int] = field(default_factory=dict)
    acknowledged: dict[str, int] = field(default_factory=dict)

    def line(self, words: Sequence[str]) -> None:
        match words:
            case ["sent", command, events]:
                self.sent[command] = int(events)
            case ["acknowledged", command, position]:
                self.acknowledged[command] = int(position)
            case _:
                assert words == ["unavailable"]


def writer(*words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.integration.writing", *words], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


def listen(process: subprocess.Popen[str], heard: Heard, acknowledgements: int | None = None) -> None:
    """Take in what the writer says, to its end or until so many acknowledgements more."""
    assert process.stdout is not None
    goal = None if acknowledgements is None else len(heard.acknowledged) + acknowledgements
    for line in process.stdout:
        heard.line(line.split())
        if goal is not None and len(heard.acknowledged) >= goal:
            return


async def whole(store: PostgresStore) -> list[Recorded]:
    found: list[Recorded] = []
    while page := await store.read_all(len(found), limit=5_000):
        found += page
    return found


async def check(dsn: str, heard: Heard) -> int:
    """Everything acknowledged is there, everything there was sent, and nothing is missing between. How many events."""
    store = await PostgresStore.open(dsn, readers=1)
    try:
        log = await whole(store)
        assert [event.position for event in log] == list(range(1, len(log) + 1))
        versions: dict[str, int] = {}
        for event in log:
            assert event.version == versions.get(event.stream, 0) + 1
            versions[event.stream] = event.version
        for before, after in pairwise(log):
            assert before.recorded_at <= after.recorded_at
        stored = 0
        for command, events in heard.sent.items():
            record = await store.find_command(command)
            if record is not None:
                assert record.count == events
                assert heard.acknowledged.get(command, record.position) == record.position
                stored += events
            else:
                assert command not in heard.acknowledged, f"{command} was acknowledged and is lost"
        assert stored == len(log), "an event stands in the log that nobody sent"
        assert (await store.head()).position == len(log)
        return len(log)
    finally:
        await store.close()


STEPS = [
    "before the append",
    *(f"turn {turn}" for turn in (1, 2, 3, 5, 8, 13, 40)),
    "after the commit",
    "after the first acknowledgement",
]


@pytest.mark.parametrize("step", STEPS)
async def test_a_writer_killed_at_any_step_leaves_all_of_a_group_or_none(dsn: str, step: str) -> None:
    heard = Heard()
    process = writer("die", dsn, step, step)
    listen(process, heard)
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    store = await PostgresStore.open(dsn, readers=1)
    # What was sent may still be under way; the counter's lock tells when it is over.
    await store.append_many([numbered("after", 0, 1, 0)])
    heard.sent[numbered("after", 0, 1, 0).command_id] = 3

    assert await check(dsn, heard) in {3, 12}

    again = await store.append_many([numbered(step, writer, 1, 0) for writer in range(3)])
    assert {type(one) for one in again} in ({Appended}, {Duplicate})
    assert await check(dsn, heard) == 12
    await store.close()


def test_nothing_acknowledged_is_lost_when_writers_and_server_are_killed_again_and_again(data_folder: Path) -> None:
    rounds(data_folder, seed=20210311, kills=10, most=400)


@pytest.mark.long
def test_nothing_acknowledged_is_lost_through_two_hundred_kills(data_folder: Path) -> None:
    rounds(data_folder, seed=1, kills=200, most=10_000)


def rounds(folder: Path, seed: int, kills: int, most: int) -> None:
    """Writers append without pause; after a random number of acknowledgements the writer, the server or both die."""
    chance = random.Random(seed)
    heard = Heard()
    server = EmbeddedPostgres(folder)
    server.start()
    try:
        migrate(server.dsn())
        for number in range(kills):
            process = writer("write", server.dsn(), f"{seed}/{number}", str(chance.choice([1, 4, 16])))
            listen(process, heard, chance.randint(1, most))
            victims = chance.choice(["writer", "server", "both"])
            if victims != "writer":
                assert server.pid is not None
                os.kill(server.pid, signal.SIGKILL)
            if victims != "server":
                process.kill()
            listen(process, heard)
            process.communicate()
            if victims != "writer":
                server.restart()
        events = asyncio.run(check(server.dsn(), heard))
    finally:
        server.stop()
    lost = len(heard.sent) - len(heard.acknowledged)
    sys.stdout.write(
        f"\n{kills} kills, {len(heard.acknowledged)} acknowledged requests, {events} events,"
        f" {lost} requests never answered: 0 lost, 0 invented, 0 holes\n"
    )


async def test_the_checker_finds_what_it_must(dsn: str) -> None:
    """Planted faults: a lost acknowledgement, a moved one, an invented event. Found 3 of 3."""
    store = await PostgresStore.open(dsn, readers=1)
    one = numbered("x", 1, 1, 0)
    await store.append(one)
    await store.close()
    good = Heard({one.command_id: 3}, {one.command_id: 3})
    assert await check(dsn, good) == 3

    planted = [
        Heard({**good.sent, ident("lost"): 1}, {**good.acknowledged, ident("lost"): 4}),
        Heard(good.sent, {one.command_id: 2}),
        Heard(),
    ]
    for faulty in planted:
        with pytest.raises(AssertionError):
            await check(dsn, faulty)
