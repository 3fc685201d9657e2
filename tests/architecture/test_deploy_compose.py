"""The compose file for trying: it can be read, says the same roles as the table, and keeps its doors shut."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from deploy.compose import passwords
from deploy.kafka import settings as local
from deploy.roles import ENDPOINTS, KAFKA, PORT, ROLES, STORE, Role
from services.settings import Settings
from services.web.server import GRACE_SECONDS

ROOT = Path(__file__).parents[2]
COMPOSE = ROOT / "deploy" / "compose.yaml"
AROUND = {"store", "kafka", "migrate", "topics"}

Service = dict[str, Any]


def asked(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The client's own reading of the file; it needs no engine."""
    command = [str(Path(sys.executable).parent / "docker-compose"), "--file", str(COMPOSE)]
    if (folder / "env").exists():
        command += ["--env-file", str(folder / "env")]
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "WIJKSPOOR_SECRETS": str(folder)}
    return subprocess.run([*command, *arguments], capture_output=True, text=True, check=False, env=environment)


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("secrets")
    passwords.drawn(folder)
    return folder


@pytest.fixture(scope="module")
def services(drawn: Path) -> dict[str, Service]:
    done = asked(drawn, "config", "--format", "json")
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    return dict(json.loads(done.stdout)["services"])


def test_without_passwords_it_stops_and_says_what_to_run(tmp_path: Path) -> None:
    done = asked(tmp_path, "config", "--quiet")
    assert done.returncode != 0
    assert "run python3 -m deploy.compose.passwords" in done.stderr


def test_every_role_is_a_service_and_starts_as_the_table_says(services: dict[str, Service]) -> None:
    assert set(services) == {role.name for role in ROLES} | AROUND
    for role in ROLES:
        assert services[role.name]["command"] == list(role.arguments)
        ready = services[role.name]["depends_on"]
        assert {name for name in ready if ready[name]["condition"] == "service_completed_successfully"} == {
            "migrate",
            "topics",
        }


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_a_role_has_its_own_name_and_reaches_only_those_it_speaks_to(role: Role, services: dict[str, Service]) -> None:
    service = services[role.name]
    environment, networks = service["environment"], set(service["networks"])
    assert f"//{role.database_user}:" in environment["WIJKSPOOR_DSN"]
    assert environment.get("WIJKSPOOR_KAFKA_USER") == role.principal
    assert ("store" in networks) is (STORE in role.talks_to)
    assert ("kafka" in networks) is (KAFKA in role.talks_to)
    assert ("outside" in networks) is (ENDPOINTS in role.talks_to)


def test_two_roles_never_share_a_password(services: dict[str, Service]) -> None:
    used: dict[str, set[str]] = {}
    for role in ROLES:
        environment = services[role.name]["environment"]
        [word] = re.findall(r":([0-9a-f]{48})@", environment["WIJKSPOOR_DSN"])
        used.setdefault(word, set()).add(role.database_user)
        if role.principal is not None:
            used.setdefault(environment["WIJKSPOOR_KAFKA_PASSWORD"], set()).add(role.principal)
    assert all(len(who) == 1 for who in used.values())


def test_every_container_is_hardened(services: dict[str, Service]) -> None:
    for name, service in services.items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert service["mem_limit"]
        assert "privileged" not in service
        assert "cap_add" not in service


def test_nothing_can_be_reached_from_another_machine(services: dict[str, Service]) -> None:
    published = [port for service in services.values() for port in service.get("ports", [])]
    assert len(published) == 7
    assert {port["host_ip"] for port in published} == {"127.0.0.1"}
    assert len({port["published"] for port in published}) == len(published)
    assert {port["target"] for port in published} == {PORT}


def test_what_is_started_once_is_not_started_again_and_the_rest_is_watched(services: dict[str, Service]) -> None:
    for name, service in services.items():
        once = name in {"migrate", "topics"}
        assert (service["restart"] == "no") is once
        assert bool(service["healthcheck"].get("disable")) is once
        if name in {role.name for role in ROLES}:
            assert service["healthcheck"]["test"][-2:] == ["/opt/wijkspoor/health.py", str(PORT)]
            assert int(service["stop_grace_period"].removesuffix("s")) > GRACE_SECONDS + 20


def test_every_variable_is_a_setting_of_the_program(services: dict[str, Service]) -> None:
    names = {name for service in services.values() for name in service["environment"] if name.startswith("WIJKSPOOR_")}
    assert {name.removeprefix("WIJKSPOOR_").lower() for name in names} <= set(Settings.model_fields)


def test_no_password_stands_in_the_files() -> None:
    for path in (COMPOSE, *COMPOSE.with_suffix("").iterdir()):
        if path.is_file():
            assert not re.search(r"[0-9a-f]{32}", path.read_text(encoding="utf-8"))
    assert "build/" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()


def test_passwords_are_drawn_once_and_kept_from_others(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    passwords.drawn(folder)
    before = {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}
    passwords.drawn(folder)
    assert {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()} == before
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "env").stat().st_mode) == 0o600
    assert set(json.loads(before["kafka-users.json"])) == {role.principal for role in ROLES if role.principal}
    again = tmp_path / "other"
    passwords.drawn(again)
    assert (again / "env").read_text(encoding="utf-8") != before["env"]


def test_drawing_needs_no_library(tmp_path: Path) -> None:
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from pathlib import Path\n"
    code += f"from deploy.compose import passwords; passwords.drawn(Path({str(tmp_path / 'x')!r}))"
    assert subprocess.run([sys.executable, "-I", "-S", "-c", code], check=False).returncode == 0


def test_the_node_of_kafka_keeps_what_the_local_one_keeps() -> None:
    lines = (COMPOSE.with_suffix("") / "kafka.properties").read_text(encoding="utf-8").splitlines()
    own = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    cluster = local.Cluster([local.Ports(9092, 9093)], {"broker": "x", "admin": "x"})
    other = local.settings(cluster, 1, Path("/data"))
    same = ("auto.create.topics.enable", "unclean.leader.election.enable", "log.retention.ms", "message.max.bytes")
    safe = ("allow.everyone.if.no.acl.found", "authorizer.class.name", "sasl.enabled.mechanisms")
    for name in (*same, *safe, "replica.fetch.max.bytes", "process.roles"):
        assert own[name] == other[name], name
    doors = dict(door.split("://") for door in own["listeners"].split(","))
    assert {name for name, where in doors.items() if not where.startswith("127.0.0.1:")} == {"CLIENT"}
    assert "CLIENT:SASL_PLAINTEXT" in own["listener.security.protocol.map"]
    assert not re.search(r"password", "\n".join(own.values()))
