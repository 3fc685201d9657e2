"""Secrets and signatures of webhooks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from standardwebhooks import Webhook, WebhookVerificationError

from events.adapters.memory import MemoryVault
from events.webhooks import Progress, Subscription
from services.webhooks.signing import first_key, make_secret, rotated, secrets_of, shown, signed
from tests.publics import ident, published

NOW = datetime(2026, 11, 23, 9, 30, 0, 900_000, tzinfo=UTC)
EVENT = published(1)


def subscription() -> Subscription:
    """A new receiver."""
    key = ident("one")
    return Subscription(key, "OVO000001", "p-1", "https://stad.example/", (), NOW, (first_key(key),), Progress())


async def test_a_secret_is_made_once_and_stays() -> None:
    vault = MemoryVault()
    assert await secrets_of(vault, subscription(), NOW) == [], "who delivers makes none"
    told = await make_secret(vault, subscription().keys[0])
    (first,) = await secrets_of(vault, subscription(), NOW)

    assert told == shown(first) == await make_secret(vault, subscription().keys[0])
    assert await secrets_of(vault, subscription(), NOW + timedelta(days=900)) == [first]
    assert len(first) == 32
    assert shown(first).startswith("whsec_")
    assert subscription().keys[0].ident not in shown(first)


async def test_a_new_secret_stands_first_and_the_old_one_signs_for_a_day_more() -> None:
    vault, before = MemoryVault(), subscription()
    await make_secret(vault, before.keys[0])
    (old,) = await secrets_of(vault, before, NOW)
    after = rotated(before, NOW)
    await make_secret(vault, after.keys[0])
    new, same = await secrets_of(vault, after, NOW + timedelta(hours=23))

    assert (same, new != old) == (old, True)
    assert await secrets_of(vault, after, NOW + timedelta(days=1)) == [new]


async def test_each_new_secret_is_another_and_all_within_a_day_sign() -> None:
    vault, row = MemoryVault(), subscription()
    for epoch in range(3):
        row = replace(rotated(row, NOW), epoch=epoch + 1)
    for key in row.keys:
        await make_secret(vault, key)

    secrets = await secrets_of(vault, row, NOW)
    assert len(set(secrets)) == 4
    later = rotated(row, NOW + timedelta(days=2))
    assert len(later.keys) == 2, "what signs no more is dropped"


@pytest.mark.parametrize("which", [0, 1])
def test_any_of_the_secrets_verifies_and_no_other(which: int) -> None:
    secrets = [b"n" * 32, b"o" * 32]
    headers = signed(secrets, EVENT.id, EVENT.body, NOW)

    with time_machine.travel(NOW, tick=False):
        Webhook(shown(secrets[which])).verify(EVENT.body, headers)
        with pytest.raises(WebhookVerificationError):
            Webhook(shown(b"x" * 32)).verify(EVENT.body, headers)
        with pytest.raises(WebhookVerificationError):
            Webhook(secrets[0]).verify(EVENT.body, {**headers, "webhook-id": ident("another")})
    with time_machine.travel(NOW + timedelta(minutes=6), tick=False), pytest.raises(WebhookVerificationError):
        Webhook(secrets[0]).verify(EVENT.body, headers)


def test_the_time_of_signing_is_told_in_whole_seconds_whatever_the_zone() -> None:
    there = NOW.astimezone(datetime.fromisoformat("2026-11-23T00:00:00+05:00").tzinfo)
    assert signed([b"n" * 32], EVENT.id, EVENT.body, there) == signed([b"n" * 32], EVENT.id, EVENT.body, NOW)
    assert signed([b"n" * 32], EVENT.id, EVENT.body, NOW)["webhook-timestamp"] == str(int(NOW.timestamp()))
