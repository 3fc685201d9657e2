"""What people do beside the rules: judge (HC), set a failed check aside (E6), and conclude (E7)."""

from __future__ import annotations

from services.rulebook import Rule, Values, Verdict


def _judged(_params: Values, inputs: Values) -> Verdict:
    return Verdict("pass", "judged_met") if inputs["judged"] == "pass" else Verdict("fail", "judged_not_met")


HUMAN_CHECK = Rule(
    "HC",
    1,
    _judged,
    {
        "judged_met": (
            "{label_nl}: voldaan. De motivering: “{reasons}”.",
            "{label_en}: met. The reasons: “{reasons}”.",
        ),
        "judged_not_met": (
            "{label_nl}: niet voldaan. De motivering: “{reasons}”.",
            "{label_en}: not met. The reasons: “{reasons}”.",
        ),
    },
)
"""HC: a check that the terms leave to a person. The answer is an input as any other, the reasons stand as written."""


def _set_aside(params: Values, inputs: Values) -> Verdict:
    if [inputs["check"], inputs["legal_basis"]] not in params["derogable"]:
        return Verdict("fail", "not_derogable")
    if inputs["outcome"] != "fail":
        return Verdict("fail", "check_not_failed")
    return Verdict("pass", "set_aside")


DEROGATION = Rule(
    "E6",
    1,
    _set_aside,
    {
        "set_aside": (
            "Van controle {check} wordt in dit dossier afgeweken op grond van {legal_basis}. "
            "De motivering: “{reasons}”.",
            "Check {check} is set aside in this case on the ground of {legal_basis}. The reasons: “{reasons}”.",
        ),
        "not_derogable": (
            "De oproep laat geen afwijking toe van controle {check} op grond van {legal_basis}.",
            "The call allows no derogation from check {check} on the ground of {legal_basis}.",
        ),
        "check_not_failed": (
            "Controle {check} is niet negatief: er is niets om van af te wijken.",
            "Check {check} did not fail: there is nothing to set aside.",
        ),
    },
)
"""E6: a person sets a failed check aside only where the terms say so, on the ground they name; the check stays."""


def _can_conclude(params: Values, inputs: Values) -> Verdict:
    if inputs["clarification_open"]:
        return Verdict("fail", "clarification_open")
    if set(params["mandatory"]) - set(inputs["recorded"]):
        return Verdict("fail", "check_missing")
    return Verdict("pass", "complete")


CAN_CONCLUDE = Rule(
    "E7",
    1,
    _can_conclude,
    {
        "complete": ("Alle verplichte controles zijn gedaan.", "Every mandatory check was made."),
        "clarification_open": (
            "Er loopt nog een vraag om verduidelijking.",
            "A request for clarification is still open.",
        ),
        "check_missing": (
            "Verplicht zijn de controles {mandatory}; gedaan zijn {recorded}.",
            "The checks {mandatory} are mandatory; {recorded} were made.",
        ),
    },
)
"""E7: a conclusion needs every mandatory check, and no open question to the applicant."""
