"""What works on a log without running it: an empty store for a restore, views built anew."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from events.adapters.postgres.migrate import migrate
from events.adapters.postgres.store import PostgresStore
from projections.audit.restore import RestoreTarget
from projections.rebuild import Rebuilt as ViewRebuilt
from projections.rebuild import rebuild
from projections.runner import prepare as make_room
from projections.views import VIEWS
from services import keys
from services.bootstrap.ground import open_database, open_log
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


async def prepare(settings: Settings) -> str:
    """Bring the database to this version and begin its log; the log's origin. CannotRun as above."""
    async with AsyncExitStack() as stack:
        dsn, _ = open_database(settings, stack, adopt=True)
        migrate(dsn)
        _, info, store = await open_log(settings, dsn, keys.signers(settings.keys), stack)
        # Made here, once: two roles that each made one at their first start would not read each other's secrets.
        keys.secret(settings.keys, "vault.master")
        # Views are made by whoever may, before the roles that read them start.
        for view in VIEWS.values():
            await make_room(store.pool, view)
        return info.origin
