"""Who of the jury may see a case (J3): those who have it in hand, and nobody with a conflict in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from events import jury
from events.times import Instant
from projections.contract_status.row import StatusRow

Step = Callable[[StatusRow, Any, Instant], None]


def _assigned(row: StatusRow, fact: jury.ApplicationAssigned, _at: Instant) -> None:
    row.sighted = sorted(set(fact.members) - set(row.recused))


def _at_table(row: StatusRow, fact: jury.DeliberationOpened, _at: Instant) -> None:
    row.sighted = sorted({*row.sighted, *fact.present} - set(row.recused))


def _recused(row: StatusRow, fact: jury.MemberRecused | jury.ConflictRecorded, _at: Instant) -> None:
    row.recused = sorted({*row.recused, fact.member})
    _blind(row, fact.member)


def _left(row: StatusRow, fact: jury.MemberLeftFile, _at: Instant) -> None:
    _blind(row, fact.member)


def _suspected(row: StatusRow, fact: jury.ConflictSuggested, _at: Instant) -> None:
    # Until the secretary has looked into it, the member has no sight of the file.
    _blind(row, fact.member)


def _blind(row: StatusRow, member: str) -> None:
    row.sighted = [one for one in row.sighted if one != member]


def _again(row: StatusRow, _fact: jury.EvaluationReopened, _at: Instant) -> None:
    if row.status == "advised":
        row.status, row.score_bp = "eligible", None


SIGHT_STEPS: dict[str, Step] = {
    "ApplicationAssigned": _assigned,
    "DeliberationOpened": _at_table,
    "ConflictSuggested": _suspected,
    "ConflictRecorded": _recused,
    "MemberRecused": _recused,
    "MemberLeftFile": _left,
    "EvaluationReopened": _again,
}
"""The jury's steps of the fold."""
