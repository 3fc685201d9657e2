"""Violations to plant in a log: what a broken decider, or a hand in the database, could have written.

Each act changes one thing in an otherwise good log; what else follows from it is the checker's to say.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from typing import Any, TypeAlias

from tests.stranger.reading import Data, Event

Log: TypeAlias = list[Event]
Plant: TypeAlias = Callable[[Log], Log]


def anything(_one: Event) -> bool:
    """Any event will do."""
    return True


def place(log: Log, name: str, where: Callable[[Event], bool] = anything) -> int:
    """Where the first such event stands."""
    return next(index for index, one in enumerate(log) if one.type == name and where(one))


def with_data(one: Event, what: Callable[[Data], Any]) -> Event:
    """The event, its data changed."""
    data = deepcopy(one.data)
    what(data)
    return replace(one, data=data)


def changed(name: str, what: Callable[[Data], Any], where: Callable[[Event], bool] = anything) -> Plant:
    """The first such event says something else."""

    def plant(log: Log) -> Log:
        at = place(log, name, where)
        return [*log[:at], with_data(log[at], what), *log[at + 1 :]]

    return plant


def by(name: str, person: Callable[[Log], str]) -> Plant:
    """The first such event was done by somebody else."""

    def plant(log: Log) -> Log:
        at = place(log, name)
        return [*log[:at], replace(log[at], person=person(log)), *log[at + 1 :]]

    return plant


def dropped(name: str, where: Callable[[Event], bool] = anything) -> Plant:
    """No such event."""
    return lambda log: [one for one in log if not (one.type == name and where(one))]


def again(name: str, after: str | None = None, what: Callable[[Data], Any] | None = None) -> Plant:
    """The first such event a second time, at once or after the first of another type."""

    def plant(log: Log) -> Log:
        one = log[place(log, name)]
        at = place(log, after) if after else place(log, name)
        return [*log[: at + 1], with_data(one, what) if what else one, *log[at + 1 :]]

    return plant


def at(name: str, moment: Callable[[Event], str]) -> Plant:
    """The first such event happened at another moment."""

    def plant(log: Log) -> Log:
        index = place(log, name)
        return [*log[:index], replace(log[index], at=moment(log[index])), *log[index + 1 :]]

    return plant


def put(name: str, value: Any) -> Callable[[Data], Any]:
    """A field gets this value."""
    return lambda data: data.__setitem__(name, value)


def add(name: str, cents: int) -> Callable[[Data], Any]:
    """So much more."""
    return lambda data: data.__setitem__(name, data[name] + cents)


def both(*acts: Callable[[Data], Any]) -> Callable[[Data], Any]:
    """One after the other."""
    return lambda data: [act(data) for act in acts]


def one_person_pays(log: Log) -> Log:
    """The releaser is the approver, truly: person and field agree."""
    approver = log[place(log, "ClaimApproved")]
    index = place(log, "PaymentFileReleased")
    released = with_data(log[index], put("released_by", approver.person))
    return [*log[:index], replace(released, person=approver.person), *log[index + 1 :]]


def orderer_releases(log: Log) -> Log:
    """The second official is the first."""
    orderer = log[place(log, "PaymentOrdered")].person
    index = place(log, "PaymentFileReleased")
    released = with_data(log[index], put("released_by", orderer))
    return [*log[:index], replace(released, person=orderer), *log[index + 1 :]]


def recused_scores(log: Log) -> Log:
    """Whoever was recused scores after all, on the same file."""
    recused = log[place(log, "MemberRecused")]
    index = place(log, "ScoreSubmitted", lambda one: one.case == recused.case)
    theirs = replace(with_data(log[index], put("member", recused.data["member"])), person=recused.data["member"])
    return [*log[: index + 1], theirs, *log[index + 1 :]]


def recused_is_present(log: Log) -> Log:
    """Whoever was recused sits in the deliberation."""
    recused = log[place(log, "MemberRecused")]
    name = recused.data["member"]
    return changed(
        "DeliberationOpened", lambda data: data["present"].append(name), lambda one: one.case == recused.case
    )(log)


def unnoticed_conflict(log: Log) -> Log:
    """Nobody was recused: the employer is the applicant all the same, and the member is assigned."""
    recused = log[place(log, "MemberRecused")]
    quiet = dropped("MemberRecused")(log)
    return changed(
        "ApplicationAssigned",
        lambda data: data["members"].append(recused.data["member"]),
        lambda one: one.case == recused.case,
    )(quiet)


def late_is_taken_in(log: Log) -> Log:
    """What came after the deadline is an application like any other."""
    index = place(log, "LateSubmissionRecorded")
    late = replace(with_data(log[index], put("application_version", 1)), type="ApplicationSubmitted")
    return [*log[:index], late, *log[index + 1 :]]


def second_application(log: Log) -> Log:
    """The first applicant again, for the same neighbourhood, as another case."""
    index = place(log, "ApplicationSubmitted")
    return [*log[: index + 1], with_data(log[index], put("case", "another")), *log[index + 1 :]]


def envelope_before_increase(log: Log) -> Log:
    """The envelope is what it was at the start: eleven awards do not fit in it."""
    return dropped("EnvelopeIncreased")(log)


def half_a_budget(data: Data) -> None:
    """All of the subsidy goes to infrastructure."""
    for line in data["budget"]:
        line["subsidy_cents"] = data["amount_cents"] if line["category"] == "infrastructure" else 0


def too_long(data: Data) -> None:
    """A day into the forty-ninth month."""
    data["term"]["end"] = "2026-01-01"


def all_into_one(data: Data) -> None:
    """The shift leaves everything in one category."""
    half_a_budget({**data, "amount_cents": 80_000_000})


def asked_less(data: Data) -> None:
    """One euro was asked for."""
    data["content"]["requested_cents"] = 100


def an_hour_off(data: Data) -> None:
    """The instant is not that of the local time."""
    data["deadline"]["utc"] = "2021-07-10T20:59:59.000000Z"


def other_attachment(data: Data) -> None:
    """Something else than what was missing."""
    data["attachments"][0]["kind"] = "other"


def released_after_commitment(log: Log) -> Log:
    """The money set aside is freed a second time, after it was committed."""
    index = place(log, "FundsCommitted")
    freed = replace(with_data(log[index], put("reason", "withdrawn")), type="ReservationReleased")
    return [*log[: index + 1], freed, *log[index + 1 :]]


def after_order(name: str) -> Plant:
    """Something is said of a payment that was never made, or of an order that is no longer open."""

    def plant(log: Log) -> Log:
        index = place(log, "PaymentExecuted")
        said = replace(with_data(log[index], add("amount_cents", 1)), type=name)
        return [*log[: index + 1], said, *log[index + 1 :]]

    return plant


def before(other: str, name: str, **data: Any) -> Plant:
    """Just before the first event of another type, in the same case and by the same person, this was recorded."""

    def plant(log: Log) -> Log:
        index = place(log, other)
        there = {"call": log[index].call} | ({"case": log[index].case} if log[index].case else {})
        return [*log[:index], replace(log[index], type=name, data={**there, **data}), *log[index:]]

    return plant


def late_conflict(log: Log) -> Log:
    """A conflict comes to light after the points were given, and they are not voided."""
    scored = log[place(log, "ScoreSubmitted")]
    index = place(log, "AdviceAdopted", lambda one: one.case == scored.case)
    known = replace(log[index], type="ConflictRecorded", data={**there_of(scored), "member": scored.data["member"]})
    return [*log[:index], known, *log[index:]]


def there_of(one: Event) -> Data:
    """The call and the case of an event."""
    return {"call": one.call, "case": one.case}


def withdrawn_late(log: Log) -> Log:
    """The first to be awarded withdraws the application after all."""
    index = place(log, "GrantAwarded")
    gone = replace(log[place(log, "ApplicationWithdrawn")], data={**log[index].data, "reason": {}})
    return [*log[: index + 1], gone, *log[index + 1 :]]


def poor(data: Data) -> None:
    """Nobody brings own money."""
    data["financing"] = [line for line in data["financing"] if line["source"] == "subsidy"]
