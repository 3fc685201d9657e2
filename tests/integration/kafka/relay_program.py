"""A relay as a process of its own, that can be frozen and killed, or dies by itself at the n-th passing of a step.

``python -m tests.integration.kafka.relay_program DSN BOOTSTRAP HOLDER [STEP NTH]`` says "active" when it is.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Iterable, Mapping, Sequence

from events.adapters.kafka.connect import KafkaAccess
from events.adapters.kafka.records import Outgoing
from events.adapters.kafka.sending import Batch, Offsets, Producer
from events.adapters.postgres.publication import PostgresPublication
from events.adapters.postgres.store import PostgresStore
from events.publication import PartitionEnd, Place
from tests.integration.kafka.logs import relay_on, until

PAGE = 40
STEPS = ("before sending", "after sending", "after the acknowledgement", "before moving", "after moving")

_left = {"": 0}


def passing(step: str) -> None:
    """Die here, as a power cut would do it, if it is time."""
    if step in _left:
        _left[step] -= 1
        if not _left[step]:
            os.kill(os.getpid(), signal.SIGKILL)


_send, _confirm, _move = Producer.send, Offsets.confirm, PostgresPublication.move


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


async def move(self: PostgresPublication, token: int, position: int, changed: Mapping[Place, PartitionEnd]) -> None:
    passing("before moving")
    await _move(self, token, position, changed)
    passing("after moving")


async def main(dsn: str, bootstrap: str, holder: str) -> None:
    store = await PostgresStore.open(dsn)
    relay = relay_on(store, KafkaAccess(bootstrap), holder, page=PAGE)
    running = asyncio.create_task(relay.run())
    await until(lambda: relay.active or running.done(), seconds=3_600)
    sys.stdout.write("active\n")
    sys.stdout.flush()
    await running


if __name__ == "__main__":
    dsn, bootstrap, holder, *death = sys.argv[1:]
    if death:
        _left[death[0]] = int(death[1])
        Producer.send, Offsets.confirm, PostgresPublication.move = send, confirm, move  # type: ignore[method-assign]
    asyncio.run(main(dsn, bootstrap, holder))
