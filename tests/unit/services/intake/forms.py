"""A form of two steps, with a question of every type, for the tests."""

from __future__ import annotations

from typing import Any

from events.forms import Choice, Form, FormField, FormStep
from events.vocabulary import Text

VERSION = "2021-03-11"


def label(word: str) -> Text:
    """A label."""
    return Text(nl=word, en=word)


def question(code: str, type_: Any, **other: Any) -> FormField:
    """A question that need not be answered, without limits."""
    fields: dict[str, Any] = {
        "required": False,
        "personal": False,
        "least": None,
        "most": None,
        "max_length": None,
        "max_words": None,
        "choices": [],
    }
    return FormField(code=code, label=label(code), type=type_, **(fields | other))


def choices(*codes: str) -> list[Choice]:
    """What can be chosen."""
    return [Choice(code=code, label=label(code)) for code in codes]


PROJECT = FormStep(
    code="project",
    label=label("project"),
    fields=[
        question("vision", "text", required=True, max_words=5, max_length=40),
        question("inhabitants", "number", least=1, most=100_000),
        question("own_share", "money", most=1_000_000),
        question("start", "date"),
        question("kind", "choice", choices=choices("new", "renewed")),
        question("needs", "choices", choices=choices("housing", "health", "safety"), least=1, most=2),
        question("experiment", "yes_no"),
    ],
)
PEOPLE = FormStep(
    code="people",
    label=label("people"),
    fields=[
        question("politician", "text", required=True, personal=True),
        question("mail", "email", personal=True),
        question("phone", "phone", personal=True),
    ],
)
FORM = Form(version=VERSION, steps=[PROJECT, PEOPLE])
