"""The desk's data over the other views: present rows, past refolds, and the facts behind a history."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Protocol

from events import codec
from events.codec import Event
from events.envelope import Actor
from events.store import Recorded, StoreUnavailable
from events.times import Instant
from events.vocabulary import Text
from projections.budget_consumption.evolve import BUDGET, BudgetRow
from projections.case_timeline import queries as timeline
from projections.case_timeline.evolve import TIMELINE, TimelineRow
from projections.contract_status import queries as status
from projections.contract_status.evolve import STATUS
from projections.contract_status.row import StatusRow
from projections.desk.calls import ABOUT, calls_of
from projections.desk.data import Budget, Call, Case, CaseLine, Listing, Money, NotReady, Shown, Step, Waiting
from projections.desk.steps import labels_of, step_of
from projections.past import Cut
from projections.query import Condition, Found, Is, Query
from projections.reading import Reads
from projections.view import RowT, View
from projections.web import Moments, look
from projections.worklist import queries as worklist
from projections.worklist.evolve import WORKLIST
from projections.worklist.tasks import NEVER, TASKS, Task, WorkRow

CONFIDENTIAL = frozenset({"jury_secretary", "jury_chair", "auditor"})
_CONTEXT = frozenset(
    {
        "CallDeadlineExtended",
        "CallDeadlineCorrected",
        "EnvelopeIncreased",
        "EnvelopeDecreased",
        "InspectorateAdviceRecorded",
        "BudgetAgreementRecorded",
    }
)
PAGE = 2_000


class ReadsFacts(Protocol):
    """The two reads of the log that the desk needs; the event store has them."""

    async def read_all(
        self, after_position: int = 0, *, types: Sequence[str] | None = None, limit: int = 1_000
    ) -> Sequence[Recorded]:
        """Up to `limit` events in position order."""

    async def read_case(self, correlation_id: str) -> Sequence[Recorded]:
        """Every event of a case, or of a call, in position order."""


def may_read(viewer: Actor, row: TimelineRow) -> bool:
    """Personal facts are for nobody here, the jury's deliberations for those who keep them and who audit.

    Stricter than the timeline itself: the desk adds what a rule was applied to, and that can tell how somebody judged.
    """
    if row.classification == "confidential":
        return viewer.role in CONFIDENTIAL
    return row.classification != "personal"


class ViewsDesk:
    """`DeskData` over the views of this house. Everything it reads goes through `Reads` and the log itself."""

    def __init__(self, reads: Reads, log: ReadsFacts) -> None:
        self._reads = reads
        self._log = log

    async def calls(self, viewer: Actor, cut: Cut) -> Sequence[Call]:
        """As the port says."""
        async with _available():
            return calls_of([event async for event in self._about()], cut)

    async def budget(self, viewer: Actor, call: str, cut: Cut) -> Budget | None:
        """As the port says."""
        found = await self._find(BUDGET, cut, Query((Is("call", call), Is("scope", "call"))))
        return Budget(money=money_of(found.rows[0]), shown=_shown(found)) if found.rows else None

    async def contracts(self, viewer: Actor, call: str, cut: Cut) -> Listing:
        """As the port says."""
        found = await self._find(STATUS, cut, status.cases(call=call), status.scope(viewer))
        return Listing(cases=[line_of(row) for row in sorted(found.rows, key=_by_rank)], shown=_shown(found))

    async def case(self, viewer: Actor, case: str, cut: Cut) -> Case | None:
        """As the port says."""
        found = await self._find(STATUS, cut, status.case(case), status.scope(viewer))
        if not found.rows:
            return None
        row = found.rows[0]
        money = await self._find(BUDGET, cut, Query((Is("call", row.call), Is("scope", "case"), Is("item", case))))
        return case_of(row, money.rows[0] if money.rows else None, _shown(found))

    async def timeline(self, viewer: Actor, case: str, cut: Cut) -> Sequence[Step]:
        """As the port says. What moved for the whole call, such as the envelope, stands in every case's history."""
        found = await self._find(STATUS, cut, status.case(case), status.scope(viewer))
        if not found.rows:
            return ()
        call = found.rows[0].call
        own = await self._find(TIMELINE, cut, timeline.of_case(case))
        shared = await self._find(TIMELINE, cut, timeline.of_call(call))
        rows = [*own.rows, *(row for row in shared.rows if row.type in _CONTEXT)]
        facts = await self._facts(case, call)
        labels = labels_of(facts.values())
        return [
            step_of(row, facts.get(row.position), labels)
            for row in sorted(rows, key=lambda row: row.position)
            if may_read(viewer, row)
        ]

    async def worklist(self, viewer: Actor, call: str, cut: Cut) -> Sequence[Waiting]:
        """As the port says."""
        found = await self._find(WORKLIST, cut, worklist.waiting(call=call), worklist.scope(viewer))
        now = cut.as_of or cut.known_at or found.known_at or ""
        waiting = [(task, row) for row in found.rows for task in _once(row.tasks)]
        waiting.sort(key=lambda pair: (pair[0].due or NEVER, pair[0].since, pair[1].subject))
        return [waiting_of(row, task, now) for task, row in waiting]

    async def _find(self, view: View[RowT], cut: Cut, query: Query, scope: tuple[Condition, ...] = ()) -> Found[RowT]:
        async with _available():
            return await look(self._reads, view, query, Moments(cut, None), scope)

    async def _facts(self, case: str, call: str) -> dict[int, Event]:
        async with _available():
            recorded = [*await self._log.read_case(case), *await self._log.read_case(call)]
        return {one.position: codec.read(one) for one in recorded}

    async def _about(self) -> AsyncIterator[Event]:
        after = 0
        while page := await self._log.read_all(after, types=ABOUT, limit=PAGE):
            for recorded in page:
                yield codec.read(recorded)
            after = page[-1].position


