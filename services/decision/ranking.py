"""From a ranking and an envelope to amounts, and from an amount to a budget: exact cents, none lost, none over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Literal, NamedTuple, TypeAlias

from msgspec.structs import replace

from events.decision import ProposalItem
from events.jury import RankingEntry
from events.vocabulary import BudgetLine, FinancingLine

Policy: TypeAlias = Literal["stop_at_first_misfit", "skip_misfit", "cut_last"]
Reason: TypeAlias = Literal["fits", "fits_in_part", "envelope_exhausted", "unfavourable_advice", "departed"]


class Slot(NamedTuple):
    """What is proposed for one file, what was left at its turn, and why."""

    proposed_cents: int
    left_before_cents: int
    code: Reason


def fit(
    advised: Sequence[int | None], envelope_cents: int, policy: Policy, fixed: Mapping[int, int] = MappingProxyType({})
) -> list[Slot]:
    """Fit advised amounts, best file first, into the envelope; None is an unfavourable advice.

    The first amount that does not fit in full ends the awards (`stop_at_first_misfit`), is passed over
    (`skip_misfit`), or gets what is left and ends the awards (`cut_last`). `fixed` are the amounts of places that
    depart from the ranking or the advice: they are taken out first, and what is left is for the others.
    """
    slots = []
    left, open_ = max(0, envelope_cents - sum(fixed.values())), True
    for place, amount in enumerate(advised):
        if place in fixed:
            slots.append(Slot(fixed[place], left, "departed"))
            continue
        slot = _slot(amount, left, policy) if open_ or amount is None else Slot(0, left, "envelope_exhausted")
        open_ = open_ and (policy == "skip_misfit" or slot.code in ("fits", "unfavourable_advice"))
        left -= slot.proposed_cents
        slots.append(slot)
    return slots


def _slot(amount: int | None, left: int, policy: Policy) -> Slot:
    if amount is None:
        return Slot(0, left, "unfavourable_advice")
    if amount <= left:
        return Slot(amount, left, "fits")
    if policy == "cut_last" and left > 0:
        return Slot(left, left, "fits_in_part")
    return Slot(0, left, "envelope_exhausted")


def proposed(
    entries: Sequence[RankingEntry],
    envelope_cents: int,
    policy: Policy,
    departures: Mapping[str, int] = MappingProxyType({}),
) -> list[ProposalItem]:
    """The ranked files, best first, each with its share of the envelope; `departures`: case → amount decided."""
    ordered = sorted(entries, key=lambda entry: entry.rank)
    fixed = {place: departures[entry.case] for place, entry in enumerate(ordered) if entry.case in departures}
    slots = fit([advised(entry) for entry in ordered], envelope_cents, policy, fixed)
    return [
        ProposalItem(
            case=entry.case,
            rank=entry.rank,
            applicant=entry.applicant,
            outcome=entry.outcome,
            score_bp=entry.score_bp,
            requested_cents=entry.requested_cents,
            advised_cents=entry.proposed_cents,
            proposed_cents=slot.proposed_cents,
            left_before_cents=slot.left_before_cents,
            code=slot.code,
            synthetic=entry.synthetic,
        )
        for entry, slot in zip(ordered, slots, strict=True)
    ]


def advised(entry: RankingEntry) -> int | None:
    """The amount the jury proposed, or None where its advice is unfavourable."""
    return None if entry.outcome == "unfavourable" else entry.proposed_cents


def scaled(budget: Sequence[BudgetLine], awarded_cents: int, max_share_bp: Mapping[str, int]) -> list[BudgetLine]:
    """The budget with its subsidy brought down to the award: line by line in proportion, adding up exactly.

    Rounding cents go to the largest remainders first, but not to a category whose share limit they would break: where
    every other line has all that was asked for it, one whose cost bears it takes them. The cost itself stays as it was
    applied for.
    """
    amounts = [line.subsidy_cents for line in budget]
    if awarded_cents >= sum(amounts):
        return list(budget)

    def has_room(place: int, shares: Sequence[int]) -> bool:
        category = budget[place].category
        total = sum(share for line, share in zip(budget, shares, strict=True) if line.category == category)
        return (total + 1) * 10_000 <= max_share_bp.get(category, 10_000) * awarded_cents

    shares = _in_proportion(
        amounts,
        awarded_cents,
        lambda place, shares: shares[place] < amounts[place] and has_room(place, shares),
        lambda place, shares: (
            amounts[place] > 0 and has_room(place, shares) and shares[place] < budget[place].amount_cents
        ),
        # No line is left that can take them: the limits give way here, and rule D2 refuses the award.
        lambda place, shares: shares[place] < amounts[place],
    )
    return [replace(line, subsidy_cents=share) for line, share in zip(budget, shares, strict=True)]


def refinanced(financing: Sequence[FinancingLine], awarded_cents: int, beneficiary: str) -> list[FinancingLine]:
    """The financing with the subsidy brought down to the award; the beneficiary's own means bear the difference."""
    places = [place for place, line in enumerate(financing) if line.source == "subsidy"]
    amounts = [financing[place].amount_cents for place in places]
    gap = sum(amounts) - awarded_cents
    if gap <= 0:
        return list(financing)
    parts = _in_proportion(amounts, awarded_cents, lambda place, shares: shares[place] < amounts[place])
    shares = dict(zip(places, parts, strict=True))
    lines = [replace(line, amount_cents=shares.get(place, line.amount_cents)) for place, line in enumerate(financing)]
    own = next((place for place, line in enumerate(lines) if line.source == "own"), None)
    if own is None:
        return [*lines, FinancingLine(source="own", party=beneficiary, amount_cents=gap)]
    lines[own] = replace(lines[own], amount_cents=lines[own].amount_cents + gap)
    return lines


def _in_proportion(amounts: Sequence[int], total: int, *takers: Callable[[int, Sequence[int]], bool]) -> list[int]:
    """Shares of a smaller total by largest remainder, adding up to it; `takers` say, best first, who may get one."""
    whole = sum(amounts)
    shares = [amount * total // whole for amount in amounts]
    order = sorted(range(len(amounts)), key=lambda place: (-(amounts[place] * total % whole), place))
    for may_take in takers:
        taken = True
        while taken and sum(shares) < total:
            taken = False
            for place in order:
                if sum(shares) < total and may_take(place, shares):
                    shares[place], taken = shares[place] + 1, True
    return shares


def shifted(budget: Sequence[BudgetLine], source: str, target: str, amount_cents: int) -> list[BudgetLine]:
    """The budget after moving subsidy, and the cost it bears, from one category to another.

    The source holds at least the amount. Award and whole cost stay what they were.
    """
    lines = []
    rest = amount_cents
    for line in budget:
        taken = min(rest, line.subsidy_cents) if line.category == source else 0
        rest -= taken
        lines.append(_moved(line, -taken))
    into = next((place for place, line in enumerate(lines) if line.category == target), None)
    if into is None:
        return [*lines, BudgetLine(category=target, amount_cents=amount_cents, subsidy_cents=amount_cents)]
    lines[into] = _moved(lines[into], amount_cents)
    return lines


def _moved(line: BudgetLine, cents: int) -> BudgetLine:
    return replace(line, amount_cents=line.amount_cents + cents, subsidy_cents=line.subsidy_cents + cents)


def subsidy_by_category(budget: Sequence[BudgetLine]) -> dict[str, int]:
    """The subsidy of each category, however many lines it has."""
    totals: Counter[str] = Counter()
    for line in budget:
        totals[line.category] += line.subsidy_cents
    return dict(totals)
