"""A batch of requests as the arguments of the two SQL functions, and their answers as outcomes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from events.adapters.books import check_transfer
from events.store import (
    Appended,
    AppendRequest,
    CommandRecord,
    Conflict,
    Outcome,
    RefusedByGuard,
)

Arguments: TypeAlias = tuple[Any, ...]


def is_plain(requests: Sequence[AppendRequest]) -> bool:
    """Whether no request has a guard, and no stream and no command occurs twice."""
    streams = {request.stream for request in requests}
    commands = {request.command_id for request in requests}
    return len(streams) == len(commands) == len(requests) and not any(
        request.transfers or request.keys or request.unchanged for request in requests
    )


def plain(requests: Sequence[AppendRequest], now: datetime | None) -> Arguments:
    """The arguments of store.append_plain."""
    return (
        now,
        [one.stream for one in requests],
        [one.expected_version for one in requests],
        [one.command_id for one in requests],
        [one.content_hash for one in requests],
        [one.answer for one in requests],
        [len(one.events) for one in requests],
        *_events(requests),
    )


def _events(requests: Sequence[AppendRequest]) -> Arguments:
    events = [event for one in requests for event in one.events]
    return (
        [one.stream for one in requests for _ in one.events],
        [version for one in requests for version in _versions(one)],
        [event.event_id for event in events],
        [event.type for event in events],
        [event.schema_version for event in events],
        [event.correlation_id for event in events],
        [event.key_id for event in events],
        [event.signature for event in events],
        [event.body for event in events],
    )


def _versions(request: AppendRequest) -> range:
    return range(request.expected_version + 1, request.expected_version + 1 + len(request.events))


class _Numbers:
    """Numbers names from 1 in the order in which they first come; None has no number."""

    def __init__(self) -> None:
        self._of: dict[str, int] = {}

    def __call__(self, name: str | None) -> int | None:
        return None if name is None else self._of.setdefault(name, len(self._of) + 1)

    def names(self) -> list[str]:
        return list(self._of)


def judged(requests: Sequence[AppendRequest], now: datetime | None) -> Arguments:
    """The arguments of store.append_judged: everything the judgement touches has a number in the batch."""
    stream, command, account, pending, key = (_Numbers() for _ in range(5))
    transfers = [one for request in requests for one in request.transfers]
    keys = [one for request in requests for one in request.keys]
    unchanged = [one for request in requests for one in request.unchanged]
    per_request = (
        [stream(one.stream) for one in requests],
        [one.expected_version for one in requests],
        [command(one.command_id) for one in requests],
        [one.content_hash for one in requests],
        [one.answer for one in requests],
        [len(one.events) for one in requests],
        _upto(len(one.transfers) for one in requests),
        _upto(len(one.keys) for one in requests),
        _upto(len(one.unchanged) for one in requests),
    )
    guards = (
        [one.kind for one in transfers],
        [one.amount_cents for one in transfers],
        [account(one.debit) if one.kind in {"posted", "pending"} else None for one in transfers],
        [account(one.credit) if one.kind in {"posted", "pending"} else None for one in transfers],
        [pending(one.pending_id) for one in transfers],
        [one.action == "claim" for one in keys],
        [key(one.key) for one in keys],
        [one.holder for one in keys],
        [stream(one.stream) for one in unchanged],
        [one.version for one in unchanged],
    )
    request_of_event = [number for number, one in enumerate(requests, 1) for _ in one.events]
    names = (stream.names(), command.names(), account.names(), pending.names(), key.names())
    return (now, *names, *per_request, *guards, request_of_event, *_events(requests))


def _upto(counts: Iterable[int]) -> list[int]:
    sums = [0]
    for count in counts:
        sums.append(sums[-1] + count)
    return sums


def check(request: AppendRequest) -> None:
    """Unacceptable for what the database would refuse too late or not at all."""
    for transfer in request.transfers:
        check_transfer(transfer)


def outcomes(
    requests: Sequence[AppendRequest], base: int, codes: Sequence[str], details: Sequence[str], versions: Sequence[int]
) -> list[Outcome | None]:
    """One outcome a request; None for a command that was known, whose record must be read."""
    found: list[Outcome | None] = []
    position = base
    for request, code, detail, version in zip(requests, codes, details, versions, strict=True):
        match code:
            case "ok":
                position += len(request.events)
                found.append(appended(request, position))
            case "duplicate":
                found.append(None)
            case "conflict":
                found.append(Conflict(detail, version))
            case "key_taken":
                found.append(RefusedByGuard("unique", code, detail))
            case _:
                found.append(RefusedByGuard("transfer", code, detail))
    return found


def all_appended(requests: Sequence[AppendRequest], base: int) -> list[Outcome]:
    """The outcomes of a batch in which every request took effect."""
    found: list[Outcome] = []
    position = base
    for request in requests:
        position += len(request.events)
        found.append(appended(request, position))
    return found


def appended(request: AppendRequest, position: int) -> Appended:
    """The outcome of a request whose last event, if any, has the position."""
    count = len(request.events)
    return Appended(
        CommandRecord(
            command_id=request.command_id,
            stream=request.stream,
            version=request.expected_version + count,
            position=position,
            first_position=position - count + 1 if count else None,
            count=count,
            content_hash=request.content_hash,
            answer=request.answer,
        )
    )
