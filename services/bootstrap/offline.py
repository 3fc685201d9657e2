"""What works on a log without running it: an empty store for a restore, views built anew."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from events.adapters.postgres.migrate import migrate
from events.adapters.postgres.store import PostgresStore
from projections.audit.restore import RestoreTarget
from projections.rebuild import Rebuilt as ViewRebuilt
from projections.rebuild import rebuild
from projections.views import VIEWS
from services.bootstrap.ground import open_database
from services.cli.ports import Progress, Rebuilt
from services.settings import Settings


@asynccontextmanager
async def open_empty(settings: Settings) -> AsyncIterator[RestoreTarget]:
    """A store in which no log has begun, for a restore; CannotRun as above."""
    async with AsyncExitStack() as stack:
        dsn, _ = open_database(settings, stack, adopt=False)
        migrate(dsn)
        store = await PostgresStore.open(dsn)
        stack.push_async_callback(store.close)
        yield store


async def rebuild_views(settings: Settings, name: str, progress: Progress) -> list[Rebuilt]:
    """Build one view, or `all`, anew beside the ones in use; CannotRun as above."""
    async with AsyncExitStack() as stack:
        dsn, _ = open_database(settings, stack, adopt=True)
        store = await PostgresStore.open(dsn)
        stack.push_async_callback(store.close)
        wanted = list(VIEWS) if name == "all" else [name]
        return [_told(await rebuild(store.pool, VIEWS[one], progress)) for one in wanted]


def _told(built: ViewRebuilt) -> Rebuilt:
    return Rebuilt(name=built.view, events=built.events, rows=built.rows, seconds=built.seconds, same=built.equal)
