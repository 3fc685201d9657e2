"""The exported log as files (contract §4): names, lines, manifest, and the strict reading of each."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import TypeVar

import msgspec

from events.proof import note
from events.proof.keys import PublicKey
from events.proof.signing import Signer

FORMAT = "wijkspoor-log/1"
MANIFEST = "manifest.json"
MANIFEST_NOTE = "manifest.sig"
KEYS = "keys.json"
CHECKPOINT = "checkpoint.txt"
LINES_A_FILE = 100_000

T = TypeVar("T")


class Malformed(ValueError):
    """A file, or a line, has not the one form that the format allows."""


class _Form(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """Base of what stands in the files: lowerCamelCase names, nothing unknown."""


class LineSignature(_Form, frozen=True, kw_only=True, gc=False):
    """One signature over the envelope: which key, and its 64 bytes (base64 in the file)."""

    key_id: str
    sig: bytes


class Line(_Form, frozen=True, kw_only=True, gc=False):
    """One event: its place, its time of recording, its exact bytes (base64 in the file), and who signed them."""

    position: int
    recorded_at: str
    envelope: bytes
    signatures: list[LineSignature]


class EventsFile(_Form, frozen=True, kw_only=True):
    """One file of events: first and last position, and the hash of its bytes."""

    name: str
    first: int
    last: int
    sha256: str


class SmallFile(_Form, frozen=True, kw_only=True):
    """A file whose first `bytes` bytes the manifest fixes; below a checkpoint witnesses may add their lines."""

    name: str
    bytes: int
    sha256: str


class Manifest(_Form, frozen=True, kw_only=True):
    """What belongs to the export: its range, its root, its files, and which service owns which kind of stream."""

    format: str
    origin: str
    first: int
    last: int
    root: str
    files: list[EventsFile]
    keys: SmallFile
    checkpoint: SmallFile
    kinds: dict[str, str]


_encoder = msgspec.json.Encoder(order="sorted")
_line = msgspec.json.Decoder(Line)


def file_name(number: int) -> str:
    """The name of the n-th file of events."""
    return f"events-{number:06d}.jsonl"


def document(value: object) -> bytes:
    """A small file's bytes: canonical JSON and a line break."""
    return _encoder.encode(value) + b"\n"


def read_document(body: bytes, kind: type[T]) -> T:
    """Read such a file; Malformed unless it has exactly that form."""
    try:
        value = msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Malformed(str(error)) from error
    if document(value) != body:
        raise Malformed("the bytes are not the canonical form of their value")
    return value


def read_keys(body: bytes) -> list[PublicKey]:
    """Read ``keys.json``; Malformed for another form, a key that contradicts itself, or one listed twice."""
    keys = read_document(body, list[PublicKey])
    try:
        for key in keys:
            key.raw()
    except ValueError as error:
        raise Malformed(str(error)) from error
    if len({key.key_id for key in keys}) != len(keys):
        raise Malformed("a key is listed twice")
    return keys


def write_line(line: Line) -> bytes:
    """A line's bytes without the line break."""
    return _encoder.encode(line)


def read_line(raw: bytes) -> Line:
    """Read a line without its line break; Malformed unless it has exactly the form that `write_line` gives.

    Writing it again also settles the base64: another spelling of the same bytes does not come back.
    """
    try:
        line = _line.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Malformed(str(error)) from error
    if _encoder.encode(line) != raw:
        raise Malformed("the bytes are not the canonical form of their value")
    return line


def same_lines(lines: Sequence[Line], block: bytes) -> bool:
    """Whether these are the lines of a block, each in exactly the form that `write_line` gives."""
    return _encoder.encode_lines(lines) == block


def manifest_text(origin: str, body: bytes) -> str:
    """What the log's key signs of a manifest; the second line keeps it from passing for a checkpoint."""
    return f"{origin}\n{MANIFEST}\n{sha256(body).hexdigest()}\n"


def sign_manifest(signer: Signer, origin: str, body: bytes) -> str:
    """The text of ``manifest.sig``."""
    return note.sign(signer, origin, manifest_text(origin, body))
