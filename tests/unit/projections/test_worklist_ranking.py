"""Who has the ball where a file or money comes after the ranking was fixed."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import pytest

from events.catalog import AnyFact
from events.decision import AwardProposalDrafted, EnvelopeSet
from events.jury import RankingFixed
from tests.unit.projections.samples import CALL, CASE, sample
from tests.unit.projections.test_worklist import balls, fact, play

OTHER = "01780000-0000-7000-8000-000000000003"
REOPEN, FIX, REVISE = ("reopen_ranking", ""), ("fix_ranking", ""), ("revise_proposal", "")


def fixed(*cases: str) -> RankingFixed:
    """A ranking of these files."""
    ranking = sample("RankingFixed")
    assert isinstance(ranking, RankingFixed)
    entries = [msgspec.structs.replace(ranking.entries[0], case=case) for case in cases]
    return msgspec.structs.replace(ranking, entries=entries)


def proposed(code: str, *cases: str) -> AwardProposalDrafted:
    """A version of the proposal with these files, each with this code."""
    version = sample("AwardProposalDrafted")
    assert isinstance(version, AwardProposalDrafted)
    items = [msgspec.structs.replace(version.items[0], case=case, code=code) for case in cases]
    return msgspec.structs.replace(version, items=items)


def envelope(reserve_days: int | None) -> EnvelopeSet:
    """A call with a reserve list or without."""
    terms = sample("EnvelopeSet")
    assert isinstance(terms, EnvelopeSet)
    decision = msgspec.structs.replace(terms.decision, reserve_days=reserve_days)
    return msgspec.structs.replace(terms, decision=decision)


def approved(*cases: str) -> AnyFact:
    """The Government decided on these files."""
    return fact("GovernmentDecisionRecorded", result="goedgekeurd", items=proposed("fits", *cases).items)


def of_call(*facts: AnyFact) -> set[tuple[str, str]]:
    return balls(play(facts)[CALL])


ONE = [envelope(None), fact("CaseAdmittedToPanel"), fact("AdviceAdopted"), fixed(CASE)]
LATE = [fact("CaseAdmittedToPanel", case=OTHER), fact("AdviceAdopted", case=OTHER)]
BOTH = [envelope(None), fact("CaseAdmittedToPanel"), fact("AdviceAdopted"), *LATE, fixed(CASE, OTHER)]


def test_a_ranking_that_stands_is_reopened_for_a_file_that_came_later_and_then_fixed() -> None:
    assert of_call(*ONE, *LATE[:1]) == set(), "the jury has yet to advise on it"
    assert of_call(*ONE, *LATE) == {REOPEN}
    assert of_call(*ONE, *LATE, fact("RankingReopened")) == {FIX}
    assert of_call(*ONE, *LATE, fact("RankingReopened"), fixed(CASE, OTHER)) == set()
    assert of_call(*ONE, *LATE, fact("CaseLeftPanel", case=OTHER)) == set()


@pytest.mark.parametrize("advised", [True, False])
def test_a_file_that_comes_back_after_the_ranking_was_fixed_asks_to_reopen_it(advised: bool) -> None:
    told = LATE if advised else LATE[:1]
    aside = [*ONE[:3], *told, fact("CaseSetAside", case=OTHER), fixed(CASE)]
    assert of_call(*aside) == set()
    back = [*aside, fact("CaseReadmitted", case=OTHER)]
    assert of_call(*back) == ({REOPEN} if advised else set())
    assert of_call(*back, fact("AdviceAdopted", case=OTHER)) == {REOPEN}


def test_a_file_that_comes_back_into_a_ranking_that_has_it_asks_nothing_of_the_jury() -> None:
    assert of_call(*BOTH, fact("CaseSetAside"), fact("CaseReadmitted")) == set()


RANKED_BACK: list[tuple[Sequence[AnyFact], bool]] = [
    ([proposed("fits", OTHER)], True),
    ([proposed("fits", CASE, OTHER)], False),
    ([proposed("fits", CASE, OTHER), approved(CASE, OTHER), proposed("fits", OTHER)], False),
    ([proposed("fits", OTHER), approved(OTHER)], True),
    ([proposed("fits", OTHER), fact("RankingReopened")], False),
    ([fact("RankingReopened"), fixed(OTHER), proposed("fits", OTHER)], False),
]


@pytest.mark.parametrize(("meanwhile", "left_out"), RANKED_BACK)
def test_a_ranked_file_that_is_registered_anew_asks_for_a_version_that_has_it(
    meanwhile: Sequence[AnyFact], left_out: bool
) -> None:
    back = [*BOTH, fact("CandidateSetAside"), *meanwhile, fact("CandidateRegistered")]
    assert (REVISE in of_call(*back)) == left_out
    assert REVISE not in of_call(*back, proposed("fits", CASE, OTHER))


@pytest.mark.parametrize("code", ["envelope_exhausted", "fits_in_part"])
@pytest.mark.parametrize("reserve_days", [None, 365])
def test_money_that_returns_while_a_file_waits_for_it_asks_to_revise_the_proposal(
    code: str, reserve_days: int | None
) -> None:
    """A call with a reserve list drafts its next version by itself."""
    short = [envelope(reserve_days), *BOTH[1:], proposed(code, CASE)]
    assert REVISE not in of_call(*short)
    assert (REVISE in of_call(*short, fact("MoneyReturned"))) == (reserve_days is None)


@pytest.mark.parametrize(
    "version",
    [
        [],
        [proposed("fits", CASE)],
        [proposed("unfavourable_advice", CASE)],
        [proposed("envelope_exhausted", CASE), approved(CASE)],
        [proposed("envelope_exhausted", CASE), proposed("fits", CASE)],
    ],
)
def test_money_that_returns_while_no_proposed_file_lacks_it_asks_nothing(version: list[AnyFact]) -> None:
    assert REVISE not in of_call(*BOTH, *version, fact("MoneyReturned"))
