"""What can be asked of contract status, and who sees which cases."""

from __future__ import annotations

from events.envelope import Actor
from projections.contract_status.row import Status
from projections.query import Condition, Holds, Is, Not, Query
from projections.roles import JURY, OWN_ONLY


def cases(*, status: Status | None = None, call: str | None = None) -> Query:
    """Cases, by state and call."""
    wanted = (("status", status), ("call", call))
    return Query(tuple(Is(column, value) for column, value in wanted if value is not None))


def case(case_id: str) -> Query:
    """One case."""
    return Query((Is("case_id", case_id),))


def scope(actor: Actor) -> tuple[Condition, ...]:
    """Applicants and partners see their own organisation's cases, subscribers those that were awarded.

    A jury member sees the files that were assigned to it or that it deliberates on, and none with a conflict (J3).
    """
    if actor.role in OWN_ONLY:
        return (Holds("organisations", actor.organisation),)
    if actor.role == "subscriber":
        return (Not("awarded_cents", None),)
    if actor.role in JURY:
        return (Holds("sighted", actor.person),)
    return ()
