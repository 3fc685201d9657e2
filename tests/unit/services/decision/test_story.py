"""The call of 2021 in decision: 4.0 million, then 7.6 million; postponed once, then approved."""

from __future__ import annotations

from collections.abc import Iterator

from events.catalog import split_stream
from events.decision import GrantAwarded, GrantRefused
from events.eligibility import DeclaredEligible
from events.jury import RankingEntry, RankingFixed
from events.ledger import transfers_of
from events.vocabulary import Party
from services.decision.commands import (
    IncreaseEnvelope,
    PlaceOnAgenda,
    RecordBudgetAgreement,
    RecordGovernmentDecision,
    RecordInspectorateAdvice,
)
from services.decision.worker import DECISION
from services.fields import Command
from tests.given import Given, actor
from tests.unit.services.decision.examples import (
    CALL,
    ENVELOPE,
    PROPOSAL,
    REASON,
    TERM,
    dossier,
    ident,
    line,
    money,
    reactions,
)
from tests.unit.services.jury.terms import call_published
from tests.unit.services.jury.told import given

EUROS = [800_000] * 5 + [768_000, 675_347, 675_347, 580_000, 575_306, 326_000, 640_000, 480_000]
UNFAVOURABLE = [720_000, 360_000, 400_000]
CASES = [ident(f"case {rank}") for rank in range(1, len(EUROS) + len(UNFAVOURABLE) + 1)]


def react(before: Given, fact: object) -> Given:
    """Send every command that follows from a fact, and from the facts that follow from those."""
    for issue in reactions(fact):
        kind, case = split_stream(issue.stream)
        then = before.when(kind, case, issue.command, by=actor("service"))
        before = then.recorded()
        for next_fact in then.decision.facts:
            before = react(before, next_fact)
    return before


def send(before: Given, kind: str, command: Command) -> Given:
    """Somebody sends a command about the call, and everything that follows happens."""
    then = before.when(kind, CALL, command)
    after = then.recorded()
    for fact in then.decision.facts:
        after = react(after, fact)
    return after


def eligible(case: str, euros: int) -> DeclaredEligible:
    cents = euros * 100
    own = cents // 4
    file = dossier(
        applicant=Party(ovo="OVO900101", kbo="0999000129", name=f"Stad {euros}", nis="44021"),
        requested_cents=cents,
        budget=[
            line("staff", cents + own - cents // 5, cents - cents // 5),
            line("infrastructure", cents // 5, cents // 5),
        ],
        financing=[money("subsidy", cents), money("own", own)],
        term=TERM,
    )
    return DeclaredEligible(call=CALL, case=case, checks=[], dossier=file)


def ranking() -> RankingFixed:
    entries = [
        RankingEntry(
            case=case,
            rank=rank,
            score_bp=9_000 - 100 * rank,
            outcome="favourable" if rank <= len(EUROS) else "unfavourable",
            proposed_cents=euros * 100 if rank <= len(EUROS) else 0,
            requested_cents=euros * 100,
            applicant=Party(ovo="OVO900101", kbo="0999000129", name=f"Stad {euros}", nis="44021"),
            synthetic=False,
            placed_by="score",
        )
        for rank, (case, euros) in enumerate(zip(CASES, EUROS + UNFAVOURABLE, strict=True), start=1)
    ]
    return RankingFixed(call=CALL, entries=entries, tie_rule="lower_amount_first", checks=[])


def at_the_ranking() -> Given:
    """Every file is a candidate, and the ranking is fixed at 4.0 million."""
    before = react(given(DECISION), call_published(CALL))
    for case, euros in zip(CASES, EUROS + UNFAVOURABLE, strict=True):
        before = react(before, eligible(case, euros))
    return react(before, ranking())


def reserved(after: Given) -> list[int]:
    return [after.state(f"grant-{case}").held_cents for case in CASES]


def facts(after: Given, kind: type) -> list[object]:
    return [event.fact for events in after.streams.values() for event in events if isinstance(event.fact, kind)]


def raised() -> Given:
    command = IncreaseEnvelope(increase_cents=360_000_000, reference="VR 2021 raise", reason=REASON)
    return send(at_the_ranking(), "envelope", command)


def approved() -> Given:
    after = send(raised(), "proposal", RecordInspectorateAdvice(favourable=True, reference="IF"))
    after = send(after, "proposal", RecordBudgetAgreement(agreed=True, reference="BA"))
    for meeting, result in (("2021-12-10", "uitgesteld"), ("2021-12-17", "goedgekeurd")):
        after = send(after, "proposal", PlaceOnAgenda(meeting=meeting, reference=f"agenda {meeting}"))
        decision = {"result": result, "reference": f"VR PV {meeting}", "meeting": meeting}
        after = send(after, "proposal", RecordGovernmentDecision.model_validate(decision))
    return after


def test_at_four_million_the_first_five_fit() -> None:
    after = at_the_ranking()
    assert reserved(after) == [80_000_000] * 5 + [0] * 11
    assert after.state(PROPOSAL).version == 1


def test_at_seven_point_six_million_eleven_fit_to_the_cent() -> None:
    after = raised()
    assert sum(reserved(after)) == after.state(ENVELOPE).amount_cents == 760_000_000
    assert [cents > 0 for cents in reserved(after)] == [True] * 11 + [False] * 5
    assert after.state(PROPOSAL).version == 2


def test_after_a_postponement_eleven_are_awarded_and_five_refused_with_reasons() -> None:
    after = approved()
    awards, refusals = facts(after, GrantAwarded), facts(after, GrantRefused)
    assert sum(award.amount_cents for award in awards) == 760_000_000
    assert [refusal.code for refusal in refusals] == ["envelope_exhausted"] * 2 + ["unfavourable_advice"] * 3
    assert all(refusal.reasons for refusal in refusals)
    assert all(after.state(f"grant-{case}").notified for case in CASES)
    assert [after.state(f"contract-{case}").status for case in CASES] == ["drafted"] * 11 + ["none"] * 5


def test_every_reservation_is_pending_once() -> None:
    pending = [transfer for transfer in _transfers(approved()) if transfer.kind == "pending"]
    assert len({transfer.pending_id for transfer in pending}) == len(pending) == 11


def test_the_same_facts_again_change_nothing() -> None:
    after = approved()
    count = sum(len(events) for events in after.streams.values())
    for stream in (ENVELOPE, PROPOSAL):
        for event in list(after.streams[stream]):
            after = react(after, event.fact)
    assert sum(len(events) for events in after.streams.values()) == count


def _transfers(after: Given) -> Iterator[object]:
    for events in after.streams.values():
        for event in events:
            yield from transfers_of(event.fact)
