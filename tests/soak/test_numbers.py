"""The checker of a count finds what it must: writers' words against a log of their numbers."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from events.store import Recorded
from tests.changing import replace
from tests.soak.counting import Run, Writers, findings_of
from tests.soak.of_log import LogCheck
from tests.soak.writing import GROUP, Numbers, command_id, number_of

AT = datetime(2026, 11, 23, tzinfo=UTC)


def log_of(run: int, groups: int) -> list[Recorded]:
    """The founding of a log, and so many groups of a run, as a store records them."""
    numbers, log = Numbers(run, 0), []
    founding = Numbers(99, 0).group()[1][0]
    requests = [founding, *(request for _ in range(groups) for request in numbers.group()[1])]
    for position, request in enumerate(requests, 1):
        (event,) = request.events
        told = (request.stream, request.expected_version + 1, event.type, 1, event.correlation_id, event.body)
        log.append(Recorded(position, AT, *told, event.key_id, event.signature))
    return log


def writers_of(log: list[Recorded]) -> Writers:
    """Everything was sent, and heard where it stands."""
    heard = Writers("", "store", 0.0, [Run()])
    for first in range(0, 2 * GROUP * 2, 2 * GROUP):
        heard.runs[0].sent.add(first)
        begin = 2 + first // 2
        heard.runs[0].positions[first] = array("q", range(begin, begin + GROUP))
    assert len(log) == 1 + 2 * GROUP
    return heard


def checked(log: list[Recorded], writers: Writers) -> set[str]:
    check = LogCheck()
    check.take(log)
    return {one.kind for one in findings_of(check, writers)}


def test_a_log_of_what_was_heard_has_no_finding() -> None:
    log = log_of(1, 2)
    assert checked(log, writers_of(log)) == set()


def lost(log: list[Recorded], writers: Writers) -> list[Recorded]:
    return log[:-1]


def moved(log: list[Recorded], writers: Writers) -> list[Recorded]:
    writers.runs[0].positions[0][7] += 1
    return log


def invented(log: list[Recorded], writers: Writers) -> list[Recorded]:
    writers.runs[0].sent.clear()
    return log


def altered(log: list[Recorded], writers: Writers) -> list[Recorded]:
    log[9] = replace(log[9], body=log[9].body.replace(b'"schema_version":1', b'"schema_version":3'))
    return log


def overtaken(log: list[Recorded], writers: Writers) -> list[Recorded]:
    log[5], log[6] = log[6], log[5]
    return log


def once_more(log: list[Recorded], writers: Writers) -> list[Recorded]:
    return [*log, replace(log[9], position=len(log) + 1)]


def earlier(log: list[Recorded], writers: Writers) -> list[Recorded]:
    log[20] = replace(log[20], recorded_at=AT.replace(year=2025))
    return log


PLANTED = {
    lost: "lost",
    moved: "moved",
    invented: "invented",
    altered: "broken-chain",
    overtaken: "hole",
    once_more: "twice",
    earlier: "time-reversed",
}


def test_every_planted_fault_is_found() -> None:
    missed = [plant.__name__ for plant, kind in PLANTED.items() if kind not in after(plant)]
    sys.stdout.write(f"\nplanted faults of a count: found {len(PLANTED) - len(missed)} of {len(PLANTED)}\n")
    assert missed == []


def after(plant: Callable[[list[Recorded], Writers], list[Recorded]]) -> set[str]:
    log = log_of(1, 2)
    writers = writers_of(log)
    return checked(plant(log, writers), writers)


@pytest.mark.parametrize(("run", "number"), [(1, 0), (210, 999_999), (7, GROUP)])
def test_a_number_is_read_back_from_its_command(run: int, number: int) -> None:
    assert number_of(command_id(run, number)) == (run, number)
