"""The call's schedule and a case's account: what was committed, for whom, and what it came to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias, assert_never

from events.intake import Cofinancing, PaymentTerms, ReportTerm, ShareLimit, TrancheRule
from events.payment import (
    AccountActivated,
    AccountClosed,
    AccountFacts,
    AccountRenewed,
    AccountReopened,
    AccountResumed,
    AccountSucceeded,
    AccountSuspended,
    AccountTermExtended,
    AccountTerminated,
    AuditFindingRecorded,
    AwardChanged,
    BankAccountConfirmed,
    CommitmentRaised,
    CommitmentRefused,
    ControlFacts,
    CostDisallowed,
    CostReinstated,
    FinalAccountSettled,
    FundsCommitted,
    FundsDecommitted,
    InspectionRecorded,
    InterimDecisionRecorded,
    OverpaymentEstablished,
    PaymentWithheld,
    PlannedTranche,
    RetentionTermLapsed,
    RetentionTermSet,
    ScheduleAdopted,
    WithholdingReleased,
)
from events.times import Instant
from events.vocabulary import BudgetLine, Party, Period

OF_THE_AWARD = frozenset({"award_suspended", "award_annulled", "award_withdrawn"})
"""Grounds of a suspension that end with a new word on the award, and not with the contract."""

_NOTHING_MORE = PaymentTerms(reminder_days=[], tranche_rules=[], interim=None, retention=None)


@dataclass(frozen=True, slots=True)
class Schedule:
    """The call's terms of payment, once adopted; `position` is that of the fact that set them."""

    adopted: ScheduleAdopted | None = None

    @property
    def reports(self) -> tuple[ReportTerm, ...]:
        """The reports that every case of the call owes."""
        return tuple(self.adopted.reports) if self.adopted else ()

    @property
    def cofinancing(self) -> Cofinancing | None:
        """The own contribution that the final account tests again."""
        return self.adopted.cofinancing if self.adopted else None

    @property
    def share_limits(self) -> tuple[ShareLimit, ...]:
        """The shares that the final account tests again."""
        return tuple(self.adopted.share_limits) if self.adopted else ()

    @property
    def payment(self) -> PaymentTerms:
        """Reminders, further conditions of tranches, the interim decision; nothing of it before they are adopted."""
        return self.adopted.payment if self.adopted else _NOTHING_MORE

    def rule_of(self, tranche: str) -> TrancheRule | None:
        """What else must be so before this tranche can be claimed."""
        return next((one for one in self.payment.tranche_rules if one.tranche == tranche), None)

    @property
    def position(self) -> int | None:
        """Where the terms stand in the log."""
        return self.adopted.source.position if self.adopted else None


@dataclass(frozen=True, slots=True)
class Account:
    """The money of one case. `active`: payable; `settled`: only the balance is; `closed`: nothing is open any more.

    `granted_cents` is what was ever committed, `award_cents` what the award is worth now; `recovered_cents` what had
    been claimed back under an earlier award. `outdated`: the award changed since the final account, which is made anew.

    `parties` are the beneficiaries with the instant from which each is; `bank_accounts` counts the confirmed ones,
    `withholdings` the withholdings there ever were, of which `withheld` stand. `suspended_for` are the grounds on which
    nothing is paid.
    """

    status: Literal["none", "refused", "committed", "active", "settled", "closed"] = "none"
    call: str = ""
    award_cents: int = 0
    granted_cents: int = 0
    decommitted_cents: int = 0
    recovered_cents: int = 0
    parties: tuple[tuple[Instant, Party], ...] = ()
    budget: tuple[BudgetLine, ...] = ()
    tranches: tuple[PlannedTranche, ...] = ()
    term: Period | None = None
    bank_accounts: int = 0
    suspended_for: frozenset[str] = frozenset()
    terminated: AccountTerminated | None = None
    inspections: tuple[InspectionRecorded, ...] = ()
    interim: InterimDecisionRecorded | None = None
    withheld: tuple[PaymentWithheld, ...] = ()
    withholdings: int = 0
    findings: tuple[str, ...] = ()
    disallowed: tuple[CostDisallowed, ...] = ()
    reinstated: tuple[CostReinstated, ...] = ()
    forfeited_cents: int = 0
    settlement: FinalAccountSettled | None = None
    overpayment: OverpaymentEstablished | None = None
    outdated: bool = False
    retention: RetentionTermSet | None = None

    def beneficiary(self, at: Instant) -> Party:
        """Who holds the rights and owes the debts at an instant."""
        return [party for since, party in self.parties if since <= at][-1]

    @property
    def committed_cents(self) -> int:
        """What is committed now: what was ever committed, less what was decommitted."""
        return self.granted_cents - self.decommitted_cents

    @property
    def worth_cents(self) -> int:
        """What the award is worth: nothing once it was withdrawn after the final account."""
        return 0 if "award_withdrawn" in self.suspended_for else self.award_cents

    @property
    def settled_for_good(self) -> bool:
        """Whether the final account is made, and no new word on the award asks for another."""
        return self.settlement is not None and not self.outdated

    @property
    def suspended(self) -> bool:
        """Whether nothing is paid for now."""
        return bool(self.suspended_for)

    @property
    def ended_early(self) -> bool:
        """Whether the contract ended before its time, and what is owed is not settled yet."""
        return self.terminated is not None and self.settlement is None

    @property
    def stopped(self) -> Literal["suspended", "terminated"] | None:
        """Why nothing is ordered now; after the final account only a suspension stops what it left to pay."""
        if self.suspended:
            return "suspended"
        return "terminated" if self.ended_early else None

    def not_borne(self, *, category: str | None = None, finding: int | None = None) -> tuple[int, int]:
        """Cost and subsidy disallowed (of a category, of a finding), less what was reinstated."""
        taken: tuple[CostDisallowed | CostReinstated, ...] = (*self.disallowed, *self.reinstated)
        cost = subsidy = 0
        for one in taken:
            if category in (None, one.category) and finding in (None, one.finding):
                sign = 1 if isinstance(one, CostDisallowed) else -1
                cost, subsidy = cost + sign * one.amount_cents, subsidy + sign * one.subsidy_cents
        return cost, subsidy

    def holds(self, tranche: str) -> bool:
        """Whether a withholding keeps this tranche from being paid."""
        return any(not one.tranches or tranche in one.tranches for one in self.withheld)


