"""The play in twelve numbers, folded from the log itself."""

from __future__ import annotations

from typing import Any

from events import codec
from events.store import EventStore
from projections.budget_consumption.evolve import BUDGET, BudgetRow
from projections.view import Key

PAGE = 5_000
_COUNTED = {
    "applications": frozenset({"ApplicationSubmitted", "LateSubmissionRecorded"}),
    "admissible": frozenset({"DeclaredAdmissible"}),
    "contracts": frozenset({"ContractDrafted"}),
}


async def summary(store: EventStore) -> dict[str, Any]:
    """Of the log's first call; amounts in cents, identities of the ledger hold between them."""
    rows: dict[Key, BudgetRow] = {}
    streams: dict[str, set[str]] = {name: set() for name in _COUNTED}
    position, call = 0, None
    while page := await store.read_all(position, limit=PAGE):
        for recorded in page:
            if call is None and recorded.type == "CallPublished":
                call = recorded.stream[-36:]
            for name, types in _COUNTED.items():
                if recorded.type in types:
                    streams[name].add(recorded.stream)
            if recorded.type in BUDGET.folds:
                BUDGET.evolve(rows, codec.read(recorded))
        position = page[-1].position
    row = rows.get((call or "", "call", "")) or BudgetRow(call=call or "", scope="call", item="")
    return {
        "call": call,
        "events": position,
        "position": position,
        **{name: len(found) for name, found in streams.items()},
        "envelopeCents": row.envelope_cents,
        "awardedCents": row.awarded_cents,
        "committedCents": row.committed_cents,
        "paidCents": row.paid_cents,
        "recoveredCents": row.recovered_cents,
        "availableCents": row.available_cents,
    }
