"""Tokens of an identity provider: its keys count, and nobody else's."""

from __future__ import annotations

import base64
import hmac
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

from events.envelope import Actor
from events.failures import CannotRun
from services.auth import Expired, NotAccepted
from services.oidc import AGAIN, OidcIssuer, open_oidc, read_keys

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
PROVIDER = "https://login.example.be"
EC = ECKey.generate_key("P-256", parameters={"kid": "ec"})
RSA = RSAKey.generate_key(2048, parameters={"kid": "rsa"})


class Clock:
    """A clock of the test's."""

    def __init__(self) -> None:
        self.time = NOW

    def __call__(self) -> datetime:
        return self.time


def written(folder: Path, *keys: ECKey | RSAKey, private: bool = False) -> str:
    file = folder / "jwks.json"
    file.write_text(json.dumps(KeySet(list(keys)).as_dict(private=private)), encoding="utf-8")
    return str(file)


def provider(folder: Path, *keys: ECKey | RSAKey, clock: Clock | None = None) -> OidcIssuer:
    return open_oidc(PROVIDER, "wijkspoor", written(folder, *(keys or (EC, RSA))), clock or Clock())


def token(key: ECKey | RSAKey, algorithm: str, **other: object) -> str:
    now = int(NOW.timestamp())
    claims = {"iss": PROVIDER, "aud": "wijkspoor", "iat": now, "exp": now + 60}
    ours = {"role": "auditor", "org": "OVO000097", "person": "p-1"}
    header = {"alg": algorithm, "kid": key.kid}
    return jwt.encode(header, {**claims, **ours, **other}, key, algorithms=[algorithm])


@pytest.mark.parametrize(("key", "algorithm"), [(EC, "ES256"), (RSA, "RS256"), (RSA, "PS256")])
def test_a_token_of_the_provider_tells_who_acts(tmp_path: Path, key: ECKey | RSAKey, algorithm: str) -> None:
    told = provider(tmp_path).verify(token(key, algorithm))
    assert told == Actor(role="auditor", organisation="OVO000097", person="p-1")


def test_a_key_that_the_provider_does_not_publish_proves_nothing(tmp_path: Path) -> None:
    stranger = ECKey.generate_key("P-256", parameters={"kid": "ec"})
    with pytest.raises(NotAccepted):
        provider(tmp_path).verify(token(stranger, "ES256"))
    with pytest.raises(NotAccepted):
        provider(tmp_path, RSA).verify(token(EC, "ES256"))


def segment(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def test_a_public_key_taken_for_a_secret_proves_nothing(tmp_path: Path) -> None:
    _, claims, _ = token(RSA, "RS256").split(".")
    said = f"{segment({'alg': 'HS256', 'kid': 'rsa'})}.{claims}"
    seal = hmac.digest(RSA.as_pem(private=False), said.encode(), "sha256")
    with pytest.raises(NotAccepted):
        provider(tmp_path).verify(f"{said}.{base64.urlsafe_b64encode(seal).rstrip(b'=').decode()}")


@pytest.mark.parametrize("flaw", [{"iss": "https://elsewhere.example.be"}, {"aud": "another"}, {"role": "emperor"}])
def test_a_token_for_somebody_else_proves_nothing(tmp_path: Path, flaw: dict[str, object]) -> None:
    with pytest.raises(NotAccepted):
        provider(tmp_path).verify(token(EC, "ES256", **flaw))


def test_a_token_ends_by_the_machines_clock(tmp_path: Path) -> None:
    clock = Clock()
    ours = provider(tmp_path, clock=clock)
    clock.time += timedelta(minutes=2)
    with pytest.raises(Expired):
        ours.verify(token(EC, "ES256"))


async def test_a_new_key_counts_when_the_set_is_read_again(tmp_path: Path) -> None:
    clock = Clock()
    ours = provider(tmp_path, RSA, clock=clock)
    written(tmp_path, EC)
    await ours.refresh()
    with pytest.raises(NotAccepted):
        ours.verify(token(EC, "ES256"))
    clock.time += AGAIN
    await ours.refresh()
    clock.time = NOW
    assert ours.verify(token(EC, "ES256")).role == "auditor"


async def test_a_token_that_was_good_is_none_once_its_key_is_withdrawn(tmp_path: Path) -> None:
    """Given: a token proved by a key. When: the provider publishes another. Then: the token proves nothing any more."""
    clock = Clock()
    ours = provider(tmp_path, EC, clock=clock)
    held = token(EC, "ES256")
    assert ours.verify(held).role == "auditor"
    written(tmp_path, RSA)
    clock.time += AGAIN
    await ours.refresh()
    clock.time = NOW
    with pytest.raises(NotAccepted):
        ours.verify(held)


def test_a_token_that_was_good_ends_all_the_same(tmp_path: Path) -> None:
    clock = Clock()
    ours, held = provider(tmp_path, clock=clock), token(EC, "ES256")
    assert ours.verify(held).role == "auditor"
    clock.time += timedelta(minutes=2)
    with pytest.raises(Expired):
        ours.verify(held)


async def test_while_the_set_cannot_be_read_the_old_keys_go_on(tmp_path: Path) -> None:
    clock = Clock()
    ours = provider(tmp_path, EC, clock=clock)
    (tmp_path / "jwks.json").write_text("gone")
    clock.time += AGAIN
    await ours.refresh()
    clock.time = NOW
    assert ours.verify(token(EC, "ES256")).role == "auditor"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (None, "cannot be read"),
        ("no json", "no key set"),
        ("[]", "no key set"),
        ('{"keys":[{"kty":"made up"}]}', "no key set"),
        ('{"keys":[{"kty":"oct","k":"YS1zZWNyZXQtdGhhdC1pcy1sb25nLWVub3VnaA","kid":"a"}]}', "secret keys"),
    ],
)
def test_a_key_set_that_is_none_is_told(tmp_path: Path, text: str | None, why: str) -> None:
    file = tmp_path / "jwks.json"
    if text is not None:
        file.write_text(text)
    with pytest.raises(CannotRun, match=why):
        read_keys(str(file))


def test_a_private_key_in_the_set_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CannotRun, match="public ones only"):
        read_keys(written(tmp_path, EC, private=True))


def test_keys_do_not_come_over_an_open_line() -> None:
    with pytest.raises(CannotRun, match="by https or from a file"):
        read_keys("http://login.example.be/jwks.json")
