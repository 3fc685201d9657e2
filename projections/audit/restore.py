"""An empty store from an export, or from a history that is kept elsewhere, byte for byte.

It is verified first. Then each command's events are appended as they were: same bytes, same signatures, same
position, same recording time. The ledger and the keys claimed are judged anew from the facts, so a log whose books do
not balance cannot be restored unseen. The answers that were given are known by their events alone.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import aclosing, contextmanager
from dataclasses import dataclass
from itertools import groupby, islice
from pathlib import Path
from typing import Protocol, Self

from events import codec
from events.envelope import from_bytes
from events.history import Former, History
from events.ledger import transfers_of
from events.store import Appended, AppendRequest, Duplicate, Head, Outcome, Prepared, Recorded
from events.times import moment
from events.unique import keys_of
from projections.audit.findings import Finding
from projections.audit.format import read_line
from projections.audit.history import verify_history
from projections.audit.replay import Rules
from projections.audit.spool import Spool, Spooled
from projections.audit.verify import Level, verify
from projections.audit.walk import KnownType

PAGE = 1_000
COLLECT_EVERY = 100_000


class RestoreTarget(Protocol):
    """A store that can be told when its events were recorded."""

    async def head(self) -> Head:
        """Where its log ends now."""

    async def restore(self, formers: Sequence[Former]) -> list[Outcome]:
        """Append with the recording times that were; one outcome a command, up to the first that does not come to
        stand where it stood."""

    async def synced(self) -> None:
        """Return when everything that was restored is durable."""


class NotVerified(Exception):
    """The log to restore has faults; nothing was restored. `findings` says which."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(f"the log has {len(findings)} faults, first {findings[0].kind}: {findings[0].detail}")
        self.findings = findings


class TargetHasHistory(Exception):
    """The store is not empty and not the beginning of this log."""


class CannotRestore(Exception):
    """The store refused what the log says happened; the message names the position."""


@dataclass(frozen=True, slots=True)
class Restored:
    """How many events the log holds, and how many of them the store already had."""

    events: int
    known: int


async def restore(
    path: Path,
    target: RestoreTarget,
    *,
    types: Mapping[str, KnownType] | None = None,
    rules: Rules | None = None,
    log_key: str | None = None,
    progress: Callable[[int], None] | None = None,
) -> Restored:
    """Fill an empty store. One that broke off is gone on with: what is there already is recognised by its command.

    NotVerified, TargetHasHistory or CannotRestore; `progress` hears the position reached.
    """
    report = verify(path, types=types, rules=rules, log_key=log_key)
    if report.findings:
        raise NotVerified(report.findings)
    return await fill(_pages(read(path)), report.events, target, progress)


async def restore_history(
    history: History,
    target: RestoreTarget,
    *,
    level: Level = "full",
    types: Mapping[str, KnownType] | None = None,
    rules: Rules | None = None,
    log_key: str | None = None,
    progress: Callable[[int], None] | None = None,
) -> Restored:
    """The same from a history: it is verified whole, at the level of `verify`, before anything is restored.

    What was verified is kept in a file meanwhile, as large as the log, so that the history is fetched once.
    """
    with _seldom_collecting(), Spool() as spool:
        kept = Spooled(history, spool)
        report = await verify_history(kept, level=level, types=types, rules=rules, log_key=log_key)
        if report.findings:
            raise NotVerified(report.findings)
        return await fill(spool.pages(), report.events, target, progress)


@contextmanager
def _seldom_collecting() -> Iterator[None]:
    """Millions of small values come and go without cycles: looking for those at each 700th took a third of the time."""
    before = gc.get_threshold()
    gc.set_threshold(COLLECT_EVERY, 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)


async def fill(
    pages: AsyncGenerator[Sequence[Recorded], None],
    events: int,
    target: RestoreTarget,
    progress: Callable[[int], None] | None = None,
) -> Restored:
    """Append a log of so many events that has been verified; TargetHasHistory or CannotRestore."""
    before = (await target.head()).position
    if before > events:
        raise TargetHasHistory(f"the store has {before} events, the log {events}: restore into an empty store")
    async with aclosing(_whole_commands(pages)) as groups, _Writing(target, progress) as writing:
        async for group in groups:
            await writing.next(list(requests_of(group)))
    await target.synced()
    after = (await target.head()).position
    if after != events:
        raise TargetHasHistory(f"the store has {after} events, the log {events}: it held another log")
    return Restored(events, before)


