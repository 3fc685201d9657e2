"""What can be asked of decision: about the envelope, the proposal, a grant and a contract."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal, TypeAlias

import msgspec
from pydantic import Field

from events.canonical import SAFE_INTEGER
from events.catalog import stream_name
from events.decision import ProposalItem
from events.eligibility import AssessedDossier
from events.intake import Coded, Cofinancing, DecisionTerms, ShareLimit, TermLimit
from events.jury import RankingEntry
from events.times import Day
from events.vocabulary import (
    BudgetLine,
    Cents,
    Code,
    Name,
    Partner,
    Party,
    Period,
    Source,
    Uuid,
    Written,
)
from services.deciding import CommandSpec, Reads, Role, States, reads_nothing
from services.fields import Command, Wire

Amount: TypeAlias = Annotated[int, msgspec.Meta(ge=1, le=SAFE_INTEGER)]
"""Euro cents, more than none."""


class SetEnvelope(Command):
    """Copy the money of the published call (beschikbaar krediet) and the terms that bind a decision."""

    amount_cents: Wire[Cents]
    budget_article: Wire[Name]
    cap_cents: Wire[Cents]
    cofinancing: Wire[Cofinancing]
    share_limits: list[Wire[ShareLimit]]
    cost_categories: list[Wire[Coded]]
    term: Wire[TermLimit]
    decision: Wire[DecisionTerms]
    partial_fit: Literal["stop_at_first_misfit", "skip_misfit", "cut_last"]
    source: Wire[Source]


class IncreaseEnvelope(Command):
    """Add money to the call; `reference` names the decision that gives it."""

    increase_cents: Wire[Amount]
    reference: Wire[Name]
    reason: Wire[Written]


class DraftAwardProposal(Command):
    """Propose awards to the Government, from the ranking and the envelope as it stands."""

    entries: list[Wire[RankingEntry]]
    source: Wire[Source]


class RedraftAwardProposal(Command):
    """Propose again from the same ranking, because the envelope changed."""

    source: Wire[Source]


class RecordInspectorateAdvice(Command):
    """Put the advice of the Inspectorate of Finance (Inspectie van Financiën) in the file."""

    favourable: bool
    reference: Wire[Name]


class RecordBudgetAgreement(Command):
    """Put the agreement of the minister of budget (begrotingsakkoord) in the file."""

    agreed: bool
    reference: Wire[Name]


class PlaceOnAgenda(Command):
    """Put the memorandum (nota aan de Vlaamse Regering) on the agenda of a meeting."""

    meeting: Wire[Day]
    reference: Wire[Name]


class RecordGovernmentDecision(Command):
    """Record what the Government decided at the meeting on whose agenda the proposal stands."""

    result: Literal["goedgekeurd", "uitgesteld", "ingetrokken", "akte_genomen"]
    reference: Wire[Name]
    meeting: Wire[Day]


class RegisterCandidate(Command):
    """Remember an eligible file that a decision will be taken on."""

    call: Wire[Uuid]
    dossier: Wire[AssessedDossier]
    source: Wire[Source]


class WithdrawCandidate(Command):
    """The applicant withdrew: free what was set aside, and let nobody become a candidate afterwards."""

    call: Wire[Uuid]
    source: Wire[Source]


class ReserveAmount(Command):
    """Set money aside for a proposed award."""

    amount_cents: Wire[Amount]
    proposal_version: Annotated[int, Field(ge=1)]


class ReleaseReservation(Command):
    """A new version of the proposal has nothing for this file any more: free what was set aside."""

    proposal_version: Annotated[int, Field(ge=1)]


class AwardGrant(Command):
    """Award what the Government approved (toekenning)."""

    item: Wire[ProposalItem]
    reference: Wire[Name]
    meeting: Wire[Day]
    source: Wire[Source]


class RefuseGrant(Command):
    """Refuse a file that the approved proposal has no money for, with its reasons (niet-toekenning)."""

    item: Wire[ProposalItem]
    reference: Wire[Name]
    meeting: Wire[Day]
    source: Wire[Source]


class NotifyApplicant(Command):
    """Tell the applicant what was decided and how to appeal (kennisgeving)."""

    outcome: Literal["awarded", "refused"]


class DraftContract(Command):
    """Draw up the contract of an award; it waits for the pledges of the partners."""

    call: Wire[Uuid]
    beneficiary: Wire[Party]
    project: Wire[Name]
    neighbourhood: Wire[Name]
    amount_cents: Wire[Cents]
    budget: list[Wire[BudgetLine]]
    partners: list[Wire[Partner]]
    term: Wire[Period]
    synthetic: bool


class SignPledge(Command):
    """Sign a partner's pledge (engagementsverklaring). `signatory` is a uuid, under whose key the name is sealed."""

    partner: Wire[Code]
    signatory: Wire[Uuid]
    name: Wire[Name]


class ActivateContract(Command):
    """The term begins: the contract comes into force when every mandatory pledge is signed."""


class ShiftBudget(Command):
    """Move subsidy, and the cost it bears, from one cost category to another inside the award."""

    from_category: Wire[Code]
    to_category: Wire[Code]
    amount_cents: Wire[Amount]
    reason: Wire[Written]


