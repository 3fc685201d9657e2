"""Every unhappy path of a jury, over HTTP: conflicts early and late, changing seats, a lost quorum, a tie, corrections,
replies, conditional and negative advice, a file judged again, a ranking reopened by the envelope.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx2
import pytest
import pytest_asyncio

from events.adapters.embedded import EmbeddedPostgres
from events.envelope import Actor
from events.times import instant, moment
from services.runtime import Runtime
from services.story.player import play
from services.story.script import Script, Step, ident, load, written
from tests import comparing
from tests.e2e.branches import on_record
from tests.e2e.conftest import bearer, client_of, program
from tests.e2e.test_over_http import stage_over

HAM, LO, ZELE = "ham", "lo", "zele"
CITIES = {HAM: "OVO900402", LO: "OVO900401", ZELE: "OVO900404"}
REQUESTED = {LO: 20_000_000, HAM: 24_000_000, ZELE: 16_000_000}
DATA: dict[str, Any] = {
    "call": {"key": "jury-unhappy"},
    "agency": {"ovo": "OVO900001"},
    "applicants": [
        {"key": key, "name": f"Gemeente {key}", "ovo": ovo, "kbo": "0999100097", "nis": f"9910{number}"}
        for number, (key, ovo) in enumerate(CITIES.items(), 1)
    ],
}
HOUSE = {"ovo": "OVO900403", "kbo": "0999100097", "name": "Buurthuis", "nis": None}
TERMS = load("calls/buurtgroen-2023.json")
TERMS["jury"] |= {"suggestConflicts": True, "replyDays": 14, "reopensWithEnvelope": True}
CODES = [row["code"] for row in TERMS["criteria"]]
SHARES = {"planting": 50, "unsealing": 25, "maintenance": 10, "participation": 15}
EMPLOYERS = ["X", "X", "X", CITIES[HAM], HOUSE["ovo"], "X", "X"]
"""By member: one works for an applicant, one for a partner of every applicant; the last two come later."""
CHAIR, ANNA, QUIT, HAMMER, PARTNER, LATE, NEW = (ident("member", "unhappy", str(number)) for number in range(7))
MEMBERS = (CHAIR, ANNA, QUIT, HAMMER, PARTNER, LATE, NEW)

EXPECTED = """
    ConflictSuggested ConflictRecorded ConflictDismissed MemberRecused MemberReplaced MemberResigned QuorumLost
    SecretBallotHeld CastingVoteUsed ScoreCorrected ScoreRefused ApplicantReplied ReplyTermLapsed LateReplyRecorded
    AdviceAdopted=favourable_with_conditions AdviceAdopted=unfavourable EvaluationReopened RankingReopened
"""
GOOD = {"nl": "Goed.", "en": "Good."}


def who(person: str, role: str = "jury_member") -> Actor:
    return Actor(role=role, organisation="OVO900001", person=person)


def seat(person: str) -> dict[str, Any]:
    number = MEMBERS.index(person)
    return {
        "person": person,
        "name": f"Lid {number}",
        "employer": EMPLOYERS[number],
        "capacity": "government" if person in (ANNA, PARTNER) else "external",
        "expertise": "groen",
    }


class Play(Script):
    """The script, with the jury's own words."""

    def send(self, by: Actor, target: str, command: str, refused: bool = False, /, **body: Any) -> None:
        """Add a step, and let a minute pass: the same person may send the same command again."""
        super().send(by, target, command, refused, **body)
        self._now = instant(moment(self._now) + timedelta(minutes=1))

    @property
    def secretary(self) -> Actor:
        """Who keeps the jury's secretariat."""
        return self.official("jury_secretary", "s")

    def panel(self, by: Actor, command: str, **body: Any) -> None:
        """A command to the panel."""
        self.send(by, f"jury/panel/{self.call}", command, **body)

    def file(self, key: str, by: Actor, command: str, refused: bool = False, /, **body: Any) -> None:
        """A command about a file."""
        self.send(by, f"jury/evaluation/{self.case(key)}", command, refused, **body)

    def declare(self, person: str, *organisations: str) -> None:
        """A member declares interests."""
        told = {"member": person, "statement": "Mijn belangen.", "organisations": list(organisations)}
        self.panel(who(person), "declare-interests", **told)

    def score(self, key: str, person: str, points: tuple[int, int], refused: bool = False, /) -> None:
        """A member gives points."""
        self.file(key, who(person), "submit-score", refused, scores=scores(points))


