"""Every rule taken out, one at a time: does a test that is named after it fail?

    python -m tests.architecture.rules_out [--service payment] [--codes]

A rule is out when its test passes whatever it is asked and no command is refused by it any more. That is done to a
forked copy of this process, which runs the tests named after the rule (`test_p3_…` shows P3) and ends; nothing is
written. The rules are those of the registry, so a new one is in the list by itself. With `--codes` each single reason
for saying no is taken out instead, and the unit tests of its service that name the code must see it.
"""

from __future__ import annotations

import argparse
import ast
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import settings

from events.ledger import limited
from events.unique import KeyChange, keys_of
from services.deciding import Accepted, Decision, Refused, Service
from services.registry import SERVICES
from services.rulebook import Verdict
from tests.architecture.mutants import COMMON, QUICK
from tests.architecture.naming import ROOT, named_after, rules_of, shown_by_rule
from tests.architecture.test_refusals import codes_in

SECONDS = 120
LIMIT = 40
"""So many tests are enough to see that a rule is gone; those of one file come together."""

INVARIANTS = {"I": 6, "E": 7, "J": 8, "D": 9, "P": 8}
"""How many invariants each service has in domain.md §6: those that no rule of the registry carries are named."""

Out = Callable[[str, str], bool]
"""(rule, code) → whether this reason for saying no is out."""


class Seen(NamedTuple):
    """What was seen of one rule or code: the tests tried, and the first that failed (None: none did)."""

    service: str
    name: str
    tests: int
    fell: str | None


class _First:
    """A pytest plugin: writes down the first test that fails."""

    def __init__(self, to: int) -> None:
        self._to = to

    def pytest_runtest_logreport(self, report: Any) -> None:
        """One phase of one test is over."""
        if report.failed:
            os.write(self._to, (report.nodeid + "\n").encode())


def take_out(service: Service, out: Out) -> None:
    """From now on this process knows no such rule: what would fail passes, what would be refused is accepted."""
    for rule in service.rules:
        _put(rule, "test", partial(_passes, rule.test, rule.id, out))
    _put(service, "decide", partial(_accepts, service.decide, out))
    for rule, (function, without) in GUARDS.items():
        if out(rule, GUARD):
            _nowhere(function, without)


def _nothing_claimed(_fact: object) -> tuple[KeyChange, ...]:
    return ()


def _unlimited(_account: str) -> bool:
    return False


GUARD = "guard"
GUARDS: dict[str, tuple[Callable[..., Any], Callable[..., Any]]] = {
    "I2": (keys_of, _nothing_claimed),
    "P8": (keys_of, _nothing_claimed),
    "D1": (limited, _unlimited),
    "P1": (limited, _unlimited),
}
"""Rules that the store keeps too, in the commit (decisions.md 18): what it asks of a fact, and what without them."""


def _nowhere(function: Callable[..., Any], without: Callable[..., Any]) -> None:
    # Looked up in their own names: to ask a lazy module for an attribute may load it.
    for module in [one for one in sys.modules.values() if vars(one).get(function.__name__) is function]:
        setattr(module, function.__name__, without)


def _put(holder: object, name: str, value: object) -> None:
    # Rules and services are frozen for everybody but this process, which ends with the try.
    object.__setattr__(holder, name, value)


def _passes(test: Callable[[Any, Any], Verdict], rule: str, out: Out, params: Any, inputs: Any) -> Verdict:
    verdict = test(params, inputs)
    return Verdict("pass", verdict.code) if verdict.outcome == "fail" and out(rule, verdict.code) else verdict


def _accepts(decide: Callable[..., Decision], out: Out, *asked: Any) -> Decision:
    decision = decide(*asked)
    if isinstance(decision, Refused) and out(decision.rule, decision.code):
        return Accepted(decision.facts, decision.rules)
    return decision


def fails(nodes: Sequence[str], before: Callable[[], None]) -> str | None:
    """The first of these tests that fails once `before` was done to a copy of this process; RuntimeError if they
    cannot be run at all."""
    read, write = os.pipe()
    child = os.fork()
    if not child:
        os.close(read)
        _try(nodes, before, write)
    os.close(write)
    with os.fdopen(read) as said:
        first = said.readline().strip()
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if code == pytest.ExitCode.OK:
        return None
    if first:
        return first
    if code < 0:
        return "(never ended)"
    raise RuntimeError(f"pytest ended with {code} on {nodes[0]} …")


