"""The play as data: exact sums, ids that never change, time that never goes back; what is invented says so."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.be import vat

from events import times
from services.deciding import CommandSpec
from services.registry import SERVICES
from services.story import before, contracts, payments
from services.story.call_2021 import steps
from services.story.money import SHARES, application_money, reported
from services.story.script import Script, Step, ident, load, written

PLAY = steps()
DATA = load("2021.json")
TERMS = load("calls/2021.json")
SPECS: dict[tuple[str, str], CommandSpec] = {
    (service.name, model.command_name): spec
    for service in SERVICES.values()
    for model, spec in service.commands.items()
}
REAL = {
    "gent": 80_000_000,
    "genk": 80_000_000,
    "mechelen": 80_000_000,
    "oostende": 80_000_000,
    "vilvoorde": 80_000_000,
    "brugge": 76_800_000,
    "beringen": 58_000_000,
    "denderleeuw": 57_530_600,
    "dendermonde": 32_600_000,
}
"""Amounts that the sources name, in cents (domain.md §1.8)."""

applications = [one for one in PLAY if one.command == "submit-application"]
each_application = pytest.mark.parametrize("step", applications, ids=[one.body["project"] for one in applications])


def row_of(step: Step) -> dict[str, Any]:
    script = Script(DATA)
    return next(row for row in DATA["applicants"] if script.case(row["key"]) == step.id)


def total(lines: list[dict[str, Any]], name: str = "amountCents") -> int:
    return sum(line[name] for line in lines)


# Sums


@each_application
def test_cost_is_subsidy_and_own_means_to_the_cent(step: Step) -> None:
    body = step.body
    assert total(body["budget"]) == total(body["financing"])
    assert total(body["budget"], "subsidyCents") == body["requestedCents"] == row_of(step)["requestedCents"]
    (subsidy,) = (line for line in body["financing"] if line["source"] == "subsidy")
    assert subsidy["amountCents"] == body["requestedCents"]
    assert all(0 < line["subsidyCents"] <= line["amountCents"] for line in body["budget"])
    assert all(line["amountCents"] > 0 for line in body["financing"])


@each_application
def test_an_application_keeps_to_the_cap_and_the_categories_of_the_call(step: Step) -> None:
    assert step.body["requestedCents"] <= TERMS["capCents"]
    assert [line["category"] for line in step.body["budget"]] == [one["code"] for one in TERMS["costCategories"]]


def test_everybody_bears_a_fifth_of_the_cost_but_denderleeuw() -> None:
    for step in applications:
        own = total(step.body["financing"]) - step.body["requestedCents"]
        key = row_of(step)["key"]
        assert (own * 5 == total(step.body["financing"])) == (key != before.CLARIFIED), key


def test_denderleeuw_counts_a_fifth_on_top_and_mends_it_to_a_fifth_of_all() -> None:
    first = before.money_of(next(row for row in DATA["applicants"] if row["key"] == before.CLARIFIED))
    assert total(first["budget"]) == 69_036_720
    assert total(first["budget"]) - first["requestedCents"] == 11_506_120 == first["requestedCents"] // 5
    mended = before.clarified_money()
    assert total(mended["budget"]) == 71_913_250
    assert (total(mended["budget"]) - mended["requestedCents"]) * 5 == total(mended["budget"])


def test_the_eleven_that_won_ask_for_the_whole_envelope_and_the_first_five_for_the_first_one() -> None:
    ranked = sorted(DATA["applicants"], key=lambda row: -row["score"])
    asked = [row["requestedCents"] for row in ranked]
    winners = contracts.winners(Script(DATA))
    assert [row["key"] for row in winners] == [row["key"] for row in ranked[:11]]
    assert sum(asked[:11]) == TERMS["envelopeCents"] + contracts.INCREASE == 760_000_000
    assert sum(asked[:5]) == TERMS["envelopeCents"] == 400_000_000


def test_twenty_applied_and_the_real_amounts_are_those_of_the_sources() -> None:
    assert len(DATA["applicants"]) == 20
    assert {row["key"]: row["requestedCents"] for row in DATA["applicants"] if not row["syntheticAmount"]} == REAL


def test_the_reports_of_a_case_come_to_its_whole_cost() -> None:
    by_case: Counter[str] = Counter()
    for step in PLAY:
        if step.command == "submit-report":
            assert total(step.body["costs"]) == total(step.body["financing"])
            by_case[step.actor.person] += total(step.body["costs"])
    for row in contracts.winners(Script(DATA)):
        key = row["key"]
        money = before.clarified_money() if key == before.CLARIFIED else before.money_of(row)
        # Hasselt reports by the same person before and after it merged.
        person = ident("person", "applicant", key)
        assert by_case[person] == payments.SPENT.get(key, total(money["budget"]))


amounts = st.integers(1_000_000, 10**10)


@given(amounts, amounts, st.integers(0, 999_999))
def test_however_much_is_asked_no_cent_is_lost(subsidy: int, own: int, partner: int) -> None:
    money = application_money(subsidy, own, partner=partner)
    assert total(money["budget"]) == total(money["financing"]) == subsidy + own
    assert total(money["budget"], "subsidyCents") == money["requestedCents"] == subsidy
    assert [line["category"] for line in money["budget"]] == list(SHARES)
    assert [line["amountCents"] for line in money["financing"] if line["source"] == "partner_cash"] == (
        [partner] if partner else []
    )


@given(amounts, amounts, st.integers(1, 6), st.integers(50, 100) | st.none())
def test_however_it_is_cut_the_reports_add_up(subsidy: int, own: int, parts: int, percent: int | None) -> None:
    money = application_money(subsidy, own)
    spent = None if percent is None else total(money["budget"]) * percent // 100
    made = [reported(money, part, parts, spent) for part in range(1, parts + 1)]
    assert sum(total(one["costs"]) for one in made) == (total(money["budget"]) if spent is None else spent)
    for one in made:
        assert total(one["costs"]) == total(one["financing"])
        assert total(one["costs"], "subsidyCents") == one["financing"][0]["amountCents"]
        assert all(0 <= line["subsidyCents"] <= line["amountCents"] for line in one["costs"])


def test_the_shares_are_the_whole() -> None:
    assert sum(SHARES.values()) == sum(before.INFRASTRUCTURE_HEAVY.values()) == 100


# Identity


def test_every_step_has_its_own_command_id_of_version_8() -> None:
    ids = [step.command_id for step in PLAY]
    assert len(set(ids)) == len(ids)
    assert {UUID(one).version for one in ids} == {8}, "version 5 is kept for reactions and deadlines"


def test_two_readings_of_the_play_are_the_same() -> None:
    assert steps() == PLAY
    assert [step.command_id for step in steps()] == [step.command_id for step in PLAY]


def test_ids_stay_what_they_are_for_ever() -> None:
    first = PLAY[0]
    assert first.id == Script(DATA).call == "ef122b8f-229c-5b77-94cc-3da17487b2e6"
    assert first.command_id == "3ac2fa80-3ab4-8869-9de6-00f9fbe0107a"
    assert PLAY[-1].command_id == "e468edcd-fb32-8bf6-89f9-d22da3fa7af7"


def test_the_id_of_a_step_follows_from_its_time_target_command_and_sender_alone() -> None:
    one = PLAY[0]
    assert replace(one, body={}, scene="elsewhere", refused=True, service="other").command_id == one.command_id
    others = [
        replace(one, at=PLAY[-1].at),
        replace(one, kind="panel"),
        replace(one, id=ident("x")),
        replace(one, command="close-call"),
        replace(one, actor=PLAY[-1].actor),
    ]
    assert len({step.command_id for step in [one, *others]}) == 6


def test_organisations_have_identifiers_of_their_own_that_can_be_checked() -> None:
    parties = [Script(DATA).party(row["key"]) for row in DATA["applicants"]]
    parties += [one["organisation"] for step in applications for one in step.body["partners"]]
    assert len({one["ovo"] for one in parties}) == len({one["kbo"] for one in parties}) == len(parties)
    assert all(vat.is_valid(one["kbo"]) for one in parties)


# Time


def test_time_never_goes_back() -> None:
    hours = [step.at for step in PLAY]
    assert hours == sorted(hours)
    assert all(times.instant(times.moment(hour)) == hour for hour in hours)


def test_the_clock_of_a_script_stands_when_it_is_sent_back() -> None:
    script = Script(DATA)
    script.at("2021-07-01T10:00:00")
    script.at("2021-06-01T10:00:00")
    script.send(PLAY[0].actor, f"intake/call/{script.call}", "close-call")
    assert script.steps[0].at == "2021-07-01T08:00:00.000000Z"
    script.at("2021-07-01T10:00:00", plus_minutes=90)
    script.send(PLAY[0].actor, f"intake/call/{script.call}", "close-call")
    assert script.steps[1].at == "2021-07-01T09:30:00.000000Z"
    assert script.today == "2021-07-01"


def test_a_day_is_the_day_in_brussels() -> None:
    script = Script(DATA)
    script.at("2021-07-20T00:07:00")
    assert script.today == "2021-07-20"


def test_one_application_comes_seven_minutes_late_and_is_refused() -> None:
    deadline = next(step for step in PLAY if step.command == "extend-call-deadline").body["deadline"]
    last = times.deadline(deadline["local"]).utc
    assert deadline["local"] == "2021-07-19T23:59:59"
    assert {row_of(step)["key"] for step in applications if step.at > last} == {before.LATE}
    late = next(step for step in applications if step.refused)
    assert (late.at, row_of(late)["key"]) == ("2021-07-19T22:07:00.000000Z", before.LATE)


def test_only_two_steps_are_refused() -> None:
    assert [step.command for step in PLAY if step.refused] == ["submit-application", "shift-budget"]


@pytest.mark.parametrize("day", ["2021-03-11", "2021-07-19", "2021-07-20", "2023-05-15"])
def test_a_play_until_a_day_is_the_beginning_of_the_whole_up_to_midnight_in_brussels(day: str) -> None:
    part = steps(day)
    assert part == PLAY[: len(part)]
    assert times.day_of(part[-1].at) <= day < times.day_of(PLAY[len(part)].at)


def test_a_play_until_before_it_begins_is_empty() -> None:
    assert steps("2021-03-10") == []


# Commands


@pytest.mark.parametrize("scene", sorted({step.scene for step in PLAY}))
def test_every_step_reads_as_its_command_from_somebody_who_may_send_it(scene: str) -> None:
    for step in (one for one in PLAY if one.scene == scene):
        spec = SPECS[step.service, step.command]
        command = spec.model.model_validate_json(step.json())
        assert spec.kind == step.kind
        assert step.actor.role in spec.roles, f"{step.command} by {step.actor.role}"
        assert spec.model.model_validate_json(command.model_dump_json(by_alias=True)) == command


def test_nobody_plays_the_system() -> None:
    assert "service" not in {step.actor.role for step in PLAY}
    assert all(str(UUID(name)) == name for step in PLAY for name in (step.id, step.actor.person))


def test_four_eyes_are_four() -> None:
    people = {role: {one.actor.person for one in PLAY if one.actor.role == role} for role in ROLES_OF_PAYMENT}
    assert all(len(one) == 1 for one in people.values())
    assert len(set().union(*people.values())) == 3


ROLES_OF_PAYMENT = ("payment_approver", "budget_officer", "payment_releaser")


def test_who_acts_for_hasselt_is_its_successor_from_the_merger_on() -> None:
    person = ident("person", "applicant", "hasselt")
    organisations = [(step.at[:4] >= "2025", step.actor.organisation) for step in PLAY if step.actor.person == person]
    assert set(organisations) == {(False, "OVO900108"), (True, "OVO900190")}


# What is invented says so


def test_the_notice_says_what_is_real_and_what_is_not() -> None:
    real, synthetic = DATA["notice"].split("Synthetic:")
    assert real.startswith("Real:")
    for word in ("OVO", "KBO", "person", "score", "partner", "NIS code begins with 99", "syntheticAmount"):
        assert word in synthetic


def test_an_authority_that_does_not_exist_has_a_code_that_does_not_and_a_synthetic_amount() -> None:
    invented = [row for row in DATA["applicants"] if row["nis"].startswith("99")]
    assert len(invented) == 9
    assert all(row["syntheticAmount"] for row in invented)


@each_application
def test_an_application_says_whether_its_amount_is_invented(step: Step) -> None:
    assert step.body["synthetic"] is row_of(step)["syntheticAmount"]


def test_reports_the_clarification_and_references_are_marked() -> None:
    for step in PLAY:
        if step.command in ("submit-report", "record-clarification"):
            assert step.body["synthetic"] is True
        for name in ("reference", "evidence", "basis"):
            if name in step.body and step.service == "decision" and step.kind != "contract":
                assert "synthetisch" in step.body[name] or "synthetische" in step.body[name]


def test_nobodys_address_is_real() -> None:
    for step in applications:
        assert step.body["contactEmail"].endswith(".example")
        assert step.body["contactName"].startswith("Contactpersoon ")


def texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for item in value.values():
                yield from texts(item)
        case list():
            for item in value:
                yield from texts(item)
        case _:
            return


def test_what_people_wrote_carries_its_language() -> None:
    assert written("Goed.") == {"language": "nl", "text": "Goed."}
    assert written("Good.", "en") == {"language": "en", "text": "Good."}
    assert all(text for step in PLAY for text in texts(step.body)), "no empty text anywhere"


def test_a_body_goes_over_the_wire_as_utf_8() -> None:
    gent = next(step for step in applications if row_of(step)["key"] == "gent")
    assert "WEB – Op de grens".encode() in gent.json()
    assert json.loads(gent.json()) == gent.body
