"""The rules of payment, P1 to P8: each a pure test that can be run again on what a fact wrote down."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import cast

from events.vocabulary import Check
from services.deciding import Refused
from services.payment.rules.arithmetic import WHOLE, final_account
from services.payment.rules.sentences import SENTENCES
from services.rulebook import Rule, Values, Verdict


def _int(values: Values, name: str) -> int:
    return cast("int", values[name])


def _fail(code: str) -> Verdict:
    return Verdict("fail", code)


def _pass(code: str) -> Verdict:
    return Verdict("pass", code)


def _p1(params: Values, inputs: Values) -> Verdict:
    paid = _int(inputs, "paid_cents")
    if paid + _int(inputs, "amount_cents") > _int(inputs, "committed_cents"):
        return _fail("above_commitment")
    if _int(inputs, "committed_cents") > _int(inputs, "award_cents"):
        return _fail("above_award")
    if params["moment"] == "payment":
        return _pass("covered")
    if _int(inputs, "unpaid_cents"):
        return _fail("payment_open")
    if _int(inputs, "owed_cents") or paid - _int(inputs, "recovered_cents") != _int(inputs, "final_subsidy_cents"):
        return _fail("recovery_open")
    return _pass("balanced")


def _p1_given_up(params: Values, inputs: Values) -> Verdict:
    """Version 2: money is also decommitted by decision, and a debt can be given up."""
    if params["moment"] == "closing":
        kept = _int(inputs, "recovered_cents") + _int(inputs, "given_up_cents")
        return _p1(params, {**inputs, "recovered_cents": kept})
    verdict = _p1({"moment": "payment"}, inputs)
    freed = params["moment"] == "decommitment" and verdict.outcome == "pass"
    return _pass("free") if freed else verdict


def _p2(_params: Values, inputs: Values) -> Verdict:
    # What is not asked at this moment does not stand in the inputs: a claim needs no bank account yet.
    for need in ("contract_active", "condition_met", "claim_approved", "bank_account_confirmed"):
        if inputs.get(need) is False:
            return _fail(f"no_{need}")
    return _pass("conditions_met")


_NEEDS = {
    "contract_active": "no_contract_active",
    "in_time": "too_late",
    "payment_free": "withheld",
    "condition_met": "no_condition_met",
    "claim_approved": "no_claim_approved",
    "bank_account_confirmed": "no_bank_account_confirmed",
}


def _p2_further(params: Values, inputs: Values) -> Verdict:
    """Version 2: also withholdings, and what a call asks for beside a tranche's own condition."""
    # What is not asked at this moment does not stand in the inputs: a claim needs no bank account yet.
    if inputs.get("stopped"):
        return _fail(f"contract_{inputs['stopped']}")
    for need, code in _NEEDS.items():
        if inputs.get(need) is False:
            return _fail(code)
    if inputs.get("interim") == "stop" and not inputs["last"]:
        return _fail("project_stopped")
    requires = cast("list[str]", params.get("requires", []))
    if "today" not in inputs:
        return _pass("conditions_met")
    if str(inputs["today"]) < str(inputs["first_day"]):
        return _fail("too_early")
    if _int(inputs, "realised_cents") * WHOLE < _int(inputs, "award_cents") * _int(params, "min_realised_bp"):
        return _fail("too_little_realised")
    if "interim_continue" in requires and inputs["interim"] != "continue":
        return _fail("no_interim_continue")
    if "positive_inspection" in requires and inputs["inspection"] != "positive":
        return _fail("no_positive_inspection")
    if "cost_lines" in requires and not _int(inputs, "costs"):
        return _fail("no_cost_lines")
    return _pass("conditions_met")


def _p3(_params: Values, inputs: Values) -> Verdict:
    if inputs["releaser"] == inputs["approver"]:
        return _fail("releaser_approved")
    if inputs["releaser"] == inputs["orderer"]:
        return _fail("releaser_ordered")
    return _pass("four_eyes")


def _p3_report(params: Values, inputs: Values) -> Verdict:
    """Version 2: whoever accepted the report that the tranche rests on releases nothing either."""
    verdict = _p3(params, inputs)
    if verdict.outcome == "pass" and inputs["releaser"] == inputs["report_accepter"]:
        return _fail("releaser_accepted_report")
    return verdict


