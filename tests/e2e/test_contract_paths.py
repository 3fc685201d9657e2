"""Contracts of the call of 2021 as they could have gone, over HTTP: refused, left, amended, shifted to the cent,
merged, held, stopped, run out.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import pytest
import pytest_asyncio

from events import codec
from events.adapters.embedded import EmbeddedPostgres
from events.decision import AwardAdopted, GrantAwarded
from events.envelope import Actor
from events.payment import AwardChanged, CommitmentRaised, FundsDecommitted
from services.runtime import Runtime
from services.story.before import money_of, partners
from services.story.call_2021 import steps
from services.story.over_http import OverHttp
from services.story.player import Direct, Unexpected, play
from services.story.script import Script, ident, load, written
from tests.e2e.branches import Teller, on_record, reason_of
from tests.e2e.conftest import bearer, client_of, program

DECIDED, START = "2021-12-20", "2021-01-01T00:00:00.000000Z"
WHY = written("Zoals op het overleg besproken.")
REPLACED, HELD, STOPPED, FORGOTTEN, ASKED, MERGED = [row["key"] for row in load("2021.json")["applicants"][:6]]
"""Six of the eleven contracts, each on its own way."""
KEYS = (REPLACED, HELD, STOPPED, FORGOTTEN, ASKED, MERGED)
SUCCESSOR = {"ovo": "OVO900190", "kbo": "0999119004", "name": "Fusiestad (synthetisch)", "nis": "71072"}

EXPECTED = """
    PledgeRefused PartnerLeft ActionDiscontinued AmendmentApproved AmendmentRefused AmendmentWithdrawn
    BudgetShifted BudgetShiftRefused=ceiling_exceeded BeneficiarySucceeded AccountSucceeded
    ContractSuspended ContractResumed TermExtended ContractTerminated ContractExpired
