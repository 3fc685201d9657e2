"""`GET /v1/contracts` and `/v1/contracts/{id}`: how cases stand."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from events.envelope import Actor
from projections.contract_status import queries
from projections.contract_status.evolve import STATUS
from projections.contract_status.row import Status, StatusRow
from projections.reading import Reads
from projections.web import Asked, Ident, Paged, Reader, RouterFactory, answer, listing, look, only, wire


def routes(reads: Reads) -> RouterFactory:
    """The routes over these reads."""

    def router(reader: Reader) -> APIRouter:
        made = APIRouter(tags=["views"])

        @made.get("/v1/contracts", summary="Cases and how they stand", response_class=Response)
        async def contracts(
            request: Request,
            asked: Asked,
            part: Paged,
            actor: Annotated[Actor, Depends(reader("contracts"))],
            status: Annotated[Status | None, Query(description="Only cases in this state.")] = None,
            call: Annotated[Ident | None, Query(description="Only cases of this call.")] = None,
        ) -> Response:
            """A page of cases, in the order of their ids."""
            question = part.of(queries.cases(status=status, call=call))
            found = await look(reads, STATUS, question, asked, queries.scope(actor))
            return listing(request, asked, part, found, STATUS.key, told)

        @made.get("/v1/contracts/{case_id}", summary="One case and how it stands", response_class=Response)
        async def contract(
            request: Request, case_id: Ident, asked: Asked, actor: Annotated[Actor, Depends(reader("contract"))]
        ) -> Response:
            """The case, from its first draft on."""
            found = await look(reads, STATUS, queries.case(case_id), asked, queries.scope(actor))
            return answer(request, asked, found, **told(only(found)))

        return made

    return router


def health(row: StatusRow) -> list[str]:
    """What needs attention in the case, as codes."""
    flags: dict[str, object] = {
        "suspended": row.status == "suspended",
        "terminated": row.ended_early == "terminated",
        "expired": row.ended_early == "expired",
        "pledge_refused": row.refused_pledges,
        "partner_left": row.left_partners,
        "amendment_open": row.open_amendment,
        "overdue_report": row.overdue_reports,
        "open_finding": row.open_findings,
        "open_recovery": row.open_recoveries,
        "rejected_payment": row.rejected_payments,
    }
    return [code for code, found in flags.items() if found]


def told(row: StatusRow) -> dict[str, Any]:
    """The case on the wire."""
    hidden = (
        "case_id",
        "organisations",
        "recused",
        "sighted",
        "open_recoveries",
        "last_type",
        "last_at",
        "last_position",
    )
    return {
        "id": row.case_id,
        "caseNumber": row.case_number,
        "status": row.status,
        "applicant": row.applicant,
        "project": row.project,
        "requestedCents": row.requested_cents,
        "awardedCents": row.awarded_cents,
        "rank": row.rank,
        **wire(row, *hidden),
        "health": health(row),
        "openRecoveries": [{"recovery": name, "owedCents": owed} for name, owed in row.open_recoveries.items()],
        "lastEvent": {"type": row.last_type, "at": row.last_at, "position": row.last_position},
    }
