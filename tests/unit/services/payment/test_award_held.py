"""P2: an award without effect freezes what is left to pay, also when no contract runs any more."""

from __future__ import annotations

import pytest

from events.payment import AccountClosed, AccountResumed, AccountSuspended
from services.payment.commands import (
    CloseAccount,
    FollowAward,
    OrderPayment,
    ReleasePaymentFile,
    SubmitClaim,
    SuspendAccount,
)
from tests.unit.services.payment.play import APPLICANT, CASE, OFFICER, RELEASER, SERVICE, SOURCE, Play, commit, cost
from tests.unit.services.payment.test_life import END, PROGRESS, RESUME, SUSPEND, adjust, claimed, give_back
from tests.unit.services.payment.test_recoveries import WHOLE

COURT = SuspendAccount(ground="award_suspended", source=SOURCE)
ANNULLED = SuspendAccount(ground="award_annulled", source=SOURCE)
FOLLOW = FollowAward(source=SOURCE)
BALANCE = OrderPayment(case=CASE, tranche="balance", attempt=1)


def settled() -> Play:
    return claimed().pay("start").hand_in("y1", WHOLE).hand_in("y2").settle().claim("balance")


def frozen(play: Play, tranche: str = "balance") -> None:
    order = OrderPayment(case=CASE, tranche=tranche, attempt=1)
    play.refused("payment-order", play.order_id(tranche), order, OFFICER, rule="P2", code="contract_suspended")


@pytest.mark.parametrize("held", [COURT, ANNULLED], ids=lambda one: str(one.ground))
def test_p2_the_balance_of_an_award_without_effect_is_frozen_until_it_has_effect_again(held: SuspendAccount) -> None:
    play = settled().do("account", CASE, held, SERVICE).silent("account", CASE, held, SERVICE)
    frozen(play)
    play.do("account", CASE, FOLLOW, SERVICE).silent("account", CASE, FOLLOW, SERVICE).pay("balance").close()


def test_p2_a_balance_that_was_ordered_is_not_released_while_the_award_has_no_effect() -> None:
    play = settled().order("balance").do("account", CASE, ANNULLED, SERVICE)
    play.refused(
        "payment-order", play.order_id("balance"), ReleasePaymentFile(), RELEASER, rule="P2", code="contract_suspended"
    )


def test_p2_a_new_award_lets_what_was_frozen_be_paid() -> None:
    play = settled().do("account", CASE, ANNULLED, SERVICE).do("account", CASE, commit(), SERVICE)
    assert [fact for fact in play.facts if isinstance(fact, AccountResumed)] == [play.last(AccountResumed)]
    play.silent("account", CASE, commit(), SERVICE).pay("balance")


def test_p2_an_early_end_does_not_free_what_is_frozen_for_the_award() -> None:
    play = claimed().do("account", CASE, ANNULLED, SERVICE).do("account", CASE, END, SERVICE)
    play.hand_in("y1", cost("personnel", 10_000_000, 8_000_000))
    progress = SubmitClaim(case=CASE, tranche="progress")
    play.refused("claim", PROGRESS, progress, APPLICANT, rule="P2", code="contract_terminated")
    frozen(play.settle().claim("balance"))


def test_p2_what_the_contract_is_suspended_for_outlasts_a_suspension_of_the_award() -> None:
    play = claimed().do("account", CASE, SUSPEND, SERVICE).do("account", CASE, COURT, SERVICE)
    play.do("account", CASE, FOLLOW, SERVICE)
    assert play.last(AccountSuspended).ground == "inquiry"
    frozen(play, "start")
    play.do("account", CASE, RESUME, SERVICE).order("start")


def test_p2_the_balance_of_an_award_withdrawn_after_the_final_account_is_given_up_not_paid() -> None:
    play = settled().do("account", CASE, adjust(0, ground="waived"), SERVICE)
    frozen(play)
    play.refused("account", CASE, CloseAccount(), OFFICER, rule="P1", code="payment_open")
    play.do("account", CASE, give_back(40_000_000), OFFICER).close()
    assert play.last(AccountClosed).final_subsidy_cents == 40_000_000
