"""Lists as one reads them: what belongs together stands on one line, and a history has a heading a year."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from events.times import day_of
from events.vocabulary import Check
from projections.desk.data import Step, Waiting

CHECKED = "CheckRecorded"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the trail: a fact, and the further rule checks that were recorded with it."""

    first: Step
    others: tuple[Step, ...] = ()

    @property
    def checks(self) -> list[Check]:
        """Every rule applied here."""
        return [check for step in (self.first, *self.others) for check in step.checks]

    @property
    def only_checks(self) -> bool:
        """Whether the rules say it all; the sentence of such a fact would only repeat them."""
        return self.first.type == CHECKED and bool(self.first.checks)

    @property
    def recorded_later(self) -> bool:
        """Whether it was recorded on another day than it happened: then both days matter."""
        return day_of(self.first.recorded_at) != day_of(self.first.occurred_at)


def entries(steps: Iterable[Step]) -> list[Entry]:
    """The lines of a history, in its order."""
    found: list[Entry] = []
    for step in steps:
        last = found[-1] if found else None
        if last is not None and step.type == CHECKED == last.first.type and _together(last.first, step):
            found[-1] = Entry(last.first, (*last.others, step))
        else:
            found.append(Entry(step))
    return found


def _together(one: Step, other: Step) -> bool:
    return one.occurred_at == other.occurred_at and one.role == other.role


def by_year(lines: Sequence[Entry]) -> list[tuple[str, list[Entry]]]:
    """The lines under their years; the log's order is kept, so a year can return when a fact came late."""
    years: list[tuple[str, list[Entry]]] = []
    for entry in lines:
        year = day_of(entry.first.occurred_at)[:4]
        if not years or years[-1][0] != year:
            years.append((year, []))
        years[-1][1].append(entry)
    return years


@dataclass(frozen=True, slots=True)
class Queue:
    """Cases that wait for the same party to do the same thing; the first is the most pressing."""

    first: Waiting
    cases: tuple[Waiting, ...]


def queues(waiting: Iterable[Waiting]) -> list[Queue]:
    """One line for what is alike, in order of what presses most. What is overdue is never hidden behind what is not."""
    alike: dict[tuple[str, str, bool], list[Waiting]] = {}
    for one in waiting:
        alike.setdefault((one.turn, one.todo.nl, one.overdue), []).append(one)
    return [Queue(several[0], tuple(several)) for several in alike.values()]
