"""The house's own addresses: health, figures, the recorded log, checkpoints, the story's clock, the document."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

import pytest
from fastapi import APIRouter, Depends, FastAPI, Query
from httpx2 import ASGITransport, AsyncClient

from events.envelope import Actor
from events.parking import Stuck
from events.store import StoreUnavailable
from services.metrics import Metrics
from services.web.access import VIEWS
from services.web.app import create_app, create_vitals_app
from services.web.ports import Reader
from tests.unit.services.shell.fakes import (
    KEY,
    NOW,
    PROPOSE,
    SPECS,
    PaperHandler,
    PaperLog,
    PaperRuntime,
    RealClock,
    client,
    plan,
    recorded,
)  # fmt: skip -- one import


async def get(runtime: PaperRuntime, path: str, role: str | None = "auditor", **headers: str) -> Any:
    """One question to the application."""
    async with client(runtime, role, **headers) as caller:
        return await caller.get(path)


def asked_of(app: FastAPI) -> AsyncClient:
    """A caller without a name."""
    return AsyncClient(transport=ASGITransport(app=app), base_url="http://127.0.0.1")


async def put_clock(runtime: PaperRuntime, raw: bytes, role: str | None = "admin") -> Any:
    """Move the story's clock."""
    async with client(runtime, role) as caller:
        return await caller.put("/v1/demo/clock", content=raw, headers={"Content-Type": "application/json"})


async def test_health_tells_head_consumers_origin_and_demo() -> None:
    runtime = PaperRuntime(store=PaperLog([recorded(1), recorded(2)]), places={"budget": 2, "jury": 1})
    answer = await get(runtime, "/health", None)
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "UP",
        "origin": "paper/demo",
        "demo": True,
        "now": NOW,
        "head": {"position": 2, "recordedAt": NOW},
        "consumers": [
            {"name": "budget", "position": 2, "behind": 0, "stopped": False},
            {"name": "jury", "position": 1, "behind": 1, "stopped": False},
        ],
    }


async def test_health_is_degraded_while_a_consumer_is_far_behind() -> None:
    runtime = PaperRuntime(store=PaperLog([recorded(1002)]), places={"budget": 1})
    answer = await get(runtime, "/health", None)
    assert (answer.status_code, answer.json()["status"]) == (200, "DEGRADED")


async def test_health_is_down_when_a_consumer_has_stopped_for_good() -> None:
    runtime = PaperRuntime(failures={"budget": "ValueError: an.peeters@stad.be"})
    answer = await get(runtime, "/health", None)
    assert (answer.status_code, answer.json()["status"]) == (503, "DOWN")
    assert answer.json()["consumers"][0]["stopped"] is True
    assert "peeters" not in answer.text


async def test_health_is_degraded_while_a_stream_stands_still_and_names_it() -> None:
    stuck = Stuck("react:jury", f"application-{KEY}", 3, again=False, number=1)
    runtime = PaperRuntime(store=PaperLog([recorded(1)]), places={"budget": 1}, parked=[stuck])
    answer = await get(runtime, "/health", None)
    assert (answer.status_code, answer.json()["status"]) == (200, "DEGRADED")
    assert answer.json()["parked"] == [{"consumer": "react:jury", "stream": f"application-{KEY}", "events": 3}]


async def test_health_names_who_waits_in_vain_but_not_why() -> None:
    runtime = PaperRuntime(store=PaperLog([recorded(1)]), places={"budget": 1}, alarms={"budget": "no an.peeters@x.be"})
    answer = await get(runtime, "/health", None)
    assert (answer.status_code, answer.json()["status"], answer.json()["alarms"]) == (200, "DEGRADED", ["budget"])
    assert "peeters" not in answer.text


async def test_figures_tell_how_many_streams_stand_still_and_that_they_go_on_again() -> None:
    stuck = [Stuck("react:jury", f"application-{number}", 1, again=False, number=number) for number in (1, 2)]
    runtime = PaperRuntime(store=PaperLog([recorded(1)]), parked=stuck, alarms={"budget": "a hole"})
    async with client(runtime) as caller:
        before = (await caller.get("/metrics")).text
        runtime.parked.clear()
        runtime.alarms.clear()
        after = (await caller.get("/metrics")).text
    assert 'wijkspoor_parked_streams{consumer="react:jury"} 2.0' in before
    assert "wijkspoor_consumer_alarms 1.0" in before
    assert 'wijkspoor_parked_streams{consumer="react:jury"} 0.0' in after
    assert "wijkspoor_consumer_alarms 0.0" in after


