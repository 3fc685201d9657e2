"""The desk's addresses. All are GET; what cannot be shown is told as a page, not as a trace.

`desk_router(data, viewer)` is all that the outside needs: where the figures come from, and who looks.
"""

from collections import Counter
from collections.abc import Callable, Coroutine, Sequence
from importlib.resources import files
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from fastapi.routing import APIRoute

from events.envelope import Actor
from projections.desk import flow, words
from projections.desk.data import Call, Case, CaseLine, DeskData, NotReady
from projections.desk.history import by_year, entries, queues
from projections.desk.monitor import NO_MONITOR, MonitorData, may_look, monitor_page
from projections.desk.pages import HEADERS, Visit, render, visit
from projections.desk.raw import plain
from projections.desk.when import Asked, BadMoment, asked
from projections.desk.why import chapters, decided

STYLE = files("projections.desk").joinpath("static", "desk.css").read_bytes()
FIRST_WAITING = 8


class NoSuchPage(Exception):
    """There is nothing here for this viewer."""


class _Told(APIRoute):
    """A route whose failures are pages: 400 for a date, 404 for what is not there, 503 while views are away."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        inner = super().get_route_handler()

        async def handler(request: Request) -> Response:
            try:
                return await inner(request)
            except BadMoment:
                return _sorry(request, 400, "bad_moment")
            except NoSuchPage:
                return _sorry(request, 404, "not_found")
            except NotReady:
                return _sorry(request, 503, "unavailable", {"Retry-After": "60"})

        return handler


def _sorry(request: Request, status: int, reason: str, headers: dict[str, str] | None = None) -> HTMLResponse:
    return render("error.html", visit(request), status, headers or {}, reason=reason)


def desk_router(data: DeskData, viewer: Callable[..., Any], monitor: MonitorData = NO_MONITOR) -> APIRouter:
    """The pages. `viewer` is a FastAPI dependency that gives the `Actor` who looks, or answers by itself."""
    router = APIRouter(route_class=_Told, include_in_schema=False, default_response_class=HTMLResponse)
    Viewer = Annotated[Actor, Depends(viewer)]  # noqa: N806 -- a type, made where the dependency is known

    @router.get("/")
    async def overview(request: Request, who: Viewer) -> Response:
        return await _overview(data, who, visit(request, _asked(request)))

    @router.get("/contracts")
    async def contracts(request: Request, who: Viewer) -> Response:
        return await _contracts(data, who, visit(request, _asked(request)))

    @router.get("/cases/{case}")
    async def case_page(case: str, request: Request, who: Viewer) -> Response:
        return await _case(data, who, case, visit(request, _asked(request)))

    @router.get("/cases/{case}/raw")
    async def raw(case: str, request: Request, who: Viewer) -> Response:
        steps = await data.timeline(who, case, _asked(request).cut)
        if not steps:
            raise NoSuchPage
        return JSONResponse([plain(step) for step in steps], headers={**HEADERS, "Content-Disposition": "inline"})

    @router.get("/monitor")
    async def live(request: Request, who: Viewer) -> Response:
        if not may_look(who):
            raise NoSuchPage
        return await monitor_page(data, monitor, who, visit(request))

    @router.get("/desk/desk.css")
    async def style() -> Response:
        return Response(STYLE, media_type="text/css", headers={"Cache-Control": "public, max-age=300"})

    return router


def not_found(request: Request) -> HTMLResponse:
    """The page for an address that no route knows; `services.web` may hang it on its 404 for browsers."""
    return _sorry(request, 404, "not_found")


def _asked(request: Request) -> Asked:
    return asked(request.query_params.get("asOf"), request.query_params.get("knownAt"))


async def _call(data: DeskData, who: Actor, v: Visit) -> tuple[Sequence[Call], Call | None]:
    calls = await data.calls(who, v.asked.cut)
    wanted = v.query.get("call")
    if not wanted:
        return calls, calls[0] if calls else None
    for call in calls:
        if call.call == wanted:
            return calls, call
    raise NoSuchPage


async def _overview(data: DeskData, who: Actor, v: Visit) -> Response:
    calls, call = await _call(data, who, v)
    budget = await data.budget(who, call.call, v.asked.cut) if call else None
    if call is None or budget is None:
        return render("empty.html", v, calls=calls, call=call)
    listing = await data.contracts(who, call.call, v.asked.cut)
    waiting = queues(await data.worklist(who, call.call, v.asked.cut))
    return render(
        "overview.html",
        v,
        calls=calls,
        call=call,
        money=budget.money,
        shown=budget.shown,
        stages=flow.stages(budget.money),
        wide=flow.wide(budget.money),
        narrow=flow.narrow(budget.money),
        statuses=_by_status(listing.cases),
        total=len(listing.cases),
        waiting=waiting[:FIRST_WAITING],
        synthetic=any(line.synthetic for line in listing.cases),
    )


def _by_status(cases: Sequence[CaseLine]) -> list[tuple[str, int]]:
    counted = Counter(line.status for line in cases)
    order = [*words.STATUS, *sorted(set(counted) - set(words.STATUS))]
    return [(status, counted[status]) for status in order if counted[status]]


async def _contracts(data: DeskData, who: Actor, v: Visit) -> Response:
    calls, call = await _call(data, who, v)
    if call is None:
        return render("empty.html", v, calls=calls, call=call)
    listing = await data.contracts(who, call.call, v.asked.cut)
    status = v.query.get("status", "")
    cases = [line for line in listing.cases if not status or line.status == status]
    return render(
        "contracts.html",
        v,
        calls=calls,
        call=call,
        shown=listing.shown,
        cases=cases,
        status=status,
        statuses=_by_status(listing.cases),
        total=len(listing.cases),
        requested=sum(line.requested_cents or 0 for line in cases),
        awarded=sum(line.awarded_cents or 0 for line in cases),
        synthetic=any(line.synthetic for line in cases),
    )


async def _case(data: DeskData, who: Actor, ident: str, v: Visit) -> Response:
    case = await data.case(who, ident, v.asked.cut)
    if case is None:
        raise NoSuchPage
    steps = await data.timeline(who, ident, v.asked.cut)
    waiting = await data.worklist(who, case.line.call, v.asked.cut)
    reasons = chapters(steps)
    return render(
        "case.html",
        v,
        case=case,
        line=case.line,
        case_rows=_amounts(case, v),
        money=case.money,
        shown=case.shown,
        years=by_year(entries(steps)),
        steps=len(steps),
        waiting=[one for one in waiting if one.case == ident],
        reasons=reasons,
        decided=decided(reasons),
        bad=words.ENDED_BADLY,
    )


def _amounts(case: Case, v: Visit) -> list[tuple[str, int]]:
    """The amounts of a case that say something: what was asked, each step that was reached, what came back."""
    money, line = case.money, case.line
    rows = [
        (v.say("page", "requested"), line.requested_cents),
        (v.say("flow", "reserved"), money.reserved_cents or None),
        (v.say("flow", "awarded"), line.awarded_cents),
        (v.say("flow", "committed"), money.committed_cents or None),
        (v.say("flow", "under_way"), money.under_way_cents or None),
        (v.say("flow", "paid"), money.paid_cents or None),
        (v.say("flow", "decommitted"), money.decommitted_cents or None),
        (v.say("flow", "recovered"), money.recovery_ordered_cents or None),
        (v.say("flow", "came_back"), money.recovered_cents or None),
        (v.say("page", "final_subsidy"), case.final_subsidy_cents),
    ]
    return [(name[:1].upper() + name[1:], cents) for name, cents in rows if cents is not None]
