"""Facts of decision: the envelope and the proposal (per call), the grant and the contract (per case)."""

from __future__ import annotations

from typing import Literal, TypeAlias

from events.eligibility import AssessedDossier
from events.intake import Coded, Cofinancing, DecisionTerms, ShareLimit, TermLimit
from events.jury import AdviceOutcome, RankingEntry
from events.times import Day, Instant
from events.vocabulary import (
    BudgetLine,
    CaseFact,
    Cents,
    Check,
    Fact,
    FinancingLine,
    Part,
    Partner,
    Party,
    Period,
    Personal,
    Source,
    Text,
    Written,
)

GovernmentResult: TypeAlias = Literal["goedgekeurd", "uitgesteld", "ingetrokken", "akte_genomen"]
"""The four results the Flemish Government knows: approved, postponed, withdrawn, noted."""


class EnvelopeSet(Fact, frozen=True, kw_only=True):
    """The money of the call (beschikbaar krediet) and the terms that bind a decision, copied from `source`."""

    amount_cents: Cents
    budget_article: str
    cap_cents: Cents
    cofinancing: Cofinancing
    share_limits: list[ShareLimit]
    cost_categories: list[Coded]
    term: TermLimit
    decision: DecisionTerms
    partial_fit: Literal["stop_at_first_misfit", "skip_misfit", "cut_last"]
    source: Source


class EnvelopeIncreased(Fact, frozen=True, kw_only=True):
    """More money for the call: what was, what came, what is."""

    previous_cents: Cents
    increase_cents: Cents
    amount_cents: Cents
    reference: str
    reason: Written


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
    code: Literal["fits", "fits_in_part", "envelope_exhausted", "unfavourable_advice"]
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


class CandidateRegistered(CaseFact, frozen=True, kw_only=True):
    """An eligible file that a decision will be taken on, copied from `source` (DeclaredEligible)."""

    dossier: AssessedDossier
    source: Source


class CandidateWithdrawn(CaseFact, frozen=True, kw_only=True):
    """The applicant withdrew before the decision (`source`), perhaps before this file became a candidate."""

    source: Source


class AmountReserved(CaseFact, frozen=True, kw_only=True):
    """Money set aside for a proposed award; `attempt` counts the reservations of this case."""

    amount_cents: Cents
    attempt: int
    proposal_version: int


class ReservationRefused(CaseFact, frozen=True, kw_only=True):
    """The ledger refused the reservation: the envelope does not hold this much."""

    amount_cents: Cents
    attempt: int
    code: str


class ReservationReleased(CaseFact, frozen=True, kw_only=True):
    """The money set aside is free again."""

    amount_cents: Cents
    attempt: int
    reason: Literal["refused", "withdrawn", "redrafted"]


class GrantAwarded(CaseFact, frozen=True, kw_only=True):
    """The award (toekenning): amount, budget as awarded, and what it rests on. `attempt` names the reservation."""

    beneficiary: Party
    project: str
    neighbourhood: str
    amount_cents: Cents
    budget: list[BudgetLine]
    financing: list[FinancingLine]
    partners: list[Partner]
    term: Period
    attempt: int
    rank: int
    reference: str
    meeting: Day
    synthetic: bool
    checks: list[Check]


class GrantRefused(CaseFact, frozen=True, kw_only=True):
    """Non-award (niet-toekenning) with its reasons (motivering)."""

    applicant: Party
    requested_cents: Cents
    rank: int
    code: Literal["envelope_exhausted", "unfavourable_advice"]
    reasons: list[Text]
    reference: str
    meeting: Day
    checks: list[Check]


class ApplicantNotified(CaseFact, frozen=True, kw_only=True):
    """The applicant was told (kennisgeving); the term for appeal starts here."""

    outcome: Literal["awarded", "refused"]
    appeal: Text


class ContractDrafted(CaseFact, frozen=True, kw_only=True):
    """The contract (wijkverbeteringscontract) awaits its pledges (engagementsverklaring)."""

    beneficiary: Party
    project: str
    neighbourhood: str
    amount_cents: Cents
    budget: list[BudgetLine]
    partners: list[Partner]
    term: Period
    synthetic: bool


class PledgeSigned(CaseFact, frozen=True, kw_only=True):
    """A partner signed its pledge; the signatory's name is sealed."""

    partner: str
    signatory: Personal


class ContractActivated(CaseFact, frozen=True, kw_only=True):
    """In force: the award stands and every mandatory pledge is signed (D7)."""

    beneficiary: Party
    amount_cents: Cents
    term: Period
    effective_at: Instant
    checks: list[Check]


class BudgetShifted(CaseFact, frozen=True, kw_only=True):
    """Subsidy moved between cost categories inside the award (D8)."""

    from_category: str
    to_category: str
    amount_cents: Cents
    budget: list[BudgetLine]
    reason: Written
    checks: list[Check]


class BudgetShiftRefused(CaseFact, frozen=True, kw_only=True):
    """The shift asked for would break a ceiling; nothing moved."""

    from_category: str
    to_category: str
    amount_cents: Cents
    reason: Written
    checks: list[Check]


class BeneficiarySucceeded(CaseFact, frozen=True, kw_only=True):
    """A legal successor (rechtsopvolger) takes the contract over with its rights and debts (D9)."""

    previous: Party
    successor: Party
    merged: list[Party]
    effective_at: Instant
    basis: str


class ContractCompleted(CaseFact, frozen=True, kw_only=True):
    """The term has ended; accounts can be settled."""

    term: Period


class ContractClosed(CaseFact, frozen=True, kw_only=True):
    """Nothing is open any more, copied from payment's `source` (AccountClosed)."""

    final_subsidy_cents: Cents
    paid_cents: Cents
    recovered_cents: Cents
    source: Source


EnvelopeFacts: TypeAlias = EnvelopeSet | EnvelopeIncreased
ProposalFacts: TypeAlias = (
    AwardProposalDrafted
    | InspectorateAdviceRecorded
    | BudgetAgreementRecorded
    | ProposalAgendaed
    | GovernmentDecisionRecorded
)
GrantFacts: TypeAlias = (
    CandidateRegistered
    | CandidateWithdrawn
    | AmountReserved
    | ReservationRefused
    | ReservationReleased
    | GrantAwarded
    | GrantRefused
    | ApplicantNotified
)
ContractFacts: TypeAlias = (
    ContractDrafted
    | PledgeSigned
    | ContractActivated
    | BudgetShifted
    | BudgetShiftRefused
    | BeneficiarySucceeded
    | ContractCompleted
    | ContractClosed
)
DecisionFact: TypeAlias = EnvelopeFacts | ProposalFacts | GrantFacts | ContractFacts
