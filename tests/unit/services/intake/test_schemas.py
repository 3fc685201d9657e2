"""Every command has a JSON Schema, and reads back what it writes: the web and the timers rely on both."""

from __future__ import annotations

import json

import jsonschema
import pytest

from events.times import deadline
from services.eligibility.commands import (
    COMMANDS as ELIGIBILITY_COMMANDS,
)
from services.eligibility.commands import (
    ConcludeAdmissibility,
    LapseAssessment,
    RequestClarification,
    StartAssessment,
)
from services.fields import Command
from services.intake.commands import (
    COMMANDS,
    CancelCall,
    CloseCall,
    CorrectCallDeadline,
    ExtendCallDeadline,
    GrantIndividualExtension,
    LapseApplication,
    LapseCompletion,
    NoteCase,
    NoteDecision,
    OpenCall,
    PublishCall,
    RecordApplicantSuccession,
    RegisterLateSubmission,
    ReopenApplication,
    RequestCompletion,
    SaveDraftStep,
    StoreAttachment,
    SupplyCompletion,
    WithdrawApplication,
)
from tests.unit.services.eligibility.examples import LATER, dossier
from tests.unit.services.intake.examples import BERINGEN, CALL, CASE, MERGED, TERMS, in_dutch, papers, start, submit
from tests.unit.services.intake.forms import VERSION

WORDS = in_dutch("Zo is het.")
EXAMPLES: list[Command] = [
    PublishCall(terms=TERMS),
    OpenCall(),
    ExtendCallDeadline(deadline=deadline("2021-07-19T23:59:59"), reason=WORDS),
    CloseCall(),
    start(),
    submit(),
    submit(form_version=VERSION, answers={"vision": "Goed", "needs": ["health"], "experiment": True, "inhabitants": 5}),
    StoreAttachment(
        organisation="OVO900109",
        kind="financial_plan",
        name="plan.pdf",
        sha256="ab" * 32,
        size_bytes=1,
        declared="application/pdf",
        found="application/pdf",
        flaw=None,
    ),
    SaveDraftStep(form_version=VERSION, step="project", answers={"vision": "Goed"}),
    RequestCompletion(items=["financial_plan"], reason=WORDS),
    SupplyCompletion(items=["financial_plan"], attachments=papers("financial_plan")),
    CorrectCallDeadline(deadline=deadline("2021-07-19T23:59:59"), reason=WORDS),
    GrantIndividualExtension(applicants=["OVO900109"], deadline=deadline("2021-07-19T23:59:59"), reason=WORDS),
    CancelCall(reason=WORDS),
    NoteCase(case=CASE, source=LATER),
    NoteDecision(reference="VR PV 2021/50 – punt 3", cases=[CASE], source=LATER),
    RegisterLateSubmission(),
    ReopenApplication(items=["financial_plan"], reason=WORDS),
    RecordApplicantSuccession(successor=MERGED, merged=[BERINGEN], effective_on="2021-06-01", reason=WORDS),
    LapseApplication(source=LATER),
    LapseCompletion(),
    WithdrawApplication(reason=WORDS),
    StartAssessment(call=CALL, dossier=dossier()),
    RequestClarification(rules=["E3"], question=WORDS),
    ConcludeAdmissibility(),
    LapseAssessment(source=LATER),
]


@pytest.mark.parametrize("command", EXAMPLES, ids=lambda one: one.command_name)
def test_a_command_reads_back_what_it_writes(command: Command) -> None:
    assert type(command).model_validate_json(command.model_dump_json(by_alias=True)) == command


@pytest.mark.parametrize("command", EXAMPLES, ids=lambda one: one.command_name)
def test_what_a_command_writes_is_valid_under_its_schema(command: Command) -> None:
    schema = type(command).model_json_schema(by_alias=True)
    body = json.loads(command.model_dump_json(by_alias=True))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(body)


@pytest.mark.parametrize("model", [*COMMANDS, *ELIGIBILITY_COMMANDS], ids=lambda one: one.command_name)
def test_a_command_takes_no_unknown_field(model: type[Command]) -> None:
    assert model.model_json_schema()["additionalProperties"] is False


def test_every_command_of_intake_has_an_example() -> None:
    assert set(COMMANDS) <= {type(one) for one in EXAMPLES}
