"""What can be asked of the worklist, and who sees which tasks."""

from __future__ import annotations

from events.envelope import Actor
from projections.query import Condition, Either, Holds, Is, Not, Query
from projections.roles import JURY, OWN_ONLY

ORDER = ("sort_due", "subject")


def waiting(*, role: str | None = None, call: str | None = None) -> Query:
    """Cases and calls in which somebody has to move, what is due first at the front."""
    where: list[Condition] = [Not("party", None)]
    if role is not None:
        where.append(Holds("parties", role))
    if call is not None:
        where.append(Is("call", call))
    return Query(tuple(where), ORDER)


def of_case(case_id: str) -> Query:
    """Who has the ball in one case."""
    return Query((Is("case_id", case_id),))


def scope(actor: Actor) -> tuple[Condition, ...]:
    """Applicants and partners see the tasks in their own organisation's cases; a jury member those of the
    call, and of the files that were assigned to it or that it deliberates on (J3)."""
    if actor.role in OWN_ONLY:
        return (Holds("organisations", actor.organisation),)
    if actor.role in JURY:
        return (Either((Is("case_id", ""), Holds("sighted", actor.person))),)
    return ()
