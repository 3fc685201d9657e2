"""What every view promises: it has thought of every fact, and any part of any history folds."""

from __future__ import annotations

from random import Random
from typing import Any

import msgspec
import pytest

from events.catalog import FACT_TYPES
from events.codec import Event
from events.times import instant
from projections.hashes import view_hash
from projections.past import Cut, effective_at, refold
from projections.query import Either, Holds, Is, Lacks, Not, Query, select
from projections.view import Key, View, columns
from projections.views import VIEWS
from projections.worklist.tasks import WorkRow
from tests.unit.projections.samples import CALL, CASE, event, sample

OTHER = CASE[:-1] + "9"
views = pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)


def history(seed: int, length: int = 200) -> list[Event]:
    """Facts in an order that no procedure would allow, in business time that jumps back and forth."""
    chance = Random(seed)
    moments = [f"20{21 + chance.randrange(5)}-0{1 + chance.randrange(9)}-11T09:00:00.000000Z" for _ in range(length)]
    return [
        event(sample(name), position, at, known=f"2026-01-01T00:00:00.{position:06d}Z")
        for position, (name, at) in enumerate(
            zip(chance.choices(sorted(FACT_TYPES), k=length), moments, strict=True), 1
        )
    ]


@views
def test_every_fact_is_folded_or_ignored_on_purpose(view: View[Any]) -> None:
    assert view.folds | view.ignores == set(FACT_TYPES)
    assert not view.folds & view.ignores


@views
@pytest.mark.parametrize("name", sorted(FACT_TYPES))
def test_a_fact_touches_only_the_rows_it_names(view: View[Any], name: str) -> None:
    rows: dict[Key, Any] = {}
    one = event(sample(name))
    view.evolve(rows, one)
    if name in view.ignores:
        assert rows == {}
    else:
        assert set(rows) <= set(view.keys(one))
        assert all(view.key_of(row) == key for key, row in rows.items())


@views
@pytest.mark.parametrize("seed", range(10))
def test_any_history_folds_and_its_rows_survive_the_wire(view: View[Any], seed: int) -> None:
    rows = refold(view, history(seed))
    body = msgspec.json.encode(list(rows.values()))
    assert msgspec.json.decode(body, type=list[view.row]) == list(rows.values())  # type: ignore[name-defined]  # known at run time


@views
def test_a_batch_folds_like_its_events_one_by_one_on_prefetched_rows_alone(view: View[Any]) -> None:
    whole = refold(view, history(1))
    table: dict[Key, Any] = {}
    for one in history(1):
        if one.envelope.type in view.folds:
            wanted = set(view.keys(one))
            rows = {
                key: msgspec.convert(msgspec.to_builtins(row), view.row) for key, row in table.items() if key in wanted
            }
            view.evolve(rows, one)
            table |= rows
    assert table == whole


@views
def test_both_ways_to_the_present_agree(view: View[Any]) -> None:
    events = history(2)
    present = refold(view, events)
    last = instant(events[-1].recorded_at)
    assert refold(view, events, Cut(known_at=last)) == present
    assert refold(view, events, Cut(as_of=max(effective_at(one) for one in events))) == present


@views
def test_every_moment_of_either_clock_can_be_asked_for(view: View[Any]) -> None:
    events = history(3, 60)
    for one in events:
        refold(view, events, Cut(as_of=effective_at(one)))
        known = refold(view, events, Cut(known_at=instant(one.recorded_at)))
        assert known == refold(view, events[: one.position])


def test_a_fact_counts_from_the_moment_itself_on_and_from_its_effective_date() -> None:
    start = "2025-01-01T00:00:00.000000Z"
    view = VIEWS["contract_status"]
    events = [
        event(sample("DraftStarted"), 1, "2021-04-01T08:00:00.000000Z"),
        event(sample("BeneficiarySucceeded", effective_at=start), 2, "2024-11-01T08:00:00.000000Z"),
    ]
    before = refold(view, events, Cut(as_of="2024-12-31T23:59:59.999999Z"))
    assert before[(CASE,)].beneficiary is None
    assert refold(view, events, Cut(as_of=start))[(CASE,)].beneficiary == "words"
    assert refold(view, events, Cut(as_of="2021-03-31T00:00:00.000000Z")) == {}


def test_two_plays_with_other_ids_positions_and_recording_times_have_one_hash() -> None:
    for view in VIEWS.values():
        first = [event(sample(name), number) for number, name in enumerate(sorted(FACT_TYPES), 1)]
        other = [
            event(
                msgspec.convert(
                    msgspec.json.decode(msgspec.json.encode(one.fact).replace(CASE.encode(), OTHER.encode())),
                    type(one.fact),
                ),
                one.position + 7,
                known="2027-01-01T00:00:00.000000Z",
            )
            for one in first
        ]
        assert view_hash(view, refold(view, first).values()) == view_hash(view, refold(view, other).values()), view.name
        changed = [event(sample("EnvelopeSet", amount_cents=2)), event(sample("DraftStarted", neighbourhood="x"))]
        assert view_hash(view, refold(view, changed).values()) != view_hash(view, refold(view, first).values())


def test_a_query_filters_orders_and_pages() -> None:
    rows = [
        WorkRow(subject=str(number), call=CALL, party=party, organisations=["OVO000001"] * (number % 2))
        for number, party in enumerate(["applicant", None, "partner", "applicant"])
    ]
    worklist: View[WorkRow] = VIEWS["worklist"]

    def subjects(query: Query) -> list[str]:
        return [row.subject for row in select(worklist, query, rows)]

    assert subjects(Query((Not("party", None),))) == ["0", "2", "3"]
    assert subjects(Query((Is("party", None),))) == ["1"]
    assert subjects(Query((Holds("organisations", "OVO000001"),))) == ["1", "3"]
    assert subjects(Query((Lacks("organisations", "OVO000001"),))) == ["0", "2"]
    assert subjects(Query((Either((Is("subject", "0"), Is("party", "partner"))),))) == ["0", "2"]
    assert subjects(Query().page(("1",), 1)) == ["2"]
    assert subjects(Query().also(Is("call", CALL)).page(None, 3)) == ["0", "1", "2"]


@views
def test_the_table_has_a_column_for_each_field_of_the_row(view: View[Any]) -> None:
    from projections.runner import table_sql

    table, indexes = table_sql(view, "t_v1")
    named = [line.split()[0] for line in table.splitlines() if line.startswith("    ") and line[4].isalpha()]
    assert named[: len(columns(view))] == list(columns(view))
    assert f"ADD PRIMARY KEY ({', '.join(view.key)})" in indexes
