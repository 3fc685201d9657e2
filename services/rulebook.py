"""Rules as data with a date: a pure test per rule and version, and the sentences that tell its outcome.

A rule is `test(params, inputs) -> Verdict`; parameters come from the call's terms, inputs from facts. What was checked
is written in the fact, complete enough to run the same version again years later. An old version's code is never
deleted: a changed rule is a new version beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from events.canonical import Json
from events.vocabulary import Check, Source, Text

Values = Mapping[str, Json]


class Verdict(NamedTuple):
    """What a rule answers: pass or fail, and the code of the sentence that says why."""

    outcome: Literal["pass", "fail"]
    code: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One version of one rule. `sentences` maps each code to its Dutch and English sentence.

    A sentence names parameters and inputs in braces; amounts (`…_cents`) and rates (`…_bp`) are written for people.
    """

    id: str
    version: int
    test: Callable[[Values, Values], Verdict]
    sentences: Mapping[str, tuple[str, str]]


def check(rule: Rule, params: Values, inputs: Values, sources: Iterable[Source | None] = ()) -> Check:
    """Run the rule and write down everything about it, the reason in both languages included."""
    verdict = rule.test(params, inputs)
    return Check(
        rule=rule.id,
        version=rule.version,
        params=dict(params),
        inputs=dict(inputs),
        source_events=[source.event_id for source in sources if source is not None],
        outcome=verdict.outcome,
        code=verdict.code,
        reason=reason(rule, verdict.code, {**params, **inputs}),
    )


def reason(rule: Rule, code: str, values: Values) -> Text:
    """The sentence of a code with its values filled in."""
    nl, en = rule.sentences[code]
    return Text(nl=_fill(nl, values, ",", "."), en=_fill(en, values, ".", ","))


def _fill(sentence: str, values: Values, point: str, group: str) -> str:
    return sentence.format_map({name: _written(name, value, point, group) for name, value in values.items()})


def _written(name: str, value: Json, point: str, group: str) -> str:
    # The sentence is kept for ever, so its form may not depend on the version of a locale library.
    if isinstance(value, int) and name.endswith("_cents"):
        sign, euros, cents = _hundredths(value)
        return sign + f"{euros:,}".replace(",", group) + f"{point}{cents:02d} euro"
    if isinstance(value, int) and name.endswith("_bp"):
        sign, whole, rest = _hundredths(value)
        return f"{sign}{whole}{point}{rest:02d} %" if rest else f"{sign}{whole} %"
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    return str(value)


def _hundredths(value: int) -> tuple[str, int, int]:
    # Division rounds down: below zero the sign is written apart, or -1,50 would read -2,50.
    return "-" if value < 0 else "", *divmod(abs(value), 100)
