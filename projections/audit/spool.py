"""A history kept in a file while it is verified: it is fetched once, and what is restored is what was verified."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from datetime import datetime
from operator import attrgetter
from types import TracebackType
from typing import Self

import msgspec

from events.history import History, Unread
from events.store import Recorded

HEAD = 8
"""Bytes before a page that say how long it is."""

_of = attrgetter(*Recorded.__struct_fields__)
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[tuple[int, datetime, str, int, str, int, str, bytes, str, bytes]]).decode


class Spool:
    """Pages of events in a temporary file of our own, as large as the log; it is gone when this is closed."""

    def __enter__(self) -> Self:
        self._file = tempfile.TemporaryFile(prefix="wijkspoor-")
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._file.close()

    def keep(self, page: Sequence[Recorded]) -> None:
        """Add a page; OSError when there is no room for it."""
        body = _encode([_of(event) for event in page])
        self._file.write(len(body).to_bytes(HEAD) + body)

    def clear(self) -> None:
        """Forget what was kept."""
        self._file.seek(0)
        self._file.truncate()

    async def pages(self) -> AsyncGenerator[Sequence[Recorded], None]:
        """What was kept, from the beginning."""
        self._file.seek(0)
        while head := self._file.read(HEAD):
            yield [Recorded(*row) for row in _decode(self._file.read(int.from_bytes(head)))]


class Spooled:
    """A History that is kept while it is read."""

    def __init__(self, history: History, spool: Spool) -> None:
        self._history = history
        self._spool = spool

    @property
    def unread(self) -> Sequence[Unread]:
        """As the port says."""
        return self._history.unread

    async def house(self) -> Sequence[Recorded]:
        """As the port says."""
        return await self._history.house()

    async def pages(self) -> AsyncGenerator[Sequence[Recorded], None]:
        """As the port says."""
        self._spool.clear()
        async with aclosing(self._history.pages()) as pages:
            async for page in pages:
                self._spool.keep(page)
                yield page
