"""The reactions of four services over real Kafka and a real store: one process of them, and what they should come to.

As a program (`python -m tests.integration.kafka.working ORDER`) it is such a process, and may be told when to die.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from events.adapters.kafka.connect import KafkaAccess
from events.adapters.kafka.partitions import GroupTimes, Partitions
from events.adapters.kafka.relay import Relay
from events.adapters.kafka.topics import LOG_TOPICS
from events.adapters.kafka.turns import Turns
from events.adapters.memory import MemoryPlaces, MemoryStore, MemoryVault
from events.adapters.postgres.earlier import PostgresEarlier
from events.adapters.postgres.lease import PostgresLeases
from events.adapters.postgres.parking import PostgresParking
from events.adapters.postgres.progress import PostgresProgress
from events.adapters.postgres.publication import PostgresPublication
from events.adapters.postgres.store import PostgresStore
from events.adapters.postgres.vault import PostgresVault
from events.catalog import FACT_TYPES
from events.consumer import Sink
from events.store import EventStore, StoreUnavailable
from events.times import moment
from events.vault import Vault
from services import house
from services.answers import Done, Issued
from services.clock import StoryClock, event_id, moments
from services.cluster.quiet import Expected, behind
from services.deciding import Service, derived_id
from services.fields import Command
from services.handle import Handler
from services.intake.commands import PublishCall, WithdrawApplication
from services.parking import Attendant
from services.proving import LogProof
from services.reacting import ReactionSink, Sender, concerns
from services.registry import SERVICES
from tests.comparing import content, type_and_data
from tests.integration.killed import mortal
from tests.simulation.signing import signers
from tests.unit.services.intake.examples import APPLICANT, CALL, OFFICIAL, TERMS, in_dutch, start, submit
from tests.unit.services.kernel import AGENCY, OPENS

ROOT = Path(__file__).parents[3]
QUICK = GroupTimes(session=1_000, heartbeat=200, rebalance=4_000, topics=1_000)
MASTER = b"m" * 32
PATIENCE = 60.0
REACTING = tuple(service for service in SERVICES.values() if service.reactions)


class Order(msgspec.Struct):
    """What a process is told: where everything is, and at which step of its life it dies (0: never)."""

    dsn: str
    bootstrap: str
    dies_at: int = 0


def topics_of(service: Service) -> list[str]:
    """The topics on which a service finds what it reacts to."""
    return sorted({LOG_TOPICS[FACT_TYPES[name].service] for name in concerns(service)})


@dataclass
class Office:
    """A store, its handler and its stuck list."""

    store: PostgresStore
    vault: PostgresVault
    handler: Handler
    clock: StoryClock

    @property
    def parking(self) -> PostgresParking:
        return PostgresParking(self.store.pool)

    async def send(self, kind: str, ident: str, command: Command, by: Any) -> Done:
        """Somebody sends a command to intake, and it is done."""
        return await sent(self.handler, kind, ident, command, by)

    def reactions(self, access: KafkaAccess, service: Service) -> Partitions:
        """One member of a service's group, put together as a program would."""
        name, wanted = f"react:{service.name}", concerns(service)
        places = mortal.MortalPlaces(self.store.pool)
        sender = mortal.MortalSender(self.handler, self.clock, AGENCY)
        parking, proof = self.parking, LogProof(self.store)

        def sink(place: str) -> Sink:
            return ReactionSink(service, self.store, places, sender, place, parking=parking, proof=proof)

        progress, earlier = PostgresProgress(self.store.pool), PostgresEarlier(self.store.pool)
        return Partitions(
            access,
            f"wijkspoor.work.{service.name}",
            name,
            topics_of(service),
            sink,
            quiet=frozenset(FACT_TYPES) - frozenset(wanted),
            turn=Turns(name, topics_of(service), wanted, progress, earlier),
            parking=parking,
            times=QUICK,
        )


async def sent(handler: Handler, kind: str, ident: str, command: Command, by: Any) -> Done:
    command_id = derived_id(CALL, f"{kind}/{ident}/{command.command_name}")
    answer = await handler.handle(Issued("intake", kind, ident, command, by, OPENS, command_id))
    assert isinstance(answer, Done), answer
    assert answer.refusal is None, answer
    return answer


@asynccontextmanager
async def office(dsn: str) -> AsyncIterator[Office]:
    """The store as every process opens it; its clock stands at the opening of the call."""
    clock = StoryClock(OPENS)
    store = await mortal.MortalStore.open(dsn, clock=moments(clock))
    try:
        vault = PostgresVault(store.pool, MASTER)
        yield Office(store, vault, Handler(SERVICES, store, vault, signers(), event_id), clock)
    finally:
        await store.close()


