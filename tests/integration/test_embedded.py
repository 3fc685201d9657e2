"""The embedded server: one owner a folder, reachable by nobody else, and it ends when its owner does."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import asyncpg
import psutil  # type: ignore[import-untyped]  # it has no types of its own
import pytest

from events.adapters import engine
from events.adapters.embedded import EmbeddedPostgres
from events.adapters.postgres.migrate import migrate
from events.failures import (
    CannotRun,
    DiskFull,
    FolderNotWritable,
    LockedByAnother,
    MigrationFailed,
    ServerDidNotStart,
)

ROOT = Path(__file__).parents[2]


class Owner:
    """A process of its own that owns, or adopts, the server on a folder."""

    def __init__(self, folder: Path, how: str = "own") -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.integration.writing", "own", folder, how],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.said = self.process.stdout.readline().split(maxsplit=1)

    @property
    def dsn(self) -> str:
        assert self.said[0] == "ready", self.said
        return str(self.said[1].split()[0])

    @property
    def server(self) -> psutil.Process:
        return psutil.Process(int(self.said[1].split()[1]))

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()

    def stop(self) -> None:
        self.process.communicate(timeout=30)


@pytest.fixture
def owners() -> Iterator[Callable[..., Owner]]:
    made: list[Owner] = []

    def make(folder: Path, how: str = "own") -> Owner:
        made.append(Owner(folder, how))
        return made[-1]

    yield make
    for one in made:
        one.kill()


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user can enter; pytest's own are closed."""
    with tempfile.TemporaryDirectory(dir="/var/tmp", prefix="wijkspoor-test-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


def asked(dsn: str, *statements: str) -> list[object]:
    """The answers of a database to some statements, one value each."""

    async def ask() -> list[object]:
        connection = await asyncpg.connect(dsn.replace("@/wijkspoor?", "@/postgres?"))
        try:
            return [await connection.fetchval(one) for one in statements]
        finally:
            await connection.close()

    return asyncio.run(ask())


def test_it_starts_twice_in_a_row_on_one_folder_and_keeps_what_was_written(data_folder: Path) -> None:
    folder = data_folder / "a folder with spaces and é"
    with EmbeddedPostgres(folder) as server:
        asked(server.dsn(), "CREATE TABLE kept AS SELECT 42 AS n")
    with EmbeddedPostgres(folder) as server:
        assert asked(server.dsn(), "SELECT n FROM kept") == [42]


def test_it_stores_durably(data_folder: Path) -> None:
    with EmbeddedPostgres(data_folder) as server:
        found = asked(server.dsn(), *(f"SHOW {name}" for name in ("fsync", "full_page_writes", "synchronous_commit")))
    assert found == ["on", "on", "on"]


def test_a_callers_environment_does_not_reach_it(data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "LANG": "nl_BE.UTF-8",
        "LC_ALL": "xx",
        "PGDATA": "/nowhere",
        "PGPORT": "1",
        "TZ": "Asia/Tokyo",
    }.items():
        monkeypatch.setenv(name, value)
    with EmbeddedPostgres(data_folder) as server:
        assert asked(server.dsn(), "SHOW lc_messages", "SHOW timezone") == ["C.UTF-8", "UTC"]


def test_it_cannot_be_reached_by_tcp_and_its_socket_is_private(data_folder: Path) -> None:
    with EmbeddedPostgres(data_folder) as server:
        assert server.pid is not None
        process = psutil.Process(server.pid)
        listening = [one for one in process.net_connections("all") if one.status == psutil.CONN_LISTEN]
        assert all(one.family == socket.AF_UNIX for one in process.net_connections("all"))
        assert listening == []
        [folder] = asked(server.dsn(), "SHOW unix_socket_directories")
        assert Path(str(folder)).stat().st_mode & 0o077 == 0
        assert (data_folder / "postgres").stat().st_mode & 0o077 == 0
    assert not Path(str(folder)).exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_another_user_of_the_machine_is_not_let_in(data_folder: Path) -> None:
    psql = engine.binaries(engine.account()) / "psql"
    with EmbeddedPostgres(data_folder) as server:
        # The server's own system user gets as far as the socket; the server itself must refuse it.
        tried = subprocess.run(
            [psql, server.dsn(database="postgres"), "-c", "SELECT 1"],
            check=False,
            capture_output=True,
            text=True,
            cwd="/",
            user=engine.NOBODY,
        )
    assert tried.returncode != 0
    assert "Peer authentication failed" in tried.stderr


def test_a_second_program_is_told_that_the_folder_is_in_use(data_folder: Path, owners: Callable[..., Owner]) -> None:
    first = owners(data_folder)

    with pytest.raises(LockedByAnother, match=str(first.process.pid)):
        EmbeddedPostgres(data_folder).start()
    assert asked(first.dsn, "SELECT 1") == [1]


def test_a_second_program_may_ask_to_share_and_does_not_end_what_it_shares(
    data_folder: Path, owners: Callable[..., Owner]
) -> None:
    first = owners(data_folder)
    second = EmbeddedPostgres(data_folder)

    assert second.start(adopt=True) == first.dsn
    second.stop()

    assert asked(first.dsn, "SELECT 1") == [1]
    with pytest.raises(ServerDidNotStart):
        second.restart()


def test_the_server_ends_with_an_owner_that_was_killed(data_folder: Path, owners: Callable[..., Owner]) -> None:
    first = owners(data_folder)
    server = first.server

    first.kill()

    psutil.wait_procs([server], timeout=30)
    assert not server.is_running() or server.status() == psutil.STATUS_ZOMBIE


def test_after_an_owner_was_killed_the_next_goes_on_at_once_with_everything(
    data_folder: Path, owners: Callable[..., Owner]
) -> None:
    first = owners(data_folder)
    asked(first.dsn, "CREATE TABLE kept AS SELECT 42 AS n")

    first.kill()

    with EmbeddedPostgres(data_folder) as second:
        assert asked(second.dsn(), "SELECT n FROM kept") == [42]


def test_a_server_that_outlived_its_owner_is_ended_and_replaced(
    data_folder: Path, owners: Callable[..., Owner]
) -> None:
    first = owners(data_folder)
    asked(first.dsn, "CREATE TABLE kept AS SELECT 42 AS n")
    left = first.server
    left.suspend()
    first.kill()
    threading.Timer(0.5, left.resume).start()

    with EmbeddedPostgres(data_folder) as second:
        assert second.pid != left.pid
        assert asked(second.dsn(), "SELECT n FROM kept") == [42]


def test_after_owner_and_server_were_killed_together_nothing_committed_is_lost(
    data_folder: Path, owners: Callable[..., Owner]
) -> None:
    first = owners(data_folder)
    asked(first.dsn, "CREATE TABLE kept AS SELECT 42 AS n")

    os.kill(first.server.pid, signal.SIGKILL)
    first.kill()

    with EmbeddedPostgres(data_folder) as second:
        assert asked(second.dsn(), "SELECT n FROM kept") == [42]


def test_a_server_that_died_is_started_again_by_its_owner(data_folder: Path) -> None:
    with EmbeddedPostgres(data_folder) as server:
        assert server.pid is not None
        asked(server.dsn(), "CREATE TABLE kept AS SELECT 42 AS n")
        os.kill(server.pid, signal.SIGKILL)
        dsn = server.restart()
        assert asked(dsn, "SELECT n FROM kept") == [42]


def test_a_pid_file_whose_number_belongs_to_another_program_is_no_obstacle(data_folder: Path) -> None:
    with EmbeddedPostgres(data_folder):
        words = (data_folder / "postgres" / "postmaster.pid").read_text().splitlines()
    other = str(os.getpid())
    (data_folder / "postgres" / "postmaster.pid").write_text("\n".join([other, *words[1:]]) + "\n")

    with EmbeddedPostgres(data_folder) as server:
        assert asked(server.dsn(), "SELECT 1") == [1]


def test_a_half_made_folder_does_not_count(data_folder: Path) -> None:
    (data_folder / "postgres.new").mkdir()
    (data_folder / "postgres.new" / "PG_VERSION").write_text("18\n")

    with EmbeddedPostgres(data_folder) as server:
        assert asked(server.dsn(), "SELECT 1") == [1]


def test_a_folder_that_cannot_be_written_is_named_with_what_to_do(data_folder: Path) -> None:
    blocked = data_folder / "file"
    blocked.write_text("")

    with pytest.raises(FolderNotWritable, match=r"--data"):
        EmbeddedPostgres(blocked / "data").start()


def as_somebody_else(do: Callable[[], object]) -> str:
    """What the function answers, or the error it raises, in a forked process of an ordinary user."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.setgroups([])
        os.setgid(engine.NOBODY)
        os.setuid(engine.NOBODY)
        try:
            answer = str(do())
        except CannotRun as error:
            answer = type(error).__name__
        os.write(writer, answer.encode())
        os._exit(0)
    os.close(writer)
    os.waitpid(child, 0)
    with os.fdopen(reader) as said:
        return said.read()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_an_ordinary_user_runs_it_in_its_own_folder_and_not_in_anothers(open_folder: Path) -> None:
    (open_folder / "own").mkdir()
    os.chown(open_folder / "own", engine.NOBODY, engine.NOBODY)
    (open_folder / "root's").mkdir()

    def start(folder: str) -> object:
        with EmbeddedPostgres(open_folder / folder) as server:
            return server.pid is not None and psutil.Process(server.pid).uids().real

    assert as_somebody_else(lambda: start("own")) == str(engine.NOBODY)
    assert as_somebody_else(lambda: start("root's")) == "FolderNotWritable"


def test_a_full_disk_is_named_with_what_to_do(data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "FREE_BYTES_NEEDED", 2**62)

    with pytest.raises(DiskFull, match="make room"):
        EmbeddedPostgres(data_folder).start()


def test_a_server_that_does_not_start_says_where_to_read_why(data_folder: Path) -> None:
    broken = EmbeddedPostgres(data_folder, settings={"shared_buffers": "no number"})

    with pytest.raises(ServerDidNotStart, match=r"postgres\.log"):
        broken.start()
    with EmbeddedPostgres(data_folder) as mended:
        assert asked(mended.dsn(), "SELECT 1") == [1]


def test_it_is_started_from_the_main_thread_or_not_at_all(data_folder: Path) -> None:
    raised: list[Exception] = []

    def start() -> None:
        try:
            EmbeddedPostgres(data_folder).start()
        except CannotRun as error:
            raised.append(error)

    thread = threading.Thread(target=start)
    thread.start()
    thread.join()

    assert isinstance(raised[0], ServerDidNotStart)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root lends the server another user")
def test_binaries_that_the_servers_user_cannot_read_are_copied_once(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    really = engine._runs

    def unreadable(folder: Path, runs_as: engine.Account) -> bool:
        """The installed programs lie, as it were, below a home that is closed to others."""
        return open_folder in folder.parents and really(folder, runs_as)

    monkeypatch.setattr(engine, "_runs", unreadable)

    first = engine.binaries(engine.account(), open_folder)
    made = (first / "postgres").stat().st_ino
    second = engine.binaries(engine.account(), open_folder)

    assert (first, made) == (second, (second / "postgres").stat().st_ino)
    assert open_folder in first.parents
    assert not list(open_folder.rglob("include"))


def test_migrating_twice_changes_nothing_and_a_wrong_address_is_named(data_folder: Path) -> None:
    with EmbeddedPostgres(data_folder) as server:
        migrate(server.dsn())
        migrate(server.dsn())
        dsn = server.dsn()
    with pytest.raises(MigrationFailed):
        migrate(dsn)
