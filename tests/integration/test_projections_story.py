"""The views over the call of 2021, at every position of its log."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence

import pytest

from events import codec
from events.codec import Event
from events.ledger import transfers_of
from events.times import instant
from projections.budget_consumption.check import differences
from projections.budget_consumption.evolve import BUDGET, BudgetRow
from projections.contract_status.evolve import STATUS
from projections.past import Cut, effective_at, refold
from projections.view import Key
from projections.views import VIEWS
from projections.worklist.evolve import WORKLIST
from services.story.call_2021 import steps
from services.story.player import play
from tests.simulation.world import World
from tests.unit.projections.test_budget import Accounts


async def played() -> Sequence[Event]:
    world = World(0, kills=0, repeats=0)
    await world.begin()
    await play(steps(), world, world.send, now=world.clock.now)
    await world.advance("2026-12-31T00:00:00.000000Z")
    return [codec.read(one) for one in await world.store.read_all(0, limit=100_000)]


@pytest.fixture(scope="module")
def log() -> Sequence[Event]:
    """The whole story, played once without disturbance."""
    return asyncio.run(played())


def test_the_budget_equals_the_ledger_at_every_position_of_the_story(log: Sequence[Event]) -> None:
    rows: dict[Key, BudgetRow] = {}
    books = Accounts()
    for event in log:
        assert books.accept(transfers_of(event.fact)), event
        BUDGET.evolve(rows, event)
        assert differences(rows.values(), books.held.values()) == []
    total = next(row for row in rows.values() if row.scope == "call")
    assert total.envelope_cents == 760_000_000
    assert total.paid_cents == total.committed_cents
    assert total.available_cents + total.committed_cents == total.envelope_cents


def test_the_story_ends_with_every_case_ended_and_nobody_waiting(log: Sequence[Event]) -> None:
    cases = Counter(row.status for row in refold(STATUS, log).values())
    assert cases["closed"] == 11
    assert sum(cases.values()) == 20
    assert cases.keys() == {"closed", "refused", "late", "withdrawn", "inadmissible", "ineligible"}
    assert [row.tasks for row in refold(WORKLIST, log).values() if row.tasks] == []


def test_at_every_moment_somebody_has_the_ball_in_a_case_that_goes_on(log: Sequence[Event]) -> None:
    ended = {"late", "withdrawn", "inadmissible", "ineligible", "refused", "closed"}
    for day in ("2021-07-15", "2021-09-10", "2021-09-28", "2021-12-12", "2022-06-01", "2024-06-01", "2025-12-10"):
        cut = Cut(known_at=f"{day}T12:00:00.000000Z")
        work = refold(WORKLIST, log, cut)
        for key, row in refold(STATUS, log, cut).items():
            assert (work[key].party is None) == (row.status in ended), (day, row.status)


def test_what_the_agency_knew_on_15_july_2021_is_a_fold_of_the_log_cut_there(log: Sequence[Event]) -> None:
    moment = "2021-07-15T12:00:00.000000Z"
    known = [event for event in log if instant(event.recorded_at) <= moment]
    assert 0 < len(known) < len(log)
    for view in VIEWS.values():
        assert refold(view, log, Cut(known_at=moment)) == refold(view, known)
    call = next(row for row in refold(BUDGET, log, Cut(known_at=moment)).values() if row.scope == "call")
    assert (call.envelope_cents, call.available_cents) == (400_000_000, 400_000_000)


def test_both_ways_agree_at_the_head(log: Sequence[Event]) -> None:
    last = instant(log[-1].recorded_at)
    latest = max(effective_at(event) for event in log)
    for view in VIEWS.values():
        assert refold(view, log, Cut(as_of=latest, known_at=last)) == refold(view, log)
