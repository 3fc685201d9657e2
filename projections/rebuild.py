"""A view built anew beside the one in use, compared with it, and put in its place; who reads sees no gap.

The new rows are folded in memory from the log, copied into `<name>_v<N+1>` without indexes, indexed, and compared with
the old table as it stood at the same position. Then, in one transaction, what came meanwhile is folded in, the view is
pointed at the new table and the old one is dropped. What stood still for the view is in the new table, so its stuck
list is empty then; what was discarded is left out.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable, Iterator, Mapping
from contextlib import aclosing, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from events.catalog import FACT_TYPES
from events.failures import CannotRun
from projections import sql
from projections.frames import Page, decoder, reads_little
from projections.runner import in_our_words, prepare, table_sql
from projections.view import Key, View, columns

if TYPE_CHECKING:
    from asyncpg import Pool, Record

    from projections.runner import AnyConnection

PAGE = 1_000
"""Positions a question: few enough that the rows are gone before the collector counts them (5,000 cost a quarter)."""
SHOWN = 20

Progress = Callable[[int, int], None]
"""Called with (position reached, position aimed at)."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild did. `equal` is None when there was nothing of the same version to compare with.

    `differences` names up to twenty keys whose old and new rows differ. The new rows count: they come from the log.
    """

    view: str
    position: int
    events: int
    rows: int
    seconds: float
    fold_seconds: float
    equal: bool | None
    differences: list[str] = field(default_factory=list)


class Undigested(CannotRun):
    """The log holds an event that this version of the fold cannot take in; the view is as it was."""


@dataclass
class _Build:
    """A table in the making. `left_out` are the positions that somebody discarded for this view."""

    view: View[Any]
    table: str
    read: Page
    position: int = 0
    events: int = 0
    copied: int = 0
    fold_seconds: float = 0.0
    rows: dict[Key, Any] = field(default_factory=dict)
    left_out: frozenset[int] = frozenset()

    def finished(self) -> list[Any]:
        """The rows that no later event reads, taken out of memory: a rebuild's size does not hang on them."""
        final = self.view.final
        done = list(self.rows) if final is None else [key for key, row in self.rows.items() if final(row)]
        return [self.rows.pop(key) for key in done]

    def take_in(self, page: list[Any], taken: list[Any] | None = None) -> None:
        """Fold a page of the log, and add its events to `taken`; Undigested names the first that cannot be."""
        evolve, rows, done = self.view.evolve, self.rows, 0
        try:
            for event in self.read(page):
                evolve(rows, event)
                done += 1
                if taken is not None:
                    taken.append(event)
        except Exception as error:  # whatever a fold meets, who rebuilds must hear which event it was
            raise Undigested(
                f"The view {self.view.name} cannot take in position {page[done]['position']} of the log "
                f"({type(error).__name__}): mend the program, or discard it with wijkspoor parked discard."
            ) from error


class WouldBreak(CannotRun):
    """The rebuild would change what outsiders were told; the view stays as it was."""

    def __init__(self, view: View[Any], changed: list[str]) -> None:
        super().__init__(
            f"The view {view.name} would tell {len(changed)} rows otherwise than it did (first {changed[0]}) and was "
            "left as it is: tell what is new under a new type, from now on."
        )


@asynccontextmanager
async def _alone(connection: AnyConnection, view: View[Any]) -> AsyncIterator[None]:
    """One rebuild of a view at a time, whoever begins it."""
    name = f"rebuild/{view.name}"
    await connection.execute("SELECT pg_advisory_lock(hashtext($1))", name)
    try:
        yield
    finally:
        await connection.execute("SELECT pg_advisory_unlock(hashtext($1))", name)


def _silent(_reached: int, _aim: int) -> None:
    """Nobody is watching."""


