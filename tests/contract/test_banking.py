"""What every line to the bank and every book of its files promise."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from events.adapters.bank_folder import FolderLine
from events.adapters.embedded import EmbeddedPostgres
from events.adapters.memory_banking import MemoryBook, MemoryLine
from events.adapters.postgres.banking import PostgresBook
from events.adapters.postgres.store import PostgresStore
from events.banking import BankBook, BankLine, Listed, Reading, Waiting
from events.failures import CannotRun
from tests.conftest import fresh_database

Leaves = Callable[[str, bytes], None]


@pytest.fixture(params=["memory", "folder"])
def ends(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[BankLine, Leaves]]:
    """A line, and how the bank leaves a file on it."""
    if request.param == "memory":
        memory = MemoryLine()
        yield memory, memory.incoming.__setitem__
        return

    def leave(name: str, content: bytes) -> None:
        folder = tmp_path / "bank" / "incoming"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)

    yield FolderLine(tmp_path / "bank", rest_seconds=0.0), leave


async def test_files_that_came_in_are_named_in_order_and_read_as_they_are(ends: tuple[BankLine, Leaves]) -> None:
    line, leave = ends
    leave("b.xml", b"two")
    leave("a.xml", b"\x00one")

    assert await line.arrived() == ["a.xml", "b.xml"]
    assert await line.take("a.xml", 100) == b"\x00one"
    assert await line.take("c.xml", 100) is None


async def test_of_a_file_that_is_too_long_only_a_little_more_is_read(ends: tuple[BankLine, Leaves]) -> None:
    line, leave = ends
    leave("a.xml", b"0123456789")

    assert await line.take("a.xml", 4) == b"01234"


async def test_a_file_that_was_put_away_does_not_wait_any_more(ends: tuple[BankLine, Leaves]) -> None:
    line, leave = ends
    leave("a.xml", b"one")
    leave("b.xml", b"two")
    await line.settle("a.xml", "done", "1 read")
    await line.settle("a.xml", "rejected", "by another process")

    assert await line.arrived() == ["b.xml"]


async def test_the_same_file_is_given_to_the_bank_twice_without_harm_but_no_other_one(
    ends: tuple[BankLine, Leaves],
) -> None:
    line, _ = ends
    await line.hand_over("x.xml", b"one")
    await line.hand_over("x.xml", b"one")

    with pytest.raises(CannotRun):
        await line.hand_over("x.xml", b"two")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "bank"


async def test_what_goes_to_the_bank_can_be_read_by_its_owner_alone(folder: Path) -> None:
    await FolderLine(folder).hand_over("x.xml", b"one")

    assert [one.name for one in (folder / "outgoing").iterdir()] == ["x.xml"]
    assert (folder / "outgoing" / "x.xml").stat().st_mode & 0o777 == 0o600
    assert {(folder / name).stat().st_mode & 0o777 for name in ("outgoing", "incoming", "done", "rejected")} == {0o700}


async def test_a_file_half_written_by_a_killed_process_does_not_stand_in_the_way(folder: Path) -> None:
    line = FolderLine(folder)
    await line.arrived()
    (folder / "outgoing" / ".x.xml.part").write_bytes(b"on")
    await line.hand_over("x.xml", b"one")

    assert (folder / "outgoing" / "x.xml").read_bytes() == b"one"


async def test_what_is_still_being_written_is_left_alone(folder: Path) -> None:
    line = FolderLine(folder, rest_seconds=3600.0)
    await line.arrived()
    for name in ("fresh.xml", "old.xml.part", ".hidden", "old.TMP", "rested.xml"):
        (folder / "incoming" / name).write_bytes(b"")
    (folder / "incoming" / "folder").mkdir()
    for name in ("old.xml.part", ".hidden", "old.TMP", "rested.xml", "folder"):
        os.utime(folder / "incoming" / name, (0, 0))

    assert await line.arrived() == ["rested.xml"]


async def test_a_file_is_put_away_with_its_note_and_never_over_another(folder: Path) -> None:
    line = FolderLine(folder, rest_seconds=0.0)
    for note in ("first", "second"):
        await line.arrived()
        (folder / "incoming" / "a.xml").write_bytes(note.encode())
        await line.settle("a.xml", "rejected", note)

    rejected = folder / "rejected"
    assert {one.name for one in rejected.iterdir()} == {"a.xml", "a.xml.note.txt", "a.xml.2", "a.xml.2.note.txt"}
    assert (rejected / "a.xml.2").read_bytes() == b"second"
    assert (rejected / "a.xml.2.note.txt").read_text() == "second\n"
    assert {one.stat().st_mode & 0o777 for one in rejected.iterdir()} == {0o600}


async def test_a_link_is_never_followed(folder: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"secret")
    line = FolderLine(folder, rest_seconds=0.0)
    await line.arrived()
    (folder / "incoming" / "a.xml").symlink_to(secret)
    os.mkfifo(folder / "incoming" / "b.xml")

    assert await line.take("a.xml", 100) is None
    assert await line.take("b.xml", 100) is None
    await line.settle("a.xml", "rejected", "a link")
    assert secret.stat().st_mode & 0o777 != 0o600 or secret.read_bytes() == b"secret"
    assert await line.arrived() == ["b.xml"]


async def test_a_folder_that_cannot_be_used_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "bank").write_text("a file")

    with pytest.raises(CannotRun, match="mend it"):
        await FolderLine(tmp_path / "bank").arrived()


@pytest.fixture(params=["memory", "postgres"])
async def book(request: pytest.FixtureRequest, postgres: EmbeddedPostgres) -> AsyncIterator[BankBook]:
    if request.param == "memory":
        yield MemoryBook()
        return
    async with fresh_database(postgres) as dsn:
        store = await PostgresStore.open(dsn)
        yield PostgresBook(store.pool)
        await store.close()


READ = Reading("a" * 64, "a.xml", "pain.002.001.10", "S1", "done", 2, 1, 1)
UNKNOWN = Waiting("a" * 64, "a.xml", 3, "unknown-order", "no file held it", "e2e", 1, None)
WHOLE = Waiting("a" * 64, "a.xml", 0, "hostile", "it declares a type", None, None, "payment-order-x")


async def rows(book: BankBook, *, closed: bool = False) -> list[Listed]:
    return list(await book.listed(closed=closed))


async def test_a_file_is_written_down_once_with_all_that_waits_of_it(book: BankBook) -> None:
    assert await book.find(READ.digest) is None
    assert await book.keep(READ, [UNKNOWN, WHOLE])
    assert not await book.keep(replace(READ, name="again.xml"), [UNKNOWN])

    assert await book.find(READ.digest) == READ
    assert [row.waiting for row in await rows(book)] == [UNKNOWN, WHOLE]


async def test_two_processes_that_read_one_file_write_it_down_once(book: BankBook) -> None:
    kept = await asyncio.gather(*(book.keep(READ, [UNKNOWN]) for _ in range(4)))

    assert sorted(kept) == [False, False, False, True]
    assert len(await rows(book)) == 1


async def test_a_file_of_which_nothing_waits_leaves_the_list_as_it_is(book: BankBook) -> None:
    await book.keep(READ, [])

    assert await rows(book) == []


async def test_what_somebody_dealt_with_is_off_the_list_and_on_record(book: BankBook) -> None:
    await book.keep(READ, [UNKNOWN, WHOLE])
    number = (await rows(book))[0].number

    assert await book.close(number, "An", "paid by hand")
    assert not await book.close(number, "Bo", "again")
    assert not await book.close(99, "Bo", "none")
    assert [row.waiting for row in await rows(book)] == [WHOLE]
    assert [(row.closed_by, row.why) for row in await rows(book, closed=True)] == [("An", "paid by hand"), (None, None)]
    assert (await rows(book))[0].since.tzinfo is not None


async def test_what_is_parked_again_stands_there_once_until_it_was_dealt_with(book: BankBook) -> None:
    await book.park(WHOLE)
    await book.park(WHOLE)
    await book.park(replace(WHOLE, stream="payment-order-y"))
    assert len(await rows(book)) == 2

    await book.close((await rows(book))[0].number, "An", "mended")
    await book.park(WHOLE)
    assert len(await rows(book)) == 2
