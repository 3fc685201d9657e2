"""HTTP of the jury: its commands, as routes that the registry generates."""

from __future__ import annotations

from services.jury.worker import JURY

SERVICE = JURY
"""The service whose routes are generated."""
