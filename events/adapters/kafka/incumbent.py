"""One at work under a lease, session after session, until told to stop; the others stand by and take over.

Relay and publisher are such: each fault that may pass ends a session, and the next one begins with a look at what Kafka
holds.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from contextlib import suppress

import structlog

from events.adapters.kafka.connect import DENIED, KafkaAccess, in_words
from events.beside import beside
from events.consumer import Fenced
from events.store import StoreUnavailable
from events.tenure import Tenure

log = structlog.get_logger()

MEASURE_SECONDS = 1.0


class Incumbent(ABC):
    """`run` it, `stop` it. `active`: it is this one's turn; `alarm`: what is waited for, in words.

    `passing` are the errors that end a session and no more. Who stands by is well: what is wrong, the active one says.
    """

    def __init__(
        self, what: str, tenure: Tenure, access: KafkaAccess, passing: tuple[type[Exception], ...], pause: float
    ) -> None:
        self._what = what
        self._tenure = tenure
        self._access = access
        self._passing = passing
        self._pause_seconds = pause
        self._stopping = asyncio.Event()
        self.active = False
        self.alarm: str | None = None

    async def run(self) -> None:
        """Work until `stop`. CannotRun where Kafka denies what this must be able to do; what else a session raises that
        does not pass is raised too."""
        try:
            await beside(self._work(), self._measure())
        finally:
            # Whoever keeps it going may run it again, after the database was away for one.
            self._stopping.clear()

    def stop(self) -> None:
        """Finish what is under way, then let this `run` return; a standby takes over at once."""
        self._stopping.set()

    @abstractmethod
    async def _session(self) -> None:
        """Work until `_stopping`, or until a fault; it is raised as the client or the store raises it."""

    @abstractmethod
    async def _measured(self) -> None:
        """Bring what is shown up to date while nothing moves it."""

    async def _work(self) -> None:
        while not self._stopping.is_set():
            if not await self._begin():
                await self._pause()
                continue
            try:
                await beside(self._serve(), self._tenure.keep())
            except Fenced as error:
                log.warning(f"the {self._what} steps down", why=str(error))
            finally:
                self.active = False
                with suppress(StoreUnavailable):
                    await self._tenure.end()

    async def _begin(self) -> bool:
        try:
            self.active = await self._tenure.begin()
            if not self.active:
                self.alarm = None
        except StoreUnavailable as error:
            self.alarm = str(error)
        return self.active

    async def _serve(self) -> None:
        while not self._stopping.is_set():
            try:
                await self._session()
            except self._passing as error:
                if isinstance(error, DENIED):
                    raise in_words(error, self._access) from error
                self.alarm = str(in_words(error, self._access))
                log.error(f"the {self._what} starts afresh", why=self.alarm)  # noqa: TRY400 -- its sentence says it all
                await self._pause()

    async def _measure(self) -> None:
        while True:
            with suppress(StoreUnavailable):
                await self._measured()
            await asyncio.sleep(MEASURE_SECONDS)

    async def _pause(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(self._pause_seconds):
                await self._stopping.wait()
