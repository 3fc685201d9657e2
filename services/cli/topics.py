"""`topics apply`, `topics check`: the topics of Kafka and who may do what there, made and compared."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from events.failures import CannotRun
from events.store import StoreUnavailable
from services.cli.boundary import run
from services.cli.common import Common, Finding, WrongUse, settings_of
from services.cli.output import Out, table
from services.settings import Settings

PLAIN = Common()


class Difference(Protocol):
    """Something on the cluster that is not as it must be: a kind for programs, a sentence for people."""

    @property
    def kind(self) -> str:
        """Its name: `missing-topic`, `wrong-partitions`, `surplus-acl`, …"""

    @property
    def about(self) -> str:
        """The topic, rule or user."""

    @property
    def detail(self) -> str:
        """What is wrong, and what to do."""


class TopicsReport(Protocol):
    """What was made on the cluster, and what differs from how it must be."""

    @property
    def brokers(self) -> int:
        """How many brokers the cluster has, serving or away for a while."""

    @property
    def guarded(self) -> bool:
        """Whether the cluster keeps access rules at all."""

    @property
    def topics(self) -> Sequence[str]:
        """Topics that were made now."""

    @property
    def rules(self) -> Sequence[str]:
        """Access rules that were added now, in words."""

    @property
    def users(self) -> Sequence[str]:
        """Users whose password was set now."""

    @property
    def absent(self) -> Sequence[str]:
        """Who has rights and cannot log in, because nobody gave a password."""

    @property
    def differences(self) -> Sequence[Difference]:
        """What is not as it must be."""


class TopicsDoor(Protocol):
    """The way to the cluster that the settings name; bootstrap is behind it."""

    @property
    def principals(self) -> Sequence[str]:
        """Who has rights there, beside the administrator."""

    def check(self, settings: Settings) -> Awaitable[TopicsReport]:
        """Compare; StoreUnavailable or CannotRun when the cluster cannot be asked."""

    def apply(self, settings: Settings, passwords: Mapping[str, str]) -> Awaitable[TopicsReport]:
        """Make what is missing, never alter or delete; then compare."""


class NoTopics:
    """A build without Kafka."""

    principals: Sequence[str] = ()

    async def check(self, settings: Settings) -> TopicsReport:
        """CannotRun."""
        raise CannotRun(f"This build cannot reach Kafka at {settings.kafka}: install one that can.")

    async def apply(self, settings: Settings, _passwords: Mapping[str, str]) -> TopicsReport:
        """CannotRun."""
        return await self.check(settings)


@dataclass(frozen=True)
class TopicTools:
    """The commands, over the door."""

    door: TopicsDoor

    def check(self, *, kafka: str | None = None, common: Common = PLAIN) -> int:
        """Compare Kafka's topics, access rules and users with what they must be. Nothing is changed.

        Parameters
        ----------
        kafka
            Brokers to begin with: host:port, commas between.
        """

        async def work(out: Out) -> None:
            _tell(out, await _reached(self.door.check(_settings(common, kafka))))

        return run(common, work)

    def apply(self, *, users: Path | None = None, kafka: str | None = None, common: Common = PLAIN) -> int:
        """Make the topics, access rules and users that are missing. Nothing is altered or deleted.

        Parameters
        ----------
        users
            A JSON file with the password of each user to let in: {"relay": "…"}.
        kafka
            Brokers to begin with: host:port, commas between.
        """

        async def work(out: Out) -> None:
            settings = _settings(common, kafka)
            passwords = _passwords(users, self.door.principals) if users else {}
            _tell(out, await _reached(self.door.apply(settings, passwords)))

        return run(common, work)


def _settings(common: Common, kafka: str | None) -> Settings:
    settings = settings_of(common, kafka=kafka)
    if settings.kafka is None:
        raise WrongUse("No Kafka is named: give --kafka host:port, or set WIJKSPOOR_KAFKA.")
    return settings


async def _reached(report: Awaitable[TopicsReport]) -> TopicsReport:
    try:
        return await report
    except StoreUnavailable as error:
        # It is Kafka that is away, not the database that is meant by this error elsewhere.
        raise CannotRun(str(error)) from error


def _passwords(file: Path, known: Sequence[str]) -> Mapping[str, str]:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise WrongUse(f"{file} cannot be read as JSON ({error}): give an object of user and password.") from error
    if not isinstance(found, dict) or not all(isinstance(word, str) and word for word in found.values()):
        raise WrongUse(f"{file} must hold one JSON object: a password, not empty, for each user.")
    strangers = sorted(set(found) - set(known))
    if strangers:
        raise WrongUse(f"{file} names {', '.join(strangers)}; Kafka's users here are {', '.join(known)}.")
    return found


def _tell(out: Out, report: TopicsReport) -> None:
    rows: list[dict[str, Any]] = [
        {"kind": one.kind, "about": one.about, "detail": one.detail} for one in report.differences
    ]
    document = {
        "ok": not rows,
        "brokers": report.brokers,
        "accessControl": report.guarded,
        "made": {"topics": list(report.topics), "rules": list(report.rules), "users": list(report.users)},
        "absent": list(report.absent),
        "differences": rows,
    }
    parts: list[Any] = [f"made: {name}" for name in (*report.topics, *report.rules, *report.users)]
    parts.append(table("Differences", rows, ("kind", "detail")) if rows else f"All is as it must be ({_seen(report)}).")
    if report.absent:
        parts.append(f"Without a password: {', '.join(report.absent)}.")
    out.answer(document, *parts)
    if rows:
        raise Finding


def _seen(report: TopicsReport) -> str:
    brokers = f"{report.brokers} broker{'' if report.brokers == 1 else 's'}"
    return brokers if report.guarded else f"{brokers}; this Kafka keeps no access rules"