class _Writing:
    """Writes one group while the next is read."""

    def __init__(self, target: RestoreTarget, progress: Callable[[int], None] | None) -> None:
        self._target = target
        self._progress = progress
        self._task: asyncio.Task[int] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            await self._done()
        elif self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})

    async def next(self, formers: Sequence[Former]) -> None:
        """Begin with this group once the one before it is written."""
        await self._done()
        self._task = asyncio.create_task(self._write(formers))
        # It has its first word with the store before anything else is read.
        await asyncio.sleep(0)

    async def _done(self) -> None:
        if self._task is not None:
            task, self._task = self._task, None
            position = await task
            if self._progress:
                self._progress(position)

    async def _write(self, formers: Sequence[Former]) -> int:
        return _check(formers, await self._target.restore(formers))


async def _pages(events: Iterator[Recorded]) -> AsyncGenerator[Sequence[Recorded], None]:
    while page := list(islice(events, PAGE)):
        yield page


async def _whole_commands(
    pages: AsyncGenerator[Sequence[Recorded], None],
) -> AsyncGenerator[Sequence[Recorded], None]:
    """The same events, in pages that end where a command ends."""
    kept: list[Recorded] = []
    async with aclosing(pages):
        async for page in pages:
            kept += page
            start = len(kept) - 1
            while start > 0 and _command_of(kept[start]) == _command_of(kept[start - 1]):
                start -= 1
            if start > 0:
                yield kept[:start]
                kept = kept[start:]
    if kept:
        yield kept


def _command_of(event: Recorded) -> str:
    return from_bytes(event.body).command_id


def read(path: Path) -> Iterator[Recorded]:
    """The events of an export that has been verified."""
    for file in sorted(path.glob("events-*.jsonl")):
        with file.open("rb") as lines:
            for raw in lines:
                line = read_line(raw[:-1])
                frame, signature = from_bytes(line.envelope), line.signatures[0]
                yield Recorded(
                    position=line.position,
                    recorded_at=moment(line.recorded_at),
                    stream=frame.stream,
                    version=frame.version,
                    type=frame.type,
                    schema_version=frame.schema_version,
                    correlation_id=frame.correlation_id,
                    body=line.envelope,
                    key_id=signature.key_id,
                    signature=signature.sig,
                )


def requests_of(events: Iterable[Recorded]) -> Iterator[Former]:
    """One request a command, as it was first made: its first position, its recording time, its events and guards."""
    framed = ((event, from_bytes(event.body)) for event in events)
    for command_id, group in groupby(framed, key=lambda pair: pair[1].command_id):
        pairs = list(group)
        first = pairs[0][0]
        facts = [codec.fact_of(frame) for _, frame in pairs]
        request = AppendRequest(
            stream=first.stream,
            expected_version=first.version - 1,
            events=[_prepared(event, frame.event_id) for event, frame in pairs],
            command_id=command_id,
            transfers=[transfer for fact in facts for transfer in transfers_of(fact)],
            keys=[change for fact in facts for change in keys_of(fact)],
        )
        yield Former(first.position, first.recorded_at, request)


def _prepared(event: Recorded, event_id: str) -> Prepared:
    return Prepared(
        event_id=event_id,
        type=event.type,
        schema_version=event.schema_version,
        correlation_id=event.correlation_id,
        body=event.body,
        key_id=event.key_id,
        signature=event.signature,
    )


def _check(formers: Sequence[Former], outcomes: Sequence[Outcome]) -> int:
    """The last position; CannotRestore or TargetHasHistory unless each request stands where the log has it."""
    for (first, _, request), outcome in zip(formers, outcomes, strict=False):
        match outcome:
            case Appended(record) | Duplicate(record) if record.first_position == first:
                continue
            case Appended(record) | Duplicate(record):
                place = record.first_position
                raise TargetHasHistory(f"position {first} of the log stands at {place} in the store: not this log")
            case _:
                raise CannotRestore(f"position {first}: the store refused {request.stream}: {outcome}")
    first, _, request = formers[-1]
    return first + len(request.events) - 1
