"""Subscriptions over HTTP: who may, what is told, and what is never told twice."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient
from standardwebhooks import Webhook

from events.adapters.memory import MemoryVault
from events.adapters.memory_webhooks import MemorySubscriptions
from events.webhooks import Attempt
from services.auth import ROLES
from services.web.app import create_app
from services.webhooks.api import OWN_MOST, PATH, subscription_routes
from services.webhooks.schedule import paused
from services.webhooks.signing import secrets_of, shown
from tests.publics import AWARDED, PaperPublicLog, ident
from tests.unit.services.shell.fakes import PaperRuntime

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
KEY, OTHER = ident("key"), ident("other key")
URL = "https://stad.example/haak"
OWN, FOREIGN = "OVO000001", "OVO000002"


@dataclass
class World:
    """The parts that the routes stand on."""

    public: PaperPublicLog = field(default_factory=PaperPublicLog)
    rows: MemorySubscriptions = field(default_factory=MemorySubscriptions)
    vault: MemoryVault = field(default_factory=MemoryVault)
    now: datetime = NOW
    plain: bool = False
    runtime: PaperRuntime = field(default_factory=PaperRuntime)

    @cached_property
    def app(self) -> FastAPI:
        """The application with these routes alone."""
        routes = subscription_routes(self.rows, self.public, self.vault, lambda: self.now, plain=self.plain)
        self.runtime.routers = [routes]
        return create_app(self.runtime)

    @asynccontextmanager
    async def caller(self, role: str | None = "subscriber", organisation: str = OWN) -> AsyncIterator[AsyncClient]:
        """Somebody of an organisation, over ASGI."""
        token = {"Authorization": f"Bearer {self.runtime.issuer.issue(role, organisation, 'p-1')}"} if role else {}
        transport = ASGITransport(app=self.app, raise_app_exceptions=False)
        async with AsyncClient(transport=transport, base_url="http://127.0.0.1", headers=token) as made:
            yield made

    async def ask(self, method: str, path: str = "", role: str | None = "subscriber", **how: Any) -> Any:
        """One request; `organisation`, `json`, `headers` as wanted."""
        async with self.caller(role, how.pop("organisation", OWN)) as caller:
            return await caller.request(method, PATH + path, **how)

    async def subscribe(self, key: str = KEY, **how: Any) -> Any:
        """A new subscription."""
        body = {"url": URL, **how.pop("body", {})}
        return await self.ask("POST", json=body, headers={"Idempotency-Key": key}, **how)


async def test_a_subscription_is_made_with_its_secret_told_once() -> None:
    world = World()
    await world.public.grow(4)
    answer = await world.subscribe(body={"types": [AWARDED, AWARDED]})

    assert (answer.status_code, answer.headers["location"]) == (201, f"{PATH}/{KEY}")
    assert answer.headers["cache-control"] == "no-store"
    told = answer.json()
    secret = told.pop("secret")
    assert told == {
        "id": KEY,
        "organisation": OWN,
        "url": URL,
        "types": [AWARDED],
        "status": "pending",
        "reason": None,
        "deliveredUpTo": 4,
        "failures": 0,
        "failingSince": None,
        "nextAttempt": None,
        "ratePerMinute": None,
        "redeliver": [],
        "createdAt": "2026-11-23T09:00:00.000000Z",
        "keysInUse": 1,
    }
    row = await world.rows.find(KEY)
    assert row is not None
    assert secret == shown((await secrets_of(world.vault, row, NOW))[0])
    Webhook(secret)
    for later in (await world.ask("GET"), await world.ask("GET", f"/{KEY}"), await world.subscribe()):
        assert "secret" not in later.text
        assert secret not in later.text


async def test_the_same_key_makes_one_subscription() -> None:
    world = World()
    await world.subscribe()
    again = await world.subscribe()
    other = await world.subscribe(body={"url": "https://ander.example/"})
    foreign = await world.subscribe(organisation=FOREIGN)

    assert (again.status_code, again.headers["idempotent-replayed"]) == (201, "true")
    assert (other.status_code, foreign.status_code) == (422, 422)
    assert len((await world.ask("GET")).json()["items"]) == 1


async def test_an_organisation_has_so_many_subscriptions_and_no_more() -> None:
    world = World()
    keys = [ident(number) for number in range(OWN_MOST + 1)]
    answers = [await world.subscribe(key) for key in keys]

    assert [one.status_code for one in answers] == [201] * OWN_MOST + [409]
    assert answers[-1].json()["type"] == "urn:problem-type:wijkspoor:tooManySubscriptions"
    assert (await world.subscribe(keys[0])).status_code == 201, "a repeat is no new one"
    assert (await world.subscribe(organisation=FOREIGN)).status_code == 201


async def test_who_wants_the_past_says_from_where() -> None:
    world = World()
    await world.public.grow(4)
    assert (await world.subscribe(body={"after": 0})).json()["deliveredUpTo"] == 0


@pytest.mark.parametrize(
    "url",
    [
        "http://stad.example/",
        "https://piet:geheim@stad.example/",
        "https://stad.example/#deel",
        "ftp://stad.example/",
        "https:///pad",
        "stad.example",
        " https://stad.example/",
        "https://[::1/",
        "https://stad.example:99999/",
        "",
    ],
)
async def test_an_address_that_cannot_be_a_receiver_is_a_mistake_at_its_place(url: str) -> None:
    answer = await World().subscribe(body={"url": url})
    assert answer.status_code == 400
    (issue,) = answer.json()["issues"]
    assert (issue["pointer"], issue["code"]) == ("/url", "not_a_receiver")


async def test_without_tls_only_where_the_settings_allow_networks() -> None:
    assert (await World(plain=True).subscribe(body={"url": "http://10.0.0.1/"})).status_code == 201


async def test_a_name_with_letters_of_its_own_is_kept_as_the_network_knows_it() -> None:
    told = (await World().subscribe(body={"url": "https://één.example/a b?q=é"})).json()
    assert told["url"] == "https://xn--n-9faa.example/a%20b?q=%C3%A9"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"color": 1}, "/color"),
        ({"types": "all"}, "/types"),
        ({"types": [""]}, "/types/0"),
        ({"after": -1}, "/after"),
        ({"after": "1"}, "/after"),
        ({"url": None}, "/url"),
    ],
)
async def test_every_mistake_stands_at_its_place(body: dict[str, Any], pointer: str) -> None:
    answer = await World().subscribe(body=body)
    assert answer.status_code == 400
    assert [issue["pointer"] for issue in answer.json()["issues"]] == [pointer]


@pytest.mark.parametrize(("key", "code"), [(None, "key_missing"), ("one", "key_not_uuid")])
async def test_a_subscription_needs_a_key(key: str | None, code: str) -> None:
    headers = {"Idempotency-Key": key} if key else {}
    answer = await World().ask("POST", json={"url": URL}, headers=headers)
    assert (answer.status_code, answer.json()["issues"][0]["code"]) == (400, code)


ROUTES = [
    ("POST", ""),
    ("GET", ""),
    ("GET", f"/{KEY}"),
    ("POST", f"/{KEY}/pause"),
    ("POST", f"/{KEY}/resume"),
    ("POST", f"/{KEY}/rotate-secret"),
    ("GET", f"/{KEY}/deliveries"),
    ("POST", f"/{KEY}/redeliver"),
]


@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_only_subscribers_and_the_admin_come_in(method: str, path: str) -> None:
    world = World()
    await world.subscribe()
    before = await world.rows.find(KEY)
    for role in ROLES - {"subscriber", "admin"}:
        assert (await world.ask(method, path, role)).status_code == 403
    assert (await world.ask(method, path, None)).status_code == 401
    assert await world.rows.find(KEY) == before


@pytest.mark.parametrize(("method", "path"), ROUTES[2:])
async def test_a_subscription_of_another_organisation_does_not_exist(method: str, path: str) -> None:
    world = World()
    await world.subscribe()
    before = await world.rows.find(KEY)
    foreign = await world.ask(method, path, organisation=FOREIGN, json={"sequence": 1})
    unknown = await world.ask(method, path.replace(KEY, OTHER), json={"sequence": 1})
    strange = await world.ask(method, path.replace(KEY, "x"), json={"sequence": 1})

    assert (foreign.status_code, unknown.status_code, strange.status_code) == (404, 404, 404)
    assert await world.rows.find(KEY) == before
    assert (await world.ask("GET", organisation=FOREIGN)).json()["items"] == []


async def test_the_admin_sees_and_commands_all() -> None:
    world = World()
    await world.subscribe()
    assert [one["id"] for one in (await world.ask("GET", role="admin", organisation=FOREIGN)).json()["items"]] == [KEY]
    done = await world.ask("POST", f"/{KEY}/pause", "admin", organisation=FOREIGN)
    assert done.json()["status"] == "paused"


async def test_pages_follow_each_other() -> None:
    world = World()
    keys = sorted(ident(number) for number in range(5))
    for key in keys:
        await world.subscribe(key)
    seen, path = [], "?limit=2"
    while path:
        page = (await world.ask("GET", path)).json()
        seen += [one["id"] for one in page["items"]]
        path = page.get("next", "").removeprefix(PATH)
    assert seen == keys


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=x", "limit=1&limit=2", "after=x", "after="])
async def test_a_strange_page_is_a_mistake(query: str) -> None:
    answer = await World().ask("GET", f"?{query}")
    assert (answer.status_code, answer.json()["issues"][0]["in"]) == (400, "query")


async def test_paused_and_resumed_by_command() -> None:
    world = World()
    await world.subscribe()
    pause = await world.ask("POST", f"/{KEY}/pause")
    assert (pause.status_code, pause.json()["status"], pause.json()["reason"]) == (200, "paused", "command")

    resume = await world.ask("POST", f"/{KEY}/resume")
    assert (resume.status_code, resume.json()["status"], resume.json()["reason"]) == (202, "pending", None)


async def test_a_receiver_that_was_paused_as_dead_says_so() -> None:
    world = World()
    await world.subscribe()
    row = await world.rows.find(KEY)
    assert row is not None
    failing = replace(paused(row.progress, "dead"), failures=17, failing_since=NOW - timedelta(days=3))
    await world.rows.change(replace(row, progress=failing))

    told = (await world.ask("GET", f"/{KEY}")).json()
    assert (told["status"], told["reason"], told["failures"]) == ("paused", "dead", 17)
    assert told["failingSince"] == "2026-11-20T09:00:00.000000Z"


async def test_a_new_secret_is_told_once_and_the_old_one_ends_a_day_later() -> None:
    world = World()
    first = (await world.subscribe()).json()["secret"]
    answer = await world.ask("POST", f"/{KEY}/rotate-secret")
    second = answer.json()

    assert second["secret"] != first
    assert second["keysInUse"] == 2
    assert answer.headers["cache-control"] == "no-store"

    old = (await world.rows.find(KEY)).keys[-1].ident  # type: ignore[union-attr]  # it is there
    world.now += timedelta(days=1)
    assert (await world.ask("GET", f"/{KEY}")).json()["keysInUse"] == 1
    await world.ask("POST", f"/{KEY}/rotate-secret")
    assert await world.vault.keys([old], create=True) == {}, "what signs no more is destroyed"


async def test_deliveries_are_told_newest_first() -> None:
    world = World()
    await world.subscribe()
    row = await world.rows.find(KEY)
    assert row is not None
    for number, status in ((1, 500), (2, 204)):
        tried = Attempt(
            KEY, "delivery", 7, ident("event"), number, NOW, 31, status, None, "oei" if number == 1 else None
        )
        await world.rows.note(tried, row.progress, 0)

    first = (await world.ask("GET", f"/{KEY}/deliveries?limit=1")).json()
    second = (await world.ask("GET", first["next"].removeprefix(PATH))).json()
    assert second["items"] == [
        {
            "entry": 1,
            "sort": "delivery",
            "sequence": 7,
            "webhookId": ident("event"),
            "attempt": 1,
            "at": "2026-11-23T09:00:00.000000Z",
            "milliseconds": 31,
            "status": 500,
            "error": None,
            "response": "oei",
            "accepted": False,
        }
    ]
    assert first["items"][0]["accepted"] is True
    assert (await world.ask("GET", f"/{KEY}/deliveries?before=x")).status_code == 400


async def test_an_event_is_asked_for_once_more() -> None:
    world = World()
    await world.public.grow(3)
    await world.subscribe()
    answer = await world.ask("POST", f"/{KEY}/redeliver", json={"sequence": 2})
    assert (answer.status_code, answer.json()["redeliver"]) == (202, [2])

    for wrong in (0, 4, "2", None):
        assert (await world.ask("POST", f"/{KEY}/redeliver", json={"sequence": wrong})).status_code == 400
    assert (await world.ask("GET", f"/{KEY}")).json()["redeliver"] == [2]


async def test_while_the_log_is_away_nothing_is_half_done() -> None:
    world = World()
    world.public.down = True
    assert (await world.subscribe()).status_code == 503
    assert await world.rows.find(KEY) is None


async def test_every_route_stands_in_the_document_with_roles_and_problems() -> None:
    async with World().caller() as caller:
        document = (await caller.get("/openapi.json")).json()
    own = {path: operations for path, operations in document["paths"].items() if path.startswith(PATH)}
    assert sum(len(operations) for operations in own.values()) == len(ROUTES)
    for path, operations in own.items():
        for operation in operations.values():
            assert operation["x-roles"] == ["admin", "subscriber"]
            assert {"401", "403", "503"} <= set(operation["responses"])
            assert ("404" in operation["responses"]) == ("{ident}" in path)
    assert own[PATH]["post"]["requestBody"]["content"]["application/json"]["schema"]["required"] == ["url"]
