"""The running check: the view's cents against the accounts of the ledger (design.md §5)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from events.store import Balance
from projections.budget_consumption.evolve import BudgetRow


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure on which view and ledger disagree, in cents."""

    account: str
    figure: str
    view_cents: int
    ledger_cents: int


def differences(rows: Iterable[BudgetRow], balances: Iterable[Balance]) -> list[Difference]:
    """Every figure that differs, in both directions: an account without a row counts as a row of zeros."""
    accounts = {balance.account: balance for balance in balances}
    calls = {name.partition(":")[2] for name in accounts if name.startswith(("CONTROL:", "RECOVERABLE:"))}
    cases = {name.partition(":")[2] for name in accounts if name.startswith(("COMMITTED:", "RECEIVABLE:"))}
    seen = {(row.scope, row.call if row.scope == "call" else row.item): row for row in rows}
    for call in calls - {item for scope, item in seen if scope == "call"}:
        seen["call", call] = BudgetRow(call=call, scope="call", item="")
    for case in cases - {item for scope, item in seen if scope == "case"}:
        seen["case", case] = BudgetRow(call="", scope="case", item=case)
    return [
        Difference(account, figure, view, ledger)
        for (scope, item), row in sorted(seen.items(), key=lambda pair: pair[0])
        for account, figure, view, ledger in _figures(scope, item, row, accounts)
        if view != ledger
    ]


def _figures(
    scope: str, item: str, row: BudgetRow, accounts: Mapping[str, Balance]
) -> Iterator[tuple[str, str, int, int]]:
    def of(kind: str) -> Balance:
        return accounts.get(f"{kind}:{item}", Balance(f"{kind}:{item}"))

    if scope == "call":
        free = of("AVAILABLE")
        yield free.account, "available", row.available_cents, free.posted - free.debits_pending
        yield free.account, "reserved", row.reserved_cents, free.debits_pending
        source = of("CONTROL")
        yield source.account, "envelope", row.envelope_cents, source.debits_posted - source.credits_posted
        returned = free.credits_posted - source.debits_posted
        yield free.account, "decommitted", row.decommitted_cents, returned
        yield f"RECOVERABLE:{item}", "recovery ordered", row.recovery_ordered_cents, of("RECOVERABLE").debits_posted
        given_up = of("WAIVED").posted + of("RECOVERABLE").credits_posted
        yield f"WAIVED:{item}", "given up", row.given_up_cents, given_up
        yield f"RECOVERED:{item}", "recovered", row.recovered_cents, of("RECOVERED").posted
    elif scope == "case":
        spare = of("COMMITTED")
        yield spare.account, "reserved", row.reserved_cents, spare.credits_pending
        yield spare.account, "committed, unspent", row.unspent_cents, spare.posted
        yield spare.account, "ordered", row.ordered_cents, spare.debits_pending
        yield f"PAYABLE:{item}", "payable", row.payable_cents, of("PAYABLE").posted
        yield f"BANK:{item}", "executed", row.executed_cents, of("BANK").posted
        yield f"OFFSET:{item}", "offset", row.offset_cents, of("OFFSET").posted
        owed = of("RECEIVABLE")
        yield owed.account, "recovery ordered", row.recovery_ordered_cents, owed.credits_posted
        yield owed.account, "recovered, given up", row.recovered_cents + row.given_up_cents, owed.debits_posted