async def test_a_role_shows_its_own_figures_and_none_that_it_has_not() -> None:
    async def own() -> Mapping[str, float]:
        return {"wijkspoor_relay_active": 1.0, "wijkspoor_relay_refilled_total": 7}

    runtime = PaperRuntime(store=PaperLog([recorded(1)]), failures={"watch": "budget differs"})
    async with asked_of(create_vitals_app(runtime, own)) as caller:
        text = (await caller.get("/metrics")).text
    lines = text.splitlines()
    assert {"wijkspoor_relay_active 1.0", "wijkspoor_relay_refilled_total 7.0"} <= set(lines)
    assert {"wijkspoor_store_up 1.0", "wijkspoor_books_differ 1.0"} <= set(lines)
    assert "# TYPE wijkspoor_relay_refilled_total counter" in lines
    assert "wijkspoor_relay_lag_positions" not in text


async def test_a_role_that_cannot_tell_its_figures_shows_the_others() -> None:
    async def away() -> Mapping[str, float]:
        raise StoreUnavailable("away")

    async with asked_of(create_vitals_app(PaperRuntime(store=PaperLog(down=True)), away)) as caller:
        text = (await caller.get("/metrics")).text
    assert "wijkspoor_store_up 0.0" in text


async def test_a_figure_without_a_name_in_the_table_is_a_bug() -> None:
    with pytest.raises(KeyError):
        Metrics().own({"wijkspoor_unheard_of": 1.0})


async def test_without_its_log_the_program_lives_but_is_not_ready() -> None:
    runtime = PaperRuntime(store=PaperLog(down=True))
    assert (await get(runtime, "/livez", None)).status_code == 200
    assert (await get(runtime, "/readyz", None)).status_code == 503
    health = await get(runtime, "/health", None)
    assert (health.status_code, health.json()["status"]) == (503, "DOWN")
    events = await get(runtime, "/v1/events")
    assert (events.status_code, events.headers["retry-after"]) == (503, "1")
    assert (await get(runtime, "/metrics", None)).status_code == 200


async def test_figures_count_answers_by_route_and_commands_by_what_became_of_them() -> None:
    runtime = PaperRuntime(store=PaperLog([recorded(1)]))
    async with client(runtime) as caller:
        await caller.post(PROPOSE, json=plan(), headers={"Idempotency-Key": KEY})
        await caller.post(PROPOSE, json=plan(), headers={"Idempotency-Key": "x"})
        text = (await caller.get("/metrics")).text
    assert 'wijkspoor_commands_total{answer="Done",command="propose-plan"} 1.0' in text
    route = "/v1/plans/applications/{id}/propose-plan"
    assert f'wijkspoor_http_requests_total{{method="POST",route="{route}",status="201"}} 1.0' in text
    assert f'wijkspoor_http_requests_total{{method="POST",route="{route}",status="400"}} 1.0' in text
    assert "wijkspoor_log_position 1.0" in text
    assert 'wijkspoor_consumer_behind{consumer="budget"} 1.0' in text
    assert "018f3f7e" not in text


async def test_auditors_read_the_recorded_log_page_by_page() -> None:
    runtime = PaperRuntime(store=PaperLog([recorded(position) for position in range(1, 6)]))
    first = (await get(runtime, "/v1/events?limit=3")).json()
    assert [line["position"] for line in first["items"]] == [1, 2, 3]
    assert first["items"][0] == {
        "position": 1,
        "recordedAt": NOW,
        "envelope": base64.b64encode(b"{}").decode(),
        "signatures": [{"keyId": "intake-00", "sig": base64.b64encode(b"s" * 64).decode()}],
    }
    assert (first["self"], first["next"]) == ("/v1/events?after=0&limit=3", "/v1/events?after=3&limit=3")
    assert (first["position"], first["knownAt"]) == (5, NOW)
    rest = (await get(runtime, first["next"])).json()
    assert [line["position"] for line in rest["items"]] == [4, 5]
    assert "next" not in rest
    beyond = (await get(runtime, "/v1/events?after=99")).json()
    assert (beyond["items"], beyond["position"]) == ([], 5)


