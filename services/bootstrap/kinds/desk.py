"""What the desk's process shows: queries, pages, public events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from projections.desk.monitor import MonitorData, MonitorOrTail, TailOnly
from projections.monitor.tail import TailMonitor
from projections.runner import PostgresReads
from services.bootstrap.publishing import public_routers
from services.bootstrap.showing import desk_routers
from services.bootstrap.standing import Ground
from services.deciding import Service
from services.web.ports import RouterFactory


def routes(ground: Ground, _services: Mapping[str, Service]) -> Sequence[RouterFactory]:
    """The routes of views, pages and the public log."""
    reads = PostgresReads(ground.store.pool, ground.store)
    return [
        *public_routers(ground.settings, ground.store, ground.vault),
        *desk_routers(reads, ground.store, ground.info, ground.clock, _monitor(ground)),
    ]


def _monitor(ground: Ground) -> MonitorData:
    """The live monitor where there is one, and while it does not answer what the tail can tell."""
    tail = TailMonitor(ground.store, ground.clock.now)
    if ground.settings.monitor is None:
        return TailOnly(tail)
    monitor = MonitorOrTail(ground.settings.monitor, tail)
    ground.stack.push_async_callback(monitor.aclose)
    return monitor
