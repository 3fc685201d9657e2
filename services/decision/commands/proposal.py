"""What can be asked about the proposal to the Government."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field

from events.catalog import stream_name
from events.jury import RankingEntry
from events.times import Day
from events.vocabulary import Cents, Name, Source, Uuid, Written
from services.deciding import CommandSpec, States
from services.decision.commands.rows import (
    BUDGET,
    FINANCE,
    SECRETARY,
    SERVICE,
    envelope_here,
    row,
)
from services.fields import Command, Wire


class DraftAwardProposal(Command):
    """Propose awards to the Government, from the ranking and the envelope as it stands."""

    entries: list[Wire[RankingEntry]]
    source: Wire[Source]


class RedraftAwardProposal(Command):
    """Propose again from the same ranking, because the envelope changed."""

    source: Wire[Source]


class ReviseAwardProposal(Command):
    """Propose again from the same ranking: a file was withdrawn, or the proposal lapsed."""


class DepartFromAdvice(Command):
    """Depart from the ranking or from the jury's advice in one file (0: nothing is awarded), for reasons of its own."""

    case: Wire[Uuid]
    amount_cents: Wire[Cents]
    reference: Wire[Name]
    reasons: Wire[Written]


class WithdrawProposal(Command):
    """Take the proposal off the table; what it set aside falls free."""

    reason: Wire[Written]


class LapseProposal(Command):
    """The standstill of a postponed proposal is over."""

    proposal_version: Annotated[int, Field(ge=1)]


class HoldProposal(Command):
    """The ranking is open again: let nothing that rests on it be approved."""

    ordinal: Annotated[int, Field(ge=1)]
    source: Wire[Source]


class LiftHold(Command):
    """The ranking is fixed again."""

    source: Wire[Source]


class PublishDecision(Command):
    """Record where and when a decision of the Government was published (bekendmaking)."""

    reference: Wire[Name]
    publication: Wire[Name]
    published_on: Wire[Day]


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


ProposalCommand: TypeAlias = (
    DraftAwardProposal
    | RedraftAwardProposal
    | ReviseAwardProposal
    | DepartFromAdvice
    | WithdrawProposal
    | LapseProposal
    | HoldProposal
    | LiftHold
    | PublishDecision
    | RecordInspectorateAdvice
    | RecordBudgetAgreement
    | PlaceOnAgenda
    | RecordGovernmentDecision
)


def _envelope_and_files(command: Any, call: str, state: Any, _states: States) -> Sequence[str]:
    ranked = command.entries if isinstance(command, DraftAwardProposal) else ()
    cases = dict.fromkeys(entry.case for entry in (*ranked, *state.entries))
    return (stream_name("envelope", call), *(stream_name("grant", case) for case in cases))


ROWS: tuple[CommandSpec, ...] = (
    row(DraftAwardProposal, "proposal", SERVICE, ("STATE",), _envelope_and_files, creates=True),
    row(RedraftAwardProposal, "proposal", SERVICE, ("STATE",), _envelope_and_files, creates=True),
    row(ReviseAwardProposal, "proposal", SECRETARY, ("D1", "STATE"), _envelope_and_files),
    row(DepartFromAdvice, "proposal", SECRETARY, ("D1", "D2", "D4", "STATE"), _envelope_and_files),
    row(WithdrawProposal, "proposal", SECRETARY, ("STATE",), envelope_here),
    row(LapseProposal, "proposal", SERVICE, ("STATE",), envelope_here),
    row(HoldProposal, "proposal", SERVICE, (), envelope_here, creates=True),
    row(LiftHold, "proposal", SERVICE, (), envelope_here, creates=True),
    row(PublishDecision, "proposal", SECRETARY, ("D6",), envelope_here, past=True),
    row(RecordInspectorateAdvice, "proposal", FINANCE, ("STATE",), envelope_here),
    row(RecordBudgetAgreement, "proposal", BUDGET, ("STATE",), envelope_here),
    row(PlaceOnAgenda, "proposal", SECRETARY, ("STATE",), envelope_here),
    row(RecordGovernmentDecision, "proposal", SECRETARY, ("D3", "STATE"), _envelope_and_files, past=True),
)
"""The proposal's rows of the registry."""
