"""The one byte form of a value: RFC 8785 for the subset that the log allows.

UTF-8 JSON, keys ASCII and sorted, no white space, no floats, integers within ±(2^53−1), strings in NFC without lone
surrogates. What is hashed and signed is these bytes, so equal values must have equal bytes for ever.
"""

from __future__ import annotations

import json
import re
from typing import Any, TypeAlias
from unicodedata import is_normalized

import msgspec

Json: TypeAlias = Any
"""What JSON can hold less floats; `check` proves it where a value's origin is unknown."""

SAFE_INTEGER = 2**53 - 1
KEY = re.compile(r"[a-z][a-z0-9_]*")

_encoder = msgspec.json.Encoder(order="sorted")


class NotCanonical(ValueError):
    """The bytes, or the value, have no place in the log; the message says where."""


def encode(value: object) -> bytes:
    """The canonical bytes of a value made of Structs, dicts, lists, integers, strings and null.

    The caller's types keep floats and large integers out; `check` proves it for values of unknown origin.
    NotCanonical for text outside NFC or with a lone surrogate.
    """
    try:
        body = _encoder.encode(value)
        # Joined text is in NFC exactly if each string is: no structural character of JSON composes with another.
        if not body.isascii() and not is_normalized("NFC", body.decode()):
            raise NotCanonical("a text is not in Unicode form NFC")
    except UnicodeError as error:
        raise NotCanonical(f"a text holds a lone surrogate: {error}") from error
    return body


def decode(body: bytes) -> Any:
    """The value of canonical bytes; NotCanonical unless encoding it again gives the same bytes."""
    try:
        value = json.loads(body.decode(), object_pairs_hook=_pairs, parse_float=_no_float, parse_constant=_no_float)
    except (ValueError, RecursionError) as error:
        raise NotCanonical(str(error)) from error
    check(value)
    if encode(value) != body:
        raise NotCanonical("the bytes are not the canonical form of their value")
    return value


def check(value: object, path: str = "") -> None:
    """NotCanonical, naming the place, if the value holds what the log does not allow."""
    match value:
        case None | bool():
            return
        case int():
            if abs(value) > SAFE_INTEGER:
                raise NotCanonical(f"{path or '/'}: {value} lies beyond 2^53−1")
        case str():
            if not is_normalized("NFC", value):
                raise NotCanonical(f"{path or '/'}: the text is not in Unicode form NFC")
        case list():
            for index, item in enumerate(value):
                check(item, f"{path}/{index}")
        case dict():
            for key, item in value.items():
                if not isinstance(key, str) or not KEY.fullmatch(key):
                    raise NotCanonical(f"{path}/{key}: the key is not ASCII snake_case")
                check(item, f"{path}/{key}")
        case _:
            raise NotCanonical(f"{path or '/'}: {type(value).__name__} has no place in the log")


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise NotCanonical("a key occurs twice in one object")
    return value


def _no_float(text: str) -> float:
    raise NotCanonical(f"{text} is not an integer")
