"""D8 for a whole budget (its second version), and C2: who proposes an amendment does not approve it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from events.canonical import Json
from events.decision import EnvelopeSet
from events.vocabulary import BudgetLine
from services.decision.ranking import subsidy_by_category
from services.decision.rules.contract import D8
from services.decision.rules.money import limits
from services.rulebook import Rule, Values, Verdict


def _d8(params: Any, inputs: Any) -> Verdict:
    amount, total = inputs["amount_cents"], inputs["total_cost_cents"]
    if amount > inputs["award_cents"]:
        return Verdict("fail", "above_award")
    # Checks from before this was looked at name no earlier amount.
    if amount > inputs.get("before_cents", amount):
        return Verdict("fail", "grows_again")
    if inputs["budgeted_cents"] != amount:
        return Verdict("fail", "sum_differs")
    if inputs["subsidy_above_cost"]:
        return Verdict("fail", "subsidy_above_cost")
    if any(one["subsidy_cents"] * 10_000 > one["max_share_bp"] * amount for one in inputs["held"]):
        # The ceiling is then that of the award, and not of the call.
        return Verdict("fail", "budget_above_awarded_share" if params.get("set_aside") else "budget_over_ceiling")
    base = total if params["base"] == "TOTAL_ELIGIBLE_COST" else amount
    if (total - amount) * 10_000 < params["min_rate_bp"] * base:
        return Verdict("fail", "own_share_short")
    return Verdict("pass", "budget_within_ceilings")


D8_2 = Rule(
    "D8",
    2,
    _d8,
    {
        **D8.sentences,
        "budget_within_ceilings": (
            "De subsidie wordt {amount_cents}; toegekend is {award_cents}. Elke categorie blijft binnen haar grens.",
            "The subsidy becomes {amount_cents}; {award_cents} was awarded. Every category stays within its ceiling.",
        ),
        "above_award": (
            "Een addendum kan de subsidie niet op {amount_cents} brengen: toegekend is {award_cents}. Daarvoor is een "
            "nieuwe beslissing van de Vlaamse Regering nodig.",
            "An amendment cannot bring the subsidy to {amount_cents}: {award_cents} was awarded. That takes a new "
            "decision of the Flemish Government.",
        ),
        "grows_again": (
            "Een addendum kan de subsidie niet op {amount_cents} brengen: het contract geeft {before_cents}, en wat er "
            "afging, is terug bij het krediet. Meer vraagt een nieuwe beslissing van de Vlaamse Regering.",
            "An amendment cannot bring the subsidy to {amount_cents}: the contract gives {before_cents}, and what it "
            "was lowered by went back to the envelope. More takes a new decision of the Flemish Government.",
        ),
        "sum_differs": (
            "De begroting verdeelt {budgeted_cents} subsidie; het contract geeft {amount_cents}.",
            "The budget divides {budgeted_cents} of subsidy; the contract gives {amount_cents}.",
        ),
        "subsidy_above_cost": (
            "In de categorie {category_nl} is de subsidie hoger dan de kost die ze draagt.",
            "In the category {category_en} the subsidy is higher than the cost that it bears.",
        ),
        "budget_over_ceiling": (
            "Naar de categorie {category_nl} gaat {held_cents}. De oproep bepaalt dat hoogstens {max_share_bp} van de "
            "subsidie daarheen mag gaan; op {amount_cents} is dat {ceiling_cents}.",
            "{held_cents} goes to the category {category_en}. The call provides that at most {max_share_bp} of the "
            "subsidy may go there; on {amount_cents} that is {ceiling_cents}.",
        ),
        "budget_above_awarded_share": (
            "Naar de categorie {category_nl} gaat {held_cents}. In dit dossier is van de grens van de oproep "
            "afgeweken: hoogstens {max_share_bp} van de subsidie mag daarheen gaan; op {amount_cents} is dat "
            "{ceiling_cents}.",
            "{held_cents} goes to the category {category_en}. In this case the call's limit was derogated from: at "
            "most {max_share_bp} of the subsidy may go there; on {amount_cents} that is {ceiling_cents}.",
        ),
        "own_share_short": (
            "Van de totale kost van {total_cost_cents} draagt de subsidie {amount_cents}; de eigen inbreng van "
            "minstens {min_rate_bp} wordt dan niet gehaald.",
            "Of the whole cost of {total_cost_cents} the subsidy bears {amount_cents}; the own contribution of at "
            "least {min_rate_bp} is then not met.",
        ),
        "nothing_changes": (
            "Dit addendum laat het contract zoals het is.",
            "This amendment leaves the contract as it is.",
        ),
    },
)


def _c2(_params: Values, inputs: Values) -> Verdict:
    if inputs["proposed_by"] == inputs["approved_by"]:
        return Verdict("fail", "same_person")
    return Verdict("pass", "two_people")


C2 = Rule(
    "C2",
    1,
    _c2,
    {
        "two_people": (
            "Wie het addendum goedkeurt, heeft het niet zelf voorgesteld.",
            "Who approves the amendment did not propose it.",
        ),
        "same_person": (
            "Wie een addendum voorstelt, kan het niet zelf goedkeuren.",
            "Who proposes an amendment cannot approve it.",
        ),
    },
)


def budget_params(terms: EnvelopeSet) -> dict[str, Json]:
    """What D8 measures a whole budget by."""
    own = terms.cofinancing
    return {"share_limits": limits(terms), "base": own.base, "min_rate_bp": own.min_rate_bp}


def budget_inputs(
    terms: EnvelopeSet, budget: Sequence[BudgetLine], amount_cents: int, *, award_cents: int, before_cents: int
) -> dict[str, Json]:
    """What D8 looks at of a whole budget, and what its sentences name of the first category that is wrong.

    `before_cents` is what the contract gave until then: an amendment can only lower it.
    """
    shares = {limit.category: limit.max_share_bp for limit in terms.share_limits}
    held: list[dict[str, Any]] = [
        {"category": code, "subsidy_cents": cents, "max_share_bp": shares.get(code, 10_000)}
        for code, cents in subsidy_by_category(budget).items()
    ]
    above = next((line.category for line in budget if line.subsidy_cents > line.amount_cents), "")
    return {
        "award_cents": award_cents,
        "before_cents": before_cents,
        "amount_cents": amount_cents,
        "budgeted_cents": sum(line.subsidy_cents for line in budget),
        "total_cost_cents": sum(line.amount_cents for line in budget),
        "subsidy_above_cost": bool(above),
        "held": list(held),
        **_named(terms, held, amount_cents, above),
    }


def _named(terms: EnvelopeSet, held: Sequence[dict[str, Any]], amount_cents: int, above: str) -> dict[str, Json]:
    over = next((one for one in held if one["subsidy_cents"] * 10_000 > one["max_share_bp"] * amount_cents), {})
    labels = {category.code: category.label for category in terms.cost_categories}
    label = labels.get(above or over.get("category", ""))
    share = over.get("max_share_bp", 0)
    return {
        "category_nl": label.nl if label else "",
        "category_en": label.en if label else "",
        "held_cents": over.get("subsidy_cents", 0),
        "max_share_bp": share,
        "ceiling_cents": share * amount_cents // 10_000,
    }
