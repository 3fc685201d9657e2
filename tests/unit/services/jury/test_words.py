"""Every sentence of the jury can be told, in Dutch and in English; every rule id is a rule."""

from __future__ import annotations

import re
from string import Formatter

import pytest

from services.jury.commands import COMMANDS
from services.jury.rules import RULES, refused_as
from services.rulebook import Rule

HOUSE_RULES = {"OWN", "STATE"}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.id}/{rule.version}")
def test_every_code_is_told_in_both_languages_with_the_same_values(rule: Rule) -> None:
    for nl, en in rule.sentences.values():
        assert nl.endswith(".")
        assert en.endswith(".")
        assert nl != en
        assert _values(nl) == _values(en)


def test_every_rule_that_a_command_names_is_a_rule() -> None:
    known = {rule.id for rule in RULES} | HOUSE_RULES
    assert {rule for spec in COMMANDS.values() for rule in spec.rules} <= known


def test_rules_are_the_invariants_of_the_jury() -> None:
    assert {rule.id for rule in RULES} == {f"J{number}" for number in range(1, 9)}
    assert all(re.fullmatch(r"[a-z0-9_]+", code) for rule in RULES for code in rule.sentences)


def test_rules_answer_what_no_decision_can_reach() -> None:
    by_id = {rule.id: rule for rule in RULES}
    assert by_id["J1"].test({}, {"admitted": True, "left": False, "aside": False}) == ("pass", "before_jury")
    twice = {"before_jury": ["a", "b"], "without_advice": [], "ranked": ["a", "a"]}
    assert by_id["J7"].test({"tie_rule": "lower_amount_first"}, twice) == ("fail", "not_each_once")


def test_a_refusal_without_a_sentence_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        refused_as(RULES[0], "no_such_code")


def _values(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}
