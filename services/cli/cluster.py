"""`up --profile cluster`: a process for every role, watched until somebody asks them to stop."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager, suppress
from typing import Any, Protocol

from events.store import EventStore
from services.cli.output import Out
from services.cli.summary import summary
from services.cluster.fleet import Fleet
from services.settings import Settings
from services.story.call_2021 import steps
from services.story.over_http import OverHttp
from services.story.player import play
from services.story.script import Step
from services.web.server import bind

DESK = "serve-desk"


class Together(Protocol):
    """The running cluster, as the command line sees it."""

    @property
    def fleet(self) -> Fleet:
        """Its processes."""

    @property
    def store(self) -> EventStore:
        """Its log."""

    def stage(self) -> OverHttp:
        """A way in for a play, by address alone."""


OpensCluster = Callable[[Settings, Mapping[str, int]], AbstractAsyncContextManager[Together]]


async def up_cluster(opens: OpensCluster, settings: Settings, out: Out, shown: Callable[[dict[str, Any]], Any]) -> None:
    """Start every role, play if asked to, and keep them going until SIGINT or SIGTERM."""
    # Nobody wants to see twenty processes start before hearing that the port is taken.
    bind(settings.port).close()
    out.say("Starting a process for every role …")
    async with opens(settings, {DESK: settings.port}) as cluster:
        watching = asyncio.create_task(cluster.fleet.watch())
        try:
            document = await _played(cluster, out) if settings.demo else {}
            addresses = cluster.fleet.addresses()
            out.answer({**document, **addresses, "desk": addresses[DESK]}, *(shown(document) if document else []))
            for title, url in sorted(addresses.items()):
                out.say(f"{title:<20} {url}")
            await _asked_to_stop()
        finally:
            watching.cancel()
            with suppress(asyncio.CancelledError):
                await watching
    out.say("Stopped.")


async def _played(cluster: Together, out: Out) -> dict[str, Any]:
    scenes, stage = steps(), cluster.stage()
    with out.progress("2021") as move:

        def shown(_step: Step, number: int) -> None:
            move(number, len(scenes))

        await play(scenes, stage, stage, now=stage.now, shown=shown)
        await stage.settled()
    return await summary(cluster.store)


async def _asked_to_stop() -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    try:
        await stopped.wait()
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
