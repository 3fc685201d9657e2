"""What decision does when something is recorded, by others or by itself, and when a deadline comes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from events.catalog import AnyFact, stream_name
from events.decision import (
    AwardProposalDrafted,
    ContractActivated,
    ContractClosed,
    ContractCompleted,
    ContractDrafted,
    EnvelopeIncreased,
    GovernmentDecisionRecorded,
    GrantAwarded,
    GrantRefused,
)
from events.eligibility import DeclaredEligible
from events.intake import ApplicationWithdrawn, CallPublished
from events.jury import RankingFixed
from events.payment import AccountClosed
from events.times import end_of_day, start_of_day
from events.vocabulary import Source
from services.deciding import CancelTimer, Issue, Reaction, SetTimer, TimerChange
from services.decision.commands import (
    ActivateContract,
    AwardGrant,
    CloseContract,
    CompleteContract,
    DraftAwardProposal,
    DraftContract,
    NotifyApplicant,
    RedraftAwardProposal,
    RefuseGrant,
    RegisterCandidate,
    ReleaseReservation,
    ReserveAmount,
    SetEnvelope,
    WithdrawCandidate,
)


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
    return (Issue("grant", fact.case, RegisterCandidate(call=fact.call, dossier=fact.dossier, source=source)),)


def _withdraw(fact: ApplicationWithdrawn, source: Source, _state: object) -> Sequence[Issue]:
    return (Issue("grant", fact.case, WithdrawCandidate(call=fact.call, source=source)),)


def _draft(fact: RankingFixed, source: Source, _state: object) -> Sequence[Issue]:
    return (Issue("proposal", fact.call, DraftAwardProposal(entries=fact.entries, source=source)),)


def _redraft(fact: EnvelopeIncreased, source: Source, _state: object) -> Sequence[Issue]:
    return (Issue("proposal", fact.call, RedraftAwardProposal(source=source)),)


def _set_aside(fact: AwardProposalDrafted, _source: Source, _state: object) -> Sequence[Issue]:
    # What is freed comes first: the same cents may be needed for the files that now fit.
    version = fact.proposal_version
    freed = [item for item in fact.items if not item.proposed_cents]
    reserved = [item for item in fact.items if item.proposed_cents]
    return (
        *(Issue("grant", item.case, ReleaseReservation(proposal_version=version)) for item in freed),
        *(
            Issue("grant", item.case, ReserveAmount(amount_cents=item.proposed_cents, proposal_version=version))
            for item in reserved
        ),
    )


def _conclude(fact: GovernmentDecisionRecorded, source: Source, _state: object) -> Sequence[Issue]:
    if fact.result != "goedgekeurd":
        return ()
    refused = [item for item in fact.items if not item.proposed_cents]
    awarded = [item for item in fact.items if item.proposed_cents]
    told: dict[str, Any] = {"reference": fact.reference, "meeting": fact.meeting, "source": source}
    return (
        *(Issue("grant", item.case, RefuseGrant(item=item, **told)) for item in refused),
        *(Issue("grant", item.case, AwardGrant(item=item, **told)) for item in awarded),
    )


def _tell_award(fact: GrantAwarded, _source: Source, _state: object) -> Sequence[Issue]:
    return (Issue("grant", fact.case, NotifyApplicant(outcome="awarded")),)


def _tell_refusal(fact: GrantRefused, _source: Source, _state: object) -> Sequence[Issue]:
    return (Issue("grant", fact.case, NotifyApplicant(outcome="refused")),)


def _draw_up(fact: GrantAwarded, _source: Source, _state: object) -> Sequence[Issue]:
    command = DraftContract(
        call=fact.call,
        beneficiary=fact.beneficiary,
        project=fact.project,
        neighbourhood=fact.neighbourhood,
        amount_cents=fact.amount_cents,
        budget=fact.budget,
        partners=fact.partners,
        term=fact.term,
        synthetic=fact.synthetic,
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


REACTIONS: tuple[Reaction, ...] = (
    Reaction("set-envelope", CallPublished, _set_envelope),
    Reaction("register-candidate", DeclaredEligible, _register),
    Reaction("withdraw-candidate", ApplicationWithdrawn, _withdraw),
    Reaction("draft-proposal", RankingFixed, _draft),
    Reaction("redraft-proposal", EnvelopeIncreased, _redraft),
    Reaction("set-amounts-aside", AwardProposalDrafted, _set_aside),
    Reaction("award-and-refuse", GovernmentDecisionRecorded, _conclude),
    Reaction("tell-of-award", GrantAwarded, _tell_award),
    Reaction("tell-of-refusal", GrantRefused, _tell_refusal),
    Reaction("draw-up-contract", GrantAwarded, _draw_up),
    Reaction("close-contract", AccountClosed, _close),
)
"""Facts that become commands of decision."""


def timers(fact: AnyFact) -> Sequence[TimerChange]:
    """A contract comes into force on the first day of its term and is completed after the last."""
    match fact:
        case ContractDrafted():
            begins = start_of_day(fact.term.start).utc
            return (SetTimer(_id(fact.case, "activate"), begins, Issue("contract", fact.case, ActivateContract())),)
        case ContractActivated():
            ends = end_of_day(fact.term.end).utc
            complete = SetTimer(_id(fact.case, "complete"), ends, Issue("contract", fact.case, CompleteContract()))
            return (CancelTimer(_id(fact.case, "activate")), complete)
        case ContractCompleted() | ContractClosed():
            return (CancelTimer(_id(fact.case, "complete")),)
        case _:
            return ()


def _id(case: str, purpose: str) -> str:
    return f"{stream_name('contract', case)}/{purpose}"
