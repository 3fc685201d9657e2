"""`serve work relay project timers publish`: one role of the cluster as its own process."""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import TypeAlias

from fastapi import FastAPI

from projections.views import VIEWS
from services.cli.boundary import run
from services.cli.common import Common, WrongUse, one_of, settings_of
from services.cli.output import Out
from services.cluster.roles import DECIDING, DESK, Kind, Role
from services.settings import Settings
from services.web.server import address, bind, serve

OpensRole: TypeAlias = Callable[[Settings, Role], AbstractAsyncContextManager[FastAPI]]

PLAIN = Common()
ALL = "all"


@dataclass(frozen=True)
class Roles:
    """The commands, over the door that opens a role."""

    door: OpensRole

    def serve(self, *names: str, port: int | None = None, common: Common = PLAIN) -> int:
        """Take commands for one or more services; `desk` shows the pages and answers queries.

        Parameters
        ----------
        names
            intake, eligibility, jury, decision, payment, desk.
        port
            The port on 127.0.0.1; a free one if none is named.
        """
        return self._role("serve", names, (*DECIDING, DESK), port, common)

    def work(self, *names: str, port: int | None = None, common: Common = PLAIN) -> int:
        """Carry the reactions of one or more services; start several to share the partitions.

        Parameters
        ----------
        names
            intake, eligibility, jury, decision, payment.
        port
            The port of health and figures.
        """
        return self._role("work", names, DECIDING, port, common)

    def relay(self, *, port: int | None = None, common: Common = PLAIN) -> int:
        """Publish the log on Kafka; a second one stands by.

        Parameters
        ----------
        port
            The port of health and figures.
        """
        return self._role("relay", (), (), port, common)

    def project(self, *names: str, port: int | None = None, common: Common = PLAIN) -> int:
        """Keep views up to date; a second process stands by.

        Parameters
        ----------
        names
            The views, or `all`.
        port
            The port of health and figures.
        """
        return self._role("project", names, tuple(VIEWS), port, common)

    def timers(self, *, port: int | None = None, common: Common = PLAIN) -> int:
        """Let deadlines act; in a demo, keep the story's clock.

        Parameters
        ----------
        port
            The port of health, figures and, in a demo, the clock.
        """
        return self._role("timers", (), (), port, common)

    def publish(self, *, port: int | None = None, common: Common = PLAIN) -> int:
        """Give public events on: Kafka, webhooks, a signed manifest for each day. A second process stands by.

        Parameters
        ----------
        port
            The port of health and figures.
        """
        return self._role("publish", (), (), port, common)

    def _role(self, kind: Kind, names: Sequence[str], known: Sequence[str], port: int | None, common: Common) -> int:
        listening: list[socket.socket] = []

        async def work(out: Out) -> None:
            role = Role(kind, _named(kind, names, known))
            settings = settings_of(common, port=port)
            listening.append(bind(port_of(settings), settings.host))
            async with self.door(settings, role) as app:
                where = address(listening[0])

                def ready() -> None:
                    out.answer({"role": role.title, "address": where}, f"{role.title} on {where}")

                await serve(app, listening[0], ready)
            out.say("Stopped.")

        try:
            return run(common, work, serves=True)
        finally:
            for one in listening:
                one.close()


def _named(kind: Kind, names: Sequence[str], known: Sequence[str]) -> tuple[str, ...]:
    if not known:
        return ()
    if not names:
        raise WrongUse(f"Say what to {kind}: {', '.join(known)}.")
    if kind == "project" and tuple(names) == (ALL,):
        return tuple(known)
    return tuple(dict.fromkeys(one_of(name, known, "view" if kind == "project" else "service") for name in names))


def port_of(settings: Settings) -> int:
    """The port that somebody asked for, or any: many roles share a machine."""
    return settings.port if "port" in settings.model_fields_set else 0
