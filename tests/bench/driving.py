"""A client that costs next to nothing: requests made beforehand, a kept connection a caller, only the status read.

The server is a process of its own. Calls for one case come in order.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Mapping, Sequence

import uvloop

from tests.bench.measuring import Burst, burst_of

LENGTH = b"content-length:"


class Unasked(Exception):
    """An answer that the measured commands should not get."""


def drive(ports: Sequence[int], cases: Sequence[Sequence[bytes]], callers: int, warm: int) -> Burst:
    """Send every request of every case, `callers` at a time, each to one of the ports; the first `warm` cases do not
    count.

    Unasked at the first answer other than 201.
    """
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_drive(ports, cases[:warm], callers))
        return runner.run(_drive(ports, cases[warm:], callers))


async def _drive(ports: Sequence[int], cases: Sequence[Sequence[bytes]], callers: int) -> Burst:
    waiting, taken = deque(cases), list[float]()
    start = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for number in range(callers):
            group.create_task(_call(ports[number % len(ports)], waiting, taken))
    return burst_of(taken, time.perf_counter() - start)


async def _call(port: int, waiting: deque[Sequence[bytes]], taken: list[float]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while waiting:
        for request in waiting.popleft():
            begin = time.perf_counter()
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            body = await reader.readexactly(_length(head))
            taken.append(time.perf_counter() - begin)
            if b" 201 " not in head[:16]:
                raise Unasked(f"{head.decode()}{body.decode()}")
    writer.close()
    await writer.wait_closed()


def _length(head: bytes) -> int:
    return next(int(line[len(LENGTH) :]) for line in head.lower().split(b"\r\n") if line.startswith(LENGTH))


def request(path: str, headers: Mapping[str, str], body: bytes) -> bytes:
    """The bytes of a POST."""
    told = {"Host": "127.0.0.1", "Content-Type": "application/json", "Content-Length": str(len(body)), **headers}
    lines = "".join(f"{name}: {value}\r\n" for name, value in told.items())
    return f"POST {path} HTTP/1.1\r\n{lines}\r\n".encode() + body
