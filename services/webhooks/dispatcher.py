"""The dispatcher: while it holds the lease, one task a receiver, so that a slow one holds up nobody but itself.

A dispatcher that lost its lease without knowing may send an event a second time; receivers drop what they have seen
by its `webhook-id`, and places never move back.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Literal

import structlog

from events.lease import Leases
from events.public.feed import Published
from events.store import StoreUnavailable
from events.webhooks import Subscription
from services.webhooks.delivering import Delivery

log = structlog.get_logger()

LEASE = "webhooks"
LEASE_SECONDS = 10.0
LOOK_SECONDS = 1.0
KEPT = timedelta(days=90)
"""How long attempts are remembered."""
PRUNE_SECONDS = 86_400.0


class Dispatcher:
    """Delivers until `stop`. `holder` names this process among those that could.

    `counts` says how many steps ended how, `behind` how many events each receiver is short of, `stuck` how many are
    paused though nobody asked for it.
    """

    def __init__(
        self,
        delivery: Delivery,
        leases: Leases,
        holder: str,
        *,
        lease_seconds: float = LEASE_SECONDS,
        look_seconds: float = LOOK_SECONDS,
    ) -> None:
        self._delivery = delivery
        self._leases = leases
        self._holder = holder
        self._lease_seconds = lease_seconds
        self._look_seconds = look_seconds
        self._workers: dict[str, asyncio.Task[None]] = {}
        self._tick = asyncio.Event()
        self._stopping = asyncio.Event()
        self._seen = 0
        self.leading = False
        self.counts: Counter[str] = Counter()
        self.behind: Mapping[str, int] = {}
        self.stuck = 0

    def figures(self) -> Mapping[str, float]:
        """For Prometheus; who does not deliver knows nothing of it."""
        if not self.leading:
            return {}
        return {
            "wijkspoor_webhook_endpoints_paused": float(self.stuck),
            "wijkspoor_webhook_behind": float(max(self.behind.values(), default=0)),
        }

    def stop(self) -> None:
        """Finish the requests in hand, then let `run` return; a standby takes over at once."""
        self._stopping.set()
        self._wake()

    async def run(self) -> None:
        """Take the lease when it is free, and deliver while it is held."""
        try:
            while not self._stopping.is_set():
                try:
                    await self._reign()
                except StoreUnavailable:
                    log.warning("webhooks wait for the database")
                if not self._stopping.is_set():
                    await self._end()
                    await _moment(self._stopping, self._look_seconds)
            # Each has its own limits of time; when they are over, nothing is left to wait for.
            await asyncio.gather(*self._workers.values())
        finally:
            await self._end()
            await self._delivery.calls.close()
            # It may be run again, after the database was away for one.
            self._stopping.clear()
            with suppress(StoreUnavailable):
                await self._leases.release(LEASE, self._holder)

    async def _reign(self) -> None:
        loop = asyncio.get_running_loop()
        pruned = renewed = looked = float("-inf")
        while not self._stopping.is_set():
            if loop.time() - renewed > self._lease_seconds / 3:
                self.leading = await self._leases.take(LEASE, self._holder, self._lease_seconds) is not None
                renewed = loop.time()
            if not self.leading:
                return
            if loop.time() - pruned > PRUNE_SECONDS:
                await self._delivery.rows.prune(self._delivery.now() - KEPT)
                pruned = loop.time()
            if loop.time() - looked >= self._look_seconds:
                await self._look()
                looked = loop.time()
            if await self._delivery.public.wait_for(self._seen + 1, self._look_seconds):
                self._seen = await self._delivery.public.last()
            self._wake()

    async def _look(self) -> None:
        """A task for each receiver that works, none for the others."""
        rows = {row.ident: row for row in await self._delivery.rows.working()}
        for ident in [ident for ident, task in self._workers.items() if ident not in rows or task.done()]:
            await _ended(self._workers.pop(ident))
        for ident, row in rows.items():
            if ident not in self._workers:
                self._workers[ident] = asyncio.create_task(self._serve(row), name=f"webhook {ident}")
        self.stuck = await self._delivery.rows.stuck()
        self.behind = {ident: max(self._seen - row.progress.place, 0) for ident, row in rows.items()}

    def _wake(self) -> None:
        self._tick.set()
        self._tick = asyncio.Event()

    async def _end(self) -> None:
        self.leading = False
        workers, self._workers = list(self._workers.values()), {}
        for task in workers:
            task.cancel()
        for task in workers:
            await _ended(task)

    async def _serve(self, row: Subscription) -> None:
        """Steps for one receiver until it is paused."""
        page: list[Published] = []
        current: Subscription | None = row
        while current is not None and current.progress.status != "paused" and not self._stopping.is_set():
            tick = self._tick
            try:
                done = await self._step(current, page)
                if done == "idle":
                    await _moment(tick, self._look_seconds)
                    done = await self._delivery.rows.find(row.ident)
                current = done
            except StoreUnavailable:
                page.clear()
                await _moment(tick, self._look_seconds)
            except Exception:  # the boundary of one receiver: whatever is wrong with it, the others go on
                log.exception("webhook failed", subscription=row.ident)
                self.counts["broken"] += 1
                return

    async def _step(self, row: Subscription, page: list[Published]) -> Subscription | Literal["idle"] | None:
        """The next thing to do for a receiver, and the row after it (None: it is gone)."""
        steps, progress = self._delivery, row.progress
        if progress.due is not None and steps.now() < progress.due:
            # Not until the next tick: new events do not make a receiver ready.
            await asyncio.sleep(min((progress.due - steps.now()).total_seconds(), self._look_seconds))
            return await steps.rows.find(row.ident)
        if progress.status == "pending":
            return self._counted("handshake", row, await steps.agree(row))
        if row.again:
            return self._counted("redelivery", row, await steps.repeat(row, row.again[0]))
        while page and page[0].sequence <= progress.place:
            page.pop(0)
        if not page:
            page.extend(await steps.page(row))
        return self._counted("delivery", row, await steps.advance(row, page)) if page else "idle"

    def _counted(self, sort: str, before: Subscription, after: Subscription | None) -> Subscription | None:
        failed = after is not None and after.progress.failures > before.progress.failures
        paused = after is not None and after.progress.status == "paused"
        self.counts[f"{sort} {'paused' if paused else 'failed' if failed else 'done'}"] += 1
        return after


async def _moment(tick: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(tick.wait(), seconds)


async def _ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