async def test_an_empty_log_is_an_empty_page() -> None:
    answer = (await get(PaperRuntime(), "/v1/events")).json()
    assert (answer["items"], answer["position"], answer["knownAt"]) == ([], 0, None)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("after=-1", ["after"]),
        ("after=x", ["after"]),
        ("after=", ["after"]),
        ("after=1.0", ["after"]),
        ("after=9007199254740992", ["after"]),
        ("after=" + "9" * 400, ["after"]),
        ("after=1&after=2", ["after"]),
        ("after=%D9%A3", ["after"]),
        ("limit=0", ["limit"]),
        ("limit=1001", ["limit"]),
        ("limit=x&after=y", ["after", "limit"]),
        ("affter=1", ["affter"]),
    ],
)  # fmt: skip -- a table
async def test_a_wrong_parameter_is_told_by_its_name(query: str, names: list[str]) -> None:
    answer = await get(PaperRuntime(), f"/v1/events?{query}")
    assert answer.status_code == 400
    assert [(one["in"], one["name"]) for one in answer.json()["issues"]] == [("query", name) for name in names]


@pytest.mark.parametrize("role", ["applicant", "admin", "service", "inspector", None])
async def test_only_auditors_read_the_recorded_log(role: str | None) -> None:
    answer = await get(PaperRuntime(), "/v1/events", role)
    assert answer.status_code == (403 if role else 401)


async def test_the_latest_checkpoint_is_a_note() -> None:
    answer = await get(PaperRuntime(), "/v1/checkpoints/latest", "subscriber")
    assert answer.status_code == 200
    assert answer.text.startswith("paper/demo\n0\n")
    assert (await get(PaperRuntime(), "/v1/checkpoints/latest", None)).status_code == 401


async def test_the_storys_clock_goes_forward_only() -> None:
    runtime = PaperRuntime()
    later = await put_clock(runtime, b'{"now":"2021-07-15T12:00:00+02:00"}')
    assert (later.status_code, later.json()) == (200, {"now": "2021-07-15T10:00:00.000000Z"})
    back = await put_clock(runtime, b'{"now":"2021-07-15T09:59:59Z"}')
    assert (back.status_code, back.json()["type"]) == (409, "urn:problem-type:wijkspoor:clockCannotGoBack")
    assert runtime.clock.now() == "2021-07-15T10:00:00.000000Z"
    assert (await put_clock(runtime, b'{"now":"2021-07-15T10:00:00Z"}')).status_code == 200


@pytest.mark.parametrize(
    ("raw", "pointer"),
    [
        (b"", ""),
        (b"{}", "/now"),
        (b'{"now":1}', "/now"),
        (b'{"now":"2021-02-30T00:00:00Z"}', "/now"),
        (b'{"now":"2022-01-01T00:00:00Z","x":1}', "/x"),
        (b'{"now":"2022-01-01T00:00:00Z","now":"2023-01-01T00:00:00Z"}', "/now"),
    ],
)  # fmt: skip -- a table
async def test_the_clock_does_not_move_on_a_mistake(raw: bytes, pointer: str) -> None:
    runtime = PaperRuntime()
    answer = await put_clock(runtime, raw)
    assert [one["pointer"] for one in answer.json()["issues"]] == [pointer]
    assert runtime.clock.now() == NOW


async def test_only_an_admin_moves_the_clock_and_only_in_a_story() -> None:
    runtime = PaperRuntime()
    assert (await put_clock(runtime, b'{"now":"2022-01-01T00:00:00Z"}', "applicant")).status_code == 403
    assert (await put_clock(runtime, b'{"now":"2022-01-01T00:00:00Z"}', None)).status_code == 401
    assert runtime.clock.now() == NOW
    assert (await put_clock(PaperRuntime(clock=RealClock(NOW)), b'{"now":"2022-01-01T00:00:00Z"}')).status_code == 404


