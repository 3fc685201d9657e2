"""The receiver's consent, before anything is sent to it: the OPTIONS handshake of CloudEvents (HTTP webhooks, §4).

Consent is in the headers of the answer, never in its status alone: many servers answer OPTIONS without meaning it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from services.webhooks.calling import Answered

ORIGIN = "WebHook-Request-Origin"
RATE = "WebHook-Request-Rate"

LASTING = frozenset(range(400, 500)) - {408, 425, 429}
"""Answers that mean no; those left out, and all of 5xx, mean not yet."""


@dataclass(frozen=True, slots=True)
class Granted:
    """The receiver agrees, to so many requests a minute (None: to any number)."""

    rate: int | None


Consent: TypeAlias = Granted | Literal["refused", "silent"]
"""`silent`: there was no answer that means anything; ask again later."""


def asked(origin: str, rate: int) -> dict[str, str]:
    """The headers of the question."""
    return {ORIGIN: origin, RATE: str(rate)}


def consent(answered: Answered, origin: str, rate: int) -> Consent:
    """What an answer means. A receiver that names no rate has agreed to the one that was asked for."""
    status = answered.status
    if status is None or not (200 <= status < 300 or status in LASTING):
        return "silent"
    allowed = answered.headers.get("webhook-allowed-origin", "").strip()
    if not 200 <= status < 300 or allowed.lower() not in ("*", origin.lower()):
        return "refused"
    return Granted(_rate(answered.headers, rate))


def _rate(headers: Mapping[str, str], asked_for: int) -> int | None:
    text = headers.get("webhook-allowed-rate", "").strip()
    if text == "*":
        return None
    granted = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else asked_for
    return max(1, min(granted, asked_for))
