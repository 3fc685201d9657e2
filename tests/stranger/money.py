"""The books, kept again from the facts: the envelope is never overdrawn, and nobody is paid what was not committed.

Rules D1, P1, P4, P5 of domain.md §6. Amounts are integer cents.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.stranger.reading import Event, Finding


@dataclass
class Envelope:
    """A call's money: what there is, what is promised and not yet committed, what is committed."""

    amount: int = 0
    reserved: dict[str, int] = field(default_factory=dict)
    committed: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def left(self) -> int:
        """What nobody has a claim on."""
        return self.amount - sum(self.reserved.values()) - sum(self.committed.values())


@dataclass
class Purse:
    """A case's money. `orders` holds what is ordered, released and not yet answered by the bank, by end-to-end id."""

    awarded: int = 0
    planned: dict[str, int] = field(default_factory=dict)
    last: set[str] = field(default_factory=set)
    settled: bool = False
    orders: dict[str, Event] = field(default_factory=dict)
    released: dict[str, int] = field(default_factory=dict)
    answered: dict[str, int] = field(default_factory=dict)
    approved: dict[str, int] = field(default_factory=dict)
    tranches: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    executed: int = 0
    offset: int = 0
    recovered: int = 0
    overpaid: int = 0
    owed: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def paid(self) -> int:
        """What the beneficiary received, what was set off included."""
        return self.executed + self.offset

    def over(self, tranche: str) -> bool:
        """Whether more is ordered of the tranche than was planned; what an earlier one left may come with the last."""
        if tranche in self.last:
            return sum(self.tranches.values()) > sum(self.planned.values())
        return self.tranches[tranche] > self.planned.get(tranche, 0)


