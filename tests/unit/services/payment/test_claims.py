"""Claims: what a tranche waits for beside its own condition, its cost lines, and what an official finds due of it."""

from __future__ import annotations

from typing import Any

import pytest

from events.intake import TrancheRule
from events.payment import (
    ClaimPartiallyApproved,
    ClaimRejected,
    ClaimSubmitted,
    FinalAccountSettled,
    PaymentOrdered,
)
from events.vocabulary import Period
from services.payment.commands import ApproveClaim, ApprovePartially, OrderPayment, RejectClaim, SubmitClaim
from tests.unit.services.payment.play import (
    APPLICANT,
    APPROVER,
    CASE,
    OFFICER,
    Play,
    claimed_cost,
    cost,
    payment_terms,
    stream_id,
    words,
)

START = stream_id("claim", "start")
PROGRESS = stream_id("claim", "progress")
CLAIM = SubmitClaim(case=CASE, tranche="start")
REJECT = RejectClaim(reason=words("De prestatie is niet geleverd."))
PART = ApprovePartially(amount_cents=30_000_000, reason=words("Twee facturen ontbreken."))


def asking(tranche: str = "start", **asked: Any) -> TrancheRule:
    """What else a tranche waits for."""
    fields: dict[str, Any] = {
        "tranche": tranche,
        "requires": [],
        "min_realised_bp": 0,
        "not_before_months": None,
        "claim_months_after_end": None,
    }
    return TrancheRule(**(fields | asked))


def active(*rules: TrancheRule) -> Play:
    return Play().award(payment=payment_terms(*rules)).activate()


def claimed() -> Play:
    return active().do("claim", START, CLAIM, APPLICANT)


# What an official finds due.


def test_a_part_of_a_claim_is_approved_ordered_and_the_rest_comes_with_the_balance() -> None:
    play = claimed().do("claim", START, PART, APPROVER)
    approved = play.last(ClaimPartiallyApproved)
    assert (approved.claimed_cents, approved.amount_cents, approved.approver) == (40_000_000, 30_000_000, "approver")
    assert play.pay("start").last(PaymentOrdered).amount_cents == 30_000_000
    play.hand_in("y1", cost("personnel", 100_000_000, 80_000_000)).hand_in("y2").settle()
    assert play.last(FinalAccountSettled).balance_cents == 50_000_000


@pytest.mark.parametrize("amount", [40_000_000, 40_000_001])
def test_p5_a_part_is_less_than_what_was_claimed(amount: int) -> None:
    more = ApprovePartially(amount_cents=amount, reason=words())
    claimed().refused("claim", START, more, APPROVER, rule="P5", code="not_less")


def test_a_claim_is_found_due_once_in_full_or_in_part() -> None:
    play = claimed().do("claim", START, PART, APPROVER).silent("claim", START, PART, APPROVER)
    play.silent("claim", START, ApproveClaim(), APPROVER)
    other = ApprovePartially(amount_cents=1, reason=words())
    play.refused("claim", START, other, APPROVER, rule="STATE", code="not_now")
    play.refused("claim", START, REJECT, APPROVER, rule="STATE", code="not_now")


def test_a_rejected_claim_pays_nothing_and_can_be_made_again() -> None:
    play = claimed().do("claim", START, REJECT, APPROVER).silent("claim", START, REJECT, APPROVER)
    rejected = play.last(ClaimRejected)
    assert (rejected.claimed_cents, rejected.rejected_by, rejected.evidence) == (40_000_000, "approver", [])
    for command in (ApproveClaim(), PART):
        play.refused("claim", START, command, APPROVER, rule="STATE", code="not_now")
    order = OrderPayment(case=CASE, tranche="start", attempt=1)
    play.refused("payment-order", play.order_id("start"), order, OFFICER, rule="P2", code="no_claim_approved")
    play.claim("start").pay("start")
    assert play.books.balance(f"BANK:{CASE}") == 40_000_000


def test_a_rejected_claim_does_not_keep_the_final_account_open() -> None:
    play = claimed().do("claim", START, REJECT, APPROVER)
    play.hand_in("y1", cost("personnel", 100_000_000, 80_000_000)).hand_in("y2").settle()
    assert play.last(FinalAccountSettled).balance_cents == 80_000_000


