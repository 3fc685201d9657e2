"""A revised conclusion is not told by itself, but the case is no longer what the conclusion made it."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from events.public.state import CaseState, after
from tests.unit.projections.samples import sample


def played(*names: str) -> CaseState:
    """The state after one example of each fact."""
    state = None
    for name in names:
        fact: Any = sample(name)
        state = after(state, fact)
    assert state is not None
    return state


@pytest.mark.parametrize("concluded", ["DeclaredInadmissible", "DeclaredIneligible", "DeclaredEligible"])
def test_a_revised_conclusion_makes_the_case_submitted_again(concluded: str) -> None:
    assert played("ApplicationSubmitted", concluded, "AssessmentRevised").status == "submitted"
    assert played("ApplicationSubmitted", concluded, "AssessmentRevised", "DeclaredEligible").status == "eligible"


@pytest.mark.parametrize("ended", ["GrantAwarded", "GrantRefused", "ApplicationWithdrawn"])
def test_what_was_decided_or_withdrawn_does_not_move(ended: str) -> None:
    before = played("ApplicationSubmitted", ended)
    assert played("ApplicationSubmitted", ended, "AssessmentRevised") == before


@pytest.mark.parametrize(("code", "status"), [("none_in_force", "awarded"), ("in_force", "closed")])
def test_a_closed_case_begins_anew_only_with_a_decision_taken_where_none_was_in_force(code: str, status: str) -> None:
    check = msgspec.structs.replace(sample("CheckRecorded").check, code=code)  # type: ignore[union-attr]  # it has one
    closed = played("ApplicationSubmitted", "GrantAwarded", "ContractActivated", "ContractClosed")
    award: Any = sample("GrantAwarded", checks=[check])
    anew = after(closed, award)
    assert anew is not None
    assert anew.status == status
