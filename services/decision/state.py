"""What decision needs to remember to decide: the envelope, the proposal, a grant, a contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias, assert_never

from events.decision import (
    AmountReserved,
    ApplicantNotified,
    AwardProposalDrafted,
    BeneficiarySucceeded,
    BudgetAgreementRecorded,
    BudgetShifted,
    BudgetShiftRefused,
    CandidateRegistered,
    CandidateWithdrawn,
    ContractActivated,
    ContractClosed,
    ContractCompleted,
    ContractDrafted,
    ContractFacts,
    DecisionFact,
    EnvelopeFacts,
    EnvelopeIncreased,
    EnvelopeSet,
    GovernmentDecisionRecorded,
    GrantAwarded,
    GrantFacts,
    GrantRefused,
    InspectorateAdviceRecorded,
    PledgeSigned,
    ProposalAgendaed,
    ProposalFacts,
    ProposalItem,
    ReservationRefused,
    ReservationReleased,
)
from events.eligibility import AssessedDossier
from events.jury import RankingEntry
from events.times import Instant
from events.vocabulary import BudgetLine, Partner, Party, Period, Source


@dataclass(frozen=True, slots=True)
class Envelope:
    """The money of a call and the terms that bind a decision. `increases`: reference → cents."""

    terms: EnvelopeSet | None = None
    amount_cents: int = 0
    increases: Mapping[str, int] = field(default_factory=dict)

    @property
    def rules(self) -> int | None:
        """Where the terms of the call stand in the log."""
        return self.terms.source.position if self.terms else None


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


@dataclass(frozen=True, slots=True)
class Grant:
    """An eligible file on its way to a decision. `attempt` counts the reservations; `reserved_cents` is the open one.

    `proposal_version` is the latest version of the proposal that moved money here: older ones come too late.
    """

    status: Literal["none", "candidate", "withdrawn", "awarded", "refused"] = "none"
    call: str = ""
    dossier: AssessedDossier | None = None
    reserved_cents: int = 0
    attempt: int = 0
    proposal_version: int = 0
    reference: str = ""
    notified: bool = False


@dataclass(frozen=True, slots=True)
class Contract:
    """A contract. `holders` are its beneficiaries in turn, each from an instant; the last one may lie ahead."""

    status: Literal["none", "drafted", "active", "completed", "closed"] = "none"
    call: str = ""
    holders: tuple[tuple[Instant, Party], ...] = ()
    amount_cents: int = 0
    budget: tuple[BudgetLine, ...] = ()
    partners: tuple[Partner, ...] = ()
    signed: frozenset[str] = frozenset()
    term: Period | None = None

    def beneficiary(self, at: Instant) -> Party:
        """Who held the contract at that instant."""
        return [party for since, party in self.holders if since <= at][-1]

    def unsigned(self) -> list[str]:
        """The mandatory pledges that nobody has signed yet."""
        return [one.partner for one in self.partners if one.mandatory and one.partner not in self.signed]


State: TypeAlias = Envelope | Proposal | Grant | Contract


def initial(kind: str) -> State:
    """The state of a stream in which nothing has happened."""
    match kind:
        case "envelope":
            return Envelope()
        case "proposal":
            return Proposal()
        case "grant":
            return Grant()
        case _:
            return Contract()


def evolve(state: State, fact: DecisionFact) -> State:
    """The state after one more fact; a fact goes to the state of its own kind of stream."""
    match state:
        case Envelope() if isinstance(fact, EnvelopeFacts):
            return _envelope(state, fact)
        case Proposal() if isinstance(fact, ProposalFacts):
            return _proposal(state, fact)
        case Grant() if isinstance(fact, GrantFacts):
            return _grant(state, fact)
        case Contract() if isinstance(fact, ContractFacts):
            return _contract(state, fact)
        case _:
            return state


def _envelope(state: Envelope, fact: EnvelopeFacts) -> Envelope:
    match fact:
        case EnvelopeSet():
            return replace(state, terms=fact, amount_cents=fact.amount_cents)
        case EnvelopeIncreased():
            increases = {**state.increases, fact.reference: fact.increase_cents}
            return replace(state, amount_cents=fact.amount_cents, increases=increases)
        case _:
            assert_never(fact)


def _proposal(state: Proposal, fact: ProposalFacts) -> Proposal:
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


def _grant(state: Grant, fact: GrantFacts) -> Grant:
    state = replace(state, call=fact.call)
    match fact:
        case CandidateRegistered():
            return replace(state, status="candidate", dossier=fact.dossier)
        case CandidateWithdrawn():
            return replace(state, status="withdrawn")
        case AmountReserved():
            return replace(
                state,
                reserved_cents=fact.amount_cents,
                attempt=fact.attempt,
                proposal_version=fact.proposal_version,
            )
        case ReservationRefused():
            # The attempt named a transfer that never was; the next one may carry the same number.
            return state
        case ReservationReleased():
            return replace(state, reserved_cents=0)
        case GrantAwarded():
            return replace(state, status="awarded", reference=fact.reference)
        case GrantRefused():
            return replace(state, status="refused", reference=fact.reference)
        case ApplicantNotified():
            return replace(state, notified=True)
        case _:
            assert_never(fact)


def _contract(state: Contract, fact: ContractFacts) -> Contract:
    match fact:
        case ContractDrafted():
            return Contract(
                status="drafted",
                call=fact.call,
                holders=(("", fact.beneficiary),),
                amount_cents=fact.amount_cents,
                budget=tuple(fact.budget),
                partners=tuple(fact.partners),
                term=fact.term,
            )
        case PledgeSigned():
            return replace(state, signed=state.signed | {fact.partner})
        case ContractActivated():
            return replace(state, status="active")
        case BudgetShifted():
            return replace(state, budget=tuple(fact.budget))
        case BudgetShiftRefused():
            return state
        case BeneficiarySucceeded():
            return replace(state, holders=(*state.holders, (fact.effective_at, fact.successor)))
        case ContractCompleted():
            return replace(state, status="completed")
        case ContractClosed():
            return replace(state, status="closed")
        case _:
            assert_never(fact)
