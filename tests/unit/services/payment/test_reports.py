"""Reports, and P8: which costs are eligible."""

from __future__ import annotations

import pytest

from events.payment import (
    FinalAccountSettled,
    ReportAccepted,
    ReportCorrectionRequested,
    ReportedCost,
    ReportOverdue,
    ReportRejected,
    ReportReminded,
    ReportSubmitted,
)
from events.times import end_of_day
from events.vocabulary import FinancingLine, Period
from services.deciding import CancelTimer, Issue, SetTimer
from services.payment.commands import (
    AcceptReport,
    ActivateAccount,
    ExpectReport,
    MarkReportOverdue,
    RejectReport,
    RemindReport,
    RequestReportCorrection,
    SettleFinalAccount,
)
from services.payment.reactions import timers
from tests.given import actor
from tests.unit.services.payment.play import (
    APPLICANT,
    CALL,
    CASE,
    HANDLER,
    OFFICER,
    REPORTS,
    SERVICE,
    SOURCE,
    Play,
    cost,
    payment_terms,
    report,
    stream_id,
    words,
)

Y1 = stream_id("report", "y1")
PERSONNEL = cost("personnel", 10_000, 8_000)


def active() -> Play:
    return Play().award().activate()


def test_a_report_falls_due_once() -> None:
    command = ExpectReport(call=CALL, case=CASE, report="y1", period=REPORTS[0].period, due=end_of_day("2023-03-31"))
    active().silent("report", Y1, command, SERVICE)


def test_p8_a_report_of_eligible_costs_is_accepted_as_it_stands() -> None:
    accepted = active().hand_in("y1", PERSONNEL, cost("operating", 500, 400)).last(ReportAccepted)
    assert accepted.accepted_cents == 10_500
    (check,) = accepted.checks
    assert (check.rule, check.outcome, check.code) == ("P8", "pass", "eligible")
    assert len(check.source_events) == 4
    assert check.reason.nl == "Kosten van 105,00 euro, waarvan 84,00 euro op de subsidie, in verslag y1."


def test_an_accepted_report_is_accepted_once_and_cannot_be_replaced() -> None:
    play = active().hand_in("y1", PERSONNEL)
    play.silent("report", Y1, AcceptReport(), HANDLER)
    play.silent("report", Y1, report(PERSONNEL), APPLICANT)
    play.refused("report", Y1, report(cost("personnel", 1, 1)), APPLICANT, rule="STATE", code="not_now")


def test_until_it_is_accepted_a_better_report_takes_the_place_of_the_first() -> None:
    play = active().do("report", Y1, report(PERSONNEL), APPLICANT).silent("report", Y1, report(PERSONNEL), APPLICANT)
    play.do("report", Y1, report(cost("personnel", 9_000, 7_000)), APPLICANT)
    assert play.do("report", Y1, AcceptReport(), HANDLER).last(ReportAccepted).accepted_cents == 9_000


def test_what_was_not_handed_in_cannot_be_accepted() -> None:
    active().refused("report", Y1, AcceptReport(), HANDLER, rule="STATE", code="not_now")


def test_own_another_organisation_cannot_hand_in_a_report() -> None:
    stranger = actor("applicant", "OVO000666")
    active().refused("report", Y1, report(PERSONNEL), stranger, rule="OWN", code="other_organisation")


OTHER_MONEY = [FinancingLine(source="other_flemish", party="VLAIO", amount_cents=2_001)]


@pytest.mark.parametrize(
    ("line", "financing", "code"),
    [
        (cost("champagne", 10_000, 8_000), [], "unknown_category"),
        (cost("personnel", 10_000, 10_001), [], "subsidy_above_cost"),
        (cost("personnel", 10_000, 8_000), OTHER_MONEY, "charged_twice"),
    ],
)
def test_p8_a_cost_that_is_not_eligible_is_refused(
    line: ReportedCost, financing: list[FinancingLine], code: str
) -> None:
    active().refused("report", Y1, report(line, financing=financing), APPLICANT, rule="P8", code=code)


def test_p8_other_flemish_money_may_bear_what_the_subsidy_does_not() -> None:
    money = [FinancingLine(source="other_flemish", party="VLAIO", amount_cents=2_000)]
    active().do("report", Y1, report(PERSONNEL, financing=money), APPLICANT)


