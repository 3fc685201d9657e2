"""Every view of the house, by name."""

from __future__ import annotations

from typing import Any

from projections.budget_consumption.evolve import BUDGET
from projections.case_timeline.evolve import TIMELINE
from projections.contract_status.evolve import STATUS
from projections.public_events.evolve import PUBLIC
from projections.view import View
from projections.worklist.evolve import WORKLIST

VIEWS: dict[str, View[Any]] = {view.name: view for view in (BUDGET, STATUS, TIMELINE, WORKLIST, PUBLIC)}
