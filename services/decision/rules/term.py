"""D7 since its second version: a contract is in force on an award that stands, and within the term."""

from __future__ import annotations

from typing import Any

from events.canonical import Json
from events.decision import EnvelopeSet
from events.times import months_between
from events.vocabulary import Period
from services.decision.rules.contract import D7
from services.decision.rules.procedure import written_day
from services.rulebook import Rule, Values, Verdict


def _d7(params: Any, inputs: Any) -> Verdict:
    if inputs["asked"] == "term":
        return _term(params, inputs)
    if not inputs["award_in_force"]:
        return Verdict("fail", "award_not_in_force")
    if inputs["months"] > params["max_months"] and not inputs["reference"]:
        return _too_long(params)
    if inputs["waiting_for"]:
        return Verdict("fail", "pledges_missing")
    return Verdict("pass", "in_force") if inputs["begun"] else Verdict("fail", "term_not_begun")


def _term(params: Any, inputs: Any) -> Verdict:
    if inputs["reference"]:
        return Verdict("pass", "extended") if inputs["end"] > inputs["previous_end"] else Verdict("fail", "not_longer")
    if inputs["months"] > params["max_months"] or inputs["end"] > params["latest_end"]:
        return _too_long(params)
    return Verdict("pass", "within_awarded_term" if params.get("set_aside") else "within_term")


def _too_long(params: Values) -> Verdict:
    # Where the call's term was derogated from, the limits are those of the award.
    return Verdict("fail", "longer_than_awarded" if params.get("set_aside") else "term_too_long")


D7_2 = Rule(
    "D7",
    2,
    _d7,
    {
        **D7.sentences,
        "award_not_in_force": (
            "Het contract kan niet ingaan: de toekenning waarop het steunt, geldt niet.",
            "The contract cannot enter into force: the award on which it rests does not stand.",
        ),
        "nothing_to_suspend": (
            "Het contract is nog niet in werking: er wordt niets op betaald, dus valt er niets op te schorten. Wie "
            "niet wil dat het ingaat, zet het stop.",
            "The contract is not in force yet: nothing is paid on it, so there is nothing to suspend. Who does not "
            "want it to enter into force terminates it.",
        ),
        "within_term": (
            "Het contract loopt van {start_nl} tot en met {end_nl}, dat is {months} maanden; de oproep laat er "
            "{max_months} toe, tot en met {latest_end_nl}.",
            "The contract runs from {start_en} to {end_en}, which is {months} months; the call allows {max_months}, "
            "until {latest_end_en}.",
        ),
        "extended": (
            "De beslissing met kenmerk {reference} verlengt de looptijd van {previous_end_nl} tot en met {end_nl}, dat "
            "is {months} maanden in het geheel.",
            "The decision with reference {reference} extends the term from {previous_end_en} to {end_en}, which is "
            "{months} months in all.",
        ),
        "term_too_long": (
            "Een looptijd van {months} maanden, tot en met {end_nl}, kan niet zonder een beslissing die ze verlengt: "
            "de oproep laat {max_months} maanden toe, tot en met {latest_end_nl}.",
            "A term of {months} months, until {end_en}, is not possible without a decision that extends it: the call "
            "allows {max_months} months, until {latest_end_en}.",
        ),
        "within_awarded_term": (
            "Het contract loopt van {start_nl} tot en met {end_nl}, dat is {months} maanden; in dit dossier is van de "
            "termijn van de oproep afgeweken, en zijn {max_months} maanden toegestaan, tot en met {latest_end_nl}.",
            "The contract runs from {start_en} to {end_en}, which is {months} months; in this case the call's term was "
            "derogated from, and {max_months} months are allowed, until {latest_end_en}.",
        ),
        "longer_than_awarded": (
            "Een looptijd van {months} maanden, tot en met {end_nl}, kan niet zonder een beslissing die ze verlengt: "
            "in dit dossier is van de termijn van de oproep afgeweken, en zijn {max_months} maanden toegestaan, tot en "
            "met {latest_end_nl}.",
            "A term of {months} months, until {end_en}, is not possible without a decision that extends it: in this "
            "case the call's term was derogated from, and {max_months} months are allowed, until {latest_end_en}.",
        ),
        "not_longer": (
            "De looptijd eindigt al op {previous_end_nl}; {end_nl} is geen verlenging.",
            "The term already ends on {previous_end_en}; {end_en} is no extension.",
        ),
    },
)


def term_params(terms: EnvelopeSet) -> dict[str, Json]:
    """What D7 measures a term by."""
    latest = terms.term.latest_end
    return {"max_months": terms.term.max_months, "latest_end": latest, **written_day("latest_end", latest)}


def term_inputs(term: Period, reference: str) -> dict[str, Json]:
    """What D7 looks at of a term; `reference` names the decision that made it longer, if any did."""
    return {
        "start": term.start,
        "end": term.end,
        "months": months_between(term.start, term.end),
        "reference": reference,
        **written_day("start", term.start),
        **written_day("end", term.end),
    }


def longer_inputs(previous: Period, term: Period, reference: str) -> dict[str, Json]:
    """What D7 looks at where a term changes."""
    return {
        "asked": "term",
        "previous_end": previous.end,
        **written_day("previous_end", previous.end),
        **term_inputs(term, reference),
    }
