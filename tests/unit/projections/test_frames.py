"""Reading a few fields of a fact gives the rows that reading all of it gives."""

from __future__ import annotations

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
from tests.unit.projections.samples import event, sample


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


def test_a_schema_version_of_the_future_stops_the_fold() -> None:
    with pytest.raises(UnknownEvent):
        list(decoder(BUDGET)(page([event(sample("EnvelopeSet"))], schema_version=99)))
