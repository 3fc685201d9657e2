"""The OpenAPI document: each command with its schema, its roles, its rules and its problems."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from events.public.schemas import components
from services.deciding import CommandSpec
from services.web.reading import CommandForm

JSON = "application/json"
PROBLEM = "application/problem+json"
UUID = {"type": "string", "format": "uuid", "pattern": "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"}

_PROBLEMS = {
    400: "The request has mistakes; each is an issue at its place",
    401: "No token, or one that is not accepted",
    403: "The role may not do this",
    404: "The target does not exist",
    405: "The address does not know the method",
    408: "The body came too slowly",
    409: "A rule or a guard refuses",
    412: "The stream has moved past the version in If-Match",
    413: "The body, or what it would record, is too large",
    415: "The body is not JSON",
    422: "The key belongs to another command",
    429: "Too many commands are under way",
    500: "An error of the program",
    503: "The log cannot be reached; send the same again",
}
_VIEWS = "views"
_OF_VIEWS = (400, 401, 403, 404, 500, 503)
_OF_COMMANDS = (400, 401, 403, 404, 408, 409, 412, 413, 415, 422, 429, 500, 503)


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route that may answer with these problems."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {status: {"description": _PROBLEMS[status], "content": {PROBLEM: {"schema": schema}}} for status in statuses}


def describe(spec: CommandSpec) -> dict[str, Any]:
    """What the document says about a command beside its address: arguments of `add_api_route`."""
    schema = CommandForm(spec).model.model_json_schema(by_alias=True, ref_template="#/components/schemas/{model}")
    # A schema of its own stands in the document once, under its name; parts of it are inlined.
    body = {"required": True, "content": {JSON: {"schema": schema}}}
    created: dict[int | str, dict[str, Any]] = {
        201: {
            "description": "It took effect, or was so already",
            "headers": {
                "ETag": {"description": "The stream's version", "schema": {"type": "string"}},
                "Idempotent-Replayed": {"description": "`true` for a repeat", "schema": {"type": "string"}},
            },
            "content": {JSON: {"schema": {"$ref": "#/components/schemas/CommandDone"}}},
        }
    }
    return {
        "responses": created | problems(*_OF_COMMANDS),
        "openapi_extra": {
            "requestBody": body,
            "parameters": [
                {"name": "id", "in": "path", "required": True, "schema": UUID},
                {
                    "name": "Idempotency-Key",
                    "in": "header",
                    "required": True,
                    "schema": {
                        **UUID,
                        "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-46-9a-f][0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$",
                    },
                },
                {"name": "If-Match", "in": "header", "schema": {"type": "string", "pattern": '^"[0-9]{1,15}"$'}},
                {"name": "Accept-Language", "in": "header", "schema": {"type": "string", "enum": ["nl", "en"]}},
            ],
            "security": [{"bearer": []}],
            "x-roles": sorted(spec.roles),
            "x-rules": list(spec.rules),
            "x-creates": spec.creates,
        },
    }


def document(app: FastAPI, title: str, version: str) -> dict[str, Any]:
    """The whole document of the app's routes."""
    made = get_openapi(title=title, version=version, routes=app.routes, description=_ABOUT)
    shared = made.setdefault("components", {})
    shared["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
    shared["schemas"] = _SCHEMAS | _public_events()
    for path in made["paths"].values():
        for operation in path.values():
            if _VIEWS in operation.get("tags", ()):
                _describe_view(operation)
    return made


def _describe_view(operation: dict[str, Any]) -> None:
    """What projections cannot say, for they know nothing of the house's problems and tokens."""
    operation["responses"].pop("422", None)
    known = problems(*_OF_VIEWS) | {304: {"description": "It is what If-None-Match names"}}
    operation["responses"] |= {str(status): answer for status, answer in sorted(known.items(), key=str)}
    operation["security"] = [{"bearer": []}]


def _public_events() -> dict[str, Any]:
    """Each public event by its type, the values they share, and `PublicEvent`: any one of them."""
    events, values = components("#/components/schemas/Public{model}")
    where = {name: f"#/components/schemas/{name}" for name in events}
    return {
        **{f"Public{name}": value for name, value in values.items()},
        **events,
        "PublicEvent": {
            "oneOf": [{"$ref": place} for place in where.values()],
            "discriminator": {"propertyName": "type", "mapping": where},
        },
    }


_ABOUT = (
    "Commands are decided by pure rules and recorded in one unalterable log. Every command needs an Idempotency-Key: "
    "the same key with the same body gets the first answer again."
)

_TEXT = {"type": "string"}
_COUNT = {"type": "integer", "minimum": 0}

_SCHEMAS: dict[str, Any] = {
    "CommandDone": {
        "type": "object",
        "required": ["commandId", "stream", "version", "position", "events"],
        "properties": {
            "commandId": UUID,
            "stream": _TEXT,
            "version": _COUNT,
            "position": _COUNT,
            "events": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["eventId", "type", "version"],
                    "properties": {"eventId": UUID, "type": _TEXT, "version": {"type": "integer", "minimum": 1}},
                },
            },
        },
    },
    "Problem": {
        "type": "object",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": {"type": "string", "format": "uri"},
            "title": _TEXT,
            "status": {"type": "integer"},
            "detail": _TEXT,
            "rule": _TEXT,
            "guard": _TEXT,
            "reason": _TEXT,
            "inputs": {"type": "object"},
            "recorded": {
                "type": "object",
                "required": ["stream", "version", "position"],
                "properties": {"stream": _TEXT, "version": _COUNT, "position": _COUNT},
            },
            "currentVersion": _COUNT,
            "requiredRoles": {"type": "array", "items": _TEXT},
            "issues": {"type": "array", "items": {"$ref": "#/components/schemas/Issue"}},
        },
    },
    "Issue": {
        "type": "object",
        "required": ["type", "code", "detail", "in", "name"],
        "properties": {
            "type": {"type": "string", "format": "uri"},
            "code": _TEXT,
            "detail": _TEXT,
            "in": {"type": "string", "enum": ["body", "header", "path", "query"]},
            "name": {"type": "string", "description": "A JSON pointer for the body, else the name"},
            "pointer": {"type": "string", "description": "JSON pointer (RFC 6901) into the body"},
        },
    },
}
