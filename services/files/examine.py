"""What a file is, told from its content alone, and whether it is safe to open. Pure; slow for large archives.

Nothing is believed that the file, its name or its sender says. An archive is opened here as far as its listing, and
each member is unpacked into nothing, with a budget: what grows beyond it is a bomb, whatever the listing promised.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from typing import NamedTuple
from zipfile import BadZipFile, ZipFile, ZipInfo, is_zipfile

from events.forms import FileFlaw, MediaType

MOST_MEMBERS = 2_000
MOST_UNPACKED = 200 * 1024 * 1024
"""Bytes that an archive may hold altogether."""
MOST_TIMES = 100
"""How often larger than packed a member of some size may be; text hardly reaches a tenth of it."""
SMALL = 1024 * 1024
"""Below this a member may be packed as well as it likes."""

_ENCRYPTED = 0x1
_LOCAL_HEADER = 30
_CHUNK = 64 * 1024
_OOXML: dict[str, MediaType] = {
    "word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_ODF: dict[bytes, MediaType] = {
    b"application/vnd.oasis.opendocument.text": "application/vnd.oasis.opendocument.text",
    b"application/vnd.oasis.opendocument.spreadsheet": "application/vnd.oasis.opendocument.spreadsheet",
}
_ARCHIVES = (".zip", ".jar", ".7z", ".rar", ".gz", ".tgz", ".bz2", ".xz", ".tar", ".zst")


class Found(NamedTuple):
    """The kind that the content shows, and what is wrong with it; both None never come together."""

    media_type: MediaType | None
    flaw: FileFlaw | None


def examine(body: bytes) -> Found:
    """Tell what a file is."""
    if not body:
        return Found(None, "empty")
    kind = _simple_kind(body)
    if kind is None and body.startswith(b"PK\x03\x04"):
        return _archive(body)
    if kind is None:
        return Found(None, "unknown_kind")
    # What one program shows as a picture another one unpacks as an archive: nobody saw what was handed in.
    if is_zipfile(io.BytesIO(body)):
        return Found(kind, "two_in_one")
    return Found(kind, None if _ends_well(kind, body) else "damaged")


def _simple_kind(body: bytes) -> MediaType | None:
    if body.startswith(b"%PDF-"):
        return "application/pdf"
    if body.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if body.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    return None


def _ends_well(kind: MediaType, body: bytes) -> bool:
    match kind:
        case "application/pdf":
            # The format lets a reader look for the end in the last kilobyte.
            return b"%%EOF" in body[-1024:]
        case "image/png":
            return body.endswith(b"IEND\xaeB`\x82")
        case _:
            return body.rstrip(b"\0").endswith(b"\xff\xd9")


def _archive(body: bytes) -> Found:
    try:
        with ZipFile(io.BytesIO(body)) as archive:
            members = archive.infolist()
            kind = _kind_of_archive(archive, members)
            return Found(kind, _flaw(archive, members, kind, body))
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError):
        return Found("application/zip", "damaged")


def _kind_of_archive(archive: ZipFile, members: list[ZipInfo]) -> MediaType:
    names = {one.filename for one in members}
    if "[Content_Types].xml" in names:
        return next((kind for part, kind in _OOXML.items() if part in names), "application/zip")
    first = members[0] if members else None
    if first and first.filename == "mimetype" and first.file_size < 100 and not first.flag_bits & _ENCRYPTED:
        return _ODF.get(archive.read(first), "application/zip")
    return "application/zip"


def _flaw(archive: ZipFile, members: list[ZipInfo], kind: MediaType, body: bytes) -> FileFlaw | None:
    """The first thing that is wrong: what costs nothing to see comes first, unpacking last."""
    if not members:
        return "empty"
    if any(one.flag_bits & _ENCRYPTED for one in members):
        return "encrypted"
    if any(_leads_out(one.filename) for one in members):
        return "unsafe_names"
    if len(members) > MOST_MEMBERS or _promises_too_much(members) or _overlap(members):
        return "bomb"
    if any(one.filename.lower().endswith(_ARCHIVES) for one in members):
        return "nested"
    if kind != "application/zip" and any("vbaproject" in one.filename.lower() for one in members):
        return "macros"
    return _unpacked(archive, members, len(body))


def _leads_out(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return name.startswith(("/", "\\")) or ".." in parts or ":" in parts[0] or "\0" in name


def _promises_too_much(members: list[ZipInfo]) -> bool:
    return sum(one.file_size for one in members) > MOST_UNPACKED or any(
        one.file_size > max(SMALL, MOST_TIMES * one.compress_size) for one in members
    )


def _overlap(members: list[ZipInfo]) -> bool:
    """Whether members share bytes: a bomb can list one member a thousand times."""
    end = 0
    for one in sorted(members, key=lambda one: one.header_offset):
        if one.header_offset < end:
            return True
        end = one.header_offset + _LOCAL_HEADER + one.compress_size
    return False


def _unpacked(archive: ZipFile, members: list[ZipInfo], size: int) -> FileFlaw | None:
    """Unpack everything into nothing; the listing may have lied about how much there is."""
    budget = min(MOST_UNPACKED, max(SMALL * len(members), MOST_TIMES * size))
    for one in members:
        for index, chunk in enumerate(_chunks(archive, one)):
            if index == 0 and one.filename != "mimetype" and chunk.startswith(b"PK\x03\x04"):
                return "nested"
            budget -= len(chunk)
            if budget < 0:
                return "bomb"
    return None


def _chunks(archive: ZipFile, one: ZipInfo) -> Iterator[bytes]:
    with archive.open(one) as member:
        while chunk := member.read(_CHUNK):
            yield chunk
