"""Text and amounts as SEPA messages take them: the Latin character set, lengths, two decimals."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from services.iban import compact

MOST_CENTS = 99_999_999_999
"""The largest amount of a SEPA credit transfer: 999,999,999.99 euro."""

_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "Æ": "AE", "ø": "o", "Ø": "O", "œ": "oe", "Œ": "OE", "đ": "d", "ł": "l"}
)
_MARKS = str.maketrans({"&": "+", "_": "-", "’": "'", "‘": "'", "–": "-", "—": "-", "@": "(at)", "\n": " ", "\t": " "})
HIDDEN = "[hidden]"

_BEGINS = re.compile(r"(?=[A-Za-z]{2}[0-9]{2})")
_RUN = re.compile(r"[A-Za-z0-9]{15,}")
_OUTSIDE = re.compile(r"[^A-Za-z0-9/\-?:().,'+ ]")
_IDENTIFIER = re.compile(r"[A-Za-z0-9\-?:().,'+]+(/[A-Za-z0-9\-?:().,'+]+)*")
_DECIMAL = re.compile(r"[0-9]{1,13}(\.[0-9]{1,5})?")


class NotPayable(ValueError):
    """This cannot stand in a payment file; the message says what and why, and names no account."""


def latin(text: str, most: int) -> str:
    """The text in SEPA's Latin set, accents off, what has no counterpart as a full stop, at most `most` characters.

    NotPayable if nothing is left to be read.
    """
    plain = unicodedata.normalize("NFKD", text.translate(_LETTERS).translate(_MARKS))
    plain = "".join(one for one in plain if not unicodedata.combining(one))
    # A slash at an end, or two in a row, is refused by SEPA's rules though the set has it.
    words = re.sub(r"/{2,}", "/", " ".join(_OUTSIDE.sub(".", plain).split())).strip("/ ")
    kept = words[:most].strip("/ ")
    if not re.search(r"[A-Za-z0-9]", kept):
        raise NotPayable("a name or text has no character that a bank can read")
    return kept


def identifier(text: str) -> str:
    """An identifier as it is: 1 to 35 characters of the set, no space, no slash at an end or twice; else NotPayable."""
    if len(text) > 35 or not _IDENTIFIER.fullmatch(text):
        raise NotPayable(f"{text!r} is no identifier of at most 35 characters of SEPA's set")
    return text


def iban(text: str) -> str:
    """An account number without spaces; NotPayable, without the number, if its check digits or its form are wrong."""
    try:
        return compact(text)
    except ValueError:
        raise NotPayable("an account number is not a valid IBAN") from None


def masked(text: str) -> str:
    """The text without any valid account number, wherever it stands: a bank's file names and ids may hold one."""
    for begin in _BEGINS.finditer(text):
        run = _RUN.match(text, begin.start())
        number = next((one for one in _longest_first(run[0] if run else "") if _valid(one)), None)
        if number is not None:
            return masked(text.replace(number, HIDDEN))
    return text


def _longest_first(run: str) -> Iterator[str]:
    return (run[:length] for length in range(min(len(run), 34), 14, -1))


def _valid(number: str) -> bool:
    try:
        compact(number)
    except ValueError:
        return False
    return True


def euros(cents: int) -> str:
    """Cents as euro with two decimals."""
    return f"{cents // 100}.{cents % 100:02d}"


def amount(cents: int) -> str:
    """The amount of one transfer; NotPayable for nothing, less than nothing, or more than SEPA carries."""
    if not 0 < cents <= MOST_CENTS:
        raise NotPayable(f"{cents} cents is no amount that a transfer can carry")
    return euros(cents)


def cents_of(text: str) -> int | None:
    """A decimal of a message in cents, exactly; None if it is no amount of whole cents."""
    if not _DECIMAL.fullmatch(text):
        return None
    whole, _, part = text.partition(".")
    if part[2:].strip("0"):
        return None
    return int(whole) * 100 + int(part[:2].ljust(2, "0"))
