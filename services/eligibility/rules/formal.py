"""Formal rules: what must be in the file (A1, A2), and the contract's term (E4)."""

from __future__ import annotations

from events.times import months_between
from services.rulebook import Rule, Values, Verdict

LAST_COUNTABLE_DAY = "9999-12-30"


def _attachments_present(params: Values, inputs: Values) -> Verdict:
    missing = set(params["required"]) - set(inputs["present"])
    return Verdict("fail", "attachment_missing") if missing else Verdict("pass", "all_present")


ATTACHMENTS_PRESENT = Rule(
    "A1",
    1,
    _attachments_present,
    {
        "all_present": ("Alle verplichte bijlagen zijn er.", "All required attachments are there."),
        "attachment_missing": ("Deze bijlagen ontbreken: {missing}.", "These attachments are missing: {missing}."),
    },
)
"""A1: every attachment that the call requires is there."""


def _form_in_order(params: Values, inputs: Values) -> Verdict:
    categories = inputs["categories"]
    if inputs["requested_cents"] == 0:
        return Verdict("fail", "nothing_requested")
    if set(categories) - set(params["cost_categories"]):
        return Verdict("fail", "unknown_category")
    if len(set(categories)) < len(categories):
        return Verdict("fail", "category_repeated")
    return Verdict("pass", "in_order")


FORM_IN_ORDER = Rule(
    "A2",
    1,
    _form_in_order,
    {
        "in_order": (
            "Er wordt {requested_cents} gevraagd, in kostencategorieën van de oproep.",
            "{requested_cents} is requested, in cost categories of the call.",
        ),
        "nothing_requested": ("Er wordt geen subsidie gevraagd.", "No subsidy is requested."),
        "unknown_category": (
            "De begroting gebruikt {categories}; de oproep kent {cost_categories}.",
            "The budget uses {categories}; the call knows {cost_categories}.",
        ),
        "category_repeated": (
            "Een kostencategorie staat meer dan eens in de begroting: {categories}.",
            "A cost category stands more than once in the budget: {categories}.",
        ),
    },
)
"""A2: an amount is asked for, and the budget has one line for each of the call's cost categories that it uses."""


def months_of(start: str, end: str) -> int:
    """Whole months of a term, rounded up; 0 when it ends before it starts. The calendar ends in the year 9999."""
    return months_between(start, min(end, LAST_COUNTABLE_DAY)) if start <= end else 0


def _term_fits(params: Values, inputs: Values) -> Verdict:
    # Days have one written form, so they sort as text.
    start, end = inputs["start"], inputs["end"]
    if end < start:
        return Verdict("fail", "ends_before_start")
    if start < params["earliest_start"] or end > params["latest_end"]:
        return Verdict("fail", "outside_window")
    if months_of(start, end) > params["max_months"]:
        return Verdict("fail", "too_long")
    return Verdict("pass", "fits")


TERM_FITS = Rule(
    "E4",
    1,
    _term_fits,
    {
        "fits": (
            "De looptijd van {start} tot {end} ({months} maanden) past in de oproep.",
            "The term from {start} to {end} ({months} months) fits the call.",
        ),
        "ends_before_start": (
            "De looptijd eindigt op {end}, voor het begin op {start}.",
            "The term ends on {end}, before its start on {start}.",
        ),
        "outside_window": (
            "De looptijd van {start} tot {end} valt buiten {earliest_start} tot {latest_end}.",
            "The term from {start} to {end} lies outside {earliest_start} to {latest_end}.",
        ),
        "too_long": (
            "De looptijd is {months} maanden; hoogstens {max_months} maanden is toegelaten.",
            "The term is {months} months; at most {max_months} months are allowed.",
        ),
    },
)
"""E4: the contract's term lies inside the call's window and is not too long. `months` is for the reader alone."""
