"""A token proves who acts, or it proves nothing."""

from __future__ import annotations

import base64
import hmac
import json
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from joserfc import jwt
from joserfc.jwk import OKPKey

from events.envelope import Actor
from services.auth import ALGORITHM, BadClaims, Expired, LocalIssuer, NotAccepted, open_issuer

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
HANDLER = Actor(role="case_handler", organisation="OVO000097", person="p-1")


def issuer(at: datetime = NOW, key: OKPKey | None = None, origin: str = "test/log") -> LocalIssuer:
    return LocalIssuer(key or OKPKey.generate_key("Ed25519"), origin, lambda: at)


def claims(**other: object) -> dict[str, object]:
    now = int(NOW.timestamp())
    good: dict[str, object] = {
        "iss": "test/log",
        "aud": "wijkspoor",
        "iat": now,
        "exp": now + 60,
        "role": "case_handler",
        "org": "OVO000097",
        "person": "p-1",
    }  # fmt: skip -- one purpose a line
    return {key: value for key, value in {**good, **other}.items() if value is not None}


def segment(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def test_a_token_tells_who_acts() -> None:
    ours = issuer()
    assert ours.verify(ours.issue("case_handler", "OVO000097", "p-1")) == HANDLER


def test_a_token_ends_at_its_time() -> None:
    ours = issuer()
    token = ours.issue("auditor", "OVO000097", "p-1", timedelta(minutes=1))
    ours_later = issuer(NOW + timedelta(minutes=1, seconds=1), ours.key)
    with pytest.raises(Expired):
        ours_later.verify(token)


def test_a_token_of_another_key_is_forged() -> None:
    with pytest.raises(NotAccepted):
        issuer().verify(issuer().issue("admin", "OVO000097", "p-1"))


def test_a_token_of_another_log_is_worth_nothing_here() -> None:
    ours = issuer()
    with pytest.raises(NotAccepted):
        issuer(key=ours.key, origin="other/log").verify(ours.issue("admin", "OVO000097", "p-1"))


@pytest.mark.parametrize("algorithm", ["none", "None", "HS256", "EdDSA", "RS256", ""])
def test_a_token_that_names_another_algorithm_is_forged(algorithm: str) -> None:
    ours = issuer()
    body = ours.issue("admin", "OVO000097", "p-1").split(".")
    for signature in ("", body[2]):
        with pytest.raises(NotAccepted):
            ours.verify(f"{segment({'alg': algorithm})}.{body[1]}.{signature}")


def test_the_public_key_is_no_shared_secret() -> None:
    ours = issuer()
    body = f"{segment({'alg': 'HS256'})}.{segment(claims(role='admin'))}"
    mac = hmac.digest(ours.key.as_pem(private=False), body.encode(), "sha256")
    with pytest.raises(NotAccepted):
        ours.verify(f"{body}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}")


@pytest.mark.parametrize(
    "flaw",
    [
        {"aud": "another"},
        {"aud": None},
        {"iss": None},
        {"exp": None},
        {"exp": "tomorrow"},
        {"exp": "9" * 30},
        {"iat": None},
        {"iat": int(NOW.timestamp()) + 3600},
        {"role": "emperor"},
        {"role": None},
        {"role": ["admin"]},
        {"role": {"a": 1}},
        {"org": "OVO1"},
        {"org": None},
        {"org": 97},
        {"person": "jan.janssens@example.be"},
        {"person": ""},
        {"person": None},
    ],
)  # fmt: skip -- a table of flaws
def test_a_claim_that_makes_no_sense_is_not_accepted(flaw: dict[str, object]) -> None:
    ours = issuer()
    token = jwt.encode({"alg": ALGORITHM}, claims(**flaw), ours.key, algorithms=[ALGORITHM])
    with pytest.raises(NotAccepted):
        ours.verify(token)


@pytest.mark.parametrize(
    "text", ["", ".", "..", "a.b.c", "é.é.é", "x" * 5000, "....", segment([]) + "." + segment([]) + ".x"]
)
def test_what_is_no_token_is_not_accepted(text: str) -> None:
    with pytest.raises(NotAccepted):
        issuer().verify(text)


def test_a_payload_that_is_no_object_is_not_accepted() -> None:
    from joserfc import jws

    ours = issuer()
    for payload in (b"[]", b"1", b"null", b"not json", b"\xff"):
        token = jws.serialize_compact({"alg": ALGORITHM}, payload, ours.key, algorithms=[ALGORITHM])
        with pytest.raises(NotAccepted):
            ours.verify(token)


def test_one_flipped_letter_anywhere_breaks_the_token() -> None:
    ours = issuer()
    token = ours.issue("admin", "OVO000097", "p-1")
    for index in range(0, len(token) - 1, 7):
        other = "A" if token[index] != "A" else "B"
        with pytest.raises(NotAccepted):
            ours.verify(token[:index] + other + token[index + 1 :])


@pytest.mark.parametrize(
    ("role", "org", "person"), [("boss", "OVO000097", "p"), ("admin", "97", "p"), ("admin", "OVO000097", "a b")]
)
def test_nobody_gets_a_token_with_bad_claims(role: str, org: str, person: str) -> None:
    with pytest.raises(BadClaims):
        issuer().issue(role, org, person)


def test_the_key_is_made_once_and_is_its_owners_alone(tmp_path: Path) -> None:
    file = tmp_path / "keys" / "issuer.pem"
    first = open_issuer(file, "test/log", lambda: NOW)
    again = open_issuer(file, "test/log", lambda: NOW)
    assert again.verify(first.issue("case_handler", "OVO000097", "p-1")) == HANDLER
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert [one.name for one in file.parent.iterdir()] == ["issuer.pem"]
