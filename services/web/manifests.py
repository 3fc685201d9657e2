"""Manifests over HTTP: what was signed of a day's public events."""

import re
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import JSONResponse, Response

from events.manifests import Kept, Manifests
from events.proof import manifest
from services.problems import BAD_REQUEST, NOT_FOUND, Issue, Problem
from services.web.access import VIEWS
from services.web.openapi import JSON, problems
from services.web.ports import Reader, RouterFactory

VIEW = "public"
PATH = "/v1/public/manifests"
PAGE, MOST = 100, 1_000

_DAY = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_SCHEMA = {
    "type": "object",
    "required": ["format", "note", "digests"],
    "properties": {
        "format": {"const": manifest.FORM},
        "note": {"type": "string", "description": "A signed note (C2SP) by the log's key"},
        "digests": {"type": "array", "items": {"type": "string"}, "description": "SHA-256 of each event, base64"},
    },
}


def _says(schema: dict[str, Any], *statuses: int) -> dict[str, Any]:
    answer = {200: {"description": "As it was signed", "content": {JSON: {"schema": schema}}}}
    return {
        "responses": answer | problems(*statuses),
        "openapi_extra": {"security": [{"bearer": []}], "x-roles": sorted(VIEWS[VIEW])},
        "response_class": Response,
    }


def manifest_routes(rows: Manifests, topic: str) -> RouterFactory:
    """The routes, for `Runtime.routers`."""

    def router(reader: Reader) -> APIRouter:
        made = APIRouter(tags=["public"], dependencies=[Depends(reader(VIEW))])

        @made.get(PATH, summary="Manifests", **_says({"type": "object"}, 400, 401, 403, 500, 503))
        async def page(
            after: Annotated[str | None, Query(pattern=f"^{_DAY.pattern}$")] = None,
            limit: Annotated[int, Query(ge=1, le=MOST)] = PAGE,
        ) -> Response:
            """The days that have one, in order."""
            if after and not _exists(after):
                raise Problem(BAD_REQUEST, issues=[Issue("query", "after", "no_such_day")])
            kept = await rows.page(topic, after, limit)
            here = f"?after={after}&limit={limit}" if after else f"?limit={limit}"
            answer: dict[str, Any] = {"self": PATH + here, "items": [_summary(one) for one in kept]}
            if len(kept) == limit:
                answer["next"] = f"{PATH}?after={kept[-1].day}&limit={limit}"
            return JSONResponse(answer)

        @made.get(PATH + "/{day}", summary="One manifest", **_says(_SCHEMA, 400, 401, 403, 404, 500, 503))
        async def one(day: Annotated[str, Path(max_length=10)]) -> Response:
            """The manifest of a day (YYYY-MM-DD, in Brussels), or `latest`."""
            found = await (rows.latest(topic) if day == "latest" else _find(day))
            if found is None:
                raise Problem(NOT_FOUND, values={"resource": f"{PATH}/{day}"})
            return Response(found.body, media_type=JSON)

        async def _find(day: str) -> Kept | None:
            return await rows.find(topic, day) if _DAY.fullmatch(day) and _exists(day) else None

        return made

    return router


def _exists(day: str) -> bool:
    try:
        date.fromisoformat(day)
    except ValueError:
        return False
    return True


def _summary(kept: Kept) -> dict[str, Any]:
    said = manifest.read(kept.body).manifest
    return {"day": said.day, "first": said.first, "last": said.last, "count": said.count, "href": f"{PATH}/{said.day}"}
