"""A call with other numbers, codes, base and tranches runs from publication to closure through the same code.

Its terms come from a file; this test knows no rule of it, only what people do.
"""

from __future__ import annotations

from typing import Any

import pytest

from events import codec
from events.eligibility import CheckRecorded
from events.envelope import Actor
from services.deciding import case_id
from services.story.player import play
from services.story.script import Script, Step, ident, load, written
from tests import comparing
from tests.simulation.world import World

TERMS = load("calls/buurtgroen-2023.json")
DATA: dict[str, Any] = {
    "call": {"key": "buurtgroen-2023"},
    "agency": {"ovo": "OVO900001"},
    "applicants": [
        {"key": "lo", "name": "Gemeente Lo", "ovo": "OVO900401", "kbo": "0999100097", "nis": "99101"},
        {"key": "ham", "name": "Gemeente Ham", "ovo": "OVO900402", "kbo": "0999100097", "nis": "99102"},
    ],
}
SHARES = {"planting": 50, "unsealing": 25, "maintenance": 10, "participation": 15}
REQUESTED, POINTS = {"lo": 20_000_000, "ham": 24_000_000}, {"lo": (18, 8), "ham": (14, 7)}
PARTNER = {"ovo": "OVO900403", "kbo": "0999100097", "name": "Buurthuis", "nis": None}


def money(requested: int, own: int) -> dict[str, Any]:
    lines = [
        {
            "category": name,
            "amountCents": requested * share // 100 + own * share // 100,
            "subsidyCents": requested * share // 100,
        }
        for name, share in SHARES.items()
    ]
    financing = [("subsidy", "Vlaamse Regering", requested), ("own", "Gemeente", own)]
    return {
        "requestedCents": requested,
        "budget": lines,
        "financing": [{"source": kind, "party": who, "amountCents": cents} for kind, who, cents in financing],
    }


