"""What a person should look at. Pure: figures and windows in, alarms out, the gravest kinds first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from events.times import Instant
from events.vocabulary import Text
from projections.monitor.daily import WEEK, Daily, day_text
from projections.monitor.figures import Alarm, Figures, Kind, ServiceFigures
from projections.monitor.glance import written
from projections.monitor.limits import Limits

_NAMES: Mapping[str, tuple[str, str]] = {
    "intake": ("Indiening", "Intake"),
    "eligibility": ("Onderzoek", "Eligibility"),
    "jury": ("De jury", "The jury"),
    "decision": ("Beslissing", "Decision"),
    "payment": ("Betaling", "Payment"),
    "log": ("De log zelf", "The log itself"),
}


def alarms(figures: Figures, daily: Daily, at_ms: int, limits: Limits) -> Sequence[Alarm]:
    """Everything out of its limits; nothing when all is calm."""
    found = list(_of_the_reader(figures, limits))
    found += _parked(figures)
    stale = written(at_ms - limits.stall_minutes * 60_000)
    for one in figures.services:
        found += _stall(one, stale)
    for one in figures.services:
        found += _rates(one, daily, limits)
    found += _refusals(figures, daily, limits)
    found += _still(figures, limits)
    return found


def _alarm(kind: Kind, subject: str, nl: str, en: str, since: Instant | None = None) -> Alarm:
    return Alarm(kind=kind, subject=subject, since=since, text=Text(nl=nl, en=en))


def _of_the_reader(figures: Figures, limits: Limits) -> Iterator[Alarm]:
    """What makes the figures themselves doubtful."""
    fresh = figures.freshness
    if fresh.unreadable:
        number = fresh.unreadable
        yield _alarm(
            "unreadable",
            "log",
            f"{number} records op Kafka zijn onleesbaar en niet meegeteld.",
            f"{number} records on Kafka cannot be read and are not counted.",
        )
    if fresh.gaps or (fresh.behind == 0 and fresh.missing):
        number = max(len(fresh.gaps), fresh.missing)
        yield _alarm(
            "gap",
            "log",
            f"Op {number} plaatsen ontbreekt iets tussen wat gelezen werd.",
            f"In {number} places something is missing between what was read.",
        )
    if fresh.behind is not None and fresh.behind > limits.behind:
        yield _alarm(
            "behind",
            "monitor",
            f"De monitor moet nog {fresh.behind} records lezen.",
            f"The monitor has {fresh.behind} records still to read.",
        )


def _parked(figures: Figures) -> Iterator[Alarm]:
    for one in figures.parked:
        yield _alarm(
            "parked",
            one.consumer,
            f"Een stroom staat stil bij {one.consumer}: {one.records} feiten geparkeerd.",
            f"A stream stands still at {one.consumer}: {one.records} facts parked.",
            one.since,
        )


def _stall(one: ServiceFigures, stale: Instant) -> Iterator[Alarm]:
    nl, en = _NAMES[one.service]
    if one.waiting_since is not None and one.waiting_since < stale:
        yield _alarm(
            "stall",
            one.service,
            f"{nl} legt niets vast, terwijl {one.waiting} feiten op een antwoord wachten.",
            f"{en} records nothing, while {one.waiting} facts wait for an answer.",
            one.waiting_since,
        )


def _rates(one: ServiceFigures, daily: Daily, limits: Limits) -> Iterator[Alarm]:
    nl, en = _NAMES[one.service]
    usual = one.usual_hour_hundredths
    if usual and one.hour >= limits.least_in_hour and one.hour * 100 > usual * limits.times:
        yield _alarm(
            "high_rate",
            one.service,
            f"{nl} legde in het laatste uur {one.hour} feiten vast; gewoonlijk zijn het er {_rounded(usual)}.",
            f"{en} recorded {one.hour} facts in the last hour; usually it is {_rounded(usual)}.",
        )
    # The same day of the week: an office rests on Sundays.
    yesterday = daily.today - 1
    measure = f"events:{one.service}"
    same = daily.over(measure, range(yesterday - 4 * WEEK, yesterday, WEEK)) // 4
    number = daily.on(measure, yesterday)
    if same >= limits.least_in_day and number * limits.times < same:
        yield _alarm(
            "low_rate",
            one.service,
            f"{nl} legde op {day_text(yesterday)} {number} feiten vast; op zo'n dag zijn het er {same}.",
            f"{en} recorded {number} facts on {day_text(yesterday)}; on such a day it is {same}.",
        )


def _rounded(hundredths: int) -> str:
    return str(-(-hundredths // 100))


def _refusals(figures: Figures, daily: Daily, limits: Limits) -> Iterator[Alarm]:
    month = 4 * WEEK
    for one in figures.services:
        measure, (nl, en) = f"refused:{one.service}", _NAMES[one.service]
        today, before = daily.on(measure, daily.today), daily.over(measure, daily.before(month))
        if today >= limits.least_refusals and today * month > before * limits.refusal_times:
            yield _alarm(
                "refusals",
                one.service,
                f"{nl} weigerde vandaag {today} keer; in de {month} dagen ervoor samen {before} keer.",
                f"{en} refused {today} times today; {before} times in the {month} days before together.",
            )


def _still(figures: Figures, limits: Limits) -> Iterator[Alarm]:
    for service, number in figures.ageing.still.items():
        if number:
            days, (nl, en) = limits.still(service), _NAMES[service]
            yield _alarm(
                "still_case",
                service,
                f"{nl}: {number} dossiers staan langer dan {days} dagen stil.",
                f"{en}: {number} cases have stood still for more than {days} days.",
            )