def scores(points: tuple[int, int]) -> list[dict[str, Any]]:
    return [{"criterion": code, "points": got} for code, got in zip(CODES, points, strict=True)]


def apply(scene: Play) -> None:
    scene.at("2023-02-01T09:00:00")
    scene.send(scene.official("case_handler", "h"), f"intake/call/{scene.call}", "publish-call", terms=TERMS)
    scene.at("2023-03-01T10:00:00")
    for key, requested in REQUESTED.items():
        by, target, own = scene.applicant(key), f"intake/application/{scene.case(key)}", requested // 4
        scene.send(by, target, "start-draft", call=scene.call, applicant=scene.party(key), neighbourhood="Plein")
        scene.send(
            by,
            target,
            "submit-application",
            project=f"Groen {key}",
            summary=written("Meer groen."),
            contactPerson=ident("contact", key),
            contactName="Iemand",
            contactEmail="iemand@plein.example",
            contactPhone="+32 2 555 01 24",
            themes=["heat"],
            instruments=["citizens_budget"],
            requestedCents=requested,
            budget=[
                {
                    "category": name,
                    "amountCents": (requested + own) * share // 100,
                    "subsidyCents": requested * share // 100,
                }
                for name, share in SHARES.items()
            ],
            financing=[
                {"source": "subsidy", "party": "Vlaamse Regering", "amountCents": requested},
                {"source": "own", "party": "Gemeente", "amountCents": own},
            ],
            partners=[
                {
                    "partner": "local",
                    "organisation": HOUSE,
                    "level": "local",
                    "pledge": written("Wij planten mee."),
                    "mandatory": True,
                }
            ],
            term={"start": "2023-10-01", "end": "2025-09-30"},
            attachments=[{"kind": "planting_plan", "name": "plan.pdf", "sha256": "ab" * 32}],
            synthetic=True,
        )
    scene.at("2023-05-20T10:00:00")
    for key in REQUESTED:
        target, handler = f"eligibility/assessment/{scene.case(key)}", scene.official("case_handler", "h")
        scene.send(handler, target, "conclude-admissibility")
        scene.send(handler, target, "conclude-eligibility")


def seats_change(scene: Play) -> None:
    """The panel is composed; one resigns and a seat is taken; everybody declares."""
    head = scene.official("case_handler", "h")
    first = [CHAIR, ANNA, QUIT, HAMMER, PARTNER]
    seats = [seat(person) for person in first]
    scene.panel(head, "compose-panel", chair=CHAIR, secretary=scene.secretary.person, members=seats)
    for person in first:
        scene.declare(person)
    scene.panel(who(QUIT), "record-resignation", member=QUIT, reason="Geen tijd.")
    scene.panel(head, "appoint-member", member=seat(LATE))
    scene.declare(LATE)


