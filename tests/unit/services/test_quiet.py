"""When a cluster is quiet."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.progress import Standing
from services.cluster.quiet import Expected, NeverQuiet, Quiet, behind

EXPECTED = Expected(whole=["budget_consumption", "timers"], partitioned={"react:jury": ["wijkspoor.intake.v1"]})
ALL = Standing(
    head=9,
    relayed=9,
    partitions={"wijkspoor.intake.v1-0": 4, "wijkspoor.intake.v1-5": 8, "wijkspoor.jury.v1-0": 9},
    places={
        "budget_consumption": 9,
        "timers": 9,
        "react:jury/wijkspoor.intake.v1-0": 4,
        "react:jury/wijkspoor.intake.v1-5": 8,
    },
)


def test_a_cluster_is_quiet_when_everybody_is_at_the_end() -> None:
    assert behind(ALL, EXPECTED) is None


def test_an_event_that_is_not_in_kafka_yet_is_named() -> None:
    assert behind(replace(ALL, relayed=8), EXPECTED) == "the relay stands at 8 of 9"


@given(st.sampled_from(sorted(ALL.places)), st.booleans())
def test_whoever_is_behind_or_has_not_begun_is_named(name: str, begun: bool) -> None:
    places = {**ALL.places, name: ALL.places[name] - 1}
    if not begun:
        del places[name]
    told = behind(replace(ALL, places=places), EXPECTED)
    assert told is not None
    assert told.startswith(f"{name} stands at")


def test_a_topic_that_a_service_does_not_read_does_not_hold_it() -> None:
    assert behind(replace(ALL, partitions={**ALL.partitions, "wijkspoor.payment.v1-2": 7}), EXPECTED) is None


class Told:
    """A progress that tells one standing after the other, and the last one for ever."""

    def __init__(self, *standings: Standing) -> None:
        self._left = list(standings)

    async def standing(self) -> Standing:
        return self._left.pop(0) if len(self._left) > 1 else self._left[0]


async def test_waiting_ends_when_the_last_has_come() -> None:
    progress = Told(replace(ALL, relayed=7), replace(ALL, places={}), ALL)
    assert await Quiet(progress, EXPECTED).settled() == 9


async def test_who_keeps_everybody_waiting_is_named() -> None:
    with pytest.raises(NeverQuiet, match="the relay stands at 7 of 9"):
        await Quiet(Told(replace(ALL, relayed=7)), EXPECTED, patience=0.05).settled()
