"""The Government and what becomes of its decisions."""

from __future__ import annotations

from services.decision.commands import (
    DecideAnew,
    DecreaseEnvelope,
    DepartFromAdvice,
    IncreaseEnvelope,
    LapseReserve,
    LiftSuspension,
    PlaceOnAgenda,
    PublishDecision,
    RecordAnnulment,
    RecordAppeal,
    RecordAppealDismissal,
    RecordBudgetAgreement,
    RecordGovernmentDecision,
    RecordInspectorateAdvice,
    RecordSuspension,
    RetractDecision,
    ReviseAwardProposal,
    SupersedeDecision,
    WaiveAward,
    WithdrawProposal,
)
from tests.simulation.actors import official, words
from tests.simulation.calls import CALLS
from tests.simulation.moves.table import Besides, Moves, Work
from tests.simulation.sight import Move, Scene

WHY = words("Het verslag aan de Vlaamse Regering.")


def advise(scene: Scene, call: str, _ref: str) -> Moves:
    """The Inspectorate's advice."""
    command = RecordInspectorateAdvice(favourable=scene.dice.often(85), reference=scene.name("IF"))
    yield Move(call, command, official("finance_inspector", scene.dice))


def agree(scene: Scene, call: str, _ref: str) -> Moves:
    """The budget agreement."""
    command = RecordBudgetAgreement(agreed=scene.dice.often(90), reference=scene.name("BA"))
    yield Move(call, command, official("budget_officer", scene.dice))


def place(scene: Scene, call: str, _ref: str) -> Moves:
    """Put it on an agenda."""
    command = PlaceOnAgenda(meeting=scene.day(scene.dice.one(0, 0, 1, 7, -1)), reference=scene.name("VR"))
    yield Move(call, command, official("government_secretary", scene.dice))


def decide(scene: Scene, call: str, _ref: str) -> Moves:
    """What the meeting decided: mostly yes."""
    agenda = scene.of("proposal", call).agenda
    if agenda:
        command = RecordGovernmentDecision(
            result=scene.dice.one("goedgekeurd", "goedgekeurd", "goedgekeurd", "uitgesteld", "ingetrokken"),
            reference=agenda.reference,
            meeting=agenda.meeting,
        )
        yield Move(call, command, official("government_secretary", scene.dice))
    if scene.dice.often(20):
        yield from place(scene, call, "")


def revise(scene: Scene, call: str, _ref: str = "") -> Moves:
    """Propose again."""
    yield Move(call, ReviseAwardProposal(), official("government_secretary", scene.dice))


def envelope(scene: Scene, call: str) -> Moves:
    """More money, or less, at the edge of what is free."""
    known = scene.of("envelope", call)
    if known.terms is None:
        return
    by, amount = official("budget_officer", scene.dice), scene.dice.cents(known.terms.cap_cents)
    yield scene.dice.one(
        Move(call, IncreaseEnvelope(increase_cents=amount, reference=scene.name("krediet"), reason=WHY), by),
        Move(call, DecreaseEnvelope(decrease_cents=amount, reference=scene.name("krediet"), reason=WHY), by),
    )


def envelopes(scene: Scene) -> Moves:
    """The money of any call changes."""
    if scene.dice.often(50):
        yield from envelope(scene, scene.dice.one(*CALLS))


def mend_money(scene: Scene, case: str, _ref: str) -> Moves:
    """There was no money for this case."""
    call = scene.call_of(case)
    yield from envelope(scene, call)
    yield from revise(scene, call)


def wait_on_reserve(scene: Scene, case: str, _ref: str) -> Moves:
    """Money may come; or an official ends the list."""
    if scene.dice.often(40):
        yield from envelope(scene, scene.call_of(case))
    elif scene.dice.often(10):
        yield Move(case, LapseReserve(), official("case_handler", scene.dice))


def proposals(scene: Scene) -> Moves:
    """Depart from the advice, withdraw, publish, propose again."""
    call, by = scene.dice.one(*CALLS), official("government_secretary", scene.dice)
    proposal = scene.of("proposal", call)
    cases = [entry.case for entry in proposal.entries]
    if not cases:
        return
    case = scene.dice.one(*cases)
    amount = scene.dice.one(0, scene.dice.cents(scene.of("envelope", call).terms.cap_cents))
    published = {"publication": "Belgisch Staatsblad", "published_on": scene.today}
    yield scene.dice.one(
        Move(call, DepartFromAdvice(case=case, amount_cents=amount, reference=scene.name("nota"), reasons=WHY), by),
        Move(call, WithdrawProposal(reason=WHY), by),
        Move(call, PublishDecision(reference=(proposal.approved or ("VR 1",))[-1], **published), by),
        Move(call, ReviseAwardProposal(), by),
    )