def conflicts(scene: Play) -> None:
    """What data say is confirmed at one file and dismissed at the others; who is out cannot score."""
    record = {"call": scene.call, "reason": None}
    scene.file(HAM, scene.secretary, "record-conflict", member=HAMMER, ground="employer_is_applicant", **record)
    scene.file(HAM, scene.secretary, "record-conflict", member=PARTNER, ground="employer_is_partner", **record)
    for key in (LO, ZELE):
        told = {"call": scene.call, "member": PARTNER, "ground": "employer_is_partner", "reason": "Andere afdeling."}
        scene.file(key, scene.secretary, "dismiss-conflict", **told)
    for key in REQUESTED:
        members = [CHAIR, ANNA, LATE] if key == HAM else [CHAIR, ANNA, HAMMER, PARTNER, LATE]
        scene.file(key, scene.secretary, "assign-application", call=scene.call, members=members)
    scene.score(HAM, HAMMER, (20, 10), True)
    for key, points in ((LO, (18, 8)), (HAM, (14, 7)), (ZELE, (6, 3))):
        for person in (CHAIR, ANNA, LATE):
            scene.score(key, person, points)
    scene.file(HAM, who(ANNA), "correct-score", scores=scores((15, 7)), reason=written("Een optelfout."))


def ham(scene: Play) -> None:
    """A conflict told at the table costs the quorum; the ballot ends in a tie; the advice is conditional."""
    scene.at("2023-05-25T10:00:00")
    scene.file(HAM, scene.secretary, "open-deliberation", present=[CHAIR, ANNA, LATE])
    scene.declare(LATE, CITIES[HAM])
    scene.panel(scene.official("case_handler", "h"), "replace-member", leaving=LATE, member=seat(NEW))
    scene.declare(NEW)
    scene.file(HAM, scene.secretary, "open-deliberation", present=[CHAIR, ANNA, NEW])
    ballots = [{"outcome": "favourable_with_conditions", "votes": 1}, {"outcome": "unfavourable", "votes": 1}]
    scene.file(HAM, scene.secretary, "record-vote", ballots=ballots, abstentions=1)
    scene.file(HAM, who(CHAIR, "jury_chair"), "use-casting-vote", outcome="favourable_with_conditions")
    advice = {
        **_advice("favourable_with_conditions", 12_000_000),
        "reduction": {"nl": "De helft volstaat.", "en": "Half is enough."},
        "cooperation": [{"partner": scene.party(LO), "reason": {"nl": "Eén plein.", "en": "One square."}}],
    }
    scene.file(HAM, who(CHAIR, "jury_chair"), "invite-reply", **advice)
    remark = {"criterion": CODES[0], "text": written("Er staan twaalf bomen, geen tien.")}
    scene.file(HAM, scene.applicant(HAM), "record-reply", remarks=[remark])
    answer = {"nl": "Dat klopt; het verandert het advies niet.", "en": "True; it does not change the advice."}
    scene.file(HAM, who(CHAIR, "jury_chair"), "adopt-advice", **advice, report=written("Verslag."), answer=answer)


def lo(scene: Play) -> None:
    """Consensus; the term to reply passes, and a reply comes late; then the file is judged again."""
    agreed(scene, LO, "favourable")
    scene.file(LO, who(CHAIR, "jury_chair"), "invite-reply", **_advice("favourable", REQUESTED[LO]))
    agreed(scene, ZELE, "unfavourable")
    scene.file(ZELE, who(CHAIR, "jury_chair"), "invite-reply", **_advice("unfavourable", 0))
    scene.at("2023-06-12T10:00:00")
    scene.file(LO, scene.applicant(LO), "record-reply", True, remarks=[])
    for key, outcome, proposed in ((LO, "favourable", REQUESTED[LO]), (ZELE, "unfavourable", 0)):
        adopt = {**_advice(outcome, proposed), "report": written("Verslag.")}
        scene.file(key, who(CHAIR, "jury_chair"), "adopt-advice", **adopt)
    scene.file(LO, scene.secretary, "reopen-evaluation", ground="error", reason=written("Een bijlage ontbrak."))
    scene.file(LO, who(CHAIR), "correct-score", scores=scores((19, 8)), reason=written("Na de bijlage."))
    agreed(scene, LO, "favourable")
    scene.file(LO, who(CHAIR, "jury_chair"), "invite-reply", **_advice("favourable", REQUESTED[LO]))
    scene.file(LO, scene.applicant(LO), "record-reply", remarks=[])
    adopt = {**_advice("favourable", REQUESTED[LO]), "report": written("Verslag."), "answer": GOOD}
    scene.file(LO, who(CHAIR, "jury_chair"), "adopt-advice", **adopt)


