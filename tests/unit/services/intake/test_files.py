"""Attachments: what they are is told from their content, and only what lies in the house's store counts."""

from __future__ import annotations

from typing import Any

import pytest

from events.forms import AttachmentRule
from events.intake import (
    ApplicationSubmitted,
    AttachmentRefused,
    AttachmentStored,
    CallDeadlineExtended,
    CompletionSupplied,
    LateSubmissionRegistered,
    ReceiptAcknowledged,
)
from events.vocabulary import Attachment
from services.intake.commands import RegisterLateSubmission, RequestCompletion, StoreAttachment, SupplyCompletion
from services.intake.rules import ACCEPTABLE, mistakes_in
from services.intake.rules.terms_intake import LARGEST_FILE
from tests.given import Given, Then
from tests.unit.services.intake.examples import (
    APPLICANT,
    BERINGEN,
    CALL,
    CALL_STREAM,
    CASE,
    CASE_STREAM,
    EXTENDED,
    IN_TIME,
    OFFICIAL,
    TERMS,
    TIMER,
    TOO_LATE,
    a_draft,
    in_dutch,
    inputs_of,
    papers,
    registering,
    submit,
    submitted,
)
from tests.unit.services.intake.forms import label

WORDS = in_dutch("Zo is het.")
SHA, OTHER = "ab" * 32, "cd" * 32


def rule(code: str, **other: Any) -> AttachmentRule:
    fields: dict[str, Any] = {"media_types": ["application/pdf"], "max_bytes": 1_000}
    return AttachmentRule(code=code, label=label(code), **(fields | other))


REQUIRED = ("council_decision", "pledge_letters", "financial_plan")
RULED = registering(attachments=[*(rule(code) for code in REQUIRED), rule("map", media_types=["image/png"])])


def upload(**other: Any) -> StoreAttachment:
    fields: dict[str, Any] = {
        "organisation": BERINGEN.ovo,
        "kind": "financial_plan",
        "name": "plan.pdf",
        "sha256": SHA,
        "size_bytes": 900,
        "declared": "application/pdf",
        "found": "application/pdf",
        "flaw": None,
    }
    return StoreAttachment(**(fields | other))


def uploading(before: Given, **other: Any) -> Then:
    return before.when("application", CASE, upload(**other), at=IN_TIME, by=TIMER)


def drafting() -> Given:
    return a_draft(one=RULED)


def stored(before: Given, *kinds: str) -> Given:
    for kind in kinds:
        before = uploading(before, kind=kind).recorded()
    return before


def test_a_file_that_is_what_it_says_is_stored_under_its_digest() -> None:
    answer = uploading(drafting())
    fact = answer.fact(AttachmentStored)
    answer.then(fact)
    assert (fact.kind, fact.sha256, fact.media_type, fact.size_bytes) == ("financial_plan", SHA, "application/pdf", 900)
    assert [(one.rule, one.outcome, one.code) for one in fact.checks] == [("FILE", "pass", "acceptable")]


def test_the_same_file_again_records_nothing() -> None:
    uploading(uploading(drafting()).recorded()).nothing()


def test_an_upload_that_does_not_say_what_it_is_is_taken_for_what_it_is() -> None:
    uploading(drafting(), declared="application/octet-stream").then_types(AttachmentStored)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"declared": "image/png"}, "lies_about_its_kind"),
        ({"declared": "text/html"}, "lies_about_its_kind"),
        ({"found": "image/png", "declared": "image/png"}, "kind_not_taken"),
        ({"size_bytes": 1_001}, "too_large"),
        ({"found": None, "flaw": "unknown_kind"}, "unknown_kind"),
        ({"found": None, "flaw": "empty"}, "empty"),
        ({"found": "application/zip", "flaw": "bomb"}, "bomb"),
        ({"found": "application/zip", "flaw": "nested"}, "nested"),
        ({"found": "application/zip", "flaw": "encrypted"}, "encrypted"),
        ({"found": "application/zip", "flaw": "unsafe_names"}, "unsafe_names"),
        ({"flaw": "two_in_one"}, "two_in_one"),
        ({"flaw": "damaged"}, "damaged"),
        ({"flaw": "macros"}, "macros"),
    ],
)
def test_a_file_that_is_not_kept_is_refused_on_record_with_its_reason(wrong: dict[str, Any], code: str) -> None:
    answer = uploading(drafting(), **wrong)
    refusal = answer.fact(AttachmentRefused)
    after = answer.refused("FILE", code, refusal)
    assert [(one.rule, one.outcome, one.code) for one in refusal.checks] == [("FILE", "fail", code)]
    assert all((refusal.checks[0].reason.nl, refusal.checks[0].reason.en))
    again = uploading(after, **wrong)
    again.refused("FILE", code)
    assert again.decision.facts == ()


def test_the_largest_file_that_the_call_takes_is_taken() -> None:
    uploading(drafting(), size_bytes=1_000).then_types(AttachmentStored)


def test_each_sort_of_attachment_has_its_own_kinds_of_file() -> None:
    uploading(drafting(), kind="map", found="image/png", declared="image/png").then_types(AttachmentStored)
    uploading(drafting(), kind="map").refused("FILE", "kind_not_taken")


def test_a_call_without_rules_for_files_takes_what_can_be_read_of_what_it_asks() -> None:
    uploading(a_draft(), size_bytes=LARGEST_FILE).then_types(AttachmentStored)
    uploading(a_draft(), size_bytes=LARGEST_FILE + 1).refused("FILE", "too_large")
    archive = {"found": "application/zip", "declared": "application/zip"}
    uploading(a_draft(), **archive).refused("FILE", "kind_not_taken")
    uploading(a_draft(), kind="map").refused("TERMS", "unknown_codes")


