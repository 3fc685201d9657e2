"""Double funding (E5D): no cost is brought in that another case of the applicant brought in before."""

from __future__ import annotations

from collections.abc import Iterable

from events.eligibility import AssessedDossier, CaseOverlaps, CriteriaAdopted, DeclaredCosts, Overlap
from events.vocabulary import Check, Period, Source
from services.eligibility.state import Entry, Register
from services.rulebook import Rule, Values, Verdict, check


def _no_double_funding(_params: Values, inputs: Values) -> Verdict:
    found = any(one["categories"] for one in inputs["overlaps"])
    return Verdict("fail", "costs_overlap") if found else Verdict("pass", "no_overlap")


NO_DOUBLE_FUNDING = Rule(
    "E5D",
    1,
    _no_double_funding,
    {
        "no_overlap": (
            "Geen ander dossier van de aanvrager vraagt subsidie voor dezelfde kosten.",
            "No other case of the applicant asks subsidy for the same costs.",
        ),
        "costs_overlap": (
            "Voor {categories} in dezelfde wijk en periode vraagt de aanvrager ook subsidie in dossier {cases}.",
            "For {categories} in the same neighbourhood and period the applicant also asks subsidy in case {cases}.",
        ),
    },
)
"""E5, its second half: what the register of the applicant found. `cases` and `categories` are for the reader alone."""

RULE = NO_DOUBLE_FUNDING.id
"""The id under which its record stands."""


def looked_for(criteria: CriteriaAdopted) -> bool:
    """Whether the call looks for double funding at all."""
    return criteria.eligibility.double_funding != "not_checked"


def funding_check(criteria: CriteriaAdopted, overlaps: Iterable[Overlap], sources: Iterable[Source | None]) -> Check:
    """The rule, put to what was found."""
    found = list(overlaps)
    inputs = {
        "overlaps": [{"case": one.case, "call": one.call, "categories": one.categories} for one in found],
        "cases": [one.case for one in found],
        "categories": sorted({category for one in found for category in one.categories}),
    }
    params = {"double_funding": criteria.eligibility.double_funding}
    return check(NO_DOUBLE_FUNDING, params, inputs, [criteria.source, *sources])


def costs_of(dossier: AssessedDossier) -> DeclaredCosts:
    """What the file asks subsidy for."""
    categories = sorted({line.category for line in dossier.budget if line.subsidy_cents})
    return DeclaredCosts(neighbourhood=dossier.neighbourhood, categories=categories, term=dossier.term)


def overlaps_of(register: Register, case: str, costs: DeclaredCosts | None) -> list[Overlap]:
    """Where these costs of the case meet those of cases that were there before it: who comes first is not checked
    against who comes later."""
    found = []
    for other, entry in register.entries.items():
        if other == case or costs is None:
            break
        if shared := _shared(entry, costs):
            found.append(Overlap(case=other, call=entry.call, categories=shared))
    return found


def told_anew(before: Register, after: Register, case: str) -> list[CaseOverlaps]:
    """The case itself while it is there, and every other one that overlaps otherwise than it did."""
    found = []
    for other, entry in after.entries.items():
        known = before.entries.get(other)
        overlaps = overlaps_of(after, other, entry.costs)
        if other == case or known is None or overlaps != overlaps_of(before, other, known.costs):
            found.append(CaseOverlaps(case=other, overlaps=overlaps))
    return found


def _shared(entry: Entry, costs: DeclaredCosts) -> list[str]:
    same_place = entry.costs.neighbourhood.casefold() == costs.neighbourhood.casefold()
    if not same_place or not _meet(entry.costs.term, costs.term):
        return []
    return [category for category in costs.categories if category in entry.costs.categories]


def _meet(one: Period, other: Period) -> bool:
    # Days have one written form, so they sort as text.
    return one.start <= other.end and other.start <= one.end
