"""One walk over the lines of a log: place, time, chain and leaf of each event, and in full also all it says.

The walk keeps what the next line needs: the head of each stream, the Merkle frontier, and for the full check the
identifiers seen. It decides nothing about causes; it leaves signs with `Faults`.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import chain
from typing import Protocol

import msgspec

from events.canonical import Json
from events.envelope import GENESIS, Envelope, from_bytes
from events.log import KeyRegistered
from events.proof.keys import Keyring, PublicKey, kind_of, registered
from events.proof.leaf import hash_of, hashes_of, micros
from events.proof.merkle import Frontier
from events.proof.signing import verify
from projections.audit.blocks import Block, Link, read_links, read_whole
from projections.audit.findings import Faults, Kind, Sign
from projections.audit.format import Line, Malformed, read_line, write_line
from projections.audit.replay import Rules, checks_in, difference
from projections.audit.strict import not_canonical

UNREADABLE = 0
SIGNATURES = 2_000


class KnownType(Protocol):
    """What must be known of an event type: the kind of stream it stands in, and its newest schema version."""

    @property
    def kind(self) -> str:
        """The kind of stream."""

    @property
    def schema_version(self) -> int:
        """The newest version; every older one is known too."""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What the full check compares with: keys, and where known the event types and the rules' code."""

    keyring: Keyring
    types: Mapping[str, KnownType] | None = None
    rules: Rules | None = None


@dataclass(slots=True)
class _Head:
    """Where a stream stands: its last event, and since when its chain is in doubt."""

    version: int = 0
    digest: str = GENESIS
    position: int = 1
    doubt: int | None = None


class _Signed(msgspec.Struct, frozen=True, gc=False):
    """A signature that waits for its judgement: everything but the signature itself is in order."""

    key: bytes
    body: bytes
    signature: bytes
    key_id: str
    position: int
    stream: str


@dataclass(slots=True)
class Registered:
    """What the log says about keys: each as last registered, for which origin, by which key."""

    keys: dict[str, PublicKey] = field(default_factory=dict)
    origins: set[str] = field(default_factory=set)
    signers: dict[str, set[str]] = field(default_factory=dict)


_link = msgspec.json.Decoder(Link)
_fact = msgspec.json.Decoder(KeyRegistered)


