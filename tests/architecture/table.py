"""What there is and what shows it: every rule, command and fact, with service, roles, rule ids and tests.

    make docs          (python -m tests.architecture.table build/docs)

The registry and the catalog say who may ask what; the unit tests are run once with every decider watched, so that each
command's row holds the facts it was seen to yield and the reasons it was seen to give, with the tests that saw it. It
ends with 1 when a rule, a command or a fact has no test. It is made anew when asked for and not kept in the tree: a
file that every new test changes would only be merged.
"""

from __future__ import annotations

import json
import os
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from events.catalog import FACT_TYPES, KINDS
from services.deciding import Decision, Refused
from services.registry import SERVICES
from tests.architecture.mutants import COMMON, QUICK
from tests.architecture.naming import ROOT, named_after, rules_of

MOST = 3
"""So many tests are named in a row; how many more there are stands behind them."""


@dataclass(eq=False)
class Seen:
    """What the deciders did while the tests ran."""

    test: str = ""
    yields: dict[str, dict[str, set[str]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(set)))
    refuses: dict[str, dict[str, set[str]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(set)))
    tests: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def pytest_runtest_setup(self, item: Any) -> None:
        """Which test runs now."""
        self.test = item.nodeid.partition("[")[0]

    def watched(self, decide: Callable[..., Decision], state: Any, command: Any, context: Any) -> Decision:
        """The decision as it is, and on record which command led to what."""
        decision = decide(state, command, context)
        if not self.test:
            return decision  # a module that prepares its examples is no test
        name = type(command).__name__
        self.tests[name].add(self.test)
        if isinstance(decision, Refused):
            self.refuses[name][f"{decision.rule} {decision.code}"].add(self.test)
        for fact in decision.facts:
            self.yields[name][type(fact).__name__].add(self.test)
        return decision


def watch() -> Seen:
    """Run the unit tests of all services with every decider watched; RuntimeError if they do not pass."""
    seen = Seen()
    for service in SERVICES.values():
        object.__setattr__(service, "decide", partial(seen.watched, service.decide))
    settings.register_profile("table", QUICK)
    settings.load_profile("table")
    quiet = ["-W", "ignore::pytest.PytestAssertRewriteWarning", "-p", "no:cacheprovider", "-q", "--tb=short"]
    code = pytest.main([*quiet, "-m", "not long", "tests/unit/services"], plugins=[seen])
    if code != pytest.ExitCode.OK:
        raise RuntimeError(f"the unit tests end with {code}: mend them first")
    return seen


def rule_rows() -> Iterator[dict[str, Any]]:
    """Every rule id: service, versions, the commands it can refuse, the tests named after it."""
    for service in SERVICES.values():
        for rule in rules_of(service.name):
            refuses = [model.__name__ for model, spec in service.commands.items() if rule in spec.rules]
            yield {
                "rule": rule,
                "service": service.name,
                "versions": sorted(one.version for one in service.rules if one.id == rule),
                "commands": sorted(refuses),
                "tests": [one.node for one in named_after(rule, service.name)],
            }


def command_rows(seen: Seen) -> Iterator[dict[str, Any]]:
    """Every command: target, roles, rules, what it was seen to yield and to refuse, by which tests."""
    for service in SERVICES.values():
        for model, spec in service.commands.items():
            name = model.__name__
            yield {
                "command": name,
                "service": service.name,
                "target": spec.kind,
                "roles": sorted(spec.roles),
                "rules": sorted(spec.rules),
                "yields": sorted(seen.yields[name]),
                "refuses": sorted(seen.refuses[name]),
                "tests": sorted(seen.tests[name]),
            }


def fact_rows(seen: Seen) -> Iterator[dict[str, Any]]:
    """Every fact: service, stream, version, who can see it, the commands that yield it with their roles and rules."""
    specs = {model.__name__: spec for service in SERVICES.values() for model, spec in service.commands.items()}
    for name, row in FACT_TYPES.items():
        commands = sorted(command for command, facts in seen.yields.items() if name in facts)
        yield {
            "fact": name,
            "service": KINDS[row.kind],
            "stream": row.kind,
            "version": row.schema_version,
            "classification": row.classification,
            "commands": commands,
            "roles": sorted({role for one in commands for role in specs[one].roles}),
            "rules": sorted({rule for one in commands for rule in specs[one].rules}),
            "tests": sorted({test for one in commands for test in seen.yields[one][name]}) or naming(name),
        }


def naming(word: str) -> list[str]:
    """Test files in which a name occurs: for facts that no command yields (the house's own)."""
    files = sorted((ROOT / "tests").rglob("test_*.py"))
    return [str(file.relative_to(ROOT)) for file in files if word in file.read_text(encoding="utf-8")]


def gaps(rows: Iterable[dict[str, Any]]) -> list[str]:
    """What has no test at all, by name."""
    return [str(next(iter(row.values()))) for row in rows if not row["tests"]]


def written(title: str, rows: Sequence[dict[str, Any]]) -> str:
    """One table in Markdown."""
    heads = list(rows[0])
    lines = [f"## {title}", "", f"| {' | '.join(heads)} |", "|" + "---|" * len(heads)]
    lines += [f"| {' | '.join(_cell(name, row[name]) for name in heads)} |" for row in rows]
    return "\n".join([*lines, ""])


def _cell(name: str, value: Any) -> str:
    if name == "tests":
        shown = [f"`{one.removeprefix('tests/')}`" for one in value[:MOST]]
        more = [f"and {len(value) - MOST} more"] if len(value) > MOST else []
        return ", ".join([*shown, *more])
    return ", ".join(str(one) for one in value) if isinstance(value, list) else str(value)


def main() -> None:
    """Watch, write, tell what lacks a test."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "build/docs").resolve()
    os.chdir(ROOT)
    for name in COMMON:
        import_module(name)
    seen = watch()
    tables = {"Rules": list(rule_rows()), "Commands": list(command_rows(seen)), "Facts": list(fact_rows(seen))}
    folder.mkdir(parents=True, exist_ok=True)
    parts = [f"# Rules, commands and facts\n\n{__doc__.split(chr(10))[0]}\n"]
    (folder / "rules.md").write_text("\n".join(parts + [written(*one) for one in tables.items()]), encoding="utf-8")
    (folder / "rules.json").write_text(json.dumps(tables, indent=1), encoding="utf-8")
    sys.stdout.write(f"{', '.join(f'{len(rows)} {name.lower()}' for name, rows in tables.items())} in {folder}\n")
    missing = [f"{name.lower()} without a test: {', '.join(gaps(rows))}" for name, rows in tables.items() if gaps(rows)]
    sys.stdout.write("".join(f"{one}\n" for one in missing))
    sys.exit(1 if missing else 0)


if __name__ == "__main__":
    main()
