"""Handing in: in time, on record as late, or in time after all because the deadline moved."""

from __future__ import annotations

from hashlib import sha256

import msgspec

from events import canonical
from events.application import ApplicationContent, Contact, Request
from events.catalog import AnyFact
from events.intake import (
    ApplicantSucceeded,
    ApplicationSubmitted,
    DraftStarted,
    IndividualExtensionGranted,
    LateSubmissionRecorded,
    LateSubmissionRegistered,
    ReceiptAcknowledged,
)
from events.times import Instant
from events.vocabulary import Check, Clear, Source
from services.deciding import Context, Decision, Refused, accept, refuse
from services.intake.commands import SubmitApplication
from services.intake.decider.call import rules_of, wrong_state
from services.intake.decider.case import Case, municipality
from services.intake.decider.files import not_stored
from services.intake.decider.form import Filled, fill, still_unanswered
from services.intake.rules import IN_TIME, repeated_codes, unknown_codes
from services.rulebook import check


def submit(case: Case, command: SubmitApplication, context: Context) -> Decision:
    """Hand in version 1, once, before the deadline that holds for this applicant."""
    state = case.state
    content = _content(case, command)
    digest, filled = content_sha256(content), fill(case, command, context)
    # The form that was answered is told before anything is judged: it can be had and sent again.
    if filled.fact is None and filled.refused:
        return filled.refused
    match state.status:
        case "submitted" | "incomplete" if _same(case, digest, filled):
            return accept()
        case "submitted" | "incomplete":
            return refuse("I3", "already_submitted", application_version=state.version)
        case "withdrawn" | "lapsed":
            return wrong_state(state.status)
        # The clock alone does not open a call: an official sees when it did, in the log.
        case _ if case.published.call.status == "published":
            return wrong_state("draft", "call_not_open")
        case _:
            return _in_time(case, content, filled, context)


def _same(case: Case, digest: str, filled: Filled) -> bool:
    before = case.state.filled.answers_sha256 if case.state.filled else None
    now = filled.fact.answers_sha256 if filled.fact else None
    return (digest, now) == (case.state.content_sha256, before)


def _in_time(case: Case, content: ApplicationContent, filled: Filled, context: Context) -> Decision:
    in_time = _punctual(case, context.at, context)
    if in_time.outcome == "pass":
        return filled.refused or _complete(case, content, filled, in_time, context)
    deadline, digest = case.published.deadline, content_sha256(content)
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
    answers = [filled.fact] if filled.fact else []
    facts: tuple[AnyFact, ...] = () if _same(case, digest, filled) else (late, *answers)
    rules = rules_of(context, case.call_stream)
    return refuse("I1", in_time.code, *facts, rules=rules, submitted_at=context.at, deadline=deadline.local)


def _punctual(case: Case, submitted_at: Instant, context: Context) -> Check:
    deadline = case.published.deadline
    params = {"deadline": deadline.local, "zone": deadline.zone, "deadline_utc": deadline.utc}
    return check(IN_TIME, params, {"submitted_at": submitted_at}, [_set_by(case, context)])


def _set_by(case: Case, context: Context) -> Source | None:
    call = case.published.call
    if case.published.deadline == call.deadline:
        return context.source(case.call_stream, call.moved)
    # Only the last grant can be named; an earlier one stands in the stream all the same.
    mine = set(case.state.ovos) & set(call.granted_last)
    return context.source(case.call_stream, IndividualExtensionGranted) if mine else None


def _complete(case: Case, content: ApplicationContent, filled: Filled, in_time: Check, context: Context) -> Decision:
    judged = _judged(case, content, context)
    if isinstance(judged, Refused):
        return judged
    submitted = ApplicationSubmitted(
        call=case.state.call,
        case=context.id,
        application_version=1,
        content=content,
        content_sha256=content_sha256(content),
        deadline=case.published.deadline,
        claims_live_key=case.published.terms.one_live_application,
        checks=[in_time, judged],
    )
    answers = [filled.fact] if filled.fact else []
    return case.accept(context, submitted, *answers, _receipt(case, context.at, context))


def _judged(case: Case, content: Request, context: Context) -> Check | Refused:
    """I6, unless something is malformed for this call: that is told first, for it can be mended and sent again."""
    if unknown := unknown_codes(case.published.terms, content):
        return refuse("TERMS", "unknown_codes", unknown=unknown)
    if repeated := repeated_codes(content):
        return refuse("TERMS", "repeated_codes", repeated=repeated)
    if unknown_files := not_stored(case, content.attachments):
        return unknown_files
    who = case.applicant
    named_by = ApplicantSucceeded if case.state.former else DraftStarted
    is_one = municipality(who, [context.source(context.stream, named_by)])
    if is_one.outcome == "fail":
        return refuse("I6", is_one.code, ovo=who.ovo, kbo=who.kbo, nis=who.nis)
    return is_one


def _receipt(case: Case, submitted_at: Instant, context: Context) -> ReceiptAcknowledged:
    return ReceiptAcknowledged(
        call=case.state.call,
        case=context.id,
        case_number=case_number(case.published.terms.case_number_prefix, context.id),
        submitted_at=submitted_at,
    )


def register_late(case: Case, context: Context) -> Decision:
    """Take a late application in, if what holds now makes it punctual; a reaction asks this of every case."""
    late, asked = case.state.late, context.actor.role != "service"
    if case.state.status != "late" or late is None:
        return wrong_state(case.state.status) if asked else accept()
    in_time = _punctual(case, late.submitted_at, context)
    if in_time.outcome == "fail":
        deadline = case.published.deadline.local
        return refuse("I1", in_time.code, submitted_at=late.submitted_at, deadline=deadline) if asked else accept()
    # An authority that merged in between is in as what it is now.
    content = _request(late.content, case)
    judged = still_unanswered(case) or _judged(case, content, context)
    if isinstance(judged, Refused):
        return judged
    registered = LateSubmissionRegistered(
        call=case.state.call,
        case=context.id,
        application_version=1,
        content=content,
        content_sha256=late.content_sha256,
        deadline=case.published.deadline,
        submitted_at=late.submitted_at,
        claims_live_key=case.published.terms.one_live_application,
        checks=[in_time, judged],
    )
    return case.accept(context, registered, _receipt(case, late.submitted_at, context))


def _request(content: ApplicationContent, case: Case) -> Request:
    values = {name: getattr(content, name) for name in Request.__struct_fields__}
    return Request(**(values | {"applicant": case.applicant}))


def _content(case: Case, command: SubmitApplication) -> ApplicationContent:
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
