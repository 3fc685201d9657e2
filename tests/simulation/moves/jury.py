"""The jury: seats, interests, scores, deliberation, advice, the ranking."""

from __future__ import annotations

from typing import Any

from events.jury import Ballots, CriterionScore, Remark
from events.vocabulary import Text
from services.jury.commands import (
    AdoptAdvice,
    AppointMember,
    AssignApplication,
    ComposePanel,
    CorrectScore,
    DeclareInterests,
    DismissConflict,
    FixRanking,
    GivenReason,
    InviteReply,
    OpenDeliberation,
    RecordConflict,
    RecordConsensus,
    RecordReply,
    RecordResignation,
    RecordVote,
    RecuseMember,
    ReopenEvaluation,
    ReopenRanking,
    ReplaceMember,
    SubmitScore,
    UseCastingVote,
)
from tests.simulation.actors import AUTHORITIES, member, official, seats, words
from tests.simulation.calls import CALLS
from tests.simulation.moves.table import Besides, Moves, Work
from tests.simulation.sight import Move, Scene

TEXT = Text(nl="De jury ziet dit zo.", en="So the jury sees it.")
OUTCOMES = ("favourable", "favourable", "favourable", "favourable_with_conditions", "unfavourable")


def compose(scene: Scene, call: str, _ref: str) -> Moves:
    """Three members; now and then the secretary sits among them, or the chair outside."""
    chosen = scene.dice.random.sample(seats(call), scene.dice.one(3, 3, 3, 2))
    secretary = official("jury_secretary").person if scene.dice.often(85) else chosen[0].person
    command = ComposePanel(chair=chosen[-1].person, secretary=secretary, members=chosen)
    yield Move(call, command, official("admin", scene.dice))


def declare(scene: Scene, call: str, ref: str) -> Moves:
    """Declare interests: mostly none."""
    employer = {seat.person: seat.employer for seat in seats(call)}.get(ref, "")
    interest = [employer] if employer.startswith("OVO9005") else []
    command = DeclareInterests(member=ref, statement="Zo is het.", organisations=interest)
    yield Move(call, command, member(ref))


def declare_late(scene: Scene) -> Moves:
    """A member remembers an interest."""
    call = scene.dice.one(*CALLS)
    sits = sorted(scene.of("panel", call).members)
    if sits and scene.dice.often(30):
        who, of = scene.dice.one(*sits), scene.dice.one(*AUTHORITIES).ovo
        command = DeclareInterests(member=who, statement="Toch iets.", organisations=[of])
        yield Move(call, command, member(scene.dice.one(who, who, *sits)))


def appoint(scene: Scene, call: str, _ref: str) -> Moves:
    """Fill a free seat."""
    panel = scene.of("panel", call)
    free = [seat for seat in seats(call) if seat.person not in panel.members]
    chair = None if panel.chair in panel.members else scene.dice.one(*sorted(panel.members), free[0].person)
    yield Move(call, AppointMember(member=scene.dice.one(*free), chair=chair), official("admin", scene.dice))


def change_seats(scene: Scene) -> Moves:
    """Somebody leaves, or gives a seat to another."""
    call = scene.dice.one(*CALLS)
    panel = scene.of("panel", call)
    sits = sorted(panel.members)
    if not sits or scene.dice.often(60):
        return
    leaving = scene.dice.one(*sits)
    newcomer = scene.dice.one(*seats(call))
    chair = newcomer.person if leaving == panel.chair else None
    yield scene.dice.one(
        Move(call, RecordResignation(member=leaving, reason="Weg."), member(leaving)),
        Move(call, ReplaceMember(leaving=leaving, member=newcomer, chair=chair), official("admin", scene.dice)),
    )


def free_of(scene: Scene, case: str) -> list[str]:
    """Members of whom nobody can see a conflict in this file."""
    call, file = scene.call_of(case), scene.of("evaluation", case)
    panel = scene.of("panel", call)
    admitted = panel.cases.get(case)
    avoid = {one.ovo for one in (admitted.applicant, *admitted.partners)} if admitted else set()
    return [
        person
        for person, seat in panel.members.items()
        if person not in file.recused
        and person not in file.conflicted
        and seat.employer not in avoid
        and not panel.interests.get(person, frozenset()) & avoid
    ]


