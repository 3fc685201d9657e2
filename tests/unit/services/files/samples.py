"""Small files of every kind, and what can be wrong with them."""

from __future__ import annotations

import io
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + b"\x00" * 17 + b"\x00\x00\x00\x00IEND\xaeB`\x82"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + b"\x00" * 20 + b"\xff\xd9"


def packed(members: dict[str, bytes], method: int = ZIP_DEFLATED) -> bytes:
    """An archive of these members."""
    out = io.BytesIO()
    with ZipFile(out, "w", method) as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return out.getvalue()


def docx(**more: bytes) -> bytes:
    """A document of a word processor; `more` members beside its own."""
    return packed({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w:document/>", **more})


def odt(kind: str = "text") -> bytes:
    """An OpenDocument file."""
    mimetype = f"application/vnd.oasis.opendocument.{kind}".encode()
    return packed({"mimetype": mimetype, "content.xml": b"<office:document/>"}, ZIP_STORED)


XLSX = packed({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"})
ZIP = packed({"plan.txt": b"Een plan.", "cijfers.csv": b"1;2;3"})
BOMB = packed({"niets.txt": b"\0" * (5 * 1024 * 1024)})
"""Five mebibytes in five kilobytes."""


def listing_changed(body: bytes, member: int, at: int, value: bytes) -> bytes:
    """The archive with bytes of a member's entry in the central directory replaced: the listing lies."""
    found = -1
    for _ in range(member + 1):
        found = body.index(b"PK\x01\x02", found + 1)
    return body[: found + at] + value + body[found + at + len(value) :]
