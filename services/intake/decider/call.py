"""Decisions about a call: published once, opened and closed at their moment, its deadline only ever later."""

from __future__ import annotations

from typing import NamedTuple

from events.intake import CallClosed, CallDeadlineExtended, CallOpened, CallPublished, Terms
from events.times import Deadline
from services.deciding import Context, Decision, Refused, accept, refuse
from services.intake.commands import CallCommand, CloseCall, ExtendCallDeadline, OpenCall, PublishCall
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


def _on_published(one: Published, command: OpenCall | ExtendCallDeadline | CloseCall, context: Context) -> Decision:
    rules = rules_of(context, context.stream)
    match one.call.status, command:
        case "published", OpenCall() if context.at < one.terms.opens.utc:
            return wrong_state("published", "too_early")
        case "published", OpenCall():
            return accept(CallOpened(call=context.id, deadline=one.deadline), rules=rules)
        case _, OpenCall():
            return accept()
        case _, ExtendCallDeadline():
            return _extend(one, command, context)
        case "closed", CloseCall():
            return accept()
        case _, CloseCall() if context.at < one.deadline.utc:
            # A timer set for the old deadline, or fired early: the call stays open.
            return accept()
        case _, CloseCall():
            return accept(CallClosed(call=context.id, deadline=one.deadline), rules=rules)


def _extend(one: Published, command: ExtendCallDeadline, context: Context) -> Decision:
    present, wanted = one.deadline, command.deadline
    if wanted == present:
        return accept()
    if one.call.status == "closed" or context.at > present.utc:
        return refuse("I1", "deadline_passed", deadline=present.local)
    if wanted.utc <= present.utc:
        return refuse("I1", "not_later", deadline=present.local, asked=wanted.local)
    moved = CallDeadlineExtended(call=context.id, previous=present, deadline=wanted, reason=command.reason)
    return accept(moved, rules=rules_of(context, context.stream))


def wrong_state(status: str, code: str = "not_in_this_state") -> Refused:
    """Not possible as things stand."""
    return refuse("STATE", code, status=status)


def rules_of(context: Context, call_stream: str) -> int | None:
    """The position of the fact that set the call's terms."""
    source = context.source(call_stream, CallPublished)
    return source.position if source else None
