"""What is asked for again after handing in: a supplement, or a file that the agency opens anew."""

from __future__ import annotations

from collections.abc import Iterable

from events import times
from events.intake import ApplicationReopened, CompletionRequested, CompletionSupplied, CompletionTermLapsed
from services.deciding import Context, Decision, Refused, accept, refuse
from services.intake.commands import ReopenApplication, RequestCompletion, SupplyCompletion
from services.intake.decider.call import wrong_state
from services.intake.decider.case import Case
from services.intake.decider.files import not_stored
from services.intake.decider.form import supplement
from services.intake.rules import AUTHORITY, ONLY_WHAT_WAS_ASKED, fields_of
from services.rulebook import check


def request_completion(case: Case, command: RequestCompletion, context: Context) -> Decision:
    """Ask for missing items; the next move is the applicant's."""
    state, terms = case.state, case.published.terms
    items = list(dict.fromkeys(command.items))
    if unknown := _unknown(case, items):
        return unknown
    match state.status:
        case "incomplete" if set(items) == set(state.missing):
            return accept()
        case "submitted":
            due = times.days_after(context.at, terms.completion_days)
            asked = CompletionRequested(call=state.call, case=context.id, items=items, reason=command.reason, due=due)
            return case.accept(context, asked)
        case _:
            return wrong_state(state.status)


def supply(case: Case, command: SupplyCompletion, context: Context) -> Decision:
    """Hand in what was asked for, and nothing else."""
    state = case.state
    asked_for = state.status == "incomplete" or (state.status == "submitted" and state.overdue)
    if state.due is None or not asked_for:
        return wrong_state(state.status, "nothing_requested")
    # The timer that lapses the term may still be under way; the moment itself decides.
    if state.overdue or context.at > state.due.utc:
        return refuse("I3", "completion_term_passed", due=state.due.local)
    items = list(dict.fromkeys(command.items))
    asked, attached = list(state.missing), sorted({*(one.kind for one in command.attachments), *command.answers})
    verdict = ONLY_WHAT_WAS_ASKED.test({"requested": asked}, {"supplied": items, "attached": attached})
    if verdict.outcome == "fail":
        return refuse("I3", verdict.code, requested=asked, supplied=items, attached=attached)
    supplied = CompletionSupplied(
        call=state.call,
        case=context.id,
        application_version=state.version + 1,
        items=items,
        attachments=command.attachments,
    )
    if unknown_files := not_stored(case, command.attachments):
        return unknown_files
    filled = supplement(case, command, context)
    return filled.refused or case.accept(context, supplied, *([filled.fact] if filled.fact else []))


def lapse(case: Case, context: Context) -> Decision:
    """The term has passed; the file is judged as it stands."""
    state = case.state
    if state.status != "incomplete" or state.due is None or context.at < state.due.utc:
        return accept()
    lapsed = CompletionTermLapsed(call=state.call, case=context.id, items=list(state.missing), due=state.due)
    return case.accept(context, lapsed)


def reopen(case: Case, command: ReopenApplication, context: Context) -> Decision:
    """Open a file that was handed in, for these items: the agency's own initiative (I4)."""
    state, terms = case.state, case.published.terms
    items = list(dict.fromkeys(command.items))
    authority = check(AUTHORITY, {"roles": list(terms.intake.reopening_roles)}, {"role": context.actor.role})
    if authority.outcome == "fail":
        return refuse("I4", authority.code, role=context.actor.role, roles=list(terms.intake.reopening_roles))
    if unknown := _unknown(case, items):
        return unknown
    # Sent means that nothing is open: a second step waits until the first is closed.
    if state.status != "submitted":
        return wrong_state(state.status)
    if case.decision(context) is not None:
        return wrong_state(state.status, "decided")
    due = times.days_after(context.at, terms.completion_days)
    reopened = ApplicationReopened(
        call=state.call, case=context.id, items=items, reason=command.reason, due=due, checks=[authority]
    )
    return case.accept(context, reopened)


def _unknown(case: Case, items: Iterable[str]) -> Refused | None:
    terms = case.published.terms
    known = {one.code for one in terms.required_attachments} | {one.code for one in terms.intake.attachments}
    questions = fields_of(terms.intake.form) if terms.intake.form else {}
    unknown = sorted(set(items) - known - set(questions))
    return refuse("TERMS", "unknown_codes", unknown={"items": unknown}) if unknown else None
