"""What is no command of the jury, mistake by mistake; and who may send which."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import ValidationError

from services.fields import Command
from services.jury.commands import (
    COMMANDS,
    AdoptAdvice,
    AssignApplication,
    ComposePanel,
    DeclareInterests,
    RecuseMember,
    SubmitScore,
)
from services.jury.state import Evaluation, Panel, Ranking, State, initial
from tests.unit.services.jury.examples import ANNA, CALL, CHAIR, SECRETARY

SEAT = {"person": ANNA, "name": "Anna", "employer": "OVO900201", "capacity": "external", "expertise": "planning"}
PANEL = {"chair": CHAIR, "secretary": SECRETARY, "members": [SEAT]}
INTERESTS = {"member": ANNA, "statement": "Geen.", "organisations": []}
RECUSAL = {"call": CALL, "member": ANNA, "ground": "other"}
SCORE = {"scores": [{"criterion": "quality", "points": 1}]}
TEXT = {"nl": "Goed.", "en": "Good."}
ADVICE = {
    "outcome": "favourable",
    "proposedCents": 1,
    "reasons": [{"criterion": "quality", "reason": TEXT}],
    "report": {"language": "nl", "text": "Verslag."},
    "conditions": [],
    "cooperation": [],
    "reduction": None,
    "answer": None,
}


@pytest.mark.parametrize(
    ("model", "body"),
    [
        (ComposePanel, PANEL),
        (DeclareInterests, INTERESTS),
        (RecuseMember, RECUSAL),
        (SubmitScore, SCORE),
        (AdoptAdvice, ADVICE),
    ],
)
def test_a_command_is_read_from_lower_camel_case(model: type[Command], body: dict[str, Any]) -> None:
    command = model.model_validate_json(json.dumps(body))
    assert json.loads(command.model_dump_json(by_alias=True)) == body


@pytest.mark.parametrize(
    ("model", "body", "field"),
    [
        (ComposePanel, {**PANEL, "members": []}, "members"),
        (ComposePanel, {**PANEL, "members": [{**SEAT, "person": "Anna"}]}, "members"),
        (ComposePanel, {**PANEL, "members": [{**SEAT, "capacity": "friend"}]}, "members"),
        (ComposePanel, {**PANEL, "members": [{**SEAT, "more": 1}]}, "members"),
        (ComposePanel, {**PANEL, "chair": "the chair"}, "chair"),
        (DeclareInterests, {**INTERESTS, "statement": ""}, "statement"),
        (DeclareInterests, {**INTERESTS, "organisations": ["Stad Gent"]}, "organisations"),
        (AssignApplication, {"call": CALL, "members": []}, "members"),
        (RecuseMember, {**RECUSAL, "ground": "no reason"}, "ground"),
        (SubmitScore, {"scores": []}, "scores"),
        (SubmitScore, {"scores": [{"criterion": "quality", "points": 1.5}]}, "scores"),
        (AdoptAdvice, {**ADVICE, "proposedCents": -1}, "proposedCents"),
        (AdoptAdvice, {**ADVICE, "outcome": "maybe"}, "outcome"),
        (AdoptAdvice, {**ADVICE, "report": {"language": "nl", "text": ""}}, "report"),
        (AdoptAdvice, {**ADVICE, "reasons": [{"criterion": "quality", "reason": {"nl": "Goed."}}]}, "reasons"),
    ],
)
def test_what_is_no_command_names_its_field(model: type[Command], body: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as told:
        model.model_validate_json(json.dumps(body))
    assert {str(mistake["loc"][0]) for mistake in told.value.errors()} == {field}


def test_what_only_follows_from_facts_is_sent_by_the_service_alone() -> None:
    carried = {model for model in COMMANDS if "source" in model.model_fields}
    assert carried
    assert all(COMMANDS[model].roles == {"service"} for model in carried)


def test_the_secretariat_neither_scores_nor_advises() -> None:
    for model in (SubmitScore, AdoptAdvice):
        assert "jury_secretary" not in COMMANDS[model].roles


@pytest.mark.parametrize(("kind", "state"), [("panel", Panel()), ("evaluation", Evaluation()), ("ranking", Ranking())])
def test_nothing_has_happened_yet(kind: str, state: State) -> None:
    assert initial(kind) == state
