"""The proposal to the Government: drafted from the ranking, completed, put on the agenda, decided."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias, assert_never

from events.catalog import stream_name
from events.decision import (
    AwardProposalDrafted,
    BudgetAgreementRecorded,
    CandidateSetAside,
    DecisionPublished,
    EnvelopeSet,
    GovernmentDecisionRecorded,
    InspectorateAdviceRecorded,
    ProposalAgendaed,
    ProposalHeld,
    ProposalHoldLifted,
    ProposalLapsed,
    StandstillBegan,
)
from events.jury import RankingEntry
from events.times import days_after, start_of_day
from events.vocabulary import Check
from services.deciding import Context, Decision, accept, refuse
from services.decision.commands import (
    DepartFromAdvice,
    DraftAwardProposal,
    HoldProposal,
    LapseProposal,
    LiftHold,
    PlaceOnAgenda,
    ProposalCommand,
    PublishDecision,
    RecordBudgetAgreement,
    RecordGovernmentDecision,
    RecordInspectorateAdvice,
    RedraftAwardProposal,
    ReviseAwardProposal,
    WithdrawProposal,
)
from services.decision.decider.drafting import depart, draft
from services.decision.rules import refused, refused_as
from services.decision.rules.force import D6
from services.decision.rules.procedure import D3, written_day
from services.decision.state import Envelope, Grant, Proposal
from services.rulebook import check


def decide_proposal(proposal: Proposal, command: ProposalCommand, context: Context) -> Decision:
    """What follows from a command about the proposal."""
    envelope = context.states.get(stream_name("envelope", context.id), Envelope())
    match command:
        case DraftAwardProposal():
            return draft(proposal, _ranked(proposal, command.entries), command.source, envelope, context)
        case RedraftAwardProposal() if proposal.status == "none":
            return accept()
        case RedraftAwardProposal():
            return draft(proposal, proposal.entries, command.source, envelope, context)
        case ReviseAwardProposal() if proposal.ranking:
            return draft(proposal, proposal.entries, proposal.ranking, envelope, context)
        case ReviseAwardProposal():
            return refuse("STATE", "not_in_this_stage", status=proposal.status)
        case DepartFromAdvice():
            return depart(proposal, command, envelope, context)
        case WithdrawProposal() | LapseProposal():
            return _take_off(proposal, command, envelope, context)
        case HoldProposal() | LiftHold():
            return _hold(proposal, command, envelope, context)
        case PublishDecision():
            return _publish(proposal, command, envelope, context)
        case RecordInspectorateAdvice() | RecordBudgetAgreement() | PlaceOnAgenda():
            return _prepare(proposal, _prepared(command, context), envelope)
        case RecordGovernmentDecision():
            return _record(proposal, command, envelope, context)
        case _:
            assert_never(command)


def _ranked(proposal: Proposal, entries: Sequence[RankingEntry]) -> list[RankingEntry]:
    """The ranking; after a first decision also what the jury no longer ranks: it may still hold money."""
    ranked = {entry.case for entry in entries}
    left = [entry for entry in proposal.entries if proposal.approved and entry.case not in ranked]
    return [*entries, *left]


_Prepared: TypeAlias = InspectorateAdviceRecorded | BudgetAgreementRecorded | ProposalAgendaed


def _prepared(command: RecordInspectorateAdvice | RecordBudgetAgreement | PlaceOnAgenda, context: Context) -> _Prepared:
    match command:
        case RecordInspectorateAdvice():
            return InspectorateAdviceRecorded(
                call=context.id, favourable=command.favourable, reference=command.reference
            )
        case RecordBudgetAgreement():
            return BudgetAgreementRecorded(call=context.id, agreed=command.agreed, reference=command.reference)
        case PlaceOnAgenda():
            return ProposalAgendaed(call=context.id, meeting=command.meeting, reference=command.reference)


def _prepare(proposal: Proposal, fact: _Prepared, envelope: Envelope) -> Decision:
    if fact in (proposal.advice, proposal.agreement, proposal.agenda):
        return accept()
    if proposal.status not in ("drafted", "agendaed"):
        return refuse("STATE", "not_in_this_stage", status=proposal.status)
    return accept(fact, rules=envelope.rules)


def _record(proposal: Proposal, command: RecordGovernmentDecision, envelope: Envelope, context: Context) -> Decision:
    last = proposal.decision
    if last and (last.result, last.reference, last.meeting) == (command.result, command.reference, command.meeting):
        return accept()
    if proposal.status not in ("drafted", "agendaed") or envelope.terms is None:
        return refuse("STATE", "not_in_this_stage", status=proposal.status)
    complete = _file_complete(proposal, command, envelope.terms, context)
    if complete.outcome == "fail":
        return refused(complete)
    decided = GovernmentDecisionRecorded(
        call=context.id,
        result=command.result,
        reference=command.reference,
        meeting=command.meeting,
        proposal_version=proposal.version,
        items=list(proposal.items),
        checks=[complete],
    )
    return accept(decided, *_standstill(proposal, command, envelope.terms, context), rules=envelope.rules)


def _standstill(
    proposal: Proposal, command: RecordGovernmentDecision, terms: EnvelopeSet, context: Context
) -> list[StandstillBegan]:
    days = terms.decision.postponement_days
    if command.result != "uitgesteld" or days is None:
        return []
    until = days_after(start_of_day(command.meeting).utc, days)
    return [StandstillBegan(call=context.id, proposal_version=proposal.version, until=until)]


def _take_off(
    proposal: Proposal, command: WithdrawProposal | LapseProposal, envelope: Envelope, context: Context
) -> Decision:
    """Off the table: withdrawn by the Government's secretariat, or at the end of the standstill."""
    if proposal.status == "lapsed":
        return accept()
    if isinstance(command, LapseProposal):
        if proposal.standstill is None or proposal.version != command.proposal_version:
            return accept()  # it is on an agenda again, or another version took its place
        if context.at < proposal.standstill.utc:
            return refuse("STATE", "standstill_runs", status=proposal.status)
    if proposal.status not in ("drafted", "agendaed"):
        return refuse("STATE", "not_in_this_stage", status=proposal.status)
    withdrawn = isinstance(command, WithdrawProposal)
    fact = ProposalLapsed(
        call=context.id,
        proposal_version=proposal.version,
        code="withdrawn" if withdrawn else "standstill_over",
        cases=[item.case for item in proposal.items if item.proposed_cents],
        reason=command.reason if isinstance(command, WithdrawProposal) else None,
    )
    return accept(fact, rules=envelope.rules)


