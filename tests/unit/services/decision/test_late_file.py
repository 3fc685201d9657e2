"""A file that gets its advice after the Government's first approval: it comes before the Government too."""

from __future__ import annotations

from typing import Any

import pytest

from events.decision import AwardProposalDrafted, GrantRefused
from events.eligibility import DeclaredEligible
from events.jury import RankingFixed
from services.decision.commands import IncreaseEnvelope, ReviseAwardProposal, WaiveAward
from tests.unit.services.decision.examples import (
    CALL,
    ENTRIES,
    FIRST,
    PROPOSAL,
    REASON,
    REFERENCE,
    SECOND,
    THIRD,
    dossier,
    entry,
    ident,
)
from tests.unit.services.decision.town import AGAIN, LATER, Town, decided

LATE = ident("late")
ABOVE = [entry(LATE, 1), *(entry(one.case, one.rank + 1) for one in ENTRIES)]
"""The jury places the late file above the others."""
WAIVE = WaiveAward(reason=REASON)
RAISED = IncreaseEnvelope(increase_cents=1_000_000, reference="VR raise", reason=REASON)


def fixed(*entries: Any) -> RankingFixed:
    return RankingFixed(call=CALL, entries=list(entries), tie_rule="lower_amount_first", checks=[])


def late(*, reserve_days: int | None = None, entries: Any = ABOVE) -> Town:
    """Two files are awarded, the envelope is empty, and the ranking is fixed anew with a file that came later."""
    town = decided(reserve_days=reserve_days)
    town.hear(DeclaredEligible(call=CALL, case=LATE, checks=[], dossier=dossier()))
    return town.hear(fixed(*entries))


def proposed(town: Town) -> dict[str, int]:
    """What the version at hand proposes for whom."""
    return {one.case: one.proposed_cents for one in town.given.state(PROPOSAL).items}


def test_d4_a_file_advised_on_after_the_first_approval_is_proposed_and_decided_files_are_not() -> None:
    town = late()
    assert proposed(town) == {LATE: 0}, "there is no money left, and that too is for the Government to decide"
    town.send("envelope", CALL, RAISED)
    assert proposed(town) == {LATE: 1_000_000}
    town.approve(LATER, AGAIN)
    assert [town.status(case) for case in (FIRST, SECOND, THIRD, LATE)] == ["awarded", "awarded", "refused", "awarded"]
    assert [town.given.state(f"grant-{case}").reference for case in (FIRST, LATE)] == [REFERENCE, LATER]


@pytest.mark.parametrize(
    ("outcome", "code"), [("favourable", "envelope_exhausted"), ("unfavourable", "unfavourable_advice")]
)
def test_d5_a_late_file_without_money_or_a_favourable_advice_is_refused_with_its_reason(
    outcome: str, code: str
) -> None:
    town = late(entries=[entry(LATE, 1, outcome=outcome), *ENTRIES]).approve(LATER, AGAIN)
    (refusal,) = [event.fact for event in town.given.streams[f"grant-{LATE}"] if isinstance(event.fact, GrantRefused)]
    assert (refusal.code, refusal.reference) == (code, LATER)


def test_reserve_a_late_file_takes_its_place_in_the_ranking_before_the_reserve_list() -> None:
    town = late(reserve_days=365).send("envelope", CALL, RAISED)
    assert proposed(town) == {LATE: 1_000_000, THIRD: 0}
    town.approve(LATER, AGAIN)
    assert [town.status(case) for case in (LATE, THIRD)] == ["awarded", "reserve"]


@pytest.mark.parametrize("before", [True, False])
def test_d1_money_that_returned_reaches_a_late_file_in_a_call_without_a_reserve_list(before: bool) -> None:
    town = decided(reserve_days=None).send("grant", FIRST, WAIVE) if before else late().send("grant", FIRST, WAIVE)
    assert town.given.state(f"grant-{FIRST}").held_cents == 0
    if before:
        assert town.given.state(PROPOSAL).status == "decided", "the file that was refused does not move up"
        town.hear(DeclaredEligible(call=CALL, case=LATE, checks=[], dossier=dossier())).hear(fixed(*ABOVE))
    else:
        assert proposed(town) == {LATE: 0}, "the papers of a version do not lapse unasked"
        town.send("proposal", CALL, ReviseAwardProposal())
    assert proposed(town) == {LATE: 1_000_000}
    town.approve(LATER, AGAIN)
    assert [town.status(case) for case in (FIRST, THIRD, LATE)] == ["waived", "refused", "awarded"]


def test_a_ranking_fixed_anew_without_a_new_file_proposes_nothing_after_the_decision() -> None:
    town = decided(reserve_days=None).hear(fixed(*ENTRIES))
    assert town.given.state(PROPOSAL).status == "decided"


def test_d1_what_the_jury_no_longer_ranks_still_holds_its_money() -> None:
    town = late(entries=[entry(LATE, 1)]).send("envelope", CALL, RAISED)
    assert town.given.state(PROPOSAL).envelope_cents == 1_000_000
    again = town.approve(LATER, AGAIN).hear(fixed(entry(LATE, 1)))
    assert again.given.state(PROPOSAL).status == "decided"


def test_d1_what_is_set_aside_for_a_late_file_is_proposed_anew() -> None:
    town = late().send("envelope", CALL, RAISED).hear(fixed(*ABOVE))
    assert town.given.state(PROPOSAL).version == 3, "the same ranking and the same money are no new version"
    town.send("proposal", CALL, ReviseAwardProposal())
    (version, *_) = [one for one in town.given.streams[PROPOSAL] if isinstance(one.fact, AwardProposalDrafted)][-1:]
    assert version.fact.proposal_version == 3
