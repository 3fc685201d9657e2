"""The application: routes of commands, of views and of the house, and one way to tell what went wrong."""

from __future__ import annotations

from functools import cache
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from events.store import StoreUnavailable
from services.auth import Verifies
from services.metrics import Metrics
from services.problems import BAD_REQUEST, FORBIDDEN, METHOD, NOT_FOUND, UNAVAILABLE, Issue, Problem
from services.web import openapi
from services.web.access import Gate
from services.web.commands import Door, Straight, command_routes
from services.web.house import House, Own, Vitals, house_routes, nothing_of_its_own, vital_routes
from services.web.outer import Etags, Outer
from services.web.pages import docs_routes
from services.web.ports import Observed, Runtime
from services.web.replies import problem_response, unavailable
from services.web.room import Room
from services.web.streams import Streams

TITLE = "Wijkspoor"
VERSION = "0.1.0"


def create_app(runtime: Runtime, provider: Verifies | None = None, own: Own = nothing_of_its_own) -> FastAPI:
    """The ASGI application over a running program. It owns nothing: whoever opened the runtime closes it.

    With a `provider` of identities its tokens count, and those of the installation itself no longer do. `own` asks for
    figures that only this process has.
    """
    metrics = Metrics()
    gate = Gate(provider or runtime.issuer)
    app = _bare(Vitals(runtime, metrics, own))
    app.include_router(house_routes(House(runtime, gate)))
    commands = command_routes(Door(runtime, gate, metrics, Room()))
    app.include_router(commands)
    for factory in runtime.routers:
        app.include_router(factory(gate.reader))
    _document(app)
    app.add_middleware(Etags)
    app.add_middleware(Straight, commands=commands)
    app.add_middleware(Outer, metrics=metrics)
    return app


def create_vitals_app(process: Observed, own: Own = nothing_of_its_own) -> FastAPI:
    """What a process answers that takes no commands and shows no views: its health and its figures."""
    metrics = Metrics()
    app = _bare(Vitals(process, metrics, own))
    app.add_middleware(Outer, metrics=metrics)
    return app


def _bare(vitals: Vitals) -> FastAPI:
    app = FastAPI(title=TITLE, version=VERSION, openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    app.state.streams = Streams()
    app.include_router(vital_routes(vitals))
    app.add_exception_handler(Problem, _told)
    app.add_exception_handler(StoreUnavailable, _unavailable)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    return app


def _document(app: FastAPI) -> None:
    """`/openapi.json` and `/docs`, made when somebody first asks."""

    @cache
    def made() -> dict[str, Any]:
        return openapi.document(app, TITLE, VERSION)

    async def serve() -> Response:
        return JSONResponse(made())

    app.add_api_route("/openapi.json", serve, include_in_schema=False)
    app.include_router(docs_routes(made))


async def _told(request: Request, error: Exception) -> Response:
    if not isinstance(error, Problem):
        raise error
    return problem_response(error, request)


async def _unavailable(request: Request, _error: Exception) -> Response:
    return problem_response(unavailable(), request)


_KINDS = {kind.status: kind for kind in (BAD_REQUEST, FORBIDDEN, UNAVAILABLE)}


async def _refused(request: Request, error: Exception) -> Response:
    """Starlette's own refusals: no such address, no such method."""
    if not isinstance(error, HTTPException):
        raise error
    headers = dict(error.headers or {})
    if error.status_code == METHOD.status:
        problem = Problem(METHOD, values={"method": request.method}, headers=headers)
    elif error.status_code == NOT_FOUND.status:
        problem = Problem(NOT_FOUND, values={"resource": request.url.path}, headers=headers)
    else:
        kind = _KINDS.get(error.status_code) or BAD_REQUEST._replace(status=error.status_code, type="about:blank")
        problem = Problem(kind, headers=headers, detail=(str(error.detail), str(error.detail)))
    return problem_response(problem, request)


async def _invalid(request: Request, error: Exception) -> Response:
    """Parameters of a view's route that FastAPI has read."""
    if not isinstance(error, RequestValidationError):
        raise error
    issues = [_issue(one) for one in error.errors()]
    return problem_response(Problem(BAD_REQUEST, issues=issues), request)


def _issue(mistake: dict[str, Any]) -> Issue:
    place, *steps = mistake["loc"]
    body = place == "body"
    name = "".join(f"/{step}" for step in steps) if body else ".".join(str(step) for step in steps)
    where: Any = place if place in ("header", "path", "query") else "body"
    return Issue(where, name, mistake["type"], mistake.get("ctx", {}), mistake["msg"])
