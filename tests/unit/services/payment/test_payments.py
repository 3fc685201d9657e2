"""Claims and payment orders: P1 to P5."""

from __future__ import annotations

import pytest

from events.intake import Tranche
from events.payment import (
    ClaimApproved,
    ClaimSubmitted,
    FundsDecommitted,
    PaymentExecuted,
    PaymentOrdered,
    PaymentRejectedByBank,
)
from services.deciding import Refused
from services.payment.commands import (
    ActivateAccount,
    ApproveClaim,
    ConfirmExecution,
    OrderPayment,
    RecordBankRejection,
    ReleasePaymentFile,
    SubmitClaim,
)
from services.payment.rules import P1
from tests.given import actor
from tests.unit.services.payment.play import (
    APPLICANT,
    APPROVER,
    CALL,
    CASE,
    OFFICER,
    RELEASER,
    SERVICE,
    SOURCE,
    TERM,
    TRANCHES,
    Play,
    cost,
    stream_id,
)

START = stream_id("claim", "start")
FIRST = stream_id("payment-order", "start/1")
ORDER = OrderPayment(case=CASE, tranche="start", attempt=1)
CONFIRM = ConfirmExecution(value_date="2022-03-01")
REJECT = RecordBankRejection(code="AC04")


def claim(tranche: str) -> SubmitClaim:
    return SubmitClaim(case=CASE, tranche=tranche)


def active() -> Play:
    return Play().award().activate()


def claimed() -> Play:
    return active().claim("start")


# P2: what must be there before money is claimed and before it is ordered.


def test_p2_nothing_is_claimed_before_the_contract_is_in_force() -> None:
    play = Play().award()
    play.refused("claim", START, claim("start"), APPLICANT, rule="P2", code="no_contract_active")


def test_p2_a_tranche_is_claimed_once_its_report_is_accepted() -> None:
    play = active()
    ident = stream_id("claim", "progress")
    play.refused("claim", ident, claim("progress"), APPLICANT, rule="P2", code="no_condition_met")
    play.hand_in("y1", cost("personnel", 1_000, 800)).do("claim", ident, claim("progress"), APPLICANT)
    submitted = play.last(ClaimSubmitted)
    assert submitted.amount_cents == 24_000_000
    assert [(one.rule, one.code) for one in submitted.checks] == [("P2", "conditions_met"), ("P5", "planned")]


def test_p2_no_order_without_an_approved_claim() -> None:
    play = active()
    play.refused("payment-order", FIRST, ORDER, OFFICER, rule="P2", code="no_claim_approved")
    play.do("claim", START, claim("start"), APPLICANT)
    play.refused("payment-order", FIRST, ORDER, OFFICER, rule="P2", code="no_claim_approved")


def test_p2_no_order_without_a_confirmed_bank_account() -> None:
    play = Play().award().do("account", CASE, ActivateAccount(term=TERM, source=SOURCE), SERVICE).claim("start")
    play.refused("payment-order", FIRST, ORDER, OFFICER, rule="P2", code="no_bank_account_confirmed")


def test_p2_no_claim_and_no_order_without_a_commitment() -> None:
    play = Play()
    play.refused("claim", START, claim("start"), APPLICANT, rule="STATE", code="not_now")
    play.refused("payment-order", FIRST, ORDER, OFFICER, rule="STATE", code="not_now")


def test_own_another_organisation_cannot_claim() -> None:
    stranger = actor("applicant", "OVO000666")
    active().refused("claim", START, claim("start"), stranger, rule="OWN", code="other_organisation")


# P5: how much.


def test_p5_a_tranche_that_was_not_planned_cannot_be_claimed() -> None:
    ident = stream_id("claim", "bonus")
    active().refused("claim", ident, claim("bonus"), APPLICANT, rule="P5", code="no_such_tranche")


def test_p5_the_last_tranche_waits_for_the_final_account_whatever_its_own_condition() -> None:
    last = Tranche(code="balance", label=TRANCHES[0].label, share_bp=2000, condition="contract_active", report=None)
    play = Play().award(tranches=[*TRANCHES[:2], last]).activate()
    ident = stream_id("claim", "balance")
    play.refused("claim", ident, claim("balance"), APPLICANT, rule="P5", code="final_account_first")


def test_p5_the_last_tranche_is_the_balance_and_after_it_nothing_else_is_claimed() -> None:
    play = claimed().pay("start").hand_in("y1", cost("personnel", 100_000_000, 80_000_000)).hand_in("y2").settle()
    progress = stream_id("claim", "progress")
    play.refused("claim", progress, claim("progress"), APPLICANT, rule="P5", code="only_balance_left")
    assert play.claim("balance").last(ClaimSubmitted).amount_cents == 40_000_000


def test_p5_a_balance_of_nothing_cannot_be_claimed() -> None:
    play = claimed().pay("start").hand_in("y1", cost("personnel", 50_000_000, 40_000_000)).hand_in("y2").settle()
    ident = stream_id("claim", "balance")
    play.refused("claim", ident, claim("balance"), APPLICANT, rule="P5", code="nothing_due")
    play.close().refused("claim", ident, claim("balance"), APPLICANT, rule="STATE", code="not_now")


def test_a_claim_is_made_and_approved_once() -> None:
    play = claimed().silent("claim", START, claim("start"), APPLICANT)
    play.silent("claim", START, ApproveClaim(), APPROVER)
    assert play.last(ClaimApproved).approver == APPROVER.person


# P4: one payment a tranche.


