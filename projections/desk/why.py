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

Topic: TypeAlias = Literal["asked", "eligible", "advice", "ranked", "fits", "agreed", "decided"]

_TOPICS: tuple[tuple[Topic, frozenset[str]], ...] = (
    ("asked", frozenset({"ApplicationSubmitted", "ClarificationReceived", "LateSubmissionRecorded"})),
    (
        "eligible",
        frozenset({"DeclaredEligible", "DeclaredIneligible", "DeclaredInadmissible", "DeclaredAdmissible"}),
    ),
    ("advice", frozenset({"AdviceAdopted"})),
    ("ranked", frozenset({"RankingFixed"})),
    ("fits", frozenset({"AwardProposalDrafted"})),
    ("agreed", frozenset({"GovernmentDecisionRecorded"})),
    ("decided", frozenset({"GrantAwarded", "GrantRefused"})),
)
"""Topic → the facts that can carry it. Of several the latest counts: that is the one the decision rested on."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """One reason: the topic, the fact it rests on, and the rules that were applied in it."""

    topic: Topic
    step: Step
    checks: Sequence[Check]


def chapters(steps: Iterable[Step]) -> list[Chapter]:
    """The reasons so far, from what was asked to what was decided."""
    latest: dict[Topic, Step] = {}
    for step in steps:
        for topic, types in _TOPICS:
            if step.type in types:
                latest[topic] = step
    return [Chapter(topic, latest[topic], _told_once(latest[topic].checks)) for topic, _ in _TOPICS if topic in latest]


def decided(chapters_: Sequence[Chapter]) -> bool:
    """Whether the last word has been spoken on this case."""
    ends = {"GrantAwarded", "GrantRefused", "DeclaredIneligible", "DeclaredInadmissible", "LateSubmissionRecorded"}
    return any(chapter.step.type in ends for chapter in chapters_)


def _told_once(checks: Sequence[Check]) -> list[Check]:
    """The latest application of each rule, failures first: they decide."""
    latest = {(check.rule, check.code): check for check in checks}
    return sorted(latest.values(), key=lambda check: (check.outcome == "pass", check.rule))
