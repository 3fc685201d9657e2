"""The program as people start it: one process, a real database, a real port."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx2
import pytest

UNTIL = "2021-04-30"
"""Far enough for a published, extended call, and played in a second."""


def environment() -> dict[str, str]:
    """No settings from outside."""
    return {name: value for name, value in os.environ.items() if not name.startswith("WIJKSPOOR_")}


def wijkspoor(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run the program to its end."""
    command = [sys.executable, "-c", "from services.cli.main import main; main()", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, env=environment(), check=False)


def document(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """The one JSON document on stdout."""
    made: dict[str, Any] = json.loads(done.stdout)
    return made


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder, its path with a space, in which the story has begun."""
    data: Path = tmp_path_factory.mktemp("cli") / "data with space"
    done = wijkspoor("demo", "--until", UNTIL, "--data", data, "--json")
    assert done.returncode == 0, done.stderr
    return data


def test_playing_again_changes_nothing(folder: Path) -> None:
    first = wijkspoor("demo", "--until", UNTIL, "--data", folder, "--json")
    again = wijkspoor("demo", "--until", UNTIL, "--data", folder, "--json")
    assert (first.returncode, again.returncode) == (0, 0), again.stderr
    assert document(first) == document(again)
    assert document(first)["envelopeCents"] > 0


def test_an_export_verifies_offline_until_a_byte_is_changed(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "the export"
    exported = wijkspoor("export", "log", "--data", folder, "--out", out, "--json")
    assert exported.returncode == 0, exported.stderr
    good = wijkspoor("verify", out, "--json")
    assert (good.returncode, document(good)["ok"]) == (0, True), good.stderr
    assert document(good)["events"] == document(exported)["events"]
    lines = out / "events-000001.jsonl"
    body = lines.read_bytes()
    lines.write_bytes(body.replace(b'"position":3', b'"position":9', 1))
    bad = wijkspoor("verify", out, "--json")
    assert (bad.returncode, document(bad)["ok"]) == (1, False)
    assert document(bad)["findings"]


def test_an_export_restores_byte_for_byte(folder: Path, tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    assert wijkspoor("export", "log", "--data", folder, "--out", one).returncode == 0
    fresh = tmp_path / "fresh"
    restored = wijkspoor("restore", "--from", one, "--data", fresh, "--json")
    assert restored.returncode == 0, restored.stderr
    # The keys are not in the export: whoever goes on with the log brings them.
    (folder / "keys").rename(fresh / "keys")
    try:
        assert wijkspoor("export", "log", "--data", fresh, "--out", two).returncode == 0
    finally:
        (fresh / "keys").rename(folder / "keys")
    assert {file.name: file.read_bytes() for file in one.iterdir()} == {
        file.name: file.read_bytes() for file in two.iterdir()
    }


def test_a_view_answers_now_and_as_it_was_known(folder: Path) -> None:
    call = document(wijkspoor("demo", "--until", UNTIL, "--data", folder, "--json"))["call"]
    now = wijkspoor("budget", call, "--data", folder, "--json")
    assert now.returncode == 0, now.stderr
    before = wijkspoor("budget", call, "--known-at", "2021-03-01", "--data", folder, "--json")
    assert before.returncode == 2, before.stdout
    assert document(now)["totals"]["envelopeCents"] > 0
    people = wijkspoor("budget", call, "--data", folder)
    assert "€" in people.stdout
    assert wijkspoor("contracts", "--data", folder, "--json").returncode == 0
    assert wijkspoor("rebuild", "all", "--data", folder, "--json").returncode == 0


def test_the_doctor_finds_a_sound_installation(folder: Path) -> None:
    done = wijkspoor("doctor", "--data", folder, "--json")
    assert (done.returncode, document(done)["ok"]) == (0, True), done.stdout


def test_serving_answers_says_where_and_stops_when_asked(folder: Path) -> None:
    command = [
        sys.executable,
        "-c",
        "from services.cli.main import main; main()",
        "up",
        "--port",
        "0",
        "--data",
        str(folder),
    ]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment()
    ) as process:
        try:
            assert process.stderr is not None
            url = _address(process)
            health = httpx2.get(f"{url}/health", timeout=10).json()
            assert health["status"] in ("UP", "DEGRADED")
            assert health["demo"] is True
            # A second instance reads beside the first, and cannot serve on its folder or its port.
            token = wijkspoor("token", "--role", "auditor", "--org", "OVO000001", "--person", "p-1", "--data", folder)
            assert token.returncode == 0, token.stderr
            bearer = {"Authorization": f"Bearer {token.stdout.strip()}"}
            log = httpx2.get(f"{url}/v1/events?limit=2", headers=bearer, timeout=10).json()
            assert [line["position"] for line in log["items"]] == [1, 2]
            assert httpx2.get(f"{url}/v1/events", timeout=10).status_code == 401
            taken = wijkspoor("up", "--port", url.rsplit(":", 1)[1], "--data", folder)
            assert (taken.returncode, "is taken" in taken.stderr) == (3, True)
            locked = wijkspoor("up", "--port", "0", "--data", folder)
            assert (locked.returncode, "Traceback" in locked.stderr) == (3, False), locked.stderr
        finally:
            process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0, process.stderr.read()


def _address(process: subprocess.Popen[str]) -> str:
    assert process.stderr is not None
    for line in process.stderr:
        if found := re.search(r"health\s+(http://\S+)/health", line):
            return found[1]
    raise AssertionError("it ended before it served")


def test_a_database_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    done = wijkspoor("budget", "x", "--dsn", "postgresql://nobody@127.0.0.1:1/none", "--data", tmp_path, "--json")
    assert done.returncode == 3
    assert document(done)["exitCode"] == 3
    assert "Traceback" not in done.stderr
    assert "report it" not in done.stderr


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("x")
    done = wijkspoor("doctor", "--data", file / "data")
    assert done.returncode == 1
    done = wijkspoor("demo", "--data", file / "data")
    assert done.returncode == 3
    assert "Traceback" not in done.stderr
    assert "report it" not in done.stderr
