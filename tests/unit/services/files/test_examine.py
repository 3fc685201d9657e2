"""A file is told from its content: what it says of itself counts for nothing, and a bomb is never unpacked."""

from __future__ import annotations

from zipfile import ZIP_STORED

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.files import examine as module
from services.files.examine import Found, examine
from tests.unit.services.files.samples import BOMB, JPEG, PDF, PNG, XLSX, ZIP, docx, listing_changed, odt, packed

OOXML = "application/vnd.openxmlformats-officedocument."
ODF = "application/vnd.oasis.opendocument."


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (PDF, "application/pdf"),
        (PNG, "image/png"),
        (JPEG, "image/jpeg"),
        (ZIP, "application/zip"),
        (docx(), OOXML + "wordprocessingml.document"),
        (XLSX, OOXML + "spreadsheetml.sheet"),
        (odt(), ODF + "text"),
        (odt("spreadsheet"), ODF + "spreadsheet"),
        (odt("graphics"), "application/zip"),
        (packed({"[Content_Types].xml": b"<Types/>", "ppt/presentation.xml": b"<p/>"}), "application/zip"),
    ],
)
def test_every_kind_is_known_by_its_content(body: bytes, kind: str) -> None:
    assert examine(body) == Found(kind, None)  # type: ignore[arg-type]  # a row of the table


@pytest.mark.parametrize("body", [b"MZ\x90\x00", b"<html></html>", b"#!/bin/sh\n", b"plain words", b"\x00", b" " + PDF])
def test_what_shows_no_kind_is_of_no_kind(body: bytes) -> None:
    assert examine(body) == Found(None, "unknown_kind")


def test_an_empty_file_is_nothing() -> None:
    assert examine(b"") == Found(None, "empty")
    assert examine(packed({})) == Found(None, "unknown_kind")


@pytest.mark.parametrize("body", [PDF[:-8], PNG[:-4], JPEG[:-2], ZIP[:-30], ZIP[:40] + b"x" * 40])
def test_half_a_file_is_damaged(body: bytes) -> None:
    assert examine(body).flaw == "damaged"


@pytest.mark.parametrize("body", [PDF, PNG, JPEG])
def test_a_picture_that_is_an_archive_too_is_refused(body: bytes) -> None:
    assert examine(body + ZIP).flaw == "two_in_one"


def test_a_bomb_is_told_from_its_listing_before_anything_is_unpacked() -> None:
    assert examine(BOMB).flaw == "bomb"


def test_much_text_is_no_bomb() -> None:
    lines = "\n".join(f"regel {number}: {number * 7919}" for number in range(200_000)).encode()
    assert examine(packed({"veel.txt": lines})) == Found("application/zip", None)


def test_many_small_members_that_are_large_together_are_a_bomb(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_UNPACKED", 10_000)
    assert examine(packed({f"{number}.txt": b"\0" * 1_001 for number in range(10)})).flaw == "bomb"
    assert examine(packed({f"{number}.txt": b"\0" * 1_000 for number in range(10)})).flaw is None


def test_more_members_than_anybody_hands_in_are_a_bomb(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_MEMBERS", 3)
    assert examine(packed({f"{number}.txt": b"x" for number in range(4)})).flaw == "bomb"
    assert examine(packed({f"{number}.txt": b"x" for number in range(3)})).flaw is None


def test_members_that_share_their_bytes_are_a_bomb() -> None:
    two = packed({"a.txt": b"x" * 50, "b.txt": b"x" * 50}, ZIP_STORED)
    assert examine(two).flaw is None
    assert examine(listing_changed(two, 1, 42, (0).to_bytes(4, "little"))).flaw == "bomb"


def test_a_listing_that_promises_less_than_there_is_does_not_get_through() -> None:
    # Where the listing lies about the size, unpacking ends at the size that it gave, and the checksum differs.
    assert examine(listing_changed(BOMB, 0, 24, (1_000).to_bytes(4, "little"))).flaw == "damaged"


def test_an_encrypted_archive_cannot_be_looked_into() -> None:
    assert examine(listing_changed(ZIP, 0, 8, b"\x01")).flaw == "encrypted"


@pytest.mark.parametrize("name", ["b.zip", "b.tar", "deep/B.7Z", "b.gz"])
def test_an_archive_in_an_archive_is_refused_by_its_name(name: str) -> None:
    assert examine(packed({name: b"x"})).flaw == "nested"


def test_an_archive_in_an_archive_is_refused_by_its_content() -> None:
    assert examine(packed({"plan.txt": ZIP})).flaw == "nested"


@pytest.mark.parametrize("name", ["../x", "/etc/passwd", "a/../../x", "C:/x", "\\\\host\\x", "a\\..\\x"])
def test_a_name_that_points_outside_is_refused(name: str) -> None:
    assert examine(packed({name: b"x"})).flaw == "unsafe_names"


def test_a_document_with_macros_is_refused() -> None:
    assert examine(docx(**{"word/vbaProject.bin": b"x"})).flaw == "macros"


@given(st.binary(max_size=400), st.integers(0, len(ZIP)))
@example(b"PK\x03\x04", 0)
def test_whatever_comes_is_told_or_refused_and_never_fails(body: bytes, cut: int) -> None:
    for one in (body, ZIP[:cut] + body, ZIP[:cut] + body + ZIP[cut:], b"PK\x03\x04" + body):
        found = examine(one)
        assert found.media_type is not None or found.flaw is not None
