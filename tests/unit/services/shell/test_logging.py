"""Nothing secret or personal reaches a log line: canaries of every kind, planted everywhere."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog

from services.logging import HIDDEN, about, configure, scrub

CANARIES = [
    "an.peeters@denderleeuw.be",
    "An.Peeters+subsidie@stad.gent",
    "BE68 5390 0754 7034",
    "BE68539007547034",
    "be68539007547034",
    "NL91ABNA0417164300",
    "+32 470 12 34 56",
    "+32470123456",
    "0032 53 64 06 00",
    "+32 (0)9 266 82 00",
    "0470/12.34.56",
    "0470123456",
    "09 266 82 00",
    "053-64-06-00",
    "Bearer abc.def-ghi",
    "bearer   QUJD",
    "eyJhbGciOiJFZDI1NTE5In0.eyJyb2xlIjoiYWRtaW4ifQ.c2ln",
]
HARMLESS = [
    "call-018f3f7e-7c3a-7000-8000-0123456789ab",
    "OVO000097",
    "2021-03-11T09:00:00.000000Z",
    "690367.20 euro",
    "sha256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "position 123456789",
    "04701234-5678-4abc-8def-0123456789ab",
    "http://127.0.0.1:8060/v1/events?after=0470",
    "ApplicationSubmitted",
]


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    configure("debug", "json", stream)
    yield stream
    structlog.reset_defaults()


@pytest.mark.parametrize("canary", CANARIES)
def test_a_personal_value_is_hidden_wherever_it_stands(canary: str, lines: io.StringIO) -> None:
    log = structlog.get_logger()
    log.info(f"said {canary} aloud", plain=canary, deep={"list": [{"x": canary}, (canary,)]}, **{"k": f"a {canary} b"})
    try:
        int(canary)
    except ValueError as error:
        log.exception("failed", reason=error)
    written = lines.getvalue()
    assert canary not in written
    assert HIDDEN in written


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_not_personal_stays_readable(text: str) -> None:
    assert scrub(f"see {text}, please") == f"see {text}, please"


@pytest.mark.parametrize(
    "text",
    [
        "be123456-7890-1234-8123-123456789012",
        "call-be123456-7890-1234-8123-123456789012",
        "/v1/intake/applications/{id}/start-draft",
    ],
)
def test_an_id_or_a_route_is_no_account_number(text: str) -> None:
    assert scrub(text) == text


@pytest.mark.parametrize(
    "key",
    [
        "authorization",
        "Authorization",
        "access_token",
        "accessToken",
        "name",
        "contactName",
        "contact_name",
        "eMail",
        "email",
        "phone",
        "phoneNumber",
        "IBAN",
        "iban",
        "password",
        "client_secret",
        "privateKey",
        "dsn",
        "cookie",
    ],
)  # fmt: skip -- a list of keys
def test_a_personal_key_hides_whatever_it_holds(key: str, lines: io.StringIO) -> None:
    structlog.get_logger().info("x", **{key: "canary-1"}, deep={"a": [{key: {"b": "canary-2"}}]})
    assert "canary" not in lines.getvalue()


def test_an_object_is_named_by_its_type_alone(lines: io.StringIO) -> None:
    class Submit:
        def __repr__(self) -> str:
            return "Submit(canary)"

    structlog.get_logger().info("x", command=Submit(), body=b"canary", where=Path("/data/a"), many={Submit()})
    line = json.loads(lines.getvalue())
    assert line["command"] == "[Submit]"
    assert line["body"] == "[6 bytes]"
    assert line["where"] == "/data/a"
    assert line["many"] == ["[Submit]"]


def test_an_address_with_a_password_loses_it() -> None:
    assert "hunter2" not in scrub("postgresql://wijk:hunter2@db.example:5432/x")
    assert "db.example" in scrub("postgresql://wijk:hunter2@db.example:5432/x")


def test_lines_inside_name_their_case_and_lines_outside_do_not(lines: io.StringIO) -> None:
    log = structlog.get_logger()
    with about(case="c-1", correlation="r-1"):
        with about(event="e-1"):
            log.info("inside")
        log.info("between")
    log.info("outside")
    seen: list[dict[str, Any]] = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert (seen[0]["case"], seen[0]["event_id"], seen[0]["correlation_id"]) == ("c-1", "e-1", "r-1")
    assert (seen[1]["case"], "event_id" in seen[1]) == ("c-1", False)
    assert "case" not in seen[2]


def test_a_line_below_the_level_is_not_written() -> None:
    stream = io.StringIO()
    configure("warning", "json", stream)
    structlog.get_logger().info("quiet")
    assert stream.getvalue() == ""
    structlog.reset_defaults()


def test_the_pretty_form_hides_too() -> None:
    stream = io.StringIO()
    configure("info", "pretty", stream)
    structlog.get_logger().info("mail an@x.be", email="canary")
    assert "an@x.be" not in stream.getvalue()
    assert "canary" not in stream.getvalue()
    structlog.reset_defaults()
