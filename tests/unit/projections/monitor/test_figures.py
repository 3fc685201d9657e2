"""What each event adds to which figure."""

from __future__ import annotations

import msgspec
import pytest

from events import codec
from events.catalog import FACT_TYPES, SERVICES
from projections.monitor.figures import from_json, to_json
from projections.monitor.glance import Data, glance
from projections.monitor.limits import Limits
from projections.monitor.measures import ENDS, INPUTS, REFUSALS
from services.registry import SERVICES as REGISTRY
from tests.unit.projections.monitor.making import (
    CALL,
    CASE,
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    START,
    figures_of,
    recorded,
    seen,
    tables_of,
)


def service(figures: object, name: str) -> object:
    return next(one for one in figures.services if one.service == name)  # type: ignore[attr-defined]  # Figures


def test_every_event_counts_for_its_service() -> None:
    figures = figures_of(seen(1, "CallPublished"), seen(2, "CriteriaAdopted"), seen(3, "CallOpened"))
    assert [(one.service, one.events) for one in figures.services if one.events] == [("intake", 2), ("eligibility", 1)]
    assert figures.freshness.events == figures.freshness.position == 3


def test_a_position_that_was_not_seen_is_missing() -> None:
    assert figures_of(seen(1, "CallPublished"), seen(4, "CallOpened")).freshness.missing == 2


def test_delay_is_from_happening_to_recording() -> None:
    figures = figures_of(
        seen(1, "CallPublished", START, occurred=START - 2 * SECOND),
        seen(2, "CallOpened", START, occurred=START - 2 * HOUR),
        seen(3, "CallClosed", START, occurred=START + HOUR),
    )
    delay = service(figures, "intake").delay
    assert delay.count == 3
    assert delay.mean_ms == (2 * SECOND + 2 * HOUR) // 3, "a clock ahead is no delay"
    assert delay.within == {"1": 1, "60": 2, "3600": 2, "86400": 3, "604800": 3}


