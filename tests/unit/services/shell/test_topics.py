"""`wijkspoor topics` at a terminal: what it says, and with which code it ends."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from events.failures import CannotRun
from events.store import StoreUnavailable
from services.cli.common import Common
from services.cli.topics import TopicTools
from services.settings import Settings

JSON = Common(json=True)


@dataclass(frozen=True)
class Seen:
    """A difference, as the door tells it."""

    kind: str
    about: str
    detail: str


@dataclass(frozen=True)
class Told:
    """A report, as the door tells it."""

    brokers: int = 1
    guarded: bool = True
    topics: Sequence[str] = ()
    rules: Sequence[str] = ()
    users: Sequence[str] = ()
    absent: Sequence[str] = ()
    differences: Sequence[Seen] = ()


@dataclass
class Door:
    """A cluster that answers what it was given to answer."""

    answer: Told | Exception = field(default_factory=Told)
    principals: Sequence[str] = ("publisher", "relay")
    asked: list[tuple[str | None, Mapping[str, str] | None]] = field(default_factory=list)

    async def check(self, settings: Settings) -> Told:
        return self._answer(settings, None)

    async def apply(self, settings: Settings, passwords: Mapping[str, str]) -> Told:
        return self._answer(settings, passwords)

    def _answer(self, settings: Settings, passwords: Mapping[str, str] | None) -> Told:
        self.asked.append((settings.kafka, passwords))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WIJKSPOOR_KAFKA", raising=False)


def document(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(capsys.readouterr().out)
    return made


def test_a_cluster_as_it_must_be_ends_with_0(capsys: pytest.CaptureFixture[str]) -> None:
    assert TopicTools(Door()).check(kafka="k:9092", common=JSON) == 0
    assert document(capsys) == {
        "ok": True,
        "brokers": 1,
        "accessControl": True,
        "made": {"topics": [], "rules": [], "users": []},
        "absent": [],
        "differences": [],
    }


def test_a_difference_is_a_finding(capsys: pytest.CaptureFixture[str]) -> None:
    door = Door(Told(differences=(Seen("missing-topic", "t", "t is not there"),)))
    assert TopicTools(door).check(kafka="k:9092", common=JSON) == 1
    assert document(capsys)["differences"] == [{"kind": "missing-topic", "about": "t", "detail": "t is not there"}]


def test_people_read_what_was_made_and_what_differs(capsys: pytest.CaptureFixture[str]) -> None:
    door = Door(Told(topics=("t",), users=("relay",), differences=(Seen("wrong-setting", "u", "u has x"),)))
    assert TopicTools(door).apply(kafka="k:9092") == 1
    told = capsys.readouterr().out
    assert "made: t" in told
    assert "made: relay" in told
    assert "u has x" in told


def test_who_has_no_password_is_named_and_is_no_finding(capsys: pytest.CaptureFixture[str]) -> None:
    assert TopicTools(Door(Told(absent=("auditor",)))).check(kafka="k:9092") == 0
    assert "Without a password: auditor." in capsys.readouterr().out


def test_a_kafka_without_access_rules_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert TopicTools(Door(Told(brokers=3, guarded=False))).check(kafka="k:9092") == 0
    assert "3 brokers; this Kafka keeps no access rules" in capsys.readouterr().out


def test_without_an_address_it_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    door = Door()
    assert TopicTools(door).check(common=JSON) == 2
    assert "WIJKSPOOR_KAFKA" in document(capsys)["message"]
    assert door.asked == []


@pytest.mark.parametrize("error", [StoreUnavailable("Kafka at k is away"), CannotRun("Kafka at k is away")])
def test_a_kafka_that_is_away_is_named_and_ends_with_3(error: Exception, capsys: pytest.CaptureFixture[str]) -> None:
    assert TopicTools(Door(error)).check(kafka="k:9092", common=JSON) == 3
    assert document(capsys)["message"] == "Kafka at k is away."


def test_passwords_come_from_the_file(tmp_path: Path) -> None:
    door = Door()
    file = tmp_path / "users.json"
    file.write_text('{"relay": "a word"}')
    assert TopicTools(door).apply(users=file, kafka="k:9092", common=JSON) == 0
    assert door.asked == [("k:9092", {"relay": "a word"})]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{", "cannot be read as JSON"),
        ("[]", "one JSON object"),
        ('{"relay": ""}', "not empty"),
        ('{"relay": 1}', "a password"),
        ('{"somebody": "a word"}', "names somebody"),
        (None, "cannot be read"),
    ],
)
def test_a_wrong_file_of_passwords_changes_nothing(
    content: str | None, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    door = Door()
    file = tmp_path / "users.json"
    if content is not None:
        file.write_text(content)
    assert TopicTools(door).apply(users=file, kafka="k:9092", common=JSON) == 2
    assert says in document(capsys)["message"]
    assert door.asked == []
