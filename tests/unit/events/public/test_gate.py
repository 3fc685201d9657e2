"""The gate: every change that a reader could stumble over is found, and nothing else is."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import jsoncompat
import pytest

from events.public.gate import between, breaks
from events.public.schemas import pretty, schemas
from tests.golden.make_public import ASYNCAPI, golden

AWARDED = "be.vlaanderen.wijkspoor.v1.grants.notify.awarded"
DECIDED = "be.vlaanderen.wijkspoor.v1.decisions.notify.taken"
UPDATE = "run `python -m tests.golden.make_public` and look at the difference"

PROMISED, MADE = golden(), schemas()

Change = Callable[[dict[str, Any]], Any]


def data(schema: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = schema["properties"]["data"]
    return found


def takes(old: dict[str, Any], new: dict[str, Any]) -> bool:
    """Whether a reader of the old schema takes every event of the new one, in the other checker's opinion."""
    # It takes the name of a schema for an address, and looks nothing up.
    old_text, new_text = (json.dumps({key: one[key] for key in one if key != "$id"}) for one in (old, new))
    return jsoncompat.check_compat(old_text, new_text, "serializer")


def test_nothing_promised_has_broken() -> None:
    assert not breaks(PROMISED, MADE), "make a new major version beside the old one"


def test_what_is_promised_is_what_is_written_down() -> None:
    assert json.loads(json.dumps(MADE)) == PROMISED, UPDATE
    for name, one in MADE.items():
        assert (ASYNCAPI.parent / f"{name}.schema.json").read_bytes() == pretty(one), UPDATE


@pytest.mark.parametrize("name", sorted(MADE))
def test_a_second_opinion_sees_old_readers_take_new_events(name: str) -> None:
    assert takes(PROMISED[name], MADE[name])


PLANTED: dict[str, Change] = {
    "a removed field": lambda one: data(one)["properties"].pop("rank"),
    "a removed attribute": lambda one: one["properties"].pop("sequence"),
    "a removed field of a shared value": lambda one: one["$defs"]["Money"]["properties"].pop("paidCents"),
    "a field that is not promised any more": lambda one: data(one)["required"].remove("rank"),
    "a field that is newly required": lambda one: one["required"].append("causationid"),
    "a renamed field": lambda one: data(one)["properties"].update(place=data(one)["properties"].pop("rank")),
    "a type changed": lambda one: data(one)["properties"]["rank"].update(type="string"),
    "a type narrowed": lambda one: one["$defs"]["Case"]["properties"].update(number={"type": "string"}),
    "a type widened": lambda one: data(one)["properties"]["rank"].update(type=["integer", "null"]),
    "a bound narrowed": lambda one: data(one)["properties"]["amountCents"].update(maximum=1_000),
    "a bound added": lambda one: data(one)["properties"]["rank"].update(minimum=1),
    "a bound dropped": lambda one: data(one)["properties"]["amountCents"].pop("minimum"),
    "a pattern changed": lambda one: one["properties"]["sequence"].update(pattern="^[0-9]+$"),
    "a format changed": lambda one: data(one)["properties"]["meeting"].update(format="date-time"),
    "a code taken from a list": lambda one: one["$defs"]["Case"]["properties"]["status"]["enum"].remove("closed"),
    "a code added to a list": lambda one: one["$defs"]["Case"]["properties"]["status"]["enum"].append("paused"),
    "another type name": lambda one: one["properties"]["type"].update(const=AWARDED + ".v2"),
    "a closed content model": lambda one: data(one).update(additionalProperties=False),
    "a list that holds something else": lambda one: data(one)["properties"]["budget"].update(items={"type": "string"}),
    "a reference to something else": lambda one: data(one)["properties"]["term"].update({"$ref": "#/$defs/Money"}),
    "another derivation of id": lambda one: one["properties"]["id"].update({"x-meaning": "a random uuid"}),
    "a derivation of id that is not said": lambda one: one["properties"]["id"].pop("x-meaning"),
    "another meaning of sequence": lambda one: one["properties"]["sequence"].update({"x-meaning": "place in its case"}),
    "another meaning of time": lambda one: one["properties"]["time"].update({"x-meaning": "business time"}),
}


@pytest.mark.parametrize("change", PLANTED.values(), ids=PLANTED)
def test_a_planted_break_is_found(change: Change) -> None:
    old = PROMISED[AWARDED]
    new = deepcopy(old)
    change(new)
    assert between(old, new), "the gate let it pass"
    assert len(breaks({AWARDED: old, DECIDED: {}}, {AWARDED: new, DECIDED: {}})) == len(between(old, new))


def test_a_type_that_is_gone_is_found() -> None:
    old = PROMISED
    new = {name: one for name, one in old.items() if name != DECIDED}
    assert breaks(old, new) == [f"{DECIDED}: the type is gone"]


FREE: dict[str, Change] = {
    "a new optional field": lambda one: data(one)["properties"].update(remark={"type": "string"}),
    "a new optional attribute": lambda one: one["properties"].update(dataschema={"type": "string"}),
    "a new optional field of a shared value": lambda one: one["$defs"]["Case"]["properties"].update(url={}),
    "other words": lambda one: one.update(title="x", description="y"),
    "an order": lambda one: data(one).update(required=sorted(data(one)["required"])),
    "a definition under another name": lambda one: (
        one["$defs"].update(Period=one["$defs"].pop("Term")),
        data(one)["properties"].update(term={"$ref": "#/$defs/Period"}),
    ),
}


@pytest.mark.parametrize("change", FREE.values(), ids=FREE)
def test_what_nobody_stumbles_over_is_free(change: Change) -> None:
    old = PROMISED[AWARDED]
    new = deepcopy(old)
    change(new)
    assert between(old, new) == []
    assert takes(old, new)


def test_a_new_type_is_free() -> None:
    assert breaks({}, PROMISED) == []


def test_the_second_opinion_agrees_wherever_new_events_would_not_fit_an_old_reader() -> None:
    seen = {name for name, change in PLANTED.items() if not takes(PROMISED[AWARDED], changed(change))}
    assert {"a removed field", "a type changed", "a type widened", "a code added to a list"} <= seen


def changed(change: Change) -> dict[str, Any]:
    new: dict[str, Any] = deepcopy(PROMISED[AWARDED])
    change(new)
    return new
