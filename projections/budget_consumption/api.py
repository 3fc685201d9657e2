"""`GET /v1/calls/{call}/budget`: one document with the call's sums, its cases, categories and years."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request, Response

from events.envelope import Actor
from projections.budget_consumption import queries
from projections.budget_consumption.evolve import BUDGET, BudgetRow
from projections.reading import Reads
from projections.web import Asked, Ident, Reader, RouterFactory, answer, look, wire


def routes(reads: Reads) -> RouterFactory:
    """The routes over these reads."""

    def router(reader: Reader) -> APIRouter:
        made = APIRouter(tags=["views"])
        allowed = Depends(reader("budget"))

        @made.get("/v1/calls/{call}/budget", summary="Where the money of a call is", response_class=Response)
        async def budget(request: Request, call: Ident, asked: Asked, actor: Annotated[Actor, allowed]) -> Response:
            """Cents: available + reserved + committed = envelope; paid = executed + offset."""
            found = await look(reads, BUDGET, queries.of_call(call), asked, queries.scope(actor))
            total = next((row for row in found.rows if row.scope == "call"), None)
            if total is None:
                raise HTTPException(404)
            return answer(
                request,
                asked,
                found,
                call=call,
                budgetArticle=total.budget_article,
                totals=_figures(total),
                items=[_case(row) for row in found.rows if row.scope == "case"],
                categories=[
                    {"category": row.item, "awardedCents": row.awarded_cents}
                    for row in found.rows
                    if row.scope == "category"
                ],
                years=[_year(row) for row in found.rows if row.scope == "year"],
                next=None,
            )

        return made

    return router


_NAMES = (
    "call",
    "scope",
    "item",
    "budget_article",
    "organisation",
    "beneficiary",
    "project",
    "synthetic",
    "pending",
)


def _figures(row: BudgetRow) -> dict[str, Any]:
    figures = wire(row, *_NAMES)
    return {"availableCents": row.available_cents, **figures, "paidCents": row.paid_cents}


def _case(row: BudgetRow) -> dict[str, Any]:
    return {
        "case": row.item,
        "beneficiary": row.beneficiary,
        "awardedCents": row.awarded_cents,
        "committedCents": row.committed_cents,
        "paidCents": row.paid_cents,
        "recoveredCents": row.recovered_cents,
        "organisation": row.organisation,
        "project": row.project,
        "synthetic": row.synthetic,
        **wire(row, *_NAMES, "envelope_cents"),
    }


def _year(row: BudgetRow) -> dict[str, Any]:
    kept = ("committed", "decommitted", "executed", "offset", "recovery_ordered", "recovered")
    left_out = [name for name in row.__struct_fields__ if name.removesuffix("_cents") not in kept]
    return {"year": row.item, **wire(row, *left_out), "paidCents": row.paid_cents}
