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


def claim(_command: object, _id: str, state: Any, _states: States) -> Sequence[str]:
    """The claim that the order pays: it says who approved it."""
    return (_of(state.case, "claim", state.tranche),) if state.case else ()


def claimed(command: Any, _id: str, _state: object, states: States) -> Sequence[str]:
    """What a tranche waits for: the account, and the report that must be accepted."""
    case = command.case
    tranches = _tranches(case, states)
    awaited = (one.report for one in tranches if one.code == command.tranche and one.report)
    return (*_terms(case, states), *(_of(case, "report", code) for code in awaited))


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


def _of(case: str, kind: str, ordinal: str | int) -> str:
    return stream_name(kind, case_id(case, kind, ordinal))


def _tranches(case: str, states: States) -> Sequence[Any]:
    found = states.get(stream_name("account", case))
    return found.tranches if found else ()


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
    """Every order: the next attempt at a tranche can exist only where the bank rejected the one before."""
    for tranche in tranches:
        for attempt in count(1):
            yield (stream := _of(case, "payment-order", f"{tranche.code}/{attempt}"))
            if stream not in states or states[stream].status != "rejected":
                break


def _recoveries(case: str, states: States) -> Iterator[str]:
    """Every recovery, and the one after the last: a new one moves that stream."""
    for number in count(1):
        yield (stream := _of(case, "recovery", number))
        if stream not in states or states[stream].status == "none":
            break
