"""The schemas and the AsyncAPI document: what travels fits them, and they say what a reader needs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError

from events.public import schemas
from events.public.asyncapi import EXAMPLES, document, example
from events.public.cloudevent import ID_RULE, SEQUENCE_RULE
from events.public.models import MODELS
from tests.golden.make_public import ASYNCAPI

NAMES = sorted(schemas.schemas())


def checker(name: str) -> Draft202012Validator:
    """The validator of a type."""
    return Draft202012Validator(MADE[name], format_checker=FormatChecker())


MADE = schemas.schemas()


@pytest.mark.parametrize("name", NAMES)
def test_the_schema_is_one_and_its_example_fits(name: str) -> None:
    Draft202012Validator.check_schema(MADE[name])
    checker(name).validate(example(name))


@pytest.mark.parametrize("name", NAMES)
def test_the_model_reads_what_its_schema_accepts(name: str) -> None:
    kind = name.partition(".v1.")[2]
    data = example(name)["data"]
    assert MODELS[kind].model_validate_json(json.dumps(data)).wire() == data


@pytest.mark.parametrize("name", NAMES)
def test_every_promised_attribute_is_missed_when_it_is_missing(name: str) -> None:
    for attribute in MADE[name]["required"]:
        broken = {key: value for key, value in example(name).items() if key != attribute}
        with pytest.raises(ValidationError, match=attribute):
            checker(name).validate(broken)


@pytest.mark.parametrize("name", NAMES)
def test_the_content_model_is_open(name: str) -> None:
    richer = example(name)
    richer["comingsoon"] = "x"
    richer["data"]["comingSoon"] = {"x": 1}
    checker(name).validate(richer)
    assert "additionalProperties" not in json.dumps(MADE[name])


@pytest.mark.parametrize("name", NAMES)
def test_each_type_says_what_its_id_and_sequence_mean(name: str) -> None:
    properties = MADE[name]["properties"]
    assert (properties["id"]["x-meaning"], properties["sequence"]["x-meaning"]) == (ID_RULE, SEQUENCE_RULE)
    assert properties["type"]["const"] == name
    assert MADE[name]["description"]


def test_an_event_fits_the_schema_of_its_own_type_alone() -> None:
    for name in NAMES:
        fitting = [other for other in NAMES if checker(other).is_valid(example(name))]
        assert fitting == [name]


def test_the_document_on_file_is_the_one_that_is_made() -> None:
    assert ASYNCAPI.read_bytes() == schemas.pretty(document()), "run `python -m tests.golden.make_public`"


def test_every_reference_in_the_document_leads_somewhere() -> None:
    made = document()

    def follow(part: Any) -> None:
        match part:
            case {"$ref": str(place)}:
                target: Any = made
                for step in place.removeprefix("#/").split("/"):
                    target = target[step]
            case dict():
                for one in part.values():
                    follow(one)
            case list():
                for one in part:
                    follow(one)
            case _:
                pass

    follow(made)
    assert made["asyncapi"] == "3.0.0"
    for channel in made["channels"].values():
        assert sorted(channel["messages"]) == NAMES


def test_there_is_one_example_a_type_and_no_other() -> None:
    assert sorted(path.stem for path in EXAMPLES.glob("*.json")) == NAMES


def test_the_command_writes_every_document_into_a_folder(tmp_path: Path) -> None:
    schemas.main(tmp_path / "out")
    assert sorted(path.stem for path in (tmp_path / "out").iterdir()) == sorted([*NAMES, "asyncapi"])
    assert json.loads((tmp_path / "out" / f"{NAMES[0]}.json").read_bytes()) == json.loads(json.dumps(MADE[NAMES[0]]))
