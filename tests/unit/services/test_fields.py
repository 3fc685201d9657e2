"""How a command's fields are read: strictly, mistake by mistake, and by the words that facts use.

`shell/test_fields.py` holds the bounds of the shared values; here stand texts, days, deadlines, structs and shapes.
"""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from events.canonical import SAFE_INTEGER
from events.times import Day, Deadline, deadline
from events.vocabulary import Clear, Kbo, Name, Party, Personal, Sealed, Uuid, Words, Written
from services.fields import Command, Wire
from services.registry import SERVICES
from services.story.call_2021 import steps

PARTY = {"ovo": "OVO000001", "kbo": "0207437468", "name": "Stad"}


class Tranche(msgspec.Struct, frozen=True, kw_only=True):
    """A struct within a struct, and fields that need not be there."""

    share_bp: int
    payee: Party
    notes: list[Written] = []
    kind: Literal["start", "balance"] = "start"
    agreed: bool = False


class TellTheWhole(Command):
    """Every sort of field."""

    title: Wire[Name] | None = None
    text: Wire[Words] | None = None
    plain: Wire[str] | None = None
    number: Wire[int] | None = None
    flag: Wire[bool] | None = None
    day: Wire[Day] | None = None
    kbo: Wire[Kbo] | None = None
    ident: Wire[Uuid] | None = None
    due: Wire[Deadline] | None = None
    tranche: Wire[Tranche] | None = None
    maybe: Wire[Party | None] = None
    many: list[Wire[Party]] = []  # noqa: RUF012 -- pydantic copies it


def read(**body: Any) -> TellTheWhole:
    return TellTheWhole.model_validate_json(json.dumps(body))


def mistakes(**body: Any) -> list[tuple[tuple[int | str, ...], str]]:
    with pytest.raises(ValidationError) as caught:
        read(**body)
    return [(error["loc"], error["type"]) for error in caught.value.errors()]


# A command


def test_a_command_is_named_after_its_class_in_kebab_case() -> None:
    assert TellTheWhole.command_name == "tell-the-whole"
    assert "record-beneficiary-succession" in {
        model.command_name for service in SERVICES.values() for model in service.commands
    }


def test_a_command_never_changes() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        read().title = "another"


def test_a_mistake_never_shows_what_stood_there() -> None:
    with pytest.raises(ValidationError) as caught:
        read(title=["Mieke Janssens"], number="0471 00 00 00", due={"local": "Mieke"})
    assert "Mieke" not in str(caught.value)
    assert "0471" not in str(caught.value)


def test_unknown_fields_are_mistakes_at_every_depth() -> None:
    assert mistakes(surprise=1) == [(("surprise",), "extra_forbidden")]
    assert mistakes(many=[PARTY, PARTY | {"surprise": 1}]) == [(("many", 1, "surprise"), "extra_forbidden")]
    assert mistakes(due={"local": "2021-07-10T23:59:59", "surprise": 1}) == [(("due", "surprise"), "extra_forbidden")]


def test_a_command_of_the_play_reads_as_it_was_written() -> None:
    models = {model.command_name: model for service in SERVICES.values() for model in service.commands}
    for step in {step.command: step for step in steps()}.values():
        command = models[step.command].model_validate_json(step.json())
        again = json.loads(command.model_dump_json(by_alias=True))
        assert models[step.command].model_validate_json(json.dumps(again)) == command


# Text and numbers


@pytest.mark.parametrize("value", [1, True, 1.0, ["x"], {"a": 1}])
def test_a_text_is_a_text(value: object) -> None:
    assert mistakes(title=value)[0][0] == ("title",)
    assert mistakes(plain=value)[0][0] == ("plain",)


@pytest.mark.parametrize("name", ["title", "text", "plain"])
def test_text_outside_nfc_is_a_mistake(name: str) -> None:
    assert mistakes(**{name: "Cafe\u0301"}) == [((name,), "not_nfc")]
    assert getattr(read(**{name: "Caf\u00e9"}), name) == "Caf\u00e9"


