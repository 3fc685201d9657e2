"""What a contract's life does to its money: suspended, ended early, extended; money given back, an account reopened."""

from __future__ import annotations

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from events.decision import AmountReserved
from events.payment import (
    AccountClosed,
    AccountReopened,
    AccountResumed,
    AccountSuspended,
    AccountTermExtended,
    AccountTerminated,
    AwardChanged,
    ClaimSubmitted,
    ClaimTermLapsed,
    ClaimTermSet,
    CommitmentRaised,
    CommitmentRefused,
    FinalAccountSettled,
    FundsDecommitted,
    OverpaymentEstablished,
)
from events.times import end_of_day
from events.vocabulary import Period
from services.deciding import CancelTimer, Issue, SetTimer
from services.payment.commands import (
    AdjustAward,
    CloseAccount,
    DecommitFunds,
    ExtendAccountTerm,
    LapseClaim,
    OrderPayment,
    ReleasePaymentFile,
    ReopenAccount,
    ResumeAccount,
    SetClaimTerm,
    SettleFinalAccount,
    SubmitClaim,
    SuspendAccount,
    TerminateAccount,
)
from services.payment.reactions import timers
from services.payment.rules.arithmetic import replan
from services.payment.worker import PAYMENT
from tests.unit.services.payment.play import (
    APPLICANT,
    CALL,
    CASE,
    OFFICER,
    RELEASER,
    SERVICE,
    SOURCE,
    Play,
    cost,
    line,
    payment_terms,
    report,
    stream_id,
    words,
)
from tests.unit.services.payment.test_claims import asking
from tests.unit.services.payment.test_recoveries import WHOLE

SUSPEND = SuspendAccount(ground="inquiry", source=SOURCE)
RESUME = ResumeAccount(source=SOURCE)
SHORT = Period(start="2022-01-01", end="2022-06-30")
END = TerminateAccount(ground="by_agreement", in_force=True, term=SHORT, source=SOURCE)
NEVER = TerminateAccount(ground="renounced", in_force=False, term=SHORT, source=SOURCE)
ORDER = OrderPayment(case=CASE, tranche="start", attempt=1)
FIRST = stream_id("payment-order", "start/1")
PROGRESS = stream_id("claim", "progress")


def claimed() -> Play:
    return Play().award().activate().claim("start")


def give_back(amount: int) -> DecommitFunds:
    return DecommitFunds(amount_cents=amount, reason=words("Het project valt goedkoper uit."))


# Suspension.


def test_p2_while_the_contract_is_suspended_nothing_is_ordered_or_released() -> None:
    play = claimed().do("account", CASE, SUSPEND, SERVICE).silent("account", CASE, SUSPEND, SERVICE)
    assert play.last(AccountSuspended).ground == "inquiry"
    play.refused("payment-order", FIRST, ORDER, OFFICER, rule="P2", code="contract_suspended")
    play.do("account", CASE, RESUME, SERVICE).silent("account", CASE, RESUME, SERVICE).order("start")
    assert play.last(AccountResumed).source == SOURCE
    play.do("account", CASE, SUSPEND, SERVICE)
    play.refused("payment-order", FIRST, ReleasePaymentFile(), RELEASER, rule="P2", code="contract_suspended")
    play.do("account", CASE, RESUME, SERVICE).release("start").execute("start")


def test_p2_what_is_claimed_during_a_suspension_is_paid_after_it() -> None:
    play = Play().award().activate().do("account", CASE, SUSPEND, SERVICE).claim("start")
    play.do("account", CASE, RESUME, SERVICE).pay("start")


def test_an_account_that_is_not_there_or_closed_is_not_suspended() -> None:
    Play().silent("account", CASE, SUSPEND, SERVICE)
    closed = Play().award().activate().hand_in("y1").hand_in("y2").settle().close()
    closed.silent("account", CASE, SUSPEND, SERVICE)


# Early end.


def test_p2_after_an_early_end_only_the_balance_can_be_claimed_and_ordered() -> None:
    play = claimed().hand_in("y1", cost("personnel", 10_000_000, 8_000_000)).do("account", CASE, END, SERVICE)
    play.silent("account", CASE, END, SERVICE)
    assert play.last(AccountTerminated).ground == "by_agreement"
    play.refused("payment-order", FIRST, ORDER, OFFICER, rule="P2", code="contract_terminated")
    progress = SubmitClaim(case=CASE, tranche="progress")
    play.refused("claim", PROGRESS, progress, APPLICANT, rule="P2", code="contract_terminated")
    # The first claim was never ordered; what is due of it is in the balance.
    play.settle().claim("balance").pay("balance").close()
    assert play.last(AccountClosed).paid_cents == 8_000_000
    released = [fact for fact in play.facts if isinstance(fact, FundsDecommitted)]
    assert [(one.amount_cents, one.reason) for one in released] == [(72_000_000, "terminated")]


