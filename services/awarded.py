"""The call's limits as an award was made under them. Pure.

An award within the limits of its call leaves them as they are. One that a derogation (afwijking, E6) let through is
its own limit: it may be kept to the end, and nothing may move further away from the rule.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from events.intake import Cofinancing, ShareLimit
from events.vocabulary import BudgetLine

WHOLE = 10_000


def own_contribution(own: Cofinancing, budget: Sequence[BudgetLine]) -> Cofinancing:
    """The own contribution with the rate of the awarded budget, where that is the lower one."""
    subsidy, total = sum(line.subsidy_cents for line in budget), sum(line.amount_cents for line in budget)
    base = subsidy if own.base == "SUBSIDY" else total
    return replace(own, min_rate_bp=min(own.min_rate_bp, (total - subsidy) * WHOLE // base)) if base else own


def share_limits(limits: Sequence[ShareLimit], budget: Sequence[BudgetLine]) -> list[ShareLimit]:
    """The share limits, each with the share of the awarded budget where that is the higher one."""
    whole = sum(line.subsidy_cents for line in budget)
    held = {one.category: sum(x.subsidy_cents for x in budget if x.category == one.category) for one in limits}
    # Rounded up, so that what was awarded is itself within its share.
    awarded = {category: -(-cents * WHOLE // whole) if whole else 0 for category, cents in held.items()}
    return [replace(one, max_share_bp=max(one.max_share_bp, awarded[one.category])) for one in limits]
