"""`wijkspoor bank …`: what it tells people and programs, and its exit codes."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest

from services.banking.office import Office
from services.cli.app import call
from services.cli.ports import Doors
from services.settings import Settings
from services.story.payments import IBANS
from tests import bank_messages as bank
from tests.bank_messages import detail, entry
from tests.unit.services.banking.conftest import released
from tests.unit.services.banking.desk import Desk


class Door:
    """The bank's side behind the command line; one desk for all commands of a test."""

    def __init__(self) -> None:
        self.desk = Desk(deepcopy(released()))
        self.office: Office | None = None

    @asynccontextmanager
    async def open(self, _settings: Settings) -> AsyncIterator[Any]:
        yield self.office or self.desk.office

    def __call__(self, *arguments: str) -> int:
        return call(Doors(self.open, self.open, bank=self.open), ["bank", *arguments])


@pytest.fixture
def door() -> Door:
    return Door()


def told(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return document


def test_send_tells_each_file_with_its_totals(door: Door, capsys: pytest.CaptureFixture[str]) -> None:
    assert door("send", "--json") == 0
    (file,) = told(capsys)["files"]
    assert (file["transfers"], file["totalCents"]) == (11, sum(one.amount for one in door.desk.sent()))
    assert door("send") == 0
    assert "Nothing waits for the bank." in capsys.readouterr().out


def test_receive_ends_with_a_finding_where_something_waits_for_somebody(
    door: Door, capsys: pytest.CaptureFixture[str]
) -> None:
    assert door("receive") == 0
    assert "The bank left nothing." in capsys.readouterr().out
    door.desk.line.incoming["1.xml"] = bank.notice(entry(detail("unknown"), "12.50"))
    assert door("receive", "--json") == 1
    (file,) = told(capsys)["files"]
    assert (file["outcome"], file["parked"][0]["reason"]) == ("done", "unknown-order")


def test_parked_lists_what_waits_and_close_takes_it_off_on_record(
    door: Door, capsys: pytest.CaptureFixture[str]
) -> None:
    assert door("parked") == 0
    assert "Nothing is parked." in capsys.readouterr().out
    door.desk.line.incoming["1.xml"] = bank.notice(entry(detail("unknown"), "12.50"))
    door("receive", "--json")
    capsys.readouterr()
    assert door("parked", "--json") == 0
    (row,) = told(capsys)["parked"]
    assert (row["number"], row["reason"], row["amountCents"]) == (1, "unknown-order", 1250)

    assert door("close", "1", "--why", "  ") == 2
    assert door("close", "1", "--why", "a debit of another service", "--by", "An") == 0
    assert door("close", "1", "--why", "again") == 2
    capsys.readouterr()
    assert door("parked", "--closed", "--json") == 0
    (row,) = told(capsys)["parked"]
    assert (row["closedBy"], row["why"]) == ("An", "a debit of another service")


def test_what_is_not_set_is_said_in_one_sentence(door: Door, capsys: pytest.CaptureFixture[str]) -> None:
    door.office = replace(door.desk.office, line=None)
    assert door("send") == 3
    assert "WIJKSPOOR_BANK_FOLDER" in capsys.readouterr().err
    door.office = replace(door.desk.office, debtor=None)
    assert door("receive", "--json") == 3
    assert "WIJKSPOOR_BANK_IBAN" in told(capsys)["message"]


def test_no_account_number_is_ever_printed(door: Door, capsys: pytest.CaptureFixture[str]) -> None:
    door("send", "--json")
    first = door.desk.sent()[0]
    content = bank.notice(entry(detail(first.end_to_end_id, iban=bank.THERE), "12.50"))
    door.desk.line.incoming[f"n-{IBANS[0]}-1.xml"] = content
    for command in (("receive",), ("parked",), ("parked", "--json")):
        door(*command)
    printed = capsys.readouterr()
    for number in (*IBANS, bank.AGENCY, bank.THERE):
        assert number not in printed.out + printed.err


def test_a_build_without_a_bank_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    doors = Door()
    assert call(Doors(doors.open, doors.open), ["bank", "send"]) == 3
    assert "no way to the bank" in capsys.readouterr().err
