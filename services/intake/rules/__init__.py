"""Rules of intake: when an application counts (`application`), and when a call's terms hold together (`terms`)."""

from __future__ import annotations

from services.intake.rules.application import (
    AUTHORITY,
    IN_TIME,
    MUNICIPALITY,
    OF_APPLICATIONS,
    ONLY_WHAT_WAS_ASKED,
    UNDECIDED,
    repeated_codes,
    unknown_codes,
)
from services.intake.rules.files import ACCEPTABLE, file_rule
from services.intake.rules.form import (
    Given,
    fields_of,
    mistakes_in_answers,
    sealable,
    unanswered,
    without,
    written,
)
from services.intake.rules.mistakes import Mistake
from services.intake.rules.terms import mistakes_in, read_terms

RULES = (*OF_APPLICATIONS, ACCEPTABLE)
"""Every version of every rule that intake records or tells."""

__all__ = [
    "ACCEPTABLE",
    "AUTHORITY",
    "IN_TIME",
    "MUNICIPALITY",
    "ONLY_WHAT_WAS_ASKED",
    "RULES",
    "UNDECIDED",
    "Given",
    "Mistake",
    "fields_of",
    "file_rule",
    "mistakes_in",
    "mistakes_in_answers",
    "read_terms",
    "repeated_codes",
    "sealable",
    "unanswered",
    "unknown_codes",
    "without",
    "written",
]