def _try(nodes: Sequence[str], before: Callable[[], None], write: int) -> None:
    signal.alarm(SECONDS)  # a rule without which something never ends is seen too
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.dup2(1, 2)
    settings.register_profile("rules out", QUICK)
    settings.load_profile("rules out")
    try:
        before()
    except Exception:  # noqa: BLE001 -- the copy must not go on as the program
        os._exit(pytest.ExitCode.INTERNAL_ERROR)
    quiet = ["-W", "ignore::pytest.PytestAssertRewriteWarning", "-p", "no:cacheprovider", "-x", "-q", "--tb=no"]
    os._exit(pytest.main([*quiet, "-m", "not long and not kafka and not browser", *nodes], plugins=[_First(write)]))


def each_rule(service: Service) -> Iterator[Seen]:
    """Every rule of a service, taken out as a whole."""
    for rule in rules_of(service.name):
        nodes = [one.node for one in named_after(rule, service.name)][:LIMIT]
        gone = partial(take_out, service, partial(_same, rule))
        yield Seen(service.name, rule, len(nodes), fails(nodes, gone) if nodes else None)


def _same(wanted: str, rule: str, _code: str) -> bool:
    return rule == wanted


def each_code(service: Service) -> Iterator[Seen]:
    """Every code with which a service says no, taken out alone."""
    sources = (ROOT / "services" / service.name).rglob("*.py")
    for code in sorted({code for file in sources for code in codes_in(file.read_text(encoding="utf-8"))}):
        nodes = [str(file.relative_to(ROOT)) for file in _files_with(service.name, code)]
        gone = partial(take_out, service, partial(_coded, code))
        yield Seen(service.name, code, len(nodes), fails(nodes, gone) if nodes else None)


def _coded(wanted: str, _rule: str, code: str) -> bool:
    return code == wanted


def _files_with(service: str, code: str) -> Iterator[Path]:
    for file in sorted((ROOT / "tests/unit/services" / service).rglob("test_*.py")):
        words = (
            node for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(node, ast.Constant)
        )
        if any(word.value == code for word in words):
            yield file


def told(seen: Sequence[Seen], what: str) -> str:
    """The list, and its sum."""
    lines = [f"{one.service:12} {one.name:28} {one.tests:3}  {one.fell or 'NO TEST FAILS'}" for one in seen]
    held = sum(one.fell is not None for one in seen)
    return "\n".join([*lines, f"{held} of {len(seen)} {what} have a test that fails without them"])


def unregistered() -> list[str]:
    """Invariants of domain.md that no rule and no refusal of the registry carries, with the tests named after them."""
    every = {rule for name in SERVICES for rule in rules_of(name)}
    wanted = [f"{letter}{number}" for letter, last in INVARIANTS.items() for number in range(1, last + 1)]
    return [f"{one}: {len(shown_by_rule().get(one, ()))} tests" for one in wanted if one not in every]


def main() -> None:
    """Take out, try, report; exit 1 if something can go without a test that sees it."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--service", choices=sorted(SERVICES), action="append")
    asked.add_argument("--codes", action="store_true", help="every single reason for saying no, instead of whole rules")
    args = asked.parse_args()
    os.chdir(ROOT)
    for name in COMMON:
        import_module(name)
    look = each_code if args.codes else each_rule
    seen: list[Seen] = []
    for name in args.service or SERVICES:
        for one in look(SERVICES[name]):
            seen.append(one)
            sys.stderr.write(f"{one.service} {one.name}: {one.fell or 'NO TEST FAILS'}\n")
            sys.stderr.flush()
    sys.stdout.write(told(seen, "reasons for saying no" if args.codes else "rules") + "\n")
    if not args.codes and not args.service and (kept := unregistered()):
        sys.stdout.write(f"kept by construction, nothing to take out: {', '.join(kept)}\n")
    sys.exit(0 if all(one.fell for one in seen) else 1)


if __name__ == "__main__":
    main()
