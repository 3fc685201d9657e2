"""The processes of a cluster on one machine: started together, started again when they end, left alone when stopped."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path

import pytest

from events.adapters import engine
from events.failures import CannotRun
from services.cluster.fleet import Fleet, Member
from services.cluster.roles import Role

PROGRAM = """
import json, os, pathlib, signal, sys, time
kind, port = sys.argv[1], int(sys.argv[sys.argv.index("--port") + 1])
gate = os.environ.get("GATE")
while gate and not pathlib.Path(gate).exists():
    time.sleep(0.01)
if kind == "monitor":
    print(json.dumps({"message": "It cannot run here."}), flush=True)
    sys.exit(3)
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
print(json.dumps({"address": f"http://127.0.0.1:{port or 40000 + os.getpid() % 10000}"}), flush=True)
while True:
    signal.pause()
"""
RELAY, TIMERS = Role("relay"), Role("timers")


@pytest.fixture
async def fleet(tmp_path: Path) -> AsyncIterator[Fleet]:
    """A fleet of small programs, ended afterwards."""
    made = Fleet(
        (sys.executable, "-c", PROGRAM), lambda _role: {"PATH": "/usr/bin:/bin"}, tmp_path, engine.tied_to_us()
    )
    yield made
    await made.close()


@pytest.fixture
async def watched(fleet: Fleet) -> AsyncIterator[Fleet]:
    """The same, watched."""
    watching = asyncio.create_task(fleet.watch())
    yield fleet
    watching.cancel()
    with suppress(asyncio.CancelledError):
        await watching


async def until(so: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not so():  # noqa: ASYNC110 -- what is waited for is another process
            await asyncio.sleep(0.01)


async def test_every_member_answers_somewhere_of_its_own(fleet: Fleet) -> None:
    await fleet.start([(RELAY, 2), (TIMERS, 1)])
    assert list(fleet.addresses()) == ["relay", "relay-2", "timers"]
    assert len(set(fleet.addresses().values())) == 3


async def test_one_that_cannot_start_says_why(fleet: Fleet) -> None:
    with pytest.raises(CannotRun, match="monitor does not start: It cannot run here"):
        await fleet.start([(Role("monitor"), 1)])


async def test_one_that_was_killed_comes_back_where_it_was(watched: Fleet) -> None:
    await watched.start([(RELAY, 1)])
    relay, address = watched.members["relay"], watched.addresses()["relay"]
    await watched.kill("relay")
    await until(lambda: relay.pid is not None and relay.starts == 2)
    assert watched.addresses()["relay"] == address


async def test_one_that_is_frozen_is_stopped_too_and_stays_so(watched: Fleet) -> None:
    await watched.start([(RELAY, 1), (TIMERS, 1)])
    watched.signal("relay", signal.SIGSTOP)
    await watched.stop("relay")
    # That the other comes back shows that somebody looked meanwhile.
    await watched.kill("timers")
    await until(lambda: watched.members["timers"].pid is not None)
    assert watched.members["relay"].starts == 1


async def test_one_that_was_stopped_while_another_started_is_left_alone(watched: Fleet, tmp_path: Path) -> None:
    await watched.start([(RELAY, 1), (TIMERS, 1)])
    relay, gate = watched.members["relay"], tmp_path / "gate"
    relay.environment = {"GATE": str(gate)}
    await watched.kill("relay")
    await until(lambda: relay.starts == 2)
    await watched.stop("timers")
    gate.touch()
    await until(lambda: relay.address and relay.pid)
    await watched.kill("relay")
    await until(lambda: relay.starts == 3)
    assert watched.members["timers"].starts == 1


async def test_one_that_somebody_starts_is_not_started_by_who_watches(watched: Fleet, tmp_path: Path) -> None:
    await watched.start([(RELAY, 1)])
    gate = tmp_path / "gate"
    watched.members["timers"] = Member(TIMERS, 1, environment={"GATE": str(gate)})
    beginning = asyncio.create_task(watched.begin("timers"))
    await watched.kill("relay")
    await until(lambda: watched.members["relay"].starts == 2)
    gate.touch()
    await beginning
    assert watched.members["timers"].starts == 1
