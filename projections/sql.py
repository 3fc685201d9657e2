"""The text of the statements that every view shares, made from its row type. Pure: nothing here talks to a database.

An instant is text in a row and timestamptz in its table, a day is a date, a list or a mapping is jsonb; rows travel as
one JSON document in either direction, so a batch is one statement.
"""

# ruff: noqa: S608 -- table and column names are those of the house's own row types; every value is a parameter

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, get_args

import msgspec
from msgspec import inspect

from events import times
from projections.query import Condition, Either, Holds, Is, Lacks, Not, Query
from projections.view import View, columns

_INSTANT = """to_char({0} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS {0}"""
_PATTERNS = {get_args(times.Instant)[1].pattern: _INSTANT, get_args(times.Day)[1].pattern: "{0}::text AS {0}"}


def selected(view: View[Any]) -> str:
    """The select list that gives each column in the form that the row has it."""
    info = inspect.type_info(view.row)
    if not isinstance(info, inspect.StructType):
        raise TypeError(f"the row of {view.name} is no struct")
    return ", ".join(_expression(field.name, field.type) for field in info.fields)


def _expression(name: str, info: inspect.Type) -> str:
    match info:
        case inspect.UnionType(types=types):
            return _expression(name, next(one for one in types if not isinstance(one, inspect.NoneType)))
        case inspect.Metadata(type=inner):
            return _expression(name, inner)
        case inspect.StrType(pattern=pattern) if pattern in _PATTERNS:
            return _PATTERNS[pattern].format(name)
        case _:
            return name


def upsert(view: View[Any], table: str, where: str = "true") -> str:
    """Write rows given as one JSON array ($1), where a condition holds."""
    names = columns(view)
    listed = ", ".join(names)
    changed = ", ".join(f"{name} = excluded.{name}" for name in names if name not in view.key)
    return (
        f"INSERT INTO {table} ({listed})"
        f" SELECT {listed} FROM jsonb_populate_recordset(NULL::{table}, $1::jsonb) WHERE {where}"
        f" ON CONFLICT ({', '.join(view.key)}) DO UPDATE SET {changed}"
    )


def prefetch(view: View[Any]) -> str:
    """Read the rows of a batch's keys: one array a key column."""
    arrays = ", ".join(f"${number}::text[]" for number in range(1, len(view.key) + 1))
    return _as_json(
        f"SELECT {selected(view)} FROM {view.name} WHERE ({', '.join(view.key)}) IN (SELECT * FROM unnest({arrays}))"
    )


def prefetch_at(view: View[Any]) -> str:
    """The same beside the view's place, in one snapshot; the view's name is the last parameter."""
    place = f"SELECT position FROM store.consumer_place WHERE consumer = ${len(view.key) + 1}"
    return f"SELECT ({place}) AS position, ({prefetch(view)}) AS found"


def write_at(view: View[Any]) -> str:
    """Write rows ($1) and move the place of the view ($2) from $3 to $4, both or, where it is not there, neither.

    True when it was there. The commit need not wait for the disk: what is lost is rows and place together.
    """
    return f"""
WITH moved AS (
    UPDATE store.consumer_place SET position = $4 WHERE consumer = $2 AND position = $3 RETURNING position
), written AS (
    {upsert(view, view.name, "EXISTS (SELECT FROM moved)")}
)
SELECT set_config('synchronous_commit', 'off', true) IS NOT NULL AND EXISTS (SELECT FROM moved)
"""


def search(view: View[Any], query: Query) -> tuple[str, list[Any]]:
    """The rows of a query beside the view's place and its time of recording, in one snapshot; and the parameters."""
    values: list[Any] = []
    where = [_condition(one, values) for one in query.where]
    order = query.order or view.key
    if query.after is not None:
        marks = [_mark(value, values) for value in query.after]
        where.append(f"({', '.join(order)}) > ({', '.join(marks)})")
    text = f"SELECT {selected(view)} FROM {view.name}"
    if where:
        text += f" WHERE {' AND '.join(where)}"
    # Qualified, because the select list shows instants as text under the same names.
    text += f" ORDER BY {', '.join(view.name + '.' + name for name in order)}"
    if query.limit is not None:
        text += f" LIMIT {query.limit}"
    place = f"SELECT position FROM store.consumer_place WHERE consumer = {_mark(view.name, values)}"
    return (
        f"SELECT p.position, l.recorded_at, ({_as_json(text)}) AS found"
        f" FROM (SELECT coalesce(({place}), 0) AS position) AS p LEFT JOIN store.log AS l ON l.position = p.position"
    ), values


def _as_json(text: str) -> str:
    return f"SELECT coalesce(json_agg(found), '[]')::text FROM ({text}) AS found"


def _condition(condition: Condition, values: list[Any]) -> str:
    match condition:
        case Is(column, None):
            return f"{column} IS NULL"
        case Not(column, None):
            return f"{column} IS NOT NULL"
        case Is(column, value):
            return f"{column} = {_mark(value, values)}"
        case Not(column, value):
            return f"{column} IS DISTINCT FROM {_mark(value, values)}"
        case Holds(column, value):
            return f"{column} @> to_jsonb({_mark(value, values)})"
        case Lacks(column, value):
            return f"NOT {column} @> to_jsonb({_mark(value, values)})"
        case Either(conditions):
            return f"({' OR '.join(_condition(one, values) for one in conditions)})"


def _mark(value: Any, values: list[Any]) -> str:
    values.append(value)
    kind = "boolean" if isinstance(value, bool) else "bigint" if isinstance(value, int) else "text"
    return f"${len(values)}::{kind}"


def csv_line(values: Iterable[Any]) -> str:
    """One line for COPY … CSV: text is quoted, so an empty field can only mean null."""
    # By exact type and without a call of our own a field: a rebuild writes hundreds of thousands of them.
    return ",".join([_FIELDS.get(type(value), _document)(value) for value in values]) + "\n"


def _text(value: str) -> str:
    return '"' + value.replace('"', '""') + '"'


def _document(value: Any) -> str:
    return _text(msgspec.json.encode(value).decode())


def _null(_value: None) -> str:
    return ""


_FIELDS: dict[type, Callable[[Any], str]] = {type(None): _null, bool: str, int: str, str: _text}
