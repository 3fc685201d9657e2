"""The checker finds what it must: a history that is good, and the same with one thing wrong, kind after kind."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from typing import Any

import pytest

from events import codec
from events.adapters.kafka.public_records import public_partition
from events.adapters.kafka.records import BrokenRecord, KafkaRecorded, place_of
from events.publication import Place
from events.store import Recorded
from projections.memory import MemoryRunner
from projections.views import VIEWS
from tests import comparing
from tests.changing import replace
from tests.integration.kafka.logs import rolled
from tests.simulation.world import World
from tests.soak.checker import check
from tests.soak.faults import KINDS, plan
from tests.soak.history import Acknowledged, History, Told
from tests.soak.load import wave
from tests.soak.of_log import frame_of
from tests.soak.of_public import public_events
from tests.soak.of_reactions import following
from tests.soak.watching import Pause, Sample, longest_pause

SEED = 11


@pytest.fixture(scope="module")
def good() -> History:
    """A wave of one small call, undisturbed, in memory."""
    return asyncio.run(undisturbed())


async def undisturbed() -> History:
    world = World(SEED)
    await world.begin()
    sent: list[str] = []
    for chapter in wave(SEED, 0, small=1):
        await world.advance(chapter.at)
        for step in (step for lane in chapter.lanes for step in lane):
            sent.append(step.command_id)
            await world.send(step)
    await world.settled()
    log = await comparing.whole_log(world.store)
    ids = {frame_of(event.body).command_id for event in log} | {*sent, *following(log, world.clock.now()).all}
    records = {name: record for name in ids if (record := await world.store.find_command(name))}
    views = {name: MemoryRunner(view) for name, view in VIEWS.items()}
    for view in views.values():
        await view.apply(log)
    return History(
        log=log,
        sent=sent,
        acknowledged=[_answer(log, records, name) for name in sent],
        remembered=records,
        kafka=published(log),
        ends=rolled(published(log)),
        public=told(log),
        now=world.clock.now(),
        views={name: list(runner.rows.values()) for name, runner in views.items()},
        balances=await world.store.balances(),
    )


def _answer(log: Sequence[Recorded], records: Mapping[str, Any], name: str) -> Acknowledged:
    record = records[name]
    first = record.first_position or 1
    events = [frame_of(event.body).event_id for event in log[first - 1 : first - 1 + record.count]]
    return Acknowledged(name, record.stream, record.version, record.position, events)


def published(log: Sequence[Recorded]) -> dict[Place, list[KafkaRecorded]]:
    """What a faultless relay makes of the log."""
    found: dict[Place, list[KafkaRecorded]] = {}
    for event in log:
        partition = found.setdefault(place_of(event.stream), [])
        values = {name: getattr(event, name) for name in Recorded.__struct_fields__}
        partition.append(KafkaRecorded(**values, previous=partition[-1].position if partition else 0))
    return found


def told(log: Sequence[Recorded]) -> dict[int, list[Told]]:
    """What a faultless publisher makes of it."""
    found: dict[int, list[Told]] = {}
    for _, one in sorted(public_events(log).items()):
        found.setdefault(public_partition(one.key), []).append(one)
    return found


def test_a_history_without_faults_has_no_finding(good: History) -> None:
    verdict = check(good)
    assert verdict.findings == []
    assert verdict.figures["acknowledged"] == len(good.sent) > 250
    assert verdict.figures["reactions"] > 80
    assert verdict.figures["deadlines"] > 9
    assert verdict.figures["published again"] == 0


def test_repeats_on_kafka_are_counted_and_no_finding(good: History) -> None:
    place, records = longest(good)
    verdict = check(replace(good, kafka={**good.kafka, place: [*records, *records[3:7]]}))
    assert verdict.findings == []
    assert verdict.figures["published again"] == 4


def longest(history: History) -> tuple[Place, list[Any]]:
    place = max(history.kafka, key=lambda one: len(history.kafka[one]))
    return place, list(history.kafka[place])


def with_log(history: History, log: Sequence[Recorded]) -> History:
    return replace(history, log=log)


def lost_tail(history: History) -> History:
    """The last acknowledged command is gone, as if the disk had never had it."""
    last = max(history.acknowledged, key=lambda one: one.position)
    return with_log(history, [event for event in history.log if event.position < last.position])


def hole(history: History) -> History:
    return with_log(history, [event for event in history.log if event.position != 77])


def moved(history: History) -> History:
    first = replace(history.acknowledged[0], position=history.acknowledged[0].position + 1)
    return replace(history, acknowledged=[first, *history.acknowledged[1:]])


def other_answer(history: History) -> History:
    again = replace(history.acknowledged[5], version=99)
    return replace(history, acknowledged=[*history.acknowledged, again])


def never_answered(history: History) -> History:
    """A command that was told to be accepted without facts, and is nowhere."""
    ghost = Acknowledged("00000000-0000-4000-8000-000000000001", "call-x", 0, 9)
    return replace(history, acknowledged=[*history.acknowledged, ghost])


def invented(history: History) -> History:
    return replace(history, sent=history.sent[1:])  # type: ignore[index]  # a list here


def effect_twice(history: History) -> History:
    """The same command's events once more at the end of the log."""
    done = next(one for one in history.log if one.type == "ApplicationSubmitted")
    again = replace(done, position=len(history.log) + 1, recorded_at=history.log[-1].recorded_at)
    return with_log(history, [*history.log, again])


