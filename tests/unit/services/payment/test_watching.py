"""Control while a project runs: inspections, the interim decision, default notices, costs that count again."""

from __future__ import annotations

import pytest

from events.intake import InterimTerms
from events.payment import (
    CostReinstated,
    DefaultNoticeGiven,
    FinalAccountSettled,
    InspectionRecorded,
    InterimDecisionRecorded,
)
from events.times import end_of_day
from services.payment.commands import (
    GiveDefaultNotice,
    MarkReportOverdue,
    RecordInspection,
    RecordInterimDecision,
    ReinstateCost,
    SubmitClaim,
)
from tests.unit.services.payment.play import (
    APPLICANT,
    CASE,
    HANDLER,
    INSPECTOR,
    SERVICE,
    Play,
    cost,
    disallow,
    finding,
    payment_terms,
    report,
    stream_id,
    words,
)
from tests.unit.services.payment.test_claims import asking
from tests.unit.services.payment.test_recoveries import WHOLE, paid

START = stream_id("claim", "start")
CLAIM = SubmitClaim(case=CASE, tranche="start")
Y1 = stream_id("report", "y1")


def inspection(outcome: str, reference: str = "CTP-1") -> RecordInspection:
    return RecordInspection.model_validate(
        {
            "reference": reference,
            "inspectedOn": "2022-05-04",
            "outcome": outcome,
            "remarks": {"language": "nl", "text": "Gezien."},
            "documentSha256": "0" * 64,
        }
    )


def interim(outcome: str, reached_bp: int = 2_500, *, positive: bool = False) -> RecordInterimDecision:
    return RecordInterimDecision.model_validate(
        {
            "outcome": outcome,
            "reachedBp": reached_bp,
            "positiveEvaluation": positive,
            "reason": {"language": "nl", "text": "Na het tussentijds verslag."},
        }
    )


def half_way() -> Play:
    terms = payment_terms(asking(requires=["interim_continue"]), interim=InterimTerms(min_reached_bp=2_500))
    return Play().award(payment=terms).activate()


# Inspections.


def test_p2_where_the_call_asks_for_it_the_last_inspection_must_be_positive() -> None:
    play = Play().award(payment=payment_terms(asking(requires=["positive_inspection"]))).activate()
    play.refused("claim", START, CLAIM, APPLICANT, rule="P2", code="no_positive_inspection")
    play.do("account", CASE, inspection("positive"), INSPECTOR)
    assert (play.last(InspectionRecorded).reference, play.last(InspectionRecorded).outcome) == ("CTP-1", "positive")
    play.do("account", CASE, inspection("remarks", "CTP-2"), INSPECTOR)
    play.refused("claim", START, CLAIM, APPLICANT, rule="P2", code="no_positive_inspection")
    play.do("account", CASE, inspection("positive", "CTP-3"), INSPECTOR).do("claim", START, CLAIM, APPLICANT)


def test_an_inspection_is_recorded_once_by_its_reference_and_only_where_a_project_runs() -> None:
    play = Play().award().activate().do("account", CASE, inspection("positive"), INSPECTOR)
    play.silent("account", CASE, inspection("negative"), INSPECTOR)
    Play().award().refused("account", CASE, inspection("positive"), INSPECTOR, rule="STATE", code="not_now")


# The interim decision.


def test_p2_a_tranche_waits_for_the_decision_to_go_on() -> None:
    play = half_way()
    play.refused("claim", START, CLAIM, APPLICANT, rule="P2", code="no_interim_continue")
    play.do("account", CASE, interim("continue"), HANDLER).do("claim", START, CLAIM, APPLICANT)
    decided = play.last(InterimDecisionRecorded)
    assert [(one.rule, one.code) for one in decided.checks] == [("INTERIM", "reached")]


