"""The form is data of the call: saved piece by piece, handed in against its version, checked answer by answer."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from events.forms import Answer, PersonalAnswer
from events.intake import (
    ApplicationSubmitted,
    CallDeadlineExtended,
    CompletionRequested,
    CompletionSupplied,
    DraftStepSaved,
    FormFilled,
    LateSubmissionRecorded,
    LateSubmissionRegistered,
    ReceiptAcknowledged,
)
from events.vocabulary import Clear
from services.intake.commands import (
    RegisterLateSubmission,
    RequestCompletion,
    SaveDraftStep,
    SubmitApplication,
    SupplyCompletion,
)
from services.intake.rules.form import fields_of, mistakes_in_answers
from services.intake.rules.terms import mistakes_in
from tests.given import Given, Then
from tests.unit.services.intake.examples import (
    APPLICANT,
    CALL,
    CALL_STREAM,
    CASE,
    CASE_STREAM,
    EXTENDED,
    IN_TIME,
    OFFICIAL,
    PERSON,
    STRANGER,
    TERMS,
    TIMER,
    TOO_LATE,
    a_draft,
    in_dutch,
    inputs_of,
    papers,
    registering,
    submit,
)
from tests.unit.services.intake.forms import FORM, PROJECT, VERSION, choices, question

WORDS = in_dutch("Zo is het.")
WITH_FORM = registering(form=FORM)
SOUND: dict[str, Any] = {"vision": "Een betere wijk", "politician": "An Peeters"}
FIELDS = fields_of(FORM)


def drafting() -> Given:
    return a_draft(one=WITH_FORM)


def save(step: str, answers: dict[str, Any], version: str = VERSION, person: str | None = PERSON) -> SaveDraftStep:
    return SaveDraftStep(form_version=version, step=step, answers=answers, person=person)


def saving(before: Given, command: SaveDraftStep) -> Then:
    return before.when("application", CASE, command, at=IN_TIME, by=APPLICANT)


def hand_in(**answers: Any) -> SubmitApplication:
    return submit(form_version=VERSION, answers=answers)


def pointers(answer: Then) -> list[str]:
    return [one["pointer"] for one in inputs_of(answer)["mistakes"]]


def wrong(**answers: Any) -> list[str]:
    return [one.pointer.removeprefix("/answers/") for one in mistakes_in_answers(FIELDS, answers)]


# Each type and limit


@pytest.mark.parametrize(
    ("code", "good", "bad"),
    [
        ("vision", ["Een betere wijk", "a b c d e"], ["", "  ", "a b c d e f", "x" * 41, 7, True, ["a"]]),
        ("inhabitants", [1, 100_000], [0, 100_001, "5", True, [1]]),
        ("own_share", [0, 1_000_000], [-1, 1_000_001, "0", False]),
        ("start", ["2022-02-28"], ["2022-02-29", "28-02-2022", "20220228", "2022-W01-1", "", 20220228]),
        ("kind", ["new", "renewed"], ["old", "", ["new"], 1]),
        ("needs", [["housing"], ["health", "safety"]], [[], ["sports"], ["housing", "housing"], "housing"]),
        ("needs", [["housing"]], [["housing", "health", "safety"]]),
        ("experiment", [True, False], ["yes", 1, "true", []]),
        ("politician", ["An Peeters"], ["", 5]),
        ("mail", ["an@example.org"], ["an", "an@example", "a n@example.org", "", 5]),
        ("phone", ["+32 11 00 00 00", "011000000"], ["nul", "1", "", 11]),
    ],
)
def test_every_answer_is_checked_against_its_question(code: str, good: list[Any], bad: list[Any]) -> None:
    for given in good:
        assert wrong(**{code: given}) == [], given
    for given in bad:
        assert wrong(**{code: given}) == [code], given


def test_an_amount_of_money_is_never_below_zero_though_the_form_sets_no_least() -> None:
    free = {"own_share": question("own_share", "money"), "change": question("change", "number")}
    assert [one.pointer for one in mistakes_in_answers(free, {"own_share": -1, "change": -1})] == ["/answers/own_share"]


def test_every_mistake_is_told_at_once_with_its_place_in_both_languages() -> None:
    answer = saving(drafting(), save("project", {"vision": "", "inhabitants": 0, "colour": "red"}))
    answer.refused("FORM", "mistakes")
    assert pointers(answer) == ["/answers/vision", "/answers/inhabitants", "/answers/colour"]
    assert all(one["message"]["nl"] and one["message"]["en"] for one in inputs_of(answer)["mistakes"])


def test_a_mistake_never_repeats_what_was_answered() -> None:
    told = mistakes_in_answers(FIELDS, {"politician": 5, "mail": "geheim", "phone": "geheim"})
    assert len(told) == 3
    assert "geheim" not in repr(told)


# Saved piece by piece


def test_a_draft_is_saved_step_by_step_and_what_is_personal_is_sealed() -> None:
    first = saving(drafting(), save("project", {"vision": "Een betere wijk", "needs": ["health"], "experiment": True}))
    after = first.then(
        DraftStepSaved(
            call=CALL,
            case=CASE,
            form_version=VERSION,
            step="project",
            answers=[
                Answer(field="vision", values=["Een betere wijk"]),
                Answer(field="needs", values=["health"]),
                Answer(field="experiment", values=["yes"]),
            ],
            personal=[],
        )
    )
    second = saving(after, save("people", {"politician": "An Peeters"})).fact(DraftStepSaved)
    assert second.answers == []
    assert second.personal == [
        PersonalAnswer(field="politician", value=Clear(subject=PERSON, clear="An Peeters")),
    ]


def test_a_step_may_be_saved_incomplete_and_replaces_what_it_had() -> None:
    once = saving(drafting(), save("project", {"inhabitants": 900})).recorded()
    twice = saving(once, save("project", {"vision": "Anders"})).recorded()
    assert [one.field for one in twice.state(CASE_STREAM).saved["project"].answers] == ["vision"]


def test_saving_the_same_again_records_nothing() -> None:
    once = saving(drafting(), save("project", {"vision": "Een betere wijk"})).recorded()
    saving(once, save("project", {"vision": "Een betere wijk"})).nothing()


def test_what_is_saved_belongs_to_a_step_of_the_form_in_its_version() -> None:
    saving(drafting(), save("budget", {})).refused("FORM", "unknown_step")
    saving(drafting(), save("people", {"vision": "Een betere wijk"})).refused("FORM", "mistakes")
    other = saving(drafting(), save("project", {}, version="2020-01-01"))
    other.refused("FORM", "other_version")
    assert inputs_of(other) == {"version": VERSION}
    saving(a_draft(), save("project", {})).refused("FORM", "no_form")


def test_who_answers_about_a_person_says_whose_answers_they_are() -> None:
    saving(drafting(), save("people", {"politician": "An Peeters"}, person=None)).refused("FORM", "person_missing")
    saving(drafting(), save("project", {"experiment": False}, person=None)).then_types(DraftStepSaved)


def test_own_an_authority_saves_its_own_draft_only() -> None:
    command = save("project", {"vision": "Een betere wijk"})
    drafting().when("application", CASE, command, at=IN_TIME, by=STRANGER).refused("OWN", "other_organisation")


def test_i3_what_was_handed_in_is_not_saved_over() -> None:
    sent = drafting().when("application", CASE, hand_in(**SOUND), at=IN_TIME, by=APPLICANT).recorded()
    saving(sent, save("project", {"vision": "Anders"})).refused("STATE", "not_in_this_state")


# Handed in


def test_a_submission_says_which_version_of_the_form_it_answers() -> None:
    answer = drafting().when("application", CASE, hand_in(**SOUND), at=IN_TIME, by=APPLICANT)
    answer.then_types(ApplicationSubmitted, FormFilled, ReceiptAcknowledged)
    filled = answer.fact(FormFilled)
    assert (filled.form_version, filled.application_version, filled.drafted) == (VERSION, 1, [])
    assert filled.answers == [Answer(field="vision", values=["Een betere wijk"])]
    assert [one.field for one in filled.personal] == ["politician"]


def test_what_was_saved_is_handed_in_and_what_comes_now_replaces_it() -> None:
    saved = saving(drafting(), save("project", {"vision": "Een betere wijk", "inhabitants": 900})).recorded()
    saved = saving(saved, save("people", {"politician": "An Peeters", "mail": "an@example.org"})).recorded()
    answer = saved.when("application", CASE, hand_in(inhabitants=950, mail="bo@example.org"), at=IN_TIME, by=APPLICANT)
    filled = answer.fact(FormFilled)
    assert filled.answers == [
        Answer(field="vision", values=["Een betere wijk"]),
        Answer(field="inhabitants", values=["950"]),
    ]
    assert ([one.field for one in filled.personal], filled.drafted) == (["mail"], ["politician"])


def test_a_question_that_must_be_answered_is_missed_with_its_pointer() -> None:
    answer = drafting().when("application", CASE, hand_in(inhabitants=5), at=IN_TIME, by=APPLICANT)
    answer.refused("FORM", "mistakes")
    assert pointers(answer) == ["/answers/vision", "/answers/politician"]
    assert answer.decision.facts == ()


def test_a_required_question_that_was_answered_wrongly_is_told_once() -> None:
    answer = drafting().when("application", CASE, hand_in(vision="", politician="An"), at=IN_TIME, by=APPLICANT)
    assert pointers(answer) == ["/answers/vision"]


def test_a_call_without_a_form_takes_no_answers() -> None:
    a_draft().when("application", CASE, hand_in(), at=IN_TIME, by=APPLICANT).refused("FORM", "no_form")
    a_draft().when("application", CASE, submit(answers=SOUND), at=IN_TIME, by=APPLICANT).refused("FORM", "no_form")


def test_a_call_with_a_form_takes_no_submission_of_another_version() -> None:
    before = drafting()
    before.when("application", CASE, submit(), at=IN_TIME, by=APPLICANT).refused("FORM", "other_version")
    stale = submit(form_version="2020-01-01", answers=SOUND)
    before.when("application", CASE, stale, at=IN_TIME, by=APPLICANT).refused("FORM", "other_version")


def test_i3_other_answers_after_handing_in_are_refused_and_the_same_record_nothing() -> None:
    sent = drafting().when("application", CASE, hand_in(**SOUND), at=IN_TIME, by=APPLICANT).recorded()
    sent.when("application", CASE, hand_in(**SOUND), at=IN_TIME, by=APPLICANT).nothing()
    changed = hand_in(**(SOUND | {"vision": "Anders"}))
    sent.when("application", CASE, changed, at=IN_TIME, by=APPLICANT).refused("I3", "already_submitted")


def test_the_digest_of_the_answers_says_nothing_about_a_person() -> None:
    def digest(**answers: Any) -> str:
        answer = drafting().when("application", CASE, hand_in(**(SOUND | answers)), at=IN_TIME, by=APPLICANT)
        sha: str = answer.fact(FormFilled).answers_sha256
        return sha

    assert digest() == digest(politician="Iemand Anders", mail="x@example.org")
    assert digest() != digest(vision="Anders")


# Late


def test_i1_a_late_submission_keeps_what_can_be_read_of_its_answers() -> None:
    answer = drafting().when("application", CASE, hand_in(vision="Goed", inhabitants=0), at=TOO_LATE, by=APPLICANT)
    answer.refused("I1", "late", answer.fact(LateSubmissionRecorded), answer.fact(FormFilled))
    assert answer.fact(FormFilled).answers == [Answer(field="vision", values=["Goed"])]


def test_i1_a_late_submission_is_taken_in_only_with_every_answer_that_it_needs() -> None:
    longer = CallDeadlineExtended(call=CALL, previous=TERMS.deadline, deadline=EXTENDED, reason=WORDS)

    def late(**answers: Any) -> Then:
        before = drafting().when("application", CASE, hand_in(**answers), at=TOO_LATE, by=APPLICANT).recorded()
        moved = before.has(CALL_STREAM, longer)
        return moved.when("application", CASE, RegisterLateSubmission(), at=TOO_LATE, by=TIMER)

    late(vision="Goed").refused("FORM", "mistakes")
    late(**SOUND).then_types(LateSubmissionRegistered, ReceiptAcknowledged)


# Completed


def asked(*items: str) -> Given:
    sent = drafting().when("application", CASE, hand_in(**SOUND), at=IN_TIME, by=APPLICANT).recorded()
    ask = RequestCompletion(items=list(items), reason=WORDS)
    return sent.when("application", CASE, ask, at=IN_TIME, by=OFFICIAL).then_types(CompletionRequested)


def supply(items: list[str], answers: dict[str, Any], *kinds: str, person: str | None = PERSON) -> SupplyCompletion:
    return SupplyCompletion(items=items, answers=answers, attachments=papers(*kinds), person=person)


def test_i3_a_supplement_answers_the_questions_that_were_asked_again() -> None:
    command = supply(["vision", "financial_plan"], {"vision": "Beter gezegd"}, "financial_plan")
    answer = asked("vision", "financial_plan").when("application", CASE, command, at=IN_TIME, by=APPLICANT)
    after = answer.then_types(CompletionSupplied, FormFilled)
    filled = answer.fact(FormFilled)
    assert (filled.application_version, filled.answers) == (2, [Answer(field="vision", values=["Beter gezegd"])])
    assert after.state(CASE_STREAM).status == "submitted"
    # What was handed in first is still what a repeat is compared with.
    after.when("application", CASE, hand_in(**SOUND), at=IN_TIME, by=APPLICANT).nothing()


def test_i3_a_supplement_answers_nothing_else() -> None:
    other = supply(["vision"], {"vision": "Beter", "inhabitants": 5})
    asked("vision").when("application", CASE, other, at=IN_TIME, by=APPLICANT).refused("I3", "items_without_attachment")
    named = supply(["vision", "inhabitants"], {"vision": "Beter", "inhabitants": 5})
    asked("vision").when("application", CASE, named, at=IN_TIME, by=APPLICANT).refused("I3", "not_requested")


def test_a_supplement_is_checked_against_the_form_too() -> None:
    asked("vision").when("application", CASE, supply(["vision"], {"vision": ""}), at=IN_TIME, by=APPLICANT).refused(
        "FORM", "mistakes"
    )
    nobody = supply(["politician"], {"politician": "An"}, person=None)
    asked("politician").when("application", CASE, nobody, at=IN_TIME, by=APPLICANT).refused("FORM", "person_missing")


def test_only_questions_of_the_form_and_attachments_of_the_call_are_asked_for() -> None:
    sent = drafting().when("application", CASE, hand_in(**SOUND), at=IN_TIME, by=APPLICANT).recorded()
    ask = RequestCompletion(items=["colour"], reason=WORDS)
    sent.when("application", CASE, ask, at=IN_TIME, by=OFFICIAL).refused("TERMS", "unknown_codes")


# The form in the terms


def mistaken(*fields: Any) -> list[str]:
    step = msgspec.structs.replace(PROJECT, fields=list(fields))
    form = msgspec.structs.replace(FORM, steps=[step])
    return [one.pointer.removeprefix("/intake/form/steps") for one in mistakes_in(registering(form=form))]


def test_a_form_that_ships_is_without_mistakes() -> None:
    assert mistakes_in(WITH_FORM) == []


@pytest.mark.parametrize(
    ("field", "pointer"),
    [
        (question("a", "choice"), "/0/fields/0/choices"),
        (question("a", "text", choices=choices("x")), "/0/fields/0/choices"),
        (question("a", "choice", choices=choices("x", "x")), "/0/fields/0/choices"),
        (question("a", "number", personal=True), "/0/fields/0/personal"),
        (question("a", "text", least=1), "/0/fields/0/least"),
        (question("a", "text", most=1), "/0/fields/0/most"),
        (question("a", "number", max_length=1), "/0/fields/0/maxLength"),
        (question("a", "number", max_words=1), "/0/fields/0/maxWords"),
        (question("a", "number", least=2, most=1), "/0/fields/0/most"),
        (question("a", "text", max_length=0), "/0/fields/0/maxLength"),
        (question("a", "text", max_words=0), "/0/fields/0/maxLength"),
    ],
)
def test_a_question_that_cannot_be_asked_is_told_with_its_place(field: Any, pointer: str) -> None:
    assert mistaken(field) == [pointer]


def test_codes_of_a_form_occur_once_and_are_not_those_of_attachments() -> None:
    assert mistaken(question("a", "text"), question("a", "text")) == [""]
    assert mistaken(question("financial_plan", "text")) == [""]
    assert mistaken() == [""]
    twice = msgspec.structs.replace(FORM, steps=[PROJECT, msgspec.structs.replace(PROJECT, fields=[])])
    assert [one.pointer for one in mistakes_in(registering(form=twice))] == ["/intake/form/steps"]
