"""What every vault promises: one secret a subject, for ever the same, until it is destroyed for ever."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from events.adapters.embedded import EmbeddedPostgres
from events.adapters.memory import MemoryVault
from events.adapters.postgres.store import PostgresStore
from events.adapters.postgres.vault import PostgresVault
from events.vault import Vault
from tests.conftest import fresh_database
from tests.contract.making import ident

ANN, BOB = ident("Ann"), ident("Bob")


@pytest.fixture(params=["memory", "postgres"])
async def vault(request: pytest.FixtureRequest, postgres: EmbeddedPostgres) -> AsyncIterator[Vault]:
    if request.param == "memory":
        yield MemoryVault()
        return
    async with fresh_database(postgres) as dsn:
        store = await PostgresStore.open(dsn)
        yield PostgresVault(store.pool, b"m" * 32)
        await store.close()


async def test_an_unknown_subject_has_no_secret_unless_one_is_made(vault: Vault) -> None:
    assert await vault.keys([ANN], create=False) == {}

    made = await vault.keys([ANN], create=True)

    assert len(made[ANN]) == 32
    assert await vault.keys([ANN, BOB], create=False) == made


async def test_a_secret_stays_the_same_and_differs_between_subjects(vault: Vault) -> None:
    first = await vault.keys([ANN, BOB, ANN], create=True)

    assert await vault.keys([BOB, ANN], create=True) == first
    assert first[ANN] != first[BOB]


async def test_who_asks_at_the_same_time_gets_the_same_secret(vault: Vault) -> None:
    """Given: subjects without a secret. When: many ask for theirs at once. Then: each subject has one, for all."""
    told = await asyncio.gather(*(vault.keys([ANN, BOB][: 1 + number % 2], create=True) for number in range(20)))
    assert {one[ANN] for one in told} == {told[0][ANN]}
    assert {one[BOB] for one in told if BOB in one} == {told[1][BOB]}
    assert told[0][ANN] != told[1][BOB]


async def test_a_destroyed_secret_is_gone_and_is_never_made_anew(vault: Vault) -> None:
    await vault.keys([ANN, BOB], create=True)

    await vault.destroy(ANN)
    await vault.destroy(ANN)

    assert set(await vault.keys([ANN, BOB], create=True)) == {BOB}


async def test_a_subject_erased_before_it_was_known_gets_no_secret(vault: Vault) -> None:
    await vault.destroy(ANN)

    assert await vault.keys([ANN], create=True) == {}


async def test_nothing_asked_is_nothing_answered(vault: Vault) -> None:
    assert await vault.keys([], create=True) == {}


async def test_two_processes_that_make_a_secret_at_once_agree(postgres: EmbeddedPostgres) -> None:
    """Given: two processes. When: both make the same subjects' secrets, in another order. Then: they agree."""
    async with fresh_database(postgres) as dsn:
        stores = [await PostgresStore.open(dsn) for _ in range(2)]
        one, two = (PostgresVault(store.pool, b"m" * 32) for store in stores)
        for number in range(20):
            subjects = [ident(f"{number}/{name}") for name in range(8)]
            first, second = await asyncio.gather(one.keys(subjects, create=True), two.keys(subjects[::-1], create=True))
            assert first == second
            assert set(first) == set(subjects)
        for store in stores:
            await store.close()
