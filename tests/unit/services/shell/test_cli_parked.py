"""`wijkspoor parked`: what stands still, and the three things that can be done about it."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from cyclopts import App

from events.adapters.memory_parking import MemoryParking
from events.parking import Parked, Reason, Stuck
from events.store import Recorded
from services.cli.parked import parked_app
from services.cli.ports import Doors, Progress, Rebuilt
from services.settings import Settings

AT = datetime(2021, 3, 11, 9, tzinfo=UTC)
BODY = b'{"a":"\xc3\xa9"}'


def event(position: int, stream: str = "call-1", body: bytes = BODY) -> Recorded:
    return Recorded(position, AT, stream, position, "CallClosed", 1, "case-1", body, "key-1", b"\x01" * 64)


class Mending(MemoryParking):
    """A list whose consumer tries at once: a stream is mended, or still broken, or nobody is there."""

    def __init__(self) -> None:
        super().__init__(lambda: AT)
        self.mended: set[str] = set()
        self.absent = False

    async def ask_again(self, consumer: str, stream: str) -> bool:
        found = await super().ask_again(consumer, stream)
        if self.absent:
            return found
        for one in await self.of_stream(consumer, stream):
            if stream not in self.mended:
                await self.keep(one, "failed", "still no")
                break
            await self.release(one)
        return found


@dataclass
class House:
    """The doors of a program with a stuck list."""

    parking: Mending = field(default_factory=Mending)
    rebuilt: list[str] = field(default_factory=list)

    @asynccontextmanager
    async def opened(self, _settings: Settings) -> AsyncIterator[Mending]:
        yield self.parking

    async def rebuild(self, _settings: Settings, name: str, _move: Progress) -> Sequence[Rebuilt]:
        self.rebuilt.append(name)
        for one in await self.parking.listed([name]):
            await self.parking.release(one)
        return [Rebuilt(name, 1, 1, 0.0, same=True)]

    def park(self, consumer: str, *events: Recorded, reason: Reason = "failed", detail: str = "no") -> None:
        async def park() -> None:
            for number, one in enumerate(events):
                await self.parking.park(consumer, one, "behind" if number else reason, "" if number else detail)

        asyncio.run(park())

    def stuck(self) -> Sequence[Stuck]:
        return asyncio.run(self.parking.stuck())

    def ask(self, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, Any]:
        """The exit code, and the one document on stdout."""
        code = self.run(*words, "--json")
        return code, json.loads(capsys.readouterr().out)

    def run(self, *words: str) -> int:
        doors = Doors(whole=self.opened, shared=self.opened, rebuild=self.rebuild)
        app: App = parked_app(doors, self.opened)
        code: int = app(list(words), exit_on_error=False, print_error=False, result_action="return_value")
        return code


@pytest.fixture
def house() -> House:
    return House()


def test_an_empty_list_is_no_finding(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    assert house.ask(capsys, "list") == (0, {"streams": [], "discarded": 0})
    assert house.run("list") == 0
    assert "Nothing is parked." in capsys.readouterr().out


def test_the_list_tells_each_stream_by_the_event_at_its_head(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    house.park("react:jury", event(7), event(9), detail="not known here", reason="unknown-type")
    house.park("timers", event(7))
    code, document = house.ask(capsys, "list")
    assert code == 0
    first, second = document["streams"]
    assert first == {
        "number": 1,
        "consumer": "react:jury",
        "stream": "call-1",
        "position": 7,
        "version": 7,
        "type": "CallClosed",
        "schemaVersion": 1,
        "eventId": None,
        "traceId": "case-1",
        "recordedAt": "2021-03-11T09:00:00.000000Z",
        "reason": "unknown-type",
        "detail": "not known here",
        "again": False,
        "events": 2,
        "since": "2021-03-11T09:00:00.000000Z",
    }
    assert (second["consumer"], second["events"]) == ("timers", 1)
    assert [one["consumer"] for one in house.ask(capsys, "list", "--consumer", "timers")[1]["streams"]] == ["timers"]
    assert house.run("list") == 0
    assert "not known here" in capsys.readouterr().out


def test_one_event_is_shown_with_its_exact_bytes_and_what_stands_behind(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    house.park("react:jury", event(7), event(9), event(12))
    code, document = house.ask(capsys, "show", "1")
    assert (code, document["behind"]) == (0, [9, 12])
    assert base64.b64decode(document["body"]) == BODY
    assert base64.b64decode(document["signature"]) == b"\x01" * 64
    assert house.run("show", "1") == 0
    assert '{"a":"é"}' in capsys.readouterr().out


def test_bytes_that_are_no_json_are_shown_as_they_are(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    house.park("react:jury", event(7, body=b"\x00\xff["))
    assert house.run("show", "1") == 0
    assert "not canonical JSON" in capsys.readouterr().out


@pytest.mark.parametrize(
    "words", [("show", "7"), ("retry", "7"), ("retry", "seven"), ("discard", "7", "--why", "because")]
)
def test_what_is_not_parked_is_wrong_use(
    house: House, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    code, document = house.ask(capsys, *words)
    assert code == 2
    assert document["message"] == f"There is no parked event {words[1]}: see wijkspoor parked list."


def test_a_stream_that_was_mended_goes_on(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    house.park("react:jury", event(7), event(9))
    house.park("timers", event(7))
    house.parking.mended.add("call-1")
    code, document = house.ask(capsys, "retry", "2")
    assert (code, document) == (0, {"asked": 1, "broken": [], "waiting": []})
    assert [one.consumer for one in house.stuck()] == ["timers"]


def test_what_is_still_broken_is_a_finding(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    house.park("react:jury", event(7), event(9))
    code, document = house.ask(capsys, "retry", "all")
    assert (code, document["asked"]) == (1, 1)
    assert [row["detail"] for row in document["broken"]] == ["still no"]
    assert house.run("retry", "all") == 1
    assert "Still broken" in capsys.readouterr().out


def test_without_its_consumer_a_stream_waits_and_that_is_said(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    house.park("react:jury", event(7))
    house.parking.absent = True
    code, document = house.ask(capsys, "retry", "1", "--wait", "0")
    assert (code, len(document["waiting"])) == (0, 1)
    assert house.run("retry", "1", "--wait", "0") == 0
    assert "it tries again when it runs" in capsys.readouterr().out


def test_a_view_is_rebuilt_instead_and_once(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    house.park("worklist", event(7))
    house.park("worklist", event(8, "call-2"))
    code, document = house.ask(capsys, "retry", "all")
    assert (code, document["asked"], house.rebuilt) == (0, 2, ["worklist"])
    assert house.stuck() == []


def test_nothing_parked_is_nothing_to_retry(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    assert house.ask(capsys, "retry", "all") == (0, {"asked": 0, "broken": [], "waiting": []})


def test_a_discard_is_on_record_with_who_and_why(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    house.park("react:jury", event(7), event(9))
    house.parking.absent = True
    code, document = house.ask(capsys, "discard", "1", "--why", "sent twice, note 12", "--by", "An Official")
    assert code == 0
    assert document == {
        "number": 1,
        "consumer": "react:jury",
        "stream": "call-1",
        "by": "An Official",
        "why": "sent twice, note 12",
    }
    (gone,) = asyncio.run(house.parking.discarded())
    assert (gone.who, gone.why, gone.parked.number) == ("An Official", "sent twice, note 12", 1)
    (left,) = house.stuck()
    assert (left.events, left.again) == (1, True)
    assert house.ask(capsys, "list")[1]["discarded"] == 1


def test_who_discards_is_known_by_the_account_unless_said(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    house.park("react:jury", event(7))
    assert house.ask(capsys, "discard", "1", "--why", "x")[1]["by"]


@pytest.mark.parametrize("why", ["", "  "])
def test_a_discard_without_a_reason_is_wrong_use(house: House, capsys: pytest.CaptureFixture[str], why: str) -> None:
    house.park("react:jury", event(7))
    assert house.ask(capsys, "discard", "1", "--why", why)[0] == 2
    assert len(house.stuck()) == 1


def test_after_a_discard_for_a_view_the_rebuild_is_named(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    house.park("worklist", event(7))
    assert house.run("discard", "1", "--why", "x") == 0
    assert "wijkspoor rebuild worklist" in capsys.readouterr().out


def test_two_who_discard_at_once_leave_one_record(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    class Raced(Mending):
        async def find(self, number: int) -> Parked | None:
            found = await super().find(number)
            await super().discard(number, "another", "first")
            return found

    house.parking = Raced()
    house.park("react:jury", event(7))
    assert house.ask(capsys, "discard", "1", "--why", "x")[0] == 2
    assert len(asyncio.run(house.parking.discarded())) == 1
