"""Facts of what partners pledged to do: actions with owner, dates, budget and indicators, and what came of them."""

from __future__ import annotations

from typing import TypeAlias

from events.times import Day, Instant
from events.vocabulary import Attachment, BudgetLine, CaseFact, Check, Code, Name, Part, Period, Written


class Indicator(Part, frozen=True, kw_only=True):
    """What is measured (indicator): whole numbers of `unit`, from baseline (nulmeting) to target (streefwaarde)."""

    indicator: Code
    definition: Written
    unit: Name
    baseline: int
    target: int


class Action(Part, frozen=True, kw_only=True):
    """A pledge made concrete (actie). `owner` is the partner that carries it, None the beneficiary itself."""

    action: Code
    title: Written
    owner: Code | None
    period: Period
    budget: list[BudgetLine]
    indicators: list[Indicator]


class ActionPlanned(CaseFact, frozen=True, kw_only=True):
    """The action belongs to the contract; before the contract is in force a later plan takes the place of this one."""

    action: Action
    checks: list[Check]


class ActionDiscontinued(CaseFact, frozen=True, kw_only=True):
    """The action stops (stopzetting van een actie); its budget is free for others."""

    action: Code
    reason: Written
    effective_at: Instant


class IndicatorRecorded(CaseFact, frozen=True, kw_only=True):
    """What was realised on a day, by evidence.

    `reached_bp` is how far the value has come from baseline to target, in basis points rounded down: below zero where
    it went the other way, above 10,000 where more was reached than promised.
    """

    action: Code
    indicator: Code
    measured_on: Day
    baseline: int
    target: int
    value: int
    reached_bp: int
    evidence: list[Attachment]
    note: Written | None


PlanFacts: TypeAlias = ActionPlanned | ActionDiscontinued | IndicatorRecorded
