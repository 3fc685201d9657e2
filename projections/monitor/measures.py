"""What one event adds to each measure. A measure is an integer that only ever is added to, named by words and colons.

Sums do not mind the order in which partitions are read; that is why the same log gives the same figures in every
replay. Nothing here is exact bookkeeping: that is the budget projection.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from projections.monitor.glance import Glance

REFUSALS = frozenset(
    {
        "LateSubmissionRecorded",
        "WithdrawalRefused",
        "AttachmentRefused",
        "DeclaredInadmissible",
        "DeclaredIneligible",
        "ScoreRefused",
        "LateReplyRecorded",
        "ReservationRefused",
        "GrantRefused",
        "GrantDenied",
        "ReserveLapsed",
        "BudgetShiftRefused",
        "AmendmentRefused",
        "CommitmentRefused",
        "PaymentRejectedByBank",
        "PaymentReturned",
        "ClaimRejected",
        "ReportRejected",
        "ClaimTermLapsed",
        "CostDisallowed",
    }
)
"""Facts by which somebody is told no."""

ENDS = frozenset(
    {
        "LateSubmissionRecorded",
        "ApplicationWithdrawn",
        "ApplicationLapsed",
        "DeclaredInadmissible",
        "DeclaredIneligible",
        "GrantRefused",
        "GrantDenied",
        "ReserveLapsed",
        "ContractClosed",
    }
)
"""Facts after which nobody is to move in the case."""

INPUTS: Mapping[str, frozenset[str]] = {
    "CallPublished": frozenset({"eligibility", "jury", "decision", "payment"}),
    "ApplicationSubmitted": frozenset({"eligibility"}),
    "LateSubmissionRegistered": frozenset({"eligibility"}),
    "DeclaredEligible": frozenset({"jury", "decision"}),
    "RankingFixed": frozenset({"decision"}),
    "GrantAwarded": frozenset({"payment"}),
    "ContractActivated": frozenset({"payment"}),
    "AccountClosed": frozenset({"decision"}),
}
"""Facts that a service of its own accord answers with facts, and which service that is."""

DELAYS_S = (1, 60, 3_600, 86_400, 604_800)
"""Upper bounds, in seconds, of the classes of delay; beyond the last one is only in the count."""

HOURLY = frozenset({"events", "refused", "delay_ms"})
DAILY = HOURLY | {"committed", "paid", "steps", "step_ms"}
"""First words of the measures that are also counted by window; of the others only the total is of interest."""

_COMMITTED = {"FundsCommitted": 1, "FundsDecommitted": -1}
_PAID = frozenset({"PaymentExecuted", "RecoveryOffset"})


def measures(seen: Glance) -> Iterator[tuple[str, int]]:
    """Measure and amount."""
    yield f"events:{seen.service}", 1
    if seen.type in REFUSALS:
        yield f"refused:{seen.service}", 1
    yield from _delay(seen)
    yield from _money(seen)


def _delay(seen: Glance) -> Iterator[tuple[str, int]]:
    # A clock that runs ahead is no delay.
    delay = max(seen.recorded_ms - seen.occurred_ms, 0)
    yield f"delay_ms:{seen.service}", delay
    for bound in DELAYS_S:
        if delay <= bound * 1_000:
            yield f"delay_within:{bound}:{seen.service}", 1


def _money(seen: Glance) -> Iterator[tuple[str, int]]:
    call, amount = seen.data.call, seen.data.amount_cents
    if seen.type == "EnvelopeSet":
        yield f"envelope:{call}", amount
    elif seen.type == "EnvelopeIncreased":
        yield f"envelope:{call}", seen.data.increase_cents
    elif seen.type == "EnvelopeDecreased":
        yield f"envelope:{call}", -seen.data.decrease_cents
    elif seen.type in _COMMITTED:
        yield f"committed:{call}", amount * _COMMITTED[seen.type]
    elif seen.type in _PAID:
        yield f"paid:{call}", amount
