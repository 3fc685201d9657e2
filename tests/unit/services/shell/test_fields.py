"""A value of the shared language keeps its bounds when it is a command's field."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from events.times import Day
from events.vocabulary import Cents, Ovo, Party
from services.fields import Command, Wire


class Measure(Command):
    """A command with one value of each sort, plain, in a list and optional."""

    amount_cents: Wire[Cents]
    organisation: Wire[Ovo]
    day: Wire[Day] | None = None
    amounts: list[Wire[Cents]] | None = None
    party: Wire[Party] | None = None


GOOD = b'{"amountCents":1,"organisation":"OVO000001"}'


@pytest.mark.parametrize(
    ("body", "where"),
    [
        (b'{"amountCents":-1,"organisation":"OVO000001"}', ("amountCents",)),
        (b'{"amountCents":1.0,"organisation":"OVO000001"}', ("amountCents",)),
        (b'{"amountCents":true,"organisation":"OVO000001"}', ("amountCents",)),
        (b'{"amountCents":9007199254740992,"organisation":"OVO000001"}', ("amountCents",)),
        (b'{"amountCents":18446744073709551616,"organisation":"OVO000001"}', ("amountCents",)),
        (b'{"amountCents":1,"organisation":"ovo000001"}', ("organisation",)),
        (b'{"amountCents":1,"organisation":"OVO000001","day":"2021-02-29"}', ("day",)),
        (b'{"amountCents":1,"organisation":"OVO000001","amounts":[0,-1]}', ("amounts", 1)),
        (b'{"amountCents":1,"organisation":"OVO000001","party":{"ovo":"OVO000001"}}', ("party", "kbo")),
        (b'{"amountCents":1,"organisation":"OVO000001","model":1}', ("model",)),
    ],
)
def test_a_value_outside_its_bounds_is_a_mistake_at_its_place(body: bytes, where: tuple[str | int, ...]) -> None:
    with pytest.raises(ValidationError) as caught:
        Measure.model_validate_json(body)
    assert where in [error["loc"] for error in caught.value.errors()]


def test_a_good_value_is_read() -> None:
    assert Measure.model_validate_json(GOOD).amount_cents == 1


def test_the_schema_tells_the_bounds() -> None:
    schema = Measure.model_json_schema()["properties"]
    assert schema["amountCents"]["minimum"] == 0
    assert schema["organisation"]["pattern"] == r"^OVO\d{6}$"


def test_a_reaction_may_hand_in_finished_values_in_python() -> None:
    assert Measure(amount_cents=5, organisation="OVO000001").organisation == "OVO000001"
    with pytest.raises(ValidationError):
        Measure(amount_cents=-5, organisation="OVO000001")
