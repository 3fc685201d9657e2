"""What decision remembers of a contract."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, assert_never

from events.decision import (
    BeneficiarySucceeded,
    BudgetShifted,
    BudgetShiftRefused,
    ContractActivated,
    ContractClosed,
    ContractCompleted,
    ContractDrafted,
    ContractFacts,
    PledgeSigned,
)
from events.times import Instant
from events.vocabulary import BudgetLine, Partner, Party, Period


@dataclass(frozen=True, slots=True)
class Contract:
    """A contract. `holders` are its beneficiaries in turn, each from an instant; the last one may lie ahead."""

    status: Literal["none", "drafted", "active", "completed", "closed"] = "none"
    call: str = ""
    holders: tuple[tuple[Instant, Party], ...] = ()
    amount_cents: int = 0
    budget: tuple[BudgetLine, ...] = ()
    partners: tuple[Partner, ...] = ()
    signed: frozenset[str] = frozenset()
    term: Period | None = None

    def beneficiary(self, at: Instant) -> Party:
        """Who held the contract at that instant."""
        return [party for since, party in self.holders if since <= at][-1]

    def unsigned(self) -> list[str]:
        """The mandatory pledges that nobody has signed yet."""
        return [one.partner for one in self.partners if one.mandatory and one.partner not in self.signed]


def evolve_contract(state: Contract, fact: ContractFacts) -> Contract:
    """The contract after one more fact."""
    match fact:
        case ContractDrafted():
            return Contract(
                status="drafted",
                call=fact.call,
                holders=(("", fact.beneficiary),),
                amount_cents=fact.amount_cents,
                budget=tuple(fact.budget),
                partners=tuple(fact.partners),
                term=fact.term,
            )
        case PledgeSigned():
            return replace(state, signed=state.signed | {fact.partner})
        case ContractActivated():
            return replace(state, status="active")
        case BudgetShifted():
            return replace(state, budget=tuple(fact.budget))
        case BudgetShiftRefused():
            return state
        case BeneficiarySucceeded():
            return replace(state, holders=(*state.holders, (fact.effective_at, fact.successor)))
        case ContractCompleted():
            return replace(state, status="completed")
        case ContractClosed():
            return replace(state, status="closed")
        case _:
            assert_never(fact)