def some(scene: Scene, case: str) -> list[str]:
    """Whom to assign or to seat: those who can, or just anybody."""
    everybody = list(scene.of("panel", scene.call_of(case)).members)
    return everybody if scene.dice.often(10) else free_of(scene, case)


def assign(scene: Scene, case: str, _ref: str = "") -> Moves:
    """Give the file to members."""
    members, call = some(scene, case), scene.call_of(case)
    if members:
        yield Move(case, AssignApplication(call=call, members=members), official("jury_secretary", scene.dice))
    yield from keep_out(scene, case)


def keep_out(scene: Scene, case: str, _ref: str = "") -> Moves:
    """A member is kept out of the file."""
    call = scene.call_of(case)
    sits = sorted(scene.of("panel", call).members)
    if not sits or scene.dice.often(60):
        return
    who, by = scene.dice.one(*sits), official("jury_secretary", scene.dice)
    yield scene.dice.one(
        Move(case, RecuseMember(call=call, member=who, ground="other"), by),
        Move(case, RecordConflict(call=call, member=who, ground="other", reason="Gezien."), by),
    )


def judge_conflict(scene: Scene, case: str, ref: str) -> Moves:
    """Say whether what was suggested is one."""
    call, by = scene.call_of(case), official("jury_secretary", scene.dice)
    grounds = [ground for who, ground in scene.of("evaluation", case).suggested if who == ref]
    ground = scene.dice.one(*(sorted(grounds) or ["employer_is_partner"]))
    yield scene.dice.one(
        Move(case, RecordConflict(call=call, member=ref, ground=ground), by),
        Move(case, DismissConflict(call=call, member=ref, ground=ground, reason="Geen."), by),
        Move(case, RecuseMember(call=call, member=ref, ground="other"), by),
    )


