"""The whole play, scene after scene (domain.md §7)."""

from __future__ import annotations

from events import times
from services.story import before, contracts, jury, payments
from services.story.script import Script, Step, load


def steps(until: str | None = None) -> list[Step]:
    """All steps, or those up to the end of a day (``2021-07-15``) in Brussels."""
    play = told(Script(load("2021.json")))
    if until is None:
        return play.steps
    last = times.end_of_day(until).utc
    return [step for step in play.steps if step.at <= last]


def told(play: Script) -> Script:
    """The play with every scene written into it."""
    for scene in (
        before.publication,
        before.applications,
        before.supplements,
        before.eligibility,
        jury.panel,
        jury.assignment,
        jury.scores,
        jury.deliberation,
        contracts.envelope,
        contracts.government,
        contracts.pledges,
        payments.accounts,
        payments.first_tranche,
    ):
        scene(play)
    payments.yearly(play, "2022")
    contracts.budget_shifts(play)
    payments.yearly(play, "2023")
    payments.rejection(play)
    contracts.succession(play)
    payments.yearly(play, "2024")
    payments.audit(play)
    payments.settlement(play)
    return play
