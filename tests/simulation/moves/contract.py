"""The contract: pledges, actions, amendments, and how it is held up or ends."""

from __future__ import annotations

from typing import Any

from events.decision import Action, Amendment, Indicator
from events.vocabulary import BudgetLine, Partner, Party, Period
from services.decision.commands import (
    ActivateContract,
    ApproveAmendment,
    DiscontinueAction,
    ExtendTerm,
    PlanAction,
    ProposeAmendment,
    RecordBeneficiarySuccession,
    RecordIndicator,
    RecordPartnerLeft,
    RefuseAmendment,
    RefusePledge,
    ResumeContract,
    ShiftBudget,
    SignPledge,
    SuspendContract,
    TerminateContract,
    WithdrawAmendment,
)
from services.story.script import ident
from tests.simulation.actors import KBO, official, partner, partners, words
from tests.simulation.moves.application import SUCCESSOR, file
from tests.simulation.moves.table import Moves, Work
from tests.simulation.sight import Move, Scene

WHY = words("Zo is het afgesproken.")
UNCHANGED: dict[str, Any] = {
    "amount_cents": None,
    "budget": [],
    "end": None,
    "joining": [],
    "leaving": [],
    "actions": [],
}


def sign(scene: Scene, case: str, ref: str) -> Moves:
    """The partner signs, or the applicant hands its pledge in; now and then it refuses."""
    party = _partner(scene, case, ref)
    by = scene.dice.one(partner(party), partner(party), scene.applicant(case)) if party else scene.applicant(case)
    if scene.dice.often(8):
        yield Move(case, RefusePledge(partner=ref, reason=WHY), by)
    yield Move(case, SignPledge(partner=ref, signatory=ident("walk", "signs", case, ref), name="Tekent"), by)


def _partner(scene: Scene, case: str, code: str) -> Party | None:
    rows: tuple[Partner, ...] = scene.of("contract", case).partners
    return next((one.organisation for one in rows if one.partner == code), None)


def activate(scene: Scene, case: str, _ref: str) -> Moves:
    """An official asks whether it is in force; the timer does so too."""
    if scene.dice.often(30):
        yield Move(case, ActivateContract(), official("case_handler", scene.dice))


def replace_partner(scene: Scene, case: str, ref: str) -> Moves:
    """Let it go, or take another in its place."""
    another = [one for one in partners(scene.step % 90) if one.level == "local"]
    changes = scene.dice.one({"leaving": [ref]}, {"joining": [_as(one, ref) for one in another]})
    yield _proposed(scene, case, **changes)
    carried = scene.of("contract", case).carried_by(ref)
    if carried and scene.dice.often(50):
        yield Move(case, DiscontinueAction(action=carried[0], reason=WHY), scene.applicant(case))


def _as(one: Partner, code: str) -> Partner:
    party = Party(ovo=one.organisation.ovo, kbo=KBO, name=one.organisation.name)
    return Partner(partner=code, organisation=party, level=one.level, pledge=one.pledge, mandatory=one.mandatory)


def _proposed(scene: Scene, case: str, **changes: Any) -> Move:
    by = scene.dice.one(scene.applicant(case), scene.applicant(case), official("case_handler", scene.dice))
    return Move(case, ProposeAmendment(changes=Amendment(**{**UNCHANGED, **changes}), reason=WHY), by)


def amend(scene: Scene, case: str, _ref: str = "") -> Moves:
    """Ask for a change: less money, a longer term, another action."""
    contract = scene.of("contract", case)
    if contract.term is None:
        return
    amount = scene.dice.cents(contract.award_cents)
    yield scene.dice.one(
        _proposed(scene, case, amount_cents=amount, budget=_cut(contract.budget, amount)),
        _proposed(scene, case, end=scene.dice.one("2024-12-31", "2025-12-31", contract.term.end)),
        _proposed(scene, case, actions=[_action(scene, contract)]),
    )


