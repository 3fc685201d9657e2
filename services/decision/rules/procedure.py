"""The rule about the way there: the file before the Government (D3); and days as sentences name them."""

from __future__ import annotations

from events.times import Day
from services.rulebook import Rule, Values, Verdict

_MONTHS = (
    ("januari", "January"),
    ("februari", "February"),
    ("maart", "March"),
    ("april", "April"),
    ("mei", "May"),
    ("juni", "June"),
    ("juli", "July"),
    ("augustus", "August"),
    ("september", "September"),
    ("oktober", "October"),
    ("november", "November"),
    ("december", "December"),
)


def written_day(name: str, day: Day) -> dict[str, str]:
    """A day as sentences name it: `<name>_nl` and `<name>_en`, such as 17 december 2021."""
    year, month, number = day.split("-")
    nl, en = _MONTHS[int(month) - 1]
    return {f"{name}_nl": f"{int(number)} {nl} {year}", f"{name}_en": f"{int(number)} {en} {year}"}


def _d3(params: Values, inputs: Values) -> Verdict:
    if not inputs["agenda_meeting"]:
        return Verdict("fail", "not_on_agenda")
    if inputs["agenda_meeting"] != inputs["meeting"]:
        return Verdict("fail", "other_meeting")
    if inputs["result"] != "goedgekeurd":
        return Verdict("pass", "no_award")
    if params["requires_inspectorate_advice"] and not inputs["advice_present"]:
        return Verdict("fail", "advice_missing")
    if params["requires_budget_agreement"] and not inputs["agreement_present"]:
        return Verdict("fail", "agreement_missing")
    if params["requires_budget_agreement"] and not inputs["agreed"]:
        return Verdict("fail", "agreement_withheld")
    return Verdict("pass", "file_complete")


def _d3_2(params: Values, inputs: Values) -> Verdict:
    before = _d3(params, inputs)
    if before.code != "file_complete" or not inputs["advice_present"] or inputs["advice_favourable"]:
        return before
    # The Inspectorate advises; against its advice only the minister of budget can let the proposal pass.
    return Verdict("pass", "adverse_overruled") if inputs["agreed"] else Verdict("fail", "adverse_without_agreement")


def _d3_3(params: Values, inputs: Values) -> Verdict:
    """Version 3: nothing is approved on a ranking that is open again, or on a file whose assessment is."""
    before = _d3_2(params, inputs)
    if before.outcome == "fail" or inputs["result"] != "goedgekeurd":
        return before
    if inputs["ranking_open"]:
        return Verdict("fail", "ranking_open")
    return Verdict("fail", "file_set_aside") if inputs["set_aside"] else before


_D3_SENTENCES = {
    "file_complete": (
        "De vereiste adviezen en akkoorden zitten in het dossier en het voorstel staat op de agenda van {meeting_nl}.",
        "The required advice and agreement are in the file and the proposal is on the agenda of {meeting_en}.",
    ),
    "no_award": (
        "De Vlaamse Regering heeft op {meeting_nl} niet tot toekenning beslist; het voorstel blijft bestaan.",
        "The Flemish Government did not decide to award on {meeting_en}; the proposal stands.",
    ),
    "not_on_agenda": (
        "Het voorstel staat niet op de agenda van de Vlaamse Regering.",
        "The proposal is not on the agenda of the Flemish Government.",
    ),
    "other_meeting": (
        "Het voorstel staat op de agenda van {agenda_meeting}, niet op die van {meeting}.",
        "The proposal is on the agenda of {agenda_meeting}, not on that of {meeting}.",
    ),
    "advice_missing": (
        "Het advies van de Inspectie van Financiën over deze versie van het voorstel ontbreekt.",
        "The advice of the Inspectorate of Finance on this version of the proposal is missing.",
    ),
    "agreement_missing": (
        "Het begrotingsakkoord over deze versie van het voorstel ontbreekt.",
        "The budget agreement on this version of the proposal is missing.",
    ),
    "agreement_withheld": (
        "De minister bevoegd voor de begroting heeft het begrotingsakkoord geweigerd.",
        "The minister of budget has withheld the budget agreement.",
    ),
    "adverse_overruled": (
        "Het advies van de Inspectie van Financiën is ongunstig; de minister bevoegd voor de begroting heeft toch een "
        "akkoord gegeven en het voorstel staat op de agenda van {meeting_nl}.",
        "The advice of the Inspectorate of Finance is adverse; the minister of budget has agreed all the same and the "
        "proposal is on the agenda of {meeting_en}.",
    ),
    "ranking_open": (
        "De jury heeft de rangschikking waarop het voorstel steunt, heropend en nog niet opnieuw vastgesteld; intussen "
        "kan het niet worden goedgekeurd.",
        "The jury has reopened the ranking on which the proposal rests and has not fixed it again; until then the "
        "proposal cannot be approved.",
    ),
    "file_set_aside": (
        "De beoordeling van een aanvraag in het voorstel is heropend na een nieuw feit; het voorstel moet eerst worden "
        "herzien.",
        "The assessment of an application in the proposal was reopened after a new fact; the proposal must be revised "
        "first.",
    ),
    "adverse_without_agreement": (
        "Het advies van de Inspectie van Financiën is ongunstig, en een begrotingsakkoord ontbreekt.",
        "The advice of the Inspectorate of Finance is adverse, and a budget agreement is missing.",
    ),
}
D3_1 = Rule("D3", 1, _d3, _D3_SENTENCES)
D3_2 = Rule("D3", 2, _d3_2, _D3_SENTENCES)
D3 = Rule("D3", 3, _d3_3, _D3_SENTENCES)