def test_p2_what_was_ordered_before_an_early_end_is_not_released_any_more() -> None:
    play = claimed().order("start").do("account", CASE, END, SERVICE)
    play.refused("payment-order", FIRST, ReleasePaymentFile(), RELEASER, rule="P2", code="contract_terminated")


def test_p6_an_early_end_waits_for_the_report_of_its_own_period_and_for_the_bank() -> None:
    play = claimed().order("start").do("account", CASE, END, SERVICE)
    settle = SettleFinalAccount()
    play.refused("account", CASE, settle, OFFICER, rule="P6", code="report_open")
    play.hand_in("y1", cost("personnel", 10_000_000, 8_000_000))
    play.refused("account", CASE, settle, OFFICER, rule="P6", code="claim_open")
    play.cancel("start").settle()
    assert play.last(FinalAccountSettled).balance_cents == 8_000_000


def test_p6_after_an_early_end_what_was_paid_too_much_is_claimed_back() -> None:
    play = claimed().pay("start").do("account", CASE, END, SERVICE)
    play.hand_in("y1", cost("personnel", 10_000_000, 8_000_000)).settle()
    assert play.last(OverpaymentEstablished).amount_cents == 32_000_000
    play.repay(32_000_000).close()
    assert play.last(AccountClosed).final_subsidy_cents == 8_000_000


def test_p8_costs_after_an_early_end_do_not_count() -> None:
    play = claimed().do("account", CASE, END, SERVICE)
    later = stream_id("report", "y2")
    play.refused("report", later, report(cost("personnel", 1, 1)), APPLICANT, rule="P8", code="outside_term")


def test_a_contract_that_was_never_in_force_gives_everything_back_at_once() -> None:
    play = Play().award().do("account", CASE, NEVER, SERVICE)
    returned = play.last(FundsDecommitted)
    assert (returned.amount_cents, returned.reason, returned.explanation) == (80_000_000, "terminated", None)
    assert play.books.balance(f"COMMITTED:{CASE}") == 0
    play.settle().close()
    assert (play.last(FinalAccountSettled).award_cents, play.last(AccountClosed).paid_cents) == (0, 0)
    play.silent("account", CASE, NEVER, SERVICE)


def test_a_commitment_that_runs_is_not_settled_before_the_contract_is_in_force() -> None:
    play = Play().award()
    play.refused("account", CASE, SettleFinalAccount(), OFFICER, rule="STATE", code="not_now")


# Extension, and the term of a claim.


def test_p8_an_extension_lets_later_costs_count() -> None:
    play = Play().award().activate()
    longer = Period(start="2022-01-01", end="2026-12-31")
    extend = ExtendAccountTerm(term=longer, source=SOURCE)
    play.do("account", CASE, extend, SERVICE).silent("account", CASE, extend, SERVICE)
    assert play.last(AccountTermExtended).term == longer
    assert play.given.state(f"account-{CASE}").term == longer


def test_an_extension_of_what_is_not_in_force_changes_nothing() -> None:
    extend = ExtendAccountTerm(term=Period(start="2022-01-01", end="2026-12-31"), source=SOURCE)
    Play().award().silent("account", CASE, extend, SERVICE)
    Play().award().activate().do("account", CASE, END, SERVICE).silent("account", CASE, extend, SERVICE)


def limited() -> Play:
    return Play().award(payment=payment_terms(asking(claim_months_after_end=6))).activate()


def test_the_term_of_a_claim_is_set_with_a_timer_and_moves_with_the_contract() -> None:
    play = limited()
    start = stream_id("claim", "start")
    assert play.last(ClaimTermSet).due == end_of_day("2026-06-30")
    (timer,) = timers(play.last(ClaimTermSet))
    assert timer == SetTimer(f"claim-{start}/lapse", end_of_day("2026-06-30").utc, Issue("claim", start, LapseClaim()))
    play.do(
        "account", CASE, ExtendAccountTerm(term=Period(start="2022-01-01", end="2026-12-31"), source=SOURCE), SERVICE
    )
    assert play.last(ClaimTermSet).due == end_of_day("2027-06-30")
    assert timers(play.claim("start").last(ClaimSubmitted)) == (CancelTimer(f"claim-{start}/lapse"),)
    set_again = SetClaimTerm(call=CALL, case=CASE, tranche="start", due=end_of_day("2028-06-30"))
    play.silent("claim", start, set_again, SERVICE)


