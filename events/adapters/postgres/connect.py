"""Connections to PostgreSQL, and its errors in the words of the ports."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import asyncpg

from events.store import StoreUnavailable, Unacceptable

if TYPE_CHECKING:
    from asyncpg import Connection, Pool, Record

ROLE = "wijkspoor_app"
"""The rights of the whole program; a process of a cluster takes those of its own role."""
CONNECT_SECONDS = 10.0

WAIT = {"25", "40", "53", "55", "57", "58"}
"""Classes of SQLSTATE that may pass: read-only, rolled back, out of resources, locked, cancelled, disk trouble."""

DRIVER_ERRORS = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError)
"""What a statement can raise; a time-out is an OSError too."""

SESSION = {
    "application_name": "wijkspoor",
    "search_path": "public",
    "idle_in_transaction_session_timeout": "60s",
    "lock_timeout": "10s",
}


def _session(role: str) -> dict[str, str]:
    """Whoever the DSN names, the session has the rights of this role and no more."""
    return {**SESSION, "role": role}


async def connect(dsn: str, role: str = ROLE) -> Connection[Record]:
    """One connection with a role's rights; StoreUnavailable when there is no server."""
    with in_our_words():
        return await asyncpg.connect(dsn, timeout=CONNECT_SECONDS, server_settings=_session(role))


async def open_pool(dsn: str, size: int, role: str = ROLE) -> Pool[Record]:
    """Connections for readers, made when they are needed. Whoever takes one leaves its session as it was."""
    with in_our_words():
        return await asyncpg.create_pool(
            dsn,
            min_size=0,
            max_size=size,
            timeout=CONNECT_SECONDS,
            server_settings=_session(role),
            command_timeout=120,
            reset=_as_it_is,
        )


async def _as_it_is(_connection: object) -> None:
    """The driver would ask the server to reset the session after every single statement, at a round trip each. Nothing
    here outlives its transaction; one that is still open is rolled back before this is asked."""


def lost(error: BaseException) -> bool:
    """Whether the error means that this connection is gone, or was never made."""
    gone = (
        OSError,
        asyncpg.PostgresConnectionError,
        asyncpg.AdminShutdownError,
        asyncpg.CrashShutdownError,
        asyncpg.CannotConnectNowError,
        asyncpg.InterfaceError,
        asyncpg.InternalClientError,
    )
    return isinstance(error, gone) and not faulty(error)


def faulty(error: BaseException) -> bool:
    """Whether the error lies in what was asked, so that asking again is of no use."""
    # The driver's own complaint about a value is an InterfaceError that is also a ValueError.
    driver = isinstance(error, asyncpg.InterfaceError) and isinstance(error, ValueError)
    return driver or isinstance(error, asyncpg.DataError | asyncpg.IntegrityConstraintViolationError)


def in_words(error: Exception) -> Exception:
    """An error of driver or server as one of the port's two: try later, or never. A bug of ours stays what it is."""
    if faulty(error):
        return Unacceptable(str(error))
    if lost(error):
        return StoreUnavailable(f"the database cannot be reached: {str(error) or type(error).__name__}")
    if (getattr(error, "sqlstate", None) or "")[:2] in WAIT:
        return StoreUnavailable(f"the database cannot serve just now: {error}")
    return error


@contextmanager
def in_our_words() -> Iterator[None]:
    """Raise the port's errors in place of the driver's."""
    try:
        yield
    except DRIVER_ERRORS as error:
        told = in_words(error)
        if told is error:
            raise
        raise told from error