def _p4(_params: Values, inputs: Values) -> Verdict:
    earlier = cast("list[str]", inputs["earlier"])
    if "executed" in earlier:
        return _fail("already_paid")
    if {"ordered", "released"} & set(earlier):
        return _fail("in_flight")
    if _int(inputs, "attempt") != len(earlier) + 1:
        return _fail("attempt_out_of_turn")
    if earlier and _int(inputs, "bank_account") <= _int(inputs, "rejected_bank_account"):
        return _fail("same_bank_account")
    return _pass("only_payment")


def _p5(_params: Values, inputs: Values) -> Verdict:
    planned = cast("list[int]", inputs["planned"])
    if sum(planned) != _int(inputs, "award_cents"):
        return _fail("sum_differs")
    if inputs["last"] and not inputs["settled"]:
        return _fail("final_account_first")
    if inputs["settled"] and not inputs["last"]:
        return _fail("only_balance_left")
    if not _int(inputs, "amount_cents"):
        return _fail("nothing_due")
    return _pass("balance" if inputs["last"] else "planned")


def _p6(params: Values, inputs: Values) -> Verdict:
    if inputs["open_reports"]:
        return _fail("report_open")
    if inputs["open_claims"]:
        return _fail("claim_open")
    account = final_account(params, inputs)
    if any(inputs[name] != value for name, value in account._asdict().items()):
        return _fail("does_not_add_up")
    if account.overpaid_cents:
        return _pass("overpaid")
    return _pass("balance_due" if account.balance_cents else "nothing_due")


def _p7(_params: Values, inputs: Values) -> Verdict:
    finding = inputs["finding"]
    if inputs["needs_finding"] and not (isinstance(finding, int) and 1 <= finding <= _int(inputs, "findings")):
        return _fail("no_finding")
    if not _int(inputs, "amount_cents"):
        return _fail("no_amount")
    if _int(inputs, "amount_cents") > _int(inputs, "limit_cents"):
        return _fail("above_limit")
    return _pass("grounded")


def _p8(_params: Values, inputs: Values) -> Verdict:
    if inputs["unknown_categories"]:
        return _fail("unknown_category")
    if inputs["subsidy_above_cost"]:
        return _fail("subsidy_above_cost")
    if _int(inputs, "subsidy_cents") + _int(inputs, "other_flemish_cents") > _int(inputs, "cost_cents"):
        return _fail("charged_twice")
    if _int(inputs, "cost_cents") and not (
        str(inputs["start"]) <= str(inputs["term_end"]) and str(inputs["term_start"]) <= str(inputs["end"])
    ):
        return _fail("outside_term")
    return _pass("eligible")


def _p8_costs(_params: Values, inputs: Values) -> Verdict:
    """Version 2 is for the lines of a claim, version 1 for a report: dates and evidence stand in the lines only."""
    for name, code in (
        ("unknown_categories", "unknown_category"),
        ("outside_term", "cost_outside_term"),
        ("charged_above_cost", "charged_twice_in_line"),
        ("used_before", "evidence_used_before"),
    ):
        if inputs[name]:
            return _fail(code)
    return _pass("lines_eligible")


def _interim(params: Values, inputs: Values) -> Verdict:
    if inputs["outcome"] == "stop":
        return _pass("stops")
    if _int(inputs, "reached_bp") >= _int(params, "min_reached_bp"):
        return _pass("reached")
    return _pass("evaluated") if inputs["positive_evaluation"] else _fail("too_little_reached")


def _rule(number: int, test: Callable[[Values, Values], Verdict], version: int = 1) -> Rule:
    return Rule(f"P{number}", version, test, SENTENCES[f"P{number}"])


P1_FIRST, P2_FIRST, P3_FIRST, P4, P5, P6, P7, P8 = (
    _rule(number, test) for number, test in enumerate((_p1, _p2, _p3, _p4, _p5, _p6, _p7, _p8), 1)
)
P1, P2, P3 = _rule(1, _p1_given_up, 2), _rule(2, _p2_further, 2), _rule(3, _p3_report, 2)
P8_COSTS = _rule(8, _p8_costs, 2)
INTERIM = Rule("INTERIM", 1, _interim, SENTENCES["INTERIM"])

RULES: tuple[Rule, ...] = (P1_FIRST, P1, P2_FIRST, P2, P3_FIRST, P3, P4, P5, P6, P7, P8, P8_COSTS, INTERIM)
"""Every version of every rule of payment."""


def refusal(checks: Iterable[Check]) -> Refused | None:
    """The refusal by the first rule that failed; None if all passed."""
    for one in checks:
        if one.outcome == "fail":
            return Refused(one.rule, one.code, {**one.params, **one.inputs})
    return None
