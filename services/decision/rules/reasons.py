"""The rule about reasons (D5): why this amount or why none, on the reserve list, by departure or anew; and appeal."""

from __future__ import annotations

from typing import Any

from services.rulebook import Rule, Values, Verdict


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


def _d5_2(params: Values, inputs: Any) -> Verdict:
    match inputs["kind"]:
        case "ranked":
            return _d5(params, inputs)
        case "reserve":
            short = _d5(params, inputs).code in ("envelope_exhausted", "behind_first_misfit")
            return Verdict("pass", "on_reserve") if short else Verdict("fail", "no_reason")
        case "moved_up":
            fits = 0 < inputs["decided_cents"] <= min(inputs["advised_cents"], inputs["left_before_cents"])
            return Verdict("pass", "moved_up") if fits else Verdict("fail", "no_reason")
        case "lapsed":
            return Verdict("pass", "reserve_over")
        case "appeal":
            return _in_time(inputs["last_day"], inputs["lodged_on"])
        case kind:
            outcome = "awarded" if inputs["decided_cents"] else "refused"
            return Verdict("pass", f"{kind}_{outcome}") if inputs["reasoned"] else Verdict("fail", "no_reason")


def _in_time(last_day: str | None, lodged_on: str) -> Verdict:
    if last_day is None:
        return Verdict("pass", "appeal_term_open")
    # A late appeal is on record as such; whether it can be heard is for the judge to say.
    return Verdict("pass", "appeal_in_time" if lodged_on <= last_day else "appeal_late")


_D5_SENTENCES = {
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
        "{left_before_cents} left of the envelope of {envelope_cents} can therefore no longer be awarded. " + _BY_EN,
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
    "on_reserve": (
        "De aanvraag staat op de reservelijst, omdat het beschikbare krediet niet volstaat. " + _PLACE_NL + "De jury "
        "adviseerde gunstig en stelde {advised_cents} voor. Van het krediet van {envelope_cents} was op dat moment in "
        "de rangschikking nog {left_before_cents} over. Komt er geld vrij, dan schuiven de aanvragen op de lijst op in "
        "de volgorde van de rangschikking. " + _BY_NL,
        "The application is on the reserve list, because the envelope does not suffice. " + _PLACE_EN + "The jury "
        "advised favourably and proposed {advised_cents}. At that point of the ranking {left_before_cents} of the "
        "envelope of {envelope_cents} was left. If money comes free, the applications on the list move up in the order "
        "of the ranking. " + _BY_EN,
    ),
    "moved_up": (
        "Er is geld vrijgekomen. De aanvraag, op plaats {rank} van de rangschikking, is de volgende op de reservelijst "
        "waarvoor het volstaat: van het vrije krediet is bij haar beurt nog {left_before_cents} over, en zij krijgt "
        "daarvan {decided_cents}. De Vlaamse Regering moet daarover nog beslissen.",
        "Money came free. The application, at place {rank} of the ranking, is the next one on the reserve list that it "
        "suffices for: at its turn {left_before_cents} of the free envelope is left, of which it receives "
        "{decided_cents}. The Flemish Government has yet to decide so.",
    ),
    "reserve_over": (
        "De reservelijst van de beslissing met kenmerk {reference} was geldig tot en met {until_nl}. Tot dan kwam voor "
        "deze aanvraag geen geld vrij; zij krijgt geen subsidie.",
        "The reserve list of the decision with reference {reference} was valid until {until_en}. Until then no money "
        "came free for this application; it receives no subsidy.",
    ),
    "departed_awarded": (
        "Aan de aanvraag wordt {decided_cents} toegekend. De jury stelde {advised_cents} voor; de Vlaamse Regering "
        "wijkt van de rangschikking of het advies af, om de eigen redenen die bij de beslissing staan. " + _BY_NL,
        "The application is awarded {decided_cents}. The jury proposed {advised_cents}; the Flemish Government departs "
        "from the ranking or the advice, for reasons of its own that stand with the decision. " + _BY_EN,
    ),
    "departed_refused": (
        "De aanvraag krijgt geen subsidie. De jury stelde {advised_cents} voor; de Vlaamse Regering wijkt van de "
        "rangschikking of het advies af, om de eigen redenen die bij de beslissing staan. " + _BY_NL,
        "The application receives no subsidy. The jury proposed {advised_cents}; the Flemish Government departs from "
        "the ranking or the advice, for reasons of its own that stand with the decision. " + _BY_EN,
    ),
    "anew_awarded": (
        "Aan de aanvraag wordt in een nieuwe beslissing {decided_cents} toegekend, om de redenen die bij de beslissing "
        "staan. " + _BY_NL,
        "In a new decision the application is awarded {decided_cents}, for the reasons that stand with the decision. "
        + _BY_EN,
    ),
    "anew_refused": (
        "De aanvraag krijgt in een nieuwe beslissing geen subsidie, om de redenen die bij de beslissing staan. "
        + _BY_NL,
        "In a new decision the application receives no subsidy, for the reasons that stand with the decision. "
        + _BY_EN,
    ),
    "appeal_in_time": (
        "Het beroep van {lodged_nl} is ingesteld binnen de termijn, die na de kennisgeving liep tot en met {last_nl}.",
        "The appeal of {lodged_en} was lodged within the term, which after the notification ran until {last_en}.",
    ),
    "appeal_late": (
        "Het beroep van {lodged_nl} is ingesteld na de termijn, die na de kennisgeving liep tot en met {last_nl}.",
        "The appeal of {lodged_en} was lodged after the term, which after the notification ran until {last_en}.",
    ),
    "appeal_term_open": (
        "Bij het beroep van {lodged_nl} liep geen termijn af: die begint pas bij de kennisgeving van de beslissing.",
        "For the appeal of {lodged_en} no term had ended: it only begins when notice of the decision is given.",
    ),
}
D5_1 = Rule("D5", 1, _d5, _D5_SENTENCES)
D5 = Rule("D5", 2, _d5_2, _D5_SENTENCES)
