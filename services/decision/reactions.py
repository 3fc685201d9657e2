"""What decision does when something is recorded, by others or by itself, and when a deadline comes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from events.catalog import AnyFact, stream_name
from events.decision import (
    AmendmentApproved,
    AwardAdjusted,
    AwardProposalDrafted,
    AwardWaived,
    CandidateSetAside,
    CandidateWithdrawn,
    ContractActivated,
    ContractClosed,
    ContractCompleted,
    ContractDrafted,
    ContractExpired,
    ContractRedrafted,
    ContractTerminated,
    DecisionAnnulled,
    DecisionRetracted,
    DecisionSuspended,
    EnvelopeDecreased,
    EnvelopeIncreased,
    GovernmentDecisionRecorded,
    GrantAwarded,
    GrantDenied,
    GrantRefused,
    MoneyReturned,
    PlacedOnReserve,
    ProposalAgendaed,
    ProposalLapsed,
    ReserveLapsed,
    StandstillBegan,
    SuspensionLifted,
    TermExtended,
)
from events.eligibility import AssessmentRevised, AssessmentSucceeded, DeclaredEligible
from events.intake import ApplicationLapsed, ApplicationWithdrawn, CallPublished
from events.jury import RankingFixed, RankingReopened
from events.payment import AccountClosed, FundsDecommitted
from events.times import end_of_day, start_of_day
from events.vocabulary import Fact, Period, Source
from services.deciding import CancelTimer, Issue, Reaction, SetTimer, TimerChange
from services.decision.commands import (
    ActivateContract,
    AdoptAward,
    AwardGrant,
    CloseContract,
    CompleteContract,
    DraftAwardProposal,
    DraftContract,
    HoldProposal,
    LapseProposal,
    LapseReserve,
    LiftHold,
    NotifyApplicant,
    PlaceOnReserve,
    RedraftAwardProposal,
    RedraftContract,
    RefuseGrant,
    RegisterCandidate,
    ReleaseReservation,
    ReserveAmount,
    ResumeContract,
    ReturnMoney,
    SetCandidateAside,
    SetEnvelope,
    SucceedCandidate,
    SuspendContract,
    WithdrawCandidate,
)
from services.decision.state import Envelope


def _set_envelope(fact: CallPublished, source: Source, _state: object) -> Sequence[Issue]:
    terms = fact.terms
    command = SetEnvelope(
        amount_cents=terms.envelope_cents,
        budget_article=terms.budget_article,
        cap_cents=terms.cap_cents,
        cofinancing=terms.cofinancing,
        share_limits=terms.share_limits,
        cost_categories=terms.cost_categories,
        term=terms.term,
        decision=terms.decision,
        partial_fit=terms.jury.partial_fit,
        source=source,
    )
    return (Issue("envelope", fact.call, command),)


def _register(fact: DeclaredEligible, source: Source, _state: object) -> Sequence[Issue]:
    aside = [str(one.inputs["check"]) for one in fact.checks if one.rule == "E6"]
    command = RegisterCandidate(call=fact.call, dossier=fact.dossier, set_aside=aside, source=source)
    return (Issue("grant", fact.case, command),)


def _set_aside_file(fact: AssessmentRevised, source: Source, _state: object) -> Sequence[Issue]:
    if fact.previous != "eligible":
        return ()
    return (Issue("grant", fact.case, SetCandidateAside(call=fact.call, source=source)),)


def _succeed(fact: AssessmentSucceeded, source: Source, _state: object) -> Sequence[Issue]:
    command = SucceedCandidate(previous=fact.previous, successor=fact.successor, source=source)
    return (Issue("grant", fact.case, command),)


def _withdraw(fact: ApplicationWithdrawn | ApplicationLapsed, source: Source, _state: object) -> Sequence[Issue]:
    return (Issue("grant", fact.case, WithdrawCandidate(call=fact.call, source=source)),)


def _draft(fact: RankingFixed, source: Source, _state: object) -> Sequence[Issue]:
    return (Issue("proposal", fact.call, DraftAwardProposal(entries=fact.entries, source=source)),)


def _stop(fact: RankingReopened, source: Source, _state: object) -> Sequence[Issue]:
    return (Issue("proposal", fact.call, HoldProposal(ordinal=fact.ordinal, source=source)),)


def _go_on(fact: RankingFixed, source: Source, _state: object) -> Sequence[Issue]:
    return (Issue("proposal", fact.call, LiftHold(source=source)),)


def _redraft(fact: Fact, source: Source, _state: object) -> Sequence[Issue]:
    return (Issue("proposal", fact.call, RedraftAwardProposal(source=source)),)


def _redraft_reserve(
    fact: MoneyReturned | AwardWaived | CandidateWithdrawn | CandidateSetAside, source: Source, envelope: Envelope
) -> Sequence[Issue]:
    """Money may be free for the reserve list, if the call keeps one."""
    return _redraft(fact, source, envelope) if _keeps_reserve(envelope) else ()


def _keeps_reserve(envelope: Envelope) -> bool:
    return envelope.terms is not None and envelope.terms.decision.reserve_days is not None


def _return(fact: FundsDecommitted, source: Source, _state: object) -> Sequence[Issue]:
    # Also without a reserve list: a file that gets its advice later is proposed from what is free then.
    if not fact.amount_cents:
        return ()
    return (Issue("grant", fact.case, ReturnMoney(amount_cents=fact.amount_cents, source=source)),)


def _set_free(fact: ProposalLapsed, _source: Source, _state: object) -> Sequence[Issue]:
    command = ReleaseReservation(proposal_version=fact.proposal_version, reason="lapsed")
    return [Issue("grant", case, command) for case in fact.cases]


def _set_aside(fact: AwardProposalDrafted, _source: Source, _state: object) -> Sequence[Issue]:
    # What is freed comes first: the same cents may be needed for the files that now fit.
    version = fact.proposal_version
    freed = [item for item in fact.items if not item.proposed_cents]
    reserved = [item for item in fact.items if item.proposed_cents]
    return (
        *(Issue("grant", item.case, ReleaseReservation(proposal_version=version)) for item in freed),
        *(
            Issue(
                "grant",
                item.case,
                ReserveAmount(
                    amount_cents=item.proposed_cents,
                    proposal_version=version,
                    left_before_cents=item.left_before_cents,
                ),
            )
            for item in reserved
        ),
    )


def _conclude(fact: GovernmentDecisionRecorded, source: Source, envelope: Envelope) -> Sequence[Issue]:
    if fact.result != "goedgekeurd":
        return ()
    keeps = _keeps_reserve(envelope)
    reserve = [item for item in fact.items if keeps and item.code == "envelope_exhausted"]
    refused = [item for item in fact.items if not item.proposed_cents and item not in reserve]
    awarded = [item for item in fact.items if item.proposed_cents]
    told: dict[str, Any] = {"reference": fact.reference, "meeting": fact.meeting, "source": source}
    return (
        *(Issue("grant", item.case, RefuseGrant(item=item, **told)) for item in refused),
        *(Issue("grant", item.case, PlaceOnReserve(item=item, **told)) for item in reserve),
        *(Issue("grant", item.case, AwardGrant(item=item, **told)) for item in awarded),
    )


def _tell_award(fact: GrantAwarded, _source: Source, _state: object) -> Sequence[Issue]:
    return (Issue("grant", fact.case, NotifyApplicant(outcome="awarded")),)


def _tell_reserve(fact: PlacedOnReserve, _source: Source, _state: object) -> Sequence[Issue]:
    return (Issue("grant", fact.case, NotifyApplicant(outcome="reserve")),)


def _tell_lapse(fact: ReserveLapsed, _source: Source, _state: object) -> Sequence[Issue]:
    return (Issue("grant", fact.case, NotifyApplicant(outcome="lapsed")),)


def _tell_retraction(fact: DecisionRetracted, _source: Source, _state: object) -> Sequence[Issue]:
    return (Issue("grant", fact.case, NotifyApplicant(outcome="retracted")),)


def _tell_refusal(fact: GrantRefused | GrantDenied, _source: Source, _state: object) -> Sequence[Issue]:
    return (Issue("grant", fact.case, NotifyApplicant(outcome="refused")),)


def _draw_up(fact: GrantAwarded, source: Source, _state: object) -> Sequence[Issue]:
    return (Issue("contract", fact.case, DraftContract(**_of_award(fact, source))),)


def _draw_up_again(fact: GrantAwarded, source: Source, _state: object) -> Sequence[Issue]:
    # Only a decision taken where none was in force any more; one that replaces another goes on with its contract.
    if not any(one.code == "none_in_force" for one in fact.checks):
        return ()
    # A draft that waited for the award alone comes into force now.
    redraft = RedraftContract(**_of_award(fact, source))
    return (Issue("contract", fact.case, redraft), Issue("contract", fact.case, ActivateContract()))


def _of_award(fact: GrantAwarded, source: Source) -> dict[str, Any]:
    """What its contract takes over from an award."""
    return {
        "call": fact.call,
        "beneficiary": fact.beneficiary,
        "project": fact.project,
        "neighbourhood": fact.neighbourhood,
        "amount_cents": fact.amount_cents,
        "budget": fact.budget,
        "partners": fact.partners,
        "term": fact.term,
        "synthetic": fact.synthetic,
        "reference": fact.reference,
        "source": source,
    }


def _suspend(fact: DecisionSuspended, _source: Source, _state: object) -> Sequence[Issue]:
    return (Issue("contract", fact.case, SuspendContract(ground="award_suspended", reason=fact.reasons)),)


def _resume(fact: SuspensionLifted, _source: Source, _state: object) -> Sequence[Issue]:
    # A draft that waited for the award alone comes into force now.
    resume = ResumeContract(reason=fact.reasons)
    return (Issue("contract", fact.case, resume), Issue("contract", fact.case, ActivateContract()))


def _hold(fact: DecisionAnnulled, _source: Source, _state: object) -> Sequence[Issue]:
    # Its money stays until a new decision is taken, and so does the contract.
    if fact.outcome != "awarded":
        return ()
    return (Issue("contract", fact.case, SuspendContract(ground="award_annulled", reason=fact.reasons)),)


def _adopt(fact: AwardAdjusted, source: Source, _state: object) -> Sequence[Issue]:
    command = AdoptAward(
        amount_cents=fact.amount_cents,
        budget=fact.budget,
        reference=fact.reference,
        renounced=fact.code == "waived",
        source=source,
    )
    return (Issue("contract", fact.case, command),)


def _close(fact: AccountClosed, source: Source, _state: object) -> Sequence[Issue]:
    command = CloseContract(
        final_subsidy_cents=fact.final_subsidy_cents,
        paid_cents=fact.paid_cents,
        recovered_cents=fact.recovered_cents,
        source=source,
    )
    return (Issue("contract", fact.case, command),)


def _envelope(fact: Fact) -> str:
    return stream_name("envelope", fact.call)


REACTIONS: tuple[Reaction, ...] = (
    Reaction("set-envelope", CallPublished, _set_envelope),
    Reaction("register-candidate", DeclaredEligible, _register),
    Reaction("withdraw-candidate", ApplicationWithdrawn, _withdraw),
    Reaction("withdraw-lapsed", ApplicationLapsed, _withdraw),
    Reaction("set-revised-file-aside", AssessmentRevised, _set_aside_file),
    Reaction("succeed-applicant", AssessmentSucceeded, _succeed),
    Reaction("redraft-without-set-aside", CandidateSetAside, _redraft_reserve, _envelope),
    Reaction("draft-proposal", RankingFixed, _draft),
    Reaction("hold-proposal", RankingReopened, _stop),
    Reaction("lift-hold", RankingFixed, _go_on),
    Reaction("redraft-proposal", EnvelopeIncreased, _redraft),
    Reaction("redraft-smaller-proposal", EnvelopeDecreased, _redraft),
    Reaction("redraft-with-returned", MoneyReturned, _redraft_reserve, _envelope),
    Reaction("redraft-without-waived", AwardWaived, _redraft_reserve, _envelope),
    Reaction("redraft-without-withdrawn", CandidateWithdrawn, _redraft_reserve, _envelope),
    Reaction("note-returned-money", FundsDecommitted, _return),
    Reaction("set-amounts-aside", AwardProposalDrafted, _set_aside),
    Reaction("set-amounts-free", ProposalLapsed, _set_free),
    Reaction("award-and-refuse", GovernmentDecisionRecorded, _conclude, _envelope),
    Reaction("tell-of-award", GrantAwarded, _tell_award),
    Reaction("tell-of-refusal", GrantRefused, _tell_refusal),
    Reaction("tell-of-denial", GrantDenied, _tell_refusal),
    Reaction("tell-of-reserve", PlacedOnReserve, _tell_reserve),
    Reaction("tell-of-lapse", ReserveLapsed, _tell_lapse),
    Reaction("tell-of-retraction", DecisionRetracted, _tell_retraction),
    Reaction("draw-up-contract", GrantAwarded, _draw_up),
    Reaction("draw-up-contract-again", GrantAwarded, _draw_up_again),
    Reaction("suspend-contract", DecisionSuspended, _suspend),
    Reaction("resume-contract", SuspensionLifted, _resume),
    Reaction("hold-contract", DecisionAnnulled, _hold),
    Reaction("adopt-award", AwardAdjusted, _adopt),
    Reaction("close-contract", AccountClosed, _close),
)
"""Facts that become commands of decision."""


def timers(fact: AnyFact) -> Sequence[TimerChange]:
    """A standstill and a reserve list end; a contract comes into force on its first day and ends after its last one."""
    match fact:
        case StandstillBegan():
            lapse = LapseProposal(proposal_version=fact.proposal_version)
            return (SetTimer(_standstill(fact), fact.until.utc, Issue("proposal", fact.call, lapse)),)
        case ProposalAgendaed() | AwardProposalDrafted() | ProposalLapsed():
            return (CancelTimer(_standstill(fact)),)
        case PlacedOnReserve() if fact.until:
            return (SetTimer(_reserve(fact.case), fact.until.utc, Issue("grant", fact.case, LapseReserve())),)
        case ReserveLapsed() | AwardWaived() | DecisionRetracted():
            return (CancelTimer(_reserve(fact.case)),)
        case ContractDrafted() | ContractRedrafted():
            begins = start_of_day(fact.term.start).utc
            activate = SetTimer(_id(fact.case, "activate"), begins, Issue("contract", fact.case, ActivateContract()))
            return (activate, _at_the_end(fact.case, fact.term))
        case ContractActivated():
            return (CancelTimer(_id(fact.case, "activate")), _at_the_end(fact.case, fact.term))
        case TermExtended() | AmendmentApproved():
            return (_at_the_end(fact.case, fact.term),)
        case ContractCompleted() | ContractTerminated() | ContractExpired() | ContractClosed():
            return (CancelTimer(_id(fact.case, "activate")), CancelTimer(_id(fact.case, "complete")))
        case _:
            return ()


def _at_the_end(case: str, term: Period) -> SetTimer:
    """Set again, it replaces the one of the term before."""
    return SetTimer(_id(case, "complete"), end_of_day(term.end).utc, Issue("contract", case, CompleteContract()))


def _id(case: str, purpose: str) -> str:
    return f"{stream_name('contract', case)}/{purpose}"


def _standstill(fact: Fact) -> str:
    return f"{stream_name('proposal', fact.call)}/standstill"


def _reserve(case: str) -> str:
    return f"{stream_name('grant', case)}/reserve"
