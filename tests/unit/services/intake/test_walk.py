"""Whatever is sent to intake, in whatever order and at whatever moment: what may never happen does not happen."""

from __future__ import annotations

from typing import Any

from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from events.envelope import Actor
from events.intake import (
    ApplicationLapsed,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    CallOpened,
    CompletionSupplied,
    DecisionNoted,
    LateSubmissionRecorded,
    LateSubmissionRegistered,
)
from events.times import deadline, instant, moment
from events.unique import keys_of
from events.vocabulary import Source
from services.deciding import Accepted, Decision, SetTimer
from services.fields import Command
from services.intake.commands import (
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
    SubmitApplication,
    SupplyCompletion,
    WithdrawApplication,
)
from services.intake.reactions import timers
from services.intake.state import Application, Call
from services.intake.worker import INTAKE
from tests.given import Given, actor, given
from tests.unit.services.intake.examples import (
    APPLICANT,
    BERINGEN,
    CALL,
    CALL_STREAM,
    CASE,
    CASE_STREAM,
    MERGED,
    OFFICIAL,
    STRANGER,
    TIMER,
    in_dutch,
    papers,
    registering,
    start,
    submit,
)
from tests.unit.services.intake.forms import FORM, VERSION

WORDS = in_dutch("Zo is het.")
SOURCE = Source(event_id="00000000-0000-5000-8000-00000000000e", position=9)
TERMS = registering(reopening_roles=["case_handler"], form=FORM)
SUCCESSOR = actor("applicant", MERGED.ovo)
SUCCEED = RecordApplicantSuccession(successor=MERGED, merged=[BERINGEN], effective_on="2021-03-01", reason=WORDS)
ITEMS = st.lists(st.sampled_from(["council_decision", "pledge_letters", "financial_plan"]), min_size=1, max_size=3)
UPLOAD = StoreAttachment(
    organisation=BERINGEN.ovo,
    kind="financial_plan",
    name="plan.pdf",
    sha256="ab" * 32,
    size_bytes=1,
    declared="application/pdf",
    found="application/pdf",
    flaw=None,
)
NEW_YEAR = "2022-01-01T00:00:00.000000Z"


def answered(**other: Any) -> SubmitApplication:
    return submit(form_version=VERSION, answers={"vision": "Goed", "politician": "An Peeters"}, **other)


RARE: list[Command] = [
    CancelCall(reason=WORDS),
    NoteDecision(reference="VR 1", cases=[CASE], source=SOURCE),
    SUCCEED,
    LapseApplication(source=SOURCE),
]
DAYS = st.integers(min_value=1, max_value=28)
COMMANDS = st.one_of(
    st.sampled_from(
        [
            PublishCall(terms=TERMS),
            OpenCall(),
            CloseCall(),
            start(),
            start(neighbourhood="Koersel"),
            answered(),
            answered(project="Tweede poging"),
            answered(themes=["sports"]),
            LapseCompletion(),
            WithdrawApplication(reason=WORDS),
            SaveDraftStep(form_version=VERSION, step="project", answers={"vision": "Goed"}),
            UPLOAD,
            RegisterLateSubmission(),
            NoteCase(case=CASE, source=SOURCE),
        ]
    ),
    # What stops everything else comes less often.
    st.integers(min_value=0, max_value=3).map(lambda one: RARE[one]),
    DAYS.map(lambda day: CorrectCallDeadline(deadline=deadline(f"2021-07-{day:02}T12:00:00"), reason=WORDS)),
    DAYS.map(
        lambda day: GrantIndividualExtension(
            applicants=[BERINGEN.ovo], deadline=deadline(f"2021-07-{day:02}T23:59:59"), reason=WORDS
        )
    ),
    ITEMS.map(lambda items: ReopenApplication(items=items, reason=WORDS)),
    DAYS.map(lambda day: ExtendCallDeadline(deadline=deadline(f"2021-07-{day:02}T23:59:59"), reason=WORDS)),
    ITEMS.map(lambda items: RequestCompletion(items=items, reason=WORDS)),
    ITEMS.map(lambda items: SupplyCompletion(items=items, attachments=papers(*items))),
)
MOMENTS = st.builds(
    lambda month, day, hour: instant(moment(f"2021-{month:02}-{day:02}T{hour:02}:00:00.000000Z")),
    st.integers(min_value=3, max_value=8),
    DAYS,
    st.integers(min_value=0, max_value=23),
)
STEPS = st.lists(st.tuples(MOMENTS, COMMANDS, st.sampled_from([APPLICANT, SUCCESSOR, STRANGER])), max_size=25)


def send(before: Given, command: Command, at: str, by: Actor) -> tuple[Decision, Given]:
    kind = INTAKE.commands[type(command)].kind
    who = by if "applicant" in INTAKE.commands[type(command)].roles else OFFICIAL
    answer = before.when(kind, CALL if kind == "call" else CASE, command, at=at, by=who)
    return answer.decision, answer.recorded()


def walk(steps: list[tuple[str, Command, Actor]]) -> Given:
    """Send everything in the order of time, and each command twice."""
    on_record = given(INTAKE)
    for at, command, by in sorted(steps, key=lambda step: step[0]):
        _, on_record = send(on_record, command, at, by)
        again, on_record = send(on_record, command, at, by)
        assert again.facts == (), f"{type(command).__name__} took effect twice"
    return on_record


def facts_of(on_record: Given, stream: str) -> list[Any]:
    return [event.fact for event in on_record.streams.get(stream, [])]


@for_all(steps=STEPS)
@settings(max_examples=150, deadline=None)
def test_a_repeat_in_the_same_moment_records_nothing(steps: list[tuple[str, Command, Actor]]) -> None:
    walk([("2021-03-11T08:00:00.000000Z", PublishCall(terms=TERMS), OFFICIAL), *steps])


