"""What an advice must hold: J6 (a reason for every criterion, the reply heard) and J8 (the amount proposed)."""

from __future__ import annotations

from typing import Any

from services.rulebook import Rule, Verdict


def _passes(code: str) -> Verdict:
    return Verdict("pass", code)


def _fails(code: str) -> Verdict:
    return Verdict("fail", code)


def _j6_1(params: Any, inputs: Any) -> Verdict:
    if sorted(inputs["reasoned"]) != sorted(params["criteria"]):
        return _fails("reasons_incomplete")
    return _passes("reasoned") if inputs["scored_by"] else _fails("no_scores")


def _j6(params: Any, inputs: Any) -> Verdict:
    if sorted(inputs["reasoned"]) != sorted(params["criteria"]):
        return _fails("reasons_incomplete")
    if not inputs["scored_by"]:
        return _fails("no_scores")
    return _heard(params["reply_days"], inputs)


def _heard(reply_days: int, inputs: Any) -> Verdict:
    if reply_days and inputs["reply"] == "none":
        return _fails("reply_not_invited")
    if inputs["reply"] == "awaited":
        return _fails("reply_awaited")
    if inputs["reply"] == "replied" and not inputs["answered"]:
        return _fails("reply_not_answered")
    return _passes("reasoned")


def _j8_1(params: Any, inputs: Any) -> Verdict:
    proposed, outcome = inputs["proposed_cents"], inputs["outcome"]
    if outcome == "unfavourable":
        return _passes("nothing_proposed") if proposed == 0 else _fails("amount_without_favour")
    if inputs["score_bp"] < params["threshold_bp"]:
        return _fails("below_threshold")
    if (outcome == "favourable_with_conditions") != bool(inputs["conditions"]):
        return _fails("conditions_and_outcome_differ")
    if proposed == 0:
        return _fails("no_amount")
    if proposed > inputs["requested_cents"]:
        return _fails("above_request")
    return _passes("within_limits") if proposed <= params["cap_cents"] else _fails("above_cap")


def _j8(params: Any, inputs: Any) -> Verdict:
    proposed, outcome = inputs["proposed_cents"], inputs["outcome"]
    if outcome == "unfavourable":
        return _passes("nothing_proposed") if proposed == 0 else _fails("amount_without_favour")
    if inputs["score_bp"] < params["threshold_bp"]:
        return _fails("below_threshold")
    if proposed == 0:
        return _fails("no_amount")
    if proposed > inputs["requested_cents"]:
        return _fails("above_request")
    if proposed > params["cap_cents"]:
        return _fails("above_cap")
    return _conditions(proposed < inputs["requested_cents"], inputs)


def _conditions(reduced: bool, inputs: Any) -> Verdict:
    if reduced != inputs["reduction_reasoned"]:
        return _fails("reduction_without_reason" if reduced else "reason_without_reduction")
    conditional = reduced or bool(inputs["conditions"] or inputs["cooperation"])
    if (inputs["outcome"] == "favourable_with_conditions") != conditional:
        return _fails("conditions_and_outcome_differ")
    return _passes("within_limits")


J6_1 = Rule(
    "J6",
    1,
    _j6_1,
    {
        "reasoned": (
            "Het advies bevat een verslag, een voorstel en een motivering voor elk criterium, en rust op de punten van "
            "{scored_by} juryleden.",
            "The advice contains a report, a proposal and a reason for every criterion, and rests on the points given "
            "by {scored_by} members.",
        ),
        "reasons_incomplete": (
            "Het advies moet elk criterium precies één keer motiveren. Criteria van de oproep: {criteria}. "
            "Gemotiveerd: {reasoned}.",
            "The advice must give a reason for every criterion exactly once. Criteria of the call: {criteria}. "
            "Reasons given: {reasoned}.",
        ),
        "no_scores": (
            "Geen enkel jurylid heeft deze aanvraag gescoord; zonder punten is er geen advies.",
            "No member has scored this application; without points there is no advice.",
        ),
        "scores_incomplete": (
            "Een score geeft punten op elk criterium precies één keer. Criteria van de oproep: {criteria}. "
            "Gescoord: {scored}.",
            "A score gives points on every criterion exactly once. Criteria of the call: {criteria}. Scored: {scored}.",
        ),
        "points_out_of_range": (
            "De punten op criterium {criterion} moeten tussen 0 en {max_points} liggen.",
            "The points on criterion {criterion} must lie between 0 and {max_points}.",
        ),
    },
)

