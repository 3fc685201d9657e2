"""When a cluster is quiet: everything recorded is in Kafka, and everybody who reads it has handled it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import structlog

from events.progress import Progress, Standing
from events.store import StoreUnavailable

log = structlog.get_logger()

POLL_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class Expected:
    """Who reads: consumers of the whole log by name, and for each partitioned consumer the topics it reads."""

    whole: Sequence[str]
    partitioned: Mapping[str, Sequence[str]]


def behind(standing: Standing, expected: Expected) -> str | None:
    """Who has not come to the end of the log, in words; None when all is quiet.

    One snapshot is enough: a reaction moves its place after what followed from it was recorded.
    """
    if standing.relayed < standing.head:
        return f"the relay stands at {standing.relayed} of {standing.head}"
    for name in expected.whole:
        if (place := standing.places.get(name, 0)) < standing.head:
            return f"{name} stands at {place} of {standing.head}"
    for consumer, topics in expected.partitioned.items():
        for partition, last in standing.partitions.items():
            if partition.rpartition("-")[0] in topics:
                name = f"{consumer}/{partition}"
                if (place := standing.places.get(name, 0)) < last:
                    return f"{name} stands at {place} of {last}"
    return None


class NeverQuiet(StoreUnavailable):
    """Somebody did not come to the end in time; the message says who, and where it stands. It may yet: ask again."""


class Quiet:
    """Waits for a cluster to be quiet."""

    def __init__(self, progress: Progress, expected: Expected, patience: float = 120.0) -> None:
        self._progress = progress
        self._expected = expected
        self._patience = patience

    async def settled(self) -> int:
        """Wait until all is quiet; the position of the log's end. NeverQuiet after `patience` seconds."""
        why: str | None = None
        try:
            async with asyncio.timeout(self._patience):
                while True:
                    standing = await self._progress.standing()
                    why = behind(standing, self._expected)
                    if why is None:
                        return standing.head
                    await asyncio.sleep(POLL_SECONDS)
        except TimeoutError as error:
            log.warning("the cluster is not quiet", why=why)
            raise NeverQuiet(f"the cluster is not quiet: {why}") from error
