"""Findings and disallowed costs (P7), the final account (P6), closure (P1)."""

from __future__ import annotations

import pytest

from events.payment import (
    AccountClosed,
    AuditFindingRecorded,
    CostDisallowed,
    FinalAccountSettled,
    FundsDecommitted,
    OverpaymentEstablished,
    RecoveryOrdered,
)
from events.vocabulary import Check
from services.payment.commands import CloseAccount, DisallowCost, MarkReportOverdue, SettleFinalAccount
from services.payment.rules import P6, RULES
from services.rulebook import Verdict
from tests.unit.services.payment.play import (
    CALL,
    CASE,
    INSPECTOR,
    OFFICER,
    SERVICE,
    Play,
    cofinancing,
    cost,
    disallow,
    finding,
    stream_id,
)
from tests.unit.services.payment.test_example import worked_example

SETTLE = SettleFinalAccount()
CLOSE = CloseAccount()
WHOLE = cost("personnel", 100_000_000, 80_000_000)


def active() -> Play:
    return Play().award().activate()


def reported() -> Play:
    return active().hand_in("y1", WHOLE).hand_in("y2")


# P7: what is disallowed names finding, ground and evidence.


def test_p7_findings_are_numbered_and_recorded_once_by_reference() -> None:
    play = active().do("account", CASE, finding("A"), INSPECTOR).do("account", CASE, finding("B"), INSPECTOR)
    assert play.last(AuditFindingRecorded).finding == 2
    play.silent("account", CASE, finding("A"), INSPECTOR)


def test_p7_no_cost_is_disallowed_without_a_finding() -> None:
    reported().refused("account", CASE, disallow(1_000), INSPECTOR, rule="P7", code="no_finding")


def test_p7_a_disallowed_cost_takes_the_subsidy_in_it_along_pro_rata() -> None:
    disallowed = reported().find(3_000_001).last(CostDisallowed)
    assert (disallowed.amount_cents, disallowed.subsidy_cents) == (3_000_001, 2_400_000)
    (check,) = disallowed.checks
    assert (check.rule, check.code, check.inputs["ground"]) == ("P7", "grounded", "BVR art. 11")


def test_p7_no_more_is_disallowed_than_was_accepted_in_the_category() -> None:
    play = reported().find(99_999_999)
    play.refused("account", CASE, disallow(2), INSPECTOR, rule="P7", code="above_limit")
    play.refused("account", CASE, disallow(1, category="operating"), INSPECTOR, rule="P7", code="above_limit")
    play.do("account", CASE, disallow(1), INSPECTOR)


def test_p7_nothing_cannot_be_disallowed() -> None:
    play = reported().do("account", CASE, finding(), INSPECTOR)
    play.refused("account", CASE, disallow(0), INSPECTOR, rule="P7", code="no_amount")


def test_p7_the_same_cost_is_disallowed_once() -> None:
    play = reported().find(500)
    play.silent("account", CASE, disallow(500), INSPECTOR)
    other = DisallowCost(finding=1, category="personnel", amount_cents=500, ground="BVR art. 11", evidence="invoice 13")
    play.do("account", CASE, other, INSPECTOR)


def test_p7_findings_come_before_the_final_account() -> None:
    play = reported()
    waiting = Play().award()
    for case in (waiting, play.settle()):
        case.refused("account", CASE, finding("late"), INSPECTOR, rule="STATE", code="not_now")
        case.refused("account", CASE, disallow(5), INSPECTOR, rule="STATE", code="not_now")


# P6: the final account.


def test_p6_the_final_account_waits_for_every_report_and_claim() -> None:
    play = active().hand_in("y1", WHOLE)
    refused = play.refused("account", CASE, SETTLE, OFFICER, rule="P6", code="report_open")
    assert refused.inputs["open_reports"] == ["y2"]
    play.hand_in("y2").claim("start")
    refused = play.refused("account", CASE, SETTLE, OFFICER, rule="P6", code="claim_open")
    assert refused.inputs["open_claims"] == ["start"]
    play.order("start").release("start").refused("account", CASE, SETTLE, OFFICER, rule="P6", code="claim_open")
    play.reject("start").refused("account", CASE, SETTLE, OFFICER, rule="P6", code="claim_open")
    play.confirm_bank().pay("start", 2).settle()


def test_p6_a_report_that_never_came_accounts_for_nothing() -> None:
    play = active().hand_in("y1", cost("personnel", 10_000_000, 8_000_000))
    play.at = "2026-04-01T00:00:00.000000Z"
    play.do("report", stream_id("report", "y2"), MarkReportOverdue(), SERVICE).settle()
    settled = play.last(FinalAccountSettled)
    assert settled.final_subsidy_cents == 8_000_000
    assert settled.checks[0].inputs["missing_reports"] == ["y2"]


def test_p6_there_is_no_final_account_without_a_contract_in_force() -> None:
    Play().award().refused("account", CASE, SETTLE, OFFICER, rule="STATE", code="not_now")


def test_p6_the_final_account_is_made_once() -> None:
    reported().settle().silent("account", CASE, SETTLE, OFFICER)


def test_p6_more_cost_than_planned_does_not_raise_the_award() -> None:
    settled = active().hand_in("y1", cost("personnel", 150_000_000, 80_000_000)).hand_in("y2").settle()
    assert settled.last(FinalAccountSettled).final_subsidy_cents == 80_000_000


