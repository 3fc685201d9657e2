"""Old events in today's shape: one pure step per schema version, on dicts, never on stored bytes.

A stored event keeps its bytes for ever. Each step has a golden file in `tests/golden/facts` that shows a version as it
was once written.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from events.canonical import Json

Step = Callable[[dict[str, Json]], dict[str, Json]]


def _succession_names_the_merged(data: dict[str, Any]) -> dict[str, Any]:
    """Version 1 knew one successor only; since version 2 the authorities that merged into it are listed."""
    return data | {"merged": []}


PAYMENT_BEFORE: dict[str, Json] = {"reminder_days": [], "tranche_rules": [], "interim": None}
"""How tranches and reports went before a call could say more: no reminders, no condition but the tranche's own."""

_RETENTION_SINCE_3: dict[str, Json] = {"retention": None}

_DECISION_SINCE_2: dict[str, Json] = {"appeal_days": None, "postponement_days": None, "reserve_days": None}

INTAKE_BEFORE: dict[str, Json] = {
    "register": False,
    "reopening_roles": ["case_handler"],
    "form": None,
    "attachments": [],
}
"""How applications came in before a call could say more: no register of its cases, no form, any file."""

_JURY_SINCE_2: dict[str, Json] = {
    "min_government": 0,
    "required_expertise": [],
    "suggest_conflicts": False,
    "reply_days": 0,
    "reopens_with_envelope": False,
}

TERMS_SINCE_2: dict[str, Json] = {
    "decision": _DECISION_SINCE_2,
    "intake": INTAKE_BEFORE,
    "payment": PAYMENT_BEFORE,
    "eligibility": {"human_checks": [], "derogations": [], "double_funding": "not_checked"},
    "jury": _JURY_SINCE_2,
}
"""What version 1 of a call's terms did not say, and what went without saying then."""


def _terms_say_all(data: dict[str, Any]) -> dict[str, Any]:
    """Version 1 of a call's terms left to the program what version 2 says itself."""
    return data | {"terms": _filled(data["terms"], TERMS_SINCE_2)}


def _schedule_says_all(data: dict[str, Any]) -> dict[str, Any]:
    """Version 1 of a schedule copied terms that said nothing of reminders and further conditions."""
    return data | {"payment": PAYMENT_BEFORE}


def _terms_keep_papers(data: dict[str, Any]) -> dict[str, Any]:
    """Version 2 of a call's terms said nothing of how long papers are kept."""
    return data | {"terms": _filled(data["terms"], {"payment": _RETENTION_SINCE_3})}


def _schedule_keeps_papers(data: dict[str, Any]) -> dict[str, Any]:
    """The same of the part that payment copied."""
    return _filled(data, {"payment": _RETENTION_SINCE_3})


def _claim_lists_costs(data: dict[str, Any]) -> dict[str, Any]:
    """Version 1 of a claim was for the planned amount as a whole."""
    return data | {"costs": []}


def _decommitment_is_explained(data: dict[str, Any]) -> dict[str, Any]:
    """Version 1 of a decommitment always followed from the final account."""
    return data | {"explanation": None}


def _closure_gives_nothing_up(data: dict[str, Any]) -> dict[str, Any]:
    """Version 1 of a closed account knew no waiver."""
    return data | {"given_up_cents": 0}


def _report_is_reminded_of(data: dict[str, Any]) -> dict[str, Any]:
    """Version 1 of an expected report knew no reminders."""
    return data | {"reminder_days": []}


def _acceptance_names_who(data: dict[str, Any]) -> dict[str, Any]:
    """Version 1 of an accepted report left the official to the envelope; nobody is told apart by an empty name."""
    return data | {"accepted_by": ""}


def _filled(given: dict[str, Any], defaults: dict[str, Any]) -> dict[str, Any]:
    """What is given, and beside it what only the defaults have, parts within parts included."""
    filled = dict(given)
    for name, value in defaults.items():
        both = isinstance(value, dict) and isinstance(given.get(name), dict)
        filled[name] = _filled(given[name], value) if both else given.get(name, value)
    return filled


def _envelope_knows_the_terms_of_days(data: dict[str, Any]) -> dict[str, Any]:
    """Version 1 knew no term for appeal, no standstill and no reserve list."""
    return data | {"decision": _filled(data["decision"], _DECISION_SINCE_2)}


def _notice_names_the_decision(data: dict[str, Any]) -> dict[str, Any]:
    """Version 1 did not say which decision the applicant was told of, nor until when an appeal could be lodged."""
    return data | {"reference": None, "appeal_until": None}


def _criteria_say_all(data: dict[str, Any]) -> dict[str, Any]:
    """Version 1 of the adopted criteria knew rules alone, and left the key of an application to intake."""
    return _filled(data, {"eligibility": TERMS_SINCE_2["eligibility"], "one_live_application": False})


def _jury_terms_say_all(data: dict[str, Any]) -> dict[str, Any]:
    """The same of the part that the jury copied."""
    return data | {"jury": _filled(data["jury"], _JURY_SINCE_2)}


def _panel_knows_partners(data: dict[str, Any]) -> dict[str, Any]:
    """Version 1 did not copy the partners; nobody was kept out of a file because of one."""
    return data | {"partners": []}


def _advice_may_impose(data: dict[str, Any]) -> dict[str, Any]:
    """Version 1 imposed no cooperation, gave no reason of its own for a lower amount, and answered no reply."""
    return data | {"cooperation": [], "reduction": None, "answer": None}


def _candidate_names_derogations(data: dict[str, Any]) -> dict[str, Any]:
    """Version 1 of a candidate did not copy what eligibility had set aside."""
    return data | {"set_aside": []}


STEPS: dict[tuple[str, int], Step] = {
    ("ApplicantNotified", 1): _notice_names_the_decision,
    ("AccountClosed", 1): _closure_gives_nothing_up,
    ("BeneficiarySucceeded", 1): _succession_names_the_merged,
    ("CandidateRegistered", 1): _candidate_names_derogations,
    ("CallPublished", 1): _terms_say_all,
    ("CallPublished", 2): _terms_keep_papers,
    ("ClaimSubmitted", 1): _claim_lists_costs,
    ("FundsDecommitted", 1): _decommitment_is_explained,
    ("ReportAccepted", 1): _acceptance_names_who,
    ("ReportExpected", 1): _report_is_reminded_of,
    ("ScheduleAdopted", 1): _schedule_says_all,
    ("ScheduleAdopted", 2): _schedule_keeps_papers,
    ("EnvelopeSet", 1): _envelope_knows_the_terms_of_days,
    ("CriteriaAdopted", 1): _criteria_say_all,
    ("PanelTermsAdopted", 1): _jury_terms_say_all,
    ("CaseAdmittedToPanel", 1): _panel_knows_partners,
    ("AdviceAdopted", 1): _advice_may_impose,
}
"""(type, version) → the step to version + 1."""


def upcast(type_: str, version: int, target: int, data: dict[str, Json]) -> dict[str, Json]:
    """The data in the shape of the target version; KeyError if a step is missing."""
    for step in range(version, target):
        data = STEPS[type_, step](data)
    return data
