"""PostgreSQL as part of the program: started on a folder, reachable by its owner alone, ended with its owner.

It listens on a Unix socket only and knows who calls by the kernel (peer authentication): no port, no password.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Self
from urllib.parse import quote

from events.adapters import engine
from events.failures import CannotRun, DiskFull, LockedByAnother, ServerDidNotStart

__all__ = ["CannotRun", "EmbeddedPostgres", "LockedByAnother"]

OWNER = "wijkspoor"
DATABASE = "wijkspoor"

# Sized for a program that must stay small: the kernel's page cache does the rest.
SETTINGS: Mapping[str, str] = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "shared_buffers": "32MB",
    "max_connections": "60",
    "max_wal_size": "512MB",
    "wal_buffers": "4MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "48MB",
    "autovacuum_max_workers": "1",
    "max_worker_processes": "2",
    "max_parallel_workers": "0",
    "max_parallel_workers_per_gather": "0",
    "max_parallel_maintenance_workers": "0",
    "max_logical_replication_workers": "0",
    "max_wal_senders": "2",
    "io_method": "sync",
    "huge_pages": "off",
    "dynamic_shared_memory_type": "mmap",
    "jit": "off",
    "log_checkpoints": "off",
    "log_min_messages": "warning",
    "timezone": "UTC",
    "log_timezone": "UTC",
}

INITDB = (
    f"-U {OWNER} -E UTF8 --auth=peer --data-checksums --locale-provider=builtin --locale=C.UTF-8 --no-instructions"
).split()

POLL_SECONDS = 0.02
READY_POLLS = int(600 / POLL_SECONDS)
"""Ten minutes: after a crash the server first syncs and replays, and a large log on a slow disk takes its time."""
ADOPT_POLLS = int(30 / POLL_SECONDS)
LOG_LIMIT = 10 * 1024 * 1024


class EmbeddedPostgres:
    """One server on one data folder.

    `folder` is the program's data folder; the cluster lies in its subfolder `postgres`. Start it from the main
    thread: the kernel ends the server when the starting *thread* ends. `settings` adds to or replaces SETTINGS.
    """

    def __init__(self, folder: Path, *, settings: Mapping[str, str] | None = None) -> None:
        self._folder = folder.absolute()
        self._data = self._folder / "postgres"
        self._log = self._folder / "postgres.log"
        self._settings = {**SETTINGS, **(settings or {})}
        self._lock: int | None = None
        self._server: subprocess.Popen[bytes] | None = None
        self._sockets: Path | None = None
        self._told = 0

    def start(self, *, adopt: bool = False) -> str:
        """Start the server and return the owner's DSN; any CannotRun says why not.

        A server left by a dead owner is ended first, and its log recovered. `adopt` shares the server of another
        live instance on the same folder instead of raising LockedByAnother.
        """
        if threading.current_thread() is not threading.main_thread():
            raise ServerDidNotStart("The database server must be started from the main thread: call start() there.")
        engine.make_folder(self._folder)
        try:
            self._lock = engine.lock(self._folder / "postgres.lock")
        except LockedByAnother:
            if not adopt:
                raise
            return self._adopt()
        try:
            self._launch()
        except OSError as error:
            self.stop()
            raise engine.explained(error, self._folder) from error
        except CannotRun:
            self.stop()
            raise
        return self.dsn()

    def stop(self) -> None:
        """End the server in order (by force after 20 s), and give the folder free. Harmless when not started."""
        server, self._server = self._server, None
        if server is not None:
            _end(server)
        if self._lock is not None:
            if self._sockets is not None:
                shutil.rmtree(self._sockets, ignore_errors=True)
            os.close(self._lock)
            self._lock = None

    def restart(self) -> str:
        """Start the server again after it has died under us; the folder stays ours, and after any CannotRun too."""
        if self._lock is None:
            raise ServerDidNotStart("The database server is not ours to restart: restart the program that owns it.")
        if self._server is not None:
            _end(self._server)
        if not self._data.exists():
            # A new and empty database in its place would hide the loss.
            raise ServerDidNotStart(f"The folder {self._data} is gone: put it back, and restart the program.")
        try:
            self._launch()
        except OSError as error:
            raise engine.explained(error, self._folder) from error
        return self.dsn()

    def dsn(self, *, user: str = OWNER, database: str = DATABASE) -> str:
        """The address of a database on this server for one of its roles."""
        # The port is named although it is the usual one: a caller's PGPORT would count otherwise.
        return f"postgresql://{user}@/{database}?host={quote(str(self._sockets), safe='')}&port=5432"

    @property
    def pid(self) -> int | None:
        """The server's process while it runs and is ours."""
        return self._server.pid if self._server is not None and self._server.poll() is None else None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _launch(self) -> None:
        runs_as = engine.account()
        programs = engine.binaries(runs_as)
        if not self._data.exists():
            self._initialise(programs, runs_as)
        self._clear_remains()
        self._write_access()
        self._sockets = engine.socket_folder(self._data, runs_as)
        for left in self._sockets.iterdir():
            left.unlink()
        if self._log.exists() and self._log.stat().st_size > LOG_LIMIT:
            self._log.replace(self._log.with_suffix(".log.1"))
        for _ in range(50):
            self._told = self._log.stat().st_size if self._log.exists() else 0
            self._server = self._spawn(programs, runs_as)
            if self._ready(self._server):
                return
            # After a kill the old processes may hold the shared memory for a moment longer.
            if "pre-existing shared memory block" not in self._last_words():
                break
        raise self._why()

    def _initialise(self, programs: Path, runs_as: engine.Account) -> None:
        fresh = self._data.with_name("postgres.new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        runs_as.give(fresh)
        with _Opened(fresh) as opened:
            made = subprocess.run(
                [programs / "initdb", "-D", opened.path, *INITDB],
                check=False,
                capture_output=True,
                text=True,
                pass_fds=[opened.descriptor],
                **runs_as.spawn(),
            )
        if made.returncode != 0:
            self._log.write_text(made.stdout + made.stderr)
            raise self._why()
        # Only a complete cluster gets the name that counts.
        fresh.rename(self._data)

    def _clear_remains(self) -> None:
        remains = engine.pid_file(self._data)
        if remains is not None and engine.serves(remains.pid, self._data):
            engine.end(remains.pid, self._data)
        for orphan in engine.serving(self._data):
            engine.end(orphan, self._data, politely=False)
        if remains is not None:
            engine.disown(self._data)

    def _write_access(self) -> None:
        (self._data / "pg_hba.conf").write_text("local all all peer map=house\n")
        (self._data / "pg_ident.conf").write_text(f'house "{engine.own_name()}" all\n')

    def _spawn(self, programs: Path, runs_as: engine.Account) -> subprocess.Popen[bytes]:
        options = [part for name, value in self._settings.items() for part in ("-c", f"{name}={value}")]
        options += ["-c", f"unix_socket_directories={self._sockets}"]
        with _Opened(self._data) as opened, self._log.open("ab") as log:
            return subprocess.Popen(
                [programs / "postgres", "-D", opened.path, *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=[opened.descriptor],
                preexec_fn=engine.tied_to_us(),  # noqa: PLW1509 -- it only calls what was looked up before the fork
                start_new_session=True,
                **runs_as.spawn(),
            )

    def _ready(self, server: subprocess.Popen[bytes]) -> bool:
        for _ in range(READY_POLLS):
            found = engine.pid_file(self._data)
            if found is not None and found.pid == server.pid and found.status == "ready":
                return True
            with suppress(subprocess.TimeoutExpired):
                server.wait(POLL_SECONDS)
                return False
        return False

    def _adopt(self) -> str:
        pause = threading.Event()
        for _ in range(ADOPT_POLLS):
            found = engine.pid_file(self._data)
            if found is not None and found.status == "ready" and engine.serves(found.pid, self._data):
                self._sockets = found.sockets
                return self.dsn()
            pause.wait(POLL_SECONDS)
        raise ServerDidNotStart(
            f"The instance that uses {self._folder} has no running server: stop it and start again."
        )

    def _last_words(self) -> str:
        return self._log.read_bytes()[self._told :].decode(errors="replace") if self._log.exists() else ""

    def _why(self) -> CannotRun:
        words = self._last_words()
        if "No space left on device" in words:
            return DiskFull(f"The disk below {self._folder} is full: make room, or choose another folder with --data.")
        return ServerDidNotStart(
            f"The database server on {self._folder} does not start: read {self._log} for the cause."
        )


class _Opened:
    """A folder handed to the server as an open descriptor, so that no parent folder need be open to its user."""

    def __init__(self, folder: Path) -> None:
        self.descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        self.path = f"/proc/self/fd/{self.descriptor}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self.descriptor)


def _end(server: subprocess.Popen[bytes]) -> None:
    for number, seconds in ((signal.SIGINT, 20.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 10.0)):
        if server.poll() is not None:
            return
        server.send_signal(number)
        with suppress(subprocess.TimeoutExpired):
            server.wait(seconds)
