"""The tested twin of the subscriptions' rows, in this process only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import count

from events.webhooks import COMMANDED, Attempt, Logged, Progress, Subscription


class MemorySubscriptions:
    """Subscriptions without a disk."""

    def __init__(self) -> None:
        self._rows: dict[str, Subscription] = {}
        self._log: list[Logged] = []
        self._entries = count(1)

    async def add(self, subscription: Subscription) -> bool:
        """As the port says."""
        if subscription.ident in self._rows:
            return False
        self._rows[subscription.ident] = subscription
        return True

    async def find(self, ident: str) -> Subscription | None:
        """As the port says."""
        return self._rows.get(ident)

    async def page(self, organisation: str | None, after: str, limit: int) -> Sequence[Subscription]:
        """As the port says."""
        rows = (self._rows[ident] for ident in sorted(self._rows) if ident > after)
        return [row for row in rows if organisation in (None, row.organisation)][:limit]

    async def working(self) -> Sequence[Subscription]:
        """As the port says."""
        return [self._rows[ident] for ident in sorted(self._rows) if self._rows[ident].progress.status != "paused"]

    async def stuck(self) -> int:
        """As the port says."""
        paused = [row.progress for row in self._rows.values() if row.progress.status == "paused"]
        return sum(progress.reason != COMMANDED for progress in paused)

    async def change(self, subscription: Subscription) -> bool:
        """As the port says."""
        row = self._rows.get(subscription.ident)
        if row is None or row.epoch != subscription.epoch:
            return False
        kept = replace(subscription.progress, place=row.progress.place, rate=row.progress.rate)
        self._rows[row.ident] = replace(subscription, progress=kept, again=row.again, epoch=row.epoch + 1)
        return True

    async def note(self, attempt: Attempt, progress: Progress, epoch: int) -> Subscription | None:
        """As the port says."""
        row = self._rows.get(attempt.subscription)
        if row is None:
            return None
        self._log.append(Logged(next(self._entries), attempt))
        known = progress if epoch == row.epoch else row.progress
        again = row.again
        if attempt.sort == "redelivery":
            again = tuple(sequence for sequence in again if sequence != attempt.sequence)
        place = max(row.progress.place, progress.place)
        self._rows[row.ident] = replace(row, progress=replace(known, place=place), again=again)
        return self._rows[row.ident]

    async def skip(self, ident: str, place: int) -> Subscription | None:
        """As the port says."""
        row = self._rows.get(ident)
        if row is not None:
            moved = replace(row.progress, place=max(row.progress.place, place))
            self._rows[ident] = replace(row, progress=moved)
        return self._rows.get(ident)

    async def ask_again(self, ident: str, sequence: int) -> None:
        """As the port says."""
        if row := self._rows.get(ident):
            self._rows[ident] = replace(row, again=tuple(sorted({*row.again, sequence})))

    async def attempts(self, ident: str, before: int | None, limit: int) -> Sequence[Logged]:
        """As the port says."""
        own = [one for one in reversed(self._log) if one.attempt.subscription == ident]
        return [one for one in own if before is None or one.entry < before][:limit]

    async def prune(self, before: datetime) -> int:
        """As the port says."""
        kept = [one for one in self._log if one.attempt.at >= before]
        gone = len(self._log) - len(kept)
        self._log = kept
        return gone
