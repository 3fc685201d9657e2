"""A new award after the end: the account begins anew with what is committed for it, and what was paid stays paid."""

from __future__ import annotations

from typing import Any

from events.decision import AmountReserved, ContractRedrafted
from events.payment import (
    AccountClosed,
    AccountRenewed,
    AwardChanged,
    CommitmentRaised,
    FinalAccountSettled,
    OverpaymentEstablished,
)
from events.vocabulary import Period
from services.deciding import Issue
from services.payment.commands import (
    ActivateAccount,
    AdjustAward,
    ContestRecovery,
    DecideContest,
    OrderPayment,
    RenewAccount,
    TerminateAccount,
)
from services.payment.worker import PAYMENT
from tests.unit.services.payment.play import (
    APPLICANT,
    CALL,
    CASE,
    CITY,
    OFFICER,
    SERVICE,
    SOURCE,
    TERM,
    Play,
    line,
    stream_id,
    words,
)
from tests.unit.services.payment.test_recoveries import WHOLE

SHORT = Period(start="2022-01-01", end="2022-06-30")
RENEW = RenewAccount(source=SOURCE)


def adjust(amount: int, ground: str, attempt: int | None = None) -> AdjustAward:
    budget = [line("personnel", amount * 5 // 4, amount)]
    return AdjustAward(amount_cents=amount, budget=budget, attempt=attempt, ground=ground, source=SOURCE)


def withdraw(play: Play, *, in_force: bool) -> Play:
    """The award is worth nothing any more, and its contract ends."""
    play.do("account", CASE, adjust(0, "retracted"), SERVICE)
    end = TerminateAccount(ground="award_withdrawn", in_force=in_force, term=SHORT, source=SOURCE)
    return play.do("account", CASE, end, SERVICE)


def again(play: Play, amount: int) -> Play:
    """A new decision awards, its money is reserved, and the contract is drawn up again."""
    short = amount - play.books.balance(f"AVAILABLE:{CALL}")
    play.books.credits[f"AVAILABLE:{CALL}"] += max(0, short)
    play.books.record(AmountReserved(call=CALL, case=CASE, amount_cents=amount, attempt=2, proposal_version=1))
    play.do("account", CASE, adjust(amount, "decided_anew", attempt=2), SERVICE)
    return play.do("account", CASE, RENEW, SERVICE)


def in_force(play: Play) -> Play:
    return play.do("account", CASE, ActivateAccount(term=TERM, source=SOURCE), SERVICE)


def test_p2_an_award_that_comes_again_is_claimed_and_paid_once_its_contract_is_in_force() -> None:
    play = again(withdraw(Play().award(), in_force=False), 60_000_000)
    assert (play.last(CommitmentRaised).amount_cents, play.last(AccountRenewed).recovered_cents) == (60_000_000, 0)
    order = OrderPayment(case=CASE, tranche="start", attempt=1)
    first = stream_id("payment-order", "start/1")
    play.refused("payment-order", first, order, OFFICER, rule="P2", code="no_contract_active")
    in_force(play).confirm_bank().claim("start").pay("start")
    assert play.books.balance(f"BANK:{CASE}") == 30_000_000
    play.hand_in("y1", WHOLE).hand_in("y2").claim("progress").pay("progress").settle().claim("balance").pay("balance")
    play.close()
    assert (play.last(AccountClosed).final_subsidy_cents, play.last(AccountClosed).paid_cents) == (60_000_000,) * 2


def test_p6_what_was_paid_under_the_first_award_counts_in_the_final_account_of_the_second() -> None:
    play = Play().award().activate().claim("start").pay("start")
    in_force(again(withdraw(play, in_force=True), 60_000_000))
    assert [one.amount_cents for one in play.last(AwardChanged).tranches] == [40_000_000, 12_000_000, 8_000_000]
    play.hand_in("y1", WHOLE).hand_in("y2").settle()
    assert (play.last(FinalAccountSettled).final_subsidy_cents, play.last(FinalAccountSettled).balance_cents) == (
        60_000_000,
        20_000_000,
    )
    play.claim("balance").pay("balance").close()
    assert play.last(AccountClosed).paid_cents == 60_000_000
    assert play.books.balance(f"COMMITTED:{CASE}") == 0


def test_p6_what_was_claimed_back_under_the_first_award_does_not_lessen_the_second() -> None:
    play = withdraw(Play().award().activate().claim("start").pay("start").hand_in("y1", WHOLE), in_force=True).settle()
    assert (play.last(FinalAccountSettled).balance_cents, play.last(OverpaymentEstablished).amount_cents) == (
        0,
        40_000_000,
    )
    play.repay(40_000_000).close()
    in_force(again(play, 60_000_000)).hand_in("y2").settle()
    assert play.last(AccountRenewed).recovered_cents == 40_000_000
    settled = play.last(FinalAccountSettled)
    assert (settled.award_cents, settled.final_subsidy_cents, settled.balance_cents) == (60_000_000,) * 3
    play.claim("balance").pay("balance").close()
    closed = play.last(AccountClosed)
    assert (closed.final_subsidy_cents, closed.paid_cents, closed.recovered_cents) == (
        60_000_000,
        100_000_000,
        40_000_000,
    )
    assert play.books.balance(f"COMMITTED:{CASE}") == 0


def test_p6_a_debt_of_the_first_award_that_is_still_open_is_set_off_against_the_second() -> None:
    play = withdraw(Play().award().activate().claim("start").pay("start").hand_in("y1", WHOLE), in_force=True).settle()
    in_force(again(play, 60_000_000)).hand_in("y2").settle().claim("balance").pay("balance").close()
    closed = play.last(AccountClosed)
    assert (closed.final_subsidy_cents, closed.recovered_cents) == (60_000_000, 40_000_000)
    assert play.books.balance(f"BANK:{CASE}") == 60_000_000


def test_p6_a_debt_that_a_contest_takes_off_later_gives_the_second_award_no_more() -> None:
    play = withdraw(Play().award().activate().claim("start").pay("start").hand_in("y1", WHOLE), in_force=True).settle()
    in_force(again(play, 60_000_000))
    one = stream_id("recovery", 1)
    play.do("recovery", one, ContestRecovery(reason=words()), APPLICANT)
    play.do("recovery", one, DecideContest(reduced_cents=40_000_000, reason=words()), OFFICER)
    play.hand_in("y2").settle()
    settled = play.last(FinalAccountSettled)
    assert (settled.final_subsidy_cents, settled.balance_cents) == (60_000_000, 20_000_000)


def test_an_account_that_did_not_end_is_not_renewed() -> None:
    Play().award().silent("account", CASE, RENEW, SERVICE)
    Play().award().activate().silent("account", CASE, RENEW, SERVICE)


def test_a_contract_drawn_up_again_renews_the_account() -> None:
    fact = ContractRedrafted(
        call=CALL,
        case=CASE,
        beneficiary=CITY,
        project="Plein",
        neighbourhood="Centrum",
        amount_cents=60_000_000,
        budget=[],
        partners=[],
        term=TERM,
        synthetic=False,
        reference="VR 5",
        source=SOURCE,
    )
    issues: list[Any] = []
    for reaction in PAYMENT.reactions:
        if reaction.on is ContractRedrafted:
            issues += reaction.react(fact, SOURCE, None)
    assert issues == [Issue("account", CASE, RENEW)]
