"""A call after City of Things: 40/30/30 on claims, the second after 15 months, the last within six (domain.md §2.3)."""

from __future__ import annotations

from typing import Any

import pytest
import pytest_asyncio

from events.files import digest_of
from services.story.script import load, written
from tests.e2e.acting import AGENCY, GOOD, WHY, Acting, money, organisation, pledge, spread
from tests.e2e.ended import Ended, ended

pytestmark = pytest.mark.asyncio(loop_scope="module")

END = "2027-01-31T00:00:00.000000Z"
TERMS = load("calls/city-of-things-2023.json")
PARTLY, PLAIN, TOO_LATE, BEYOND, DOUBLE = "kreekdam", "oeverland", "molenveld", "heuvelrode", "kreekdam_2"
"""One has a cost that is not borne, one goes as it should, one never claims its balance, one does not fit in the
envelope, and one asks for what its authority asked for before."""
FUNDED = (PARTLY, PLAIN, TOO_LATE)
PARTIES = {
    key: organisation(f"Gemeente {key.title()}", f"OVO90053{number}", f"9953{number}")
    for number, key in enumerate((*FUNDED, BEYOND))
}
DATA: dict[str, Any] = {
    "call": {"key": "city-of-things-2023"},
    "agency": {"ovo": AGENCY},
    "applicants": [{"key": key, **PARTIES[key.removesuffix("_2")]} for key in (*PARTIES, DOUBLE)],
}
COMPANY = pledge("region", organisation("Streekintercommunale", "OVO900541"), "supra_local")
SHARES = {"staff": 50, "sensors": 25, "subcontracting": 15, "overhead": 10}
REQUESTED = {PARTLY: 45_000_000, PLAIN: 30_000_000, TOO_LATE: 36_000_000, BEYOND: 20_000_000, DOUBLE: 10_000_000}
WHERE = {key: f"Centrum {key.removesuffix('_2').title()}" for key in REQUESTED}
TERM = {
    PARTLY: {"start": "2023-07-01", "end": "2025-12-31"},
    PLAIN: {"start": "2023-07-01", "end": "2025-06-30"},
    TOO_LATE: {"start": "2023-10-01", "end": "2025-12-31"},
    BEYOND: {"start": "2023-07-01", "end": "2025-06-30"},
    DOUBLE: {"start": "2024-01-01", "end": "2025-06-30"},
}


def story() -> Acting:
    """From publication to the last closed account."""
    scene = Acting(DATA, terms=TERMS)
    scene.at("2023-01-09T09:00:00")
    scene.publish()
    for act in (apply, examine, hear, start, second, close_plain, close_partly, close_too_late):
        act(scene)
    return scene


