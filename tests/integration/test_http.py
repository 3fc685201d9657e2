"""HTTP over the real services, the real road in and the store's memory twin: what is refused leaves no trace."""

from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import structlog
from httpx2 import ASGITransport, AsyncClient, Response
from joserfc.jwk import OKPKey

from events.adapters.memory import MemoryStore, MemoryVault
from events.parking import Stuck
from events.proof.signing import Signer
from events.times import moment
from projections.memory import MemoryReads, MemoryRunner
from projections.public_events.evolve import PUBLIC
from projections.public_events.memory import MemoryPublicLog
from projections.routers import routers
from projections.views import VIEWS
from services.auth import ROLES, LocalIssuer
from services.clock import StoryClock, event_id
from services.handle import Handler
from services.logging import configure
from services.registry import SERVICES
from services.web.app import create_app
from services.web.commands import COLLECTIONS, path_of
from services.web.public import public_routes
from tests.unit.projections.samples import event, sample

NOW = "2021-03-11T09:00:00.000000Z"
CALL = "01780000-0000-7000-8000-000000000001"
TERMS = json.loads((Path(__file__).parents[2] / "services" / "intake" / "calls" / "2021.json").read_text())
EVERY = [(service, spec) for service in SERVICES.values() for spec in service.commands.values()]


@dataclass
class Info:
    """The log's own data."""

    origin: str = "http/demo"


class Runtime:
    """The program without consumers, on the memory twin."""

    def __init__(self) -> None:
        self.clock = StoryClock(NOW)
        self.store = MemoryStore(lambda: moment(self.clock.now()))
        signers = {name: Signer(name, name.ljust(32).encode()) for name in SERVICES}
        self.handler = Handler(SERVICES, self.store, MemoryVault(), signers, event_id)
        self.services = SERVICES
        views = {name: MemoryRunner(view) for name, view in VIEWS.items()}
        # One event, so that who asks for the feed with patience need not wait.
        PUBLIC.evolve(views[PUBLIC.name].rows, event(sample("CallPublished")))
        public = public_routes(MemoryPublicLog(views[PUBLIC.name]))
        self.routers = [*routers(MemoryReads(views, self.store), self.store), public]
        self.failures: dict[str, str] = {}
        self.parked: list[Stuck] = []
        self.alarms: dict[str, str] = {}
        self.log_info = Info()
        self.issuer = LocalIssuer(
            OKPKey.generate_key("Ed25519"), "http/demo", lambda: datetime(2026, 11, 23, tzinfo=UTC)
        )

    def lag(self) -> dict[str, int]:
        """No consumers."""
        return {}

    def behind(self, head: int) -> dict[str, int]:
        """How much each has still to do."""
        return {name: max(head - max(place, 0), 0) for name, place in self.lag().items()}

    async def advance_clock(self, to: str) -> None:
        """Move the clock."""
        self.clock.move(to)

    async def checkpoint(self) -> str:
        """Nothing to sign."""
        return "http/demo\n0\n\n"


@dataclass
class Caller:
    """Somebody with a token for each role."""

    runtime: Runtime
    http: AsyncClient
    keys: int = 0
    last_key: str = ""
    known: dict[str, str] = field(default_factory=dict)

    async def send(
        self, path: str, body: Any, role: str = "case_handler", *, key: str | None = None, **headers: str
    ) -> Response:
        """One command."""
        self.keys += 1
        self.last_key = key or f"01780000-0000-4000-8000-{self.keys:012d}"
        token = self.runtime.issuer.issue(role, "OVO000001", "p-1")
        known = {"Authorization": f"Bearer {token}", "Idempotency-Key": self.last_key, **headers}
        return await self.http.post(path, json=body, headers=known)

    async def publish(self, **headers: str) -> Response:
        """The call of 2021."""
        return await self.send(f"/v1/intake/calls/{CALL}/publish-call", {"terms": TERMS}, **headers)

    async def events(self) -> int:
        """How many events there are."""
        return (await self.runtime.store.head()).position


@pytest.fixture
async def caller() -> AsyncIterator[Caller]:
    """A caller over ASGI; log lines go nowhere."""
    configure("error", "json", io.StringIO())
    runtime = Runtime()
    transport = ASGITransport(app=create_app(runtime), raise_app_exceptions=False)
    async with AsyncClient(transport=transport, base_url="http://127.0.0.1") as http:
        yield Caller(runtime, http)
    structlog.reset_defaults()


async def test_a_call_is_published_and_its_log_can_be_read(caller: Caller) -> None:
    answer = await caller.publish()
    assert answer.status_code == 201, answer.text
    assert answer.json()["stream"] == f"call-{CALL}"
    assert answer.json()["events"][0]["type"] == "CallPublished"
    token = caller.runtime.issuer.issue("auditor", "OVO000001", "p-1")
    log = (await caller.http.get("/v1/events", headers={"Authorization": f"Bearer {token}"})).json()
    assert [line["position"] for line in log["items"]] == list(range(1, answer.json()["position"] + 1))


