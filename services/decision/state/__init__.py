"""What decision needs to remember to decide: the envelope, the proposal, a grant, a contract."""

from __future__ import annotations

from typing import TypeAlias

from events.decision import ContractFacts, DecisionFact, EnvelopeFacts, GrantFacts, ProposalFacts
from services.decision.state.contract import Answer, Contract, amended, evolve_contract
from services.decision.state.envelope import Envelope, evolve_envelope
from services.decision.state.grant import Grant, evolve_grant
from services.decision.state.proposal import Proposal, evolve_proposal

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
            return evolve_envelope(state, fact)
        case Proposal() if isinstance(fact, ProposalFacts):
            return evolve_proposal(state, fact)
        case Grant() if isinstance(fact, GrantFacts):
            return evolve_grant(state, fact)
        case Contract() if isinstance(fact, ContractFacts):
            return evolve_contract(state, fact)
        case _:
            return state


__all__ = ["Answer", "Contract", "Envelope", "Grant", "Proposal", "State", "amended", "evolve", "initial"]
