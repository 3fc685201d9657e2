"""What only the store on PostgreSQL promises: it outlives its server, reads in pages, and can be restored."""

from __future__ import annotations

import asyncio
import os
import signal
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest

from events.adapters.embedded import EmbeddedPostgres
from events.adapters.postgres.migrate import migrate
from events.adapters.postgres.store import PostgresStore
from events.adapters.postgres.vault import PostgresVault, WrongMasterKey
from events.adapters.sql import statement
from events.failures import MigrationFailed
from events.history import Former
from events.store import Appended, StoreUnavailable
from tests.contract.making import ident, prepared, request


async def test_a_database_without_the_schema_is_named(postgres: EmbeddedPostgres) -> None:
    with pytest.raises(MigrationFailed):
        await PostgresStore.open(postgres.dsn(database="postgres"))


async def test_a_server_that_is_not_there_is_unavailable() -> None:
    with pytest.raises(StoreUnavailable):
        await PostgresStore.open("postgresql://wijkspoor@/wijkspoor?host=%2Fnowhere&port=5432")


def test_a_store_outlives_its_server(data_folder: Path) -> None:
    """Appends fail while the server is down, acknowledge nothing, and go on when it is back; so do reads and waits."""
    with EmbeddedPostgres(data_folder) as server:
        migrate(server.dsn())
        asyncio.run(outlive(server))


async def outlive(server: EmbeddedPostgres) -> None:
    store = await PostgresStore.open(server.dsn())
    await store.append(request("call-1", 0))
    waiting = asyncio.create_task(store.wait_for(3, 30))
    assert server.pid is not None
    os.kill(server.pid, signal.SIGKILL)
    with pytest.raises(StoreUnavailable):
        while True:
            await store.append(request("call-2", 0, 0))
    server.restart()

    assert isinstance(await store.append(request("call-1", 1)), Appended)
    async with asyncio.timeout(20):
        while True:
            try:
                assert [one.position for one in await store.read_all()] == [1, 2]
                break
            except StoreUnavailable:
                continue
    other = await PostgresStore.open(server.dsn())
    await other.append(request("call-1", 2))
    assert await waiting
    await other.close()
    await store.close()


async def test_reading_some_types_takes_no_sort_of_the_whole_log_before_it_has_statistics(store: PostgresStore) -> None:
    await store.append(request("call-1", 0, [prepared("ABC"[i % 3]) for i in range(300)]))

    async with store.pool.acquire() as connection:
        plan = await connection.fetch(f"EXPLAIN {statement('read_types')}", 0, 10, ["A", "B"])

    used = "\n".join(row[0] for row in plan)
    assert "Seq Scan" not in used, used
    assert used.count("Index Only Scan using log_type") == 1, used
    assert [one.position for one in await store.read_all(4, types=["A", "C"], limit=4)] == [6, 7, 9, 10]


async def test_a_restored_log_has_the_recording_times_it_had(store: PostgresStore) -> None:
    then = datetime(2021, 3, 11, 9, 0, 0, 123_456, tzinfo=UTC)

    await store.restore([Former(1, then, request("call-1", 0, 2)), Former(3, then, request("call-2", 0))])

    assert [(one.position, one.recorded_at) for one in await store.read_all()] == [(1, then), (2, then), (3, then)]


async def test_closing_writes_what_was_queued(dsn: str) -> None:
    store = await PostgresStore.open(dsn)
    waiting = [asyncio.ensure_future(store.append(request(f"call-{n}", 0))) for n in range(20)]
    await asyncio.sleep(0)
    await store.close()

    assert all(isinstance(one, Appended) for one in await asyncio.gather(*waiting))
    with pytest.raises(StoreUnavailable):
        await store.append(request("call-99", 0))


async def test_two_processes_that_race_for_a_stream_get_one_version_each(dsn: str) -> None:
    one, other = await PostgresStore.open(dsn), await PostgresStore.open(dsn)

    async def push(store: PostgresStore, name: str) -> int:
        won, version = 0, 0
        while won < 50:
            outcome = await store.append(request("call-1", version))
            if isinstance(outcome, Appended):
                won += 1
                version = outcome.record.version
            else:
                version = outcome.current_version  # type: ignore[union-attr]  # nothing else can come here
        return won

    await asyncio.gather(push(one, "a"), push(other, "b"))

    log = await one.read_all()
    assert [event.version for event in log] == [event.position for event in log] == list(range(1, 101))
    await one.close()
    await other.close()


async def test_a_secret_lies_wrapped_and_opens_under_no_other_master_key(store: PostgresStore) -> None:
    vault = PostgresVault(store.pool, b"m" * 32)
    [secret] = (await vault.keys([ident("Ann")], create=True)).values()

    wrapped = await store.pool.fetchval("SELECT wrapped FROM vault.subject_key")

    assert secret not in wrapped
    with pytest.raises(WrongMasterKey):
        await PostgresVault(store.pool, b"x" * 32).keys([ident("Ann")], create=False)


async def test_a_wrapped_secret_opens_for_its_own_subject_only(store: PostgresStore, dsn: str) -> None:
    vault = PostgresVault(store.pool, b"m" * 32)
    await vault.keys([ident("Ann"), ident("Bob")], create=True)
    owner = await asyncpg.connect(dsn)
    await owner.execute("UPDATE vault.subject_key SET wrapped = (SELECT wrapped FROM vault.subject_key LIMIT 1)")
    await owner.close()

    with pytest.raises(WrongMasterKey):
        await PostgresVault(store.pool, b"m" * 32).keys([ident("Ann"), ident("Bob")], create=False)


async def test_after_rewrapping_the_old_master_key_opens_nothing(store: PostgresStore) -> None:
    vault = PostgresVault(store.pool, b"m" * 32)
    before = await vault.keys([ident("Ann"), ident("Bob")], create=True)
    await vault.destroy(ident("Bob"))

    assert await vault.rewrap(b"n" * 32) == 1

    vault.forget()
    assert await vault.keys([ident("Ann"), ident("Bob")], create=False) == {ident("Ann"): before[ident("Ann")]}
    with pytest.raises(WrongMasterKey):
        await PostgresVault(store.pool, b"m" * 32).keys([ident("Ann")], create=False)


async def test_memory_holds_so_many_secrets_and_no_more(store: PostgresStore) -> None:
    vault = PostgresVault(store.pool, b"m" * 32, remembered=2)
    names = [ident(n) for n in range(5)]

    first = await vault.keys(names, create=True)

    assert len(vault._secrets) == 2
    assert await vault.keys(names, create=False) == first
