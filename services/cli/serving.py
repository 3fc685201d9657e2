"""`demo up`: the story of 2021 in a throw-away minute, and the whole program, serving."""

from __future__ import annotations

import socket
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any, Literal

import stamina
from cyclopts import Parameter

from events.failures import CannotRun
from events.store import StoreUnavailable
from events.times import end_of_day
from services.cli.boundary import run
from services.cli.cluster import up_cluster
from services.cli.common import Common, WrongUse, settings_of
from services.cli.output import Out, pairs, table
from services.cli.ports import Doors, Program
from services.cli.summary import summary
from services.settings import Settings
from services.story.call_2021 import steps
from services.story.player import Direct, play
from services.story.script import Step
from services.web.app import create_app
from services.web.server import address, bind, serve

PLAIN = Common()
PATIENCE_SECONDS = 20.0
"""How long a play waits for a database that is away."""


@dataclass(frozen=True)
class Serving:
    """The commands, over the doors."""

    doors: Doors

    def demo(self, *, until: str | None = None, common: Common = PLAIN) -> int:
        """Play the call of 2021, from publication to the last euro; in a throw-away folder unless one is named.

        Parameters
        ----------
        until
            Stop at the end of this day (2021-07-15).
        """

        async def work(out: Out) -> None:
            day = _day(until)
            async with AsyncExitStack() as stack:
                settings = _throw_away(settings_of(common, demo=True), stack)
                program = await stack.enter_async_context(self.doors.whole(settings))
                document = await played(program, out, day)
            out.answer(document, *_shown(document))

        return run(common, work)

    def up(
        self,
        *,
        profile: Literal["single", "cluster"] | None = None,
        port: int | None = None,
        demo: Annotated[bool, Parameter(negative="")] = False,
        common: Common = PLAIN,
    ) -> int:
        """Start everything, and serve until Ctrl-C.

        Parameters
        ----------
        profile
            `single`: one process on one database. `cluster`: over Kafka.
        port
            The port on 127.0.0.1; 0 takes a free one.
        demo
            Play the call of 2021 first; the story drives the clock.
        """
        listening: list[socket.socket] = []

        async def work(out: Out) -> None:
            settings = settings_of(common, profile=profile, port=port, demo=demo or None)
            if settings.profile == "cluster":
                return await up_cluster(self.doors.cluster, settings, out, _shown)
            # The port first: nobody wants to see the whole play before hearing that it is taken.
            listening.append(bind(settings.port))
            async with self.doors.whole(settings) as program:
                return await self._serve(program, settings, listening[0], out)

        try:
            return run(common, work, serves=True)
        finally:
            for one in listening:
                one.close()

    async def _serve(self, program: Program, settings: Settings, listening: socket.socket, out: Out) -> None:
        document: dict[str, Any] = {}
        if settings.demo:
            document = await played(program, out, None)
        where = address(listening)
        addresses = {"desk": f"{where}/", "api": f"{where}/docs", "health": f"{where}/health"}

        def ready() -> None:
            out.answer({**document, **addresses}, *(_shown(document) if document else []))
            for name, url in addresses.items():
                out.say(f"{name:<8} {url}")

        await serve(create_app(program), listening, ready)
        out.say("Stopped.")


async def played(program: Program, out: Out, until: str | None) -> dict[str, Any]:
    """Play the story (or go on with it), and sum up what the log says."""
    scenes = steps(until)
    try:
        with out.progress("2021") as move:

            def shown(_step: Step, number: int) -> None:
                move(number, len(scenes))

            send = Direct(program.handler, program.services)
            # A database that comes back is played on: what was answered before changes nothing.
            async for attempt in stamina.retry_context(on=StoreUnavailable, attempts=8, timeout=PATIENCE_SECONDS):
                with attempt:
                    await play(scenes, program, send, now=program.clock.now, shown=shown)
                    if until is not None:
                        await program.advance(max(end_of_day(until).utc, program.clock.now()))
                    await program.settled()
    except StoreUnavailable as error:
        if why := program.failures.get("database"):
            raise CannotRun(why) from error
        raise
    return await summary(program.store)


def _shown(document: dict[str, Any]) -> list[Any]:
    deadlines = table("Its deadline", document["deadlines"], ["local", "recordedAt", "reason"])
    return [pairs("The call of 2021", document), deadlines]


def _throw_away(settings: Settings, stack: AsyncExitStack) -> Settings:
    """A folder that is gone afterwards, unless the caller said where the data are to be."""
    if settings.model_fields_set & {"data", "dsn"}:
        return settings
    folder = stack.enter_context(TemporaryDirectory(prefix="wijkspoor-demo-"))
    return settings.model_copy(update={"data": Path(folder)})


def _day(text: str | None) -> str | None:
    try:
        return date.fromisoformat(text).isoformat() if text else None
    except ValueError as error:
        raise WrongUse("--until takes a day, such as 2021-07-15.") from error