class Money:
    """Follows every cent."""

    def __init__(self) -> None:
        self._envelopes: dict[str, Envelope] = defaultdict(Envelope)
        self._purses: dict[str, Purse] = defaultdict(Purse)
        self._ids: set[str] = set()

    def take(self, one: Event) -> Iterator[Finding]:
        """Take in one event; what may not be comes out. The books are looked at after each."""
        yield from self._of_envelope(one)
        yield from self._of_order(one)
        yield from self._of_case(one)
        yield from self._balance(one)

    def end(self) -> Iterator[Finding]:
        """Nothing more to say at the end."""
        yield from ()

    def _balance(self, one: Event) -> Iterator[Finding]:
        if not one.call:
            return
        envelope, purse = self._envelopes[one.call], self._purses[one.case]
        if envelope.left < 0:
            yield Finding("D1", one.position, one.call, f"the envelope is overdrawn by {-envelope.left} cents")
        committed = envelope.committed.get(one.case, 0)
        if one.case and purse.paid - purse.recovered > committed:
            yield Finding("P1", one.position, one.case, f"{purse.paid} cents paid, {committed} committed")

    def _of_envelope(self, one: Event) -> Iterator[Finding]:
        envelope, data, case = self._envelopes[one.call], one.data, one.case
        match one.type:
            case "EnvelopeSet":
                envelope.amount = data["amount_cents"]
            case "EnvelopeIncreased" | "EnvelopeDecreased":
                change = data.get("increase_cents", 0) - data.get("decrease_cents", 0)
                if data["previous_cents"] != envelope.amount or envelope.amount + change != data["amount_cents"]:
                    yield Finding("D1", one.position, one.call, "the envelope's amounts do not add up")
                envelope.amount = data["amount_cents"]
            case "AmountReserved":
                if case in envelope.reserved:
                    yield Finding("D1", one.position, case, "reserved twice")
                envelope.reserved[case] = data["amount_cents"]
            case "ReservationReleased":
                if envelope.reserved.pop(case, None) != data["amount_cents"]:
                    yield Finding("D1", one.position, case, "released what was not reserved")
            case "FundsCommitted" | "CommitmentRaised":
                yield from self._committed(one, envelope)
            case "FundsDecommitted":
                envelope.committed[case] -= data["amount_cents"]
                if envelope.committed[case] < 0:
                    yield Finding("P1", one.position, case, "more decommitted than committed")
            case _:
                pass

    def _committed(self, one: Event, envelope: Envelope) -> Iterator[Finding]:
        purse, amount = self._purses[one.case], one.data["amount_cents"]
        held = envelope.reserved.pop(one.case, 0)
        if amount > held:
            yield Finding("D1", one.position, one.case, f"{amount} cents committed, {held} reserved")
        # What a final account found paid too much of an award that was lowered had been committed for it.
        if amount + envelope.committed[one.case] - purse.overpaid > purse.awarded:
            yield Finding("P1", one.position, one.case, f"{amount} cents committed, {purse.awarded} awarded")
        envelope.committed[one.case] += amount
        if one.type == "FundsCommitted":
            yield from _planned(one, purse, amount)

    def _of_case(self, one: Event) -> Iterator[Finding]:
        purse, data = self._purses[one.case], one.data
        match one.type:
            case "GrantAwarded" | "AwardAdjusted":
                purse.awarded = data["amount_cents"]
            case "FinalAccountSettled":
                purse.settled = True
                if data["paid_cents"] != purse.paid:
                    yield Finding("P6", one.position, one.case, "the final account tells another amount paid")
            case "AccountRenewed":
                purse.settled = False
            case "AwardChanged":
                yield from _planned(one, purse, data["award_cents"])
            case "ContestDecided":
                purse.owed[data["recovery"]] -= data["reduced_cents"]
            case "RecoveryOrdered":
                purse.owed[data["recovery"]] += data["amount_cents"]
            case "OverpaymentEstablished":
                purse.overpaid += data["amount_cents"]
            case "RepaymentReceived" | "RecoveryOffset" | "RecoveryWaived":
                purse.owed[data["recovery"]] -= data["amount_cents"]
                if purse.owed[data["recovery"]] < 0:
                    yield Finding("P7", one.position, one.case, "more came back than was owed")
                purse.recovered += 0 if one.type == "RecoveryWaived" else data["amount_cents"]
                purse.offset += data["amount_cents"] if one.type == "RecoveryOffset" else 0
            case "ContractClosed" | "AccountClosed":
                if (data["paid_cents"], data["recovered_cents"]) != (purse.paid, purse.recovered):
                    yield Finding("P1", one.position, one.case, "closed on other amounts than were paid and recovered")
                kept = data["paid_cents"] - data["recovered_cents"] - data.get("given_up_cents", 0)
                if one.type == "AccountClosed" and kept != data["final_subsidy_cents"]:
                    yield Finding("P6", one.position, one.case, "paid less recovered is not the final subsidy")
            case _:
                pass

    def _of_order(self, one: Event) -> Iterator[Finding]:
        purse, data = self._purses[one.case], one.data
        match one.type:
            case "PaymentOrdered":
                yield from self._ordered(one, purse)
            case "PaymentFileReleased":
                asked = purse.orders.get(data["end_to_end_id"])
                if asked is None or data["end_to_end_id"] in purse.released:
                    yield Finding("P4", one.position, one.case, "released without an open order")
                elif asked.data["amount_cents"] != data["amount_cents"]:
                    yield Finding("P4", one.position, one.case, "released another amount than was ordered")
                purse.released[data["end_to_end_id"]] = data["net_cents"]
            case "PaymentExecuted" | "PaymentRejectedByBank":
                net = purse.released.pop(data["end_to_end_id"], None)
                if net != data["amount_cents"]:
                    yield Finding("P4", one.position, one.case, "the bank answered for what was not released")
                asked = purse.orders.pop(data["end_to_end_id"], None)
                if one.type == "PaymentExecuted":
                    purse.executed += data["amount_cents"]
                    purse.answered[data["end_to_end_id"]] = data["amount_cents"]
                elif asked is not None:
                    # The net amount is free again; what was set off stays set off.
                    purse.tranches[data["tranche"]] -= data["amount_cents"]
            case "PaymentReturned":
                if purse.answered.pop(data["end_to_end_id"], None) != data["amount_cents"]:
                    yield Finding("P4", one.position, one.case, "returned what was not paid")
                purse.executed -= data["amount_cents"]
                purse.tranches[data["tranche"]] -= data["amount_cents"]
            case "PaymentOrderCancelled":
                if data["end_to_end_id"] in purse.released or purse.orders.pop(data["end_to_end_id"], None) is None:
                    yield Finding("P4", one.position, one.case, "took back an order that was not open")
                purse.tranches[data["tranche"]] -= data["amount_cents"]
            case "ClaimApproved" | "ClaimPartiallyApproved":
                purse.approved[data["tranche"]] = data["amount_cents"]
            case "ClaimRejected":
                purse.approved.pop(data["tranche"], None)
            case _:
                pass

    def _ordered(self, one: Event, purse: Purse) -> Iterator[Finding]:
        data = one.data
        tranche = data["tranche"]
        if data["end_to_end_id"] in self._ids:
            yield Finding("P4", one.position, one.case, "an end-to-end id was used twice")
        self._ids.add(data["end_to_end_id"])
        purse.orders[data["end_to_end_id"]] = one
        purse.tranches[tranche] += data["amount_cents"]
        if data["net_cents"] + data["offset_cents"] != data["amount_cents"]:
            yield Finding("P4", one.position, one.case, "net and offset are not the gross amount")
        if purse.over(tranche):
            yield Finding("P4", one.position, one.case, f"tranche {tranche} is paid more than once, or was not planned")
        if purse.tranches[tranche] > purse.approved.get(tranche, 0):
            yield Finding("P4", one.position, one.case, f"more is ordered of tranche {tranche} than was approved")
        if tranche in purse.last and not purse.settled:
            yield Finding("P5", one.position, one.case, "the last tranche before the final account")


def _planned(one: Event, purse: Purse, award: int) -> Iterator[Finding]:
    """The tranches of the award, as they are planned from now on."""
    tranches = one.data["tranches"]
    if sum(tranche["amount_cents"] for tranche in tranches) != award:
        yield Finding("P5", one.position, one.case, "the tranches do not add up to the award")
    purse.planned = {tranche["code"]: tranche["amount_cents"] for tranche in tranches}
    purse.last = {tranche["code"] for tranche in tranches if tranche["condition"] == "final_account_settled"}
