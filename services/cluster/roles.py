"""The roles of a cluster: what a process can be, and with which keys it signs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from events.catalog import SERVICES as SIGNERS

Kind: TypeAlias = Literal["serve", "work", "relay", "project", "timers", "publish", "monitor"]

DESK = "desk"
"""The pages and queries, served as if they were a service."""

DECIDING = tuple(name for name in SIGNERS if name != "log")
"""The five services."""


@dataclass(frozen=True, slots=True)
class Role:
    """What a process does. `names`: services (and the desk) to serve, services to work for, views to project."""

    kind: Kind
    names: Sequence[str] = ()

    @property
    def signs(self) -> Sequence[str]:
        """The services with whose keys it signs: its own, and no other's."""
        match self.kind:
            case "serve" | "work":
                return ["log" if name == DESK else name for name in self.names]
            case "timers":
                # A deadline acts as the service whose command it sends.
                return DECIDING
            case "publish":
                return ["log"]
            case _:
                return ()

    @property
    def principal(self) -> str | None:
        """As whom it enters Kafka: one user a role, with the rights of that role alone. None if it does not."""
        match self.kind:
            case "serve":
                return None
            case "work":
                return f"work-{self.names[0]}"
            case "project" | "timers":
                return "projector"
            case "publish":
                return "publisher"
            case _:
                return self.kind

    @property
    def title(self) -> str:
        """Its name among the processes: `work-jury`; with many names the kind says enough."""
        return "-".join([self.kind, *self.names]) if len(self.names) < 3 else self.kind
