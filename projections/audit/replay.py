"""Running recorded checks again: the same rule, version, parameters and inputs must give the same answer, for ever."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

from events.canonical import Json

Rule: TypeAlias = Callable[[Mapping[str, Any], Mapping[str, Any]], tuple[str, str]]
"""A pure rule: parameters of the call's terms and inputs of the case → outcome and code."""

Rules: TypeAlias = Mapping[tuple[str, int], Rule]
"""(rule id, version) → its code. That of an old version is never taken out."""


def checks_in(data: Json) -> Iterator[dict[str, Json]]:
    """Every recorded check in a fact's data: what stands under `check`, and in lists under `checks`."""
    match data:
        case dict():
            for name, value in data.items():
                if name == "check" and isinstance(value, dict):
                    yield value
                elif name == "checks" and isinstance(value, list):
                    yield from (item for item in value if isinstance(item, dict))
                else:
                    yield from checks_in(value)
        case list():
            for item in data:
                yield from checks_in(item)
        case _:
            return


def difference(check: Mapping[str, Json], rules: Rules) -> str | None:
    """How the rule's answer today differs from the recorded one; None when it is the same."""
    name, version = check.get("rule"), check.get("version")
    rule = rules.get((str(name), version)) if isinstance(version, int) else None
    if rule is None:
        return f"rule {name} version {version} is not known here"
    recorded = (check.get("outcome"), check.get("code"))
    try:
        answer = tuple(rule(check.get("params", {}), check.get("inputs", {})))
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        return f"rule {name} version {version} cannot be run on what was recorded: {type(error).__name__}: {error}"
    if answer == recorded:
        return None
    return f"rule {name} version {version} gives {_said(answer)}, recorded is {_said(recorded)}"


def _said(answer: tuple[object, ...]) -> str:
    return "/".join(str(part) for part in answer)