def _hold(proposal: Proposal, command: HoldProposal | LiftHold, envelope: Envelope, context: Context) -> Decision:
    """The jury looks again at the ranking, and has done so. A version approved meanwhile would rest on nothing."""
    if isinstance(command, HoldProposal) == proposal.held:
        return accept()
    if isinstance(command, LiftHold):
        return accept(ProposalHoldLifted(call=context.id, source=command.source), rules=envelope.rules)
    held = ProposalHeld(call=context.id, ordinal=command.ordinal, source=command.source)
    return accept(held, rules=envelope.rules)


def _publish(proposal: Proposal, command: PublishDecision, envelope: Envelope, context: Context) -> Decision:
    if (command.reference, command.publication) in proposal.published:
        return accept()
    if command.reference not in proposal.approved:
        return refused_as(D6, "not_of_the_government", reference=command.reference)
    fact = DecisionPublished(
        call=context.id,
        reference=command.reference,
        publication=command.publication,
        published_on=command.published_on,
    )
    return accept(fact, rules=envelope.rules)


def _file_complete(
    proposal: Proposal, command: RecordGovernmentDecision, terms: EnvelopeSet, context: Context
) -> Check:
    params = {
        "requires_inspectorate_advice": terms.decision.requires_inspectorate_advice,
        "requires_budget_agreement": terms.decision.requires_budget_agreement,
    }
    aside = [item.case for item in proposal.items if _grant(item.case, context).aside]
    inputs = {
        "result": command.result,
        "meeting": command.meeting,
        "agenda_meeting": proposal.agenda.meeting if proposal.agenda else None,
        "advice_present": proposal.advice is not None,
        "advice_favourable": proposal.advice is None or proposal.advice.favourable,
        "agreement_present": proposal.agreement is not None,
        "agreed": proposal.agreement is not None and proposal.agreement.agreed,
        "ranking_open": proposal.held,
        "set_aside": aside,
        **written_day("meeting", command.meeting),
    }
    present: list[tuple[_Prepared | None, type[_Prepared]]] = [
        (proposal.advice, InspectorateAdviceRecorded),
        (proposal.agreement, BudgetAgreementRecorded),
        (proposal.agenda, ProposalAgendaed),
    ]
    sources = [context.source(context.stream, fact) for found, fact in present if found is not None]
    drafted = context.source(context.stream, AwardProposalDrafted)
    held = context.source(context.stream, ProposalHeld) if proposal.held else None
    revised = [context.source(stream_name("grant", case), CandidateSetAside) for case in aside]
    return check(D3, params, inputs, [drafted, *sources, held, *revised])


def _grant(case: str, context: Context) -> Grant:
    grant: Grant = context.states.get(stream_name("grant", case), Grant())
    return grant
