"""When an application counts, and what it may say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from events.intake import ApplicationContent, Coded, Terms
from services.rulebook import Rule, Values, Verdict


def _in_time(params: Values, inputs: Values) -> Verdict:
    # Instants have one written form, so they sort as text.
    in_time = inputs["submitted_at"] <= params["deadline_utc"]
    return Verdict("pass", "in_time") if in_time else Verdict("fail", "late")


IN_TIME = Rule(
    "I1",
    1,
    _in_time,
    {
        "in_time": (
            "Ingediend op {submitted_at} (UTC), binnen de termijn tot {deadline} ({zone}).",
            "Submitted at {submitted_at} (UTC), within the term that ran until {deadline} ({zone}).",
        ),
        "late": (
            "Ingediend op {submitted_at} (UTC), na het einde van de termijn op {deadline} ({zone}).",
            "Submitted at {submitted_at} (UTC), after the term had ended at {deadline} ({zone}).",
        ),
    },
)
"""I1: the moment of submission is not later than the deadline that holds. Compared as instants, to the microsecond."""


def _only_what_was_asked(params: Values, inputs: Values) -> Verdict:
    if set(inputs["supplied"]) - set(params["requested"]):
        return Verdict("fail", "not_requested")
    if set(inputs["supplied"]) != set(inputs["attached"]):
        return Verdict("fail", "items_without_attachment")
    return Verdict("pass", "as_requested")


ONLY_WHAT_WAS_ASKED = Rule(
    "I3",
    1,
    _only_what_was_asked,
    {
        "as_requested": ("De aanvulling bevat wat gevraagd was.", "The supplement holds what was asked for."),
        "not_requested": (
            "Gevraagd was: {requested}. Ingediend werd: {supplied}. Alleen wat gevraagd was, kan nog.",
            "Asked for: {requested}. Handed in: {supplied}. Only what was asked for can still be added.",
        ),
        "items_without_attachment": (
            "Genoemd: {supplied}. Bijgevoegd: {attached}. Beide moeten gelijk zijn.",
            "Named: {supplied}. Attached: {attached}. The two must be the same.",
        ),
    },
)
"""I3: a submitted version never changes; a supplement touches only what was asked for."""


def _municipality(_params: Values, inputs: Values) -> Verdict:
    is_one = inputs["nis"] is not None
    return Verdict("pass", "municipality") if is_one else Verdict("fail", "not_a_municipality")


MUNICIPALITY = Rule(
    "I6",
    1,
    _municipality,
    {
        "municipality": (
            "De aanvrager {ovo} is een gemeente (NIS {nis}).",
            "The applicant {ovo} is a municipality (NIS {nis}).",
        ),
        "not_a_municipality": (
            "De aanvrager {ovo} is geen gemeente: er is geen NIS-code.",
            "The applicant {ovo} is not a municipality: it has no NIS code.",
        ),
    },
)
"""I6: the applicant is a municipality. The form of its OVO code and the check digits of its KBO number are proven
before, where the command is read."""

RULES: tuple[Rule, ...] = (IN_TIME, ONLY_WHAT_WAS_ASKED, MUNICIPALITY)
"""Every version of every rule that intake records or tells."""


def unknown_codes(terms: Terms, content: ApplicationContent) -> dict[str, list[str]]:
    """Per field the codes that this call does not know; empty when all are known."""
    used = _codes_used(content)
    known = {
        "themes": terms.themes,
        "instruments": terms.instruments,
        "budget": terms.cost_categories,
        "attachments": terms.required_attachments,
    }
    beyond = {field: sorted(set(used[field]) - codes_of(coded)) for field, coded in known.items()}
    return {field: codes for field, codes in beyond.items() if codes}


def repeated_codes(content: ApplicationContent) -> dict[str, list[str]]:
    """Per field the codes that occur twice where each may stand once. Several attachments may share a kind."""
    used = _codes_used(content)
    del used["attachments"]
    twice = {field: twice_in(codes) for field, codes in used.items()}
    return {field: codes for field, codes in twice.items() if codes}


def _codes_used(content: ApplicationContent) -> dict[str, list[str]]:
    return {
        "themes": content.themes,
        "instruments": content.instruments,
        "budget": [line.category for line in content.budget],
        "partners": [one.partner for one in content.partners],
        "attachments": [one.kind for one in content.attachments],
    }


def codes_of(coded: Iterable[Coded]) -> set[str]:
    """The codes alone."""
    return {one.code for one in coded}


def twice_in(codes: Iterable[str]) -> list[str]:
    """The codes that occur more than once, sorted."""
    return sorted(code for code, count in Counter(codes).items() if count > 1)
