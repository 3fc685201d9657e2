"""What decision remembers of the proposal to the Government."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, assert_never

from events.decision import (
    AwardProposalDrafted,
    BudgetAgreementRecorded,
    GovernmentDecisionRecorded,
    InspectorateAdviceRecorded,
    ProposalAgendaed,
    ProposalFacts,
    ProposalItem,
)
from events.jury import RankingEntry
from events.vocabulary import Source


@dataclass(frozen=True, slots=True)
class Proposal:
    """The proposal to the Government. What is in the file counts for the version it was given on, and no other."""

    status: Literal["none", "drafted", "agendaed", "decided"] = "none"
    version: int = 0
    envelope_cents: int = 0
    entries: tuple[RankingEntry, ...] = ()
    items: tuple[ProposalItem, ...] = ()
    ranking: Source | None = None
    advice: InspectorateAdviceRecorded | None = None
    agreement: BudgetAgreementRecorded | None = None
    agenda: ProposalAgendaed | None = None
    decision: GovernmentDecisionRecorded | None = None


def evolve_proposal(state: Proposal, fact: ProposalFacts) -> Proposal:
    """The proposal after one more fact."""
    match fact:
        case AwardProposalDrafted():
            return Proposal(
                status="drafted",
                version=fact.proposal_version,
                envelope_cents=fact.envelope_cents,
                entries=tuple(fact.entries),
                items=tuple(fact.items),
                ranking=state.ranking or fact.source,
            )
        case InspectorateAdviceRecorded():
            return replace(state, advice=fact)
        case BudgetAgreementRecorded():
            return replace(state, agreement=fact)
        case ProposalAgendaed():
            return replace(state, status="agendaed", agenda=fact)
        case GovernmentDecisionRecorded(result="goedgekeurd"):
            return replace(state, status="decided", decision=fact)
        case GovernmentDecisionRecorded():
            return replace(state, status="drafted", agenda=None, decision=fact)
        case _:
            assert_never(fact)
