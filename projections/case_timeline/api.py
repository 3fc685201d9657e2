"""`GET /v1/cases/{id}` and `/v1/cases/{id}/timeline`: one case, and everything that happened in it.

Three views of one history: `compact` shows the milestones, `timeline` every event with its checks, `raw` the
envelopes as they stand in the log, less what is sealed.
"""

from typing import Annotated, Any, Literal

import msgspec
from fastapi import APIRouter, Depends, Query, Request, Response

from events.envelope import Actor
from events.store import EventStore
from projections.budget_consumption import queries as of_budget
from projections.budget_consumption.evolve import BUDGET
from projections.case_timeline import queries
from projections.case_timeline.evolve import TIMELINE, TimelineRow
from projections.case_timeline.sentences import MILESTONES
from projections.contract_status import queries as of_status
from projections.contract_status.api import told as status_told
from projections.contract_status.evolve import STATUS
from projections.past import Cut
from projections.query import Either, Found, Is
from projections.reading import Reads
from projections.roles import OWN_ONLY
from projections.web import (
    Asked,
    Ident,
    Moments,
    Paged,
    Reader,
    RouterFactory,
    answer,
    listing,
    look,
    only,
    redacted,
    wire,
)
from projections.worklist import queries as of_worklist
from projections.worklist.api import told as work_told
from projections.worklist.evolve import WORKLIST

Shape = Literal["compact", "timeline", "raw"]
_MILESTONES = Either(tuple(Is("type", name) for name in sorted(MILESTONES)))


def routes(reads: Reads, store: EventStore) -> RouterFactory:
    """The routes over these reads; the store gives the raw envelopes."""

    def router(reader: Reader) -> APIRouter:
        made = APIRouter(tags=["views"])

        @made.get("/v1/cases/{case_id}", summary="One case: state, ball and money", response_class=Response)
        async def case(
            request: Request, case_id: Ident, asked: Asked, actor: Annotated[Actor, Depends(reader("case"))]
        ) -> Response:
            """The case, who has the ball in it, and where its money is."""
            status = await look(reads, STATUS, of_status.case(case_id), asked, of_status.scope(actor))
            row = only(status)
            work = await look(reads, WORKLIST, of_worklist.of_case(case_id), asked)
            money = await look(reads, BUDGET, of_budget.of_case(row.call, case_id), asked)
            seen = asked.cut.as_of or asked.cut.known_at or work.known_at
            tasks = work_told(work.rows[0], seen)["tasks"] if work.rows else []
            cents = wire(money.rows[0], "scope", "item", "call", "pending") if money.rows else None
            # What the document as a whole shows is what the slowest of its parts shows.
            parts: tuple[Found[Any], ...] = (status, work, money)
            shown = min(parts, key=lambda found: found.position)
            return answer(request, asked, shown, **status_told(row), tasks=tasks, money=cents)

        @made.get("/v1/cases/{case_id}/timeline", summary="Everything that happened in a case", response_class=Response)
        async def timeline(
            request: Request,
            case_id: Ident,
            asked: Asked,
            part: Paged,
            actor: Annotated[Actor, Depends(reader("timeline"))],
            view: Annotated[Shape, Query(description="How much of each event.")] = "timeline",
        ) -> Response:
            """A page of events, oldest first, each told in a Dutch and an English sentence."""
            only(
                await look(reads, STATUS, of_status.case(case_id), Moments(Cut(), asked.after), of_status.scope(actor))
            )
            question = queries.of_case(case_id).also(*queries.scope(actor))
            if view == "compact":
                question = question.also(_MILESTONES)
            found = await look(reads, TIMELINE, part.of(question), asked)
            bodies = await _bodies(store, case_id, found, actor) if view == "raw" else {}
            return listing(request, asked, part, found, TIMELINE.key, lambda row: told(row, view, bodies))

        return made

    return router


def told(row: TimelineRow, view: Shape, bodies: dict[int, Any]) -> dict[str, Any]:
    """An event on the wire."""
    text = {"nl": row.nl, "en": row.en}
    match view:
        case "compact":
            return {"position": row.position, "occurredAt": row.occurred_at, "type": row.type, "text": text}
        case "raw":
            return {"position": row.position, "recordedAt": row.recorded_at, "envelope": bodies.get(row.position)}
        case "timeline":
            return {**wire(row, "nl", "en", "case_id", "call"), "text": text}


async def _bodies(store: EventStore, case_id: str, found: Found[TimelineRow], actor: Actor) -> dict[int, Any]:
    """Envelopes by position. A fact about the whole call speaks of other cases too, so only officials see it raw."""
    events = list(await store.read_case(case_id))
    if actor.role not in OWN_ONLY and found.rows:
        events += await store.read_case(found.rows[0].call)
    wanted = {row.position for row in found.rows}
    return {one.position: redacted(msgspec.json.decode(one.body)) for one in events if one.position in wanted}