async def rebuild(pool: Pool[Record], view: View[Any], progress: Progress = _silent) -> Rebuilt:
    """Build the view anew from the whole log, whether it runs meanwhile, is outdated or was never there.

    StoreUnavailable when the database cannot serve; the view is then as it was.
    """
    loop = asyncio.get_running_loop()
    start = loop.time()
    with in_our_words():
        current = await prepare(pool, view)
        async with pool.acquire() as connection, _alone(connection, view):
            generation = await connection.fetchval("SELECT generation FROM projection_live WHERE name = $1", view.name)
            build = _Build(view, f"{view.name}_v{generation + 1}", decoder(view))
            build.left_out = await _left_out(connection, view)
            await connection.execute(f"DROP TABLE IF EXISTS {build.table}")
            await connection.execute(table_sql(view, build.table)[0])
            aim = await connection.fetchval("SELECT position FROM store.counter")
            old, kept = dict[str, str](), dict[str, str]()
            if current or view.promised:
                old_table = f"{view.name}_v{generation}"
                aim, old, kept = await _as_it_stands(connection, view, old_table, rows=current)
            await _fold(pool, connection, build, aim, progress)
            await _copy(connection, build, list(build.rows.values()))
            if view.appends:
                build.rows.clear()
            await connection.execute(table_sql(view, build.table)[1])
            equal, differences = None, list[str]()
            if current:
                differences = _differences(old, await _digests(connection, view, build.table))
                equal = not differences
            if view.promised:
                await _keep_promise(connection, build, kept)
            await _swap(connection, build, generation, current)
            rows = await connection.fetchval(f"SELECT count(*) FROM {view.name}")  # noqa: S608 -- our own name
    return Rebuilt(
        view=view.name,
        position=build.position,
        events=build.events,
        rows=rows,
        seconds=loop.time() - start,
        fold_seconds=build.fold_seconds,
        equal=equal,
        differences=differences[:SHOWN],
    )


async def _left_out(connection: AnyConnection, view: View[Any]) -> frozenset[int]:
    """What was discarded; Undigested while something waits whose type is not known here: it might concern the view."""
    unknown = await connection.fetchrow(
        "SELECT position, type FROM store.parked WHERE consumer = $1 AND reason = 'unknown-type' AND type <> ALL($2)",
        view.name,
        list(FACT_TYPES),
    )
    if unknown is not None:
        raise Undigested(f"Position {unknown['position']} has the unknown type {unknown['type']}: upgrade first.")
    rows = await connection.fetch("SELECT position FROM store.discarded WHERE consumer = $1", view.name)
    return frozenset(row["position"] for row in rows)


async def _keep_promise(connection: AnyConnection, build: _Build, told: Mapping[str, str]) -> None:
    """WouldBreak, and the new table is gone, if a row says otherwise than outsiders were told."""
    changed = _differences(told, await _digests(connection, build.view, build.table, build.view.promised))
    if changed:
        await connection.execute(f"DROP TABLE {build.table}")
        raise WouldBreak(build.view, changed)


async def _as_it_stands(
    connection: AnyConnection, view: View[Any], table: str, *, rows: bool
) -> tuple[int, dict[str, str], dict[str, str]]:
    """The old table's place, the digests of its rows if they can be compared, and those of what was promised.

    One snapshot for all three: the view's consumer goes on meanwhile, and what it adds belongs to a later place.
    """
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        place = await connection.fetchval("SELECT position FROM store.consumer_place WHERE consumer = $1", view.name)
        whole = await _digests(connection, view, table) if rows else {}
        promised = await _digests(connection, view, table, view.promised) if view.promised else {}
        return int(place), whole, promised


async def _digests(
    connection: AnyConnection, view: View[Any], table: str, names: tuple[str, ...] = ()
) -> dict[str, str]:
    what = f"ROW({', '.join(names)})" if names else "t"
    keys = " || ' ' || ".join(f"{name}::text" for name in view.key)
    found = await connection.fetch(f"SELECT {keys} AS name, md5({what}::text) AS digest FROM {table} AS t")  # noqa: S608 -- our own names
    return {row["name"]: row["digest"] for row in found}


def _differences(old: Mapping[str, str], new: Mapping[str, str]) -> list[str]:
    return sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))


