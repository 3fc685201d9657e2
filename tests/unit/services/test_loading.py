"""From recorded facts to what a decider sees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from events.catalog import AnyFact
from events.envelope import Actor
from events.intake import CallOpened
from events.vocabulary import Source
from services.deciding import CommandSpec, Context, reads_nothing
from services.fields import Command
from services.intake.commands import OpenCall
from services.intake.worker import INTAKE
from services.loading import Loaded, context, fold, wanted
from tests.given import given, recorded
from tests.unit.services.intake.examples import CALL, CALL_STREAM, CASE, CASE_STREAM, opened, published

NOON = "2021-05-03T10:00:00.000000Z"
PANEL, RANKING = f"panel-{CALL}", f"ranking-{CALL}"
ACTOR = Actor(role="case_handler", organisation="OVO900001", person="p-1")


def loaded(stream: str, state: object = None, version: int = 1) -> Loaded:
    return Loaded(stream, state, version, {"CallOpened": Source(event_id=f"event of {stream}", position=version)})


def spec(reads: Any = reads_nothing) -> CommandSpec:
    return CommandSpec(OpenCall, "call", frozenset({"case_handler"}), (), reads=reads)


# Folding


def test_an_empty_stream_is_the_kinds_first_state_at_version_0() -> None:
    for stream in (CALL_STREAM, CASE_STREAM):
        one = fold(INTAKE, stream, [])
        assert one == Loaded(stream, INTAKE.initial(stream[:-37]), 0, {})
    assert fold(INTAKE, CALL_STREAM, []).state != fold(INTAKE, CASE_STREAM, []).state


def test_a_stream_is_folded_in_order_and_its_version_is_its_length() -> None:
    told = given(INTAKE).has(CALL_STREAM, published(), opened())
    one = fold(INTAKE, CALL_STREAM, told.streams[CALL_STREAM])
    stepwise = INTAKE.evolve(INTAKE.evolve(INTAKE.initial("call"), published()), opened())
    assert (one.version, one.state) == (2, stepwise)

    listening = replace(INTAKE, initial=lambda _kind: (), evolve=lambda state, fact: (*state, fact))
    assert fold(listening, CALL_STREAM, told.streams[CALL_STREAM]).state == (published(), opened())


def test_a_state_knows_where_the_last_fact_of_each_type_stands() -> None:
    facts: list[AnyFact] = [published(), opened(), opened()]
    events = [recorded(CALL_STREAM, fact, 10 + version, version, NOON) for version, fact in enumerate(facts, 1)]
    sources = fold(INTAKE, CALL_STREAM, events).sources
    assert sources == {
        "CallPublished": Source(event_id=events[0].envelope.event_id, position=11),
        "CallOpened": Source(event_id=events[2].envelope.event_id, position=13),
    }


# What else a command reads


def test_a_command_that_reads_nothing_wants_nothing() -> None:
    assert wanted(spec(), OpenCall(), CALL_STREAM, {CALL_STREAM: loaded(CALL_STREAM)}) == []


def test_a_command_wants_what_it_names_once_each_in_order_until_it_is_there() -> None:
    def reads(_command: Command, _id: str, _state: object, _states: Mapping[str, Any]) -> Sequence[str]:
        return (RANKING, PANEL, RANKING)

    have = {CALL_STREAM: loaded(CALL_STREAM)}
    assert wanted(spec(reads), OpenCall(), CALL_STREAM, have) == [RANKING, PANEL]
    have[RANKING] = loaded(RANKING)
    assert wanted(spec(reads), OpenCall(), CALL_STREAM, have) == [PANEL]
    have[PANEL] = loaded(PANEL)
    assert wanted(spec(reads), OpenCall(), CALL_STREAM, have) == []


def test_a_command_is_not_given_its_own_target_twice() -> None:
    def reads(*_: object) -> Sequence[str]:
        return (CALL_STREAM,)

    assert wanted(spec(reads), OpenCall(), CALL_STREAM, {CALL_STREAM: loaded(CALL_STREAM)}) == []


def test_what_a_command_wants_may_follow_from_what_was_read_before() -> None:
    asked: list[tuple[object, ...]] = []

    def reads(command: Command, ident: str, state: object, states: Mapping[str, Any]) -> Sequence[str]:
        asked.append((command, ident, state, dict(states)))
        return (PANEL, RANKING) if PANEL in states else (PANEL,)

    have = {CALL_STREAM: loaded(CALL_STREAM, "open")}
    assert wanted(spec(reads), OpenCall(), CALL_STREAM, have) == [PANEL]
    have[PANEL] = loaded(PANEL, "composed")
    assert wanted(spec(reads), OpenCall(), CALL_STREAM, have) == [RANKING]
    assert asked == [
        (OpenCall(), CALL, "open", {}),
        (OpenCall(), CALL, "open", {PANEL: "composed"}),
    ], "its own state comes apart from the others'"


# The context


def test_the_context_holds_everything_that_was_read_and_keeps_what_was_known() -> None:
    base = Context(at=NOON, actor=ACTOR, stream=CALL_STREAM, id=CALL, version=0, command_id=CASE)
    have = {CALL_STREAM: loaded(CALL_STREAM, "open", 7), PANEL: loaded(PANEL, "composed", 3)}
    seen = context(base, have)
    assert (seen.at, seen.actor, seen.stream, seen.id, seen.command_id) == (NOON, ACTOR, CALL_STREAM, CALL, CASE)
    assert seen.version == 7
    assert seen.states == {PANEL: "composed"}, "the target's state is handed in by itself"
    assert set(seen.sources) == {CALL_STREAM, PANEL}


def test_a_check_can_name_the_events_its_inputs_came_from() -> None:
    base = Context(at=NOON, actor=ACTOR, stream=CALL_STREAM, id=CALL, version=0, command_id=CASE)
    seen = context(base, {CALL_STREAM: loaded(CALL_STREAM, version=2), PANEL: loaded(PANEL, version=5)})
    assert seen.source(CALL_STREAM, CallOpened) == Source(event_id=f"event of {CALL_STREAM}", position=2)
    assert seen.source(PANEL, CallOpened) == Source(event_id=f"event of {PANEL}", position=5)
    assert seen.source(PANEL, type(published())) is None
    assert seen.source(RANKING, CallOpened) is None
