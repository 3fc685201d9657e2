"""C1: what a contract plans rests on a pledge, lies in its term and budget, and can be measured."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from events.canonical import Json
from events.decision import Action
from events.vocabulary import BudgetLine, Period
from services.rulebook import Rule, Values, Verdict


def _c1(_params: Values, inputs: Any) -> Verdict:
    for one in inputs["actions"]:
        if not one["owner_pledged"]:
            return Verdict("fail", "owner_not_pledged")
        if one["start"] < inputs["term_start"] or one["end"] > inputs["term_end"] or one["start"] > one["end"]:
            return Verdict("fail", "outside_term")
        if not one["measurable"]:
            return Verdict("fail", "not_measurable")
    for one in inputs["categories"]:
        if one["planned_cents"] > one["held_cents"] or one["planned_subsidy_cents"] > one["held_subsidy_cents"]:
            return Verdict("fail", "over_budget")
    return Verdict("pass", "planned")


C1 = Rule(
    "C1",
    1,
    _c1,
    {
        "planned": (
            "Elke actie steunt op een engagement, valt binnen de looptijd en de begroting en is meetbaar.",
            "Every action rests on a pledge, lies within the term and the budget, and can be measured.",
        ),
        "owner_not_pledged": (
            "De actie {action} heeft als trekker {owner}, en dat is geen partner die zich in dit contract engageert.",
            "The action {action} is carried by {owner}, which is no partner that pledged itself in this contract.",
        ),
        "outside_term": (
            "De actie {action} loopt van {start} tot en met {end}; het contract loopt van {term_start} tot en met "
            "{term_end}.",
            "The action {action} runs from {start} to {end}; the contract runs from {term_start} to {term_end}.",
        ),
        "not_measurable": (
            "De actie {action} heeft een indicator die niet te meten is: elke indicator staat er één keer, met een "
            "streefwaarde die van de nulmeting verschilt.",
            "The action {action} has an indicator that cannot be measured: each stands there once, with a target that "
            "differs from its baseline.",
        ),
        "over_budget": (
            "De acties plannen in de categorie {category} {planned_cents}, waarvan {planned_subsidy_cents} subsidie; "
            "de begroting heeft daar {held_cents}, waarvan {held_subsidy_cents} subsidie.",
            "The actions plan {planned_cents} in the category {category}, of which {planned_subsidy_cents} of subsidy; "
            "the budget holds {held_cents} there, of which {held_subsidy_cents} of subsidy.",
        ),
        "no_such_action": (
            "Het contract heeft geen actie {action}.",
            "The contract has no action {action}.",
        ),
        "no_such_indicator": (
            "De actie {action} heeft geen indicator {indicator}.",
            "The action {action} has no indicator {indicator}.",
        ),
        "not_measured_yet": (
            "Op {measured_on} kan nog niets gemeten zijn.",
            "Nothing can have been measured on {measured_on} yet.",
        ),
        "needs_amendment": (
            "De actie {action} staat in een contract dat in werking is; ze wijzigt alleen door een addendum.",
            "The action {action} stands in a contract that is in force; only an amendment changes it.",
        ),
    },
)


def plan_inputs(
    changed: Iterable[Action],
    going_on: Sequence[Action],
    pledged: Collection[str],
    term: Period,
    budget: Sequence[BudgetLine],
) -> dict[str, Json]:
    """What C1 looks at: each action that changes, and of all that go on what they plan in each category.

    `pledged` are the partners that an action can have as its owner.
    """
    told: list[dict[str, Json]] = [
        {
            "action": one.action,
            "owner": one.owner,
            "owner_pledged": one.owner is None or one.owner in pledged,
            "start": one.period.start,
            "end": one.period.end,
            "measurable": _measurable(one),
        }
        for one in changed
    ]
    planned = [line for one in going_on for line in one.budget]
    categories = [_category(code, planned, budget) for code in sorted({line.category for line in planned})]
    return {
        "term_start": term.start,
        "term_end": term.end,
        "actions": list(told),
        "categories": list(categories),
        **_named(told, term),
        **_over(categories),
    }


def _measurable(action: Action) -> bool:
    codes = [one.indicator for one in action.indicators]
    return len(set(codes)) == len(codes) and all(one.baseline != one.target for one in action.indicators)


def _category(code: str, planned: Sequence[BudgetLine], budget: Sequence[BudgetLine]) -> dict[str, Json]:
    return {
        "category": code,
        "planned_cents": sum(line.amount_cents for line in planned if line.category == code),
        "planned_subsidy_cents": sum(line.subsidy_cents for line in planned if line.category == code),
        "held_cents": sum(line.amount_cents for line in budget if line.category == code),
        "held_subsidy_cents": sum(line.subsidy_cents for line in budget if line.category == code),
    }


def _named(told: Sequence[dict[str, Any]], term: Period) -> dict[str, Json]:
    """The first action that the sentence of a refusal can be about."""

    def wrong(one: dict[str, Any]) -> bool:
        outside = one["start"] < term.start or one["end"] > term.end or one["start"] > one["end"]
        return not one["owner_pledged"] or outside or not one["measurable"]

    found = next((one for one in told if wrong(one)), {})
    return {name: found.get(name) for name in ("action", "owner", "start", "end")}


def _over(categories: Sequence[dict[str, Any]]) -> dict[str, Json]:
    """The first category in which more is planned than the budget holds."""
    found = next(
        (
            one
            for one in categories
            if one["planned_cents"] > one["held_cents"] or one["planned_subsidy_cents"] > one["held_subsidy_cents"]
        ),
        {},
    )
    names = ("category", "planned_cents", "planned_subsidy_cents", "held_cents", "held_subsidy_cents")
    return {name: found.get(name) for name in names}
