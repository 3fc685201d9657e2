"""What the desk says is complete, in both languages."""

from __future__ import annotations

import re
from importlib.resources import files
from string import Formatter
from typing import get_args

import pytest

from projections.case_timeline.evolve import TIMELINE
from projections.contract_status.row import ENDED, Status
from projections.desk import told, words
from projections.desk.pages import TABLES
from projections.worklist.tasks import TASKS
from services.auth import ROLES

CATALOGUES = {**TABLES, "titles": told.TITLES, "codes": told.CODES, "labels": told.LABELS}


@pytest.mark.parametrize("name", sorted(CATALOGUES))
def test_both_languages_say_the_same_with_the_same_values(name: str) -> None:
    for key, (dutch, english) in CATALOGUES[name].items():
        assert dutch.strip(), f"{key} says nothing in Dutch"
        assert english.strip(), f"{key} says nothing in English"
        fields = [{one[1] for one in Formatter().parse(text) if one[1]} for text in (dutch, english)]
        assert fields[0] == fields[1], f"{key} does not use the same values"


def test_every_fact_of_a_timeline_has_a_title() -> None:
    assert set(told.TITLES) == set(TIMELINE.folds)


def test_every_status_has_words_and_the_bad_ends_are_ends() -> None:
    assert tuple(words.STATUS) == get_args(Status)
    assert words.ENDED_BADLY < ENDED


def test_every_party_that_can_have_the_ball_has_a_name() -> None:
    assert {party for party, _, _ in TASKS.values()} <= set(words.TURN)


def test_every_role_that_can_act_has_a_name() -> None:
    assert ROLES - set(words.ROLE) <= {"auditor", "privacy_officer", "subscriber"}


def test_every_key_that_a_template_names_exists() -> None:
    for template in files("projections.desk").joinpath("templates").iterdir():
        text = template.read_text(encoding="utf-8")
        for table, key in re.findall(r"say\('(\w+)', '(\w+)'[,)]", text):
            assert key in TABLES[table], f"{template.name} says {table}.{key}"


def test_a_key_without_words_shows_as_itself() -> None:
    assert words.phrase(words.STATUS, "on_hold", "nl") == "on hold"
    assert told.title("SomethingNew", "en") == "SomethingNew"
