"""`wijkspoor up` killed while it plays, deprived of its database while it serves, and started where it cannot run."""

from __future__ import annotations

import asyncio
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import httpx2
import pytest

from events.adapters import engine
from events.adapters.embedded import EmbeddedPostgres
from tests.integration.test_cli import environment, wijkspoor

ROOT = Path(__file__).parents[2]
PROGRAM = (sys.executable, "-c", "from services.cli.main import main; main()")
FIRST, LAST = 12, 1_100
"""Between these positions of the log the play is under way."""


def start(*arguments: object) -> subprocess.Popen[str]:
    return opened([*PROGRAM, *map(str, arguments)])


def opened(command: list[str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(), cwd=ROOT
    )


async def until(there: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    """Wait for a condition, as long as the process lives."""
    while not there():
        assert process.poll() is None, process.communicate()
        await asyncio.sleep(0.01)


async def reaches(folder: Path, position: int, process: subprocess.Popen[str]) -> None:
    """Wait until the log of a running program has come this far."""
    data = folder / "postgres"

    def serving() -> bool:
        found = engine.pid_file(data)
        return found is not None and found.status == "ready" and engine.serves(found.pid, data)

    await until(serving, process)
    found = engine.pid_file(data)
    assert found is not None
    dsn = f"postgresql://wijkspoor@/wijkspoor?host={found.sockets}&port=5432"
    while await head(dsn) < position:
        assert process.poll() is None, process.communicate()
        await asyncio.sleep(0.01)


async def head(dsn: str) -> int:
    """Where the log ends; 0 while there is none."""
    try:
        connection = await asyncpg.connect(dsn)
    except (OSError, asyncpg.PostgresError):
        return 0
    try:
        return int(await connection.fetchval("SELECT position FROM store.counter") or 0)
    except asyncpg.PostgresError:
        return 0
    finally:
        await connection.close()


async def test_killed_at_five_moments_of_its_play_it_goes_on_and_sums_up_the_same(data_folder: Path) -> None:
    chance = random.Random(20210719)
    undisturbed = start("demo", "--json", "--data", data_folder / "calm")
    folder = data_folder / "wild"
    arguments = ("up", "--demo", "--port", 0, "--json", "--data", folder)
    # The first death comes while the database is being made.
    process = start(*arguments)
    await until((folder / "postgres.new").exists, process)
    kill(process)
    for position in sorted(chance.sample(range(FIRST, LAST), 4)):
        process = start(*arguments)
        await reaches(folder, position, process)
        kill(process)
    process = start(*arguments)
    assert process.stdout is not None
    told = json.loads(process.stdout.readline())
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 0, said
    assert said.rstrip().endswith("Stopped.")
    assert engine.serving(folder / "postgres") == []

    expected = json.loads(undisturbed.communicate(timeout=120)[0])
    assert {name: told[name] for name in expected} == expected
    assert expected["applications"] == 20


def kill(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()
    assert process.returncode == -signal.SIGKILL


@asynccontextmanager
async def served(*arguments: object) -> AsyncIterator[tuple[subprocess.Popen[str], httpx2.AsyncClient]]:
    """A serving program, and a client of it; in the end it is asked to stop, and does."""
    process = start("up", "--port", 0, "--json", *arguments)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, process.communicate()
        async with httpx2.AsyncClient(
            base_url=json.loads(line)["health"].removesuffix("/health"), timeout=60
        ) as client:
            yield process, client
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
        assert process.returncode == 0, said
        assert "Traceback" not in said
    finally:
        process.kill()
        process.communicate()


async def answers(client: httpx2.AsyncClient, path: str, status: int, headers: dict[str, str]) -> httpx2.Response:
    """Ask until the answer has the status; others may come before it, but no error of ours."""
    async with asyncio.timeout(60):
        while (answer := await client.get(path, headers=headers)).status_code != status:
            assert answer.status_code in (200, 503), answer.text
            await asyncio.sleep(0.02)
    return answer


def auditor(*place: object) -> dict[str, str]:
    token = wijkspoor("token", "--role", "auditor", "--org", "OVO000001", "--person", "p-1", *place)
    assert token.returncode == 0, token.stderr
    return {"Authorization": f"Bearer {token.stdout.strip()}"}


async def test_a_server_that_is_killed_while_we_serve_is_started_again(data_folder: Path) -> None:
    data = data_folder / "postgres"
    async with served("--data", data_folder) as (_, client):
        bearer = auditor("--data", data_folder)
        await answers(client, "/v1/events", 200, bearer)
        # As long as it cannot start, requests are put off; then all is well by itself.
        found, rights = engine.pid_file(data), (data / "postgresql.conf").read_text()
        assert found is not None
        (data / "postgresql.conf").write_text("nonsense here\n")
        os.kill(found.pid, signal.SIGKILL)
        for path in ("/v1/events", "/v1/contracts"):
            away = await answers(client, path, 503, bearer)
            assert int(away.headers["Retry-After"]) >= 1
            assert away.headers["Content-Type"] == "application/problem+json"
        health = await answers(client, "/health", 503, {})
        assert health.json()["status"] == "DOWN"
        (data / "postgresql.conf").write_text(rights)
        await answers(client, "/v1/events", 200, bearer)
        await answers(client, "/v1/contracts", 200, bearer)
        await answers(client, "/health", 200, {})
    assert engine.serving(data) == []


async def test_a_database_of_somebody_else_that_goes_away_is_waited_for(data_folder: Path) -> None:
    with EmbeddedPostgres(data_folder / "theirs") as theirs:
        place = ("--dsn", theirs.dsn(), "--data", data_folder / "ours")
        async with served(*place) as (_, client):
            bearer = auditor(*place)
            await answers(client, "/v1/events", 200, bearer)
            assert theirs.pid is not None
            os.kill(theirs.pid, signal.SIGKILL)
            away = await answers(client, "/v1/events", 503, bearer)
            assert int(away.headers["Retry-After"]) >= 1
            theirs.restart()
            await answers(client, "/v1/events", 200, bearer)
            await answers(client, "/health", 200, {})


def assert_one_sentence(done: subprocess.CompletedProcess[str], *words: str) -> None:
    """Exit 3, and one line on stderr that says what to do."""
    assert done.returncode == 3, done.stderr
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].endswith(".")
    assert not re.search(r"Traceback|Unexpected|report it|\w+Error", lines[0]), lines[0]
    for word in words:
        assert word in lines[0]


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that somebody listens on."""
    with socket.socket() as somebody:
        somebody.bind(("127.0.0.1", 0))
        somebody.listen()
        yield somebody.getsockname()[1]


ABSENT = "postgresql://wijkspoor@/wijkspoor?host=/nowhere&port=5432"


@pytest.mark.parametrize(
    "command", [("demo",), ("up", "--port", "0"), ("budget", "x"), ("export", "log", "--out", "x")]
)
def test_an_absent_database_is_named(tmp_path: Path, command: tuple[str, ...]) -> None:
    assert_one_sentence(wijkspoor(*command, "--dsn", ABSENT, "--data", tmp_path), "start it", "--dsn")


def test_a_taken_port_is_named(tmp_path: Path, taken: int) -> None:
    assert_one_sentence(wijkspoor("up", "--port", taken, "--data", tmp_path), str(taken), "--port")


@pytest.mark.parametrize("command", [("demo",), ("up", "--port", "0")])
def test_a_folder_in_use_is_named_with_who_uses_it(tmp_path: Path, command: tuple[str, ...]) -> None:
    ours = engine.lock(tmp_path / "postgres.lock")
    try:
        assert_one_sentence(wijkspoor(*command, "--data", tmp_path), str(os.getpid()), "--data")
    finally:
        os.close(ours)


AS_NOBODY = """
import os, sys
import services.cli.every_command
from services.cli.main import main
os.setgroups([]); os.setgid(65534); os.setuid(65534)
main()
"""
"""The interpreter may lie where nobody can read it: the program is loaded first, and then becomes that user."""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
@pytest.mark.parametrize("command", [("demo",), ("up", "--port", "0"), ("token", "--role", "auditor")])
def test_a_folder_that_cannot_be_written_is_named(command: tuple[str, ...]) -> None:
    with tempfile.TemporaryDirectory(dir="/var/tmp", prefix="wijkspoor-test-") as name:
        Path(name).chmod(0o755)
        done = subprocess.run(
            [sys.executable, "-c", AS_NOBODY, *command]
            + (["--org", "OVO000001", "--person", "p"] if "token" in command else [])
            + ["--data", f"{name}/data"],
            capture_output=True,
            text=True,
            timeout=60,
            env=environment(),
            cwd=ROOT,
            check=False,
        )
        assert_one_sentence(done, name, "--data")


SMALL_DISK = """
mount -t tmpfs -o size="$1" none "$2" || exit 99
shift 2
exec "$@"
"""


def on_a_small_disk(size: str, folder: Path, *arguments: object) -> list[str]:
    """The command line of a program that alone sees a small disk on the folder."""
    return ["unshare", "-m", "sh", "-c", SMALL_DISK, "sh", size, str(folder), *PROGRAM, *map(str, arguments)]


def mounts() -> bool:
    """Whether this machine lets us mount for ourselves."""
    tried = subprocess.run(["unshare", "-m", "sh", "-c", "mount -t tmpfs none /mnt"], check=False, capture_output=True)
    return tried.returncode == 0


@pytest.mark.skipif(not mounts(), reason="mounting a small disk takes rights that we do not have here")
def test_a_disk_without_room_is_named(tmp_path: Path) -> None:
    command = on_a_small_disk("64m", tmp_path, "demo", "--data", tmp_path / "data")
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, env=environment(), cwd=ROOT, check=False)
    assert_one_sentence(done, "128 MiB", "--data")


@pytest.mark.skipif(not mounts(), reason="mounting a small disk takes rights that we do not have here")
async def test_a_disk_that_fills_up_under_the_play_ends_it_with_what_to_do(tmp_path: Path) -> None:
    command = on_a_small_disk("250m", tmp_path, "demo", "--json", "--data", tmp_path / "data")
    process = opened(command)
    try:
        # The disk is in the program's own view of the file system.
        inside = Path(f"/proc/{process.pid}/root{tmp_path}")
        await reaches(inside / "data", FIRST, process)
        fill(inside / "filled")
        document, said = process.communicate(timeout=120)
    finally:
        process.kill()
        process.communicate()
    assert process.returncode == 3, said
    assert "full" in json.loads(document)["message"]
    assert "make room" in said.rstrip().splitlines()[-1]
    assert "Traceback" not in said


def fill(file: Path) -> None:
    """Take the room that is left."""
    with file.open("wb", buffering=0) as taken:
        try:
            while True:
                taken.write(b"x" * 65_536)
        except OSError:
            return
