"""Decision's rules D1 to D9: pure tests on plain values, with the sentences that tell their outcome."""

from __future__ import annotations

from events.canonical import Json
from events.vocabulary import Check
from services.deciding import Refused
from services.decision.rules.amendment import C2, D8_2
from services.decision.rules.contract import D7, D8, D9
from services.decision.rules.force import D6, D6_1
from services.decision.rules.money import D1, D2, D4, D4_1
from services.decision.rules.plan import C1
from services.decision.rules.procedure import D3, D3_1, D3_2
from services.decision.rules.reasons import D5, D5_1
from services.decision.rules.term import D7_2
from services.rulebook import Rule

RULES: tuple[Rule, ...] = (D1, D2, D3_1, D3_2, D3, D4_1, D4, D5_1, D5, D6_1, D6, D7, D7_2, D8, D8_2, D9, C1, C2)
"""Every version of every rule that decision has ever applied."""


def refused(check: Check) -> Refused:
    """The refusal that a failed check stands for, with everything its sentence names."""
    return Refused(check.rule, check.code, {**check.params, **check.inputs})


def refused_as(rule: Rule, code: str, **inputs: Json) -> Refused:
    """A refusal by one of the rule's own sentences, where there is nothing to compute."""
    rule.sentences[code]  # a code without a sentence is a mistake of ours
    return Refused(rule.id, code, inputs)
