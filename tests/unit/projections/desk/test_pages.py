"""The pages as a browser gets them, over the hand-made data."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from projections.desk.data import Text
from projections.desk.routes import desk_router
from projections.past import Cut
from tests.unit.projections.desk.sample import CALL_2021, DENDERLEEUW, MIDWAY, OFFICIAL, Sample, ident

PAGES = ["/", "/contracts", "/contracts?status=active", f"/cases/{DENDERLEEUW}", "/?knownAt=2021-07-15", "/cases/none"]
VOID = {"meta", "link", "input", "br", "path", "rect", "circle"}


class Page(HTMLParser):
    """What a page is made of: its tags in order, and whether they close as they opened."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self._open: list[str] = []
        self.feed(html)
        assert self._open == [], "every element is closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self._open.pop() == tag

    def all(self, *names: str) -> list[tuple[str, dict[str, str]]]:
        """The elements with these names, in order."""
        return [one for one in self.tags if one[0] in names]


def browser(data: Sample | None = None) -> TestClient:
    app = FastAPI()
    app.include_router(desk_router(data or Sample(), lambda: OFFICIAL))
    return TestClient(app)


def html(path: str, data: Sample | None = None, **headers: str) -> str:
    found: str = browser(data).get(path, headers=headers).text
    return found


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_page_says_its_language_and_can_be_walked_by_its_headings(path: str, language: str) -> None:
    page = Page(html(path, **{"Accept-Language": language}))
    assert page.all("html")[0][1]["lang"] == language
    levels = [int(tag[1]) for tag, _ in page.all("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels)), "no level is skipped"
    assert "main" in dict(page.tags)
    assert page.all("a")[0][1] == {"class": "skip", "href": "#content"}


@pytest.mark.parametrize("path", PAGES)
def test_a_page_needs_nothing_but_itself_and_one_style_sheet(path: str) -> None:
    text = html(path)
    page = Page(text)
    assert page.all("script", "iframe", "img", "object", "embed") == []
    assert [attrs["href"] for _, attrs in page.all("link") if attrs["rel"] == "stylesheet"] == ["/desk/desk.css"]
    addresses = [attrs.get("href", "") for _, attrs in page.all("a")]
    assert all(address.startswith(("/", "#")) for address in addresses)
    assert " style=" not in text
    assert not re.search(r"\son\w+=", text)


@pytest.mark.parametrize("path", PAGES)
def test_the_browser_is_told_to_run_and_load_nothing_else(path: str) -> None:
    answer = browser().get(path)
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'")
    assert "script" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "no-store" in answer.headers["cache-control"]


@pytest.mark.parametrize("path", PAGES)
def test_every_table_says_what_its_headers_head_and_every_field_has_its_label(path: str) -> None:
    text = html(path)
    page = Page(text)
    assert all(attrs.get("scope") in ("col", "row") for _, attrs in page.all("th"))
    assert len(page.all("table")) == len(page.all("caption"))
    fields = [attrs for _, attrs in page.all("input") if attrs["type"] != "hidden"]
    assert len(fields) == len(page.all("label"))
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids)), "an id names one thing"
    for _, attrs in page.tags:
        named = f"{attrs.get('aria-labelledby', '')} {attrs.get('aria-describedby', '')}".split()
        assert set(named) <= set(ids)


def test_the_drawing_has_a_name_and_a_description() -> None:
    text = html("/")
    drawings = [attrs for tag, attrs in Page(text).all("svg") if attrs.get("role") == "img"]
    assert len(drawings) == 2
    assert all(set(re.findall(r"[\w-]+", attrs["aria-labelledby"])) for attrs in drawings)
    assert text.count("<title id=") == text.count("<desc id=") == 2
    hidden = [attrs for _, attrs in Page(text).all("svg") if attrs.get("role") != "img"]
    assert all(attrs["aria-hidden"] == "true" for attrs in hidden)


def test_the_drawing_and_the_table_show_the_same_figures() -> None:
    text = html("/")
    drawn = set(re.findall(r">([\d.]+,\d\d)</t", "".join(re.findall(r"<svg class=\"flow.*?</svg>", text, re.DOTALL))))
    table = set(re.findall(r"[\d.]+,\d\d", re.findall(r"<table class=\"money\">.*?</table>", text, re.DOTALL)[0]))
    beside = set(re.findall(r"<dd>([\d.]+,\d\d)</dd>", text))
    assert drawn
    assert drawn <= table | beside
    assert "7.600.000,00" in drawn
    assert "3.644.000,00" in drawn & table


def test_amounts_are_written_as_each_language_writes_them() -> None:
    assert "575.306,00" in html("/contracts?lang=nl")
    assert "575,306.00" in html("/contracts?lang=en")


@pytest.mark.parametrize(
    ("path", "header", "language"),
    [
        ("/", "", "nl"),
        ("/", "en-GB,en;q=0.9,nl;q=0.8", "en"),
        ("/", "nl;q=0.4, en;q=0.5", "en"),
        ("/", "fr, de;q=0.9", "nl"),
        ("/", "en;q=nonsense", "nl"),
        ("/?lang=nl", "en", "nl"),
        ("/?lang=xx", "en", "en"),
    ],
)
def test_the_address_settles_the_language_then_the_browser_then_dutch(path: str, header: str, language: str) -> None:
    assert f'<html lang="{language}">' in html(path, **{"Accept-Language": header})


