"""Decision's unhappy branches (domain.md §2.7), over HTTP: a proposal that is advised against, held up and taken off,
awards against the jury, in part and from the reserve list, and decisions that do not last.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from events.adapters.embedded import EmbeddedPostgres
from events.codec import Event
from events.decision import GrantAwarded
from events.envelope import Actor
from services.story.script import ident
from tests.e2e.branches import SMALL_JURY, TERMS, WHY, Judged, Scene, Teller, data, judge, judge_again, on_record
from tests.e2e.conftest import client_of, program
from tests.e2e.test_over_http import stage_over
from tests.e2e.test_payment_unhappy import IBANS, Acting
from tests.e2e.test_second_call import PARTNER

LO, HAM, ZELE, MOL, AS = "lo", "ham", "zele", "mol", "as"
FILES = {
    LO: Judged(20_000_000, (20, 10)),
    HAM: Judged(24_000_000, (18, 9)),
    ZELE: Judged(16_000_000, (16, 8)),
    MOL: Judged(10_000_000, (14, 7)),
    AS: Judged(12_000_000, (4, 2), "unfavourable"),
}
DATA = data("decision-unhappy", {key: (f"OVO90041{n}", f"9911{n}") for n, key in enumerate(FILES)})
MERGED = {"ovo": "OVO900499", "kbo": "0999100097", "name": "Fusiegemeente", "nis": "99119"}
ENVELOPE = 30_000_000
OUR_TERMS = TERMS | {
    "envelopeCents": ENVELOPE,
    "jury": TERMS["jury"] | SMALL_JURY,
    "decision": TERMS["decision"] | {"requiresBudgetAgreement": True, "reserveDays": 365},
}

EXPECTED = """
    InspectorateAdviceRecorded=False GovernmentDecisionRecorded=adverse_overruled BudgetAgreementRecorded=False
    GovernmentDecisionRecorded=uitgesteld StandstillBegan GovernmentDecisionRecorded=ingetrokken ProposalLapsed
    CaseSetAside CandidateSetAside CaseReadmitted AssessmentSucceeded CaseSucceeded CandidateSucceeded
    DepartureReasoned ProposalHeld ProposalHoldLifted
    GrantDenied=departed_refused GrantAwarded=awarded_in_part PlacedOnReserve GrantRefused
    DecisionRetracted MoneyReturned MovedUpFromReserve ReservationRefused
    DecisionSuperseded AppealLodged DecisionSuspended DecisionAnnulled EvaluationReopened=annulment
    GrantAwarded=anew_awarded ContractRedrafted AccountRenewed
"""
REFUSED = [
    "D3 agreement_missing",
    "D3 agreement_withheld",
    "J1 set_aside",
    "D4 no_departure",
    "D3 ranking_open",
    "D3 advice_missing",
    "transfer exceeds_balance",
    "P2 no_contract_active",
]


def propose(scene: Scene, role: str, command: str, no: bool = False, /, **body: Any) -> None:
    """A command about the proposal."""
    scene.send(scene.official(role, role), f"decision/proposal/{scene.call}", command, no, **body)


def redress(scene: Scene, key: str, command: str, no: bool = False, /, **body: Any) -> None:
    """A command about the decision on a file."""
    role = "case_handler" if command == "record-appeal" else "government_secretary"
    scene.send(scene.official(role, role), f"decision/grant/{scene.case(key)}", command, no, **body)


def papers(scene: Scene, number: int, *, favourable: bool, agreed: bool) -> None:
    """The advice of the Inspectorate, and the budget agreement."""
    advice = {"favourable": favourable, "reference": f"IF {number}"}
    propose(scene, "finance_inspector", "record-inspectorate-advice", **advice)
    propose(scene, "budget_officer", "record-budget-agreement", agreed=agreed, reference=f"BA {number}")


def meet(scene: Scene, day: str, reference: str, *results: str) -> None:
    """A meeting of the Government; a result that begins with `no` is refused."""
    propose(scene, "government_secretary", "place-on-agenda", meeting=day, reference=reference)
    for result in results:
        body = {"result": result.removeprefix("no "), "reference": reference, "meeting": day}
        propose(scene, "government_secretary", "record-government-decision", result.startswith("no "), **body)


def apply(scene: Scene) -> None:
    scene.at("2023-02-01T09:00:00")
    scene.on_call("case_handler", "publish-call", terms=OUR_TERMS)
    scene.at("2023-03-01T10:00:00")
    for key, file in FILES.items():
        scene.draft(key)
        scene.submit(key, file.requested)
    scene.at("2023-05-20T10:00:00")
    judge(scene, FILES)


def held_up(scene: Scene) -> None:
    """Nothing passes without the agreement; the item is postponed, withdrawn, and the proposal taken off the table."""
    scene.at("2023-07-07T10:00:00")
    propose(scene, "finance_inspector", "record-inspectorate-advice", favourable=False, reference="IF 1")
    meet(scene, "2023-07-07", "VR 1", "no goedgekeurd")
    propose(scene, "budget_officer", "record-budget-agreement", agreed=False, reference="BA 1")
    meet(scene, "2023-07-07", "VR 1", "no goedgekeurd", "uitgesteld")
    meet(scene, "2023-07-14", "VR 2", "ingetrokken")
    propose(scene, "government_secretary", "withdraw-proposal", reason=WHY)
    doubted(scene)


def passed_on(scene: Scene) -> None:
    """One applicant merges before the decision: the award will be its successor's."""
    told = {"successor": MERGED, "merged": [scene.party(ZELE)], "effectiveOn": "2023-07-01", "reason": WHY}
    scene.by_agency(ZELE, "case_handler", "record-applicant-succession", **told)


