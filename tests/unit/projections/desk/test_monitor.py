"""The page of the monitor: what it says of itself, who may see it, and that its drawings and tables agree."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from itertools import pairwise

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace as changed

from events.adapters.memory import MemoryStore
from events.envelope import Actor
from events.store import StoreUnavailable
from events.times import moment
from projections.desk.columns import HEIGHT, WIDTH, columns
from projections.desk.data import NotReady
from projections.desk.monitor import BARRED, NO_MONITOR, Look, MonitorData, MonitorOrTail, TailOnly
from projections.desk.monitor_words import span, tenths
from projections.desk.routes import desk_router
from projections.monitor.figures import ParkedStream, to_json
from projections.monitor.tail import TailMonitor
from services.auth import ROLES
from tests.unit.projections.desk.sample import CALL, DENDERLEEUW, OFFICIAL, Sample
from tests.unit.projections.desk.test_pages import Page
from tests.unit.projections.monitor.making import DAY, START, figures_of, seen

NOW = "2021-03-14T00:00:00.000000Z"
STUCK = ParkedStream(consumer="react:jury", stream="panel-1", records=2, reason="a <bug>", since=NOW)
QUIET = figures_of()
BUSY = changed(
    figures_of(
        seen(1, "CallPublished", START - 40 * DAY),
        seen(2, "EnvelopeSet", START - 40 * DAY, amount=1_000_000),
        seen(3, "ApplicationSubmitted", START - 39 * DAY, case=DENDERLEEUW),
        seen(4, "FundsCommitted", START - 31 * DAY, case="b", amount=123_456),
        seen(5, "FundsDecommitted", START, case="b", amount=23_456),
        seen(6, "PaymentExecuted", START, case="b", amount=50_000),
        seen(7, "GrantRefused", START, case="c"),
    ),
    parked=[STUCK],
)


@dataclass
class Given:
    """A monitor that tells this."""

    found: Look | None

    async def look(self) -> Look | None:
        return self.found


LIVE = Given(Look(BUSY, live=True))


def answer(monitor: MonitorData, role: str = "case_handler", language: str = "nl") -> httpx2.Response:
    app = FastAPI()
    app.include_router(desk_router(Sample(), lambda: viewer(role), monitor))
    return TestClient(app).get("/monitor", headers={"Accept-Language": language})


def viewer(role: str) -> Actor:
    return changed(OFFICIAL, role=role)


def words(html: str) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))).replace("\u00a0", " ")


@pytest.mark.parametrize("figures", [QUIET, BUSY], ids=["quiet", "busy"])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_page_is_as_every_page_of_the_desk(figures: object, language: str) -> None:
    html = answer(Given(Look(figures, live=True)), language=language).text  # type: ignore[arg-type]  # Figures
    page = Page(html)
    assert page.all("html")[0][1]["lang"] == language
    levels = [int(tag[1]) for tag, _ in page.all("h1", "h2", "h3", "h4")]
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert page.all("script", "style", "iframe", "img") == []
    assert " style=" not in html
    assert all(attrs.get("scope") in ("col", "row") for _, attrs in page.all("th"))
    assert len(page.all("table")) == len(page.all("caption"))
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    for _, attrs in page.all("svg"):
        if attrs.get("role") == "img":
            assert set(attrs["aria-labelledby"].split()) <= set(ids)


@pytest.mark.parametrize(("live", "told"), [(True, "volgt de log op Kafka"), (False, "De monitor loopt hier niet")])
def test_it_says_whether_the_monitor_runs_and_that_it_is_approximate(live: bool, told: str) -> None:
    text = words(answer(Given(Look(BUSY, live=live))).text)
    assert told in text
    assert "bij benadering" in text
    assert "7 feiten gelezen, tot en met positie 7" in text


def test_without_any_figures_the_page_says_that_it_cannot() -> None:
    assert answer(NO_MONITOR).status_code == 503


@pytest.mark.parametrize("role", sorted(ROLES))
def test_figures_about_all_cases_are_for_the_agency_and_its_auditors(role: str) -> None:
    assert answer(LIVE, role).status_code == (404 if role in BARRED else 200)


def test_the_tables_hold_the_figures_of_the_drawings() -> None:
    text = words(answer(LIVE).text)
    assert "14 maart 2021 -234,56 500,00" in text
    assert "12 februari 2021 1.234,56 0,00" in text
    assert "14 maart 2021 3 1" in text, "facts and refusals of the day"
    assert "Vastgelegd 1.000,00 euro, betaald 500,00 euro" in text


def test_what_needs_attention_is_said_and_what_others_wrote_is_escaped() -> None:
    html = answer(LIVE).text
    assert "a &lt;bug&gt;" in html
    assert "De jury legt niets vast, terwijl 1 feiten op een antwoord wachten." in words(html)
    calm = words(answer(Given(Look(QUIET, live=True))).text)
    assert "Niets: alles blijft binnen zijn grenzen." in calm
    assert "Er is nog niets vastgelegd." in calm


def test_a_case_is_named_by_who_asked_if_the_viewer_may_see_it() -> None:
    named = changed(BUSY, ageing=changed(BUSY.ageing, oldest=[changed(one, call=CALL) for one in BUSY.ageing.oldest]))
    html = answer(Given(Look(named, live=True))).text
    assert f'<a href="/cases/{DENDERLEEUW}">Gemeente Denderleeuw</a>' in html
    assert '<a href="/cases/b">b</a>' in html


class Away(Sample):
    """Views that cannot be reached."""

    async def contracts(self, *_: object) -> None:  # type: ignore[override]  # it never returns
        raise NotReady


def test_while_the_views_are_away_the_monitor_still_shows() -> None:
    app = FastAPI()
    app.include_router(desk_router(Away(), lambda: OFFICIAL, LIVE))
    assert TestClient(app).get("/monitor").status_code == 200


def tail(store: object | None = None) -> TailMonitor:
    empty = MemoryStore(lambda: moment(NOW))
    return TailMonitor(store or empty, lambda: NOW)  # type: ignore[arg-type]  # fakes


async def test_in_single_the_tail_tells() -> None:
    look = await TailOnly(tail()).look()
    assert look is not None
    assert (look.live, look.figures.freshness.behind) == (False, 0)


class Broken:
    """A store that is away."""

    async def head(self) -> None:
        raise StoreUnavailable


async def test_without_the_store_there_are_no_figures() -> None:
    assert await TailOnly(tail(Broken())).look() is None


@pytest.mark.parametrize(
    ("status", "body", "live"),
    [(200, to_json(BUSY), True), (500, b"", False), (200, b"<html>", False), (200, b"{}", False)],
)
async def test_in_the_cluster_the_monitor_is_asked_and_else_the_tail(status: int, body: bytes, live: bool) -> None:
    def told(request: httpx2.Request) -> httpx2.Response:
        assert request.url == "http://127.0.0.1:8061/figures"
        return httpx2.Response(status, content=body)

    monitor = MonitorOrTail("http://127.0.0.1:8061", tail(), transport=httpx2.MockTransport(told))
    look = await monitor.look()
    await monitor.aclose()
    assert look is not None
    assert look.live is live
    assert look.figures.freshness.position == (7 if live else 0)


async def test_a_monitor_that_is_not_there_is_no_fault() -> None:
    monitor = MonitorOrTail("http://127.0.0.1:9", tail())
    look = await monitor.look()
    await monitor.aclose()
    assert look is not None
    assert not look.live


numbers = st.lists(st.integers(-(10**9), 10**9), min_size=4, max_size=4)
series = st.dictionaries(st.sampled_from("abc"), numbers, max_size=3)


@given(series)
@settings(deadline=None)
def test_columns_stay_in_their_drawing_and_are_as_high_as_their_numbers(given_: dict[str, list[int]]) -> None:
    drawn = columns(given_)
    numbers = [number for one in given_.values() for number in one if number]
    assert len(drawn.columns) == len(numbers)
    for one in drawn.columns:
        assert one.x >= -0.01 and one.x + one.width <= WIDTH + 0.02
        assert one.y >= -0.01 and one.y + one.height <= HEIGHT + 0.02
    for one, number in zip(drawn.columns, numbers, strict=True):
        assert one.height == pytest.approx(abs(number) * HEIGHT / (drawn.top - drawn.bottom), abs=0.01)
        assert one.y == pytest.approx(drawn.zero if number < 0 else drawn.zero - one.height, abs=0.02)


def test_lengths_of_time_are_told_in_their_fitting_unit() -> None:
    told = [span(ms, "nl").replace("\u00a0", " ") for ms in (0, 999, 1_000, 59_999, 60_000, 3_600_000, 172_800_000)]
    assert told == ["0 ms", "999 ms", "1 s", "59 s", "1 min", "1 uur", "2 dagen"]
    assert span(3 * 86_400_000, "en").replace("\u00a0", " ") == "3 days"
    assert (tenths(1_234, "nl"), tenths(1_234, "en")) == ("12,3", "12.3")
