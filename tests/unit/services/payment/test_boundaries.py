"""Where a rule of payment turns: the last cent, the last day, the exact instant."""

from __future__ import annotations

import pytest

from events.canonical import Json
from events.payment import (
    BankAccountConfirmed,
    CommitmentRefused,
    FinalAccountSettled,
    PaymentOrdered,
)
from events.vocabulary import Period
from services.payment.commands import ActivateAccount, CloseAccount, OrderPayment
from services.payment.rules import P1, P2, P5, P7, RULES
from services.payment.rules.arithmetic import within_shares
from services.payment.state import Account, Claim, Order, Recovery
from tests.given import NOON
from tests.unit.services.payment.play import (
    APPLICANT,
    CALL,
    CASE,
    CITY,
    INSPECTOR,
    MERGED,
    OFFICER,
    SERVICE,
    SOURCE,
    Play,
    cost,
    disallow,
    report,
    stream_id,
)
from tests.unit.services.payment.test_account import succession
from tests.unit.services.payment.test_recoveries import paid, recover

START = OrderPayment(case=CASE, tranche="start", attempt=1)


def test_p1_a_closure_refused_for_want_of_payment_says_how_much_and_that_nobody_owes() -> None:
    play = paid().hand_in("y2").settle()
    balance = play.last(FinalAccountSettled).balance_cents
    answer = play.refused("account", CASE, CloseAccount(), OFFICER, rule="P1", code="payment_open")
    assert balance == 40_000_000
    assert (answer.inputs["unpaid_cents"], answer.inputs["owed_cents"]) == (balance, 0)


def test_p1_nothing_is_ordered_on_a_commitment_that_the_ledger_refused() -> None:
    refused = CommitmentRefused(
        call=CALL, case=CASE, amount_cents=80_000_000, attempt=1, code="exceeds_credits", source=SOURCE
    )
    play = Play()
    play.given.has(f"account-{CASE}", refused)
    answer = play.refused("payment-order", play.order_id("start"), START, OFFICER, rule="STATE", code="not_now")
    assert answer.inputs == {"status": "refused"}


def test_p1_nothing_is_ordered_once_the_account_is_closed() -> None:
    play = paid().claim("progress").pay("progress").hand_in("y2").settle().claim("balance").pay("balance").close()
    again = OrderPayment(case=CASE, tranche="start", attempt=2)
    answer = play.refused("payment-order", play.order_id("start", 2), again, OFFICER, rule="STATE", code="not_now")
    assert answer.inputs == {"status": "closed"}


def test_p1_a_commitment_may_not_exceed_the_award() -> None:
    inputs: dict[str, Json] = {"paid_cents": 0, "amount_cents": 1, "committed_cents": 101, "award_cents": 100}
    assert P1.test({"moment": "payment"}, inputs) == ("fail", "above_award")
    assert P1.test({"moment": "payment"}, inputs | {"committed_cents": 100}) == ("pass", "covered")


@pytest.mark.parametrize(("paid_cents", "code"), [(60, "covered"), (61, "above_commitment")])
def test_p1_the_last_cent_of_the_commitment_can_be_paid_and_no_other(paid_cents: int, code: str) -> None:
    inputs: dict[str, Json] = {"paid_cents": paid_cents, "amount_cents": 40, "committed_cents": 100, "award_cents": 100}
    assert P1.test({"moment": "payment"}, inputs).code == code


@pytest.mark.parametrize(("paid_cents", "owed", "code"), [(100, 0, "balanced"), (99, 0, "recovery_open")])
def test_p1_an_account_closes_on_its_final_subsidy_to_the_cent(paid_cents: int, owed: int, code: str) -> None:
    inputs: dict[str, Json] = {
        "paid_cents": paid_cents,
        "amount_cents": 0,
        "committed_cents": 100,
        "award_cents": 100,
        "unpaid_cents": 0,
        "owed_cents": owed,
        "recovered_cents": 15,
        "given_up_cents": 5,
        "final_subsidy_cents": 80,
    }
    assert P1.test({"moment": "closing"}, inputs).code == code


def test_p2_the_first_condition_that_is_not_met_is_told() -> None:
    met: dict[str, Json] = {
        "contract_active": True,
        "condition_met": True,
        "claim_approved": True,
        "bank_account_confirmed": True,
    }
    assert P2.test({}, met) == ("pass", "conditions_met")
    for need in met:
        assert P2.test({}, met | {need: False}) == ("fail", f"no_{need}")


def test_p5_tranches_that_are_not_the_whole_award_are_found_when_the_rule_runs_again() -> None:
    inputs: dict[str, Json] = {
        "award_cents": 100,
        "planned": [50, 30, 20],
        "last": False,
        "settled": False,
        "amount_cents": 50,
    }
    assert P5.test({}, inputs) == ("pass", "planned")
    assert P5.test({}, inputs | {"planned": [50, 30, 21]}) == ("fail", "sum_differs")


def test_p7_an_open_recovery_of_one_cent_is_set_off() -> None:
    play = paid().find(3_000_000).recover().repay(2_399_999).claim("progress").order("progress")
    ordered = play.last(PaymentOrdered)
    assert (ordered.offset_cents, ordered.net_cents, ordered.recovery) == (1, 23_999_999, "1")


def test_p7_the_oldest_open_recovery_is_set_off_first() -> None:
    play = paid().find(3_000_000).recover().do("account", CASE, disallow(1_000_000), INSPECTOR).recover(2)
    assert play.claim("progress").order("progress").last(PaymentOrdered).recovery == "1"


def test_p7_all_recoveries_together_claim_back_no_more_than_was_paid() -> None:
    play = paid().find(49_000_000).recover().do("account", CASE, disallow(1_500_000), INSPECTOR)
    answer = play.refused("recovery", stream_id("recovery", 2), recover(2), OFFICER, rule="P7", code="above_limit")
    assert (answer.inputs["amount_cents"], answer.inputs["limit_cents"]) == (1_200_000, 800_000)


