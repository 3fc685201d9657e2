"""When what a call says of tranches and reports, beside their list, holds together: place, Dutch, English."""

from __future__ import annotations

from collections.abc import Iterator

from events.intake import Terms, TrancheRule
from services.intake.rules.application import twice_in

LONGEST_REMINDER_DAYS = 366
LONGEST_MONTHS = 120

Told = tuple[str, str, str]


def payment_mistakes(terms: Terms) -> Iterator[Told]:
    """Reminders, further conditions of tranches, and the interim decision they may wait for."""
    payment = terms.payment
    for index, days in enumerate(payment.reminder_days):
        if not 1 <= days <= LONGEST_REMINDER_DAYS:
            yield (
                f"/payment/reminderDays/{index}",
                f"Een herinnering gaat 1 tot {LONGEST_REMINDER_DAYS} dagen vooraf.",
                f"A reminder goes 1 to {LONGEST_REMINDER_DAYS} days before.",
            )
    for days_twice in twice_in([str(days) for days in payment.reminder_days]):
        yield "/payment/reminderDays", f"{days_twice} staat er meer dan eens.", f"{days_twice} occurs more than once."
    for twice in twice_in([one.tranche for one in payment.tranche_rules]):
        yield "/payment/trancheRules", f"{twice} staat er meer dan eens.", f"{twice} occurs more than once."
    for index, rule in enumerate(payment.tranche_rules):
        yield from _rule(terms, f"/payment/trancheRules/{index}", rule)


def _rule(terms: Terms, place: str, rule: TrancheRule) -> Iterator[Told]:
    if rule.tranche not in {one.code for one in terms.tranches}:
        yield (
            f"{place}/tranche",
            f"De schijf {rule.tranche} bestaat niet in deze oproep.",
            f"This call has no tranche {rule.tranche}.",
        )
    if "interim_continue" in rule.requires and terms.payment.interim is None:
        yield (
            f"{place}/requires",
            "De oproep kent geen tussentijdse beslissing (interim).",
            "The call has no interim decision (interim).",
        )
    months = {"notBeforeMonths": rule.not_before_months, "claimMonthsAfterEnd": rule.claim_months_after_end}
    for name, value in months.items():
        if value is not None and not 0 <= value <= LONGEST_MONTHS:
            yield (
                f"{place}/{name}",
                f"Dit moet tussen 0 en {LONGEST_MONTHS} maanden liggen.",
                f"This must be between 0 and {LONGEST_MONTHS} months.",
            )