def test_p8_costs_outside_the_term_are_refused_and_an_empty_report_is_not() -> None:
    play = Play().award()
    late = ActivateAccount(term=Period(start="2023-01-01", end="2025-12-31"), source=SOURCE)
    play.do("account", CASE, late, SERVICE)
    play.refused("report", Y1, report(PERSONNEL), APPLICANT, rule="P8", code="outside_term")
    play.hand_in("y1")


def test_a_report_that_is_not_in_on_its_last_day_is_overdue_and_can_still_come() -> None:
    play = active()
    play.at = "2023-03-31T21:59:59.000000Z"
    play.do("report", Y1, MarkReportOverdue(), SERVICE)
    assert play.last(ReportOverdue).due == end_of_day("2023-03-31")
    play.silent("report", Y1, MarkReportOverdue(), SERVICE)
    play.hand_in("y1", PERSONNEL)


def test_a_timer_that_fires_early_or_after_the_report_changes_nothing() -> None:
    play = active()
    play.at = "2023-03-31T21:59:58.000000Z"
    play.silent("report", Y1, MarkReportOverdue(), SERVICE)
    play.do("report", Y1, report(PERSONNEL), APPLICANT)
    play.at = "2023-04-01T00:00:00.000000Z"
    play.silent("report", Y1, MarkReportOverdue(), SERVICE)


def test_no_report_moves_once_the_final_account_is_settled() -> None:
    play = active().hand_in("y1", PERSONNEL)
    play.at = "2026-04-01T00:00:00.000000Z"
    play.do("report", stream_id("report", "y2"), MarkReportOverdue(), SERVICE)
    play.do("account", CASE, SettleFinalAccount(), OFFICER)
    late = stream_id("report", "y2")
    play.refused("report", late, report(PERSONNEL), APPLICANT, rule="STATE", code="not_now")


def test_the_overdue_timer_is_set_when_a_report_falls_due_and_dropped_when_it_comes() -> None:
    play = active().do("report", Y1, report(PERSONNEL), APPLICANT)
    changes = [change for fact in play.facts for change in timers(fact)]
    sets = [one for one in changes if isinstance(one, SetTimer)]
    assert [(one.due, type(one.issue.command)) for one in sets] == [
        (end_of_day(term.due).utc, MarkReportOverdue) for term in REPORTS
    ]
    assert changes[-1] == CancelTimer(sets[0].id)
    assert sets[0].issue.stream == f"report-{Y1}"
    assert play.last(ReportSubmitted).report == "y1"


# Reminders.


def reminded(*days: int) -> Play:
    return Play().award(payment=payment_terms(reminder_days=days)).activate()


def test_reminders_are_set_at_the_start_of_their_day_in_brussels_summer_time_included() -> None:
    changes = [change for fact in reminded(30, 7).facts for change in timers(fact)]
    sets = [one for one in changes if isinstance(one, SetTimer) and one.issue.stream == f"report-{Y1}"]
    # 31 March 2023 is in summer time, 24 and 1 March are not.
    assert [one.due for one in sets] == [
        "2023-02-28T23:00:00.000000Z",
        "2023-03-23T23:00:00.000000Z",
        "2023-03-31T21:59:59.000000Z",
    ]
    assert len({one.id for one in changes if isinstance(one, SetTimer)}) == 6
    assert [one.issue.command for one in sets[:2]] == [RemindReport(days=30), RemindReport(days=7)]


def test_a_reminder_goes_once_when_its_day_comes() -> None:
    play = reminded(30, 7)
    play.at = "2023-02-28T22:59:59.999999Z"
    play.silent("report", Y1, RemindReport(days=30), SERVICE)
    play.at = "2023-02-28T23:00:00.000000Z"
    play.do("report", Y1, RemindReport(days=30), SERVICE).silent("report", Y1, RemindReport(days=30), SERVICE)
    assert (play.last(ReportReminded).days, play.last(ReportReminded).due) == (30, end_of_day("2023-03-31"))
    play.silent("report", Y1, RemindReport(days=7), SERVICE)
    play.at = "2023-03-23T23:00:00.000000Z"
    play.do("report", Y1, RemindReport(days=7), SERVICE).silent("report", Y1, RemindReport(days=7), SERVICE)


