"""The rule about force (D6): at most one decision on a file is in force, and who replaces it names it."""

from __future__ import annotations

from typing import Any

from services.rulebook import Rule, Values, Verdict


def _d6(_params: Values, inputs: Values) -> Verdict:
    return Verdict("pass", "first_decision") if inputs["status"] == "candidate" else Verdict("fail", "already_decided")


_IN_FORCE = ("awarded", "refused", "reserve")
_UNDONE = ("annulled", "retracted")


def _d6_2(_params: Values, inputs: Any) -> Verdict:
    status = inputs["status"]
    match inputs["act"]:
        case "decide":
            open_ = status in ("candidate", "reserve")
            return Verdict("pass", "first_decision") if open_ else Verdict("fail", "already_decided")
        case "decide_anew":
            return Verdict("pass", "none_in_force") if status in _UNDONE else Verdict("fail", "no_new_decision")
        case "waive":
            renounced = status in ("awarded", "reserve")
            return Verdict("pass", "in_force") if renounced else Verdict("fail", "nothing_to_waive")
        case _:
            if status not in _IN_FORCE:
                return Verdict("fail", "none_in_force_now")
            named = inputs["named"] == inputs["reference"]
            return Verdict("pass", "in_force") if named else Verdict("fail", "other_in_force")


_D6_SENTENCES = {
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
    "in_force": (
        "De beslissing met kenmerk {reference} geldt.",
        "The decision with reference {reference} is in force.",
    ),
    "none_in_force": (
        "De beslissing met kenmerk {reference} geldt niet meer; er kan een nieuwe worden genomen.",
        "The decision with reference {reference} is no longer in force; a new one can be taken.",
    ),
    "no_new_decision": (
        "Er kan alleen opnieuw worden beslist na een vernietiging of een intrekking. Wie een geldende beslissing wil "
        "vervangen, noemt die beslissing.",
        "A decision can be taken anew only after an annulment or a retraction. Who wants to replace a decision in "
        "force names it.",
    ),
    "nothing_to_waive": (
        "Er is geen toekenning en geen plaats op de reservelijst waaraan kan worden verzaakt.",
        "There is no award and no place on the reserve list that could be waived.",
    ),
    "none_in_force_now": (
        "Over deze aanvraag geldt geen beslissing; {named} kan dus niet worden geraakt.",
        "No decision on this application is in force; {named} can therefore not be touched.",
    ),
    "other_in_force": (
        "Niet de beslissing met kenmerk {named} geldt, maar die met kenmerk {reference}.",
        "Not the decision with reference {named} is in force, but the one with reference {reference}.",
    ),
    "same_reference": (
        "Een beslissing kan zichzelf niet vervangen: beide hebben kenmerk {reference}.",
        "A decision cannot replace itself: both have reference {reference}.",
    ),
    "no_such_appeal": (
        "Er loopt geen beroep met kenmerk {named}.",
        "There is no open appeal with reference {named}.",
    ),
    "not_suspended": (
        "De beslissing met kenmerk {named} is niet geschorst.",
        "The decision with reference {named} is not suspended.",
    ),
    "not_of_the_government": (
        "De Vlaamse Regering heeft geen beslissing met kenmerk {reference} goedgekeurd.",
        "The Flemish Government has approved no decision with reference {reference}.",
    ),
}
D6_1 = Rule("D6", 1, _d6, _D6_SENTENCES)
D6 = Rule("D6", 2, _d6_2, _D6_SENTENCES)