def test_a_text_has_a_length_even_where_nobody_set_one() -> None:
    assert mistakes(title="") == [(("title",), "string_too_short")]
    assert mistakes(title="x" * 201) == [(("title",), "string_too_long")]
    assert read(title="x" * 200, text="x" * 20_000).title == "x" * 200
    assert read(plain="x" * 20_000).plain == "x" * 20_000
    assert mistakes(plain="x" * 20_001) == [(("plain",), "string_too_long")]


@given(st.integers(-SAFE_INTEGER, SAFE_INTEGER))
def test_a_number_that_every_reader_can_hold_is_read_as_it_is(number: int) -> None:
    assert read(number=number).number == number


@pytest.mark.parametrize("number", [SAFE_INTEGER + 1, -SAFE_INTEGER - 1, "1", 1.0, True])
def test_any_other_is_a_mistake(number: object) -> None:
    assert mistakes(number=number)[0][0] == ("number",)


@pytest.mark.parametrize("value", [1, 0, "true"])
def test_yes_and_no_are_not_numbers_or_words(value: object) -> None:
    assert mistakes(flag=value) == [(("flag",), "bool_type")]


def test_a_kbo_number_has_the_right_check_digits() -> None:
    assert read(kbo="0207437468").kbo == "0207437468"
    assert mistakes(kbo="0207437469") == [(("kbo",), "kbo_checksum")]
    assert mistakes(kbo="2207437468") == [(("kbo",), "string_pattern_mismatch")]


def test_a_uuid_is_written_in_lower_case_with_hyphens() -> None:
    assert read(ident="01900000-0000-7000-8000-0000000000c1").ident == "01900000-0000-7000-8000-0000000000c1"
    for wrong in ("01900000-0000-7000-8000-0000000000C1", "0190000000007000800000000000000c", "x"):
        assert mistakes(ident=wrong) == [(("ident",), "string_pattern_mismatch")]


# Days and deadlines


@pytest.mark.parametrize("day", ["1971-01-01", "2020-02-29", "2999-12-31"])
def test_a_day_of_the_calendar_is_read(day: str) -> None:
    assert read(day=day).day == day


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        ("2021-02-29", "no_such_day"),
        ("2021-13-01", "no_such_day"),
        ("0000-01-01", "no_such_day"),
        ("1970-12-31", "year_out_of_reach"),
        ("3000-01-01", "year_out_of_reach"),
        ("0001-01-01", "year_out_of_reach"),
        ("20210301", "string_pattern_mismatch"),
        ("2021-W09-1", "string_pattern_mismatch"),
    ],
)
def test_a_day_that_is_none_or_beyond_reckoning_is_a_mistake(day: str, kind: str) -> None:
    assert mistakes(day=day) == [(("day",), kind)]


def test_a_deadline_is_a_local_time_in_brussels_and_its_instant_is_derived() -> None:
    made = deadline("2021-07-10T23:59:59")
    assert read(due={"local": made.local}).due == made
    assert read(due={"local": made.local, "zone": "Europe/Brussels"}).due == made
    assert read(due={"local": made.local, "utc": "1999-01-01T00:00:00.000000Z"}).due == made, "never believed"


@pytest.mark.parametrize(
    ("due", "where", "kind"),
    [
        ({"local": "2021-03-28T02:30:00"}, ("due",), "no_such_time"),
        ({"local": "2021-02-30T12:00:00"}, ("due",), "no_such_time"),
        ({"local": "2021-07-10T24:00:00"}, ("due",), "no_such_time"),
        ({"local": "1970-12-31T23:59:59"}, ("due",), "year_out_of_reach"),
        ({"local": "3000-01-01T00:00:00"}, ("due",), "year_out_of_reach"),
        ({"local": "0000-01-01T00:00:00"}, ("due",), "year_out_of_reach"),
        ({"local": "2021-07-10T23:59"}, ("due", "local"), "string_pattern_mismatch"),
        ({"local": "2021-07-10T23:59:59Z"}, ("due", "local"), "string_pattern_mismatch"),
        ({"local": "2021-07-10T23:59:59", "zone": "UTC"}, ("due", "zone"), "literal_error"),
        ({}, ("due", "local"), "missing"),
    ],
)
def test_a_deadline_that_is_none_is_a_mistake(due: dict[str, str], where: tuple[str, ...], kind: str) -> None:
    assert mistakes(due=due) == [(where, kind)]