def anew(scene: Scene, case: str, _ref: str) -> Moves:
    """Decide again where nothing is in force; nothing is awarded any more once the contract has ended."""
    papers = {"advice": "IF nieuw", "agreement": "BA nieuw"} if scene.dice.often(80) else {}
    amount = 0 if ended(scene, case) else _amount(scene, case)
    command = DecideAnew(
        reference=scene.name("VR nieuw"), meeting=scene.today, amount_cents=amount, reasons=WHY, **papers
    )
    yield Move(case, command, official("government_secretary", scene.dice))


def replace(scene: Scene, case: str, _ref: str = "") -> Moves:
    """A decision takes the place of the one in force."""
    grant = scene.of("grant", case)
    if grant.in_force and not ended(scene, case) and scene.dice.often(50):
        command = SupersedeDecision(
            replaces=grant.reference,
            reference=scene.name("VR vervanging"),
            meeting=scene.today,
            amount_cents=_amount(scene, case),
            reasons=WHY,
            advice="IF nieuw",
            agreement="BA nieuw",
        )
        yield Move(case, command, official("government_secretary", scene.dice))


def ended(scene: Scene, case: str) -> bool:
    """Whether the contract ended before its time: a new word on the award is not followed there."""
    return scene.of("contract", case).status in ("terminated", "expired")


def _amount(scene: Scene, case: str) -> int:
    grant = scene.of("grant", case)
    asked = grant.dossier.requested_cents if grant.dossier else 1_000_000
    return scene.dice.one(0, scene.dice.cents(asked), asked, grant.award_cents)


def undo(scene: Scene, case: str, _ref: str = "") -> Moves:
    """Retract, suspend or annul what is in force."""
    grant = scene.of("grant", case)
    if not grant.in_force or scene.dice.often(60):
        return
    secretary, ruling = official("government_secretary", scene.dice), scene.name("arrest")
    named = {"decision": grant.reference, "ruling": ruling, "reasons": WHY}
    yield scene.dice.one(
        Move(case, RetractDecision(retracts=grant.reference, reference=ruling, reasons=WHY), secretary),
        Move(case, RecordSuspension(by="court", **named), secretary),
        Move(case, RecordAnnulment(**named), official("case_handler", scene.dice)),
    )


def suspended(scene: Scene, case: str, _ref: str) -> Moves:
    """The suspension ends, one way or the other."""
    grant, handler = scene.of("grant", case), official("case_handler", scene.dice)
    named = {"decision": grant.reference or "VR 1", "ruling": scene.name("arrest"), "reasons": WHY}
    if scene.dice.often(75):
        yield Move(case, LiftSuspension(**named), handler)
    else:
        yield Move(case, RecordAnnulment(**named), handler)


def appeal(scene: Scene, case: str, _ref: str = "") -> Moves:
    """Somebody appeals."""
    grant = scene.of("grant", case)
    if grant.reference and scene.dice.often(50):
        command = RecordAppeal(
            decision=grant.reference,
            instance="council_of_state",
            reference=scene.name("beroep"),
            lodged_on=scene.day(scene.dice.one(0, -10)),
        )
        yield Move(case, command, official("case_handler", scene.dice))


def appealed(scene: Scene, case: str, ref: str) -> Moves:
    """The appeal comes to nothing, or to a ruling."""
    handler, grant = official("case_handler", scene.dice), scene.of("grant", case)
    dismissed = RecordAppealDismissal(reference=ref, ruling=scene.name("arrest"), reasons=WHY)
    yield Move(case, dismissed, handler)
    if grant.reference and scene.dice.often(15):
        yield Move(case, RecordAnnulment(decision=grant.reference, ruling=scene.name("arrest"), reasons=WHY), handler)


def waive(scene: Scene, case: str, _ref: str = "") -> Moves:
    """The applicant does not want it any more."""
    if scene.dice.often(15):
        yield Move(case, WaiveAward(reason=words("Wij zien ervan af.")), scene.applicant(case))


def nothing(_scene: Scene, _case: str, _ref: str) -> Moves:
    """It waits for what others do, or for a day."""
    yield from ()


WORK: Work = {
    "inspectorate_advice": advise,
    "budget_agreement": agree,
    "place_on_agenda": place,
    "record_decision": decide,
    "revise_proposal": revise,
    "await_decision": nothing,
    "await_reserve": wait_on_reserve,
    "decide_anew": anew,
    "await_appeal": appealed,
    "await_suspension": suspended,
    "mend_reservation": mend_money,
    "mend_commitment": mend_money,
    "draft_contract": nothing,
    "open_call": nothing,
    "close_call": nothing,
}
OF_CASE: Work = {one.__name__: one for one in (replace, undo, appeal, waive)}
BESIDES: Besides = (envelopes, proposals)
