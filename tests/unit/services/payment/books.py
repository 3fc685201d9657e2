"""The ledger in twenty lines: what `transfers_of` says, applied; an account that must stay covered may not go below."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from events.ledger import Transfer, limited, transfers_of


class Uncovered(AssertionError):
    """A limited account would have more debits than posted credits."""


@dataclass
class Books:
    """Debits and credits by account, and the pending transfers; amounts in cents."""

    debits: Counter[str] = field(default_factory=Counter)
    credits: Counter[str] = field(default_factory=Counter)
    pending: dict[str, Transfer] = field(default_factory=dict)
    resolved: set[str] = field(default_factory=set)

    def record(self, fact: object) -> None:
        """Apply what a fact moves."""
        for transfer in transfers_of(fact):
            self._apply(transfer)

    def balance(self, account: str) -> int:
        """Posted credits less posted debits."""
        return self.credits[account] - self.debits[account]

    def held(self, account: str) -> int:
        """What pending transfers hold of an account."""
        return sum(one.amount_cents for one in self.pending.values() if one.debit == account)

    def _apply(self, transfer: Transfer) -> None:
        match transfer.kind:
            case "posted":
                self._move(transfer.debit, transfer.credit, transfer.amount_cents)
            case "pending":
                assert transfer.pending_id not in self.pending
                assert transfer.pending_id not in self.resolved
                self.pending[str(transfer.pending_id)] = transfer
                self._covered(transfer.debit)
            case "post" | "void":
                held = self.pending.pop(str(transfer.pending_id))
                self.resolved.add(str(transfer.pending_id))
                assert transfer.amount_cents <= held.amount_cents
                self._move(held.debit, held.credit, transfer.amount_cents)

    def _move(self, debit: str | None, credit: str | None, amount: int) -> None:
        self.debits[str(debit)] += amount
        self.credits[str(credit)] += amount
        self._covered(debit)

    def _covered(self, account: str | None) -> None:
        name = str(account)
        if limited(name) and self.balance(name) < self.held(name):
            raise Uncovered(f"{name}: {self.balance(name)} for {self.held(name)} held")
