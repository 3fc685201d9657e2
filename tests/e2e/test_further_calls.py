"""That two more calls needed no code: each by its own terms, from publication to closed contracts and even books."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from msgspec.structs import replace

from events import codec
from events.catalog import FACT_TYPES, KINDS
from events.intake import Terms
from events.times import deadline
from projections.audit.export import export
from projections.audit.verify import verify
from projections.budget_consumption.check import differences
from projections.budget_consumption.evolve import BUDGET
from projections.past import refold
from services.cli.records import rules_of_the_house
from services.cli.whatif import document, everything
from services.whatif.facts import known
from services.whatif.moves import compared
from tests.e2e import test_city_of_things as city_of_things
from tests.e2e import test_plan_samenleven as plan_samenleven
from tests.e2e.ended import Ended, ended, left_of_2021
from tests.simulation.signing import signers

pytestmark = pytest.mark.asyncio(loop_scope="module")

NOT_CHECKED: dict[str, Any] = {"double_funding": "not_checked"}
SCENES = {"plan_samenleven": plan_samenleven, "city_of_things": city_of_things}


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=SCENES)
async def call(request: pytest.FixtureRequest) -> AsyncIterator[Ended]:
    scene = SCENES[request.param]
    yield await ended(scene.story(), scene.END)


async def test_the_books_are_even_and_the_budget_view_agrees_with_them(call: Ended) -> None:
    assert sum((await call.accounts()).values()) == 0
    rows = refold(BUDGET, [codec.read(one) for one in call.log]).values()
    assert differences(rows, await call.world.store.balances()) == []


async def test_nothing_is_left_but_envelope_and_what_was_paid_and_came_back(call: Ended) -> None:
    kinds = {name.partition(":")[0] for name in await call.accounts()}
    assert kinds <= {"CONTROL", "AVAILABLE", "BANK", "RECOVERABLE", "RECOVERED"}


async def test_every_award_ends_in_a_closed_contract(call: Ended) -> None:
    types = [one.type for one in call.log]
    assert types.count("GrantAwarded") == types.count("ContractClosed") == types.count("AccountClosed") == 3


async def test_no_word_or_amount_of_2021_stands_in_the_log(call: Ended) -> None:
    assert left_of_2021(call) == set()


async def test_the_log_is_exported_and_verified_with_every_rule_applied_again(call: Ended, tmp_path: Path) -> None:
    out = tmp_path / "log"
    await export(call.world.store, out, origin="simulation/demo", signer=signers()["log"], kinds=KINDS)
    told = verify(out, types=FACT_TYPES, rules=rules_of_the_house())
    assert (told.findings, told.events) == ([], len(call.log))


async def under(call: Ended, change: Callable[[Terms], Terms]) -> dict[str, Any]:
    """What would have come of this call's facts, were one rule of it another."""
    facts = known(call.story.call, await everything(call.world.store))
    return document(compared(facts, change(facts.terms)))


def outcomes(told: dict[str, Any]) -> list[tuple[str, str, str, int]]:
    """Who moves, from what to what, and for how much."""
    return [
        (one["applicant"], one["was"]["status"], one["would"]["status"], one["would"]["amountCents"])
        for one in told["moved"]
    ]


async def test_whatif_the_terms_of_the_call_move_nobody(call: Ended) -> None:
    told = await under(call, lambda terms: terms)
    assert (told["changes"], told["moved"], told["onlyRank"]) == ([], [], [])


@pytest.mark.parametrize("call", ["plan_samenleven"], indirect=True)
async def test_whatif_midnight_were_the_last_moment(call: Ended) -> None:
    told = await under(call, lambda terms: replace(terms, deadline=deadline("2022-06-15T23:59:59")))
    assert [one["pointer"] for one in told["changes"]] == ["/deadline/local", "/deadline/utc"]
    assert outcomes(told) == [("Gemeente Zilverbeek", "late", "not_judged", 0)]
    (moved,) = told["moved"]
    # Nobody looked at what came too late, so nobody can say what would have come of it.
    assert [(one["rule"], one["code"]) for one in moved["why"]] == [("I1", "in_time"), ("PLACE", "no_judgement")]


@pytest.mark.parametrize("call", ["city_of_things"], indirect=True)
async def test_whatif_the_last_file_were_cut_to_what_is_left(call: Ended) -> None:
    told = await under(call, lambda terms: replace(terms, jury=replace(terms.jury, partial_fit="cut_last")))
    assert told["changes"] == [{"pointer": "/jury/partialFit", "was": "skip_misfit", "would": "cut_last"}]
    assert outcomes(told) == [("Gemeente Heuvelrode", "not_funded", "funded_in_part", 4_000_000)]
    (why,) = told["moved"][0]["why"]
    assert why["nl"] == "Op rang 4 is nog 40.000,00 euro over; van 200.000,00 euro past 40.000,00 euro."


@pytest.mark.parametrize("call", ["city_of_things"], indirect=True)
async def test_whatif_double_aid_were_allowed(call: Ended) -> None:
    allowed = await under(call, lambda terms: replace(terms, eligibility=replace(terms.eligibility, **NOT_CHECKED)))
    assert outcomes(allowed) == [("Gemeente Kreekdam", "ineligible", "not_scored", 0)]
    (moved,) = allowed["moved"]
    assert [(one["rule"], one["code"]) for one in moved["why"]] == [("PLACE", "not_asked"), ("PLACE", "no_points")]
    assert "E5D" in moved["why"][0]["en"]
