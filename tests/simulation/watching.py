"""What must hold at every moment of a walk, seen from the log, the ledger and the worklist. No decider is asked.

An open case is one of which something is still to be decided, done, paid or got back; `is_open` says it from what
happened to it. The party to move is the one that the worklist names in front: it may have more than one task, and
others may be asked something besides, but the ball lies with one. Where only a day is waited for the party is the
service, whose timer moves.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from events.ledger import limited
from events.store import Balance, Recorded
from projections.worklist.tasks import BACKGROUND, TASKS, WorkRow
from tests.simulation.sight import Sight
from tests.stranger.checking import Looks
from tests.stranger.deadlines import Deadlines
from tests.stranger.decisions import Decisions
from tests.stranger.money import Money
from tests.stranger.people import FourEyes, Jury
from tests.stranger.reading import Event, Finding, event

SPENT = ("COMMITTED", "PAYABLE", "BANK", "OFFSET")
"""Accounts of a case that hold money of the envelope, from the award to the bank."""


class Watch:
    """Follows the log event by event; what may not be comes out."""

    def __init__(self) -> None:
        self._looking: list[Looks] = [Money(), Jury(), FourEyes(), Decisions(), Deadlines(), Hands()]

    def take(self, recorded: Recorded) -> list[Finding]:
        """Take in one event."""
        one = event(recorded.position, recorded.body)
        return [finding for look in self._looking for finding in look.take(one)]


class Hands:
    """Two people where two are asked for, and no hand of whoever is kept out, by name and act alone."""

    def __init__(self) -> None:
        self._accepted: dict[tuple[str, str], str] = {}
        self._report: dict[tuple[str, str], str] = {}
        self._proposed: dict[tuple[str, int], str] = {}
        self._present: dict[str, list[str]] = {}
        self._out: dict[str, set[str]] = defaultdict(set)

    def take(self, one: Event) -> Iterator[Finding]:
        """Take in one event."""
        data = one.data
        match one.type:
            case "FundsCommitted" | "AwardChanged":
                self._report |= {(one.case, row["code"]): row["report"] for row in data["tranches"]}
            case "ReportAccepted":
                self._accepted[one.case, data["report"]] = one.person
            case "PaymentFileReleased":
                if one.person == self._accepted.get((one.case, self._report.get((one.case, data["tranche"]), ""))):
                    yield Finding("P3", one.position, one.case, "released by who accepted the report it rests on")
            case "AmendmentProposed":
                self._proposed[one.case, data["amendment"]] = one.person
            case "AmendmentApproved":
                if one.person == self._proposed[one.case, data["amendment"]]:
                    yield Finding("C2", one.position, one.case, "approved by who proposed it")
            case _:
                yield from self._of_jury(one)

    def _of_jury(self, one: Event) -> Iterator[Finding]:
        match one.type:
            case "DeliberationOpened" | "QuorumLost":
                self._present[one.case] = one.data["present"]
            case "MemberRecused":
                self._out[one.case].add(one.data["member"])
                self._present[one.case] = [
                    who for who in self._present.get(one.case, []) if who not in self._out[one.case]
                ]
            case "ConsensusReached" | "CastingVoteUsed" | "AdviceAdopted" | "ProvisionalAdviceSent":
                if one.person not in self._present.get(one.case, []):
                    yield Finding("J5", one.position, one.case, f"{one.type} by who is not at the table")
            case "SecretBallotHeld":
                votes = sum(row["votes"] for row in one.data["ballots"]) + one.data["abstentions"]
                if votes > len(self._present.get(one.case, [])):
                    yield Finding("J5", one.position, one.case, "more votes than members present")
            case _:
                pass

    def end(self) -> Iterator[Finding]:
        """Nothing more to say at the end."""
        yield from ()


def unbalanced(balances: Iterable[Balance], cases: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with the ledger; `cases` tells the call of each case."""
    accounts = {one.account: one for one in balances}
    if sum(one.posted for one in accounts.values()) != 0:
        yield "the posted transfers do not add up to zero"
    for one in accounts.values():
        if limited(one.account) and one.debits_posted + one.debits_pending > one.credits_posted:
            yield f"{one.account} is below its bound: {one}"
    for name, control in accounts.items():
        kind, _, call = name.partition(":")
        if kind == "CONTROL":
            held = sum(
                accounts[f"{spent}:{case}"].posted
                for case, of in cases.items()
                for spent in SPENT
                if of == call and f"{spent}:{case}" in accounts
            )
            free = accounts[f"AVAILABLE:{call}"].posted
            if held + free != -control.posted or held > -control.posted:
                yield f"{call}: {held} held and {free} free of an envelope of {-control.posted}"


def is_open(sight: Sight, case: str) -> bool:
    """Whether something is still to be done in a case."""
    grant, contract, account = (sight.state(kind, case) for kind in ("grant", "contract", "account"))
    application, assessment = sight.state("application", case).status, sight.state("assessment", case).status
    if application in ("withdrawn", "lapsed"):
        return False
    if (
        grant.appeals
        or grant.suspended
        or grant.status in ("retracted", "annulled")
        or assessment in ("open", "admissible")
    ):
        return True
    if contract.status != "none":
        return bool(account.status != "closed")
    if application == "late" or assessment == "lapsed":
        return False
    if assessment in ("inadmissible", "ineligible"):
        # It is at an end, unless more was asked for after the conclusion, or handed in.
        undecided = grant.status not in ("awarded", "refused", "reserve", "waived", "lapsed")
        return undecided and case in sight.supplements
    return grant.status not in ("refused", "waived", "lapsed", "withdrawn")


def misplaced(sight: Sight, rows: Mapping[Any, WorkRow]) -> Iterator[str]:
    """Cases of which the ball does not lie with exactly one party."""
    for case in sight.all("application"):
        row = rows.get((case,))
        asked = None if row is None else row.party
        if is_open(sight, case) != (asked is not None):
            codes = [] if row is None else [task.code for task in row.tasks]
            yield f"{case} is {'open' if asked is None else 'ended'}, and asks {asked}: {codes}"
        if row is not None:
            yield from _unclear(row)


def _unclear(row: WorkRow) -> Iterator[str]:
    """What a row says of its front that its tasks do not."""
    named = [(task.code, task.ref) for task in row.tasks]
    if len(set(named)) != len(named):
        yield f"{row.subject} asks the same twice: {named}"
    if row.parties != sorted({TASKS[code][0] for code, _ in named}):
        yield f"{row.subject} names other parties than its tasks: {row.parties}"
    if row.tasks and (row.party != TASKS[row.code or ""][0] or (row.code, row.ref) not in named):
        yield f"{row.subject} has {row.code} in front, which is not asked"
    if row.code in BACKGROUND and any(code not in BACKGROUND for code, _ in named):
        yield f"{row.subject} has what goes on by itself in front of a question: {named}"
