"""The guard: refused goes on, not yet comes back, broken stops its stream alone, and once mended goes on in order."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

import pytest
from structlog.testing import capture_logs

from events.adapters.memory_parking import MemoryParking
from events.consumer import Fenced
from events.feed import Broken
from events.intake import ApplicationSubmitted, ApplicationWithdrawn
from events.parking import Parked, Stuck
from events.store import Recorded, StoreUnavailable
from events.vocabulary import Source
from services import house
from services.deciding import Issue, Reaction, Service
from services.parking import Attendant, among
from services.proving import LogProof
from services.reacting import ReactionSink
from services.registry import SERVICES
from services.timers import TimerSink
from tests.changing import replace
from tests.simulation.signing import signers
from tests.unit.services.intake.examples import CALL, CASE
from tests.unit.services.kernel import Kernel, without_pauses

ELIGIBILITY = SERVICES["eligibility"]
APPLICATION = f"application-{CASE}"
CONSUMER = "react:eligibility"


@pytest.fixture(autouse=True)
def at_once() -> Iterator[None]:
    with without_pauses():
        yield


@pytest.fixture
def kernel() -> Kernel:
    return Kernel()


@pytest.fixture
def parking() -> MemoryParking:
    return MemoryParking()


def guarded(kernel: Kernel, parking: MemoryParking, service: Service = ELIGIBILITY, **more: Any) -> ReactionSink:
    return ReactionSink(service, kernel.store, kernel.places, kernel.sender, parking=parking, **more)


async def applied(sink: ReactionSink | TimerSink, batch: Sequence[Recorded]) -> None:
    """As after a start of the process."""
    place = await sink.place()
    await sink.apply([one for one in batch if one.position > place])


def spoilt(log: Sequence[Recorded], name: str, **changes: Any) -> list[Recorded]:
    return [replace(one, **changes) if one.type == name else one for one in log]


def buggy(name: str, on: type[Any]) -> tuple[Service, list[Exception]]:
    """Eligibility with one reaction that raises what stands in the list, and works when it is empty."""
    raises: list[Exception] = [ZeroDivisionError("an.peeters@stad.be")]

    def react(fact: Any, source: Source, state: Any) -> Sequence[Issue]:
        if raises:
            raise raises[0]
        return original.react(fact, source, state)

    original = next(one for one in ELIGIBILITY.reactions if one.name == name)
    reactions = tuple(Reaction(name, on, react) if one is original else one for one in ELIGIBILITY.reactions)
    return replace(ELIGIBILITY, reactions=reactions), raises


def place(log: Sequence[Recorded], name: str) -> int:
    """Where the event of this type stands in a list."""
    return next(index for index, one in enumerate(log) if one.type == name)


async def listed(parking: MemoryParking) -> list[tuple[int, str]]:
    return [(one.event.position, one.reason) for one in await parking.listed()]


async def types(kernel: Kernel, after: int) -> list[str]:
    return [event.envelope.type for event in await kernel.events()][after:]


# Broken


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"type": "Unheard"}, "unknown-type"),
        ({"body": b'{"schema_version":7}'}, "undecodable"),
        ({"body": b"\x00"}, "undecodable"),
        ({"stream": f"application-{CALL}"}, "undecodable"),
    ],
)
async def test_an_event_that_cannot_be_read_is_parked_and_the_place_moves_on(
    kernel: Kernel, parking: MemoryParking, changes: dict[str, Any], reason: str
) -> None:
    await kernel.apply()
    log = spoilt(sound := await kernel.log(), "ApplicationSubmitted", **changes)
    struck = place(sound, "ApplicationSubmitted") + 1
    with capture_logs() as lines:
        await applied(guarded(kernel, parking), log)

    assert await listed(parking) == [(struck, reason)]
    assert await kernel.places.load(CONSUMER) == len(log)
    assert await types(kernel, len(log)) == ["CriteriaAdopted"], "the call's stream went on"
    (alert,) = [line for line in lines if line["log_level"] == "error"]
    assert (alert["consumer"], alert["position"], alert["reason"]) == (CONSUMER, struck, reason)


async def test_a_schema_version_of_the_future_is_poison(kernel: Kernel, parking: MemoryParking) -> None:
    await kernel.apply()
    log = list(await kernel.log())
    at = place(log, "ApplicationSubmitted")
    log[at] = replace(log[at], body=log[at].body.replace(b'"schema_version":1', b'"schema_version":9'))
    await applied(guarded(kernel, parking), log)
    assert await listed(parking) == [(at + 1, "future-version")]


async def test_a_record_that_came_broken_is_poison_for_who_may_be_concerned(
    kernel: Kernel, parking: MemoryParking
) -> None:
    await kernel.apply()
    log = list(await kernel.log())
    at = place(log, "ApplicationSubmitted")
    values = {name: getattr(log[at], name) for name in Recorded.__struct_fields__} | {"type": "", "body": b"?"}
    log[at] = Broken(**values, previous=0, reason="the headers are []")
    await applied(guarded(kernel, parking), log)
    (parked,) = await parking.listed()
    assert (parked.reason, parked.detail, parked.event.body) == ("undecodable", "the headers are []", b"?")


async def test_a_bug_in_a_reaction_stops_that_stream_alone_and_says_nothing_of_people(
    kernel: Kernel, parking: MemoryParking
) -> None:
    await kernel.apply(withdraw=True)
    service, _ = buggy("start-assessment", ApplicationSubmitted)
    size = await kernel.size()
    await applied(guarded(kernel, parking, service), await kernel.log())

    first, behind = await parking.of_stream(CONSUMER, APPLICATION)
    assert (first.event.type, first.reason) == ("ApplicationSubmitted", "failed")
    assert "ZeroDivisionError" in first.detail
    assert "peeters" not in first.detail
    assert (behind.event.type, behind.reason) == ("ApplicationWithdrawn", "behind")
    assert await types(kernel, size) == ["CriteriaAdopted"]


async def test_what_does_not_concern_the_service_is_not_parked_behind(kernel: Kernel, parking: MemoryParking) -> None:
    await kernel.apply(withdraw=True)
    service, _ = buggy("start-assessment", ApplicationSubmitted)
    with_receipt = await kernel.log()
    assert {one.type for one in with_receipt} > {"ApplicationSubmitted", "ApplicationWithdrawn"}
    await applied(guarded(kernel, parking, service), with_receipt)
    assert [row.event.type for row in await parking.listed()] == ["ApplicationSubmitted", "ApplicationWithdrawn"]


async def test_a_new_process_knows_which_streams_stand_still(kernel: Kernel, parking: MemoryParking) -> None:
    await kernel.apply(withdraw=True)
    service, raises = buggy("start-assessment", ApplicationSubmitted)
    log = await kernel.log()
    await applied(guarded(kernel, parking, service), log[: place(log, "ApplicationWithdrawn")])
    raises.clear()
    await applied(guarded(kernel, parking, service), log)
    assert [reason for _, reason in await listed(parking)] == ["failed", "behind"], "mending alone sets nothing going"


# Mended


async def test_once_mended_the_stream_goes_on_in_order(kernel: Kernel, parking: MemoryParking) -> None:
    calm = Kernel()
    await calm.apply(withdraw=True)
    await calm.reacting(ELIGIBILITY).apply(await calm.log())

    await kernel.apply(withdraw=True)
    service, raises = buggy("start-assessment", ApplicationSubmitted)
    sink = guarded(kernel, parking, service)
    await applied(sink, await kernel.log())
    raises.clear()
    await sink.retry(APPLICATION)

    assert await listed(parking) == []
    assert [one.envelope.type for one in await kernel.events()] == [one.envelope.type for one in await calm.events()]


async def test_what_is_still_broken_stays_and_keeps_its_later_events_behind(
    kernel: Kernel, parking: MemoryParking
) -> None:
    await kernel.apply(withdraw=True)
    service, raises = buggy("start-assessment", ApplicationSubmitted)
    sink = guarded(kernel, parking, service)
    await applied(sink, await kernel.log())
    await parking.ask_again(CONSUMER, APPLICATION)
    raises[0] = LookupError("another bug")
    await sink.retry(APPLICATION)

    first, behind = await parking.of_stream(CONSUMER, APPLICATION)
    assert ("LookupError" in first.detail, first.again, behind.reason) == (True, False, "behind")


async def test_a_retry_while_the_store_is_away_is_left_for_later(kernel: Kernel, parking: MemoryParking) -> None:
    await kernel.apply()
    service, raises = buggy("start-assessment", ApplicationSubmitted)
    sink = guarded(kernel, parking, service)
    await applied(sink, await kernel.log())
    await parking.ask_again(CONSUMER, APPLICATION)
    raises.clear()
    kernel.store.goes_away(1_000)
    with pytest.raises(StoreUnavailable):
        await sink.retry(APPLICATION)
    assert [one.again for one in await parking.stuck()] == [True]
    kernel.store.goes_away(0)
    await sink.retry(APPLICATION)
    assert list(await parking.stuck()) == []


async def test_what_came_broken_is_taken_from_the_store_when_it_is_tried_again(
    kernel: Kernel, parking: MemoryParking
) -> None:
    await kernel.apply()
    size = await kernel.size()
    sink = guarded(kernel, parking)
    await applied(sink, spoilt(await kernel.log(), "ApplicationSubmitted", body=b"\x00"))
    await sink.retry(APPLICATION)
    assert (await types(kernel, size))[:2] == ["CriteriaAdopted", "AssessmentStarted"]
    assert await listed(parking) == []


async def test_after_a_discard_the_later_events_go_on_and_new_ones_too(kernel: Kernel, parking: MemoryParking) -> None:
    await kernel.apply(withdraw=True)
    service, _ = buggy("start-assessment", ApplicationSubmitted)
    sink, log = guarded(kernel, parking, service), await kernel.log()
    await applied(sink, log[: place(log, "ApplicationWithdrawn")])
    (first,) = await parking.listed()
    await parking.discard(first.number, "An Official", "twice sent")
    with capture_logs() as lines:
        await sink.apply(log[place(log, "ApplicationWithdrawn") :])
    assert await listed(parking) == [], "nothing to stand behind any more"
    assert [line["reaction"] for line in lines if "reaction" in line] == ["lapse-assessment"], "it was handled: refused"


async def test_new_events_and_a_retry_take_turns(kernel: Kernel, parking: MemoryParking) -> None:
    await kernel.apply(withdraw=True)
    service, raises = buggy("start-assessment", ApplicationSubmitted)
    sink, log = guarded(kernel, parking, service), await kernel.log()
    at = place(log, "ApplicationWithdrawn")
    await applied(sink, log[:at])
    raises.clear()
    await asyncio.gather(sink.retry(APPLICATION), sink.apply(log[at:]))
    assert await listed(parking) == []
    told = await types(kernel, len(log))
    assert told.index("AssessmentStarted") < told.index("AssessmentLapsed")


# Not yet, and refused


async def test_what_says_wait_is_raised_and_nothing_is_parked(kernel: Kernel, parking: MemoryParking) -> None:
    await kernel.publish()
    kernel.store.goes_away(1_000)
    with pytest.raises(StoreUnavailable):
        await applied(guarded(kernel, parking), await kernel.log())
    assert await listed(parking) == []
    assert await kernel.places.load(CONSUMER) == 0


async def test_who_was_fenced_hears_it(kernel: Kernel, parking: MemoryParking) -> None:
    await kernel.publish()
    service, raises = buggy("adopt-criteria", next(one.on for one in ELIGIBILITY.reactions))
    raises[0] = Fenced("another")
    with pytest.raises(Fenced):
        await applied(guarded(kernel, parking, service), await kernel.log())
    assert await listed(parking) == []


async def test_a_refusal_parks_nothing(kernel: Kernel, parking: MemoryParking) -> None:
    await kernel.apply(withdraw=True)
    lapse = tuple(one for one in ELIGIBILITY.reactions if one.on is ApplicationWithdrawn)
    await applied(guarded(kernel, parking, replace(ELIGIBILITY, reactions=lapse)), await kernel.log())
    assert await listed(parking) == []


async def test_a_target_that_is_missing_because_its_case_stands_still_elsewhere_waits_too(
    kernel: Kernel, parking: MemoryParking
) -> None:
    await kernel.apply(withdraw=True)
    lapse = tuple(one for one in ELIGIBILITY.reactions if one.on is ApplicationWithdrawn)
    log = await kernel.log()
    other = replace(log[place(log, "ApplicationSubmitted")], stream=f"assessment-{CASE}")
    await parking.park(CONSUMER, other, "failed", "another stream of the same case")
    await applied(guarded(kernel, parking, replace(ELIGIBILITY, reactions=lapse)), await kernel.log())

    (parked,) = await parking.of_stream(CONSUMER, APPLICATION)
    assert (parked.event.type, parked.reason) == ("ApplicationWithdrawn", "behind")
    assert "its case stands still elsewhere" in parked.detail


# Signatures


async def founded(kernel: Kernel) -> None:
    await house.found(kernel.store, signers(), "here/demo", kernel.clock.now(), kernel.new_id)


async def test_an_event_that_its_service_did_not_sign_is_parked(kernel: Kernel, parking: MemoryParking) -> None:
    await founded(kernel)
    await kernel.apply()
    log, foreign = list(await kernel.log()), signers()["jury"]
    index = place(log, "ApplicationSubmitted")
    log[index] = replace(log[index], signature=foreign.sign(log[index].body))
    await applied(guarded(kernel, parking, proof=LogProof(kernel.store)), log)
    (parked,) = await parking.listed()
    assert (parked.reason, parked.event.type) == ("wrong-signature", "ApplicationSubmitted")


@pytest.mark.parametrize("key", ["jury", "nobody"])
async def test_a_key_that_may_not_sign_there_proves_nothing(kernel: Kernel, parking: MemoryParking, key: str) -> None:
    await founded(kernel)
    await kernel.apply()
    name = signers()[key].key_id if key in signers() else "intake-0000000000000000"
    log = spoilt(await kernel.log(), "ApplicationSubmitted", key_id=name)
    await applied(guarded(kernel, parking, proof=LogProof(kernel.store)), log)
    assert [reason for _, reason in await listed(parking)] == ["wrong-signature"]


async def test_what_is_rightly_signed_goes_through(kernel: Kernel, parking: MemoryParking) -> None:
    await founded(kernel)
    await kernel.apply()
    size = await kernel.size()
    await applied(guarded(kernel, parking, proof=LogProof(kernel.store)), await kernel.log())
    assert (await types(kernel, size))[:2] == ["CriteriaAdopted", "AssessmentStarted"]


# Deadlines


async def test_deadlines_of_one_stream_wait_and_those_of_others_are_set(kernel: Kernel, parking: MemoryParking) -> None:
    await kernel.apply()
    sink = TimerSink(SERVICES, kernel.timers, parking=parking, log=kernel.store)
    published = (await kernel.log())[0]
    await applied(sink, [replace(published, body=b"{"), *(await kernel.log())[1:]])
    assert await listed(parking) == [(1, "undecodable"), (2, "behind")], "that of the call alone"
    assert await kernel.timers.place() == await kernel.size()
    assert list(await kernel.timers.due("9000-01-01T00:00:00.000000Z")) == []

    await sink.retry(published.stream)
    assert [row.command for row in await kernel.timers.due("9000-01-01T00:00:00.000000Z")] == ["close-call"]
    assert await kernel.timers.place() == await kernel.size()
    assert await listed(parking) == []


async def test_a_deadline_is_set_by_its_own_service_alone(kernel: Kernel, parking: MemoryParking) -> None:
    await founded(kernel)
    await kernel.publish()
    sink = TimerSink(SERVICES, kernel.timers, parking=parking, log=kernel.store, proof=LogProof(kernel.store))
    await applied(sink, spoilt(await kernel.log(), "CallPublished", signature=b"\x00" * 64))
    assert [reason for _, reason in await listed(parking)] == ["wrong-signature"]


# The attendant


async def attending(kernel: Kernel, parking: MemoryParking) -> tuple[ReactionSink, list[Exception]]:
    await kernel.apply(withdraw=True)
    service, raises = buggy("start-assessment", ApplicationSubmitted)
    sink = guarded(kernel, parking, service)
    await applied(sink, await kernel.log())
    return sink, raises


async def test_the_attendant_sees_what_stands_still_and_tries_only_what_is_asked_for(
    kernel: Kernel, parking: MemoryParking
) -> None:
    sink, raises = await attending(kernel, parking)
    attendant = Attendant(parking, [CONSUMER, "timers"], among({CONSUMER: sink}))
    raises.clear()
    await attendant.attend()
    assert attendant.parked == [Stuck(CONSUMER, APPLICATION, 2, again=False, number=1)]

    await parking.ask_again(CONSUMER, APPLICATION)
    await attendant.attend()
    await attendant.attend()
    assert attendant.parked == []


async def test_what_another_process_keeps_is_left_to_it(kernel: Kernel, parking: MemoryParking) -> None:
    _, raises = await attending(kernel, parking)
    raises.clear()
    await parking.ask_again(CONSUMER, APPLICATION)
    await Attendant(parking, [CONSUMER], among({})).attend()
    assert len(await listed(parking)) == 2
    elsewhere = Attendant(parking, ["timers"], among({}))
    await elsewhere.attend()
    assert elsewhere.parked == []


@pytest.mark.parametrize("error", [StoreUnavailable("away"), Fenced("another instance has gone on")])
async def test_one_stream_that_must_wait_holds_up_no_other(
    kernel: Kernel, parking: MemoryParking, error: Exception
) -> None:
    tried: list[str] = []

    class Busy:
        async def retry(self, stream: str) -> None:
            tried.append(stream)
            if stream == "call-1":
                raise error

    await kernel.publish()
    (event,) = await kernel.log()
    for stream in ("call-1", "call-2"):
        await parking.park(CONSUMER, replace(event, stream=stream), "failed", "")
        await parking.ask_again(CONSUMER, stream)
    await Attendant(parking, [CONSUMER], among({CONSUMER: Busy()})).attend()
    assert tried == ["call-1", "call-2"]
    assert [one.again for one in await parking.stuck()] == [True, True]


async def test_what_was_parked_is_published_once_and_again_only_if_nobody_was_told(
    kernel: Kernel, parking: MemoryParking
) -> None:
    sink, _ = await attending(kernel, parking)
    told: list[int] = []

    async def tell(parked: Parked) -> None:
        told.append(parked.number)
        if told == [1, 2]:
            raise StoreUnavailable("Kafka is away")

    attendant = Attendant(parking, [CONSUMER], among({CONSUMER: sink}), tell)
    with pytest.raises(StoreUnavailable):
        await attendant.attend()
    await attendant.attend()
    await attendant.attend()
    assert told == [1, 2, 2]


async def test_the_attendant_goes_on_after_a_bad_round(kernel: Kernel, parking: MemoryParking) -> None:
    sink, _ = await attending(kernel, parking)
    rounds: list[int] = []
    enough = asyncio.Event()

    async def tell(_parked: Parked) -> None:
        rounds.append(1)
        if len(rounds) == 3:
            enough.set()
        raise StoreUnavailable("Kafka is away")

    with capture_logs():
        task = asyncio.create_task(Attendant(parking, [CONSUMER], among({CONSUMER: sink}), tell, every=0.0).run())
        async with asyncio.timeout(10):
            await enough.wait()
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
