"""Why this amount: the facts that carried the decision, in the order in which they weigh.

Built from the case's own history. A chapter whose fact has not been recorded is left out, so a case that is still
open shows how far its reasons reach.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from events.vocabulary import Check
from projections.desk.data import Step
from projections.view import names

Topic: TypeAlias = Literal["asked", "eligible", "advice", "ranked", "fits", "agreed", "decided"]

_TOPICS: tuple[tuple[Topic, frozenset[str]], ...] = (
    (
        "asked",
        names(
            """
            ApplicationSubmitted LateSubmissionRecorded LateSubmissionRegistered ApplicationWithdrawn ApplicationLapsed
            ClarificationReceived
            """
        ),
    ),
    ("eligible", names("DeclaredAdmissible DeclaredInadmissible DeclaredEligible DeclaredIneligible")),
    ("advice", names("AdviceAdopted")),
    ("ranked", names("RankingFixed")),
    ("fits", names("AwardProposalDrafted EnvelopeIncreased DepartureReasoned MovedUpFromReserve")),
    ("agreed", names("GovernmentDecisionRecorded")),
    (
        "decided",
        names("GrantAwarded GrantRefused GrantDenied PlacedOnReserve ReserveLapsed DecisionRetracted DecisionAnnulled"),
    ),
)
"""Topic → the facts that carry it. They are told in order; the rules shown are those of the last one, which counts."""
_ENDS = names(
    """
    GrantAwarded GrantRefused GrantDenied ReserveLapsed DeclaredIneligible DeclaredInadmissible
    LateSubmissionRecorded ApplicationWithdrawn
    ApplicationLapsed
    """
)


@dataclass(frozen=True, slots=True)
class Chapter:
    """One reason: the topic, the facts it rests on, and the rules that were applied in the last of them."""

    topic: Topic
    steps: tuple[Step, ...]
    checks: Sequence[Check]


def chapters(steps: Iterable[Step]) -> list[Chapter]:
    """The reasons so far, from what was asked to what was decided."""
    told = list(steps)
    found = []
    for topic, types in _TOPICS:
        mine = tuple(step for step in told if step.type in types)
        # An envelope that was raised explains something only where a proposal met it.
        if any(step.type != "EnvelopeIncreased" for step in mine):
            found.append(Chapter(topic, mine, _told_once(mine[-1].checks)))
    return found


def decided(reasons: Sequence[Chapter]) -> bool:
    """Whether the last word has been spoken on this case."""
    return any(step.type in _ENDS for chapter in reasons for step in chapter.steps)


def _told_once(checks: Sequence[Check]) -> list[Check]:
    """The latest application of each rule, failures first: they decide."""
    # Of what people judge or set aside, each is one: they share a rule.
    latest = {
        (check.rule, check.code, check.params.get("check") or check.inputs.get("check")): check for check in checks
    }
    return sorted(latest.values(), key=lambda check: (check.outcome == "pass", check.rule))