_Later: TypeAlias = ControlFacts | PaymentWithheld | WithholdingReleased | FundsDecommitted


def evolve_account(state: Account, fact: AccountFacts) -> Account:
    """The account after one more fact."""
    match fact:
        case FundsCommitted():
            return _committed(fact)
        case CommitmentRefused():
            return replace(state, status="refused") if state.status == "none" else state
        case AwardChanged():
            return _changed(state, fact)
        case CommitmentRaised():
            return replace(state, granted_cents=state.granted_cents + fact.amount_cents)
        case AccountActivated():
            return replace(state, status="active", term=fact.term)
        case BankAccountConfirmed():
            return replace(state, bank_accounts=fact.ordinal)
        case AccountSucceeded():
            return replace(state, parties=(*state.parties, (fact.effective_at, fact.successor)))
        case AccountTermExtended():
            return replace(state, term=fact.term)
        case AccountSuspended():
            return replace(state, suspended_for=state.suspended_for | {fact.ground})
        case AccountResumed():
            return replace(state, suspended_for=frozenset())
        case AccountTerminated():
            term = fact.term if fact.in_force else None
            return replace(state, terminated=fact, suspended_for=state.suspended_for & OF_THE_AWARD, term=term)
        case AccountReopened():
            return replace(state, status="settled", retention=None)
        case RetentionTermSet():
            return replace(state, retention=fact)
        case RetentionTermLapsed():
            return replace(state, retention=None)
        case AccountRenewed():
            return _renewed(state, fact)
        case _:
            return _controlled(state, fact)


def _controlled(state: Account, fact: _Later) -> Account:
    match fact:
        case InspectionRecorded():
            return replace(state, inspections=(*state.inspections, fact))
        case InterimDecisionRecorded():
            return replace(state, interim=fact)
        case CostReinstated():
            return replace(state, reinstated=(*state.reinstated, fact))
        case PaymentWithheld():
            return replace(state, withheld=(*state.withheld, fact), withholdings=fact.withholding)
        case WithholdingReleased():
            left = tuple(one for one in state.withheld if one.withholding != fact.withholding)
            return replace(state, withheld=left)
        case AuditFindingRecorded():
            return replace(state, findings=(*state.findings, fact.reference))
        case CostDisallowed():
            return replace(state, disallowed=(*state.disallowed, fact))
        case FinalAccountSettled():
            # What an earlier one left, gave up or claimed back is taken up in this one.
            state = replace(state, forfeited_cents=0, overpayment=None, outdated=False)
            return replace(state, status="settled", settlement=fact)
        case FundsDecommitted():
            # After the final account an official decommits what was not claimed in time: it is forfeited.
            late = fact.amount_cents if state.settlement and fact.explanation else 0
            return replace(
                state,
                decommitted_cents=state.decommitted_cents + fact.amount_cents,
                forfeited_cents=state.forfeited_cents + late,
            )
        case OverpaymentEstablished():
            return replace(state, overpayment=fact)
        case AccountClosed():
            return replace(state, status="closed")
        case _:
            assert_never(fact)


def _changed(state: Account, fact: AwardChanged) -> Account:
    """After the final account the account is open again until another one is made."""
    after = replace(state, award_cents=fact.award_cents, tranches=tuple(fact.tranches), budget=tuple(fact.budget))
    if not state.settled_for_good:
        return after
    # What was paid too much under the award as it was lessens nothing of what it is now.
    over = state.overpayment.amount_cents if state.overpayment else 0
    recovered = state.recovered_cents + over
    return replace(after, status="settled", outdated=True, retention=None, recovered_cents=recovered)


def _renewed(state: Account, fact: AccountRenewed) -> Account:
    """As before a contract: what was paid and claimed back stays, what it came to is open again."""
    return replace(
        state,
        status="committed",
        term=None,
        suspended_for=frozenset(),
        terminated=None,
        interim=None,
        forfeited_cents=0,
        settlement=None,
        overpayment=None,
        outdated=False,
        recovered_cents=fact.recovered_cents,
    )


def _committed(fact: FundsCommitted) -> Account:
    return Account(
        status="committed",
        call=fact.call,
        award_cents=fact.amount_cents,
        granted_cents=fact.amount_cents,
        parties=(("", fact.beneficiary),),
        budget=tuple(fact.budget),
        tranches=tuple(fact.tranches),
    )
