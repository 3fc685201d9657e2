"""The tested twin of the store, its places and its vault: the same judgements, kept in this process only."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from events.adapters.books import Books, check_transfer
from events.consumer import Fenced
from events.store import (
    Appended,
    AppendRequest,
    Balance,
    CommandRecord,
    Conflict,
    Duplicate,
    Head,
    Outcome,
    Prepared,
    Recorded,
    RefusedByGuard,
    Unacceptable,
)


class MemoryStore:
    """An EventStore without a disk. `clock` gives the recording time (aware), which never runs back in the log."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._log: list[Recorded] = []
        self._streams: dict[str, list[Recorded]] = {}
        self._commands: dict[UUID, CommandRecord] = {}
        self._event_ids: set[UUID] = set()
        self._books = Books()
        self._grown = asyncio.Condition()

    async def append(self, request: AppendRequest) -> Outcome:
        """As the port says."""
        outcome = self._judge(request)
        async with self._grown:
            self._grown.notify_all()
        return outcome

    async def append_many(self, requests: Sequence[AppendRequest]) -> list[Outcome]:
        """As the port says; an Unacceptable request is raised after those before it were judged."""
        return [await self.append(request) for request in requests]

    async def find_command(self, command_id: str) -> CommandRecord | None:
        """As the port says."""
        return self._commands.get(_uuid(command_id))

    async def read_stream(self, stream: str, after_version: int = 0) -> Sequence[Recorded]:
        """As the port says."""
        return self._streams.get(stream, [])[after_version:]

    async def read_all(
        self, after_position: int = 0, *, types: Sequence[str] | None = None, limit: int = 1_000
    ) -> Sequence[Recorded]:
        """As the port says."""
        if types is None:
            return self._log[after_position : after_position + limit]
        wanted = set(types)
        return [event for event in self._log[after_position:] if event.type in wanted][:limit]

    async def read_case(self, correlation_id: str) -> Sequence[Recorded]:
        """As the port says."""
        return [event for event in self._log if event.correlation_id == correlation_id]

    async def head(self) -> Head:
        """As the port says."""
        return Head(len(self._log), self._log[-1].recorded_at if self._log else None)

    async def wait_for(self, position: int, timeout: float) -> bool:
        """As the port says."""
        try:
            async with asyncio.timeout(timeout), self._grown:
                await self._grown.wait_for(lambda: len(self._log) >= position)
        except TimeoutError:
            return False
        return True

    async def balances(self) -> Sequence[Balance]:
        """As the port says; an account that holds and awaits nothing is left out."""
        return [one for _, one in sorted(self._books.accounts.items()) if one != Balance(one.account)]

    def _judge(self, request: AppendRequest) -> Outcome:
        command_id = _uuid(request.command_id)
        fresh = [_uuid(event.event_id) for event in request.events]
        for transfer in request.transfers:
            check_transfer(transfer)
        if command_id in self._commands:
            return Duplicate(self._commands[command_id])
        moved = self._moved(request)
        if moved is not None:
            return moved
        changes = self._books.judge(request.transfers, request.keys)
        if isinstance(changes, RefusedByGuard):
            return changes
        if self._event_ids.intersection(fresh) or len(set(fresh)) < len(fresh):
            raise Unacceptable("an event id was used before")
        self._books.apply(changes)
        self._event_ids.update(fresh)
        record = self._record(request)
        self._commands[command_id] = record
        return Appended(record)

    def _moved(self, request: AppendRequest) -> Conflict | None:
        expected = [(request.stream, request.expected_version)]
        for stream, version in expected + [(one.stream, one.version) for one in request.unchanged]:
            current = len(self._streams.get(stream, ()))
            if current != version:
                return Conflict(stream, current)
        return None

    def _record(self, request: AppendRequest) -> CommandRecord:
        before = len(self._log)
        if request.events:
            at = self._clock()
            at = max(at, self._log[-1].recorded_at) if self._log else at
            for event in request.events:
                self._write(request.stream, event, at)
        return CommandRecord(
            command_id=request.command_id,
            stream=request.stream,
            version=request.expected_version + len(request.events),
            position=len(self._log),
            first_position=before + 1 if request.events else None,
            count=len(request.events),
            content_hash=request.content_hash,
            answer=request.answer,
        )

    def _write(self, stream: str, event: Prepared, at: datetime) -> None:
        versions = self._streams.setdefault(stream, [])
        recorded = Recorded(
            position=len(self._log) + 1,
            recorded_at=at,
            stream=stream,
            version=len(versions) + 1,
            type=event.type,
            schema_version=event.schema_version,
            correlation_id=event.correlation_id,
            body=event.body,
            key_id=event.key_id,
            signature=event.signature,
        )
        versions.append(recorded)
        self._log.append(recorded)


class MemoryPlaces:
    """Places of consumers that last as long as this process."""

    def __init__(self) -> None:
        self._places: dict[str, int] = {}

    async def load(self, consumer: str) -> int:
        """As the port says."""
        return self._places.get(consumer, 0)

    async def advance(self, consumer: str, expected: int, position: int) -> None:
        """As the port says."""
        found = self._places.get(consumer, 0)
        if found != expected:
            raise Fenced(f"{consumer} stands at {found}, not at {expected}: another instance has taken over")
        self._places[consumer] = position


class MemoryVault:
    """Secrets derived from a seed, so that a test's log has the same bytes each time. Never for real subjects."""

    def __init__(self, seed: bytes = b"memory") -> None:
        self._seed = seed
        self._secrets: dict[UUID, bytes | None] = {}

    async def keys(self, subjects: Sequence[str], *, create: bool) -> Mapping[str, bytes]:
        """As the port says."""
        found = {}
        for subject in subjects:
            ident = _uuid(subject)
            if create and ident not in self._secrets:
                self._secrets[ident] = sha256(self._seed + ident.bytes).digest()
            secret = self._secrets.get(ident)
            if secret is not None:
                found[subject] = secret
        return found

    async def destroy(self, subject: str) -> None:
        """As the port says; a subject that never had a secret will not get one either."""
        self._secrets[_uuid(subject)] = None


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Unacceptable(f"{text!r} is not a UUID") from error
