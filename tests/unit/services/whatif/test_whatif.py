"""One term changed at a time: who comes out otherwise, and the rule that says why."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from events.decision import EnvelopeIncreased, EnvelopeSet
from events.intake import CallDeadlineExtended, Terms
from events.times import deadline
from events.vocabulary import Source
from services.whatif.facts import UnknownCall, known
from services.whatif.moves import Report, compared, total
from services.whatif.replay import Outcome, replayed
from tests.unit.services.eligibility.examples import human, in_dutch
from tests.unit.services.intake.examples import CALL, TERMS
from tests.unit.services.whatif.calls import AFTER, LATER, NOISE, Log, asking, case, eligibility, terms

MILLION = 100_000_000


def under(log: Log, other: Terms) -> Report:
    return compared(log.known(), other)


def outcome(log: Log, name: str, other: Terms | None = None) -> Outcome:
    call = log.known()
    return replayed(call, other or call.terms)[case(name)]


def why(report: Report, name: str) -> list[tuple[str, str]]:
    (move,) = [one for one in report.moves if one.file.case == case(name)]
    return [(one.rule, one.code) for one in move.why]


def envelope(log: Log, cents: int, more: int = 0) -> Log:
    """The envelope was set, and perhaps raised."""
    fields: dict[str, Any] = {name: getattr(TERMS, name, None) for name in EnvelopeSet.__struct_fields__}
    fields |= {"call": CALL, "amount_cents": cents, "partial_fit": TERMS.jury.partial_fit}
    log.add("envelope", CALL, EnvelopeSet(**(fields | {"source": Source(event_id=CALL, position=1)})))
    if not more:
        return log
    raised = EnvelopeIncreased(
        call=CALL,
        previous_cents=cents,
        increase_cents=more,
        amount_cents=cents + more,
        reference="VR",
        reason=in_dutch("Meer."),
    )
    return log.add("envelope", CALL, raised)


def two() -> Log:
    """Two sound files of half a million each."""
    return Log().file("a", 50_000_000, 90).file("b", 50_000_000, 80)


# What happened


def test_files_are_ranked_by_their_points_and_funded_while_money_lasts() -> None:
    log = Log(terms(envelope_cents=70_000_000)).file("a", 50_000_000, 80).file("b", 50_000_000, 90)
    assert [(outcome(log, name).status, outcome(log, name).rank) for name in "ab"] == [("not_funded", 2), ("funded", 1)]
    assert outcome(log, "a").left_before_cents == 20_000_000


def test_an_envelope_that_was_raised_is_raised_by_as_much() -> None:
    log = envelope(Log().file("a", 50_000_000, 90), TERMS.envelope_cents, 3 * MILLION)
    assert log.known().added_cents == 3 * MILLION
    little = terms(envelope_cents=1)
    assert outcome(log, "a", little).left_before_cents == 3 * MILLION + 1
    assert envelope(Log(), TERMS.envelope_cents).known().added_cents == 0


def test_a_withdrawn_file_stays_withdrawn_under_any_terms() -> None:
    assert outcome(two().withdrawn("a"), "a", terms(envelope_cents=9 * MILLION)).status == "withdrawn"


def test_what_is_of_another_call_is_left_out() -> None:
    log = two().add("assessment", case("x"), NOISE)
    assert set(log.known().files) == {case("a"), case("b")}
    assert [one.number for one in log.known().files.values()] == ["WVC-a", "WVC-b"]


def test_a_call_that_was_not_published_is_unknown() -> None:
    with pytest.raises(UnknownCall):
        known(case("no call"), two().events)


# One term changed


def test_equal_terms_move_nobody() -> None:
    report = under(two(), TERMS)
    assert (report.changes, report.moves) == ((), ())


def test_each_difference_is_told_by_its_place() -> None:
    other = terms(cap_cents=1, jury=msgspec.structs.replace(TERMS.jury, quorum=5), share_limits=[])
    told = {one.pointer: (one.was, one.would) for one in under(two(), other).changes}
    assert told["/capCents"] == (80_000_000, 1)
    assert told["/jury/quorum"] == (6, 5)
    assert set(told) == {"/capCents", "/jury/quorum", "/shareLimits"}


def test_a_lower_cap_makes_a_file_ineligible_by_its_rule() -> None:
    report = under(two().file("c", 60_000_000, 70), terms(cap_cents=50_000_000))
    assert [one.file.case for one in report.moves] == [case("c")]
    assert why(report, "c") == [("E1", "above_cap")]
    assert (report.moves[0].was.status, report.moves[0].would.status) == ("funded", "ineligible")


def test_a_missing_paper_is_a_matter_of_admissibility() -> None:
    new = [*TERMS.required_attachments, msgspec.structs.replace(TERMS.required_attachments[0], code="map")]
    report = under(two(), terms(required_attachments=new))
    assert {one.would.status for one in report.moves} == {"inadmissible"}
    assert why(report, "a") == [("A1", "attachment_missing")]


def test_money_that_comes_free_moves_the_next_up() -> None:
    log = Log(terms(envelope_cents=60_000_000)).file("a", 60_000_000, 90).file("b", 50_000_000, 80)
    report = under(log, terms(envelope_cents=60_000_000, cap_cents=50_000_000))
    assert {one.file.case: one.would.status for one in report.moves} == {case("a"): "ineligible", case("b"): "funded"}
    assert why(report, "b") == [("PLACE", "funded")]
    assert (total(report.was), total(report.would)) == (60_000_000, 50_000_000)


def test_state_and_amount_come_before_mere_rank() -> None:
    log = Log().file("a", 60_000_000, 95).file("b", 50_000_000, 90).file("c", 60_000_000, 80)
    report = under(log, terms(cap_cents=50_000_000))
    assert [(one.file.case, one.only_rank) for one in report.moves][-1] == (case("b"), True)
    assert not report.moves[0].only_rank


@pytest.mark.parametrize(("rule", "first"), [("lower_amount_first", "b"), ("earlier_submission_first", "a")])
def test_equal_scores_go_by_the_tie_rule_of_the_terms(rule: Any, first: str) -> None:
    log = Log().file("a", 50_000_000, 90).file("b", 40_000_000, 90)
    jury = msgspec.structs.replace(TERMS.jury, tie_rule=rule)
    assert outcome(log, first, terms(jury=jury)).rank == 1


@pytest.mark.parametrize(
    ("policy", "statuses"),
    [
        ("stop_at_first_misfit", ["not_funded", "not_funded"]),
        ("skip_misfit", ["not_funded", "funded"]),
        ("cut_last", ["funded_in_part", "not_funded"]),
    ],
)
def test_what_does_not_fit_goes_by_the_policy_of_the_terms(policy: Any, statuses: list[str]) -> None:
    log = Log().file("a", 50_000_000, 90).file("b", 40_000_000, 80).file("c", 20_000_000, 70)
    other = terms(envelope_cents=80_000_000, jury=msgspec.structs.replace(TERMS.jury, partial_fit=policy))
    assert [outcome(log, name, other).status for name in "bc"] == statuses


# The deadline


def test_a_late_file_comes_in_where_the_deadline_is_later_and_nobody_knows_more() -> None:
    log = two().submitted("late", asking(1_000_000), late=True)
    assert outcome(log, "late").status == "late"
    report = under(log, terms(deadline=LATER))
    assert why(report, "late") == [("I1", "in_time"), ("PLACE", "no_points")]
    assert report.moves[0].would.status == "not_scored"


def test_a_late_file_that_a_moved_deadline_let_in_is_in_time_under_any_terms() -> None:
    late = two().submitted("late", asking(1_000_000), late=True)
    assert outcome(late, "late").status == "late"
    log = late.registered("late", asking(1_000_000), LATER).examined("late", asking(1_000_000)).scored("late", 90)
    assert (outcome(log, "late").status, outcome(log, "late").rank) == ("funded", 1)
    assert outcome(log, "late").checks["I1"].inputs["submitted_at"] == AFTER
    earlier = deadline("2021-05-31T23:59:59")
    assert outcome(log, "late", terms(deadline=earlier)).status == "funded"


def test_a_file_falls_out_where_the_deadline_is_earlier() -> None:
    report = under(two(), terms(deadline=deadline("2021-05-31T23:59:59")))
    assert {one.would.status for one in report.moves} == {"late"}
    assert why(report, "a") == [("I1", "late")]


def test_a_deadline_that_an_act_moved_stays_moved() -> None:
    extended = CallDeadlineExtended(call=CALL, previous=TERMS.deadline, deadline=LATER, reason=in_dutch("Zo."))
    log = Log().add("call", CALL, extended)
    log.terms = terms(deadline=LATER)
    log.submitted("a", asking(1_000_000))
    assert outcome(log, "a", terms(deadline=deadline("2021-05-01T23:59:59"))).status != "late"


# The jury


def test_a_higher_threshold_makes_an_advice_unfavourable() -> None:
    jury = msgspec.structs.replace(TERMS.jury, threshold_bp=8_001)
    report = under(two(), terms(jury=jury))
    assert why(report, "b") == [("J8", "below_threshold")]
    assert (report.would[case("b")].status, report.would[case("b")].amount_cents) == ("unfavourable", 0)
    assert outcome(two(), "b", terms(jury=msgspec.structs.replace(TERMS.jury, threshold_bp=8_000))).status == "funded"


def low(points: int = 50) -> Log:
    """A file whose score left the jury no choice."""
    one = asking(50_000_000)
    return Log().submitted("a", one).examined("a", one).scored("a", points, "unfavourable")


def test_an_advice_that_the_threshold_forced_counts_as_favourable_where_it_falls() -> None:
    lower = terms(jury=msgspec.structs.replace(TERMS.jury, threshold_bp=5_000))
    report = under(low(), lower)
    assert why(report, "a") == [("J8", "within_limits"), ("PLACE", "funded")]
    assert report.would[case("a")].amount_cents == 50_000_000


def test_an_advice_that_the_jury_was_free_to_give_stays() -> None:
    lower = terms(jury=msgspec.structs.replace(TERMS.jury, threshold_bp=5_000))
    assert outcome(low(60), "a", lower).status == "unfavourable"
    assert outcome(low(49), "a", lower).status == "unfavourable"


def test_what_the_jury_proposed_less_is_not_raised() -> None:
    one = asking(50_000_000)
    log = Log().submitted("a", one).examined("a", one).scored("a", 90, cents=30_000_000)
    assert outcome(log, "a", terms(envelope_cents=9 * MILLION)).amount_cents == 30_000_000


def test_other_weights_are_put_to_the_points_that_were_given() -> None:
    assert outcome(two(), "a").score_bp == 9_000
    criteria = [msgspec.structs.replace(one, max_points=200) for one in TERMS.criteria]
    assert outcome(two(), "a", terms(criteria=criteria)).score_bp == 4_500


@pytest.mark.parametrize("change", [{"code": "beauty"}, {"max_points": 89}])
def test_points_that_were_not_given_or_are_beyond_the_maximum_leave_a_file_unscored(change: dict[str, Any]) -> None:
    criteria = [msgspec.structs.replace(TERMS.criteria[0], **change), *TERMS.criteria[1:]]
    report = under(two(), terms(criteria=criteria))
    assert report.would[case("a")].status == "not_scored"
    assert why(report, "a") == [("PLACE", "no_points")]


def test_a_file_that_no_jury_saw_is_unscored() -> None:
    one = asking(90_000_000)
    log = Log().submitted("a", one).examined("a", one)
    assert outcome(log, "a").status == "ineligible"
    assert outcome(log, "a", terms(cap_cents=90_000_000)).status == "not_scored"


# People's judgements


def test_a_human_check_that_nobody_made_leaves_a_file_unjudged() -> None:
    report = under(two(), terms(eligibility=eligibility(human("rooted"))))
    assert {one.would.status for one in report.moves} == {"not_judged"}
    assert why(report, "a") == [("PLACE", "no_judgement")]
    free = terms(eligibility=eligibility(human("rooted", mandatory=False)))
    assert under(two(), free).moves == ()


@pytest.mark.parametrize(("stage", "status"), [("admissibility", "inadmissible"), ("eligibility", "ineligible")])
def test_a_human_check_that_failed_decides_while_the_terms_ask_for_it(stage: Any, status: str) -> None:
    asked = terms(eligibility=eligibility(human("rooted", stage)))
    log = Log(asked).file("a", 50_000_000, 90).judged("a", "rooted", "fail")
    report = under(log, TERMS)
    assert (report.was[case("a")].status, report.would[case("a")].status) == (status, "funded")
    assert why(report, "a") == [("PLACE", "not_asked"), ("PLACE", "funded")]


def poor(**other: Any) -> Log:
    """A file whose own contribution was set aside."""
    log = Log(terms(eligibility=eligibility(derogable=["E3"]), **other))
    one = asking(50_000_000, own=1)
    return log.submitted("a", one).examined("a", one).set_aside("a", "E3").scored("a", 90)


def test_what_was_set_aside_stays_so_while_the_terms_allow_it() -> None:
    assert outcome(poor(), "a").status == "funded"
    report = under(poor(), TERMS)
    assert report.would[case("a")].status == "ineligible"
    assert [one.pointer for one in report.changes] == ["/eligibility/derogations"]


def test_the_other_base_lets_a_file_pass_that_the_first_one_refused() -> None:
    one = asking(50_000_000, own=10_000_000)
    log = Log().submitted("a", one).examined("a", one).scored("a", 90)
    assert outcome(log, "a").status == "ineligible"
    report = under(log, terms(cofinancing=msgspec.structs.replace(TERMS.cofinancing, base="SUBSIDY")))
    assert why(report, "a") == [("E3", "enough_of_subsidy_with_partners"), ("PLACE", "funded")]
