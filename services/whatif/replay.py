"""The facts of a call under some terms, through the very rules and the very ranking that the services use.

What people did stays as it was: their answers, their points, their advice, what they set aside. Only what follows from
the terms is worked out again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from events.decision import ProposalItem
from events.eligibility import CriteriaAdopted
from events.intake import CallPublished, Criterion, Terms
from events.jury import AdviceAdopted, AdviceOutcome, CriterionScore
from events.vocabulary import Check, Source
from services.decision.ranking import proposed
from services.eligibility.reactions import REACTIONS
from services.eligibility.rules import FORMAL, LOOKED_UP, MANDATORY, checks_of, mandatory_of
from services.intake.rules import IN_TIME
from services.jury.ranking import Candidate, ranked, weighted_score
from services.jury.rules import RULES as JURY_RULES
from services.rulebook import check
from services.whatif.facts import File, KnownCall

BOUND = next(one for one in reversed(JURY_RULES) if one.id == "J8")
"""What bounds an advice, in its latest version."""

Status: TypeAlias = Literal[
    "withdrawn",
    "late",
    "inadmissible",
    "ineligible",
    "not_judged",
    "not_scored",
    "unfavourable",
    "not_funded",
    "funded_in_part",
    "funded",
]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a file comes out: its place and amount where it has them, and each rule that was put to it, by name.

    `not_judged`: a human check is missing; `not_scored`: the jury gave no points, or none on these criteria.
    """

    status: Status
    checks: Mapping[str, Check]
    amount_cents: int = 0
    advised_cents: int = 0
    rank: int | None = None
    score_bp: int | None = None
    left_before_cents: int | None = None


def replayed(call: KnownCall, terms: Terms) -> dict[str, Outcome]:
    """Every file under these terms."""
    criteria = criteria_under(call.id, terms)
    found = {case: _before_jury(file, call, criteria, terms) for case, file in call.files.items()}
    heard = {case: _advised(call.files[case], call, terms) for case, one in found.items() if one.status == "funded"}
    advised = {case: one for case, one in heard.items() if one is not None}
    entries = ranked([_candidate(call.files[case], one) for case, one in advised.items()], terms.jury.tie_rule)
    items = proposed(entries, terms.envelope_cents + call.added_cents, terms.jury.partial_fit)
    found |= {case: Outcome("not_scored", found[case].checks) for case, one in heard.items() if one is None}
    return found | {item.case: _placed(item, advised[item.case], found[item.case].checks) for item in items}


_STATUS: Mapping[str, Status] = {
    "fits": "funded",
    "fits_in_part": "funded_in_part",
    "envelope_exhausted": "not_funded",
    "unfavourable_advice": "unfavourable",
}


def _placed(item: ProposalItem, advised: _Advised, checks: Mapping[str, Check]) -> Outcome:
    return Outcome(
        status=_STATUS[item.code],
        checks={**checks, BOUND.id: advised.bound},
        amount_cents=item.proposed_cents,
        advised_cents=item.advised_cents,
        rank=item.rank,
        score_bp=item.score_bp,
        left_before_cents=item.left_before_cents,
    )


def criteria_under(call: str, terms: Terms) -> CriteriaAdopted:
    """The criteria that eligibility would adopt from these terms, by its own reaction."""
    nowhere = Source(event_id=call, position=0)
    (react,) = [one.react for one in REACTIONS if one.on is CallPublished]
    (issue,) = react(CallPublished(call=call, terms=terms), nowhere, None)
    adopt = issue.command
    fields = {name: getattr(adopt, name) for name in CriteriaAdopted.__struct_fields__ if name != "call"}
    return CriteriaAdopted(call=call, **fields)


def _before_jury(file: File, call: KnownCall, criteria: CriteriaAdopted, terms: Terms) -> Outcome:
    """Up to eligibility; who gets past it stands as funded until the jury is heard."""
    in_time = _in_time(file, call, terms)
    checks: dict[str, Check] = {"I1": in_time}
    if file.withdrawn:
        return Outcome("withdrawn", checks)
    if in_time.outcome == "fail":
        return Outcome("late", checks)
    checks |= _eligibility(file, criteria)
    human = criteria.eligibility.human_checks
    formal = {*FORMAL, *(one.code for one in human if one.stage == "admissibility")}
    failed = {
        name for name, one in checks.items() if one.outcome == "fail" and not _set_aside(file, name, one, criteria)
    }
    if failed & formal:
        return Outcome("inadmissible", checks)
    if failed:
        return Outcome("ineligible", checks)
    needed = {*mandatory_of(criteria), *(one.code for one in human if one.mandatory)}
    return Outcome("not_judged" if needed - set(checks) else "funded", checks)


