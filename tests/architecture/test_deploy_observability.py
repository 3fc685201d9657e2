"""Alerts, dashboard and runbooks: they agree with each other, and speak only of figures and commands that exist."""

from __future__ import annotations

import json
import re
from contextlib import AbstractAsyncContextManager
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from deploy.observability import dashboard, names
from projections.monitor.exposition import exposition
from projections.monitor.figures import Figures
from services.cli.app import make_app
from services.cli.ports import Doors
from services.metrics import OWN, Metrics
from services.settings import Settings

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
ALERTS = DEPLOY / "observability" / "alerts.yaml"
RUNBOOKS = DEPLOY / "runbooks"
PARTS = ("What it means", "What users notice", "How to look", "How to mend", "Mended when")


def rules() -> dict[str, dict[str, Any]]:
    document = yaml.safe_load(ALERTS.read_text(encoding="utf-8"))
    return {rule["alert"]: rule for group in document["groups"] for rule in group["rules"]}


def runbook(alert: str) -> str:
    return (RUNBOOKS / f"{alert}.md").read_text(encoding="utf-8")


@cache
def exported() -> set[str]:
    """Every figure that a page of the program shows."""
    nothing = _empty(Figures)
    nothing["freshness"]["behind"] = 0
    monitored = exposition(msgspec.convert(nothing, Figures))
    return names.exported(Metrics().text()) | names.exported(monitored) | filled()


def filled() -> set[str]:
    """The figures of single roles that some role tells, by the words in the program's text."""
    files = [path for room in ("services", "events") for path in (ROOT / room).rglob("*.py")]
    texts = [path.read_text(encoding="utf-8") for path in files if path.name != "metrics.py"]
    return {name for name in OWN if any(f'"{name}"' in text for text in texts)}


def _empty(model: Any) -> dict[str, Any]:
    """The least that a struct can hold."""
    return {field.encode_name: _least(field.type) for field in msgspec.structs.fields(model) if field.required}


def _least(kind: Any) -> Any:
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return _empty(kind)
    for least in ([], {}, 0, "2021-03-11T09:00:00.000000Z", None):
        try:
            msgspec.convert(least, kind)
        except msgspec.ValidationError:
            continue
        return least
    raise AssertionError(f"nothing fits {kind}")


def test_every_alert_has_its_runbook_and_every_runbook_its_alert() -> None:
    assert {path.stem for path in RUNBOOKS.glob("*.md")} - {"README"} == set(rules())


@pytest.mark.parametrize("alert", rules())
def test_an_alert_says_how_grave_it_is_and_what_is_the_matter(alert: str) -> None:
    rule = rules()[alert]
    assert rule["labels"]["severity"] in {"page", "ticket"}
    assert rule["annotations"]["summary"]
    assert runbook(alert).startswith(f"# {alert}\n\n*{rule['labels']['severity']}*\n")


@pytest.mark.parametrize("alert", rules())
def test_a_runbook_tells_everything_and_leads_nowhere_else(alert: str) -> None:
    text = runbook(alert)
    assert re.findall(r"^## (.*)$", text, re.M) == list(PARTS)
    for part in text.split("\n## ")[1:]:
        assert len(part.partition("\n")[2].strip()) > 5
    for link in re.findall(r"\]\(([^)]+)\)", text):
        assert (RUNBOOKS / link).exists(), link


def closed(_settings: Settings) -> AbstractAsyncContextManager[None]:
    """A door that nobody goes through here."""
    raise AssertionError("nobody goes through here")


@pytest.mark.parametrize("alert", rules())
def test_a_runbook_names_only_commands_that_there_are(alert: str) -> None:
    app = make_app(Doors(whole=closed, shared=closed))
    for command in set(re.findall(r"(?:^|`)wijkspoor ([a-z]+)", runbook(alert), re.M)):
        assert app[command]


@pytest.mark.parametrize("alert", rules())
def test_an_alert_reads_only_figures_that_somebody_exports(alert: str) -> None:
    read = set(names.named(rules()[alert]["expr"]))
    assert read or rules()[alert]["expr"].startswith("up{")
    assert not read - exported() - set(names.OUTSIDE)


@pytest.mark.parametrize("alert", rules())
def test_a_runbook_names_only_figures_that_somebody_exports(alert: str) -> None:
    told = set(re.findall(r"\bwijkspoor_[a-z_]+", runbook(alert)))
    assert not told - exported()


def test_the_names_of_a_query_are_found_and_labels_are_not() -> None:
    query = 'sum by (wijkspoor_label, le) (rate(wijkspoor_http_seconds_bucket{route="wijkspoor_x"}[5m])) > cnpg_y'
    assert list(names.named(query)) == ["wijkspoor_http_seconds_bucket", "cnpg_y"]


def test_the_names_of_a_page_are_those_under_which_prometheus_finds_them() -> None:
    page = b"# HELP a x\n# TYPE a counter\na_total 1\n# TYPE b histogram\n# TYPE c gauge\nc 1\n"
    assert names.exported(page) == {"a", "b_bucket", "b_sum", "b_count", "c"}
    assert "wijkspoor_http_requests_total" in exported()


def test_the_dashboard_is_what_its_code_says_and_reads_only_figures_that_there_are() -> None:
    assert dashboard.FILE.read_text(encoding="utf-8") == dashboard.text(), (
        "run python -m deploy.observability.dashboard"
    )
    panels = json.loads(dashboard.text())["panels"]
    read = {name for panel in panels for target in panel.get("targets", []) for name in names.named(target["expr"])}
    assert len(read) > 20
    assert not read - exported() - set(names.OUTSIDE)


def test_panels_do_not_overlap_and_have_names_of_their_own() -> None:
    panels = dashboard.document()["panels"]
    taken = set()
    for panel in panels:
        grid = panel["gridPos"]
        cells = {
            (x, y) for x in range(grid["x"], grid["x"] + grid["w"]) for y in range(grid["y"], grid["y"] + grid["h"])
        }
        assert not cells & taken
        assert grid["x"] + grid["w"] <= dashboard.WIDTH
        taken |= cells
    assert len({panel["id"] for panel in panels}) == len(panels)
    titles = [panel["title"] for panel in panels]
    assert len(set(titles)) == len(titles)


def test_the_cluster_gets_these_very_alerts_and_this_dashboard() -> None:
    told = (DEPLOY / "k8s" / "base" / "generated" / "observing.yaml").read_text(encoding="utf-8")
    found = {one["kind"]: one for one in yaml.safe_load_all(told)}
    assert found["PrometheusRule"]["spec"] == yaml.safe_load(ALERTS.read_text(encoding="utf-8"))
    assert found["ConfigMap"]["data"]["wijkspoor.json"] == dashboard.text()
