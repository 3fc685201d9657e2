"""Why this amount, and the history that it is built from."""

from __future__ import annotations

from dataclasses import replace

from msgspec.structs import replace as changed

from projections.desk.history import by_year, entries, queues
from projections.desk.why import chapters, decided
from tests.unit.projections.desk.sample import HISTORY, WORK, checked, step


def test_the_reasons_go_from_what_was_asked_to_what_it_came_to() -> None:
    found = chapters(HISTORY)
    assert [one.topic for one in found] == ["asked", "eligible", "advice", "ranked", "fits", "agreed", "decided"]
    assert decided(found)


def test_every_reason_rests_on_facts_of_the_history() -> None:
    positions = {one.position for one in HISTORY}
    assert all({step.position for step in one.steps} <= positions for one in chapters(HISTORY))


def test_a_case_that_is_still_open_shows_how_far_its_reasons_reach() -> None:
    found = chapters(HISTORY[:6])
    assert [one.topic for one in found] == ["asked"]
    assert not decided(found)
    assert chapters(()) == []


def test_an_envelope_that_was_raised_explains_nothing_to_a_case_without_a_proposal() -> None:
    raised = step(9, "2021-10-20T08:00", "decision", "EnvelopeIncreased", "budget_officer", "verhoogd", "raised")
    assert chapters((raised,)) == []
    proposed = replace(raised, type="AwardProposalDrafted", position=10)
    assert [one.position for one in chapters((raised, proposed))[0].steps] == [9, 10]


def test_a_withdrawn_application_is_decided_by_its_applicant() -> None:
    gone = step(9, "2021-07-18T08:00", "intake", "ApplicationWithdrawn", "applicant", "ingetrokken", "withdrawn")
    assert decided(chapters((*HISTORY[:2], gone)))


def test_failures_come_first_and_each_rule_once() -> None:
    passed = checked("E1", "goed", "good")
    failed = changed(checked("E3", "fout", "wrong"), outcome="fail", code="too_little")
    last = step(9, "2021-08-20T08:00", "eligibility", "DeclaredIneligible", "case_handler", "neen", "no")
    told = chapters((replace(last, checks=(passed, passed, failed)),))[0].checks
    assert [check.rule for check in told] == ["E3", "E1"]


def test_rules_applied_in_one_breath_stand_on_one_line() -> None:
    first, later = HISTORY[2], HISTORY[5]
    lines = entries((first, replace(first, position=62), later))
    assert [(line.first.position, len(line.others)) for line in lines] == [(61, 1), (163, 0)]
    assert len(lines[0].checks) == 2


def test_no_fact_is_lost_between_the_lines() -> None:
    lines = entries(HISTORY)
    assert [one.position for line in lines for one in (line.first, *line.others)] == [one.position for one in HISTORY]


def test_a_year_begins_in_brussels() -> None:
    eve = step(1, "2021-12-31T23:30", "decision", "ContractActivated", "service", "loopt", "runs")
    assert [year for year, _ in by_year(entries((*HISTORY[:2], eve)))] == ["2021", "2022"]


def test_a_fact_that_was_recorded_on_another_day_says_so() -> None:
    late = {line.first.position for line in entries(HISTORY) if line.recorded_later}
    assert late == {162}


def test_cases_that_wait_for_the_same_thing_share_a_line_but_never_hide_what_is_overdue() -> None:
    alike = [replace(WORK[1], case=str(number)) for number in range(3)]
    late = replace(WORK[1], case="late", overdue=True)
    lines = queues((late, *alike, WORK[2]))
    assert [len(line.cases) for line in lines] == [1, 3, 1]
    assert lines[0].first.overdue
