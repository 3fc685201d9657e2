"""`GET /v1/cases/{id}/letter` and `…/letter.pdf`: the decision on a case as its applicant is told it.

The first is what the letter says, as data; the second is the letter, PDF/A-3a and PDF/UA-1, in Dutch or English.
"""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response

from events.envelope import Actor
from events.store import EventStore
from events.times import instant
from projections.contract_status import queries as of_status
from projections.contract_status.evolve import STATUS
from projections.letter.evolve import letter
from projections.letter.model import Letter
from projections.letter.pdf import NotInstalled, render
from projections.past import Cut, part
from projections.query import Found
from projections.reading import Reads, of_case
from projections.roles import OWN_ONLY
from projections.web import Asked, Ident, Moments, Reader, RouterFactory, answer, look, only, wire
from projections.words import Language, accepted

Chosen = Annotated[Language | None, Query(description="Otherwise the better of nl and en in Accept-Language.")]


async def letter_of(store: EventStore, case: str, cut: Cut) -> tuple[Letter | None, Found[Letter]]:
    """The letter of a case as it stood within the cut, and what part of the log that shows."""
    events = [event async for event in of_case(store, case)]
    seen = list(part(events, cut))
    made = letter(case, seen)
    last = max(events, key=lambda event: event.position, default=None)
    known = instant(last.recorded_at) if last else None
    return made, Found(last.position if last else 0, known, [made] if made else [])


def routes(reads: Reads, store: EventStore) -> RouterFactory:
    """The routes; the reads tell who may see the case, the store holds the facts."""

    def router(reader: Reader) -> APIRouter:
        made = APIRouter(tags=["views"])
        who = Annotated[Actor, Depends(reader("letter"))]

        async def seen(case_id: str, asked: Moments, actor: Actor) -> tuple[Letter, Found[Letter]]:
            allowed = Moments(Cut(), asked.after)
            only(await look(reads, STATUS, of_status.case(case_id), allowed, of_status.scope(actor)))
            told, found = await letter_of(store, case_id, asked.cut)
            # Before notification it is a draft, which is not the applicant's to read.
            if told is None or (told.notice is None and actor.role in OWN_ONLY):
                raise HTTPException(404)
            return told, found

        @made.get("/v1/cases/{case_id}/letter", summary="The decision on a case, as data", response_class=Response)
        async def data(request: Request, case_id: Ident, asked: Asked, actor: who) -> Response:
            """What the letter says: the decision, its reasons, the checks and the way there."""
            told, found = await seen(case_id, asked, actor)
            return answer(request, asked, found, letter=wire(told))

        @made.get(
            "/v1/cases/{case_id}/letter.pdf",
            summary="The decision on a case, as a letter",
            response_class=Response,
            responses={200: {"content": {"application/pdf": {}}}, 501: {"description": "This process has no Typst."}},
        )
        async def file(request: Request, case_id: Ident, asked: Asked, actor: who, language: Chosen = None) -> Response:
            """The letter and its statement of reasons, PDF/A-3a and PDF/UA-1; the same facts give the same bytes."""
            told, _ = await seen(case_id, asked, actor)
            spoken = language or accepted(request.headers.get("accept-language", ""))
            try:
                body = await asyncio.to_thread(render, told, spoken)
            except NotInstalled as error:
                raise HTTPException(501, str(error)) from error
            name = told.application.case_number or told.case
            headers = {
                "Content-Disposition": f'inline; filename="{name}-{spoken}.pdf"',
                "Content-Language": spoken,
                "Vary": "Accept-Language",
            }
            return Response(body, media_type="application/pdf", headers=headers)

        return made

    return router
