"""The desk in a real browser: readable at every width, walked by keyboard alone, without JavaScript.

Left out by conftest.py where Chromium is missing; with CI=true that is a failure.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import BrowserContext, Page, sync_playwright

from events.envelope import Actor
from projections.desk.monitor import TailOnly
from projections.desk.routes import desk_router
from projections.monitor.tail import TailMonitor
from tests.integration.conftest import CHROMIUM
from tests.integration.desk_story import played
from tests.unit.projections.desk.sample import Sample

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]  # fmt: skip -- a list of flags
OFFICIAL = Actor(role="case_handler", organisation="OVO900001", person="p-1")
WIDTHS = [320, 360, 768, 1024, 1440]
PLACES = ["/", "/contracts", "CASE", "/?knownAt=2021-12-10", "/sample", "/cases/none", "/monitor"]

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The desk over the play of 2021, and over the hand-made data under /sample."""
    # In a thread of its own: the browser's loop runs in this one.
    with ThreadPoolExecutor(1) as other:
        story = other.submit(asyncio.run, played()).result()
    app, hand_made = FastAPI(), FastAPI()
    hand_made.include_router(desk_router(Sample(), lambda: OFFICIAL))
    tail = TailOnly(TailMonitor(story.world.store, story.world.clock.now))
    app.include_router(desk_router(story.desk, lambda: OFFICIAL, tail))
    app.mount("/sample", hand_made)
    running = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning"))
    socket = running.config.bind_socket()
    # From here on a visitor waits at the door instead of finding none.
    socket.listen()
    thread = threading.Thread(target=running.run, kwargs={"sockets": [socket]}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{socket.getsockname()[1]}"
    running.should_exit = True
    thread.join(timeout=10)


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    """Chromium with an empty profile and JavaScript of pages off."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch_persistent_context(
            tmp_path_factory.mktemp("profile"),
            executable_path=CHROMIUM,
            headless=True,
            args=FLAGS,
            java_script_enabled=False,
            locale="nl-BE",
        )
        yield opened
        opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    opened = context.new_page()
    yield opened
    opened.close()


def visit(page: Page, server: str, place: str) -> None:
    """Go to a place; CASE is Denderleeuw's."""
    if place == "CASE":
        page.goto(f"{server}/contracts")
        page.get_by_role("link", name="Gemeente Denderleeuw").click()
    else:
        page.goto(server + ("/sample/" if place == "/sample" else place))


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("place", PLACES)
def test_a_page_fits_its_window(page: Page, server: str, place: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    visit(page, server, place)
    page.wait_for_load_state("networkidle")
    root = page.locator("html")
    assert root.evaluate("e => e.scrollWidth") <= width


def boxes(page: Page, selector: str) -> list[dict[str, Any]]:
    """The places of the visible elements of a selector."""
    found = [one.bounding_box() for one in page.locator(selector).all() if one.is_visible()]
    return [dict(box) for box in found if box]


def overlap(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two boxes share more than a hair."""
    across = min(one["x"] + one["width"], other["x"] + other["width"]) - max(one["x"], other["x"])
    down = min(one["y"] + one["height"], other["y"] + other["height"]) - max(one["y"], other["y"])
    return bool(across > 1 and down > 4)


@pytest.mark.parametrize("width", [320, 768, 1440])
@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("place", ["/", "/?knownAt=2021-07-15", "/?knownAt=2021-12-10", "/?knownAt=2024-03-10"])
def test_labels_of_the_flow_can_be_read(page: Page, server: str, place: str, language: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{server}{place}{'&' if '?' in place else '?'}lang={language}")
    labels = boxes(page, "svg.flow text")
    assert len(labels) >= 12
    for number, label in enumerate(labels):
        assert label["x"] >= 0
        assert label["x"] + label["width"] <= width
        assert label["height"] >= 10, "no label shrinks beyond reading"
        assert not [other for other in labels[number + 1 :] if overlap(label, other)]


def test_one_drawing_is_shown_and_told(page: Page, server: str) -> None:
    for width in (360, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"{server}/?lang=nl")
        drawings = page.get_by_role("img", name="Het geld van de oproep, van enveloppe tot betaling")
        assert drawings.count() == 1


def test_the_first_tab_leads_to_the_content(page: Page, server: str) -> None:
    page.goto(f"{server}/?lang=nl")
    page.keyboard.press("Tab")
    skip = page.locator(":focus")
    assert skip.inner_text() == "Naar de inhoud"
    box = skip.bounding_box()
    assert box is not None
    assert box["x"] >= 0, "it shows when it has the focus"
    page.keyboard.press("Enter")
    # The browser goes there in its own time; a page that never does ends the test.
    page.wait_for_url("**#content")


def test_focus_can_always_be_seen(page: Page, server: str) -> None:
    page.goto(f"{server}/?lang=nl")
    drawn = "e => [getComputedStyle(e).outlineStyle, getComputedStyle(e).outlineWidth]"
    seen = set()
    for _ in range(18):
        page.keyboard.press("Tab")
        focus = page.locator("*:focus")
        if focus.count():  # The button inside a date field is the browser's own, and so is its outline.
            assert focus.evaluate(drawn) == ["solid", "3px"]
            seen.add(focus.evaluate("e => e.tagName"))
    assert seen == {"A", "INPUT", "BUTTON"}


def test_the_keyboard_alone_opens_what_a_rule_rests_on(page: Page, server: str) -> None:
    visit(page, server, "CASE")
    first = page.locator(".check details").first
    first.locator("summary").focus()
    page.keyboard.press("Enter")
    assert first.get_attribute("open") is not None
    assert first.locator("table").first.is_visible()


def test_a_day_can_be_chosen_without_a_script(page: Page, server: str) -> None:
    page.goto(f"{server}/?lang=nl")
    page.get_by_label("Wat bekend was op").fill("2021-07-15")
    page.get_by_role("button", name="Toon").click()
    assert page.get_by_role("status").inner_text().startswith("U ziet wat bekend was op 15 juli 2021")
    assert "4.000.000,00" in page.locator("table.money").inner_text()
    page.get_by_role("link", name="Terug naar nu").click()
    assert page.get_by_role("status").count() == 0


def test_a_moment_of_the_call_leads_back_to_it(page: Page, server: str) -> None:
    page.goto(f"{server}/?lang=nl")
    page.get_by_role("navigation", name="Momenten van de oproep").get_by_role("link", name="Enveloppe verhoogd").click()
    assert "knownAt=2021-10-20" in page.url
    assert "7.600.000,00" in page.locator("table.money").inner_text()


def test_the_language_changes_and_the_page_stays(page: Page, server: str) -> None:
    page.goto(f"{server}/contracts?lang=nl&status=closed&knownAt=2026-01-05")
    page.get_by_role("link", name="English").click()
    assert page.locator("html").get_attribute("lang") == "en"
    assert "status=closed" in page.url
    assert "knownAt=2026-01-05" in page.url


def test_a_list_stays_a_table_for_a_screen_reader_when_it_looks_like_cards(page: Page, server: str) -> None:
    page.set_viewport_size({"width": 360, "height": 900})
    page.goto(f"{server}/contracts?lang=nl")
    assert page.get_by_role("table").count() == 1
    assert page.get_by_role("row").count() >= 21


def test_paper_leaves_out_what_only_a_screen_needs(page: Page, server: str) -> None:
    page.emulate_media(media="print")
    page.goto(f"{server}/?lang=nl")
    assert not page.locator("form.timebar").is_visible()
    assert page.locator("svg.flow-wide").is_visible()
    page.emulate_media(media="screen")


def test_nothing_is_asked_of_another_host(page: Page, server: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    failed: list[str] = []
    page.on("requestfailed", lambda request: failed.append(request.url))
    for place in ("/", "/contracts"):
        visit(page, server, place)
    assert [url for url in asked if not url.startswith((server, "data:"))] == []
    assert failed == []
