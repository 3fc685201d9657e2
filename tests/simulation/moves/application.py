"""Applications and their assessment: drafts, supplements, withdrawals, questions, checks, conclusions."""

from __future__ import annotations

from typing import Any

from events.times import deadline
from events.vocabulary import Attachment, BudgetLine, FinancingLine, Party, Period
from services.eligibility.commands import (
    ConcludeAdmissibility,
    ConcludeEligibility,
    GrantDerogation,
    RecordCheck,
    RecordClarification,
    RequestClarification,
    ReviseAssessment,
)
from services.intake.commands import (
    CancelCall,
    CorrectCallDeadline,
    ExtendCallDeadline,
    GrantIndividualExtension,
    RecordApplicantSuccession,
    RegisterLateSubmission,
    ReopenApplication,
    RequestCompletion,
    SaveDraftStep,
    StartDraft,
    StoreAttachment,
    SubmitApplication,
    SupplyCompletion,
    WithdrawApplication,
)
from services.story.script import ident
from tests.simulation.actors import AUTHORITIES, KBO, PLACES, authority, official, partners, service, words
from tests.simulation.calls import CALLS
from tests.simulation.moves.table import Besides, Moves, Work
from tests.simulation.sight import Move, Scene

MOST_CASES = 12
DIGEST = "ab" * 32
SUCCESSOR = Party(ovo="OVO900590", kbo=KBO, name="Fusiegemeente", nis="99190")


