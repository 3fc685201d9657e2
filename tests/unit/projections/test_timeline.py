"""Every fact has its sentence, in two languages, written for people."""

from __future__ import annotations

import re
from typing import Any

import msgspec
import pytest

from events.catalog import FACT_TYPES
from events.vocabulary import Check, Sealed, Text
from projections.case_timeline.evolve import TIMELINE, TimelineRow
from projections.case_timeline.sentences import IN_CASE, MILESTONES, SENTENCES
from projections.past import refold
from projections.words import day, euro, hour, rate, word
from tests.unit.projections.samples import CALL, CASE, event, sample


def rows_of(fact: Any) -> list[TimelineRow]:
    return list(refold(TIMELINE, [event(fact)]).values())


def test_every_fact_has_its_sentence() -> None:
    assert set(SENTENCES) == set(FACT_TYPES)
    assert set(IN_CASE) <= set(FACT_TYPES)
    assert set(FACT_TYPES) >= MILESTONES


@pytest.mark.parametrize("name", sorted(TIMELINE.folds))
def test_a_sentence_is_filled_in_and_ends(name: str) -> None:
    for row in rows_of(sample(name)):
        for text in (row.nl, row.en):
            assert text[-1] in ".s", text
            assert not re.search(r"[{}]|\d{4}-\d\d-\d\d|_", text), text


@pytest.mark.parametrize("name", sorted(TIMELINE.folds))
def test_sealed_data_never_shows(name: str) -> None:
    body = msgspec.json.encode(sample(name)).replace(b'"ct":"words"', b'"ct":"c4n4ry"')
    fact = msgspec.json.decode(body, type=FACT_TYPES[name].model)
    shown = msgspec.json.encode(rows_of(fact))
    assert b"c4n4ry" not in shown
    assert b"sealed" not in shown


def test_the_canary_would_be_seen() -> None:
    assert b'"ct":"words"' in msgspec.json.encode(Sealed(subject="s", nonce="words", ct="words"))


def test_an_amount_and_a_date_are_written_for_people() -> None:
    row = rows_of(sample("GrantAwarded", amount_cents=69_036_720, reference="VR 2021/1"))[0]
    assert row.nl == "Toegekend aan words: 690.367,20 euro, rang 1 (VR 2021/1)."
    assert row.en == "Awarded to words: 690,367.20 euro, rank 1 (VR 2021/1)."
    row = rows_of(sample("ProposalAgendaed", meeting="2021-12-10"))[0]
    assert row.nl == "De nota staat op de agenda van de Vlaamse Regering van 10 december 2021."


def test_a_fact_of_the_call_is_told_in_each_case_that_it_lists() -> None:
    rows = rows_of(sample("RankingFixed"))
    assert [(row.case_id, row.en) for row in rows] == [
        ("", "The ranking of 1 files is fixed."),
        (CASE, "Ranked 1 of 1, score 0.01 %."),
    ]
    assert rows[0].call == rows[1].call == CALL
    assert rows[0].checks
    assert rows[1].checks == []


def test_checks_tell_rule_outcome_code_and_reason_without_their_inputs() -> None:
    check = Check(
        rule="E3",
        version=1,
        params={"min_rate_bp": 2000},
        inputs={"own_cents": 1},
        source_events=[],
        outcome="fail",
        code="too_low",
        reason=Text(nl="Te laag.", en="Too low."),
    )
    row = rows_of(sample("CheckRecorded", check=check))[0]
    assert row.nl == "Regel E3 is niet voldaan: Te laag."
    assert msgspec.to_builtins(row.checks) == [
        {
            "rule": "E3",
            "version": 1,
            "outcome": "fail",
            "code": "too_low",
            "reason": {"nl": "Te laag.", "en": "Too low."},
        }
    ]


def test_words() -> None:
    assert (euro(0, "nl"), euro(123_456_789, "nl"), euro(-5, "en")) == ("0,00 euro", "1.234.567,89 euro", "−0.05 euro")
    assert (rate(2_000, "nl"), rate(1_234, "nl"), rate(1_234, "en")) == ("20 %", "12,34 %", "12.34 %")
    assert (day("2021-07-01", "nl"), day("2021-07-01", "en")) == ("1 juli 2021", "1 July 2021")
    assert hour("2021-07-19T21:59:59.000000Z", "nl") == "19 juli 2021 om 23.59 uur"
    assert hour("2021-12-31T23:30:00.000000Z", "en") == "1 January 2022 at 00:30"
    assert (word("unfavourable", "nl"), word("a_code_of_the_call", "nl")) == ("ongunstig", "a_code_of_the_call")
