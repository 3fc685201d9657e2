"""A dispatcher with everything it needs, on paper where that is the same, with real sockets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from events.adapters.memory import MemoryVault
from events.adapters.memory_webhooks import MemorySubscriptions
from events.webhooks import Progress, Subscription
from services.webhooks.addresses import Network, networks
from services.webhooks.calling import Caller
from services.webhooks.delivering import Delivery
from services.webhooks.dispatcher import Dispatcher
from services.webhooks.schedule import Schedule
from services.webhooks.signing import first_key, make_secret
from tests.integration.webhooks.receiver import ORIGIN
from tests.publics import PaperPublicLog, ident

HERE = networks("127.0.0.0/8")
QUICK = Schedule(pauses=(0.01, 0.02), dead_failures=4, dead_after=timedelta(seconds=0))
LOOK = 0.05


@dataclass
class OneLease:
    """Leases for one process: whoever asks first."""

    holder: str | None = None
    taken: int = 0

    async def take(self, name: str, holder: str, seconds: float) -> int | None:
        """As the port says."""
        if self.holder not in (None, holder):
            return None
        self.taken += self.holder is None
        self.holder = holder
        return self.taken

    async def release(self, name: str, holder: str) -> None:
        """As the port says."""
        if self.holder == holder:
            self.holder = None


@dataclass
class Play:
    """The parts that a test looks at or changes."""

    public: PaperPublicLog = field(default_factory=PaperPublicLog)
    rows: MemorySubscriptions = field(default_factory=MemorySubscriptions)
    vault: MemoryVault = field(default_factory=MemoryVault)
    leases: OneLease = field(default_factory=OneLease)
    schedule: Schedule = QUICK
    allowed: Sequence[Network] = HERE
    seconds: float = 5

    async def subscribe(self, url: str, name: str = "one", types: tuple[str, ...] = (), place: int = 0) -> str:
        """A new subscription; its id."""
        key = ident(name)
        row = Subscription(key, "OVO000001", "p-1", url, types, now(), (first_key(key),), Progress(place=place))
        await make_secret(self.vault, row.keys[0])
        assert await self.rows.add(row)
        return key

    async def row(self, key: str) -> Subscription:
        """The subscription as it stands."""
        found = await self.rows.find(key)
        assert found is not None
        return found

    async def reaches(self, key: str, met: Callable[[Progress], object]) -> Progress:
        """Wait until the subscription's progress meets this."""
        async with asyncio.timeout(10):
            while not met((await self.row(key)).progress):  # noqa: ASYNC110 -- rows tell nobody that they change
                await asyncio.sleep(0.005)
        return (await self.row(key)).progress

    @asynccontextmanager
    async def running(self, holder: str = "a") -> AsyncIterator[Dispatcher]:
        """A dispatcher at work."""
        caller = Caller(self.allowed, seconds=self.seconds)
        delivery = Delivery(self.public, self.rows, self.vault, caller, now, ORIGIN, self.schedule)
        dispatcher = Dispatcher(delivery, self.leases, holder, lease_seconds=1, look_seconds=LOOK)
        task = asyncio.create_task(dispatcher.run())
        try:
            yield dispatcher
        finally:
            dispatcher.stop()
            await task
            await caller.close()


def now() -> datetime:
    """The machine's clock: signatures are good for five minutes."""
    return datetime.now(UTC)


async def until(so: Callable[[], bool]) -> None:
    """Wait until it is so."""
    async with asyncio.timeout(10):
        while not so():  # noqa: ASYNC110 -- figures tell nobody that they change
            await asyncio.sleep(0.005)