class RecordBeneficiarySuccession(Command):
    """A legal successor (rechtsopvolger) takes the contract over on a day; `merged` are all who merged into it."""

    successor: Wire[Party]
    merged: Annotated[list[Wire[Party]], Field(max_length=200)]
    effective_on: Wire[Day]
    basis: Wire[Name]


class CompleteContract(Command):
    """The term has ended."""


class CloseContract(Command):
    """Payment has closed the account: nothing is open any more."""

    final_subsidy_cents: Wire[Cents]
    paid_cents: Wire[Cents]
    recovered_cents: Wire[Cents]
    source: Wire[Source]


EnvelopeCommand: TypeAlias = SetEnvelope | IncreaseEnvelope
ProposalCommand: TypeAlias = (
    DraftAwardProposal
    | RedraftAwardProposal
    | RecordInspectorateAdvice
    | RecordBudgetAgreement
    | PlaceOnAgenda
    | RecordGovernmentDecision
)
GrantCommand: TypeAlias = (
    RegisterCandidate
    | WithdrawCandidate
    | ReserveAmount
    | ReleaseReservation
    | AwardGrant
    | RefuseGrant
    | NotifyApplicant
)
ContractCommand: TypeAlias = (
    DraftContract
    | SignPledge
    | ActivateContract
    | ShiftBudget
    | RecordBeneficiarySuccession
    | CompleteContract
    | CloseContract
)
DecisionCommand: TypeAlias = EnvelopeCommand | ProposalCommand | GrantCommand | ContractCommand


def _envelope_here(_command: Command, call: str, _state: Any, _states: States) -> Sequence[str]:
    return (stream_name("envelope", call),)


def _envelope_and_files(command: Any, call: str, state: Any, _states: States) -> Sequence[str]:
    entries = command.entries if isinstance(command, DraftAwardProposal) else state.entries
    return (stream_name("envelope", call), *(stream_name("grant", entry.case) for entry in entries))


def _envelope_of_case(command: Any, _id: str, state: Any, _states: States) -> Sequence[str]:
    call = state.call or getattr(command, "call", "")
    return (stream_name("envelope", call),) if call else ()


_SERVICE: frozenset[Role] = frozenset({"service"})
_HANDLER: frozenset[Role] = frozenset({"case_handler"})
_APPLICANT: frozenset[Role] = frozenset({"applicant", "case_handler"})
_SECRETARY: frozenset[Role] = frozenset({"government_secretary"})
_FINANCE: frozenset[Role] = frozenset({"finance_inspector"})
_BUDGET: frozenset[Role] = frozenset({"budget_officer"})


def _row(
    model: type[Command],
    kind: str,
    roles: frozenset[Role],
    rules: tuple[str, ...] = (),
    reads: Reads = _envelope_of_case,
    *,
    creates: bool = False,
    past: bool = False,
) -> CommandSpec:
    return CommandSpec(model, kind, roles, rules, creates=creates, records_past_act=past, reads=reads)


COMMANDS: dict[type[Command], CommandSpec] = {
    row.model: row
    for row in (
        _row(SetEnvelope, "envelope", _SERVICE, reads=reads_nothing, creates=True),
        _row(IncreaseEnvelope, "envelope", _BUDGET, ("D1",), reads_nothing, past=True),
        _row(DraftAwardProposal, "proposal", _SERVICE, ("STATE",), _envelope_and_files, creates=True),
        _row(RedraftAwardProposal, "proposal", _SERVICE, ("STATE",), _envelope_and_files, creates=True),
        _row(RecordInspectorateAdvice, "proposal", _FINANCE, ("STATE",), _envelope_here),
        _row(RecordBudgetAgreement, "proposal", _BUDGET, ("STATE",), _envelope_here),
        _row(PlaceOnAgenda, "proposal", _SECRETARY, ("STATE",), _envelope_here),
        _row(RecordGovernmentDecision, "proposal", _SECRETARY, ("D3", "STATE"), _envelope_here, past=True),
        _row(RegisterCandidate, "grant", _SERVICE, creates=True),
        _row(WithdrawCandidate, "grant", _SERVICE, ("D6",), creates=True),
        _row(ReserveAmount, "grant", _SERVICE),
        _row(ReleaseReservation, "grant", _SERVICE),
        _row(AwardGrant, "grant", _SERVICE, ("D2", "D5", "D6", "STATE")),
        _row(RefuseGrant, "grant", _SERVICE, ("D5", "D6", "STATE")),
        _row(NotifyApplicant, "grant", _SERVICE, ("D6",)),
        _row(DraftContract, "contract", _SERVICE, ("STATE",), creates=True),
        _row(SignPledge, "contract", frozenset({"partner", "applicant"}), ("D7", "OWN", "STATE"), past=True),
        _row(ActivateContract, "contract", frozenset({"service", "case_handler"}), ("D7", "STATE")),
        _row(ShiftBudget, "contract", _APPLICANT, ("D8", "OWN", "STATE")),
        _row(RecordBeneficiarySuccession, "contract", _HANDLER, ("D9", "STATE")),
        _row(CompleteContract, "contract", _SERVICE, ("STATE",)),
        _row(CloseContract, "contract", _SERVICE, ("STATE",)),
    )
}
"""Decision's rows of the registry of commands."""
