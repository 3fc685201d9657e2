"""The event store on PostgreSQL: one writer, a few readers, and a pulse that tells when the log grows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Self

from events.adapters.postgres.batch import check
from events.adapters.postgres.connect import ROLE, in_our_words, open_pool
from events.adapters.postgres.pulse import Pulse
from events.adapters.postgres.restoring import Restoring
from events.adapters.postgres.rows import command_record, recorded
from events.adapters.postgres.together import Together
from events.adapters.postgres.writer import Writer
from events.adapters.sql import statement
from events.failures import MigrationFailed
from events.history import Former
from events.store import (
    Appended,
    AppendRequest,
    Balance,
    CommandRecord,
    Head,
    Outcome,
    Recorded,
    StoreUnavailable,
)

if TYPE_CHECKING:
    from asyncpg import Pool, Record


class PostgresStore:
    """An EventStore on a migrated database. Make it with `open`, end it with `close`."""

    def __init__(self, dsn: str, pool: Pool[Record], clock: Callable[[], datetime] | None, role: str = ROLE) -> None:
        self.dsn = dsn
        self.pool = pool
        self._pulse = Pulse(dsn, role=role)
        self._life: tuple[datetime | None, ...] | None = None
        self._writer = Writer(dsn, clock, self._pulse.told, role)
        self._restoring = Restoring(dsn)
        self._streams = Together(self._read_streams)
        self._commands = Together(self._find_commands)

    @classmethod
    async def open(
        cls, dsn: str, *, clock: Callable[[], datetime] | None = None, readers: int = 4, role: str = ROLE
    ) -> Self:
        """Connect to a migrated database. `clock` (aware) replaces the database's clock for the recording time; `role`
        is the one of the database whose rights every connection takes.

        StoreUnavailable when there is no server, MigrationFailed when the database has no store in it.
        """
        pool = await open_pool(dsn, readers, role)
        try:
            with in_our_words():
                schema = await pool.fetchval("SELECT to_regclass('store.counter')")
        except StoreUnavailable:
            await pool.close()
            raise
        if schema is None:
            await pool.close()
            raise MigrationFailed("The database has no event store in it: run the migrations first.")
        return cls(dsn, pool, clock, role)

    async def close(self) -> None:
        """Finish what is queued, then disconnect."""
        await self._writer.close()
        await self._restoring.close()
        await self._pulse.close()
        await self.pool.close()

    async def append(self, request: AppendRequest) -> Outcome:
        """As the port says."""
        return await self._writer.submit(request)

    async def append_many(self, requests: Sequence[AppendRequest]) -> list[Outcome]:
        """As the port says; what cannot be stored is raised after the others were written."""
        for request in requests:
            check(request)
        answers = await asyncio.gather(*map(self._writer.submit, requests), return_exceptions=True)
        return _none_failed(answers)

    async def restore(self, formers: Sequence[Former]) -> list[Outcome]:
        """Append with the recording times that the events had: for bringing a log back from an export or from Kafka.

        It ends with the first that does not come to stand where it stood; in bulk where the log is followed from its
        first event with the owner's rights, else as it was first appended.
        """
        outcomes = await self._restoring.write(formers)
        if outcomes is None:
            outcomes = []
            for recorded_at, group in groupby(formers, key=lambda former: former.recorded_at):
                same = list(group)
                answers = _none_failed(await self._writer.write([one.request for one in same], recorded_at))
                outcomes += answers
                if not all(one.stands(answer) for one, answer in zip(same, answers, strict=True)):
                    break
            self._restoring.follow(formers, outcomes)
        self._pulse.told(max((one.record.position for one in outcomes if isinstance(one, Appended)), default=0))
        return outcomes

    async def synced(self) -> None:
        """What was restored may wait for the disk; when this returns it is there."""
        await self._restoring.synced()

    async def find_command(self, command_id: str) -> CommandRecord | None:
        """As the port says."""
        return await self._commands.get(command_id)

    async def read_stream(self, stream: str, after_version: int = 0) -> Sequence[Recorded]:
        """As the port says."""
        return await self._streams.get((stream, after_version)) or []

    async def read_all(
        self, after_position: int = 0, *, types: Sequence[str] | None = None, limit: int = 1_000
    ) -> Sequence[Recorded]:
        """As the port says."""
        with in_our_words():
            if types is None:
                return recorded(await self.pool.fetch(statement("read_all"), after_position, limit))
            return recorded(await self.pool.fetch(statement("read_types"), after_position, limit, list(types)))

    async def read_case(self, correlation_id: str) -> Sequence[Recorded]:
        """As the port says."""
        with in_our_words():
            return recorded(await self.pool.fetch(statement("read_case"), correlation_id))

    async def head(self) -> Head:
        """As the port says."""
        with in_our_words():
            row = await self.pool.fetchrow(statement("head"))
        return Head(row["position"], row["recorded_at"]) if row is not None else Head(0, None)

    async def wait_for(self, position: int, timeout: float) -> bool:
        """As the port says."""
        return await self._pulse.reached(position, timeout)

    async def unbroken(self) -> None:
        """StoreUnavailable, once, when the server has begun anew since this was last asked, however short that took.

        A server that crashed may have forgotten what it had promised only soon to sync: whoever holds something of that
        in memory begins again.
        """
        with in_our_words():
            row = await self.pool.fetchrow(statement("life"))
        before, self._life = self._life, tuple(row) if row is not None else None
        if before not in {None, self._life}:
            raise StoreUnavailable("the database was away for a moment")

    async def _read_streams(self, asked: Sequence[tuple[str, int]]) -> dict[tuple[str, int], list[Recorded]]:
        with in_our_words():
            rows = await self.pool.fetch(statement("read_streams"), *map(list, zip(*asked, strict=True)))
        return {asked[number - 1]: recorded(row[1:] for row in few) for number, few in groupby(rows, itemgetter(0))}

    async def _find_commands(self, asked: Sequence[str]) -> dict[str, CommandRecord]:
        with in_our_words():
            found = [command_record(row) for row in await self.pool.fetch(statement("find_commands"), asked)]
        return {one.command_id: one for one in found}

    async def balances(self) -> Sequence[Balance]:
        """As the port says; an account that holds and awaits nothing is left out."""
        with in_our_words():
            return [Balance(**dict(row)) for row in await self.pool.fetch(statement("balances"))]


def _none_failed(answers: Iterable[Outcome | BaseException]) -> list[Outcome]:
    outcomes = []
    for answer in answers:
        if isinstance(answer, BaseException):
            raise answer
        outcomes.append(answer)
    return outcomes
