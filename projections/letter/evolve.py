"""The fold of the letter: what was known of a case at the moment it was decided.

It is given the events of the case and of its call, in position order, and is total: whatever part of the log it gets,
it tells the last decision in it, or that there is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from msgspec.structs import replace

from events import decision, eligibility, intake, jury
from events.codec import Event
from events.times import Day, Instant
from events.vocabulary import Check, Party, Text
from projections.letter.model import (
    Advice,
    Application,
    CriterionOpinion,
    Grant,
    Letter,
    Motive,
    Notice,
    Opinion,
    Outcome,
    Place,
    Reply,
    Scheme,
    Sitting,
    Stage,
    Step,
    Told,
)


@dataclass
class Known:
    """What the facts have said so far. `stages` holds the latest checks of each stage, `letter` the last decision."""

    case: str
    scheme: Scheme | None = None
    appeal: Text | None = None
    application: Application | None = None
    envelope_cents: int | None = None
    advice: Advice | None = None
    reply: Reply | None = None
    place: Place | None = None
    inspectorate: Opinion | None = None
    agreement: Opinion | None = None
    sittings: list[Sitting] = field(default_factory=list)
    replaces: str | None = None
    motives: list[Motive] = field(default_factory=list)
    stages: dict[Stage, list[Told]] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    letter: Letter | None = None

    def stage(self, name: Stage, event: Event, checks: Iterable[Check]) -> None:
        """The stage's checks are these from now on."""
        self.stages[name] = [Told(stage=name, position=event.position, check=one) for one in checks]

    def step(self, code: str, event: Event, at: Instant | None = None) -> None:
        """The case took this step."""
        self.steps.append(Step(at=at or event.envelope.occurred_at, code=code, position=event.position))


def letter(case: str, events: Iterable[Event]) -> Letter | None:
    """The letter that tells the last decision on the case; None when nothing was decided yet."""
    known = Known(case)
    for event in events:
        learn(known, event)
    return known.letter


def learn(known: Known, event: Event) -> None:
    """Take in one event; what says nothing about a decision is passed over."""
    match event.fact:
        case intake.CallPublished() as fact:
            known.scheme, known.appeal = _scheme(fact.terms), fact.terms.decision.appeal
        case decision.EnvelopeSet() | decision.EnvelopeIncreased() | decision.EnvelopeDecreased() as fact:
            known.envelope_cents = fact.amount_cents
        case _:
            _of_application(known, event)
            _of_jury(known, event)
            _of_reply(known, event)
            _of_proposal(known, event)
            _of_motives(known, event)
            _of_decision(known, event)
            _of_notice(known, event)


def _scheme(terms: intake.Terms) -> Scheme:
    return Scheme(
        title=terms.title,
        legal_basis=terms.legal_basis,
        budget_article=terms.budget_article,
        categories={one.code: one.label for one in terms.cost_categories},
        criteria={one.code: one for one in terms.criteria},
        threshold_bp=terms.jury.threshold_bp,
        tranches=terms.tranches,
        reports=terms.reports,
    )


def _of_application(known: Known, event: Event) -> None:
    match event.fact:
        case intake.ApplicationSubmitted(content=content) as fact:
            number = known.application.case_number if known.application else None
            known.application = Application(
                case_number=number,
                project=content.project,
                neighbourhood=content.neighbourhood,
                requested_cents=content.requested_cents,
                version=fact.application_version,
                submitted_at=event.envelope.occurred_at,
                synthetic=content.synthetic,
            )
            known.step("submitted", event)
        case intake.ReceiptAcknowledged() as fact:
            known.application = _changed(known.application, case_number=fact.case_number)
            known.step("acknowledged", event)
        case intake.CompletionSupplied() as fact:
            known.application = _changed(known.application, version=fact.application_version)
            known.step("completed", event)
        case eligibility.ClarificationReceived() as fact:
            known.application = _changed(known.application, requested_cents=fact.requested_cents)
            known.step("clarified", event)
        case eligibility.DeclaredAdmissible():
            known.step("admissible", event)
        case eligibility.DeclaredEligible() as fact:
            known.stage("eligibility", event, fact.checks)
            known.step("eligible", event)
        case _:
            pass


def _changed(application: Application | None, **what: Any) -> Application | None:
    return None if application is None else replace(application, **what)


