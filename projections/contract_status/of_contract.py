"""What becomes of a contract: partners that come and go, actions and what they reach, changes of term and amount."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from msgspec.structs import replace

from events import decision
from events.times import Instant
from projections.contract_status.row import ENDED, ActionRow, IndicatorRow, Status, StatusRow

Step = Callable[[StatusRow, Any, Instant], None]


def move(row: StatusRow, status: Status) -> None:
    """The case stands there now, unless it has ended."""
    if row.status not in ENDED:
        row.status = status


def without(items: Iterable[Any], *gone: object) -> list[Any]:
    """The items that are not gone, in their order."""
    return [item for item in items if item not in gone]


def renew(row: StatusRow, fact: decision.ContractRedrafted) -> None:
    """A contract begins anew: what the one before it came to is history."""
    row.unsigned = [partner.partner for partner in fact.partners if partner.mandatory]
    row.term_start, row.term_end = fact.term.start, fact.term.end
    row.activated_at = row.completed_at = row.closed_at = row.ended_early = row.final_subsidy_cents = None
    row.refused_pledges, row.left_partners, row.actions = [], [], []
    row.status = "contract_drafted"


def _signed(row: StatusRow, fact: decision.PledgeSigned, _at: Instant) -> None:
    row.unsigned = without(row.unsigned, fact.partner)
    _mended(row, fact.partner)
    if not row.unsigned and row.status == "contract_drafted":
        row.status = "signed"


def _mended(row: StatusRow, *partners: str) -> None:
    row.refused_pledges = without(row.refused_pledges, *partners)
    row.left_partners = without(row.left_partners, *partners)


def _pledge_refused(row: StatusRow, fact: decision.PledgeRefused, _at: Instant) -> None:
    row.refused_pledges = [*without(row.refused_pledges, fact.partner), fact.partner]
    _unsigned(row, fact.partner, mandatory=fact.mandatory)


def _left(row: StatusRow, fact: decision.PartnerLeft, _at: Instant) -> None:
    row.left_partners = [*without(row.left_partners, fact.partner), fact.partner]
    _unsigned(row, fact.partner, mandatory=fact.mandatory)


def _unsigned(row: StatusRow, partner: str, *, mandatory: bool) -> None:
    row.unsigned = without(row.unsigned, partner) + [partner] * mandatory
    if mandatory and row.status == "signed":
        row.status = "contract_drafted"


def _extended(row: StatusRow, fact: decision.TermExtended, _at: Instant) -> None:
    row.term_end = fact.term.end


def _suspended(row: StatusRow, _fact: decision.ContractSuspended, _at: Instant) -> None:
    move(row, "suspended")


def _resumed(row: StatusRow, _fact: decision.ContractResumed, _at: Instant) -> None:
    move(row, "active")


def _terminated(row: StatusRow, fact: decision.ContractTerminated, _at: Instant) -> None:
    row.ended_early, row.term_end, row.open_amendment = "terminated", fact.term.end, None
    move(row, "terminated")


def _expired(row: StatusRow, _fact: decision.ContractExpired, _at: Instant) -> None:
    row.ended_early, row.open_amendment = "expired", None
    move(row, "expired")


def _completed(row: StatusRow, _fact: decision.ContractCompleted, at: Instant) -> None:
    row.completed_at, row.open_amendment = at, None
    move(row, "completed")


def _proposed(row: StatusRow, fact: decision.AmendmentProposed, _at: Instant) -> None:
    row.open_amendment = fact.amendment


def _answered(row: StatusRow, fact: decision.AmendmentRefused | decision.AmendmentWithdrawn, _at: Instant) -> None:
    if row.open_amendment == fact.amendment:
        row.open_amendment = None


def _approved(row: StatusRow, fact: decision.AmendmentApproved, _at: Instant) -> None:
    changes = fact.changes
    row.open_amendment, row.term_end = None, fact.term.end
    touched = [*changes.leaving, *(one.partner for one in changes.joining)]
    _mended(row, *touched)
    row.unsigned = [*without(row.unsigned, *touched), *(one.partner for one in changes.joining if one.mandatory)]
    row.organisations = sorted({*row.organisations, *(one.organisation.ovo for one in changes.joining)})
    if row.status in ("contract_drafted", "signed"):
        row.status = "contract_drafted" if row.unsigned else "signed"
    for action in changes.actions:
        _put(row, action)


def _planned(row: StatusRow, fact: decision.ActionPlanned, _at: Instant) -> None:
    _put(row, fact.action)


def _put(row: StatusRow, action: decision.Action) -> None:
    """The action as planned now; what was measured of an indicator that stays is kept."""
    old = next((one for one in row.actions if one.action == action.action), None)
    known = {one.indicator: one for one in old.indicators} if old else {}
    made = ActionRow(
        action=action.action,
        title=action.title.text,
        owner=action.owner,
        start=action.period.start,
        end=action.period.end,
        discontinued=False,
        indicators=[_indicator(one, known.get(one.indicator)) for one in action.indicators],
    )
    row.actions = [made if one.action == action.action else one for one in row.actions]
    if old is None:
        row.actions = [*row.actions, made]


def _indicator(planned: decision.Indicator, known: IndicatorRow | None) -> IndicatorRow:
    same = known and (known.baseline, known.target) == (planned.baseline, planned.target)
    return IndicatorRow(
        indicator=planned.indicator,
        unit=planned.unit,
        baseline=planned.baseline,
        target=planned.target,
        value=known.value if known else None,
        measured_on=known.measured_on if known else None,
        reached_bp=known.reached_bp if known and same else None,
    )


def _discontinued(row: StatusRow, fact: decision.ActionDiscontinued, _at: Instant) -> None:
    row.actions = [replace(one, discontinued=True) if one.action == fact.action else one for one in row.actions]


def _measured(row: StatusRow, fact: decision.IndicatorRecorded, _at: Instant) -> None:
    def after(one: IndicatorRow) -> IndicatorRow:
        older = one.measured_on is not None and fact.measured_on < one.measured_on
        if one.indicator != fact.indicator or older:
            return one
        return replace(one, value=fact.value, measured_on=fact.measured_on, reached_bp=fact.reached_bp)

    row.actions = [
        replace(one, indicators=[after(kpi) for kpi in one.indicators]) if one.action == fact.action else one
        for one in row.actions
    ]


CONTRACT_STEPS: dict[str, Step] = {
    "PledgeSigned": _signed,
    "PledgeRefused": _pledge_refused,
    "PartnerLeft": _left,
    "ActionPlanned": _planned,
    "ActionDiscontinued": _discontinued,
    "IndicatorRecorded": _measured,
    "AmendmentProposed": _proposed,
    "AmendmentApproved": _approved,
    "AmendmentRefused": _answered,
    "AmendmentWithdrawn": _answered,
    "TermExtended": _extended,
    "ContractSuspended": _suspended,
    "ContractResumed": _resumed,
    "ContractTerminated": _terminated,
    "ContractExpired": _expired,
    "ContractCompleted": _completed,
}
