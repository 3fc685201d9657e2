"""Which of payment's own streams an answer rests on. Nobody else may move them between the decision and its commit.

A function is asked again until it names nothing new, so that what was read may say what is to be read next. States are
a later layer: they are seen here by attribute.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any

from events.catalog import stream_name
from services.deciding import States, case_id


def schedule(command: Any, _id: str, _state: object, _states: States) -> Sequence[str]:
    """The call's terms."""
    return (stream_name("schedule", command.call),)


def account(_command: object, _id: str, state: Any, states: States) -> Sequence[str]:
    """The account of the target's case, and the call's terms."""
    return tuple(_terms(state.case, states)) if state.case else ()


def released(_command: object, _id: str, state: Any, states: States) -> Sequence[str]:
    """The claim that the order pays, the report it rests on, the account: who approved, who accepted, what holds it."""
    if not state.case:
        return ()
    tranches = _tranches(state.case, states)
    return (
        *_terms(state.case, states),
        _of(state.case, "claim", state.tranche),
        *_awaited(state.case, state.tranche, tranches),
    )


def claimed(command: Any, _id: str, _state: object, states: States) -> Sequence[str]:
    """What a tranche waits for: the account, the report that must be accepted, the costs claimed before; and the money
    of the case, where less is committed than its tranches are planned for."""
    case, tranches = command.case, _tranches(command.case, states)
    others = [one.code for one in tranches if one.code != command.tranche] if command.costs else []
    return (
        *_terms(case, states),
        *_awaited(case, command.tranche, tranches),
        *(_of(case, "claim", code) for code in others),
        *_realised(case, command.tranche, states),
        *(_money(case, tranches, states) if _short(case, states) else ()),
    )


def terms_of_account(_command: object, _id: str, state: Any, _states: States) -> Sequence[str]:
    """The call's terms, for a command on the account."""
    return (stream_name("schedule", state.call),) if state.call else ()


def reports_of_account(_command: object, ident: str, state: Any, states: States) -> Sequence[str]:
    """The call's terms and every report of the account's case."""
    return tuple(_reports(ident, state.call, states)) if state.call else ()


def all_of_account(_command: object, ident: str, state: Any, states: States) -> Sequence[str]:
    """Everything about the account's case: reports, claims, orders, recoveries."""
    if not state.call:
        return ()
    return (*_reports(ident, state.call, states), *_money(ident, state.tranches, states))


def money_of_case(command: Any, _id: str, _state: object, states: States) -> Sequence[str]:
    """Account, terms, claims, orders and recoveries of the case that the command names."""
    tranches = _tranches(command.case, states)
    return (*_terms(command.case, states), *_money(command.case, tranches, states))


def set_off(_command: object, _id: str, state: Any, states: States) -> Sequence[str]:
    """Account, terms and orders of a recovery's case: an order may still mean to set the debt off."""
    if not state.case:
        return ()
    return (*_terms(state.case, states), *_orders(state.case, _tranches(state.case, states), states))


def orders_and_accounts(command: Any, _id: str, _state: object, states: States) -> Sequence[str]:
    """The orders that a payment file names, and the accounts of their cases."""
    orders = [stream_name("payment-order", ident) for ident in command.orders]
    cases = [states[stream].case for stream in orders if stream in states and states[stream].case]
    return (*orders, *(stream_name("account", case) for case in cases))


def _of(case: str, kind: str, ordinal: str | int) -> str:
    return stream_name(kind, case_id(case, kind, ordinal))


def _tranches(case: str, states: States) -> Sequence[Any]:
    found = states.get(stream_name("account", case))
    return found.tranches if found else ()


def _awaited(case: str, tranche: str, tranches: Sequence[Any]) -> Iterator[str]:
    yield from (_of(case, "report", one.report) for one in tranches if one.code == tranche and one.report)


def _realised(case: str, tranche: str, states: States) -> Iterator[str]:
    """Every report, where the tranche waits for a share of the award to be accounted for."""
    account = states.get(stream_name("account", case))
    if account is None or not account.call:
        return
    schedule = states.get(stream_name("schedule", account.call))
    rule = schedule.rule_of(tranche) if schedule else None
    if rule and rule.min_realised_bp:
        yield from _reports(case, account.call, states)


def _short(case: str, states: States) -> bool:
    """Whether less is committed than the tranches are planned for."""
    account = states.get(stream_name("account", case))
    return account is not None and account.committed_cents < account.award_cents


def _terms(case: str, states: States) -> Iterator[str]:
    yield (stream := stream_name("account", case))
    if stream in states and states[stream].call:
        yield stream_name("schedule", states[stream].call)


def _reports(case: str, call: str, states: States) -> Iterator[str]:
    yield (stream := stream_name("schedule", call))
    terms = states[stream].reports if stream in states else ()
    yield from (_of(case, "report", term.code) for term in terms)


def _money(case: str, tranches: Sequence[Any], states: States) -> Iterator[str]:
    yield from (_of(case, "claim", tranche.code) for tranche in tranches)
    yield from _orders(case, tranches, states)
    yield from _recoveries(case, states)


def _orders(case: str, tranches: Sequence[Any], states: States) -> Iterator[str]:
    """Every order: the next attempt at a tranche can exist only where the one before left it open again."""
    for tranche in tranches:
        for attempt in count(1):
            yield (stream := _of(case, "payment-order", f"{tranche.code}/{attempt}"))
            if stream not in states or not states[stream].reopened:
                break


def _recoveries(case: str, states: States) -> Iterator[str]:
    """Every recovery, and the one after the last: a new one moves that stream."""
    for number in count(1):
        yield (stream := _of(case, "recovery", number))
        if stream not in states or states[stream].status == "none":
            break