J6 = Rule(
    "J6",
    2,
    _j6,
    {
        "reasoned": (
            "Het advies bevat een verslag, een voorstel en een motivering voor elk criterium, en rust op de punten van "
            "{scored_by} juryleden.",
            "The advice contains a report, a proposal and a reason for every criterion, and rests on the points given "
            "by {scored_by} members.",
        ),
        "reasons_incomplete": (
            "Het advies moet elk criterium precies één keer motiveren. Criteria van de oproep: {criteria}. "
            "Gemotiveerd: {reasoned}.",
            "The advice must give a reason for every criterion exactly once. Criteria of the call: {criteria}. "
            "Reasons given: {reasoned}.",
        ),
        "no_scores": (
            "Geen enkel jurylid heeft deze aanvraag gescoord; zonder punten is er geen advies.",
            "No member has scored this application; without points there is no advice.",
        ),
        "scores_incomplete": (
            "Een score geeft punten op elk criterium precies één keer. Criteria van de oproep: {criteria}. "
            "Gescoord: {scored}.",
            "A score gives points on every criterion exactly once. Criteria of the call: {criteria}. Scored: {scored}.",
        ),
        "points_out_of_range": (
            "De punten op criterium {criterion} moeten tussen 0 en {max_points} liggen.",
            "The points on criterion {criterion} must lie between 0 and {max_points}.",
        ),
        "nothing_to_correct": (
            "Jurylid {member} heeft deze aanvraag nog niet gescoord; er is niets te verbeteren.",
            "Jury member {member} has not scored this application yet; there is nothing to correct.",
        ),
        "reply_not_invited": (
            "De aanvrager heeft {reply_days} dagen recht van antwoord op een voorlopig advies; dat is nog niet "
            "verstuurd.",
            "The applicant has a right of reply of {reply_days} days to a provisional advice; that was not sent yet.",
        ),
        "reply_awaited": (
            "De termijn waarin de aanvrager op het voorlopige advies kan antwoorden, loopt nog.",
            "The term in which the applicant can reply to the provisional advice is still running.",
        ),
        "reply_not_answered": (
            "De aanvrager heeft op het voorlopige advies geantwoord; het advies moet zeggen wat de jury daarvan vindt.",
            "The applicant has replied to the provisional advice; the advice must say what the jury makes of it.",
        ),
        "no_right_of_reply": (
            "Deze oproep kent geen recht van antwoord op een voorlopig advies.",
            "This call has no right of reply to a provisional advice.",
        ),
        "reply_too_late": (
            "Het antwoord kwam na de termijn van {due} en is niet meegenomen.",
            "The reply came after the term of {due} and was not heard.",
        ),
        "unknown_criterion": (
            "De opmerking gaat over {criterion}, en dat is geen criterium van deze oproep.",
            "The remark is about {criterion}, which is no criterion of this call.",
        ),
    },
)

