"""What goes another way than hoped while a file is examined, over HTTP: every branch of eligibility in one call."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx2
import pytest
import pytest_asyncio

from events import codec
from events.adapters.embedded import EmbeddedPostgres
from events.envelope import Actor
from services.runtime import Runtime
from services.story.over_http import OverHttp
from services.story.player import play
from services.story.script import Script, ident, load, written
from tests import comparing
from tests.e2e.branches import on_record
from tests.e2e.conftest import bearer, client_of, program
from tests.e2e.test_over_http import stage_over

pytestmark = pytest.mark.asyncio(loop_scope="module")

BASIS = "Synthetisch reglement, art. 9"
TERMS: dict[str, Any] = load("calls/buurtgroen-2023.json")
TERMS["eligibility"]["humanChecks"][0]["mandatory"] = True
TERMS["eligibility"]["derogations"] = [{"check": "E3", "legalBasis": BASIS}]
LO = {"name": "Gemeente Lo", "ovo": "OVO900401", "kbo": "0999100097", "nis": "99101"}
HAM = {"name": "Gemeente Ham", "ovo": "OVO900402", "kbo": "0999100097", "nis": "99102"}
DATA: dict[str, Any] = {
    "call": {"key": "branches-2023"},
    "agency": {"ovo": "OVO900001"},
    "applicants": [
        {"key": "first", **LO},
        {"key": "double", **LO},
        {"key": "short", **HAM},
        {"key": "bare", **HAM},
        {"key": "doubted", **HAM},
    ],
}

EXPECTED = """
    DeclaredInadmissible=attachment_missing DeclaredIneligible=costs_overlap DeclaredIneligible=judged_not_met
    ClarificationRequested ClarificationTermLapsed DerogationGranted AssessmentRevised AssessmentLapsed
