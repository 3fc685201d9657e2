"""The public events of what became of a decision: moved, waived, replaced, taken back, suspended, annulled."""

from typing import ClassVar

from events.public.values import CaseData, Cents, ClosingTime, Day, PublicData, Reference


class EnvelopeDecreased(PublicData):
    """The money of the call was cut; what was set aside or awarded stands."""

    kind: ClassVar[str] = "envelopes.notify.decreased"
    previous_cents: Cents
    decrease_cents: Cents
    amount_cents: Cents
    reference: Reference


class GrantDenied(CaseData):
    """A grant was refused by a decision with reasons of its own: against the advice of the jury, or taken anew."""

    kind: ClassVar[str] = "grants.notify.denied"
    rank: int
    reference: Reference
    meeting: Day


class PlacedOnReserve(CaseData):
    """Favourably advised, but the envelope does not suffice: the file is on the reserve list until a day, if any."""

    kind: ClassVar[str] = "grants.notify.reserved"
    rank: int
    reference: Reference
    meeting: Day
    until: ClosingTime | None


class ReserveLapsed(CaseData):
    """The reserve list is no longer valid: this file gets nothing."""

    kind: ClassVar[str] = "grants.notify.lapsed"
    reference: Reference
    until: ClosingTime


class AwardWaived(CaseData):
    """The applicant renounced the award (verzaking), or its place on the reserve list."""

    kind: ClassVar[str] = "grants.notify.waived"
    reference: Reference
    amount_cents: Cents


class AwardAdjusted(CaseData):
    """What the award is worth from now on (0: nothing), by this decision."""

    kind: ClassVar[str] = "grants.notify.adjusted"
    reference: Reference
    previous_cents: Cents
    amount_cents: Cents


class DecisionSuperseded(CaseData):
    """A new decision replaces and annuls the one named (vervangt en vernietigt); the new outcome follows."""

    kind: ClassVar[str] = "grants.notify.superseded"
    replaced: Reference
    reference: Reference
    meeting: Day


class DecisionRetracted(CaseData):
    """The Government took its decision back (intrekking); none is in force until a new one is taken."""

    kind: ClassVar[str] = "grants.notify.retracted"
    retracted: Reference
    reference: Reference


class DecisionSuspended(CaseData):
    """The decision has no effect for now (schorsing)."""

    kind: ClassVar[str] = "grants.notify.suspended"
    decision: Reference
    ruling: Reference


class SuspensionLifted(CaseData):
    """The suspended decision has effect again."""

    kind: ClassVar[str] = "grants.notify.resumed"
    decision: Reference
    ruling: Reference


class DecisionAnnulled(CaseData):
    """The decision was annulled by a ruling (vernietiging)."""

    kind: ClassVar[str] = "grants.notify.annulled"
    decision: Reference
    ruling: Reference
