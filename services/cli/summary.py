"""The play in twelve numbers, folded from the log itself."""

from __future__ import annotations

from typing import Any

from events import codec
from events.codec import Event
from events.intake import CallDeadlineCorrected, CallDeadlineExtended, CallPublished
from events.store import EventStore
from events.times import instant
from projections.budget_consumption.evolve import BUDGET, BudgetRow
from projections.view import Key

PAGE = 5_000
_COUNTED = {
    "applications": frozenset({"ApplicationSubmitted", "LateSubmissionRecorded"}),
    "admissible": frozenset({"DeclaredAdmissible"}),
    "contracts": frozenset({"ContractDrafted"}),
}


async def summary(store: EventStore) -> dict[str, Any]:
    """Of the log's first call; amounts in cents, identities of the ledger hold between them.

    `deadlines` is the history of the closing moment: each as it was set, when that was recorded, and why it moved.
    """
    deadlines: list[dict[str, Any]] = []
    rows: dict[Key, BudgetRow] = {}
    streams: dict[str, set[str]] = {name: set() for name in _COUNTED}
    position, call = 0, None
    while page := await store.read_all(position, limit=PAGE):
        for recorded in page:
            if call is None and recorded.type == "CallPublished":
                call = recorded.stream[-36:]
            if recorded.type in ("CallPublished", "CallDeadlineExtended", "CallDeadlineCorrected"):
                deadlines.append(_deadline(codec.read(recorded)))
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
        "deadlines": deadlines,
    }


def _deadline(event: Event) -> dict[str, Any]:
    match event.fact:
        case CallPublished(terms=terms):
            deadline, reason = terms.deadline, None
        case (
            CallDeadlineExtended(deadline=deadline, reason=written)
            | CallDeadlineCorrected(deadline=deadline, reason=written)
        ):
            reason = written.text
        case _:
            raise TypeError(f"{event.envelope.type} sets no deadline")
    recorded_at = instant(event.recorded_at)
    return {"local": deadline.local, "zone": deadline.zone, "recordedAt": recorded_at, "reason": reason}
