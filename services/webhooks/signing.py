"""Signatures as Standard Webhooks has them, with secrets that lie in the vault like those of data subjects.

A secret is made once under an id of its own; the row of a subscription holds the id alone. A secret that was replaced
signs beside its successor for a day, so that a receiver can change over without losing an event.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

from standardwebhooks import Webhook

from events.vault import Vault
from events.webhooks import SigningKey, Subscription

OVERLAP = timedelta(days=1)
CONTENT_TYPE = "application/cloudevents+json"


def first_key(ident: str) -> SigningKey:
    """The name of the first secret of a subscription."""
    return _key(ident, 0)


def rotated(subscription: Subscription, now: datetime) -> Subscription:
    """The subscription with a new key in front; those before it sign for a day more."""
    old = [replace(key, until=key.until or now + OVERLAP) for key in subscription.keys if living(key, now)]
    # The epoch rises with every command, so a number is never used twice.
    return replace(subscription, keys=(_key(subscription.ident, subscription.epoch + 1), *old))


def _key(ident: str, number: int) -> SigningKey:
    return SigningKey(str(uuid5(UUID(ident), f"webhook secret {number}")))


def living(key: SigningKey, now: datetime) -> bool:
    """Whether a key still signs."""
    return key.until is None or now < key.until


def shown(secret: bytes) -> str:
    """A secret as its receiver is told it, once."""
    return "whsec_" + b64encode(secret).decode()


async def secrets_of(vault: Vault, subscription: Subscription, now: datetime) -> Sequence[bytes]:
    """The secrets that sign now, the newest first; those that were destroyed are left out."""
    names = [key.ident for key in subscription.keys if living(key, now)]
    found = await vault.keys(names, create=False)
    return [found[name] for name in names if name in found]


async def make_secret(vault: Vault, key: SigningKey) -> str:
    """The secret of this name, as its receiver is told it; made if it is not there yet."""
    return shown((await vault.keys([key.ident], create=True))[key.ident])


def signed(secrets: Sequence[bytes], event_id: str, body: bytes, at: datetime) -> dict[str, str]:
    """The headers of a delivery: the same `webhook-id` in every attempt, one signature a secret."""
    signatures = [Webhook(secret).sign(event_id, at.astimezone(UTC), body.decode()) for secret in secrets]
    return {
        "Content-Type": CONTENT_TYPE,
        "webhook-id": event_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
