"""Files in an S3-compatible store. Requests are signed here (AWS Signature Version 4): three calls need no SDK."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from urllib.parse import quote, urlsplit

import httpx2

from events.files import FilesUnavailable, digest_of, proven

ALGORITHM = "AWS4-HMAC-SHA256"
TIMEOUT_S = 60.0


@dataclass(frozen=True)
class Bucket:
    """Where the files lie: `endpoint` with scheme and host, `prefix` before every key, and who asks."""

    endpoint: str
    name: str
    region: str
    access_key: str
    secret_key: str = field(repr=False)
    prefix: str = ""

    def address(self, digest: str) -> str:
        """The address of a file, path-style: it works with every compatible store."""
        return f"{self.endpoint}/{quote(self.name)}/{quote(self.prefix)}{digest}"


class S3Files:
    """Files in a bucket."""

    def __init__(self, bucket: Bucket, client: httpx2.AsyncClient, now: Callable[[], datetime]) -> None:
        self._bucket = bucket
        self._client = client
        self._now = now

    async def put(self, body: bytes) -> str:
        """Keep a file and give its digest; FilesUnavailable when the store does not take it."""
        digest = digest_of(body)
        answer = await self._ask("PUT", digest, body)
        if answer.status_code != 200:
            raise FilesUnavailable(f"the store of files answers {answer.status_code} to a file")
        return digest

    async def get(self, digest: str) -> bytes | None:
        """The file, or None; Altered, or FilesUnavailable."""
        answer = await self._ask("GET", digest, b"")
        if answer.status_code == 404:
            return None
        if answer.status_code != 200:
            raise FilesUnavailable(f"the store of files answers {answer.status_code} to a question")
        return proven(digest, answer.content)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _ask(self, method: str, digest: str, body: bytes) -> httpx2.Response:
        url, payload = self._bucket.address(digest), sha256(body).hexdigest()
        headers = signed(self._bucket, method, url, {"x-amz-content-sha256": payload}, payload, self._now())
        try:
            return await self._client.request(method, url, content=body, headers=headers)
        except httpx2.HTTPError as error:
            raise FilesUnavailable(f"the store of files cannot be reached: {type(error).__name__}") from error


def signed(
    bucket: Bucket, method: str, url: str, headers: Mapping[str, str], payload: str, now: datetime
) -> dict[str, str]:
    """The headers with which a request is accepted: Signature Version 4, all headers signed.

    `payload` is the SHA-256 (lower-case hex) of the body. `url` has its path encoded, and no query.
    """
    parts = urlsplit(url)
    stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    all_headers = {"host": parts.netloc, **headers, "x-amz-date": stamp}
    names = ";".join(sorted(all_headers))
    lines = "".join(f"{name}:{all_headers[name]}\n" for name in sorted(all_headers))
    canonical = f"{method}\n{parts.path}\n\n{lines}\n{names}\n{payload}"
    scope = f"{stamp[:8]}/{bucket.region}/s3/aws4_request"
    to_sign = f"{ALGORITHM}\n{stamp}\n{scope}\n{sha256(canonical.encode()).hexdigest()}"
    key = f"AWS4{bucket.secret_key}".encode()
    for step in (stamp[:8], bucket.region, "s3", "aws4_request"):
        key = hmac.digest(key, step.encode(), "sha256")
    signature = hmac.digest(key, to_sign.encode(), "sha256").hex()
    credential = f"{ALGORITHM} Credential={bucket.access_key}/{scope},SignedHeaders={names},Signature={signature}"
    return {**all_headers, "authorization": credential}
