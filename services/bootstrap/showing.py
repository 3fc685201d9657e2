"""What people see: the queries of every view, and the desk."""

from __future__ import annotations

from fastapi import APIRouter

from events.adapters.postgres.store import PostgresStore
from events.envelope import Actor
from projections.desk.monitor import MonitorData
from projections.desk.reads import ViewsDesk
from projections.desk.routes import desk_router
from projections.routers import routers
from projections.runner import PostgresReads
from services.clock import Clock
from services.house import LogInfo
from services.web.ports import Reader, RouterFactory


def desk_routers(
    reads: PostgresReads, store: PostgresStore, info: LogInfo, clock: Clock, monitor: MonitorData
) -> list[RouterFactory]:
    """The queries of every view, and the desk's pages."""
    desk = ViewsDesk(reads, store)

    def desk_routes(reader: Reader) -> APIRouter:
        # A demo's pages are open to whoever sits at the machine; a real log asks who looks.
        return desk_router(desk, _guest if info.demo else reader("desk"), monitor)

    return [*routers(reads, store, clock.now), desk_routes]


def _guest() -> Actor:
    return Actor(role="auditor", organisation="OVO000000", person="guest")
