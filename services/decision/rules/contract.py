"""The rules about a contract: entry into force (D7), budget shifts (D8), succession (D9)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from events.canonical import Json
from events.decision import EnvelopeSet
from events.vocabulary import BudgetLine
from services.decision.ranking import subsidy_by_category
from services.decision.rules.money import limits
from services.rulebook import Rule, Values, Verdict


def _d7(_params: Values, inputs: Values) -> Verdict:
    if inputs["waiting_for"]:
        return Verdict("fail", "pledges_missing")
    return Verdict("pass", "in_force") if inputs["begun"] else Verdict("fail", "term_not_begun")


D7 = Rule(
    "D7",
    1,
    _d7,
    {
        "in_force": (
            "De toekenning geldt, elke vereiste engagementsverklaring is ondertekend en de looptijd is op {start_nl} "
            "begonnen.",
            "The award stands, every mandatory pledge is signed and the term began on {start_en}.",
        ),
        "pledges_missing": (
            "Het contract kan niet ingaan: deze engagementsverklaringen zijn nog niet ondertekend: {waiting_for}.",
            "The contract cannot enter into force: these pledges are not signed yet: {waiting_for}.",
        ),
        "term_not_begun": (
            "Het contract kan niet ingaan voor de looptijd begint, op {start_nl}.",
            "The contract cannot enter into force before its term begins, on {start_en}.",
        ),
        "not_a_partner": (
            "{partner} is geen partner in dit contract.",
            "{partner} is not a partner in this contract.",
        ),
    },
)


def _d8(params: Any, inputs: Any) -> Verdict:
    amount = inputs["amount_cents"]
    if amount > inputs["from_subsidy_cents"]:
        return Verdict("fail", "not_enough")
    limits = {limit["category"]: limit["max_share_bp"] for limit in params["share_limits"]}
    most = limits.get(inputs["to_category"], 10_000) * inputs["award_cents"]
    if (inputs["to_subsidy_cents"] + amount) * 10_000 > most:
        # The ceiling is then that of the award, and not of the call.
        return Verdict("fail", "above_awarded_share" if params.get("set_aside") else "ceiling_exceeded")
    return Verdict("pass", "within_ceilings")


D8 = Rule(
    "D8",
    1,
    _d8,
    {
        "within_ceilings": (
            "{amount_cents} subsidie gaat van de categorie {from_nl} naar de categorie {to_nl}, die daarmee op "
            "{to_after_cents} komt; de grens is {ceiling_cents}. De toegekende subsidie blijft {award_cents}.",
            "{amount_cents} of subsidy moves from the category {from_en} to the category {to_en}, which then stands "
            "at {to_after_cents}; the ceiling is {ceiling_cents}. The subsidy awarded remains {award_cents}.",
        ),
        "ceiling_exceeded": (
            "De gevraagde verschuiving van {amount_cents} subsidie van de categorie {from_nl} naar de categorie "
            "{to_nl} wordt geweigerd. De oproep bepaalt dat hoogstens {to_max_share_bp} van de toegekende subsidie "
            "naar {to_nl} mag gaan; op een toekenning van {award_cents} is dat {ceiling_cents}. Na de verschuiving "
            "zou die categorie op {to_after_cents} komen, dat is {excess_cents} te veel. De begroting blijft "
            "ongewijzigd.",
            "The requested shift of {amount_cents} of subsidy from the category {from_en} to the category {to_en} is "
            "refused. The call provides that at most {to_max_share_bp} of the subsidy awarded may go to {to_en}; on "
            "an award of {award_cents} that is {ceiling_cents}. After the shift that category would stand at "
            "{to_after_cents}, which is {excess_cents} too much. The budget remains unchanged.",
        ),
        "above_awarded_share": (
            "De gevraagde verschuiving van {amount_cents} subsidie van de categorie {from_nl} naar de categorie "
            "{to_nl} wordt geweigerd. In dit dossier is van de grens van de oproep afgeweken: hoogstens "
            "{to_max_share_bp} van de toegekende subsidie mag naar {to_nl} gaan; op een toekenning van {award_cents} "
            "is dat {ceiling_cents}. Na de verschuiving zou die categorie op {to_after_cents} komen, dat is "
            "{excess_cents} te veel. De begroting blijft ongewijzigd.",
            "The requested shift of {amount_cents} of subsidy from the category {from_en} to the category {to_en} is "
            "refused. In this case the call's limit was derogated from: at most {to_max_share_bp} of the subsidy "
            "awarded may go to {to_en}; on an award of {award_cents} that is {ceiling_cents}. After the shift that "
            "category would stand at {to_after_cents}, which is {excess_cents} too much. The budget remains unchanged.",
        ),
        "not_enough": (
            "De gevraagde verschuiving van {amount_cents} subsidie van de categorie {from_nl} naar de categorie "
            "{to_nl} wordt geweigerd: voor {from_nl} is {from_subsidy_cents} subsidie begroot. De begroting blijft "
            "ongewijzigd.",
            "The requested shift of {amount_cents} of subsidy from the category {from_en} to the category {to_en} is "
            "refused: {from_subsidy_cents} of subsidy is budgeted for {from_en}. The budget remains unchanged.",
        ),
        "unknown_category": (
            "De kostencategorie {category} bestaat niet in deze oproep.",
            "The cost category {category} does not exist in this call.",
        ),
        "same_category": (
            "De kostencategorie {category} kan niet naar zichzelf verschuiven.",
            "The cost category {category} cannot shift to itself.",
        ),
    },
)


def shift_params(terms: EnvelopeSet) -> dict[str, Json]:
    """What D8 measures by."""
    return {"share_limits": limits(terms)}


def shift_inputs(
    terms: EnvelopeSet, budget: Sequence[BudgetLine], award_cents: int, move: tuple[str, str, int]
) -> dict[str, Json]:
    """What D8 looks at for a move (from, to, cents), and what its sentence names; both categories are the call's."""
    source, target, cents = move
    labels = {category.code: category.label for category in terms.cost_categories}
    held = subsidy_by_category(budget)
    share = {limit.category: limit.max_share_bp for limit in terms.share_limits}.get(target, 10_000)
    after, ceiling = held.get(target, 0) + cents, share * award_cents // 10_000
    return {
        "amount_cents": cents,
        "award_cents": award_cents,
        "from_category": source,
        "from_nl": labels[source].nl,
        "from_en": labels[source].en,
        "from_subsidy_cents": held.get(source, 0),
        "to_category": target,
        "to_nl": labels[target].nl,
        "to_en": labels[target].en,
        "to_subsidy_cents": held.get(target, 0),
        "to_after_cents": after,
        "to_max_share_bp": share,
        "ceiling_cents": ceiling,
        "excess_cents": max(0, after - ceiling),
    }


def _d9(_params: Values, inputs: Any) -> Verdict:
    if inputs["effective_at"] <= inputs["holder_since"]:
        return Verdict("fail", "before_last_succession")
    return Verdict("pass", "succeeds")


D9 = Rule(
    "D9",
    1,
    _d9,
    {
        "succeeds": (
            "{successor} volgt {previous} op vanaf {effective_nl}, met alle openstaande rechten en schulden.",
            "{successor} succeeds {previous} from {effective_en}, with all open rights and debts.",
        ),
        "before_last_succession": (
            "De opvolging op {effective_nl} ligt niet na de opvolging waardoor {previous} het contract kreeg.",
            "The succession on {effective_en} does not lie after the one by which {previous} received the contract.",
        ),
    },
)
