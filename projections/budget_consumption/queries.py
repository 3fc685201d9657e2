"""What can be asked of budget consumption, and who sees which rows."""

from __future__ import annotations

from events.envelope import Actor
from projections.query import Condition, Either, Is, Not, Query
from projections.roles import OWN_ONLY


def of_call(call: str) -> Query:
    """Every row of a call: the call itself, its cases, cost categories and years."""
    return Query((Is("call", call),))


def of_case(call: str, case: str) -> Query:
    """The money of one case."""
    return Query((Is("call", call), Is("scope", "case"), Is("item", case)))


def scope(actor: Actor) -> tuple[Condition, ...]:
    """The sums of a call are public; the rows of cases show to their own organisation and to officials."""
    if actor.role in OWN_ONLY or actor.role == "subscriber":
        return (Either((Not("scope", "case"), Is("organisation", actor.organisation))),)
    return ()