"""
HANDLER, OTHER = "handler", "other"


def money(category: str, own: int) -> dict[str, Any]:
    """Two hundred thousand euro of subsidy on one cost line."""
    lines = [{"category": category, "amountCents": 20_000_000 + own, "subsidyCents": 20_000_000}]
    financing = [("subsidy", "Vlaamse Regering", 20_000_000), ("own", "Gemeente", own)]
    return {
        "requestedCents": 20_000_000,
        "budget": lines,
        "financing": [{"source": kind, "party": who, "amountCents": cents} for kind, who, cents in financing],
    }


def apply(scene: Script, key: str, place: str, category: str = "planting", own: int = 5_000_000) -> None:
    target, who = f"intake/application/{scene.case(key)}", scene.applicant(key)
    scene.send(who, target, "start-draft", call=scene.call, applicant=scene.party(key), neighbourhood=place)
    plan = [{"kind": "planting_plan", "name": "plan.pdf", "sha256": "ab" * 32}]
    scene.send(
        who,
        target,
        "submit-application",
        project=f"Groen {key}",
        summary=written("Meer groen."),
        contactPerson=ident("contact", key),
        contactName="Iemand",
        contactEmail="iemand@plein.example",
        contactPhone="+32 2 555 01 24",
        themes=["heat"],
        instruments=[],
        **money(category, own),
        partners=[],
        term={"start": "2023-10-01", "end": "2025-09-30"},
        attachments=[] if key == "bare" else plan,
        synthetic=True,
    )


def to(scene: Script, key: str) -> str:
    return f"eligibility/assessment/{scene.case(key)}"


def judge(scene: Script, key: str, outcome: str) -> None:
    scene.send(
        scene.official("case_handler", HANDLER),
        to(scene, key),
        "record-check",
        check="open_to_all",
        outcome=outcome,
        reasons=written("De poort is 's nachts dicht." if outcome == "fail" else "Er is geen poort."),
    )


def examine(scene: Script) -> None:
    handler = scene.official("case_handler", HANDLER)
    scene.at("2023-03-10T10:00:00")
    for key in ("first", "double", "short", "doubted"):
        scene.send(handler, to(scene, key), "conclude-admissibility")
        judge(scene, key, "fail" if key == "doubted" else "pass")
    scene.send(handler, to(scene, "bare"), "conclude-admissibility")
    scene.send(handler, to(scene, "double"), "conclude-eligibility")
    scene.send(
        handler,
        to(scene, "short"),
        "grant-derogation",
        check="E3",
        legalBasis=BASIS,
        reasons=written("De wijk is arm."),
    )
    scene.send(
        handler, to(scene, "doubted"), "request-clarification", rules=["open_to_all"], question=written("Klopt dat?")
    )


def end(scene: Script) -> None:
    """The term of the question passes, the first file is withdrawn, and what it stood in the way of is revised."""
    handler, other = scene.official("case_handler", HANDLER), scene.official("case_handler", OTHER)
    scene.at("2023-04-10T10:00:00")
    scene.send(other, to(scene, "short"), "conclude-eligibility")
    scene.send(handler, to(scene, "doubted"), "conclude-eligibility")
    first = f"intake/application/{scene.case('first')}"
    scene.send(scene.applicant("first"), first, "withdraw-application", reason=written("Toch niet."))
    scene.at("2023-04-11T10:00:00")
    scene.send(
        handler,
        to(scene, "double"),
        "revise-assessment",
        reference="Intrekking",
        reasons=written("De andere viel weg."),
    )
    scene.send(handler, to(scene, "double"), "conclude-admissibility")
    judge(scene, "double", "pass")
    scene.send(handler, to(scene, "double"), "conclude-eligibility")


@dataclass
class House:
    """The program, a client of it, the stage that keeps its clock, and the script."""

    runtime: Runtime
    client: httpx2.AsyncClient
    stage: OverHttp
    scene: Script

    async def facts(self, key: str) -> list[Any]:
        """What was recorded in the case's assessment."""
        stored = await self.runtime.store.read_stream(f"assessment-{self.scene.case(key)}")
        return [codec.read(one).fact for one in stored]

    async def types(self, key: str) -> list[str]:
        """Their types, single checks left out."""
        return [name for name in (type(one).__name__ for one in await self.facts(key)) if name != "CheckRecorded"]

    async def post(self, by: Actor, key: str, command: str, **body: Any) -> httpx2.Response:
        """A command of which the play knows nothing."""
        path = f"/v1/eligibility/assessments/{self.scene.case(key)}/{command}"
        headers = {**bearer(self.runtime, by), "Idempotency-Key": str(uuid4()), "Accept-Language": "nl"}
        return await self.client.post(path, json=body, headers=headers)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    scene = Script(DATA)
    scene.at("2023-02-01T09:00:00")
    scene.send(scene.official("case_handler", HANDLER), f"intake/call/{scene.call}", "publish-call", terms=TERMS)
    scene.at("2023-03-01T10:00:00")
    apply(scene, "first", "Plein")
    apply(scene, "double", "PLEIN")
    apply(scene, "short", "Park", own=1_000_000)
    apply(scene, "bare", "Hoek")
    apply(scene, "doubted", "Kaai")
    examine(scene)
    async with program(postgres, tmp_path_factory.mktemp("branches")) as runtime, client_of(runtime) as client:
        stage = stage_over(runtime, client)
        await play(scene.steps, stage, stage, now=stage.now)
        yield House(runtime, client, stage, scene)


async def test_double_funding_is_found_in_another_case_of_the_register(house: House) -> None:
    assert (await house.types("double"))[-2:] == ["DeclaredIneligible", "CostsDeclared"]
    declared = (await house.facts("double"))[-2]
    (failed,) = [one for one in declared.checks if one.outcome == "fail"]
    assert (failed.rule, failed.inputs["cases"]) == ("E5D", [house.scene.case("first")])


async def test_a_file_without_its_attachment_is_inadmissible_with_the_reason(house: House) -> None:
    declared = (await house.facts("bare"))[-2]
    assert [(one.rule, one.code) for one in declared.checks if one.outcome == "fail"] == [("A1", "attachment_missing")]


