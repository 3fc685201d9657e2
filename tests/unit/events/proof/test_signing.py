"""G5: the origin of every event is certain. What is not exactly right is accepted never."""

from __future__ import annotations

import base64
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from events.proof import strict64
from events.proof.keys import Keyring, PublicKey, kind_of, registered, registration
from events.proof.signing import EVENT_TYPE, Signer, key_id, pae, verify, verify_raw

GRANT = Signer("decision", bytes(32))
PAYMENT = Signer("payment", b"\x01" * 32)
STREAM = "payment-order-0190a5a0-0000-7000-8000-000000000001"
KINDS = {"grant": "decision", "payment-order": "payment"}
SPRING, SUMMER, AUTUMN = (f"2021-{month}-01T00:00:00.000000Z" for month in ("03", "06", "09"))
BODY = b'{"a":1}'


def ring(*keys: PublicKey) -> Keyring:
    known = keys or tuple(registered(registration("o", signer, SPRING, AUTUMN)) for signer in (GRANT, PAYMENT))
    return Keyring(known, KINDS)


def test_dsse_pae_is_the_published_example() -> None:
    assert pae("http://example.com/HelloWorld", b"hello world") == (
        b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    )


def test_pae_counts_bytes_not_signs() -> None:
    assert pae("é", "é".encode()) == b"DSSEv1 2 \xc3\xa9 2 \xc3\xa9"


@given(st.binary(max_size=300), st.binary(min_size=32, max_size=32))
def test_a_second_library_makes_and_accepts_the_same_signature(body: bytes, seed: bytes) -> None:
    ours, theirs = Signer("jury", seed), Ed25519PrivateKey.from_private_bytes(seed)
    message = pae(EVENT_TYPE, body)
    assert theirs.public_key().public_bytes_raw() == ours.public_key
    assert theirs.sign(message) == ours.sign(body)
    assert verify(ours.public_key, body, ours.sign(body))


def test_a_key_is_named_by_its_service_and_its_hash() -> None:
    assert GRANT.key_id == f"decision-{sha256(GRANT.public_key).hexdigest()[:16]}"
    assert key_id("jury", GRANT.public_key) != GRANT.key_id


def test_a_signer_shows_its_name_and_never_its_seed() -> None:
    assert repr(GRANT) == f"Signer({GRANT.key_id})"
    with pytest.raises(ValueError, match="31 bytes"):
        Signer("jury", bytes(31))


def test_the_owner_of_the_stream_proves_its_event() -> None:
    assert ring().flaw(STREAM, SUMMER, BODY, PAYMENT.key_id, PAYMENT.sign(BODY)) is None


def test_g5_nothing_else_is_accepted() -> None:
    good = PAYMENT.sign(BODY)
    stranger = Signer("payment", b"\x02" * 32)
    raw = Ed25519PrivateKey.from_private_bytes(b"\x01" * 32)
    attempts = {
        "unknown key": (STREAM, SUMMER, BODY, stranger.key_id, stranger.sign(BODY)),
        "wrong key under a known name": (STREAM, SUMMER, BODY, PAYMENT.key_id, stranger.sign(BODY)),
        "other service's key": (STREAM, SUMMER, BODY, GRANT.key_id, GRANT.sign(BODY)),
        "other service's stream": (STREAM.replace("payment-order", "grant"), SUMMER, BODY, PAYMENT.key_id, good),
        "a stream of no kind": ("order", SUMMER, BODY, PAYMENT.key_id, good),
        "expired key": (STREAM, "2021-09-01T00:00:00.000001Z", BODY, PAYMENT.key_id, good),
        "key not yet valid": (STREAM, "2021-02-28T23:59:59.999999Z", BODY, PAYMENT.key_id, good),
        "swapped type": (STREAM, SUMMER, BODY, PAYMENT.key_id, raw.sign(pae("application/json", BODY))),
        "no type": (STREAM, SUMMER, BODY, PAYMENT.key_id, raw.sign(BODY)),
        "stripped signature": (STREAM, SUMMER, BODY, PAYMENT.key_id, b""),
        "cut signature": (STREAM, SUMMER, BODY, PAYMENT.key_id, good[:-1]),
        "longer signature": (STREAM, SUMMER, BODY, PAYMENT.key_id, good + b"\x00"),
        "other body": (STREAM, SUMMER, BODY + b" ", PAYMENT.key_id, good),
    }
    accepted = [name for name, attempt in attempts.items() if ring().flaw(*attempt) is None]
    assert accepted == []


def test_g5_no_flipped_bit_of_a_signature_is_accepted() -> None:
    good = PAYMENT.sign(BODY)
    bent = [
        good[:place] + bytes([good[place] ^ 1 << bit]) + good[place + 1 :] for place in range(64) for bit in range(8)
    ]
    assert [item for item in bent if verify(PAYMENT.public_key, BODY, item)] == []


def test_a_key_counts_from_its_first_to_its_last_instant() -> None:
    key = registered(registration("o", PAYMENT, SPRING, AUTUMN))
    assert [key.valid_at(instant) for instant in (SPRING, SUMMER, AUTUMN)] == [True, True, True]
    assert registered(registration("o", PAYMENT, SPRING)).valid_at("2999-01-01T00:00:00.000000Z")


@pytest.mark.parametrize(
    "change",
    [
        {"algorithm": "RSA"},
        {"service": "jury"},
        {"key_id": "payment-0000000000000000"},
        {"public_key": strict64.encode(bytes(31))},
        {"public_key": "!"},
        {"not_before": "2021"},
        {"not_after": "2021-13-01T00:00:00.000000Z"},
    ],
)
def test_a_key_that_contradicts_itself_is_no_key(change: dict[str, str]) -> None:
    fact = registration("o", PAYMENT, SPRING, AUTUMN)
    fields = {name: getattr(registered(fact), name) for name in PublicKey.__struct_fields__}
    with pytest.raises(ValueError, match=r".+"):
        ring(PublicKey(**{**fields, **change}))


def test_a_key_of_another_length_has_signed_nothing() -> None:
    assert not verify_raw(bytes(31), BODY, bytes(64))
    assert not verify_raw(bytes(32), BODY, bytes(64))


def test_the_ring_gives_the_keys_of_a_service_and_their_bytes() -> None:
    assert [key.key_id for key in ring().of("payment")] == [PAYMENT.key_id]
    assert ring().raw(PAYMENT.key_id) == PAYMENT.public_key


def test_the_kind_of_a_stream_may_have_hyphens() -> None:
    assert kind_of(STREAM) == "payment-order"
    assert kind_of("grant-1") == kind_of("") == ""


@given(st.binary(max_size=40))
def test_base64_has_one_spelling(data: bytes) -> None:
    text = base64.b64encode(data).decode()
    assert strict64.encode(data) == text
    assert strict64.decode(text) == data


@pytest.mark.parametrize("text", ["AB==", "AA", "AA= =", " AAAA", "AAAA\n", "AA-_", "AAAA=", "é", "AA==AAAA"])
def test_any_other_spelling_of_base64_is_refused(text: str) -> None:
    with pytest.raises(strict64.NotBase64):
        strict64.decode(text)
