"""Own contribution (eigen inbreng, E3). Its base is ambiguous in practice (domain.md §1.6), so the call says how it is
read: of the total cost or of the subsidy, with partners' cash or without."""

from __future__ import annotations

from collections.abc import Mapping

from events.canonical import Json
from services.eligibility.rules.money import WHOLE_BP
from services.rulebook import Rule, Values, Verdict

READINGS = tuple((base, partners) for base in ("TOTAL_ELIGIBLE_COST", "SUBSIDY") for partners in (True, False))
"""The four readings: base, and whether partners' cash counts."""


def counted_cents(params: Values, inputs: Values) -> int:
    """The own contribution as the call counts it: own means, and what else its terms let count."""
    total: int = inputs["own_cents"]
    if params["counts_partner_cash"]:
        total += inputs["partner_cash_cents"]
    if params["counts_in_kind"]:
        total += inputs["in_kind_cents"]
    if not params["excludes_other_flemish_subsidy"]:
        total += inputs["other_flemish_cents"]
    return total


def base_cents(params: Values, inputs: Values) -> int:
    """What the rate is taken of: the total eligible cost, or the subsidy."""
    base: int = inputs["total_cost_cents"] if params["base"] == "TOTAL_ELIGIBLE_COST" else inputs["subsidy_cents"]
    return base


def required_cents(params: Values, inputs: Values) -> int:
    """The smallest own contribution that passes: the rate of the base, rounded up to the cent."""
    # Minus floor of the minus is the ceiling, without a float in between.
    share: int = params["min_rate_bp"] * base_cents(params, inputs)
    return -(-share // WHOLE_BP)


def _own_contribution(params: Values, inputs: Values) -> Verdict:
    enough = counted_cents(params, inputs) * WHOLE_BP >= params["min_rate_bp"] * base_cents(params, inputs)
    code = "of_total_cost" if params["base"] == "TOTAL_ELIGIBLE_COST" else "of_subsidy"
    return Verdict("pass", f"enough_{code}") if enough else Verdict("fail", f"too_low_{code}")


OWN_CONTRIBUTION_1 = Rule(
    "E3",
    1,
    _own_contribution,
    {
        "enough_of_total_cost": (
            "De eigen inbreng telt voor {present_cents}; {min_rate_bp} van de totale kost van {total_cost_cents} is "
            "{required_cents}. Dat volstaat.",
            "The own contribution counts for {present_cents}; {min_rate_bp} of the total cost of {total_cost_cents} is "
            "{required_cents}. That suffices.",
        ),
        "too_low_of_total_cost": (
            "De eigen inbreng telt voor {present_cents}; nodig is {min_rate_bp} van de totale kost van "
            "{total_cost_cents}, of {required_cents}. Dat volstaat niet.",
            "The own contribution counts for {present_cents}; needed is {min_rate_bp} of the total cost of "
            "{total_cost_cents}, or {required_cents}. That does not suffice.",
        ),
        "enough_of_subsidy": (
            "De eigen inbreng telt voor {present_cents}; {min_rate_bp} van de subsidie van {subsidy_cents} is "
            "{required_cents}. Dat volstaat.",
            "The own contribution counts for {present_cents}; {min_rate_bp} of the subsidy of {subsidy_cents} is "
            "{required_cents}. That suffices.",
        ),
        "too_low_of_subsidy": (
            "De eigen inbreng telt voor {present_cents}; nodig is {min_rate_bp} van de subsidie van {subsidy_cents}, "
            "of {required_cents}. Dat volstaat niet.",
            "The own contribution counts for {present_cents}; needed is {min_rate_bp} of the subsidy of "
            "{subsidy_cents}, or {required_cents}. That does not suffice.",
        ),
    },
)
"""E3 as it was told until November 2026; its outcome is that of version 2."""


def _own_contribution_read(params: Values, inputs: Values) -> Verdict:
    enough = _own_contribution(params, inputs)
    partners = "with_partners" if params["counts_partner_cash"] else "without_partners"
    return Verdict(enough.outcome, f"{enough.code}_{partners}")


def readings(params: Values, inputs: Values) -> list[Json]:
    """What each of the four readings asks, finds and says; the rest of the terms as they are."""
    found: list[Json] = []
    for base, partners in READINGS:
        read: Mapping[str, Json] = {**params, "base": base, "counts_partner_cash": partners}
        found.append(
            {
                "base": base,
                "counts_partner_cash": partners,
                "present_cents": counted_cents(read, inputs),
                "required_cents": required_cents(read, inputs),
                "outcome": _own_contribution(read, inputs).outcome,
            }
        )
    return found


def _sentences() -> dict[str, tuple[str, str]]:
    """Every outcome under every reading: what counted, of what the rate was taken, and whether that is enough."""
    bases = {
        "of_total_cost": (
            "de totale kost van {total_cost_cents}",
            "the total cost of {total_cost_cents}",
        ),
        "of_subsidy": ("de subsidie van {subsidy_cents}", "the subsidy of {subsidy_cents}"),
    }
    partners = {
        "with_partners": (
            "de {partner_cash_cents} van partners meegerekend",
            "the {partner_cash_cents} of partners included",
        ),
        "without_partners": (
            "de {partner_cash_cents} van partners niet meegerekend",
            "the {partner_cash_cents} of partners not included",
        ),
    }
    ends = {"enough": ("Dat volstaat.", "That suffices."), "too_low": ("Dat volstaat niet.", "That does not suffice.")}
    return {
        f"{end}_{base}_{who}": (
            f"De eigen inbreng telt voor {{present_cents}}, {counted[0]}; nodig is {{min_rate_bp}} van {of[0]}, "
            f"of {{required_cents}}. {said[0]}",
            f"The own contribution counts for {{present_cents}}, {counted[1]}; needed is {{min_rate_bp}} of {of[1]}, "
            f"or {{required_cents}}. {said[1]}",
        )
        for end, said in ends.items()
        for base, of in bases.items()
        for who, counted in partners.items()
    }


OWN_CONTRIBUTION = Rule("E3", 2, _own_contribution_read, _sentences())
"""E3: the own contribution reaches the call's rate of the call's base, read as the call says. `present_cents`,
`required_cents` and `readings` (the four side by side) are for the reader; the test computes again."""
