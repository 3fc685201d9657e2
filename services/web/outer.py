"""What surrounds every answer: trace id, size limit, security headers, figures, a log line, and the last resort.

Plain ASGI, because a body must be counted while it streams in.
"""

from __future__ import annotations

import re
import time
from hashlib import sha256

import structlog
import uuid_utils
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.metrics import Metrics
from services.problems import INTERNAL, TOO_LARGE, Problem
from services.web.replies import problem_response

log = structlog.get_logger()

BODY_LIMIT = 1024 * 1024
UPLOAD_LIMIT = 50 * 1024 * 1024
"""What an attachment may have at most; a call says less."""

_UPLOAD = re.compile(r"/v1/intake/applications/[^/]+/attachments/[^/]+")
TRACE = "BelGov-Trace-Id"
TOLD = "wijkspoor.told"
"""Where in a scope stands what the line about the request tells beside the request itself."""
ETAG_LIMIT = 4 * 1024 * 1024

_TRACE = re.compile(r"[A-Za-z0-9._:-]{1,64}")
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-cache, private",
}
_API_POLICY = "default-src 'none'; frame-ancestors 'none'"
_PAGE_POLICY = "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"


class Outer:
    """The outermost layer of the application."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; whatever fails inside becomes a problem."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer = _Answer(send, _trace(scope))
        begun = time.perf_counter()  # noqa: TID251 -- the duration of an answer is measured here alone
        with structlog.contextvars.bound_contextvars(trace=answer.trace):
            try:
                _refuse_announced(scope)
                await self._app(scope, _Limited(receive, limit_of(scope)), answer)
            except Problem as problem:
                await answer.instead(problem_response(problem, Request(scope)), scope, receive)
            except Exception as error:
                # The boundary of the process: nothing may leave without an answer and a log line.
                log.exception("request failed", error=error)
                failed = Problem(INTERNAL, values={"trace": answer.trace})
                await answer.instead(problem_response(failed, Request(scope)), scope, receive)
            finally:
                seconds = time.perf_counter() - begun  # noqa: TID251 -- as above
                self._note(scope, answer.status, seconds)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", None) or "unknown"
        self._metrics.answered(scope["method"], route, status, seconds)
        told = scope.get(TOLD, {})
        log.info("request", method=scope["method"], route=route, status=status, ms=round(seconds * 1000, 1), **told)


def _trace(scope: Scope) -> str:
    """The caller's trace id if it is one that can stand in a header and a log line, else a new one."""
    given = Headers(scope=scope).get(TRACE, "")
    return given if _TRACE.fullmatch(given) else str(uuid_utils.uuid4())


def limit_of(scope: Scope) -> int:
    """How large the body of this request may be."""
    return UPLOAD_LIMIT if scope["method"] == "POST" and _UPLOAD.fullmatch(scope["path"]) else BODY_LIMIT


def _too_large(limit: int) -> Problem:
    # What is left of the body is not read: the connection ends with the answer.
    return Problem(TOO_LARGE, values={"limit": limit}, headers={"Connection": "close"})


def _refuse_announced(scope: Scope) -> None:
    announced, limit = Headers(scope=scope).get("content-length", "0"), limit_of(scope)
    if announced.isdigit() and (len(announced) > 18 or int(announced) > limit):
        raise _too_large(limit)


class _Limited:
    """A request's body, counted while it arrives, whatever its headers say."""

    def __init__(self, receive: Receive, limit: int) -> None:
        self._receive = receive
        self._limit = limit
        self._seen = 0

    async def __call__(self) -> Message:
        message = await self._receive()
        self._seen += len(message.get("body", b""))
        if self._seen > self._limit:
            raise _too_large(self._limit)
        return message


class _Answer:
    """What is sent back: knows whether it has begun, and adds the headers that every answer has."""

    def __init__(self, send: Send, trace: str) -> None:
        self._send = send
        self._begun = False
        self.trace = trace
        self.status = 500

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._begun = True
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers[TRACE] = self.trace
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
            page = headers.get("content-type", "").startswith("text/html")
            headers.setdefault("Content-Security-Policy", _PAGE_POLICY if page else _API_POLICY)
        await self._send(message)

    async def instead(self, response: ASGIApp, scope: Scope, receive: Receive) -> None:
        """Send a problem unless something was sent already; then the connection just ends."""
        if not self._begun:
            await response(scope, receive, self)


class Etags:
    """An ETag for every document (JSON or a letter) that answers a GET, and 304 for who has it already.

    Answers are paged and bounded; a longer one, a stream and every other kind pass untouched.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        await self._app(scope, receive, _Tagged(send, Headers(scope=scope).get("if-none-match", "")))


class _Tagged:
    """Holds an answer back until its bytes are known."""

    def __init__(self, send: Send, known: str) -> None:
        self._send = send
        self._known = known
        self._start: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _taggable(message):
            self._start = message
            return
        if self._start is None:
            await self._send(message)
            return
        self._body += message.get("body", b"")
        if message.get("more_body") and len(self._body) <= ETAG_LIMIT:
            return
        await self._release(self._start, more=bool(message.get("more_body")))

    async def _release(self, start: Message, *, more: bool) -> None:
        self._start = None
        headers = MutableHeaders(scope=start)
        if not more:
            tag = f'"{sha256(self._body).hexdigest()[:32]}"'
            headers["ETag"] = tag
            if tag in [one.strip().removeprefix("W/") for one in self._known.split(",")] or self._known.strip() == "*":
                start["status"], self._body = 304, b""
                for name in ("content-length", "content-type"):
                    del headers[name]
        await self._send(start)
        await self._send({"type": "http.response.body", "body": self._body, "more_body": more})


_DOCUMENTS = ("application/json", "application/pdf")


def _taggable(start: Message) -> bool:
    headers = Headers(scope=start)
    return start["status"] == 200 and headers.get("content-type", "") in _DOCUMENTS and "etag" not in headers
