"""A process that plays the story, says what was acknowledged, and dies where it is told to.

``python -m tests.integration.killed.program nursery`` imports everything once and forks a life for every order that
comes on standard input; ``… life`` lives the one order of its argument. An order is one line of JSON (`Order`).
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import msgspec
import stamina
import uvloop

from events import times
from events.failures import CannotRun
from events.store import StoreUnavailable
from services.answers import Answer, Done, Issued
from services.bootstrap import whole
from services.handle import Handler
from services.logging import configure
from services.runtime import Runtime
from services.settings import Settings
from services.story.call_2021 import steps
from services.story.player import Direct, play
from tests.integration.killed.mortal import fate, make_mortal

UNAVAILABLE = 3


class Order(msgspec.Struct, frozen=True):
    """One life. `dsn` None: with an embedded server. `name` and `at`: where it dies. `until`: how far the play goes.

    `aloud`: each acknowledgement is a line on standard output too.
    """

    folder: str
    dsn: str | None = None
    name: str = ""
    at: int = 0
    until: str | None = None
    aloud: bool = False


class Acknowledging:
    """The handler, with a line for every answer that its caller has heard: kept by the kernel whoever dies."""

    def __init__(self, handler: Handler, order: Order) -> None:
        self._handler = handler
        file = os.open(Path(order.folder, "acknowledged"), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._ears = [file, sys.stdout.fileno()] if order.aloud else [file]

    async def handle(self, issued: Issued) -> Answer:
        """As the handler."""
        answer = await self._handler.handle(issued)
        if isinstance(answer, Done):
            for ear in self._ears:
                os.write(ear, f"{answer.command_id} {answer.position}\n".encode())
        return answer


async def live(order: Order) -> None:
    """Play to the end of the day `until`, or to the end of all."""
    async with whole.open_whole(Settings(data=Path(order.folder), dsn=order.dsn, demo=True)) as runtime:
        # As `wijkspoor demo` does: a database that comes back is played on.
        async for attempt in stamina.retry_context(on=StoreUnavailable, attempts=20, timeout=60.0):
            with attempt:
                await play_on(runtime, order)


async def play_on(runtime: Runtime, order: Order) -> None:
    """The play, from wherever the log stands."""
    send = Direct(Acknowledging(runtime.handler, order), runtime.services)  # type: ignore[arg-type]  # it only handles
    await play(steps(order.until), runtime, send, now=runtime.clock.now)
    end = times.end_of_day(order.until or "2026-12-31").utc
    await runtime.advance(max(end, runtime.clock.now()))
    await runtime.settled()


def run(order: Order) -> int:
    """Live; the exit code. What was crossed is left in the file `crossed` by a life that reaches its end."""
    configure("error", "json")
    stamina.instrumentation.set_on_retry_hooks([])
    make_mortal(order.name, order.at)
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(live(order))
    except (StoreUnavailable, CannotRun) as error:
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        return UNAVAILABLE
    Path(order.folder, "crossed").write_bytes(msgspec.json.encode(dict(fate.crossed)))
    return 0


def nursery() -> None:
    """Fork a life an order, one after the other; answer each with its wait status."""
    for line in sys.stdin.buffer:
        child = os.fork()
        if child == 0:
            code = 1
            try:
                code = run(msgspec.json.decode(line, type=Order))
            finally:
                sys.stderr.flush()
                os._exit(code)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["nursery"]:
            nursery()
        case ["life", given]:
            sys.exit(run(msgspec.json.decode(given, type=Order)))
        case _:
            sys.exit("name nursery, or life and its order")
