"""Facts of an amendment (wijziging, addendum): proposed by one person, approved by another."""

from __future__ import annotations

from typing import TypeAlias

from events.decision.plan import Action
from events.times import Day
from events.vocabulary import BudgetLine, CaseFact, Cents, Check, Code, Part, Partner, Period, Written


class Amendment(Part, frozen=True, kw_only=True):
    """What is to change; what is None or empty stays as it is.

    `budget` is the whole budget as it would be. `joining` are new partners, or new pledges of old ones; `leaving` are
    partners that the contract goes on without. `actions` are new, or take the place of those with the same code.
    """

    amount_cents: Cents | None
    budget: list[BudgetLine]
    end: Day | None
    joining: list[Partner]
    leaving: list[Code]
    actions: list[Action]


class AmendmentProposed(CaseFact, frozen=True, kw_only=True):
    """Somebody asks for a change; `proposed_by` is the person, who cannot approve it."""

    amendment: int
    changes: Amendment
    reason: Written
    proposed_by: str
    checks: list[Check]


class AmendmentApproved(CaseFact, frozen=True, kw_only=True):
    """The contract reads so from now on. A lower amount returns the difference to the envelope."""

    amendment: int
    changes: Amendment
    previous_cents: Cents
    amount_cents: Cents
    previous_budget: list[BudgetLine]
    budget: list[BudgetLine]
    partners: list[Partner]
    previous: Period
    term: Period
    approved_by: str
    checks: list[Check]


class AmendmentRefused(CaseFact, frozen=True, kw_only=True):
    """Nothing changes: a rule forbids it (`checks`), or an official refused it for a reason."""

    amendment: int
    changes: Amendment
    reason: Written | None
    checks: list[Check]


class AmendmentWithdrawn(CaseFact, frozen=True, kw_only=True):
    """Who asked for the change does not want it any more."""

    amendment: int
    reason: Written


AmendmentFacts: TypeAlias = AmendmentProposed | AmendmentApproved | AmendmentRefused | AmendmentWithdrawn
