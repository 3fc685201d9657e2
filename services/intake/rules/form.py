"""When answers fit the form: every mistake with its place, and the one written form of what was answered."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from events.forms import Answer, Form, FormField, PersonalAnswer
from events.vocabulary import Clear, Text
from services.intake.rules.mistakes import Mistake, say

Given = str | int | bool | list[str]
"""An answer as it comes in."""

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PHONE = re.compile(r"\+?[0-9][0-9 ()/.-]{5,30}")
LONGEST_TEXT = 20_000


def fields_of(form: Form, step: str | None = None) -> dict[str, FormField]:
    """The questions of a step, or of the whole form, by code."""
    return {one.code: one for page in form.steps if step in (None, page.code) for one in page.fields}


def mistakes_in_answers(fields: Mapping[str, FormField], answers: Mapping[str, Given]) -> list[Mistake]:
    """What is wrong with the answers that were given; a pointer into the command for each."""
    found = []
    for code, given in answers.items():
        if code not in fields:
            found.append(say(f"/answers/{code}", "Deze vraag staat hier niet.", "There is no such question here."))
        elif wrong := _wrong(fields[code], given):
            found.append(Mistake(f"/answers/{code}", wrong))
    return found


def without(answers: Mapping[str, Given], mistakes: Iterable[Mistake]) -> dict[str, Given]:
    """The answers in which nothing is wrong."""
    wrong = {one.pointer.removeprefix("/answers/") for one in mistakes}
    return {code: given for code, given in answers.items() if code not in wrong}


def unanswered(fields: Mapping[str, FormField], answered: frozenset[str]) -> list[Mistake]:
    """The questions that must be answered and are not."""
    missing = [one.code for one in fields.values() if one.required and one.code not in answered]
    return [
        say(f"/answers/{code}", "Deze vraag moet beantwoord worden.", "This question must be answered.")
        for code in missing
    ]


def written(fields: Mapping[str, FormField], answers: Mapping[str, Given]) -> list[Answer]:
    """Answers that speak of nobody, each in its one written form, in the order of the form."""
    open_ones = [one for one in fields.values() if one.code in answers and not one.personal]
    return [Answer(field=one.code, values=_values(answers[one.code])) for one in open_ones]


def sealable(
    fields: Mapping[str, FormField], answers: Mapping[str, Given], person: str | None
) -> list[PersonalAnswer] | None:
    """Answers about a person, on their way to be sealed; None if there are any and nobody says whose they are."""
    personal = [one for one in fields.values() if one.code in answers and one.personal]
    if person is None:
        return None if personal else []
    return [
        PersonalAnswer(field=one.code, value=Clear(subject=person, clear=str(answers[one.code]))) for one in personal
    ]


def _values(given: Given) -> list[str]:
    match given:
        case bool():
            return ["yes" if given else "no"]
        case list():
            return given
        case _:
            return [str(given)]


def _wrong(field: FormField, given: Given) -> Text | None:
    return next(_mistakes(field, given), None)


def _mistakes(field: FormField, given: Given) -> Iterator[Text]:
    match field.type, given:
        case "yes_no", bool():
            return
        case (("number" | "money"), int()) if not isinstance(given, bool):
            yield from _out_of_bounds(field, given)
        case "choice", str():
            yield from _unknown(field, [given])
        case "choices", list():
            yield from _unknown(field, given)
            yield from _out_of_bounds(field, len(given))
        case "date", str():
            yield from _no_day(given)
        case (("text" | "email" | "phone"), str()):
            yield from _unreadable(field, given)
        case _:
            yield Text(nl=f"Hier hoort {_TYPES[field.type][0]}.", en=f"{_TYPES[field.type][1]} belongs here.")


_TYPES = {
    "text": ("tekst", "Text"),
    "number": ("een geheel getal", "A whole number"),
    "money": ("een bedrag in cent", "An amount in cents"),
    "date": ("een dag (JJJJ-MM-DD)", "A day (YYYY-MM-DD)"),
    "choice": ("één keuze", "One choice"),
    "choices": ("een lijst van keuzes", "A list of choices"),
    "yes_no": ("true of false", "True or false"),
    "email": ("een e-mailadres", "An e-mail address"),
    "phone": ("een telefoonnummer", "A telephone number"),
}


def _out_of_bounds(field: FormField, number: int) -> Iterator[Text]:
    least = 0 if field.type == "money" and field.least is None else field.least
    if least is not None and number < least:
        yield Text(nl=f"Dit is minstens {least}.", en=f"This is at least {least}.")
    if field.most is not None and number > field.most:
        yield Text(nl=f"Dit is hoogstens {field.most}.", en=f"This is at most {field.most}.")


def _unknown(field: FormField, chosen: list[str]) -> Iterator[Text]:
    if unknown := sorted(set(chosen) - {one.code for one in field.choices}):
        yield Text(nl=f"Deze keuze bestaat niet: {unknown[0]}.", en=f"There is no such choice: {unknown[0]}.")
    if len(set(chosen)) < len(chosen):
        yield Text(nl="Een keuze staat er twee keer.", en="A choice stands here twice.")


def _no_day(text: str) -> Iterator[Text]:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    # ISO 8601 knows other forms of the same day; the log knows one.
    if day is None or day.isoformat() != text:
        yield Text(nl="De kalender kent deze dag niet.", en="The calendar has no such day.")


def _unreadable(field: FormField, text: str) -> Iterator[Text]:
    longest = field.max_length or LONGEST_TEXT
    if not text.strip():
        yield Text(nl="Dit antwoord is leeg.", en="This answer is empty.")
    if len(text) > longest:
        yield Text(nl=f"Hoogstens {longest} tekens.", en=f"{longest} characters at most.")
    if field.max_words is not None and len(text.split()) > field.max_words:
        yield Text(nl=f"Hoogstens {field.max_words} woorden.", en=f"{field.max_words} words at most.")
    if field.type == "email" and not _EMAIL.fullmatch(text):
        yield Text(nl="Dit is geen e-mailadres.", en="This is not an e-mail address.")
    if field.type == "phone" and not _PHONE.fullmatch(text):
        yield Text(nl="Dit is geen telefoonnummer.", en="This is not a telephone number.")
