"""Tranche plans are data: the plans of sister calls (domain.md §2.5) run to closure, and only the terms differ."""

from __future__ import annotations

from events.intake import InterimTerms, ReportTerm, Tranche, TrancheRule
from events.payment import AccountClosed, ClaimSubmitted, ClaimTermSet, PaymentExecuted
from events.times import end_of_day
from events.vocabulary import Period
from services.payment.commands import SubmitClaim
from tests.unit.services.payment.play import (
    APPLICANT,
    CASE,
    HANDLER,
    INSPECTOR,
    TEXT,
    Play,
    claimed_cost,
    cost,
    payment_terms,
    stream_id,
)
from tests.unit.services.payment.test_claims import asking
from tests.unit.services.payment.test_watching import inspection, interim

START = Tranche(code="start", label=TEXT, share_bp=0, condition="contract_active", report=None)
MIDDLE = Tranche(code="middle", label=TEXT, share_bp=0, condition="report_accepted", report="half")
BALANCE = Tranche(code="balance", label=TEXT, share_bp=0, condition="final_account_settled", report=None)
REPORTS = [
    ReportTerm(code="half", label=TEXT, period=Period(start="2022-01-01", end="2023-12-31"), due="2024-03-31"),
    ReportTerm(code="final", label=TEXT, period=Period(start="2024-01-01", end="2025-12-31"), due="2026-03-31"),
]


def tranches(*parts: tuple[Tranche, int]) -> list[Tranche]:
    """Tranches with their shares."""
    return [
        Tranche(code=one.code, label=one.label, share_bp=share, condition=one.condition, report=one.report)
        for one, share in parts
    ]


def begun(plan: list[Tranche], *rules: TrancheRule, interim_bp: int | None = None) -> Play:
    """An award of 800,000 on a cost of 1,000,000 under this plan."""
    decision = InterimTerms(min_reached_bp=interim_bp) if interim_bp is not None else None
    terms = payment_terms(*rules, reminder_days=(30, 7), interim=decision)
    return Play().award(tranches=plan, reports=REPORTS, payment=terms).activate()


def ended(play: Play) -> list[int]:
    """Final report, final account, balance, closure; what the bank paid, in order."""
    play.hand_in("final", cost("personnel", 50_000_000, 40_000_000)).settle().claim("balance").pay("balance").close()
    assert play.last(AccountClosed).paid_cents == 80_000_000
    return [fact.amount_cents for fact in play.facts if isinstance(fact, PaymentExecuted)]


def half(play: Play) -> Play:
    """The report half way: half of the costs."""
    return play.hand_in("half", cost("personnel", 50_000_000, 40_000_000))


def refused(play: Play, tranche: str, code: str) -> None:
    """The tranche cannot be claimed yet."""
    command = SubmitClaim(case=CASE, tranche=tranche)
    play.refused("claim", stream_id("claim", tranche), command, APPLICANT, rule="P2", code=code)


def test_an_advance_of_80_and_a_balance_of_20_after_control() -> None:
    play = half(begun(tranches((START, 8_000), (BALANCE, 2_000))).claim("start").pay("start"))
    assert ended(play) == [64_000_000, 16_000_000]


def test_80_and_20_where_the_second_year_waits_for_the_decision_to_go_on() -> None:
    second = asking("middle", requires=["interim_continue"])
    play = begun(tranches((START, 4_000), (MIDDLE, 4_000), (BALANCE, 2_000)), second, interim_bp=2_500)
    half(play.claim("start").pay("start"))
    refused(play, "middle", "no_interim_continue")
    play.do("account", CASE, interim("continue", 2_600), HANDLER).claim("middle").pay("middle")
    assert ended(play) == [32_000_000, 32_000_000, 16_000_000]


def test_40_30_30_on_claims_with_their_costs_after_fifteen_months_and_until_six_months_after_the_end() -> None:
    rules = (
        asking("start", requires=["cost_lines"]),
        asking("middle", requires=["cost_lines"], not_before_months=15),
        asking("balance", claim_months_after_end=6),
    )
    play = begun(tranches((START, 4_000), (MIDDLE, 3_000), (BALANCE, 3_000)), *rules)
    assert play.last(ClaimTermSet).due == end_of_day("2026-06-30")
    refused(play, "start", "no_cost_lines")
    play.claim("start", claimed_cost(32_000_000, evidence="a")).pay("start")
    half(play)
    refused(play, "middle", "too_early")
    play.at = "2023-04-01T08:00:00.000000Z"
    # A claim for less than the planned tranche: its costs carry no more, and the rest comes with the balance.
    play.claim("middle", claimed_cost(20_000_000, evidence="b")).pay("middle")
    assert play.last(ClaimSubmitted).amount_cents == 20_000_000
    assert ended(play) == [32_000_000, 20_000_000, 28_000_000]


def test_30_30_40_at_sixty_per_cent_realised_and_after_a_positive_inspection() -> None:
    rules = (
        asking("middle", min_realised_bp=6_000),
        asking("balance", requires=["positive_inspection"]),
    )
    play = begun(tranches((START, 3_000), (MIDDLE, 3_000), (BALANCE, 4_000)), *rules).claim("start").pay("start")
    play.hand_in("half", cost("personnel", 60_000_000, 48_000_000)).claim("middle").pay("middle")
    play.hand_in("final", cost("personnel", 40_000_000, 32_000_000)).settle()
    refused(play, "balance", "no_positive_inspection")
    play.do("account", CASE, inspection("positive"), INSPECTOR).claim("balance").pay("balance").close()
    paid = [fact.amount_cents for fact in play.facts if isinstance(fact, PaymentExecuted)]
    assert paid == [24_000_000, 24_000_000, 32_000_000]
