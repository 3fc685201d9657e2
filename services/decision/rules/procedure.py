"""The rules about the way there: the file before the Government (D3), reasons (D5), one decision (D6)."""

from __future__ import annotations

from typing import Any

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


D3 = Rule(
    "D3",
    1,
    _d3,
    {
        "file_complete": (
            "De vereiste adviezen en akkoorden zitten in het dossier en het voorstel staat op de agenda van "
            "{meeting_nl}.",
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
    },
)


def _d5(params: Values, inputs: Any) -> Verdict:
    decided, advised, left = inputs["decided_cents"], inputs["advised_cents"], inputs["left_before_cents"]
    policy = params["partial_fit"]
    if inputs["outcome"] == "unfavourable":
        return Verdict("pass", "unfavourable_advice") if decided == 0 else Verdict("fail", "no_reason")
    if decided == 0 and advised > left:
        return Verdict("pass", "envelope_exhausted")
    if decided == 0 and policy == "stop_at_first_misfit":
        return Verdict("pass", "behind_first_misfit")
    if 0 < decided == advised <= left:
        return Verdict("pass", "awarded_in_full")
    if 0 < decided == left < advised and policy == "cut_last":
        return Verdict("pass", "awarded_in_part")
    return Verdict("fail", "no_reason")


_PLACE_NL = "De aanvraag staat op plaats {rank} van de rangschikking, met een score van {score_bp}. "
_PLACE_EN = "The application stands at place {rank} of the ranking, with a score of {score_bp}. "
_BY_NL = "De Vlaamse Regering besliste zo op {meeting_nl}, met kenmerk {reference}."
_BY_EN = "The Flemish Government decided so on {meeting_en}, under reference {reference}."

D5 = Rule(
    "D5",
    1,
    _d5,
    {
        "awarded_in_full": (
            "Aan de aanvraag wordt {decided_cents} toegekend. " + _PLACE_NL + "De jury stelde {advised_cents} voor. "
            "Van het beschikbare krediet was op dat moment in de rangschikking nog {left_before_cents} over, zodat dit "
            "bedrag volledig past. " + _BY_NL,
            "The application is awarded {decided_cents}. " + _PLACE_EN + "The jury proposed {advised_cents}. At that "
            "point of the ranking {left_before_cents} of the envelope was left, so that this amount fits in full. "
            + _BY_EN,
        ),
        "awarded_in_part": (
            "Aan de aanvraag wordt {decided_cents} toegekend. " + _PLACE_NL + "De jury stelde {advised_cents} voor. "
            "Van het beschikbare krediet was op dat moment in de rangschikking nog {left_before_cents} over; de oproep "
            "bepaalt dat de laatste aanvraag dat resterende bedrag krijgt. " + _BY_NL,
            "The application is awarded {decided_cents}. " + _PLACE_EN + "The jury proposed {advised_cents}. At that "
            "point of the ranking {left_before_cents} of the envelope was left; the call provides that the last "
            "application receives that remaining amount. " + _BY_EN,
        ),
        "envelope_exhausted": (
            "De aanvraag krijgt geen subsidie, omdat het beschikbare krediet niet volstaat. " + _PLACE_NL + "De jury "
            "adviseerde gunstig en stelde {advised_cents} voor. Na de beter gerangschikte aanvragen was van het "
            "krediet van {envelope_cents} nog {left_before_cents} over, en dat is minder dan het voorgestelde bedrag. "
            + _BY_NL,
            "The application receives no subsidy, because the envelope does not suffice. " + _PLACE_EN + "The jury "
            "advised favourably and proposed {advised_cents}. After the applications ranked higher, "
            "{left_before_cents} of the envelope of {envelope_cents} was left, and that is less than the amount "
            "proposed. " + _BY_EN,
        ),
        "behind_first_misfit": (
            "De aanvraag krijgt geen subsidie, omdat het beschikbare krediet niet volstaat. " + _PLACE_NL + "De jury "
            "adviseerde gunstig en stelde {advised_cents} voor. De oproep bepaalt dat de toekenningen eindigen bij de "
            "eerste aanvraag in de rangschikking waarvan het bedrag niet meer volledig past; deze aanvraag staat "
            "daarna. De {left_before_cents} die van het krediet van {envelope_cents} overblijft, kan daarom niet meer "
            "worden toegekend. " + _BY_NL,
            "The application receives no subsidy, because the envelope does not suffice. " + _PLACE_EN + "The jury "
            "advised favourably and proposed {advised_cents}. The call provides that awards end at the first "
            "application in the ranking whose amount no longer fits in full; this application stands after it. The "
            "{left_before_cents} left of the envelope of {envelope_cents} can therefore no longer be awarded. "
            + _BY_EN,
        ),
        "unfavourable_advice": (
            "De aanvraag krijgt geen subsidie, omdat de jury van deskundigen een ongunstig gemotiveerd advies heeft "
            "gegeven. " + _PLACE_NL + "De motivering per criterium staat in dat advies, waarbij de Vlaamse Regering "
            "zich aansluit. " + _BY_NL,
            "The application receives no subsidy, because the jury of experts has given an unfavourable reasoned "
            "advice. " + _PLACE_EN + "The reasons for each criterion stand in that advice, which the Flemish "
            "Government follows. " + _BY_EN,
        ),
        "no_reason": (
            "Een bedrag van {decided_cents} volgt niet uit het advies van de jury en het beschikbare krediet.",
            "An amount of {decided_cents} does not follow from the advice of the jury and the envelope.",
        ),
    },
)


def _d6(_params: Values, inputs: Values) -> Verdict:
    return Verdict("pass", "first_decision") if inputs["status"] == "candidate" else Verdict("fail", "already_decided")


D6 = Rule(
    "D6",
    1,
    _d6,
    {
        "first_decision": (
            "Over deze aanvraag is nog niet beslist.",
            "No decision has been taken on this application yet.",
        ),
        "already_decided": (
            "Over deze aanvraag is al beslist, met kenmerk {reference}; er kan maar één beslissing gelden.",
            "A decision on this application was already taken, under reference {reference}; only one can be in force.",
        ),
        "not_decided": (
            "Er is over deze aanvraag geen beslissing die kan worden meegedeeld.",
            "There is no decision on this application of which notice can be given.",
        ),
    },
)