# P2: what a call asks for beside the tranche's own condition.


@pytest.mark.parametrize(("at", "code"), [("2023-03-31T21:59:59", "too_early"), ("2023-03-31T22:00:00", None)])
def test_p2_a_tranche_is_claimed_from_its_month_on_as_the_day_begins_in_brussels(at: str, code: str | None) -> None:
    play = active(asking(not_before_months=15))
    play.at = f"{at}.000000Z"
    if code:
        play.refused("claim", START, CLAIM, APPLICANT, rule="P2", code=code)
    else:
        play.do("claim", START, CLAIM, APPLICANT)


@pytest.mark.parametrize(("charged", "code"), [(47_999_999, "too_little_realised"), (48_000_000, None)])
def test_p2_a_tranche_waits_until_the_last_cent_of_its_share_is_accounted_for(charged: int, code: str | None) -> None:
    play = active(asking("progress", min_realised_bp=6_000)).hand_in("y1", cost("personnel", 70_000_000, charged))
    command = SubmitClaim(case=CASE, tranche="progress")
    if code:
        answer = play.refused("claim", PROGRESS, command, APPLICANT, rule="P2", code=code)
        assert (answer.inputs["realised_cents"], answer.inputs["min_realised_bp"]) == (charged, 6_000)
    else:
        play.do("claim", PROGRESS, command, APPLICANT)


def test_p2_where_the_call_asks_for_cost_lines_a_claim_has_them() -> None:
    play = active(asking(requires=["cost_lines"]))
    play.refused("claim", START, CLAIM, APPLICANT, rule="P2", code="no_cost_lines")
    play.claim("start", claimed_cost(8_000))
    submitted = play.last(ClaimSubmitted)
    assert [line.evidence_sha256 for line in submitted.costs] == ["a" * 64]
    assert [(one.rule, one.version) for one in submitted.checks] == [("P2", 2), ("P5", 1), ("P8", 2)]


def test_a_claim_is_for_what_its_costs_carry_and_no_more_than_the_tranche() -> None:
    assert active().claim("start", claimed_cost(8_000)).last(ClaimSubmitted).amount_cents == 8_000
    assert active().claim("start", claimed_cost(90_000_000)).last(ClaimSubmitted).amount_cents == 40_000_000


# P8: costs of a claim.


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ({"category": "champagne"}, "unknown_category"),
        ({"incurred": {"start": "2021-12-31", "end": "2022-01-31"}}, "cost_outside_term"),
        ({"incurred": {"start": "2025-12-31", "end": "2026-01-01"}}, "cost_outside_term"),
        ({"other_subsidy_cents": 2_001}, "charged_twice_in_line"),
        ({"other_subsidy_cents": 2_000}, None),
        ({"incurred": {"start": "2022-01-01", "end": "2025-12-31"}}, None),
    ],
)
def test_p8_a_cost_is_known_inside_the_term_and_borne_once(line: dict[str, Any], code: str | None) -> None:
    changed: dict[str, Any] = line | ({"incurred": Period(**line["incurred"])} if "incurred" in line else {})
    command = SubmitClaim(case=CASE, tranche="start", costs=[claimed_cost(**changed)])
    play = active()
    if code:
        play.refused("claim", START, command, APPLICANT, rule="P8", code=code)
    else:
        play.do("claim", START, command, APPLICANT)


def test_p8_evidence_carries_one_claim_of_a_case_unless_that_claim_was_rejected() -> None:
    play = active().hand_in("y1", cost("personnel", 10_000, 8_000)).claim("start", claimed_cost(evidence="a"))
    again = SubmitClaim(case=CASE, tranche="progress", costs=[claimed_cost(evidence="b"), claimed_cost(evidence="a")])
    answer = play.refused("claim", PROGRESS, again, APPLICANT, rule="P8", code="evidence_used_before")
    assert answer.inputs["used_before"] == ["loon a"]

    first = SubmitClaim(case=CASE, tranche="start", costs=[claimed_cost(evidence="a")])
    other = active().hand_in("y1", cost("personnel", 10_000, 8_000)).do("claim", START, first, APPLICANT)
    other.do("claim", START, REJECT, APPROVER)
    assert other.last(ClaimRejected).evidence == ["a" * 64]
    other.do("claim", PROGRESS, again, APPLICANT)
