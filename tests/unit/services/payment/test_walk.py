"""Whatever is sent to payment about one case, in whatever order: no cent too many leaves, and no hand works alone."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from events.catalog import AnyFact, stream_name
from events.envelope import Actor
from events.payment import (
    AccountClosed,
    AccountReopened,
    ClaimApproved,
    ClaimPartiallyApproved,
    FinalAccountSettled,
    FundsDecommitted,
    PaymentExecuted,
    PaymentFileReleased,
    PaymentOrderCancelled,
    PaymentOrdered,
    PaymentRejectedByBank,
    PaymentReturned,
    RecoveryOffset,
    RepaymentReceived,
    ReportAccepted,
)
from events.vocabulary import Period
from services.deciding import Accepted
from services.fields import Command
from services.payment.commands import (
    AcceptReport,
    AgreeInstalments,
    ApproveClaim,
    ApprovePartially,
    CancelOrder,
    CloseAccount,
    ConfirmBankAccount,
    ConfirmExecution,
    ContestRecovery,
    DecideContest,
    DecommitFunds,
    MarkReportOverdue,
    OrderPayment,
    OrderRecovery,
    PlannedInstalment,
    RecordBankRejection,
    RecordRepayment,
    RecordReturn,
    ReinstateCost,
    RejectClaim,
    RejectReport,
    ReleasePaymentFile,
    ReleaseWithholding,
    RequestReportCorrection,
    ResumeAccount,
    SettleFinalAccount,
    SubmitClaim,
    SuspendAccount,
    TerminateAccount,
    TransferToCollection,
    WaiveRecovery,
    WithholdPayment,
)
from services.payment.worker import PAYMENT
from tests.given import actor
from tests.unit.services.payment.play import (
    APPLICANT,
    APPROVER,
    CALL,
    CASE,
    HANDLER,
    IBAN,
    INSPECTOR,
    OFFICER,
    RELEASER,
    SERVICE,
    SOURCE,
    Play,
    cost,
    disallow,
    finding,
    report,
    stream_id,
    words,
)

AWARD = 80_000_000
PEOPLE = (
    RELEASER,
    actor("payment_releaser", person="handler"),
    actor("payment_releaser", person="approver"),
    actor("payment_releaser", person="officer"),
)


class Step(NamedTuple):
    """One command by one person."""

    kind: str
    id: str
    command: Command
    by: Actor


def on_account(command: Command, by: Actor) -> Step:
    return Step("account", CASE, command, by)


def claim(tranche: str) -> tuple[Step, Step]:
    ident = stream_id("claim", tranche)
    submit = SubmitClaim(case=CASE, tranche=tranche)
    return Step("claim", ident, submit, APPLICANT), Step("claim", ident, ApproveClaim(), APPROVER)


def to_order(tranche: str, attempt: int, command: Command, by: Actor) -> Step:
    return Step("payment-order", stream_id("payment-order", f"{tranche}/{attempt}"), command, by)


def order(tranche: str, attempt: int = 1, by: Actor = OFFICER) -> Step:
    return to_order(tranche, attempt, OrderPayment(case=CASE, tranche=tranche, attempt=attempt), by)


def pay(tranche: str, attempt: int = 1) -> tuple[Step, ...]:
    execute = to_order(tranche, attempt, ConfirmExecution(value_date="2022-03-01"), RELEASER)
    return order(tranche, attempt), to_order(tranche, attempt, ReleasePaymentFile(), RELEASER), execute


def hand_in(code: str, amount: int, subsidy: int) -> tuple[Step, Step]:
    ident = stream_id("report", code)
    submit = Step("report", ident, report(cost("personnel", amount, subsidy)), APPLICANT)
    return submit, Step("report", ident, AcceptReport(), HANDLER)


def recover(number: int, of: int | None = 1) -> Step:
    command = OrderRecovery(case=CASE, number=number, ground="conditions_not_met", finding=of)
    return Step("recovery", stream_id("recovery", number), command, OFFICER)


def repay(number: int, amount: int, reference: str) -> Step:
    command = RecordRepayment(amount_cents=amount, reference=reference, value_date="2024-05-05")
    return Step("recovery", stream_id("recovery", number), command, OFFICER)


BANK = on_account(ConfirmBankAccount(iban=IBAN, basis="letter"), OFFICER)
STORY: tuple[Step, ...] = (
    *claim("start"),
    *pay("start"),
    *hand_in("y1", 60_000_000, 48_000_000),
    on_account(finding(), INSPECTOR),
    on_account(disallow(3_000_000), INSPECTOR),
    recover(1),
    *claim("progress"),
    *pay("progress"),
    *hand_in("y2", 40_000_000, 30_000_000),
    on_account(SettleFinalAccount(), OFFICER),
    *claim("balance"),
    *pay("balance"),
    on_account(CloseAccount(), OFFICER),
)
TRANCHES = ("start", "progress", "balance")
REJECT = RecordBankRejection(code="AC04")
RETURN = RecordReturn(code="AC04", value_date="2022-03-09")
SUSPEND = on_account(SuspendAccount(ground="inquiry", source=SOURCE), SERVICE)
RESUME = on_account(ResumeAccount(source=SOURCE), SERVICE)
END = on_account(
    TerminateAccount(ground="x", in_force=True, term=Period(start="2022-01-01", end="2023-06-30"), source=SOURCE),
    SERVICE,
)
HOLD = on_account(WithholdPayment(reason=words()), OFFICER)
LIFT = on_account(ReleaseWithholding(withholding=1, reason=words()), OFFICER)


def judge(tranche: str, command: Command) -> Step:
    return Step("claim", stream_id("claim", tranche), command, APPROVER)


def of_debt(number: int, command: Command, by: Actor = OFFICER) -> Step:
    return Step("recovery", stream_id("recovery", number), command, by)


def give_back(amount: int) -> Step:
    return on_account(DecommitFunds(amount_cents=amount, reason=words()), OFFICER)


def to_report(code: str, command: Command) -> Step:
    return Step("report", stream_id("report", code), command, HANDLER)


def contest(number: int, reduced: int) -> tuple[Step, Step]:
    decide = DecideContest(reduced_cents=reduced, reason=words())
    return of_debt(number, ContestRecovery(reason=words()), APPLICANT), of_debt(number, decide)


def instalments(*cents: int) -> AgreeInstalments:
    days = ("2025-01-31", "2025-02-28", "2025-03-31")
    parts = [PlannedInstalment(day=day, amount_cents=one) for day, one in zip(days, cents, strict=False)]
    return AgreeInstalments(instalments=parts)


def again(amount: int) -> Step:
    return on_account(ReinstateCost(finding=1, category="personnel", amount_cents=amount, reason=words()), HANDLER)


REPEATED = (ConfirmBankAccount, WithholdPayment, DecommitFunds, ReinstateCost, WaiveRecovery)
"""What a person may well mean a second time; the key of the request tells one from the other."""

UNHAPPY: tuple[tuple[Step, ...], ...] = (
    # The bank returns what it paid, at once or long after, and it is paid to another account.
    *((to_order(tranche, 1, RETURN, RELEASER), BANK, *pay(tranche, 2)) for tranche in TRANCHES),
    *((to_order(tranche, 2, RETURN, RELEASER), BANK, *pay(tranche, 3)) for tranche in TRANCHES),
    *((order(tranche), to_order(tranche, 1, CancelOrder(reason=words()), OFFICER)) for tranche in TRANCHES),
    *((order(tranche, 2), to_order(tranche, 2, CancelOrder(reason=words()), OFFICER)) for tranche in TRANCHES),
    *((claim(tranche)[0], judge(tranche, RejectClaim(reason=words())), *claim(tranche)) for tranche in TRANCHES),
    *(
        (claim(tranche)[0], judge(tranche, ApprovePartially(amount_cents=5_000_000, reason=words())), *pay(tranche))
        for tranche in TRANCHES
    ),
    (HOLD,),
    (HOLD, LIFT),
    (LIFT,),
    (SUSPEND,),
    (SUSPEND, *pay("progress"), RESUME),
    (RESUME,),
    (END,),
    (END, on_account(SettleFinalAccount(), OFFICER), *claim("balance"), *pay("balance")),
    *((give_back(amount),) for amount in (1, 10_000_000, 16_000_000, 40_000_000)),
    (again(1_000_000),),
    (again(3_000_000), on_account(disallow(3_000_000), INSPECTOR)),
    *(contest(1, reduced) for reduced in (0, 400_000, 2_400_000)),
    (contest(1, 0)[0], *claim("progress"), *pay("progress")),
    (of_debt(1, WaiveRecovery(amount_cents=1_000_000, reason=words(), basis="b")),),
    (of_debt(2, WaiveRecovery(amount_cents=2_000_000, reason=words(), basis="b")),),
    (of_debt(1, instalments(1_400_000, 1_000_000)), repay(1, 1_400_000, "P")),
    (of_debt(1, TransferToCollection(collector="c", reference="r")),),
    (to_report("y1", RequestReportCorrection(reason=words(), days=14)), *hand_in("y1", 50_000_000, 40_000_000)),
    (to_report("y2", RejectReport(reason=words())),),
)
NOISE: tuple[tuple[Step, ...], ...] = (
    *((step,) for step in STORY),
    *(claim(tranche) for tranche in TRANCHES),
    *(pay(tranche, attempt) for tranche in TRANCHES for attempt in (1, 2, 3)),
    *((order(tranche, by=APPROVER),) for tranche in TRANCHES),
    *((to_order(tranche, 1, ReleasePaymentFile(), who),) for tranche in TRANCHES for who in PEOPLE),
    # The bank refuses, another account is confirmed, and the tranche is ordered anew.
    *((*pay(tranche)[:2], to_order(tranche, 1, REJECT, RELEASER), BANK, *pay(tranche, 2)) for tranche in TRANCHES),
    # A debt that an order means to set off is paid back before the order is released.
    (recover(1), *claim("progress"), order("progress"), repay(1, 2_400_000, "E")),
    (BANK,),
    hand_in("y1", 20_000_000, 10_000_000),
    hand_in("y2", 90_000_000, 50_000_000),
    (Step("report", stream_id("report", "y2"), MarkReportOverdue(), SERVICE),),
    (on_account(disallow(50_000_000), INSPECTOR),),
    (recover(2),),
    (recover(1, None),),
    *((repay(1, amount, reference),) for amount, reference in ((1, "A"), (2_400_000, "B"), (40_000_000, "C"))),
    (repay(2, 2_000_000, "D"),),
    *UNHAPPY,
)
PLACES = st.integers(0, len(STORY) - 1)
SPELLS = st.tuples(
    st.sets(PLACES, max_size=2), st.lists(st.tuples(PLACES, st.sampled_from(NOISE)), min_size=2, max_size=12)
)
"""The story, up to two of its steps left out, and other steps in between."""
Spells = tuple[set[int], list[tuple[int, tuple[Step, ...]]]]


def steps_of(spells: Spells) -> list[Step]:
    left_out, noise = spells
    steps: list[Step] = []
    for place, own in enumerate(STORY):
        steps += [step for at, group in noise if at == place for step in group]
        steps += [] if place in left_out else [own]
    return steps


def begun(play: Play, step: Step) -> bool:
    """The shell answers 404 where a stream that must be there is not."""
    return PAYMENT.commands[type(step.command)].creates or stream_name(step.kind, step.id) in play.given.streams


def walk(spells: Spells) -> Play:
    """Send all, each twice; the books beside the case refuse a cent that is not there."""
    play = Play(at="2023-04-01T10:00:00.000000Z").award(AWARD).activate()
    for step in steps_of(spells):
        if begun(play, step) and isinstance(play.ask(*step).decision, Accepted):
            play.do(*step)
            if not isinstance(step.command, REPEATED):
                assert play.ask(*step).decision.facts == (), f"{type(step.command).__name__} took effect twice"
        kept(play)
    return play


def kept(play: Play) -> None:
    """P1 at every moment: paid within the commitment, the commitment within the award, no debt below zero."""
    books = play.books
    paid = books.balance(f"BANK:{CASE}") + books.balance(f"OFFSET:{CASE}")
    waiting = books.balance(f"PAYABLE:{CASE}")
    assert 0 <= paid <= paid + waiting + books.held(f"COMMITTED:{CASE}") <= AWARD
    assert books.balance(f"COMMITTED:{CASE}") >= books.held(f"COMMITTED:{CASE}")
    assert waiting >= 0
    assert books.balance(f"RECEIVABLE:{CASE}") >= 0
    given_back = sum(fact.amount_cents for fact in play.facts if isinstance(fact, FundsDecommitted))
    assert paid - books.balance(f"RECOVERED:{CALL}") <= AWARD - given_back <= AWARD
    assert sum(books.debits.values()) + AWARD == sum(books.credits.values())
    if play.given.state(f"account-{CASE}").status == "closed":
        for name in ("COMMITTED", "PAYABLE", "RECEIVABLE"):
            assert books.balance(f"{name}:{CASE}") == 0
        closed = play.last(AccountClosed)
        assert closed.paid_cents == paid
        assert paid - books.balance(f"RECOVERED:{CALL}") == closed.final_subsidy_cents + closed.given_up_cents


@for_all(SPELLS)
@settings(max_examples=250, deadline=None)
def test_no_order_of_commands_breaks_p1_p3_or_p4(spells: Spells) -> None:
    play = walk(spells)
    closed = [fact for fact in play.facts if isinstance(fact, AccountClosed)]
    reopened = [fact for fact in play.facts if isinstance(fact, AccountReopened)]
    assert len(closed) <= 1 + len(reopened)
    for fact in closed:
        assert fact.paid_cents - fact.recovered_cents == fact.final_subsidy_cents + fact.given_up_cents
        assert fact.final_subsidy_cents <= AWARD
    assert len([fact for fact in play.facts if isinstance(fact, FinalAccountSettled)]) <= 1
    back = sum(fact.amount_cents for fact in play.facts if isinstance(fact, RecoveryOffset | RepaymentReceived))
    assert play.books.balance(f"RECOVERED:{CALL}") == back
    never_by_one_hand(play.facts)


def never_by_one_hand(facts: list[AnyFact]) -> None:
    """P3 and P4: who releases did neither of the other two, and a tranche is under way once and paid once."""
    approver: dict[str, str] = {}
    accepter: dict[str, str] = {}
    orderer: dict[str, str] = {}
    under_way: Counter[str] = Counter()
    executed: Counter[str] = Counter()
    for fact in facts:
        match fact:
            case ClaimApproved() | ClaimPartiallyApproved():
                approver[fact.tranche] = fact.approver
            case ReportAccepted():
                accepter["progress" if fact.report == "y1" else ""] = fact.accepted_by
            case PaymentOrdered():
                orderer[fact.end_to_end_id] = fact.ordered_by
                under_way[fact.tranche] += 1
            case PaymentFileReleased():
                assert fact.released_by not in (approver[fact.tranche], orderer[fact.end_to_end_id])
                assert fact.released_by != accepter.get(fact.tranche)
            case PaymentRejectedByBank() | PaymentOrderCancelled():
                under_way[fact.tranche] -= 1
            case PaymentReturned():
                under_way[fact.tranche] -= 1
                executed[fact.tranche] -= 1
            case PaymentExecuted():
                executed[fact.tranche] += 1
            case _:
                pass
        assert all(count <= 1 for count in (*under_way.values(), *executed.values()))


def test_the_story_alone_ends_in_a_closed_account() -> None:
    play = walk((set(), []))
    assert isinstance(play.facts[-1], AccountClosed)
    assert play.facts[-1].final_subsidy_cents == 77_600_000