def test_p7_a_number_out_of_turn_hears_which_is_next() -> None:
    play = paid().find(3_000_000)
    two = stream_id("recovery", 2)
    answer = play.refused("recovery", two, recover(2), OFFICER, rule="P7", code="number_out_of_turn")
    assert answer.inputs["expected"] == 1


@pytest.mark.parametrize(("number", "code"), [(0, "no_finding"), (1, "grounded"), (2, "grounded"), (3, "no_finding")])
def test_p7_a_finding_has_a_number_from_one_to_the_last(number: int, code: str) -> None:
    inputs: dict[str, Json] = {
        "needs_finding": True,
        "finding": number,
        "findings": 2,
        "ground": "x",
        "amount_cents": 5,
        "limit_cents": 5,
    }
    assert P7.test({}, inputs).code == code


@pytest.mark.parametrize(
    ("term", "code"),
    [
        (Period(start="2022-12-31", end="2025-12-31"), None),
        (Period(start="2023-01-01", end="2025-12-31"), "outside_term"),
        (Period(start="2020-01-01", end="2022-01-01"), None),
        (Period(start="2020-01-01", end="2021-12-31"), "outside_term"),
    ],
)
def test_p8_one_day_of_the_period_inside_the_term_is_enough(term: Period, code: str | None) -> None:
    play = Play().award().do("account", CASE, ActivateAccount(term=term, source=SOURCE), SERVICE)
    asked = ("report", stream_id("report", "y1"), report(cost("personnel", 10_000, 8_000)), APPLICANT)
    if code:
        play.refused(*asked, rule="P8", code=code)
    else:
        play.do(*asked)


def test_d9_the_successor_holds_the_account_at_the_very_instant() -> None:
    play = Play().award().do("account", CASE, succession(NOON), SERVICE)
    account = play.given.state(f"account-{CASE}")
    assert account.beneficiary(NOON) == MERGED
    assert account.beneficiary("2021-05-03T09:59:59.999999Z") == CITY


def test_d9_a_successor_takes_over_after_the_final_account_too() -> None:
    play = paid().hand_in("y2").settle().do("account", CASE, succession(NOON), SERVICE).confirm_bank()
    assert play.last(BankAccountConfirmed).ordinal == 2


def test_d9_a_closed_account_passes_to_nobody() -> None:
    play = paid().claim("progress").pay("progress").hand_in("y2").settle().claim("balance").pay("balance").close()
    play.refused("account", CASE, succession(NOON), SERVICE, rule="STATE", code="not_now")


def test_an_order_that_was_never_given_spends_nothing() -> None:
    nothing = Order()
    assert (nothing.case, nothing.tranche, nothing.attempt, nothing.spent_cents) == ("", "", 0, 0)


def test_an_account_recovery_or_claim_that_never_was_holds_nothing() -> None:
    account, recovery, claim = Account(), Recovery(), Claim()
    assert (account.award_cents, account.decommitted_cents, account.bank_accounts) == (0, 0, 0)
    assert (recovery.amount_cents, recovery.recovered_cents, recovery.open_cents) == (0, 0, 0)
    assert claim.amount_cents == 0


def test_p4_a_first_order_knows_of_no_rejected_bank_account() -> None:
    ordered = Play().award().activate().claim("start").order("start").last(PaymentOrdered)
    (only,) = [check for check in ordered.checks if check.rule == "P4"]
    assert (only.inputs["earlier"], only.inputs["rejected_bank_account"], only.inputs["bank_account"]) == ([], 0, 1)


def test_p4_a_new_order_names_the_bank_account_that_was_refused_last() -> None:
    play = Play().award().activate().claim("start").order("start").release("start").reject("start").confirm_bank()
    ordered = play.order("start", 2).last(PaymentOrdered)
    (only,) = [check for check in ordered.checks if check.rule == "P4"]
    told = (only.inputs["earlier"], only.inputs["rejected_bank_account"], only.inputs["bank_account"])
    assert told == (["rejected"], 1, 2)


@pytest.mark.parametrize(
    ("reported", "code", "final_cents"),
    [(100_000_000, "balance_due", 80_000_000), (50_000_000, "nothing_due", 40_000_000), (1, "overpaid", 0)],
)
def test_p6_the_final_account_says_what_follows_from_it(reported: int, code: str, final_cents: int) -> None:
    play = Play().award().activate().claim("start").pay("start")
    play.hand_in("y1", cost("personnel", reported, reported * 4 // 5)).hand_in("y2").settle()
    settled = play.last(FinalAccountSettled)
    assert [(check.rule, check.code) for check in settled.checks] == [("P6", code)]
    assert settled.final_subsidy_cents == final_cents


def test_p6_nothing_accepted_is_nothing_due() -> None:
    play = Play().award().activate().hand_in("y1").hand_in("y2").settle()
    settled = play.last(FinalAccountSettled)
    assert (settled.final_subsidy_cents, settled.balance_cents) == (0, 0)
    assert (settled.accepted_cents, settled.own_contribution_due_cents) == (0, 0)


def test_a_rule_on_record_keeps_its_version() -> None:
    kept = {(rule.id, rule.version) for rule in RULES}
    assert kept == {(f"P{number}", 1) for number in range(1, 9)} | {
        ("P1", 2),
        ("P2", 2),
        ("P3", 2),
        ("P8", 2),
        ("INTERIM", 1),
    }


def test_p6_a_limited_category_without_costs_limits_nothing() -> None:
    assert within_shares(10, {"personnel": 10}, {"small_infrastructure": 0}) == 10