"""
REFUSED = ["D8 above_award", "D8 ceiling_exceeded", "OWN other_organisation"]
AT_ONCE = "STATE amendment_answered"
"""What the slower of two officials is told."""


def _empty(**changes: Any) -> dict[str, Any]:
    nothing: dict[str, Any] = {
        "amountCents": None,
        "budget": [],
        "end": None,
        "joining": [],
        "leaving": [],
        "actions": [],
    }
    return {**nothing, **changes}


def _partner(story: Script, key: str, code: str) -> Actor:
    row = next(one for one in partners(story, key) if one["partner"] == code)
    return Actor(role="partner", organisation=row["organisation"]["ovo"], person=f"{key}-{code}")


def _sign(story: Script, key: str, *codes: str) -> None:
    for code in codes:
        who = _partner(story, key, code)
        signatory = ident("person", "partner", key, code)
        body = {"partner": code, "signatory": signatory, "name": "Iemand"}
        story.send(who, f"decision/contract/{story.case(key)}", "sign-pledge", **body)


def _action(owner: str | None) -> dict[str, Any]:
    return {
        "action": "coach",
        "title": written("Renovatiecoach"),
        "owner": owner,
        "period": {"start": "2022-01-01", "end": "2025-06-30"},
        "budget": [],
        "indicators": [
            {
                "indicator": "homes",
                "definition": written("Gerenoveerde woningen"),
                "unit": "woningen",
                "baseline": 0,
                "target": 40,
            }
        ],
    }


def paths() -> Script:
    """What happens to the six, from the drafts of the contracts on; nobody hands a report in, so each is overdue."""
    story = Script(load("2021.json"))
    handler, other = story.official("case_handler", "dossierbeheerder"), story.official("case_handler", "collega")
    target = {key: f"decision/contract/{story.case(key)}" for key in KEYS}
    youth = {**partners(story, REPLACED)[0], "partner": "youth"}
    story.scene = "pledges"
    story.at("2021-12-21T09:00:00")
    for key in (HELD, STOPPED, ASKED, MERGED):
        _sign(story, key, "local", "supra_local", "flemish")
    _sign(story, FORGOTTEN, "local")
    _sign(story, REPLACED, "supra_local", "flemish")
    story.send(_partner(story, REPLACED, "local"), target[REPLACED], "refuse-pledge", partner="local", reason=WHY)
    story.at("2022-01-10T09:00:00")
    mine, changes = story.applicant(REPLACED), _empty(leaving=["local"], joining=[youth], actions=[_action("youth")])
    story.send(mine, target[REPLACED], "propose-amendment", changes=changes, reason=WHY)
    story.send(other, target[REPLACED], "approve-amendment", amendment=1)
    signatory = ident("person", "youth")
    story.send(mine, target[REPLACED], "sign-pledge", partner="youth", signatory=signatory, name="Iemand")

    story.scene = "changes"
    story.at("2023-02-01T09:00:00")
    asks = story.applicant(ASKED)
    story.send(asks, target[ASKED], "propose-amendment", True, changes=_empty(amountCents=80_000_001), reason=WHY)
    story.at("2023-02-02T09:00:00")
    story.send(asks, target[ASKED], "propose-amendment", changes=_empty(end="2025-06-30"), reason=WHY)
    story.send(other, target[ASKED], "refuse-amendment", amendment=2, reason=WHY)
    story.at("2023-02-03T09:00:00")
    story.send(asks, target[ASKED], "propose-amendment", changes=_empty(end="2025-07-31"), reason=WHY)
    story.send(asks, target[ASKED], "withdraw-amendment", amendment=3, reason=WHY)
    story.send(asks, target[ASKED], "plan-action", action=_action("flemish"))
    evidence = [{"kind": "evidence", "name": "lijst.pdf", "sha256": "5e" * 32}]
    body = {"action": "coach", "indicator": "homes", "measuredOn": "2023-01-31", "value": 10, "evidence": evidence}
    story.send(_partner(story, ASKED, "flemish"), target[ASKED], "record-indicator", **body, note=None)
    leave = {"partner": "flemish", "reason": WHY}
    story.send(_partner(story, ASKED, "flemish"), target[ASKED], "record-partner-left", **leave)
    story.send(asks, target[ASKED], "discontinue-action", action="coach", reason=WHY)

    _shift_and_merge(story, other)

    story.scene = "held and stopped"
    held = {"ground": "not_performed", "reason": WHY, "reviewOn": "2023-06-30"}
    for key in (HELD, STOPPED):
        story.send(handler, target[key], "suspend-contract", **held)
    story.at("2023-06-15T09:00:00")
    story.send(handler, target[HELD], "resume-contract", reason=WHY)
    end = {"ground": "not_performed", "reference": "MB 2023/7 (synthetisch)", "reason": WHY}
    story.send(handler, target[STOPPED], "terminate-contract", **end)
    longer = {"end": "2026-06-30", "reference": "VR PV 2025 (synthetisch)", "reason": WHY}
    story.send(handler, target[HELD], "extend-term", **longer)
    return story


def _shift_and_merge(story: Script, other: Actor) -> None:
    """A cent less is awarded, so that a fifth of it is no whole cent: a shift goes up to the last whole one below, and
    not to the one that rounding would give. Then the municipality merges, and its successor has the contract."""
    story.scene = "cents and a merger"
    story.at("2023-02-06T09:00:00")
    target, mine = f"decision/contract/{story.case(MERGED)}", story.applicant(MERGED)
    row = next(row for row in story.data["applicants"] if row["key"] == MERGED)
    budget = money_of(row)["budget"]
    budget[0]["subsidyCents"] -= 1
    less = _empty(amountCents=row["requestedCents"] - 1, budget=budget)
    story.send(mine, target, "propose-amendment", changes=less, reason=WHY)
    story.send(other, target, "approve-amendment", amendment=1)
    held = next(line["subsidyCents"] for line in budget if line["category"] == "infrastructure")
    room = (row["requestedCents"] - 1) // 5 - held
    move = {"fromCategory": "operating", "toCategory": "infrastructure", "reason": WHY}
    story.send(mine, target, "shift-budget", amountCents=room, **move)
    story.at("2023-02-07T09:00:00")
    story.send(mine, target, "shift-budget", True, amountCents=1, **move)
    merged = {"successor": SUCCESSOR, "merged": [], "effectiveOn": "2023-02-07", "basis": "Fusie (synthetisch)"}
    story.send(other, target, "record-beneficiary-succession", **merged)
    story.at("2023-02-08T09:00:00")
    story.send(mine, target, "shift-budget", True, amountCents=1, **move)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def told(postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[_Told]:
    """The call decided, then every path by command route alone."""
    folder: Path = tmp_path_factory.mktemp("paths")
    async with program(postgres, folder) as runtime, client_of(runtime) as client:
        direct = Direct(runtime.handler, runtime.services)
        await play(steps(DECIDED), runtime, direct, now=runtime.clock.now)
        stage = OverHttp(
            client,
            runtime.services,
            dict.fromkeys(runtime.services, str(client.base_url)),
            str(client.base_url),
            lambda actor: runtime.issuer.issue(actor.role, actor.organisation, actor.person),
            runtime.clock.now(),
        )
        teller = Teller(client, stage)
        await teller.tell(paths().steps)
        assert teller.heard.refusals == REFUSED
        yield _Told(runtime, client, stage)


class _Told:
    def __init__(self, runtime: Runtime, client: httpx2.AsyncClient, stage: OverHttp) -> None:
        self.runtime, self.client, self.stage = runtime, client, stage

    async def get(self, path: str) -> Any:
        auditor = Actor(role="auditor", organisation="OVO900001", person="auditor")
        answer = await self.client.get(path, headers=bearer(self.runtime, auditor))
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def contract(self, key: str) -> dict[str, Any]:
        found: dict[str, Any] = await self.get(f"/v1/contracts/{Script(load('2021.json')).case(key)}")
        return found


pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_partner_that_refused_is_replaced_and_the_contract_comes_into_force(told: _Told) -> None:
    shown = await told.contract(REPLACED)
    assert (shown["status"], shown["health"], shown["unsigned"]) == ("active", ["overdue_report"], [])
    assert [(one["action"], one["owner"]) for one in shown["actions"]] == [("coach", "youth")]
    assert shown["activatedAt"] > "2022-01-10"


async def test_amendments_are_refused_by_a_rule_by_an_official_or_taken_back(told: _Told) -> None:
    case = Script(load("2021.json")).case(ASKED)
    types = [one["type"] for one in (await told.get(f"/v1/cases/{case}/timeline?limit=200"))["items"]]
    assert types.count("AmendmentRefused") == 2
    assert types.count("AmendmentWithdrawn") == 1
    shown = await told.contract(ASKED)
    assert (shown["openAmendment"], shown["termEnd"]) == (None, "2025-12-31")


async def test_a_partner_that_left_shows_until_it_is_replaced_and_what_it_measured_stays(told: _Told) -> None:
    shown = await told.contract(ASKED)
    assert (shown["health"], shown["leftPartners"]) == (["partner_left", "overdue_report"], ["flemish"])
    (action,) = shown["actions"]
    (kpi,) = action["indicators"]
    assert (action["discontinued"], kpi["value"], kpi["target"], kpi["reachedBp"]) == (True, 10, 40, 2_500)


async def test_what_an_amendment_lowered_the_contract_by_is_back_in_the_envelope(told: _Told) -> None:
    """Given: a contract lowered by a cent. Then: the account and the envelope know; the award stays as decided."""
    case = Script(load("2021.json")).case(MERGED)
    facts = [codec.read(one).fact for one in await told.runtime.store.read_stream(f"account-{case}")]
    (changed,) = [fact for fact in facts if isinstance(fact, AwardChanged)]
    assert (changed.previous_cents - changed.award_cents, changed.ground) == (1, "amended")
    assert sum(fact.amount_cents for fact in facts if isinstance(fact, FundsDecommitted)) == 1
    types = [one.type for one in await told.runtime.store.read_stream(f"grant-{case}")]
    assert types.count("MoneyReturned") == 1
    assert "AwardAdjusted" not in types


async def test_a_decision_for_more_than_an_amended_contract_gives_is_reserved_and_committed(told: _Told) -> None:
    """Given: a contract that was lowered by a cent. When: the Government decides on the whole award once more. Then:
    the cent is reserved anew, the contract gives it, and payment has committed it."""
    story = Script(load("2021.json"))
    story.at("2023-03-01T09:00:00")
    case = story.case(MERGED)
    row = next(row for row in story.data["applicants"] if row["key"] == MERGED)
    award = row["requestedCents"]
    granted = [codec.read(one).fact for one in await told.runtime.store.read_stream(f"grant-{case}")]
    last = next(fact for fact in reversed(granted) if isinstance(fact, GrantAwarded))
    body = {"replaces": last.reference, "reference": "VR 2023 1", "meeting": "2023-02-24", "amountCents": award}
    papers = {"advice": "IF 2023/1", "agreement": "BA 2023/1", "reasons": WHY}
    secretary = story.official("government_secretary", "secretaris")
    story.send(secretary, f"decision/grant/{case}", "supersede-decision", **body, **papers)
    await told.stage.advance(max(told.stage.now(), story.steps[0].at))
    await told.stage(replace(story.steps[0], at=told.stage.now()))
    await told.stage.settled()
    paid = [codec.read(one).fact for one in await told.runtime.store.read_stream(f"account-{case}")]
    assert [fact.amount_cents for fact in paid if isinstance(fact, CommitmentRaised)] == [1]
    assert [fact.award_cents for fact in paid if isinstance(fact, AwardChanged)] == [award - 1, award]
    contract = [codec.read(one).fact for one in await told.runtime.store.read_stream(f"contract-{case}")]
    assert [fact.amount_cents for fact in contract if isinstance(fact, AwardAdopted)] == [award]


async def test_what_a_rule_forbids_over_http_says_why(told: _Told) -> None:
    story = Script(load("2021.json"))
    story.at("2023-07-01T09:00:00")
    handler, target = story.official("case_handler", "dossierbeheerder"), f"decision/contract/{story.case(REPLACED)}"
    await told.stage.advance(max(told.stage.now(), "2023-07-01T07:00:00.000000Z"))
    story.send(handler, target, "propose-amendment", changes=_empty(end="2025-06-30"), reason=WHY)
    await told.stage(story.steps[0])
    story.send(handler, target, "approve-amendment", amendment=2)
    with pytest.raises(Unexpected, match=r"409.*same_person"):
        await told.stage(story.steps[1])
    story.send(handler, target, "propose-amendment", changes=_empty(end="2025-05-31"), reason=WHY)
    with pytest.raises(Unexpected, match=r"409.*amendment_open"):
        await told.stage(replace(story.steps[2], at="2023-07-01T07:00:01.000000Z"))


async def test_of_two_officials_who_decide_at_once_one_is_told_that_it_is_done(told: _Told) -> None:
    story = Script(load("2021.json"))
    handler, target = story.official("case_handler", "dossierbeheerder"), f"decision/contract/{story.case(HELD)}"
    longer = _empty(actions=[_action(None)])
    story.send(handler, target, "propose-amendment", changes=longer, reason=WHY)
    await told.stage(replace(story.steps[0], at=told.stage.now()))
    path = f"/v1/decision/contracts/{story.case(HELD)}"

    async def answer(name: str, command: str, **body: Any) -> httpx2.Response:
        headers = {**bearer(told.runtime, story.official("case_handler", name)), "Idempotency-Key": str(uuid4())}
        return await told.client.post(f"{path}/{command}", json=body, headers=headers)

    answers = await asyncio.gather(
        answer("collega", "approve-amendment", amendment=1),
        answer("andere collega", "refuse-amendment", amendment=1, reason=WHY),
    )
    won, lost = sorted(answers, key=lambda one: one.status_code)
    assert (won.status_code, lost.status_code) == (201, 409), lost.text
    assert lost.headers["content-type"] == "application/problem+json"
    assert reason_of(lost.json()) == AT_ONCE
    stored = [one.type for one in await told.runtime.store.read_stream(f"contract-{story.case(HELD)}")]
    assert [one for one in stored if one.startswith("Amendment")] in (
        ["AmendmentProposed", "AmendmentApproved"],
        ["AmendmentProposed", "AmendmentRefused"],
    )


async def test_one_contract_goes_on_longer_one_stopped_and_one_runs_out(told: _Told) -> None:
    stopped = await told.contract(STOPPED)
    assert stopped["termEnd"] == "2023-06-15"
    assert "terminated" in stopped["health"]
    await told.stage.advance("2026-01-02T00:00:00.000000Z")
    assert (await told.contract(FORGOTTEN))["health"] == ["expired"]
    held = await told.contract(HELD)
    assert (held["status"], held["termEnd"]) == ("active", "2026-06-30")
    await told.stage.advance("2026-07-01T00:00:00.000000Z")
    assert (await told.contract(HELD))["status"] == "completed"


async def test_every_open_contract_waits_for_somebody(told: _Told) -> None:
    rows = (await told.get("/v1/worklist?limit=200"))["items"]
    waiting = {row["case"] for row in rows if row["case"]}
    shown = (await told.get("/v1/contracts?limit=200"))["items"]
    ended = {"late", "withdrawn", "inadmissible", "ineligible", "refused", "closed"}
    assert {row["id"] for row in shown if row["status"] not in ended} <= waiting


async def test_everything_expected_is_on_record_and_the_books_balance(told: _Told) -> None:
    await told.stage.advance(max(told.stage.now(), "2026-07-01T00:00:00.000000Z"))
    await on_record(told.runtime, EXPECTED)