def test_own_nobody_stores_files_in_the_application_of_another_authority() -> None:
    uploading(drafting(), organisation="OVO900101").refused("OWN", "other_organisation")


def test_i3_after_handing_in_a_file_comes_only_where_it_was_asked_for() -> None:
    uploading(submitted()).refused("STATE", "not_in_this_state")
    ask = RequestCompletion(items=["financial_plan"], reason=WORDS)
    asked = submitted().when("application", CASE, ask, at=IN_TIME, by=OFFICIAL).recorded()
    uploading(asked).then_types(AttachmentStored)


# What was never stored


def test_a_submission_that_names_a_digest_that_was_never_stored_is_refused() -> None:
    answer = drafting().when("application", CASE, submit(), at=IN_TIME, by=APPLICANT)
    answer.refused("FILE", "not_stored")
    assert answer.decision.facts == ()
    assert inputs_of(answer)["attachments"] == [{"kind": kind, "sha256": SHA} for kind in REQUIRED]


def test_a_submission_whose_files_were_stored_counts() -> None:
    answer = stored(drafting(), *REQUIRED).when("application", CASE, submit(), at=IN_TIME, by=APPLICANT)
    answer.then_types(ApplicationSubmitted, ReceiptAcknowledged)


def test_a_file_counts_as_the_sort_of_attachment_for_which_it_was_stored() -> None:
    some = stored(drafting(), "council_decision", "pledge_letters")
    answer = some.when("application", CASE, submit(), at=IN_TIME, by=APPLICANT)
    assert inputs_of(answer)["attachments"] == [{"kind": "financial_plan", "sha256": SHA}]


def test_a_file_that_was_refused_was_not_stored() -> None:
    refused = uploading(drafting(), flaw="bomb").recorded()
    command = submit(attachments=papers("financial_plan"))
    refused.when("application", CASE, command, at=IN_TIME, by=APPLICANT).refused("FILE", "not_stored")


def test_a_call_without_rules_for_files_takes_digests_on_trust() -> None:
    a_draft().when("application", CASE, submit(), at=IN_TIME, by=APPLICANT).then_types(
        ApplicationSubmitted, ReceiptAcknowledged
    )


def test_an_attachment_that_is_not_required_may_be_handed_in_too() -> None:
    ready = uploading(stored(drafting(), *REQUIRED), kind="map", found="image/png", declared="image/png").recorded()
    command = submit(attachments=papers(*REQUIRED, "map"))
    ready.when("application", CASE, command, at=IN_TIME, by=APPLICANT).then_types(
        ApplicationSubmitted, ReceiptAcknowledged
    )


def test_a_supplement_that_names_a_digest_that_was_never_stored_is_refused() -> None:
    sent = stored(drafting(), *REQUIRED).when("application", CASE, submit(), at=IN_TIME, by=APPLICANT).recorded()
    ask = RequestCompletion(items=["financial_plan"], reason=WORDS)
    asked = sent.when("application", CASE, ask, at=IN_TIME, by=OFFICIAL).recorded()
    paper = Attachment(kind="financial_plan", name="plan2.pdf", sha256=OTHER)
    supply = SupplyCompletion(items=["financial_plan"], attachments=[paper])
    asked.when("application", CASE, supply, at=IN_TIME, by=APPLICANT).refused("FILE", "not_stored")
    ready = uploading(asked, sha256=OTHER).recorded()
    ready.when("application", CASE, supply, at=IN_TIME, by=APPLICANT).then_types(CompletionSupplied)


def test_i1_a_late_submission_is_on_record_with_any_digest_and_taken_in_only_with_stored_files() -> None:
    longer = CallDeadlineExtended(call=CALL, previous=TERMS.deadline, deadline=EXTENDED, reason=WORDS)
    late = drafting().when("application", CASE, submit(), at=TOO_LATE, by=APPLICANT).recorded()
    moved = late.has(CALL_STREAM, longer)
    register = RegisterLateSubmission()
    moved.when("application", CASE, register, at=TOO_LATE, by=TIMER).refused("FILE", "not_stored")
    ready = stored(moved, *REQUIRED)
    taken = ready.when("application", CASE, register, at=TOO_LATE, by=TIMER)
    taken.then_types(LateSubmissionRegistered, ReceiptAcknowledged)
    assert taken.recorded().state(CASE_STREAM).status == "submitted"


# Rules in the terms


def pointers(*rules: AttachmentRule) -> list[str]:
    return [one.pointer for one in mistakes_in(registering(attachments=list(rules)))]


def test_rules_for_files_hold_together() -> None:
    assert mistakes_in(RULED) == []
    assert pointers(*(rule(code) for code in REQUIRED[:2])) == ["/intake/attachments"]
    all_of = [rule(code) for code in REQUIRED]
    assert pointers(*all_of, rule("map"), rule("map")) == ["/intake/attachments"]
    assert pointers(*all_of, rule("map", media_types=[])) == ["/intake/attachments/3/mediaTypes"]
    assert pointers(*all_of, rule("map", max_bytes=0)) == ["/intake/attachments/3/maxBytes"]
    assert pointers(*all_of, rule("map", max_bytes=LARGEST_FILE)) == []
    assert pointers(*all_of, rule("map", max_bytes=LARGEST_FILE + 1)) == ["/intake/attachments/3/maxBytes"]


def test_every_flaw_has_its_sentence() -> None:
    params, inputs = {"media_types": ["x"], "max_bytes": 1}, {"declared": "x", "found": "x", "size_bytes": 1}
    for flaw in ("empty", "unknown_kind", "two_in_one", "damaged", "encrypted", "bomb", "nested", "macros"):
        assert ACCEPTABLE.test(params, inputs | {"flaw": flaw}).code in ACCEPTABLE.sentences