J8_1 = Rule(
    "J8",
    1,
    _j8_1,
    {
        "within_limits": (
            "Het voorgestelde bedrag van {proposed_cents} is niet hoger dan het gevraagde bedrag van {requested_cents} "
            "en niet hoger dan het maximum van {cap_cents}. De score van {score_bp} haalt de drempel van "
            "{threshold_bp}.",
            "The proposed amount of {proposed_cents} is not above the requested {requested_cents} and not above the "
            "maximum of {cap_cents}. The score of {score_bp} reaches the threshold of {threshold_bp}.",
        ),
        "nothing_proposed": (
            "Het advies is ongunstig; er wordt geen bedrag voorgesteld.",
            "The advice is unfavourable; no amount is proposed.",
        ),
        "amount_without_favour": (
            "Een ongunstig advies kan geen bedrag voorstellen.",
            "An unfavourable advice cannot propose an amount.",
        ),
        "below_threshold": (
            "De score van {score_bp} ligt onder de drempel van {threshold_bp}; het advies kan niet gunstig zijn.",
            "The score of {score_bp} is below the threshold of {threshold_bp}; the advice cannot be favourable.",
        ),
        "conditions_and_outcome_differ": (
            "Een advies is gunstig onder voorwaarden als, en alleen als, het voorwaarden noemt.",
            "An advice is favourable with conditions if, and only if, it names conditions.",
        ),
        "no_amount": (
            "Een gunstig advies moet een bedrag voorstellen.",
            "A favourable advice must propose an amount.",
        ),
        "above_request": (
            "Het voorgestelde bedrag van {proposed_cents} is hoger dan het gevraagde bedrag van {requested_cents}.",
            "The proposed amount of {proposed_cents} is above the requested {requested_cents}.",
        ),
        "above_cap": (
            "Het voorgestelde bedrag van {proposed_cents} is hoger dan het maximum van {cap_cents} per contract.",
            "The proposed amount of {proposed_cents} is above the maximum of {cap_cents} per contract.",
        ),
    },
)

J8 = Rule(
    "J8",
    2,
    _j8,
    {
        "within_limits": (
            "Het voorgestelde bedrag van {proposed_cents} is niet hoger dan het gevraagde bedrag van {requested_cents} "
            "en niet hoger dan het maximum van {cap_cents}. De score van {score_bp} haalt de drempel van "
            "{threshold_bp}.",
            "The proposed amount of {proposed_cents} is not above the requested {requested_cents} and not above the "
            "maximum of {cap_cents}. The score of {score_bp} reaches the threshold of {threshold_bp}.",
        ),
        "nothing_proposed": (
            "Het advies is ongunstig; er wordt geen bedrag voorgesteld.",
            "The advice is unfavourable; no amount is proposed.",
        ),
        "amount_without_favour": (
            "Een ongunstig advies kan geen bedrag voorstellen.",
            "An unfavourable advice cannot propose an amount.",
        ),
        "below_threshold": (
            "De score van {score_bp} ligt onder de drempel van {threshold_bp}; het advies kan niet gunstig zijn.",
            "The score of {score_bp} is below the threshold of {threshold_bp}; the advice cannot be favourable.",
        ),
        "conditions_and_outcome_differ": (
            "Een advies is gunstig onder voorwaarden als, en alleen als, het voorwaarden noemt: een voorwaarde, een "
            "opgelegde samenwerking of een lager bedrag dan gevraagd.",
            "An advice is favourable with conditions if, and only if, it names conditions: a condition, an imposed "
            "cooperation, or an amount below the request.",
        ),
        "no_amount": (
            "Een gunstig advies moet een bedrag voorstellen.",
            "A favourable advice must propose an amount.",
        ),
        "above_request": (
            "Het voorgestelde bedrag van {proposed_cents} is hoger dan het gevraagde bedrag van {requested_cents}.",
            "The proposed amount of {proposed_cents} is above the requested {requested_cents}.",
        ),
        "above_cap": (
            "Het voorgestelde bedrag van {proposed_cents} is hoger dan het maximum van {cap_cents} per contract.",
            "The proposed amount of {proposed_cents} is above the maximum of {cap_cents} per contract.",
        ),
        "reduction_without_reason": (
            "Een voorgesteld bedrag van {proposed_cents}, onder het gevraagde bedrag van {requested_cents}, vraagt een "
            "eigen motivering.",
            "A proposed amount of {proposed_cents}, below the requested {requested_cents}, needs a reason of its own.",
        ),
        "reason_without_reduction": (
            "Het advies motiveert een lager bedrag, maar stelt het gevraagde bedrag voor.",
            "The advice gives a reason for a lower amount, but proposes the amount requested.",
        ),
    },
)
