"""What is no command of decision, mistake by mistake; and who may send which."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import ValidationError

from events.canonical import SAFE_INTEGER
from services.decision.commands import (
    COMMANDS,
    IncreaseEnvelope,
    PlaceOnAgenda,
    RecordBeneficiarySuccession,
    RecordGovernmentDecision,
    ReserveAmount,
    ShiftBudget,
    SignPledge,
)
from services.fields import Command
from tests.unit.services.decision.examples import ident

WORDS = {"language": "nl", "text": "Zo is het."}
SHIFT = {"fromCategory": "staff", "toCategory": "operation", "amountCents": 1, "reason": WORDS}
INCREASE = {"increaseCents": 1, "reference": "VR", "reason": WORDS}
PLEDGE = {"partner": "house", "signatory": ident("signatory"), "name": "An Peeters"}
DECIDED = {"result": "goedgekeurd", "reference": "VR PV", "meeting": "2021-12-17"}
CITY = {"ovo": "OVO900101", "kbo": "0999000129", "name": "Stad Gent", "nis": "44021"}
SUCCESSION = {"successor": CITY, "merged": [], "effectiveOn": "2025-01-01", "basis": "Decreet"}


@pytest.mark.parametrize(
    ("model", "body"),
    [
        (ShiftBudget, SHIFT),
        (IncreaseEnvelope, INCREASE),
        (SignPledge, PLEDGE),
        (RecordGovernmentDecision, DECIDED),
        (RecordBeneficiarySuccession, SUCCESSION),
    ],
)
def test_a_command_is_read_from_lower_camel_case(model: type[Command], body: dict[str, Any]) -> None:
    command = model.model_validate_json(json.dumps(body))
    assert json.loads(command.model_dump_json(by_alias=True)) == body


@pytest.mark.parametrize(
    ("model", "body", "field"),
    [
        (ShiftBudget, {**SHIFT, "amountCents": 0}, "amountCents"),
        (ShiftBudget, {**SHIFT, "amountCents": -1}, "amountCents"),
        (ShiftBudget, {**SHIFT, "amountCents": 1.5}, "amountCents"),
        (ShiftBudget, {**SHIFT, "amountCents": SAFE_INTEGER + 1}, "amountCents"),
        (ShiftBudget, {**SHIFT, "amountCents": "1"}, "amountCents"),
        (ShiftBudget, {**SHIFT, "fromCategory": "No Code"}, "fromCategory"),
        (ShiftBudget, {**SHIFT, "reason": "plain"}, "reason"),
        (ShiftBudget, {**SHIFT, "more": 1}, "more"),
        (IncreaseEnvelope, {**INCREASE, "increaseCents": 0}, "increaseCents"),
        (IncreaseEnvelope, {**INCREASE, "reference": ""}, "reference"),
        (SignPledge, {**PLEDGE, "signatory": "An Peeters"}, "signatory"),
        (SignPledge, {**PLEDGE, "name": ""}, "name"),
        (RecordGovernmentDecision, {**DECIDED, "result": "verworpen"}, "result"),
        (RecordGovernmentDecision, {**DECIDED, "meeting": "2021-02-30"}, "meeting"),
        (PlaceOnAgenda, {"meeting": "17-12-2021", "reference": "VR"}, "meeting"),
        (RecordBeneficiarySuccession, {**SUCCESSION, "successor": {**CITY, "kbo": "0999000130"}}, "successor"),
        (ReserveAmount, {"amountCents": 1, "proposalVersion": 0}, "proposalVersion"),
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


def test_no_role_both_advises_and_decides() -> None:
    roles = {model.__name__: spec.roles for model, spec in COMMANDS.items()}
    assert not roles["RecordInspectorateAdvice"] & roles["RecordGovernmentDecision"]
    assert not roles["RecordBudgetAgreement"] & roles["RecordGovernmentDecision"]
    assert not roles["IncreaseEnvelope"] & roles["RecordGovernmentDecision"]


def test_what_happened_outside_may_be_recorded_later() -> None:
    later = {model.__name__ for model, spec in COMMANDS.items() if spec.records_past_act}
    assert later == {
        "IncreaseEnvelope",
        "DecreaseEnvelope",
        "RecordGovernmentDecision",
        "PublishDecision",
        "WaiveAward",
        "SupersedeDecision",
        "DecideAnew",
        "RetractDecision",
        "RecordAppeal",
        "RecordAppealDismissal",
        "RecordSuspension",
        "LiftSuspension",
        "RecordAnnulment",
        "SignPledge",
        "RefusePledge",
        "RecordPartnerLeft",
    }