def doubted(scene: Scene) -> None:
    """A new fact opens the assessment of the last file again: the jury and the Government wait, and it comes back."""
    handler, assessment = scene.official("case_handler", "h"), f"eligibility/assessment/{scene.case(AS)}"
    scene.send(handler, assessment, "revise-assessment", reference="Klacht 7", reasons=WHY)
    secretary, evaluation = scene.official("jury_secretary", "s"), f"jury/evaluation/{scene.case(AS)}"
    scene.send(secretary, evaluation, "reopen-evaluation", True, ground="error", reason=WHY)
    scene.send(handler, assessment, "conclude-admissibility")
    scene.send(handler, assessment, "conclude-eligibility")


def decided(scene: Scene) -> None:
    """The Government departs from the jury on one file and gives it nothing; against the Inspectorate it approves.

    Not while the ranking is open again; when the jury finds it right, the papers on file still count.
    """
    scene.at("2023-07-20T10:00:00")
    propose(scene, "government_secretary", "revise-award-proposal")
    departure = {"case": scene.case(HAM), "reference": "VR 3", "reasons": WHY}
    propose(scene, "government_secretary", "depart-from-advice", True, amountCents=10_000_000, **departure)
    propose(scene, "government_secretary", "depart-from-advice", amountCents=0, **departure)
    papers(scene, 2, favourable=False, agreed=True)
    secretary, ranking = scene.official("jury_secretary", "s"), f"jury/ranking/{scene.call}"
    scene.send(secretary, ranking, "reopen-ranking", ground="error", reason=WHY)
    meet(scene, "2023-07-21", "VR 3", "no goedgekeurd")
    scene.send(secretary, ranking, "fix-ranking")
    passed_on(scene)
    meet(scene, "2023-07-21", "VR 3", "goedgekeurd")


def moved_up(scene: Scene) -> None:
    """The first award is retracted, and its contract ends: its money goes to the file on the reserve list."""
    scene.at("2023-08-01T10:00:00")
    sign(scene, LO)
    redress(scene, LO, "retract-decision", retracts="VR 3", reference="VR 4", reasons=WHY)
    papers(scene, 3, favourable=True, agreed=True)
    meet(scene, "2023-08-18", "VR 5", "goedgekeurd")


def decided_again(scene: Scene) -> None:
    """One decision is superseded; the retracted one is taken anew, with no cent that is not there; one is annulled.

    The file of the last is judged again first.
    """
    scene.at("2023-09-01T10:00:00")
    again = {"meeting": "2023-09-01", "reasons": WHY}
    new_money = {"advice": "IF 4", "agreement": "BA 4"}
    replacing = {"replaces": "VR 3", "reference": "VR 6", "amountCents": 12_000_000, **again}
    redress(scene, ZELE, "supersede-decision", True, **replacing)
    redress(scene, ZELE, "supersede-decision", **replacing, **new_money)
    redress(scene, LO, "decide-anew", True, reference="VR 7", amountCents=8_000_001, **again, **new_money)
    redress(scene, LO, "decide-anew", reference="VR 7", amountCents=8_000_000, **again, **new_money)
    appeal = {"instance": "council_of_state", "reference": "G/A 1", "lodgedOn": "2023-09-01"}
    redress(scene, MOL, "record-appeal", decision="VR 5", **appeal)
    redress(scene, MOL, "record-suspension", decision="VR 5", by="court", ruling="RvS 1", reasons=WHY)
    redress(scene, MOL, "record-annulment", decision="VR 5", ruling="RvS 2", reasons=WHY)
    judge_again(scene, MOL, Judged(10_000_000, (10, 6)))
    redress(scene, MOL, "decide-anew", reference="VR 8", amountCents=6_000_000, **again)


