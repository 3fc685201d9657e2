"""The views over HTTP: both clocks, waiting for one's own write, pages, and who sees what."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from httpx2 import ASGITransport, AsyncClient, Response

from events.adapters.memory import MemoryStore
from events.catalog import AnyFact
from events.envelope import Actor
from events.store import Appended, StoreUnavailable
from projections import web
from projections.memory import MemoryReads, MemoryRunner
from projections.routers import routers
from projections.views import VIEWS
from tests.unit.projections.samples import CALL, CASE, appended, sample

OTHER = CASE[:-1] + "4"
OWN, FOREIGN, HOUSE = "OVO000123", "OVO000999", "OVO000001"
Get = Callable[..., Any]

STORY: list[tuple[str, AnyFact]] = [
    ("2021-03-11", sample("CallPublished")),
    ("2021-03-11", sample("EnvelopeSet", amount_cents=400_000_000)),
    ("2021-04-01", sample("DraftStarted")),
    ("2021-05-01", sample("ApplicationSubmitted")),
    ("2021-05-02", sample("DraftStarted", case=OTHER)),
    ("2021-05-30", sample("ApplicationAssigned", members=["m-1", "m-2"])),
    ("2021-06-01", sample("MemberRecused", member="m-1")),
    ("2021-06-02", sample("ScoreSubmitted", member="m-2")),
    ("2021-09-01", sample("EnvelopeIncreased", increase_cents=360_000_000, amount_cents=760_000_000)),
    ("2021-09-02", sample("RankingFixed")),
    ("2021-12-17", sample("AmountReserved", amount_cents=80_000_000)),
    ("2021-12-21", sample("GrantAwarded", amount_cents=80_000_000)),
    ("2021-12-21", sample("FundsCommitted", amount_cents=80_000_000)),
    ("2022-01-01", sample("ReportExpected", report="first")),
]


class World:
    """A log, its views up to date, and the routes in front of them."""

    def __init__(self) -> None:
        self.now = datetime(2021, 1, 1, tzinfo=UTC)
        self.store = MemoryStore(lambda: self.now)
        self.runners = {name: MemoryRunner(view) for name, view in VIEWS.items()}
        self.actor = Actor(role="auditor", organisation="OVO000001", person="p-1")
        self.app = FastAPI()
        reads = MemoryReads(self.runners, self.store)
        for factory in routers(reads, self.store, lambda: "2022-02-01T00:00:00.000000Z"):
            self.app.include_router(factory(self.reader))
        self.app.add_exception_handler(StoreUnavailable, _unavailable)

    def reader(self, view: str) -> Callable[[Request], Actor]:
        """The dependency of a view, as bootstrap would hand it in; every role is let in here."""

        def actor(request: Request) -> Actor:
            assert view
            assert request.url.path.startswith("/v1/")
            return self.actor

        return actor

    def behind(self) -> None:
        """The views stand one event before the head."""
        for runner in self.runners.values():
            runner.position -= 1

    async def play(self, story: Sequence[tuple[str, AnyFact]]) -> None:
        """Record each fact a day after it happened."""
        for number, (day, fact) in enumerate(story, 1):
            at = datetime.fromisoformat(f"{day}T09:00:00+00:00")
            self.now = max(self.now, at + timedelta(days=1))
            outcome = await self.store.append(appended(fact, number, f"{day}T09:00:00.000000Z"))
            assert isinstance(outcome, Appended), outcome
        log = await self.store.read_all(0)
        for runner in self.runners.values():
            await runner.apply(log)

    async def get(
        self,
        path: str,
        role: str = "auditor",
        organisation: str = "OVO000001",
        person: str = "p-1",
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """One question."""
        self.actor = Actor(role=role, organisation=organisation, person=person)
        async with AsyncClient(transport=ASGITransport(app=self.app), base_url="http://here") as caller:
            return await caller.get(path, headers=headers)

    async def json(self, path: str, **who: str) -> Any:
        """The document of an answer that must be good."""
        answer = await self.get(path, **who)
        assert answer.status_code == 200, answer.text
        return answer.json()


async def _unavailable(_request: Request, _error: Exception) -> JSONResponse:
    return JSONResponse({}, 503)


@pytest.fixture
async def world() -> AsyncIterator[World]:
    made = World()
    await made.play(STORY)
    yield made


BUDGET = f"/v1/calls/{CALL}/budget"


async def test_the_budget_is_one_document_with_sums_cases_categories_and_years(world: World) -> None:
    answer = await world.json(BUDGET)
    assert (answer["position"], answer["knownAt"]) == (len(STORY), "2022-01-02T09:00:00.000000Z")
    assert answer["totals"]["envelopeCents"] == 760_000_000
    assert answer["totals"]["availableCents"] == 680_000_000
    assert answer["totals"]["committedCents"] == sum(one["committedCents"] for one in answer["items"]) == 80_000_000
    assert [one["case"] for one in answer["items"]] == [CASE]
    assert answer["categories"] == [{"category": "staff", "awardedCents": 1}]
    assert [(one["year"], one["committedCents"]) for one in answer["years"]] == [("2021", 80_000_000)]


@pytest.mark.parametrize(
    ("query", "envelope", "position"),
    [
        ("knownAt=2021-07-15T12:00:00Z", 400_000_000, 8),
        ("knownAt=2021-09-02T09:00:00Z", 760_000_000, 9),
        ("knownAt=2021-09-02T08:59:59.999999Z", 400_000_000, 8),
        ("asOf=2021-09-01T09:00:00Z", 760_000_000, len(STORY)),
        ("asOf=2021-08-31", 400_000_000, len(STORY)),
        ("asOf=2021-09-01&knownAt=2021-09-01", 400_000_000, 8),
    ],
)
async def test_both_clocks_cut_the_budget_inclusively(world: World, query: str, envelope: int, position: int) -> None:
    answer = await world.json(f"{BUDGET}?{query}")
    assert (answer["totals"]["envelopeCents"], answer["position"]) == (envelope, position)


async def test_before_there_was_a_call_there_is_none(world: World) -> None:
    assert (await world.get(f"{BUDGET}?asOf=2021-03-10")).status_code == 404
    assert (await world.get(f"/v1/calls/{OTHER}/budget")).status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "asOf=yesterday",
        "knownAt=2021-02-30",
        "asOf=2021-07-15T12:00:00",
        "after=-1",
        "after=x",
        "knownAt=0001-01-01T00:00:00%2B14:00",
    ],
)
async def test_a_moment_or_position_that_makes_no_sense_is_refused(world: World, query: str) -> None:
    assert (await world.get(f"{BUDGET}?{query}")).status_code == 422


@pytest.mark.parametrize("query", ["cursor=x", "cursor=e30", "limit=0", "limit=501", "status=unknown", "call=x"])
async def test_a_list_refuses_what_it_does_not_know(world: World, query: str) -> None:
    assert (await world.get(f"/v1/contracts?{query}")).status_code == 422


async def test_after_waits_for_the_position_and_gives_up_in_time(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (await world.json(f"{BUDGET}?after={len(STORY)}"))["position"] == len(STORY)
    monkeypatch.setattr(web, "WAIT_SECONDS", 0.01)
    world.behind()
    assert (await world.get(f"{BUDGET}?after={len(STORY)}")).status_code == 503


async def test_a_position_that_the_log_never_gave_out_is_a_mistake(world: World) -> None:
    assert (await world.get(f"{BUDGET}?after={len(STORY) + 1}")).status_code == 422


async def test_contracts_page_without_a_gap_and_filter(world: World) -> None:
    first = await world.json("/v1/contracts?limit=1")
    second = await world.json(first["next"])
    assert [one["id"] for one in first["items"] + second["items"]] == [CASE, OTHER]
    assert second["next"] is None
    assert second["self"] == first["next"]
    assert [one["id"] for one in (await world.json("/v1/contracts?status=draft"))["items"]] == [OTHER]
    assert [one["id"] for one in (await world.json(f"/v1/contracts?call={OTHER}"))["items"]] == []
    past = await world.json("/v1/contracts?knownAt=2021-04-02T09:00:00Z")
    assert [(one["id"], one["status"]) for one in past["items"]] == [(CASE, "draft")]


async def test_a_contract_tells_state_amounts_and_health(world: World) -> None:
    answer = await world.json(f"/v1/contracts/{CASE}")
    assert (answer["status"], answer["awardedCents"], answer["health"]) == ("awarded", 80_000_000, [])
    assert answer["lastEvent"] == {"type": "ReportExpected", "at": "2022-01-01T09:00:00.000000Z", "position": 14}
    assert "organisations" not in answer
    assert "recused" not in answer
    assert "sighted" not in answer
    assert (await world.get(f"/v1/contracts/{CALL}")).status_code == 404


@pytest.mark.parametrize("path", [f"/v1/contracts/{CASE}", f"/v1/cases/{CASE}", f"/v1/cases/{CASE}/timeline"])
async def test_a_case_shows_to_its_own_organisation_and_to_officials(world: World, path: str) -> None:
    assert (await world.get(path, "applicant", OWN)).status_code == 200
    assert (await world.get(path, "partner", OWN)).status_code == 200
    assert (await world.get(path, "case_handler", FOREIGN)).status_code == 200
    assert (await world.get(path, "applicant", FOREIGN)).status_code == 404
    assert (await world.get(f"{path}?asOf=2021-05-03", "applicant", FOREIGN)).status_code == 404
    assert (await world.get(f"{path}?asOf=2021-05-03", "applicant", OWN)).status_code == 200


@pytest.mark.parametrize("path", [f"/v1/contracts/{CASE}", f"/v1/cases/{CASE}", f"/v1/cases/{CASE}/timeline"])
async def test_j3_a_recused_member_has_no_sight_of_the_file(world: World, path: str) -> None:
    assert (await world.get(path, "jury_member", person="m-1")).status_code == 404
    assert (await world.get(path, "jury_member", person="m-2")).status_code == 200
    assert (await world.get(path, "jury_chair", person="m-2")).status_code == 200
    # The gate holds for the past too: who may see is judged as things are now.
    assert (await world.get(f"{path}?asOf=2021-05-31", "jury_member", person="m-1")).status_code == 404


@pytest.mark.parametrize("path", [f"/v1/contracts/{CASE}", f"/v1/cases/{CASE}", f"/v1/cases/{CASE}/timeline"])
async def test_j3_a_member_to_whom_a_file_was_not_assigned_has_no_sight_of_it(world: World, path: str) -> None:
    assert (await world.get(path, "jury_member", person="m-3")).status_code == 404
    assert (await world.get(path, "jury_chair", person="m-3")).status_code == 404
    listed = await world.json("/v1/contracts", role="jury_member", person="m-3")
    assert listed["items"] == []


async def test_others_see_the_sums_of_a_call_but_not_its_cases(world: World) -> None:
    for role, organisation, cases in (("applicant", OWN, 1), ("applicant", FOREIGN, 0), ("subscriber", FOREIGN, 0)):
        answer = await world.json(BUDGET, role=role, organisation=organisation)
        assert len(answer["items"]) == cases
        assert answer["totals"]["committedCents"] == 80_000_000
    lists = await world.json("/v1/contracts", role="applicant", organisation=FOREIGN)
    assert lists["items"] == []
    awarded = await world.json("/v1/contracts", role="subscriber", organisation=FOREIGN)
    assert [one["id"] for one in awarded["items"]] == [CASE]


async def test_the_history_of_a_case_in_three_views(world: World) -> None:
    path = f"/v1/cases/{CASE}/timeline"
    whole = await world.json(path)
    assert [one["type"] for one in whole["items"]] == [
        type(fact).__name__
        for _, fact in STORY
        if getattr(fact, "case", None) == CASE or type(fact).__name__ == "RankingFixed"
    ]
    assert whole["items"][0]["text"]["nl"] == "words begon een aanvraag voor words."
    assert whole["items"][0]["actorRole"] == "service"
    compact = await world.json(f"{path}?view=compact")
    assert {one["type"] for one in compact["items"]} == {
        "ApplicationSubmitted",
        "RankingFixed",
        "GrantAwarded",
        "FundsCommitted",
    }  # fmt: skip -- a list of words
    assert set(compact["items"][0]) == {"position", "occurredAt", "type", "text"}
    raw = await world.json(f"{path}?view=raw")
    assert [one["envelope"]["type"] for one in raw["items"]] == [one["type"] for one in whole["items"]]
    assert raw["items"][1]["envelope"]["data"]["content"]["contact"]["email"] == {"sealed": 1, "subject": "words"}


async def test_what_the_jury_keeps_to_itself_shows_to_officials_alone(world: World) -> None:
    path = f"/v1/cases/{CASE}/timeline"
    for view in ("timeline", "raw"):
        answer = await world.get(f"{path}?view={view}", "applicant", OWN)
        assert "ScoreSubmitted" not in answer.text
        assert "MemberRecused" not in answer.text
        assert "entries" not in answer.text
    assert "ScoreSubmitted" in (await world.get(path, "case_handler")).text


async def test_a_timeline_pages(world: World) -> None:
    seen, path = list[str](), f"/v1/cases/{CASE}/timeline?limit=3"
    while path:
        answer = await world.json(path)
        assert len(answer["items"]) <= 3
        seen += [one["type"] for one in answer["items"]]
        path = answer["next"]
    assert seen == [one["type"] for one in (await world.json(f"/v1/cases/{CASE}/timeline"))["items"]]


async def test_a_case_is_one_document_with_state_ball_and_money(world: World) -> None:
    answer = await world.json(f"/v1/cases/{CASE}")
    assert (answer["status"], answer["money"]["committedCents"]) == ("awarded", 80_000_000)
    assert {task["code"] for task in answer["tasks"]} >= {"draft_contract", "submit_report"}
    draft = await world.json(f"/v1/cases/{OTHER}")
    assert (draft["money"], [task["code"] for task in draft["tasks"]]) == (None, ["submit_application"])


async def test_the_worklist_tells_who_must_move_and_what_is_overdue(world: World) -> None:
    answer = await world.json("/v1/worklist")
    due = [one["due"] or "~" for one in answer["items"]]
    assert due == sorted(due)
    mine = await world.json("/v1/worklist?role=applicant", role="applicant", organisation=OWN)
    assert {one["case"] for one in mine["items"]} == {CASE, OTHER}
    report = next(task for one in mine["items"] for task in one["tasks"] if task["code"] == "submit_report")
    assert (report["ref"], report["overdue"]) == ("first", True)
    early = await world.json("/v1/worklist?at=2021-12-31T00:00:00Z")
    assert not any(
        task["overdue"] for one in early["items"] for task in one["tasks"] if task["code"] == "submit_report"
    )
    assert (await world.json("/v1/worklist", role="applicant", organisation=FOREIGN))["items"] == []
    assert [one["id"] for one in (await world.json("/v1/worklist?role=case_handler"))["items"]] == [CALL]
    first = await world.json("/v1/worklist?limit=1")
    assert first["items"][0] == answer["items"][0]
    assert (await world.json(first["next"]))["items"][0] == answer["items"][1]