@asynccontextmanager
async def relaying(access: KafkaAccess, store: PostgresStore) -> AsyncIterator[Relay]:
    """The real relay at work."""
    relay = Relay(store, PostgresPublication(store.pool), PostgresLeases(store.pool), access, "the test's relay")
    task = asyncio.create_task(relay.run())
    try:
        yield relay
    finally:
        relay.stop()
        await asyncio.wait({task}, timeout=10)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@asynccontextmanager
async def member(access: KafkaAccess, one: Office, *services: Service) -> AsyncIterator[list[Partitions]]:
    """One process' worth of members in this process, with its attendant."""
    members = [one.reactions(access, service) for service in services or REACTING]
    by_name = {each.name: each for each in members}

    def finds(consumer: str, stream: str) -> Any:
        return by_name[consumer].sink_of(stream)

    attendant = Attendant(one.parking, list(by_name), finds, every=0.05)
    tasks = [asyncio.create_task(each.run()) for each in (*members, attendant)]
    try:
        yield members
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task


def case(number: int) -> str:
    """The case of an application."""
    return derived_id(CALL, f"worked {number}")


async def publish(handler: Handler) -> None:
    """The call is published and opens."""
    await sent(handler, "call", CALL, PublishCall(terms=TERMS), OFFICIAL)


async def apply(handler: Handler, number: int) -> None:
    """One application is handed in."""
    await sent(handler, "application", case(number), start(neighbourhood=f"Wijk {number}"), APPLICANT)
    await sent(handler, "application", case(number), submit(), APPLICANT)


async def withdraw(handler: Handler, number: int) -> None:
    """… and taken back."""
    command = WithdrawApplication(reason=in_dutch("Toch niet."))
    await sent(handler, "application", case(number), command, APPLICANT)


async def begun(store: EventStore) -> None:
    """A log with its keys."""
    await house.found(store, signers(), "here/demo", house.FIRST_DAY, event_id)


async def calm(count: int, withdrawn: Sequence[int]) -> Mapping[str, Sequence[type_and_data]]:
    """What the same commands come to when every consumer reads the log in order, and nothing goes wrong."""
    clock = StoryClock(OPENS)
    store: MemoryStore = MemoryStore(lambda: moment(clock.now()))
    vault: Vault = MemoryVault(MASTER)
    handler = Handler(SERVICES, store, vault, signers(), event_id)
    await begun(store)
    await publish(handler)
    for number in range(count):
        await apply(handler, number)
    for number in withdrawn:
        await withdraw(handler, number)
    sinks = [ReactionSink(one, store, MemoryPlaces(), Sender(handler, clock, AGENCY)) for one in REACTING]
    quiet = False
    while not quiet:
        quiet = True
        for sink in sinks:
            if batch := await store.read_all(await sink.place(), limit=10_000):
                await sink.apply(batch)
                quiet = False
    return await content(store, vault)


async def settled(store: PostgresStore) -> None:
    """Wait until everything is in Kafka and every reaction has handled it."""
    expected = Expected((), {f"react:{one.name}": topics_of(one) for one in REACTING})
    progress = PostgresProgress(store.pool)
    why: str | None = ""

    async def why_not() -> str | None:
        try:
            return behind(await progress.standing(), expected)
        except StoreUnavailable as error:
            return str(error)

    try:
        async with asyncio.timeout(PATIENCE):
            while (why := await why_not()) is not None:  # noqa: ASYNC110 -- rows tell nobody
                await asyncio.sleep(0.02)
    except TimeoutError:
        raise AssertionError(f"not settled: {why}") from None


@asynccontextmanager
async def process(order: Order) -> AsyncIterator[asyncio.subprocess.Process]:
    """A worker process, ended with its context whatever state it is in."""
    made = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.integration.kafka.working",
        msgspec.json.encode(order).decode(),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        assert made.stdout is not None
        assert await made.stdout.readline() == b"at work\n"
        yield made
    finally:
        if made.returncode is None:
            made.send_signal(signal.SIGCONT)
            made.terminate()
        await made.wait()
        # The transport of its pipe is closed with the loop's next turn.
        await asyncio.sleep(0)


async def _work(order: Order) -> None:
    mortal.fate.at = order.dies_at
    async with AsyncExitStack() as stack:
        one = await stack.enter_async_context(office(order.dsn))
        members = await stack.enter_async_context(member(KafkaAccess(order.bootstrap), one))
        ended = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
        while not all(each.rebalances for each in members):  # noqa: ASYNC110 -- nobody tells
            await asyncio.sleep(0.01)
        sys.stdout.write("at work\n")
        sys.stdout.flush()
        await ended.wait()


if __name__ == "__main__":
    asyncio.run(_work(msgspec.json.decode(sys.argv[1], type=Order)))
