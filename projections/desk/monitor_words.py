"""What the page of the monitor says, in Dutch and in English."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from babel.numbers import format_decimal

from projections.desk.figures import LOCALES
from projections.desk.words import Both
from projections.words import Language

MONITOR: Mapping[str, Both] = {
    "name": ("Monitor", "Monitor"),
    "title": ("Hoe het nu loopt", "How it runs now"),
    "live": ("De monitor volgt de log op Kafka.", "The monitor follows the log on Kafka."),
    "tail": (
        "De monitor loopt hier niet. Deze cijfers komen uit de log zelf, zo ver die gelezen is.",
        "The monitor is not running here. These figures come from the log itself, as far as it has been read.",
    ),
    "approximate": (
        "Deze cijfers zijn bij benadering en dienen om op te volgen; geen beslissing en geen betaling steunt erop.",
        "These figures are approximate and are there to keep watch; no decision and no payment rests on them.",
    ),
    "fresh": (
        "{events} feiten gelezen, tot en met positie {position}; stand van {when}.",
        "{events} facts read, up to position {position}; as of {when}.",
    ),
    "empty": ("Er is nog niets vastgelegd.", "Nothing has been recorded yet."),
    "behind": ("Nog te lezen: {count}.", "Still to read: {count}."),
    "doubts": (
        "Herhaald en weggelaten: {repeats}. Onleesbaar: {unreadable}. Ontbrekend: {missing}. Herstart: {restarts}.",
        "Repeated and dropped: {repeats}. Unreadable: {unreadable}. Missing: {missing}. Restarted: {restarts}.",
    ),
    "refresh": ("Vernieuw", "Refresh"),
    "alarms": ("Wat aandacht vraagt", "What needs attention"),
    "no_alarms": ("Niets: alles blijft binnen zijn grenzen.", "Nothing: everything is within its limits."),
    "since": ("sinds {when}", "since {when}"),
    "services": ("Diensten", "Services"),
    "service": ("Dienst", "Service"),
    "events": ("Feiten", "Facts"),
    "hour": ("Laatste uur", "Last hour"),
    "usual": ("Gewoonlijk per uur", "Usual per hour"),
    "day": ("Vandaag (UTC)", "Today (UTC)"),
    "refused": ("Weigeringen", "Refusals"),
    "delay": ("Van gebeurtenis tot vastlegging", "From event to record"),
    "step": ("Na de vorige stap van het dossier", "After the case's step before"),
    "waiting": ("Wacht op antwoord", "Awaiting answer"),
    "last": ("Laatste feit", "Latest fact"),
    "days": ("Feiten per dag", "Facts a day"),
    "days_chart": (
        "Kolommen per dag: feiten en weigeringen. De hoogste kolom is {top}. De tabel bevat dezelfde cijfers.",
        "Columns a day: facts and refusals. The highest column is {top}. The table holds the same figures.",
    ),
    "from_to": ("Van {first} tot {last}; hoogste kolom: {top}.", "From {first} to {last}; highest column: {top}."),
    "highest": ("Hoogste kolom: {top}.", "Highest column: {top}."),
    "date": ("Dag (UTC)", "Day (UTC)"),
    "ageing": ("Open dossiers naar ouderdom", "Open cases by age"),
    "ageing_chart": (
        "Een kolom per klasse: dossiers naar dagen sinds hun laatste feit. De tabel bevat dezelfde cijfers.",
        "A column a class: cases by days since their latest fact. The table holds the same figures.",
    ),
    "ageing_counts": ("{open} open, {ended} beëindigd.", "{open} open, {ended} ended."),
    "age": ("Dagen sinds het laatste feit", "Days since the latest fact"),
    "age_from_to": ("{lower} tot {upper}", "{lower} to {upper}"),
    "age_from": ("{lower} of meer", "{lower} or more"),
    "cases": ("Dossiers", "Cases"),
    "oldest": ("Langst zonder beweging", "Longest without a move"),
    "case": ("Dossier", "Case"),
    "moved": ("Laatste beweging", "Last move"),
    "age_days": ("Dagen", "Days"),
    "beyond": ("te lang", "too long"),
    "budget": ("Hoe snel het geld gaat", "How fast the money goes"),
    "burn": (
        "Vastgelegd {committed}, betaald {paid}. In de laatste {days} dagen gemiddeld {rate} per dag betaald.",
        "Committed {committed}, paid {paid}. In the last {days} days {rate} was paid a day on average.",
    ),
    "burn_left": ("Zo duurt het nog {days} dagen.", "At this rate it lasts {days} more days."),
    "months": ("Per dertig dagen, tot en met", "Thirty days up to and including"),
    "months_chart": (
        "Twee kolommen per dertig dagen: vastgelegd en betaald. De tabel bevat dezelfde cijfers.",
        "Two columns for thirty days each: committed and paid. The table holds the same figures.",
    ),
    "committed": ("Vastgelegd", "Committed"),
    "paid": ("Betaald", "Paid"),
    "parked": ("Stromen die stilstaan", "Streams that stand still"),
    "consumer": ("Bij", "At"),
    "stream": ("Stroom", "Stream"),
    "reason": ("Reden", "Reason"),
}
_UNITS: tuple[tuple[int, Both], ...] = (
    (2 * 86_400_000, ("dagen", "days")),
    (3_600_000, ("uur", "h")),
    (60_000, ("min", "min")),
    (1_000, ("s", "s")),
)


def span(ms: int, language: Language) -> str:
    """A length of time in its fitting unit, rounded down: 3 dagen, 26 uur, 7 min, 12 s, 40 ms."""
    for least, words in _UNITS:
        if ms >= least:
            size = 86_400_000 if words[1] == "days" else least
            return f"{ms // size}\u00a0{words[0 if language == 'nl' else 1]}"
    return f"{ms}\u00a0ms"


def tenths(hundredths: int, language: Language) -> str:
    """Hundredths as a number with one decimal, rounded: 1234 is 12,3."""
    return format_decimal(Decimal(hundredths) / 100, format="#,##0.0", locale=LOCALES[language])
