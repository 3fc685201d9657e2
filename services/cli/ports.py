"""What the command line needs of the program, and the doors through which it enters; bootstrap is behind them."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

from fastapi import FastAPI

from events.failures import CannotRun
from events.proof.signing import Signer
from events.store import EventStore
from projections.audit.restore import RestoreTarget
from services.auth import LocalIssuer
from services.cli.cluster import OpensCluster, Together
from services.cli.subscription import ReadsTopic, no_topic
from services.cli.topics import NoTopics, TopicsDoor
from services.cluster.roles import Role
from services.handle import Handler
from services.settings import Settings
from services.web import ports


class Program(ports.Runtime, Protocol):
    """The running program, as the command line sees it."""

    @property
    def handler(self) -> Handler:
        """Takes commands."""

    @property
    def store(self) -> EventStore:
        """The log."""

    @property
    def issuer(self) -> LocalIssuer:
        """Makes tokens."""

    @property
    def signers(self) -> Mapping[str, Signer]:
        """The services' signing keys."""

    async def advance(self, to: str) -> None:
        """Move the story's clock."""

    async def settled(self) -> int:
        """Wait until every consumer has reached the head; its position."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """One view built anew: its rows, and whether they equal those it had (`same`: None if there were none)."""

    name: str
    events: int
    rows: int
    seconds: float
    same: bool | None


Progress: TypeAlias = Callable[[int, int], None]
"""(done, of) while something long is under way."""

Rebuild: TypeAlias = Callable[[Settings, str, Progress], Coroutine[Any, Any, Sequence[Rebuilt]]]
Opens: TypeAlias = Callable[[Settings], AbstractAsyncContextManager[Any]]


async def _no_rebuild(_settings: Settings, name: str, _progress: Progress) -> Sequence[Rebuilt]:
    raise CannotRun(f"This build cannot rebuild {name}: install one that can.")


def _no_restore(_settings: Settings) -> AbstractAsyncContextManager[RestoreTarget]:
    raise CannotRun("This build cannot restore: install one that can.")


def _no_role(_settings: Settings, role: Role) -> AbstractAsyncContextManager[FastAPI]:
    raise CannotRun(f"This build has no {role.title}: install one that has.")


def _no_cluster(_settings: Settings, _ports: Mapping[str, int]) -> AbstractAsyncContextManager[Together]:
    raise CannotRun("This build has no cluster: use --profile single.")


def _no_kafka(_settings: Settings) -> AbstractAsyncContextManager[Any]:
    raise CannotRun("This build cannot read Kafka or the stuck list: install one that can.")


def _no_bank(_settings: Settings) -> AbstractAsyncContextManager[Any]:
    raise CannotRun("This build has no way to the bank: install one that has.")


async def _no_monitor(_settings: Settings, _port: int) -> None:
    raise CannotRun("This build has no monitor: install one that has.")


async def _no_prepare(_settings: Settings) -> str:
    raise CannotRun("This build cannot prepare a database: install one that can.")


@dataclass(frozen=True)
class Doors:
    """How the program is opened.

    `whole`: consumers running, alone on its data folder; gives a Program. `shared`: beside a running instance, reading
    and handling commands, no consumers; gives a Program. `empty`: the store of a log that has not begun; gives a
    RestoreTarget. `rebuild`: builds a view (or `all`) anew. `role`: one role of a cluster at work; gives what it says
    over HTTP. `cluster`: every role as a process of this machine, answering at the ports named. `prepare`: brings the
    database to this version and begins its log; tells the log's origin. `parking`: the stuck list. `history`: the log
    as Kafka holds it. `public_topic`: every public event on Kafka. `topics`: Kafka's topics and rights. `monitor`:
    runs the live monitor on a port. `bank`: what sends to the bank and reads from it.
    """

    whole: Opens
    shared: Opens
    empty: Opens = _no_restore
    rebuild: Rebuild = _no_rebuild
    role: Callable[[Settings, Role], AbstractAsyncContextManager[FastAPI]] = _no_role
    cluster: OpensCluster = _no_cluster
    prepare: Callable[[Settings], Coroutine[Any, Any, str]] = _no_prepare
    parking: Opens = _no_kafka
    history: Opens = _no_kafka
    public_topic: ReadsTopic = no_topic
    monitor: Callable[[Settings, int], Coroutine[Any, Any, None]] = _no_monitor
    bank: Opens = _no_bank
    topics: TopicsDoor = field(default_factory=NoTopics)
