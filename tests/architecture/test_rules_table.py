"""Every rule, command and fact has a test, and the tools that say so see when one has not."""

from __future__ import annotations

import ast
from functools import cache, partial

import pytest

from events.catalog import FACT_TYPES
from services.deciding import Refused, refuse
from services.registry import SERVICES
from tests.architecture import rules_out, table
from tests.architecture.naming import ROOT, named_after, rules_of, shown_by_rule

RULES = [(name, rule) for name in SERVICES for rule in rules_of(name)]
SPECS = {model.__name__: spec for service in SERVICES.values() for model, spec in service.commands.items()}


@cache
def words_of_tests() -> frozenset[str]:
    """Every name that stands in a test of the tree, helpers included."""
    files = (ROOT / "tests").rglob("*.py")
    trees = (ast.parse(file.read_text(encoding="utf-8")) for file in files if "architecture" not in file.parts)
    nodes = [node for tree in trees for node in ast.walk(tree)]
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    return frozenset(
        names | {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    )


@pytest.mark.parametrize(("service", "rule"), RULES)
def test_every_rule_has_a_test_that_is_named_after_it(service: str, rule: str) -> None:
    assert named_after(rule, service), f"no test is named test_{rule.lower()}_…"


# What only reactions send is seen by `make docs`, which watches the deciders while the tests run.
@pytest.mark.parametrize("name", sorted(name for name, spec in SPECS.items() if spec.roles != {"service"}))
def test_every_command_that_people_send_is_named_by_a_test(name: str) -> None:
    assert name in words_of_tests()


@pytest.mark.parametrize("name", sorted(FACT_TYPES))
def test_every_fact_is_named_by_a_test(name: str) -> None:
    assert name in words_of_tests()


def test_the_table_has_a_row_for_each_of_them() -> None:
    seen = table.Seen()
    assert [row["rule"] for row in table.rule_rows()] == [rule for _, rule in RULES]
    assert sorted(row["command"] for row in table.command_rows(seen)) == sorted(SPECS)
    assert [row["fact"] for row in table.fact_rows(seen)] == list(FACT_TYPES)
    assert all(row["roles"] and row["service"] for row in table.command_rows(seen))


def test_the_table_tells_what_a_command_was_seen_to_do() -> None:
    seen = table.Seen(test="tests/x.py::test_p3_y")
    model, _ = next(iter(SERVICES["payment"].commands.items()))
    command = model.model_construct()
    seen.watched(lambda *_: refuse("P3", "same_person"), None, command, None)
    row = next(row for row in table.command_rows(seen) if row["command"] == model.__name__)
    assert (row["refuses"], row["tests"]) == (["P3 same_person"], ["tests/x.py::test_p3_y"])
    assert "`x.py::test_p3_y`" in table.written("Commands", [row])


def test_a_row_without_a_test_is_named() -> None:
    assert table.gaps([{"rule": "X1", "tests": []}, {"rule": "X2", "tests": ["t"]}]) == ["X1"]


def test_a_test_may_be_named_after_more_than_one_rule() -> None:
    both = {rule for rule, tests in shown_by_rule().items() if any("j5_j6" in test.name for test in tests)}
    assert both == {"J5", "J6"}


# A rule taken out


def test_p3_taken_out_is_seen_by_a_test_named_after_it() -> None:
    service = SERVICES["payment"]
    nodes = [one.node for one in named_after("P3", "payment")]
    gone = partial(rules_out.take_out, service, lambda rule, _code: rule == "P3")
    fell = rules_out.fails(nodes, gone)
    assert fell is not None
    assert "_p3_" in fell


def test_nothing_taken_out_nothing_fails() -> None:
    nodes = [one.node for one in named_after("P3", "payment")]
    assert rules_out.fails(nodes, lambda: None) is None


def test_what_cannot_be_run_is_no_proof() -> None:
    with pytest.raises(RuntimeError, match="pytest ended with"):
        rules_out.fails(["tests/unit/services/payment/test_payments.py::test_there_is_no_such_test"], lambda: None)


def test_taking_out_is_done_to_a_copy() -> None:
    assert isinstance(refuse("P3", "same_person"), Refused)
    assert all(type(service.decide).__name__ == "function" for service in SERVICES.values())


def test_the_report_names_what_can_go_unseen() -> None:
    seen = [rules_out.Seen("payment", "P3", 3, "tests/x.py::test_p3_y"), rules_out.Seen("payment", "P4", 0, None)]
    told = rules_out.told(seen, "rules")
    assert "NO TEST FAILS" in told
    assert told.endswith("1 of 2 rules have a test that fails without them")


@pytest.mark.long
def test_every_rule_taken_out_is_seen_by_a_test_that_is_named_after_it() -> None:
    seen = [one for service in SERVICES.values() for one in rules_out.each_rule(service)]
    assert [f"{one.service} {one.name}" for one in seen if one.fell is None] == []


@pytest.mark.long
def test_what_is_kept_by_construction_has_its_tests_too() -> None:
    assert [one for one in rules_out.unregistered() if one.endswith(" 0 tests")] == []
