"""Points to scores, scores to an order: exact integers, no rounding but one floor at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, TypeAlias

from events.intake import Criterion
from events.jury import AdviceOutcome, CriterionScore, RankingEntry
from events.vocabulary import Party

TieRule: TypeAlias = Literal["lower_amount_first", "earlier_submission_first"]
Scores: TypeAlias = Mapping[str, Sequence[CriterionScore]]
"""Member → points."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file with its advice. `submitted` is the position at which it was handed in: lower is earlier."""

    case: str
    applicant: Party
    outcome: AdviceOutcome
    score_bp: int
    proposed_cents: int
    requested_cents: int
    submitted: int
    synthetic: bool


def criterion_scores(criteria: Sequence[Criterion], scores: Scores) -> dict[str, int]:
    """Per criterion the mean points of all members, in basis points of its maximum, rounded down.

    `scores` holds at least one member, and every member's points on every criterion.
    """
    return {one.code: int(_mean(one, scores) * 10_000) for one in criteria}


def weighted_score(criteria: Sequence[Criterion], scores: Scores) -> int:
    """The weighted mean of all members' points, in basis points of the maximum, rounded down once."""
    return int(sum((_mean(one, scores) * one.weight_bp for one in criteria), Fraction(0)))


def _mean(criterion: Criterion, scores: Scores) -> Fraction:
    points = sum(score.points for given in scores.values() for score in given if score.criterion == criterion.code)
    return Fraction(points, criterion.max_points * len(scores))


def ranked(candidates: Sequence[Candidate], tie_rule: TieRule) -> list[RankingEntry]:
    """Every candidate once: highest score first, equal scores by the tie rule, and last by the case's own id.

    The id has no meaning; it makes the order total, so that nobody's hand or the order of arrival can decide.
    """
    sharing = Counter(candidate.score_bp for candidate in candidates)
    ordered = sorted(candidates, key=lambda one: (-one.score_bp, _tie(one, tie_rule), one.case))
    return [
        RankingEntry(
            case=one.case,
            rank=rank,
            score_bp=one.score_bp,
            outcome=one.outcome,
            proposed_cents=one.proposed_cents,
            requested_cents=one.requested_cents,
            applicant=one.applicant,
            synthetic=one.synthetic,
            placed_by="tie_rule" if sharing[one.score_bp] > 1 else "score",
        )
        for rank, one in enumerate(ordered, start=1)
    ]


def _tie(candidate: Candidate, rule: TieRule) -> tuple[int, int]:
    match rule:
        case "lower_amount_first":
            return (candidate.proposed_cents, candidate.requested_cents)
        case "earlier_submission_first":
            return (candidate.submitted, 0)
