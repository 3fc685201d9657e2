"""A running program made of paper: it answers what it was told to answer, and remembers what it was asked."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient
from joserfc.jwk import OKPKey

from events.parking import Stuck
from events.store import Head, Recorded, StoreUnavailable
from events.times import Day, Deadline, Instant, moment
from events.vocabulary import Cents, Name, Party, Written
from services.answers import Answer, Done, EventRef, Issued
from services.auth import LocalIssuer
from services.clock import StoryClock
from services.deciding import CommandSpec, Service, accept
from services.fields import Command, Wire
from services.rulebook import Rule, Verdict
from services.web.app import create_app
from services.web.ports import RouterFactory

NOW = "2021-05-03T10:00:00.000000Z"
TARGET = "018f3f7e-7c3a-7000-8000-0123456789ab"
KEY = "018f3f7e-0000-4000-8000-000000000001"
EVENT = "018f3f7e-0000-7000-8000-0000000000aa"


class ProposePlan(Command):
    """Propose a plan: one field of every sort."""

    title: Wire[Name]
    amount_cents: Wire[Cents]
    applicant: Wire[Party]
    due: Wire[Deadline] | None = None
    start: Wire[Day] | None = None
    parts: list[Wire[Written]] = []  # noqa: RUF012 -- pydantic copies it


class RaisePlan(Command):
    """Raise the amount; it may have happened earlier."""

    amount_cents: Wire[Cents]


class FilePlan(Command):
    """Put the plan away; only the system does."""


E1 = Rule(
    "E1",
    1,
    lambda _params, _inputs: Verdict("fail", "over_cap"),
    {"over_cap": ("Gevraagd {asked_cents}, hoogstens {cap_cents}.", "Asked {asked_cents}, at most {cap_cents}.")},
)

SPECS = (
    CommandSpec(ProposePlan, "application", frozenset({"applicant", "case_handler"}), ("E1",), creates=True),
    CommandSpec(RaisePlan, "recovery", frozenset({"budget_officer"}), (), records_past_act=True),
    CommandSpec(FilePlan, "criteria", frozenset({"service"}), ()),
)

PLANS = Service(
    name="plans",
    commands={spec.model: spec for spec in SPECS},
    initial=lambda _kind: None,
    evolve=lambda state, _fact: state,
    decide=lambda _state, _command, _context: accept(),
    refused_by_guard=lambda *_: (),
    reactions=(),
    timers=lambda _fact: (),
    rules=(E1,),
)

DONE = Done(
    command_id=KEY,
    stream=f"application-{TARGET}",
    version=3,
    position=41,
    events=(EventRef(event_id=EVENT, type="PlanProposed", version=3),),
)


class RealClock(StoryClock):
    """A clock that says it is real."""

    demo = False
    moves = False


@dataclass
class PaperHandler:
    """Gives one answer, or raises; `issued` is what reached it: nothing else could have been written."""

    answer: Answer | Exception = DONE
    issued: list[Issued] = field(default_factory=list)

    async def handle(self, issued: Issued) -> Answer:
        """Remember and answer."""
        self.issued.append(issued)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@dataclass
class PaperLog:
    """A log in a list; unreachable on demand."""

    recorded: list[Recorded] = field(default_factory=list)
    down: bool = False

    async def head(self) -> Head:
        """Where it ends."""
        if self.down:
            raise StoreUnavailable("gone")
        last = self.recorded[-1] if self.recorded else None
        return Head(last.position, last.recorded_at) if last else Head(0, None)

    async def read_all(
        self, after_position: int = 0, *, types: Sequence[str] | None = None, limit: int = 1_000
    ) -> Sequence[Recorded]:
        """A page."""
        if self.down:
            raise StoreUnavailable("gone")
        return [one for one in self.recorded if one.position > after_position][:limit]


@dataclass
class PaperInfo:
    """What the log says about itself."""

    origin: str = "paper/demo"


@dataclass
class PaperRuntime:
    """The running program."""

    handler: PaperHandler = field(default_factory=PaperHandler)
    store: PaperLog = field(default_factory=PaperLog)
    clock: StoryClock = field(default_factory=lambda: StoryClock(NOW))
    services: Mapping[str, Service] = field(default_factory=lambda: {"plans": PLANS})
    routers: Sequence[RouterFactory] = ()
    failures: dict[str, str] = field(default_factory=dict)
    parked: list[Stuck] = field(default_factory=list)
    alarms: dict[str, str] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=lambda: {"budget": 0})
    log_info: PaperInfo = field(default_factory=PaperInfo)
    issuer: LocalIssuer = field(
        default_factory=lambda: LocalIssuer(
            OKPKey.generate_key("Ed25519"), "paper/demo", lambda: datetime(2026, 11, 23, tzinfo=UTC)
        )
    )

    def lag(self) -> Mapping[str, int]:
        """How far each consumer has come."""
        return self.places

    def behind(self, head: int) -> dict[str, int]:
        """How much each has still to do."""
        return {name: max(head - max(place, 0), 0) for name, place in self.lag().items()}

    async def advance_clock(self, to: Instant) -> None:
        """Move the clock."""
        self.clock.move(to)

    async def checkpoint(self) -> str:
        """A note."""
        return "paper/demo\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"

    def token(self, role: str = "applicant") -> str:
        """A token for a role."""
        return self.issuer.issue(role, "OVO000001", "p-1")


def recorded(position: int) -> Recorded:
    """Some event."""
    return Recorded(
        position, moment(NOW), f"application-{TARGET}", position, "X", 1, TARGET, b"{}", "intake-00", b"s" * 64
    )


@asynccontextmanager
async def client(runtime: PaperRuntime, role: str | None = "applicant", **headers: str) -> AsyncIterator[AsyncClient]:
    """A caller with a token of this role (None: without one), over ASGI in this process."""
    app: FastAPI = create_app(runtime)
    known = {"Authorization": f"Bearer {runtime.token(role)}"} if role else {}
    transport = ASGITransport(app=app, raise_app_exceptions=False)
    async with AsyncClient(transport=transport, base_url="http://127.0.0.1", headers={**known, **headers}) as caller:
        yield caller


PROPOSE = f"/v1/plans/applications/{TARGET}/propose-plan"
RAISE = f"/v1/plans/recoveries/{TARGET}/raise-plan"
FILE = f"/v1/plans/criteria/{TARGET}/file-plan"

PARTY = {"ovo": "OVO000001", "kbo": "0207437468", "name": "Stad"}


def plan(**other: Any) -> dict[str, Any]:
    """A good body of `propose-plan`; None takes a field away."""
    body = {"title": "Park", "amountCents": 100, "applicant": PARTY, **other}
    return {name: value for name, value in body.items() if value is not None}
