"""Decisions about an application: begun, withdrawn, passed on to a successor, ended with its call."""

from __future__ import annotations

from typing import TypeAlias

from events import times
from events.catalog import stream_name
from events.intake import (
    ApplicantSucceeded,
    ApplicationLapsed,
    ApplicationWithdrawn,
    DraftStarted,
    Terms,
    WithdrawalRefused,
)
from events.times import Deadline
from events.vocabulary import Party
from services.deciding import Context, Decision, accept, refuse
from services.intake.commands import (
    ApplicationCommand,
    LapseApplication,
    LapseCompletion,
    RecordApplicantSuccession,
    RegisterLateSubmission,
    ReopenApplication,
    RequestCompletion,
    SaveDraftStep,
    StartDraft,
    StoreAttachment,
    SubmitApplication,
    SupplyCompletion,
    WithdrawApplication,
)
from services.intake.decider.call import Published, rules_of, wrong_state
from services.intake.decider.case import Case, municipality, not_own
from services.intake.decider.completion import lapse, reopen, request_completion, supply
from services.intake.decider.files import store
from services.intake.decider.form import save_step
from services.intake.decider.submission import register_late, submit
from services.intake.rules import UNDECIDED
from services.intake.state import Application, Call
from services.rulebook import check


def on_application(state: Application, command: ApplicationCommand, context: Context) -> Decision:
    """What a command about an application leads to."""
    if isinstance(command, StartDraft):
        return _start(state, command, context)
    stream = stream_name("call", state.call)
    match state.applicant, context.states.get(stream):
        case Party() as applicant, Call(terms=Terms() as terms, deadline=Deadline() as deadline) as call:
            case = Case(state, applicant, stream, Published(call, terms, call.deadline_for(state.ovos) or deadline))
            return _on_case(case, command, context)
        case _:
            return wrong_state(state.status)


_LaterCommand: TypeAlias = (
    SaveDraftStep
    | StoreAttachment
    | SubmitApplication
    | RegisterLateSubmission
    | RequestCompletion
    | SupplyCompletion
    | LapseCompletion
    | ReopenApplication
    | RecordApplicantSuccession
    | WithdrawApplication
    | LapseApplication
)


def _start(state: Application, command: StartDraft, context: Context) -> Decision:
    if refused := not_own(command.applicant, context):
        return refused
    stream = stream_name("call", command.call)
    call: Call = context.states[stream]
    if call.terms is None:
        return wrong_state("none", "unknown_call")
    if state.status != "none":
        same = (state.call, state.applicant, state.neighbourhood) == (
            command.call,
            command.applicant,
            command.neighbourhood,
        )
        return accept() if same else wrong_state(state.status, "already_started")
    if call.status == "cancelled":
        return wrong_state("none", "call_cancelled")
    draft = DraftStarted(
        call=command.call, case=context.id, applicant=command.applicant, neighbourhood=command.neighbourhood
    )
    return accept(draft, rules=rules_of(context, stream))


def _on_case(case: Case, command: _LaterCommand, context: Context) -> Decision:
    match command:
        case LapseApplication():
            return _end(case, command, context)
        case LapseCompletion():
            return lapse(case, context)
        case _ if case.published.call.status == "cancelled":
            return wrong_state(case.state.status, "call_cancelled")
        case StoreAttachment():
            return store(case, command, context)
        case SaveDraftStep():
            return not_own(case.applicant, context) or save_step(case, command, context)
        case SubmitApplication():
            return not_own(case.applicant, context) or submit(case, command, context)
        case SupplyCompletion():
            return not_own(case.applicant, context) or supply(case, command, context)
        case WithdrawApplication():
            return not_own(case.applicant, context) or _withdraw(case, command, context)
        case _:
            return _by_agency(case, command, context)


def _by_agency(
    case: Case,
    command: RegisterLateSubmission | RequestCompletion | ReopenApplication | RecordApplicantSuccession,
    context: Context,
) -> Decision:
    match command:
        case RegisterLateSubmission():
            return register_late(case, context)
        case RequestCompletion():
            return request_completion(case, command, context)
        case ReopenApplication():
            return reopen(case, command, context)
        case RecordApplicantSuccession():
            return _succeed(case, command, context)


def _withdraw(case: Case, command: WithdrawApplication, context: Context) -> Decision:
    state = case.state
    match state.status:
        case "submitted" | "incomplete":
            return _undecided(case, command, context) or case.accept(
                context,
                ApplicationWithdrawn(
                    call=state.call,
                    case=context.id,
                    applicant=case.applicant,
                    neighbourhood=state.neighbourhood,
                    reason=command.reason,
                ),
            )
        case "withdrawn":
            return accept()
        case _:
            return wrong_state(state.status)


def _undecided(case: Case, command: WithdrawApplication, context: Context) -> Decision | None:
    decision = case.decision(context)
    verdict = check(UNDECIDED, {}, {"decision": decision}, [case.source_of_decision(context)])
    if verdict.outcome == "pass":
        return None
    refusal = WithdrawalRefused(call=case.state.call, case=context.id, reason=command.reason, checks=[verdict])
    # The applicant was told once, on record; saying no again needs no second fact.
    facts = () if case.state.withdrawal_refused else (refusal,)
    return refuse("I5", verdict.code, *facts, rules=rules_of(context, case.call_stream), decision=decision)


def _succeed(case: Case, command: RecordApplicantSuccession, context: Context) -> Decision:
    state, successor = case.state, command.successor
    if state.status not in ("draft", "late", "submitted", "incomplete"):
        return wrong_state(state.status)
    if successor == case.applicant:
        return accept()
    # From the award on it is the contract that passes, with its rights and debts.
    if case.decision(context) is not None:
        return wrong_state(state.status, "decided")
    effective_at = times.start_of_day(command.effective_on).utc
    if effective_at > context.at:
        return wrong_state(state.status, "not_yet_effective")
    is_one = municipality(successor, [])
    if is_one.outcome == "fail":
        return refuse("I6", is_one.code, ovo=successor.ovo, kbo=successor.kbo, nis=successor.nis)
    succeeded = ApplicantSucceeded(
        call=state.call,
        case=context.id,
        previous=case.applicant,
        successor=successor,
        merged=command.merged,
        neighbourhood=state.neighbourhood,
        effective_at=effective_at,
        reason=command.reason,
        moves_live_key=_holds_key(case),
        checks=[is_one],
    )
    return case.accept(context, succeeded)


def _holds_key(case: Case) -> bool:
    return case.state.status in ("submitted", "incomplete") and case.published.terms.one_live_application


def _end(case: Case, command: LapseApplication, context: Context) -> Decision:
    state = case.state
    if case.published.call.status != "cancelled" or state.status in ("withdrawn", "lapsed"):
        return accept()
    lapsed = ApplicationLapsed(
        call=state.call,
        case=context.id,
        applicant=case.applicant,
        neighbourhood=state.neighbourhood,
        releases_live_key=_holds_key(case),
        source=command.source,
    )
    return case.accept(context, lapsed)