def apply(scene: Script, key: str) -> None:
    target, who = f"intake/application/{scene.case(key)}", scene.applicant(key)
    scene.at("2023-03-01T10:00:00")
    scene.send(who, target, "start-draft", call=scene.call, applicant=scene.party(key), neighbourhood="Plein")
    scene.send(
        who,
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
        # A quarter of the subsidy: enough for base SUBSIDY, and only a fifth of the total cost.
        **money(REQUESTED[key], REQUESTED[key] // 4),
        partners=[
            {
                "partner": "local",
                "organisation": PARTNER,
                "level": "local",
                "pledge": written("Wij planten mee."),
                "mandatory": True,
            }
        ],
        term={"start": "2023-10-01", "end": "2025-09-30"},
        attachments=[{"kind": "planting_plan", "name": "plan.pdf", "sha256": "ab" * 32}],
        synthetic=True,
    )


def judge(scene: Script) -> None:
    handler, secretary = scene.official("case_handler", "h"), scene.official("jury_secretary", "s")
    people = [ident("member", str(number)) for number in range(5)]
    scene.at("2023-05-20T10:00:00")
    for key in REQUESTED:
        scene.send(handler, f"eligibility/assessment/{scene.case(key)}", "conclude-admissibility")
        scene.send(handler, f"eligibility/assessment/{scene.case(key)}", "conclude-eligibility")
    members = [
        {"person": person, "name": f"Lid {number}", "employer": "X", "capacity": capacity, "expertise": "groen"}
        for number, (person, capacity) in enumerate(zip(people, ["external"] * 3 + ["government"] * 2, strict=True))
    ]
    panel = f"jury/panel/{scene.call}"
    scene.send(
        scene.official("admin", "a"),
        panel,
        "compose-panel",
        chair=people[0],
        secretary=secretary.person,
        members=members,
    )
    for person in people:
        who = Actor(role="jury_member", organisation="OVO900001", person=person)
        scene.send(who, panel, "declare-interests", member=person, statement="Geen.", organisations=[])
    for key in REQUESTED:
        deliberate(scene, key, people, secretary)
    scene.send(secretary, f"jury/ranking/{scene.call}", "fix-ranking")


def deliberate(scene: Script, key: str, people: list[str], secretary: Actor) -> None:
    target = f"jury/evaluation/{scene.case(key)}"
    scene.send(secretary, target, "assign-application", call=scene.call, members=people)
    codes = [row["code"] for row in TERMS["criteria"]]
    for person in people:
        who = Actor(role="jury_member", organisation="OVO900001", person=person)
        points = [{"criterion": code, "points": got} for code, got in zip(codes, POINTS[key], strict=True)]
        scene.send(who, target, "submit-score", scores=points)
    chair = Actor(role="jury_chair", organisation="OVO900001", person=people[0])
    scene.send(secretary, target, "open-deliberation", present=people)
    scene.send(chair, target, "record-consensus", outcome="favourable")
    scene.send(
        chair,
        target,
        "adopt-advice",
        outcome="favourable",
        proposedCents=REQUESTED[key],
        reasons=[{"criterion": code, "reason": {"nl": "Goed.", "en": "Good."}} for code in codes],
        report=written("Verslag."),
        conditions=[],
    )


def decide(scene: Script) -> None:
    target, secretary = f"decision/proposal/{scene.call}", scene.official("government_secretary", "g")
    scene.at("2023-07-01T10:00:00")
    inspector = scene.official("finance_inspector", "i")
    # This call asks for no budget agreement, so none is recorded.
    scene.send(inspector, target, "record-inspectorate-advice", favourable=True, reference="IF 1")
    scene.send(secretary, target, "place-on-agenda", meeting="2023-07-07", reference="VR 1")
    scene.at("2023-07-07T12:00:00")
    scene.send(
        secretary, target, "record-government-decision", result="goedgekeurd", reference="VR 1", meeting="2023-07-07"
    )
    for key in REQUESTED:
        who = Actor(role="partner", organisation=PARTNER["ovo"] or "", person=ident("signatory", key))
        contract = f"decision/contract/{scene.case(key)}"
        scene.send(who, contract, "sign-pledge", partner="local", signatory=who.person, name="Tekent")


def pay(scene: Script, key: str, tranche: str) -> None:
    case = scene.case(key)
    claim = f"payment/claim/{case_id(case, 'claim', tranche)}"
    order = f"payment/payment-order/{case_id(case, 'payment-order', f'{tranche}/1')}"
    releaser = scene.official("payment_releaser", "r")
    scene.send(scene.applicant(key), claim, "submit-claim", case=case, tranche=tranche)
    scene.send(scene.official("payment_approver", "p"), claim, "approve-claim")
    scene.send(scene.official("budget_officer", "b"), order, "order-payment", case=case, tranche=tranche, attempt=1)
    scene.send(releaser, order, "release-payment-file")
    scene.send(releaser, order, "confirm-execution", valueDate=scene.today)


def report(scene: Script, key: str, code: str) -> None:
    target = f"payment/report/{case_id(scene.case(key), 'report', code)}"
    half = REQUESTED[key] // 2
    costs = [
        {
            "category": name,
            "amountCents": half * share // 100 + half // 4 * share // 100,
            "subsidyCents": half * share // 100,
        }
        for name, share in SHARES.items()
    ]
    scene.send(
        scene.applicant(key),
        target,
        "submit-report",
        costs=costs,
        financing=money(half, half // 4)["financing"],
        narrative=written("Geplant."),
        documentSha256="cd" * 32,
        synthetic=True,
    )
    scene.send(scene.official("case_handler", "h"), target, "accept-report")


def spend(scene: Script) -> None:
    officer = scene.official("budget_officer", "b")
    tranches = [row["code"] for row in TERMS["tranches"]]
    scene.at("2023-10-02T10:00:00")
    for key in REQUESTED:
        account = f"payment/account/{scene.case(key)}"
        scene.send(officer, account, "confirm-bank-account", iban="BE71096123456769", basis="Brief")
        pay(scene, key, tranches[0])
    scene.at("2024-11-01T10:00:00")
    for key in REQUESTED:
        report(scene, key, TERMS["reports"][0]["code"])
        pay(scene, key, tranches[1])
    scene.at("2025-10-15T10:00:00")
    for key in REQUESTED:
        account = f"payment/account/{scene.case(key)}"
        report(scene, key, TERMS["reports"][1]["code"])
        scene.send(officer, account, "settle-final-account")
        pay(scene, key, tranches[2])
        scene.send(officer, account, "close-account")


def steps() -> list[Step]:
    scene = Script(DATA)
    scene.at("2023-02-01T09:00:00")
    scene.send(scene.official("case_handler", "h"), f"intake/call/{scene.call}", "publish-call", terms=TERMS)
    for key in REQUESTED:
        apply(scene, key)
    for act in (judge, decide, spend):
        act(scene)
    return scene.steps


@pytest.fixture
async def ended() -> World:
    world = World(0)
    await world.begin()
    await play(steps(), world, world.send, now=world.clock.now)
    await world.advance("2026-01-31T00:00:00.000000Z")
    return world


async def test_both_contracts_are_paid_and_closed(ended: World) -> None:
    content = await comparing.content(ended.store, ended.vault)
    for key, requested in REQUESTED.items():
        contract = content[f"contract-{ident('case', 'buurtgroen-2023', key)}"]
        assert [type_ for type_, _ in contract][-1] == "ContractClosed"
        assert contract[-1][1]["data"]["paid_cents"] == requested
    left = {one.account: one.posted for one in await ended.store.balances() if one.posted}
    assert sum(left.values()) == 0
    assert left[f"AVAILABLE:{ident('call', 'buurtgroen-2023')}"] == TERMS["envelopeCents"] - sum(REQUESTED.values())


async def test_e3_is_judged_on_the_subsidy_where_the_call_says_so(ended: World) -> None:
    facts = [codec.read(one).fact for one in await comparing.whole_log(ended.store) if one.type == "CheckRecorded"]
    checks = [fact.check for fact in facts if isinstance(fact, CheckRecorded) and fact.check.rule == "E3"]
    assert {check.params["base"] for check in checks} == {"SUBSIDY"}
    assert {check.outcome for check in checks} == {"pass"}


async def test_instalments_are_those_of_the_terms(ended: World) -> None:
    content = await comparing.content(ended.store, ended.vault)
    account = content[f"account-{ident('case', 'buurtgroen-2023', 'lo')}"]
    planned = next(data["data"]["tranches"] for type_, data in account if type_ == "FundsCommitted")
    assert [one["amount_cents"] for one in planned] == [8_000_000, 6_000_000, 6_000_000]


async def test_the_papers_are_kept_for_ten_years_and_then_called_over_once(ended: World) -> None:
    due = "2035-10-15T21:59:59.000000Z"
    await ended.advance(due)
    await ended.advance("2040-01-01T00:00:00.000000Z")
    content = await comparing.content(ended.store, ended.vault)
    for key in REQUESTED:
        account = content[f"account-{ident('case', 'buurtgroen-2023', key)}"]
        (kept,) = [data["data"] for type_, data in account if type_ == "RetentionTermSet"]
        assert (kept["due"]["utc"], kept["destination"]) == (due, "destroy")
        assert [type_ for type_, _ in account].count("RetentionTermLapsed") == 1
        assert account[-1][0] == "RetentionTermLapsed"


async def test_no_word_of_2021_stands_in_the_log(ended: World) -> None:
    bodies = b"".join(one.body for one in await comparing.whole_log(ended.store))
    assert b"wijkverbeteringscontract" not in bodies
    assert b"80000000" not in bodies
