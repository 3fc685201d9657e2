"""D6: an award that a later decision raises or lowers after the final account.

The account is open again until an official makes another one: what is too much comes back, what is due more is paid.
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.decision import AmountReserved
from events.payment import (
    AccountClosed,
    AccountResumed,
    AccountSuspended,
    AwardChanged,
    CommitmentRaised,
    FinalAccountSettled,
    FundsDecommitted,
    OverpaymentEstablished,
    PaymentOrdered,
    RecoveryOffset,
)
from events.terms import RetentionTerm
from services.deciding import CancelTimer
from services.payment.commands import (
    AdjustAward,
    CloseAccount,
    ContestRecovery,
    DecideContest,
    OrderPayment,
    SettleFinalAccount,
    SubmitClaim,
    WaiveRecovery,
)
from services.payment.reactions import timers
from tests.unit.services.payment.play import (
    APPLICANT,
    CALL,
    CASE,
    OFFICER,
    SERVICE,
    SOURCE,
    Play,
    commit,
    cost,
    line,
    payment_terms,
    stream_id,
    words,
)
from tests.unit.services.payment.test_life import give_back
from tests.unit.services.payment.test_recoveries import WHOLE

AMPLE = cost("personnel", 150_000_000, 80_000_000)
"""Costs that could carry 1,200,000 of subsidy."""

SETTLE = SettleFinalAccount()


def settled(spent: object = AMPLE) -> Play:
    """400,000 paid of an award of 800,000; the final account leaves a balance that nobody claimed yet."""
    play = Play().award().activate().claim("start").pay("start")
    return play.hand_in("y1", spent).hand_in("y2").settle()  # type: ignore[arg-type]  # a line of a report


def closed(spent: object = AMPLE) -> Play:
    return settled(spent).claim("balance").pay("balance").close()


def decided(play: Play, amount: int) -> Play:
    """A later decision makes the award worth this; what is more is reserved first."""
    worth = play.given.state(f"account-{CASE}").worth_cents
    attempt = None
    if amount > worth:
        more = amount - worth
        attempt = 2 + len([fact for fact in play.facts if isinstance(fact, CommitmentRaised)])
        play.books.credits[f"AVAILABLE:{CALL}"] += more
        play.books.record(AmountReserved(call=CALL, case=CASE, amount_cents=more, attempt=attempt, proposal_version=1))
    # Rounded up: an award that left less than a fifth to the beneficiary would be one that was derogated for.
    budget = [line("personnel", -(-amount * 5 // 4), amount)]
    adjust = AdjustAward(amount_cents=amount, budget=budget, attempt=attempt, ground="superseded", source=SOURCE)
    return play.do("account", CASE, adjust, SERVICE)


def account(play: Play) -> tuple[int, int, int]:
    """Award, final subsidy and balance of the last final account."""
    final = play.last(FinalAccountSettled)
    return final.award_cents, final.final_subsidy_cents, final.balance_cents


def test_d6_a_lower_award_after_the_end_is_an_overpayment_that_is_claimed_back() -> None:
    play = decided(closed(), 70_000_000)
    play.refused("account", CASE, CloseAccount(), OFFICER, rule="STATE", code="not_now")
    play.settle().silent("account", CASE, SETTLE, OFFICER)
    assert account(play) == (70_000_000, 70_000_000, 0)
    assert (play.last(OverpaymentEstablished).amount_cents, play.owed()) == (10_000_000, 10_000_000)
    play.refused("account", CASE, CloseAccount(), OFFICER, rule="P1", code="recovery_open")
    play.repay(10_000_000).close()
    end = play.last(AccountClosed)
    assert (end.final_subsidy_cents, end.paid_cents, end.recovered_cents) == (70_000_000, 80_000_000, 10_000_000)


def test_d6_a_lower_award_takes_the_balance_first_and_gives_it_back_to_the_envelope() -> None:
    play = decided(settled(), 60_000_000)
    assert play.last(FundsDecommitted).amount_cents == 20_000_000
    play.settle().claim("balance").pay("balance").close()
    assert account(play) == (60_000_000, 60_000_000, 20_000_000)
    assert play.last(AccountClosed).paid_cents == 60_000_000
    assert not [fact for fact in play.facts if isinstance(fact, OverpaymentEstablished)]


def test_d6_an_award_lowered_to_no_less_than_what_costs_carry_changes_no_payment() -> None:
    play = decided(closed(cost("personnel", 75_000_000, 60_000_000)), 70_000_000).settle().close()
    assert account(play) == (60_000_000, 60_000_000, 0)
    assert play.last(AccountClosed).recovered_cents == 0


def test_d6_a_higher_award_adds_to_a_balance_that_was_not_claimed_yet() -> None:
    play = decided(settled(), 90_000_000)
    assert [one.code for one in play.last(AwardChanged).tranches] == ["start", "progress", "balance"]
    play.settle().claim("balance").pay("balance").close()
    assert account(play) == (90_000_000, 90_000_000, 50_000_000)


def test_p4_a_higher_award_after_the_balance_was_paid_is_paid_by_a_tranche_of_its_own() -> None:
    play = decided(closed(), 90_000_000).settle()
    planned = play.last(AwardChanged).tranches
    assert [(one.code, one.condition) for one in planned][-2:] == [
        ("balance", "final_account_settled"),
        ("supplement_1", "final_account_settled"),
    ]
    assert sum(one.amount_cents for one in planned) == 90_000_000
    play.claim("supplement_1").pay("supplement_1").close()
    assert play.last(AccountClosed).paid_cents == 90_000_000
    again = decided(play, 95_000_000).settle().claim("supplement_2").pay("supplement_2").close()
    assert again.last(AccountClosed).paid_cents == 95_000_000
    assert play.books.balance(f"COMMITTED:{CASE}") == 0


def test_p6_a_higher_award_that_costs_do_not_carry_returns_to_the_envelope() -> None:
    play = decided(closed(WHOLE), 90_000_000).settle()
    assert account(play) == (90_000_000, 80_000_000, 0)
    assert (play.last(CommitmentRaised).amount_cents, play.last(FundsDecommitted).amount_cents) == (10_000_000,) * 2
    play.close()


def test_p5_until_the_final_account_is_made_anew_nothing_can_be_claimed_or_given_up() -> None:
    play = decided(settled(), 70_000_000)
    claim = SubmitClaim(case=CASE, tranche="balance")
    play.refused("claim", stream_id("claim", "balance"), claim, APPLICANT, rule="P2", code="no_condition_met")
    early = SubmitClaim(case=CASE, tranche="progress")
    play.refused("claim", stream_id("claim", "progress"), early, APPLICANT, rule="P5", code="only_balance_left")
    play.refused("account", CASE, give_back(1), OFFICER, rule="STATE", code="not_now")
    play.settle().claim("balance")


def test_p6_the_new_final_account_waits_for_what_is_at_the_bank() -> None:
    play = decided(settled().claim("balance").order("balance").release("balance"), 70_000_000)
    play.refused("account", CASE, SETTLE, OFFICER, rule="P6", code="claim_open")
    play.execute("balance").settle().repay(10_000_000).close()
    assert play.last(AccountClosed).final_subsidy_cents == 70_000_000


@pytest.mark.parametrize(("award", "balance"), [(70_000_000, 30_000_000), (90_000_000, 50_000_000)])
def test_p5_a_balance_found_due_and_not_ordered_is_part_of_the_new_one(award: int, balance: int) -> None:
    play = decided(settled().claim("balance"), award).settle()
    assert account(play) == (award, award, balance)
    order = OrderPayment(case=CASE, tranche="balance", attempt=1)
    first = play.order_id("balance")
    play.refused("payment-order", first, order, OFFICER, rule="P5", code="only_balance_left")
    play.claim("supplement_1").pay("supplement_1").close()
    assert play.last(AccountClosed).paid_cents == award


def test_p7_what_a_contest_took_off_or_was_waived_is_not_claimed_back_again() -> None:
    play = decided(closed(), 70_000_000).settle()
    one = stream_id("recovery", 1)
    play.do("recovery", one, ContestRecovery(reason=words()), APPLICANT)
    play.do("recovery", one, DecideContest(reduced_cents=4_000_000, reason=words()), OFFICER)
    play.do("recovery", one, WaiveRecovery(amount_cents=1_000_000, reason=words(), basis="art. 42"), OFFICER)
    decided(play.repay(5_000_000).close(), 75_000_000).settle()
    assert account(play) == (75_000_000, 75_000_000, 5_000_000)
    decided(play, 60_000_000).settle()
    assert play.last(OverpaymentEstablished).amount_cents == 10_000_000
    play.repay(10_000_000, 2, "BANK-2").close()
    end = play.last(AccountClosed)
    assert (end.paid_cents, end.recovered_cents, end.given_up_cents) == (80_000_000, 15_000_000, 5_000_000)


def test_p7_what_a_finding_took_off_still_lessens_the_changed_award() -> None:
    play = Play().award().activate().claim("start").pay("start").hand_in("y1", AMPLE).hand_in("y2")
    decided(play.find(3_000_000).recover().settle(), 70_000_000).settle()
    assert account(play) == (70_000_000, 67_600_000, 30_000_000)
    play.claim("balance").pay("balance").close()
    assert play.last(AccountClosed).final_subsidy_cents == 67_600_000


def test_d6_an_award_changed_twice_before_the_new_final_account_counts_what_was_claimed_back_once() -> None:
    play = decided(decided(decided(closed(), 70_000_000).settle(), 75_000_000), 72_000_000).settle()
    assert account(play) == (72_000_000, 72_000_000, 2_000_000)


def test_d6_an_award_lowered_and_raised_again_sets_the_new_money_off_against_the_debt() -> None:
    play = decided(decided(closed(), 70_000_000).settle(), 80_000_000).settle()
    assert account(play) == (80_000_000, 80_000_000, 10_000_000)
    play.claim("supplement_1").pay("supplement_1").close()
    assert (play.last(PaymentOrdered).net_cents, play.last(RecoveryOffset).amount_cents) == (0, 10_000_000)
    assert play.last(AccountClosed).final_subsidy_cents == 80_000_000


def test_p1_a_balance_that_was_given_up_is_not_owed_again_by_the_new_final_account() -> None:
    play = decided(settled().do("account", CASE, give_back(40_000_000), OFFICER).close(), 90_000_000).settle()
    assert account(play) == (50_000_000, 50_000_000, 10_000_000)
    play.claim("balance").pay("balance").close()
    assert play.last(AccountClosed).final_subsidy_cents == 50_000_000


def test_d6_an_award_withdrawn_after_the_end_is_on_record_and_a_new_one_opens_the_account_again() -> None:
    play = decided(closed(), 0)
    assert play.last(AccountSuspended).ground == "award_withdrawn"
    nothing = AdjustAward(amount_cents=0, budget=[], attempt=None, ground="retracted", source=SOURCE)
    play.silent("account", CASE, nothing, SERVICE)
    decided(play, 80_000_000).do("account", CASE, commit(), SERVICE)
    assert (play.last(AwardChanged).previous_cents, play.last(CommitmentRaised).amount_cents) == (0, 80_000_000)
    assert play.last(AccountResumed)
    play.settle().close()
    assert account(play) == (80_000_000, 80_000_000, 0)
    assert play.last(FundsDecommitted).amount_cents == 80_000_000


def test_the_papers_of_an_account_that_is_open_again_are_kept_anew() -> None:
    rule = RetentionTerm(years=10, selection_rule="Selectieregel 7.3", destination="sample")
    play = Play().award(payment=payment_terms(retention=rule)).activate().hand_in("y1").hand_in("y2").settle().close()
    decided(play, 1)
    assert timers(play.last(AwardChanged)) == (CancelTimer(f"account-{CASE}/retention"),)
    assert play.given.state(f"account-{CASE}").retention is None


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, 130_000_000), min_size=1, max_size=4), st.integers(0, 150_000_000), st.booleans())
def test_p6_whatever_awards_follow_each_other_what_is_kept_is_what_the_last_one_and_the_costs_carry(
    awards: list[int], spent: int, each_time_closed: bool
) -> None:
    play = settled(cost("personnel", spent, spent * 8 // 10))
    for award in awards:
        if each_time_closed:
            finish(play)
        decided(play, award)
        if play.given.state(f"account-{CASE}").outdated:
            play.settle()
    finish(play)
    end = play.last(AccountClosed)
    assert end.final_subsidy_cents == min(awards[-1], play.last(FinalAccountSettled).accepted_cents * 8 // 10)
    assert play.books.balance(f"COMMITTED:{CASE}") == 0


def finish(play: Play) -> None:
    """Whatever is due is paid, whatever is owed comes back, and the account is closed."""
    state = play.given.state(f"account-{CASE}")
    if play.last(FinalAccountSettled).balance_cents and state.status == "settled":
        last = state.tranches[-1].code
        play.claim(last).pay(last)
    for number in play.open_recoveries():
        play.repay(play.owed(number), number, f"BANK-{number}-{play.owed(number)}")
    play.close()
