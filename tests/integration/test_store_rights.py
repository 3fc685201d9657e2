"""What happened stays as it was written: by rights for the application, by trigger for everybody else."""

from __future__ import annotations

from collections.abc import AsyncIterator

import asyncpg
import pytest

from events.adapters.postgres.connect import ROLE
from events.adapters.postgres.store import PostgresStore
from events.ledger import Transfer
from events.unique import KeyChange
from tests.contract.making import request

FINAL = ["store.log", "store.command", "store.transfer", "store.meta"]
KEPT_BY_APPEND = ["store.counter", "store.account", "store.unique_key", "store.transfer", "store.command", "store.log"]
CHANGES = {
    "update": "UPDATE {table} SET {column} = {column}",
    "delete": "DELETE FROM {table}",
    "truncate": "TRUNCATE {table}",
}
READ = "SELECT * FROM {table}"
COPY = "INSERT INTO {table} SELECT * FROM {table}"
COLUMN = {
    "store.log": "type",
    "store.command": "answer",
    "store.transfer": "amount_cents",
    "store.meta": "value",
    "store.counter": "position",
    "store.account": "debits_posted",
    "store.unique_key": "holder",
}


@pytest.fixture
async def filled(dsn: str) -> str:
    """A database with something in every table."""
    store = await PostgresStore.open(dsn, readers=1)
    money = [Transfer("posted", 5, "CONTROL:c", "AVAILABLE:c")]
    await store.append(request("call-1", 0, 2, transfers=money, keys=[KeyChange("claim", "k", "a")]))
    await store.pool.execute("INSERT INTO store.meta VALUES ('origin', 'test')")
    await store.close()
    return dsn


@pytest.fixture
async def owner(filled: str) -> AsyncIterator[asyncpg.Connection[asyncpg.Record]]:
    connection = await asyncpg.connect(filled)
    yield connection
    await connection.close()


@pytest.fixture
async def application(filled: str) -> AsyncIterator[asyncpg.Connection[asyncpg.Record]]:
    connection = await asyncpg.connect(filled, user=ROLE)
    yield connection
    await connection.close()


def attempt(change: str, table: str) -> str:
    return CHANGES[change].format(table=table, column=COLUMN[table])


@pytest.mark.parametrize("table", KEPT_BY_APPEND)
@pytest.mark.parametrize("change", CHANGES)
async def test_the_application_has_no_right_to_change_what_append_wrote(
    application: asyncpg.Connection[asyncpg.Record], table: str, change: str
) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="permission denied"):
        await application.execute(attempt(change, table))


@pytest.mark.parametrize("table", KEPT_BY_APPEND)
async def test_the_application_writes_there_only_through_append(
    application: asyncpg.Connection[asyncpg.Record], table: str
) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="permission denied"):
        await application.execute(COPY.format(table=table))


@pytest.mark.parametrize("change", CHANGES)
async def test_the_application_cannot_change_what_is_true_of_the_log_as_a_whole(
    application: asyncpg.Connection[asyncpg.Record], change: str
) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await application.execute(attempt(change, "store.meta"))


@pytest.mark.parametrize("replica", [False, True])
@pytest.mark.parametrize("table", FINAL)
@pytest.mark.parametrize("change", CHANGES)
async def test_the_owner_too_is_refused_even_while_playing_a_replica(
    owner: asyncpg.Connection[asyncpg.Record], table: str, change: str, replica: bool
) -> None:
    if replica:
        await owner.execute("SET session_replication_role = replica")
    before = await owner.fetch(READ.format(table=table))

    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="stays as it was written"):
        await owner.execute(attempt(change, table))

    assert await owner.fetch(READ.format(table=table)) == before


async def test_the_application_cannot_lift_the_protection(application: asyncpg.Connection[asyncpg.Record]) -> None:
    for statement in (
        "ALTER TABLE store.log DISABLE TRIGGER log_is_final",
        "DROP TRIGGER log_is_final ON store.log",
        "SET session_replication_role = replica",
        "CREATE OR REPLACE FUNCTION store.refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
        "CREATE TABLE store.mine (n int)",
        "DELETE FROM vault.subject_key",
        "TRUNCATE vault.subject_key",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await application.execute(statement)


async def test_a_store_opened_with_the_owners_address_has_the_applications_rights_only(filled: str) -> None:
    store = await PostgresStore.open(filled, readers=1)
    assert await store.pool.fetchval("SELECT current_user") == ROLE
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await store.pool.execute("DELETE FROM store.log")
    await store.close()


async def test_the_table_has_the_last_word_on_the_limit(owner: asyncpg.Connection[asyncpg.Record]) -> None:
    with pytest.raises(asyncpg.CheckViolationError):
        await owner.execute("UPDATE store.account SET debits_posted = 6 WHERE account = 'AVAILABLE:c'")
    await owner.execute("UPDATE store.account SET debits_posted = 6 WHERE account = 'CONTROL:c'")
