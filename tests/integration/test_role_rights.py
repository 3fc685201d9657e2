"""Each role of a cluster has the rights of that role alone: every role × table × right, and every function."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping

import asyncpg
import pytest

from events.adapters.postgres.connect import open_pool
from projections.runner import prepare
from projections.views import VIEWS

ROLES = ("serve", "work", "relay", "project", "timers", "publish")
RIGHTS = {"S": "SELECT", "I": "INSERT", "U": "UPDATE", "D": "DELETE"}
ALL = dict.fromkeys(ROLES, "S")
DECIDE = dict.fromkeys(("serve", "work", "timers"), "S")

TABLES: Mapping[str, Mapping[str, str]] = {
    "store.log": ALL,
    "store.counter": ALL,
    "store.meta": ALL,
    "store.demo_time": {**ALL, "timers": "SIU"},
    "store.lease": dict.fromkeys(ROLES, "SIU"),
    "store.command": DECIDE,
    "store.account": {**DECIDE, "project": "S"},
    "store.transfer": DECIDE,
    "store.unique_key": DECIDE,
    "store.consumer_place": {"serve": "S", **dict.fromkeys(("work", "project", "timers", "publish"), "SIU")},
    "store.parked": {"work": "SIUD", "project": "SIUD", "timers": "SIUD", "serve": "S"},
    "store.discarded": {"work": "S", "project": "S", "timers": "S"},
    "store.timer": {"timers": "SIUD"},
    "store.relay": {"relay": "SU", "timers": "S", "work": "S"},
    "store.relay_partition": {"relay": "SIU", "timers": "S", "work": "S"},
    "vault.subject_key": {**dict.fromkeys(("serve", "work", "timers"), "SIU"), "publish": "S"},
    "subscription.endpoint": {"serve": "SIU", "publish": "SIU"},
    "subscription.attempt": {"serve": "SID", "publish": "SID"},
    "subscription.again": {"serve": "SID", "publish": "SID"},
    "subscription.manifest": {"serve": "S", "publish": "SI"},
    # The bank's side is the whole program's: no role of a cluster has to do with it.
    "store.bank_reading": {},
    "store.bank_waiting": {},
}
"""Table → role → what it may do. Whoever is not named may do nothing; nobody may truncate."""

VIEW: Mapping[str, str] = {"project": "SIUD", "serve": "S", "publish": "S"}

FUNCTIONS: Mapping[str, set[str]] = {
    "append_plain": {"serve", "work", "timers"},
    "append_judged": {"serve", "work", "timers"},
    "advance_place": {"work", "project", "timers", "publish"},
    "move_relay": {"relay"},
    "hold_stream": {"work", "project", "timers"},
    "park": {"work", "project", "timers"},
    "unpark": {"work", "project", "timers"},
    "discard": set(),
    "refuse_change": set(),
}


@pytest.fixture
async def owner(dsn: str) -> AsyncIterator[asyncpg.Connection[asyncpg.Record]]:
    """A migrated database with every view, as the whole program makes them."""
    pool = await open_pool(dsn, 1)
    for view in VIEWS.values():
        await prepare(pool, view)
    await pool.close()
    connection = await asyncpg.connect(dsn)
    yield connection
    await connection.close()


async def test_every_table_lets_each_role_do_what_it_must_and_no_more(
    owner: asyncpg.Connection[asyncpg.Record],
) -> None:
    found = await owner.fetch("SELECT schemaname, tablename FROM pg_tables WHERE schemaname !~ '^(pg_|information_)'")
    tables = {f"{row['schemaname']}.{row['tablename']}" for row in found}
    unknown = {name for name in tables - TABLES.keys() if not name.startswith("public.")}
    assert unknown == set(), "a new table needs its line"
    wrong = []
    for table in sorted(tables - {"public.schema_migrations"}):
        expected = TABLES.get(table, VIEW)
        for role in ROLES:
            for right in (*RIGHTS.values(), "TRUNCATE"):
                has = await owner.fetchval(
                    "SELECT has_schema_privilege($1, split_part($2, '.', 1), 'USAGE')"
                    " AND has_table_privilege($1, $2, $3)",
                    f"wijkspoor_{role}",
                    table,
                    right,
                )
                if has != (right in {RIGHTS[one] for one in expected.get(role, "")}):
                    wrong.append(f"{role} {'may' if has else 'may not'} {right} {table}")
    assert wrong == []


async def test_every_function_is_for_those_who_need_it(owner: asyncpg.Connection[asyncpg.Record]) -> None:
    found = await owner.fetch(
        "SELECT p.oid, p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'store'"
    )
    assert {row["proname"] for row in found} == FUNCTIONS.keys(), "a new function needs its line"
    wrong = [
        f"{role} {row['proname']}"
        for row in found
        for role in ROLES
        if await owner.fetchval(
            "SELECT has_function_privilege($1, $2::oid, 'EXECUTE')", f"wijkspoor_{role}", row["oid"]
        )
        != (role in FUNCTIONS[row["proname"]])
    ]
    assert wrong == []


async def test_no_role_logs_in_by_itself(owner: asyncpg.Connection[asyncpg.Record]) -> None:
    found = await owner.fetch(
        "SELECT rolname FROM pg_roles WHERE rolcanlogin AND rolname = ANY($1)", [*map(name_of, ROLES)]
    )
    assert found == []


def name_of(role: str) -> str:
    """The role's name in the database."""
    return f"wijkspoor_{role}"