def test_p4_the_end_to_end_id_follows_from_case_tranche_and_attempt() -> None:
    ordered = claimed().order("start").last(PaymentOrdered)
    assert ordered.end_to_end_id == FIRST.replace("-", "")
    assert len(ordered.end_to_end_id) <= 35
    assert ordered.ordered_by == OFFICER.person


@pytest.mark.parametrize(
    ("steps", "code"),
    [
        (("order",), "in_flight"),
        (("order", "release"), "in_flight"),
        (("order", "release", "execute"), "already_paid"),
    ],
)
def test_p4_a_tranche_is_not_ordered_again_while_paid_or_on_its_way(steps: tuple[str, ...], code: str) -> None:
    play = claimed()
    for step in steps:
        getattr(play, step)("start")
    again = OrderPayment(case=CASE, tranche="start", attempt=2)
    play.refused("payment-order", stream_id("payment-order", "start/2"), again, OFFICER, rule="P4", code=code)
    play.silent("payment-order", FIRST, ORDER, OFFICER)


def test_p4_attempts_come_in_turn() -> None:
    third = OrderPayment(case=CASE, tranche="start", attempt=3)
    ident = stream_id("payment-order", "start/3")
    claimed().refused("payment-order", ident, third, OFFICER, rule="P4", code="attempt_out_of_turn")


def test_p4_a_rejected_payment_reopens_the_tranche_for_another_bank_account() -> None:
    play = claimed().order("start").release("start").reject("start")
    assert play.last(PaymentRejectedByBank).code == "AC04"
    assert play.books.balance(f"COMMITTED:{CASE}") == 80_000_000
    again = OrderPayment(case=CASE, tranche="start", attempt=2)
    ident = stream_id("payment-order", "start/2")
    play.refused("payment-order", ident, again, OFFICER, rule="P4", code="same_bank_account")
    play.confirm_bank().pay("start", 2)
    assert play.last(PaymentOrdered).bank_account == 2
    assert play.books.balance(f"BANK:{CASE}") == 40_000_000


def test_p4_an_order_has_one_place() -> None:
    wrong = stream_id("payment-order", "start/9")
    claimed().refused("payment-order", wrong, ORDER, OFFICER, rule="STATE", code="wrong_stream")
    active().refused("claim", stream_id("claim", "other"), claim("start"), APPLICANT, rule="STATE", code="wrong_stream")


def test_p4_hearing_from_the_bank_twice_pays_once() -> None:
    play = claimed().pay("start")
    play.silent("payment-order", FIRST, CONFIRM, RELEASER)
    play.silent("payment-order", FIRST, ReleasePaymentFile(), RELEASER)
    assert len([fact for fact in play.facts if isinstance(fact, PaymentExecuted)]) == 1
    play.refused("payment-order", FIRST, REJECT, RELEASER, rule="STATE", code="not_now")


def test_p4_the_bank_cannot_answer_what_it_was_not_given() -> None:
    play = claimed().order("start")
    play.refused("payment-order", FIRST, CONFIRM, RELEASER, rule="STATE", code="not_now")
    play.refused("payment-order", FIRST, REJECT, RELEASER, rule="STATE", code="not_now")


def test_p4_a_rejected_order_stays_rejected() -> None:
    play = claimed().order("start").release("start").reject("start")
    play.silent("payment-order", FIRST, REJECT, RELEASER)
    play.refused("payment-order", FIRST, CONFIRM, RELEASER, rule="STATE", code="not_now")
    play.refused("payment-order", FIRST, ReleasePaymentFile(), RELEASER, rule="STATE", code="not_now")


# P3: four eyes.


@pytest.mark.parametrize(
    ("person", "code"), [(APPROVER.person, "releaser_approved"), (OFFICER.person, "releaser_ordered")]
)
def test_p3_who_approved_or_ordered_cannot_release(person: str, code: str) -> None:
    play = claimed().order("start")
    same = actor("payment_releaser", "OVO000097", person)
    play.refused("payment-order", FIRST, ReleasePaymentFile(), same, rule="P3", code=code)
    play.release("start")


# P1: never more than was committed.


def test_p1_an_order_takes_no_more_than_the_commitment() -> None:
    check = claimed().order("start").last(PaymentOrdered).checks[-1]
    assert (check.rule, check.code) == ("P1", "covered")
    assert P1.test(check.params, check.inputs | {"paid_cents": 40_000_000}).outcome == "pass"
    assert P1.test(check.params, check.inputs | {"paid_cents": 40_000_001}).code == "above_commitment"
    assert P1.test(check.params, check.inputs | {"award_cents": 79_999_999}).code == "above_award"


def test_p1_an_order_above_the_commitment_is_refused() -> None:
    play = claimed()
    less = FundsDecommitted(call=CALL, case=CASE, amount_cents=50_000_000, reason="terminated", explanation=None)
    play.given.has(f"account-{CASE}", less)
    refused = play.refused("payment-order", FIRST, ORDER, OFFICER, rule="P1", code="above_commitment")
    assert isinstance(refused, Refused)
    assert refused.inputs["committed_cents"] == 30_000_000


def test_p1_money_on_its_way_counts_as_paid() -> None:
    play = claimed().order("start").hand_in("y1", cost("personnel", 1_000, 800)).claim("progress").order("progress")
    assert play.last(PaymentOrdered).checks[-1].inputs["paid_cents"] == 40_000_000
    assert play.books.held(f"COMMITTED:{CASE}") == 64_000_000
