"""What is left to claim and to order: the balance takes up what came before it, and nothing is claimed beyond it."""

from __future__ import annotations

import pytest

from events.payment import AccountClosed, ClaimSubmitted, PaymentOrdered
from services.payment.commands import ApproveClaim, ApprovePartially, SubmitClaim
from tests.unit.services.payment.play import APPLICANT, APPROVER, CASE, OFFICER, SERVICE, Play, cost, stream_id, words
from tests.unit.services.payment.test_life import END, FIRST, ORDER, adjust, claimed, give_back
from tests.unit.services.payment.test_recoveries import WHOLE


def test_p5_what_was_claimed_and_not_paid_before_the_final_account_is_not_ordered_beside_its_balance() -> None:
    play = claimed().do("account", CASE, END, SERVICE).hand_in("y1", cost("personnel", 100_000_000, 80_000_000))
    play.settle()
    play.refused("payment-order", FIRST, ORDER, OFFICER, rule="P5", code="only_balance_left")
    play.claim("balance").pay("balance").close()
    assert play.last(AccountClosed).paid_cents == 80_000_000


def test_p5_a_claim_that_nobody_judged_before_the_final_account_is_not_found_due_after_it() -> None:
    start, claim = stream_id("claim", "start"), SubmitClaim(case=CASE, tranche="start")
    play = Play().award().activate().do("claim", start, claim, APPLICANT).do("account", CASE, END, SERVICE)
    play.hand_in("y1", cost("personnel", 10_000_000, 8_000_000)).settle()
    for found in (ApproveClaim(), ApprovePartially(amount_cents=1, reason=words())):
        play.refused("claim", start, found, APPROVER, rule="P5", code="only_balance_left")
    play.claim("balance").pay("balance").close()


def test_p1_a_balance_after_an_early_end_is_given_up_whatever_was_claimed_before() -> None:
    play = claimed().do("account", CASE, END, SERVICE).hand_in("y1", cost("personnel", 10_000_000, 8_000_000)).settle()
    play.refused("account", CASE, give_back(8_000_001), OFFICER, rule="P1", code="above_commitment")
    play.do("account", CASE, give_back(8_000_000), OFFICER).close()


def test_p4_what_came_back_after_the_final_account_is_paid_anew_beside_the_balance() -> None:
    play = claimed().pay("start").do("account", CASE, END, SERVICE)
    play.hand_in("y1", cost("personnel", 100_000_000, 80_000_000)).settle().take_back("start").confirm_bank()
    play.refused("account", CASE, give_back(40_000_001), OFFICER, rule="P1", code="above_commitment")
    play.claim("balance").pay("balance").pay("start", 2).close()
    assert play.last(AccountClosed).paid_cents == 80_000_000


@pytest.mark.parametrize(("kept", "code"), [(0, "nothing_due"), (1, None), (40_000_001, None)])
def test_p5_a_tranche_is_claimed_for_no_more_than_is_still_committed(kept: int, code: str | None) -> None:
    play = Play().award().activate().do("account", CASE, give_back(80_000_000 - kept), OFFICER)
    start = SubmitClaim(case=CASE, tranche="start")
    if code:
        play.refused("claim", stream_id("claim", "start"), start, APPLICANT, rule="P5", code=code)
    else:
        play.claim("start").pay("start")
        assert play.last(ClaimSubmitted).amount_cents == min(kept, 40_000_000)
    play.hand_in("y1", WHOLE).hand_in("y2").settle()


@pytest.mark.parametrize("award", [30_000_000, 1])
def test_d6_a_claim_that_a_lower_award_leaves_less_for_is_ordered_for_what_is_left(award: int) -> None:
    play = claimed().do("account", CASE, adjust(award), SERVICE)
    assert play.order("start").last(PaymentOrdered).amount_cents == award
    play.release("start").execute("start").hand_in("y1", WHOLE).hand_in("y2").settle().close()
    assert play.last(AccountClosed).paid_cents == award


def test_d6_a_claim_that_a_withdrawn_award_leaves_nothing_for_does_not_keep_the_final_account_open() -> None:
    play = claimed().do("account", CASE, adjust(0), SERVICE).hand_in("y1", WHOLE).hand_in("y2").settle().close()
    assert play.last(AccountClosed).paid_cents == 0


def test_p5_two_tranches_together_are_claimed_for_no_more_than_is_committed() -> None:
    play = claimed().do("account", CASE, give_back(30_000_000), OFFICER).hand_in("y1", WHOLE)
    assert play.claim("progress").last(ClaimSubmitted).amount_cents == 10_000_000
    play.pay("progress").pay("start").hand_in("y2").settle().close()
