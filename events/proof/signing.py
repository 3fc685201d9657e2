"""Signatures over events: DSSE's pre-authentication encoding, Ed25519, one key a service.

The type is signed with the body, so a signature made for an event says nothing about any other document.
"""

from __future__ import annotations

from hashlib import sha256

from nacl.bindings import crypto_sign, crypto_sign_open, crypto_sign_seed_keypair
from nacl.exceptions import BadSignatureError
from nacl.exceptions import ValueError as NaclValueError

EVENT_TYPE = "application/vnd.wijkspoor.event+json"
SIGNATURE = 64
PUBLIC_KEY = 32

_event_head = b"DSSEv1 %d %s " % (len(EVENT_TYPE), EVENT_TYPE.encode())


def pae(kind: str, body: bytes) -> bytes:
    """What DSSE signs: ``DSSEv1 SP LEN(type) SP type SP LEN(body) SP body``, lengths in bytes."""
    name = kind.encode()
    return b"DSSEv1 %d %b %d %b" % (len(name), name, len(body), body)


def event_pae(body: bytes) -> bytes:
    """The same for an event's envelope bytes."""
    return _event_head + b"%d " % len(body) + body


def key_id(service: str, public_key: bytes) -> str:
    """The name of a service's key: the service and the first 16 hex digits of the key's SHA-256."""
    return f"{service}-{sha256(public_key).hexdigest()[:16]}"


class Signer:
    """A service's private key, made from a seed of 32 secret bytes; ValueError for any other length.

    Its `repr` shows the key id alone, so that the seed cannot reach a log by accident.
    """

    __slots__ = ("_secret", "key_id", "public_key", "service")

    def __init__(self, service: str, seed: bytes) -> None:
        if len(seed) != PUBLIC_KEY:
            raise ValueError(f"the seed of the {service} key has {len(seed)} bytes, not 32")
        self.service = service
        self.public_key, self._secret = crypto_sign_seed_keypair(seed)
        self.key_id = key_id(service, self.public_key)

    def __repr__(self) -> str:
        return f"Signer({self.key_id})"

    def sign(self, body: bytes) -> bytes:
        """The 64 bytes of signature over an event's envelope bytes."""
        return self.sign_raw(event_pae(body))

    def sign_raw(self, message: bytes) -> bytes:
        """The signature over a message that already names its own kind (a PAE, a note)."""
        return crypto_sign(message, self._secret)[:SIGNATURE]


def verify(public_key: bytes, body: bytes, signature: bytes) -> bool:
    """Whether the key signed these envelope bytes as an event."""
    return verify_raw(public_key, event_pae(body), signature)


def verify_raw(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the key signed this message; a key or signature of the wrong length has signed nothing."""
    if len(signature) != SIGNATURE or len(public_key) != PUBLIC_KEY:
        return False
    try:
        crypto_sign_open(signature + message, public_key)
    except (BadSignatureError, NaclValueError):
        return False
    return True
