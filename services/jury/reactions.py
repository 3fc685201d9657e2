"""What the jury does when something is recorded, by others or by itself, and when a term is over."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from events.catalog import AnyFact, stream_name
from events.decision import EnvelopeDecreased, EnvelopeIncreased
from events.eligibility import AssessmentRevised, AssessmentSucceeded, DeclaredEligible
from events.intake import ApplicationLapsed, ApplicationWithdrawn, CallPublished
from events.jury import (
    AdviceAdopted,
    ApplicantReplied,
    CaseAdmittedToPanel,
    CaseLeftPanel,
    CaseReadmitted,
    CaseSucceeded,
    EvaluationReopened,
    InterestsDeclared,
    MemberAppointed,
    MemberReplaced,
    MemberResigned,
    PanelComposed,
    ProvisionalAdviceSent,
)
from events.vocabulary import Fact, Source
from services.deciding import CancelTimer, Issue, Reaction, SetTimer, TimerChange
from services.jury.commands import (
    AdmitCase,
    AdoptPanelTerms,
    ApplyDeclaration,
    ApplyEnvelopeChange,
    DropCase,
    LapseReply,
    ReviewPresence,
    SetCaseAside,
    SucceedCase,
    SuggestConflicts,
)
from services.jury.state import Panel

Seated: TypeAlias = PanelComposed | MemberAppointed | MemberReplaced


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
        partners=[partner.organisation for partner in dossier.partners],
        source=source,
    )
    return (Issue("panel", fact.call, command),)


def _drop(fact: ApplicationWithdrawn | ApplicationLapsed, source: Source, _state: object) -> Sequence[Issue]:
    return (Issue("panel", fact.call, DropCase(case=fact.case, source=source)),)


def _set_aside(fact: AssessmentRevised, source: Source, _state: object) -> Sequence[Issue]:
    if fact.previous != "eligible":
        return ()
    return (Issue("panel", fact.call, SetCaseAside(case=fact.case, source=source)),)


def _succeed(fact: AssessmentSucceeded, source: Source, _state: object) -> Sequence[Issue]:
    command = SucceedCase(case=fact.case, previous=fact.previous, successor=fact.successor, source=source)
    return (Issue("panel", fact.call, command),)


def _catch_up(fact: CaseReadmitted, source: Source, _state: object) -> Sequence[Issue]:
    # Members may have left, or partners come, while the file was away.
    return (Issue("evaluation", fact.case, ReviewPresence(call=fact.call, source=source)),)


def _suggest_all(fact: Seated, _source: Source, panel: Panel) -> Sequence[Issue]:
    return _suggest(fact.call, panel.before_jury(), panel)


def _suggest_one(
    fact: CaseAdmittedToPanel | CaseReadmitted | CaseSucceeded, _source: Source, panel: Panel
) -> Sequence[Issue]:
    return _suggest(fact.call, (fact.case,), panel)


def _suggest(call: str, cases: Iterable[str], panel: Panel) -> Sequence[Issue]:
    if panel.terms is None or not panel.terms.jury.suggest_conflicts:
        return ()
    return [Issue("evaluation", case, SuggestConflicts(call=call)) for case in cases]


def _apply(fact: InterestsDeclared, source: Source, panel: Panel) -> Sequence[Issue]:
    told = set(fact.organisations)
    command = ApplyDeclaration(call=fact.call, member=fact.member, source=source)
    concerned = (case for case in panel.before_jury() if told & _organisations(panel.cases[case]))
    return [Issue("evaluation", case, command) for case in concerned]


def _organisations(file: CaseAdmittedToPanel) -> set[str]:
    return {file.applicant.ovo, *(partner.ovo for partner in file.partners)}


def _review(fact: MemberResigned | MemberReplaced, source: Source, panel: Panel) -> Sequence[Issue]:
    command = ReviewPresence(call=fact.call, source=source)
    return [Issue("evaluation", case, command) for case in panel.before_jury()]


def _reconsider(fact: EnvelopeIncreased | EnvelopeDecreased, source: Source, panel: Panel) -> Sequence[Issue]:
    if panel.terms is None or not panel.terms.jury.reopens_with_envelope:
        return ()
    return (Issue("ranking", fact.call, ApplyEnvelopeChange(source=source)),)


def _panel(fact: Fact) -> str:
    return stream_name("panel", fact.call)


REACTIONS: tuple[Reaction, ...] = (
    Reaction("adopt-panel-terms", CallPublished, _adopt),
    Reaction("admit-eligible-file", DeclaredEligible, _admit),
    Reaction("drop-withdrawn-file", ApplicationWithdrawn, _drop),
    Reaction("drop-lapsed-file", ApplicationLapsed, _drop),
    Reaction("suggest-at-composition", PanelComposed, _suggest_all, _panel),
    Reaction("suggest-at-appointment", MemberAppointed, _suggest_all, _panel),
    Reaction("suggest-at-replacement", MemberReplaced, _suggest_all, _panel),
    Reaction("suggest-at-admission", CaseAdmittedToPanel, _suggest_one, _panel),
    Reaction("set-revised-file-aside", AssessmentRevised, _set_aside),
    Reaction("succeed-applicant", AssessmentSucceeded, _succeed),
    Reaction("suggest-at-succession", CaseSucceeded, _suggest_one, _panel),
    Reaction("suggest-at-return", CaseReadmitted, _suggest_one, _panel),
    Reaction("review-at-return", CaseReadmitted, _catch_up),
    Reaction("apply-declaration", InterestsDeclared, _apply, _panel),
    Reaction("review-after-resignation", MemberResigned, _review, _panel),
    Reaction("review-after-replacement", MemberReplaced, _review, _panel),
    Reaction("reconsider-after-increase", EnvelopeIncreased, _reconsider, _panel),
    Reaction("reconsider-after-decrease", EnvelopeDecreased, _reconsider, _panel),
)
"""Facts that become commands of the jury."""


def timers(fact: AnyFact) -> Sequence[TimerChange]:
    """The term to reply to a provisional advice ends by itself."""
    match fact:
        case ProvisionalAdviceSent():
            return (SetTimer(_reply(fact.case), fact.due.utc, Issue("evaluation", fact.case, LapseReply())),)
        case ApplicantReplied() | AdviceAdopted() | EvaluationReopened() | CaseLeftPanel():
            return (CancelTimer(_reply(fact.case)),)
        case _:
            return ()


def _reply(case: str) -> str:
    return f"{stream_name('evaluation', case)}/reply"
