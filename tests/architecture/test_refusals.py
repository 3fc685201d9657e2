"""Every reason for which a service can say no is named by a test of that service. Codes are read from the source."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from services.registry import SERVICES

ROOT = Path(__file__).parents[2]
SAYS_NO = {"refuse", "Refused", "refused_as"}
IN_ITS_STATE = {"wrong_state", "_wrong_state", "_wrong"}
FAILS = {"_fail", "_fails"}
Bound = dict[str, set[str]]


def codes_in(source: str) -> set[str]:
    """The codes that a file can refuse with or fail a check with."""
    tree = ast.parse(source)
    return {code for one in ast.walk(tree) if isinstance(one, ast.FunctionDef) for code in _codes(one)}


def _codes(function: ast.FunctionDef) -> Iterator[str]:
    bound = _bound(function)
    if function.name in IN_ITS_STATE:
        yield from (code for default in function.args.defaults for code in _values(default, bound))
    for node in ast.walk(function):
        match node:
            case ast.Call(func=ast.Name(id=name), args=[_, code, *_]) if name in SAYS_NO | IN_ITS_STATE:
                yield from _values(code, bound)
            case ast.Call(func=ast.Name(id=name), args=[code]) if name in FAILS:
                yield from _values(code, bound)
            case ast.Call(func=ast.Name(id="Verdict"), args=[ast.Constant(value="fail"), code]):
                yield from _values(code, bound)
            case _:
                pass


def _bound(function: ast.FunctionDef) -> Bound:
    """What a name stands for, where it runs over written words or is one of two."""
    bound: Bound = {}
    for node in ast.walk(function):
        match node:
            case ast.For(target=ast.Name(id=name), iter=ast.Tuple(elts=elts)):
                bound[name] = {value for one in elts for value in _values(one, {})}
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.IfExp() as value):
                bound[name] = _values(value, {})
            case _:
                pass
    return bound


def _values(node: ast.expr, bound: Bound) -> set[str]:
    match node:
        case ast.Constant(value=str(value)):
            return {value}
        case ast.Name(id=name):
            return bound.get(name, set())
        case ast.IfExp():
            return _values(node.body, bound) | _values(node.orelse, bound)
        case ast.FormattedValue():
            return _values(node.value, bound)
        case ast.JoinedStr():
            return {"".join(parts) for parts in product(*(_values(one, bound) for one in node.values))}
        case _:
            # A verdict's code: it is written where the rule gives it.
            return set()


def _of_service(name: str) -> set[str]:
    files = (ROOT / "services" / name).rglob("*.py")
    return {code for file in files for code in codes_in(file.read_text())}


def _named_by_tests(name: str) -> set[str]:
    trees = [ast.parse(file.read_text()) for file in (ROOT / "tests/unit/services" / name).glob("test_*.py")]
    constants = (node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return {one.value for one in constants if isinstance(one.value, str)}


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_every_code_with_which_a_service_says_no_is_named_by_a_test_of_that_service(name: str) -> None:
    unnamed = sorted(_of_service(name) - _named_by_tests(name))
    assert not unnamed, f"no test of {name} names {unnamed}"


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_every_code_of_a_rule_has_its_sentence_and_every_other_code_is_one_of_the_decider(name: str) -> None:
    told = {code for rule in SERVICES[name].rules for code in rule.sentences}
    rules = [file for file in (ROOT / "services" / name).rglob("*.py") if "rules" in (*file.parts, file.stem)]
    assert {code for file in rules for code in codes_in(file.read_text())} <= told


def test_codes_are_found_however_they_are_written() -> None:
    source = """
def wrong(status, code="a"): ...
def _wrong(state, code="b"): return refuse("STATE", code)
def decide():
    for need in ("c", "d"):
        return _fail(f"no_{need}")
    kind = "e" if True else "f"
    return Verdict("fail", f"low_{kind}") if True else Verdict("pass", "fine")
def other():
    return refused_as(D1, "g", amount=1) or _wrong(state, "h") or refuse("I1", verdict.code)
"""
    assert codes_in(source) == {"b", "no_c", "no_d", "low_e", "low_f", "g", "h"}
