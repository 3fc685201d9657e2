"""How a monitor is to run: what its process is given when it is started."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from projections.monitor.limits import Limits
from projections.monitor.reading import Reads

GROUP = "wijkspoor.monitor"
HOST = "127.0.0.1"


def quiet() -> None:
    """Warnings and worse to standard error; Faust tells a great deal otherwise."""
    logging.basicConfig(level=logging.WARNING)


class Access(Protocol):
    """Where Kafka is and who asks; it must survive pickling, for it goes to a process of its own."""

    def client(self) -> Mapping[str, Any]:
        """Keyword arguments that every aiokafka client takes."""

    def unreachable(self) -> str:
        """What to tell a person when there is no connection."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds. Production's defaults; tests are less patient.

    `patience`: how long records may lie unread without any being handled, or the worker be silent, before it is
    killed; `start` is the same for a worker that was just started.
    """

    session: float = 10.0
    heartbeat: float = 3.0
    commit: float = 2.8
    beat: float = 1.0
    patience: float = 30.0
    start: float = 60.0
    longest_pause: float = 30.0

    @property
    def gone(self) -> float:
        """After how long a member that was killed is surely out of its group; who is still in it then is alive."""
        return 2 * self.session + 5.0


@dataclass(frozen=True, slots=True)
class Setup:
    """One monitor. Topics come with their number of partitions. `reads` and `prepare` are functions of a module, given
    by the composition root; `prepare` is called first thing in the worker's process, and sets how it logs.
    """

    access: Access
    log_topics: Mapping[str, int]
    parked_topics: Mapping[str, int]
    reads: Reads
    port: int
    prepare: Callable[[], None] = quiet
    group: str = GROUP
    host: str = HOST
    timing: Timing = field(default_factory=Timing)
    limits: Limits = field(default_factory=Limits)

    @property
    def topics(self) -> Mapping[str, int]:
        """Everything that is read."""
        return {**self.log_topics, **self.parked_topics}
