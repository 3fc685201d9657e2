"""The catalog: names of streams, who owns what, who may see what, and under which act."""

from __future__ import annotations

from typing import get_args
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events import catalog, jury, payment
from events.catalog import FACT_TYPES, KINDS, LEGAL_BASIS, call_of, split_stream, stream_name
from events.intake import CallOpened
from events.log import KeyRegistered
from events.times import deadline

CALL = "01900000-0000-7000-8000-0000000000c1"


@given(st.sampled_from(sorted(KINDS)), st.uuids().map(str))
def test_a_streams_name_comes_apart_as_it_was_put_together(kind: str, ident: str) -> None:
    assert split_stream(stream_name(kind, ident)) == (kind, ident)


def test_a_kind_may_hold_a_hyphen() -> None:
    assert split_stream(f"payment-order-{CALL}") == ("payment-order", CALL)
    assert str(UUID(split_stream(f"payment-order-{CALL}")[1])) == CALL


def test_every_kind_belongs_to_a_service_and_every_service_has_kinds() -> None:
    assert set(KINDS.values()) == set(catalog.SERVICES)
    assert list(dict.fromkeys(KINDS.values())) == list(catalog.SERVICES), "in the order in which a case meets them"


def test_every_kind_has_facts_and_every_fact_a_kind_of_its_service() -> None:
    assert {row.kind for row in FACT_TYPES.values()} == set(KINDS)
    assert all(row.service == KINDS[row.kind] for row in FACT_TYPES.values())


def test_a_stream_is_one_a_call_or_one_a_case_or_one_an_applicant_or_named_by_an_ordinal() -> None:
    per_call, per_case = set(catalog.PER_CALL), set(catalog.PER_CASE)
    assert not per_call & per_case
    assert set(KINDS) - per_call - per_case == {
        "register",
        "claim",
        "payment-order",
        "bank-file",
        "report",
        "recovery",
        "log",
    }


def test_a_row_is_found_by_the_name_of_its_model() -> None:
    assert all(row.model.__name__ == name for name, row in FACT_TYPES.items())
    assert len({row.model for row in FACT_TYPES.values()}) == len(FACT_TYPES)


def test_what_the_jury_says_among_itself_is_confidential_and_its_outcome_is_not() -> None:
    confidential = {name for name, row in FACT_TYPES.items() if row.classification == "confidential"}
    assert confidential == {
        "ConflictSuggested",
        "ConflictDismissed",
        "ConflictRecorded",
        "MemberRecused",
        "MemberLeftFile",
        "ScoreSubmitted",
        "ScoreRefused",
        "ScoreCorrected",
        "ScoreVoided",
        "DeliberationOpened",
        "ConsensusReached",
        "SecretBallotHeld",
        "CastingVoteUsed",
        "OutcomeVoided",
        "QuorumLost",
    }
    assert all(row.service == "jury" for row in FACT_TYPES.values() if row.classification == "confidential")
    assert FACT_TYPES["RankingFixed"].classification == "disclosable"


def test_interests_and_bank_accounts_are_personal() -> None:
    personal = {row.model for row in FACT_TYPES.values() if row.classification == "personal"}
    assert personal == {jury.InterestsDeclared, jury.MemberResigned, payment.BankAccountConfirmed}


@pytest.mark.parametrize(
    ("kind", "classification"),
    [
        ("call", "public"),
        ("criteria", "public"),
        ("envelope", "public"),
        ("grant", "public"),
        ("contract", "public"),
        ("schedule", "public"),
        ("log", "public"),
        ("application", "disclosable"),
        ("assessment", "disclosable"),
        ("proposal", "disclosable"),
        ("claim", "disclosable"),
        ("payment-order", "disclosable"),
        ("report", "disclosable"),
        ("recovery", "disclosable"),
    ],
)
def test_whoever_may_see_a_stream_may_see_its_facts(kind: str, classification: str) -> None:
    assert {row.classification for row in FACT_TYPES.values() if row.kind == kind} == {classification}


def test_a_house_fact_belongs_to_no_call() -> None:
    key = KeyRegistered(
        origin="a/demo",
        key_id="log-00",
        service="log",
        algorithm="Ed25519",
        public_key="AA==",
        not_before="2021-01-01T00:00:00.000000Z",
        not_after=None,
    )
    assert call_of(key) is None
    assert call_of(CallOpened(call=CALL, deadline=deadline("2021-07-10T23:59:59"))) == CALL


def test_accounting_and_repayment_name_their_article() -> None:
    assert set(LEGAL_BASIS) <= set(get_args(payment.PaymentFact))
    articles = {model.__name__: basis.rsplit(" ", 1)[1] for model, basis in LEGAL_BASIS.items()}
    assert {name for name, article in articles.items() if article == "11"} == {
        "ReportSubmitted",
        "ReportCorrectionRequested",
        "DefaultNoticeGiven",
        "ReportAccepted",
        "ReportRejected",
        "FinalAccountSettled",
    }
    assert {name for name, article in articles.items() if article == "13"} == {
        "OverpaymentEstablished",
        "RecoveryOrdered",
        "RecoveryOffset",
        "RepaymentReceived",
    }
    assert all(basis.startswith("Wet van 16 mei 2003, art. ") for basis in LEGAL_BASIS.values())
