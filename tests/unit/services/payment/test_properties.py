"""What holds for every amount: tranches add up, the final account stays inside the award, the books close."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from events.canonical import Json
from events.payment import AccountClosed, FinalAccountSettled, FundsDecommitted, OverpaymentEstablished
from services.payment.rules.arithmetic import final_account, plan_tranches, pro_rata, within_shares
from tests.unit.services.payment.play import CALL, CASE, Base, Play, cofinancing, cost

AMOUNTS = st.integers(0, 10**9)
BASES: st.SearchStrategy[Base] = st.sampled_from(("TOTAL_ELIGIBLE_COST", "SUBSIDY"))


@st.composite
def shares(draw: st.DrawFn) -> list[int]:
    """Shares in basis points that add up to the whole."""
    cuts = sorted(draw(st.lists(st.integers(0, 10_000), max_size=6)))
    return [end - start for start, end in zip([0, *cuts], [*cuts, 10_000], strict=True)]


@given(AMOUNTS, shares())
def test_p5_tranches_add_up_to_the_award_and_stray_less_than_a_cent_from_their_share(
    award: int, shares_bp: list[int]
) -> None:
    amounts = plan_tranches(award, shares_bp)
    assert sum(amounts) == award
    for amount, share in zip(amounts, shares_bp, strict=True):
        assert abs(amount * 10_000 - award * share) < 10_000


def test_p5_the_cents_left_go_to_the_largest_remainders_and_then_to_the_earlier_tranche() -> None:
    assert plan_tranches(100, [3333, 3333, 3334]) == [33, 33, 34]
    assert plan_tranches(1, [5000, 5000]) == [1, 0]
    assert plan_tranches(3, [2500, 2500, 2500, 2500]) == [1, 1, 1, 0]


@given(AMOUNTS, AMOUNTS, AMOUNTS)
def test_p7_a_share_pro_rata_is_never_rounded_up(amount: int, part: int, whole: int) -> None:
    assert pro_rata(amount, part, whole) * whole <= amount * part


@given(
    base=BASES,
    rate=st.integers(0, 10_000),
    award=AMOUNTS,
    reported=AMOUNTS,
    disallowed=AMOUNTS,
    paid_bp=st.integers(0, 10_000),
    recovered_bp=st.integers(0, 10_000),
    charged=st.lists(AMOUNTS, min_size=2, max_size=2),
    limit=st.integers(0, 9_000),
)
def test_p6_the_final_subsidy_is_never_negative_and_never_above_the_award(
    base: Base,
    rate: int,
    award: int,
    reported: int,
    disallowed: int,
    paid_bp: int,
    recovered_bp: int,
    charged: list[int],
    limit: int,
) -> None:
    paid = award * paid_bp // 10_000
    recovery = paid * recovered_bp // 10_000
    final = final_account(
        {"base": base, "min_rate_bp": rate, "share_limits": [{"category": "a", "max_share_bp": limit}]},
        {
            "award_cents": award,
            "reported_cents": reported,
            "disallowed_cents": disallowed,
            "paid_cents": paid,
            "recovery_ordered_cents": recovery,
            "charged": [{"category": name, "subsidy_cents": cents} for name, cents in zip("ab", charged, strict=True)],
        },
    )
    assert 0 <= final.final_subsidy_cents <= award
    assert final.final_subsidy_cents + final.own_contribution_due_cents <= max(0, reported - disallowed)
    assert final.balance_cents == 0 or final.overpaid_cents == 0
    # After the balance is paid and the overpayment is back, what was paid less what came back is the final subsidy.
    assert paid + final.balance_cents - recovery - final.overpaid_cents == final.final_subsidy_cents
    assert paid + final.balance_cents <= award


@given(base=BASES, rate=st.integers(0, 10_000), accepted=AMOUNTS)
def test_p6_the_own_contribution_is_met_on_accepted_costs_to_the_cent(base: Base, rate: int, accepted: int) -> None:
    params: dict[str, Json] = {"base": base, "min_rate_bp": rate, "share_limits": []}
    inputs: dict[str, Json] = {
        "award_cents": 10**12,
        "reported_cents": accepted,
        "disallowed_cents": 0,
        "paid_cents": 0,
        "recovery_ordered_cents": 0,
        "charged": [],
    }
    final = final_account(params, inputs)
    due_on = accepted if base == "TOTAL_ELIGIBLE_COST" else final.final_subsidy_cents
    assert final.own_contribution_due_cents * 10_000 >= rate * due_on
    # One cent more of subsidy would leave the own contribution short.
    more = accepted if base == "TOTAL_ELIGIBLE_COST" else final.final_subsidy_cents + 1
    assert (final.own_contribution_due_cents - 1) * 10_000 < rate * more


@given(final=AMOUNTS, charged=st.tuples(AMOUNTS, AMOUNTS, AMOUNTS), limits=st.tuples(*[st.integers(0, 4_000)] * 2))
def test_p6_no_limited_category_takes_more_than_its_share_and_no_more_is_cut_than_that(
    final: int, charged: tuple[int, int, int], limits: tuple[int, int]
) -> None:
    by_name = dict(zip("abc", charged, strict=True))
    limit = dict(zip("ab", limits, strict=True))
    lowered = within_shares(final, by_name, limit)
    parts = {name: pro_rata(final, by_name[name], sum(charged)) for name in limit}
    free = final - sum(parts.values())

    def borne(subsidy: int) -> int:
        return free + sum(min(parts[name], subsidy * limit[name] // 10_000) for name in limit)

    assert 0 <= lowered <= final
    assert borne(lowered) == lowered
    assert lowered == final or borne(lowered + 1) < lowered + 1


@dataclass(frozen=True)
class Life:
    """How one case goes."""

    award: int
    own: int
    base: Base
    first: int
    second: int
    disallowed_bp: int
    recover: bool
    repay_bp: int
    progress: bool
    rejected: tuple[bool, bool, bool]


LIVES = st.builds(
    Life,
    award=st.integers(1, 10**8),
    own=st.integers(0, 10**8),
    base=BASES,
    first=st.integers(0, 15 * 10**7),
    second=st.integers(0, 15 * 10**7),
    disallowed_bp=st.integers(0, 10_000),
    recover=st.booleans(),
    repay_bp=st.integers(0, 10_000),
    progress=st.booleans(),
    rejected=st.tuples(st.booleans(), st.booleans(), st.booleans()),
)


def pay(play: Play, tranche: str, rejected: bool) -> None:
    """Pay a claimed tranche, after a rejection if there is money for the bank to reject."""
    play.order(tranche).release(tranche)
    state = play.given.state(f"payment-order-{play.order_id(tranche)}")
    if state.status == "executed":
        return
    if not rejected:
        play.execute(tranche)
        return
    play.reject(tranche).confirm_bank().order(tranche, 2).release(tranche, 2)
    if play.given.state(f"payment-order-{play.order_id(tranche, 2)}").status != "executed":
        play.execute(tranche, 2)


def live(life: Life) -> Play:
    """From award to closure."""
    play = Play().award(life.award, life.award + life.own, cofinancing=cofinancing(life.base)).activate()
    if life.award > 1:
        play.claim("start")
        pay(play, "start", life.rejected[0])
    play.hand_in("y1", cost("personnel", life.first, life.first * 4 // 5))
    disallowed = life.first * life.disallowed_bp // 10_000
    if disallowed:
        play.find(disallowed)
        if life.recover and play.recoverable():
            play.recover()
            repaid = play.owed() * life.repay_bp // 10_000
            if repaid:
                play.repay(repaid)
    if life.progress and life.award > 4:
        play.claim("progress")
        pay(play, "progress", life.rejected[1])
    play.hand_in("y2", cost("operating", life.second, life.second // 2)).settle()
    if play.last(FinalAccountSettled).balance_cents:
        play.claim("balance")
        pay(play, "balance", life.rejected[2])
    for number in play.open_recoveries():
        play.repay(play.owed(number), number, reference="LAST")
    return play.close()


@settings(max_examples=150, deadline=None)
@given(LIVES)
def test_p1_whatever_happens_a_closed_case_kept_exactly_its_final_subsidy(life: Life) -> None:
    play = live(life)
    closed = play.last(AccountClosed)
    assert closed.paid_cents - closed.recovered_cents == closed.final_subsidy_cents <= life.award
    books = play.books
    assert books.balance(f"BANK:{CASE}") + books.balance(f"OFFSET:{CASE}") == closed.paid_cents
    assert books.balance(f"RECOVERED:{CALL}") == closed.recovered_cents
    for name in ("COMMITTED", "PAYABLE", "RECEIVABLE"):
        assert books.balance(f"{name}:{CASE}") == 0
    released = sum(fact.amount_cents for fact in play.facts if isinstance(fact, FundsDecommitted))
    assert closed.paid_cents + released == life.award
    assert sum(books.debits.values()) + life.award == sum(books.credits.values())
    over = [fact for fact in play.facts if isinstance(fact, OverpaymentEstablished)]
    assert len(over) <= 1
