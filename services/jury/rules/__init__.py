"""The jury's rules J1 to J8: pure tests on plain values, with the sentences that tell their outcome."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from events.canonical import Json
from events.intake import Criterion, JuryTerms
from events.jury import CriterionScore
from events.vocabulary import Check
from services.deciding import Refused
from services.jury.rules.advice import J6, J6_1, J8, J8_1
from services.jury.rules.deliberation import J5, J5_1, J7
from services.jury.rules.interests import J3, J3_1
from services.jury.rules.panel import J1, J2, J4, J4_1
from services.rulebook import Rule

RULES: tuple[Rule, ...] = (J1, J2, J3_1, J3, J4_1, J4, J5_1, J5, J6_1, J6, J7, J8_1, J8)
"""Every version of every rule that the jury has ever applied."""


class Seated(Protocol):
    """A member, as proposed or as on record: where from, and what they know."""

    @property
    def capacity(self) -> str:
        """External, or from the government."""

    @property
    def expertise(self) -> str:
        """The field of expertise."""


def refused(check: Check) -> Refused:
    """The refusal that a failed check stands for, with everything its sentence names."""
    return Refused(check.rule, check.code, {**check.params, **check.inputs})


def refused_as(rule: Rule, code: str, **inputs: Json) -> Refused:
    """A refusal by one of the rule's own sentences, where there is nothing to compute."""
    rule.sentences[code]  # a code without a sentence is a mistake of ours
    return Refused(rule.id, code, inputs)


def presence_params(terms: JuryTerms) -> dict[str, Json]:
    """What J4 measures by."""
    return {
        "members": terms.members,
        "quorum": terms.quorum,
        "min_external": terms.min_external,
        "min_government": terms.min_government,
        "required_expertise": list(terms.required_expertise),
    }


def mix(seats: Iterable[Seated]) -> dict[str, Json]:
    """What J4 counts: how many there are, from where, and what they know."""
    there = list(seats)
    return {
        "present": len(there),
        "external": sum(one.capacity == "external" for one in there),
        "government": sum(one.capacity == "government" for one in there),
        "expertise": sorted({one.expertise for one in there}),
    }


def score_mistake(criteria: Sequence[Criterion], scores: Sequence[CriterionScore]) -> Refused | None:
    """Why these points are no score (J6): a criterion missing, unknown or twice, or points outside its range."""
    most = {criterion.code: criterion.max_points for criterion in criteria}
    scored = [score.criterion for score in scores]
    if sorted(scored) != sorted(most):
        return refused_as(J6, "scores_incomplete", criteria=list(most), scored=list(scored))
    wrong = next((score for score in scores if not 0 <= score.points <= most[score.criterion]), None)
    if wrong is None:
        return None
    limit = {"criterion": wrong.criterion, "points": wrong.points, "max_points": most[wrong.criterion]}
    return refused_as(J6, "points_out_of_range", **limit)
