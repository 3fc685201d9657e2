"""The ranking: every file before the jury exactly once, by score and the declared tie rule; and when it reopens."""

from __future__ import annotations

from typing import assert_never

from events.catalog import stream_name
from events.jury import AdviceAdopted, PanelTermsAdopted, RankingFixed, RankingReopened
from services.deciding import Context, Decision, accept
from services.jury.commands import ApplyEnvelopeChange, FixRanking, RankingCommand, ReopenRanking
from services.jury.ranking import Candidate, ranked
from services.jury.rules import refused, refused_as
from services.jury.rules.deliberation import J7
from services.jury.state import Panel, Ranking
from services.rulebook import check


def decide_ranking(state: Ranking, command: RankingCommand, context: Context) -> Decision:
    """What follows from a command about the ranking."""
    panel: Panel = context.states[stream_name("panel", context.id)]
    match command:
        case FixRanking():
            return accept() if state.fixed is not None else _fix(panel, context)
        case ReopenRanking():
            return _reopen(state, command, panel, context)
        case ApplyEnvelopeChange(source=source):
            # Before there is a ranking, and while it is open, the jury looks at the envelope as it then is.
            reopened = RankingReopened(
                call=context.id, ordinal=state.times, ground="envelope_changed", reason=None, source=source
            )
            return accept() if state.fixed is None else accept(reopened, rules=panel.rules)
        case _:
            assert_never(command)


def _reopen(state: Ranking, command: ReopenRanking, panel: Panel, context: Context) -> Decision:
    reopened = RankingReopened(
        call=context.id, ordinal=state.times, ground=command.ground, reason=command.reason, source=None
    )
    if state.fixed is not None:
        return accept(reopened, rules=panel.rules)
    return accept() if state.reopened == reopened else refused_as(J7, "not_fixed")


def _fix(panel: Panel, context: Context) -> Decision:
    """Rank what the jury advised on; while it is fixed, a ranking is not made again."""
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
