"""Where attachments lie is a setting: a folder, or a bucket with its keys."""

from __future__ import annotations

from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from events.adapters.folder_files import FolderFiles
from events.adapters.s3_files import S3Files
from events.failures import CannotRun
from services.bootstrap.storing import bucket_of, open_files
from services.settings import Settings

KEYS: dict[str, Any] = {"files_key": "who", "files_secret": SecretStr("hush")}


async def test_without_a_setting_files_lie_in_the_data_folder(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        files = open_files(Settings(data=tmp_path), stack)
        assert isinstance(files, FolderFiles)
        digest = await files.put(b"x")
    assert (tmp_path / "files" / digest[:2] / digest[2:4] / digest).read_bytes() == b"x"


async def test_a_folder_of_ones_own_is_a_setting(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        files = open_files(Settings(data=tmp_path, files=str(tmp_path / "elsewhere")), stack)
        digest = await files.put(b"x")
    assert (tmp_path / "elsewhere" / digest[:2] / digest[2:4] / digest).exists()


async def test_an_address_is_a_bucket(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        settings = Settings(data=tmp_path, files="https://s3.example.be/wijkspoor", **KEYS)
        assert isinstance(open_files(settings, stack), S3Files)


def test_a_bucket_is_read_from_its_address(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, files_region="eu", **KEYS)
    plain = bucket_of(settings, "https://s3.example.be:9000/wijkspoor/")
    assert (plain.endpoint, plain.name, plain.prefix, plain.region) == (
        "https://s3.example.be:9000",
        "wijkspoor",
        "",
        "eu",
    )
    assert bucket_of(settings, "https://s3.example.be/wijkspoor/a/b").prefix == "a/b/"


@pytest.mark.parametrize(
    ("where", "keys"),
    [("https://s3.example.be", KEYS), ("https://s3.example.be/", KEYS), ("https://s3.example.be/wijkspoor", {})],
)
def test_a_bucket_that_cannot_be_entered_is_told_at_the_start(tmp_path: Path, where: str, keys: dict[str, Any]) -> None:
    with pytest.raises(CannotRun, match="WIJKSPOOR_FILES"):
        bucket_of(Settings(data=tmp_path, **keys), where)
