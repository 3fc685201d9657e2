"""The cost and financing lines of the play's applications: four categories, exact to the cent."""

from __future__ import annotations

from typing import Any

SHARES = {"personnel": 50, "operating": 22, "studies": 12, "infrastructure": 16}
"""Synthetic: which part of the subsidy goes to which category, in percent."""


def application_money(subsidy: int, own: int, shares: dict[str, int] = SHARES, partner: int = 0) -> dict[str, Any]:
    """Budget and financing of an application: the subsidy spread by share, the rest of each line borne by the city.

    `partner` is the part of the own contribution that a partner pays in cash.
    """
    spread = _spread(subsidy, shares)
    borne = _spread(own, shares)
    financing = [
        {"source": "subsidy", "party": "Vlaamse Regering", "amountCents": subsidy},
        {"source": "own", "party": "Lokaal bestuur", "amountCents": own - partner},
    ]
    if partner:
        financing.append({"source": "partner_cash", "party": "Havenbestuur", "amountCents": partner})
    return {
        "requestedCents": subsidy,
        "budget": [
            {"category": name, "amountCents": spread[name] + borne[name], "subsidyCents": spread[name]}
            for name in shares
        ],
        "financing": financing,
    }


def reported(money: dict[str, Any], part: int, of: int, total: int | None = None) -> dict[str, Any]:
    """One of `of` equal yearly reports on a budget (`part` counts from 1); `total` if less was spent than planned."""
    planned = sum(line["amountCents"] for line in money["budget"])
    spent = planned if total is None else total
    costs = []
    for line in money["budget"]:
        amount = _slice(line["amountCents"] * spent // planned, part, of)
        costs.append(
            {
                "category": line["category"],
                "amountCents": amount,
                "subsidyCents": amount * line["subsidyCents"] // line["amountCents"],
            }
        )
    # Rounding must not lose a cent of what was spent: the first category carries the rest.
    costs[0]["amountCents"] += _slice(spent, part, of) - sum(line["amountCents"] for line in costs)
    charged = sum(line["subsidyCents"] for line in costs)
    own = sum(line["amountCents"] for line in costs) - charged
    return {
        "costs": costs,
        "financing": [
            {"source": "subsidy", "party": "Vlaamse Regering", "amountCents": charged},
            {"source": "own", "party": "Lokaal bestuur", "amountCents": own},
        ],
    }


def _spread(amount: int, shares: dict[str, int]) -> dict[str, int]:
    lines = {name: amount * share // 100 for name, share in shares.items()}
    first = next(iter(lines))
    lines[first] += amount - sum(lines.values())
    return lines


def _slice(amount: int, part: int, of: int) -> int:
    return amount * part // of - amount * (part - 1) // of
