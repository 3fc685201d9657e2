"""Tokens of an identity provider (OpenID Connect): who acts is told by keys that somebody else keeps.

The key set (JWKS) comes from a file or an https address, and is read again from time to time, so that the provider may
change its keys. Algorithms are pinned: a token that names another, or none, is forged. The provider puts three claims
of ours into a token: `role`, `org` (OVO code) and `person` (an opaque id).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import httpx2
import msgspec
import structlog
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from events.envelope import Actor
from events.failures import CannotRun
from services.auth import Proved, verified

log = structlog.get_logger()

ALGORITHMS: Final = ("RS256", "PS256", "ES256", "ES384", "Ed25519", "EdDSA")
"""Signatures with a public key alone: with a shared secret whoever checks could also forge."""

AGAIN = timedelta(minutes=10)
FETCH_SECONDS = 10.0
LARGEST = 256 * 1024


@dataclass
class OidcIssuer:
    """The provider named `issuer`, for our `audience`; `source` is where its keys are, `clock` the machine's."""

    issuer: str
    audience: str
    source: str
    clock: Callable[[], datetime]
    keys: KeySet
    read_at: datetime
    _proved: Proved = field(default_factory=Proved, repr=False)

    def verify(self, token: str) -> Actor:
        """Who the token speaks for; Expired, or NotAccepted for every other flaw."""
        now = self.clock()
        return self._proved.actor(
            token, now, lambda new: verified(new, self.keys, ALGORITHMS, (self.issuer, self.audience), now)
        )

    async def refresh(self) -> None:
        """Read the key set again when it is time; while that fails, the keys at hand go on counting."""
        now = self.clock()
        if now - self.read_at < AGAIN:
            return
        self.read_at = now
        try:
            self.keys = await asyncio.to_thread(read_keys, self.source)
            self._proved.forget()
        except CannotRun as error:
            log.warning("the keys of the identity provider were not read again", why=str(error))


def open_oidc(issuer: str, audience: str, source: str, clock: Callable[[], datetime]) -> OidcIssuer:
    """The provider with its keys; CannotRun when they cannot be read."""
    return OidcIssuer(issuer, audience, source, clock, read_keys(source), clock())


def read_keys(source: str) -> KeySet:
    """The public keys of a JWKS; CannotRun says what is wrong with it."""
    try:
        found = KeySet.import_key_set(msgspec.json.decode(_fetched(source)))
    except (OSError, httpx2.HTTPError) as error:
        raise CannotRun(f"The keys of the identity provider cannot be read from {source}: check it.") from error
    except (JoseError, ValueError, TypeError, KeyError, AttributeError, msgspec.DecodeError) as error:
        raise CannotRun(f"{source} holds no key set (JWKS): check WIJKSPOOR_OIDC_KEYS.") from error
    if any(key.is_private or key.key_type == "oct" for key in found.keys):
        raise CannotRun(f"{source} holds secret keys: the identity provider must publish public ones only.")
    return found


def _fetched(source: str) -> bytes:
    if source.startswith("https://"):
        answer = httpx2.get(source, timeout=FETCH_SECONDS, follow_redirects=False)
        answer.raise_for_status()
        return answer.content[:LARGEST]
    if "://" in source:
        raise CannotRun("The keys of the identity provider come by https or from a file: check WIJKSPOOR_OIDC_KEYS.")
    return Path(source).read_bytes()[:LARGEST]
