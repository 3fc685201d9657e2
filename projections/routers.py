"""The routes of every view, for bootstrap to hang into the application."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from events.store import EventStore
from events.times import Instant
from projections.budget_consumption import api as budget
from projections.case_timeline import api as timeline
from projections.contract_status import api as status
from projections.letter import api as letter
from projections.reading import Reads
from projections.web import RouterFactory
from projections.worklist import api as worklist


def routers(reads: Reads, store: EventStore, now: Callable[[], Instant] | None = None) -> Sequence[RouterFactory]:
    """One factory a view, and the letters.

    `now` is the clock that tells what is overdue; without it the last recorded event does.
    """
    return [
        budget.routes(reads),
        status.routes(reads),
        timeline.routes(reads, store),
        worklist.routes(reads, now),
        letter.routes(reads, store),
    ]