def paid_at_last(scene: Scene) -> None:
    """What was awarded anew has a contract again: nothing is paid before it is signed again, and then it is."""
    act = Acting(scene, LO)
    act.at("2023-10-02T10:00:00")
    start = {"case": act.case, "tranche": "start"}
    act.on("claim", "start", "applicant", "submit-claim", no=True, **start)
    sign(scene, LO)
    act.at("2023-10-03T10:00:00")
    act.confirm(IBANS[0])
    act.on("claim", "start", "applicant", "submit-claim", **start)
    act.on("claim", "start", "payment_approver", "approve-claim")
    act.order("start", 1)
    act.release("start", 1)
    act.bank("start", 1, "confirm-execution", valueDate="2023-10-03")


def sign(scene: Scene, key: str) -> None:
    """The partner signs its pledge."""
    signatory = ident("signatory", key)
    who = Actor(role="partner", organisation=PARTNER["ovo"] or "", person=signatory)
    told = {"partner": "local", "signatory": signatory, "name": "Iemand"}
    scene.send(who, f"decision/contract/{scene.case(key)}", "sign-pledge", **told)


def of(log: list[Event], case: str) -> list[str]:
    """What became of a file."""
    return [one.envelope.type for one in log if one.envelope.stream == f"grant-{case}"]


async def test_every_unhappy_branch_of_decision_over_http(postgres: EmbeddedPostgres, tmp_path: Path) -> None:
    scene = Scene(DATA)
    for act in (apply, held_up, decided, moved_up, decided_again, paid_at_last):
        act(scene)
    async with program(postgres, tmp_path) as runtime, client_of(runtime) as client:
        teller = Teller(client, stage_over(runtime, client))
        await teller.tell(scene.steps)
        assert teller.heard.refusals == REFUSED
        log = await on_record(runtime, EXPECTED)
        assert of(log, scene.case(HAM))[-2:] == ["GrantDenied", "ApplicantNotified"]
        assert of(log, scene.case(AS)) == [
            "CandidateRegistered",
            "CandidateSetAside",
            "CandidateRegistered",
            "GrantRefused",
            "ApplicantNotified",
        ]
        assert of(log, scene.case(MOL))[1:6] == [
            "PlacedOnReserve",
            "NoticeGiven",
            "MovedUpFromReserve",
            "AmountReserved",
            "GrantAwarded",
        ]
        awarded: dict[str, list[int]] = {}
        for one in log:
            if isinstance(one.fact, GrantAwarded):
                awarded.setdefault(one.fact.case, []).append(one.fact.amount_cents)
        assert awarded == {
            scene.case(LO): [20_000_000, 8_000_000],
            scene.case(ZELE): [10_000_000, 12_000_000],
            scene.case(MOL): [10_000_000, 6_000_000],
        }
        holders = {one.fact.case: one.fact.beneficiary.name for one in log if isinstance(one.fact, GrantAwarded)}
        assert holders[scene.case(ZELE)] == "Fusiegemeente"
        left = {one.account: one.posted for one in await runtime.store.balances()}
        assert left[f"AVAILABLE:{scene.call}"] == ENVELOPE - 26_000_000
        assert (left[f"BANK:{scene.case(LO)}"], left[f"COMMITTED:{scene.case(LO)}"]) == (3_200_000, 4_800_000)
        contract = [one.envelope.type for one in log if one.envelope.stream == f"contract-{scene.case(LO)}"]
        assert contract == [
            "ContractDrafted",
            "PledgeSigned",
            "ContractTerminated",
            "ContractRedrafted",
            "PledgeSigned",
            "ContractActivated",
        ]
