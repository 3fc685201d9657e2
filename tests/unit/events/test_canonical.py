"""The one byte form: what it is, and what has none."""

from __future__ import annotations

import json
from unicodedata import is_normalized

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from events import canonical
from events.canonical import SAFE_INTEGER, NotCanonical

keys = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
texts = st.text(st.characters(codec="utf-8"), max_size=20).filter(lambda text: is_normalized("NFC", text))
leaves = st.none() | st.booleans() | st.integers(-SAFE_INTEGER, SAFE_INTEGER) | texts
values = st.recursive(leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4))


@given(st.dictionaries(keys, values, max_size=5))
def test_our_bytes_are_those_of_rfc_8785(value: dict[str, object]) -> None:
    assert canonical.encode(value) == rfc8785.dumps(value)  # type: ignore[arg-type]  # its types forbid recursion


@given(st.dictionaries(keys, values, max_size=5))
def test_what_was_encoded_is_read_back_as_it_was(value: dict[str, object]) -> None:
    assert canonical.decode(canonical.encode(value)) == value


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b'{"b":1,"a":2}', "not the canonical form"),
        (b'{"a": 1}', "not the canonical form"),
        (b'{"a":1,"a":1}', "twice"),
        (b'{"a":1.0}', "not an integer"),
        (b'{"a":1e3}', "not an integer"),
        (b'{"a":NaN}', "not an integer"),
        (b'{"a":9007199254740992}', "2^53"),
        (b'{"A":1}', "snake_case"),
        ('{"é":1}'.encode(), "snake_case"),
        ('{"a":"e\u0301"}'.encode(), "NFC"),
        (b'{"a":"\\ud800"}', "surrogate"),
        (b'{"a":"\\u00e9"}', "not the canonical form"),
        (b'{"a":1}\n', "not the canonical form"),
        (b"\xff", "decode"),
        (b"[" * 100_000, "recursion"),
    ],
)
def test_other_bytes_are_refused_with_their_reason(body: bytes, why: str) -> None:
    with pytest.raises(NotCanonical, match=why.replace("^", r"\^")):
        canonical.decode(body)


def test_a_mistake_is_named_by_its_place() -> None:
    with pytest.raises(NotCanonical, match="/lines/1/amount"):
        canonical.check({"lines": [{"amount": 1}, {"amount": 2**60}]})


def test_text_with_a_lone_surrogate_cannot_be_encoded() -> None:
    with pytest.raises(NotCanonical):
        canonical.encode({"a": json.loads('"\\ud800"')})
