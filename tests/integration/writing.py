"""Programs that a test starts as processes of their own, so that they can be killed: a server's owner, and a writer."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from events.adapters.embedded import CannotRun, EmbeddedPostgres
from events.adapters.postgres.store import PostgresStore
from events.adapters.postgres.writer import Writer
from events.store import Appended, AppendRequest, Outcome, Prepared, StoreUnavailable
from tests.contract.making import ident


def say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def own(folder: str, how: str) -> None:
    """Start a server on the folder, say its address or why not, and keep it until standard input ends."""
    server = EmbeddedPostgres(Path(folder))
    try:
        say("ready", server.start(adopt=how == "adopt"), server.pid)
    except CannotRun as error:
        say(type(error).__name__, error)
        return
    sys.stdin.read()
    server.stop()
    say("stopped")


def numbered(run: str, writer: int, number: int, version: int) -> AppendRequest:
    """The writer's request of that number: one or three events, with ids made from what it is."""
    name = f"{run}/{writer}/{number}"
    events = [
        Prepared(ident(f"{name}/{i}"), "Numbered", 1, ident(run), f'{{"n":"{name}"}}'.encode(), "k", b"s" * 64)
        for i in range(1 + number % 2 * 2)
    ]
    return AppendRequest(f"call-{ident(f'{run}/{writer}')}", version, events, ident(name))


async def write(dsn: str, run: str, callers: int) -> None:
    """Append for ever from so many callers; say each request when it is sent and when it is acknowledged."""
    store = await PostgresStore.open(dsn, readers=1)

    async def caller(writer: int) -> None:
        version = 0
        for number in range(1_000_000):
            one = numbered(run, writer, number, version)
            say("sent", one.command_id, len(one.events))
            try:
                outcome = await store.append(one)
            except StoreUnavailable:
                return
            assert isinstance(outcome, Appended), outcome
            say("acknowledged", one.command_id, outcome.record.position)
            version = outcome.record.version

    await asyncio.gather(*map(caller, range(callers)))
    say("unavailable")


class Dying(Writer):
    """A writer whose process is killed at one step of its first batch, as a power cut would do it."""

    step = ""

    async def _ask(self, requests: Sequence[AppendRequest], now: datetime | None) -> list[Outcome]:
        if self.step == "before the append":
            die()
        asking = asyncio.ensure_future(super()._ask(requests, now))
        if self.step.startswith("turn "):
            # After so many turns of the loop the statement may be unsent, under way, committed or answered.
            for _ in range(int(self.step.removeprefix("turn "))):
                await asyncio.sleep(0)
            die()
        outcomes = await asking
        if self.step == "after the commit":
            die()
        return outcomes


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


async def write_and_die(dsn: str, run: str, step: str) -> None:
    """Append three requests in one group and die at the step."""
    Dying.step = step
    store = await PostgresStore.open(dsn, readers=1)
    store._writer = Dying(dsn, None, lambda position: None)
    requests = [numbered(run, writer, 1, 0) for writer in range(3)]
    for one in requests:
        say("sent", one.command_id, len(one.events))
    for outcome in await store.append_many(requests):
        assert isinstance(outcome, Appended)
        say("acknowledged", outcome.record.command_id, outcome.record.position)
        if step == "after the first acknowledgement":
            die()


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["own", folder, how]:
            own(folder, how)
        case ["die", dsn, run, step]:
            asyncio.run(write_and_die(dsn, run, step))
        case ["write", dsn, run, callers]:
            asyncio.run(write(dsn, run, int(callers)))