class Walk:
    """Reads lines in file order. `marks` are sizes at which the root is to be kept."""

    def __init__(
        self,
        faults: Faults,
        knowledge: Knowledge | None,
        marks: Collection[int] = (),
        pool: Executor | None = None,
        workers: int = 1,
    ) -> None:
        self.faults = faults
        self.positions = array("q")
        self.frontier = Frontier()
        self.roots: dict[int, bytes] = {}
        self.recorded_at = ""
        self.registered = Registered()
        self._marks = frozenset(marks)
        self._knowledge = knowledge
        self._pool, self._workers = pool, workers
        self._signed: list[_Signed] = []
        self._streams: dict[str, _Head] = {}
        self._last = 0
        self._micros = 0
        self._latest = 0
        self._unreadable = -1
        self._events: set[str] = set()
        self._commands: dict[str, int] = {}
        self._command = ("", "")

    def block(self, block: bytes) -> None:
        """Read whole lines, each with its line break."""
        done = self._quick(block)
        if done >= 0:
            for raw in block.split(b"\n")[done:-1]:
                self.line(raw)
        self._settle_many()

    def lines(self, lines: Sequence[Line]) -> None:
        """Read lines that never stood in a file."""
        done = self._quick(lines)
        if done >= 0:
            for line in lines[done:]:
                self.line(write_line(line))
        self._settle_many()

    def _settle_many(self) -> None:
        if len(self._signed) >= SIGNATURES:
            self.settle()

    def _quick(self, block: bytes | Sequence[Line]) -> int:
        """Read lines in one go; −1 when all were in order, else how many were before the first that is not: that one
        and all after it are left to `line`. A third of the cost of `line`, and the same effect."""
        content = None
        if self._knowledge is None:
            read = read_links(block, self._last)
        else:
            read, content = read_whole(block, self._last) or (None, None)
        if read is None or read.micros[0] < self._micros:
            return 0
        done = self._follow(read)
        if done:
            lines, first = read.lines, self._last + 1
            self._last = self._latest = self._last + done
            self._micros, self.recorded_at = read.micros[done - 1], lines[done - 1].recorded_at
            self.positions.extend(range(first, self._last + 1))
            self._grow(hashes_of(first, read.micros[:done], read.bodies[:done]))
            if self._knowledge is not None and content is not None:
                for line, envelope, data, value in zip(lines[:done], *content, strict=False):
                    self._origin(self._knowledge.keyring, line, envelope.stream)
                    self._unique(envelope, line.position)
                    self._content(self._knowledge, line, envelope, data, value)
        return -1 if done == len(read.lines) else done

    def _follow(self, read: Block) -> int:
        """Lead the chains on, up to the first event that does not follow in its stream; how many did."""
        streams, position = self._streams, self._last
        for link, body in zip(read.links, read.bodies, strict=True):
            stream, digest = link.stream, sha256(body).hexdigest()
            head = streams.get(stream)
            if head is None:
                head = streams[stream] = _Head()
            if link.version != head.version + 1 or link.prev_hash != head.digest:
                break
            position += 1
            head.version, head.digest, head.position, head.doubt = link.version, digest, position, None
        return position - self._last

    def _grow(self, leaves: Sequence[bytes]) -> None:
        """Add leaves, and keep the root at each mark among them."""
        size, done = self.frontier.size, 0
        for mark in sorted(mark - size for mark in self._marks if size < mark <= size + len(leaves)):
            self.frontier.extend(leaves[done:mark])
            self.roots[self.frontier.size], done = self.frontier.root(), mark
        self.frontier.extend(leaves[done:])

    def line(self, raw: bytes) -> None:
        """Read one line, without its line break."""
        position = self._last + 1
        try:
            line = read_line(raw)
            if line.position < 1:
                raise Malformed(f"{line.position} is no position")
            position = line.position
            recorded = micros(line.recorded_at)
        except ValueError as error:
            # Unreadable lines in a row are one fault: a line break has been put in.
            first = position - 1 if self._unreadable == position - 1 else position
            self.faults.at(Sign("not-canonical", str(error), position), (first, position))
            self.positions.append(UNREADABLE if position == self._last + 1 else position)
            self._last = self._unreadable = position
            return
        self.positions.append(position)
        if recorded >= self._micros:
            self._micros, self._latest, self.recorded_at = recorded, position, line.recorded_at
        elif position > self._latest:
            # A line that stands too late in the file has an earlier time by right.
            detail = f"{line.recorded_at} comes after {self.recorded_at}"
            self.faults.traced(Sign("time-reversed", detail, position), (self._latest, position))
        self._last = position
        self.frontier.append_hash(hash_of(position, recorded, line.envelope))
        if self.frontier.size in self._marks:
            self.roots[self.frontier.size] = self.frontier.root()
        self._envelope(line, line.envelope)

    def settle(self) -> None:
        """Judge the signatures that wait. They cost more than all the rest, and libsodium lets other threads run
        meanwhile, so each worker takes a share."""
        signed, self._signed = self._signed, []
        shares = [signed[start :: self._workers] for start in range(self._workers)]
        run = map if self._pool is None else self._pool.map
        for item in chain.from_iterable(run(_unsigned, shares)):
            self._sign("bad-signature", item.position, f"{item.key_id} did not sign these bytes", item.stream)

    def cut(self) -> None:
        """A file ends within a line."""
        self._sign("truncated", self._last + 1, "the file ends within this line")

    def _envelope(self, line: Line, body: bytes) -> None:
        digest = sha256(body).hexdigest()
        try:
            if self._knowledge is None:
                part = _link.decode(body)
                self._chain(part.stream, part.version, part.prev_hash, digest, line.position)
                return
            reason = not_canonical(body)
            if reason is not None:
                self._sign("not-canonical", line.position, reason)
            envelope = from_bytes(body)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            self._sign("not-canonical", line.position, f"not an envelope: {error}")
            return
        self._chain(envelope.stream, envelope.version, envelope.prev_hash, digest, line.position)
        self._origin(self._knowledge.keyring, line, envelope.stream)
        self._unique(envelope, line.position)
        if reason is None:
            data = bytes(envelope.data)
            self._content(self._knowledge, line, envelope, data, msgspec.json.decode(data))

    def _chain(self, stream: str, version: int, prev_hash: str, digest: str, position: int) -> None:
        head = self._streams.get(stream)
        if head is None:
            head = self._streams[stream] = _Head()
        if version == head.version + 1 and prev_hash == head.digest:
            head.doubt = None
        else:
            # The cause lies between the last event that fits and this one. Breaks in a row are one break.
            low, high = sorted((head.position, position))
            head.doubt = low if head.doubt is None else min(low, head.doubt)
            if version != head.version + 1:
                detail = f"version {version} follows version {head.version}"
            else:
                detail = f"prev_hash is not the hash of version {head.version}"
            self.faults.traced(Sign("broken-chain", detail, position, stream), (head.doubt, high))
        head.version, head.digest, head.position = version, digest, position

    def _origin(self, keyring: Keyring, line: Line, stream: str) -> None:
        if not line.signatures:
            self._sign("bad-signature", line.position, "the event is not signed", stream)
        for item in line.signatures:
            unfit = keyring.unfit(stream, line.recorded_at, item.key_id)
            if unfit is not None:
                self._sign("wrong-key", line.position, unfit, stream)
            else:
                raw = keyring.raw(item.key_id)
                self._signed.append(_Signed(raw, line.envelope, item.sig, item.key_id, line.position, stream))

    def _unique(self, envelope: Envelope, position: int) -> None:
        if envelope.event_id in self._events:
            self._sign("duplicate", position, f"event_id {envelope.event_id} occurs twice", envelope.stream)
        self._events.add(envelope.event_id)
        # One command has its events side by side in one stream: a command that comes back is a second use of its id.
        command, seen = (envelope.command_id, envelope.stream), self._commands.get(envelope.command_id)
        if seen is not None and (abs(position - seen) != 1 or self._elsewhere(command)):
            sign = Sign("duplicate", f"command_id {envelope.command_id} occurs twice", position, envelope.stream)
            self.faults.traced(sign, (min(seen, position), max(seen, position)))
        self._commands[envelope.command_id] = position
        self._command = command

    def _elsewhere(self, command: tuple[str, str]) -> bool:
        return command[0] == self._command[0] and command[1] != self._command[1]

    def _content(self, known: Knowledge, line: Line, envelope: Envelope, data: bytes, value: Json) -> None:
        if known.types is not None:
            row = known.types.get(envelope.type)
            kind = kind_of(envelope.stream)
            if row is None or row.kind != kind or not 1 <= envelope.schema_version <= row.schema_version:
                detail = f"{envelope.type} version {envelope.schema_version} is not known in a stream {kind}"
                self._sign("unknown-type", line.position, detail, envelope.stream)
        if envelope.type == "KeyRegistered" and kind_of(envelope.stream) == "log":
            self._register(line, data)
        if known.rules is not None and b'"check' in data:
            for check in checks_in(value):
                differs = difference(check, known.rules)
                if differs is not None:
                    self._sign("replay-differs", line.position, differs, envelope.stream)

    def _register(self, line: Line, data: bytes) -> None:
        try:
            fact = _fact.decode(data)
        except msgspec.DecodeError as error:
            self._sign("not-canonical", line.position, f"not a registered key: {error}")
            return
        self.registered.keys[fact.key_id] = registered(fact)
        self.registered.origins.add(fact.origin)
        self.registered.signers.setdefault(fact.key_id, set()).update(item.key_id for item in line.signatures)

    def _sign(self, kind: Kind, position: int, detail: str, stream: str | None = None) -> None:
        self.faults.at(Sign(kind, detail, position, stream))


def _unsigned(share: Sequence[_Signed]) -> list[_Signed]:
    """Those that their key did not sign."""
    return [item for item in share if not verify(item.key, item.body, item.signature)]
