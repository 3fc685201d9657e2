"""A block of lines read in one go: a third of the cost of line by line, and not one check less.

A block in which every byte is in order comes back decoded. For any other the answer is None, and the caller reads line
by line, which says exactly what is wrong and where. Lines that never stood in a file have no form of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from events.envelope import Envelope
from events.proof.leaf import all_micros
from projections.audit.format import Line, same_lines
from projections.audit.strict import plain


class Link(msgspec.Struct, frozen=True, gc=False):
    """The part of an envelope that makes the chain."""

    stream: str
    version: int
    prev_hash: str


class Block(NamedTuple):
    """Lines side by side: each with its time in microseconds, its envelope's bytes, and what that says of the chain."""

    lines: Sequence[Line]
    micros: Sequence[int]
    bodies: Sequence[bytes]
    links: Sequence[Link | Envelope]


class Content(NamedTuple):
    """What the full check needs besides: the whole envelopes, and the bytes and the plain values of their data."""

    envelopes: Sequence[Envelope]
    data: Sequence[bytes]
    values: Sequence[object]


_lines = msgspec.json.Decoder(Line)
_links = msgspec.json.Decoder(Link)
_envelopes = msgspec.json.Decoder(Envelope)


def read_links(block: bytes | Sequence[Line], after: int) -> Block | None:
    """Read lines for the chain alone; None unless their places follow on `after` and their times never run back."""
    try:
        frame = _frame(block, after)
        links = None if frame is None else _links.decode_lines(frame.joined)
    except ValueError:  # msgspec's errors and those of text and time are all of this kind
        return None
    if frame is None or links is None or len(links) != len(frame.lines):
        return None
    return Block(frame.lines, frame.micros, frame.bodies, links)


def read_whole(block: bytes | Sequence[Line], after: int) -> tuple[Block, Content] | None:
    """The same for the full check; None also unless every byte has its one canonical form."""
    try:
        frame = _frame(block, after)
        if frame is None or (isinstance(block, bytes) and not same_lines(frame.lines, block)):
            return None
        envelopes = _envelopes.decode_lines(frame.joined)
        data = [bytes(envelope.data) for envelope in envelopes]
        values = plain(frame.joined, envelopes, data)
    except (ValueError, RecursionError):
        return None
    if values is None or len(envelopes) != len(frame.lines):
        return None
    return Block(frame.lines, frame.micros, frame.bodies, envelopes), Content(envelopes, data, values)


class _Frame(NamedTuple):
    """Lines before their envelopes are read; `joined` holds those, with a break between each two."""

    lines: Sequence[Line]
    micros: list[int]
    bodies: list[bytes]
    joined: bytes


def _frame(block: bytes | Sequence[Line], after: int) -> _Frame | None:
    lines = _lines.decode_lines(block) if isinstance(block, bytes) else block
    bodies = [line.envelope for line in lines]
    count = len(lines)
    if not count or (isinstance(block, bytes) and count != _breaks(block)):
        return None
    # No envelope may hold a line break of its own, or one could pass for two.
    if [True for body in bodies if b"\n" in body]:
        return None
    if [line.position for line in lines] != list(range(after + 1, after + 1 + count)):
        return None
    times = all_micros([line.recorded_at for line in lines])
    return _Frame(lines, times, bodies, b"\n".join(bodies)) if times == sorted(times) else None


def _breaks(block: bytes) -> int:
    """How many line breaks there are. `bytes.count` looks at each byte by itself and takes five times as long."""
    count, place = 0, block.find(b"\n")
    while place >= 0:
        count += 1
        place = block.find(b"\n", place + 1)
    return count
