"""The desk's data over the play of 2021: what an official, an applicant and a recused member see."""

from __future__ import annotations

import asyncio
import json

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from events.codec import read
from events.envelope import Actor
from events.store import StoreUnavailable
from events.times import end_of_day
from projections.desk.data import NotReady
from projections.desk.flow import stages
from projections.desk.reads import ViewsDesk
from projections.desk.routes import desk_router
from projections.desk.why import chapters, decided
from projections.past import Cut
from services.story.call_2021 import load
from services.story.script import Script, ident
from tests.integration.desk_story import Story, played

OFFICIAL = Actor(role="case_handler", organisation="OVO900001", person="p-1")
NOW = Cut()
PLAY = Script(load("2021.json"))
CALL = PLAY.call
DENDERLEEUW = PLAY.case("denderleeuw")


def on(day: str) -> Cut:
    return Cut(known_at=end_of_day(day).utc)


@pytest.fixture(scope="module")
def story() -> Story:
    return asyncio.run(played())


async def test_eleven_contracts_share_seven_point_six_million(story: Story) -> None:
    listing = await story.desk.contracts(OFFICIAL, CALL, NOW)
    awarded = [line for line in listing.cases if line.awarded_cents]
    assert len(listing.cases) == 20
    assert len(awarded) == 11
    assert sum(line.awarded_cents or 0 for line in awarded) == 760_000_000
    assert [line.rank for line in awarded] == list(range(1, 12)), "the list begins with the ranking"
    assert {line.party for line in awarded if line.synthetic} >= {"Stad Sint-Niklaas"}


@pytest.mark.parametrize("day", ["2021-03-11", "2021-07-15", "2021-10-20", "2021-12-10", "2022-02-15", "2024-06-01"])
async def test_on_any_day_every_cent_of_the_envelope_stands_in_one_block(story: Story, day: str) -> None:
    budget = await story.desk.budget(OFFICIAL, CALL, on(day))
    assert budget is not None
    found = stages(budget.money)
    assert sum(stage.rest_cents for stage in found) == budget.money.envelope_cents
    assert found[0].rest_cents == budget.money.available_cents
    assert found[-1].reached_cents == budget.money.paid_cents


async def test_on_15_july_2021_the_envelope_was_four_million(story: Story) -> None:
    budget = await story.desk.budget(OFFICIAL, CALL, on("2021-07-15"))
    assert budget is not None
    assert budget.money.envelope_cents == budget.money.available_cents == 400_000_000


async def test_before_the_extension_the_old_deadline_held(story: Story) -> None:
    before = (await story.desk.calls(OFFICIAL, on("2021-03-20")))[0]
    after = (await story.desk.calls(OFFICIAL, on("2021-03-22")))[0]
    assert before.deadline is not None
    assert after.deadline is not None
    assert (before.deadline.local, after.deadline.local) == ("2021-07-10T23:59:59", "2021-07-19T23:59:59")
    assert before.milestones == after.milestones
    assert await story.desk.calls(OFFICIAL, on("2021-01-05")) == []
    assert await story.desk.budget(OFFICIAL, CALL, on("2021-01-05")) is None


async def test_denderleeuw_failed_e3_was_asked_and_then_passed(story: Story) -> None:
    steps = await story.desk.timeline(OFFICIAL, DENDERLEEUW, NOW)
    outcomes = [
        (check.outcome, check.inputs["own_cents"])
        for step in steps
        if step.type == "CheckRecorded"
        for check in step.checks
        if check.rule == "E3"
    ]
    assert outcomes == [("fail", 11_506_120), ("pass", 14_382_650)]
    question = next(step for step in steps if step.type == "ClarificationRequested")
    assert "20 % bovenop de subsidie" in question.written[0].text


async def test_the_reasons_of_an_award_tell_the_raised_envelope_and_the_postponement(story: Story) -> None:
    reasons = {one.topic: one for one in chapters(await story.desk.timeline(OFFICIAL, DENDERLEEUW, NOW))}
    assert [step.type for step in reasons["fits"].steps] == [
        "AwardProposalDrafted",
        "EnvelopeIncreased",
        "AwardProposalDrafted",
    ]
    assert len(reasons["agreed"].steps) == 2
    assert len(reasons["advice"].steps[0].reasons) == 5
    assert all(check.outcome == "pass" for check in reasons["decided"].checks)
    assert decided(list(reasons.values()))


async def test_the_history_is_in_the_order_of_the_log_and_cut_like_everything_else(story: Story) -> None:
    whole = await story.desk.timeline(OFFICIAL, DENDERLEEUW, NOW)
    part = await story.desk.timeline(OFFICIAL, DENDERLEEUW, on("2021-08-10"))
    assert [step.position for step in whole] == sorted(step.position for step in whole)
    assert [step.position for step in part] == [step.position for step in whole][: len(part)]
    assert 0 < len(part) < len(whole)


