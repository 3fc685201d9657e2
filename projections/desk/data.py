"""What the desk shows, as plain values, and the port it reads them through.

The desk never sees a table or an event. Personal data has no place in these values: `views.py` leaves it behind.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from events.envelope import Actor
from events.times import Day, Deadline, Instant
from events.vocabulary import Check, Text, Written
from projections.past import Cut


class NotReady(Exception):
    """The read models cannot be reached now; the page says so and asks to come back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """A moment of the call worth looking back at: the fact's type and when it happened."""

    type: str
    at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call as the desk names it; `synthetic` lists fields of its terms whose real values no source gave."""

    call: str
    title: Text
    deadline: Deadline | None = None
    milestones: Sequence[Milestone] = ()
    synthetic: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """Euro cents of a call or of one case. Decommitted, recovered and claimed are told beside the balance."""

    envelope_cents: int = 0
    reserved_cents: int = 0
    awarded_cents: int = 0
    committed_cents: int = 0
    decommitted_cents: int = 0
    ordered_cents: int = 0
    payable_cents: int = 0
    paid_cents: int = 0
    offset_cents: int = 0
    recovery_ordered_cents: int = 0
    recovered_cents: int = 0

    @property
    def available_cents(self) -> int:
        """What the envelope still holds; meaningful for a call."""
        return self.envelope_cents - self.reserved_cents - self.committed_cents

    @property
    def under_way_cents(self) -> int:
        """Ordered or released, and not yet at the beneficiary."""
        return self.ordered_cents + self.payable_cents


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """How far the log had been read for this page: the position, and when that was recorded (None: nothing was)."""

    position: int
    known_at: Instant | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """The money of one call."""

    money: Money
    shown: Shown


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLine:
    """One case in a list. `synthetic`: the amount was made up, because no source names it."""

    case: str
    call: str
    number: str | None
    party: str
    neighbourhood: str | None
    project: str | None
    status: str
    requested_cents: int | None
    awarded_cents: int | None
    synthetic: bool
    rank: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Cases, and what part of the log they show."""

    cases: Sequence[CaseLine]
    shown: Shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One case in full. `flags` are codes of what needs attention, such as ``open_recovery``."""

    line: CaseLine
    money: Money
    shown: Shown
    previous_party: str | None = None
    term_start: Day | None = None
    term_end: Day | None = None
    decided_on: Day | None = None
    score_bp: int | None = None
    final_subsidy_cents: int | None = None
    flags: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A case, or the call itself (`case` None), that waits for somebody: for whom (a role), for what, until when."""

    case: str | None
    party: str
    turn: str
    todo: Text
    since: Instant
    due: Instant | None = None
    overdue: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One fact in the history of a case, told in a sentence; `checks` and `reasons` are why.

    `role` is the part in which somebody acted, never who; `written` is what a person wrote, as written.
    """

    position: int
    type: str
    service: str
    occurred_at: Instant
    recorded_at: Instant
    role: str
    told: Text
    checks: Sequence[Check] = ()
    reasons: Sequence[Text] = ()
    written: Sequence[Written] = ()
    legal_basis: str | None = None


class DeskData(Protocol):
    """The reads of the desk. Each raises NotReady when the read models cannot be reached.

    Nothing is shown that the viewer may not see; what is not there and what is not theirs look the same: None, or a
    list without it.
    """

    async def calls(self, viewer: Actor, cut: Cut) -> Sequence[Call]:
        """Every call known at the cut, newest first, with the deadline of that moment.

        `milestones` are those known today, whatever the cut: they are the way to another moment."""

    async def budget(self, viewer: Actor, call: str, cut: Cut) -> Budget | None:
        """The money of a call at the cut; None if the call is not known there."""

    async def contracts(self, viewer: Actor, call: str, cut: Cut) -> Listing:
        """The call's cases, in order of rank and number."""

    async def case(self, viewer: Actor, case: str, cut: Cut) -> Case | None:
        """One case at the cut."""

    async def timeline(self, viewer: Actor, case: str, cut: Cut) -> Sequence[Step]:
        """The facts of one case in the order of the log."""

    async def worklist(self, viewer: Actor, call: str, cut: Cut) -> Sequence[Waiting]:
        """Who has the ball, most pressing first."""
