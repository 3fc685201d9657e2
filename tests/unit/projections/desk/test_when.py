"""The time control."""

from __future__ import annotations

import pytest

from projections.desk.when import NOW, BadMoment, asked
from projections.past import Cut


def test_a_day_means_its_last_moment_in_brussels() -> None:
    assert asked("", "2021-07-15").cut == Cut(known_at="2021-07-15T21:59:59.999999Z")
    assert asked("2021-12-17", None).cut == Cut(as_of="2021-12-17T22:59:59.999999Z")


def test_an_instant_means_itself() -> None:
    assert asked(None, "2021-07-15T12:00:00Z").cut.known_at == "2021-07-15T12:00:00.000000Z"
    assert asked(None, "2021-07-15T14:00:00.5+02:00").cut.known_at == "2021-07-15T12:00:00.500000Z"


def test_nothing_means_now() -> None:
    assert asked(None, "  ") == asked("", "") == NOW
    assert not NOW.cut


@pytest.mark.parametrize(
    "text",
    [
        "yesterday",
        "2021-02-30",
        "2021-7-1",
        "15/07/2021",
        "2021-07-15T12:00:00",
        "2021-07-15T25:00:00Z",
        "0000-00-00",
        "9" * 99,
    ],
)  # fmt: skip -- a list of mistakes
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(BadMoment):
        asked(text, None)
    with pytest.raises(BadMoment):
        asked(None, text)
