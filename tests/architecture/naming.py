"""Which test is named after which rule: `test_d5_a_refusal_has_its_reasons` shows D5. Read from the source alone."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from services.registry import SERVICES

ROOT = Path(__file__).parents[2]
RULE = re.compile(r"[A-Z][0-9]+")
_NAMED = re.compile(r"(?:^|_)([a-z][0-9]+)(?=_|$)")


class Test(NamedTuple):
    """One test function: its file from the root, and its name."""

    __test__ = False  # pytest: this is no test

    file: str
    name: str

    @property
    def node(self) -> str:
        """How pytest calls it."""
        return f"{self.file}::{self.name}"


@cache
def rules_of(service: str) -> Sequence[str]:
    """Every rule id of a service: those of its rules, and those by which its commands can be refused."""
    row = SERVICES[service]
    named = {rule.id for rule in row.rules} | {rule for spec in row.commands.values() for rule in spec.rules}
    return sorted((one for one in named if RULE.fullmatch(one)), key=_order)


def _order(rule: str) -> tuple[str, int]:
    return rule[0], int(rule[1:])


@cache
def shown_by_rule() -> Mapping[str, Sequence[Test]]:
    """Rule id → the tests named after it, wherever they stand, unit tests first."""
    found: dict[str, list[Test]] = defaultdict(list)
    for test in _tests():
        for rule in dict.fromkeys(_NAMED.findall(test.name.removeprefix("test_"))):
            found[rule.upper()].append(test)
    return {rule: sorted(tests, key=lambda one: ("/unit/" not in one.file, one)) for rule, tests in found.items()}


def _tests() -> Iterator[Test]:
    for file in sorted((ROOT / "tests").rglob("test_*.py")):
        path = str(file.relative_to(ROOT))
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
                yield Test(path, node.name)


def named_after(rule: str, service: str) -> Sequence[Test]:
    """The tests that show this rule of this service: its own unit tests, or, if it has none, any test of that name."""
    every = shown_by_rule().get(rule, ())
    own = [one for one in every if f"/unit/services/{service}/" in one.file]
    return own or every