@asynccontextmanager
async def _available() -> AsyncIterator[None]:
    try:
        yield
    except StoreUnavailable as error:
        raise NotReady from error


def _shown(found: Found[RowT]) -> Shown:
    return Shown(position=found.position, known_at=found.known_at)


def _by_rank(row: StatusRow) -> tuple[int, str, str]:
    return (row.rank or 10**6, row.submitted_at or "9", row.case_id)


def _once(tasks: Iterable[Task]) -> list[Task]:
    """One line a kind of task: nine members who still score are one thing to wait for."""
    first: dict[str, Task] = {}
    for task in tasks:
        first.setdefault(task.code, task)
    return list(first.values())


def money_of(row: BudgetRow) -> Money:
    """The row's cents as the desk shows them."""
    return Money(
        envelope_cents=row.envelope_cents,
        reserved_cents=row.reserved_cents,
        awarded_cents=row.awarded_cents,
        committed_cents=row.committed_cents,
        decommitted_cents=row.decommitted_cents,
        ordered_cents=row.ordered_cents,
        payable_cents=row.payable_cents,
        paid_cents=row.paid_cents,
        offset_cents=row.offset_cents,
        recovery_ordered_cents=row.recovery_ordered_cents,
        recovered_cents=row.recovered_cents,
    )


def line_of(row: StatusRow) -> CaseLine:
    """A case as a line of the list, under whoever carries it now."""
    return CaseLine(
        case=row.case_id,
        call=row.call,
        number=row.case_number,
        party=row.beneficiary or row.applicant or "–",
        neighbourhood=row.neighbourhood,
        project=row.project,
        status=row.status,
        requested_cents=row.requested_cents,
        awarded_cents=row.awarded_cents,
        synthetic=row.synthetic,
        rank=row.rank,
    )


def case_of(row: StatusRow, budget: BudgetRow | None, shown: Shown) -> Case:
    """A case in full; one without money yet shows zeros."""
    flags = {
        "overdue_report": row.overdue_reports,
        "open_finding": row.open_findings,
        "open_recovery": row.open_recoveries,
        "rejected_payment": row.rejected_payments,
        "unsigned_pledge": row.unsigned,
    }
    return Case(
        line=line_of(row),
        money=money_of(budget) if budget else Money(),
        shown=shown,
        previous_party=row.successor_of,
        term_start=row.term_start,
        term_end=row.term_end,
        decided_on=row.decided_on,
        score_bp=row.score_bp,
        final_subsidy_cents=row.final_subsidy_cents,
        flags=[name for name, found in flags.items() if found],
    )


def waiting_of(row: WorkRow, task: Task, now: Instant) -> Waiting:
    """A task as a line of the worklist; `now` is the moment that the page shows, not a clock's."""
    turn, nl, en = TASKS[task.code]
    # A member's id is nobody's business; a report or a tranche says what it is about.
    about = f" ({task.ref.replace('_', ' ')})" if task.ref and turn not in ("jury_member", "partner") else ""
    return Waiting(
        case=row.case_id or None,
        party=row.applicant or "",
        turn=turn,
        todo=Text(nl=nl + about, en=en + about),
        since=task.since,
        due=task.due,
        overdue=task.due is not None and task.due < now,
    )
