"""HTTP of payment: its command routes are generated from the registry in `services.web`."""

from __future__ import annotations

from services.payment.worker import PAYMENT

SERVICE = PAYMENT
"""What `services.web` makes routes from."""