def _of_jury(known: Known, event: Event) -> None:
    match event.fact:
        case jury.AdviceAdopted() as fact:
            known.advice = Advice(
                adopted_at=event.envelope.occurred_at,
                outcome=fact.outcome,
                score_bp=fact.score_bp,
                proposed_cents=fact.proposed_cents,
                reasons=[
                    CriterionOpinion(criterion=one.criterion, score_bp=one.score_bp, reason=one.reason)
                    for one in fact.reasons
                ],
                conditions=fact.conditions,
                report=fact.report,
                cooperation=fact.cooperation,
                reduction=fact.reduction,
                answer=fact.answer,
            )
            known.stage("advice", event, fact.checks)
            known.step("advised", event)
        case jury.RankingFixed() as fact if any(entry.case == known.case for entry in fact.entries):
            known.stage("ranking", event, fact.checks)
            known.step("ranked", event)
        case _:
            pass


def _of_reply(known: Known, event: Event) -> None:
    """The right of reply; the reply to an advice that was set aside is not told with the next one."""
    at = event.envelope.occurred_at
    match event.fact:
        case jury.ProvisionalAdviceSent() as fact:
            known.reply = Reply(sent_at=at, outcome=fact.outcome, proposed_cents=fact.proposed_cents, due=fact.due)
            known.step("provisional", event)
        case jury.ApplicantReplied() as fact:
            _replied(known, replied_at=at, remarks=fact.remarks)
            known.step("replied", event)
        case jury.ReplyTermLapsed():
            _replied(known, lapsed=True)
            known.step("reply_lapsed", event)
        case jury.LateReplyRecorded() as fact:
            _replied(known, late_at=fact.received_at)
            known.step("reply_late", event, fact.received_at)
        case jury.EvaluationReopened():
            known.reply = None
        case _:
            pass


def _replied(known: Known, **what: Any) -> None:
    if known.reply is not None:
        known.reply = replace(known.reply, **what)


def _of_proposal(known: Known, event: Event) -> None:
    at = event.envelope.occurred_at
    match event.fact:
        case decision.AwardProposalDrafted() as fact if _concerns(known, fact.items):
            # Advice and agreement are about one version of the proposal; a new one needs them anew.
            known.inspectorate = known.agreement = None
            known.stage("proposal", event, fact.checks)
            known.step("proposed", event)
        case decision.InspectorateAdviceRecorded() as fact:
            known.inspectorate = Opinion(given_at=at, positive=fact.favourable, reference=fact.reference)
            known.step("inspected", event)
        case decision.BudgetAgreementRecorded() as fact:
            known.agreement = Opinion(given_at=at, positive=fact.agreed, reference=fact.reference)
            known.step("agreed", event)
        case decision.GovernmentDecisionRecorded() as fact if _concerns(known, fact.items):
            known.sittings.append(Sitting(result=fact.result, meeting=fact.meeting, reference=fact.reference))
            known.place = _place(known.case, fact.items)
            known.stage("government", event, fact.checks)
            known.step(fact.result, event)
        case _:
            pass


def _concerns(known: Known, items: Sequence[decision.ProposalItem]) -> bool:
    return any(item.case == known.case for item in items)


def _place(case: str, items: Sequence[decision.ProposalItem]) -> Place:
    own = next(item for item in items if item.case == case)
    given = [item for item in items if item.proposed_cents]
    last = max(given, key=lambda item: item.rank, default=None)
    return Place(
        rank=own.rank,
        files=len(items),
        score_bp=own.score_bp,
        advised_cents=own.advised_cents,
        proposed_cents=own.proposed_cents,
        left_before_cents=own.left_before_cents,
        before_cents=sum(item.proposed_cents for item in items if item.rank < own.rank),
        proposed_files=len(given),
        last_rank=last.rank if last else 0,
        last_score_bp=last.score_bp if last else 0,
        code=own.code,
    )


