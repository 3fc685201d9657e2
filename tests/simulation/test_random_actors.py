"""Whatever people send, through all five services: the budget holds, the books balance, nobody acts alone or in
conflict, and of every open case the ball lies with one party (design.md §3).

One rule drives the machine, and it weighs by itself what happens next. Hypothesis leaves out some of several rules in
whole examples (swarm testing), and a walk in which nobody works never gets past the first door.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

import services.jury.decider.file
import services.payment.decider.order
from events.catalog import FACT_TYPES
from events.store import Balance
from services.registry import SERVICES
from services.rulebook import Rule, Verdict
from services.story.script import ident
from tests.simulation.walking import Tally, Walk
from tests.simulation.watching import misplaced, unbalanced

CHANCES = st.tuples(*[st.booleans()] * 8).map(lambda bits: sum(bit << place for place, bit in enumerate(bits)))
"""What chance has in store for one step. Of bits: integers would depend on which modules happen to be loaded, for
Hypothesis picks some of them from the constants in their source."""


class Actors(RuleBasedStateMachine):
    """Random actors in one world; `tally` counts over all the worlds of a run."""

    tally = Tally()

    def __init__(self) -> None:
        super().__init__()
        self._loop = asyncio.new_event_loop()
        self._walk = Walk()

    def _run(self, act: Coroutine[Any, Any, None]) -> None:
        self._loop.run_until_complete(act)

    @initialize()
    def begin(self) -> None:
        """The calls are published and open."""
        self._run(self._walk.begin())

    @rule(chance=CHANCES)
    def step(self, chance: int) -> None:
        """Somebody acts, or time passes; then everything is looked at."""
        self._run(self._walk.step(chance))

    def teardown(self) -> None:
        """The views folded anew are those that were kept."""
        try:
            self._run(self._walk.end())
            type(self).tally.add(self._walk.tally)
        finally:
            self._loop.close()


def walked(worlds: int, steps: int, phases: tuple[Phase, ...] = (Phase.generate,)) -> Tally:
    """So many worlds of so many steps, the same ones each time."""
    machine = type("Actors", (Actors,), {"tally": Tally()})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=worlds,
            stateful_step_count=steps,
            deadline=None,
            derandomize=True,
            database=None,
            phases=phases,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )
    return machine.tally


def reached(tally: Tally) -> dict[str, float]:
    """Service → the share of its types of facts that came about."""
    types = {name: [type_ for type_, row in FACT_TYPES.items() if row.service == name] for name in SERVICES}
    return {name: sum(type_ in tally.facts for type_ in own) / len(own) for name, own in types.items()}


Told = Callable[[str, object], None]


def test_whatever_random_actors_send_every_rule_of_the_house_holds(record_testsuite_property: Told) -> None:
    tally = walked(worlds=14, steps=600)
    record_testsuite_property("walk", str(tally))
    assert min(tally.accepted, tally.refused) > 500, tally
    assert min(reached(tally).values()) > 0.5, reached(tally)


@pytest.mark.long
def test_whatever_random_actors_send_every_rule_of_the_house_holds_for_long(record_testsuite_property: Told) -> None:
    tally = walked(worlds=60, steps=800)
    record_testsuite_property("walk", str(tally))
    assert tally.steps >= 10_000, tally
    assert min(reached(tally).values()) > 0.8, reached(tally)


def blind(rule: Rule, code: str) -> Rule:
    """The rule as if nobody had written it."""
    return replace(rule, test=lambda _params, _inputs: Verdict("pass", code))


@pytest.mark.parametrize(
    ("where", "name", "code"),
    [(services.payment.decider.order, "P3", "four_eyes"), (services.jury.decider.file, "J3", "no_conflict")],
)
def test_a_decider_that_lets_one_person_do_both_or_a_conflicted_one_score_does_not_go_unseen(
    monkeypatch: pytest.MonkeyPatch, where: Any, name: str, code: str
) -> None:
    monkeypatch.setattr(where, name, blind(getattr(where, name), code))
    with pytest.raises(AssertionError, match=f"rule='{name}'"):
        walked(worlds=20, steps=600)


CALL, CASE = ident("walk", "call", "wijk"), ident("walk", "case", "0")


def ledger(committed: int) -> list[Balance]:
    return [
        Balance(f"CONTROL:{CALL}", debits_posted=100),
        Balance(f"AVAILABLE:{CALL}", credits_posted=100, debits_posted=40),
        Balance(f"COMMITTED:{CASE}", credits_posted=committed),
    ]


def test_a_cent_too_many_does_not_go_unseen() -> None:
    assert list(unbalanced(ledger(40), {CASE: CALL})) == []
    assert len(list(unbalanced(ledger(41), {CASE: CALL}))) == 2
    overdrawn = [*ledger(40), Balance(f"PAYABLE:{CASE}", debits_posted=1), Balance("x", credits_posted=1)]
    assert any("below its bound" in wrong for wrong in unbalanced(overdrawn, {CASE: CALL}))


async def test_an_open_case_that_nobody_is_asked_about_does_not_go_unseen() -> None:
    walk = Walk()
    await walk.begin()
    for chance in range(40):
        await walk.step(chance)
    rows = walk.runners["worklist"].rows
    case = next(row.subject for row in rows.values() if row.case_id and row.tasks)
    assert list(misplaced(walk.sight, rows)) == []
    rows[case,].tasks = []
    rows[case,].show()
    assert [wrong for wrong in misplaced(walk.sight, rows) if wrong.startswith(case)]