def test_the_reason_says_which_time_it_is_that_does_not_exist() -> None:
    with pytest.raises(ValidationError, match="the clock jumps over it"):
        read(due={"local": "2021-03-28T02:30:00"})


# Values of the shared language


def test_a_struct_is_read_by_the_names_of_json_and_what_may_be_missing_may_be_missing() -> None:
    tranche = read(tranche={"shareBp": 3000, "payee": PARTY}).tranche
    assert tranche == Tranche(share_bp=3000, payee=Party(**PARTY))
    assert read(maybe=None).maybe is None
    assert read(many=[PARTY, PARTY | {"nis": "44021"}]).many[1].nis == "44021"


def test_every_mistake_within_is_found_at_its_place() -> None:
    wrong = {
        "shareBp": "3000",
        "payee": {"ovo": "OVO1", "kbo": PARTY["kbo"]},
        "notes": [{"language": "la", "text": "x"}],
        "kind": "middle",
    }
    assert mistakes(tranche=wrong) == [
        (("tranche", "shareBp"), "int_type"),
        (("tranche", "payee", "ovo"), "string_pattern_mismatch"),
        (("tranche", "payee", "name"), "missing"),
        (("tranche", "notes", 0, "language"), "literal_error"),
        (("tranche", "kind"), "literal_error"),
    ]


def test_the_names_of_python_are_not_names_of_json() -> None:
    assert (("tranche", "share_bp"), "extra_forbidden") in mistakes(tranche={"share_bp": 1, "payee": PARTY})


def test_what_is_written_is_what_was_read() -> None:
    whole = {
        "title": "Park",
        "number": -1,
        "day": "2021-07-10",
        "due": {"local": "2021-07-10T23:59:59"},
        "tranche": {"shareBp": 1, "payee": PARTY, "notes": [{"language": "nl", "text": "Ja."}], "agreed": True},
        "many": [PARTY],
    }
    one = read(**whole)
    written = json.loads(one.model_dump_json(by_alias=True))
    assert written["tranche"]["payee"] == PARTY | {"nis": None}
    assert written["tranche"]["notes"] == [{"language": "nl", "text": "Ja."}]
    assert written["due"] == {
        "local": "2021-07-10T23:59:59",
        "zone": "Europe/Brussels",
        "utc": "2021-07-10T21:59:59.000000Z",
    }
    assert TellTheWhole.model_validate_json(json.dumps(written)) == one


def test_a_finished_value_is_taken_as_it_is() -> None:
    party, due = Party(**PARTY), deadline("2021-07-10T23:59:59")
    one = TellTheWhole(many=[party], due=due, maybe=party)
    assert one.many[0] is party
    assert one.due is due
    with pytest.raises(ValidationError):
        TellTheWhole(maybe=due)  # type: ignore[arg-type]  # a value of another sort


@pytest.mark.parametrize(
    "kind", [Personal, Sealed | None, Clear | None, int | str, float, Annotated[bytes, msgspec.Meta()]]
)
def test_what_cannot_come_from_outside_is_refused_when_the_command_is_written(kind: Any) -> None:
    with pytest.raises(TypeError, match="cannot be read from outside"):
        type("Leak", (Command,), {"__annotations__": {"value": Wire[kind]}, "__module__": __name__})  # type: ignore[misc]  # made at run time
