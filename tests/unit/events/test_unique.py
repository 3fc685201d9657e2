"""I2: one live application per call, applicant and neighbourhood, told by the facts alone."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.catalog import FACT_TYPES
from events.eligibility import DeclaredInadmissible
from events.intake import ApplicationSubmitted, ApplicationWithdrawn
from events.payment import BankFileMade, ClaimedCost, ClaimRejected, ClaimSubmitted
from events.unique import KeyChange, keys_of
from events.vocabulary import Period
from tests import golden
from tests.unit.services.intake.examples import BERINGEN, CALL, CASE, in_dutch, submitted

OTHER_CASE = "01900000-0000-7000-8000-00000000ab10"
OTHER_CALL = "01900000-0000-7000-8000-0000000000c2"
GOLDEN = Path(golden.__file__).parent / "facts"
TOUCHING = {
    "ApplicationSubmitted",
    "LateSubmissionRegistered",
    "ApplicantSucceeded",
    "ApplicationWithdrawn",
    "ApplicationLapsed",
    "DeclaredInadmissible",
    "AssessmentRevised",
    "ClaimRejected",
    "BankFileMade",
}
SILENT = set(FACT_TYPES) - TOUCHING


def submission() -> ApplicationSubmitted:
    facts = [event.fact for event in submitted().streams[f"application-{CASE}"]]
    return next(fact for fact in facts if isinstance(fact, ApplicationSubmitted))


def withdrawal(neighbourhood: str = "Tuinwijk", ovo: str = BERINGEN.ovo, call: str = CALL) -> ApplicationWithdrawn:
    who = msgspec.structs.replace(BERINGEN, ovo=ovo)
    return ApplicationWithdrawn(
        call=call, case=CASE, applicant=who, neighbourhood=neighbourhood, reason=in_dutch("Toch niet.")
    )


def inadmissible() -> DeclaredInadmissible:
    return DeclaredInadmissible(call=CALL, case=CASE, applicant=BERINGEN, neighbourhood="Tuinwijk", checks=[])


def test_i2_a_submission_claims_the_key_for_its_case() -> None:
    (change,) = keys_of(submission())
    assert (change.action, change.holder) == ("claim", CASE)


def test_i2_where_the_call_allows_several_nothing_is_claimed() -> None:
    assert keys_of(msgspec.structs.replace(submission(), claims_live_key=False)) == ()


@pytest.mark.parametrize("end", [withdrawal(), inadmissible()], ids=["withdrawn", "inadmissible"])
def test_i2_an_application_that_ended_releases_exactly_what_it_claimed(end: object) -> None:
    (claimed,), (released,) = keys_of(submission()), keys_of(end)
    assert released == KeyChange("release", claimed.key, claimed.holder)


def test_i2_call_applicant_and_neighbourhood_each_make_another_key() -> None:
    ends = (withdrawal(), withdrawal("Centrum"), withdrawal(ovo="OVO900101"), withdrawal(call=OTHER_CALL))
    keys = {keys_of(one)[0].key for one in ends}
    assert len(keys) == 4


def test_i2_another_case_claims_the_same_key_for_itself() -> None:
    (one,), (two,) = keys_of(submission()), keys_of(msgspec.structs.replace(submission(), case=OTHER_CASE))
    assert one.key == two.key
    assert (one.holder, two.holder) == (CASE, OTHER_CASE)


@given(st.text("abcdefghijklmnopqrstuvwxyzàâçéèêëïîôûü -'", min_size=1, max_size=40))
def test_i2_a_neighbourhood_is_the_same_in_any_case_of_letters(name: str) -> None:
    assert keys_of(withdrawal(name)) == keys_of(withdrawal(name.upper())) == keys_of(withdrawal(name.title()))


def test_p4_a_payment_file_claims_each_of_its_orders_for_ever() -> None:
    example = (GOLDEN / "BankFileMade.v1.json").read_bytes()
    made = msgspec.json.decode(example, type=BankFileMade)
    second = msgspec.structs.replace(made.transfers[0], order=OTHER_CASE)
    changes = keys_of(msgspec.structs.replace(made, transfers=[*made.transfers, second]))
    assert changes == tuple(
        KeyChange("claim", f"bank-file:{order}", made.message_id) for order in (made.transfers[0].order, OTHER_CASE)
    )


@pytest.mark.parametrize("name", sorted(SILENT))
def test_no_other_fact_touches_a_key(name: str) -> None:
    row = FACT_TYPES[name]
    example = GOLDEN / f"{name}.v{row.schema_version}.json"
    assert keys_of(msgspec.json.decode(example.read_bytes(), type=row.model)) == ()


def test_p8_a_document_is_evidence_in_one_case_only_until_the_claim_is_rejected() -> None:
    cost = ClaimedCost(
        category="personnel",
        description="loon",
        incurred=Period(start="2022-01-01", end="2022-01-31"),
        amount_cents=2,
        subsidy_cents=1,
        other_subsidy_cents=0,
        evidence_sha256="a" * 64,
    )
    claimed = ClaimSubmitted(call=CALL, case=CASE, tranche="start", amount_cents=2, costs=[cost, cost], checks=[])
    rejected = ClaimRejected(
        call=CALL,
        case=CASE,
        tranche="start",
        claimed_cents=2,
        evidence=["a" * 64],
        reason=in_dutch("Niet verschuldigd."),
        rejected_by="p",
    )
    key = f"evidence:{'a' * 64}"
    assert keys_of(claimed) == (KeyChange("claim", key, CASE),)
    assert keys_of(rejected) == (KeyChange("release", key, CASE),)
