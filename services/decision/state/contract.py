"""What decision remembers of a contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias, assert_never

from msgspec.structs import replace as replace_struct

from events.decision import (
    Action,
    ActionDiscontinued,
    ActionPlanned,
    Amendment,
    AmendmentApproved,
    AmendmentProposed,
    AmendmentRefused,
    AmendmentWithdrawn,
    AwardAdopted,
    BeneficiarySucceeded,
    BudgetShifted,
    BudgetShiftRefused,
    ContractActivated,
    ContractClosed,
    ContractCompleted,
    ContractDrafted,
    ContractExpired,
    ContractFacts,
    ContractRedrafted,
    ContractResumed,
    ContractSuspended,
    ContractTerminated,
    IndicatorRecorded,
    PartnerLeft,
    PledgeRefused,
    PledgeSigned,
    TermExtended,
)
from events.times import Instant
from events.vocabulary import BudgetLine, Partner, Party, Period

Answer: TypeAlias = Literal["open", "approved", "refused", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Contract:
    """A contract. `holders` are its beneficiaries in turn, each from an instant; the last one may lie ahead.

    `in_force` is whether it ever came into force, `held_for` the ground on which it is or was last suspended;
    `withdrawn` is whether it ended because its award was taken back;
    `awarded` and `agreed` are budget and term as the award has them, before any change of the contract;
    `extended_by` names the decision that made its term longer. `gone` are partners that refused
    their pledge or left; `stopped` are actions that were discontinued; `measured` holds what was realised by action,
    indicator and day. `amendment` is the one that waits for an answer; `answers` tells what
    became of the others.
    """

    status: Literal["none", "drafted", "active", "suspended", "completed", "terminated", "expired", "closed"] = "none"
    call: str = ""
    holders: tuple[tuple[Instant, Party], ...] = ()
    award_cents: int = 0
    amount_cents: int = 0
    budget: tuple[BudgetLine, ...] = ()
    awarded: tuple[BudgetLine, ...] = ()
    agreed: Period | None = None
    partners: tuple[Partner, ...] = ()
    signed: frozenset[str] = frozenset()
    term: Period | None = None
    in_force: bool = False
    held_for: str = ""
    withdrawn: bool = False
    extended_by: str = ""
    gone: frozenset[str] = frozenset()
    actions: Mapping[str, Action] = field(default_factory=dict)
    stopped: frozenset[str] = frozenset()
    measured: Mapping[tuple[str, str, str], IndicatorRecorded] = field(default_factory=dict)
    amendment: AmendmentProposed | None = None
    answers: Mapping[int, Answer] = field(default_factory=dict)

    def beneficiary(self, at: Instant) -> Party:
        """Who held the contract at that instant."""
        return [party for since, party in self.holders if since <= at][-1]

    def unsigned(self) -> list[str]:
        """The mandatory pledges that nobody has signed yet."""
        return [one.partner for one in self.partners if one.mandatory and one.partner not in self.signed]

    def pledging(self) -> list[str]:
        """The partners that have not refused or left."""
        return [one.partner for one in self.partners if one.partner not in self.gone]

    def going_on(self) -> list[Action]:
        """The actions that were not discontinued."""
        return [one for code, one in self.actions.items() if code not in self.stopped]

    def carried_by(self, partner: str) -> list[str]:
        """The actions of a partner that go on."""
        return [one.action for one in self.going_on() if one.owner == partner]


def amended(contract: Contract, changes: Amendment) -> Contract:
    """The contract as it would be. Who joins or leaves has no signature; a changed action is no longer stopped."""
    touched = {*changes.leaving, *(one.partner for one in changes.joining)}
    term = contract.term
    return replace(
        contract,
        amount_cents=contract.amount_cents if changes.amount_cents is None else changes.amount_cents,
        budget=tuple(changes.budget) or contract.budget,
        term=replace_struct(term, end=changes.end) if term and changes.end else term,
        partners=(*(one for one in contract.partners if one.partner not in touched), *changes.joining),
        signed=contract.signed - touched,
        gone=contract.gone - touched,
        actions={**contract.actions, **{one.action: one for one in changes.actions}},
        stopped=contract.stopped - {one.action for one in changes.actions},
    )


def evolve_contract(state: Contract, fact: ContractFacts) -> Contract:
    """The contract after one more fact."""
    match fact:
        case ContractDrafted():
            return _drawn_up(fact)
        case ContractRedrafted():
            # Who holds it, and the numbers of what was ever asked, go on from the contract before.
            return replace(_drawn_up(fact), holders=state.holders, answers=state.answers)
        case PledgeSigned():
            return replace(state, signed=state.signed | {fact.partner}, gone=state.gone - {fact.partner})
        case PledgeRefused() | PartnerLeft():
            return replace(state, signed=state.signed - {fact.partner}, gone=state.gone | {fact.partner})
        case ContractActivated():
            return replace(state, status="active", in_force=True)
        case BudgetShifted():
            return replace(state, budget=tuple(fact.budget))
        case BudgetShiftRefused():
            return state
        case BeneficiarySucceeded():
            return replace(state, holders=(*state.holders, (fact.effective_at, fact.successor)))
        case TermExtended():
            return replace(state, term=fact.term, extended_by=fact.reference)
        case ContractSuspended():
            return replace(state, status="suspended", held_for=fact.ground)
        case AwardAdopted():
            amount = fact.amount_cents
            budget = tuple(fact.budget)
            return replace(state, award_cents=amount, amount_cents=amount, budget=budget, awarded=budget)
        case ContractResumed():
            return replace(state, status="active")
        case ContractTerminated():
            withdrawn = fact.ground == "award_withdrawn"
            return _over(replace(state, status="terminated", term=fact.term, withdrawn=withdrawn))
        case ContractExpired():
            return _over(replace(state, status="expired"))
        case ContractCompleted():
            return _over(replace(state, status="completed"))
        case ContractClosed():
            return _over(replace(state, status="closed"))
        case ActionPlanned() | ActionDiscontinued() | IndicatorRecorded():
            return _plan(state, fact)
        case AmendmentProposed() | AmendmentApproved() | AmendmentRefused() | AmendmentWithdrawn():
            return _amendment(state, fact)
        case _:
            assert_never(fact)


def _drawn_up(fact: ContractDrafted | ContractRedrafted) -> Contract:
    return Contract(
        status="drafted",
        call=fact.call,
        holders=(("", fact.beneficiary),),
        award_cents=fact.amount_cents,
        amount_cents=fact.amount_cents,
        budget=tuple(fact.budget),
        awarded=tuple(fact.budget),
        agreed=fact.term,
        partners=tuple(fact.partners),
        term=fact.term,
    )


def _over(state: Contract) -> Contract:
    """What waited for an answer will not get one any more."""
    return replace(state, amendment=None)


def _plan(state: Contract, fact: ActionPlanned | ActionDiscontinued | IndicatorRecorded) -> Contract:
    match fact:
        case ActionPlanned():
            code = fact.action.action
            return replace(state, actions={**state.actions, code: fact.action}, stopped=state.stopped - {code})
        case ActionDiscontinued():
            return replace(state, stopped=state.stopped | {fact.action})
        case IndicatorRecorded():
            key = (fact.action, fact.indicator, fact.measured_on)
            return replace(state, measured={**state.measured, key: fact})
        case _:
            assert_never(fact)


def _amendment(
    state: Contract, fact: AmendmentProposed | AmendmentApproved | AmendmentRefused | AmendmentWithdrawn
) -> Contract:
    match fact:
        case AmendmentProposed():
            return replace(state, amendment=fact, answers={**state.answers, fact.amendment: "open"})
        case AmendmentApproved():
            return _answered(amended(state, fact.changes), fact.amendment, "approved")
        case AmendmentRefused():
            return _answered(state, fact.amendment, "refused")
        case AmendmentWithdrawn():
            return _answered(state, fact.amendment, "withdrawn")
        case _:
            assert_never(fact)


def _answered(state: Contract, amendment: int, answer: Answer) -> Contract:
    return replace(state, amendment=None, answers={**state.answers, amendment: answer})
