"""Manifests are signed notes with a digest an event: one form, the log's own key, nothing that can be bent."""

from __future__ import annotations

import json
from dataclasses import replace
from hashlib import sha256

import msgspec
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from events.proof import checkpoint, manifest, note
from events.proof.checkpoint import Checkpoint, NotACheckpoint
from events.proof.manifest import BEGIN, Manifest, NoDigest, NotAManifest
from events.proof.signing import Signer

LOG = Signer("log", b"\x07" * 32)
OTHER = Signer("log", b"\x08" * 32)
EVENTS = [b'{"b":1,"a":"x"}', '{"a":"één","c":[null,true]}'.encode()]
DIGESTS = [manifest.digest(event) for event in EVENTS]
DAY = Manifest("log.example/test", "wijkspoor.public.v1", "2021-07-15", 120, 121, BEGIN, manifest.roll(BEGIN, DIGESTS))
SIGNED = manifest.sign(LOG, DAY, DIGESTS)


def document(**other: object) -> bytes:
    """The signed document with other members."""
    return json.dumps({**json.loads(SIGNED), **other}).encode()


def test_a_manifest_says_day_first_last_count_and_the_rolling_hash() -> None:
    read = manifest.read(SIGNED)

    assert read.manifest == DAY
    assert read.digests == DIGESTS
    assert read.note.text.split("\n")[:4] == [
        "log.example/test",
        "wijkspoor-manifest/1 wijkspoor.public.v1",
        "day 2021-07-15",
        "events 120 121 2",
    ]
    assert read.signed_by(LOG.public_key)
    assert not read.signed_by(OTHER.public_key)


def test_the_rolling_hash_is_what_the_readme_says() -> None:
    one, two = DIGESTS
    assert DAY.hash == sha256(sha256(bytes(32) + one).digest() + two).digest()


def test_a_day_without_events_has_a_manifest_too() -> None:
    empty = replace(DAY, first=122, last=121, before=DAY.hash)
    read = manifest.read(manifest.sign(LOG, empty, []))
    assert (read.manifest, read.manifest.count) == (empty, 0)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"digests": []}, "digests"),
        ({"digests": [json.loads(SIGNED)["digests"][0]] * 2}, "digests"),
        ({"digests": json.loads(SIGNED)["digests"][::-1]}, "digests"),
        ({"digests": ["AAAA", "AAAA"]}, "32 bytes"),
        ({"digests": ["?", "?"]}, "base64"),
        ({"format": "wijkspoor-manifest/2"}, "form"),
        ({"more": 1}, "more"),
        ({"note": "x"}, "note"),
        ({"note": checkpoint.sign(LOG, Checkpoint("log.example/test", 2, bytes(32)))}, "manifest"),
        ({"note": json.loads(SIGNED)["note"].replace("events 120 121 2", "events 120 121 3")}, "form"),
        ({"note": json.loads(SIGNED)["note"].replace("events 120 121", "events 130 121")}, "sense|form"),
        ({"note": json.loads(SIGNED)["note"].replace("before AAAA", "before AAA")}, "base64"),
    ],
)
def test_what_does_not_hang_together_is_no_manifest(change: dict[str, object], why: str) -> None:
    with pytest.raises(NotAManifest, match=why):
        manifest.read(document(**change))


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"\xff", b"null"])
def test_other_bytes_are_no_manifest(body: bytes) -> None:
    with pytest.raises(NotAManifest):
        manifest.read(body)


def test_every_changed_sign_of_the_note_is_found() -> None:
    text = json.loads(SIGNED)["note"]
    for place in range(len(text)):
        bent = text[:place] + ("x" if text[place] != "x" else "y") + text[place + 1 :]
        try:
            read = manifest.read(document(note=bent))
        except NotAManifest:
            continue
        assert not read.signed_by(LOG.public_key), f"sign {place}"


def test_only_the_key_of_the_log_signs_and_only_what_is_so() -> None:
    with pytest.raises(ValueError, match="intake-"):
        manifest.sign(Signer("intake", b"\x09" * 32), DAY, DIGESTS)
    with pytest.raises(ValueError, match="digests"):
        manifest.sign(LOG, DAY, DIGESTS[:1])


def test_a_manifest_does_not_pass_for_a_checkpoint() -> None:
    with pytest.raises(NotACheckpoint):
        checkpoint.parse(json.loads(SIGNED)["note"].encode())
    assert note.parse(json.loads(SIGNED)["note"].encode()).signed_by("log.example/test", LOG.public_key)


def test_an_event_has_one_digest_however_it_is_written() -> None:
    loose = b'{ "a" : "\\u0078",\n "b":1 }'
    assert manifest.digest(loose) == DIGESTS[0]
    assert manifest.digest(EVENTS[0]) == sha256(b'{"a":"x","b":1}').digest()


@pytest.mark.parametrize(
    "event", [b"", b"[]", b"1", b'{"a":1.5}', b'{"a":NaN}', b'{"a":1,"a":2}', b'{"a":"\\ud800"}', b"\xff", b"[" * 9999]
)
def test_what_is_no_event_has_no_digest(event: bytes) -> None:
    with pytest.raises(NoDigest):
        manifest.digest(event)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(st.characters(max_codepoint=0x2FF)),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(max_codepoint=0x7F)), inner),
    max_leaves=10,
)


@given(st.dictionaries(st.text(st.characters(max_codepoint=0x7F)), json_values))
def test_the_digest_is_taken_over_the_form_of_rfc_8785(value: dict[str, object]) -> None:
    try:
        found = manifest.digest(msgspec.json.encode(value))
    except NoDigest:
        return  # a text outside NFC: nothing of that sort is published
    assert found == sha256(rfc8785.dumps(value)).digest()  # type: ignore[arg-type]  # JSON
