"""What a cluster takes beside its roles: the live monitor, and the database made ready (`monitor`, `migrate`)."""

from __future__ import annotations

from dataclasses import dataclass

from services.cli.boundary import run
from services.cli.common import Common, settings_of
from services.cli.output import Out
from services.cli.ports import Doors
from services.cli.roles import PLAIN, port_of
from services.web.server import address, bind


@dataclass(frozen=True)
class Running:
    """The commands, over the doors."""

    doors: Doors

    def monitor(self, *, port: int | None = None, common: Common = PLAIN) -> int:
        """Watch rates, delays, ageing and stalls as they happen; approximate by design.

        Parameters
        ----------
        port
            The port of its figures.
        """

        async def work(out: Out) -> None:
            settings = settings_of(common, port=port)
            # It opens its own door, in a process below this one.
            free = bind(port_of(settings), settings.host)
            where, number = address(free), free.getsockname()[1]
            free.close()
            out.answer({"role": "monitor", "address": where}, f"monitor on {where}")
            await self.doors.monitor(settings, number)
            out.say("Stopped.")

        return run(common, work, serves=True)

    def migrate(self, *, common: Common = PLAIN) -> int:
        """Bring the database to this version and begin its log, if it has none: once, before the roles start."""

        async def work(out: Out) -> None:
            settings = settings_of(common)
            origin = await self.doors.prepare(settings)
            out.answer({"ok": True, "origin": origin}, f"The database is ready for the log {origin}.")

        return run(common, work)
