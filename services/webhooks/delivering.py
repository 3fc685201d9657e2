"""One receiver, one attempt at a time: ask for consent, send the next event, note what came of it.

Every step ends with one note in the rows, attempt and progress together; a step that is cut off before it is made
again, with the same `webhook-id`. So each event arrives at least once, and in order.
"""

from __future__ import annotations

import email.utils
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import takewhile

import structlog

from events.public.feed import PublicLog, Published
from events.vault import Vault
from events.webhooks import Attempt, Progress, Sort, Subscription, Subscriptions
from services.webhooks import handshake, schedule
from services.webhooks.calling import Answered, Calls
from services.webhooks.handshake import Granted
from services.webhooks.schedule import Schedule
from services.webhooks.signing import secrets_of, signed

log = structlog.get_logger()

PAGE = 100
GONE = 410
UNSIGNED = "there is no secret to sign with: ask for a new one"
RATE = 600
"""Requests a minute that a receiver is asked to allow."""


@dataclass(frozen=True)
class Delivery:
    """The steps, over what they share. `origin` is the DNS name under which this installation sends."""

    public: PublicLog
    rows: Subscriptions
    vault: Vault
    calls: Calls
    now: Callable[[], datetime]
    origin: str
    schedule: Schedule = schedule.PLAIN

    async def agree(self, row: Subscription) -> Subscription | None:
        """Ask for consent."""
        at = self.now()
        answered = await self.calls.call("OPTIONS", row.url, handshake.asked(self.origin, RATE))
        match handshake.consent(answered, self.origin, RATE):
            case Granted(rate):
                after = schedule.done(replace(row.progress, status="active", reason=None, rate=rate), 0, self.now())
            case "refused":
                after = schedule.paused(row.progress, "refused")
            case "silent" if answered.forbidden:
                after = schedule.paused(row.progress, "address")
            case "silent":
                after = self._failed(row.progress, answered)
        return await self._note(row, _attempt(row, "handshake", None, at, answered), after)

    async def repeat(self, row: Subscription, sequence: int) -> Subscription | None:
        """Send an event once more, because somebody asked; whatever comes of it, the place stays."""
        found = await self.public.read(sequence - 1, 1)
        at = self.now()
        answered = await self._send(row, found[0], at)
        return await self._note(row, _attempt(row, "redelivery", found[0], at, answered), row.progress)

    async def page(self, row: Subscription) -> list[Published]:
        """The next events, wanted or not."""
        return list(await self.public.read(row.progress.place, PAGE))

    async def advance(self, row: Subscription, page: Sequence[Published]) -> Subscription | None:
        """Pass by the events whose types the receiver does not want, or send the one that it does."""
        passed = list(takewhile(lambda event: row.types and event.type not in row.types, page))
        if passed:
            return await self.rows.skip(row.ident, passed[-1].sequence)
        return await self._deliver(row, page[0])

    async def _deliver(self, row: Subscription, event: Published) -> Subscription | None:
        at = self.now()
        answered = await self._send(row, event, at)
        attempt = _attempt(row, "delivery", event, at, answered)
        if attempt.accepted:
            after = schedule.done(row.progress, event.sequence, self.now())
        elif attempt.status == GONE:
            after = schedule.paused(row.progress, "gone")
        else:
            after = self._failed(row.progress, answered)
        return await self._note(row, attempt, after)

    async def _send(self, row: Subscription, event: Published, at: datetime) -> Answered:
        secrets = await secrets_of(self.vault, row, at)
        if not secrets:
            return Answered(error=UNSIGNED)
        headers = {handshake.ORIGIN: self.origin, **signed(secrets, event.id, event.body, at)}
        return await self.calls.call("POST", row.url, headers, event.body)

    def _failed(self, progress: Progress, answered: Answered) -> Progress:
        now = self.now()
        return schedule.failed(progress, now, self.schedule, _wanted(answered, now))

    async def _note(self, row: Subscription, attempt: Attempt, after: Progress) -> Subscription | None:
        if after.status == "paused":
            log.warning("webhook paused", subscription=row.ident, reason=after.reason, failures=after.failures)
        elif not attempt.accepted:
            said = {"status": attempt.status, "error": attempt.error, "number": attempt.number}
            log.info("webhook attempt failed", subscription=row.ident, sort=attempt.sort, **said)
        return await self.rows.note(attempt, after, row.epoch)


def _attempt(row: Subscription, sort: Sort, event: Published | None, at: datetime, answered: Answered) -> Attempt:
    return Attempt(
        subscription=row.ident,
        sort=sort,
        sequence=event.sequence if event else 0,
        event_id=event.id if event else None,
        number=1 if sort == "redelivery" else row.progress.failures + 1,
        at=at,
        millis=answered.millis,
        status=answered.status,
        error=answered.error,
        excerpt=answered.excerpt or None,
    )


def _wanted(answered: Answered, now: datetime) -> timedelta | None:
    """The pause that a receiver asks for, in seconds or as a date (RFC 9110 §10.2.3)."""
    text = answered.headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return timedelta(seconds=int(text[:9]))
    try:
        return email.utils.parsedate_to_datetime(text) - now
    except (ValueError, TypeError):
        return None
