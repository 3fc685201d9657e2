"""A recovery: what is owed, what came back or was given up, and how it is to be paid."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, assert_never

from events.payment import (
    ContestDecided,
    Instalment,
    InstalmentMissed,
    InstalmentPlanAgreed,
    RecoveryContested,
    RecoveryFacts,
    RecoveryOffset,
    RecoveryOrdered,
    RecoveryTransferred,
    RecoveryWaived,
    RepaymentReceived,
)


@dataclass(frozen=True, slots=True)
class Recovery:
    """A debt to come back; `offset_by` names payments it was set off against, `references` repayments.

    `amount_cents` is what is claimed now, after any contest; `contested` while one is not answered;
    `planned_from_cents` is what had come back when the plan in force, number `plan`, was agreed.
    """

    status: Literal["none", "ordered"] = "none"
    call: str = ""
    case: str = ""
    number: str = ""
    finding: int | None = None
    amount_cents: int = 0
    recovered_cents: int = 0
    waived_cents: int = 0
    contested: bool = False
    transferred: bool = False
    plan: int = 0
    instalments: tuple[Instalment, ...] = ()
    planned_from_cents: int = 0
    missed: tuple[int, ...] = ()
    offset_by: tuple[str, ...] = ()
    references: tuple[str, ...] = ()

    @property
    def open_cents(self) -> int:
        """What has not come back yet and was not given up."""
        return self.amount_cents - self.recovered_cents - self.waived_cents

    @property
    def set_off_freely(self) -> bool:
        """Whether a payment may be set off against it: not while it is contested, planned or collected elsewhere."""
        return not (self.contested or self.instalments or self.transferred)

    def missing_cents(self, number: int) -> int:
        """What of the instalments up to this one has not come."""
        due = sum(one.amount_cents for one in self.instalments if one.number <= number)
        return min(self.open_cents, max(0, due - (self.recovered_cents - self.planned_from_cents)))


def evolve_recovery(state: Recovery, fact: RecoveryFacts) -> Recovery:
    """The recovery after one more fact."""
    match fact:
        case RecoveryOrdered():
            return Recovery("ordered", fact.call, fact.case, fact.recovery, fact.finding, fact.amount_cents)
        case RecoveryOffset():
            offset_by = (*state.offset_by, fact.end_to_end_id)
            return replace(state, offset_by=offset_by, recovered_cents=state.recovered_cents + fact.amount_cents)
        case RepaymentReceived():
            references = (*state.references, fact.reference)
            return replace(state, references=references, recovered_cents=state.recovered_cents + fact.amount_cents)
        case RecoveryContested():
            return replace(state, contested=True)
        case ContestDecided():
            return replace(state, contested=False, amount_cents=state.amount_cents - fact.reduced_cents)
        case InstalmentPlanAgreed():
            planned = tuple(fact.instalments)
            recovered = state.recovered_cents
            return replace(state, plan=fact.plan, instalments=planned, planned_from_cents=recovered, missed=())
        case InstalmentMissed():
            return replace(state, missed=(*state.missed, fact.number))
        case RecoveryWaived():
            return replace(state, waived_cents=state.waived_cents + fact.amount_cents)
        case RecoveryTransferred():
            return replace(state, transferred=True, instalments=())
        case _:
            assert_never(fact)
