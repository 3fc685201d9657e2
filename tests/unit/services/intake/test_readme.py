"""The README's table of commands is the registry's."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

import services
from events.catalog import FACT_TYPES
from services.deciding import CommandSpec, Service
from services.eligibility.worker import ELIGIBILITY
from services.intake.worker import INTAKE
from services.jury.worker import JURY

FOLDER = Path(services.__file__).parent
BOTH = pytest.mark.parametrize("service", [INTAKE, ELIGIBILITY, JURY], ids=lambda one: one.name)


def rows(service: Service) -> dict[str, list[str]]:
    """Command → its cells: facts, rules, roles."""
    text = (FOLDER / service.name / "README.md").read_text()
    found = (re.split(r"\s*\|\s*", line.strip("| ")) for line in text.splitlines() if line.startswith("| "))
    names = {model.__name__ for model in service.commands}
    return {cells[0]: line for cells, line in ((cells, cells[1:]) for cells in found) if cells[0] in names}


def named(service: Service) -> Mapping[str, CommandSpec]:
    return {model.__name__: spec for model, spec in service.commands.items()}


@BOTH
def test_every_command_stands_in_the_readme(service: Service) -> None:
    assert list(rows(service)) == list(named(service))


@BOTH
def test_the_readme_names_the_rules_that_can_refuse(service: Service) -> None:
    for name, (_, rules, _) in rows(service).items():
        assert sorted(rules.split()) == sorted(named(service)[name].rules), name


@BOTH
def test_the_readme_names_the_roles(service: Service) -> None:
    for name, (_, _, roles) in rows(service).items():
        plain = re.sub(r"\(.*?\)|←.*", "", roles)
        assert {role.strip() for role in plain.split(",")} == named(service)[name].roles, name


@BOTH
def test_the_readme_names_every_fact(service: Service) -> None:
    told = {word for cells in rows(service).values() for word in re.findall(r"[A-Z][A-Za-z]+", cells[0])}
    assert told == {name for name, row in FACT_TYPES.items() if row.service == service.name}


@BOTH
def test_a_command_that_only_the_service_sends_says_what_sets_it_off(service: Service) -> None:
    reacted = {reaction.on.__name__ for reaction in service.reactions}
    told = set()
    for name, (_, _, roles) in rows(service).items():
        if named(service)[name].roles == {"service"}:
            assert any(word in roles for word in ("(timer)", "(upload)", "←")), name
        told |= set(re.findall(r"← (\w+)", roles))
    assert told == reacted
