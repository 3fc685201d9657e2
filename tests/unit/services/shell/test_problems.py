"""A problem is told in Dutch and English, and the two say the same."""

from __future__ import annotations

import string

import pytest

from services import problems
from services.problems import SENTENCES, Issue, Kind, Problem, preferred, told

KINDS = [kind for kind in vars(problems).values() if isinstance(kind, Kind)]


def fields(text: str) -> set[str]:
    """The names in braces."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("kind", KINDS, ids=[kind.type for kind in KINDS])
def test_both_languages_tell_the_same_values(kind: Kind) -> None:
    assert fields(kind.detail[0]) == fields(kind.detail[1])
    assert kind.title[0] != kind.title[1]
    assert kind.type.startswith(("urn:problem-type:belgif:", "urn:problem-type:wijkspoor:"))
    assert 400 <= kind.status < 600


@pytest.mark.parametrize("code", SENTENCES)
def test_both_sentences_of_an_issue_tell_the_same_values(code: str) -> None:
    nl, en = SENTENCES[code]
    assert fields(nl) == fields(en)


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "nl"),
        ("", "nl"),
        ("nl", "nl"),
        ("en", "en"),
        ("fr", "nl"),
        ("en-GB,en;q=0.9,nl;q=0.8", "en"),
        ("nl-BE, en;q=0.9", "nl"),
        ("en;q=0.1, nl;q=0.2", "nl"),
        ("fr, en;q=0.5", "en"),
        ("en;q=0", "nl"),
        ("en;q=x", "nl"),
        ("EN", "en"),
        (";;,,=q", "nl"),
        ("en;q=nan", "nl"),
    ],
)  # fmt: skip -- a table
def test_dutch_unless_english_is_wanted_more(header: str | None, language: str) -> None:
    assert preferred(header) == language


def test_an_issue_of_an_unknown_code_keeps_its_english_words() -> None:
    issue = Issue("body", "/x", "brand_new", {}, "Something specific")
    problem = Problem(problems.BAD_REQUEST, issues=[issue])
    assert told(problem, "en")["issues"][0]["detail"] == "Something specific"
    assert told(problem, "nl")["issues"][0]["detail"] == "De waarde is niet geldig."
    assert told(problem, "nl")["issues"][0]["code"] == "brand_new"


def test_a_problem_in_a_log_line_is_its_status_and_type() -> None:
    assert str(Problem(problems.STALE, values={"currentVersion": 3})) == "412 urn:problem-type:wijkspoor:staleVersion"
