"""Checkpoints are signed notes: one form, the log's own key, and witnesses below it."""

from __future__ import annotations

import base64
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from events.proof import checkpoint, leaf, merkle, note
from events.proof.checkpoint import Checkpoint, NotACheckpoint, cosign, cosigned_at
from events.proof.signing import Signer
from events.times import micros, moment

LOG = Signer("log", b"\x07" * 32)
WITNESS = Signer("witness", b"\x08" * 32)
POINT = Checkpoint("log.example/test", 42, bytes(range(32)))
TEXT = "log.example/test\n42\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"


def signed() -> str:
    return checkpoint.sign(LOG, POINT)


def test_a_checkpoint_is_three_lines_and_a_signature_over_them() -> None:
    text, _, tail = signed().partition("\n\n")
    assert text + "\n" == POINT.text() == TEXT
    dash, name, blob = tail.rstrip("\n").split(" ")
    data = base64.b64decode(blob)
    assert (dash, name) == ("—", "log.example/test")
    assert data[:4] == sha256(b"log.example/test\n\x01" + LOG.public_key).digest()[:4]
    Ed25519PublicKey.from_public_bytes(LOG.public_key).verify(data[4:], TEXT.encode())


def test_what_is_signed_reads_back() -> None:
    point, found = checkpoint.parse(signed().encode())
    assert point == POINT
    assert found.signed_by(POINT.origin, LOG.public_key)
    assert not found.signed_by(POINT.origin, WITNESS.public_key)
    assert not found.signed_by("another/log", LOG.public_key)


def test_only_the_key_of_the_log_signs_checkpoints() -> None:
    with pytest.raises(ValueError, match="witness-"):
        checkpoint.sign(WITNESS, POINT)


def test_every_changed_bit_of_a_checkpoint_is_found() -> None:
    body, accepted = signed().encode(), []
    for place in range(len(body)):
        for bit in range(8):
            changed = body[:place] + bytes([body[place] ^ 1 << bit]) + body[place + 1 :]
            try:
                _, found = checkpoint.parse(changed)
            except NotACheckpoint:
                continue
            if found.signed_by(POINT.origin, LOG.public_key):
                accepted.append((place, bit))
    assert accepted == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        TEXT,
        TEXT + "\n",
        TEXT + "\nno dash\n",
        TEXT + "\n— name\n",
        TEXT + "\n— name AAAA\n",
        TEXT + "\n— name AAAAAAB=\n",
        TEXT + "\n— a+b AAAAAAA=\n",
        TEXT + "\n—  AAAAAAA=\n",
        TEXT + "\n— name AAAAAAA=",
        "\t" + TEXT + "\n— name AAAAAAA=\n",
        "extra\n" + TEXT + "\n— name AAAAAAA=\n",
        TEXT.replace("42", "042") + "\n— name AAAAAAA=\n",
        TEXT.replace("42", "-1") + "\n— name AAAAAAA=\n",
        TEXT.replace("42", "4٢") + "\n— name AAAAAAA=\n",
        TEXT.replace("42", "9" * 5_000) + "\n— name AAAAAAA=\n",
        TEXT.replace("AAEC", "AAE") + "\n— name AAAAAAA=\n",
        "o\n1\nAAAA\n\n— name AAAAAAA=\n",
    ],
)
def test_any_other_text_is_no_checkpoint(text: str) -> None:
    with pytest.raises(NotACheckpoint):
        checkpoint.parse(text.encode())


def test_bytes_that_are_not_text_are_no_checkpoint() -> None:
    with pytest.raises(NotACheckpoint):
        checkpoint.parse(b"\xff")


@pytest.mark.parametrize("text", ["no line break", "an\n\nempty line\n"])
def test_a_note_is_not_made_of_such_a_text(text: str) -> None:
    with pytest.raises(note.NotANote):
        note.sign(LOG, "name", text)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\nb"])
def test_such_a_name_signs_no_note(name: str) -> None:
    with pytest.raises(note.NotANote):
        note.sign(LOG, name, "text\n")


def test_a_witness_says_when_it_saw_the_checkpoint() -> None:
    seen = signed() + cosign(WITNESS, "witness.example", POINT, 1_616_000_000)
    _, found = checkpoint.parse(seen.encode())
    assert cosigned_at(found, "witness.example", WITNESS.public_key) == 1_616_000_000
    assert found.signed_by(POINT.origin, LOG.public_key)


def test_a_cosignature_is_bound_to_witness_time_and_tree() -> None:
    line = cosign(WITNESS, "witness.example", POINT, 1_616_000_000)
    _, found = checkpoint.parse((signed() + line).encode())
    assert cosigned_at(found, "other.example", WITNESS.public_key) is None
    assert cosigned_at(found, "witness.example", LOG.public_key) is None
    other = Checkpoint(POINT.origin, 43, POINT.root)
    _, found = checkpoint.parse((checkpoint.sign(LOG, other) + line).encode())
    assert cosigned_at(found, "witness.example", WITNESS.public_key) is None
    late = cosign(WITNESS, "witness.example", POINT, 1_616_000_001)
    blob = base64.b64decode(line.split(" ")[2])[:12] + base64.b64decode(late.split(" ")[2])[12:]
    mixed = f"— witness.example {base64.b64encode(blob).decode()}\n"
    _, found = checkpoint.parse((signed() + mixed).encode())
    assert cosigned_at(found, "witness.example", WITNESS.public_key) is None


def test_a_leaf_fixes_place_and_time_with_the_bytes() -> None:
    text = "2021-03-11T09:00:00.000001Z"
    assert leaf.micros(text) == leaf.micros_of(moment(text)) == micros(text)
    assert leaf.leaf_data(258, 1, b"body") == bytes.fromhex("00000000000001020000000000000001") + b"body"
    assert leaf.hash_of(258, 1, b"body") == merkle.leaf_hash(leaf.leaf_data(258, 1, b"body"))


@pytest.mark.parametrize(
    "text",
    [
        "2021-03-11T09:00:00.000001+00:00",
        "2021-03-11 09:00:00.000001Z",
        "2021-03-11T09:00:00Z",
        "2021-02-30T09:00:00.000000Z",
        "1969-12-31T23:59:59.999999Z",
        "٢021-03-11T09:00:00.000001Z",
    ],
)
def test_any_other_form_of_an_instant_has_no_leaf(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        leaf.micros(text)
