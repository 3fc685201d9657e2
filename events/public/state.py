"""What a public event says about its case beyond its own fact: the state that the facts so far have led to. Pure."""

from __future__ import annotations

from typing import Any

import msgspec

from events import decision, eligibility, intake, payment
from events.public.values import Status
from events.vocabulary import CaseFact, Party

ENDED = frozenset({"withdrawn", "inadmissible", "ineligible", "refused", "closed"})
"""A case that has ended does not move: a fact of a service that did not know yet changes nothing."""

_MOVES: dict[type, Status] = {
    intake.ApplicationWithdrawn: "withdrawn",
    eligibility.DeclaredAdmissible: "admissible",
    eligibility.DeclaredInadmissible: "inadmissible",
    eligibility.DeclaredEligible: "eligible",
    eligibility.DeclaredIneligible: "ineligible",
    decision.GrantAwarded: "awarded",
    decision.GrantRefused: "refused",
    decision.GrantDenied: "refused",
    decision.PlacedOnReserve: "eligible",
    decision.ReserveLapsed: "refused",
    decision.AwardWaived: "withdrawn",
    decision.DecisionSuperseded: "eligible",
    decision.DecisionRetracted: "eligible",
    decision.DecisionAnnulled: "eligible",
    decision.ContractActivated: "active",
    decision.ContractCompleted: "completed",
    decision.ContractClosed: "closed",
}


_ANEW = decision.DecisionSuperseded | decision.DecisionRetracted | decision.DecisionAnnulled
"""The end of a decision also moves a file that this decision had ended."""


class CaseState(msgspec.Struct, frozen=True, kw_only=True):
    """One case as the public knows it; amounts in euro cents."""

    status: Status
    holder: Party
    project: str
    neighbourhood: str
    synthetic: bool
    number: str | None = None
    requested_cents: int = 0
    awarded_cents: int = 0
    committed_cents: int = 0
    paid_cents: int = 0
    recovered_cents: int = 0


def after(state: CaseState | None, fact: CaseFact) -> CaseState | None:
    """The state after a fact. None until the case became known: by its submission, in time."""
    match fact:
        case intake.ApplicationSubmitted(content=content) | intake.LateSubmissionRegistered(content=content):
            return CaseState(
                status="submitted",
                holder=content.applicant,
                project=content.project,
                neighbourhood=content.neighbourhood,
                synthetic=content.synthetic,
                requested_cents=content.requested_cents,
            )
        case decision.GrantAwarded() if state is None:
            # It repeats what matters of the application, so even a log without one tells the rest of the case.
            state = CaseState(
                status="eligible",
                holder=fact.beneficiary,
                project=fact.project,
                neighbourhood=fact.neighbourhood,
                synthetic=fact.synthetic,
            )
    return None if state is None else msgspec.structs.replace(state, **_moved(state, fact), **_changed(state, fact))


_REVISED = frozenset({"inadmissible", "ineligible", "eligible"})


def _moved(state: CaseState, fact: CaseFact) -> dict[str, Status]:
    if isinstance(fact, eligibility.AssessmentRevised) and state.status in _REVISED:
        return {"status": "submitted"}
    status = _MOVES.get(type(fact))
    if status is None or (state.status in ENDED and not _begins_anew(state, fact)):
        return {}
    # A new decision on an award whose contract goes on does not take it back to the beginning.
    anew = isinstance(fact, decision.GrantAwarded | decision.DecisionSuperseded)
    goes_on = anew and state.status in ("awarded", "active", "completed")
    return {} if goes_on else {"status": status}


def _begins_anew(state: CaseState, fact: CaseFact) -> bool:
    """A decision taken anew follows on a refusal that was undone, and on a contract that was closed meanwhile."""
    if state.status == "closed":
        return isinstance(fact, decision.GrantAwarded) and any(one.code == "none_in_force" for one in fact.checks)
    return state.status == "refused" and isinstance(fact, _ANEW)


def _changed(state: CaseState, fact: CaseFact) -> dict[str, Any]:
    match fact:
        case intake.ReceiptAcknowledged(case_number=number):
            return {"number": number}
        case eligibility.ClarificationReceived():
            # The mark speaks of the amount asked for, not of the lines below it.
            marked = state.synthetic or (fact.synthetic and fact.requested_cents != state.requested_cents)
            return {"requested_cents": fact.requested_cents, "synthetic": marked}
        case decision.GrantAwarded():
            return {
                "holder": fact.beneficiary,
                "project": fact.project,
                "neighbourhood": fact.neighbourhood,
                "synthetic": fact.synthetic,
                "awarded_cents": fact.amount_cents,
            }
        case decision.AwardAdjusted(amount_cents=amount):
            return {"awarded_cents": amount}
        case decision.BeneficiarySucceeded(successor=successor) | intake.ApplicantSucceeded(successor=successor):
            return {"holder": successor}
        case _:
            return _paid(state, fact)


def _paid(state: CaseState, fact: CaseFact) -> dict[str, int]:
    match fact:
        case payment.FundsCommitted(amount_cents=amount) | payment.CommitmentRaised(amount_cents=amount):
            return {"committed_cents": state.committed_cents + amount}
        case payment.FundsDecommitted(amount_cents=amount):
            return {"committed_cents": max(state.committed_cents - amount, 0)}
        case payment.PaymentExecuted(amount_cents=amount):
            return {"paid_cents": state.paid_cents + amount}
        case payment.PaymentReturned(amount_cents=amount):
            return {"paid_cents": max(state.paid_cents - amount, 0)}
        case payment.RecoveryOffset(amount_cents=amount):
            return {"paid_cents": state.paid_cents + amount, "recovered_cents": state.recovered_cents + amount}
        case payment.RepaymentReceived(amount_cents=amount):
            return {"recovered_cents": state.recovered_cents + amount}
        case _:
            return {}
