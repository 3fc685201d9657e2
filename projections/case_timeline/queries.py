"""What can be asked of the timeline, and who sees which events."""

from __future__ import annotations

from events.envelope import Actor
from projections.query import Condition, Either, Is, Query
from projections.roles import OWN_ONLY


def of_case(case_id: str) -> Query:
    """The history of a case, oldest first."""
    return Query((Is("case_id", case_id),))


def of_call(call: str) -> Query:
    """What happened to a call as a whole, oldest first."""
    return Query((Is("call", call), Is("case_id", "")))


def scope(actor: Actor) -> tuple[Condition, ...]:
    """The jury's deliberations are confidential: applicants and partners see the advice, not how it came about.

    Whether somebody may see the case at all is asked of contract status.
    """
    if actor.role in OWN_ONLY:
        return (Either((Is("classification", "public"), Is("classification", "disclosable"))),)
    return ()
