"""A recovery: what is owed, and what came back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, assert_never

from events.payment import RecoveryFacts, RecoveryOffset, RecoveryOrdered, RepaymentReceived


@dataclass(frozen=True, slots=True)
class Recovery:
    """A debt to come back. `offset_by` names the payments it was set off against, `references` the repayments."""

    status: Literal["none", "ordered"] = "none"
    call: str = ""
    case: str = ""
    number: str = ""
    finding: int | None = None
    amount_cents: int = 0
    recovered_cents: int = 0
    offset_by: tuple[str, ...] = ()
    references: tuple[str, ...] = ()

    @property
    def open_cents(self) -> int:
        """What has not come back yet."""
        return self.amount_cents - self.recovered_cents


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
        case _:
            assert_never(fact)