async def test_e7_nobody_concludes_without_the_human_check(house: House) -> None:
    handler = house.scene.official("case_handler", HANDLER)
    answer = await house.post(
        handler, "bare", "record-check", check="open_to_all", outcome="pass", reasons=written(".")
    )
    assert answer.status_code == 409
    unknown = await house.post(handler, "first", "record-check", check="loved", outcome="pass", reasons=written("Ja."))
    assert (unknown.status_code, unknown.json()["rule"], unknown.json()["reason"]) == (409, "E7", "check_not_in_terms")


async def test_e6_a_derogation_is_on_record_and_its_author_does_not_conclude_on_it(house: House) -> None:
    handler = house.scene.official("case_handler", HANDLER)
    answer = await house.post(handler, "short", "conclude-eligibility")
    assert (answer.status_code, answer.json()["rule"], answer.json()["reason"]) == (409, "E6", "granted_by_the_same")
    stored = await house.runtime.store.read_stream(f"assessment-{house.scene.case('short')}")
    frames = [codec.read(one).envelope for one in stored]
    assert [one.legal_basis for one in frames if one.type == "DerogationGranted"] == [BASIS]


async def test_e7_an_open_question_holds_the_conclusion_up(house: House) -> None:
    handler = house.scene.official("case_handler", HANDLER)
    answer = await house.post(handler, "doubted", "conclude-eligibility")
    assert (answer.json()["rule"], answer.json()["reason"]) == ("E7", "clarification_open")


async def test_time_passes_and_every_file_comes_to_its_end(house: House) -> None:
    rest = Script(DATA)
    end(rest)
    await play(rest.steps, house.stage, house.stage, now=house.stage.now)
    short = await house.facts("short")
    assert (await house.types("short"))[-2:] == ["DerogationGranted", "DeclaredEligible"]
    assert [(one.rule, one.outcome) for one in short[-1].checks if one.rule in {"E3", "E6"}] == [
        ("E3", "fail"),
        ("E6", "pass"),
    ]
    assert (await house.types("doubted"))[-3:] == ["ClarificationTermLapsed", "DeclaredIneligible", "CostsDeclared"]
    assert "AssessmentLapsed" in await house.types("first")
    revised = await house.types("double")
    assert revised[revised.index("AssessmentRevised") :] == [
        "AssessmentRevised",
        "CostsDeclared",
        "DeclaredAdmissible",
        "HumanCheckRecorded",
        "DeclaredEligible",
    ]


async def test_everything_expected_is_on_record_and_the_books_balance(house: House) -> None:
    await on_record(house.runtime, EXPECTED)


async def test_the_timeline_tells_each_branch_in_words(house: House) -> None:
    told = []
    for key in ("double", "short", "doubted"):
        path = f"/v1/cases/{house.scene.case(key)}/timeline"
        answer = await house.client.get(path, headers=bearer(house.runtime, house.scene.official("auditor", "a")))
        told += [one["text"]["nl"] for one in answer.json()["items"]]
    for words in (
        "Van controle E3 is afgeweken op grond van Synthetisch reglement, art. 9.",
        "De beoordeling is heropend wegens een nieuw feit (Intrekking).",
        "De termijn voor de verduidelijking van open_to_all is verstreken.",
        "Een behandelaar beoordeelde controle open_to_all: niet voldaan.",
    ):
        assert words in told, words


async def test_every_recorded_check_says_the_same_again(house: House) -> None:
    from services.cli.records import rules_of_the_house

    rules = rules_of_the_house()
    for one in await comparing.whole_log(house.runtime.store):
        fact = codec.read(one).fact
        for check in [*getattr(fact, "checks", []), *([fact.check] if hasattr(fact, "check") else [])]:
            assert tuple(rules[check.rule, check.version](check.params, check.inputs)) == (check.outcome, check.code)
