"""Decisions about an application: drafted, submitted in time or on record as late, completed, withdrawn."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import NamedTuple, TypeAlias

import msgspec

from events import canonical, times
from events.catalog import stream_name
from events.intake import (
    ApplicationContent,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    CallDeadlineExtended,
    CallPublished,
    CompletionRequested,
    CompletionSupplied,
    CompletionTermLapsed,
    Contact,
    DraftStarted,
    LateSubmissionRecorded,
    ReceiptAcknowledged,
    Terms,
)
from events.times import Deadline
from events.vocabulary import Check, Clear, Party
from services.deciding import Context, Decision, Refused, accept, refuse
from services.intake.commands import (
    ApplicationCommand,
    LapseCompletion,
    RequestCompletion,
    StartDraft,
    SubmitApplication,
    SupplyCompletion,
    WithdrawApplication,
)
from services.intake.decider.call import Published, rules_of, wrong_state
from services.intake.rules import IN_TIME, MUNICIPALITY, ONLY_WHAT_WAS_ASKED, repeated_codes, unknown_codes
from services.intake.state import Application, Call
from services.rulebook import check


def on_application(state: Application, command: ApplicationCommand, context: Context) -> Decision:
    """What a command about an application leads to."""
    if isinstance(command, StartDraft):
        return _start(state, command, context)
    stream = stream_name("call", state.call)
    match state.applicant, context.states.get(stream):
        case Party() as applicant, Call(terms=Terms() as terms, deadline=Deadline() as deadline) as call:
            case = _Case(state, applicant, stream, Published(call, terms, deadline))
            return _on_case(case, command, context)
        case _:
            return wrong_state(state.status)


class _Case(NamedTuple):
    state: Application
    applicant: Party
    call_stream: str
    published: Published


_LaterCommand: TypeAlias = (
    SubmitApplication | RequestCompletion | SupplyCompletion | LapseCompletion | WithdrawApplication
)


def _start(state: Application, command: StartDraft, context: Context) -> Decision:
    if refused := _not_own(command.applicant, context):
        return refused
    stream = stream_name("call", command.call)
    if context.states[stream].terms is None:
        return wrong_state("none", "unknown_call")
    if state.status != "none":
        same = (state.call, state.applicant, state.neighbourhood) == (
            command.call,
            command.applicant,
            command.neighbourhood,
        )
        return accept() if same else wrong_state(state.status, "already_started")
    draft = DraftStarted(
        call=command.call, case=context.id, applicant=command.applicant, neighbourhood=command.neighbourhood
    )
    return accept(draft, rules=rules_of(context, stream))


def _on_case(case: _Case, command: _LaterCommand, context: Context) -> Decision:
    match command:
        case SubmitApplication():
            return _not_own(case.applicant, context) or _submit(case, command, context)
        case RequestCompletion():
            return _request_completion(case, command, context)
        case SupplyCompletion():
            return _not_own(case.applicant, context) or _supply(case, command, context)
        case LapseCompletion():
            return _lapse(case, context)
        case WithdrawApplication():
            return _not_own(case.applicant, context) or _withdraw(case, command, context)


def _submit(case: _Case, command: SubmitApplication, context: Context) -> Decision:
    state = case.state
    content = _content(case, command)
    digest = content_sha256(content)
    match state.status:
        case "submitted" | "incomplete" if digest == state.content_sha256:
            return accept()
        case "submitted" | "incomplete":
            return refuse("I3", "already_submitted", application_version=state.version)
        case "withdrawn":
            return wrong_state("withdrawn")
        # The clock alone does not open a call: an official sees when it did, in the log.
        case _ if case.published.call.status == "published":
            return wrong_state("draft", "call_not_open")
        case _:
            return _in_time(case, content, digest, context)


def _in_time(case: _Case, content: ApplicationContent, digest: str, context: Context) -> Decision:
    deadline = case.published.deadline
    extended = context.source(case.call_stream, CallDeadlineExtended)
    set_by = extended or context.source(case.call_stream, CallPublished)
    params = {"deadline": deadline.local, "zone": deadline.zone, "deadline_utc": deadline.utc}
    in_time = check(IN_TIME, params, {"submitted_at": context.at}, [set_by])
    if in_time.outcome == "pass":
        return _complete(case, content, digest, in_time, context)
    late = LateSubmissionRecorded(
        call=case.state.call,
        case=context.id,
        content=content,
        content_sha256=digest,
        deadline=deadline,
        submitted_at=context.at,
        checks=[in_time],
    )
    # The same late content is on record already; saying no again needs no second fact.
    facts = () if case.state.content_sha256 == digest else (late,)
    rules = rules_of(context, case.call_stream)
    return refuse("I1", in_time.code, *facts, rules=rules, submitted_at=context.at, deadline=deadline.local)


def _complete(case: _Case, content: ApplicationContent, digest: str, in_time: Check, context: Context) -> Decision:
    terms, applicant = case.published.terms, case.applicant
    # What is malformed for this call is told before anything is judged: it can be mended and sent again.
    if unknown := unknown_codes(terms, content):
        return refuse("TERMS", "unknown_codes", unknown=unknown)
    if repeated := repeated_codes(content):
        return refuse("TERMS", "repeated_codes", repeated=repeated)
    who = {"ovo": applicant.ovo, "kbo": applicant.kbo, "nis": applicant.nis}
    municipality = check(MUNICIPALITY, {}, who, [context.source(context.stream, DraftStarted)])
    if municipality.outcome == "fail":
        return refuse("I6", municipality.code, ovo=applicant.ovo, kbo=applicant.kbo, nis=applicant.nis)
    submitted = ApplicationSubmitted(
        call=case.state.call,
        case=context.id,
        application_version=1,
        content=content,
        content_sha256=digest,
        deadline=case.published.deadline,
        claims_live_key=terms.one_live_application,
        checks=[in_time, municipality],
    )
    receipt = ReceiptAcknowledged(
        call=case.state.call,
        case=context.id,
        case_number=case_number(terms.case_number_prefix, context.id),
        submitted_at=context.at,
    )
    return accept(submitted, receipt, rules=rules_of(context, case.call_stream))


def _request_completion(case: _Case, command: RequestCompletion, context: Context) -> Decision:
    state, terms = case.state, case.published.terms
    items = list(dict.fromkeys(command.items))
    if unknown := _beyond(items, [one.code for one in terms.required_attachments]):
        return refuse("TERMS", "unknown_codes", unknown={"items": unknown})
    match state.status:
        case "incomplete" if set(items) == set(state.missing):
            return accept()
        case "submitted":
            due = times.days_after(context.at, terms.completion_days)
            asked = CompletionRequested(call=state.call, case=context.id, items=items, reason=command.reason, due=due)
            return accept(asked, rules=rules_of(context, case.call_stream))
        case _:
            return wrong_state(state.status)


def _supply(case: _Case, command: SupplyCompletion, context: Context) -> Decision:
    state = case.state
    if state.status != "incomplete" or state.due is None:
        return wrong_state(state.status, "nothing_requested")
    # The timer that lapses the term may still be under way; the moment itself decides.
    if context.at > state.due.utc:
        return refuse("I3", "completion_term_passed", due=state.due.local)
    items = list(dict.fromkeys(command.items))
    asked, attached = list(state.missing), sorted({one.kind for one in command.attachments})
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
    return accept(supplied, rules=rules_of(context, case.call_stream))


def _lapse(case: _Case, context: Context) -> Decision:
    state = case.state
    if state.status != "incomplete" or state.due is None or context.at < state.due.utc:
        return accept()
    lapsed = CompletionTermLapsed(call=state.call, case=context.id, items=list(state.missing), due=state.due)
    return accept(lapsed, rules=rules_of(context, case.call_stream))


def _withdraw(case: _Case, command: WithdrawApplication, context: Context) -> Decision:
    state = case.state
    match state.status:
        case "submitted" | "incomplete":
            withdrawn = ApplicationWithdrawn(
                call=state.call,
                case=context.id,
                applicant=case.applicant,
                neighbourhood=state.neighbourhood,
                reason=command.reason,
            )
            return accept(withdrawn, rules=rules_of(context, case.call_stream))
        case "withdrawn":
            return accept()
        case _:
            return wrong_state(state.status)


def _content(case: _Case, command: SubmitApplication) -> ApplicationContent:
    person = command.contact_person
    contact = Contact(
        person=person,
        name=Clear(subject=person, clear=command.contact_name),
        email=Clear(subject=person, clear=command.contact_email),
        phone=Clear(subject=person, clear=command.contact_phone),
    )
    return ApplicationContent(
        applicant=case.applicant,
        neighbourhood=case.state.neighbourhood,
        project=command.project,
        summary=command.summary,
        contact=contact,
        themes=command.themes,
        instruments=command.instruments,
        requested_cents=command.requested_cents,
        budget=command.budget,
        financing=command.financing,
        partners=command.partners,
        term=command.term,
        attachments=command.attachments,
        synthetic=command.synthetic,
    )


def content_sha256(content: ApplicationContent) -> str:
    """Lower-case hex SHA-256 of the content's canonical bytes, the contact left out.

    A digest may not betray a person.
    """
    plain = msgspec.to_builtins(content)
    del plain["contact"]
    return sha256(canonical.encode(plain)).hexdigest()


def case_number(prefix: str, case: str) -> str:
    """The case number (dossiernummer): the call's prefix and the last six digits of the case's uuid."""
    return f"{prefix}-{case[-6:].upper()}"


def _beyond(codes: Iterable[str], allowed: Iterable[str]) -> list[str]:
    return sorted(set(codes) - set(allowed))


def _not_own(applicant: Party, context: Context) -> Refused | None:
    if context.actor.organisation == applicant.ovo:
        return None
    return refuse("OWN", "other_organisation", organisation=context.actor.organisation, applicant=applicant.ovo)
