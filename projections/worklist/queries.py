"""What can be asked of the worklist, and who sees which tasks."""

from __future__ import annotations

from events.envelope import Actor
from projections.query import Condition, Holds, Is, Lacks, Not, Query
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
    """Applicants and partners see the tasks in their own organisation's cases; a recused member none of that file."""
    if actor.role in OWN_ONLY:
        return (Holds("organisations", actor.organisation),)
    if actor.role in JURY:
        return (Lacks("recused", actor.person),)
    return ()
