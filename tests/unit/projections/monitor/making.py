"""Events for the monitor, made by hand, and logs of them for properties."""

from __future__ import annotations

from hypothesis import strategies as st

from events.catalog import FACT_TYPES
from events.store import Recorded
from events.times import moment
from projections.monitor.figures import Figures
from projections.monitor.glance import Data, Glance
from projections.monitor.limits import Limits
from projections.monitor.tables import Tables, apply
from projections.monitor.tell import Outside, tell
from tests.unit.projections.samples import AT, appended, sample

SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000
START = 18_700 * DAY
"""A midnight (UTC) in March 2021."""
CALL, CASE = "call-1", "case-1"


def seen(
    position: int,
    type_: str,
    at: int = START,
    *,
    case: str | None = None,
    amount: int = 0,
    increase: int = 0,
    occurred: int | None = None,
    origin: str | None = None,
) -> Glance:
    """One event at a glance; it is of the service that says this type."""
    data = Data(call=CALL, case=case, amount_cents=amount, increase_cents=increase, origin=origin)
    return Glance(position, at, at if occurred is None else occurred, FACT_TYPES[type_].service, type_, data)


def tables_of(*events: Glance) -> Tables:
    """The state after these events, in this order."""
    tables = Tables()
    for one in events:
        apply(tables, one)
    return tables


def figures_of(*events: Glance, now: int | None = None, limits: Limits | None = None) -> Figures:
    """What the monitor tells after these events."""
    return tell(tables_of(*events), Outside(now_ms=now), limits or Limits())


def ordered(raw: list[tuple[int, str, str | None, int]]) -> list[Glance]:
    """A log: positions without holes, time that never goes back."""
    at, log = START, []
    for number, (pause, type_, case, amount) in enumerate(raw, start=1):
        at += pause
        log.append(seen(number, type_, at, case=case, amount=amount, increase=amount))
    return log


logs = st.lists(
    st.tuples(
        st.sampled_from([0, 1, SECOND, 20 * MINUTE, HOUR, DAY, 40 * DAY, 500 * DAY]),
        st.sampled_from(sorted(FACT_TYPES)),
        st.sampled_from([None, "a", "b", "c"]),
        st.integers(0, 10_000),
    ),
    max_size=40,
).map(ordered)
"""Any facts, close together or years apart."""


def recorded(name: str, position: int) -> Recorded:
    """An example of this fact as the store has it, in a stream of its own."""
    request = appended(sample(name), position)
    (made,) = request.events
    return Recorded(
        position,
        moment(AT),
        request.stream,
        1,
        made.type,
        made.schema_version,
        made.correlation_id,
        made.body,
        made.key_id,
        made.signature,
    )
