"""A mistake in what was sent: where, and what, in both languages."""

from __future__ import annotations

from typing import NamedTuple

from events.canonical import Json
from events.vocabulary import Text


class Mistake(NamedTuple):
    """What is wrong: where (JSON pointer into what was sent), and what."""

    pointer: str
    message: Text

    def told(self, under: str = "") -> Json:
        """As the inputs of a refusal tell it; `under` is where the thing itself stands."""
        return {"pointer": under + self.pointer, "message": {"nl": self.message.nl, "en": self.message.en}}


def say(pointer: str, nl: str, en: str) -> Mistake:
    """A mistake in both languages."""
    return Mistake(pointer, Text(nl=nl, en=en))
