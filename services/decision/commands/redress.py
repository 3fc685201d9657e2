"""What can be asked once a file is decided: waive, supersede, retract, appeal, suspend, annul, decide anew."""

from typing import Literal, TypeAlias

from events.times import Day
from events.vocabulary import Cents, Name, Written
from services.deciding import CommandSpec
from services.decision.commands.rows import APPLICANT, HANDLER, SECRETARY, row, with_contract
from services.fields import Command, Wire


class WaiveAward(Command):
    """Renounce the award, or the place on the reserve list (verzaken)."""

    reason: Wire[Written]


class SupersedeDecision(Command):
    """Take a new decision that replaces and annuls (vervangt en vernietigt) the one named; 0 cents awards nothing.

    `advice` and `agreement` are the references of the Inspectorate's advice and the budget agreement on new money.
    """

    replaces: Wire[Name]
    reference: Wire[Name]
    meeting: Wire[Day]
    amount_cents: Wire[Cents]
    reasons: Wire[Written]
    advice: Wire[Name] | None = None
    agreement: Wire[Name] | None = None


class DecideAnew(Command):
    """Decide again on a file whose decision was annulled or retracted; 0 cents awards nothing."""

    reference: Wire[Name]
    meeting: Wire[Day]
    amount_cents: Wire[Cents]
    reasons: Wire[Written]
    advice: Wire[Name] | None = None
    agreement: Wire[Name] | None = None


class RetractDecision(Command):
    """Take the decision named back (intrekken)."""

    retracts: Wire[Name]
    reference: Wire[Name]
    reasons: Wire[Written]


class RecordAppeal(Command):
    """Put an appeal against the decision named in the file; `reference` is the appeal's own."""

    decision: Wire[Name]
    instance: Literal["council_of_state", "administrative"]
    reference: Wire[Name]
    lodged_on: Wire[Day]


class RecordAppealDismissal(Command):
    """The appeal came to nothing."""

    reference: Wire[Name]
    ruling: Wire[Name]
    reasons: Wire[Written]


class RecordSuspension(Command):
    """The decision named has no effect for now (schorsing)."""

    decision: Wire[Name]
    by: Literal["court", "government"]
    ruling: Wire[Name]
    reasons: Wire[Written]


class LiftSuspension(Command):
    """The suspended decision has effect again."""

    decision: Wire[Name]
    ruling: Wire[Name]
    reasons: Wire[Written]


class RecordAnnulment(Command):
    """A ruling annulled the decision named (vernietiging)."""

    decision: Wire[Name]
    ruling: Wire[Name]
    reasons: Wire[Written]


RedressCommand: TypeAlias = (
    WaiveAward
    | SupersedeDecision
    | DecideAnew
    | RetractDecision
    | RecordAppeal
    | RecordAppealDismissal
    | RecordSuspension
    | LiftSuspension
    | RecordAnnulment
)

ROWS: tuple[CommandSpec, ...] = (
    row(WaiveAward, "grant", APPLICANT, ("D6", "OWN", "STATE"), past=True),
    row(SupersedeDecision, "grant", SECRETARY, ("D1", "D2", "D3", "D6", "STATE"), with_contract, past=True),
    row(DecideAnew, "grant", SECRETARY, ("D1", "D2", "D3", "D6", "STATE"), with_contract, past=True),
    row(RetractDecision, "grant", SECRETARY, ("D6", "STATE"), past=True),
    row(RecordAppeal, "grant", HANDLER, ("D6", "STATE"), past=True),
    row(RecordAppealDismissal, "grant", HANDLER, ("D6", "STATE"), past=True),
    row(RecordSuspension, "grant", HANDLER | SECRETARY, ("D6", "STATE"), past=True),
    row(LiftSuspension, "grant", HANDLER | SECRETARY, ("D6", "STATE"), past=True),
    row(RecordAnnulment, "grant", HANDLER | SECRETARY, ("D6", "STATE"), past=True),
)
"""The rows of the registry for what comes after a decision on a file."""
