"""The history of a case as data: the same values as on the page, for whoever wants to compute with them."""

from __future__ import annotations

from typing import Any

import msgspec

from projections.desk.data import Step


def plain(step: Step) -> dict[str, Any]:
    """One step as JSON values, names in lowerCamelCase as everywhere on the wire."""
    return {
        "position": step.position,
        "type": step.type,
        "service": step.service,
        "occurredAt": step.occurred_at,
        "recordedAt": step.recorded_at,
        "role": step.role,
        "told": msgspec.to_builtins(step.told),
        "checks": msgspec.to_builtins(list(step.checks)),
        "reasons": msgspec.to_builtins(list(step.reasons)),
        "written": msgspec.to_builtins(list(step.written)),
        "legalBasis": step.legal_basis,
    }
