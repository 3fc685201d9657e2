"""Every view of the house, by name."""

from __future__ import annotations

from typing import Any

from projections.budget_consumption.evolve import BUDGET
from projections.contract_status.evolve import STATUS
from projections.view import View

VIEWS: dict[str, View[Any]] = {view.name: view for view in (BUDGET, STATUS)}