def agreed(scene: Play, key: str, outcome: str) -> None:
    scene.file(key, scene.secretary, "open-deliberation", present=[CHAIR, ANNA, HAMMER, PARTNER])
    scene.file(key, who(CHAIR, "jury_chair"), "record-consensus", outcome=outcome)


def _advice(outcome: str, proposed: int) -> dict[str, Any]:
    reasons = [{"criterion": code, "reason": GOOD} for code in CODES]
    return {"outcome": outcome, "proposedCents": proposed, "reasons": reasons, "conditions": []}


def order(scene: Play) -> None:
    """The ranking, reopened when the envelope is raised, and fixed again."""
    scene.at("2023-06-20T10:00:00")
    scene.send(scene.secretary, f"jury/ranking/{scene.call}", "fix-ranking")
    officer = scene.official("budget_officer", "b")
    more = {"increaseCents": 1_000_000, "reference": "VR 2", "reason": written("Meer geld.")}
    scene.send(officer, f"decision/envelope/{scene.call}", "increase-envelope", **more)
    scene.at("2023-06-21T10:00:00")
    scene.send(scene.secretary, f"jury/ranking/{scene.call}", "fix-ranking")


def steps() -> list[Step]:
    scene = Play(DATA)
    for act in (apply, seats_change, conflicts, ham, lo, order):
        act(scene)
    return scene.steps


CASE = {key: ident("case", "jury-unhappy", key) for key in CITIES}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def heard(postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Runtime]:
    async with program(postgres, tmp_path_factory.mktemp("jury")) as runtime, client_of(runtime) as client:
        stage = stage_over(runtime, client)
        await play(steps(), stage, stage, now=stage.now)
        yield runtime


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def asking(heard: Runtime) -> AsyncIterator[httpx2.AsyncClient]:
    async with client_of(heard) as client:
        yield client


async def told(runtime: Runtime, stream: str) -> list[str]:
    content = await comparing.content(runtime.store, runtime.vault)
    return [type_ for type_, _ in content[stream]]


@pytest.mark.asyncio(loop_scope="module")
async def test_everything_expected_is_on_record_and_the_books_balance(heard: Runtime) -> None:
    await on_record(heard, EXPECTED)


@pytest.mark.asyncio(loop_scope="module")
async def test_the_panel_changes_seat_by_seat(heard: Runtime) -> None:
    panel = [
        one
        for one in await told(heard, f"panel-{ident('call', 'jury-unhappy')}")
        if one.startswith(("Member", "Panel"))
    ]
    assert panel == ["PanelTermsAdopted", "PanelComposed", "MemberResigned", "MemberAppointed", "MemberReplaced"]


@pytest.mark.asyncio(loop_scope="module")
async def test_a_file_of_conflicts_a_lost_quorum_a_tie_and_a_reply(heard: Runtime) -> None:
    assert await told(heard, f"evaluation-{CASE[HAM]}") == [
        *["ConflictSuggested"] * 2,
        *["ConflictRecorded", "MemberRecused"] * 2,
        "ApplicationAssigned",
        "ScoreRefused",
        *["ScoreSubmitted"] * 3,
        "ScoreCorrected",
        "DeliberationOpened",
        "ConflictRecorded",
        "MemberRecused",
        "ScoreVoided",
        "QuorumLost",
        "DeliberationOpened",
        "SecretBallotHeld",
        "CastingVoteUsed",
        "ProvisionalAdviceSent",
        "ApplicantReplied",
        "AdviceAdopted",
    ]


