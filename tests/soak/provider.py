"""An identity provider of paper: a key, its key set as a file, and tokens."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from events.envelope import Actor

LIFETIME = timedelta(hours=8)


class Provider:
    """Its key set lies in the folder."""

    name = "https://login.example.be"

    def __init__(self, folder: Path) -> None:
        self._key = ECKey.generate_key("P-256", parameters={"kid": "one"})
        self._file = folder / "jwks.json"
        self._file.write_text(json.dumps(KeySet([self._key]).as_dict(private=False)), encoding="utf-8")

    @property
    def keys(self) -> str:
        """Where the key set is."""
        return str(self._file)

    def token(self, clock: Callable[[], datetime], who: Actor) -> str:
        """A token made at the clock's time."""
        made = clock()
        claims = {"iss": self.name, "aud": "wijkspoor", "iat": int(made.timestamp())}
        claims["exp"] = int((made + LIFETIME).timestamp())
        told = {"role": who.role, "org": who.organisation, "person": who.person}
        return jwt.encode({"alg": "ES256", "kid": "one"}, claims | told, self._key)
