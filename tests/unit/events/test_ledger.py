"""From facts to movements of money: both sides equal, the accounts of decisions.md 19, pending at most once."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.catalog import AnyFact
from events.decision import AmountReserved, EnvelopeIncreased, EnvelopeSet, ReservationReleased
from events.intake import Cofinancing, DecisionTerms, TermLimit
from events.ledger import Transfer, limited, pending_id, transfers_of
from events.payment import (
    AuditFindingRecorded,
    CommitmentRefused,
    FundsCommitted,
    FundsDecommitted,
    PaymentExecuted,
    PaymentFileReleased,
    PaymentOrdered,
    PaymentRejectedByBank,
    RecoveryOffset,
    RecoveryOrdered,
    RepaymentReceived,
)
from events.vocabulary import Party, Source, Text, Written
from tests.unit.services.payment.books import Books, Uncovered

CALL = "00000000-0000-4000-8000-0000000000aa"
CASE = "00000000-0000-4000-8000-0000000000bb"
SOURCE = Source(event_id="00000000-0000-4000-8000-0000000000cc", position=7)
CITY = Party(ovo="OVO001234", kbo="0207437468", name="Genk", nis="71016")
WORDS = Written(language="nl", text="meer geld")

PER_CALL = {"CONTROL", "AVAILABLE", "RECOVERABLE", "RECOVERED", "WAIVED"}
PER_CASE = {"COMMITTED", "PAYABLE", "BANK", "OFFSET", "RECEIVABLE"}


def envelope(amount: int) -> EnvelopeSet:
    return EnvelopeSet(
        call=CALL,
        amount_cents=amount,
        budget_article="SJ0",
        cap_cents=amount,
        cofinancing=Cofinancing(
            base="SUBSIDY",
            min_rate_bp=0,
            counts_partner_cash=False,
            counts_in_kind=False,
            excludes_other_flemish_subsidy=False,
        ),
        share_limits=[],
        cost_categories=[],
        term=TermLimit(max_months=48, earliest_start="2022-01-01", latest_end="2025-12-31"),
        decision=DecisionTerms(
            requires_inspectorate_advice=False,
            requires_budget_agreement=False,
            mandatory_pledge_levels=[],
            appeal=Text(nl="x", en="x"),
            appeal_days=None,
            postponement_days=None,
            reserve_days=None,
        ),
        partial_fit="skip_misfit",
        source=SOURCE,
    )


def increase(before: int, amount: int) -> EnvelopeIncreased:
    return EnvelopeIncreased(
        call=CALL,
        previous_cents=before,
        increase_cents=amount,
        amount_cents=before + amount,
        reference="VR",
        reason=WORDS,
    )


def reserved(amount: int, attempt: int = 1) -> AmountReserved:
    return AmountReserved(call=CALL, case=CASE, amount_cents=amount, attempt=attempt, proposal_version=1)


def released_reservation(amount: int, attempt: int = 1) -> ReservationReleased:
    return ReservationReleased(call=CALL, case=CASE, amount_cents=amount, attempt=attempt, reason="redrafted")


def committed(amount: int, attempt: int = 1) -> FundsCommitted:
    return FundsCommitted(
        call=CALL,
        case=CASE,
        beneficiary=CITY,
        amount_cents=amount,
        attempt=attempt,
        budget_article="SJ0",
        tranches=[],
        budget=[],
        synthetic=True,
        source=SOURCE,
    )


def ordered(amount: int, offset: int = 0, tranche: str = "start", attempt: int = 1) -> PaymentOrdered:
    return PaymentOrdered(
        call=CALL,
        case=CASE,
        tranche=tranche,
        attempt=attempt,
        amount_cents=amount,
        offset_cents=offset,
        net_cents=amount - offset,
        recovery="1" if offset else None,
        bank_account=1,
        end_to_end_id="e2e",
        ordered_by="officer",
        checks=[],
    )


def released(order: PaymentOrdered) -> PaymentFileReleased:
    return PaymentFileReleased(
        call=CALL,
        case=CASE,
        tranche=order.tranche,
        attempt=order.attempt,
        amount_cents=order.amount_cents,
        offset_cents=order.offset_cents,
        net_cents=order.net_cents,
        recovery=order.recovery,
        end_to_end_id=order.end_to_end_id,
        released_by="releaser",
        checks=[],
    )


def executed(order: PaymentOrdered) -> PaymentExecuted:
    return PaymentExecuted(
        call=CALL,
        case=CASE,
        tranche=order.tranche,
        attempt=order.attempt,
        amount_cents=order.net_cents,
        end_to_end_id=order.end_to_end_id,
        value_date="2022-03-01",
    )


def rejected(order: PaymentOrdered) -> PaymentRejectedByBank:
    return PaymentRejectedByBank(
        call=CALL,
        case=CASE,
        tranche=order.tranche,
        attempt=order.attempt,
        amount_cents=order.net_cents,
        end_to_end_id=order.end_to_end_id,
        code="AC04",
    )


def recovery(amount: int) -> RecoveryOrdered:
    return RecoveryOrdered(
        call=CALL,
        case=CASE,
        recovery="1",
        amount_cents=amount,
        ground="not_accounted_for",
        debtor=CITY,
        finding=None,
        checks=[],
    )


def offset(amount: int) -> RecoveryOffset:
    return RecoveryOffset(call=CALL, case=CASE, recovery="1", amount_cents=amount, end_to_end_id="e2e", source=SOURCE)


def repaid(amount: int) -> RepaymentReceived:
    return RepaymentReceived(
        call=CALL, case=CASE, recovery="1", amount_cents=amount, reference="BANK", value_date="2024-05-05"
    )


def decommitted(amount: int) -> FundsDecommitted:
    return FundsDecommitted(
        call=CALL, case=CASE, amount_cents=amount, reason="final_subsidy_below_award", explanation=None
    )


AWARD = pending_id(CALL, CASE, "award", 1)
TRANCHE = pending_id(CALL, CASE, "tranche:start", 1)


def posted(debit: str, credit: str, amount: int) -> Transfer:
    names = dict.fromkeys(PER_CALL, CALL) | dict.fromkeys(PER_CASE, CASE)
    return Transfer("posted", amount, f"{debit}:{names[debit]}", f"{credit}:{names[credit]}")


@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        (envelope(9), [posted("CONTROL", "AVAILABLE", 9)]),
        (increase(9, 3), [posted("CONTROL", "AVAILABLE", 3)]),
        (reserved(5), [Transfer("pending", 5, f"AVAILABLE:{CALL}", f"COMMITTED:{CASE}", AWARD)]),
        (released_reservation(5), [Transfer("void", 0, pending_id=AWARD)]),
        (committed(5), [Transfer("post", 5, pending_id=AWARD)]),
        (ordered(5), [Transfer("pending", 5, f"COMMITTED:{CASE}", f"PAYABLE:{CASE}", TRANCHE)]),
        (released(ordered(5)), [Transfer("post", 5, pending_id=TRANCHE)]),
        (executed(ordered(5)), [posted("PAYABLE", "BANK", 5)]),
        (executed(ordered(5, 5)), []),
        (rejected(ordered(5, 2)), [posted("PAYABLE", "COMMITTED", 3)]),
        (decommitted(5), [posted("COMMITTED", "AVAILABLE", 5)]),
        (recovery(5), [posted("RECOVERABLE", "RECEIVABLE", 5)]),
        (repaid(5), [posted("RECEIVABLE", "RECOVERED", 5)]),
        (offset(5), [posted("RECEIVABLE", "RECOVERED", 5), posted("PAYABLE", "OFFSET", 5)]),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, list) else "",
)
def test_each_fact_moves_what_decisions_19_says(fact: AnyFact, expected: list[Transfer]) -> None:
    assert list(transfers_of(fact)) == expected


def test_a_fact_that_only_tells_moves_no_money() -> None:
    refused = CommitmentRefused(call=CALL, case=CASE, amount_cents=5, attempt=1, code="x", source=SOURCE)
    found = AuditFindingRecorded(call=CALL, case=CASE, finding=1, reference="A", description=WORDS)
    assert transfers_of(refused) == transfers_of(found) == ()


def test_only_control_and_recoverable_may_go_below_zero() -> None:
    free = {name for name in PER_CALL | PER_CASE if not limited(f"{name}:{CASE}")}
    assert free == {"CONTROL", "RECOVERABLE"}


def test_a_pending_transfer_is_named_by_case_purpose_and_attempt() -> None:
    names = {
        pending_id(call, case, purpose, attempt)
        for call in (CALL, CASE)
        for case in (CASE, CALL)
        for purpose in ("award", "tranche:start", "tranche:balance")
        for attempt in (1, 2)
    }
    assert len(names) == 2 * 2 * 3 * 2


def test_the_books_refuse_more_than_was_set_aside() -> None:
    books = Books()
    for fact in (envelope(5), reserved(5)):
        books.record(fact)
    with pytest.raises(Uncovered):
        books.record(reserved(1, attempt=2))


@dataclass
class Story:
    """A plausible life of one case, fact by fact, with what each amount should come to."""

    facts: list[AnyFact] = field(default_factory=list)
    envelope: int = 0
    award: int = 0
    bank: int = 0
    offset: int = 0
    owed: int = 0
    recovered: int = 0
    released: int = 0

    @property
    def left(self) -> int:
        """What is committed and not paid."""
        return self.award - self.bank - self.offset - self.released


def _decide(story: Story, draw: st.DrawFn) -> None:
    story.envelope = draw(st.integers(2, 10**9))
    story.facts.append(envelope(story.envelope))
    if draw(st.booleans()):
        more = draw(st.integers(0, 10**9))
        story.facts.append(increase(story.envelope, more))
        story.envelope += more
    held = draw(st.integers(1, story.envelope))
    attempts = draw(st.integers(1, 3))
    for attempt in range(1, attempts):
        story.facts += [reserved(held, attempt), released_reservation(held, attempt)]
    # The award may be less than was reserved; the rest returns.
    story.award = draw(st.integers(1, held))
    story.facts += [reserved(held, attempts), committed(story.award, attempts)]


def _pay(story: Story, draw: st.DrawFn, tranche: str) -> None:
    for attempt in (1, 2):
        amount = draw(st.integers(0, story.left))
        off = min(amount, story.owed) if draw(st.booleans()) else 0
        order = ordered(amount, off, tranche, attempt)
        story.facts += [order, released(order)]
        if off:
            story.facts.append(offset(off))
            story.offset, story.owed, story.recovered = story.offset + off, story.owed - off, story.recovered + off
        if attempt == 2 or draw(st.booleans()):
            story.facts.append(executed(order))
            story.bank += order.net_cents
            return
        story.facts.append(rejected(order))


def _recover(story: Story, draw: st.DrawFn) -> None:
    amount = draw(st.integers(0, story.bank))
    back = draw(st.integers(0, amount))
    story.facts += [recovery(amount), repaid(back)]
    story.owed, story.recovered = story.owed + amount - back, story.recovered + back


@st.composite
def stories(draw: st.DrawFn) -> Story:
    """Envelope, reservations, an award, payments, rejections, recoveries, offsets, what is left over."""
    story = Story()
    _decide(story, draw)
    for tranche in draw(st.lists(st.sampled_from(["a", "b", "c", "d"]), unique=True)):
        _pay(story, draw, tranche)
        if draw(st.booleans()):
            _recover(story, draw)
    if draw(st.booleans()):
        story.released = draw(st.integers(0, story.left))
        story.facts.append(decommitted(story.released))
    return story


@given(stories())
def test_debits_equal_credits_after_every_fact_and_no_limited_account_goes_below_zero(story: Story) -> None:
    books = Books()
    for fact in story.facts:
        books.record(fact)
        assert sum(books.debits.values()) == sum(books.credits.values())


@given(stories())
def test_the_accounts_say_what_happened(story: Story) -> None:
    books = Books()
    for fact in story.facts:
        books.record(fact)
    assert books.pending == {}
    assert books.balance(f"BANK:{CASE}") == story.bank
    assert books.balance(f"OFFSET:{CASE}") == story.offset
    assert books.balance(f"COMMITTED:{CASE}") == story.left
    assert books.balance(f"PAYABLE:{CASE}") == 0
    assert books.balance(f"RECEIVABLE:{CASE}") == story.owed
    assert books.balance(f"RECOVERED:{CALL}") == story.recovered
    assert books.balance(f"AVAILABLE:{CALL}") == story.envelope - story.award + story.released
    assert books.balance(f"CONTROL:{CALL}") == -story.envelope


@given(stories())
def test_every_movement_is_between_accounts_of_the_chart_or_resolves_a_pending_one(story: Story) -> None:
    seen: set[str] = set()
    for transfer in (transfer for fact in story.facts for transfer in transfers_of(fact)):
        if transfer.kind in ("posted", "pending"):
            for account in (transfer.debit, transfer.credit):
                name, _, owner = str(account).partition(":")
                assert owner == (CALL if name in PER_CALL else CASE)
                assert name in PER_CALL | PER_CASE
        if transfer.kind == "pending":
            assert transfer.pending_id not in seen
            seen.add(str(transfer.pending_id))
        if transfer.kind in ("post", "void"):
            assert transfer.pending_id in seen
