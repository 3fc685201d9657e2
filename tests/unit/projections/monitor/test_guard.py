"""Nothing that a record does to us stops the ones after it."""

from __future__ import annotations

from events.store import Recorded
from projections.monitor.app import guarded
from projections.monitor.reading import Raw, Reader
from projections.monitor.tables import Tables

WHERE = ("wijkspoor.intake.v1", 2)


def stumbling(_raw: Raw) -> Recorded:
    raise ZeroDivisionError


def test_a_record_that_we_stumble_over_is_counted_and_passed() -> None:
    reader = Reader(Tables(), stumbling)
    for offset in (4, 5):
        guarded(reader, reader.log, Raw(*WHERE, offset, b"stream", b"{}", (), 1_000))
    assert reader.places.offsets == {WHERE: 6}
    assert reader.tables.totals["unreadable"] == 2