@for_all(steps=STEPS)
@settings(max_examples=150, deadline=None)
def test_no_order_of_commands_breaks_a_rule(steps: list[tuple[str, Command, Actor]]) -> None:
    opening = [("2021-03-11T08:00:00.000000Z", PublishCall(terms=TERMS), OFFICIAL)]
    on_record = walk([*opening, ("2021-03-11T08:00:00.000000Z", start(), APPLICANT), *steps])
    call, case = facts_of(on_record, CALL_STREAM), facts_of(on_record, CASE_STREAM)
    assert len([one for one in call if isinstance(one, CallOpened)]) <= 1
    handed_in = [
        (event, event.fact)
        for event in on_record.streams[CASE_STREAM]
        if isinstance(event.fact, ApplicationSubmitted | LateSubmissionRegistered)
    ]
    assert len(handed_in) <= 1
    for event, fact in handed_in:
        moment_in = fact.submitted_at if isinstance(fact, LateSubmissionRegistered) else event.envelope.occurred_at
        assert moment_in <= fact.deadline.utc
        assert fact.content.themes != ["sports"]
    versioned = ApplicationSubmitted | LateSubmissionRegistered | CompletionSupplied
    versions = [one.application_version for one in case if isinstance(one, versioned)]
    assert versions == list(range(1, len(versions) + 1))
    assert len([one for one in case if isinstance(one, ApplicationWithdrawn)]) <= len(handed_in)
    assert len([one for one in case if isinstance(one, ApplicationWithdrawn | ApplicationLapsed)]) <= 1


@for_all(steps=STEPS)
@settings(max_examples=100, deadline=None)
def test_i4_what_was_sent_has_no_open_step_and_i5_what_was_decided_is_not_withdrawn(
    steps: list[tuple[str, Command, Actor]],
) -> None:
    opening = [("2021-03-11T08:00:00.000000Z", PublishCall(terms=TERMS), OFFICIAL)]
    on_record = walk([*opening, ("2021-03-11T08:00:00.000000Z", start(), APPLICANT), *steps])
    state = INTAKE.initial("application")
    noted = [event.position for event in on_record.streams[CALL_STREAM] if isinstance(event.fact, DecisionNoted)]
    for event in on_record.streams[CASE_STREAM]:
        state = INTAKE.evolve(state, event.fact)
        assert (state.status == "incomplete") == bool(state.missing)
        if isinstance(event.fact, ApplicationWithdrawn):
            assert not [one for one in noted if one < event.position]


@for_all(steps=STEPS)
@settings(max_examples=100, deadline=None)
def test_i2_a_key_is_never_released_before_it_was_claimed(steps: list[tuple[str, Command, Actor]]) -> None:
    opening = [("2021-03-11T08:00:00.000000Z", PublishCall(terms=TERMS), OFFICIAL)]
    on_record = walk([*opening, ("2021-03-11T08:00:00.000000Z", start(), APPLICANT), *steps])
    changes = [change.action for one in facts_of(on_record, CASE_STREAM) for change in keys_of(one)]
    # A succession lets go of one key and takes another.
    assert changes[::2] == ["claim"] * len(changes[::2])
    assert changes[1::2] == ["release"] * len(changes[1::2])


@for_all(steps=STEPS)
@settings(max_examples=100, deadline=None)
def test_every_timer_that_fires_leaves_nothing_open(steps: list[tuple[str, Command, Actor]]) -> None:
    on_record = walk([("2021-03-11T08:00:00.000000Z", PublishCall(terms=TERMS), OFFICIAL), *steps])
    for stream in (CALL_STREAM, CASE_STREAM):
        for fact in facts_of(on_record, stream):
            for change in timers(fact):
                if isinstance(change, SetTimer):
                    read = type(change.issue.command).model_validate_json(change.issue.command.model_dump_json())
                    answer = on_record.when(change.issue.kind, change.issue.id, read, at=NEW_YEAR, by=TIMER)
                    assert isinstance(answer.decision, Accepted)
                    on_record = answer.recorded()
    call, case = on_record.state(CALL_STREAM), on_record.state(CASE_STREAM)
    assert isinstance(call, Call)
    assert isinstance(case, Application)
    assert call.status in ("closed", "cancelled")
    assert case.status != "incomplete"
    assert case.missing == ()


def test_every_command_is_walked() -> None:
    drawn = {PublishCall, OpenCall, CloseCall, LapseCompletion, WithdrawApplication, ExtendCallDeadline}
    drawn |= {
        RequestCompletion,
        SupplyCompletion,
        type(start()),
        SubmitApplication,
        SaveDraftStep,
        StoreAttachment,
        *map(type, RARE),
    }
    drawn |= {RegisterLateSubmission, NoteCase, CorrectCallDeadline, GrantIndividualExtension, ReopenApplication}
    assert drawn == set(INTAKE.commands)


def test_a_fact_in_a_stream_that_did_not_begin_folds_as_well() -> None:
    for at in ("2021-06-30T14:00:00.000000Z", "2021-08-30T14:00:00.000000Z"):
        steps: list[tuple[str, Command, Actor]] = [
            ("2021-03-11T08:00:00.000000Z", PublishCall(terms=TERMS), OFFICIAL),
            ("2021-03-11T08:00:00.000000Z", start(), APPLICANT),
            (at, answered(), APPLICANT),
        ]
        for fact in facts_of(walk(steps), CASE_STREAM):
            for kind in ("call", "application"):
                assert isinstance(INTAKE.evolve(INTAKE.initial(kind), fact), Application)
    late = facts_of(walk(steps), CASE_STREAM)[-2]
    assert isinstance(late, LateSubmissionRecorded)
