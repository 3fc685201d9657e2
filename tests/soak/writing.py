"""A process that appends small events group after group, and says what it sends and what it hears.

``python -m tests.soak.writing DSN RUN CLOCK PAUSE``: requests follow from run and number alone, so a line need only
name numbers. CLOCK ``own``: it proposes its own clock's time for the recording, as a process of a demo would;
``store``: the database's counts. PAUSE: so many seconds after each group. It ends when standard input does.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from hashlib import sha256

from events.adapters.postgres.store import PostgresStore
from events.catalog import KINDS
from events.envelope import GENESIS
from events.store import Appended, AppendRequest, Duplicate, Prepared, StoreUnavailable

GROUP = 200
"""How many requests go out together, over as many streams."""

SIDE_BY_SIDE = 2
"""How many groups are under way at once, each over streams of its own."""

AGAIN_SECONDS = 0.1

_KINDS = sorted(KINDS)
_BODY = (
    b'{"command_id":"%b","correlation_id":"%b","event_id":"%b","prev_hash":"%b",'
    b'"schema_version":1,"stream":"%b","type":"Counted","version":%d}'
)


def command_id(run: int, number: int) -> str:
    """The id of a run's request of that number."""
    return f"{run:08x}-0000-8000-8000-{number:012x}"


def event_id(run: int, number: int) -> str:
    """… of its one event."""
    return f"{run:08x}-0001-8000-8000-{number:012x}"


def number_of(command: str) -> tuple[int, int]:
    """Run and number of a command id."""
    return int(command[:8], 16), int(command[24:], 16)


def stream_of(run: int, place: int) -> str:
    """The stream at one of the `GROUP * SIDE_BY_SIDE` places."""
    return f"{_KINDS[place % len(_KINDS)]}-{run:08x}-0002-8000-8000-{place:012x}"


class Numbers:
    """The requests of one run, group after group."""

    def __init__(self, run: int, lane: int) -> None:
        self._run = run
        self._lane = lane
        self._heads = [GENESIS] * GROUP
        self._round = 0

    def group(self) -> tuple[int, list[AppendRequest]]:
        """The number of the first request of the next group, and the group."""
        first = (self._round * SIDE_BY_SIDE + self._lane) * GROUP
        made = [self._request(first, place) for place in range(GROUP)]
        self._round += 1
        return first, made

    def _request(self, first: int, place: int) -> AppendRequest:
        number, run = first + place, self._run
        stream, command, event = (
            stream_of(run, self._lane * GROUP + place),
            command_id(run, number),
            event_id(run, number),
        )
        about = stream[-36:]
        body = _BODY % (
            *(text.encode() for text in (command, about, event, self._heads[place], stream)),
            self._round + 1,
        )
        self._heads[place] = sha256(body).hexdigest()
        prepared = Prepared(event, "Counted", 1, about, body, "key-1", b"s" * 64)
        return AppendRequest(stream, self._round, [prepared], command)


def say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


async def write(dsn: str, run: int, clock: Callable[[], datetime] | None, pause: float) -> None:
    """Append until told to stop, and end when what is under way was answered."""
    store = await opened(dsn, clock)
    over = asyncio.Event()

    async def lane(number: int) -> None:
        numbers = Numbers(run, number)
        while not over.is_set():
            first, group = numbers.group()
            say("sent", first)
            say("heard", first, *await answered(store, group))
            await asyncio.sleep(pause)

    async def listen() -> None:
        await asyncio.to_thread(sys.stdin.read)
        over.set()

    await asyncio.gather(listen(), *(lane(number) for number in range(SIDE_BY_SIDE)))
    await store.close()


async def opened(dsn: str, clock: Callable[[], datetime] | None) -> PostgresStore:
    """The store, as soon as its server is there."""
    while True:
        try:
            return await PostgresStore.open(dsn, readers=1, clock=clock)
        except StoreUnavailable:
            await asyncio.sleep(AGAIN_SECONDS)


async def answered(store: PostgresStore, group: Sequence[AppendRequest]) -> list[int]:
    """The position of each request of a group, asked for under the same ids until the store answers."""
    while True:
        try:
            outcomes = await store.append_many(group)
        except StoreUnavailable:
            await asyncio.sleep(AGAIN_SECONDS)
            continue
        return [position(one) for one in outcomes]


def position(outcome: object) -> int:
    assert isinstance(outcome, Appended | Duplicate), outcome
    return outcome.record.position


if __name__ == "__main__":
    _, address, name, how, seconds = sys.argv
    asyncio.run(write(address, int(name), (lambda: datetime.now(UTC)) if how == "own" else None, float(seconds)))
