"""From tables to figures, at a moment."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import nsmallest

from msgspec.structs import replace

from events.catalog import SERVICES
from projections.monitor.alarms import alarms
from projections.monitor.daily import Daily, day_text, last_hour
from projections.monitor.figures import (
    Ageing,
    Burn,
    Day,
    Delay,
    Figures,
    Freshness,
    Month,
    OldCase,
    ParkedStream,
    ServiceFigures,
)
from projections.monitor.glance import written
from projections.monitor.limits import Limits
from projections.monitor.measures import DELAYS_S
from projections.monitor.places import Places
from projections.monitor.tables import Tables
from projections.monitor.trail import Trail

AGES = (0, 7, 30, 90, 180, 365)
"""Lower bounds, in days, of the classes of age."""
MONTH = 30
_DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Outside:
    """What the tables do not know: the clock, and how the reader fares."""

    now_ms: int | None = None
    behind: int | None = None
    restarts: int = 0
    places: Places = field(default_factory=Places)


def tell(tables: Tables, outside: Outside, limits: Limits) -> Figures:
    """The figures as they stand. In a demo the story drives the clock, so the log's latest time is now."""
    at_ms = tables.newest_ms
    if outside.now_ms is not None and not tables.demo:
        at_ms = max(at_ms, outside.now_ms)
    daily = Daily.read(tables.days, at_ms / 1_000)
    hour = last_hour(tables.hours, at_ms / 1_000)
    figures = Figures(
        freshness=_freshness(tables, outside, at_ms),
        services=[_service(tables, daily, hour, service) for service in SERVICES],
        days=[_day(daily, day) for day in daily.latest(limits.days_shown)],
        ageing=_ageing(tables.cases, at_ms, limits),
        budget=[_burn(tables.totals, daily, call, limits) for call in _calls(tables.totals)],
        parked=_parked(tables, at_ms - limits.parked_days * _DAY_MS),
        alarms=(),
    )
    return replace(figures, alarms=alarms(figures, daily, at_ms, limits))


def _freshness(tables: Tables, outside: Outside, at_ms: int) -> Freshness:
    events = sum(tables.totals.get(f"events:{service}", 0) for service in SERVICES)
    unreadable = tables.totals.get("unreadable", 0)
    return Freshness(
        at=written(at_ms),
        position=tables.position,
        recorded_at=written(tables.newest_ms) if events else None,
        events=events,
        missing=max(tables.position - events - tables.totals.get("unread_positions", 0), 0),
        behind=outside.behind,
        repeats=outside.places.repeats,
        gaps=tuple(outside.places.gaps),
        unreadable=unreadable,
        restarts=outside.restarts,
    )


def _service(tables: Tables, daily: Daily, hour: Mapping[str, int], service: str) -> ServiceFigures:
    totals, pulse = tables.totals, tables.pulses[service]
    counted, delayed = f"events:{service}", f"delay_ms:{service}"
    steps = totals.get(f"steps:{service}", 0)
    return ServiceFigures(
        service=service,
        events=totals.get(counted, 0),
        refused=totals.get(f"refused:{service}", 0),
        last_at=written(pulse.recorded_ms) if pulse.position else None,
        hour=hour.get(counted, 0),
        hour_delay_ms=_mean(hour.get(delayed, 0), hour.get(counted, 0)),
        usual_hour_hundredths=daily.usual_hour_hundredths(counted),
        day=daily.on(counted, daily.today),
        day_delay_ms=_mean(daily.on(delayed, daily.today), daily.on(counted, daily.today)),
        delay=_delay(totals, service),
        steps=steps,
        step_ms=_mean(totals.get(f"step_ms:{service}", 0), steps),
        waiting=len(pulse.waiting),
        waiting_since=written(pulse.waiting[0][1]) if pulse.waiting else None,
    )


def _mean(total: int, count: int) -> int:
    return total // count if count else 0


