"""Where attachments lie: a folder, or a bucket of an S3-compatible store, as the settings say."""

from __future__ import annotations

from contextlib import AsyncExitStack
from pathlib import Path
from urllib.parse import urlsplit

import httpx2

from events.adapters.folder_files import FolderFiles
from events.adapters.s3_files import TIMEOUT_S, Bucket, S3Files
from events.failures import CannotRun
from events.files import Files
from services.clock import wall_clock
from services.settings import Settings


def open_files(settings: Settings, stack: AsyncExitStack) -> Files:
    """The store of files; CannotRun if the settings do not say how to reach it."""
    where = settings.files
    if where is None or not where.startswith(("http://", "https://")):
        return FolderFiles(Path(where) if where else settings.data / "files")
    client = httpx2.AsyncClient(timeout=TIMEOUT_S)
    stack.push_async_callback(client.aclose)
    return S3Files(bucket_of(settings, where), client, wall_clock)


def bucket_of(settings: Settings, where: str) -> Bucket:
    """The bucket that an address names: `https://host/bucket`, or `https://host/bucket/prefix`."""
    parts = urlsplit(where)
    name, _, prefix = parts.path.strip("/").partition("/")
    if not name or settings.files_key is None or settings.files_secret is None:
        raise CannotRun(
            "Attachments in a bucket need its address and keys: set WIJKSPOOR_FILES to https://host/bucket, and "
            "WIJKSPOOR_FILES_KEY and WIJKSPOOR_FILES_SECRET."
        )
    return Bucket(
        endpoint=f"{parts.scheme}://{parts.netloc}",
        name=name,
        region=settings.files_region,
        access_key=settings.files_key,
        secret_key=settings.files_secret.get_secret_value(),
        prefix=f"{prefix}/" if prefix else "",
    )
