"""A call as its facts tell it, without the rules that were applied: what was asked, judged, scored and added."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from events.application import Request
from events.catalog import FACT_TYPES, KINDS, call_of, split_stream
from events.codec import Event
from events.eligibility import AssessedDossier
from events.intake import (
    ApplicationSubmitted,
    LateSubmissionRecorded,
    LateSubmissionRegistered,
    ReceiptAcknowledged,
    Terms,
)
from events.times import Deadline, Instant
from events.vocabulary import Source
from services.decision.state import Envelope
from services.eligibility.state import Assessment
from services.intake.state import Application, Call
from services.jury.state import Evaluation
from services.registry import SERVICES

READS = frozenset({"call", "application", "assessment", "evaluation", "envelope"})
"""The kinds of streams that tell it."""
TYPES = tuple(name for name, row in FACT_TYPES.items() if row.kind in READS)


@dataclass(frozen=True, slots=True)
class File:
    """One application that was handed in, in time or not. `deadline` is the one that held for it then."""

    case: str
    dossier: AssessedDossier
    submitted: Instant
    deadline: Deadline
    number: str = ""
    withdrawn: bool = False
    assessment: Assessment = field(default_factory=Assessment)
    evaluation: Evaluation = field(default_factory=Evaluation)


@dataclass(frozen=True, slots=True)
class KnownCall:
    """A call, the terms it was published with, what its envelope got beside them, and every file."""

    id: str
    terms: Terms
    added_cents: int
    files: Mapping[str, File]


class UnknownCall(LookupError):
    """The log has no such call, or it was not published."""


def known(call: str, events: Iterable[Event]) -> KnownCall:
    """What the events of the call tell; UnknownCall without its publication."""
    states: dict[str, Any] = {}
    files: dict[str, File] = {}
    for event in events:
        kind, ident = split_stream(event.envelope.stream)
        if kind not in READS or call_of(event.fact) != call:
            continue
        service = SERVICES[KINDS[kind]]
        before = states.get(event.envelope.stream, service.initial(kind))
        states[event.envelope.stream] = service.evolve(before, event.fact)
        if made := _file(files.get(ident), event):
            files[ident] = made
    published = states.get(f"call-{call}")
    if not isinstance(published, Call) or published.terms is None:
        raise UnknownCall(f"the log knows no published call {call}")
    envelope = states.get(f"envelope-{call}", Envelope())
    added = envelope.amount_cents - published.terms.envelope_cents if envelope.terms else 0
    return KnownCall(call, published.terms, added, {case: _judged(file, states) for case, file in files.items()})


def _file(file: File | None, event: Event) -> File | None:
    fact, source = event.fact, Source(event_id=event.envelope.event_id, position=event.position)
    match fact:
        case ApplicationSubmitted():
            dossier = _dossier(fact.content, fact.application_version, source)
            return File(fact.case, dossier, event.envelope.occurred_at, fact.deadline)
        case LateSubmissionRecorded():
            return File(fact.case, _dossier(fact.content, 1, source), fact.submitted_at, fact.deadline)
        case LateSubmissionRegistered():
            # Handed in when it was; the deadline that moved holds for it now.
            dossier = _dossier(fact.content, fact.application_version, source)
            return File(fact.case, dossier, fact.submitted_at, fact.deadline)
        case ReceiptAcknowledged() if file is not None:
            return replace(file, number=fact.case_number)
        case _:
            return None


def _dossier(content: Request, version: int, source: Source) -> AssessedDossier:
    return AssessedDossier(
        applicant=content.applicant,
        neighbourhood=content.neighbourhood,
        project=content.project,
        requested_cents=content.requested_cents,
        budget=content.budget,
        financing=content.financing,
        partners=content.partners,
        term=content.term,
        attachments=content.attachments,
        application_version=version,
        synthetic=content.synthetic,
        source=source,
    )


def _judged(file: File, states: Mapping[str, Any]) -> File:
    application: Application = states[f"application-{file.case}"]
    assessment: Assessment = states.get(f"assessment-{file.case}", Assessment())
    return replace(
        file,
        dossier=assessment.dossier or file.dossier,
        withdrawn=application.status == "withdrawn",
        assessment=assessment,
        evaluation=states.get(f"evaluation-{file.case}", Evaluation()),
    )
