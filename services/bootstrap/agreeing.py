"""The running check: two accounts of the same money."""

from __future__ import annotations

from events.adapters.postgres.store import PostgresStore
from projections.runner import compare_budget


async def books_agree(store: PostgresStore) -> str | None:
    """Budget consumption against the ledger, wherever both stand at the same position."""
    compared = await compare_budget(store.pool)
    if compared is None or not compared.differences:
        return None
    return f"budget consumption differs from the ledger at position {compared.position}: {compared.differences[0]}"