def money(scene: Scene, call: str) -> dict[str, Any]:
    """A budget and its financing, mostly within the terms of the call, sometimes a cent or a share beside them."""
    terms = scene.of("call", call).terms
    asked = scene.dice.one(
        terms.cap_cents, terms.cap_cents // 2, terms.cap_cents // 4, scene.dice.cents(terms.cap_cents)
    )
    own = asked // 4 + scene.dice.one(1, 1, 1, asked // 10, 0, -1)
    codes = [one.code for one in terms.cost_categories]
    limited = {one.category: one.max_share_bp for one in terms.share_limits}
    shares = {code: limited.get(code, 0) * asked // 10_000 for code in codes}
    shares[codes[0]] += asked - sum(shares.values())
    if scene.dice.often(5):
        shares[codes[0]], shares[codes[-1]] = shares[codes[-1]], shares[codes[0]]
    lines = [BudgetLine(category=code, amount_cents=cents, subsidy_cents=cents) for code, cents in shares.items()]
    first = BudgetLine(category=codes[0], amount_cents=shares[codes[0]] + max(0, own), subsidy_cents=shares[codes[0]])
    means = [("subsidy", "Vlaamse Regering", asked), ("own", "Gemeente", max(0, own))]
    financing = [FinancingLine(source=source, party=who, amount_cents=cents) for source, who, cents in means]
    return {"requested_cents": asked, "budget": [first, *lines[1:]], "financing": financing}


def start(scene: Scene) -> Moves:
    """Another application, while there are few."""
    cases = scene.sight.all("application")
    if len(cases) >= MOST_CASES:
        return
    call = scene.dice.one(*CALLS)
    if scene.of("call", call).status not in ("open", "closed"):
        return
    party = scene.dice.one(*AUTHORITIES)
    command = StartDraft(call=call, applicant=party, neighbourhood=scene.dice.one(*PLACES))
    yield Move(ident("walk", "case", str(len(cases))), command, authority(party))


def submit(scene: Scene, case: str, _ref: str = "") -> Moves:
    """Hand it in; the form first, where there is one."""
    state = scene.of("application", case)
    terms = scene.of("call", state.call).terms
    person = ident("walk", "contact", case)
    saved = SaveDraftStep(form_version="1", step="garden", answers={"trees": 12, "gardener": "An"}, person=person)
    if terms.intake.form and not state.saved and scene.dice.often(80):
        yield Move(case, saved, scene.applicant(case))
    kinds = [one.code for one in terms.required_attachments]
    stored = {kind for kind, _ in state.stored}
    if terms.intake.attachments and not stored and scene.dice.often(80):
        yield from store(scene, case)
    given = kinds[1:] if scene.dice.often(10) else kinds
    term = terms.term
    end = scene.dice.one("2023-06-30", "2023-09-30", "2023-09-30", "2023-09-30", term.latest_end)
    command = SubmitApplication(
        project=f"Project {case[:4]}",
        summary=words("Een buurt."),
        contact_person=person,
        contact_name="Iemand",
        contact_email="iemand@buurt.example",
        contact_phone="+32 2 555 01 24",
        themes=[terms.themes[0].code],
        instruments=[terms.instruments[0].code],
        partners=partners(int(case[:2], 16) % 4),
        term=Period(start=term.earliest_start, end=end),
        attachments=[file(kind) for kind in given],
        form_version="1" if terms.intake.form else None,
        answers={"trees": 9} if terms.intake.form and scene.dice.often(70) else {},
        synthetic=True,
        **money(scene, state.call),
    )
    yield Move(case, command, scene.applicant(case))


def file(kind: str) -> Attachment:
    """A document, by its digest."""
    return Attachment(kind=kind, name=f"{kind}.pdf", sha256=DIGEST)


def store(scene: Scene, case: str, _ref: str = "") -> Moves:
    """The route of uploads says what it found."""
    command = StoreAttachment(
        organisation=scene.applicant(case).organisation,
        kind="planting_plan",
        name="plan.pdf",
        sha256=DIGEST if scene.dice.often(95) else "cd" * 32,
        size_bytes=10_000 if scene.dice.often(95) else 2_000_000,
        declared="application/pdf",
        found="application/pdf" if scene.dice.often(95) else "application/zip",
        flaw=None if scene.dice.often(95) else "damaged",
    )
    yield Move(case, command, service("intake"))


def items_of(scene: Scene, call: str) -> list[str]:
    """What can be asked for."""
    terms = scene.of("call", call).terms
    return [one.code for one in terms.required_attachments] + (["trees"] if terms.intake.form else [])


def supply(scene: Scene, case: str, _ref: str) -> Moves:
    """What was asked for, or a part of it."""
    missing = list(scene.of("application", case).missing)
    items = missing[:1] if scene.dice.often(30) else missing
    answers = {"trees": 7} if "trees" in items else {}
    files = [file(item) for item in items if item != "trees"]
    if "planting_plan" in items:
        yield from store(scene, case)
    if items:
        yield Move(case, SupplyCompletion(items=items, attachments=files, answers=answers), scene.applicant(case))


def judge_admissibility(scene: Scene, case: str, _ref: str) -> Moves:
    """Conclude; or ask, or judge, first."""
    yield Move(case, ConcludeAdmissibility(), official("case_handler", scene.dice))
    yield from question(scene, case)


def judge_eligibility(scene: Scene, case: str, _ref: str) -> Moves:
    """Judge what people judge, and conclude."""
    handler = official("case_handler", scene.dice)
    terms = scene.of("call", scene.call_of(case)).terms
    checks = [one.code for one in terms.eligibility.human_checks]
    judged = scene.of("assessment", case).judged
    if any(code not in judged for code in checks):
        outcome = scene.dice.one("pass", "pass", "pass", "fail")
        yield Move(case, RecordCheck(check=checks[0], outcome=outcome, reasons=words("Gezien."), evidence=[]), handler)
    failed = [one.rule for one in scene.of("assessment", case).checks.values() if one.outcome == "fail"]
    if failed and scene.dice.often(60):
        yield from question(scene, case)
    yield Move(case, ConcludeEligibility(), handler)
    yield from derogation(scene, case)


def _under_examination(scene: Scene, case: str) -> bool:
    return scene.of("assessment", case).status in ("open", "admissible") or scene.dice.often(5)


def question(scene: Scene, case: str, _ref: str = "") -> Moves:
    """Ask the applicant."""
    if not _under_examination(scene, case):
        return
    checks = scene.of("assessment", case).checks
    failed = [one.rule for one in checks.values() if one.outcome == "fail"] or ["E3"]
    command = RequestClarification(rules=[scene.dice.one(*failed)], question=words("Hoe zit dat?"))
    yield Move(case, command, official("case_handler", scene.dice))


def derogation(scene: Scene, case: str, _ref: str = "") -> Moves:
    """Set a check aside."""
    if not _under_examination(scene, case):
        return
    basis = "Synthetisch reglement, art. 9"
    command = GrantDerogation(
        check=scene.dice.one("E4", "E2", "E3", "E1", "open_to_all"), legal_basis=basis, reasons=words("Toch.")
    )
    yield Move(case, command, official("case_handler", scene.dice))


def answer(scene: Scene, case: str, _ref: str) -> Moves:
    """Answer, with other figures."""
    figures = money(scene, scene.call_of(case))
    by = scene.dice.one(scene.applicant(case), official("case_handler"))
    yield Move(case, RecordClarification(answer=words("Zo."), synthetic=True, **figures), by)


def revise(scene: Scene, case: str, _ref: str = "") -> Moves:
    """Open a conclusion against the applicant again."""
    if scene.of("assessment", case).status not in ("inadmissible", "ineligible"):
        return
    command = ReviseAssessment(reference=scene.name("Nieuw feit"), reasons=words("Er is iets gebleken."))
    yield Move(case, command, official("case_handler", scene.dice))


def look_again(scene: Scene, case: str, _ref: str = "") -> Moves:
    """A supplement came after the conclusion: revise it, or leave it at that."""
    if scene.dice.often(40):
        command = ReviseAssessment(reference=scene.name("Aanvulling"), reasons=words("Er is aangevuld."))
        yield Move(case, command, official("case_handler", scene.dice))


def ask_more(scene: Scene, case: str, _ref: str = "") -> Moves:
    """Ask for a supplement, or open the file again."""
    items = [scene.dice.one(*items_of(scene, scene.call_of(case)))]
    model = scene.dice.one(RequestCompletion, RequestCompletion, ReopenApplication)
    yield Move(case, model(items=items, reason=words("Dit ontbreekt.")), official("case_handler", scene.dice))


def withdraw(scene: Scene, case: str, _ref: str = "") -> Moves:
    """Take it back."""
    if scene.dice.often(10):
        yield Move(case, WithdrawApplication(reason=words("Toch niet.")), scene.applicant(case))


def take_in_late(scene: Scene, case: str, _ref: str = "") -> Moves:
    """A late one counts after all."""
    yield Move(case, RegisterLateSubmission(), official("case_handler", scene.dice))


def succeed(scene: Scene, case: str, _ref: str = "") -> Moves:
    """The applicant merges into another authority."""
    command = RecordApplicantSuccession(
        successor=SUCCESSOR, merged=[], effective_on=scene.day(scene.dice.one(0, -1, 1)), reason=words("Fusie.")
    )
    if scene.dice.often(20):
        yield Move(case, command, official("case_handler", scene.dice))


def deadlines(scene: Scene) -> Moves:
    """Move a closing moment."""
    call = scene.dice.one(*CALLS)
    later = deadline(f"{scene.day(scene.dice.one(0, 1, 10))}T12:00:00")
    handler, reason = official("case_handler", scene.dice), words("Meer tijd.")
    who = [scene.dice.one(*AUTHORITIES).ovo]
    yield scene.dice.one(
        Move(call, ExtendCallDeadline(deadline=later, reason=reason), handler),
        Move(call, CorrectCallDeadline(deadline=later, reason=reason), handler),
        Move(call, GrantIndividualExtension(applicants=who, deadline=later, reason=reason), handler),
    )


def cancel(scene: Scene) -> Moves:
    """Give a call up; seldom, for it ends everything."""
    if scene.dice.often(1):
        yield Move(scene.dice.one(*CALLS), CancelCall(reason=words("Geen geld.")), official("admin"))


WORK: Work = {
    "submit_application": submit,
    "supply_completion": supply,
    "judge_admissibility": judge_admissibility,
    "judge_eligibility": judge_eligibility,
    "answer_clarification": answer,
    "review_supplement": look_again,
}
OF_CASE: Work = {
    one.__name__: one for one in (store, question, derogation, revise, ask_more, withdraw, take_in_late, succeed)
}
BESIDES: Besides = (start, start, start, deadlines, cancel)
