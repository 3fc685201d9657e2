"""The states: total over the facts, and what decisions look up in them."""

from __future__ import annotations

from typing import get_args

import pytest

from events.catalog import FACT_TYPES
from events.decision import DecisionFact
from services.decision.state import Contract, Envelope, Grant, Proposal, State, evolve, initial
from tests.unit.services.decision.examples import (
    ADVICE,
    CITY,
    CONTRACT,
    active,
    awarded,
    contract,
    contract_drafted,
    drafted,
    envelope_set,
    registered,
    reserved,
    signed,
)

SAMPLES = [envelope_set(), drafted(), ADVICE, registered(), reserved(), awarded(), contract_drafted(), signed("house")]


@pytest.mark.parametrize(
    ("kind", "state"),
    [("envelope", Envelope()), ("proposal", Proposal()), ("grant", Grant()), ("contract", Contract())],
)
def test_nothing_has_happened_yet(kind: str, state: State) -> None:
    assert initial(kind) == state


@pytest.mark.parametrize("fact", SAMPLES, ids=lambda fact: type(fact).__name__)
@pytest.mark.parametrize("kind", ["envelope", "proposal", "grant", "contract"])
def test_a_fact_moves_the_state_of_its_own_kind_only(kind: str, fact: DecisionFact) -> None:
    before = initial(kind)
    after = evolve(before, fact)
    assert (after != before) == (FACT_TYPES[type(fact).__name__].kind == kind)


def test_every_fact_of_decision_is_in_the_catalog_of_decision() -> None:
    assert {FACT_TYPES[fact.__name__].service for fact in get_args(DecisionFact)} == {"decision"}


def test_a_new_version_of_the_proposal_starts_with_an_empty_file() -> None:
    proposal = evolve(evolve(evolve(Proposal(), drafted()), ADVICE), drafted(version=2))
    assert isinstance(proposal, Proposal)
    assert (proposal.version, proposal.advice, proposal.agenda) == (2, None, None)
    assert proposal.ranking == drafted().source


def test_only_mandatory_pledges_are_waited_for() -> None:
    assert contract().state(CONTRACT).unsigned() == ["house", "agency"]
    assert contract(signed("house")).state(CONTRACT).unsigned() == ["agency"]
    assert active().state(CONTRACT).unsigned() == []


def test_the_first_beneficiary_holds_the_contract_from_the_beginning() -> None:
    assert active().state(CONTRACT).beneficiary("1999-01-01T00:00:00.000000Z") == CITY
