"""Who acts: bearer tokens, checked here, and made here where the installation is its own issuer.

One algorithm is accepted, Ed25519; a token that names another, or none, is forged. The machine's clock decides about
expiry, also while a story drives the log's clock.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol, get_args

from joserfc import jwt
from joserfc.errors import ExpiredTokenError, JoseError
from joserfc.jwk import KeySet, OKPKey

from events.envelope import Actor
from services.deciding import Role

ALGORITHM: Final = "Ed25519"
AUDIENCE = "wijkspoor"
LONGEST = 4096
LIFETIME = timedelta(hours=8)
REMEMBERED = 1_024
"""How many tokens that were proved are remembered; then all are proved anew."""
ROLES: frozenset[str] = frozenset(get_args(Role))

_ORGANISATION = re.compile(r"OVO\d{6}")
_PERSON = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


class NotAccepted(Exception):
    """The token proves nothing: forged, malformed, for somebody else, or with claims that make no sense."""


class Expired(NotAccepted):
    """The token was good once."""


class BadClaims(ValueError):
    """Nobody may get a token with these claims; the message says which is wrong."""


class Speaker(NamedTuple):
    """Whom a token speaks for, and until when (seconds of the epoch)."""

    actor: Actor
    until: float


class Verifies(Protocol):
    """Tells who acts from a bearer token."""

    def verify(self, token: str) -> Actor:
        """The actor; Expired or NotAccepted otherwise."""


class Proved:
    """Tokens that were proved once: as long as the keys are the same, that holds until a token expires."""

    def __init__(self) -> None:
        self._known: dict[str, Speaker] = {}

    def actor(self, token: str, now: datetime, prove: Callable[[str], Speaker]) -> Actor:
        """Who the token speaks for; what `prove` raises for one that it does not accept."""
        known = self._known.get(token)
        if known is None or known.until < now.timestamp():
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            known = self._known[token] = prove(token)
        return known.actor

    def forget(self) -> None:
        """Prove all anew: the keys are others."""
        self._known.clear()


@dataclass(frozen=True)
class LocalIssuer:
    """The installation as its own issuer: one key in the data folder, readable by its owner alone.

    `issuer` is the log's origin, so that a token of one log is worth nothing at another.
    """

    key: OKPKey
    issuer: str
    clock: Callable[[], datetime]
    _proved: Proved = field(default_factory=Proved, compare=False, repr=False)

    def issue(self, role: str, organisation: str, person: str, lifetime: timedelta = LIFETIME) -> str:
        """A token for a role in an organisation (OVO code) and an opaque person id; BadClaims otherwise."""
        _check(role, organisation, person)
        now = int(self.clock().timestamp())
        claims = {
            "iss": self.issuer,
            "aud": AUDIENCE,
            "iat": now,
            "exp": now + int(lifetime.total_seconds()),
            "role": role,
            "org": organisation,
            "person": person,
        }
        return jwt.encode({"alg": ALGORITHM, "typ": "JWT"}, claims, self.key, algorithms=[ALGORITHM])

    def verify(self, token: str) -> Actor:
        """Who the token speaks for; Expired, or NotAccepted for every other flaw."""
        now = self.clock()
        return self._proved.actor(
            token, now, lambda new: verified(new, self.key, [ALGORITHM], (self.issuer, AUDIENCE), now)
        )


def verified(
    token: str, key: OKPKey | KeySet, algorithms: Sequence[str], told: tuple[str, str], now: datetime
) -> Speaker:
    """Who a token speaks for, if a key signed it for this issuer and audience (`told`) and it has not expired.

    Expired, or NotAccepted for every other flaw.
    """
    if len(token) > LONGEST or not token.isascii():
        raise NotAccepted("no token of this issuer looks like that")
    try:
        # Decoding hands back claims of any JSON type, so each is looked at below.
        claims: Any = jwt.decode(token, key, algorithms=algorithms).claims
        _rules(*told, now).validate(claims)
        _check(claims["role"], claims["org"], claims["person"])
    except ExpiredTokenError as error:
        raise Expired("the token has expired") from error
    except (JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise NotAccepted(type(error).__name__) from error
    return Speaker(Actor(role=claims["role"], organisation=claims["org"], person=claims["person"]), claims["exp"])


def _rules(issuer: str, audience: str, now: datetime) -> jwt.JWTClaimsRegistry:
    return jwt.JWTClaimsRegistry(
        now=int(now.timestamp()),
        leeway=0,
        iss={"essential": True, "value": issuer},
        aud={"essential": True, "value": audience},
        exp={"essential": True},
        iat={"essential": True},
        role={"essential": True},
        org={"essential": True},
        person={"essential": True},
    )


def _check(role: object, organisation: object, person: object) -> None:
    if role not in ROLES:
        raise BadClaims(f"there is no such role; choose from {', '.join(sorted(ROLES))}")
    if not isinstance(organisation, str) or not _ORGANISATION.fullmatch(organisation):
        raise BadClaims("the organisation is an OVO code: OVO and six digits")
    if not isinstance(person, str) or not _PERSON.fullmatch(person):
        raise BadClaims("the person is an opaque id of letters, digits, dot, hyphen and underscore, never a name")


def open_issuer(key_file: Path, issuer: str, clock: Callable[[], datetime]) -> LocalIssuer:
    """The issuer whose key lies in the file; a new key (0600) where there is none."""
    try:
        text = key_file.read_text(encoding="ascii")
    except FileNotFoundError:
        text = _make_key(key_file)
    return LocalIssuer(OKPKey.import_key(text), issuer, clock)


def unkept_issuer(issuer: str, clock: Callable[[], datetime]) -> LocalIssuer:
    """An issuer whose key is in no folder: for a process that trusts another, and has only the keys it was given."""
    return LocalIssuer(OKPKey.generate_key(ALGORITHM), issuer, clock)


def _make_key(key_file: Path) -> str:
    key_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    pem = OKPKey.generate_key(ALGORITHM).as_pem(private=True)
    fresh = key_file.with_suffix(f".{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
    try:
        # A link never replaces: of two starters at once, both end up with the first one's whole key.
        os.link(fresh, key_file)
    except FileExistsError:
        return key_file.read_text(encoding="ascii")
    finally:
        fresh.unlink()
    return pem.decode("ascii")
