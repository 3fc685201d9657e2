"""Rules about money: the cap (E1), shares (E2), sums that agree (E5). Exact integers throughout.

Every comparison is made by multiplying out, never by dividing, so a boundary holds to the cent.
"""

from __future__ import annotations

from services.rulebook import Rule, Values, Verdict

WHOLE_BP = 10_000


def _within_cap(params: Values, inputs: Values) -> Verdict:
    within = inputs["requested_cents"] <= params["cap_cents"]
    return Verdict("pass", "within_cap") if within else Verdict("fail", "above_cap")


WITHIN_CAP = Rule(
    "E1",
    1,
    _within_cap,
    {
        "within_cap": (
            "Er wordt {requested_cents} gevraagd; het maximum is {cap_cents}.",
            "{requested_cents} is requested; the maximum is {cap_cents}.",
        ),
        "above_cap": (
            "Er wordt {requested_cents} gevraagd; dat is meer dan het maximum van {cap_cents}.",
            "{requested_cents} is requested; that is more than the maximum of {cap_cents}.",
        ),
    },
)
"""E1: no more is requested than the cap of one contract."""


def _shares_held(params: Values, inputs: Values) -> Verdict:
    for limit in params["limits"]:
        # A category may stand on several lines in an old record; together they have one limit.
        spent = sum(line["subsidy_cents"] for line in inputs["lines"] if line["category"] == limit["category"])
        if spent * WHOLE_BP > limit["max_share_bp"] * inputs["subsidy_cents"]:
            return Verdict("fail", "share_exceeded")
    return Verdict("pass", "within_shares") if params["limits"] else Verdict("pass", "no_limits")


SHARES_HELD = Rule(
    "E2",
    1,
    _shares_held,
    {
        "within_shares": (
            "Voor {category} dient {category_cents} van de subsidie; hoogstens {allowed_cents} is toegelaten.",
            "{category_cents} of the subsidy is for {category}; at most {allowed_cents} is allowed.",
        ),
        "share_exceeded": (
            "Voor {category} dient {category_cents} van de subsidie; dat is meer dan de toegelaten {allowed_cents}.",
            "{category_cents} of the subsidy is for {category}; that is more than the {allowed_cents} allowed.",
        ),
        "no_limits": (
            "Deze oproep begrenst geen kostencategorie.",
            "This call limits no cost category.",
        ),
    },
)
"""E2: of the requested subsidy no more goes to a limited category than its share. `category`, `category_cents` and
`allowed_cents` tell the tightest limit to the reader; the test looks at `lines` alone."""


def _sums_agree(_params: Values, inputs: Values) -> Verdict:
    if inputs["lines_over"]:
        return Verdict("fail", "line_over")
    if inputs["budget_cents"] != inputs["financing_cents"]:
        return Verdict("fail", "sums_differ")
    if not inputs["requested_cents"] == inputs["subsidy_financing_cents"] == inputs["subsidy_budget_cents"]:
        return Verdict("fail", "subsidy_differs")
    return Verdict("pass", "sums_agree")


SUMS_AGREE = Rule(
    "E5",
    1,
    _sums_agree,
    {
        "sums_agree": (
            "Kosten en financiering zijn elk {budget_cents}, en de gevraagde subsidie is {requested_cents} in beide.",
            "Cost and financing are {budget_cents} each, and the requested subsidy is {requested_cents} in both.",
        ),
        "line_over": (
            "In deze categorieën is de subsidie hoger dan de kost: {lines_over}.",
            "In these categories the subsidy is higher than the cost: {lines_over}.",
        ),
        "sums_differ": (
            "De kosten zijn samen {budget_cents}, de financiering is samen {financing_cents}.",
            "The cost adds up to {budget_cents}, the financing to {financing_cents}.",
        ),
        "subsidy_differs": (
            "Gevraagd wordt {requested_cents}; de financiering noemt {subsidy_financing_cents} subsidie, de begroting "
            "{subsidy_budget_cents}.",
            "{requested_cents} is requested; the financing names {subsidy_financing_cents} of subsidy, the budget "
            "{subsidy_budget_cents}.",
        ),
    },
)
"""E5: cost and financing are the same sum, the subsidy is the same in both, and no cost is subsidised beyond itself."""
