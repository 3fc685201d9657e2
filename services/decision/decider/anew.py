"""A decision after another one: it replaces the one in force, or is taken where none is in force any more."""

from __future__ import annotations

from typing import Literal, TypeAlias

from events.catalog import AnyFact, stream_name
from events.decision import AwardAdjusted, DecisionSuperseded, EnvelopeSet, GrantDenied
from events.vocabulary import Check
from services.deciding import Decision, accept
from services.decision.commands import DecideAnew, SupersedeDecision
from services.decision.decider.granting import Case, Taken, awarded, budget_of, within
from services.decision.decider.reserving import held_for_award, released, reservation, reserved
from services.decision.rules import refused
from services.decision.rules.procedure import D3, written_day
from services.decision.rules.reasons import D5
from services.rulebook import check

Code: TypeAlias = Literal["superseded", "decided_anew", "retracted", "waived"]


def adjusted(case: Case, amount_cents: int, attempt: int | None, code: Code, reference: str) -> AwardAdjusted:
    """What the award is worth from now on."""
    return AwardAdjusted(
        call=case.grant.call,
        case=case.context.id,
        beneficiary=case.dossier.applicant,
        previous_cents=case.grant.award_cents,
        amount_cents=amount_cents,
        budget=budget_of(case, amount_cents),
        attempt=attempt,
        code=code,
        reference=reference,
    )


def supersede(
    case: Case, command: SupersedeDecision, outcome: Literal["awarded", "refused", "reserve"], force: Check
) -> Decision:
    """Replace the decision in force by a new one, in one commit: at no moment are there two, or none (D6)."""
    replaced = DecisionSuperseded(
        call=case.grant.call,
        case=case.context.id,
        replaced=command.replaces,
        outcome=outcome,
        replaced_cents=case.grant.award_cents if outcome == "awarded" else 0,
        reference=command.reference,
        meeting=command.meeting,
        reasons=command.reasons,
        checks=[force],
    )
    return decide_again(case, command, "superseded", force, replaced)


def decide_again(
    case: Case,
    command: SupersedeDecision | DecideAnew,
    code: Literal["superseded", "decided_anew"],
    force: Check,
    *before: AnyFact,
) -> Decision:
    """The new outcome, and what it does to the money."""
    taken = Taken(command.amount_cents, case.grant.rank, command.reference, command.meeting, None)
    checks = [force, _file(case, command), *([within(case, taken)] if taken.amount_cents else []), _why(case, command)]
    failed = next((one for one in checks if one.outcome == "fail"), None)
    if failed:
        return refused(failed)
    money, attempt = _money(case, command, code)
    outcome: AnyFact = awarded(case, taken, attempt, checks) if taken.amount_cents else _denied(case, command, checks)
    return accept(*before, *money, outcome, rules=case.terms.source.position)


def _money(case: Case, command: SupersedeDecision | DecideAnew, code: Code) -> tuple[list[AnyFact], int]:
    """The facts that move money, and the number of the last reservation."""
    grant, context, amount = case.grant, case.context, command.amount_cents
    if not grant.ever_awarded:
        facts = reservation(grant, amount, grant.proposal_version, context) if amount else []
        facts = facts if amount else released(grant, "retracted", context)
        return facts, grant.attempt + (1 if amount and facts else 0)
    more = amount - held_for_award(grant, context)
    if not more:
        return [], grant.attempt
    attempt = grant.attempt + 1 if more > 0 else None
    top_up = [reserved(grant, more, grant.proposal_version, context)] if more > 0 else []
    return [*top_up, adjusted(case, amount, attempt, code, command.reference)], attempt or grant.attempt


def _file(case: Case, command: SupersedeDecision | DecideAnew) -> Check:
    """D3: new money asks for the same papers as a first award; without new money the Government needs none."""
    terms, new_money = case.terms.decision, command.amount_cents > held_for_award(case.grant, case.context)
    params = {
        "requires_inspectorate_advice": terms.requires_inspectorate_advice and new_money,
        "requires_budget_agreement": terms.requires_budget_agreement and new_money,
    }
    inputs = {
        "result": "goedgekeurd",
        "meeting": command.meeting,
        "agenda_meeting": command.meeting,
        "advice_present": command.advice is not None,
        "advice_favourable": True,
        "agreement_present": command.agreement is not None,
        "agreed": command.agreement is not None,
        # It rests on reasons of its own, not on a place in the ranking.
        "ranking_open": False,
        "set_aside": [],
        **written_day("meeting", command.meeting),
    }
    return check(D3, params, inputs, [case.context.source(stream_name("envelope", case.grant.call), EnvelopeSet)])


def _why(case: Case, command: SupersedeDecision | DecideAnew) -> Check:
    """D5: a decision taken anew stands on reasons of its own."""
    inputs = {
        "kind": "anew",
        "reasoned": bool(command.reasons.text.strip()),
        "decided_cents": command.amount_cents,
        "advised_cents": case.grant.advised_cents,
        "reference": command.reference,
        **written_day("meeting", command.meeting),
    }
    return check(D5, {}, inputs, [])


def _denied(case: Case, command: SupersedeDecision | DecideAnew, checks: list[Check]) -> GrantDenied:
    return GrantDenied(
        call=case.grant.call,
        case=case.context.id,
        applicant=case.dossier.applicant,
        requested_cents=case.dossier.requested_cents,
        rank=case.grant.rank,
        code="decided_anew",
        reasons=[checks[-1].reason],
        motivation=command.reasons,
        reference=command.reference,
        meeting=command.meeting,
        checks=checks,
    )
