"""The arithmetic of payment, exact to the cent: tranches of an award, and the final account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, cast

from events.canonical import Json
from services.rulebook import Values

WHOLE = 10_000


def plan_tranches(award_cents: int, shares_bp: Sequence[int]) -> list[int]:
    """Amounts by share, whole cents, adding up to the award: the cents left go to the largest remainders.

    Between equal remainders the earlier tranche comes first. The shares add up to 10,000.
    """
    amounts = [award_cents * share // WHOLE for share in shares_bp]
    by_remainder = sorted(range(len(shares_bp)), key=lambda place: -(award_cents * shares_bp[place] % WHOLE))
    for place in by_remainder[: award_cents - sum(amounts)]:
        amounts[place] += 1
    return amounts


def replan(award_cents: int, planned: Sequence[int], claimed: Sequence[int | None]) -> list[int]:
    """The tranches of a changed award: what was claimed stays, as far as the award goes; the rest is shared as before.

    `claimed` is None for a tranche that was not claimed. The amounts add up to the award wherever a tranche is left to
    take the rest, and never exceed it.
    """
    left, amounts = award_cents, [0] * len(planned)
    for place, cents in enumerate(claimed):
        if cents is not None:
            amounts[place] = min(cents, left)
            left -= amounts[place]
    open_places = [place for place, cents in enumerate(claimed) if cents is None]
    whole = sum(planned[place] for place in open_places)
    for place in open_places[:-1]:
        amounts[place] = pro_rata(left, planned[place], whole)
    if open_places:
        amounts[open_places[-1]] = award_cents - sum(amounts)
    return amounts


def pro_rata(amount_cents: int, part_cents: int, whole_cents: int) -> int:
    """The same share of an amount as `part` is of `whole`, rounded down; 0 of nothing."""
    return amount_cents * part_cents // whole_cents if whole_cents else 0


class FinalAccount(NamedTuple):
    """What the subsidy comes to (eindafrekening), what is left to pay, and what was paid too much."""

    accepted_cents: int
    own_contribution_due_cents: int
    final_subsidy_cents: int
    balance_cents: int
    overpaid_cents: int


def final_account(params: Values, inputs: Values) -> FinalAccount:
    """The final account of a case (P6).

    `params`: base and min_rate_bp of the own contribution, share_limits [{category, max_share_bp}]. `inputs`:
    award_cents, reported_cents, disallowed_cents, paid_cents (gross, what was set off included),
    recovery_ordered_cents, charged [{category, subsidy_cents}].
    """
    award, paid, recovery = (_int(inputs, name) for name in ("award_cents", "paid_cents", "recovery_ordered_cents"))
    accepted = max(0, _int(inputs, "reported_cents") - _int(inputs, "disallowed_cents"))
    bearable = _bearable(accepted, str(params["base"]), _int(params, "min_rate_bp"))
    # Other costs cannot give back what was claimed back: the award shrinks by each recovery.
    final = max(0, min(award - recovery, bearable))
    charged = {str(line["category"]): _int(line, "subsidy_cents") for line in _lines(inputs, "charged")}
    limits = {str(line["category"]): _int(line, "max_share_bp") for line in _lines(params, "share_limits")}
    final = within_shares(final, charged, limits)
    due = final - (paid - recovery)
    return FinalAccount(accepted, accepted - bearable, final, max(0, due), max(0, -due))


def within_shares(final_cents: int, charged: Mapping[str, int], limits: Mapping[str, int]) -> int:
    """The largest subsidy in which no limited category takes more than its share; its excess is not borne.

    `charged` is the subsidy by category as accepted; it is scaled to the final subsidy first.
    """
    whole = sum(charged.values())
    parts = {name: pro_rata(final_cents, charged.get(name, 0), whole) for name in limits}
    free = final_cents - sum(parts.values())
    # Every round lowers the subsidy, and with it the shares, until nothing is above its share.
    while (lower := free + sum(min(parts[name], final_cents * limits[name] // WHOLE) for name in limits)) < final_cents:
        final_cents = lower
    return final_cents


def _bearable(accepted_cents: int, base: str, rate_bp: int) -> int:
    """The part of accepted costs that is left once the own contribution is made; own share rounded up."""
    if base == "SUBSIDY":
        return accepted_cents * WHOLE // (WHOLE + rate_bp)
    return accepted_cents - -(-accepted_cents * rate_bp // WHOLE)


def _int(values: Values, name: str) -> int:
    return cast("int", values[name])


def _lines(values: Values, name: str) -> list[dict[str, Json]]:
    return cast("list[dict[str, Json]]", values[name])
