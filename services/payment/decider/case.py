"""The whole case as a decision sees it: what was read besides the target, and sums over it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

from events.catalog import AnyFact, stream_name
from events.vocabulary import Source
from services.deciding import Context, Refused, case_id, refuse
from services.payment.state import Account, Claim, Order, Recovery, Report, Schedule

S = TypeVar("S", Account, Claim, Order, Recovery, Report, Schedule)


def schedule_of(context: Context) -> Schedule:
    """The call's terms, if the command reads them."""
    return next(iter(_all(context, Schedule)), Schedule())


def account_of(context: Context) -> Account:
    """The case's account, if the command reads it."""
    return next(iter(_all(context, Account)), Account())


def report_of(context: Context, case: str, code: str) -> Report:
    """One report of the case; one that never fell due is empty."""
    found = context.states.get(stream_name("report", case_id(case, "report", code)))
    return found if isinstance(found, Report) else Report()


def claim_of(context: Context, case: str, tranche: str) -> Claim:
    """The claim for a tranche; empty if there is none."""
    found = context.states.get(stream_name("claim", case_id(case, "claim", tranche)))
    return found if isinstance(found, Claim) else Claim()


def claims_of(context: Context) -> list[Claim]:
    """The claims that were read beside the target, by tranche."""
    return sorted((one for one in _all(context, Claim) if one.status != "none"), key=lambda one: one.tranche)


def reports_of(context: Context, case: str) -> dict[str, Report]:
    """The reports that the call asks for, by code."""
    return {term.code: report_of(context, case, term.code) for term in schedule_of(context).reports}


def due_cents(claim: Claim, account: Account) -> int:
    """What a claim comes to: an award that was lowered since leaves its tranche less, and the balance is no tranche."""
    planned = {one.code: one.amount_cents for one in account.tranches[:-1]}
    return min(claim.amount_cents, planned.get(claim.tranche, claim.amount_cents))


@dataclass(frozen=True, slots=True)
class Money:
    """Claims, orders and recoveries of one case, without the target itself."""

    claims: tuple[Claim, ...]
    orders: tuple[Order, ...]
    recoveries: tuple[Recovery, ...]

    @property
    def paid_cents(self) -> int:
        """What the bank paid and what was set off: gross, for good."""
        return sum(one.paid_cents for one in self.orders)

    @property
    def outgoing_cents(self) -> int:
        """What was paid, and what is on its way to be."""
        return sum(one.spent_cents for one in self.orders)

    @property
    def recovery_ordered_cents(self) -> int:
        """Everything that was ever claimed back."""
        return sum(one.amount_cents for one in self.recoveries)

    @property
    def recovered_cents(self) -> int:
        """Everything that came back, in cash or by offset."""
        return sum(one.recovered_cents for one in self.recoveries)

    def came_back_cents(self, account: Account) -> int:
        """What had been paid before the final account and returned after it: that is still owed beside the balance."""
        if account.settlement is None:
            return 0
        kept = sum(one.spent_cents for one in self.orders if one.tranche != account.tranches[-1].code)
        return max(0, account.settlement.paid_cents - kept)

    def owed_cents(self, account: Account) -> int:
        """What is claimed, not on its way, and due: the final account takes up in its balance what came before it."""
        left = {one.tranche: self._left(one, account) for one in self.claims}
        if account.settlement is None:
            return sum(left.values())
        return self.came_back_cents(account) + left.get(account.tranches[-1].code, 0)

    def of_tranche(self, tranche: str) -> tuple[Order, ...]:
        """The orders of a tranche, by attempt."""
        return tuple(sorted((one for one in self.orders if one.tranche == tranche), key=lambda one: one.attempt))

    def open_claims(self, account: Account) -> list[str]:
        """Tranches that were claimed and not paid in full."""
        return [one.tranche for one in self.claims if due_cents(one, account) > self._paid_on(one.tranche)]

    def in_flight(self) -> list[str]:
        """Tranches of which an order was given and the bank has not answered yet."""
        return [one.tranche for one in self.orders if one.status in ("ordered", "released")]

    def free_cents(self, recovery: Recovery) -> int:
        """What is open of a recovery and not yet promised to an order as an offset."""
        orders = [one.fact for one in self.orders if one.fact and one.status != "cancelled"]
        promised = [one for one in orders if one.recovery == recovery.number]
        waiting = [one.offset_cents for one in promised if one.end_to_end_id not in recovery.offset_by]
        return recovery.open_cents - sum(waiting)

    def claimed_back_cents(self, account: Account) -> int:
        """Everything that was ever claimed back, with what a contest took off since the final account counted on it."""
        if account.settlement is None:
            return self.recovery_ordered_cents
        over = account.overpayment
        known = over is not None and any(one.number == over.recovery for one in self.recoveries)
        return account.settlement.recovery_ordered_cents + (over.amount_cents if over and known else 0)

    def given_up_cents(self, account: Account) -> int:
        """What was waived, and what a contest took off since the final account counted on it."""
        return self.claimed_back_cents(account) - sum(one.amount_cents - one.waived_cents for one in self.recoveries)

    def _left(self, claim: Claim, account: Account) -> int:
        return max(0, due_cents(claim, account) - sum(one.spent_cents for one in self.of_tranche(claim.tranche)))

    def _paid_on(self, tranche: str) -> int:
        return sum(one.paid_cents for one in self.of_tranche(tranche))


def money_of(context: Context) -> Money:
    """What was read of the case's money; recoveries by number, those that do not exist left out."""
    recoveries = [one for one in _all(context, Recovery) if one.status == "ordered"]
    return Money(
        claims=tuple(claims_of(context)),
        orders=tuple(one for one in _all(context, Order) if one.status != "none"),
        recoveries=tuple(sorted(recoveries, key=lambda one: int(one.number))),
    )


def sources(context: Context, *types: type[AnyFact]) -> list[Source]:
    """The last events of these types in everything that was read, in the order of the log."""
    names = [one.__name__ for one in types]
    found = [last[name] for last in context.sources.values() for name in names if name in last]
    return sorted(found, key=lambda source: source.position)


def wrong_stream(context: Context, kind: str, case: str, ordinal: str | int) -> Refused | None:
    """The target's uuid follows from the case and the ordinal; another one would be a second place for one thing."""
    expected = case_id(case, kind, ordinal)
    return None if context.id == expected else refuse("STATE", "wrong_stream", expected=expected)


def not_own(context: Context, account: Account) -> Refused | None:
    """Only the organisation that is the beneficiary now acts for the case."""
    if not account.parties:
        return wrong_state(account)
    beneficiary = account.beneficiary(context.at).ovo
    if context.actor.organisation == beneficiary:
        return None
    return refuse("OWN", "other_organisation", organisation=context.actor.organisation, beneficiary=beneficiary)


def wrong_state(state: Any) -> Refused:
    """Not possible in this state."""
    return refuse("STATE", "not_now", status=state.status)


def _all(context: Context, kind: type[S]) -> list[S]:
    return [one for one in context.states.values() if isinstance(one, kind)]
