"""The terms of two small calls for random walks: few seats in the jury, few reports, every branch of the rules."""

from __future__ import annotations

import json
from typing import Any

from services.story.script import ident, load

KEYS = ("wijk", "groen")
CALLS = {ident("walk", "call", key): key for key in KEYS}
"""Call → its key."""


def terms(key: str) -> dict[str, Any]:
    """The terms of a call, as they go over the wire."""
    return _wijk() if key == "wijk" else _groen()


def _wijk() -> dict[str, Any]:
    """2021 with an envelope for two awards and a half, a jury of three and two reports."""
    made = load("calls/2021.json")
    made["envelopeCents"] = 200_000_000
    made["jury"] |= {"members": 3, "quorum": 2, "minExternal": 1}
    made["decision"] |= {"mandatoryPledgeLevels": ["local"], "reserveDays": 400, "postponementDays": 45}
    made["criteria"] = _weighed(made["criteria"][:2])
    made["tranches"] = [row for row in made["tranches"] if row["code"] in ("start", "year_2022", "balance")]
    for row, share in zip(made["tranches"], (3000, 5000, 2000), strict=True):
        row["shareBp"] = share
    made["reports"] = [row for row in made["reports"] if row["code"] in ("report_2022", "final")]
    made["intake"] |= {"register": True}
    made["term"] |= {"latestEnd": "2024-12-31"}
    made["reports"][1] |= {"period": {"start": "2023-01-01", "end": "2023-12-31"}, "due": "2024-03-31"}
    return made


def _groen() -> dict[str, Any]:
    """Buurtgroen two years earlier, with a register, a right of reply, an interim decision and cost lines."""
    text = json.dumps(load("calls/buurtgroen-2023.json"))
    for year in (2023, 2024, 2025):
        text = text.replace(f"{year}-", f"{year - 2}-")
    made: dict[str, Any] = json.loads(text)
    made["jury"] |= {"members": 3, "quorum": 2, "minExternal": 1, "requiredExpertise": [], "replyDays": 10}
    made["decision"] |= {"reserveDays": 300}
    made["eligibility"]["humanChecks"][0]["mandatory"] = True
    made["eligibility"]["derogations"] += [
        {"check": check, "legalBasis": "Synthetisch reglement, art. 9"} for check in ("E2", "E3", "open_to_all")
    ]
    made["payment"]["trancheRules"] = [
        {
            "tranche": "progress",
            "requires": ["interim_continue", "cost_lines"],
            "minRealisedBp": 1000,
            "notBeforeMonths": 6,
            "claimMonthsAfterEnd": 6,
        }
    ]
    made["payment"]["interim"] = {"minReachedBp": 4000}
    made["intake"] |= {"reopeningRoles": ["case_handler"], "form": _form(), "attachments": [_plan()]}
    return made


def _form() -> dict[str, Any]:
    def field(code: str, type_: str, *, required: bool, personal: bool) -> dict[str, Any]:
        bounds = dict.fromkeys(("least", "most", "maxLength", "maxWords"))
        said = {"code": code, "label": {"nl": code, "en": code}, "type": type_, "choices": []}
        return {**said, **bounds, "required": required, "personal": personal}

    fields = [
        field("trees", "number", required=True, personal=False),
        field("gardener", "text", required=False, personal=True),
    ]
    return {"version": "1", "steps": [{"code": "garden", "label": {"nl": "Tuin", "en": "Garden"}, "fields": fields}]}


def _plan() -> dict[str, Any]:
    label = {"nl": "Beplantingsplan", "en": "Planting plan"}
    return {"code": "planting_plan", "label": label, "mediaTypes": ["application/pdf"], "maxBytes": 1_000_000}


def _weighed(criteria: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row | {"weightBp": 10_000 // len(criteria)} for row in criteria]
