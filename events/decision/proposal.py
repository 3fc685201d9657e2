"""Facts of the proposal to the Government, from its first draft to what was decided on it."""

from __future__ import annotations

from typing import Literal, TypeAlias

from events.jury import AdviceOutcome, RankingEntry
from events.times import Day, Deadline
from events.vocabulary import (
    CaseFact,
    Cents,
    Check,
    Fact,
    Part,
    Party,
    Source,
    Written,
)

GovernmentResult: TypeAlias = Literal["goedgekeurd", "uitgesteld", "ingetrokken", "akte_genomen"]
"""The four results the Flemish Government knows: approved, postponed, withdrawn, noted."""


class ProposalItem(Part, frozen=True, kw_only=True):
    """One ranked file against the money left at its turn: proposed in full, in part, or cut, and why."""

    case: str
    rank: int
    applicant: Party
    outcome: AdviceOutcome
    score_bp: int
    requested_cents: Cents
    advised_cents: Cents
    proposed_cents: Cents
    left_before_cents: Cents
    code: Literal["fits", "fits_in_part", "envelope_exhausted", "unfavourable_advice", "departed"]
    synthetic: bool


class AwardProposalDrafted(Fact, frozen=True, kw_only=True):
    """The proposal to the Government (ontwerpbeslissing), from the ranking and the envelope as it then stood."""

    proposal_version: int
    envelope_cents: Cents
    entries: list[RankingEntry]
    items: list[ProposalItem]
    checks: list[Check]
    source: Source


class InspectorateAdviceRecorded(Fact, frozen=True, kw_only=True):
    """Advice of the Inspectorate of Finance (Inspectie van Financiën)."""

    favourable: bool
    reference: str


class BudgetAgreementRecorded(Fact, frozen=True, kw_only=True):
    """Agreement of the minister of budget (begrotingsakkoord)."""

    agreed: bool
    reference: str


class ProposalAgendaed(Fact, frozen=True, kw_only=True):
    """The memorandum (nota aan de Vlaamse Regering) is on the agenda of a meeting."""

    meeting: Day
    reference: str


class GovernmentDecisionRecorded(Fact, frozen=True, kw_only=True):
    """What the Government decided on the item; `items` are the files as they stood in the proposal it decided on."""

    result: GovernmentResult
    reference: str
    meeting: Day
    proposal_version: int
    items: list[ProposalItem]
    checks: list[Check]


class DepartureReasoned(CaseFact, frozen=True, kw_only=True):
    """A departure from the ranking or from the jury's advice in one file, with reasons of its own (D4)."""

    rank: int
    applicant: Party
    outcome: AdviceOutcome
    advised_cents: Cents
    decided_cents: Cents
    reference: str
    reasons: Written


class StandstillBegan(Fact, frozen=True, kw_only=True):
    """A postponed proposal waits, with its reservations, until this day; then they lapse."""

    proposal_version: int
    until: Deadline


class ProposalLapsed(Fact, frozen=True, kw_only=True):
    """The proposal is off the table: its standstill is over, or it was withdrawn. What it set aside falls free."""

    proposal_version: int
    code: Literal["standstill_over", "withdrawn"]
    cases: list[str]
    reason: Written | None


class ProposalHeld(Fact, frozen=True, kw_only=True):
    """The ranking that was fixed as the `ordinal`-th is open again: what rests on it is not approved meanwhile.

    Copied from `source` (RankingReopened); it holds for whatever version is on the table.
    """

    ordinal: int
    source: Source


class ProposalHoldLifted(Fact, frozen=True, kw_only=True):
    """The ranking is fixed again (`source`, RankingFixed): what rests on it can be approved."""

    source: Source


class DecisionPublished(Fact, frozen=True, kw_only=True):
    """The decision of this reference was published (bekendmaking)."""

    reference: str
    publication: str
    published_on: Day


ProposalFacts: TypeAlias = (
    AwardProposalDrafted
    | DepartureReasoned
    | StandstillBegan
    | ProposalLapsed
    | ProposalHeld
    | ProposalHoldLifted
    | DecisionPublished
    | InspectorateAdviceRecorded
    | BudgetAgreementRecorded
    | ProposalAgendaed
    | GovernmentDecisionRecorded
)
