"""Balls of a contract, from its draft until its account can be settled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from events import decision
from events.times import Instant, end_of_day, start_of_day
from projections.worklist.of_case import readers
from projections.worklist.tasks import WorkRow

Step = Callable[[WorkRow, Any, Instant], None]

_OF_CONTRACT = (
    "sign_pledge",
    "activate_contract",
    "run_contract",
    "replace_partner",
    "approve_amendment",
    "review_suspension",
)
"""What nobody has to do any more once the contract has ended."""


def _drafted(row: WorkRow, fact: decision.ContractDrafted | decision.ContractRedrafted, at: Instant) -> None:
    row.close("draft_contract")
    readers(row, *(partner.organisation for partner in fact.partners))
    row.planned = {
        **row.planned,
        "start": start_of_day(fact.term.start).utc,
        "end": end_of_day(fact.term.end).utc,
        "contract": "drafted",
    }
    for partner in fact.partners:
        if partner.mandatory:
            row.open("sign_pledge", at, ref=partner.partner)
    _await_start(row, at)


def _redrafted(row: WorkRow, fact: decision.ContractRedrafted, at: Instant) -> None:
    row.begin_anew()
    _drafted(row, fact, at)


def _await_start(row: WorkRow, at: Instant) -> None:
    """A draft for which everybody has signed waits for its first day."""
    waits = any(row.is_open(code) for code in ("sign_pledge", "replace_partner", "approve_amendment"))
    if row.planned.get("contract") == "drafted" and not waits:
        row.open("activate_contract", at, due=row.planned.get("start"))


def _signed(row: WorkRow, fact: decision.PledgeSigned, at: Instant) -> None:
    row.close("sign_pledge", fact.partner)
    _mend(row, fact.partner)
    _await_start(row, at)


def _without(row: WorkRow, fact: decision.PledgeRefused | decision.PartnerLeft, at: Instant) -> None:
    """A mandatory partner, or one that carried something, is missed until an amendment mends it."""
    row.close("sign_pledge", fact.partner)
    missed = {f"orphan/{action}": fact.partner for action in fact.actions}
    if fact.mandatory:
        missed[f"missed/{fact.partner}"] = fact.partner
    row.planned = {**row.planned, **missed}
    if missed:
        row.close("activate_contract")
    _missing(row, at)


def _missing(row: WorkRow, at: Instant) -> None:
    """Who is missed has to be replaced, unless an amendment already asks for it."""
    if row.is_open("approve_amendment"):
        return
    missed = {partner for name, partner in row.planned.items() if name.startswith(("missed/", "orphan/"))}
    for task in row.tasks:
        if task.code == "replace_partner" and task.ref not in missed:
            row.close("replace_partner", task.ref)
    for partner in sorted(missed):
        row.open("replace_partner", at, ref=partner)


def _mend(row: WorkRow, *partners: str, actions: tuple[str, ...] = ()) -> None:
    """These partners are not missed any more, and these actions have an owner again, or stopped."""
    gone = {f"missed/{partner}" for partner in partners} | {f"orphan/{action}" for action in actions}
    row.planned = {
        name: value
        for name, value in row.planned.items()
        if name not in gone and not (name.startswith("orphan/") and value in partners)
    }
    for partner in partners:
        row.close("replace_partner", partner)


def _stopped(row: WorkRow, fact: decision.ActionDiscontinued, at: Instant) -> None:
    _mend(row, actions=(fact.action,))
    _missing(row, at)
    _await_start(row, at)


def _proposed(row: WorkRow, fact: decision.AmendmentProposed, at: Instant) -> None:
    row.close("replace_partner")
    row.close("activate_contract")
    row.open("approve_amendment", at, ref=str(fact.amendment))


def _answered(row: WorkRow, fact: decision.AmendmentRefused | decision.AmendmentWithdrawn, at: Instant) -> None:
    row.close("approve_amendment", str(fact.amendment))
    _missing(row, at)
    _await_start(row, at)


def _approved(row: WorkRow, fact: decision.AmendmentApproved, at: Instant) -> None:
    row.close("approve_amendment")
    changes = fact.changes
    readers(row, *(one.organisation for one in changes.joining))
    joining = [one.partner for one in changes.joining]
    _mend(row, *changes.leaving, *joining, actions=tuple(one.action for one in changes.actions))
    for partner in (*changes.leaving, *joining):
        row.close("sign_pledge", partner)
    for one in changes.joining:
        if one.mandatory:
            row.open("sign_pledge", at, ref=one.partner)
    _until(row, fact.term.end, at)
    _missing(row, at)
    _await_start(row, at)


def _active(row: WorkRow, fact: decision.ContractActivated, at: Instant) -> None:
    row.close("sign_pledge")
    row.close("activate_contract")
    row.planned = {**row.planned, "end": end_of_day(fact.term.end).utc, "contract": "active"}
    _runs(row, at)


def _runs(row: WorkRow, at: Instant) -> None:
    row.open("run_contract", at, due=row.planned.get("end"))


def _succeeded(row: WorkRow, fact: decision.BeneficiarySucceeded, _at: Instant) -> None:
    row.applicant = fact.successor.name
    readers(row, fact.successor)


def _extended(row: WorkRow, fact: decision.TermExtended, at: Instant) -> None:
    _until(row, fact.term.end, at)


def _until(row: WorkRow, day: str, at: Instant) -> None:
    row.planned = {**row.planned, "end": end_of_day(day).utc}
    if row.is_open("run_contract"):
        _runs(row, at)


def _suspended(row: WorkRow, fact: decision.ContractSuspended, at: Instant) -> None:
    row.close("run_contract")
    row.open("review_suspension", at, due=end_of_day(fact.review_on).utc if fact.review_on else None)


def _resumed(row: WorkRow, _fact: decision.ContractResumed, at: Instant) -> None:
    row.close("review_suspension")
    _runs(row, at)


def _over(
    row: WorkRow,
    _fact: decision.ContractCompleted | decision.ContractTerminated | decision.ContractExpired,
    at: Instant,
) -> None:
    for code in _OF_CONTRACT:
        row.close(code)
    row.planned = {
        name: value for name, value in row.planned.items() if not name.startswith(("missed/", "orphan/", "contract"))
    }
    if not row.settled:
        row.open("settle_account", at)


def _ended(row: WorkRow, _fact: decision.ContractClosed, _at: Instant) -> None:
    row.close_money()


CONTRACT_STEPS: dict[str, Step] = {
    "ContractDrafted": _drafted,
    "ContractRedrafted": _redrafted,
    "PledgeSigned": _signed,
    "PledgeRefused": _without,
    "PartnerLeft": _without,
    "ActionDiscontinued": _stopped,
    "AmendmentProposed": _proposed,
    "AmendmentApproved": _approved,
    "AmendmentRefused": _answered,
    "AmendmentWithdrawn": _answered,
    "ContractActivated": _active,
    "BeneficiarySucceeded": _succeeded,
    "TermExtended": _extended,
    "ContractSuspended": _suspended,
    "ContractResumed": _resumed,
    "ContractTerminated": _over,
    "ContractExpired": _over,
    "ContractCompleted": _over,
    "ContractClosed": _ended,
}
