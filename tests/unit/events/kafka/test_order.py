"""The order restorer: whatever way the partitions interleave, the log comes out as it was, and little is held."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.adapters.kafka.order import SIP, Restorer
from events.feed import Broken
from events.store import Recorded
from tests.integration.kafka.carrying import START, event, positions

SOURCES = range(6)


def one(position: int) -> Recorded:
    return event(position, f"call-{position}", 1)


def broken(position: int) -> Broken:
    return Broken(position, START, "call-x", 0, "", 0, "", b"?", "", b"", 0, "unreadable")


def placed(count: int, random: Random, skew: int) -> list[list[Recorded]]:
    """A log spread over the sources; with a skew most of it is in the first."""
    sources: list[list[Recorded]] = [[] for _ in SOURCES]
    for position in range(1, count + 1):
        sources[0 if random.randrange(100) < skew else random.choice(SOURCES)].append(one(position))
    return sources


def doubled(events: list[Recorded], random: Random) -> list[Recorded]:
    """The same with stretches that are sent again, as by a relay that died before it was told."""
    if not events:
        return events
    end = random.randint(1, len(events))
    start = random.randint(0, end)
    return [*events[:end], *events[start:end], *events[end:]]


def drained(restorer: Restorer[int], sources: Sequence[Sequence[Recorded]], random: Random) -> tuple[list[int], int]:
    """Feed it as a reader does: it says whom to ask, chance says who answers how much. Also the most it ever held."""
    queues = [deque(source) for source in sources]
    found: list[int] = []
    most = 0
    while any(queues):
        asked, limit = restorer.ask()
        answers = [source for source in asked if queues[source]]
        assert answers, "nobody is asked who has something: it would stand still for ever"
        source = random.choice(answers)
        restorer.offer(source, [queues[source].popleft() for _ in range(min(limit, len(queues[source])))])
        most = max(most, restorer.held)
        found += positions(restorer.take())
    return found, most


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 2**32), st.integers(0, 400), st.integers(0, 95), st.integers(0, 60))
def test_any_interleaving_with_any_repeats_gives_the_log(seed: int, count: int, skew: int, after: int) -> None:
    random = Random(seed)
    sources = [doubled(source, random) for source in placed(count, random, skew)]
    restorer = Restorer(after, SOURCES)
    found, _ = drained(restorer, sources, random)
    assert found == list(range(after + 1, count + 1))
    assert restorer.held == 0
    assert restorer.hole is None


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32), st.integers(0, 95))
def test_it_never_holds_more_than_its_limit_and_never_stands_still(seed: int, skew: int) -> None:
    random = Random(seed)
    limit = len(SOURCES) * SIP + 50
    sources = [doubled(source, random) for source in placed(3_000, random, skew)]
    found, most = drained(Restorer(0, SOURCES, limit), sources, random)
    assert found == list(range(1, 3_001))
    assert most <= limit


def test_the_worst_order_stays_within_ten_thousand() -> None:
    # All but the first event stand in the first source, and the first stands behind a long way of nothing.
    restorer: Restorer[int] = Restorer(0, range(36))
    ahead, most = iter(range(2, 100_000)), 0
    while 0 in restorer.ask()[0]:
        restorer.offer(0, [one(next(ahead)) for _ in range(restorer.ask()[1])])
        most = max(most, restorer.held)
    assert restorer.take() == []
    for source in range(1, 35):
        restorer.offer(source, [one(next(ahead)) for _ in range(restorer.ask()[1])])
    assert restorer.held <= 10_000
    assert restorer.ask() == ([35], SIP), "the one that may hold it is still asked"
    restorer.offer(35, [one(1)])
    assert len(restorer.take()) == restorer.held + most + 34 * SIP + 1


def test_whoever_is_ahead_is_paused_when_room_is_short_and_resumed_when_its_turn_has_come() -> None:
    restorer = Restorer(0, SOURCES, len(SOURCES) * SIP + 10)
    assert restorer.paused == frozenset()
    restorer.offer(2, [one(position) for position in range(2, 12)])
    assert restorer.paused == {2}
    restorer.offer(4, [one(1)])
    restorer.take()
    assert restorer.paused == frozenset()


def test_a_hole_is_what_everything_held_waits_for() -> None:
    restorer = Restorer(10, SOURCES)
    assert restorer.hole is None
    restorer.offer(0, [one(11), one(13)])
    assert positions(restorer.take()) == [11]
    assert restorer.hole == 12
    restorer.offer(1, [one(12)])
    assert positions(restorer.take()) == [12, 13]
    assert restorer.hole is None


def test_when_every_source_is_ahead_of_a_hole_nobody_is_asked() -> None:
    restorer = Restorer(0, SOURCES, len(SOURCES) * SIP + 1)
    for source in SOURCES:
        restorer.offer(source, [one(source + 2)])
    assert restorer.ask() == ([], SIP)
    assert restorer.hole == 1


def test_a_record_that_can_be_read_stands_for_one_that_cannot() -> None:
    restorer = Restorer(0, SOURCES)
    restorer.offer(0, [broken(2)])
    restorer.offer(1, [one(2)])
    restorer.offer(2, [broken(2)])
    restorer.offer(0, [one(1)])
    taken = restorer.take()
    assert positions(taken) == [1, 2]
    assert not any(isinstance(event, Broken) for event in taken)
    assert restorer.paused == frozenset()


def test_a_limit_below_one_sip_a_source_makes_no_sense() -> None:
    with pytest.raises(ValueError, match="too few for 6 sources"):
        Restorer(0, SOURCES, len(SOURCES) * SIP)
