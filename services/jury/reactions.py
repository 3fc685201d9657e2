"""What the jury does when others record something: it copies what binds it, and learns which files come and go."""

from __future__ import annotations

from collections.abc import Sequence

from events.catalog import AnyFact
from events.eligibility import DeclaredEligible
from events.intake import ApplicationWithdrawn, CallPublished
from events.vocabulary import Source
from services.deciding import Issue, Reaction, TimerChange
from services.jury.commands import AdmitCase, AdoptPanelTerms, DropCase


def _adopt(fact: CallPublished, source: Source, _state: object) -> Sequence[Issue]:
    terms = fact.terms
    command = AdoptPanelTerms(cap_cents=terms.cap_cents, criteria=terms.criteria, jury=terms.jury, source=source)
    return (Issue("panel", fact.call, command),)


def _admit(fact: DeclaredEligible, source: Source, _state: object) -> Sequence[Issue]:
    dossier = fact.dossier
    command = AdmitCase(
        case=fact.case,
        applicant=dossier.applicant,
        project=dossier.project,
        requested_cents=dossier.requested_cents,
        synthetic=dossier.synthetic,
        submission=dossier.source,
        source=source,
    )
    return (Issue("panel", fact.call, command),)


def _drop(fact: ApplicationWithdrawn, source: Source, _state: object) -> Sequence[Issue]:
    return (Issue("panel", fact.call, DropCase(case=fact.case, source=source)),)


REACTIONS: tuple[Reaction, ...] = (
    Reaction("adopt-panel-terms", CallPublished, _adopt),
    Reaction("admit-eligible-file", DeclaredEligible, _admit),
    Reaction("drop-withdrawn-file", ApplicationWithdrawn, _drop),
)
"""Facts of others that become commands of the jury."""


def timers(_fact: AnyFact) -> Sequence[TimerChange]:
    """No deadline of the jury acts by itself."""
    return ()
