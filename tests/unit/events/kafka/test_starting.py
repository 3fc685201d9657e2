"""A client that is given up while it starts has started, or was told to stop trying, before anybody stops it; one that
does not stop is left behind."""

from __future__ import annotations

import asyncio

import pytest

from events.adapters.kafka import starting
from events.adapters.kafka.starting import start, stop


class Slow:
    """Starts when it is let."""

    def __init__(self) -> None:
        self.begun, self.let, self.state = asyncio.Event(), asyncio.Event(), "new"

    async def start(self) -> None:
        self.begun.set()
        try:
            await self.let.wait()
        except asyncio.CancelledError:
            self.state = "given up"
            raise
        self.state = "started"


async def test_a_start_that_nobody_disturbs_is_a_start() -> None:
    client = Slow()
    client.let.set()
    await start(client)
    assert client.state == "started"


async def test_who_is_cancelled_lets_the_start_end_first() -> None:
    client = Slow()
    task = asyncio.create_task(start(client))
    await client.begun.wait()
    task.cancel()
    await asyncio.sleep(0)
    assert not task.done()
    client.let.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert client.state == "started"


async def test_a_start_that_does_not_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(starting, "PATIENCE_SECONDS", 0.01)
    client = Slow()
    task = asyncio.create_task(start(client))
    await client.begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert client.state == "given up"


async def test_a_start_that_fails_says_why() -> None:
    class Failing:
        async def start(self) -> None:
            raise OSError("no such host")

    with pytest.raises(OSError, match="no such host"):
        await start(Failing())


class Clinging(Slow):
    """Stops when it is let."""

    async def stop(self) -> None:
        self.begun.set()
        try:
            await self.let.wait()
        finally:
            self.state = "stopped" if self.let.is_set() else "left behind"


async def test_a_client_that_stops_is_waited_for() -> None:
    client = Clinging()
    task = asyncio.create_task(stop(client))
    await client.begun.wait()
    assert not task.done()
    client.let.set()
    await task
    assert client.state == "stopped"


async def test_a_client_that_never_stops_keeps_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(starting, "STOP_SECONDS", 0.01)
    client = Clinging()
    await stop(client)
    await asyncio.sleep(0)
    assert client.state == "left behind"


async def test_a_stop_that_fails_says_why() -> None:
    class Failing:
        async def stop(self) -> None:
            raise OSError("broken pipe")

    with pytest.raises(OSError, match="broken pipe"):
        await stop(Failing())