def _of_decision(known: Known, event: Event) -> None:
    match event.fact:
        case eligibility.DeclaredInadmissible() as fact:
            _turned_away(known, event, "inadmissible", fact.applicant, fact.checks)
        case eligibility.DeclaredIneligible() as fact:
            _turned_away(known, event, "ineligible", fact.applicant, fact.checks)
        case decision.GrantAwarded() as fact:
            grant = Grant(
                amount_cents=fact.amount_cents,
                budget=fact.budget,
                financing=fact.financing,
                partners=fact.partners,
                term=fact.term,
            )
            reasons = [one.reason for one in fact.checks if one.rule == "D5"]
            _decided(known, event, "awarded", fact.beneficiary, reasons, grant, fact.checks)
        case decision.GrantRefused() | decision.GrantDenied() as fact:
            _decided(known, event, "refused", fact.applicant, fact.reasons, None, fact.checks)
        case decision.PlacedOnReserve() as fact:
            _decided(known, event, "reserve", fact.applicant, fact.reasons, None, fact.checks)
        case decision.ReserveLapsed() as fact:
            _decided(known, event, "lapsed", fact.applicant, fact.reasons, None, fact.checks)
        case decision.DecisionRetracted() as fact if known.letter:
            _decided(known, event, "retracted", known.letter.addressee, [], None, fact.checks)
        case _:
            pass


_NOTICED: Mapping[str, tuple[Outcome, ...]] = {
    "awarded": ("awarded",),
    "refused": ("refused", "lapsed"),
    "reserve": ("reserve",),
    "retracted": ("retracted",),
}


def _of_notice(known: Known, event: Event) -> None:
    """The applicant was told of the decision that is in the letter; a notice of another one says nothing of it."""
    match event.fact:
        case decision.ApplicantNotified() | decision.NoticeGiven() as fact if known.letter:
            ours = fact.reference in {None, known.letter.reference} and known.letter.outcome in _NOTICED[fact.outcome]
            if ours:
                at = event.envelope.occurred_at
                _noticed(known, Notice(at=at, appeal=fact.appeal, until=fact.appeal_until))
        case _:
            pass


def _of_motives(known: Known, event: Event) -> None:
    """What was written down beside the rules' own reasons, for the decision that follows at once."""
    match event.fact:
        case decision.DepartureReasoned() as fact if fact.case == known.case:
            known.motives.append(Motive(kind="departed", text=fact.reasons))
        case decision.GrantDenied() as fact:
            known.motives.append(Motive(kind=fact.code, text=fact.motivation))
        case decision.DecisionSuperseded() as fact:
            known.replaces = fact.replaced
            known.motives.append(Motive(kind="superseded", text=fact.reasons))
        case decision.DecisionRetracted() as fact:
            known.replaces = fact.retracted
            known.motives.append(Motive(kind="retracted", text=fact.reasons))
        case _:
            pass


def _turned_away(known: Known, event: Event, outcome: Outcome, applicant: Party, checks: list[Check]) -> None:
    """What fails the conditions is told by the conclusion itself; no later fact says that it was told."""
    known.stage("eligibility", event, checks)
    reasons = [one.reason for one in checks if one.outcome == "fail"]
    _decided(known, event, outcome, applicant, reasons, None, [])
    if known.appeal is not None:
        _noticed(known, Notice(at=None, appeal=known.appeal, until=None))


def _noticed(known: Known, notice: Notice) -> None:
    if known.letter is not None:
        known.letter = replace(known.letter, notice=notice)


def _decided(
    known: Known,
    event: Event,
    outcome: Outcome,
    addressee: Party,
    reasons: Sequence[Text],
    grant: Grant | None,
    checks: Sequence[Check],
) -> None:
    known.stage("decision", event, checks)
    known.step(outcome, event)
    if known.scheme is None or known.application is None:
        return
    frame = event.envelope
    reference: str | None = getattr(event.fact, "reference", None)
    known.letter = Letter(
        case=known.case,
        outcome=outcome,
        event_id=frame.event_id,
        position=event.position,
        decided_at=frame.occurred_at,
        organisation=frame.actor.organisation,
        addressee=addressee,
        scheme=known.scheme,
        application=known.application,
        reference=reference,
        meeting=getattr(event.fact, "meeting", None) or _meeting(known, reference),
        grant=grant,
        replaces=known.replaces,
        reserve_until=getattr(event.fact, "until", None),
        reasons=list(reasons),
        motives=known.motives,
        advice=replace(known.advice, reply=known.reply) if known.advice else None,
        place=known.place,
        envelope_cents=known.envelope_cents,
        inspectorate=known.inspectorate,
        agreement=known.agreement,
        sittings=list(known.sittings),
        checks=[told for stage in known.stages.values() for told in stage],
        steps=list(known.steps),
        notice=None,
    )
    # They were for this decision; the next one has its own.
    known.replaces, known.motives = None, []


def _meeting(known: Known, reference: str | None) -> Day | None:
    return next((one.meeting for one in known.sittings if one.reference == reference), None)
