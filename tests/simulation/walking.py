"""A walk through the whole program: who acts next, who gets in the way, and what is looked at after each step."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from msgspec import structs

from events.times import instant, moment
from projections.budget_consumption.check import differences
from projections.memory import MemoryRunner
from projections.views import VIEWS
from services.answers import Answer, Denied, Done, GuardDenied, Issued, KeyReused, NotFound, Stale
from services.decision.commands import (
    DecideAnew,
    RecordAnnulment,
    RecordSuspension,
    RetractDecision,
    SupersedeDecision,
    WaiveAward,
)
from services.eligibility.commands import ReviseAssessment
from services.intake.commands import PublishCall
from services.story.script import ident
from tests.simulation.actors import AUTHORITIES, OFFICIALS, Dice, as_another, authority, official
from tests.simulation.calls import CALLS, terms
from tests.simulation.moves import application, contract, decision, jury, payment
from tests.simulation.moves.table import Besides, Work
from tests.simulation.sight import Move, Scene, Sight
from tests.simulation.watching import Watch, misplaced, unbalanced
from tests.simulation.world import World

FILES = (application, jury, decision, contract, payment)
WORK: Work = {code: act for file in FILES for code, act in file.WORK.items()}
STAGES = (
    ("application", application),
    ("evaluation", jury),
    ("grant", decision),
    ("contract", contract),
    ("account", payment),
)
"""Stream of a case → what somebody may come up with once it is there."""
BESIDES: Besides = tuple(act for file in (application, jury, decision, payment) for act in file.BESIDES)
PROPER = (Done, Denied, GuardDenied, NotFound)
NOT_ASTRAY = (
    ReviseAssessment,
    DecideAnew,
    SupersedeDecision,
    RetractDecision,
    WaiveAward,
    RecordAnnulment,
    RecordSuspension,
)
"""What is meant for a file in one state alone: `moves` says which."""
FEW = 6
"""So many applications before time may leap: a call without any has nothing to tell."""
BEGIN = "2021-03-12T09:00:00.000000Z"


@dataclass
class Tally:
    """What a walk came to: how commands were answered, which facts came about, which rules said no."""

    steps: int = 0
    answers: Counter[str] = field(default_factory=Counter)
    facts: Counter[str] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)

    def add(self, other: Tally) -> None:
        """And another one."""
        self.steps += other.steps
        self.answers += other.answers
        self.facts += other.facts
        self.rules += other.rules

    def __str__(self) -> str:
        facts = f"{len(self.facts)} types of facts, {sum(self.facts.values())} in all"
        rules = {rule.split()[1] for rule in self.rules}
        said = f"{self.accepted} commands accepted, {self.refused} refused by {len(rules)} rules"
        return f"{self.steps} steps: {said}; {facts}"

    @property
    def accepted(self) -> int:
        """Commands that took effect."""
        return self.answers["done"]

    @property
    def refused(self) -> int:
        """Commands that a rule, a guard or the door stopped."""
        return sum(self.answers[name] for name in ("refused", "denied", "guard", "not found", "forbidden"))


class Walk:
    """One world and everybody in it. Whatever is wrong is raised as an AssertionError at the step that did it."""

    def __init__(self) -> None:
        self.runners = {name: MemoryRunner(view) for name, view in VIEWS.items()}
        self.world = World(0, views=lambda: list(self.runners.values()))
        self.sight, self.watch, self.tally = Sight(), Watch(), Tally()
        self.steps = 0
        self.sent: list[tuple[Issued, Answer]] = []
        self._seen = 0

    async def begin(self) -> None:
        """Publish the calls and wait until they are open."""
        await self.world.begin()
        for call, key in CALLS.items():
            command = PublishCall.model_validate_json(json.dumps({"terms": terms(key)}))
            await self._send(Move(call, command, official("admin")))
        await self.world.advance(BEGIN)
        await self._look()

    async def step(self, chance: int) -> None:
        """One step: work, something else, somebody who should not, a repeat, or time that passes."""
        self.steps += 1
        self.tally.steps += 1
        scene = Scene(self.sight, Dice(1_000 * self.steps + chance), self.world.clock.now(), self.steps)
        roll = scene.dice.random.randrange(100)
        if roll < 4:
            await self._leap(scene)
        elif roll < 8:
            await self._repeat(scene)
        elif (move := self._work(scene) if roll < 70 else self._besides(scene)) is not None:
            await self._send(self._twisted(scene, move) if roll % 10 == 0 else move)
        else:
            await self._leap(scene)
        await self._pass(scene.dice.one(1, 1, 30, 600))
        await self._look()

    def _work(self, scene: Scene) -> Move | None:
        """What somebody does about a task on the worklist, one of a few that are looked at."""
        tasks = [(row, task) for row in self.runners["worklist"].rows.values() for task in row.tasks]
        for row, task in scene.dice.random.sample(tasks, min(3, len(tasks))):
            if moves := list(WORK[task.code](scene, row.subject, task.ref)):
                return self._chosen(scene, moves)
        return None

    def _besides(self, scene: Scene) -> Move | None:
        """What somebody comes up with."""
        cases = list(self.sight.all("application"))
        live = [row.case_id for row in self.runners["worklist"].rows.values() if row.case_id and row.tasks]
        if self._early and scene.dice.often(50):
            return self._chosen(scene, list(application.start(scene)))
        if not cases or scene.dice.often(20):
            return self._chosen(scene, list(scene.dice.one(*BESIDES)(scene)))
        case = scene.dice.one(*(live if live and scene.dice.often(90) else cases))
        there = [file for kind, file in STAGES if f"{kind}-{case}" in self.sight.states or scene.dice.often(3)]
        file = scene.dice.one(*there) if scene.dice.often(30) else scene.dice.one(*there[-2:])
        return self._chosen(scene, list(scene.dice.one(*file.OF_CASE.values())(scene, case, "")))

    def _chosen(self, scene: Scene, moves: Sequence[Move]) -> Move | None:
        """Mostly what comes first."""
        if not moves:
            return None
        return moves[0] if scene.dice.often(75) else scene.dice.one(*moves)

    def _twisted(self, scene: Scene, move: Move) -> Move:
        """The same by whom it does not concern, or on something else of the kind."""
        others = [ident_ for ident_ in self.sight.all(move.spec.kind) if ident_ != move.id]
        if not others or isinstance(move.command, NOT_ASTRAY):
            others = [move.id]
        stranger = authority(scene.dice.one(*AUTHORITIES))
        if move.actor.role in ("applicant", "partner"):
            by = structs.replace(move.actor, organisation=stranger.organisation, person=stranger.person)
        else:
            by = as_another(move.actor, scene.dice.one(*OFFICIALS))
        return scene.dice.one(
            replace(move, actor=by),
            replace(move, actor=by),
            replace(
                move, actor=structs.replace(move.actor, role=scene.dice.one("auditor", "applicant", "case_handler"))
            ),
            replace(move, id=scene.dice.one(*others)),
        )

    async def _send(self, move: Move, **more: Any) -> None:
        if move.actor.role not in move.spec.roles:
            self.tally.answers["forbidden"] += 1  # The web layer's 403: it never gets further.
            return
        issued = Issued(
            service=move.service.name,
            kind=move.spec.kind,
            id=move.id,
            command=move.command,
            actor=move.actor,
            at=self.world.clock.now(),
            command_id=ident("walk", "command", str(self.steps), str(move)),
            **more,
        )
        answer = await self.world.handler.handle(issued)
        assert isinstance(answer, PROPER), f"{move} was answered {answer!r}"
        self._count(move, answer)
        self.sent.append((issued, answer))

    def _count(self, move: Move, answer: Answer) -> None:
        if isinstance(answer, Done | Denied) and answer.refusal:
            self.tally.rules[f"{type(move.command).__name__} {answer.refusal.rule} {answer.refusal.code}"] += 1
        match answer:
            case Done(refusal=None):
                outcome = "done" if answer.events else "silent"
            case Done():
                outcome = "refused"
            case Denied():
                outcome = "denied"
            case GuardDenied():
                outcome = "guard"
            case _:
                outcome = "not found"
        self.tally.answers[outcome] += 1
        self.tally.answers[f"{type(move.command).__name__} {outcome}"] += 1

    async def _repeat(self, scene: Scene) -> None:
        """What was answered before is answered alike, and nothing happens; another's use of its key is refused."""
        if not self.sent:
            return
        issued, first = scene.dice.one(*self.sent[-40:])
        head = await self.world.store.head()
        if isinstance(first, Done):
            again = await self.world.handler.handle(issued)
            assert again == replace(first, replayed=True), f"{issued} was answered {first!r} and then {again!r}"
            thief = replace(issued, actor=structs.replace(issued.actor, person=ident("walk", "thief")))
            assert await self.world.handler.handle(thief) == KeyReused()
            stale = replace(issued, command_id=ident("stale", str(self.steps)), expected_version=first.version + 1_000)
            assert isinstance(await self.world.handler.handle(stale), Stale)
        assert await self.world.store.head() == head
        self.tally.answers["repeated"] += 1

    async def _leap(self, scene: Scene) -> None:
        """Go on to the next deadline, to just before it, or some days further."""
        if self._early:
            return
        due = await self.world.timers.next_due()
        now = self.world.clock.now()
        days = instant(moment(now) + timedelta(days=scene.dice.one(1, 5, 20)))
        at = [due, due, instant(moment(due) - timedelta(seconds=1))] if due else []
        await self.world.advance(max(now, scene.dice.one(days, days, days, *at)))

    @property
    def _early(self) -> bool:
        """Few have applied yet, and more still can."""
        calls = self.sight.all("call").values()
        return self.sight.counts["ApplicationSubmitted"] < FEW and any(one.status == "open" for one in calls)

    async def _pass(self, minutes: int) -> None:
        await self.world.advance(instant(moment(self.world.clock.now()) + timedelta(minutes=minutes)))

    async def _look(self) -> None:
        """Everything that must hold now."""
        for recorded in await self.world.store.read_all(self._seen):
            self._seen = recorded.position
            self.tally.facts[recorded.type] += 1
            self.sight.take(recorded)
            assert not (found := self.watch.take(recorded)), found
        balances = await self.world.store.balances()
        cases = {case: state.call for case, state in self.sight.all("application").items()}
        assert not (wrong := list(unbalanced(balances, cases))), wrong
        assert not (wrong := list(misplaced(self.sight, self.runners["worklist"].rows))), wrong
        assert not (unlike := differences(list(self.runners["budget_consumption"].rows.values()), balances)), unlike

    async def end(self) -> None:
        """The views folded in one go from the log are those that were kept step by step."""
        log = await self.world.store.read_all(0, limit=1_000_000)
        for name, view in VIEWS.items():
            fresh = MemoryRunner(view)
            if log:
                await fresh.apply(log)
            assert fresh.rows == self.runners[name].rows, f"{name} is another one when folded anew"
            assert not fresh.parked, fresh.parked
