"""The call of 2021 under other terms: first that its own terms lead to what was decided, then one changed rule each."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
import pytest_asyncio

from events import codec
from events.intake import Terms
from events.times import deadline
from services.cli.whatif import document, everything
from services.runtime import Runtime
from services.story.script import Script, load
from services.whatif.facts import KnownCall, known
from services.whatif.moves import compared
from services.whatif.replay import replayed

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def call(played: Runtime) -> KnownCall:
    return known(Script(load("2021.json")).call, await everything(played.store))


def changed(call: KnownCall, **other: Any) -> Terms:
    """The call's terms with one part replaced."""
    return msgspec.structs.replace(call.terms, **other)


def under(call: KnownCall, **other: Any) -> dict[str, Any]:
    """The whole report for programs."""
    return document(compared(call, changed(call, **other)))


def names(moves: list[dict[str, Any]]) -> list[str]:
    return [one["applicant"] for one in moves]


async def test_the_terms_of_the_call_lead_to_what_the_government_decided(call: KnownCall, played: Runtime) -> None:
    awarded = {one.fact.case: one.fact for one in await _awards(played)}
    outcomes = replayed(call, call.terms)
    assert {case: one.amount_cents for case, one in outcomes.items() if one.amount_cents} == {
        case: fact.amount_cents for case, fact in awarded.items()
    }
    assert {case: one.rank for case, one in outcomes.items() if case in awarded} == {
        case: fact.rank for case, fact in awarded.items()
    }
    assert sum(one.amount_cents for one in outcomes.values()) == 760_000_000


async def _awards(played: Runtime) -> list[Any]:
    return [codec.read(one) for one in await played.store.read_all(0, types=["GrantAwarded"])]


async def test_every_file_that_was_handed_in_has_an_outcome(call: KnownCall) -> None:
    outcomes = replayed(call, call.terms)
    found: dict[str, int] = {}
    for one in outcomes.values():
        found[one.status] = found.get(one.status, 0) + 1
    assert sum(found.values()) == 20
    assert (found["funded"], found["late"], found["withdrawn"], found["inadmissible"]) == (11, 1, 1, 1)


async def test_equal_terms_move_nobody(call: KnownCall) -> None:
    told = under(call)
    assert (told["changes"], told["moved"], told["onlyRank"]) == ([], [], [])


async def test_a_smaller_envelope_cuts_from_the_end_and_says_what_was_left(call: KnownCall) -> None:
    told = under(call, envelope_cents=call.terms.envelope_cents - 10_000_000)
    assert told["changes"] == [{"pointer": "/envelopeCents", "was": 400_000_000, "would": 390_000_000}]
    (last,) = told["moved"]
    assert (last["was"]["status"], last["would"]["status"]) == ("funded", "not_funded")
    (why,) = last["why"]
    assert (why["rule"], why["code"]) == ("PLACE", "not_funded")
    assert told["proposedCents"]["would"] == told["proposedCents"]["was"] - last["was"]["amountCents"]


async def test_a_lower_cap_makes_everybody_above_it_ineligible_and_lets_the_next_move_up(call: KnownCall) -> None:
    told = under(call, cap_cents=79_999_999)
    out = [one for one in told["moved"] if one["would"]["status"] == "ineligible"]
    assert {one["was"]["amountCents"] for one in out} == {80_000_000}
    assert all([why["rule"] for why in one["why"]] == ["E1"] for one in out)
    assert "dat is meer dan het maximum van 799.999,99 euro" in out[0]["why"][0]["nl"]
    up = [one for one in told["moved"] if one["would"]["status"] == "funded"]
    assert up
    assert all(one["was"]["status"] == "not_funded" and one["why"][-1]["code"] == "funded" for one in up)


async def test_the_other_base_of_the_own_contribution_moves_nobody_because_denderleeuw_mended_it(
    call: KnownCall,
) -> None:
    subsidy = msgspec.structs.replace(call.terms.cofinancing, base="SUBSIDY")
    told = under(call, cofinancing=subsidy)
    assert told["changes"] == [{"pointer": "/cofinancing/base", "was": "TOTAL_ELIGIBLE_COST", "would": "SUBSIDY"}]
    assert told["moved"] == []


async def test_a_higher_rate_makes_those_ineligible_who_bear_just_a_fifth(call: KnownCall) -> None:
    more = msgspec.structs.replace(call.terms.cofinancing, min_rate_bp=2_001)
    told = under(call, cofinancing=more)
    assert "Gemeente Denderleeuw" in names(told["moved"])
    assert {one["would"]["status"] for one in told["moved"]} == {"ineligible"}
    assert all(one["why"][0]["rule"] == "E3" for one in told["moved"])


async def test_a_later_deadline_lets_the_late_file_in_and_nobody_knows_what_the_jury_would_say(call: KnownCall) -> None:
    told = under(call, deadline=deadline("2021-12-31T23:59:59"))
    (late,) = [one for one in told["moved"] if one["was"]["status"] == "late"]
    assert late["would"]["status"] == "not_scored"
    assert [one["rule"] for one in late["why"]] == ["I1", "PLACE"]


async def test_an_extension_stands_even_where_the_terms_close_earlier(call: KnownCall) -> None:
    assert under(call, deadline=deadline("2021-07-01T23:59:59"))["moved"] == []


async def test_a_higher_threshold_makes_advice_unfavourable(call: KnownCall) -> None:
    outcomes = replayed(call, call.terms)
    lowest = min(one.score_bp for one in outcomes.values() if one.status == "funded" and one.score_bp)
    told = under(call, jury=msgspec.structs.replace(call.terms.jury, threshold_bp=lowest + 1))
    (moved,) = [one for one in told["moved"] if one["was"]["status"] == "funded"]
    assert moved["would"]["status"] == "unfavourable"
    assert [(one["rule"], one["code"]) for one in moved["why"]] == [("J8", "below_threshold")]


async def test_other_weights_are_put_to_the_points_that_were_given(call: KnownCall) -> None:
    first, *rest = call.terms.criteria
    weights = [msgspec.structs.replace(first, weight_bp=10_000)]
    weights += [msgspec.structs.replace(one, weight_bp=0) for one in rest]
    was, would = replayed(call, call.terms), replayed(call, changed(call, criteria=weights))
    scored = {case for case, one in was.items() if one.score_bp is not None}
    assert scored == {case for case, one in would.items() if one.score_bp is not None}
    assert all(was[case].score_bp != would[case].score_bp for case in scored)


async def test_a_criterion_on_which_nobody_gave_points_leaves_everybody_unscored(call: KnownCall) -> None:
    new = msgspec.structs.replace(call.terms.criteria[0], code="beauty")
    told = under(call, criteria=[new, *call.terms.criteria[1:]])
    assert {one["would"]["status"] for one in told["moved"]} == {"not_scored"}
    assert told["proposedCents"]["would"] == 0


async def test_the_last_file_may_be_cut_where_the_policy_says_so(call: KnownCall) -> None:
    jury = msgspec.structs.replace(call.terms.jury, partial_fit="cut_last")
    told = under(call, jury=jury, envelope_cents=call.terms.envelope_cents + 1_000_000)
    (cut,) = told["moved"]
    assert (cut["would"]["status"], cut["would"]["amountCents"]) == ("funded_in_part", 1_000_000)
    assert "past 10.000,00 euro" in cut["why"][-1]["nl"]