def views(reader: Reader) -> APIRouter:
    """Routes as a projection offers them."""
    router = APIRouter(tags=["views"])
    budget = Depends(reader("budget"))

    @router.get("/v1/calls/{call}/budget")
    def of_call(call: str, limit: int = Query(10, le=10), actor: Actor = budget) -> dict[str, Any]:
        return {"call": call, "limit": limit, "role": actor.role}

    return router


async def test_the_routes_of_a_view_are_guarded_by_the_table() -> None:
    runtime = PaperRuntime(routers=[views])
    answer = await get(runtime, "/v1/calls/x/budget", "partner")
    assert answer.json() == {"call": "x", "limit": 10, "role": "partner"}
    assert (await get(runtime, "/v1/calls/x/budget", None)).status_code == 401
    wrong = await get(runtime, "/v1/calls/x/budget?limit=11")
    assert [(one["in"], one["name"], one["code"]) for one in wrong.json()["issues"]] == [
        ("query", "limit", "less_than_equal")
    ]


def test_a_view_that_is_not_in_the_table_does_not_start() -> None:
    def unknown(reader: Reader) -> APIRouter:
        reader("everything")
        return APIRouter()

    with pytest.raises(KeyError):
        create_app(PaperRuntime(routers=[unknown]))


def test_no_view_is_open_to_a_role_that_does_not_exist() -> None:
    from services.auth import ROLES

    assert all(roles and roles <= ROLES for roles in VIEWS.values())


async def test_an_answer_that_is_known_already_is_not_sent_again() -> None:
    runtime = PaperRuntime(routers=[views])
    first = await get(runtime, "/v1/calls/x/budget")
    tag = first.headers["etag"]
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = await get(runtime, "/v1/calls/x/budget", **{"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    changed = await get(runtime, "/v1/calls/y/budget", **{"If-None-Match": tag})
    assert (changed.status_code, changed.headers["etag"] == tag) == (200, False)


async def test_the_document_tells_every_command_with_schema_roles_and_problems() -> None:
    document = (await get(PaperRuntime(), "/openapi.json", None)).json()
    operations = {item["post"]["summary"]: item["post"] for item in document["paths"].values() if "post" in item}
    assert set(operations) == {spec.model.command_name for spec in SPECS}
    propose = operations["propose-plan"]
    assert propose["x-roles"] == ["applicant", "case_handler"]
    assert propose["x-rules"] == ["E1"]
    schema = propose["requestBody"]["content"]["application/json"]["schema"]
    assert schema["properties"]["amountCents"]["minimum"] == 0
    assert schema["additionalProperties"] is False
    assert {"201", "400", "401", "403", "404", "409", "412", "413", "415", "422", "429", "503"} <= set(
        propose["responses"]
    )
    past = operations["raise-plan"]["requestBody"]["content"]["application/json"]["schema"]
    assert "occurredAt" in past["properties"]


async def test_the_document_tells_what_a_view_may_answer() -> None:
    document = (await get(PaperRuntime(routers=[views]), "/openapi.json", None)).json()
    operation = document["paths"]["/v1/calls/{call}/budget"]["get"]
    assert set(operation["responses"]) == {"200", "304", "400", "401", "403", "404", "500", "503"}
    assert operation["security"] == [{"bearer": []}]


async def test_the_document_holds_no_reference_that_leads_nowhere() -> None:
    document = (await get(PaperRuntime(), "/openapi.json", None)).json()
    text = json.dumps(document)
    for name in {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}:
        assert name in document["components"]["schemas"]


async def test_the_pages_of_the_document_load_nothing_from_elsewhere() -> None:
    page = await get(PaperRuntime(), "/docs", None)
    assert page.status_code == 200
    assert "propose-plan" in page.text
    for sign in ("<script", "<link", "src=", "http://", "https://"):
        assert sign not in page.text


async def test_a_failure_inside_is_a_problem_with_a_trace_and_no_more() -> None:
    async with client(PaperRuntime(PaperHandler(RuntimeError("secret")))) as caller:
        answer = await caller.post(PROPOSE, json=plan(), headers={"Idempotency-Key": KEY, "BelGov-Trace-Id": "t-1"})
    assert answer.status_code == 500
    assert "t-1" in answer.json()["detail"]
    assert "secret" not in answer.text
    assert answer.headers["belgov-trace-id"] == "t-1"
