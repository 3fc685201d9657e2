"""The chart of accounts, and the pure function from facts to transfers of money.

Double entry inside the append, with TigerBeetle's semantics in integer euro cents: a transfer is posted at once, or
pending and later posted (in full or in part) or voided, at most once. An account other than CONTROL and RECOVERABLE
never has more debits (posted and pending) than posted credits; the store enforces it in the commit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

UNLIMITED = ("CONTROL", "RECOVERABLE")


@dataclass(frozen=True, slots=True)
class Transfer:
    """A movement of cents. `posted` and `pending` name both accounts; `post` and `void` only the pending one's id.

    `post` may take less than was pending; the rest returns to the debit account. `amount_cents` of a void is 0.
    """

    kind: Literal["posted", "pending", "post", "void"]
    amount_cents: int
    debit: str | None = None
    credit: str | None = None
    pending_id: str | None = None


def limited(account: str) -> bool:
    """Whether the account must stay covered: every kind but CONTROL and RECOVERABLE."""
    return account.partition(":")[0] not in UNLIMITED
