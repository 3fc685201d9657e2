"""`GET /v1/worklist`: who has the ball, since when, until when."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from events.envelope import Actor
from events.times import Instant
from projections.reading import Reads
from projections.web import Asked, Ident, Moment, Paged, Reader, RouterFactory, listing, look
from projections.worklist import queries
from projections.worklist.evolve import WORKLIST
from projections.worklist.tasks import TASKS, Party, Task, WorkRow, urgency


def routes(reads: Reads, now: Callable[[], Instant] | None = None) -> RouterFactory:
    """The routes over these reads. `now` tells what is overdue; without it the last recorded event does."""

    def router(reader: Reader) -> APIRouter:
        made = APIRouter(tags=["views"])

        @made.get("/v1/worklist", summary="Who has the ball", response_class=Response)
        async def worklist(
            request: Request,
            asked: Asked,
            part: Paged,
            actor: Annotated[Actor, Depends(reader("worklist"))],
            role: Annotated[Party | None, Query(description="Only what waits for this role.")] = None,
            call: Annotated[Ident | None, Query(description="Only this call.")] = None,
            at: Annotated[Moment | None, Query(description="Overdue as seen from this moment.")] = None,
        ) -> Response:
            """A page of cases and calls in which somebody has to move; what is due first comes first."""
            question = part.of(queries.waiting(role=role, call=call))
            found = await look(reads, WORKLIST, question, asked, queries.scope(actor))
            seen = at or asked.cut.as_of or asked.cut.known_at or (now() if now else found.known_at)
            return listing(request, asked, part, found, queries.ORDER, lambda row: told(row, seen))

        return made

    return router


def told(row: WorkRow, seen: Instant | None) -> dict[str, Any]:
    """A row on the wire: the most urgent task in front, all of them in `tasks`."""
    tasks = sorted(row.tasks, key=urgency)
    front = _task(tasks[0], seen) if tasks else {}
    return {
        "id": row.subject,
        "case": row.case_id or None,
        "call": row.call,
        "applicant": row.applicant,
        **front,
        "tasks": [_task(one, seen) for one in tasks],
    }


def _task(task: Task, seen: Instant | None) -> dict[str, Any]:
    party, nl, en = TASKS[task.code]
    return {
        "party": party,
        "code": task.code,
        "ref": task.ref or None,
        "text": {"nl": nl, "en": en},
        "since": task.since,
        "due": task.due,
        "overdue": task.due is not None and seen is not None and task.due < seen,
    }