@pytest.mark.parametrize(
    ("reached_bp", "positive", "code"),
    [(2_500, False, "reached"), (2_499, True, "evaluated"), (2_499, False, "too_little_reached")],
)
def test_interim_going_on_takes_a_quarter_of_the_target_or_a_positive_evaluation(
    reached_bp: int, positive: bool, code: str
) -> None:
    play, command = half_way(), interim("continue", reached_bp, positive=positive)
    if code == "too_little_reached":
        play.refused("account", CASE, command, HANDLER, rule="INTERIM", code=code)
    else:
        assert play.do("account", CASE, command, HANDLER).last(InterimDecisionRecorded).checks[0].code == code


def test_p2_after_a_decision_to_stop_only_the_balance_is_left() -> None:
    play = half_way().do("account", CASE, interim("stop", 0), HANDLER)
    assert play.last(InterimDecisionRecorded).checks[0].code == "stops"
    play.refused("claim", START, CLAIM, APPLICANT, rule="P2", code="project_stopped")
    play.hand_in("y1", cost("personnel", 10_000, 8_000)).hand_in("y2").settle().claim("balance").pay("balance").close()


def test_a_call_without_an_interim_decision_takes_none() -> None:
    play = Play().award().activate()
    play.refused("account", CASE, interim("stop"), HANDLER, rule="STATE", code="no_interim_decision")
    Play().award().refused("account", CASE, interim("stop"), HANDLER, rule="STATE", code="not_now")


# Default notice.


def test_an_overdue_report_is_demanded_a_last_time_once_and_can_still_come() -> None:
    notice = GiveDefaultNotice(reason=words(), days=30)
    play = Play().award().activate()
    play.refused("report", Y1, notice, HANDLER, rule="STATE", code="not_now")
    play.at = "2023-04-01T10:00:00.000000Z"
    play.do("report", Y1, MarkReportOverdue(), SERVICE).do("report", Y1, notice, HANDLER)
    assert play.last(DefaultNoticeGiven).due == end_of_day("2023-05-01")
    play.silent("report", Y1, notice, HANDLER).do("report", Y1, report(), APPLICANT)


# P7: a disallowed cost that counts again.


def again(amount: int, number: int = 1) -> ReinstateCost:
    return ReinstateCost(finding=number, category="personnel", amount_cents=amount, reason=words("Alsnog aangetoond."))


def test_p7_a_reinstated_cost_counts_in_the_final_account_and_is_not_claimed_back() -> None:
    play = paid().find(3_000_000).do("account", CASE, again(1_000_000), HANDLER)
    reinstated = play.last(CostReinstated)
    assert (reinstated.subsidy_cents, reinstated.checks[0].code) == (800_000, "grounded")
    assert play.recover().owed() == 1_600_000
    settled = play.hand_in("y2").settle().last(FinalAccountSettled)
    assert (settled.disallowed_cents, settled.final_subsidy_cents) == (2_000_000, 78_400_000)


def test_p7_no_more_is_reinstated_than_was_disallowed_and_nothing_that_was_claimed_back() -> None:
    play = paid().find(3_000_000)
    play.refused("account", CASE, again(3_000_001), HANDLER, rule="P7", code="above_limit")
    play.refused("account", CASE, again(1, number=2), HANDLER, rule="P7", code="no_finding")
    play.do("account", CASE, again(3_000_000), HANDLER)
    assert play.last(CostReinstated).subsidy_cents == 2_400_000
    play.refused("account", CASE, again(1), HANDLER, rule="P7", code="above_limit")
    recovered = paid().find(3_000_000).recover()
    recovered.refused("account", CASE, again(1), HANDLER, rule="P7", code="above_limit")


def test_p7_a_reinstated_cost_can_be_disallowed_anew() -> None:
    play = paid().find(3_000_000).do("account", CASE, again(3_000_000), HANDLER)
    play.do("account", CASE, disallow(3_000_000), INSPECTOR)
    assert play.hand_in("y2").settle().last(FinalAccountSettled).disallowed_cents == 3_000_000


def test_nothing_is_reinstated_after_the_final_account() -> None:
    play = Play().award().activate().hand_in("y1", WHOLE).do("account", CASE, finding(), INSPECTOR)
    play.do("account", CASE, disallow(3_000_000), INSPECTOR).hand_in("y2").settle()
    play.refused("account", CASE, again(1), HANDLER, rule="STATE", code="not_now")
