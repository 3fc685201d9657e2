"""A publisher as a process of its own, that dies by itself at the n-th passing of a step.

`python -m tests.integration.kafka.publisher_program DSN BOOTSTRAP EVENTS [STEP NTH]`
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Iterable, Sequence

from events.adapters.kafka.connect import KafkaAccess
from events.adapters.kafka.records import Outgoing
from events.adapters.kafka.sending import Batch, Offsets, Producer
from events.adapters.postgres.places import PostgresPlaces
from events.adapters.postgres.store import PostgresStore
from services.logging import configure
from tests.integration.kafka.publics import acknowledged, publisher_on, publishing
from tests.publics import PaperPublicLog

STEPS = ("before sending", "after sending", "after the acknowledgement", "after moving")

_left: dict[str, int] = {}
_send, _confirm, _advance = Producer.send, Offsets.confirm, PostgresPlaces.advance


def passing(step: str) -> None:
    """Die here, as a power cut would do it, if it is time."""
    if step in _left:
        _left[step] -= 1
        if not _left[step]:
            os.kill(os.getpid(), signal.SIGKILL)


async def send(self: Producer, records: Sequence[Outgoing]) -> list[Batch]:
    passing("before sending")
    batches = await _send(self, records)
    # One turn of the loop, and the client may have written the request.
    await asyncio.sleep(0)
    passing("after sending")
    return batches


async def confirm(self: Offsets, batches: Iterable[Batch]) -> None:
    await _confirm(self, batches)
    passing("after the acknowledgement")


async def advance(self: PostgresPlaces, consumer: str, expected: int, position: int) -> None:
    await _advance(self, consumer, expected, position)
    passing("after moving")


async def main(dsn: str, bootstrap: str, events: int) -> None:
    store = await PostgresStore.open(dsn)
    public = PaperPublicLog()
    await public.grow(events)
    async with publishing(publisher_on(store, public, KafkaAccess(bootstrap), str(os.getpid()))):
        await acknowledged(store, events, 60)
    await store.close()


if __name__ == "__main__":
    configure("error", "json")
    if sys.argv[4:]:
        _left[sys.argv[4]] = int(sys.argv[5])
        Producer.send, Offsets.confirm, PostgresPlaces.advance = send, confirm, advance  # type: ignore[method-assign]  # to die in them
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
