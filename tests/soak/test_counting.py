"""Of a million acknowledged events none is lost and none invented (G1); order does not rest on clocks (G12)."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.integration.kafka.conftest import running
from tests.soak.counting import Count, Counted, counted

HOUR = 3_600


async def judged(count: Count, folder: Path) -> Counted:
    with running(count.nodes) as kafka:
        found = await counted(count, kafka, folder)
    sys.stdout.write(f"\n{found.line(count)}\n")
    assert found.findings == [], f"seed {count.seed}"
    assert found.acknowledged >= count.acknowledgements
    assert found.faults.total() == count.faults
    return found


async def test_with_clocks_an_hour_apart_order_and_chain_hold_and_nothing_is_lost(data_folder: Path) -> None:
    await judged(Count(seed=31, acknowledgements=20_000, faults=8, nodes=1, skew=HOUR), data_folder)


@pytest.mark.long
async def test_with_clocks_an_hour_apart_nothing_is_lost_through_many_faults(data_folder: Path) -> None:
    await judged(Count(seed=32, acknowledgements=200_000, faults=60, skew=HOUR), data_folder)


@pytest.mark.long
async def test_a_million_acknowledgements_through_two_hundred_faults(data_folder: Path) -> None:
    await judged(Count(seed=33, acknowledgements=1_000_000, faults=210), data_folder)
