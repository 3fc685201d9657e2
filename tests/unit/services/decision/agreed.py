"""Words for what partners agree: actions, indicators, changes of a contract."""

from __future__ import annotations

from typing import Any

from events.decision import Action, ActionPlanned, Amendment, Indicator
from events.envelope import Actor
from events.vocabulary import Attachment, Period, Written
from services.decision.commands import PlanAction, ProposeAmendment, RecordIndicator
from tests.given import Given, actor
from tests.unit.services.decision.examples import AGENCY, CALL, CITY, FIRST, REASON, active, by, line

MIDDLE, LATE = "2024-03-15T09:00:00.000000Z", "2026-03-15T09:00:00.000000Z"
CITY_HALL, HANDLER = by("applicant", CITY), by("case_handler", AGENCY)
OTHER_HANDLER = actor("case_handler", AGENCY.ovo, "person-2")
HOMES = Indicator(
    indicator="homes",
    definition=Written(language="nl", text="Gerenoveerde woningen in de wijk."),
    unit="woningen",
    baseline=10,
    target=50,
)
PHOTO = Attachment(kind="evidence", name="werfverslag.pdf", sha256="a" * 64)


def action(code: str = "renovate", **changes: Any) -> Action:
    fields: dict[str, Any] = {
        "action": code,
        "title": REASON,
        "owner": "house",
        "period": Period(start="2022-03-01", end="2024-12-31"),
        "budget": [line("staff", 250_000, 200_000)],
        "indicators": [HOMES],
    }
    return Action(**{**fields, **changes})


def planning(code: str = "renovate", **changes: Any) -> PlanAction:
    return PlanAction(action=action(code, **changes))


def planned(code: str = "renovate", **changes: Any) -> ActionPlanned:
    return ActionPlanned(call=CALL, case=FIRST, action=action(code, **changes), checks=[])


def measured(value: int = 30, **changes: Any) -> RecordIndicator:
    fields: dict[str, Any] = {
        "action": "renovate",
        "indicator": "homes",
        "measured_on": "2024-03-01",
        "value": value,
        "evidence": [PHOTO],
        "note": None,
    }
    return RecordIndicator(**{**fields, **changes})


def changes(**given: Any) -> Amendment:
    nothing: dict[str, Any] = {
        "amount_cents": None,
        "budget": [],
        "end": None,
        "joining": [],
        "leaving": [],
        "actions": [],
    }
    return Amendment(**{**nothing, **given})


def propose(**given: Any) -> ProposeAmendment:
    return ProposeAmendment(changes=changes(**given), reason=REASON)


def working() -> Given:
    """A contract in force with one action of the first partner."""
    return active().has(f"contract-{FIRST}", planned())


def partner(party: Any) -> Actor:
    return by("partner", party)
