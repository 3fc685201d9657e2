"""Amounts, rates and dates as people write them, in Dutch and in English.

The form is fixed here and not taken from a locale library, so that a view rebuilt years later reads the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from string import Formatter
from typing import Any, Literal
from zoneinfo import ZoneInfo

from events.times import BRUSSELS, Day, Instant, moment
from events.vocabulary import Text

Language = Literal["nl", "en"]

_LANGUAGES: tuple[Language, ...] = ("nl", "en")
_MONTHS: dict[Language, str] = {
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "en": "January February March April May June July August September October November December",
}


def accepted(header: str) -> Language:
    """The best of ours in an Accept-Language header; Dutch when it wants neither."""
    best, found = 0.0, _LANGUAGES[0]
    for part in header[:500].split(","):
        tag, _, quality = part.partition(";q=")
        try:
            weight = float(quality) if quality else 1.0
        except ValueError:
            continue
        for language in _LANGUAGES:
            if tag.strip().lower().split("-")[0] == language and weight > best:
                best, found = weight, language
    return found


def euro(cents: int, language: Language) -> str:
    """800000,00 euro with the language's marks: 8.000,00 euro · 8,000.00 euro."""
    whole, rest = divmod(abs(cents), 100)
    group, point = (".", ",") if language == "nl" else (",", ".")
    sign = "−" if cents < 0 else ""
    return f"{sign}{whole:,}".replace(",", group) + f"{point}{rest:02d} euro"


def rate(basis_points: int, language: Language) -> str:
    """A share in per cent."""
    whole, rest = divmod(basis_points, 100)
    point = "," if language == "nl" else "."
    return f"{whole}{point}{rest:02d} %" if rest else f"{whole} %"


def day(text: Day, language: Language) -> str:
    """10 juli 2021 · 10 July 2021."""
    year, month, number = text.split("-")
    return f"{int(number)} {_MONTHS[language].split()[int(month) - 1]} {year}"


def hour(text: Instant, language: Language) -> str:
    """An instant as the clock in Brussels showed it, to the minute."""
    local = moment(text).astimezone(ZoneInfo(BRUSSELS))
    written = day(local.date().isoformat(), language)
    return f"{written} om {local:%H.%M} uur" if language == "nl" else f"{written} at {local:%H:%M}"


