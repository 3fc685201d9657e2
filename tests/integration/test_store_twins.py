"""The store in memory and the store in SQL judge alike: whatever is asked, in whatever groups."""

from __future__ import annotations

import asyncio
from itertools import count
from typing import TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.adapters.embedded import EmbeddedPostgres
from events.adapters.memory import MemoryStore
from events.adapters.postgres.store import PostgresStore
from events.ledger import Transfer
from events.store import AppendRequest, Recorded, Unchanged
from events.unique import KeyChange
from tests.changing import replace
from tests.conftest import fresh_database
from tests.contract.making import Clock, ident, request

Asked: TypeAlias = tuple[str, int | None, int, int, dict[str, list[object]]]
"""Stream, expected version (None: the right one), how many events, which command (0: a new one), guards."""

STREAMS = ["call-1", "call-2", "grant-1"]
ACCOUNTS = ["CONTROL:c", "AVAILABLE:c", "COMMITTED:1", "PAYABLE:1", "RECOVERABLE:c"]
_run = count()

few = st.integers(0, 3)
cents = st.integers(0, 120)
names = st.sampled_from(["p1", "p2", "p3"])
accounts = st.lists(st.sampled_from(ACCOUNTS), min_size=2, max_size=2, unique=True)
transfers = st.one_of(
    st.builds(lambda both, amount: Transfer("posted", amount, both[0], both[1]), accounts, cents),
    st.builds(lambda both, amount, name: Transfer("pending", amount, both[0], both[1], name), accounts, cents, names),
    st.builds(lambda amount, name: Transfer("post", amount, pending_id=name), cents, names),
    st.builds(lambda name: Transfer("void", 0, pending_id=name), names),
    # Enough money that later requests have something to lose.
    st.just(Transfer("posted", 100, "CONTROL:c", "AVAILABLE:c")),
)
keys = st.builds(KeyChange, st.sampled_from(["claim", "release"]), st.sampled_from("kl"), st.sampled_from("ab"))
unchanged = st.builds(Unchanged, st.sampled_from(STREAMS), few)
guards = st.fixed_dictionaries(
    {
        "transfers": st.lists(transfers, max_size=3),
        "keys": st.lists(keys, max_size=2),
        "unchanged": st.one_of(st.just([]), st.lists(unchanged, max_size=2)),
    }
)
asked = st.tuples(
    st.sampled_from(STREAMS), st.one_of(st.none(), few), few, st.integers(0, 12), st.one_of(st.just({}), guards)
)
groups = st.lists(st.lists(asked, min_size=1, max_size=6), min_size=1, max_size=8)


def seen(event: Recorded) -> tuple[object, ...]:
    return event.position, event.recorded_at, event.stream, event.version, event.body, event.correlation_id


async def same(memory: MemoryStore, sql: PostgresStore) -> None:
    """Everything that can be read is equal."""
    assert await memory.head() == await sql.head()
    assert list(map(seen, await memory.read_all())) == list(map(seen, await sql.read_all()))
    assert list(await memory.balances()) == list(await sql.balances())
    for stream in STREAMS:
        assert list(map(seen, await memory.read_stream(stream))) == list(map(seen, await sql.read_stream(stream)))


class Wanted:
    """Turns what was drawn into requests; a version that was not drawn is the right one as far as is known."""

    def __init__(self, memory: MemoryStore) -> None:
        self._memory = memory
        self._run = next(_run)

    async def group(self, drawn: list[Asked]) -> list[AppendRequest]:
        made = []
        versions = {stream: len(await self._memory.read_stream(stream)) for stream in STREAMS}
        for stream, expected, events, command, guarded in drawn:
            version = versions[stream] if expected is None else expected
            one = request(stream, version, events, **guarded)  # type: ignore[arg-type]  # drawn with these very names
            made.append(replace(one, command_id=ident(f"{self._run}/{command}")) if command else one)
            versions[stream] += events
        return made


async def compare(server: EmbeddedPostgres, drawn: list[list[Asked]]) -> None:
    clock = Clock()
    async with fresh_database(server) as dsn:
        memory, sql = MemoryStore(clock), await PostgresStore.open(dsn, clock=clock, readers=1)
        try:
            wanted = Wanted(memory)
            for group in drawn:
                requests = await wanted.group(group)
                assert await memory.append_many(requests) == await sql.append_many(requests)
                for one in requests:
                    assert await memory.find_command(one.command_id) == await sql.find_command(one.command_id)
                clock.move(minutes=7)
            await same(memory, sql)
        finally:
            await sql.close()


@settings(max_examples=60, deadline=None)
@given(drawn=groups)
def test_memory_and_sql_give_the_same_outcomes_and_the_same_log(
    postgres: EmbeddedPostgres, drawn: list[list[Asked]]
) -> None:
    asyncio.run(compare(postgres, drawn))


@pytest.mark.long
@settings(max_examples=5_000, deadline=None)
@given(drawn=groups)
def test_memory_and_sql_agree_five_thousand_times(postgres: EmbeddedPostgres, drawn: list[list[Asked]]) -> None:
    asyncio.run(compare(postgres, drawn))
