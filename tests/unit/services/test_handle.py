"""The one road in, on the memory twin: repeats, races, guards, and what a refusal leaves behind."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

import msgspec
import pytest

from events import codec, envelope
from events.adapters.memory import MemoryStore, MemoryVault
from events.envelope import Actor
from events.intake import CallDeadlineExtended, LateSubmissionRecorded
from events.proof.signing import verify
from events.sealing import Erased
from events.store import AppendRequest, Outcome, Recorded
from events.times import moment
from services.answers import Answer, Denied, Done, GuardDenied, Issued, KeyReused, NotFound, Stale
from services.fields import Command
from services.handle import Handler
from services.registry import SERVICES
from services.story.call_2021 import steps
from services.story.script import Step, ident
from tests.simulation.signing import signers

NOW = "2021-03-11T08:00:00.000000Z"


class Racing(MemoryStore):
    """A store in which another process can be quicker, once: `before` runs just before the next append."""

    def __init__(self) -> None:
        super().__init__(lambda: moment(NOW))
        self.before: Callable[[], Awaitable[object]] | None = None
        self.shown: int | None = None

    async def read_stream(self, stream: str, after_version: int = 0) -> Sequence[Recorded]:
        found = await super().read_stream(stream, after_version)
        return found if self.shown is None or not stream.startswith("application-") else found[: self.shown]

    async def append(self, request: AppendRequest) -> Outcome:
        if self.before is not None:
            quicker, self.before = self.before, None
            await quicker()
        return await super().append(request)


class House:
    """A handler on memory, with steps of the play to send."""

    def __init__(self) -> None:
        self.store = Racing()
        self.vault = MemoryVault()
        self._ids = 0
        self.handler = Handler(SERVICES, self.store, self.vault, signers(), self._next)

    def _next(self) -> str:
        self._ids += 1
        return ident("event", str(self._ids))

    def issued(self, step: Step) -> Issued:
        models = {model.command_name: model for model in SERVICES[step.service].commands}
        command: Command = models[step.command].model_validate_json(step.json())
        return Issued(step.service, step.kind, step.id, command, step.actor, step.at, step.command_id)

    async def send(self, step: Step) -> Answer:
        return await self.handler.handle(self.issued(step))

    async def play(self, until: str) -> None:
        for step in steps():
            if step.command == until:
                return
            assert isinstance(await self.send(step), Done)

    async def size(self) -> int:
        return (await self.store.head()).position


def step(command: str, number: int = 0) -> Step:
    return [one for one in steps() if one.command == command][number]


@pytest.fixture
def house() -> House:
    return House()


async def test_a_command_is_decided_signed_and_chained(house: House) -> None:
    answer = await house.send(step("publish-call"))
    assert isinstance(answer, Done)
    assert [event.type for event in answer.events] == ["CallPublished", "CallOpened"]
    first, second = await house.store.read_stream(answer.stream)
    assert envelope.from_bytes(first.body).prev_hash == envelope.GENESIS
    assert envelope.from_bytes(second.body).prev_hash == envelope.digest(first.body)
    assert verify(signers()["intake"].public_key, first.body, first.signature)


async def test_a_repeat_gets_the_first_answer_and_records_nothing(house: House) -> None:
    first = await house.send(step("publish-call"))
    assert isinstance(first, Done)
    size = await house.size()
    assert await house.send(step("publish-call")) == replace(first, replayed=True)
    assert await house.size() == size


@pytest.mark.parametrize("what", ["actor", "body", "moment"])
async def test_a_key_used_for_something_else_is_refused(house: House, what: str) -> None:
    await house.send(step("publish-call"))
    issued = house.issued(step("publish-call"))
    if what == "actor":
        other = replace(issued, actor=Actor(role="case_handler", organisation="OVO900001", person="another"))
    elif what == "moment":
        other = replace(issued, stated_at=NOW)
    else:
        changed = msgspec.structs.replace(issued.command.terms, envelope_cents=1)  # type: ignore[attr-defined]  # PublishCall
        other = replace(issued, command=issued.command.model_copy(update={"terms": changed}))
    assert isinstance(await house.handler.handle(other), KeyReused)


async def test_a_command_to_a_stream_that_does_not_exist_records_nothing(house: House) -> None:
    assert isinstance(await house.send(step("extend-call-deadline")), NotFound)
    assert await house.size() == 0


async def test_a_refusal_without_facts_records_nothing_and_can_be_tried_again(house: House) -> None:
    early = replace(step("submit-application"), at=NOW)
    await house.send(step("publish-call"))
    await house.send(step("start-draft"))
    wrong = house.issued(replace(early, actor=replace_org(early.actor)))
    size = await house.size()
    assert isinstance(await house.handler.handle(wrong), Denied)
    assert await house.size() == size
    assert isinstance(await house.send(early), Done)


def replace_org(actor: Actor) -> Actor:
    return Actor(role=actor.role, organisation="OVO999999", person=actor.person)


async def test_i1_a_late_submission_is_on_record_and_its_refusal_is_an_answer_for_ever(house: House) -> None:
    await house.send(step("publish-call"))
    await house.send(step("start-draft"))
    late = replace(step("submit-application"), at="2021-07-11T00:00:00.000000Z")
    first = await house.send(late)
    assert isinstance(first, Done)
    assert first.refusal is not None
    assert first.refusal.rule == "I1"
    recorded = (await house.store.read_stream(first.stream))[-1]
    assert isinstance(codec.read(recorded).fact, LateSubmissionRecorded)
    assert await house.send(late) == replace(first, replayed=True)


async def test_a_named_version_that_has_passed_is_stale(house: House) -> None:
    await house.send(step("publish-call"))
    issued = replace(house.issued(step("extend-call-deadline")), expected_version=1)
    answer = await house.handler.handle(issued)
    assert answer == Stale(2)


async def test_who_loses_a_race_reads_again_and_decides_again(house: House) -> None:
    await house.send(step("publish-call"))
    elsewhere = Handler(SERVICES, house.store, house.vault, signers(), house._next)
    rival = replace(house.issued(step("extend-call-deadline")), command_id=ident("rival"))
    house.store.before = lambda: elsewhere.handle(rival)
    further = step("extend-call-deadline").body | {"deadline": {"local": "2021-07-31T23:59:59"}}
    answer = await house.send(replace(step("extend-call-deadline"), body=further))
    assert isinstance(answer, Done)
    ours = codec.read((await house.store.read_stream(answer.stream))[-1]).fact
    assert isinstance(ours, CallDeadlineExtended)
    assert ours.previous.local == "2021-07-19T23:59:59", "decided on what the rival had recorded"


async def test_what_another_process_recorded_elsewhere_counts_although_the_stream_is_remembered(house: House) -> None:
    """Given: a call that this process has read. When: another moves its deadline. Then: a file is decided on that."""
    await house.send(step("publish-call"))
    await house.send(step("start-draft"))
    elsewhere = Handler(SERVICES, house.store, house.vault, signers(), house._next)
    extension = step("extend-call-deadline")
    further = replace(house.issued(extension), at="2021-07-01T00:00:00.000000Z")
    assert isinstance(await elsewhere.handle(further), Done)

    in_time = await house.send(replace(step("submit-application"), at="2021-07-15T00:00:00.000000Z"))

    assert isinstance(in_time, Done)
    assert in_time.refusal is None


async def test_who_is_refused_on_what_is_remembered_is_judged_again_on_what_is(house: House) -> None:
    """Given: a call that was not there when it was read. When: it is published elsewhere. Then: a draft is taken."""
    early = house.issued(step("start-draft"))
    assert not isinstance(await house.handler.handle(early), Done)
    elsewhere = Handler(SERVICES, house.store, house.vault, signers(), house._next)
    await elsewhere.handle(house.issued(step("publish-call")))
    assert isinstance(await house.handler.handle(early), Done)


async def test_a_repeat_that_would_be_refused_by_now_gets_the_first_answer(house: House) -> None:
    """Given: a draft begun at version 0, and submitted since. When: its beginning is sent again. Then: as before."""
    await house.send(step("publish-call"))
    begun = replace(house.issued(step("start-draft")), expected_version=0)
    first = await house.handler.handle(begun)
    assert isinstance(first, Done)
    await house.send(step("submit-application"))
    assert isinstance(await house.handler.handle(replace(begun, command_id=ident("another key"))), Stale)
    assert await house.handler.handle(begun) == replace(first, replayed=True)


async def test_a_repeat_about_somebody_erased_gets_the_first_answer_and_nothing_new_is_written(house: House) -> None:
    await house.send(step("publish-call"))
    await house.send(step("start-draft"))
    first = await house.send(step("submit-application"))
    assert isinstance(first, Done)
    await house.vault.destroy(step("submit-application").body["contactPerson"])
    # As at a process that has lost the race: it decides on the file as it was before.
    house.store.shown = first.version - len(first.events)
    assert await house.send(step("submit-application")) == replace(first, replayed=True)
    with pytest.raises(Erased):
        await house.handler.handle(replace(house.issued(step("submit-application")), command_id=ident("new")))


async def test_one_live_application_per_applicant_neighbourhood_and_call(house: House) -> None:
    await house.send(step("publish-call"))
    await house.send(step("start-draft"))
    assert isinstance(await house.send(step("submit-application")), Done)
    again = ident("a second case")
    draft = replace(step("start-draft"), id=again)
    await house.send(draft)
    size = await house.size()
    answer = await house.send(replace(step("submit-application"), id=again))
    assert isinstance(answer, GuardDenied)
    assert (answer.guard, answer.code) == ("unique", "key_taken")
    assert await house.size() == size


async def test_commands_to_one_stream_wait_for_each_other(house: House) -> None:
    await house.send(step("publish-call"))
    first = house.issued(step("start-draft"))
    second = replace(first, command_id=ident("the same once more"))
    one, two = await asyncio.gather(house.handler.handle(first), house.handler.handle(second))
    assert sorted(type(answer).__name__ for answer in (one, two)) in (["Denied", "Done"], ["Done", "Done"])
    assert len(await house.store.read_stream(first.stream)) == 1


async def test_no_personal_data_stands_in_clear_in_any_event(house: House) -> None:
    await house.play("request-completion")
    contact = step("submit-application").body
    for recorded in await house.store.read_all(0):
        for field in ("contactName", "contactEmail", "contactPhone"):
            assert contact[field].encode() not in recorded.body
