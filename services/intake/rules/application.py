"""When an application counts, and what it may say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from events.application import Request
from events.intake import Coded, Terms
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


def _authority(params: Values, inputs: Values) -> Verdict:
    may = inputs["role"] in params["roles"]
    return Verdict("pass", "has_authority") if may else Verdict("fail", "no_authority")


AUTHORITY = Rule(
    "I4",
    1,
    _authority,
    {
        "has_authority": (
            "Heropend door de rol {role}, die daartoe bevoegd is.",
            "Reopened by the role {role}, which has the authority.",
        ),
        "no_authority": (
            "De rol {role} is niet bevoegd om een dossier te heropenen; dat zijn: {roles}.",
            "The role {role} has no authority to reopen a file; these have: {roles}.",
        ),
    },
)
"""I4: a file is reopened with a reason, by an actor whom the call's terms give the authority."""


def _undecided(_params: Values, inputs: Values) -> Verdict:
    return Verdict("pass", "undecided") if inputs["decision"] is None else Verdict("fail", "decided")


UNDECIDED = Rule(
    "I5",
    1,
    _undecided,
    {
        "undecided": (
            "De Vlaamse Regering had nog niet beslist over deze aanvraag.",
            "The Flemish Government had not decided on this application yet.",
        ),
        "decided": (
            "De Vlaamse Regering heeft beslist ({decision}); een aanvraag kan dan niet meer worden ingetrokken. "
            "Afstand doen van de subsidie kan nog wel.",
            "The Flemish Government has decided ({decision}); an application can no longer be withdrawn. The award can "
            "still be waived.",
        ),
    },
)
"""I5: an application can be withdrawn until the Government has decided on it."""

OF_APPLICATIONS: tuple[Rule, ...] = (IN_TIME, ONLY_WHAT_WAS_ASKED, MUNICIPALITY, AUTHORITY, UNDECIDED)
"""Every version of the rules about an application."""


def unknown_codes(terms: Terms, content: Request) -> dict[str, list[str]]:
    """Per field the codes that this call does not know; empty when all are known."""
    used = _codes_used(content)
    known = {
        "themes": terms.themes,
        "instruments": terms.instruments,
        "budget": terms.cost_categories,
    }
    codes = {field: codes_of(coded) for field, coded in known.items()}
    codes["attachments"] = codes_of(terms.required_attachments) | {one.code for one in terms.intake.attachments}
    beyond = {field: sorted(set(used[field]) - known) for field, known in codes.items()}
    return {field: codes for field, codes in beyond.items() if codes}


def repeated_codes(content: Request) -> dict[str, list[str]]:
    """Per field the codes that occur twice where each may stand once. Several attachments may share a kind."""
    used = _codes_used(content)
    del used["attachments"]
    twice = {field: twice_in(codes) for field, codes in used.items()}
    return {field: codes for field, codes in twice.items() if codes}


def _codes_used(content: Request) -> dict[str, list[str]]:
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
