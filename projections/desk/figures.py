"""Amounts and shares as a Dutch or an English reader writes them; days and hours in the words of the views."""

from __future__ import annotations

from decimal import Decimal

from babel.numbers import format_decimal

from events.times import Day, Deadline, Instant, day_of
from projections import words
from projections.words import Language

LOCALES: dict[Language, str] = {"nl": "nl_BE", "en": "en_GB"}
HARD = "\u00a0"
"""A space at which no line breaks."""


def amount(cents: int, language: Language) -> str:
    """Cents as euros with two decimals: 575.306,00 or 575,306.00. Exact: no float comes near."""
    return format_decimal(Decimal(cents) / 100, format="#,##0.00", locale=LOCALES[language])


def euro(cents: int, language: Language) -> str:
    """The amount with its unit."""
    return f"{amount(cents, language)}{HARD}euro"


def share(basis_points: int, language: Language) -> str:
    """Basis points as a percentage with at most two decimals."""
    return format_decimal(Decimal(basis_points) / 100, format="#,##0.##", locale=LOCALES[language]) + f"{HARD}%"


def count(number: int, language: Language) -> str:
    """A whole number with its thousands grouped."""
    return format_decimal(number, format="#,##0", locale=LOCALES[language])


def day(text: Day, language: Language) -> str:
    """A calendar day, the month in words: 15 juli 2021."""
    return words.day(text, language)


def day_at(text: Instant, language: Language) -> str:
    """The calendar day of an instant in Brussels."""
    return words.day(day_of(text), language)


def time_of(text: Instant, language: Language) -> str:
    """Day and hour of an instant in Brussels."""
    return words.hour(text, language)


def until(deadline: Deadline, language: Language) -> str:
    """A deadline by the day on which it ends in its own zone."""
    return words.day(deadline.local[:10], language)
