"""Balls of a case while it is before the jury."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from events import jury
from events.times import Instant
from projections.worklist.tasks import UP_TO_DECISION, WorkRow

Step = Callable[[WorkRow, Any, Instant], None]


def _assigned(row: WorkRow, fact: jury.ApplicationAssigned, at: Instant) -> None:
    row.sighted = sorted(set(fact.members) - set(row.recused))
    row.close("assign_members")
    row.close("submit_score")
    for member in fact.members:
        row.open("submit_score", at, ref=member)


def _suggested(row: WorkRow, fact: jury.ConflictSuggested, at: Instant) -> None:
    row.sighted = [member for member in row.sighted if member != fact.member]
    row.open("judge_conflict", at, ref=fact.member)


def _dismissed(row: WorkRow, fact: jury.ConflictDismissed, _at: Instant) -> None:
    row.close("judge_conflict", fact.member)


def _conflicted(row: WorkRow, fact: jury.ConflictRecorded, _at: Instant) -> None:
    row.recused = sorted({*row.recused, fact.member})
    row.sighted = [member for member in row.sighted if member != fact.member]
    row.close("judge_conflict", fact.member)


def _recused(row: WorkRow, fact: jury.MemberRecused, at: Instant) -> None:
    row.recused = sorted({*row.recused, fact.member})
    row.sighted = [member for member in row.sighted if member != fact.member]
    row.close("judge_conflict", fact.member)
    _scored(row, fact, at)


def _left(row: WorkRow, fact: jury.MemberLeftFile, at: Instant) -> None:
    row.sighted = [member for member in row.sighted if member != fact.member]
    row.close("judge_conflict", fact.member)
    _scored(row, fact, at)


def _scored(row: WorkRow, fact: jury.ScoreSubmitted | jury.MemberRecused | jury.MemberLeftFile, at: Instant) -> None:
    scoring = row.is_open("submit_score")
    row.close("submit_score", fact.member)
    if scoring and not row.is_open("submit_score"):
        row.open("open_deliberation", at)


def _deliberating(row: WorkRow, fact: jury.DeliberationOpened, at: Instant) -> None:
    row.sighted = sorted({*row.sighted, *fact.present} - set(row.recused))
    for code in ("submit_score", "open_deliberation", "use_casting_vote"):
        row.close(code)
    row.open("adopt_advice", at)


def _voted(row: WorkRow, fact: jury.SecretBallotHeld, at: Instant) -> None:
    if fact.outcome is None:
        row.close("adopt_advice")
        row.open("use_casting_vote", at)


def _cast(row: WorkRow, _fact: jury.CastingVoteUsed, at: Instant) -> None:
    row.close("use_casting_vote")
    row.open("adopt_advice", at)


def _undecided(row: WorkRow, _fact: jury.OutcomeVoided, at: Instant) -> None:
    row.close("use_casting_vote")
    row.open("adopt_advice", at)


def _lost(row: WorkRow, _fact: jury.QuorumLost, at: Instant) -> None:
    row.close("use_casting_vote")
    row.close("adopt_advice")
    row.open("open_deliberation", at)


def _sent(row: WorkRow, fact: jury.ProvisionalAdviceSent, at: Instant) -> None:
    row.close("adopt_advice")
    row.open("reply_to_advice", at, due=fact.due.utc)


def _heard(row: WorkRow, _fact: jury.ApplicantReplied | jury.ReplyTermLapsed, at: Instant) -> None:
    row.close("reply_to_advice")
    row.open("adopt_advice", at)


def _advised(row: WorkRow, _fact: jury.AdviceAdopted, at: Instant) -> None:
    for code in UP_TO_DECISION:
        row.close(code)
    row.open("await_ranking", at)


def _again(row: WorkRow, _fact: jury.EvaluationReopened, at: Instant) -> None:
    row.close("await_ranking")
    row.open("open_deliberation", at)


def _ranked(row: WorkRow, _fact: jury.RankingFixed, at: Instant) -> None:
    row.close("await_ranking")
    # A ranking that is fixed again holds files too on which there is a word already.
    if "decided" not in row.planned:
        row.open("await_decision", at)


JURY_STEPS: dict[str, Step] = {
    "ApplicationAssigned": _assigned,
    "ConflictSuggested": _suggested,
    "ConflictDismissed": _dismissed,
    "ConflictRecorded": _conflicted,
    "MemberRecused": _recused,
    "MemberLeftFile": _left,
    "ScoreSubmitted": _scored,
    "DeliberationOpened": _deliberating,
    "SecretBallotHeld": _voted,
    "CastingVoteUsed": _cast,
    "OutcomeVoided": _undecided,
    "QuorumLost": _lost,
    "ProvisionalAdviceSent": _sent,
    "ApplicantReplied": _heard,
    "ReplyTermLapsed": _heard,
    "AdviceAdopted": _advised,
    "EvaluationReopened": _again,
    "RankingFixed": _ranked,
}
