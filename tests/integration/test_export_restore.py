"""A log goes out to a folder and comes back into an empty store: same bytes, same books (decisions 22)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import TypeAlias
from uuid import UUID

import msgspec
import pytest

from events import canonical
from events.adapters.embedded import EmbeddedPostgres
from events.adapters.memory import MemoryStore
from events.adapters.postgres.store import PostgresStore
from events.catalog import FACT_TYPES, KINDS
from events.decision import AmountReserved, EnvelopeIncreased, ReservationReleased
from events.envelope import from_bytes, to_bytes
from events.history import Former
from events.store import Outcome, Recorded
from events.vocabulary import Written
from projections.audit.export import export
from projections.audit.restore import CannotRestore, NotVerified, TargetHasHistory, restore
from projections.audit.verify import verify
from tests.changing import replace
from tests.conftest import fresh_database
from tests.unit.events.proof.forge import ORIGIN, START, Draft, Forge, Shelf, signers, uuid

CALL, CASE = str(UUID(int=77)), str(UUID(int=78))


class Twin(MemoryStore):
    """The store in memory, told when its events were recorded."""

    def __init__(self) -> None:
        self.now = START
        super().__init__(lambda: self.now)

    async def restore(self, formers: Sequence[Former]) -> list[Outcome]:
        """Append each at its time."""
        outcomes = []
        for former in formers:
            self.now = former.recorded_at
            outcomes.append(await self.append(former.request))
            if not former.stands(outcomes[-1]):
                break
        return outcomes

    async def synced(self) -> None:
        """Memory is as durable as it gets."""


AnyStore: TypeAlias = Twin | PostgresStore


@pytest.fixture(params=["memory", "postgres"])
async def empty(request: pytest.FixtureRequest, postgres: EmbeddedPostgres) -> AsyncIterator[AnyStore]:
    """A store without events."""
    if request.param == "memory":
        yield Twin()
        return
    async with fresh_database(postgres) as dsn:
        opened = await PostgresStore.open(dsn)
        yield opened
        await opened.close()


def history(rounds: int = 20) -> list[Recorded]:
    """Keys, an envelope, and money set aside and freed again, all in real facts."""
    forge = Forge(kinds=KINDS)
    forge.register(*forge.keys.values())
    reason = Written(language="nl", text="meer geld")
    raised = EnvelopeIncreased(
        call=CALL, previous_cents=0, increase_cents=900, amount_cents=900, reference="r", reason=reason
    )
    command = uuid(forge.random)
    tell(forge, "envelope", CALL, raised, command)
    tell(forge, "envelope", CALL, raised, command)
    for attempt in range(1, rounds + 1):
        tell(forge, "grant", CASE, reserved(attempt), uuid(forge.random))
        freed = ReservationReleased(call=CALL, case=CASE, amount_cents=5, attempt=attempt, reason="redrafted")
        tell(forge, "grant", CASE, freed, uuid(forge.random))
    tell(forge, "grant", CASE, reserved(rounds + 1), uuid(forge.random))
    return forge.made


def reserved(attempt: int, cents: int = 5) -> AmountReserved:
    return AmountReserved(call=CALL, case=CASE, amount_cents=cents, attempt=attempt, proposal_version=1)


def tell(forge: Forge, kind: str, ident: str, fact: msgspec.Struct, command: str) -> None:
    data = msgspec.json.decode(canonical.encode(fact))
    forge.add(Draft(kind, ident, type(fact).__name__, data, command))
    # Events of one command share their moment of recording, as the store gives it.
    if len(forge.made) > 1 and command == from_bytes(forge.made[-2].body).command_id:
        forge.made[-1] = replace(forge.made[-1], recorded_at=forge.made[-2].recorded_at)


async def write(source: Shelf | AnyStore, out: Path) -> Path:
    await export(source, out, origin=ORIGIN, signer=signers()["log"], kinds=KINDS, lines_a_file=16)
    return out


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


async def test_a_restored_store_exports_the_same_bytes(empty: AnyStore, tmp_path: Path) -> None:
    first = await write(Shelf(history()), tmp_path / "first")
    assert verify(first, types=FACT_TYPES).ok
    heard: list[int] = []
    restored = await restore(first, empty, types=FACT_TYPES, progress=heard.append)
    assert (restored.events, restored.known) == (47, 0)
    assert heard == sorted(heard)
    assert heard[-1] == 47
    assert bytes_of(await write(empty, tmp_path / "second")) == bytes_of(first)


async def test_the_books_are_judged_again_from_the_facts(empty: AnyStore, tmp_path: Path) -> None:
    await restore(await write(Shelf(history()), tmp_path / "out"), empty)
    books = {one.account: one for one in await empty.balances()}
    available = books[f"AVAILABLE:{CALL}"]
    assert (available.posted, available.debits_pending) == (1_800, 5)
    assert books[f"COMMITTED:{CASE}"].credits_pending == 5


async def test_a_restored_command_is_known_by_its_events(empty: AnyStore, tmp_path: Path) -> None:
    events = history()
    await restore(await write(Shelf(events), tmp_path / "out"), empty)
    record = await empty.find_command(from_bytes(events[5].body).command_id)
    assert record is not None
    assert (record.first_position, record.position, record.count) == (5, 6, 2)


async def test_a_restore_that_broke_off_is_gone_on_with(empty: AnyStore, tmp_path: Path) -> None:
    events = history()
    await restore(await write(Shelf(events[:20]), tmp_path / "part"), empty)
    whole = await write(Shelf(events), tmp_path / "whole")
    assert (await restore(whole, empty)).known == 20
    assert bytes_of(await write(empty, tmp_path / "again")) == bytes_of(whole)


async def test_another_history_is_not_written_over(empty: AnyStore, tmp_path: Path) -> None:
    other = Forge(5, kinds=KINDS)
    other.register(*other.keys.values())
    await restore(await write(Shelf(other.made), tmp_path / "other"), empty)
    whole = await write(Shelf(history()), tmp_path / "whole")
    with pytest.raises((TargetHasHistory, CannotRestore)):
        await restore(whole, empty)
    assert (await empty.head()).position == 4
    short = await write(Shelf(history()[:2]), tmp_path / "short")
    with pytest.raises(TargetHasHistory, match="the store has 4 events"):
        await restore(short, empty)


async def test_an_export_with_a_fault_restores_nothing(empty: AnyStore, tmp_path: Path) -> None:
    out = await write(Shelf(history()), tmp_path / "out")
    (out / "keys.json").unlink()
    with pytest.raises(NotVerified, match="missing-file") as caught:
        await restore(out, empty)
    assert caught.value.findings[0].kind == "missing-file"
    assert (await empty.head()).position == 0


async def test_books_that_do_not_balance_are_not_restored_unseen(empty: AnyStore, tmp_path: Path) -> None:
    forge = Forge(kinds=KINDS)
    forge.register(*forge.keys.values())
    tell(forge, "grant", CASE, reserved(1, cents=1), uuid(forge.random))
    out = await write(Shelf(forge.made), tmp_path / "out")
    with pytest.raises(CannotRestore, match="position 5"):
        await restore(out, empty)


def test_the_forged_history_is_made_of_real_facts() -> None:
    assert all(to_bytes(from_bytes(event.body)) == event.body for event in history())
