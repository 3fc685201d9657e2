"""The rules about amounts: the envelope (D1), the award (D2), the ranking's order (D4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from events.canonical import Json
from events.decision import EnvelopeSet, ProposalItem
from events.vocabulary import BudgetLine, FinancingLine
from services.decision.ranking import fit, subsidy_by_category
from services.rulebook import Rule, Values, Verdict


def _d1(_params: Values, inputs: Any) -> Verdict:
    if inputs["proposed_cents"] > inputs["envelope_cents"]:
        return Verdict("fail", "over_envelope")
    return Verdict("pass", "within_envelope")


D1 = Rule(
    "D1",
    1,
    _d1,
    {
        "within_envelope": (
            "De voorgestelde toekenningen bedragen samen {proposed_cents}; het krediet is {envelope_cents}.",
            "The proposed awards come to {proposed_cents} together; the envelope is {envelope_cents}.",
        ),
        "over_envelope": (
            "De voorgestelde toekenningen van samen {proposed_cents} zijn hoger dan het beschikbare krediet van "
            "{envelope_cents}.",
            "The proposed awards of {proposed_cents} together are above the envelope of {envelope_cents}.",
        ),
        "reference_used": (
            "De beslissing met kenmerk {reference} heeft het krediet al met een ander bedrag verhoogd, namelijk met "
            "{recorded_cents}.",
            "The decision with reference {reference} has already increased the envelope by another amount, namely by "
            "{recorded_cents}.",
        ),
        "decrease_reference_used": (
            "De beslissing met kenmerk {reference} heeft het krediet al met een ander bedrag verlaagd, namelijk met "
            "{recorded_cents}.",
            "The decision with reference {reference} has already cut the envelope by another amount, namely by "
            "{recorded_cents}.",
        ),
        "more_than_envelope": (
            "Een verlaging met {decrease_cents} kan niet: het krediet is {envelope_cents}.",
            "A cut of {decrease_cents} is not possible: the envelope is {envelope_cents}.",
        ),
        "too_large": (
            "Een verhoging met {increase_cents} kan niet: het krediet zou hoger worden dan het register kan dragen.",
            "An increase of {increase_cents} is not possible: the envelope would exceed what the log can hold.",
        ),
    },
)


def _d2(params: Any, inputs: Any) -> Verdict:
    awarded = inputs["awarded_cents"]
    if awarded > params["cap_cents"]:
        return Verdict("fail", "above_cap")
    if awarded > inputs["requested_cents"]:
        return Verdict("fail", "above_request")
    spread = inputs["subsidy"]
    if sum(line["subsidy_cents"] for line in spread) != awarded:
        return Verdict("fail", "budget_differs")
    limits = {limit["category"]: limit["max_share_bp"] for limit in params["share_limits"]}
    if any(line["subsidy_cents"] * 10_000 > limits.get(line["category"], 10_000) * awarded for line in spread):
        return Verdict("fail", "share_exceeded")
    own, required = _own_contribution(params, inputs)
    return Verdict("pass", "within_limits") if own >= required else Verdict("fail", "own_contribution_short")


def _own_contribution(params: Any, inputs: Any) -> tuple[int, int]:
    """What counts as own contribution, and how much is needed (rounded up to the cent), in cents."""
    counted = inputs["own_cents"]
    counted += inputs["partner_cash_cents"] if params["counts_partner_cash"] else 0
    counted += inputs["in_kind_cents"] if params["counts_in_kind"] else 0
    counted += 0 if params["excludes_other_flemish_subsidy"] else inputs["other_flemish_cents"]
    base = inputs["awarded_cents"] if params["base"] == "SUBSIDY" else inputs["total_cost_cents"]
    return counted, -(-base * params["min_rate_bp"] // 10_000)


D2 = Rule(
    "D2",
    1,
    _d2,
    {
        "within_limits": (
            "De toekenning van {awarded_cents} is niet hoger dan het gevraagde bedrag van {requested_cents} en niet "
            "hoger dan het maximum van {cap_cents} per contract. Geen enkele kostencategorie overschrijdt haar "
            "grens. De eigen inbreng bedraagt {own_counted_cents}; minstens {own_required_cents} is vereist.",
            "The award of {awarded_cents} is not above the requested {requested_cents} and not above the maximum of "
            "{cap_cents} per contract. No cost category exceeds its limit. The own contribution is "
            "{own_counted_cents}; at least {own_required_cents} is required.",
        ),
        "above_cap": (
            "Een toekenning van {awarded_cents} is hoger dan het maximum van {cap_cents} per contract.",
            "An award of {awarded_cents} is above the maximum of {cap_cents} per contract.",
        ),
        "above_request": (
            "Een toekenning van {awarded_cents} is hoger dan het gevraagde bedrag van {requested_cents}.",
            "An award of {awarded_cents} is above the requested {requested_cents}.",
        ),
        "budget_differs": (
            "De begroting verdeelt niet precies de toegekende {awarded_cents}.",
            "The budget does not spread exactly the {awarded_cents} awarded.",
        ),
        "share_exceeded": (
            "In de begroting bij een toekenning van {awarded_cents} overschrijdt een kostencategorie haar grens.",
            "In the budget of an award of {awarded_cents} a cost category exceeds its limit.",
        ),
        "own_contribution_short": (
            "Bij een toekenning van {awarded_cents} bedraagt de eigen inbreng {own_counted_cents}; minstens "
            "{own_required_cents} is vereist.",
            "With an award of {awarded_cents} the own contribution is {own_counted_cents}; at least "
            "{own_required_cents} is required.",
        ),
    },
)


def award_params(terms: EnvelopeSet) -> dict[str, Json]:
    """What D2 measures by."""
    own = terms.cofinancing
    return {
        "cap_cents": terms.cap_cents,
        "share_limits": limits(terms),
        "base": own.base,
        "min_rate_bp": own.min_rate_bp,
        "counts_partner_cash": own.counts_partner_cash,
        "counts_in_kind": own.counts_in_kind,
        "excludes_other_flemish_subsidy": own.excludes_other_flemish_subsidy,
    }


def award_inputs(
    params: Mapping[str, Json],
    amounts: tuple[int, int],
    budget: Sequence[BudgetLine],
    financing: Sequence[FinancingLine],
) -> dict[str, Json]:
    """What D2 looks at: (awarded, requested), the budget and financing as awarded, and what its sentence names."""
    awarded, requested = amounts
    inputs: dict[str, Json] = {
        "awarded_cents": awarded,
        "requested_cents": requested,
        "subsidy": [
            {"category": category, "subsidy_cents": cents} for category, cents in subsidy_by_category(budget).items()
        ],
        "total_cost_cents": sum(line.amount_cents for line in budget),
    }
    for source in ("own", "partner_cash", "in_kind", "other_flemish"):
        inputs[f"{source}_cents"] = sum(line.amount_cents for line in financing if line.source == source)
    counted, required = _own_contribution(params, inputs)
    return {**inputs, "own_counted_cents": counted, "own_required_cents": required}


def limits(terms: EnvelopeSet) -> list[Json]:
    """The share limits of the call, as rules measure by them."""
    return [{"category": limit.category, "max_share_bp": limit.max_share_bp} for limit in terms.share_limits]


def _d4(params: Any, inputs: Any) -> Verdict:
    files = sorted(inputs["files"], key=lambda file: int(file["rank"]))
    advised = [None if file["outcome"] == "unfavourable" else file["advised_cents"] for file in files]
    slots = fit(advised, inputs["envelope_cents"], params["partial_fit"])
    same = [slot.proposed_cents for slot in slots] == [file["proposed_cents"] for file in files]
    return Verdict("pass", "follows_ranking") if same else Verdict("fail", "deviates")


def _d4_2(params: Any, inputs: Any) -> Verdict:
    files = sorted(inputs["files"], key=lambda file: int(file["rank"]))
    reasoned = {one["case"]: one["decided_cents"] for one in inputs["departures"]}
    fixed = {place: reasoned[file["case"]] for place, file in enumerate(files) if file["case"] in reasoned}
    advised = [None if file["outcome"] == "unfavourable" else file["advised_cents"] for file in files]
    slots = fit(advised, inputs["envelope_cents"], params["partial_fit"], fixed)
    if [slot.proposed_cents for slot in slots] != [file["proposed_cents"] for file in files]:
        return Verdict("fail", "deviates")
    return Verdict("pass", "departs_with_reasons" if fixed else "follows_ranking")


_D4_SENTENCES = {
    "follows_ranking": (
        "Het voorstel volgt de rangschikking en de adviezen van de jury, binnen het krediet van {envelope_cents}.",
        "The proposal follows the ranking and the advice of the jury, within the envelope of {envelope_cents}.",
    ),
    "deviates": (
        "Het voorstel wijkt af van de rangschikking of van de adviezen van de jury, zonder eigen motivering.",
        "The proposal deviates from the ranking or from the advice of the jury, without reasons of its own.",
    ),
    "departs_with_reasons": (
        "Het voorstel wijkt in een of meer dossiers af van de rangschikking of van de adviezen van de jury, telkens "
        "met een eigen motivering, en volgt die verder, binnen het krediet van {envelope_cents}.",
        "The proposal departs from the ranking or from the advice of the jury in one or more files, each time with "
        "reasons of its own, and follows them otherwise, within the envelope of {envelope_cents}.",
    ),
    "no_departure": (
        "Dat is geen afwijking: het voorstel kent aan dit dossier al {decided_cents} toe.",
        "That is no departure: the proposal already gives {decided_cents} to this file.",
    ),
}
D4_1 = Rule("D4", 1, _d4, _D4_SENTENCES)
D4 = Rule("D4", 2, _d4_2, _D4_SENTENCES)


def files_of(items: Sequence[ProposalItem]) -> list[Json]:
    """What D4 looks at, file by file."""
    return [
        {
            "case": item.case,
            "rank": item.rank,
            "outcome": item.outcome,
            "advised_cents": item.advised_cents,
            "proposed_cents": item.proposed_cents,
        }
        for item in items
    ]
