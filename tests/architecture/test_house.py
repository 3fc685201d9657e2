"""The house itself: who owns its names, what its tables must hold, and that its boundaries stand."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import packages_distributions
from pathlib import Path
from types import ModuleType

import msgspec
import pytest

from events import catalog, decision, eligibility, intake, jury, log, payment
from events.catalog import FACT_TYPES, KINDS
from events.upcasters import STEPS
from events.vocabulary import Fact
from services.deciding import Role, Service
from services.registry import SERVICES

ROOT = Path(__file__).parents[2]
MODULES = (intake, eligibility, jury, decision, payment)
TOP = {"events", "services", "projections", "deploy", "tests"}


@pytest.mark.parametrize("name", ["events", "services", "projections"])
def test_our_packages_come_from_this_tree_and_belong_to_nobody_else(name: str) -> None:
    module = importlib.import_module(name)
    assert Path(str(module.__file__)).parent == ROOT / name
    assert set(packages_distributions().get(name, ["wijkspoor"])) == {"wijkspoor"}


def test_every_fact_has_its_row_in_the_catalog() -> None:
    written = {
        name
        for module in _with_parts(MODULES)
        for name, value in vars(module).items()
        if inspect.isclass(value)
        and issubclass(value, Fact)
        and (value.__module__, value.__name__) == (module.__name__, name)
    }
    assert written | {"KeyRegistered"} == set(FACT_TYPES)


def _with_parts(modules: Iterable[ModuleType]) -> Iterator[ModuleType]:
    """The files of facts, and those into which one of them is divided."""
    for module in modules:
        yield module
        for part in pkgutil.iter_modules(getattr(module, "__path__", ())):
            yield importlib.import_module(f"{module.__name__}.{part.name}")


def test_a_fact_belongs_to_the_service_whose_file_it_stands_in() -> None:
    for row in FACT_TYPES.values():
        home = f"events.{row.service}"
        assert row.model.__module__ == home or row.model.__module__.startswith(f"{home}.")
        assert KINDS[row.kind] == row.service


def test_every_raised_schema_version_has_its_steps() -> None:
    wanted = {(name, old) for name, row in FACT_TYPES.items() for old in range(1, row.schema_version)}
    assert set(STEPS) == wanted


def test_every_fact_says_whose_case_or_call_it_is() -> None:
    for row in FACT_TYPES.values():
        fields = {field.name for field in msgspec.structs.fields(row.model)}
        assert "call" in fields or row.model is log.KeyRegistered
        # A payment file holds orders of many cases of one call.
        if row.kind not in (*catalog.PER_CALL, "bank-file", "log"):
            assert "case" in fields


def _rows() -> list[tuple[Service, str]]:
    return [(service, model.__name__) for service in SERVICES.values() for model in service.commands]


@pytest.mark.parametrize(("service", "name"), _rows(), ids=lambda value: getattr(value, "name", value))
def test_every_command_has_roles_a_stream_kind_of_its_service_and_a_docstring(service: Service, name: str) -> None:
    spec = next(spec for model, spec in service.commands.items() if model.__name__ == name)
    assert spec.roles, "default deny: a command without roles cannot be sent by anybody"
    assert spec.roles <= set(Role.__args__)  # type: ignore[attr-defined]  # a Literal's values
    assert KINDS[spec.kind] == service.name
    assert spec.model.__doc__


def test_a_rule_id_and_version_occurs_once_in_all_services() -> None:
    rules = [(rule.id, rule.version, service.name) for service in SERVICES.values() for rule in service.rules]
    assert len({(service, ident, version) for ident, version, service in rules}) == len(rules)
    for service in SERVICES.values():
        for rule in service.rules:
            assert all(nl and en for nl, en in rule.sentences.values()), f"{rule.id} is silent in one language"


def test_every_folder_of_code_says_what_question_it_answers() -> None:
    rooms = {path.parent for top in TOP for path in (ROOT / top).rglob("*.py")}
    shared = {ROOT / "tests"}
    silent = sorted(
        str(room.relative_to(ROOT))
        for room in rooms
        if not (room / "README.md").exists() and not _within(room, shared) and not _inner(room)
    )
    assert not silent, f"no README in {silent}"


def _within(room: Path, tops: set[Path]) -> bool:
    # The tests' own README speaks for the folders below it.
    return any(top in room.parents for top in tops)


def _inner(room: Path) -> bool:
    # A package that only divides one file of a room (a decider, the rules) is explained by the room.
    return (room.parent / "README.md").exists() and (room.parent / "__init__.py").exists()


def test_the_boundaries_between_the_rooms_stand() -> None:
    done = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
