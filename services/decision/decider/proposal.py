"""The proposal to the Government: drafted from the ranking, completed, put on the agenda, decided."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias, assert_never

from events.catalog import stream_name
from events.decision import (
    AwardProposalDrafted,
    BudgetAgreementRecorded,
    EnvelopeIncreased,
    EnvelopeSet,
    GovernmentDecisionRecorded,
    InspectorateAdviceRecorded,
    ProposalAgendaed,
    ProposalItem,
)
from events.jury import RankingEntry
from events.vocabulary import Check, Source
from services.deciding import Context, Decision, accept, refuse
from services.decision.commands import (
    DraftAwardProposal,
    PlaceOnAgenda,
    ProposalCommand,
    RecordBudgetAgreement,
    RecordGovernmentDecision,
    RecordInspectorateAdvice,
    RedraftAwardProposal,
)
from services.decision.ranking import proposed
from services.decision.rules import refused
from services.decision.rules.money import D1, D4, files_of
from services.decision.rules.procedure import D3, written_day
from services.decision.state import Envelope, Grant, Proposal
from services.rulebook import check


def decide_proposal(proposal: Proposal, command: ProposalCommand, context: Context) -> Decision:
    """What follows from a command about the proposal."""
    envelope = context.states.get(stream_name("envelope", context.id), Envelope())
    match command:
        case DraftAwardProposal() if proposal.status != "none":
            return accept()
        case DraftAwardProposal():
            return _draft(proposal, command.entries, command.source, envelope, context)
        case RedraftAwardProposal() if proposal.status in ("none", "decided"):
            return accept()
        case RedraftAwardProposal():
            return _draft(proposal, proposal.entries, command.source, envelope, context)
        case RecordInspectorateAdvice() | RecordBudgetAgreement() | PlaceOnAgenda():
            return _prepare(proposal, _prepared(command, context), envelope)
        case RecordGovernmentDecision():
            return _record(proposal, command, envelope, context)
        case _:
            assert_never(command)


def _draft(
    proposal: Proposal, entries: Sequence[RankingEntry], source: Source, envelope: Envelope, context: Context
) -> Decision:
    if envelope.terms is None:
        return refuse("STATE", "terms_not_adopted", status="none")
    standing = [entry for entry in entries if not _withdrawn(entry, context)]
    policy = envelope.terms.partial_fit
    items = proposed(standing, envelope.amount_cents, policy)
    if proposal.envelope_cents == envelope.amount_cents and list(proposal.items) == items:
        return accept()
    checks = _proposal_checks(items, envelope, [proposal.ranking, source], context)
    failed = next((one for one in checks if one.outcome == "fail"), None)
    if failed:
        return refused(failed)
    fact = AwardProposalDrafted(
        call=context.id,
        proposal_version=proposal.version + 1,
        envelope_cents=envelope.amount_cents,
        entries=list(entries),
        items=items,
        checks=checks,
        source=source,
    )
    return accept(fact, rules=envelope.rules)


def _withdrawn(entry: RankingEntry, context: Context) -> bool:
    grant: Grant = context.states.get(stream_name("grant", entry.case), Grant())
    return grant.status == "withdrawn"


def _proposal_checks(
    items: Sequence[ProposalItem], envelope: Envelope, sources: list[Source | None], context: Context
) -> list[Check]:
    stream = stream_name("envelope", context.id)
    policy = envelope.terms.partial_fit if envelope.terms else None
    sources = [context.source(stream, EnvelopeSet), context.source(stream, EnvelopeIncreased), *sources]
    sources = [source for place, source in enumerate(sources) if source not in sources[:place]]
    amounts = {
        "envelope_cents": envelope.amount_cents,
        "proposed_cents": sum(item.proposed_cents for item in items),
    }
    order = {"envelope_cents": envelope.amount_cents, "files": files_of(items)}
    return [check(D1, {}, amounts, sources), check(D4, {"partial_fit": policy}, order, sources)]


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
    fact = GovernmentDecisionRecorded(
        call=context.id,
        result=command.result,
        reference=command.reference,
        meeting=command.meeting,
        proposal_version=proposal.version,
        items=list(proposal.items),
        checks=[complete],
    )
    return accept(fact, rules=envelope.rules)


def _file_complete(
    proposal: Proposal, command: RecordGovernmentDecision, terms: EnvelopeSet, context: Context
) -> Check:
    params = {
        "requires_inspectorate_advice": terms.decision.requires_inspectorate_advice,
        "requires_budget_agreement": terms.decision.requires_budget_agreement,
    }
    inputs = {
        "result": command.result,
        "meeting": command.meeting,
        "agenda_meeting": proposal.agenda.meeting if proposal.agenda else None,
        "advice_present": proposal.advice is not None,
        "agreement_present": proposal.agreement is not None,
        "agreed": proposal.agreement is not None and proposal.agreement.agreed,
        **written_day("meeting", command.meeting),
    }
    present: list[tuple[_Prepared | None, type[_Prepared]]] = [
        (proposal.advice, InspectorateAdviceRecorded),
        (proposal.agreement, BudgetAgreementRecorded),
        (proposal.agenda, ProposalAgendaed),
    ]
    sources = [context.source(context.stream, fact) for found, fact in present if found is not None]
    return check(D3, params, inputs, [context.source(context.stream, AwardProposalDrafted), *sources])
