"""A bucket over real HTTP: as much of the S3 protocol as files need, and it believes no signature."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from hashlib import sha256

from fastapi import FastAPI, Request, Response

from events.adapters.s3_files import Bucket, signed
from services.web.server import address, bind, serve


class Shelf:
    """What lies in the bucket by path, and what it answers instead when it is unwell."""

    def __init__(self) -> None:
        self.bodies: dict[str, bytes] = {}
        self.unwell: int | None = None
        self.bucket = Bucket("http://127.0.0.1:1", "wijkspoor", "eu-west-1", "who", "secret", "case files/")

    async def answer(self, request: Request) -> Response:
        """PUT or GET of one key."""
        body = await request.body()
        if self.unwell is not None:
            return Response(status_code=self.unwell)
        if not self._signed(request, body):
            return Response(status_code=403)
        path = request.url.path
        if request.method == "PUT":
            self.bodies[path] = body
            return Response(status_code=200)
        return Response(self.bodies[path]) if path in self.bodies else Response(status_code=404)

    def _signed(self, request: Request, body: bytes) -> bool:
        payload = sha256(body).hexdigest()
        if request.headers.get("x-amz-content-sha256") != payload:
            return False
        at = datetime.strptime(request.headers["x-amz-date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        url = self.bucket.endpoint + request.scope["raw_path"].decode()
        wanted = signed(self.bucket, request.method, url, {"x-amz-content-sha256": payload}, payload, at)
        return request.headers.get("authorization") == wanted["authorization"]


@asynccontextmanager
async def shelf() -> AsyncIterator[Shelf]:
    """A bucket on a free port of this machine."""
    one, app = Shelf(), FastAPI()
    app.add_api_route("/{path:path}", one.answer, methods=["GET", "PUT"], response_model=None)
    listening, ready = bind(0), asyncio.Event()
    one.bucket = Bucket(address(listening), "wijkspoor", "eu-west-1", "who", "secret", "case files/")
    serving = asyncio.create_task(serve(app, listening, ready.set))
    await ready.wait()
    try:
        yield one
    finally:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
        listening.close()
