"""The ranking: every file before the jury exactly once, by score and the declared tie rule."""

from __future__ import annotations

from events.catalog import stream_name
from events.jury import AdviceAdopted, PanelTermsAdopted, RankingFixed
from services.deciding import Context, Decision, accept
from services.jury.ranking import Candidate, ranked
from services.jury.rules import J7, refused, refused_as
from services.jury.state import Panel, Ranking
from services.rulebook import check


def decide_ranking(state: Ranking, context: Context) -> Decision:
    """Rank what the jury advised on; once fixed, a ranking is never made again."""
    panel: Panel = context.states[stream_name("panel", context.id)]
    if state.fixed is not None:
        return accept()
    if panel.terms is None:
        return refused_as(J7, "nothing_to_rank")
    advice = _advice(panel, context)
    candidates = [_candidate(panel, one) for one in advice.values()]
    tie_rule = panel.terms.jury.tie_rule
    entries = ranked(candidates, tie_rule)
    inputs = {
        "before_jury": list(panel.before_jury()),
        "without_advice": [case for case in panel.before_jury() if case not in advice],
        "ranked": [entry.case for entry in entries],
    }
    sources = [context.source(stream_name("evaluation", case), AdviceAdopted) for case in advice]
    terms = context.source(stream_name("panel", context.id), PanelTermsAdopted)
    complete = check(J7, {"tie_rule": tie_rule}, inputs, [terms, *sources])
    if complete.outcome == "fail":
        return refused(complete)
    fact = RankingFixed(call=context.id, entries=entries, tie_rule=tie_rule, checks=[complete])
    return accept(fact, rules=panel.rules)


def _advice(panel: Panel, context: Context) -> dict[str, AdviceAdopted]:
    found = {case: context.states[stream_name("evaluation", case)].advice for case in panel.before_jury()}
    return {case: advice for case, advice in found.items() if advice is not None}


def _candidate(panel: Panel, advice: AdviceAdopted) -> Candidate:
    admitted = panel.cases[advice.case]
    return Candidate(
        case=advice.case,
        applicant=admitted.applicant,
        outcome=advice.outcome,
        score_bp=advice.score_bp,
        proposed_cents=advice.proposed_cents,
        requested_cents=admitted.requested_cents,
        submitted=admitted.submission.position,
        synthetic=admitted.synthetic,
    )