def swapped(history: History) -> History:
    log = list(history.log)
    log[50], log[51] = log[51], log[50]
    return with_log(history, log)


def rewritten(history: History) -> History:
    log = list(history.log)
    log[60] = replace(log[60], body=log[60].body.replace(b'"occurred_at":"2021', b'"occurred_at":"2020'))
    return with_log(history, log)


def earlier(history: History) -> History:
    log = list(history.log)
    log[70] = replace(log[70], recorded_at=log[0].recorded_at)
    return with_log(history, log)


def forgotten(history: History) -> History:
    name = history.acknowledged[3].command_id
    return replace(history, remembered={key: one for key, one in history.remembered.items() if key != name})


def no_reaction(history: History) -> History:
    """One reaction never happened: its target knows nothing of it."""
    name = next(iter(following(history.log, history.now).reactions))
    return replace(history, remembered={key: one for key, one in history.remembered.items() if key != name})


def no_deadline(history: History) -> History:
    name = next(iter(following(history.log, history.now).due))
    return replace(history, remembered={key: one for key, one in history.remembered.items() if key != name})


def reaction_doubled(history: History) -> History:
    """One reaction acted twice, the second time under an id that does not follow from its cause."""
    names = following(history.log, history.now).reactions
    done = next(one for one in history.log if frame_of(one.body).command_id in names)
    name = frame_of(done.body).command_id.encode()
    again = replace(
        done,
        position=len(history.log) + 1,
        recorded_at=history.log[-1].recorded_at,
        body=done.body.replace(name, b"00000000-0000-4000-8000-000000000002"),
    )
    return with_log(history, [*history.log, again])


def unpublished(history: History) -> History:
    place, records = longest(history)
    return replace(history, kafka={**history.kafka, place: records[:-1]})


def overtaken(history: History) -> History:
    place, records = longest(history)
    records[4], records[5] = records[5], records[4]
    return replace(history, kafka={**history.kafka, place: records})


def published_otherwise(history: History) -> History:
    place, records = longest(history)
    records[4] = replace(records[4], signature=b"\x00" * 64)
    return replace(history, kafka={**history.kafka, place: records})


def repeated_otherwise(history: History) -> History:
    """A repeat that is not what was sent before."""
    place, records = longest(history)
    again = replace(records[2], key_id="another")
    return replace(history, kafka={**history.kafka, place: [*records, again]})


def published_alone(history: History) -> History:
    place, records = longest(history)
    alone = replace(records[-1], position=len(history.log) + 1, previous=records[-1].position)
    return replace(history, kafka={**history.kafka, place: [*records, alone]})


def unreadable(history: History) -> History:
    place, records = longest(history)
    rubbish = BrokenRecord(*place, len(records), "it says nothing")
    return replace(history, kafka={**history.kafka, place: [*records, rubbish]})


def miscounted(history: History) -> History:
    """The relay took an event for one that it had counted already."""
    place, records = longest(history)
    end = rolled({place: records[:-1]})[place]
    return replace(history, ends={**history.ends, place: end})


def told_most(history: History) -> tuple[int, list[Told]]:
    partition = max(history.public, key=lambda one: len(history.public[one]))
    return partition, list(history.public[partition])


def untold(history: History) -> History:
    partition, records = told_most(history)
    return replace(history, public={**history.public, partition: records[1:]})


def told_too_early(history: History) -> History:
    partition, records = told_most(history)
    return replace(history, public={**history.public, partition: [records[1], records[0], *records[2:]]})