def test_delay_is_told_of_the_last_hour_and_of_today_as_well() -> None:
    figures = figures_of(
        seen(1, "CallPublished", START - DAY, occurred=START - 2 * DAY),
        seen(2, "CallOpened", START + HOUR, occurred=START),
        seen(3, "CallClosed", START + 9 * HOUR, occurred=START + 9 * HOUR - 2 * SECOND),
    )
    found = service(figures, "intake")
    assert (found.hour_delay_ms, found.day_delay_ms) == (2 * SECOND, (HOUR + 2 * SECOND) // 2)


def test_a_step_is_measured_from_the_cases_event_before_it_whoever_said_that() -> None:
    figures = figures_of(
        seen(1, "ApplicationSubmitted", START, case=CASE),
        seen(2, "AssessmentStarted", START + SECOND, case=CASE),
        seen(3, "ApplicationSubmitted", START + 5 * SECOND, case="other"),
        seen(4, "DeclaredEligible", START + 11 * SECOND, case=CASE),
    )
    assessed = service(figures, "eligibility")
    assert (assessed.steps, assessed.step_ms) == (2, 5_500)
    assert service(figures, "intake").steps == 0


def test_the_hour_is_the_last_one_and_the_day_is_today_in_utc() -> None:
    early = [seen(n, "CallOpened", START + 9 * HOUR) for n in range(1, 4)]
    late = [seen(n, "CallOpened", START + 12 * HOUR + 7 * MINUTE) for n in range(4, 6)]
    yesterday = seen(6, "CallOpened", START - SECOND)
    found = service(figures_of(*early, *late, yesterday), "intake")
    assert (found.hour, found.day) == (2, 5)


def test_the_usual_hour_is_that_of_the_week_before_today() -> None:
    events = [seen(n, "CallOpened", START - 3 * DAY) for n in range(1, 169)]
    today = seen(200, "CallOpened", START + HOUR)
    assert service(figures_of(*events, today), "intake").usual_hour_hundredths == 100


def test_money_is_committed_less_what_was_freed_and_paid_with_what_was_set_off() -> None:
    figures = figures_of(
        seen(1, "EnvelopeSet", amount=1_000),
        seen(2, "EnvelopeIncreased", increase=500, amount=1_500),
        seen(3, "FundsCommitted", case=CASE, amount=900),
        seen(4, "FundsDecommitted", case=CASE, amount=100),
        seen(5, "PaymentOrdered", case=CASE, amount=400),
        seen(6, "PaymentExecuted", case=CASE, amount=300),
        seen(7, "RecoveryOffset", case=CASE, amount=100),
    )
    (burn,) = figures.budget
    assert (burn.call, burn.envelope_cents, burn.committed_cents, burn.paid_cents) == (CALL, 1_500, 800, 400)


def test_the_burn_rate_says_how_long_what_is_committed_will_last() -> None:
    commit = seen(1, "FundsCommitted", START - 200 * DAY, case=CASE, amount=100_000)
    old = seen(2, "PaymentExecuted", START - 150 * DAY, case=CASE, amount=10_000)
    paid = [seen(n, "PaymentExecuted", START - n * DAY, case=CASE, amount=3_000) for n in range(3, 6)]
    (burn,) = figures_of(commit, old, *paid, seen(9, "CallClosed", START)).budget
    assert (burn.paid_in_days_cents, burn.paid_per_day_cents) == (9_000, 100)
    assert burn.days_left == 81_000 * 90 // 9_000
    assert sum(month.paid_cents for month in burn.months) == 19_000
    assert [month.paid_cents for month in burn.months][-1] == 9_000


def test_without_payments_nothing_is_said_of_how_long() -> None:
    (burn,) = figures_of(seen(1, "FundsCommitted", case=CASE, amount=100)).budget
    assert burn.days_left is None


def test_when_nothing_is_left_to_pay_nothing_is_said_either() -> None:
    (burn,) = figures_of(
        seen(1, "FundsCommitted", case=CASE, amount=100), seen(2, "PaymentExecuted", case=CASE, amount=100)
    ).budget
    assert burn.days_left is None


def test_open_cases_age_from_their_last_event_and_the_oldest_stands_first() -> None:
    figures = figures_of(
        seen(1, "DraftStarted", START, case="old"),
        seen(2, "DraftStarted", START, case="moved"),
        seen(3, "ApplicationSubmitted", START + 9 * DAY, case="moved"),
        seen(4, "DraftStarted", START + 10 * DAY, case="new"),
    )
    assert [(one.case, one.days) for one in figures.ageing.oldest] == [("old", 10), ("moved", 1), ("new", 0)]
    assert figures.ageing.classes == {"0": 2, "7": 1, "30": 0, "90": 0, "180": 0, "365": 0}


@pytest.mark.parametrize("end", sorted(ENDS))
def test_a_case_that_ended_does_not_age_whatever_comes_after(end: str) -> None:
    figures = figures_of(seen(1, end, case=CASE), seen(2, "ApplicantNotified", case=CASE))
    assert (figures.ageing.open, figures.ageing.ended, list(figures.ageing.oldest)) == (0, 1, [])


def test_outside_a_demo_ages_go_by_the_clock_in_a_demo_by_the_log() -> None:
    draft = seen(2, "DraftStarted", START, case=CASE)
    key = seen(1, "KeyRegistered", origin="agency.example/log")
    demo = seen(1, "KeyRegistered", origin="agency.example/log/demo")
    now = START + 50 * DAY
    assert figures_of(key, draft, now=now).ageing.oldest[0].days == 50
    assert figures_of(demo, draft, now=now).ageing.oldest[0].days == 0
    assert figures_of(key, draft, now=START - DAY).ageing.oldest[0].days == 0, "a clock behind the log does not count"


def test_windows_past_all_interest_are_dropped_and_totals_stay() -> None:
    tables = tables_of(seen(1, "CallOpened", START), seen(2, "CallClosed", START + 900 * DAY))
    assert tables.totals["events:intake"] == 2
    assert {row.start for row in tables.days.rows()} == {(START + 900 * DAY) // 1_000}


def test_a_window_past_all_interest_is_not_begun_again_by_an_event_that_comes_late() -> None:
    late = seen(1, "CallOpened", START)
    tables = tables_of(seen(2, "CallClosed", START + 3 * DAY), late)
    assert all(row.start * 1_000 > START + DAY for row in tables.hours.rows())
    assert {row.start * 1_000 for row in tables.days.rows()} == {START, START + 3 * DAY}


def test_figures_survive_their_json() -> None:
    figures = figures_of(seen(1, "FundsCommitted", case=CASE, amount=5), seen(2, "ApplicationSubmitted", case="b"))
    assert to_json(from_json(to_json(figures))) == to_json(figures)
    assert b'"approximate":true' in to_json(figures)


def test_days_and_months_come_in_order_and_end_today() -> None:
    figures = figures_of(seen(1, "FundsCommitted", START, case=CASE, amount=5), limits=Limits(days_shown=3))
    assert [one.day for one in figures.days] == ["2021-03-12", "2021-03-13", "2021-03-14"]
    assert [one.until for one in figures.budget[0].months][-1] == "2021-03-14"


def test_named_facts_are_facts() -> None:
    assert (REFUSALS | ENDS | set(INPUTS)) <= set(FACT_TYPES)
    assert set(Limits().still_days) | {"log"} == set(SERVICES)


def test_an_input_is_a_fact_to_which_the_service_reacts() -> None:
    reacts = {(one.on.__name__, name) for name, service in REGISTRY.items() for one in service.reactions}
    assert {(type_, name) for type_, names in INPUTS.items() for name in names} <= reacts


def test_the_fields_that_are_read_are_fields_of_the_facts_with_that_meaning() -> None:
    plain = {"call": str, "case": str, "amount_cents": int, "increase_cents": int, "decrease_cents": int, "origin": str}
    assert set(plain) == set(Data.__struct_fields__)
    for row in FACT_TYPES.values():
        for one in msgspec.json.schema(row.model)["$defs"][row.model.__name__]["properties"].items():
            if one[0] in plain:
                assert one[1]["type"] == {"str": "string", "int": "integer"}[plain[one[0]].__name__], row


@pytest.mark.parametrize("name", sorted(FACT_TYPES))
def test_every_fact_is_read_from_its_bytes(name: str) -> None:
    event = recorded(name, 7)
    found = glance(event)
    fact = codec.read(event).fact
    assert (found.position, found.service, found.type) == (7, FACT_TYPES[name].service, name)
    assert found.recorded_ms == found.occurred_ms == int(event.recorded_at.timestamp() * 1_000)
    for field in Data.__struct_fields__:
        assert getattr(found.data, field) == getattr(fact, field, getattr(Data(), field))