async def test_a_repeat_gets_the_first_answer_and_writes_nothing(caller: Caller) -> None:
    first = await caller.publish()
    before = await caller.events()
    again = await caller.send(f"/v1/intake/calls/{CALL}/publish-call", {"terms": TERMS}, key=caller.last_key)
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["idempotent-replayed"] == "true"
    assert await caller.events() == before


async def test_the_same_key_for_other_content_or_another_actor_is_refused(caller: Caller) -> None:
    await caller.publish()
    before, key = await caller.events(), caller.last_key
    other = {"deadline": {"local": "2021-07-19T23:59:59"}, "reason": {"language": "nl", "text": "later"}}
    answer = await caller.send(f"/v1/intake/calls/{CALL}/extend-call-deadline", other, key=key)
    assert answer.status_code == 422
    somebody = await caller.send(f"/v1/intake/calls/{CALL}/publish-call", {"terms": TERMS}, "admin", key=key)
    assert somebody.status_code == 422
    assert await caller.events() == before


async def test_a_stale_version_loses_and_the_present_one_wins(caller: Caller) -> None:
    published = (await caller.publish()).json()["version"]
    path = f"/v1/intake/calls/{CALL}/extend-call-deadline"
    body = {"deadline": {"local": "2021-07-19T23:59:59"}, "reason": {"language": "nl", "text": "later"}}
    stale = await caller.send(path, body, **{"If-Match": '"99"'})
    assert (stale.status_code, stale.json()["currentVersion"]) == (412, published)
    good = await caller.send(path, body, **{"If-Match": f'"{published}"'})
    assert (good.status_code, good.headers["etag"]) == (201, f'"{published + 1}"')


async def test_a_rule_that_refuses_is_named_in_both_languages(caller: Caller) -> None:
    await caller.publish()
    before = await caller.events()
    path = f"/v1/intake/calls/{CALL}/extend-call-deadline"
    body = {"deadline": {"local": "2021-03-19T23:59:59"}, "reason": {"language": "nl", "text": "vroeger"}}
    dutch, english = await caller.send(path, body), await caller.send(path, body, **{"Accept-Language": "en"})
    assert (dutch.status_code, english.status_code) == (409, 409)
    assert dutch.json()["rule"] == english.json()["rule"]
    assert dutch.json()["detail"] != english.json()["detail"]
    assert await caller.events() == before


async def test_terms_with_five_mistakes_list_all_five(caller: Caller) -> None:
    terms = json.loads(json.dumps(TERMS))
    terms["capCents"], terms["envelopeCents"], terms["nonsense"] = -1, 1.5, True
    terms["deadline"] = {"local": "2021-03-28T02:30:00"}
    del terms["criteria"]
    answer = await caller.send(f"/v1/intake/calls/{CALL}/publish-call", {"terms": terms})
    assert answer.status_code == 400
    pointers = {one["pointer"] for one in answer.json()["issues"]}
    assert pointers == {f"/terms/{name}" for name in ("capCents", "envelopeCents", "nonsense", "deadline", "criteria")}
    assert await caller.events() == 0


async def test_an_unknown_target_is_not_found(caller: Caller) -> None:
    answer = await caller.send(f"/v1/intake/calls/{CALL}/open-call", {})
    assert answer.status_code == 404
    assert await caller.events() == 0


async def test_every_command_is_closed_to_every_role_outside_its_row(caller: Caller) -> None:
    for service, spec in EVERY:
        path = path_of(service, spec).replace("{id}", CALL)
        for role in sorted(ROLES):
            answer = await caller.send(path, [], role)
            assert answer.status_code == (400 if role in spec.roles else 403), (path, role, answer.text)
        assert (await caller.http.post(path, json={})).status_code == 401
    assert await caller.events() == 0


async def test_every_command_has_a_strict_body(caller: Caller) -> None:
    for service, spec in EVERY:
        path = path_of(service, spec).replace("{id}", CALL)
        answer = await caller.send(path, {"surprise": 1}, sorted(spec.roles)[0])
        assert answer.status_code == 400
        assert ("/surprise", "extra_forbidden") in [(one["name"], one["code"]) for one in answer.json()["issues"]]
    assert await caller.events() == 0


def test_every_kind_of_a_command_has_its_collection() -> None:
    assert {spec.kind for _, spec in EVERY} <= set(COLLECTIONS)
    assert len({path_of(service, spec) for service, spec in EVERY}) == len(EVERY)
