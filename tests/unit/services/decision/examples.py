"""A call of 20,000.00 euro with three ranked files, and words to tell what happened."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from events.decision import (
    AmountReserved,
    AwardProposalDrafted,
    BudgetAgreementRecorded,
    CandidateRegistered,
    ContractActivated,
    ContractDrafted,
    EnvelopeIncreased,
    EnvelopeSet,
    GrantAwarded,
    GrantRefused,
    InspectorateAdviceRecorded,
    PledgeSigned,
    ProposalAgendaed,
    ProposalItem,
)
from events.eligibility import AssessedDossier
from events.envelope import Actor
from events.jury import RankingEntry
from events.vocabulary import BudgetLine, Clear, FinancingLine, Partner, Party, Period, Source, Written
from services.deciding import Issue, derived_id
from services.decision.commands import AwardGrant, RefuseGrant, ReserveAmount, ShiftBudget, SignPledge
from services.decision.ranking import proposed
from services.decision.reactions import REACTIONS
from services.decision.state import Envelope
from services.decision.worker import DECISION
from tests.given import ROOT, Given, actor
from tests.unit.services.jury.terms import CATEGORIES, COFINANCING, SHARE_LIMITS, TERM_LIMIT
from tests.unit.services.jury.terms import DECISION as DECISION_TERMS
from tests.unit.services.jury.told import given


def ident(name: str) -> str:
    """A uuid by a name."""
    return derived_id(ROOT, name)


CALL = ident("call")
FIRST, SECOND, THIRD = ident("first"), ident("second"), ident("third")
ENVELOPE, PROPOSAL = f"envelope-{CALL}", f"proposal-{CALL}"
CITY = Party(ovo="OVO900101", kbo="0999000129", name="Stad Gent", nis="44021")
MERGED = Party(ovo="OVO900199", kbo="0999000228", name="Stad Groot-Gent", nis="44999")
HOUSE = Party(ovo="OVO900301", kbo="0999000327", name="Buurthuis", nis=None)
AGENCY = Party(ovo="OVO900302", kbo="0999000426", name="Huisvestingsmaatschappij", nis=None)
SOURCE = Source(event_id=ident("source"), position=7)
REASON = Written(language="nl", text="Zo is het.")
TERM = Period(start="2022-01-01", end="2025-12-31")
REFERENCE, MEETING = "VR 2021 1712 DOC.1", "2021-12-17"


def envelope_set(amount: int = 2_000_000, **changes: Any) -> EnvelopeSet:
    fields: dict[str, Any] = {
        "call": CALL,
        "amount_cents": amount,
        "budget_article": "SJ0-1SMC2GP-WT",
        "cap_cents": 1_000_000,
        "cofinancing": COFINANCING,
        "share_limits": SHARE_LIMITS,
        "cost_categories": CATEGORIES,
        "term": TERM_LIMIT,
        "decision": DECISION_TERMS,
        "partial_fit": "stop_at_first_misfit",
        "source": SOURCE,
    }
    return EnvelopeSet(**{**fields, **changes})


def increased(by: int, previous: int = 2_000_000, reference: str = "VR raise") -> EnvelopeIncreased:
    return EnvelopeIncreased(
        call=CALL,
        previous_cents=previous,
        increase_cents=by,
        amount_cents=previous + by,
        reference=reference,
        reason=REASON,
    )


def line(category: str, amount: int, subsidy: int) -> BudgetLine:
    return BudgetLine(category=category, amount_cents=amount, subsidy_cents=subsidy)


def money(source: str, amount: int, party: str = "Stad Gent") -> FinancingLine:
    return FinancingLine(source=source, party=party, amount_cents=amount)  # type: ignore[arg-type] -- any source


BUDGET = [
    line("staff", 750_000, 600_000),
    line("operation", 250_000, 200_000),
    line("infrastructure", 250_000, 200_000),
]
FINANCING = [money("subsidy", 1_000_000, "Vlaamse Regering"), money("own", 250_000)]
LOCAL = Partner(partner="house", organisation=HOUSE, level="local", pledge=REASON, mandatory=False)
FLEMISH = Partner(partner="agency", organisation=AGENCY, level="flemish", pledge=REASON, mandatory=True)


def dossier(**changes: Any) -> AssessedDossier:
    fields: dict[str, Any] = {
        "applicant": CITY,
        "neighbourhood": "Rabot",
        "project": "Op de grens",
        "requested_cents": 1_000_000,
        "budget": BUDGET,
        "financing": FINANCING,
        "partners": [LOCAL, FLEMISH],
        "term": TERM,
        "attachments": [],
        "application_version": 1,
        "synthetic": False,
        "source": SOURCE,
    }
    return AssessedDossier(**{**fields, **changes})


def registered(case: str = FIRST, set_aside: Sequence[str] = (), **changes: Any) -> CandidateRegistered:
    aside = list(set_aside)
    return CandidateRegistered(call=CALL, case=case, dossier=dossier(**changes), set_aside=aside, source=SOURCE)


def entry(case: str, rank: int, amount: int = 1_000_000, outcome: str = "favourable") -> RankingEntry:
    return RankingEntry(
        case=case,
        rank=rank,
        score_bp=9_000 - rank * 100,
        outcome=outcome,  # type: ignore[arg-type] -- tests name any outcome
        proposed_cents=amount,
        requested_cents=1_000_000,
        applicant=CITY,
        synthetic=False,
        placed_by="score",
    )


ENTRIES = [entry(FIRST, 1), entry(SECOND, 2), entry(THIRD, 3)]


def drafted(envelope: int = 2_000_000, version: int = 1, entries: list[RankingEntry] = ENTRIES) -> AwardProposalDrafted:
    return AwardProposalDrafted(
        call=CALL,
        proposal_version=version,
        envelope_cents=envelope,
        entries=entries,
        items=proposed(entries, envelope, "stop_at_first_misfit"),
        checks=[],
        source=SOURCE,
    )


ADVICE = InspectorateAdviceRecorded(call=CALL, favourable=True, reference="IF 21/1")
AGREEMENT = BudgetAgreementRecorded(call=CALL, agreed=True, reference="BA 21/1")
AGENDA = ProposalAgendaed(call=CALL, meeting=MEETING, reference="VR agenda")


def ready_for_decision() -> Given:
    """The proposal is on the agenda with everything the terms ask for."""
    return given(DECISION).has(ENVELOPE, envelope_set()).has(PROPOSAL, drafted(), ADVICE, AGREEMENT, AGENDA)


def item(rank: int = 1, **changes: Any) -> ProposalItem:
    return replace(drafted().items[rank - 1], **changes)


def grant(case: str = FIRST) -> str:
    return f"grant-{case}"


def reserved(amount: int = 1_000_000, attempt: int = 1, version: int = 1, case: str = FIRST) -> AmountReserved:
    return AmountReserved(call=CALL, case=case, amount_cents=amount, attempt=attempt, proposal_version=version)


def candidate(*facts: Any, envelope: EnvelopeSet | None = None, **changes: Any) -> Given:
    """The first file is eligible and awaits a decision."""
    before = given(DECISION).has(ENVELOPE, envelope or envelope_set())
    return before.has(grant(), registered(**changes), *facts)


def reserve(amount: int = 1_000_000, version: int = 1) -> ReserveAmount:
    return ReserveAmount(amount_cents=amount, proposal_version=version)


def award(rank: int = 1, reference: str = REFERENCE, **changes: Any) -> AwardGrant:
    return AwardGrant(item=item(rank, **changes), reference=reference, meeting=MEETING, source=SOURCE)


def refuse(rank: int = 3, reference: str = REFERENCE, **changes: Any) -> RefuseGrant:
    return RefuseGrant(item=item(rank, **changes), reference=reference, meeting=MEETING, source=SOURCE)


def awarded() -> GrantAwarded:
    return candidate(reserved()).when("grant", FIRST, award()).fact(GrantAwarded)


def not_awarded() -> GrantRefused:
    return candidate().when("grant", FIRST, refuse()).fact(GrantRefused)


AWARDED = awarded()
CONTRACT = f"contract-{FIRST}"


def contract_drafted(**changes: Any) -> ContractDrafted:
    fields: dict[str, Any] = {
        "call": CALL,
        "case": FIRST,
        "beneficiary": CITY,
        "project": "Op de grens",
        "neighbourhood": "Rabot",
        "amount_cents": 1_000_000,
        "budget": BUDGET,
        "partners": [replace(LOCAL, mandatory=True), FLEMISH],
        "term": TERM,
        "synthetic": False,
    }
    return ContractDrafted(**{**fields, **changes})


def signed(partner: str) -> PledgeSigned:
    signatory = Clear(subject=ident("signatory"), clear="An Peeters")
    return PledgeSigned(call=CALL, case=FIRST, partner=partner, signatory=signatory)


def sign(partner: str) -> SignPledge:
    return SignPledge(partner=partner, signatory=ident("signatory"), name="An Peeters")


def activated() -> ContractActivated:
    return ContractActivated(
        call=CALL,
        case=FIRST,
        beneficiary=CITY,
        amount_cents=1_000_000,
        term=TERM,
        effective_at="2021-12-31T23:00:00.000000Z",
        checks=[],
    )


def contract(*facts: Any, **changes: Any) -> Given:
    """The contract of the first file is drafted, and its award stands."""
    return (
        given(DECISION)
        .has(ENVELOPE, envelope_set())
        .has(grant(), AWARDED)
        .has(CONTRACT, contract_drafted(**changes), *facts)
    )


def active(**changes: Any) -> Given:
    return contract(signed("house"), signed("agency"), activated(), **changes)


def shift(amount: int, source: str = "operation", target: str = "infrastructure") -> ShiftBudget:
    return ShiftBudget(from_category=source, to_category=target, amount_cents=amount, reason=REASON)


def by(role: str, party: Party) -> Actor:
    return actor(role, organisation=party.ovo)


def reactions(fact: Any, envelope: Envelope | None = None, source: Source = SOURCE) -> list[Issue]:
    """What follows from a fact, in a call whose envelope stands so."""
    found = [reaction for reaction in REACTIONS if reaction.on is type(fact)]
    return [issue for reaction in found for issue in reaction.react(fact, source, envelope or Envelope())]