def _in_time(file: File, call: KnownCall, terms: Terms) -> Check:
    """A deadline that an act moved for this file stays moved; one that was the terms' is now these terms'."""
    held = file.deadline if file.deadline.utc != call.terms.deadline.utc else terms.deadline
    held = max(held, terms.deadline, key=lambda one: one.utc)
    params = {"deadline": held.local, "zone": held.zone, "deadline_utc": held.utc}
    return check(IN_TIME, params, {"submitted_at": file.submitted}, [file.dossier.source])


def _eligibility(file: File, criteria: CriteriaAdopted) -> dict[str, Check]:
    made = {one.rule: one for one in checks_of(MANDATORY, criteria, file.dossier)}
    # What only the register could tell stands as it was found then.
    made |= {rule: file.assessment.checks[rule] for rule in LOOKED_UP if rule in file.assessment.checks}
    wanted = {one.code for one in criteria.eligibility.human_checks}
    made |= {code: one.check for code, one in file.assessment.judged.items() if code in wanted}
    keep = {*mandatory_of(criteria), *wanted}
    return {name: one for name, one in made.items() if name in keep}


def _set_aside(file: File, name: str, made: Check, criteria: CriteriaAdopted) -> bool:
    """A derogation holds while the terms allow it and the check fails as it did."""
    granted = file.assessment.derogations.get(name)
    allowed = {(one.check, one.legal_basis) for one in criteria.eligibility.derogations}
    return granted is not None and (name, granted.legal_basis) in allowed and granted.set_aside.inputs == made.inputs


@dataclass(frozen=True, slots=True)
class _Advised:
    """What the jury's advice comes to: outcome, the rule that bounds it (J8), amount, score."""

    outcome: AdviceOutcome
    bound: Check
    cents: int
    score_bp: int


def _advised(file: File, call: KnownCall, terms: Terms) -> _Advised | None:
    advice = file.evaluation.advice
    score_bp = _score(file, terms.criteria)
    if advice is None or score_bp is None:
        return None
    outcome, amount = advice.outcome, advice.proposed_cents
    # The threshold left the jury no choice then: where these terms leave it one, the file counts as favourable.
    if outcome == "unfavourable" and advice.score_bp < call.terms.jury.threshold_bp:
        outcome, amount = "favourable", file.dossier.requested_cents
    amount = 0 if outcome == "unfavourable" else min(amount, file.dossier.requested_cents, terms.cap_cents)
    made = _threshold(file, advice, terms, outcome, amount, score_bp)
    if made.code == "below_threshold":
        outcome, amount = "unfavourable", 0
    return _Advised(outcome, made, amount, score_bp)


def _threshold(file: File, advice: AdviceAdopted, terms: Terms, outcome: str, amount: int, score_bp: int) -> Check:
    limits = {"cap_cents": terms.cap_cents, "threshold_bp": terms.jury.threshold_bp}
    inputs = {
        "outcome": outcome,
        "proposed_cents": amount,
        "requested_cents": file.dossier.requested_cents,
        "score_bp": score_bp,
        "conditions": len(advice.conditions),
        # What the rule asks of an amount below the request was asked when the advice was adopted.
        "cooperation": len(advice.cooperation),
        "reduction_reasoned": amount < file.dossier.requested_cents,
    }
    return check(BOUND, limits, inputs, [file.dossier.source])


def _score(file: File, criteria: Iterable[Criterion]) -> int | None:
    """The weighted score on these criteria; None where points are missing or beyond the maximum."""
    wanted = {one.code: one.max_points for one in criteria}
    given = file.evaluation.scores
    scores = {member: given[member] for member in file.evaluation.assigned if member in given}
    if not scores or not all(_covers(points, wanted) for points in scores.values()):
        return None
    return weighted_score(list(criteria), scores)


def _covers(given: Iterable[CriterionScore], wanted: Mapping[str, int]) -> bool:
    points = {one.criterion: one.points for one in given}
    return all(code in points and points[code] <= most for code, most in wanted.items())


def _candidate(file: File, advised: _Advised) -> Candidate:
    return Candidate(
        case=file.case,
        applicant=file.dossier.applicant,
        outcome=advised.outcome,
        score_bp=advised.score_bp,
        proposed_cents=advised.cents,
        requested_cents=file.dossier.requested_cents,
        submitted=file.dossier.source.position,
        synthetic=file.dossier.synthetic,
    )
