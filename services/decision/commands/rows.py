"""What every row of the registry shares: amounts, roles, and the streams that a command reads beside its own."""

from collections.abc import Sequence
from typing import Annotated, Any, TypeAlias

import msgspec

from events.canonical import SAFE_INTEGER
from events.catalog import stream_name
from services.deciding import CommandSpec, Reads, Role, States
from services.fields import Command

Amount: TypeAlias = Annotated[int, msgspec.Meta(ge=1, le=SAFE_INTEGER)]
"""Euro cents, more than none."""


def envelope_here(_command: Command, call: str, _state: Any, _states: States) -> Sequence[str]:
    """The envelope of the call that the stream belongs to."""
    return (stream_name("envelope", call),)


def envelope_of_case(command: Any, _id: str, state: Any, _states: States) -> Sequence[str]:
    """The envelope of the call that the file belongs to, once it is known."""
    call = state.call or getattr(command, "call", "")
    return (stream_name("envelope", call),) if call else ()


def envelope_and_proposal(command: Any, ident: str, state: Any, states: States) -> Sequence[str]:
    """The envelope and the proposal of the call, once it is known."""
    envelopes = envelope_of_case(command, ident, state, states)
    return (*envelopes, *(stream_name("proposal", state.call) for _ in envelopes))


def with_grant(command: Any, case: str, state: Any, states: States) -> Sequence[str]:
    """The envelope, and the grant: with it stands whether an award is in force, and from what was derogated."""
    return (*envelope_of_case(command, case, state, states), stream_name("grant", case))


def with_contract(command: Any, case: str, state: Any, states: States) -> Sequence[str]:
    """The envelope, and the contract: with it stands whether an amendment gave back some of the award."""
    return (*envelope_of_case(command, case, state, states), stream_name("contract", case))


SERVICE: frozenset[Role] = frozenset({"service"})
HANDLER: frozenset[Role] = frozenset({"case_handler"})
APPLICANT: frozenset[Role] = frozenset({"applicant", "case_handler"})
SECRETARY: frozenset[Role] = frozenset({"government_secretary"})
FINANCE: frozenset[Role] = frozenset({"finance_inspector"})
BUDGET: frozenset[Role] = frozenset({"budget_officer"})


def row(
    model: type[Command],
    kind: str,
    roles: frozenset[Role],
    rules: tuple[str, ...] = (),
    reads: Reads = envelope_of_case,
    *,
    creates: bool = False,
    past: bool = False,
) -> CommandSpec:
    """A row of the registry."""
    return CommandSpec(model, kind, roles, rules, creates=creates, records_past_act=past, reads=reads)
