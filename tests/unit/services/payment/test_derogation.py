"""What eligibility derogated from, and the award has, is not taken off again by the final account (P6)."""

from __future__ import annotations

import pytest

from events.payment import FinalAccountSettled
from services.awarded import own_contribution, share_limits
from tests.unit.services.payment.play import Base, Play, adopt, cofinancing, cost, line

HALF_IN_STONES = [line("personnel", 60_000_000, 48_000_000), line("small_infrastructure", 40_000_000, 32_000_000)]
STONES = (
    cost("personnel", 60_000_000, 48_000_000),
    cost("small_infrastructure", 40_000_000, 32_000_000),
)


def settled(play: Play) -> FinalAccountSettled:
    """The final account, once both reports are accepted."""
    found: FinalAccountSettled = play.hand_in("y2").settle().last(FinalAccountSettled)
    return found


@pytest.mark.parametrize(("base", "award"), [("TOTAL_ELIGIBLE_COST", 85_000_000), ("SUBSIDY", 90_000_000)])
def test_p6_an_award_with_a_lower_own_contribution_keeps_it(base: Base, award: int) -> None:
    play = Play().award(award, cofinancing=cofinancing(base)).activate()
    account = settled(play.hand_in("y1", cost("personnel", 100_000_000, award)))
    assert account.final_subsidy_cents == award


def test_p6_what_was_not_spent_is_borne_at_the_rate_of_the_award() -> None:
    play = Play().award(85_000_000).activate().hand_in("y1", cost("personnel", 60_000_000, 51_000_000))
    account = settled(play)
    assert (account.final_subsidy_cents, account.checks[0].params["min_rate_bp"]) == (51_000_000, 1_500)


def test_p6_an_award_with_a_higher_share_for_a_category_keeps_it_and_no_more() -> None:
    kept = settled(Play().award(80_000_000, 100_000_000, *HALF_IN_STONES).activate().hand_in("y1", *STONES))
    assert kept.final_subsidy_cents == 80_000_000
    assert kept.checks[0].params["share_limits"] == [{"category": "small_infrastructure", "max_share_bp": 4_000}]
    more = (cost("personnel", 50_000_000, 40_000_000), cost("small_infrastructure", 50_000_000, 40_000_000))
    cut = settled(Play().award(80_000_000, 100_000_000, *HALF_IN_STONES).activate().hand_in("y1", *more))
    # 400,000 of other costs carry two thirds of it in infrastructure.
    assert cut.final_subsidy_cents == 66_666_666


def test_p6_an_award_within_the_terms_is_measured_by_the_terms() -> None:
    terms, generous = adopt(), [line("personnel", 100_000_000, 70_000_000)]
    assert own_contribution(terms.cofinancing, generous) == terms.cofinancing
    assert share_limits(terms.share_limits, generous) == terms.share_limits
    nothing = [line("small_infrastructure", 0, 0)]
    assert own_contribution(terms.cofinancing, nothing) == terms.cofinancing
    assert share_limits(terms.share_limits, nothing) == terms.share_limits
