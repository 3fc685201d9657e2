"""What HTTP needs of the running program, and no more; `services.bootstrap` provides it, tests hand in a fake."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol, TypeAlias

from fastapi import APIRouter, Request

from events.envelope import Actor
from events.parking import Stuck
from events.store import Head, Recorded
from events.times import Instant
from services.answers import Answer, Issued
from services.auth import Verifies
from services.clock import Clock
from services.deciding import Service

Reader: TypeAlias = Callable[[str], Callable[[Request], Actor]]
"""`reader("budget")` is the FastAPI dependency of a view: it gives the actor, or answers 401 or 403.

The view's name must stand in `services.web.access.VIEWS`; a name that does not is a KeyError at the start.
"""

RouterFactory: TypeAlias = Callable[[Reader], APIRouter]
"""How a projection offers its routes: it is handed the dependency, for it may not import services."""


class Handles(Protocol):
    """The one road in."""

    async def handle(self, issued: Issued) -> Answer:
        """Decide a command and record what was decided; StoreUnavailable when the store cannot be reached."""


class ReadsLog(Protocol):
    """The two reads of the event store that HTTP makes itself."""

    async def head(self) -> Head:
        """Where the log ends now."""

    async def read_all(
        self, after_position: int = 0, *, types: Sequence[str] | None = None, limit: int = 1_000
    ) -> Sequence[Recorded]:
        """Up to `limit` events in position order."""


class LogInfo(Protocol):
    """What the log says about itself."""

    @property
    def origin(self) -> str:
        """The log's name."""


class Observed(Protocol):
    """A running process, as far as its health and figures go."""

    @property
    def store(self) -> ReadsLog:
        """Reads the log."""

    @property
    def clock(self) -> Clock:
        """The time that commands get."""

    @property
    def log_info(self) -> LogInfo:
        """The log's own data."""

    @property
    def failures(self) -> Mapping[str, str]:
        """The consumers that have stopped for good, and why."""

    @property
    def parked(self) -> Sequence[Stuck]:
        """The streams on which consumers of this process stand still."""

    @property
    def alarms(self) -> Mapping[str, str]:
        """What is tried again and again without going on, and why."""

    def lag(self) -> Mapping[str, int]:
        """How far each consumer has come, as positions."""

    def behind(self, head: int) -> Mapping[str, int]:
        """How much each consumer has still to do, in events, when the log ends at `head`."""


class Runtime(Observed, Protocol):
    """The running program."""

    @property
    def services(self) -> Mapping[str, Service]:
        """The services of this process, by name."""

    @property
    def handler(self) -> Handles:
        """Takes commands."""

    @property
    def issuer(self) -> Verifies:
        """Tells who acts."""

    @property
    def routers(self) -> Sequence[RouterFactory]:
        """The routes of the projections."""

    async def advance_clock(self, to: Instant) -> None:
        """Move the story's clock forward; ValueError if it would go back."""

    @property
    def checkpoint(self) -> Callable[[], Awaitable[str]] | None:
        """Gives the latest checkpoint as a signed note; None where this process does not sign them."""