def _cut(budget: tuple[BudgetLine, ...], amount: int) -> list[BudgetLine]:
    """A budget of this subsidy in the same shares; the first line carries what rounding leaves."""
    whole = sum(line.subsidy_cents for line in budget) or 1
    lines = [
        (line.category, line.amount_cents * amount // whole, line.subsidy_cents * amount // whole) for line in budget
    ]
    rest = amount - sum(subsidy for _, _, subsidy in lines)
    first, *others = lines
    return [
        BudgetLine(category=code, amount_cents=cost, subsidy_cents=subsidy)
        for code, cost, subsidy in [(first[0], first[1] + rest, first[2] + rest), *others]
    ]


def _action(scene: Scene, contract: Any) -> Action:
    line = contract.budget[0]
    return Action(
        action=scene.dice.one("square", "market", "garden"),
        title=words("Een plein."),
        owner=scene.dice.one(None, *(one.partner for one in contract.partners)),
        period=Period(start=contract.term.start, end=contract.term.end),
        budget=[BudgetLine(category=line.category, amount_cents=scene.dice.cents(line.amount_cents), subsidy_cents=0)],
        indicators=[Indicator(indicator="visits", definition=words("Bezoek."), unit="personen", baseline=0, target=90)],
    )


def answer_amendment(scene: Scene, case: str, ref: str) -> Moves:
    """Approve, refuse, or take back."""
    number, handler = int(ref), official("case_handler", scene.dice)
    roll = scene.dice.random.randrange(10)
    if roll < 7:
        yield Move(case, ApproveAmendment(amendment=number), handler)
    elif roll < 9:
        yield Move(case, RefuseAmendment(amendment=number, reason=WHY), handler)
    yield Move(case, WithdrawAmendment(amendment=number, reason=WHY), scene.applicant(case))


def review(scene: Scene, case: str, _ref: str) -> Moves:
    """Lift the suspension; seldom end the contract."""
    handler = official("case_handler", scene.dice)
    if scene.dice.often(85):
        yield Move(case, ResumeContract(reason=WHY), handler)
    else:
        yield Move(case, _end(scene, "not_performed"), handler)


def _end(scene: Scene, ground: Any) -> TerminateContract:
    return TerminateContract(ground=ground, reference=scene.name("besluit"), reason=WHY)


def run(scene: Scene, case: str, _ref: str = "") -> Moves:
    """Plan, measure, shift, stop."""
    contract = scene.of("contract", case)
    if contract.term is None or scene.dice.often(30):
        return
    by, codes = scene.applicant(case), [line.category for line in contract.budget]
    moves = [Move(case, PlanAction(action=_action(scene, contract)), by)]
    if len(codes) > 1:
        first, second = scene.dice.random.sample(codes, 2)
        cents = scene.dice.cents(contract.budget[0].subsidy_cents or 1)
        moves.append(
            Move(case, ShiftBudget(from_category=first, to_category=second, amount_cents=cents, reason=WHY), by)
        )
    for code in contract.actions:
        moves.append(Move(case, DiscontinueAction(action=code, reason=WHY), by))
        moves.append(Move(case, _measured(scene, code), by))
        moves.append(Move(case, _measured(scene, code), scene.dice.one(by, official("case_handler"))))
    yield scene.dice.one(*moves)


def _measured(scene: Scene, code: str) -> RecordIndicator:
    return RecordIndicator(
        action=code,
        indicator="visits",
        measured_on=scene.day(scene.dice.one(0, -1, 1)),
        value=scene.dice.one(-1, 45, 90, 200),
        evidence=[file("count")],
    )


def lose_partner(scene: Scene, case: str, _ref: str = "") -> Moves:
    """A partner leaves."""
    rows = scene.of("contract", case).partners
    if rows and scene.dice.often(30):
        one = scene.dice.one(*rows)
        yield Move(case, RecordPartnerLeft(partner=one.partner, reason=WHY), partner(one.organisation))


def sign_late(scene: Scene, case: str, _ref: str = "") -> Moves:
    """One who need not sign signs too."""
    rows = scene.of("contract", case).partners
    if rows:
        yield from sign(scene, case, scene.dice.one(*rows).partner)


def hold_up(scene: Scene, case: str, _ref: str = "") -> Moves:
    """Suspend it; now and then let it run longer, or end it."""
    handler, roll = official("case_handler", scene.dice), scene.dice.random.randrange(20)
    if roll < 7:
        command = SuspendContract(ground="inquiry", reason=WHY, review_on=scene.dice.one(None, scene.day(30)))
        yield Move(case, command, handler)
    elif roll < 14:
        end = scene.dice.one("2024-12-31", "2025-12-31", "2027-12-31")
        yield Move(case, ExtendTerm(end=end, reference=scene.name("VR verlenging"), reason=WHY), handler)
    elif roll == 14:
        yield Move(case, _end(scene, "by_agreement"), handler)


def succeed(scene: Scene, case: str, _ref: str = "") -> Moves:
    """The beneficiary merges into another authority."""
    if scene.dice.often(40):
        command = RecordBeneficiarySuccession(
            successor=SUCCESSOR, merged=[], effective_on=scene.day(scene.dice.one(0, -2, 2)), basis="Fusie"
        )
        yield Move(case, command, official("case_handler", scene.dice))


WORK: Work = {
    "sign_pledge": sign,
    "activate_contract": activate,
    "replace_partner": replace_partner,
    "approve_amendment": answer_amendment,
    "review_suspension": review,
    "run_contract": run,
}
OF_CASE: Work = {one.__name__: one for one in (amend, run, lose_partner, sign_late, hold_up)} | {"pass_on": succeed}
