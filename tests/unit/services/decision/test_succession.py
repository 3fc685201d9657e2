"""D9 before the award: what is decided on a file that passed on is decided for the legal successor."""

from __future__ import annotations

from typing import Any

import pytest

from events.decision import CandidateSucceeded, GrantAwarded, GrantRefused
from events.eligibility import AssessmentSucceeded
from services.deciding import Issue
from services.decision.commands import SucceedCandidate
from tests.unit.services.decision.examples import (
    AWARDED,
    CALL,
    CITY,
    FIRST,
    MERGED,
    SOURCE,
    award,
    candidate,
    grant,
    reactions,
    refuse,
    reserved,
)
from tests.unit.services.decision.town import ranked

SUCCEED = SucceedCandidate(previous=CITY, successor=MERGED, source=SOURCE)
FACT = CandidateSucceeded(call=CALL, case=FIRST, previous=CITY, successor=MERGED, source=SOURCE)
TOLD = AssessmentSucceeded(call=CALL, case=FIRST, previous=CITY, successor=MERGED, source=SOURCE)


def test_d9_a_candidate_passes_to_its_successor_once() -> None:
    assert reactions(TOLD) == [Issue("grant", FIRST, SUCCEED)]
    after = candidate().when("grant", FIRST, SUCCEED).then(FACT)
    after.when("grant", FIRST, SUCCEED).nothing()


def test_d9_the_award_is_the_successors_and_so_is_the_contract() -> None:
    town = ranked(reserve_days=None).hear(TOLD).approve()
    fact: Any = next(event.fact for event in town.given.streams[grant()] if isinstance(event.fact, GrantAwarded))
    assert fact.beneficiary == MERGED
    assert [line.party for line in fact.financing if line.source == "own"]
    assert town.given.state(f"contract-{FIRST}").holders[-1][1] == MERGED


def test_d9_a_refusal_is_told_to_the_successor() -> None:
    after = candidate().has(grant(), FACT)
    assert after.when("grant", FIRST, refuse()).fact(GrantRefused).applicant == MERGED


@pytest.mark.parametrize("facts", [(reserved(), AWARDED)])
def test_d9_of_an_award_the_contract_passes_on_and_not_the_file(facts: tuple[Any, ...]) -> None:
    candidate(*facts).when("grant", FIRST, SUCCEED).nothing()
    candidate(reserved()).has(grant(), FACT).when("grant", FIRST, award()).fact(GrantAwarded)
