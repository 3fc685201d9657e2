"""What becomes of a contract is told: extended, suspended, resumed, amended, ended early; never the words about it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest

from events.catalog import AnyFact
from events.public.cloudevent import joined
from events.vocabulary import BudgetLine, Period, Written
from projections.public_events.evolve import PUBLIC, PublicRow
from projections.view import Key
from tests.unit.events.public.canaries import marked
from tests.unit.projections.samples import AT, event, sample

AWARDED = ("ApplicationSubmitted", "GrantAwarded")
IN_FORCE = (*AWARDED, "FundsCommitted", "ContractActivated")
FOUR, FIVE = (Period(start="2022-01-01", end=f"{year}-12-31") for year in ("2025", "2026"))
WORDS = Written(language="nl", text="Mevrouw Peeters is al maanden ziek")
BUDGET = [BudgetLine(category="personnel", amount_cents=75, subsidy_cents=60)]


@dataclass
class Heard:
    """The data of the public events that the last facts gave."""

    events: list[dict[str, Any]]

    def then(self, *kinds: str, **data: Any) -> None:
        """These kinds in this order; the last one says no more and no less than `data`, its call, case and time."""
        assert [one["type"].partition(".v1.")[2] for one in self.events] == list(kinds)
        if kinds:
            said = self.events[-1]["data"]
            assert {name: said[name] for name in said.keys() - {"call", "case", "occurredAt"}} == data

    def then_the_case_is(self, *status: str) -> None:
        """The status that came along with each."""
        assert [one["data"]["case"]["status"] for one in self.events] == list(status)


@dataclass
class Given:
    """What was recorded of a case before."""

    facts: list[AnyFact]

    def when(self, *facts: AnyFact) -> Heard:
        """These are recorded next."""
        rows: dict[Key, PublicRow] = {}
        for position, fact in enumerate([*self.facts, *facts], 1):
            if type(fact).__name__ in PUBLIC.folds:
                PUBLIC.evolve(rows, event(fact, position))
        told = sorted((row for row in rows.values() if row.kind == "event"), key=lambda row: row.sequence)
        return Heard([json.loads(joined(row.head, row.data)) for row in told if row.position > len(self.facts)])


def given(*names: str) -> Given:
    return Given([sample(name) for name in names])


def test_a_longer_term_is_told_with_the_one_before_and_the_decision_that_gave_it() -> None:
    fact = sample("TermExtended", previous=FOUR, term=FIVE, reference="VR 2025 0307 DOC.0812/1", reason=WORDS)
    given(*IN_FORCE).when(fact).then(
        "contracts.notify.extended",
        previous={"start": "2022-01-01", "end": "2025-12-31"},
        term={"start": "2022-01-01", "end": "2026-12-31"},
        reference="VR 2025 0307 DOC.0812/1",
    )


@pytest.mark.parametrize("review_on", ["2024-06-30", None])
def test_a_suspension_is_told_by_its_code_and_the_day_of_review_if_there_is_one(review_on: str | None) -> None:
    fact = sample("ContractSuspended", ground="partner_left", reason=WORDS, review_on=review_on, effective_at=AT)
    given(*IN_FORCE).when(fact).then(
        "contracts.notify.suspended", ground="partner_left", reviewOn=review_on, effectiveAt=AT
    )


@pytest.mark.parametrize("reason", [WORDS, None])
def test_a_contract_that_is_resumed_is_told_without_a_reason(reason: Written | None) -> None:
    fact = sample("ContractResumed", reason=reason, effective_at=AT)
    given(*IN_FORCE, "ContractSuspended").when(fact).then("contracts.notify.resumed", effectiveAt=AT)


def test_an_early_end_is_told_with_its_code_its_decision_and_what_remains_of_the_term() -> None:
    ended = {"ground": "by_agreement", "reference": "MB 2024/12", "reason": WORDS, "amount_cents": 80}
    fact = sample("ContractTerminated", **ended, in_force=True, term=FOUR, effective_at=AT)
    given(*IN_FORCE).when(fact).then(
        "contracts.notify.terminated",
        ground="by_agreement",
        reference="MB 2024/12",
        amountCents=80,
        inForce=True,
        term={"start": "2022-01-01", "end": "2025-12-31"},
        effectiveAt=AT,
    )


def test_a_contract_that_ends_before_everybody_signed_is_told_as_never_in_force() -> None:
    heard = given(*AWARDED, "ContractDrafted").when(sample("ContractTerminated", in_force=False))
    assert heard.events[0]["data"]["inForce"] is False
    heard.then_the_case_is("awarded")


def test_of_an_amendment_its_approval_alone_is_told_with_money_budget_and_term() -> None:
    after: dict[str, Any] = {"amount_cents": 60, "budget": BUDGET, "previous": FIVE, "term": FOUR}
    approved = sample("AmendmentApproved", amendment=2, previous_cents=80, **after)
    given(*IN_FORCE).when(
        sample("AmendmentProposed"), sample("AmendmentWithdrawn"), sample("AmendmentRefused"), approved
    ).then(
        "amendments.notify.approved",
        amendment=2,
        previousCents=80,
        amountCents=60,
        budget=[{"category": "personnel", "amountCents": 75, "subsidyCents": 60}],
        previous={"start": "2022-01-01", "end": "2026-12-31"},
        term={"start": "2022-01-01", "end": "2025-12-31"},
    )


def test_of_an_amendment_neither_who_approved_it_nor_partner_nor_action_is_told() -> None:
    (told,) = given(*IN_FORCE).when(marked("AmendmentApproved")).events
    assert "«" not in json.dumps(told, ensure_ascii=False)


def test_the_status_of_the_case_knows_nothing_between_in_force_and_completed() -> None:
    changes = ("TermExtended", "ContractSuspended", "ContractResumed", "AmendmentApproved", "ContractTerminated")
    heard = given(*IN_FORCE).when(*[sample(name) for name in changes], sample("ContractClosed"))
    heard.then_the_case_is(*["active"] * len(changes), "closed")


def test_the_award_stands_as_it_was_decided_when_the_contract_is_amended() -> None:
    before = sample("GrantAwarded", amount_cents=80)
    past = Given([sample("ApplicationSubmitted"), before, sample("ContractActivated")])
    (told,) = past.when(sample("AmendmentApproved", previous_cents=80, amount_cents=60)).events
    assert told["data"]["case"]["money"]["awardedCents"] == 80


def test_a_contract_that_runs_out_while_it_is_suspended_says_nothing_new() -> None:
    given(*IN_FORCE, "ContractSuspended").when(sample("ContractExpired")).then()
