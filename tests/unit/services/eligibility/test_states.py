"""What is not possible as things stand is refused with the state, and leaves nothing on record."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from events.eligibility import AssessmentLapsed
from services.deciding import Refused
from services.eligibility.commands import (
    ConcludeAdmissibility,
    ConcludeEligibility,
    LapseAssessment,
    RecordClarification,
    RequestClarification,
    ReviseAssessment,
    SupplementDossier,
)
from services.fields import Command
from tests.given import Given
from tests.unit.services.eligibility.examples import (
    CALL,
    CASE,
    CASE_STREAM,
    LATER,
    LEEUWBRUG,
    OFFICIAL,
    adopted,
    dossier,
    in_dutch,
    line,
    money,
    papers,
    started,
)

ASK = RequestClarification(rules=["E3"], question=in_dutch("Hoe berekent u de eigen inbreng?"))
SUPPLEMENT = SupplementDossier(attachments=papers("council_decision"), application_version=2, source=LATER)
ANSWER = RecordClarification(
    answer=in_dutch("Zo."),
    requested_cents=50_000_000,
    budget=[line("personnel", 62_500_000, 50_000_000)],
    financing=[money("subsidy", 50_000_000), money("own", 12_500_000)],
)
REVISE = ReviseAssessment(reference="Brief 1", reasons=in_dutch("Een nieuw feit."))
LAPSE = LapseAssessment(source=LATER)


def send(before: Given, *commands: Command) -> Given:
    for command in commands:
        before = before.when("assessment", CASE, command, by=OFFICIAL).recorded()
    return before


def inadmissible() -> Given:
    return send(started(dossier(attachments=[])), ConcludeAdmissibility())


def eligible() -> Given:
    return send(started(), ConcludeAdmissibility(), ConcludeEligibility())


def ineligible() -> Given:
    return send(started(LEEUWBRUG), ConcludeAdmissibility(), ConcludeEligibility())


def lapsed() -> Given:
    return started().has(CASE_STREAM, AssessmentLapsed(call=CALL, case=CASE, source=LATER))


IMPOSSIBLE: list[tuple[Callable[[], Given], str, Command]] = [
    (adopted, "none", SUPPLEMENT),
    (adopted, "none", ASK),
    (adopted, "none", ANSWER),
    (adopted, "none", ConcludeAdmissibility()),
    (adopted, "none", ConcludeEligibility()),
    (adopted, "none", LAPSE),
    (started, "open", ConcludeEligibility()),
    (inadmissible, "inadmissible", ASK),
    (inadmissible, "inadmissible", ConcludeEligibility()),
    (eligible, "eligible", ASK),
    (ineligible, "ineligible", ASK),
    (lapsed, "lapsed", ASK),
    (lapsed, "lapsed", ConcludeAdmissibility()),
    (lapsed, "lapsed", ConcludeEligibility()),
    (adopted, "none", REVISE),
    (started, "open", REVISE),
    (lapsed, "lapsed", REVISE),
]


@pytest.mark.parametrize(("before", "status", "command"), IMPOSSIBLE)
def test_what_the_state_does_not_allow_is_refused_with_the_state(
    before: Callable[[], Given], status: str, command: Command
) -> None:
    answer = before().when("assessment", CASE, command, by=OFFICIAL)
    answer.refused("STATE", "not_in_this_state")
    assert isinstance(answer.decision, Refused)
    assert answer.decision.inputs == {"status": status}
    assert answer.decision.facts == ()


@pytest.mark.parametrize("concluded", [inadmissible, eligible, ineligible, lapsed])
def test_an_answer_comes_too_late_once_the_question_no_longer_matters(concluded: Callable[[], Given]) -> None:
    concluded().when("assessment", CASE, ANSWER, by=OFFICIAL).refused("STATE", "nothing_asked")


@pytest.mark.parametrize("concluded", [eligible, ineligible])
def test_an_answer_after_the_conclusion_is_refused_though_the_question_was_never_answered(
    concluded: Callable[[], Given],
) -> None:
    asked = send(started(LEEUWBRUG if concluded is ineligible else None), ASK)
    after = asked.has(CASE_STREAM, *[event.fact for event in concluded().streams[CASE_STREAM][8:]])
    assert after.state(CASE_STREAM).question is not None
    after.when("assessment", CASE, ANSWER, by=OFFICIAL).refused("STATE", "nothing_asked")
