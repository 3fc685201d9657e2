"""What guards are judged against, in memory: accounts, pending transfers, keys. The SQL judges the same, in `sql/`.

A request's transfers and key changes take effect together or not at all; each is judged after those before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from events.canonical import SAFE_INTEGER
from events.ledger import Transfer, limited
from events.store import Balance, RefusedByGuard, Unacceptable
from events.unique import KeyChange


@dataclass(frozen=True, slots=True)
class Pending:
    """A pending transfer: what it holds back, and whether it was posted or voided since."""

    amount_cents: int
    debit: str
    credit: str
    resolved: bool = False


@dataclass(frozen=True, slots=True)
class Changes:
    """What a request would alter, not yet in effect. A key without a holder is free again."""

    accounts: dict[str, Balance] = field(default_factory=dict)
    pending: dict[str, Pending] = field(default_factory=dict)
    holders: dict[str, str | None] = field(default_factory=dict)


class Books:
    """The state of all guards."""

    def __init__(self) -> None:
        self.accounts: dict[str, Balance] = {}
        self.pending: dict[str, Pending] = {}
        self.holders: dict[str, str | None] = {}

    def judge(self, transfers: Sequence[Transfer], keys: Sequence[KeyChange]) -> Changes | RefusedByGuard:
        """What all of these together would alter, or the first refusal. Nothing takes effect yet."""
        draft = _Draft(self, Changes())
        for transfer in transfers:
            refusal = draft.move(transfer)
            if refusal is not None:
                return refusal
        for change in keys:
            refusal = draft.hold(change)
            if refusal is not None:
                return refusal
        return draft.changes

    def apply(self, changes: Changes) -> None:
        """Let the changes take effect."""
        self.accounts.update(changes.accounts)
        self.pending.update(changes.pending)
        self.holders.update(changes.holders)


def check_transfer(transfer: Transfer) -> None:
    """Unacceptable for a transfer that no state of the books could make sense of."""
    if not 0 <= transfer.amount_cents <= SAFE_INTEGER:
        raise Unacceptable(f"{transfer.amount_cents} cents is not an amount")
    if transfer.kind in {"posted", "pending"}:
        if transfer.debit is None or transfer.credit is None:
            raise Unacceptable(f"a transfer of kind {transfer.kind} names both accounts")
        if transfer.debit == transfer.credit:
            raise Unacceptable(f"a transfer moves money between two accounts, not from {transfer.debit} to itself")
    if transfer.kind != "posted" and transfer.pending_id is None:
        raise Unacceptable(f"a transfer of kind {transfer.kind} names the pending transfer")
    if transfer.kind == "void" and transfer.amount_cents != 0:
        raise Unacceptable("a void moves nothing: its amount is 0")


@dataclass(frozen=True, slots=True)
class _Draft:
    """The books as one request would leave them: its own changes laid over what stands."""

    books: Books
    changes: Changes

    def move(self, transfer: Transfer) -> RefusedByGuard | None:
        match transfer:
            case Transfer("posted", amount, str(debit), str(credit)):
                return self._post(debit, credit, amount)
            case Transfer("pending", amount, str(debit), str(credit), str(ident)):
                return self._hold_back(ident, Pending(amount, debit, credit))
            case Transfer("post" | "void", amount, pending_id=str(ident)):
                return self._resolve(ident, amount)
            case _:
                raise Unacceptable(f"{transfer} names no accounts or no pending transfer")

    def hold(self, change: KeyChange) -> RefusedByGuard | None:
        holder = self.changes.holders.get(change.key, self.books.holders.get(change.key))
        if change.action == "claim":
            if holder not in {None, change.holder}:
                return RefusedByGuard("unique", "key_taken", change.key)
            self.changes.holders[change.key] = change.holder
        elif holder == change.holder:
            self.changes.holders[change.key] = None
        return None

    def _balance(self, account: str) -> Balance:
        return self.changes.accounts.get(account) or self.books.accounts.get(account) or Balance(account)

    def _pending(self, ident: str) -> Pending | None:
        return self.changes.pending.get(ident) or self.books.pending.get(ident)

    def _short(self, account: str, amount: int) -> RefusedByGuard | None:
        balance = self._balance(account)
        held = balance.debits_pending + balance.debits_posted
        if limited(account) and held + amount > balance.credits_posted:
            return _refused("exceeds_balance", account)
        return None

    def _post(self, debit: str, credit: str, amount: int) -> RefusedByGuard | None:
        refusal = self._short(debit, amount)
        if refusal is None:
            self._add(debit, credit, posted=amount)
        return refusal

    def _hold_back(self, ident: str, pending: Pending) -> RefusedByGuard | None:
        if self._pending(ident) is not None:
            return _refused("pending_exists", ident)
        refusal = self._short(pending.debit, pending.amount_cents)
        if refusal is None:
            self.changes.pending[ident] = pending
            self._add(pending.debit, pending.credit, pending=pending.amount_cents)
        return refusal

    def _resolve(self, ident: str, amount: int) -> RefusedByGuard | None:
        pending = self._pending(ident)
        if pending is None:
            return _refused("pending_unknown", ident)
        if pending.resolved:
            return _refused("pending_resolved", ident)
        if amount > pending.amount_cents:
            return _refused("exceeds_pending", ident)
        self.changes.pending[ident] = replace(pending, resolved=True)
        self._add(pending.debit, pending.credit, pending=-pending.amount_cents, posted=amount)
        return None

    def _add(self, debit: str, credit: str, *, pending: int = 0, posted: int = 0) -> None:
        left, right = self._balance(debit), self._balance(credit)
        self.changes.accounts[debit] = Balance(
            debit,
            left.debits_pending + pending,
            left.debits_posted + posted,
            left.credits_pending,
            left.credits_posted,
        )
        self.changes.accounts[credit] = Balance(
            credit,
            right.debits_pending,
            right.debits_posted,
            right.credits_pending + pending,
            right.credits_posted + posted,
        )


def _refused(code: str, detail: str) -> RefusedByGuard:
    return RefusedByGuard("transfer", code, detail)