def test_p2_a_tranche_is_claimed_until_its_last_second_and_no_later() -> None:
    play, start = limited(), stream_id("claim", "start")
    play.at = "2026-06-30T21:59:58.000000Z"
    play.silent("claim", start, LapseClaim(), SERVICE)
    play.at = "2026-06-30T21:59:59.000001Z"
    play.refused("claim", start, SubmitClaim(case=CASE, tranche="start"), APPLICANT, rule="P2", code="too_late")
    play.do("claim", start, LapseClaim(), SERVICE).silent("claim", start, LapseClaim(), SERVICE)
    assert play.last(ClaimTermLapsed).due == end_of_day("2026-06-30")
    play.at = "2026-06-30T21:59:59.000000Z"
    play.do("claim", start, SubmitClaim(case=CASE, tranche="start"), APPLICANT)


def test_a_tranche_that_was_claimed_does_not_lapse() -> None:
    play = limited().claim("start")
    play.at = "2026-07-01T10:00:00.000000Z"
    play.silent("claim", stream_id("claim", "start"), LapseClaim(), SERVICE)


# Money given back.


def test_p1_what_is_given_back_returns_to_the_envelope_and_bounds_the_final_subsidy() -> None:
    play = claimed().pay("start").do("account", CASE, give_back(10_000_000), OFFICER)
    returned = play.last(FundsDecommitted)
    assert returned.reason == "final_subsidy_below_award"
    assert returned.explanation == words("Het project valt goedkoper uit.")
    assert play.books.balance(f"AVAILABLE:{CALL}") == 10_000_000
    settled = play.hand_in("y1", WHOLE).hand_in("y2").settle().last(FinalAccountSettled)
    assert (settled.award_cents, settled.final_subsidy_cents, settled.balance_cents) == (
        70_000_000,
        70_000_000,
        30_000_000,
    )
    play.claim("balance").pay("balance").close()


@pytest.mark.parametrize(("amount", "code"), [(40_000_000, None), (40_000_001, "above_commitment")])
def test_p1_what_is_claimed_cannot_be_given_back_to_the_last_cent(amount: int, code: str | None) -> None:
    for play in (claimed(), claimed().order("start"), claimed().pay("start")):
        if code:
            play.refused("account", CASE, give_back(amount), OFFICER, rule="P1", code=code)
        else:
            play.do("account", CASE, give_back(amount), OFFICER)
            assert play.books.balance(f"COMMITTED:{CASE}") >= play.books.held(f"COMMITTED:{CASE}")


def test_p1_a_balance_that_nobody_claims_is_given_back_and_the_account_closes() -> None:
    play = claimed().pay("start").hand_in("y1", WHOLE).hand_in("y2").settle()
    play.refused("account", CASE, CloseAccount(), OFFICER, rule="P1", code="payment_open")
    play.do("account", CASE, give_back(40_000_000), OFFICER).close()
    closed = play.last(AccountClosed)
    assert (closed.final_subsidy_cents, closed.paid_cents, closed.given_up_cents) == (40_000_000, 40_000_000, 0)


def test_nothing_is_given_back_of_an_account_that_is_not_there_or_closed() -> None:
    Play().refused("account", CASE, give_back(1), OFFICER, rule="STATE", code="not_now")
    closed = Play().award().activate().hand_in("y1").hand_in("y2").settle().close()
    closed.refused("account", CASE, give_back(1), OFFICER, rule="STATE", code="not_now")


# A payment that comes back after the end.


def test_p4_a_payment_returned_after_closure_reopens_the_account_until_it_is_paid_anew() -> None:
    play = claimed().pay("start").hand_in("y1", WHOLE).hand_in("y2").settle().claim("balance").pay("balance").close()
    play.take_back("balance")
    assert play.last(AccountReopened).end_to_end_id == play.order_id("balance").replace("-", "")
    play.refused("account", CASE, CloseAccount(), OFFICER, rule="P1", code="payment_open")
    play.confirm_bank().pay("balance", 2).close()
    assert len([fact for fact in play.facts if isinstance(fact, AccountClosed)]) == 2
    play.silent("account", CASE, CloseAccount(), OFFICER)


def test_an_account_that_is_open_is_not_reopened() -> None:
    play = claimed().pay("start").take_back("start")
    assert not [fact for fact in play.facts if isinstance(fact, AccountReopened)]
    play.silent("account", CASE, ReopenAccount(end_to_end_id="x", source=SOURCE), SERVICE)