async def _fold(pool: Pool[Record], connection: AnyConnection, build: _Build, aim: int, progress: Progress) -> None:
    """Fold up to the position `aim`. A view that only appends is copied page by page, so its size does not matter."""
    loop = asyncio.get_running_loop()
    async with pool.acquire() as reader, aclosing(_ahead(_pages(reader, build, aim))) as pages:
        async for page in pages:
            start = loop.time()
            with _without_collector():
                build.take_in(page)
            build.fold_seconds += loop.time() - start
            build.events += len(page)
            if build.view.appends or build.view.final:
                await _copy(connection, build, build.finished())
            progress(page[-1]["position"], aim)
    build.position = aim
    progress(aim, aim)


@contextmanager
def _without_collector() -> Iterator[None]:
    """A fold makes no cycles, so the collector would only walk the rows again and again."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


async def _pages(connection: AnyConnection, build: _Build, aim: int) -> AsyncIterator[list[Any]]:
    types, whole = sorted(build.view.folds), not reads_little(build.view)
    after = build.position
    while after < aim:
        before, after = after, min(after + PAGE, aim)
        page = await connection.fetch(_page_sql(), before, after, types, whole)
        if build.left_out:
            page = [line for line in page if line["position"] not in build.left_out]
        if page:
            yield page


async def _ahead(pages: AsyncIterator[list[Any]]) -> AsyncGenerator[list[Any], None]:
    """The same pages; the server makes the next one while this one is folded."""

    async def following() -> list[Any] | None:
        return await anext(pages, None)

    task = asyncio.create_task(following())
    try:
        while (page := await task) is not None:
            task = asyncio.create_task(following())
            # One turn of the loop, so that the question is on its way before the fold keeps the loop busy.
            await asyncio.sleep(0)
            yield page
    finally:
        # A fold that fails leaves a question open, and its connection may not be used before it has ended.
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@cache
def _page_sql() -> str:
    return (Path(__file__).parent / "page.sql").read_text()


async def _copy(connection: AnyConnection, build: _Build, rows: list[Any]) -> None:
    names = columns(build.view)
    lines = [sql.csv_line(msgspec.structs.astuple(row)) for row in rows]
    await connection.copy_to_table(
        build.table, source=BytesIO("".join(lines).encode()), columns=list(names), format="csv", null=""
    )
    build.copied += len(rows)


async def _swap(connection: AnyConnection, build: _Build, generation: int, current: bool) -> None:
    """Catch up under the lock of the place, and let the new table be the one that is read."""
    view = build.view
    async with connection.transaction():
        # Whoever writes takes the view before the place, in one statement; so do we. Who reads goes on reading.
        await connection.execute(f"LOCK TABLE {view.name} IN SHARE ROW EXCLUSIVE MODE")
        place = await connection.fetchval(
            "SELECT position FROM store.consumer_place WHERE consumer = $1 FOR UPDATE", view.name
        )
        await _catch_up(connection, build, max(place, build.position))
        await connection.execute(
            "UPDATE store.consumer_place SET position = $2 WHERE consumer = $1", view.name, build.position
        )
        replace = "CREATE OR REPLACE VIEW" if current else "CREATE VIEW"
        if not current:
            await connection.execute(f"DROP VIEW {view.name}")
        await connection.execute(f"{replace} {view.name} AS SELECT * FROM {build.table}")  # noqa: S608 -- our own names
        await connection.execute(f"DROP TABLE {view.name}_v{generation}")
        await connection.execute("DELETE FROM store.parked WHERE consumer = $1", view.name)
        await connection.execute(
            "UPDATE projection_live SET version = $2, generation = $3, built_at = now() WHERE name = $1",
            view.name,
            view.version,
            generation + 1,
        )


async def _catch_up(connection: AnyConnection, build: _Build, aim: int) -> None:
    async for page in _pages(connection, build, aim):
        fresh: list[Any] = []
        build.take_in(page, fresh)
        build.events += len(page)
        await _write(connection, build, _touched(build, fresh))
    build.position = aim


def _touched(build: _Build, events: Iterable[Any]) -> list[Any]:
    if build.view.appends:
        rows = list(build.rows.values())
        build.rows.clear()
        return rows
    keys = {key for event in events for key in build.view.keys(event)}
    return [build.rows[key] for key in keys if key in build.rows]


async def _write(connection: AnyConnection, build: _Build, rows: list[Any]) -> None:
    if rows:
        await connection.execute(sql.upsert(build.view, build.table), msgspec.json.encode(rows).decode())
