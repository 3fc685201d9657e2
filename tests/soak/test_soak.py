"""Through faults of every kind the cluster loses nothing, does nothing twice, keeps order, and needs nobody's help.

A seed that failed is played again with it: `soak(Order(seed=…, …), …)`. What the processes said is then in `build/`.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from services.bootstrap.cluster import everyone
from tests.integration.kafka.conftest import running
from tests.soak.faults import KINDS
from tests.soak.run import Order, Report, soak, together

QUICK = ("kill work", "freeze work", "kill relay", "rebalance", "restart broker", "kill database", "repeat")
"""One of each sort, for a soak of a minute on one broker."""


def judge(report: Report, path: Path) -> None:
    """Write down what came of it, and fail where it is not as promised."""
    sys.stdout.write(f"\n{report.line()}\n")
    report.write(path)
    assert report.verdict.findings == [], f"seed {report.order.seed}"
    assert report.unwell == [], f"seed {report.order.seed}"
    assert len(report.struck) == report.order.faults
    # In real time nothing falls due within minutes.
    for figure in ("acknowledged", "reactions", "published", "told", *(() if report.order.real else ("deadlines",))):
        assert report.verdict.figures[figure], f"a soak without {figure} shows nothing"


async def test_a_minute_of_faults_and_wrong_clocks_loses_nothing_and_does_nothing_twice(data_folder: Path) -> None:
    order = Order(seed=20, seconds=45.0, faults=len(QUICK), roles=together(), kinds=QUICK, skew=3_600)
    with running(order.nodes) as kafka:
        judge(await soak(order, kafka, data_folder), Path("build/soak-short.json"))


@pytest.mark.long
async def test_ten_minutes_of_faults_lose_nothing_and_do_nothing_twice(data_folder: Path) -> None:
    order = Order(seed=21, seconds=600.0, faults=2 * len(KINDS), roles=everyone(3, 2), nodes=3, small=3, whole=1)
    with running(order.nodes) as kafka:
        judge(await soak(order, kafka, data_folder), Path("build/soak.json"))


@pytest.mark.long
async def test_a_real_log_with_clocks_an_hour_apart_loses_nothing_and_does_nothing_twice(data_folder: Path) -> None:
    # Calls come as fast as they are answered, so whoever reacts has a backlog to work off when they end.
    order = Order(
        seed=22,
        seconds=90.0,
        faults=2 * len(QUICK),
        roles=together(),
        kinds=QUICK,
        skew=3_600,
        real=True,
        quiet_seconds=300.0,
    )
    with running(order.nodes) as kafka:
        judge(await soak(order, kafka, data_folder), Path("build/soak-real.json"))