def test_p6_less_cost_than_planned_returns_the_rest_to_the_envelope() -> None:
    play = active().hand_in("y1", cost("personnel", 75_000_000, 60_000_000)).hand_in("y2").settle()
    assert play.last(FinalAccountSettled).balance_cents == 60_000_000
    assert play.last(FundsDecommitted).amount_cents == 20_000_000
    assert play.books.balance(f"AVAILABLE:{CALL}") == 20_000_000


def test_p6_other_costs_do_not_give_back_what_was_recovered() -> None:
    play = active().claim("start").pay("start").hand_in("y1", cost("personnel", 150_000_000, 80_000_000)).hand_in("y2")
    settled = play.find(3_000_000).recover().settle().last(FinalAccountSettled)
    assert settled.final_subsidy_cents == 77_600_000
    assert settled.balance_cents == 40_000_000


def test_p6_own_share_of_the_subsidy_and_of_the_total_cost_differ() -> None:
    on_subsidy = Play().award(cofinancing=cofinancing("SUBSIDY")).activate()
    on_subsidy.hand_in("y1", cost("personnel", 60_000_000, 50_000_000)).hand_in("y2").settle()
    assert on_subsidy.last(FinalAccountSettled).final_subsidy_cents == 50_000_000
    on_total = active().hand_in("y1", cost("personnel", 60_000_000, 50_000_000)).hand_in("y2").settle()
    assert on_total.last(FinalAccountSettled).final_subsidy_cents == 48_000_000


def test_p6_a_limited_category_is_tested_again_on_accepted_costs() -> None:
    play = active().hand_in(
        "y1", cost("personnel", 60_000_000, 48_000_000), cost("small_infrastructure", 20_000_000, 16_000_000)
    )
    settled = play.hand_in("y2").settle().last(FinalAccountSettled)
    # 480,000 of other costs carry 120,000 of infrastructure: 20 % of 600,000; 40,000 of it is not borne.
    assert settled.final_subsidy_cents == 60_000_000
    assert settled.own_contribution_due_cents == 16_000_000


def test_p6_a_disallowed_cost_no_longer_weighs_in_the_share_of_its_category() -> None:
    play = active().hand_in(
        "y1", cost("personnel", 60_000_000, 48_000_000), cost("small_infrastructure", 20_000_000, 16_000_000)
    )
    play.do("account", CASE, finding(), INSPECTOR)
    play.do("account", CASE, disallow(10_000_000, category="small_infrastructure"), INSPECTOR)
    # 80,000 of infrastructure is left in 560,000: less than 20 %, so nothing is cut.
    assert play.hand_in("y2").settle().last(FinalAccountSettled).final_subsidy_cents == 56_000_000


def test_p6_what_was_paid_too_much_is_claimed_back_by_itself() -> None:
    play = active().claim("start").pay("start").hand_in("y1", cost("personnel", 25_000_000, 20_000_000)).hand_in("y2")
    play.settle()
    over = play.last(OverpaymentEstablished)
    assert (over.amount_cents, over.recovery) == (20_000_000, "1")
    ordered = play.last(RecoveryOrdered)
    assert (ordered.amount_cents, ordered.ground, ordered.finding) == (20_000_000, "not_accounted_for", None)
    assert play.last(FundsDecommitted).amount_cents == 40_000_000
    play.refused("account", CASE, CLOSE, OFFICER, rule="P1", code="recovery_open")
    closed = play.repay(20_000_000).close().last(AccountClosed)
    assert (closed.paid_cents, closed.recovered_cents, closed.final_subsidy_cents) == (
        40_000_000,
        20_000_000,
        20_000_000,
    )


@pytest.mark.parametrize("name", ["final_subsidy_cents", "balance_cents", "accepted_cents"])
def test_p6_a_final_account_that_does_not_add_up_is_found_when_the_rule_runs_again(name: str) -> None:
    check: Check = worked_example().settle().last(FinalAccountSettled).checks[0]
    assert P6.test(check.params, check.inputs) == Verdict("pass", "balance_due")
    assert P6.test(check.params, check.inputs | {name: 1}) == Verdict("fail", "does_not_add_up")


# P1: closure.


def test_p1_an_account_closes_after_the_balance_is_paid() -> None:
    play = reported()
    play.refused("account", CASE, CLOSE, OFFICER, rule="STATE", code="not_now")
    play.settle().refused("account", CASE, CLOSE, OFFICER, rule="P1", code="payment_open")
    play.claim("balance").pay("balance").close().silent("account", CASE, CLOSE, OFFICER)
    assert play.last(AccountClosed).paid_cents == 80_000_000
    play.silent("account", CASE, SETTLE, OFFICER)


def test_p1_a_balance_of_nothing_needs_no_payment_to_close() -> None:
    play = active().hand_in("y1").hand_in("y2").settle()
    assert play.last(FundsDecommitted).amount_cents == 80_000_000
    assert play.close().last(AccountClosed).paid_cents == 0


def test_every_check_on_record_gives_the_same_answer_again() -> None:
    play = worked_example().settle().claim("balance").pay("balance").close()
    tests = {(rule.id, rule.version): rule.test for rule in RULES}
    checks = [check for fact in play.facts for check in getattr(fact, "checks", ())]
    assert len(checks) > 10
    for check in checks:
        assert tests[check.rule, check.version](check.params, check.inputs) == (check.outcome, check.code)
