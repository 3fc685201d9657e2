"""Rules of intake: when an application counts (`application`), and when a call's terms hold together (`terms`)."""

from __future__ import annotations

from services.intake.rules.application import (
    IN_TIME,
    MUNICIPALITY,
    ONLY_WHAT_WAS_ASKED,
    RULES,
    repeated_codes,
    unknown_codes,
)
from services.intake.rules.terms import Mistake, mistakes_in, read_terms

__all__ = [
    "IN_TIME",
    "MUNICIPALITY",
    "ONLY_WHAT_WAS_ASKED",
    "RULES",
    "Mistake",
    "mistakes_in",
    "read_terms",
    "repeated_codes",
    "unknown_codes",
]
