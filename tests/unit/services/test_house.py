"""A log begins by saying whose it is and which keys sign it; other keys are never used on it."""

from __future__ import annotations

from hashlib import sha256

import pytest

from events import envelope
from events.catalog import SERVICES
from events.envelope import GENESIS
from events.log import KeyRegistered
from events.proof.keys import registered
from events.proof.signing import Signer, verify
from services import house
from services.house import FIRST_DAY, ForeignKeys, LogInfo
from tests.simulation.signing import signers
from tests.unit.services.kernel import Kernel

ORIGIN, DEMO = "wijkspoor.example/log", "wijkspoor.example/log/demo"


def other(*services: str) -> dict[str, Signer]:
    """The same signers, some of them with keys of another log."""
    keys = dict(signers())
    return keys | {name: Signer(name, sha256(b"another " + name.encode()).digest()) for name in services}


@pytest.fixture
def kernel() -> Kernel:
    return Kernel()


async def begin(kernel: Kernel, origin: str = ORIGIN) -> LogInfo:
    return await house.found(kernel.store, signers(), origin, FIRST_DAY, kernel.new_id)


async def keys_of(kernel: Kernel) -> list[KeyRegistered]:
    facts = [event.fact for event in await kernel.events()]
    assert all(isinstance(fact, KeyRegistered) for fact in facts)
    return [fact for fact in facts if isinstance(fact, KeyRegistered)]


async def test_an_empty_log_says_nothing_about_itself(kernel: Kernel) -> None:
    assert await house.read(kernel.store) is None


@pytest.mark.parametrize(("origin", "demo"), [(ORIGIN, False), (DEMO, True), ("demo", False), ("x/demo/log", False)])
async def test_a_log_says_its_origin_and_whether_a_story_drives_it(kernel: Kernel, origin: str, demo: bool) -> None:
    begun = await begin(kernel, origin)
    assert begun == await house.read(kernel.store) == LogInfo(origin)
    assert begun.demo is demo


async def test_every_service_has_its_key_registered_and_the_logs_own_comes_first(kernel: Kernel) -> None:
    await begin(kernel)
    keys = await keys_of(kernel)
    assert [key.service for key in keys] == ["log", *sorted(set(SERVICES) - {"log"})]
    assert {key.key_id for key in keys} == {signer.key_id for signer in signers().values()}
    assert all(registered(key).raw() == signers()[key.service].public_key for key in keys)


async def test_the_keys_count_from_the_beginning_of_the_log_without_end(kernel: Kernel) -> None:
    await begin(kernel)
    assert {(key.origin, key.not_before, key.not_after) for key in await keys_of(kernel)} == {(ORIGIN, FIRST_DAY, None)}


async def test_the_logs_own_key_signs_every_registration(kernel: Kernel) -> None:
    await begin(kernel)
    anchor = signers()["log"]
    for recorded in await kernel.log():
        assert recorded.key_id == anchor.key_id
        assert verify(anchor.public_key, recorded.body, recorded.signature)


async def test_the_registrations_are_one_chain_in_one_stream(kernel: Kernel) -> None:
    await begin(kernel)
    before = GENESIS
    for version, recorded in enumerate(await kernel.log(), 1):
        frame = envelope.from_bytes(recorded.body)
        assert (frame.version, recorded.version, frame.prev_hash) == (version, version, before)
        before = envelope.digest(recorded.body)
    (stream,) = {recorded.stream for recorded in await kernel.log()}
    assert stream.startswith("log-")


async def test_what_the_columns_say_is_what_the_bytes_say(kernel: Kernel) -> None:
    await begin(kernel)
    for recorded in await kernel.log():
        frame = envelope.from_bytes(recorded.body)
        assert (frame.stream, frame.type, frame.schema_version) == (
            recorded.stream,
            recorded.type,
            recorded.schema_version,
        )
        assert frame.correlation_id == recorded.correlation_id == recorded.stream.removeprefix("log-")
        assert (frame.classification, frame.occurred_at) == ("public", FIRST_DAY)
        assert (frame.actor.role, frame.actor.person) == ("service", "service:log")


async def test_a_log_is_founded_once(kernel: Kernel) -> None:
    await begin(kernel)
    before = list(await kernel.log())
    assert await begin(kernel) == LogInfo(ORIGIN)
    assert list(await kernel.log()) == before
    record = await kernel.store.find_command(envelope.from_bytes(before[0].body).command_id)
    assert record is not None
    assert record.count == len(before)


async def test_two_logs_have_two_streams_and_the_same_name_gives_the_same_one() -> None:
    streams = []
    for origin in (ORIGIN, DEMO, ORIGIN):
        kernel = Kernel()
        await begin(kernel, origin)
        streams.append((await kernel.log())[0].stream)
    assert streams[0] == streams[2] != streams[1]


async def test_our_own_keys_are_known(kernel: Kernel) -> None:
    await begin(kernel)
    await house.check_keys(kernel.store, signers())


@pytest.mark.parametrize("service", SERVICES)
async def test_a_foreign_key_is_refused_whichever_it_is(kernel: Kernel, service: str) -> None:
    await begin(kernel)
    foreign = other(service)
    with pytest.raises(ForeignKeys) as caught:
        await house.check_keys(kernel.store, foreign)
    said = str(caught.value)
    assert foreign[service].key_id in said
    assert said.endswith("put the keys folder of this log back beside its database.")


async def test_an_empty_log_knows_no_key(kernel: Kernel) -> None:
    with pytest.raises(ForeignKeys):
        await house.check_keys(kernel.store, signers())


async def test_keys_are_found_wherever_they_stand_in_the_log(kernel: Kernel) -> None:
    await kernel.publish()
    await begin(kernel)
    await house.check_keys(kernel.store, signers())


async def test_a_log_that_began_otherwise_is_not_ours(kernel: Kernel) -> None:
    await kernel.publish()
    with pytest.raises(ForeignKeys, match="not made by this program"):
        await house.read(kernel.store)