def told_otherwise(history: History) -> History:
    partition, records = told_most(history)
    records[0] = replace(records[0], body=records[0].body.replace(b"1", b"2"))
    return replace(history, public={**history.public, partition: records})


def row_missing(history: History) -> History:
    name = max(history.views, key=lambda one: len(history.views[one]))
    return replace(history, views={**history.views, name: history.views[name][1:]})


def row_folded_twice(history: History) -> History:
    rows = [copy(row) for row in history.views["budget_consumption"]]
    rows[0].envelope_cents *= 2
    return replace(history, views={**history.views, "budget_consumption": rows})


def cents_gone(history: History) -> History:
    first = history.balances[0]
    return replace(history, balances=[replace(first, debits_posted=first.debits_posted + 1), *history.balances[1:]])


def parked(history: History) -> History:
    return replace(history, parked=["react:jury: call-1 stands still"])


PLANTED: Mapping[Callable[[History], History], str] = {
    lost_tail: "lost",
    hole: "hole",
    moved: "moved",
    other_answer: "two-answers",
    never_answered: "lost",
    invented: "invented",
    effect_twice: "twice",
    swapped: "hole",
    rewritten: "broken-chain",
    earlier: "time-reversed",
    forgotten: "forgotten",
    no_reaction: "no-reaction",
    no_deadline: "no-deadline",
    reaction_doubled: "invented",
    unpublished: "unpublished",
    overtaken: "misordered",
    published_otherwise: "published-otherwise",
    repeated_otherwise: "published-otherwise",
    published_alone: "published-alone",
    unreadable: "unreadable",
    miscounted: "relay-books",
    untold: "untold",
    told_too_early: "told-misordered",
    told_otherwise: "told-otherwise",
    row_missing: "view",
    row_folded_twice: "view",
    cents_gone: "books",
    parked: "parked",
}


def test_every_planted_fault_is_found(good: History) -> None:
    found = {plant.__name__: check(plant(good)).kinds for plant in PLANTED}
    missed = [plant.__name__ for plant, kind in PLANTED.items() if kind not in found[plant.__name__]]
    sys.stdout.write(f"\nplanted faults of a soak: found {len(PLANTED) - len(missed)} of {len(PLANTED)}\n")
    assert missed == []


def test_the_load_makes_every_service_react(good: History) -> None:
    names = {frame_of(event.body).command_id: event for event in good.log}
    reacted = {why.partition(":")[0] for name, why in following(good.log, good.now).reactions.items() if name in names}
    assert reacted == {"eligibility", "jury", "decision", "payment"}, "intake reacts to nobody"
    assert {codec.read(event).envelope.actor.person for event in good.log if event.type == "CallClosed"} == {
        "service:intake"
    }


def test_the_same_seed_gives_the_same_load() -> None:
    assert wave(3, 1, 2) == wave(3, 1, 2)
    one, other = ({step.command_id for lane in chapter.lanes for step in lane} for chapter in wave(3, 0, 1)[:2])
    assert not one & other


def test_the_longest_pause_is_the_longest_time_in_which_there_was_work_and_none_was_done() -> None:
    looks = [(0.0, 5, None), (9.0, 5, None), (10.0, 6, "a"), (11.0, 6, "a"), (14.0, 7, "b"), (15.0, 8, None)]
    assert longest_pause([Sample(*look) for look in looks]) == Pause(10.0, 4.0, "a")


def test_a_time_in_which_nobody_could_look_is_a_pause() -> None:
    looks = [(0.0, 5, None), (1.0, None, None), (3.0, None, None), (6.0, 5, "a"), (7.0, 6, None)]
    assert longest_pause([Sample(*look) for look in looks]).seconds == 6.0
    assert longest_pause([]) == Pause(0.0, 0.0, "")


def test_a_stall_that_lasts_to_the_end_is_seen() -> None:
    looks = [(0.0, 5, "a"), (1.0, 6, "a"), (60.0, 6, "a")]
    assert longest_pause([Sample(*look) for look in looks]).seconds == 59.0


def test_the_same_seed_plans_the_same_faults_and_each_kind_before_any_comes_again() -> None:
    planned = plan(5, len(KINDS) + 3, 600.0)
    assert planned == plan(5, len(KINDS) + 3, 600.0)
    assert {one.kind for one in planned[: len(KINDS)]} == set(KINDS)
    assert [one.at for one in planned] == sorted(one.at for one in planned)
    assert planned != plan(6, len(KINDS) + 3, 600.0)
