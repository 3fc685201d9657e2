"""What the stories of unhappy branches share: a small call, its files, and why each refusal was given.

A story's module publishes `EXPECTED`, the facts that it is there to bring about (`signs_of` says how they are written),
and `REFUSED`, the reasons of every refusal in it, in order. The story holds its own log against both;
`test_every_branch` holds domain.md §2.7 against the modules.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx2
from msgspec import structs

from events import codec
from events.catalog import AnyFact
from events.codec import Event
from events.envelope import Actor
from events.times import instant, moment
from projections.budget_consumption.check import differences
from projections.budget_consumption.evolve import BUDGET
from projections.past import refold
from services.runtime import Runtime
from services.story.over_http import OverHttp
from services.story.player import Unexpected, play
from services.story.script import Script, Step, ident, load, written
from tests import comparing
from tests.e2e.test_second_call import PARTNER, money

TERMS: dict[str, Any] = load("calls/buurtgroen-2023.json")
CODES = [row["code"] for row in TERMS["criteria"]]
WHY = written("Omdat het zo is.")
SMALL_JURY = {"members": 2, "quorum": 2, "minExternal": 1, "minGovernment": 1}
PEOPLE = [ident("member", str(number)) for number in range(2)]
GOOD = {"nl": "Goed.", "en": "Good."}
PLAN = {"kind": "planting_plan", "name": "plan.pdf", "sha256": "ab" * 32}


def data(call: str, applicants: Mapping[str, tuple[str, str | None]]) -> dict[str, Any]:
    """A story's own data; `applicants`: key → OVO code and NIS code."""
    return {
        "call": {"key": call},
        "agency": {"ovo": "OVO900001"},
        "applicants": [
            {"key": key, "name": f"Gemeente {key}", "ovo": ovo, "kbo": "0999100097", "nis": nis}
            for key, (ovo, nis) in applicants.items()
        ],
    }


class Scene(Script):
    """The script, with words for what every story needs."""

    def send(self, by: Actor, target: str, command: str, refused: bool = False, /, **body: Any) -> None:
        """Add a step, and let a minute pass: the same person may send the same command again."""
        super().send(by, target, command, refused, **body)
        self._now = instant(moment(self._now) + timedelta(minutes=1))

    def on_call(self, role: str, command: str, no: bool = False, /, **body: Any) -> None:
        """A command to intake about the call."""
        self.send(self.official(role, role), f"intake/call/{self.call}", command, no, **body)

    def by_agency(self, key: str, role: str, command: str, no: bool = False, /, **body: Any) -> None:
        """A command to intake about an application, by an official."""
        self.send(self.official(role, role), f"intake/application/{self.case(key)}", command, no, **body)

    def by_applicant(self, key: str, command: str, no: bool = False, /, **body: Any) -> None:
        """A command to intake about an application, by who applies."""
        self.send(self.applicant(key), f"intake/application/{self.case(key)}", command, no, **body)

    def draft(self, key: str, neighbourhood: str = "Plein") -> None:
        """An application begins."""
        self.by_applicant(key, "start-draft", call=self.call, applicant=self.party(key), neighbourhood=neighbourhood)

    def submit(self, key: str, requested: int, no: bool = False, /, **changes: Any) -> None:
        """It is handed in; a quarter of the subsidy is borne by the municipality."""
        self.by_applicant(key, "submit-application", no, **(content(key, requested) | changes))


@dataclass(frozen=True)
class Judged:
    """A file of the jury: what is asked, the points that each member gives, and its advice."""

    requested: int
    points: tuple[int, int]
    outcome: str = "favourable"


def judge(scene: Scene, files: Mapping[str, Judged]) -> None:
    """Every file is eligible; a small jury agrees on each, and the ranking is fixed."""
    handler, secretary = scene.official("case_handler", "h"), scene.official("jury_secretary", "s")
    for key in files:
        scene.send(handler, f"eligibility/assessment/{scene.case(key)}", "conclude-admissibility")
        scene.send(handler, f"eligibility/assessment/{scene.case(key)}", "conclude-eligibility")
    seats = [
        {"person": person, "name": "Lid", "employer": "X", "capacity": capacity, "expertise": "groen"}
        for person, capacity in zip(PEOPLE, ("external", "government"), strict=True)
    ]
    panel = f"jury/panel/{scene.call}"
    chosen = {"chair": PEOPLE[0], "secretary": secretary.person, "members": seats}
    scene.send(scene.official("admin", "a"), panel, "compose-panel", **chosen)
    for person in PEOPLE:
        told = {"member": person, "statement": "Geen.", "organisations": []}
        scene.send(_member(person), panel, "declare-interests", **told)
    for key, file in files.items():
        _score(scene, key, file)
        _advise(scene, key, file)
    scene.send(secretary, f"jury/ranking/{scene.call}", "fix-ranking")


