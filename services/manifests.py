"""Signs, day by day, what was published: once a day is over, nothing can be added to it any more.

Two processes that do it at once make the same bytes, and the first one's are kept; so this needs no lease.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta

import structlog

from events.manifests import Kept, Manifests
from events.proof import manifest
from events.proof.manifest import Manifest
from events.proof.signing import Signer
from events.public.feed import PublicLog, Published
from events.store import EventStore, StoreUnavailable
from events.times import Day, day_of, instant, start_of_day

log = structlog.get_logger()

TOPIC = "wijkspoor.public.v1"
PAGE = 1_000
LOOK_SECONDS = 60.0
SKEW = timedelta(hours=2)
"""How far the clocks of two machines may lie apart. A day without a successor is over so much later."""


class ToldUntil:
    """Before which moment everything recorded is in the public log.

    `place` gives the position up to which the public log knows the store. Recording times never go back, so what
    follows that position was recorded at the time of the first of it or later; if nothing does, the clock decides.
    """

    def __init__(self, store: EventStore, place: Callable[[], Awaitable[int]], now: Callable[[], datetime]) -> None:
        self._store, self._place, self._now = store, place, now

    async def __call__(self) -> datetime:
        """The moment; what was recorded exactly then may be missing."""
        before = self._now() - SKEW
        following = await self._store.read_all(await self._place(), limit=1)
        return following[0].recorded_at if following else before


class ManifestMaker:
    """Makes every manifest that is due; run it in one process or in several."""

    def __init__(
        self,
        public: PublicLog,
        rows: Manifests,
        signer: Signer,
        origin: str,
        told_until: Callable[[], Awaitable[datetime]],
        now: Callable[[], datetime],
        look_seconds: float = LOOK_SECONDS,
    ) -> None:
        self._public = public
        self._rows = rows
        self._signer = signer
        self._origin = origin
        self._told_until = told_until
        self._now = now
        self._look_seconds = look_seconds
        self._signed_to: datetime | None = None
        self._stopping = asyncio.Event()
        self.made = 0

    def figures(self) -> Mapping[str, float]:
        """For Prometheus: how long ago the last signed day ended, once there is one."""
        if self._signed_to is None:
            return {}
        return {"wijkspoor_manifest_age_seconds": max((self._now() - self._signed_to).total_seconds(), 0.0)}

    def stop(self) -> None:
        """Let `run` return."""
        self._stopping.set()

    async def run(self) -> None:
        """Look every minute, until `stop`."""
        while not self._stopping.is_set():
            try:
                await self.make_due()
            except StoreUnavailable as error:
                log.warning("manifests wait for the database", error=str(error))
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), self._look_seconds)
        # It may be run again, after the database was away for one.
        self._stopping.clear()

    async def make_due(self) -> int:
        """Sign every day that is over and has no manifest yet; how many."""
        until = await self._told_until()
        made, begin = 0, await self._begin()
        page: list[Published] = []
        while begin is not None and _end(begin.day) <= until:
            events = await self._of(begin.day, begin.last, page)
            digests = [manifest.digest(one.body) for one in events]
            made += await self._add(_following(begin, digests), digests)
            begin = _after(begin, digests)
        if begin is not None and begin.first > 1:
            self._signed_to = _begin(begin.day)
        self.made += made
        return made

    async def _begin(self) -> Manifest | None:
        """The first day that is due, as an empty manifest; None while nothing was published."""
        latest = await self._rows.latest(TOPIC)
        if latest is not None:
            known = manifest.read(latest.body).manifest
            return _empty(self._origin, _next(known.day), known.last, known.hash)
        first = await self._public.read(0, 1)
        return _empty(self._origin, _day(first[0]), 0, manifest.BEGIN) if first else None

    async def _of(self, day: Day, after: int, page: list[Published]) -> Sequence[Published]:
        """The events of a day; `page` holds what was read already and belongs to later days."""
        found: list[Published] = []
        while True:
            while page and _day(page[0]) == day:
                found.append(page.pop(0))
            if page:
                return found
            page += await self._public.read(found[-1].sequence if found else after, PAGE)
            if not page:
                return found

    async def _add(self, due: Manifest, digests: Sequence[bytes]) -> bool:
        body = manifest.sign(self._signer, due, digests)
        return await self._rows.add(TOPIC, Kept(due.day, body))


def _day(event: Published) -> Day:
    return day_of(instant(event.recorded_at))


def _next(day: Day) -> Day:
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


def _begin(day: Day) -> datetime:
    return datetime.fromisoformat(start_of_day(day).utc)


def _end(day: Day) -> datetime:
    """The moment with which the next day begins."""
    return _begin(_next(day))


def _empty(origin: str, day: Day, last: int, before: bytes) -> Manifest:
    return Manifest(origin, TOPIC, day, last + 1, last, before, before)


def _following(begin: Manifest, digests: Sequence[bytes]) -> Manifest:
    after = manifest.roll(begin.before, digests)
    return Manifest(begin.origin, TOPIC, begin.day, begin.first, begin.last + len(digests), begin.before, after)


def _after(begin: Manifest, digests: Sequence[bytes]) -> Manifest:
    done = _following(begin, digests)
    return _empty(done.origin, _next(done.day), done.last, done.hash)
