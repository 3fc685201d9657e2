"""What can be asked about the actions of a contract, and about the partners that carry them."""

from typing import Annotated, TypeAlias

from pydantic import Field

from events.decision import Action
from events.times import Day
from events.vocabulary import Attachment, Code, Written
from services.deciding import CommandSpec, Role
from services.decision.commands.rows import APPLICANT, row
from services.fields import Command, Wire


class RefusePledge(Command):
    """A partner does not sign its pledge after all."""

    partner: Wire[Code]
    reason: Wire[Written]


class RecordPartnerLeft(Command):
    """A partner leaves the contract it pledged itself in."""

    partner: Wire[Code]
    reason: Wire[Written]


class PlanAction(Command):
    """Turn a pledge into an action: who carries it, when, with what budget, measured by what."""

    action: Wire[Action]


class DiscontinueAction(Command):
    """Stop an action; its budget is free for others."""

    action: Wire[Code]
    reason: Wire[Written]


class RecordIndicator(Command):
    """Tell what was realised on a day, with the documents that show it, by digest."""

    action: Wire[Code]
    indicator: Wire[Code]
    measured_on: Wire[Day]
    value: Wire[int]
    evidence: Annotated[list[Wire[Attachment]], Field(min_length=1, max_length=50)]
    note: Wire[Written] | None = None


PlanCommand: TypeAlias = RefusePledge | RecordPartnerLeft | PlanAction | DiscontinueAction | RecordIndicator

_PARTNER: frozenset[Role] = frozenset({"partner", "applicant"})
_ANYBODY: frozenset[Role] = frozenset({"partner", "applicant", "case_handler"})

ROWS: tuple[CommandSpec, ...] = (
    row(RefusePledge, "contract", _PARTNER, ("D7", "OWN", "STATE"), past=True),
    row(RecordPartnerLeft, "contract", _ANYBODY, ("D7", "OWN", "STATE"), past=True),
    row(PlanAction, "contract", APPLICANT, ("C1", "OWN", "STATE")),
    row(DiscontinueAction, "contract", APPLICANT, ("C1", "OWN", "STATE")),
    row(RecordIndicator, "contract", _ANYBODY, ("C1", "OWN", "STATE")),
)
"""The rows of actions and partners in the registry."""
