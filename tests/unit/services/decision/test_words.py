"""Every sentence of decision can be told, in Dutch and in English; every rule id is a rule."""

from __future__ import annotations

import re
from string import Formatter

import pytest

from services.decision.commands import COMMANDS
from services.decision.rules import RULES, refused_as
from services.rulebook import Rule

HOUSE_RULES = {"OWN", "STATE"}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.id}/{rule.version}")
def test_every_code_is_told_in_both_languages_with_the_same_values(rule: Rule) -> None:
    for nl, en in rule.sentences.values():
        assert nl.endswith(".")
        assert en.endswith(".")
        assert nl != en
        assert _values(nl, "_nl") == _values(en, "_en")


def test_every_rule_that_a_command_names_is_a_rule() -> None:
    known = {rule.id for rule in RULES} | HOUSE_RULES
    assert {rule for spec in COMMANDS.values() for rule in spec.rules} <= known


def test_rules_are_the_invariants_of_the_jury() -> None:
    assert sorted({rule.id for rule in RULES}) == ["C1", "C2", *(f"D{number}" for number in range(1, 10))]
    assert all(re.fullmatch(r"[a-z0-9_]+", code) for rule in RULES for code in rule.sentences)


def test_rules_say_yes_in_words_too() -> None:
    by_id = {rule.id: rule for rule in RULES}
    assert by_id["D1"].test({}, {"proposed_cents": 2, "envelope_cents": 1}) == ("fail", "over_envelope")
    assert by_id["D6"].test({}, {"act": "decide", "status": "candidate"}) == ("pass", "first_decision")
    assert by_id["D9"].test({}, {"effective_at": "2025", "holder_since": ""}) == ("pass", "succeeds")


def test_a_refusal_without_a_sentence_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        refused_as(RULES[0], "no_such_code")


def _values(sentence: str, language: str) -> set[str]:
    # A label stands in the inputs once per language; each sentence takes its own.
    return {name.removesuffix(language) for _, name, _, _ in Formatter().parse(sentence) if name}