async def test_every_case_has_a_page_and_no_page_names_a_person(story: Story) -> None:
    app = FastAPI()
    app.include_router(desk_router(story.desk, lambda: OFFICIAL))
    browser = TestClient(app)
    people = {row["name"] for row in PLAY.data["jury"]} | {"Contactpersoon"}
    for line in (await story.desk.contracts(OFFICIAL, CALL, NOW)).cases:
        for path in (f"/cases/{line.case}?lang=nl", f"/cases/{line.case}/raw"):
            answer = browser.get(path)
            assert answer.status_code == 200
            assert not [name for name in people if name in answer.text]
            assert '"sealed"' not in answer.text
            assert "IBAN" not in answer.text


async def test_personal_and_confidential_facts_are_left_out(story: Story) -> None:
    shown = {step.type for step in await story.desk.timeline(OFFICIAL, DENDERLEEUW, NOW)}
    assert not shown & {"BankAccountConfirmed", "ScoreSubmitted", "DeliberationOpened", "MemberRecused"}
    chair = Actor(role="jury_chair", organisation="OVO900001", person=ident("person", "jurylid-1"))
    kept = {step.type for step in await story.desk.timeline(chair, DENDERLEEUW, NOW)}
    assert {"ScoreSubmitted", "DeliberationOpened"} <= kept
    assert "BankAccountConfirmed" not in kept
    stranger = Actor(role="jury_chair", organisation="OVO900001", person="p-9")
    assert await story.desk.timeline(stranger, DENDERLEEUW, NOW) == ()


async def test_an_applicant_sees_its_own_case_alone(story: Story) -> None:
    mayor = PLAY.applicant("denderleeuw")
    listing = await story.desk.contracts(mayor, CALL, NOW)
    assert [line.case for line in listing.cases] == [DENDERLEEUW]
    assert await story.desk.case(mayor, PLAY.case("gent"), NOW) is None
    assert await story.desk.timeline(mayor, PLAY.case("gent"), NOW) == ()
    assert await story.desk.case(mayor, PLAY.case("gent"), on("2022-01-01")) is None


async def test_a_recused_member_has_no_sight_of_that_file(story: Story) -> None:
    row = story.runners["contract_status"].rows[(PLAY.case("genk"),)]
    member = Actor(role="jury_member", organisation="OVO900001", person=row.recused[0])
    assert await story.desk.case(member, PLAY.case("genk"), NOW) is None
    assert await story.desk.timeline(member, PLAY.case("genk"), NOW) == ()
    assert await story.desk.case(member, DENDERLEEUW, NOW) is not None


async def test_after_the_merger_the_successor_carries_the_case(story: Story) -> None:
    case = await story.desk.case(OFFICIAL, PLAY.case("hasselt"), NOW)
    assert case is not None
    assert case.previous_party == "Stad Hasselt"
    assert case.line.party != "Stad Hasselt"


async def test_in_the_autumn_of_2021_the_government_had_the_ball(story: Story) -> None:
    waiting = await story.desk.worklist(OFFICIAL, CALL, on("2021-12-10"))
    assert {one.turn for one in waiting if one.case} == {"government_secretary"}
    assert len({one.case for one in waiting if one.case}) == 16
    assert await story.desk.worklist(OFFICIAL, CALL, NOW) == []


async def test_a_report_that_has_not_come_is_overdue_on_the_day_that_is_shown(story: Story) -> None:
    waiting = await story.desk.worklist(OFFICIAL, CALL, on("2022-06-01"))
    assert all(one.overdue == (one.due is not None and one.due < end_of_day("2022-06-01").utc) for one in waiting)


async def test_the_steps_are_the_facts_of_the_log(story: Story) -> None:
    steps = await story.desk.timeline(OFFICIAL, DENDERLEEUW, NOW)
    log = {one.position: one for one in await story.world.store.read_all(limit=10_000)}
    for step in steps:
        fact = read(log[step.position])
        assert (step.type, step.occurred_at) == (fact.envelope.type, fact.envelope.occurred_at)
        assert ident("person", "dossierbeheerder") not in json.dumps([check.reason.nl for check in step.checks])


async def test_views_that_are_away_are_not_ready() -> None:
    class Away:
        async def present(self, *_: object) -> None:
            raise StoreUnavailable("no store")

        past = read_all = read_case = reached = present

    desk = ViewsDesk(Away(), Away())  # type: ignore[arg-type] -- every read fails, whatever it is asked
    for act in (desk.budget(OFFICIAL, CALL, NOW), desk.contracts(OFFICIAL, CALL, NOW), desk.case(OFFICIAL, "x", NOW)):
        with pytest.raises(NotReady):
            await act
