"""`wijkspoor subscription check`: one command, four ways to end."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from cyclopts import App

from events.adapters.memory_manifests import MemoryManifests
from events.failures import CannotRun
from events.proof import strict64
from events.public.feed import Published
from services.cli.subscription import ReadsTopic, SubscriptionTools
from services.manifests import TOPIC
from services.settings import Settings
from services.web.app import create_app
from services.web.manifests import manifest_routes
from services.web.public import public_routes
from services.web.server import address, bind
from tests.publics import PaperPublicLog
from tests.unit.services.publication.test_manifests import LOG, MOMENTS, ORIGIN, at, log_of, maker
from tests.unit.services.shell.fakes import PaperRuntime

KEY = strict64.encode(LOG.public_key)
SOURCE = f"urn:wijkspoor:log:{ORIGIN}".encode()


def log_of_here() -> PaperPublicLog:
    """Five events of this log."""
    public = log_of(*MOMENTS)
    for number, one in enumerate(public.events):
        body = one.body.replace(b"urn:wijkspoor:test", SOURCE)
        public.events[number] = Published(one.sequence, one.id, one.type, one.call, one.case, one.recorded_at, body)
    return public


@pytest.fixture
def public() -> PaperPublicLog:
    return log_of_here()


@pytest.fixture
def rows(public: PaperPublicLog) -> MemoryManifests:
    """The manifests of these days."""
    made = MemoryManifests()
    asyncio.run(maker(public, made, at(20)).make_due())
    return made


@pytest.fixture
def folder(rows: MemoryManifests, tmp_path: Path) -> Path:
    """Their files."""
    made = tmp_path / "manifests"
    made.mkdir()
    for kept in asyncio.run(rows.page(TOPIC, None, 99)):
        (made / f"{kept.day}.json").write_bytes(kept.body)
    return made


def file(tmp_path: Path, bodies: Sequence[bytes]) -> str:
    """What a subscriber kept."""
    path = tmp_path / "received.jsonl"
    path.write_bytes(b"".join(body + b"\n" for body in bodies))
    return str(path)


def call(*arguments: str, topic: ReadsTopic | None = None, key: str = KEY) -> int:
    """The command's exit code."""
    app = App()
    app.command(SubscriptionTools(topic).check if topic else SubscriptionTools().check, name="check")
    return int(app(["check", *arguments, "--log-key", key], result_action="return_value", exit_on_error=False))


def answer(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """The one document on stdout."""
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_what_is_complete_ends_with_0(
    public: PaperPublicLog, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    received = file(tmp_path, [one.body for one in public.events])
    assert call(received, "--manifest", str(folder), "--json") == 0
    assert answer(capsys) == {
        "ok": True,
        "first": 1,
        "last": 5,
        "received": 5,
        "repeats": 0,
        "beyond": 0,
        "findings": [],
        "notes": [],
    }  # fmt: skip -- as it is printed
    assert call(received, "--manifest", str(folder)) == 0
    assert "Complete from 1 to 5." in capsys.readouterr().out


def test_what_is_not_ends_with_1_and_names_it(
    public: PaperPublicLog, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bodies = [one.body for one in public.events]
    bent = bodies[2].replace("één".encode(), b"twee")
    received = file(tmp_path, [bodies[0], bent, bodies[3], bodies[3], bodies[4]])
    assert call(received, "--manifest", str(folder), "--json") == 1
    found = [(one["kind"], one["first"], one["last"]) for one in answer(capsys)["findings"]]
    assert sorted(found) == [("altered", 3, 3), ("doubled", 4, 4), ("missing", 2, 2)]
    assert call(received, "--manifest", str(folder)) == 1
    told = capsys.readouterr().out
    assert "Not complete." in told
    assert "altered" in told


def test_single_files_and_a_later_beginning_do_as_well(public: PaperPublicLog, folder: Path, tmp_path: Path) -> None:
    received = file(tmp_path, [one.body for one in public.events[2:]])
    days = ["--manifest", str(folder / "2021-07-16.json"), "--manifest", str(folder / "2021-07-19.json")]
    assert call(received, *days, "--after", "2") == 0
    assert call(received, *days) == 1


def test_another_key_is_a_finding(public: PaperPublicLog, folder: Path, tmp_path: Path) -> None:
    received = file(tmp_path, [one.body for one in public.events])
    assert call(received, "--manifest", str(folder), key=strict64.encode(b"\x01" * 32)) == 1


@pytest.mark.parametrize("key", ["", "x", strict64.encode(b"\x01" * 31)])
def test_a_key_that_is_none_is_wrong_use(key: str, folder: Path, tmp_path: Path) -> None:
    assert call(file(tmp_path, []), "--manifest", str(folder), key=key) == 2


def test_without_a_manifest_or_with_something_else_it_is_wrong_use(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    received = file(tmp_path, [b"{}"])
    empty = tmp_path / "empty"
    empty.mkdir()
    assert call(received) == 2
    assert call(received, "--manifest", str(empty)) == 2
    capsys.readouterr()
    assert call(received, "--manifest", received) == 2
    assert "is not a manifest" in capsys.readouterr().err


def test_a_file_that_is_not_there_could_not_be_checked(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("/nowhere/received.jsonl", "--manifest", str(folder)) == 3
    assert "/nowhere/received.jsonl does not exist" in capsys.readouterr().err


def test_the_public_topic_is_read_through_its_door_and_may_repeat(
    public: PaperPublicLog, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async def topic(_settings: Settings) -> AsyncIterator[bytes]:
        for one in [*public.events, public.events[0]]:
            yield one.body

    assert call("kafka", "--manifest", str(folder), "--json", topic=topic) == 0
    assert answer(capsys)["repeats"] == 1

    def closed(_settings: Settings) -> AsyncIterator[bytes]:
        raise CannotRun("Kafka is away: start it.")

    assert call("kafka", "--manifest", str(folder), topic=closed) == 3
    assert call("kafka", "--manifest", str(folder)) == 3


@contextmanager
def served(runtime: PaperRuntime) -> Iterator[str]:
    """The API on a port of its own."""
    listening = bind(0)
    config = uvicorn.Config(create_app(runtime), log_config=None, lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    try:
        yield address(listening)
    finally:
        server.should_exit = True
        thread.join()
        listening.close()


def test_it_reads_feed_and_manifests_of_an_address_by_itself(
    public: PaperPublicLog, rows: MemoryManifests, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    runtime = PaperRuntime(routers=[public_routes(public), manifest_routes(rows, TOPIC)])
    token = tmp_path / "token"
    token.write_text(runtime.token("subscriber") + "\n")
    with served(runtime) as api:
        assert call(api, "--token-file", str(token), "--json") == 0
        assert answer(capsys)["received"] == 5
        received = file(tmp_path, [one.body for one in public.events[1:]])
        latest = f"{api}/v1/public/manifests/latest"
        assert call(received, "--manifest", latest, "--token-file", str(token), "--json") == 1
        assert answer(capsys)["findings"][0]["kind"] == "missing"
        assert call(api) == 3, "no token"
        assert call(f"{api}/elsewhere", "--token-file", str(token)) == 3
    assert call(api, "--token-file", str(token)) == 3, "nobody there"
