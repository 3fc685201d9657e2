"""A contract that goes another way: how it stands, what needs attention, and who has the ball."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from msgspec.structs import replace

from events.catalog import AnyFact
from events.decision import Action, Amendment
from events.times import end_of_day
from events.vocabulary import BudgetLine, Period
from projections.budget_consumption.evolve import BUDGET
from projections.contract_status.api import health
from projections.contract_status.evolve import STATUS
from projections.contract_status.row import StatusRow
from projections.past import refold
from projections.worklist.evolve import WORKLIST
from projections.worklist.tasks import WorkRow
from tests.unit.projections.samples import CALL, CASE, event, sample

Balls = set[tuple[str, str]]


def _fold(view: Any, facts: Sequence[AnyFact]) -> Any:
    return refold(view, [event(fact, number) for number, fact in enumerate(facts, 1)])[(CASE,)]


def status(*facts: AnyFact) -> StatusRow:
    row: StatusRow = _fold(STATUS, facts)
    return row


def sample_action(code: str, target: int = 10) -> Action:
    planned: Any = sample("ActionPlanned")
    kpi = replace(planned.action.indicators[0], indicator="kpi", baseline=0, target=target)
    return Action(action=code, title=planned.action.title, owner="staff", period=TERM, budget=[], indicators=[kpi])


def work(*facts: AnyFact) -> WorkRow:
    row: WorkRow = _fold(WORKLIST, facts)
    return row


def balls(row: WorkRow) -> Balls:
    return {(task.code, task.ref) for task in row.tasks}


TERM = Period(start="2022-01-01", end="2025-12-31")
DRAFTED = (sample("GrantAwarded"), sample("ContractDrafted", term=TERM))
ACTIVE = (*DRAFTED, sample("PledgeSigned", partner="staff"), sample("ContractActivated", term=TERM))
HELD, GOES_ON = sample("ContractSuspended", review_on="2024-06-30"), sample("ContractResumed")
TERMINATED, EXPIRED = sample("ContractTerminated"), sample("ContractExpired")
CLOSED = sample("ContractClosed")
SETTLED, RENEWED = sample("FinalAccountSettled", balance_cents=0), sample("AccountRenewed")
# Decision and payment react side by side: which of the two is recorded first is not said.
REDRAFTED = sample("ContractRedrafted", term=TERM)

STANDING: list[tuple[tuple[AnyFact, ...], str, list[str], Balls]] = [
    ((*ACTIVE, HELD), "suspended", ["suspended"], {("review_suspension", "")}),
    ((*ACTIVE, HELD, GOES_ON), "active", [], {("run_contract", "")}),
    ((*ACTIVE, TERMINATED), "terminated", ["terminated"], {("settle_account", "")}),
    ((*ACTIVE, HELD, TERMINATED), "terminated", ["terminated"], {("settle_account", "")}),
    ((*ACTIVE, HELD, EXPIRED), "expired", ["expired"], {("settle_account", "")}),
    ((*DRAFTED, EXPIRED), "expired", ["expired"], {("settle_account", "")}),
    ((*DRAFTED, TERMINATED), "terminated", ["terminated"], {("settle_account", "")}),
    ((*ACTIVE, TERMINATED, CLOSED), "closed", ["terminated"], set()),
    ((*DRAFTED, EXPIRED, CLOSED), "closed", ["expired"], set()),
    ((*ACTIVE, TERMINATED, REDRAFTED, RENEWED), "contract_drafted", [], {("sign_pledge", "staff")}),
    ((*ACTIVE, TERMINATED, SETTLED, RENEWED, REDRAFTED), "contract_drafted", [], {("sign_pledge", "staff")}),
    ((*ACTIVE, TERMINATED, SETTLED, CLOSED, REDRAFTED), "contract_drafted", [], {("sign_pledge", "staff")}),
]


@pytest.mark.parametrize("row", STANDING, ids=lambda row: "-".join(type(one).__name__ for one in row[0][-2:]))
def test_a_contract_stands_where_its_last_fact_left_it(row: tuple[tuple[AnyFact, ...], str, list[str], Balls]) -> None:
    facts, stands, flags, open_tasks = row
    assert (status(*facts).status, health(status(*facts))) == (stands, flags)
    assert balls(work(*facts)) == open_tasks
    assert (work(*facts).party is None) == (stands == "closed")


# Partners that do not come along, and what is changed because of it

PARTNER: Any = sample("ContractDrafted")
HOUSE = replace(PARTNER.partners[0], partner="staff", mandatory=True)
YOUTH = replace(HOUSE, partner="youth")
REFUSED = sample("PledgeRefused", partner="staff", mandatory=True, actions=[])
LEFT = sample("PartnerLeft", partner="staff", mandatory=True, actions=["a"])
VOLUNTARY = sample("PartnerLeft", partner="other", mandatory=False, actions=["a"])
PROPOSED, NO, BACK = sample("AmendmentProposed"), sample("AmendmentRefused"), sample("AmendmentWithdrawn")
NOTHING = Amendment(amount_cents=None, budget=[], end=None, joining=[], leaving=[], actions=[])


def approved(**changes: Any) -> AnyFact:
    return sample("AmendmentApproved", changes=replace(NOTHING, **changes), term=TERM)


REPLACED = approved(leaving=["staff"], joining=[YOUTH], actions=[sample_action("a")])
RUNS, ASKS, MISSES = ("run_contract", ""), ("approve_amendment", "1"), ("replace_partner", "staff")

GOING: list[tuple[tuple[AnyFact, ...], list[str], list[str], Balls]] = [
    ((*DRAFTED, REFUSED), ["pledge_refused"], ["staff"], {MISSES}),
    ((*DRAFTED, REFUSED, sample("PledgeSigned", partner="staff")), [], [], {("activate_contract", "")}),
    ((*DRAFTED, REFUSED, PROPOSED), ["pledge_refused", "amendment_open"], ["staff"], {ASKS}),
    ((*DRAFTED, REFUSED, PROPOSED, NO), ["pledge_refused"], ["staff"], {MISSES}),
    ((*DRAFTED, REFUSED, PROPOSED, approved(leaving=["staff"])), [], [], {("activate_contract", "")}),
    ((*DRAFTED, REFUSED, PROPOSED, REPLACED), [], ["youth"], {("sign_pledge", "youth")}),
    ((*DRAFTED, sample("PledgeSigned", partner="staff"), PROPOSED), ["amendment_open"], [], {ASKS}),
    ((*DRAFTED, sample("PledgeSigned", partner="staff"), PROPOSED, BACK), [], [], {("activate_contract", "")}),
    ((*DRAFTED, sample("PledgeSigned", partner="staff"), LEFT), ["partner_left"], ["staff"], {MISSES}),
    ((*ACTIVE, LEFT), ["partner_left"], ["staff"], {RUNS, MISSES}),
    ((*ACTIVE, LEFT, PROPOSED), ["partner_left", "amendment_open"], ["staff"], {RUNS, ASKS}),
    ((*ACTIVE, LEFT, PROPOSED, BACK), ["partner_left"], ["staff"], {RUNS, MISSES}),
    ((*ACTIVE, LEFT, PROPOSED, REPLACED), [], ["youth"], {RUNS, ("sign_pledge", "youth")}),
    ((*ACTIVE, LEFT, PROPOSED, REPLACED, sample("PledgeSigned", partner="youth")), [], [], {RUNS}),
    ((*ACTIVE, LEFT, PROPOSED, approved(end="2025-12-31")), ["partner_left"], ["staff"], {RUNS, MISSES}),
    ((*ACTIVE, LEFT, sample("ActionDiscontinued", action="a")), ["partner_left"], ["staff"], {RUNS, MISSES}),
    ((*ACTIVE, VOLUNTARY), ["partner_left"], [], {RUNS, ("replace_partner", "other")}),
    ((*ACTIVE, VOLUNTARY, sample("ActionDiscontinued", action="a")), ["partner_left"], [], {RUNS}),
    ((*ACTIVE, VOLUNTARY, PROPOSED, approved(actions=[sample_action("a")])), ["partner_left"], [], {RUNS}),
    ((*ACTIVE, sample("PartnerLeft", mandatory=False, actions=[])), ["partner_left"], [], {RUNS}),
    ((*ACTIVE, LEFT, PROPOSED, TERMINATED), ["terminated", "partner_left"], ["staff"], {("settle_account", "")}),
]


@pytest.mark.parametrize("row", GOING, ids=lambda row: "-".join(type(one).__name__ for one in row[0][1:]))
def test_who_is_missed_and_who_has_the_ball(row: tuple[tuple[AnyFact, ...], list[str], list[str], Balls]) -> None:
    facts, flags, unsigned, open_tasks = row
    assert (health(status(*facts)), status(*facts).unsigned) == (flags, unsigned)
    assert balls(work(*facts)) == open_tasks


def test_what_is_asked_stands_before_what_goes_on() -> None:
    for facts, party in (((*ACTIVE, PROPOSED), "case_handler"), ((*ACTIVE, LEFT, PROPOSED, REPLACED), "partner")):
        assert work(*facts).party == party
        assert work(*facts).code != "run_contract"
    assert work(*ACTIVE).party == "applicant"


def test_a_draft_whose_partner_refuses_is_not_signed_by_everybody() -> None:
    everybody = (*DRAFTED, sample("PledgeSigned", partner="staff"))
    assert status(*everybody).status == "signed"
    assert status(*everybody, LEFT).status == "contract_drafted"
    assert status(*everybody, LEFT, PROPOSED, approved(leaving=["staff"])).status == "signed"
    assert status(*everybody, PROPOSED, approved(joining=[YOUTH])).status == "contract_drafted"


def test_a_new_partner_may_see_the_case() -> None:
    youth = replace(YOUTH, organisation=replace(YOUTH.organisation, ovo="OVO000777"))
    facts = (*ACTIVE, PROPOSED, approved(joining=[youth], end="2025-06-30"))
    assert "OVO000777" in status(*facts).organisations
    assert "OVO000777" in work(*facts).organisations


def test_actions_show_what_was_promised_and_what_was_last_measured() -> None:
    planned = sample("ActionPlanned", action=sample_action("a"))
    early, late = (
        sample("IndicatorRecorded", action="a", indicator="kpi", measured_on=day, value=value, reached_bp=value * 1_000)
        for day, value in (("2023-01-01", 3), ("2024-01-01", 7))
    )
    (shown,) = status(*ACTIVE, planned, late, early).actions
    (kpi,) = shown.indicators
    assert (shown.action, shown.owner, shown.discontinued) == ("a", "staff", False)
    assert (kpi.baseline, kpi.target, kpi.value, kpi.measured_on, kpi.reached_bp) == (0, 10, 7, "2024-01-01", 7_000)
    more = approved(actions=[sample_action("a", target=20), sample_action("b")])
    first, second = status(*ACTIVE, planned, late, PROPOSED, more).actions
    assert (first.indicators[0].target, first.indicators[0].value, first.indicators[0].reached_bp) == (20, 7, None)
    assert (second.action, second.indicators[0].value) == ("b", None)
    (stopped,) = status(*ACTIVE, planned, sample("ActionDiscontinued", action="a")).actions
    assert stopped.discontinued


def test_an_amended_budget_moves_between_the_categories_of_the_call() -> None:
    def lines(**cents: int) -> list[BudgetLine]:
        return [BudgetLine(category=code, amount_cents=one, subsidy_cents=one) for code, one in cents.items()]

    facts = [
        sample("GrantAwarded", amount_cents=10, budget=lines(staff=7, other=3)),
        sample("AmendmentApproved", previous_budget=lines(staff=7, other=3), budget=lines(staff=4, new=2)),
    ]
    rows = refold(BUDGET, [event(fact, number) for number, fact in enumerate(facts, 1)])
    held = {key[2]: row.awarded_cents for key, row in rows.items() if key[1] == "category"}
    assert held == {"staff": 4, "other": 0, "new": 2}
    assert rows[CALL, "call", ""].awarded_cents == 10


def test_a_longer_term_shows_and_moves_the_day_by_which_it_is_carried_out() -> None:
    longer = sample("TermExtended", term=Period(start="2022-01-01", end="2026-06-30"))
    assert status(*ACTIVE, longer).term_end == "2026-06-30"
    assert work(*ACTIVE, longer).due == end_of_day("2026-06-30").utc
    assert work(*ACTIVE, longer, HELD, GOES_ON).due == end_of_day("2026-06-30").utc
    assert work(*ACTIVE, HELD, longer).code == "review_suspension"
    assert work(*ACTIVE, HELD, longer, GOES_ON).due == end_of_day("2026-06-30").utc


def test_a_suspension_is_looked_at_again_on_its_day() -> None:
    held = work(*ACTIVE, HELD)
    assert (held.party, held.due) == ("case_handler", end_of_day("2024-06-30").utc)
    assert work(*ACTIVE, sample("ContractSuspended", review_on=None)).due is None


def test_a_settled_account_is_not_settled_again_when_its_contract_ends() -> None:
    settled = sample("FinalAccountSettled", balance_cents=0)
    assert balls(work(*ACTIVE, settled, TERMINATED)) == {("close_account", "")}