def test_looking_back_is_said_at_the_top_and_carried_along_in_links() -> None:
    text = html("/?knownAt=2021-07-15&lang=en")
    assert "You see what was known on 15 July 2021 at 23:59." in text
    links = [unescape(attrs["href"]) for _, attrs in Page(text).all("a")]
    assert "/contracts?knownAt=2021-07-15&lang=en" in links
    assert "/?lang=en" in links, "the way back to now"
    assert 'value="2021-07-15"' in text


def test_the_moment_asked_is_the_moment_read() -> None:
    data = Sample()
    html("/contracts?asOf=2021-12-17&knownAt=2022-01-05T10:00:00Z", data)
    assert set(data.seen) == {Cut(as_of="2021-12-17T22:59:59.999999Z", known_at="2022-01-05T10:00:00.000000Z")}


def test_on_15_july_2021_the_envelope_was_four_million_and_nothing_was_awarded() -> None:
    text = html("/?knownAt=2021-07-15")
    assert "De enveloppe is 4.000.000,00\u00a0euro. Er is nog niets toegekend." in text
    assert "7.600.000,00" not in text


def test_synthetic_amounts_are_marked_and_real_ones_are_not() -> None:
    text = html("/contracts")
    rows = re.findall(r"<tr role=\"row\">(.*?)</tr>", text, re.DOTALL)
    marked = {re.findall(r">([^<]+)</a>", row)[0] for row in rows if "synthetisch</abbr>" in row}
    assert {"Stad Hasselt", "Stad Sint-Niklaas"} <= marked
    assert not marked & {"Stad Gent", "Gemeente Denderleeuw", "Stad Brugge"}
    assert "geen enkele bron" in text


def test_the_list_can_be_narrowed_to_one_status() -> None:
    text = html("/contracts?status=refused&lang=en")
    assert "5 cases" in text
    assert "Stad Gent" not in text
    assert "No cases with this status." in html("/contracts?status=draft&lang=en")


def test_a_case_tells_its_history_with_the_reason_of_each_step() -> None:
    text = unescape(html(f"/cases/{DENDERLEEUW}"))
    assert "Regel E3: niet voldaan." in text
    assert "Regel E3: voldaan." in text
    assert "U rekent 20 % bovenop de subsidie" in text
    assert text.count('<li id="fact-') == 15
    assert re.search(r"minimaal aandeel</th><td>20\s%", text), "what a rule was applied to can be opened"
    assert "Waarom dit bedrag?" in text


def test_every_reason_points_to_its_fact_in_the_history() -> None:
    page = Page(html(f"/cases/{DENDERLEEUW}"))
    targets = {attrs["href"][1:] for _, attrs in page.all("a") if attrs["href"].startswith("#fact-")}
    assert targets
    assert targets <= {attrs["id"] for _, attrs in page.tags if "id" in attrs}


def test_the_history_is_there_as_data_too() -> None:
    answer = browser().get(f"/cases/{DENDERLEEUW}/raw")
    assert answer.headers["content-type"] == "application/json"
    steps = answer.json()
    assert [step["position"] for step in steps] == sorted(step["position"] for step in steps)
    assert steps[2]["checks"][0]["inputs"]["own_cents"] == 11_506_120
    assert browser().get("/cases/none/raw").status_code == 404


@pytest.mark.parametrize(
    ("path", "data", "status", "said"),
    [
        ("/cases/none", Sample(), 404, "Dit staat niet op de log"),
        ("/?call=other", Sample(), 404, "Dit staat niet op de log"),
        ("/?asOf=gisteren", Sample(), 400, "Deze datum kunnen we niet lezen"),
        ("/contracts", Sample(down=True), 503, "De cijfers zijn nu niet bereikbaar"),
        ("/", Sample(down=True), 503, "er gaat niets verloren"),
    ],
)
def test_what_cannot_be_shown_is_told_as_a_page(path: str, data: Sample, status: int, said: str) -> None:
    answer = browser(data).get(path)
    assert answer.status_code == status
    assert said in answer.text
    assert "Naar het overzicht" in answer.text
    assert (answer.headers.get("retry-after") == "60") == (status == 503)


def test_before_the_first_call_the_page_says_so() -> None:
    assert "Er is nog geen oproep bekendgemaakt." in html("/", Sample(empty=True))
    assert "Kies een latere datum." in html("/?knownAt=2021-01-01", Sample())
    assert browser(Sample(empty=True)).get("/contracts").status_code == 200


def test_text_from_outside_is_shown_and_never_run(monkeypatch: pytest.MonkeyPatch) -> None:
    hostile = "<script>alert(1)</script>"
    renamed = replace(CALL_2021, title=Text(nl=hostile, en=hostile))
    monkeypatch.setattr("tests.unit.projections.desk.sample.CALL_2021", renamed)
    assert hostile not in html("/")
    assert "&lt;script&gt;" in html("/")
    assert hostile not in html(
        '/?knownAt=2021-07-15&lang="><script>alert(1)</script>&status="><script>alert(1)</script>'
    )


def test_the_overview_says_who_has_the_ball_and_what_is_late() -> None:
    text = html("/?lang=en")
    assert "Stad Oostende" in text
    assert '<strong class="late">overdue</strong>' in text
    assert "The whole call" in text
    assert f"/cases/{ident(10)}?lang=en" in unescape(text)


def test_money_that_goes_back_is_shown_beside_the_flow() -> None:
    text = html("/", Sample(money=MIDWAY))
    assert "vrijgegeven" in text
    assert "teruggevorderd" in text


def test_a_style_sheet_is_served_and_may_be_kept() -> None:
    answer = browser().get("/desk/desk.css")
    assert answer.headers["content-type"].startswith("text/css")
    assert ":focus-visible" in answer.text
    assert "max-age" in answer.headers["cache-control"]
