"""HTTP of eligibility: its command routes are generated from the registry in `services.web`."""

from __future__ import annotations

from services.eligibility.worker import ELIGIBILITY

SERVICE = ELIGIBILITY
"""What `services.web` makes routes from."""
