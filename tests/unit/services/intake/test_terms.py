"""The terms of a call: every shipped call holds together, and every mistake of another is listed with its place."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from events.intake import Terms
from services.intake.commands import PublishCall
from services.intake.rules import mistakes_in, read_terms
from tests.unit.services.intake.examples import CALLS, TERMS, terms

NAMES = sorted(path.stem for path in CALLS.glob("*.json"))


def plain() -> dict[str, Any]:
    read: dict[str, Any] = json.loads((CALLS / "2021.json").read_bytes())
    return read


def pointers(value: dict[str, Any]) -> list[str]:
    return [one.pointer for one in read_terms(json.dumps(value).encode())[1]]


def changed(path: str, value: object) -> dict[str, Any]:
    """The 2021 terms with one value changed."""
    whole = plain()
    *steps, last = path.split("/")[1:]
    inner: Any = whole
    for step in steps:
        inner = inner[int(step) if step.isdecimal() else step]
    inner[int(last) if last.isdecimal() else last] = value
    return whole


@pytest.mark.parametrize("name", NAMES)
def test_every_shipped_call_holds_together(name: str) -> None:
    assert mistakes_in(terms(name)) == []


def test_four_different_calls_are_shipped() -> None:
    assert NAMES == ["2021", "buurtgroen-2023", "city-of-things-2023", "plan-samenleven-2022"]


def test_the_second_call_shares_no_value_with_the_first() -> None:
    first, second = terms("2021"), terms("buurtgroen-2023")
    assert (first.cofinancing.base, second.cofinancing.base) == ("TOTAL_ELIGIBLE_COST", "SUBSIDY")
    differing = [name for name in Terms.__struct_fields__ if getattr(first, name) == getattr(second, name)]
    assert differing == []


def test_the_2021_call_is_the_one_that_the_sources_describe() -> None:
    assert (TERMS.envelope_cents, TERMS.cap_cents) == (400_000_000, 80_000_000)
    assert (TERMS.deadline.local, TERMS.deadline.utc) == ("2021-07-10T23:59:59", "2021-07-10T21:59:59.000000Z")
    assert (TERMS.cofinancing.min_rate_bp, TERMS.share_limits[0].max_share_bp) == (2_000, 2_000)
    assert [one.code for one in TERMS.cost_categories] == ["personnel", "operating", "studies", "infrastructure"]
    assert len(TERMS.themes) == 6
    assert [one.share_bp for one in TERMS.tranches] == [3_000, 2_000, 2_000, 1_000, 2_000]
    assert [one.code for one in TERMS.reports] == ["report_2022", "report_2023", "report_2024", "final"]


def test_what_no_source_gives_is_marked_synthetic() -> None:
    assert {"/cofinancing/base", "/criteria", "/jury", "/tranches", "/reports"} <= set(TERMS.synthetic)
    assert not {"/envelopeCents", "/capCents", "/deadline", "/cofinancing/minRateBp"} & set(TERMS.synthetic)


@pytest.mark.parametrize("name", NAMES)
def test_a_terms_file_is_the_terms_of_a_publish_command(name: str) -> None:
    body = b'{"terms":' + (CALLS / f"{name}.json").read_bytes() + b"}"
    assert PublishCall.model_validate_json(body).terms == terms(name)


def test_five_mistakes_of_shape_are_listed_as_five() -> None:
    wrong = plain()
    wrong["capCents"] = -1
    wrong["envelopeCents"] = "veel"
    wrong["cofinancing"]["base"] = "GUESS"
    wrong["deadline"] = {"local": "2021-03-28T02:30:00"}
    del wrong["criteria"][0]["weightBp"]
    read, mistakes = read_terms(json.dumps(wrong).encode())
    assert read is None
    assert [one.pointer for one in mistakes] == [
        "/deadline",
        "/envelopeCents",
        "/capCents",
        "/cofinancing/base",
        "/criteria/0/weightBp",
    ]
    assert [one.message.nl for one in mistakes] == [
        "Dit tijdstip bestaat niet in Europe/Brussels.",
        "Dit moet een geheel getal zijn.",
        "Dit getal is te klein.",
        "Deze keuze bestaat niet.",
        "Dit veld ontbreekt.",
    ]


def test_five_mistakes_of_meaning_are_listed_as_five() -> None:
    wrong = plain()
    wrong["capCents"] = 500_000_000
    wrong["shareLimits"][0]["category"] = "catering"
    wrong["completionDays"] = 0
    wrong["jury"]["quorum"] = 10
    wrong["tranches"][1]["report"] = "report_2021"
    read, mistakes = read_terms(json.dumps(wrong).encode())
    assert read is not None
    assert [one.pointer for one in mistakes] == [
        "/capCents",
        "/shareLimits/0/category",
        "/completionDays",
        "/jury/quorum",
        "/tranches/1/report",
    ]
    assert all(one.message.nl.endswith(".") and one.message.en.endswith(".") for one in mistakes)


def test_meaning_is_judged_only_where_the_shape_is_right() -> None:
    wrong = changed("/completionDays", 0)
    wrong["envelopeCents"] = 1.5
    wrong["surprise"] = True
    assert sorted(pointers(wrong)) == ["/envelopeCents", "/surprise"]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff\xfe", b"null", b'{"title":' * 400])
def test_a_file_that_is_no_object_is_one_mistake(body: bytes) -> None:
    read, mistakes = read_terms(body)
    assert read is None
    assert [one.pointer for one in mistakes] == [""]


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ("/envelopeCents", 0, ["/envelopeCents", "/capCents"]),
        ("/capCents", 0, ["/capCents"]),
        ("/capCents", 400_000_001, ["/capCents"]),
        ("/cofinancing/minRateBp", 10_000, ["/cofinancing/minRateBp"]),
        ("/deadline", {"local": "2021-03-11T09:00:00"}, ["/deadline"]),
        ("/completionDays", 367, ["/completionDays"]),
        ("/term/earliestStart", "0999-01-01", ["/term/earliestStart"]),
        ("/term/latestEnd", "9999-12-31", ["/term/latestEnd"]),
        ("/reports/3/due", "9999-01-01", ["/reports/3/due"]),
        ("/reports/3/period/start", "1970-12-31", ["/reports/3/period/start"]),
        ("/reports/0/due", "2022-12-31", []),
        ("/capCents", 400_000_000, []),
        ("/completionDays", 366, []),
        ("/jury/minExternal", 6, []),
        ("/jury/minGovernment", 2, []),
        ("/jury/requiredExpertise", [str(number) for number in range(9)], []),
        ("/jury/replyDays", 366, []),
        ("/jury/members", 6, []),
        ("/opens", {"local": "1970-01-01T00:00:00"}, ["/opens"]),
        ("/deadline", {"local": "0001-01-01T00:00:00"}, ["/deadline"]),
        ("/deadline", {"local": "9999-12-31T23:59:59"}, ["/deadline"]),
        ("/term/maxMonths", 0, ["/term/maxMonths"]),
        ("/term/latestEnd", "2021-12-31", ["/term/latestEnd"]),
        ("/costCategories", [], ["/shareLimits/0/category", "/costCategories"]),
        ("/criteria", [], ["/criteria"]),
        ("/tranches", [], ["/tranches"]),
        ("/criteria/0/weightBp", 1_999, ["/criteria"]),
        ("/criteria/1/maxPoints", 0, ["/criteria/1/maxPoints"]),
        ("/criteria/1/code", "diagnosis", ["/criteria"]),
        ("/themes/1/code", "health", ["/themes"]),
        ("/instruments/1/code", "ict", ["/instruments"]),
        ("/requiredAttachments/1/code", "financial_plan", ["/requiredAttachments"]),
        ("/decision/mandatoryPledgeLevels", ["local", "local"], ["/decision/mandatoryPledgeLevels"]),
        ("/jury/members", 5, ["/jury/quorum"]),
        ("/jury/quorum", 0, ["/jury/quorum", "/jury/minExternal", "/jury/minGovernment"]),
        ("/jury/minExternal", 7, ["/jury/minExternal", "/jury/minGovernment"]),
        ("/jury/minExternal", -1, ["/jury/minExternal"]),
        ("/jury/minGovernment", 3, ["/jury/minGovernment"]),
        ("/jury/minGovernment", -1, ["/jury/minGovernment"]),
        ("/jury/requiredExpertise", ["groen", "groen"], ["/jury/requiredExpertise"]),
        ("/jury/requiredExpertise", [str(number) for number in range(10)], ["/jury/requiredExpertise"]),
        ("/jury/replyDays", 367, ["/jury/replyDays"]),
        ("/jury/replyDays", -1, ["/jury/replyDays"]),
        ("/tranches/0/shareBp", 2_999, ["/tranches"]),
        ("/tranches/0/code", "balance", ["/tranches"]),
        ("/tranches/0/report", "final", ["/tranches/0/report"]),
        ("/tranches/1/report", None, ["/tranches/1/report"]),
        ("/tranches/0/condition", "final_account_settled", ["/tranches"]),
        ("/tranches/4/condition", "contract_active", ["/tranches"]),
        ("/reports/0/code", "final", ["/reports", "/tranches/1/report"]),
        ("/reports/0/due", "2022-12-30", ["/reports/0/due"]),
        ("/reports/0/period/end", "2021-12-31", ["/reports/0/period"]),
        ("/synthetic/0", "/noSuchField", ["/synthetic/0"]),
        ("/synthetic/0", "budgetArticle", ["/synthetic/0"]),
        ("/synthetic/0", "/criteria/9", ["/synthetic/0"]),
        ("/synthetic/0", "/criteria/0/weightBp", []),
    ],
)
def test_terms_what_does_not_hold_together_is_found(path: str, value: object, expected: list[str]) -> None:
    assert pointers(changed(path, value)) == expected


def test_terms_a_total_cost_paid_by_the_applicant_alone_is_a_mistake_and_a_matched_subsidy_is_none() -> None:
    matched = msgspec.structs.replace(TERMS.cofinancing, base="SUBSIDY", min_rate_bp=10_000)
    assert mistakes_in(msgspec.structs.replace(TERMS, cofinancing=matched)) == []


TRANCHE_RULE = {
    "tranche": "year_2022",
    "requires": ["positive_inspection"],
    "minRealisedBp": 6_000,
    "notBeforeMonths": 15,
    "claimMonthsAfterEnd": 6,
}
PAYMENT = {
    "reminderDays": [30, 7],
    "trancheRules": [TRANCHE_RULE],
    "interim": {"minReachedBp": 2_500},
    "retention": None,
}


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("reminderDays", [366, 1], []),
        ("reminderDays", [7, 367, 0], ["/payment/reminderDays/1", "/payment/reminderDays/2"]),
        ("reminderDays", [7, 7], ["/payment/reminderDays"]),
        ("trancheRules", [TRANCHE_RULE | {"notBeforeMonths": None, "claimMonthsAfterEnd": None}], []),
        ("trancheRules", [TRANCHE_RULE | {"notBeforeMonths": 120, "claimMonthsAfterEnd": 0}], []),
        ("trancheRules", [TRANCHE_RULE, TRANCHE_RULE], ["/payment/trancheRules"]),
        ("trancheRules", [TRANCHE_RULE | {"tranche": "bonus"}], ["/payment/trancheRules/0/tranche"]),
        ("trancheRules", [TRANCHE_RULE | {"notBeforeMonths": 121}], ["/payment/trancheRules/0/notBeforeMonths"]),
        ("trancheRules", [TRANCHE_RULE | {"claimMonthsAfterEnd": -1}], ["/payment/trancheRules/0/claimMonthsAfterEnd"]),
        ("trancheRules", [TRANCHE_RULE | {"requires": ["interim_continue"]}], []),
    ],
)
def test_terms_what_is_said_of_tranches_and_reports_holds_together(
    field: str, value: object, expected: list[str]
) -> None:
    assert pointers(changed("/payment", PAYMENT | {field: value})) == expected


def test_terms_nothing_waits_for_an_interim_decision_that_the_call_does_not_know() -> None:
    rules = [TRANCHE_RULE | {"requires": ["interim_continue"]}]
    assert pointers(changed("/payment", PAYMENT | {"trancheRules": rules, "interim": None})) == [
        "/payment/trancheRules/0/requires"
    ]