def judge_again(scene: Scene, key: str, file: Judged) -> None:
    """After an annulment the ranking and the file are opened again, and each is concluded anew."""
    secretary, ranking = scene.official("jury_secretary", "s"), f"jury/ranking/{scene.call}"
    target, why = f"jury/evaluation/{scene.case(key)}", {"ground": "annulment", "reason": WHY}
    scene.send(secretary, ranking, "reopen-ranking", **why)
    scene.send(secretary, target, "reopen-evaluation", **why)
    scene.send(_member(PEOPLE[0]), target, "correct-score", scores=_points(file), reason=WHY)
    _advise(scene, key, file)
    scene.send(secretary, ranking, "fix-ranking")


def _score(scene: Scene, key: str, file: Judged) -> None:
    target, secretary = f"jury/evaluation/{scene.case(key)}", scene.official("jury_secretary", "s")
    scene.send(secretary, target, "assign-application", call=scene.call, members=PEOPLE)
    for person in PEOPLE:
        scene.send(_member(person), target, "submit-score", scores=_points(file))


def _points(file: Judged) -> list[dict[str, Any]]:
    return [{"criterion": code, "points": got} for code, got in zip(CODES, file.points, strict=True)]


def _advise(scene: Scene, key: str, file: Judged) -> None:
    target, chair = f"jury/evaluation/{scene.case(key)}", _member(PEOPLE[0], "jury_chair")
    scene.send(scene.official("jury_secretary", "s"), target, "open-deliberation", present=PEOPLE)
    scene.send(chair, target, "record-consensus", outcome=file.outcome)
    advice = {
        "outcome": file.outcome,
        "proposedCents": 0 if file.outcome == "unfavourable" else file.requested,
        "reasons": [{"criterion": code, "reason": GOOD} for code in CODES],
        "report": written("Verslag."),
        "conditions": [],
    }
    scene.send(chair, target, "adopt-advice", **advice)


def _member(person: str, role: str = "jury_member") -> Actor:
    return Actor(role=role, organisation="OVO900001", person=person)


def content(key: str, requested: int) -> dict[str, Any]:
    """An application of this size."""
    return {
        "project": f"Groen {key}",
        "summary": written("Meer groen."),
        "contactPerson": ident("contact", key),
        "contactName": "Iemand",
        "contactEmail": "iemand@plein.example",
        "contactPhone": "+32 2 555 01 24",
        "themes": ["heat"],
        "instruments": ["citizens_budget"],
        **money(requested, requested // 4),
        "partners": [
            {
                "partner": "local",
                "organisation": PARTNER,
                "level": "local",
                "pledge": written("Wij planten mee."),
                "mandatory": True,
            }
        ],
        "term": {"start": "2023-10-01", "end": "2025-09-30"},
        "attachments": [PLAN],
        "synthetic": True,
    }


class Heard:
    """Why a client was told no: each refusal by its rule or guard and its reason, a malformed request by its issue."""

    def __init__(self, client: httpx2.AsyncClient) -> None:
        self.refusals: list[str] = []
        client.event_hooks["response"].append(self._hear)

    async def _hear(self, response: httpx2.Response) -> None:
        if response.is_error:
            assert response.headers["content-type"] == "application/problem+json"
            self.refusals.append(reason_of(json.loads(await response.aread())))


def reason_of(problem: Mapping[str, Any]) -> str:
    """A problem in a few words."""
    match problem:
        case {"rule": str(by), "reason": str(reason)} | {"guard": str(by), "reason": str(reason)}:
            return f"{by} {reason}"
        case {"issues": [{"name": str(place), "code": str(code)}]}:
            return f"{place} {code}"
        case _:
            return f"{problem['status']} {problem['type']}"


class Teller:
    """Plays steps over HTTP; a step that the script says is refused is answered with exactly one refusal."""

    def __init__(self, client: httpx2.AsyncClient, stage: OverHttp) -> None:
        self.stage, self.heard = stage, Heard(client)

    async def tell(self, steps: Sequence[Step]) -> None:
        """Send every step at its time."""
        await play(steps, self.stage, self._send, now=self.stage.now)

    async def _send(self, step: Step) -> bool:
        if not step.refused:
            return await self.stage(step)
        before = len(self.heard.refusals)
        # What nobody has to be told of on record is an answer only, which the stage does not expect.
        with suppress(Unexpected):
            await self.stage(step)
        assert len(self.heard.refusals) == before + 1, f"{step.command} at {step.at} was not refused"
        return False


async def on_record(runtime: Runtime, expected: str) -> list[Event]:
    """The whole log, once what is expected was found in it, nothing has failed and the books balance."""
    assert not runtime.failures
    events = [codec.read(one) for one in await comparing.whole_log(runtime.store)]
    missing = set(expected.split()).difference(*(signs_of(one.fact) for one in events))
    assert not missing, f"not in the log: {sorted(missing)}"
    assert differences(refold(BUDGET, events).values(), await runtime.store.balances()) == []
    return events


def signs_of(fact: AnyFact) -> set[str]:
    """How a fact can be told: by its type, or by that and a plain value or code (`AdviceAdopted=unfavourable`)."""
    name = type(fact).__name__
    plain = [value for value in structs.asdict(fact).values() if isinstance(value, str | bool)]
    codes = [one.code for one in getattr(fact, "checks", ())]
    return {name, *(f"{name}={value}" for value in (*plain, *codes))}
