"""The application form (aanvraagformulier) and its attachments as data of a call, and what was answered and stored."""

from __future__ import annotations

from typing import Literal, TypeAlias

from events.vocabulary import Code, Name, Part, Personal, Text

AnswerType: TypeAlias = Literal["text", "number", "money", "date", "choice", "choices", "yes_no", "email", "phone"]
MediaType: TypeAlias = Literal[
    "application/pdf",
    "image/png",
    "image/jpeg",
    "application/zip",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.oasis.opendocument.text",
    "application/vnd.oasis.opendocument.spreadsheet",
]
"""What can be told from a file's content; nothing else can be asked for."""


FileFlaw: TypeAlias = Literal[
    "empty", "unknown_kind", "two_in_one", "damaged", "encrypted", "bomb", "nested", "unsafe_names", "macros"
]
"""What is wrong with a file, found in its content."""


class Choice(Part, frozen=True, kw_only=True):
    """One of the answers that can be chosen."""

    code: Code
    label: Text


class FormField(Part, frozen=True, kw_only=True):
    """A question. What an answer says about a person is `personal` and stands sealed.

    `least` and `most` bound a number, an amount in cents, or how many choices; `max_length` (characters) and
    `max_words` a text. `choices` belong to the types choice and choices.
    """

    code: Code
    label: Text
    type: AnswerType
    required: bool
    personal: bool
    least: int | None
    most: int | None
    max_length: int | None
    max_words: int | None
    choices: list[Choice]


class FormStep(Part, frozen=True, kw_only=True):
    """A page of the form: what is saved together."""

    code: Code
    label: Text
    fields: list[FormField]


class Form(Part, frozen=True, kw_only=True):
    """One version of the form; a submission says which version it answered."""

    version: Name
    steps: list[FormStep]


class AttachmentRule(Part, frozen=True, kw_only=True):
    """A sort of attachment: what kinds of file it may be, and how large at most."""

    code: Code
    label: Text
    media_types: list[MediaType]
    max_bytes: int


class Answer(Part, frozen=True, kw_only=True):
    """An answer in one written form: a number or cents in decimals, yes or no, a day, the codes chosen, or text."""

    field: Code
    values: list[str]


class PersonalAnswer(Part, frozen=True, kw_only=True):
    """An answer that says something about a person."""

    field: Code
    value: Personal