# D6: the award itself is changed by a later decision.


def adjust(amount: int, attempt: int | None = None, ground: str = "superseded") -> AdjustAward:
    budget = [line("personnel", amount * 5 // 4, amount)]
    return AdjustAward(amount_cents=amount, budget=budget, attempt=attempt, ground=ground, source=SOURCE)


def planned(play: Play) -> list[int]:
    return [one.amount_cents for one in play.given.state(f"account-{CASE}").tranches]


def test_d6_a_lower_award_gives_back_what_is_spare_and_plans_what_was_not_claimed_anew() -> None:
    play = claimed().pay("start").do("account", CASE, adjust(60_000_000), SERVICE)
    play.silent("account", CASE, adjust(60_000_000), SERVICE)
    assert (play.last(AwardChanged).previous_cents, play.last(AwardChanged).ground) == (80_000_000, "superseded")
    assert planned(play) == [40_000_000, 12_000_000, 8_000_000]
    assert play.last(FundsDecommitted).amount_cents == 20_000_000
    assert play.books.balance(f"COMMITTED:{CASE}") == 20_000_000
    play.hand_in("y1", WHOLE).hand_in("y2").settle().claim("balance").pay("balance").close()
    assert play.last(AccountClosed).final_subsidy_cents == 60_000_000


def test_d6_what_was_paid_above_a_lower_award_is_not_undone_but_claimed_back() -> None:
    play = claimed().pay("start").do("account", CASE, adjust(30_000_000), SERVICE)
    assert planned(play) == [30_000_000, 0, 0]
    assert play.books.balance(f"COMMITTED:{CASE}") == 0
    play.hand_in("y1", WHOLE).hand_in("y2").settle()
    assert play.last(OverpaymentEstablished).amount_cents == 10_000_000
    play.repay(10_000_000).close()
    assert (play.last(AccountClosed).final_subsidy_cents, play.last(AccountClosed).paid_cents) == (
        30_000_000,
        40_000_000,
    )


def test_d6_an_award_taken_back_before_the_contract_gives_all_back_and_is_settled_at_nothing() -> None:
    play = Play().award().do("account", CASE, adjust(0, ground="waived"), SERVICE)
    assert play.last(FundsDecommitted).reason == "terminated"
    play.settle().close()
    assert play.last(AccountClosed).final_subsidy_cents == 0


def test_d6_a_higher_award_commits_the_reservation_of_the_difference() -> None:
    play = claimed().pay("start")
    play.books.credits[f"AVAILABLE:{CALL}"] += 20_000_000
    play.books.record(AmountReserved(call=CALL, case=CASE, amount_cents=20_000_000, attempt=2, proposal_version=2))
    play.do("account", CASE, adjust(100_000_000, attempt=2), SERVICE)
    assert (play.last(CommitmentRaised).amount_cents, play.last(CommitmentRaised).attempt) == (20_000_000, 2)
    assert planned(play) == [40_000_000, 36_000_000, 24_000_000]
    assert play.books.balance(f"COMMITTED:{CASE}") == 60_000_000


def test_d6_what_the_ledger_does_not_cover_of_a_higher_award_is_on_record() -> None:
    play = claimed()
    then = play.ask("account", CASE, adjust(100_000_000, attempt=2), SERVICE)
    (fact,) = PAYMENT.refused_by_guard(
        play.given.state(f"account-{CASE}"), then.command, then.context, "transfer", "pending_unknown"
    )
    assert fact == CommitmentRefused(
        call=CALL, case=CASE, amount_cents=20_000_000, attempt=2, code="pending_unknown", source=SOURCE
    )
    play.given.has(f"account-{CASE}", fact)
    assert play.given.state(f"account-{CASE}").status == "active"


def test_d6_an_award_is_changed_where_there_is_one() -> None:
    Play().silent("account", CASE, adjust(1), SERVICE)


@for_all(st.integers(0, 10**9), st.lists(st.tuples(st.integers(0, 10**9), st.booleans()), min_size=1, max_size=6))
def test_p5_tranches_planned_anew_add_up_to_the_award_and_keep_what_was_claimed(
    award: int, parts: list[tuple[int, bool]]
) -> None:
    parts = [*parts, (10, False)]
    claimed_cents = [cents if taken else None for cents, taken in parts]
    amounts = replan(award, [cents for cents, _ in parts], claimed_cents)
    assert sum(amounts) == award
    assert all(amount >= 0 for amount in amounts)
    if sum(cents or 0 for cents in claimed_cents) <= award:
        assert all(cents in (None, amount) for cents, amount in zip(claimed_cents, amounts, strict=True))
