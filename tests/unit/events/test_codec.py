"""Between bytes and facts: old versions, unknown ones, and values that break their type."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest

from events import codec, envelope
from events.catalog import FACT_TYPES
from events.codec import UnknownEvent
from events.decision import BeneficiarySucceeded, EnvelopeSet
from events.envelope import Actor, Envelope, TooLarge
from events.intake import CallClosed
from events.times import deadline
from events.vocabulary import Party, Words

GOLDEN = Path(__file__).parents[2] / "golden" / "facts"
IDENT = "00000000-0000-0000-0000-000000000001"


def frame(type_: str, version: int, data: bytes) -> Envelope:
    return Envelope(
        event_id=IDENT,
        stream=f"contract-{IDENT}",
        version=1,
        type=type_,
        schema_version=version,
        occurred_at="2025-01-02T08:00:00.000000Z",
        actor=Actor(role="service", organisation="OVO000001", person="service:decision"),
        on_behalf_of=None,
        correlation_id=IDENT,
        causation_id=None,
        command_id=IDENT,
        rules=None,
        legal_basis=None,
        classification="public",
        prev_hash="0" * 64,
        data=msgspec.Raw(data),
    )


def test_a_succession_of_version_1_names_nobody_as_merged() -> None:
    stored = (GOLDEN / "BeneficiarySucceeded.v1.json").read_bytes()
    fact = codec.fact_of(frame("BeneficiarySucceeded", 1, stored))
    assert isinstance(fact, BeneficiarySucceeded)
    assert fact.merged == []
    assert fact.successor == Party(ovo="OVO900190", kbo="0999119004", name="Stad Hasselt", nis="71072")


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.json")), ids=lambda path: path.stem)
def test_every_version_ever_stored_can_still_be_read(path: Path) -> None:
    name, version = path.stem.rsplit(".v", 1)
    stored = path.read_bytes().rstrip(b"\n")
    fact = codec.fact_of(frame(name, int(version), stored))
    if int(version) == FACT_TYPES[name].schema_version:
        assert codec.data_of(fact) == msgspec.Raw(stored), "a changed shape is a new schema version with an upcaster"


def test_every_version_of_every_fact_has_a_golden_file() -> None:
    wanted = {f"{name}.v{old}" for name, row in FACT_TYPES.items() for old in range(1, row.schema_version + 1)}
    assert wanted == {path.stem for path in GOLDEN.glob("*.json")}


@pytest.mark.parametrize(("type_", "version"), [("Unheard", 1), ("CallClosed", 2)])
def test_an_event_from_the_future_is_unknown(type_: str, version: int) -> None:
    with pytest.raises(UnknownEvent, match=type_):
        codec.fact_of(frame(type_, version, b"{}"))


def test_a_fact_whose_value_breaks_its_type_never_reaches_the_log() -> None:
    good = json.loads((GOLDEN / "EnvelopeSet.v2.json").read_bytes())
    fact = msgspec.convert(good, EnvelopeSet)
    with pytest.raises(msgspec.ValidationError):
        codec.data_of(msgspec.structs.replace(fact, amount_cents=-1))
    with pytest.raises(msgspec.ValidationError):
        codec.data_of(msgspec.structs.replace(fact, amount_cents=1.5))


def test_an_envelope_over_512_kib_is_refused() -> None:
    fact = CallClosed(call=IDENT, deadline=deadline("2021-07-19T23:59:59"))
    body = envelope.to_bytes(frame("CallClosed", 1, bytes(codec.data_of(fact))))
    assert envelope.from_bytes(body).type == "CallClosed"
    wide: Words = "x" * envelope.LIMIT
    with pytest.raises(TooLarge, match="digest"):
        envelope.to_bytes(frame("CallClosed", 1, msgspec.json.encode({"text": wide})))


def test_the_bytes_of_an_envelope_are_canonical() -> None:
    body = envelope.to_bytes(frame("CallClosed", 1, b"{}"))
    assert body == json.dumps(json.loads(body), sort_keys=True, separators=(",", ":")).encode()
