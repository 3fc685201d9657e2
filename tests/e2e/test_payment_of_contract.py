"""What becomes of a contract becomes of its money: suspended, resumed, ended early, the rest back in the envelope."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from events import codec
from projections.budget_consumption.check import differences
from projections.budget_consumption.evolve import BUDGET
from projections.past import refold
from services.story.player import Unexpected, play
from services.story.script import Script, Step
from tests import comparing
from tests.e2e.test_payment_unhappy import HAM, IBANS, LO, WHY, Acting
from tests.e2e.test_second_call import DATA, REQUESTED, TERMS, apply, decide, judge, pay, report
from tests.simulation.world import World


def steps() -> list[Step]:
    scene = Script(DATA)
    scene.at("2023-02-01T09:00:00")
    scene.send(scene.official("case_handler", "h"), f"intake/call/{scene.call}", "publish-call", terms=TERMS)
    for key in REQUESTED:
        apply(scene, key)
    judge(scene)
    decide(scene)
    lo, ham = Acting(scene, LO), Acting(scene, HAM)
    suspended(lo)
    ended(ham)
    return scene.steps


def contract(act: Acting, command: str, **body: object) -> None:
    act.send(act.by["case_handler"], f"decision/contract/{act.case}", command, False, **body)


def suspended(act: Acting) -> None:
    """Nothing is ordered while the contract is suspended."""
    act.at("2023-10-02T10:00:00")
    act.confirm(IBANS[0])
    start = {"case": act.case, "tranche": "start"}
    act.on("claim", "start", "applicant", "submit-claim", **start)
    act.on("claim", "start", "payment_approver", "approve-claim")
    contract(act, "suspend-contract", ground="inquiry", reason=WHY)
    act.on("payment-order", "start/1", "budget_officer", "order-payment", no=True, attempt=1, **start)
    contract(act, "resume-contract", reason=WHY)
    act.order("start", 1)
    contract(act, "suspend-contract", ground="inquiry", reason=WHY)
    act.on("payment-order", "start/1", "payment_releaser", "release-payment-file", no=True)
    contract(act, "resume-contract", reason=WHY)
    act.release("start", 1)
    act.bank("start", 1, "confirm-execution", valueDate="2023-10-03")


def ended(act: Acting) -> None:
    """An early end: the running report, the final account, and what is not owed returns."""
    act.at("2023-10-04T10:00:00")
    act.confirm(IBANS[0])
    pay(act.scene, act.key, "start")
    act.at("2024-02-01T10:00:00")
    contract(act, "terminate-contract", ground="by_agreement", reference="Brief 1", reason=WHY)
    report(act.scene, act.key, "progress")
    act.account("budget_officer", "settle-final-account")
    ruled(act)
    pay(act.scene, act.key, "balance")
    act.account("budget_officer", "close-account")


def ruled(act: Acting) -> None:
    """The court suspends the award when no contract runs any more: its balance waits until that is lifted."""
    ruling = {"decision": "VR 1", "ruling": "RvS 1", "reasons": WHY}
    grant, handler = f"decision/grant/{act.case}", act.by["case_handler"]
    act.send(act.scene.official("government_secretary", "g"), grant, "record-suspension", False, by="court", **ruling)
    balance = {"case": act.case, "tranche": "balance", "attempt": 1}
    act.on("payment-order", "balance/1", "budget_officer", "order-payment", no=True, **balance)
    act.send(handler, grant, "lift-suspension", False, **ruling)


async def test_a_suspended_contract_pays_nothing_and_an_ended_one_is_settled_and_gives_back() -> None:
    world = World(0)
    await world.begin()

    async def send(step: Step) -> bool:
        if not step.refused:
            return await world.send(step)
        with pytest.raises(Unexpected, match="contract_suspended"):
            await world.send(replace(step, refused=False))
        return False

    await play(steps(), world, send, now=world.clock.now)
    await world.advance("2024-06-01T00:00:00.000000Z")
    log = await comparing.whole_log(world.store)
    told = Counter(one.type for one in log)
    assert (told["AccountSuspended"], told["AccountResumed"], told["AccountTerminated"]) == (3, 3, 1)
    assert told["PaymentExecuted"] == 3
    events = [codec.read(one) for one in log]
    rows = refold(BUDGET, events)
    assert differences(rows.values(), await world.store.balances()) == []
    call = next(row for row in rows.values() if row.scope == "call")
    # Half of the costs were made: half of the award of 240,000 is owed, and the other half is free again.
    assert call.decommitted_cents == 12_000_000
    assert call.available_cents == TERMS["envelopeCents"] - sum(REQUESTED.values()) + 12_000_000
