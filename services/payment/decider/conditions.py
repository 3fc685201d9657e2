"""What a tranche waits for (P2), how much of it can be claimed (P5), and which of its costs are eligible (P8)."""

from __future__ import annotations

from events.canonical import Json
from events.intake import TrancheRule
from events.payment import (
    AccountActivated,
    AccountResumed,
    AccountSuspended,
    AccountTerminated,
    BankAccountConfirmed,
    ClaimApproved,
    ClaimPartiallyApproved,
    ClaimSubmitted,
    ClaimTermSet,
    FinalAccountSettled,
    FundsCommitted,
    InspectionRecorded,
    InterimDecisionRecorded,
    PaymentWithheld,
    PlannedTranche,
    ReportAccepted,
    ScheduleAdopted,
)
from events.times import day_of, months_after
from events.vocabulary import Check
from services.deciding import Context
from services.payment.commands import SubmitClaim
from services.payment.decider.case import claims_of, report_of, reports_of, schedule_of, sources
from services.payment.rules import P2, P5, P8_COSTS
from services.payment.state import Account, Claim
from services.rulebook import check


def to_claim(account: Account, claim: Claim, tranche: PlannedTranche, command: SubmitClaim, context: Context) -> Check:
    """P2 as a tranche is claimed: the contract, the tranche's own condition, and what else the call asks for."""
    report = report_of(context, command.case, tranche.report or "")
    met = {
        "contract_active": account.term is not None,
        "report_accepted": bool(tranche.report) and report.status == "accepted",
        "final_account_settled": account.settled_for_good,
    }
    params: dict[str, Json] = {"tranche": tranche.code, "condition": tranche.condition, "report": tranche.report}
    inputs: dict[str, Json] = {
        "contract_active": met["contract_active"],
        # What is claimed during a suspension is judged and ordered after it.
        "stopped": "terminated" if account.ended_early else None,
        "in_time": claim.due is None or context.at <= claim.due.utc,
        "until": claim.due.local if claim.due else "",
        "condition_met": met[tranche.condition],
        "interim": account.interim.outcome if account.interim else None,
        "last": tranche == account.tranches[-1],
    }
    rule = schedule_of(context).rule_of(tranche.code)
    if rule is not None:
        params |= _asked(rule)
        inputs |= _further(rule, account, command, context)
    rests_on = sources(
        context,
        ScheduleAdopted,
        AccountActivated,
        AccountTerminated,
        ClaimTermSet,
        InspectionRecorded,
        InterimDecisionRecorded,
        ReportAccepted,
        FinalAccountSettled,
    )
    return check(P2, params, inputs, rests_on)


def to_order(account: Account, claim: Claim, tranche: str, context: Context) -> Check:
    """P2 as a payment is ordered."""
    inputs: dict[str, Json] = {
        "contract_active": account.term is not None,
        "stopped": account.stopped,
        "payment_free": not account.holds(tranche),
        "claim_approved": claim.status == "approved",
        "bank_account_confirmed": account.bank_accounts > 0,
    }
    rests_on = sources(
        context,
        AccountActivated,
        AccountSuspended,
        AccountResumed,
        AccountTerminated,
        ClaimApproved,
        ClaimPartiallyApproved,
        BankAccountConfirmed,
        PaymentWithheld,
    )
    return check(P2, {"tranche": tranche}, inputs, rests_on)


def to_release(account: Account, tranche: str, context: Context) -> Check:
    """P2 as the money leaves: what happened since the order can still stop it."""
    inputs: dict[str, Json] = {"stopped": account.stopped, "payment_free": not account.holds(tranche)}
    rests_on = sources(context, AccountSuspended, AccountTerminated, PaymentWithheld)
    return check(P2, {"tranche": tranche}, inputs, rests_on)


def amount(account: Account, tranche: PlannedTranche, cents: int, context: Context) -> Check:
    """P5: tranches together are the award; the last one is what the final account leaves."""
    inputs: dict[str, Json] = {
        "tranche": tranche.code,
        "award_cents": account.award_cents,
        "planned": [one.amount_cents for one in account.tranches],
        "last": (last := tranche == account.tranches[-1]),
        # While the final account is made anew its balance is not known, and nothing else can be claimed.
        "settled": account.settled_for_good if last else account.settlement is not None,
        "amount_cents": cents,
    }
    return check(P5, {}, inputs, sources(context, FundsCommitted, FinalAccountSettled))


def costs_eligible(account: Account, command: SubmitClaim, context: Context) -> Check:
    """P8 on the lines of a claim: known, inside the term, charged once."""
    terms, term = schedule_of(context).adopted, account.term
    known: list[Json] = list(terms.cost_categories) if terms else []
    first, last = (term.start, term.end) if term else ("", "")
    used = {cost.evidence_sha256 for one in claims_of(context) for cost in one.costs}
    lines = command.costs
    inputs: dict[str, Json] = {
        "tranche": command.tranche,
        "unknown_categories": [one.category for one in lines if one.category not in known],
        "outside_term": [
            one.description for one in lines if one.incurred.start < first or one.incurred.end > (last or first)
        ],
        "charged_above_cost": [
            one.description for one in lines if one.subsidy_cents + one.other_subsidy_cents > one.amount_cents
        ],
        "used_before": [one.description for one in lines if one.evidence_sha256 in used],
        "cost_cents": sum(one.amount_cents for one in lines),
        "subsidy_cents": sum(one.subsidy_cents for one in lines),
        "term_start": first,
        "term_end": last,
    }
    rests_on = sources(context, ScheduleAdopted, AccountActivated, ClaimSubmitted)
    return check(P8_COSTS, {"cost_categories": known}, inputs, rests_on)


def _asked(rule: TrancheRule) -> dict[str, Json]:
    return {
        "requires": list(rule.requires),
        "min_realised_bp": rule.min_realised_bp,
        "not_before_months": rule.not_before_months,
        "claim_months_after_end": rule.claim_months_after_end,
    }


def _further(rule: TrancheRule, account: Account, command: SubmitClaim, context: Context) -> dict[str, Json]:
    accepted = [one.submitted for one in reports_of(context, command.case).values() if one.status == "accepted"]
    realised = sum(line.subsidy_cents for one in accepted if one for line in one.costs)
    term, months = account.term, rule.not_before_months
    return {
        "today": day_of(context.at),
        "first_day": months_after(term.start, months) if term and months is not None else "",
        "realised_cents": realised,
        "award_cents": account.award_cents,
        "costs": len(command.costs),
        "inspection": account.inspections[-1].outcome if account.inspections else None,
    }
