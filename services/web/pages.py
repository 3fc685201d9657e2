"""The API's documentation as one page made here: no script, no style or file from elsewhere."""

from __future__ import annotations

import json
from collections.abc import Callable
from html import escape
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response


def docs_routes(document: Callable[[], dict[str, Any]]) -> APIRouter:
    """`/docs` over the OpenAPI document."""
    router = APIRouter()

    async def docs() -> Response:
        return HTMLResponse(
            _page(document()), headers={"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'"}
        )

    router.add_api_route("/docs", docs, include_in_schema=False)
    return router


def _page(document: dict[str, Any]) -> str:
    groups: dict[str, list[str]] = {}
    for path, item in document["paths"].items():
        for method, operation in item.items():
            groups.setdefault(operation.get("tags", ["views"])[0], []).append(_operation(method, path, operation))
    title = escape(document["info"]["title"])
    body = "".join(f"<h2>{escape(name)}</h2>{''.join(parts)}" for name, parts in groups.items())
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title} API</title></head>'
        f"<body><main><h1>{title} API</h1><p>{escape(document['info'].get('description', ''))}</p>"
        f'<p><a href="/openapi.json">openapi.json</a></p>{body}</main></body></html>'
    )


def _operation(method: str, path: str, operation: dict[str, Any]) -> str:
    roles = ", ".join(operation.get("x-roles", []))
    rules = ", ".join(operation.get("x-rules", []))
    answers = "".join(
        f"<li>{escape(str(status))} {escape(one['description'])}</li>" for status, one in operation["responses"].items()
    )
    schema = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    shown = f"<pre>{escape(json.dumps(schema, indent=1, ensure_ascii=False))}</pre>" if schema else ""
    return (
        f"<details><summary><code>{method.upper()} {escape(path)}</code></summary>"
        f"<p>{escape(operation.get('description', ''))}</p>"
        + (f"<p>Roles: {escape(roles)}</p>" if roles else "")
        + (f"<p>Rules: {escape(rules)}</p>" if rules else "")
        + f"<ul>{answers}</ul>{shown}</details>"
    )