def _delay(totals: Mapping[str, int], service: str) -> Delay:
    count, total = totals.get(f"events:{service}", 0), totals.get(f"delay_ms:{service}", 0)
    return Delay(
        count=count,
        mean_ms=_mean(total, count),
        total_ms=total,
        within={str(bound): totals.get(f"delay_within:{bound}:{service}", 0) for bound in DELAYS_S},
    )


def _day(daily: Daily, day: int) -> Day:
    return Day(
        day=day_text(day),
        events={service: daily.on(f"events:{service}", day) for service in SERVICES},
        refused=sum(daily.on(f"refused:{service}", day) for service in SERVICES),
    )


def _ageing(cases: Mapping[str, Trail], at_ms: int, limits: Limits) -> Ageing:
    alive = {case: trail for case, trail in cases.items() if not trail.ended}
    classes = dict.fromkeys(AGES, 0)
    for trail in alive.values():
        classes[AGES[bisect_right(AGES, _days(trail, at_ms)) - 1]] += 1
    oldest = nsmallest(limits.oldest, alive.items(), key=lambda one: (one[1].last_ms, one[0]))
    return Ageing(
        open=len(alive),
        ended=len(cases) - len(alive),
        classes={str(bound): number for bound, number in classes.items()},
        oldest=[_old(case, trail, at_ms, limits) for case, trail in oldest],
        still=_still(alive.values(), at_ms, limits),
    )


def _days(trail: Trail, at_ms: int) -> int:
    return max(at_ms - trail.last_ms, 0) // _DAY_MS


def _old(case: str, trail: Trail, at_ms: int, limits: Limits) -> OldCase:
    return OldCase(
        case=case,
        call=trail.call,
        service=trail.last_service,
        since=written(trail.last_ms),
        days=_days(trail, at_ms),
        limit_days=limits.still(trail.last_service),
    )


def _still(alive: Iterable[Trail], at_ms: int, limits: Limits) -> Mapping[str, int]:
    still = dict.fromkeys(SERVICES, 0)
    for trail in alive:
        if _days(trail, at_ms) > limits.still(trail.last_service):
            still[trail.last_service] += 1
    return still


def _calls(totals: Mapping[str, int]) -> Sequence[str]:
    return sorted({key.partition(":")[2] for key in totals if key.startswith(("envelope:", "committed:", "paid:"))})


def _burn(totals: Mapping[str, int], daily: Daily, call: str, limits: Limits) -> Burn:
    committed, paid = totals.get(f"committed:{call}", 0), totals.get(f"paid:{call}", 0)
    recently = daily.latest(limits.burn_days)
    burned = daily.over(f"paid:{call}", recently)
    left = committed - paid
    return Burn(
        call=call,
        envelope_cents=totals.get(f"envelope:{call}", 0),
        committed_cents=committed,
        paid_cents=paid,
        days=limits.burn_days,
        committed_in_days_cents=daily.over(f"committed:{call}", recently),
        paid_in_days_cents=burned,
        paid_per_day_cents=burned // limits.burn_days,
        days_left=left * limits.burn_days // burned if burned > 0 and left > 0 else None,
        months=[_month(daily, call, daily.today - MONTH * back) for back in reversed(range(limits.months_shown))],
    )


def _month(daily: Daily, call: str, until: int) -> Month:
    days = daily.latest(MONTH, until)
    return Month(
        until=day_text(until),
        committed_cents=daily.over(f"committed:{call}", days),
        paid_cents=daily.over(f"paid:{call}", days),
    )


def _parked(tables: Tables, after_ms: int) -> Sequence[ParkedStream]:
    """Nobody tells the topic that a stream goes on, so one that was quiet for long is left to the stuck list."""
    streams = [
        ParkedStream(
            consumer=one.consumer,
            stream=one.stream,
            records=one.records,
            reason=one.reason,
            since=written(one.since_ms),
        )
        for one in tables.parked.values()
        if one.last_ms >= after_ms
    ]
    return sorted(streams, key=lambda one: (one.since, one.consumer, one.stream))
