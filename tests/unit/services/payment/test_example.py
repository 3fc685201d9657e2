"""The example every figure of which is known: 800,000 awarded, 776,000 in the end."""

from __future__ import annotations

from events.payment import AccountClosed, CostDisallowed, FinalAccountSettled, FundsDecommitted, PaymentOrdered
from tests.unit.services.payment.play import CASE, Play, cost


def worked_example() -> Play:
    """Reported 1,000,000; 30,000 disallowed, its subsidy of 24,000 claimed back; 640,000 paid before the end."""
    play = Play().award(80_000_000, 100_000_000).activate()
    play.claim("start").pay("start")
    play.hand_in("y1", cost("personnel", 60_000_000, 48_000_000)).claim("progress").pay("progress")
    play.hand_in("y2", cost("personnel", 40_000_000, 32_000_000))
    return play.find(3_000_000).recover()


def test_p6_the_final_account_of_the_worked_example() -> None:
    play = worked_example()
    assert play.last(CostDisallowed).subsidy_cents == 2_400_000
    settled = play.settle().last(FinalAccountSettled)
    assert settled.accepted_cents == 97_000_000
    assert settled.own_contribution_due_cents == 19_400_000
    assert settled.final_subsidy_cents == 77_600_000
    assert settled.paid_cents == 64_000_000
    assert settled.recovery_ordered_cents == 2_400_000
    assert settled.balance_cents == 16_000_000
    assert not [fact for fact in play.facts if isinstance(fact, FundsDecommitted)]


def test_p1_the_worked_example_closes_at_the_final_subsidy() -> None:
    play = worked_example().settle().claim("balance").order("balance")
    ordered = play.last(PaymentOrdered)
    assert (ordered.amount_cents, ordered.net_cents, ordered.offset_cents) == (16_000_000, 13_600_000, 2_400_000)
    closed = play.release("balance").execute("balance").close().last(AccountClosed)
    assert (closed.paid_cents, closed.recovered_cents, closed.final_subsidy_cents) == (
        80_000_000,
        2_400_000,
        77_600_000,
    )
    assert play.books.balance(f"BANK:{CASE}") + play.books.balance(f"OFFSET:{CASE}") == 80_000_000
    assert play.books.balance(f"COMMITTED:{CASE}") == play.books.balance(f"PAYABLE:{CASE}") == 0
    assert play.books.balance(f"RECEIVABLE:{CASE}") == 0
