"""The registry of intake: who may what, what a body may hold, and which rules stand behind it."""

from __future__ import annotations

import json
from typing import Any, get_args

import pytest
from pydantic import ValidationError

from events.canonical import SAFE_INTEGER
from events.catalog import FACT_TYPES
from events.intake import ApplicationFacts, CallFacts
from services.deciding import reads_nothing
from services.fields import Command
from services.intake.api import SERVICE
from services.intake.commands import COMMANDS, IntakeCommand, PublishCall, StartDraft, SubmitApplication
from services.intake.rules import RULES
from services.intake.state import Application, Call
from services.intake.worker import INTAKE
from tests.given import given
from tests.unit.services.intake.examples import CALL, CASE, TERMS, line, money, start, submit

WITHOUT_A_RULE = {"FORM", "STATE", "OWN", "TERMS", "I2"}
"""Refusals that are no `Rule`: what the state does not allow, whose it is, the terms as a whole, and the unique key."""


def body(**other: Any) -> dict[str, Any]:
    whole: dict[str, Any] = json.loads(submit().model_dump_json(by_alias=True))
    return whole | other


def places(whole: dict[str, Any]) -> list[tuple[int | str, ...]]:
    with pytest.raises(ValidationError) as caught:
        SubmitApplication.model_validate_json(json.dumps(whole))
    return [one["loc"] for one in caught.value.errors()]


def test_every_command_has_its_row() -> None:
    assert set(COMMANDS) == set(get_args(IntakeCommand))
    assert SERVICE is INTAKE


def test_every_rule_of_the_registry_is_real() -> None:
    named = {rule for spec in COMMANDS.values() for rule in spec.rules}
    assert named == {one.id for one in RULES} | WITHOUT_A_RULE


def test_only_beginnings_create_a_stream() -> None:
    assert {model for model, spec in COMMANDS.items() if spec.creates} == {PublishCall, StartDraft}


def test_every_command_on_an_application_sees_its_call() -> None:
    for spec in COMMANDS.values():
        assert (spec.reads is reads_nothing) == (spec.kind == "call")
    submission = COMMANDS[SubmitApplication]
    assert list(submission.reads(submit(), CASE, Application("draft", call=CALL), {})) == [f"call-{CALL}"]
    assert list(submission.reads(submit(), CASE, Application(), {})) == []


@pytest.mark.parametrize(("state", "wrong"), [(Call(), submit()), (Application(), PublishCall(terms=TERMS))])
def test_a_command_goes_to_its_own_kind_of_stream(state: Call | Application, wrong: Command) -> None:
    context = given(INTAKE).when("application", CASE, start()).context
    with pytest.raises(TypeError, match="does not go to"):
        INTAKE.decide(state, wrong, context)


def test_every_fact_of_intake_folds() -> None:
    own = {name for name, row in FACT_TYPES.items() if row.service == "intake"}
    assert own == {one.__name__ for one in (*get_args(CallFacts), *get_args(ApplicationFacts))}


def test_a_body_reads_as_it_was_written() -> None:
    assert SubmitApplication.model_validate_json(json.dumps(body())) == submit()


@pytest.mark.parametrize(
    ("field", "value", "place"),
    [
        ("requestedCents", -1, ("requestedCents",)),
        ("requestedCents", 1.5, ("requestedCents",)),
        ("requestedCents", 2**63, ("requestedCents",)),
        ("requestedCents", "100", ("requestedCents",)),
        ("contactEmail", "niemand", ("contactEmail",)),
        ("contactPhone", "bel mij", ("contactPhone",)),
        ("contactPerson", "Mieke", ("contactPerson",)),
        ("contactName", "", ("contactName",)),
        ("contactName", "e\u0301", ("contactName",)),
        ("themes", ["Wonen"], ("themes", 0)),
        ("budget", [], ("budget",)),
        ("term", {"start": "2022-02-30", "end": "2025-12-31"}, ("term", "start")),
        ("surprise", 1, ("surprise",)),
    ],
)
def test_a_mistake_is_found_at_its_place(field: str, value: object, place: tuple[int | str, ...]) -> None:
    assert places(body(**{field: value})) == [place]


def test_several_mistakes_are_found_at_once() -> None:
    assert places(body(requestedCents=-1, contactEmail="x", themes="wonen")) == [
        ("contactEmail",),
        ("themes",),
        ("requestedCents",),
    ]


def test_lines_add_up_within_the_integers_of_the_log() -> None:
    costs = [line("personnel", SAFE_INTEGER, 0), line("operating", 1, 0)]
    subsidised = [line("personnel", 1, SAFE_INTEGER), line("operating", 1, 1)]
    means = [money("subsidy", SAFE_INTEGER), money("own", 1)]
    for wrong in ({"budget": costs}, {"budget": subsidised}, {"financing": means}):
        with pytest.raises(ValidationError, match="sum_too_large"):
            submit(**wrong)
