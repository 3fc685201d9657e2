"""What the letter tells of a conditional advice and of the right of reply, and that other letters stay as they were."""

from __future__ import annotations

import io
import json
from typing import Any

import msgspec
import pytest
from pypdf import PdfReader

from projections.letter.evolve import letter
from projections.letter.model import Advice, Letter
from projections.letter.pdf import render
from projections.letter.tell import document
from projections.words import Language
from tests.unit.projections.letter import case
from tests.unit.projections.samples import CASE, sample

each_language = pytest.mark.parametrize(("language", "suffix"), [("nl", "in het Nederlands"), ("en", "in English")])


def of(story: list[Any]) -> Letter:
    made = letter(CASE, case.events(story))
    assert made is not None
    return made


def advice(story: list[Any]) -> Advice:
    made = of(story).advice
    assert made is not None
    return made


def blocks(story: list[Any], language: Language = "nl") -> list[str]:
    """Paragraphs, items and quotes of the letter itself, in their order."""
    found: list[str] = []
    for one in document(of(story), language)["blocks"]:
        found += one.get("items", []) or ([one["text"]] if "text" in one else [])
    return found


def read(story: list[Any], language: Language = "nl") -> str:
    pages = PdfReader(io.BytesIO(render(of(story), language))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


@each_language
def test_j8_what_the_jury_imposes_is_told_with_its_reasons(language: Language, suffix: str) -> None:
    told = blocks(case.heard_in_time(), language)
    assert f"Stad Hiernaast: Het plein ligt op de grens ({suffix})" in told
    (reduced,) = [one for one in told if f"Drie werkjaren volstaan ({suffix})" in one]
    assert reduced.startswith("Dat bedrag is lager" if language == "nl" else "That amount is lower")


@each_language
def test_j6_a_reply_in_time_is_quoted_and_so_is_what_the_jury_makes_of_it(language: Language, suffix: str) -> None:
    told = blocks(case.heard_in_time(), language)
    head = told.index("Uw recht van antwoord" if language == "nl" else "Your right of reply")
    sent, came, on, first, second, answer = told[head + 1 : head + 7]
    assert "576.543,21 euro" in sent if language == "nl" else "576,543.21 euro" in sent
    assert "16 augustus 2021" in sent if language == "nl" else "16 August 2021" in sent
    assert "30 augustus 2021 om 23.59 uur" in sent if language == "nl" else "30 August 2021 at 23:59" in sent
    assert "20 augustus 2021" in came if language == "nl" else "20 August 2021" in came
    assert f"Criterium vision ({suffix})" in on
    assert (first, second) == ("Er staan twaalf bomen, geen tien.", "De wijk heet anders.")
    assert answer.endswith(f"Het aantal bomen is rechtgezet ({suffix})")


def test_j6_a_reply_without_remarks_is_told_as_one() -> None:
    told = blocks(case.heard(("2021-08-20", case.replied())))
    assert "U antwoordde op 20 augustus 2021 om 13.00 uur dat u geen opmerkingen had." in told


def test_j6_a_term_that_lapsed_is_told_and_a_late_reply_as_not_heard() -> None:
    told = blocks(case.heard_too_late())
    assert "Binnen die termijn kwam er geen antwoord." in told
    (late,) = [one for one in told if "na de termijn" in one]
    assert "31 augustus 2021 om 09.30 uur" in late
    assert "geen rekening mee gehouden" in late
    assert not [one for one in told if "twaalf bomen" in one], "what was not heard is no reason"
    lapsed = [one for one in case.heard_too_late() if type(one[1]).__name__ != "LateReplyRecorded"]
    assert not [one for one in blocks(lapsed) if "na de termijn" in one]


def test_j6_a_reply_that_comes_after_the_advice_is_still_told_as_late() -> None:
    story = case.heard_too_late()
    at = next(place for place, (_, fact) in enumerate(story) if type(fact).__name__ == "LateReplyRecorded")
    late = story.pop(at)
    story.insert(at + 1, late)
    reply = advice(story).reply
    assert reply is not None
    assert (reply.lapsed, reply.late_at) == (True, "2021-08-31T07:30:00.000000Z")


def test_j7_a_reply_to_an_advice_that_was_set_aside_is_not_told_with_the_next() -> None:
    reopened = ("2021-09-02", sample("EvaluationReopened", ground="error"))
    story = case.heard(("2021-08-20", case.replied(*case.REMARKS)))
    at = next(place for place, (_, fact) in enumerate(story) if type(fact).__name__ == "AdviceAdopted")
    bare = ("2021-09-04", case.advice())
    assert advice([*story[: at + 1], reopened, bare, *story[at + 1 :]]).reply is None
    again = ("2021-09-03", case.provisional(11))
    reply = advice([*story[: at + 1], reopened, again, bare, *story[at + 1 :]]).reply
    assert reply is not None
    assert (reply.proposed_cents, reply.replied_at, reply.remarks) == (11, None, [])


def test_the_steps_of_the_reply_stand_in_the_course_of_the_case() -> None:
    assert [one.code for one in of(case.heard_in_time()).steps][4:7] == ["provisional", "replied", "advised"]
    late = of(case.heard_too_late()).steps[4:8]
    assert [one.code for one in late] == ["provisional", "reply_lapsed", "reply_late", "advised"]
    assert late[2].at == "2021-08-31T07:30:00.000000Z", "the moment it came in"


def test_all_of_it_stands_in_the_file() -> None:
    words = read(case.heard_in_time())
    for one in ("Stad Hiernaast", "Drie werkjaren volstaan", "twaalf bomen", "Het aantal bomen is rechtgezet"):
        assert one in words


def test_an_advice_without_them_is_enclosed_as_it_always_was() -> None:
    made = of(case.award())
    known = {"adopted_at", "outcome", "score_bp", "proposed_cents", "reasons", "conditions", "report"}
    assert set(json.loads(msgspec.json.encode(made))["advice"]) == known
    full = set(json.loads(msgspec.json.encode(of(case.heard_in_time())))["advice"])
    assert full == known | {"cooperation", "reduction", "answer", "reply"}
