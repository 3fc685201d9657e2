"""The views at a terminal are the answers of HTTP, asked inside this process: one document, told in two ways."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from starlette.types import ASGIApp, Message, Scope

from events.failures import CannotRun
from services.cli.common import WrongUse
from services.cli.ports import Program
from services.web.app import create_app

READER = "auditor"
MOST_PAGES = 1_000


@dataclass
class _Heard:
    """What came back."""

    status: int = 0
    body: bytes = b""
    asked: bool = False
    types: list[str] = field(default_factory=list)

    async def receive(self) -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(self, message: Message) -> None:
        self.types.append(message["type"])
        self.status = message.get("status", self.status)
        self.body += message.get("body", b"")


class Asker:
    """Asks the program's own addresses as an auditor of the organisation that runs it."""

    def __init__(self, program: Program, organisation: str) -> None:
        self._app: ASGIApp = create_app(program)
        self._token = program.issuer.issue(READER, organisation, "cli")

    async def get(self, *steps: str, **query: str | None) -> dict[str, Any]:
        """One document. `steps` are parts of the path; WrongUse for what does not exist, CannotRun when it is out of
        reach."""
        path = "/v1/" + "/".join(quote(step, safe="") for step in steps)
        return await self._fetch(path, {name: value for name, value in query.items() if value is not None})

    async def all(self, *steps: str, **query: str | None) -> dict[str, Any]:
        """A document with the items of all its pages."""
        first = await self.get(*steps, **query)
        page, items = first, list(first.get("items", []))
        for _ in range(MOST_PAGES):
            following = page.get("next")
            if not following:
                break
            page = await self._fetch(following, {})
            items += page.get("items", [])
        return {name: value for name, value in first.items() if name not in ("self", "next")} | {"items": items}

    async def _fetch(self, path: str, query: Mapping[str, str]) -> dict[str, Any]:
        path, _, own = path.partition("?")
        heard = _Heard()
        await self._app(self._scope(path, own or urlencode(query)), heard.receive, heard.send)
        try:
            document: dict[str, Any] = json.loads(heard.body)
        except ValueError as error:
            raise CannotRun(f"{path} did not answer with JSON: run wijkspoor doctor.") from error
        if heard.status == 200:
            return document
        detail = str(document.get("detail", "")).rstrip(".")
        named = "; ".join(f"{one['name']}: {one['detail']}" for one in document.get("issues", []))
        sentence = f"{detail} {named}".strip() + "."
        raise (CannotRun(sentence) if heard.status >= 500 else WrongUse(sentence))

    def _scope(self, path: str, query: str) -> Scope:
        headers = {"authorization": f"Bearer {self._token}", "accept-language": "en", "host": "127.0.0.1"}
        return {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": query.encode(),
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
            "client": None,
            "server": ("127.0.0.1", 0),
        }
