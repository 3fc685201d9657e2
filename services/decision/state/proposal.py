"""What decision remembers of the proposal to the Government."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, assert_never

from events.decision import (
    AwardProposalDrafted,
    BudgetAgreementRecorded,
    DecisionPublished,
    DepartureReasoned,
    GovernmentDecisionRecorded,
    InspectorateAdviceRecorded,
    ProposalAgendaed,
    ProposalFacts,
    ProposalHeld,
    ProposalHoldLifted,
    ProposalItem,
    ProposalLapsed,
    StandstillBegan,
)
from events.jury import RankingEntry
from events.times import Deadline
from events.vocabulary import Source


@dataclass(frozen=True, slots=True)
class Proposal:
    """The proposal to the Government. What is in the file counts for the version it was given on, and no other.

    `departures` hold for every later version. `approved` are the references of the decisions that approved a version:
    what is proposed after the first one is for the reserve list. `published` are those that were made public. `held` is
    whether the ranking is open again, whatever version is on the table.
    """

    status: Literal["none", "drafted", "agendaed", "decided", "lapsed"] = "none"
    version: int = 0
    envelope_cents: int = 0
    entries: tuple[RankingEntry, ...] = ()
    items: tuple[ProposalItem, ...] = ()
    ranking: Source | None = None
    advice: InspectorateAdviceRecorded | None = None
    agreement: BudgetAgreementRecorded | None = None
    agenda: ProposalAgendaed | None = None
    decision: GovernmentDecisionRecorded | None = None
    standstill: Deadline | None = None
    departures: Mapping[str, DepartureReasoned] = field(default_factory=dict)
    approved: tuple[str, ...] = ()
    published: frozenset[tuple[str, str]] = frozenset()
    held: bool = False


def evolve_proposal(state: Proposal, fact: ProposalFacts) -> Proposal:
    """The proposal after one more fact."""
    match fact:
        case AwardProposalDrafted():
            entries = tuple(fact.entries)
            return Proposal(
                status="drafted",
                version=fact.proposal_version,
                envelope_cents=fact.envelope_cents,
                entries=entries,
                items=tuple(fact.items),
                ranking=fact.source if state.ranking is None or entries != state.entries else state.ranking,
                departures=state.departures,
                approved=state.approved,
                published=state.published,
                held=state.held,
            )
        case DepartureReasoned():
            return replace(state, departures={**state.departures, fact.case: fact})
        case ProposalHeld():
            return replace(state, held=True)
        case ProposalHoldLifted():
            return replace(state, held=False)
        case StandstillBegan():
            return replace(state, standstill=fact.until)
        case ProposalLapsed():
            return replace(state, status="lapsed", agenda=None, standstill=None)
        case DecisionPublished():
            return replace(state, published=state.published | {(fact.reference, fact.publication)})
        case InspectorateAdviceRecorded():
            return replace(state, advice=fact)
        case BudgetAgreementRecorded():
            return replace(state, agreement=fact)
        case ProposalAgendaed():
            return replace(state, status="agendaed", agenda=fact, standstill=None)
        case GovernmentDecisionRecorded(result="goedgekeurd"):
            return replace(state, status="decided", decision=fact, approved=(*state.approved, fact.reference))
        case GovernmentDecisionRecorded():
            return replace(state, status="drafted", agenda=None, decision=fact)
        case _:
            assert_never(fact)
