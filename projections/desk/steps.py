"""A step of a case's history: the timeline's sentence, and from the fact itself why it came to be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from events import intake, jury
from events.catalog import AnyFact
from events.codec import Event
from events.vocabulary import Check, Text, Written
from projections import words
from projections.case_timeline.evolve import TimelineRow
from projections.desk.data import Step


def step_of(row: TimelineRow, event: Event | None, labels: Mapping[str, Text]) -> Step:
    """The step. Without its event the rules stand without what they were applied to.

    `labels` are the call's own words for its codes.
    """
    fact = event.fact if event else None
    return Step(
        position=row.position,
        type=row.type,
        service=row.service,
        occurred_at=row.occurred_at,
        recorded_at=row.recorded_at,
        role=row.actor_role,
        told=Text(nl=row.nl, en=row.en),
        checks=_checks(row, fact),
        reasons=tuple(_reasons(fact, labels)),
        written=tuple(_written(fact)),
        legal_basis=event.envelope.legal_basis if event else None,
    )


def _checks(row: TimelineRow, fact: AnyFact | None) -> tuple[Check, ...]:
    whole: list[Check] = list(getattr(fact, "checks", ()))
    one: Check | None = getattr(fact, "check", None)
    if one is not None:
        whole.append(one)
    if whole:
        return tuple(whole)
    return tuple(
        Check(
            rule=short.rule,
            version=short.version,
            params={},
            inputs={},
            source_events=[],
            outcome="pass" if short.outcome == "pass" else "fail",
            code=short.code,
            reason=short.reason,
        )
        for short in row.checks
    )


def _reasons(fact: AnyFact | None, labels: Mapping[str, Text]) -> Iterator[Text]:
    """Reasons in two languages: the jury's per criterion with its conditions, the Government's of a refusal."""
    for reason in getattr(fact, "reasons", ()):
        yield _of_criterion(reason, labels) if isinstance(reason, jury.CriterionReason) else reason
    yield from getattr(fact, "conditions", ())


def _of_criterion(reason: jury.CriterionReason, labels: Mapping[str, Text]) -> Text:
    name = labels.get(reason.criterion, Text(nl=reason.criterion, en=reason.criterion))
    nl, en = words.rate(reason.score_bp, "nl"), words.rate(reason.score_bp, "en")
    return Text(nl=f"{name.nl} ({nl}): {reason.reason.nl}", en=f"{name.en} ({en}): {reason.reason.en}")


def labels_of(events: Iterable[Event]) -> dict[str, Text]:
    """What the call calls its criteria, from the terms it was published with."""
    return {
        criterion.code: criterion.label
        for event in events
        if isinstance(event.fact, intake.CallPublished)
        for criterion in event.fact.terms.criteria
    }


def _written(fact: AnyFact | None) -> Iterator[Written]:
    """What a person wrote. Text about a person is sealed and so is never of this type."""
    values: tuple[Any, ...] = () if fact is None else tuple(getattr(fact, n) for n in fact.__struct_fields__)
    return (value for value in values if isinstance(value, Written))