def points(scene: Scene, case: str) -> list[CriterionScore]:
    """Points within bounds, or just beyond."""
    terms = scene.of("panel", scene.call_of(case)).terms
    return [
        CriterionScore(criterion=one.code, points=scene.dice.one(one.max_points, one.max_points * 7 // 10))
        if scene.dice.often(95)
        else CriterionScore(criterion=one.code, points=one.max_points + 1)
        for one in terms.criteria
    ]


def score(scene: Scene, case: str, ref: str) -> Moves:
    """Give points; now and then somebody who may not tries."""
    sits = sorted(scene.of("panel", scene.call_of(case)).members)
    who = scene.dice.one(*sits) if sits and scene.dice.often(10) else ref
    yield Move(case, SubmitScore(scores=points(scene, case)), member(who))


def correct(scene: Scene, case: str, _ref: str = "") -> Moves:
    """Put points right."""
    given = sorted(scene.of("evaluation", case).scores)
    if given:
        command = CorrectScore(scores=points(scene, case), reason=words("Verteld."))
        yield Move(case, command, member(scene.dice.one(*given)))


def deliberate(scene: Scene, case: str, _ref: str = "") -> Moves:
    """Sit down together."""
    present = some(scene, case)
    if present:
        yield Move(case, OpenDeliberation(present=present), official("jury_secretary", scene.dice))


def presiding(scene: Scene, case: str) -> str:
    """Who presides over a file: the chair, or whoever is at the table in its stead; now and then somebody else."""
    chair, present = scene.of("panel", scene.call_of(case)).chair, scene.of("evaluation", case).present
    if present and (chair not in present or scene.dice.often(5)):
        return scene.dice.one(*present)
    return str(chair)


def conclude(scene: Scene, case: str, _ref: str) -> Moves:
    """Agree or vote, and then advise."""
    file, call = scene.of("evaluation", case), scene.call_of(case)
    panel = scene.of("panel", call)
    by = member(presiding(scene, case), "jury_chair")
    if file.status == "deliberating":
        count = len([one for one in file.present if one in panel.members])
        yield scene.dice.one(
            Move(case, RecordConsensus(outcome=scene.dice.one(*OUTCOMES)), by),
            Move(case, RecordVote(ballots=ballots(scene, count), abstentions=count % 2), official("jury_secretary")),
        )
        yield from deliberate(scene, case)
        yield from appoint_chair(scene, call)
    elif file.status == "agreed":
        yield from advise(scene, case)
    elif file.status == "assigned":
        yield from deliberate(scene, case)


def appoint_chair(scene: Scene, call: str) -> Moves:
    """Somebody present has to preside."""
    panel = scene.of("panel", call)
    if panel.chair not in panel.members:
        yield from appoint(scene, call, "")


def ballots(scene: Scene, present: int) -> list[Ballots]:
    """A majority, or a tie; an odd one abstains."""
    votes = present - present % 2
    if scene.dice.often(50):
        return [Ballots(outcome="favourable", votes=votes)]
    halves = [("favourable", votes // 2), ("unfavourable", votes // 2)]
    return [Ballots(outcome=outcome, votes=count) for outcome, count in halves]  # type: ignore[arg-type]


def advise(scene: Scene, case: str) -> Moves:
    """Send the advice first where the applicant may reply; then adopt it."""
    file, panel = scene.of("evaluation", case), scene.of("panel", scene.call_of(case))
    by = member(presiding(scene, case), "jury_chair")
    terms, requested = panel.terms, panel.cases[case].requested_cents
    good = file.outcome != "unfavourable"
    whole = min(requested, terms.cap_cents)
    proposed = (whole if scene.dice.often(70) else scene.dice.cents(whole)) if good else 0
    said: dict[str, Any] = {
        "outcome": file.outcome,
        "proposed_cents": proposed,
        "reasons": [GivenReason(criterion=one.code, reason=TEXT) for one in terms.criteria],
        "conditions": [TEXT] if file.outcome == "favourable_with_conditions" else [],
        "reduction": TEXT if proposed < requested else None,
    }
    if terms.jury.reply_days and file.reply == "none":
        yield Move(case, InviteReply(**said), by)
    if file.reply == "replied" and scene.dice.often(20):
        yield from deliberate(scene, case)
    yield Move(
        case, AdoptAdvice(report=words("Verslag."), answer=TEXT if file.reply == "replied" else None, **said), by
    )


def cast(scene: Scene, case: str, _ref: str) -> Moves:
    """The chair ends the tie."""
    outcome = scene.dice.one(*(scene.of("evaluation", case).tied or ("favourable",)))
    yield Move(case, UseCastingVote(outcome=outcome), member(presiding(scene, case), "jury_chair"))
    yield from deliberate(scene, case)


def reply(scene: Scene, case: str, _ref: str = "") -> Moves:
    """The applicant replies; or lets the term pass."""
    remarks = [Remark(criterion=None, text=words("Er staat een fout."))] if scene.dice.often(50) else []
    yield Move(case, RecordReply(remarks=remarks), scene.applicant(case))


def again(scene: Scene, case: str, _ref: str = "") -> Moves:
    """Judge a file again."""
    command = ReopenEvaluation(ground=scene.dice.one("late_conflict", "error"), reason=words("Opnieuw."))
    if scene.dice.often(30):
        yield Move(case, command, official("jury_secretary", scene.dice))


def rank(scene: Scene, call: str, _ref: str = "") -> Moves:
    """Fix the ranking; one that stands has to be opened first."""
    by = official("jury_secretary", scene.dice)
    if scene.of("ranking", call).fixed:
        yield Move(call, ReopenRanking(ground="error", reason=words("Een dossier kwam later.")), by)
    yield Move(call, FixRanking(), by)


def rank_again(scene: Scene) -> Moves:
    """Open it again."""
    if scene.dice.often(20):
        command = ReopenRanking(ground="error", reason=words("Een vergissing."))
        yield Move(scene.dice.one(*CALLS), command, official("jury_secretary", scene.dice))


def rank_for(scene: Scene, case: str, _ref: str) -> Moves:
    """A case that waits for the ranking: fix it, now and then."""
    if scene.dice.often(50):
        yield from rank(scene, scene.call_of(case))


WORK: Work = {
    "compose_panel": compose,
    "appoint_member": appoint,
    "declare_interests": declare,
    "assign_members": assign,
    "judge_conflict": judge_conflict,
    "submit_score": score,
    "open_deliberation": deliberate,
    "adopt_advice": conclude,
    "use_casting_vote": cast,
    "reply_to_advice": reply,
    "fix_ranking": rank,
    "reopen_ranking": rank,
    "await_ranking": rank_for,
}
OF_CASE: Work = {one.__name__: one for one in (assign, keep_out, correct, deliberate, reply, again)}
BESIDES: Besides = (declare_late, change_seats, rank_again)
