"""The contract is drawn up: for the first award, and again for a new one when the contract before it had ended."""

from __future__ import annotations

from msgspec.structs import asdict, replace

from events.decision import ContractDrafted, ContractRedrafted, EnvelopeSet
from services.deciding import Context, Decision, accept, refuse
from services.decision.commands import DraftContract, RedraftContract
from services.decision.decider.contract.common import Running
from services.decision.state import Contract, Envelope


def draft(command: DraftContract, envelope: Envelope, context: Context) -> Decision:
    """It waits for the pledges of the partners."""
    if envelope.terms is None:
        return refuse("STATE", "terms_not_adopted", status="none")
    return accept(_drawn_up(command, envelope.terms, context.id), rules=envelope.rules)


def redraft(running: Running, command: RedraftContract) -> Decision:
    """The award came back by a new decision; a contract that goes on follows it and needs no other."""
    if not (_over(running.contract) and running.award_stands()):
        return accept()
    drawn_up = _drawn_up(command, running.terms, running.context.id)
    held = replace(drawn_up, beneficiary=running.holder)
    return running.accepted(ContractRedrafted(**asdict(held), reference=command.reference, source=command.source))


def _over(contract: Contract) -> bool:
    """Whether it ended, and not as it should: what ran its whole term and was closed is done."""
    return contract.status in ("terminated", "expired") or (contract.status == "closed" and contract.withdrawn)


def _drawn_up(command: DraftContract | RedraftContract, terms: EnvelopeSet, case: str) -> ContractDrafted:
    levels = terms.decision.mandatory_pledge_levels
    return ContractDrafted(
        call=command.call,
        case=case,
        beneficiary=command.beneficiary,
        project=command.project,
        neighbourhood=command.neighbourhood,
        amount_cents=command.amount_cents,
        budget=command.budget,
        partners=[replace(one, mandatory=one.mandatory or one.level in levels) for one in command.partners],
        term=command.term,
        synthetic=command.synthetic,
    )