def apply(scene: Acting) -> None:
    scene.at("2023-03-01T10:00:00")
    for key, requested in REQUESTED.items():
        scene.draft(key, WHERE[key])
        scene.save(key, "project", challenge="Te veel zoekverkeer.", planned_start=TERM[key]["start"], phase="pilot")
        scene.submit(
            key,
            answers={"other_aid": False},
            themes=["mobility"],
            instruments=["open_data"],
            partners=[COMPANY],
            term=TERM[key],
            attachments=[
                {"kind": kind, "name": f"{kind}.pdf", "sha256": "ab" * 32} for kind in ("work_plan", "draft_agreement")
            ],
            **money(SHARES, requested, requested // 4),
        )


def examine(scene: Acting) -> None:
    scene.at("2023-04-05T10:00:00")
    for key in REQUESTED:
        scene.conclude(key)


def hear(scene: Acting) -> None:
    """Who is heard replies, or lets the term pass; what was replied to is answered."""
    scene.at("2023-04-17T10:00:00")
    scene.compose(["external", "external", "government", "government"], "slimme stad")
    heard = (*FUNDED, BEYOND)
    for key, points in zip(heard, ((27, 17, 9), (25, 16, 8), (22, 14, 7), (18, 12, 6)), strict=True):
        scene.deliberate(key, points, "favourable")
        scene.advise(key, "invite-reply", "favourable", REQUESTED[key])
    remark = {"criterion": "scaling", "text": written("Er doen zes gemeenten mee, geen vijf.")}
    scene.act("applicant", "evaluation", PARTLY, "record-reply", remarks=[remark])
    scene.advise(PLAIN, "adopt-advice", "favourable", REQUESTED[PLAIN], report=written("."), no="reply_awaited")
    scene.at("2023-05-03T10:00:00")
    for key in heard:
        answer = {"answer": GOOD} if key == PARTLY else {}
        scene.advise(key, "adopt-advice", "favourable", REQUESTED[key], report=written("Verslag."), **answer)
    scene.decide("2023-06-30")


def start(scene: Acting) -> None:
    """The agreement is signed, the start declared, and the first tranche claimed."""
    scene.at("2023-07-03T10:00:00")
    for key in FUNDED:
        scene.confirm_iban(key)
        scene.claim(key, "first", no="no_contract_active")
        scene.sign(key, COMPANY)
    scene.at("2023-10-02T10:00:00")
    for key in FUNDED:
        scene.claim(key, "first", no="no_condition_met")
        scene.report(key, "declared_start", [])
        scene.pay(key, "first")


def second(scene: Acting) -> None:
    """Progress is reported early; the second tranche waits for the first day of its month."""
    scene.at("2024-09-30T10:00:00")
    for key in FUNDED:
        scene.report(key, "progress", _spent(REQUESTED[key] // 2))
        scene.claim(key, "second", [_cost(key, REQUESTED[key])], no="too_early")
    scene.at("2024-10-01T00:05:00")
    scene.claim(PLAIN, "second", no="no_cost_lines")
    scene.pay(PLAIN, "second", [_cost(PLAIN, 8_000_000), _cost(PLAIN, 900_000, 2)])
    scene.claim(TOO_LATE, "second", [_cost(TOO_LATE, 11_000_000)], no="too_early")
    # One line is a pump that nobody had planned.
    scene.pay(PARTLY, "second", [_cost(PARTLY, 12_000_000), _cost(PARTLY, 1_500_000, 2)], partly=12_000_000)
    scene.at("2025-01-01T00:05:00")
    scene.pay(TOO_LATE, "second", [_cost(TOO_LATE, 11_000_000)])


def close_plain(scene: Acting) -> None:
    """The end report, the final account, and the balance on costs that were not claimed before."""
    scene.at("2025-09-01T10:00:00")
    scene.report(PLAIN, "end_report", _spent(15_000_000))
    scene.settle(PLAIN)
    scene.claim(PLAIN, "closing", [_cost(PLAIN, 9_100_000)], no="evidence_used_before")
    scene.pay(PLAIN, "closing", [_cost(PLAIN, 9_100_000, 3)])
    scene.close(PLAIN)


def close_partly(scene: Acting) -> None:
    """What was not borne is in no report, so the final subsidy is lower than the award."""
    scene.at("2026-03-02T10:00:00")
    scene.report(PARTLY, "end_report", _spent(21_000_000))
    scene.settle(PARTLY)
    scene.pay(PARTLY, "closing", [_cost(PARTLY, 13_500_000, 3)])
    scene.close(PARTLY)


def close_too_late(scene: Acting) -> None:
    """The balance can be claimed until the last day of the sixth month; after that it returns to the envelope."""
    scene.at("2026-06-01T10:00:00")
    scene.report(TOO_LATE, "end_report", _spent(18_000_000))
    scene.settle(TOO_LATE)
    scene.at("2026-07-01T00:00:00")
    scene.claim(TOO_LATE, "closing", [_cost(TOO_LATE, 10_800_000, 2)], no="too_late")
    scene.account("budget_officer", TOO_LATE, "decommit-funds", amountCents=10_800_000, reason=WHY)
    scene.close(TOO_LATE)


def _spent(subsidy: int) -> list[dict[str, Any]]:
    """Costs that carry this subsidy, the own fifth included."""
    return spread(SHARES, subsidy * 5 // 4, subsidy)


def _cost(key: str, subsidy: int, invoice: int = 1) -> dict[str, Any]:
    return {
        "category": "sensors",
        "description": f"Factuur {invoice}",
        "incurred": {"start": "2024-01-01", "end": "2024-08-31"},
        "amountCents": subsidy * 5 // 4,
        "subsidyCents": subsidy,
        "otherSubsidyCents": 0,
        "evidenceSha256": digest_of(f"{key}/{invoice}".encode()),
    }


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def call() -> Ended:
    return await ended(story(), END)


async def test_every_contract_is_closed_on_what_was_claimed_in_time_and_accounted_for(call: Ended) -> None:
    closed = {key: call.data("ContractClosed", "contract", key) for key in FUNDED}
    assert {
        key: (one["final_subsidy_cents"], one["paid_cents"], one["recovered_cents"]) for key, one in closed.items()
    } == {
        PARTLY: (43_500_000, 43_500_000, 0),
        PLAIN: (30_000_000, 30_000_000, 0),
        TOO_LATE: (25_200_000, 25_200_000, 0),
    }


async def test_the_money_that_nobody_needed_is_in_the_envelope_again(call: Ended) -> None:
    accounts = await call.accounts()
    assert accounts[f"AVAILABLE:{call.story.call}"] == 115_000_000 - 43_500_000 - 30_000_000 - 25_200_000


@pytest.mark.parametrize(
    ("key", "planned"),
    [
        (PARTLY, [18_000_000, 13_500_000, 13_500_000]),
        (PLAIN, [12_000_000, 9_000_000, 9_000_000]),
        (TOO_LATE, [14_400_000, 10_800_000, 10_800_000]),
    ],
)
async def test_tranches_are_forty_thirty_thirty(call: Ended, key: str, planned: list[int]) -> None:
    assert [one["amount_cents"] for one in call.data("FundsCommitted", "account", key)["tranches"]] == planned


async def test_e5d_costs_of_another_case_of_the_same_authority_are_double_funding(call: Ended) -> None:
    checks = call.data("DeclaredIneligible", "assessment", DOUBLE)["checks"]
    (failed,) = [one for one in checks if one["outcome"] == "fail"]
    assert (failed["rule"], failed["inputs"]["cases"]) == ("E5D", [call.story.case(PARTLY)])
    assert failed["inputs"]["categories"] == sorted(SHARES)


async def test_who_does_not_fit_in_the_envelope_is_refused_and_told_how_to_appeal(call: Ended) -> None:
    types = call.types("grant", BEYOND)
    assert types[-2:] == ["GrantRefused", "ApplicantNotified"]
    assert call.data("ApplicantNotified", "grant", BEYOND)["appeal_until"] is not None


async def test_a_reply_is_answered_and_silence_lapses(call: Ended) -> None:
    assert "ApplicantReplied" in call.types("evaluation", PARTLY)
    assert call.data("AdviceAdopted", "evaluation", PARTLY)["answer"] == GOOD
    assert {key: "ReplyTermLapsed" in call.types("evaluation", key) for key in (PLAIN, TOO_LATE, BEYOND)} == {
        PLAIN: True,
        TOO_LATE: True,
        BEYOND: True,
    }


async def test_the_second_tranche_is_claimed_fifteen_months_after_the_first_day_and_not_before(call: Ended) -> None:
    (check,) = [
        one for one in call.data("ClaimSubmitted", "claim", TOO_LATE, "second")["checks"] if one["rule"] == "P2"
    ]
    assert check["params"]["not_before_months"] == 15
    assert (check["inputs"]["first_day"], check["inputs"]["today"]) == ("2025-01-01", "2025-01-01")


async def test_a_claim_is_no_more_than_its_costs_and_is_paid_as_far_as_it_is_found_due(call: Ended) -> None:
    assert call.data("ClaimSubmitted", "claim", PLAIN, "second")["amount_cents"] == 8_900_000
    found = call.data("ClaimPartiallyApproved", "claim", PARTLY, "second")
    assert (found["claimed_cents"], found["amount_cents"]) == (13_500_000, 12_000_000)
    assert call.data("PaymentExecuted", "payment-order", PARTLY, "second/1")["amount_cents"] == 12_000_000


async def test_a_balance_that_is_not_claimed_in_six_months_lapses_and_returns(call: Ended) -> None:
    assert call.types("claim", TOO_LATE, "closing") == ["ClaimTermSet", "ClaimTermLapsed"]
    assert call.data("ClaimTermLapsed", "claim", TOO_LATE, "closing")["due"]["local"] == "2026-06-30T23:59:59"
    returned = call.data("FundsDecommitted", "account", TOO_LATE)
    assert (returned["amount_cents"], returned["explanation"]) == (10_800_000, WHY)
