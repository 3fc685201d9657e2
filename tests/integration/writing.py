"""Programs that a test starts as processes of their own, so that they can be killed: a server's owner, and a writer."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from events.adapters.embedded import CannotRun, EmbeddedPostgres
from events.adapters.postgres.store import PostgresStore
from events.store import Appended, AppendRequest, Prepared, StoreUnavailable
from tests.contract.making import ident


def say(*words: object) -> None:
    print(*words, flush=True)  # noqa: T201 -- the test reads it


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


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["own", folder, how]:
            own(folder, how)
        case ["write", dsn, run, callers]:
            asyncio.run(write(dsn, run, int(callers)))
