"""Facts of a recovery (terugvordering): money that has to come back."""

from __future__ import annotations

from typing import Literal, TypeAlias

from events.times import Day
from events.vocabulary import CaseFact, Cents, Check, Party, Source


class RecoveryOrdered(CaseFact, frozen=True, kw_only=True):
    """Terugvordering: ground (act of 16 May 2003, art. 13), amount, debtor (P7).

    `recovery` is its number in this case, as text ("1", "2" …).
    """

    recovery: str
    amount_cents: Cents
    ground: Literal["conditions_not_met", "not_used_for_purpose", "control_obstructed", "not_accounted_for"]
    debtor: Party
    finding: int | None
    checks: list[Check]


class RecoveryOffset(CaseFact, frozen=True, kw_only=True):
    """Verrekening: the debt is set off against a payment that was released."""

    recovery: str
    amount_cents: Cents
    end_to_end_id: str
    source: Source


class RepaymentReceived(CaseFact, frozen=True, kw_only=True):
    """The debtor paid back."""

    recovery: str
    amount_cents: Cents
    reference: str
    value_date: Day


RecoveryFacts: TypeAlias = RecoveryOrdered | RecoveryOffset | RepaymentReceived
