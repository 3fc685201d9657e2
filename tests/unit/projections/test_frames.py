"""Reading a few fields of a fact gives the rows that reading all of it gives."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_type_hints

import msgspec
import pytest

from events import codec, envelope
from events.catalog import FACT_TYPES
from events.codec import Event, UnknownEvent
from projections.budget_consumption.evolve import BUDGET
from projections.frames import Line, decoder, reads_little, subset
from projections.view import Key, View
from projections.views import VIEWS
from tests import golden
from tests.unit.projections.samples import event, sample

GOLDEN = Path(golden.__file__).parent / "facts"
RECORDED = datetime(2021, 3, 1, tzinfo=UTC)
OLD = [(name, version) for name in sorted(BUDGET.folds) for version in range(1, FACT_TYPES[name].schema_version)]


def page(events: list[Event], **changes: Any) -> list[Line]:
    """A page as it comes from the log."""
    lines = []
    for one in events:
        frame = msgspec.structs.replace(one.envelope, data=codec.data_of(one.fact), **changes)
        lines.append((one.position, frame.type, envelope.to_bytes(frame), one.recorded_at))
    return lines


def folded(view: View[Any], events: Any) -> dict[Key, Any]:
    rows: dict[Key, Any] = {}
    for one in events:
        view.evolve(rows, one)
    return rows


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
def test_a_page_folds_like_the_events_it_holds(view: View[Any]) -> None:
    events = [event(sample(name), number) for number, name in enumerate(sorted(view.folds), 1)]
    read = list(decoder(view)(page(events)))
    assert folded(view, read) == folded(view, events)
    assert all(set(folded(view, [one])) <= set(view.keys(one)) for one in read)
    if not reads_little(view):
        assert [(one.position, one.recorded_at) for one in read] == [(one.position, one.recorded_at) for one in events]


@pytest.mark.parametrize("name", sorted(BUDGET.needs))
def test_a_subset_has_the_fields_of_the_fact_with_the_same_types(name: str) -> None:
    whole = get_type_hints(FACT_TYPES[name].model)
    made = subset(name, BUDGET.needs[name])
    assert {field.name: field.type for field in msgspec.structs.fields(made)} == {
        field: whole[field] for field in BUDGET.needs[name]
    }


def test_a_field_that_the_fact_does_not_have_cannot_be_read() -> None:
    with pytest.raises(KeyError):
        subset("EnvelopeSet", ("amount",))


def test_every_folded_fact_says_what_the_fold_reads_of_it() -> None:
    assert set(BUDGET.needs) == BUDGET.folds


@pytest.mark.parametrize(("name", "version"), OLD)
def test_an_old_event_folds_as_its_upcaster_reads_it(name: str, version: int) -> None:
    """Given: an event of an old schema version. When: a rebuild reads a page. Then: rows as of the whole event."""
    frame = msgspec.structs.replace(
        event(sample(name)).envelope,
        schema_version=version,
        data=msgspec.Raw((GOLDEN / f"{name}.v{version}.json").read_bytes()),
    )
    known = Event(1, RECORDED, frame, codec.fact_of(frame))
    read = list(decoder(BUDGET)([(1, name, envelope.to_bytes(frame), RECORDED)]))
    assert folded(BUDGET, read) == folded(BUDGET, [known]) != {}


def test_what_is_broken_is_not_taken_for_old() -> None:
    line = page([event(sample("PaymentExecuted"))])[0]
    broken = line[2].replace(b'"amount_cents":', b'"cents":')
    with pytest.raises(msgspec.ValidationError, match="cents"):
        list(decoder(BUDGET)([(1, "PaymentExecuted", broken, line[3])]))


def test_a_schema_version_of_the_future_stops_the_fold() -> None:
    with pytest.raises(UnknownEvent):
        list(decoder(BUDGET)(page([event(sample("EnvelopeSet"))], schema_version=99)))
