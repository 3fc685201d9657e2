"""What must hold in the part of a call's terms that says what people judge, and what may be set aside."""

from __future__ import annotations

from collections.abc import Iterator

from events.intake import EligibilityTerms

CHECKED_BY_RULE = ("A1", "A2", "E1", "E2", "E3", "E4", "E5", "E5D")
"""The rules that eligibility puts to every file by itself, by id; a test there holds this list to its own."""


def eligibility_mistakes(terms: EligibilityTerms) -> Iterator[tuple[str, str, str]]:
    """Where it does not hold together: pointer, and the sentence in Dutch and in English."""
    known = {*CHECKED_BY_RULE, *(one.code for one in terms.human_checks)}
    for index, one in enumerate(terms.derogations):
        if one.check not in known:
            yield (
                f"/eligibility/derogations/{index}/check",
                f"Deze oproep kent geen controle {one.check}.",
                f"This call has no check {one.check}.",
            )
