"""What a case's stream says about its files, its holder and its draft. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from events.codec import Event
from events.intake import ApplicantSucceeded, AttachmentStored, DraftStarted, DraftStepSaved
from events.sealing import subjects_of, unseal
from events.vocabulary import Clear


def holder_of(events: Sequence[Event]) -> str | None:
    """The OVO code of the applicant now."""
    holder = None
    for event in events:
        match event.fact:
            case DraftStarted(applicant=applicant):
                holder = applicant.ovo
            case ApplicantSucceeded(successor=successor):
                holder = successor.ovo
            case _:
                pass
    return holder


def stored_in(events: Sequence[Event]) -> Mapping[str, AttachmentStored]:
    """The files of the case by digest; the last name under which one was stored counts."""
    return {event.fact.sha256: event.fact for event in events if isinstance(event.fact, AttachmentStored)}


def _steps(events: Sequence[Event]) -> Mapping[str, Event]:
    return {event.fact.step: event for event in events if isinstance(event.fact, DraftStepSaved)}


def subjects_in(events: Sequence[Event]) -> list[str]:
    """The persons of whom the draft says something."""
    return sorted({one for event in _steps(events).values() for one in subjects_of(event.fact)})


def draft_of(events: Sequence[Event], keys: Mapping[str, bytes]) -> dict[str, Any]:
    """The draft as its own applicant reads it; an answer about somebody who was erased is left out."""
    return {"steps": [_step(event, keys) for event in _steps(events).values()]}


def _step(event: Event, keys: Mapping[str, bytes]) -> dict[str, Any]:
    fact = unseal(event.fact, keys, event.envelope.command_id)
    if not isinstance(fact, DraftStepSaved):
        raise TypeError(f"{type(fact).__name__} is no step of a draft")
    opened = [(one.field, one.value) for one in fact.personal]
    return {
        "step": fact.step,
        "formVersion": fact.form_version,
        "savedAt": event.envelope.occurred_at,
        "answers": {one.field: one.values for one in fact.answers},
        "personal": {field: value.clear for field, value in opened if isinstance(value, Clear)},
    }
