"""HTTP of decision: its commands, as routes that the registry generates."""

from __future__ import annotations

from services.decision.worker import DECISION

SERVICE = DECISION
"""The service whose routes are generated."""
