"""Decisions about a call: published once, opened and closed at their moment, given more time, given up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from events.intake import (
    CallCancelled,
    CallClosed,
    CallDeadlineCorrected,
    CallDeadlineExtended,
    CallFacts,
    CallOpened,
    CallPublished,
    CaseNoted,
    DecisionNoted,
    IndividualExtensionGranted,
    Terms,
)
from events.times import Deadline
from services.deciding import Context, Decision, Refused, accept, refuse
from services.intake.commands import (
    CallCommand,
    CancelCall,
    CloseCall,
    CorrectCallDeadline,
    ExtendCallDeadline,
    GrantIndividualExtension,
    NoteCase,
    NoteDecision,
    OpenCall,
    PublishCall,
)
from services.intake.rules import mistakes_in
from services.intake.state import Call


def on_call(call: Call, command: CallCommand, context: Context) -> Decision:
    """What a command about a call leads to."""
    match call, command:
        case _, PublishCall():
            return _publish(call, command, context)
        case Call(terms=Terms() as terms, deadline=Deadline() as deadline), _:
            return _on_published(Published(call, terms, deadline), command, context)
        case _:
            return wrong_state(call.status)


class Published(NamedTuple):
    """A call that has terms, and the deadline that holds now."""

    call: Call
    terms: Terms
    deadline: Deadline


def _publish(call: Call, command: PublishCall, context: Context) -> Decision:
    terms = command.terms
    # Every service copies the terms it needs when they are published; changing them here would change nothing there.
    if call.terms is not None:
        return accept() if call.terms == terms else wrong_state(call.status, "already_published")
    if mistakes := mistakes_in(terms):
        told = [
            {"pointer": f"/terms{one.pointer}", "message": {"nl": one.message.nl, "en": one.message.en}}
            for one in mistakes
        ]
        return refuse("TERMS", "mistakes", mistakes=told)
    published = CallPublished(call=context.id, terms=terms)
    if context.at < terms.opens.utc:
        return accept(published)
    return accept(published, CallOpened(call=context.id, deadline=terms.deadline))


_Later = OpenCall | CloseCall | ExtendCallDeadline | CorrectCallDeadline | GrantIndividualExtension | CancelCall


def _on_published(one: Published, command: _Later | NoteCase | NoteDecision, context: Context) -> Decision:
    match command:
        case NoteCase() | NoteDecision():
            return _note(one, command, context)
        case CancelCall():
            return _cancel(one, command, context)
        case OpenCall() | CloseCall() if one.call.status == "cancelled":
            # The timer was set before; it finds nothing to do.
            return accept() if context.actor.role == "service" else wrong_state("cancelled")
        case OpenCall():
            return _open(one, context)
        case CloseCall():
            return _close(one, context)
        case _:
            return _not_movable(one) or _move(one, command, context)


def _open(one: Published, context: Context) -> Decision:
    if one.call.status != "published":
        return accept()
    if context.at < one.terms.opens.utc:
        return wrong_state("published", "too_early")
    return _accept(context, CallOpened(call=context.id, deadline=one.deadline))


def _close(one: Published, context: Context) -> Decision:
    # A timer set for the old deadline, or fired early: the call stays open.
    if one.call.status == "closed" or context.at < one.deadline.utc:
        return accept()
    return _accept(context, CallClosed(call=context.id, deadline=one.deadline))


def _not_movable(one: Published) -> Refused | None:
    if one.call.status == "cancelled":
        return wrong_state("cancelled")
    # A file that came in now would come after the decision that it was to compete for.
    return wrong_state(one.call.status, "decided") if one.call.decided else None


def _move(
    one: Published, command: ExtendCallDeadline | CorrectCallDeadline | GrantIndividualExtension, context: Context
) -> Decision:
    match command:
        case ExtendCallDeadline():
            return _extend(one, command, context)
        case CorrectCallDeadline():
            return _correct(one, command, context)
        case GrantIndividualExtension():
            return _grant(one, command, context)


def _extend(one: Published, command: ExtendCallDeadline, context: Context) -> Decision:
    present, wanted = one.deadline, command.deadline
    if wanted == present:
        return accept()
    if wanted.utc <= present.utc:
        return refuse("I1", "not_later", deadline=present.local, asked=wanted.local)
    if refused := _passed(wanted, context):
        return refused
    moved = CallDeadlineExtended(call=context.id, previous=present, deadline=wanted, reason=command.reason)
    return _accept(context, moved)


def _passed(wanted: Deadline, context: Context) -> Refused | None:
    # More time that is over when it is given helps nobody: that is a correction.
    return refuse("I1", "already_passed", asked=wanted.local) if wanted.utc <= context.at else None


def _correct(one: Published, command: CorrectCallDeadline, context: Context) -> Decision:
    present, wanted = one.deadline, command.deadline
    if wanted == present:
        return accept()
    if wanted.utc <= one.terms.opens.utc:
        return refuse("I1", "before_opening", opens=one.terms.opens.local, asked=wanted.local)
    if wanted.utc < min(present.utc, context.at):
        return refuse("I1", "would_make_late", deadline=present.local, asked=wanted.local)
    moved = CallDeadlineCorrected(call=context.id, previous=present, deadline=wanted, reason=command.reason)
    return _accept(context, moved)


def _grant(one: Published, command: GrantIndividualExtension, context: Context) -> Decision:
    wanted, asked = command.deadline, list(dict.fromkeys(command.applicants))
    present = {ovo: one.call.deadline_for([ovo]) or one.deadline for ovo in asked}
    gaining = [ovo for ovo in asked if present[ovo] != wanted]
    if not gaining:
        return accept()
    if shorter := _not_later(gaining, present, wanted):
        return refuse("I1", "not_later", applicants=shorter, asked=wanted.local)
    if refused := _passed(wanted, context):
        return refused
    granted = IndividualExtensionGranted(call=context.id, applicants=gaining, deadline=wanted, reason=command.reason)
    return _accept(context, granted)


def _not_later(ovos: Sequence[str], present: dict[str, Deadline], wanted: Deadline) -> list[str]:
    return [ovo for ovo in ovos if wanted.utc <= present[ovo].utc]


def _cancel(one: Published, command: CancelCall, context: Context) -> Decision:
    if one.call.status == "cancelled":
        return accept()
    if one.call.decided:
        return wrong_state(one.call.status, "decided")
    # Without the register its cases would stay open for ever.
    if not one.terms.intake.register:
        return wrong_state(one.call.status, "no_register")
    return _accept(context, CallCancelled(call=context.id, reason=command.reason))


def _note(one: Published, command: NoteCase | NoteDecision, context: Context) -> Decision:
    match command:
        case NoteCase() if command.case in one.call.cases:
            return accept()
        case NoteCase():
            return _accept(context, CaseNoted(call=context.id, case=command.case, source=command.source))
        case NoteDecision() if all(one.call.decided.get(case) == command.reference for case in command.cases):
            return accept()
        case NoteDecision():
            noted = DecisionNoted(
                call=context.id, reference=command.reference, cases=command.cases, source=command.source
            )
            return _accept(context, noted)


def _accept(context: Context, fact: CallFacts) -> Decision:
    return accept(fact, rules=rules_of(context, context.stream))


def wrong_state(status: str, code: str = "not_in_this_state") -> Refused:
    """Not possible as things stand."""
    return refuse("STATE", code, status=status)


def rules_of(context: Context, call_stream: str) -> int | None:
    """The position of the fact that set the call's terms."""
    source = context.source(call_stream, CallPublished)
    return source.position if source else None
