"""The alerts as Prometheus itself reads and plays them."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import yaml

from deploy.observability import dashboard
from tests.architecture.outside import PROMTOOL, program

ALERTS = Path(__file__).parents[2] / "deploy" / "observability" / "alerts.yaml"
RULES = re.findall(r"- alert: (\w+)", ALERTS.read_text(encoding="utf-8"))


def promtool(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([program(PROMTOOL), *arguments], capture_output=True, text=True, check=False)


def test_prometheus_reads_the_rules() -> None:
    done = promtool("check", "rules", "--lint=all", "--lint-fatal", str(ALERTS))
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(RULES)} rules found" in done.stdout


def test_prometheus_finds_a_broken_rule(tmp_path: Path) -> None:
    broken = tmp_path / "alerts.yaml"
    broken.write_text(
        ALERTS.read_text(encoding="utf-8").replace("max(wijkspoor_books_differ)", "max(wijkspoor_books"), "utf-8"
    )
    assert promtool("check", "rules", str(broken)).returncode != 0


def test_alerts_ring_when_they_should_and_are_silent_when_not() -> None:
    done = promtool("test", "rules", str(ALERTS.with_name("alerts_test.yaml")))
    assert done.returncode == 0, done.stdout + done.stderr


def test_prometheus_reads_every_query_of_the_dashboard(tmp_path: Path) -> None:
    queries = [query for row in dashboard.ROWS for panel in row.panels for query, _ in panel.queries]
    recorded = [{"record": f"panel:{number}", "expr": query} for number, query in enumerate(queries)]
    file = tmp_path / "panels.yaml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "panels", "rules": recorded}]}), encoding="utf-8")
    done = promtool("check", "rules", str(file))
    assert done.returncode == 0, done.stdout + done.stderr
