"""The port of webhook subscriptions: who is to be told where, how far each of them is, and what came of every attempt.

These rows are how delivery works, not what happened: they are no facts and stand beside the log, not in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol, TypeAlias

Status: TypeAlias = Literal["pending", "active", "paused"]
"""`pending`: the receiver has not agreed yet. `paused`: nothing is sent until somebody resumes it."""

COMMANDED = "command"
"""The reason of a pause that a person asked for."""

Sort: TypeAlias = Literal["handshake", "delivery", "redelivery"]


@dataclass(frozen=True, slots=True)
class SigningKey:
    """Names a secret of the vault that signs; `until` is set when a newer one has taken its place."""

    ident: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a subscription is, and how it fares.

    `place` is the sequence of the last public event that is done. `failures` counts attempts in a row that failed, the
    first of them at `failing_since`. Nothing is sent before `due`. `rate` is how many requests a minute the receiver
    allows, None for any number. `reason` says in a word why it is paused.
    """

    status: Status = "pending"
    reason: str | None = None
    place: int = 0
    failures: int = 0
    failing_since: datetime | None = None
    due: datetime | None = None
    rate: int | None = None


@dataclass(frozen=True, slots=True)
class Subscription:
    """One receiver. `types` are the CloudEvent types it wants, all when empty; `keys` sign, the newest first.

    `epoch` rises with every command of a person, so that an attempt that was under way meanwhile cannot undo it.
    `again` are sequences that somebody wants delivered once more.
    """

    ident: str
    organisation: str
    person: str
    url: str
    types: tuple[str, ...]
    created_at: datetime
    keys: tuple[SigningKey, ...]
    progress: Progress
    epoch: int = 0
    again: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request that was made: to whom, what for, and what came back.

    `sequence` is 0 for a handshake. `number` counts the attempts for this event from 1. `status` is None when there was
    no answer; `error` says why then. `excerpt` is the beginning of the answer's body.
    """

    subscription: str
    sort: Sort
    sequence: int
    event_id: str | None
    number: int
    at: datetime
    millis: int
    status: int | None = None
    error: str | None = None
    excerpt: str | None = None

    @property
    def accepted(self) -> bool:
        """Whether the receiver took it."""
        return self.error is None and self.status is not None and 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class Logged:
    """An attempt with its number in the log of its subscription."""

    entry: int
    attempt: Attempt


class Subscriptions(Protocol):
    """The rows. Every method raises `events.store.StoreUnavailable` when they cannot be reached."""

    async def add(self, subscription: Subscription) -> bool:
        """Keep a new subscription; False if its id is taken, and nothing changes."""

    async def find(self, ident: str) -> Subscription | None:
        """The subscription as it stands now."""

    async def page(self, organisation: str | None, after: str, limit: int) -> Sequence[Subscription]:
        """Subscriptions of an organisation (None: of all) with an id above `after`, by id."""

    async def working(self) -> Sequence[Subscription]:
        """All that are not paused, by id."""

    async def stuck(self) -> int:
        """How many are paused for a reason of their own, not by a person's command."""

    async def change(self, subscription: Subscription) -> bool:
        """A person's command: everything but place, rate and `again` as given, the epoch one higher.

        False if the epoch is not the one that was read, and nothing changes.
        """

    async def note(self, attempt: Attempt, progress: Progress, epoch: int) -> Subscription | None:
        """What came of an attempt: its line in the log and the new progress together; the row as it stands then.

        A place never moves back. If the epoch has changed meanwhile, only the place moves. A redelivery is no longer
        asked for, whatever came of it.
        """

    async def skip(self, ident: str, place: int) -> Subscription | None:
        """Up to this sequence there is nothing for this receiver; a place never moves back."""

    async def ask_again(self, ident: str, sequence: int) -> None:
        """Deliver this event once more; asking twice is asking once."""

    async def attempts(self, ident: str, before: int | None, limit: int) -> Sequence[Logged]:
        """What was tried, the newest first; only entries below `before` if it is given."""

    async def prune(self, before: datetime) -> int:
        """Forget attempts made before this; how many there were."""
