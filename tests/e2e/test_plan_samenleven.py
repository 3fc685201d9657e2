"""A call after Plan Samenleven: partnerships, KPIs as granted, 80/20, and half way on or not (domain.md §2.1)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx2
import pytest
import pytest_asyncio

from events.adapters.embedded import EmbeddedPostgres
from events.envelope import Actor
from events.files import digest_of
from services.runtime import Runtime
from services.story.player import Unexpected, play
from services.story.script import Step, load, written
from tests import comparing
from tests.e2e.acting import AGENCY, WHY, Acting, Sender, money, organisation, pledge, spread
from tests.e2e.conftest import bearer, client_of, program
from tests.e2e.ended import Ended, ended
from tests.e2e.test_over_http import stage_over
from tests.unit.services.files.samples import PDF, PNG

pytestmark = pytest.mark.asyncio(loop_scope="module")

END = "2024-01-31T00:00:00.000000Z"
TERMS = load("calls/plan-samenleven-2022.json")
GOES_ON, LEFT, STOPPED, TWICE, LATE = "riethove", "broekdorp", "elzenaar", "wolvenberg", "zilverbeek"
"""One reaches its target, one loses a partner, one is stopped, one is in two partnerships, one comes after noon."""
FUNDED = (GOES_ON, LEFT, STOPPED)
DATA: dict[str, Any] = {
    "call": {"key": "plan-samenleven-2022"},
    "agency": {"ovo": AGENCY},
    "applicants": [
        {"key": key, **organisation(f"Gemeente {key.title()}", f"OVO90051{number}", f"9951{number}")}
        for number, key in enumerate((GOES_ON, LEFT, STOPPED, TWICE, LATE))
    ],
}
NEIGHBOURS = {
    key: [pledge(f"neighbour_{number}", organisation(name, f"OVO90052{ovo}", f"9952{ovo}"), "local")]
    for number, (key, name, ovo) in enumerate(
        ((GOES_ON, "Gemeente Lindehoek", 1), (LEFT, "Gemeente Veldeke", 2), (STOPPED, "Gemeente Hoefkant", 3))
    )
}
SHARES = {"delivery": 70, "volunteers": 20, "coordination": 10}
REQUESTED = {GOES_ON: 18_000_000, LEFT: 12_500_000, STOPPED: 12_000_000, TWICE: 9_000_000, LATE: 6_000_000}
AWARDED = {GOES_ON: 18_000_000, LEFT: 10_000_000, STOPPED: 12_000_000}
ASKED = {GOES_ON: 200, LEFT: 125, STOPPED: 80, TWICE: 90, LATE: 60}
GRANTED = {GOES_ON: 200, LEFT: 100, STOPPED: 80}
"""Participants: the KPI that each asked for, and the one that was granted with the amount."""
FILES = {digest_of(body): body for body in (PDF, PNG)}
UPLOADER = Actor(role="service", organisation=AGENCY, person="service:intake")


def story() -> Acting:
    """From publication to the last closed account."""
    scene = Acting(DATA, terms=TERMS)
    scene.at("2022-03-07T09:00:00")
    scene.publish()
    for act in (drafts, hand_in, examine, hear, contracts, half_way, stop, end):
        act(scene)
    return scene


def upload(scene: Acting, key: str, kind: str, body: bytes, *, no: bool = False) -> None:
    told = {"kind": kind, "name": f"{kind}.pdf", "sha256": digest_of(body), "sizeBytes": len(body)}
    found = {"declared": "application/pdf", "found": "image/png" if body == PNG else "application/pdf", "flaw": None}
    owner = {"organisation": scene.party(key)["ovo"]}
    scene.send(UPLOADER, f"intake/application/{scene.case(key)}", "store-attachment", no, **owner, **told, **found)


def drafts(scene: Acting) -> None:
    """The form is saved page by page, the files are uploaded; what is no PDF is not taken in."""
    scene.at("2022-06-01T10:00:00")
    for key in REQUESTED:
        scene.draft(key, f"Referentieregio {key.title()}")
        upload(scene, key, "signed_request", PDF)
        approach = {"kpi_requested": ASKED[key], "approach": "Praten op het plein.", "responsible": f"Schepen {key}"}
        scene.save(key, "kpis", **approach)
    upload(scene, LEFT, "agreement", PNG, no=True)
    for key in NEIGHBOURS:
        upload(scene, key, "agreement", PDF)
    scene.save(STOPPED, "region", no="mistakes", reference_region="Elzen", inhabitants_of_origin=7_500)


def hand_in(scene: Acting) -> None:
    """Until noon, and not a minute later."""
    scene.at("2022-06-15T11:30:00")
    for key in (LEFT, STOPPED, TWICE):
        _submit(scene, key)
    scene.at("2022-06-15T12:00:00")
    _submit(scene, GOES_ON)
    _submit(scene, LATE, on_record=True)


def _submit(scene: Acting, key: str, *, on_record: bool = False) -> None:
    half = REQUESTED[key] * 4 // 10 if key in NEIGHBOURS else 0
    kinds = ["signed_request", *(["agreement"] if key in NEIGHBOURS else [])]
    scene.submit(
        key,
        on_record=on_record,
        answers={"reference_region": f"Regio {key.title()}", "inhabitants_of_origin": 7_501},
        themes=["language"],
        instruments=[],
        partners=NEIGHBOURS.get(key, []),
        term={"start": "2022-10-01", "end": "2023-09-30"},
        attachments=[{"kind": kind, "name": f"{kind}.pdf", "sha256": digest_of(PDF)} for kind in kinds],
        **money(SHARES, REQUESTED[key], REQUESTED[key] - half, half),
    )


def examine(scene: Acting) -> None:
    scene.at("2022-06-20T10:00:00")
    for key in FUNDED:
        scene.conclude(key)
    scene.conclude(TWICE, "one_partnership")


def hear(scene: Acting) -> None:
    """The jury grants one a smaller KPI, and so a smaller amount; the Government follows."""
    scene.at("2022-06-27T10:00:00")
    scene.compose(["external", "external", "government"], "samenleven")
    fewer = {"reduction": {"nl": "Honderd deelnemers volstaan.", "en": "A hundred participants are enough."}}
    for key, points in zip(FUNDED, ((36, 20), (30, 18), (24, 15)), strict=True):
        outcome = "favourable_with_conditions" if key == LEFT else "favourable"
        scene.deliberate(key, points, outcome)
        more = fewer if key == LEFT else {}
        scene.advise(key, "adopt-advice", outcome, AWARDED[key], report=written("Verslag."), **more)
    scene.decide("2022-07-15")


def contracts(scene: Acting) -> None:
    """The KPIs as granted become actions, the neighbours pledge themselves, and the advance is paid."""
    scene.at("2022-09-01T10:00:00")
    for key in FUNDED:
        owner = NEIGHBOURS[key][0]["partner"] if key == LEFT else None
        scene.act("applicant", "contract", key, "plan-action", action=_action(key, owner))
        scene.sign(key, NEIGHBOURS[key][0])
    scene.at("2022-10-03T10:00:00")
    for key in FUNDED:
        scene.confirm_iban(key)
        scene.pay(key, "advance")
        scene.claim(key, "kpi_balance", no="no_condition_met")


def _action(key: str, owner: str | None) -> dict[str, Any]:
    indicator = {"indicator": "participants", "definition": written("Deelnemers die elke maand komen")}
    return {
        "action": "language_cafe",
        "title": written("Taalcafé"),
        "owner": owner,
        "period": {"start": "2022-10-01", "end": "2023-09-30"},
        "budget": spread({"delivery": 50}, AWARDED[key], AWARDED[key] // 2),
        "indicators": [{**indicator, "unit": "deelnemers", "baseline": 0, "target": GRANTED[key]}],
    }


def half_way(scene: Acting) -> None:
    """The KPI report after six months, measured on what was granted, and the interim decision on it."""
    scene.at("2023-04-05T10:00:00")
    accounted = {GOES_ON: (14_000_000, 7_000_000), LEFT: (8_000_000, 4_000_000), STOPPED: (4_000_000, 2_000_000)}
    for key, reached in {GOES_ON: 60, LEFT: 20, STOPPED: 4}.items():
        told = {"action": "language_cafe", "indicator": "participants", "measuredOn": "2023-03-31", "value": reached}
        evidence = [{"kind": "evidence", "name": "lijst.pdf", "sha256": "5e" * 32}]
        scene.act("applicant", "contract", key, "record-indicator", evidence=evidence, note=None, **told)
        shares = {"delivery": 100} if key == STOPPED else SHARES
        scene.report(key, "kpi_half_year", spread(shares, *accounted[key]))
    scene.at("2023-05-02T10:00:00")
    _interim(scene, GOES_ON, "continue", 3_000)
    _interim(scene, LEFT, "continue", 2_000, no="too_little_reached")
    _interim(scene, LEFT, "continue", 2_000, positive=True)
    _interim(scene, STOPPED, "continue", 500, no="too_little_reached")
    _interim(scene, STOPPED, "stop", 500)


def _interim(scene: Acting, key: str, outcome: str, reached: int, *, positive: bool = False, no: str = "") -> None:
    told = {"outcome": outcome, "reachedBp": reached, "positiveEvaluation": positive, "reason": WHY}
    scene.account("case_handler", key, "record-interim-decision", no=no, **told)


def stop(scene: Acting) -> None:
    """One contract ends before its time, and pays back what it cannot account for; in another a partner leaves."""
    scene.at("2023-05-10T10:00:00")
    ended_by = {"ground": "not_performed", "reference": "MB 2023/5 (synthetisch)", "reason": WHY}
    scene.act("case_handler", "contract", STOPPED, "terminate-contract", **ended_by)
    scene.report(STOPPED, "kpi_year", spread({"delivery": 100}, 2_000_000, 1_000_000))
    scene.settle(STOPPED)
    repaid = {"amountCents": 6_600_000, "reference": "T 1", "valueDate": "2023-05-10"}
    scene.act("budget_officer", "recovery", STOPPED, "record-repayment", ordinal=1, **repaid)
    scene.close(STOPPED)
    scene.at("2023-05-22T10:00:00")
    gone = NEIGHBOURS[LEFT][0]["partner"]
    scene.act("applicant", "contract", LEFT, "record-partner-left", partner=gone, reason=WHY)
    nothing: dict[str, Any] = {"amountCents": None, "budget": [], "end": None, "joining": []}
    changes = {**nothing, "leaving": [gone], "actions": [_action(LEFT, None)]}
    scene.act("applicant", "contract", LEFT, "propose-amendment", changes=changes, reason=WHY)
    scene.act("case_handler", "contract", LEFT, "approve-amendment", amendment=1)


def end(scene: Acting) -> None:
    """The balance waits for the KPI report of the year."""
    scene.at("2023-10-05T10:00:00")
    for key, cost, subsidy in ((GOES_ON, 22_000_000, 11_000_000), (LEFT, 12_000_000, 6_000_000)):
        scene.settle(key, no="report_open")
        scene.report(key, "kpi_year", spread(SHARES, cost, subsidy))
        scene.settle(key)
        scene.pay(key, "kpi_balance")
        scene.close(key)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def call() -> Ended:
    return await ended(story(), END)


async def test_every_contract_is_closed_on_what_was_accounted_for(call: Ended) -> None:
    closed = {key: call.data("ContractClosed", "contract", key) for key in FUNDED}
    assert {
        key: (one["final_subsidy_cents"], one["paid_cents"], one["recovered_cents"]) for key, one in closed.items()
    } == {
        GOES_ON: (18_000_000, 18_000_000, 0),
        LEFT: (10_000_000, 10_000_000, 0),
        STOPPED: (3_000_000, 9_600_000, 6_600_000),
    }


async def test_the_money_that_nobody_needed_is_in_the_envelope_again(call: Ended) -> None:
    accounts = await call.accounts()
    assert accounts[f"AVAILABLE:{call.story.call}"] == 75_000_000 - 18_000_000 - 10_000_000 - 9_600_000
    assert accounts[f"RECOVERED:{call.story.call}"] == 6_600_000


async def test_four_fifths_are_paid_first_and_the_balance_after_the_kpi_report_of_the_year(call: Ended) -> None:
    planned = call.data("FundsCommitted", "account", GOES_ON)["tranches"]
    assert [(one["code"], one["amount_cents"]) for one in planned] == [
        ("advance", 14_400_000),
        ("kpi_balance", 3_600_000),
    ]
    accepted, settled, paid = (
        next(one.position for one in call.log if one.type == type_ and one.stream == stream)
        for type_, stream in (
            ("ReportAccepted", call.name("report", GOES_ON, "kpi_year")),
            ("FinalAccountSettled", call.name("account", GOES_ON)),
            ("PaymentExecuted", call.name("payment-order", GOES_ON, "kpi_balance/1")),
        )
    )
    assert accepted < settled < paid


async def test_i1_noon_is_the_last_moment(call: Ended) -> None:
    assert "ApplicationSubmitted" in call.types("application", GOES_ON)
    late = call.data("LateSubmissionRecorded", "application", LATE)
    assert (late["submitted_at"], late["deadline"]["local"]) == ("2022-06-15T10:01:00.000000Z", "2022-06-15T12:00:00")
    assert call.stream("assessment", LATE) == ()


async def test_e7_a_municipality_in_two_partnerships_is_inadmissible_because_a_person_says_so(call: Ended) -> None:
    checks = call.data("DeclaredInadmissible", "assessment", TWICE)["checks"]
    (failed,) = [one for one in checks if one["outcome"] == "fail"]
    assert failed["params"]["check"] == "one_partnership"


async def test_only_a_pdf_that_was_uploaded_counts_and_what_was_answered_about_a_person_is_sealed(call: Ended) -> None:
    assert call.data("AttachmentRefused", "application", LEFT)["checks"][0]["code"] == "lies_about_its_kind"
    filled = call.data("FormFilled", "application", LEFT)
    assert [(one["field"], one["values"]) for one in filled["answers"]][:2] == [
        ("reference_region", ["Regio Broekdorp"]),
        ("inhabitants_of_origin", ["7501"]),
    ]
    assert filled["drafted"] == ["responsible"]
    assert not any(b"Schepen" in one.body for one in call.log)


async def test_no_partnership_is_in_force_without_the_pledges_of_the_others(call: Ended) -> None:
    drafted = call.data("ContractDrafted", "contract", GOES_ON)
    assert [one["mandatory"] for one in drafted["partners"]] == [True]
    types = call.types("contract", GOES_ON)
    assert types.index("PledgeSigned") < types.index("ContractActivated")


async def test_the_kpi_that_was_granted_is_measured_and_not_the_one_asked_for(call: Ended) -> None:
    asked = {one["field"]: one["values"] for one in call.data("FormFilled", "application", LEFT)["answers"]}
    measured = call.data("IndicatorRecorded", "contract", LEFT)
    assert (asked["kpi_requested"], measured["target"], measured["reached_bp"]) == (["125"], 100, 2_000)


@pytest.mark.parametrize(
    ("key", "outcome", "code"),
    [(GOES_ON, "continue", "reached"), (LEFT, "continue", "evaluated"), (STOPPED, "stop", "stops")],
)
async def test_a_quarter_of_the_kpi_or_a_positive_evaluation_goes_on(
    call: Ended, key: str, outcome: str, code: str
) -> None:
    decided = call.data("InterimDecisionRecorded", "account", key)
    (check,) = decided["checks"]
    assert (decided["outcome"], check["code"], check["params"]) == (outcome, code, {"min_reached_bp": 2_500})
    assert decided["reached_bp"] == call.data("IndicatorRecorded", "contract", key)["reached_bp"]


async def test_the_municipality_that_received_the_money_pays_back_for_its_partnership(call: Ended) -> None:
    assert "ContractTerminated" in call.types("contract", STOPPED)
    recovery = call.data("RecoveryOrdered", "recovery", STOPPED, 1)
    assert (recovery["amount_cents"], recovery["ground"]) == (6_600_000, "not_accounted_for")
    assert recovery["debtor"]["ovo"] == call.story.party(STOPPED)["ovo"]


async def test_what_a_partner_that_left_carried_is_taken_over_by_the_municipality(call: Ended) -> None:
    left = call.data("PartnerLeft", "contract", LEFT)
    assert (left["partner"], left["actions"]) == (NEIGHBOURS[LEFT][0]["partner"], ["language_cafe"])
    approved = call.data("AmendmentApproved", "contract", LEFT)
    assert (approved["partners"], approved["changes"]["actions"][0]["owner"]) == ([], None)


async def test_over_http_on_postgresql_the_log_says_the_same(
    postgres: EmbeddedPostgres, tmp_path: Path, call: Ended
) -> None:
    async with program(postgres, tmp_path) as runtime, client_of(runtime) as client:
        stage = stage_over(runtime, client)
        play_it = call.story.expecting(_uploading(stage, runtime, client))
        await play(call.story.steps, stage, play_it, now=stage.now)
        await stage.advance(END)
        assert not runtime.failures
        ours = await comparing.content(runtime.store, runtime.vault)
        assert comparing.difference(ours, call.content) is None
        assert sorted(await runtime.store.balances(), key=str) == sorted(await call.world.store.balances(), key=str)


def _uploading(send: Sender, runtime: Runtime, client: httpx2.AsyncClient) -> Sender:
    """Sends a file as its applicant does: intake tells by itself what became of it."""

    async def sent(step: Step) -> bool:
        if step.command != "store-attachment":
            return await send(step)
        path = f"/v1/intake/applications/{step.id}/attachments/{step.body['kind']}?name={quote(step.body['name'])}"
        answer = await client.post(path, content=FILES[step.body["sha256"]], headers=_headers(runtime, step))
        if (answer.status_code == 409 and "recorded" in answer.json()) != step.refused:
            raise Unexpected(f"{step.command} at {step.at}: {answer.status_code} {answer.text}")
        return False

    return sent


def _headers(runtime: Runtime, step: Step) -> Mapping[str, str]:
    owner = Actor(role="applicant", organisation=step.body["organisation"], person="uploader")
    return {
        **bearer(runtime, owner),
        "Content-Type": step.body["declared"],
        "Idempotency-Key": step.command_id,
    }