_WORDS: Mapping[str, tuple[str, str]] = {
    "favourable": ("gunstig", "favourable"),
    "favourable_with_conditions": ("gunstig met voorwaarden", "favourable with conditions"),
    "unfavourable": ("ongunstig", "unfavourable"),
    "awarded": ("toegekend", "awarded"),
    "refused": ("niet toegekend", "not awarded"),
    "withdrawn": ("ingetrokken", "withdrawn"),
    "set_aside": ("herbeoordeling", "a revised assessment"),
    "redrafted": ("nieuw voorstel", "a new proposal"),
    "reserve": ("op de reservelijst", "on the reserve list"),
    "lapsed": ("vervallen", "lapsed"),
    "waived": ("verzaakt", "waived"),
    "retracted": ("ingetrokken door de overheid", "retracted by the Government"),
    "superseded": ("vervangen en vernietigd", "replaced and annulled"),
    "decided_anew": ("nieuwe beslissing", "a new decision"),
    "departed": ("afwijking van het advies", "a departure from the advice"),
    "standstill_over": ("de wachttijd is voorbij", "the standstill is over"),
    "goedgekeurd": ("goedgekeurd", "approved (goedgekeurd)"),
    "uitgesteld": ("uitgesteld", "postponed (uitgesteld)"),
    "ingetrokken": ("ingetrokken", "withdrawn (ingetrokken)"),
    "akte_genomen": ("akte genomen", "noted (akte genomen)"),
    "envelope_exhausted": ("het krediet is uitgeput", "the envelope is exhausted"),
    "unfavourable_advice": ("het advies is ongunstig", "the advice is unfavourable"),
    "fits": ("past volledig", "fits in full"),
    "fits_in_part": ("past gedeeltelijk", "fits in part"),
    "pass": ("voldaan", "met"),
    "fail": ("niet voldaan", "not met"),
    "declared_interest": ("gemeld belang", "a declared interest"),
    "employer_is_applicant": ("werkgever is aanvrager", "the employer is the applicant"),
    "employer_is_partner": ("werkgever is partner", "the employer is a partner"),
    "interest_in_partner": ("gemeld belang bij een partner", "a declared interest in a partner"),
    "recused": ("onthouding", "recused"),
    "recusal": ("onthouding van een lid", "a member was recused"),
    "departure": ("vertrek van een lid", "a member left"),
    "late_conflict": ("laat gebleken belangenconflict", "a conflict that came to light late"),
    "annulment": ("vernietiging", "annulment"),
    "error": ("vergissing", "an error"),
    "envelope_changed": ("het krediet is gewijzigd", "the envelope changed"),
    "other": ("andere grond", "another ground"),
    "final_subsidy_below_award": ("de eindsubsidie ligt onder de toekenning", "the final subsidy is below the award"),
    "award_suspended": ("de toekenning is geschorst", "the award is suspended"),
    "award_annulled": ("de toekenning is vernietigd", "the award was annulled"),
    "award_withdrawn": ("de toekenning is ingetrokken", "the award was withdrawn"),
    "not_performed": ("de afspraken worden niet uitgevoerd", "what was agreed is not carried out"),
    "report_missing": ("een verslag ontbreekt", "a report is missing"),
    "partner_left": ("een partner is weggevallen", "a partner left"),
    "inquiry": ("er loopt een onderzoek", "an inquiry is under way"),
    "by_agreement": ("in onderling akkoord", "by agreement"),
    "renounced": ("de begunstigde ziet ervan af", "the beneficiary renounces it"),
    "terminated": ("stopgezet", "terminated"),
    "positive": ("gunstig", "positive"),
    "remarks": ("met opmerkingen", "with remarks"),
    "negative": ("ongunstig", "negative"),
    "continue": ("verdergaan", "continue"),
    "stop": ("stoppen", "stop"),
    "upheld": ("de schuld blijft", "the debt stands"),
    "reduced": ("de schuld is lager", "the debt is lower"),
    "conditions_not_met": ("voorwaarden niet nageleefd", "conditions not met"),
    "not_used_for_purpose": ("niet aangewend voor het doel", "not used for its purpose"),
    "control_obstructed": ("controle verhinderd", "control obstructed"),
    "keep": ("bewaren", "keep"),
    "destroy": ("vernietigen", "destroy"),
    "sample": ("een steekproef bewaren", "keep a sample"),
    "not_accounted_for": ("niet verantwoord", "not accounted for"),
}


def word(code: str, language: Language) -> str:
    """A code of the shared language in words; a code of a call stays as it is."""
    return _WORDS.get(code, (code, code))[0 if language == "nl" else 1]


class _Writer(Formatter):
    """`{amount_cents:euro}`, `{due.utc:hour}`, `{meeting:day}`, `{score_bp:rate}`, `{outcome:word}`, `{items:list}`."""

    def __init__(self, language: Language) -> None:
        self._language: Language = language

    def format_field(self, value: Any, format_spec: str) -> str:
        match format_spec:
            case "euro":
                return euro(value, self._language)
            case "rate":
                return rate(value, self._language)
            case "day":
                return day(value, self._language)
            case "hour":
                return hour(value, self._language)
            case "word":
                return word(value, self._language)
            case "list":
                return ", ".join(str(item) for item in value) or "–"
            case "count":
                return str(len(value))
            case _:
                return str(value)


_WRITERS: dict[Language, _Writer] = {"nl": _Writer("nl"), "en": _Writer("en")}


def told(sentence: tuple[str, str], values: Mapping[str, Any]) -> Text:
    """A Dutch and an English sentence with their values filled in."""
    nl, en = sentence
    return Text(nl=_WRITERS["nl"].vformat(nl, (), values), en=_WRITERS["en"].vformat(en, (), values))
