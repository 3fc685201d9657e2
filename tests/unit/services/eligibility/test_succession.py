"""A legal successor takes a file over while it is assessed, and its costs come into that one's register."""

from __future__ import annotations

from events.eligibility import AssessmentSucceeded, CostsDeclared, DeclaredEligible
from events.intake import ApplicantSucceeded
from events.vocabulary import Party, Source
from services.deciding import Issue
from services.eligibility.commands import ConcludeAdmissibility, ConcludeEligibility, LapseAssessment, SucceedAssessment
from services.eligibility.reactions import REACTIONS
from services.eligibility.rules.funding import costs_of
from tests.given import Given
from tests.unit.services.eligibility.examples import (
    CALL,
    CASE,
    CASE_STREAM,
    DENDERLEEUW,
    OFFICIAL,
    criteria_with,
    dossier,
    in_dutch,
    started,
)

MERGED = Party(ovo="OVO900199", kbo="0999000129", name="Denderleeuw-Ninove", nis="41999")
HEARD = Source(event_id="0" * 8 + "-0000-4000-8000-" + "0" * 12, position=9)
SUCCEED = SucceedAssessment(previous=DENDERLEEUW, successor=MERGED, source=HEARD)
FACT = AssessmentSucceeded(call=CALL, case=CASE, previous=DENDERLEEUW, successor=MERGED, source=HEARD)


def test_a_successor_of_the_applicant_takes_the_assessment_over_once() -> None:
    succeeded = ApplicantSucceeded(
        call=CALL,
        case=CASE,
        previous=DENDERLEEUW,
        successor=MERGED,
        merged=[DENDERLEEUW],
        neighbourhood="Leeuwbrug",
        effective_at="2021-05-01T22:00:00.000000Z",
        reason=in_dutch("Fusie."),
        moves_live_key=True,
        checks=[],
    )
    issues = [issue for one in REACTIONS if one.on is ApplicantSucceeded for issue in one.react(succeeded, HEARD, None)]
    assert issues == [Issue("assessment", CASE, SUCCEED)]
    after = started().when("assessment", CASE, SUCCEED).then(FACT)
    after.when("assessment", CASE, SUCCEED).nothing()
    assert after.state(CASE_STREAM).dossier.applicant == MERGED


def concluded(before: Given) -> Given:
    for command in (ConcludeAdmissibility(), ConcludeEligibility()):
        before = before.when("assessment", CASE, command, by=OFFICIAL).recorded()
    return before


def test_what_is_concluded_afterwards_is_concluded_of_the_successor() -> None:
    after = concluded(started().when("assessment", CASE, SUCCEED).recorded())
    fact = after.streams[CASE_STREAM][-1].fact
    assert isinstance(fact, DeclaredEligible)
    assert fact.dossier.applicant == MERGED


def test_a_succession_after_the_conclusion_is_told_on_too() -> None:
    concluded(started()).when("assessment", CASE, SUCCEED).then(FACT)


def test_a_file_that_was_withdrawn_passes_to_nobody() -> None:
    gone = started().when("assessment", CASE, LapseAssessment(source=HEARD)).recorded()
    gone.when("assessment", CASE, SUCCEED).nothing()


def test_e5d_the_costs_leave_the_register_of_the_predecessor_for_that_of_the_successor() -> None:
    looks = criteria_with(double_funding="same_neighbourhood_and_category")
    after = started(criteria=looks).when("assessment", CASE, SUCCEED)
    costs = costs_of(dossier())
    after.then(
        FACT,
        CostsDeclared(call=CALL, case=CASE, applicant=DENDERLEEUW.ovo, costs=None),
        CostsDeclared(call=CALL, case=CASE, applicant=MERGED.ovo, costs=costs),
    )
