"""HTTP of intake: its command routes are generated from the registry in `services.web`."""

from __future__ import annotations

from services.intake.worker import INTAKE

SERVICE = INTAKE
"""What `services.web` makes routes from."""