@pytest.mark.asyncio(loop_scope="module")
async def test_a_file_whose_reply_lapsed_and_that_was_judged_again(heard: Runtime) -> None:
    found = await told(heard, f"evaluation-{CASE[LO]}")
    assert found[found.index("ProvisionalAdviceSent") :] == [
        "ProvisionalAdviceSent",
        "ReplyTermLapsed",
        "LateReplyRecorded",
        "AdviceAdopted",
        "EvaluationReopened",
        "ScoreCorrected",
        "DeliberationOpened",
        "ConsensusReached",
        "ProvisionalAdviceSent",
        "ApplicantReplied",
        "AdviceAdopted",
    ]


@pytest.mark.asyncio(loop_scope="module")
async def test_j7_the_ranking_is_fixed_again_after_the_envelope_changed(heard: Runtime) -> None:
    call = ident("call", "jury-unhappy")
    assert await told(heard, f"ranking-{call}") == ["RankingFixed", "RankingReopened", "RankingFixed"]
    content = await comparing.content(heard.store, heard.vault)
    entries = content[f"ranking-{call}"][-1][1]["data"]["entries"]
    assert [(one["case"], one["outcome"], one["proposed_cents"]) for one in entries] == [
        (CASE[LO], "favourable", 20_000_000),
        (CASE[HAM], "favourable_with_conditions", 12_000_000),
        (CASE[ZELE], "unfavourable", 0),
    ]


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(
    "path", ["/v1/cases/{}", "/v1/cases/{}/timeline", "/v1/cases/{}/timeline?view=raw", "/v1/contracts/{}"]
)
async def test_j3_the_gate_of_sight_holds_over_http(heard: Runtime, asking: httpx2.AsyncClient, path: str) -> None:
    sight = {
        HAM: {CHAIR: 200, ANNA: 200, NEW: 200, HAMMER: 404, PARTNER: 404, LATE: 404, QUIT: 404},
        LO: {CHAIR: 200, HAMMER: 200, PARTNER: 200, QUIT: 404, NEW: 404, LATE: 404},
    }
    for key, members in sight.items():
        for person, status in members.items():
            for role in ("jury_member", "jury_chair"):
                answer = await asking.get(path.format(CASE[key]), headers=bearer(heard, who(person, role)))
                assert answer.status_code == status, (key, MEMBERS.index(person), role)


@pytest.mark.asyncio(loop_scope="module")
async def test_j3_lists_and_tasks_show_only_files_in_hand(heard: Runtime, asking: httpx2.AsyncClient) -> None:
    for person, seen in ((CHAIR, set(CITIES)), (HAMMER, {LO, ZELE}), (QUIT, set()), (NEW, {HAM})):
        headers = bearer(heard, who(person))
        listed = (await asking.get("/v1/contracts", headers=headers)).json()["items"]
        assert {one["id"] for one in listed} == {CASE[key] for key in seen}
        tasks = (await asking.get("/v1/worklist", headers=headers)).json()["items"]
        assert {one["case"] for one in tasks} - {None} <= {CASE[key] for key in seen}


@pytest.mark.asyncio(loop_scope="module")
async def test_j5_no_event_of_the_ballot_names_a_voter(heard: Runtime) -> None:
    ballots = [one for one in await comparing.whole_log(heard.store) if one.type == "SecretBallotHeld"]
    assert ballots
    for one in ballots:
        assert not [person for person in MEMBERS if person.encode() in one.body]


@pytest.mark.asyncio(loop_scope="module")
async def test_an_applicant_reads_the_advice_but_not_how_it_came_about(
    heard: Runtime, asking: httpx2.AsyncClient
) -> None:
    mayor = Play(DATA).applicant(HAM)
    path = f"/v1/cases/{CASE[HAM]}/timeline?limit=500"
    shown = {one["type"] for one in (await asking.get(path, headers=bearer(heard, mayor))).json()["items"]}
    assert {"ProvisionalAdviceSent", "ApplicantReplied", "AdviceAdopted", "RankingFixed"} <= shown
    assert not shown & {"ConflictRecorded", "ScoreRefused", "ScoreVoided", "SecretBallotHeld", "CastingVoteUsed"}
