"""The checker: from a history to findings and figures, without looking at anything else.

After Jepsen's Kafka suite: lost writes, invented ones, effects that came twice, order, what was published against what
was recorded; and of this house, what should have followed from each event, and what is shown of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from events import codec
from events.adapters.books import Books, Changes
from events.ledger import transfers_of
from events.store import Balance
from projections.budget_consumption.check import differences
from projections.view import View
from projections.views import VIEWS
from tests.soak.history import Finding, History, Verdict
from tests.soak.of_kafka import KafkaCheck, relay_books
from tests.soak.of_log import LogCheck, heard, remembered, two_answers
from tests.soak.of_public import PublicCheck, public_events
from tests.soak.of_reactions import Following, following, missing

HOUSE = "KeyRegistered"


def check(history: History) -> Verdict:
    """Everything that is not as promised."""
    log = LogCheck()
    log.take(history.log)
    kafka = KafkaCheck(log.prints)
    for place, records in history.kafka.items():
        kafka.take(place, records)
    kafka.end()
    public = PublicCheck(public_events(history.log))
    for partition, told in history.public.items():
        public.take(partition, told)
    public.end()
    expected = following(history.log, history.now)
    findings = [
        *log.findings,
        *heard(log, (one for one in history.acknowledged if one.events)),
        *_unheard(history),
        *two_answers(history.acknowledged),
        *remembered(log, history.remembered.values()),
        *_invented(history, log, expected),
        *missing(expected, history.remembered),
        *kafka.findings,
        *relay_books(history.log, history.ends),
        *public.findings,
        *_shown(history),
        *_books(history),
        *(Finding("parked", line) for line in history.parked),
    ]
    figures = _figures(history, log, kafka, expected)
    return Verdict(findings, figures | {"told": public.records, "told again": public.repeats})


def _figures(history: History, log: LogCheck, kafka: KafkaCheck, expected: Following) -> dict[str, int]:
    return {
        "sent": len(set(history.sent)),
        "acknowledgements": len(history.acknowledged),
        "acknowledged": len({one.command_id for one in history.acknowledged}),
        "events": log.events,
        "streams": len({event.stream for event in history.log}),
        "reactions": len(expected.reactions),
        "deadlines": len({*expected.due, *expected.may} & history.remembered.keys()),
        "published": kafka.records,
        "published again": kafka.repeats,
        "views": len(history.views),
        "rows": sum(map(len, history.views.values())),
    }


def _unheard(history: History) -> Iterator[Finding]:
    """Acknowledged, left nothing in the log, and not remembered either."""
    for one in history.acknowledged:
        if not one.events and one.command_id not in history.remembered:
            yield Finding("lost", f"{one.command_id} was accepted without facts and is not remembered")


def _invented(history: History, log: LogCheck, expected: Following) -> Iterator[Finding]:
    known = expected.all | set(history.sent)
    for command_id, effect in log.effects.items():
        if command_id not in known and history.log[effect.first - 1].type != HOUSE:
            yield Finding("invented", f"{command_id} at {effect.first} on {effect.stream}: nobody sent it")


def _shown(history: History) -> Iterator[Finding]:
    for name, rows in history.views.items():
        view = VIEWS[name]
        expected = {view.key_of(row): row for row in _fold(view, history)}
        there = {view.key_of(row): row for row in rows}
        for key in expected.keys() | there.keys():
            if expected.get(key) != there.get(key):
                yield Finding("view", f"{name} {key}: shows {there.get(key)}, the log says {expected.get(key)}")


def _fold(view: View[Any], history: History) -> Sequence[Any]:
    rows: dict[Any, Any] = {}
    for recorded in history.log:
        if recorded.type in view.folds:
            view.evolve(rows, codec.read(recorded))
    return list(rows.values())


def _books(history: History) -> Iterator[Finding]:
    """The ledger is what the log says of money, and the budget's view says the same."""
    books = Books()
    for recorded in history.log:
        changes = books.judge(list(transfers_of(codec.read(recorded).fact)), [])
        if isinstance(changes, Changes):
            books.apply(changes)
        else:
            yield Finding("books", f"{recorded.position} moves money that is not there: {changes}")
    expected = {name: one for name, one in books.accounts.items() if one != Balance(name)}
    there = {one.account: one for one in history.balances if one != Balance(one.account)}
    for name in sorted(expected.keys() | there.keys()):
        if expected.get(name) != there.get(name):
            yield Finding("books", f"{name} holds {there.get(name)}, the log says {expected.get(name)}")
    for one in differences(list(history.views.get("budget_consumption", ())), history.balances):
        yield Finding("books", f"budget consumption differs from the ledger: {one}")