def test_where_two_reminders_are_due_at_once_only_the_later_one_goes() -> None:
    play = reminded(30, 7)
    play.at = "2023-03-25T10:00:00.000000Z"
    play.silent("report", Y1, RemindReport(days=30), SERVICE).do("report", Y1, RemindReport(days=7), SERVICE)


def test_nobody_is_reminded_of_a_report_that_came_or_whose_day_is_over() -> None:
    play = reminded(30).do("report", Y1, report(PERSONNEL), APPLICANT)
    play.at = "2023-03-01T10:00:00.000000Z"
    play.silent("report", Y1, RemindReport(days=30), SERVICE)
    late = reminded(30)
    late.at = end_of_day("2023-03-31").utc
    late.silent("report", Y1, RemindReport(days=30), SERVICE)


def test_a_reminder_that_the_call_does_not_name_is_none() -> None:
    play = reminded(30)
    play.at = "2023-03-29T10:00:00.000000Z"
    play.silent("report", Y1, RemindReport(days=3), SERVICE)


# Correction and rejection.

CORRECT = RequestReportCorrection(reason=words("De bijlage ontbreekt."), days=14)
REFUSE = RejectReport(reason=words("De kosten zijn niet aangetoond."))


def handed_in() -> Play:
    play = active()
    play.at = "2023-03-20T10:00:00.000000Z"
    return play.do("report", Y1, report(PERSONNEL), APPLICANT)


def test_a_report_sent_back_is_due_again_and_counts_only_once_its_correction_is_accepted() -> None:
    play = handed_in().do("report", Y1, CORRECT, HANDLER).silent("report", Y1, CORRECT, HANDLER)
    assert play.last(ReportCorrectionRequested).due == end_of_day("2023-04-03")
    play.refused("report", Y1, AcceptReport(), HANDLER, rule="STATE", code="not_now")
    play.refused("report", Y1, REFUSE, HANDLER, rule="STATE", code="not_now")
    play.do("report", Y1, report(PERSONNEL), APPLICANT).do("report", Y1, AcceptReport(), HANDLER)
    play.refused("report", Y1, CORRECT, HANDLER, rule="STATE", code="not_now")


def test_a_correction_that_does_not_come_in_time_is_overdue_and_can_still_come() -> None:
    play = handed_in().do("report", Y1, CORRECT, HANDLER)
    (timer,) = timers(play.last(ReportCorrectionRequested))
    assert timer == SetTimer(
        f"report-{Y1}/overdue", end_of_day("2023-04-03").utc, Issue("report", Y1, MarkReportOverdue())
    )
    play.silent("report", Y1, MarkReportOverdue(), SERVICE)
    play.at = "2023-04-03T21:59:59.000000Z"
    play.do("report", Y1, MarkReportOverdue(), SERVICE)
    assert play.last(ReportOverdue).due == end_of_day("2023-04-03")
    play.do("report", Y1, report(PERSONNEL), APPLICANT).do("report", Y1, AcceptReport(), HANDLER)


def test_a_rejected_report_accounts_for_nothing_and_none_takes_its_place() -> None:
    play = handed_in().do("report", Y1, REFUSE, HANDLER).silent("report", Y1, REFUSE, HANDLER)
    rejected = play.last(ReportRejected)
    assert (rejected.rejected_cents, rejected.rejected_by) == (10_000, "handler")
    play.refused("report", Y1, AcceptReport(), HANDLER, rule="STATE", code="not_now")
    play.refused("report", Y1, report(PERSONNEL), APPLICANT, rule="STATE", code="not_now")
    settled = play.hand_in("y2").settle().last(FinalAccountSettled)
    assert (settled.accepted_cents, settled.checks[0].inputs["missing_reports"]) == (0, ["y1"])


def test_what_did_not_come_is_neither_sent_back_nor_rejected() -> None:
    for command in (CORRECT, REFUSE):
        active().refused("report", Y1, command, HANDLER, rule="STATE", code="not_now")


def test_who_accepts_a_report_is_on_record() -> None:
    assert active().hand_in("y1", PERSONNEL).last(ReportAccepted).accepted_by == "handler"
