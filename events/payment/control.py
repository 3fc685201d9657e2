"""Facts of control and of the end of an account: findings, disallowed costs, the final account."""

from __future__ import annotations

from typing import Literal, TypeAlias

from events.times import Day
from events.vocabulary import BasisPoints, CaseFact, Cents, Check, Written


class AuditFindingRecorded(CaseFact, frozen=True, kw_only=True):
    """A finding of an inspection or audit; `finding` is its number in this case (1, 2 …)."""

    finding: int
    reference: str
    description: Written


class CostDisallowed(CaseFact, frozen=True, kw_only=True):
    """A cost that the subsidy cannot bear (P7): which rule, which finding, how much cost and how much subsidy of it."""

    finding: int
    category: str
    amount_cents: Cents
    subsidy_cents: Cents
    ground: str
    evidence: str
    checks: list[Check]


class FinalAccountSettled(CaseFact, frozen=True, kw_only=True):
    """Final account (eindafrekening): what the subsidy comes to on accepted costs (P6), and what is left to pay.

    `balance_cents` is the gross last tranche; an open recovery is set off against it when it is paid.
    """

    award_cents: Cents
    reported_cents: Cents
    disallowed_cents: Cents
    accepted_cents: Cents
    own_contribution_due_cents: Cents
    final_subsidy_cents: Cents
    paid_cents: Cents
    recovery_ordered_cents: Cents
    balance_cents: Cents
    checks: list[Check]


class OverpaymentEstablished(CaseFact, frozen=True, kw_only=True):
    """More was paid than the final subsidy: the difference is to be recovered, as recovery number `recovery`."""

    amount_cents: Cents
    recovery: str


class AccountClosed(CaseFact, frozen=True, kw_only=True):
    """Everything due was paid and everything owed came back: paid − recovered = final subsidy + given up.

    `final_subsidy_cents` is what the final account came to, less what was not claimed in time; `given_up_cents` is what
    was waived, or taken back on a contest.
    """

    final_subsidy_cents: Cents
    paid_cents: Cents
    recovered_cents: Cents
    given_up_cents: Cents
    checks: list[Check]


class InspectionRecorded(CaseFact, frozen=True, kw_only=True):
    """An inspection on site (controle ter plaatse); the last one says whether a tranche that waits for it can go."""

    reference: str
    inspected_on: Day
    outcome: Literal["positive", "remarks", "negative"]
    remarks: Written
    document_sha256: str


class InterimDecisionRecorded(CaseFact, frozen=True, kw_only=True):
    """Half way: the project goes on or stops. `reached_bp` is the share of its target that it reached by then."""

    outcome: Literal["continue", "stop"]
    reached_bp: BasisPoints
    positive_evaluation: bool
    reason: Written
    checks: list[Check]


class CostReinstated(CaseFact, frozen=True, kw_only=True):
    """A disallowed cost counts again (correction): the finding was answered; nothing of it was claimed back yet."""

    finding: int
    category: str
    amount_cents: Cents
    subsidy_cents: Cents
    reason: Written
    checks: list[Check]


ControlFacts: TypeAlias = (
    InspectionRecorded
    | AuditFindingRecorded
    | InterimDecisionRecorded
    | CostDisallowed
    | CostReinstated
    | FinalAccountSettled
    | OverpaymentEstablished
    | AccountClosed
)
