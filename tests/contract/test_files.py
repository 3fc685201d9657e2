"""What every store of files promises: a file lies under its own digest, reads back as it was, or is told altered."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import pytest

from events.adapters.folder_files import FolderFiles
from events.adapters.memory_files import MemoryFiles
from events.adapters.s3_files import S3Files
from events.files import Altered, Files, FilesUnavailable, digest_of
from tests.contract.bucket import Shelf, shelf

PLAN, LARGE = b"Een plan.", bytes(range(256)) * 8192
NEVER = "0" * 64

Spoil = Callable[[str], None]


def files_in(folder: Path) -> list[Path]:
    return [one for one in folder.rglob("*") if one.is_file()]


def now() -> datetime:
    return datetime(2026, 11, 30, 12, tzinfo=UTC)


@pytest.fixture
async def bucket() -> AsyncIterator[Shelf]:
    async with shelf() as one:
        yield one


@pytest.fixture(params=["memory", "folder", "s3"])
async def stores(
    request: pytest.FixtureRequest, tmp_path: Path, bucket: Shelf
) -> AsyncIterator[tuple[Files, Spoil, Callable[[], int]]]:
    """A store of files, how to spoil a file in it, and how many it holds."""
    if request.param == "memory":
        memory = MemoryFiles()
        yield memory, lambda digest: memory.bodies.update({digest: b"spoilt"}), lambda: len(memory.bodies)
    elif request.param == "folder":
        folder = tmp_path / "files"

        def spoil(digest: str) -> None:
            (folder / digest[:2] / digest[2:4] / digest).write_bytes(b"spoilt")

        def size() -> int:
            return len(files_in(folder))

        yield FolderFiles(folder), spoil, size
    else:
        async with httpx2.AsyncClient() as client:
            key = "/wijkspoor/case files/"
            s3 = S3Files(bucket.bucket, client, now)
            yield s3, lambda one: bucket.bodies.update({key + one: b"spoilt"}), lambda: len(bucket.bodies)


@pytest.fixture
def files(stores: tuple[Files, Spoil, Callable[[], int]]) -> Files:
    return stores[0]


@pytest.mark.parametrize("body", [b"", PLAN, LARGE], ids=["empty", "small", "large"])
async def test_a_file_lies_under_its_digest_and_reads_back_as_it_was(files: Files, body: bytes) -> None:
    digest = await files.put(body)
    assert digest == digest_of(body)
    assert await files.get(digest) == body


async def test_what_was_never_stored_is_not_there(files: Files) -> None:
    assert await files.get(NEVER) is None


async def test_the_same_content_again_is_the_same_file(stores: tuple[Files, Spoil, Callable[[], int]]) -> None:
    files, _, size = stores
    assert await files.put(PLAN) == await files.put(PLAN)
    assert size() == 1
    await files.put(LARGE)
    assert size() == 2


async def test_a_file_that_was_changed_where_it_lies_is_told_not_given(
    stores: tuple[Files, Spoil, Callable[[], int]],
) -> None:
    files, spoil, _ = stores
    digest = await files.put(PLAN)
    spoil(digest)
    with pytest.raises(Altered, match=digest):
        await files.get(digest)


async def test_a_folder_gives_nothing_but_what_lies_under_a_digest(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    files = FolderFiles(tmp_path / "files")
    for name in ("../secret", "secret", "", NEVER[:63], NEVER.replace("0", "A")):
        assert await files.get(name) is None


async def test_a_folder_keeps_its_files_from_others_and_leaves_no_half_ones(tmp_path: Path) -> None:
    digest = await FolderFiles(tmp_path).put(PLAN)
    (file,) = files_in(tmp_path)
    assert (file.name, file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o077) == (digest, 0o600, 0)


async def test_a_folder_that_cannot_be_written_says_wait(tmp_path: Path) -> None:
    (tmp_path / "files").write_text("a file where the folder should be")
    with pytest.raises(FilesUnavailable):
        await FolderFiles(tmp_path / "files").put(PLAN)
    with pytest.raises(FilesUnavailable):
        await FolderFiles(tmp_path / "files").get(NEVER)


async def test_a_bucket_with_another_secret_is_not_entered(bucket: Shelf) -> None:
    async with httpx2.AsyncClient() as client:
        stranger = S3Files(replace(bucket.bucket, secret_key="other"), client, now)
        with pytest.raises(FilesUnavailable, match="403"):
            await stranger.put(PLAN)
        with pytest.raises(FilesUnavailable, match="403"):
            await stranger.get(NEVER)
    assert bucket.bodies == {}


async def test_a_bucket_that_is_unwell_or_away_says_wait(bucket: Shelf) -> None:
    bucket.unwell = 503
    async with httpx2.AsyncClient() as client:
        for one in (bucket.bucket, replace(bucket.bucket, endpoint="http://127.0.0.1:1")):
            files = S3Files(one, client, now)
            with pytest.raises(FilesUnavailable):
                await files.put(PLAN)
            with pytest.raises(FilesUnavailable):
                await files.get(NEVER)
