"""What outsiders hear of a fact, and what they never hear."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import inspect

from events import jury
from events.catalog import FACT_TYPES, AnyFact
from events.decision import GovernmentDecisionRecorded
from events.public.cloudevent import joined
from events.public.models import MODELS
from events.public.state import CaseState, after
from events.public.translate import tell
from events.public.values import PublicData
from events.vocabulary import CaseFact
from projections.public_events.evolve import PUBLIC, PublicRow
from projections.view import Key
from tests.unit.events.public.canaries import free_texts, marked, marks
from tests.unit.projections.samples import AT, CALL, CASE, event, sample

OUTGOING = {
    "AmendmentApproved": "",
    "ApplicantNotified": "",
    "ApplicationSubmitted": "content.applicant.name content.neighbourhood content.project",
    "ApplicationWithdrawn": "",
    "BeneficiarySucceeded": "merged.name previous.name successor.name",
    "BudgetShifted": "from_category to_category",
    "CallCancelled": "",
    "CallClosed": "",
    "CallDeadlineCorrected": "",
    "CallDeadlineExtended": "",
    "CallOpened": "",
    "CallPublished": "terms.budget_article terms.legal_basis terms.title.en terms.title.nl",
    "ContractActivated": "",
    "ContractClosed": "",
    "ContractCompleted": "",
    "ContractResumed": "",
    "ContractSuspended": "",
    "ContractTerminated": "reference",
    "DeclaredAdmissible": "",
    "DeclaredEligible": "",
    "DeclaredInadmissible": "checks.code checks.rule",
    "DeclaredIneligible": "checks.code checks.rule",
    "EnvelopeDecreased": "reference",
    "EnvelopeIncreased": "reference",
    "EnvelopeSet": "budget_article",
    "FinalAccountSettled": "",
    "FundsCommitted": "budget_article",
    "FundsDecommitted": "",
    "GovernmentDecisionRecorded": "items.applicant.name reference",
    "GrantAwarded": "beneficiary.name neighbourhood project reference",
    "GrantRefused": "reference",
    "GrantDenied": "reference",
    "PlacedOnReserve": "reference",
    "ReserveLapsed": "reference",
    "AwardWaived": "reference",
    "AwardAdjusted": "reference",
    "DecisionSuperseded": "replaced reference",
    "DecisionRetracted": "retracted reference",
    "DecisionSuspended": "decision ruling",
    "SuspensionLifted": "decision ruling",
    "DecisionAnnulled": "decision ruling",
    "PaymentExecuted": "end_to_end_id tranche",
    "LateSubmissionRegistered": "content.applicant.name content.neighbourhood content.project",
    "ReceiptAcknowledged": "case_number",
    "RecoveryOffset": "end_to_end_id recovery",
    "RecoveryOrdered": "debtor.name recovery",
    "RepaymentReceived": "recovery",
    "ReportAccepted": "report",
    "TermExtended": "reference",
}
"""Fact → every text of free form that leaves the house. A line here is a decision: whoever adds a place answers for it
that nobody's name, and nothing a person wrote, can stand there."""

UNTOLD = sorted(FACT_TYPES.keys() - OUTGOING)
DECIDED = {"result": "goedgekeurd"}


def told(fact: AnyFact) -> str:
    """All that goes out when a fact is recorded about a case that was submitted before; empty if nothing does."""
    rows: dict[Key, PublicRow] = {}
    if not isinstance(fact, FACT_TYPES["ApplicationSubmitted"].model):
        PUBLIC.evolve(rows, event(sample("ApplicationSubmitted"), 1))
    before = set(rows)
    if type(fact).__name__ in PUBLIC.folds:
        PUBLIC.evolve(rows, event(fact, 2))
    return "".join(joined(row.head, row.data).decode() for key, row in rows.items() if key not in before and row.data)


def changed(fact: AnyFact, **changes: Any) -> AnyFact:
    return msgspec.structs.replace(fact, **changes)


@pytest.mark.parametrize("name", sorted(FACT_TYPES))
def test_of_a_fact_goes_out_what_the_table_says_and_nothing_else(name: str) -> None:
    fact = marked(name)
    if isinstance(fact, GovernmentDecisionRecorded):
        fact = changed(fact, **DECIDED)
    assert marks(told(fact)) == set(OUTGOING.get(name, "").split())
    assert bool(told(fact)) == (name in OUTGOING)


@pytest.mark.parametrize("name", UNTOLD)
def test_what_stays_inside_is_known_to_the_view_as_silent(name: str) -> None:
    assert tell(sample(name), AT, state()) is None
    assert name in PUBLIC.ignores or name in {"KeyRegistered", "ClarificationReceived", "AssessmentRevised"}


def test_the_marks_reach_every_person_and_every_word() -> None:
    assert {"content.contact.name.ct", "content.contact.email.nonce", "content.summary.text"} <= free_texts(
        "ApplicationSubmitted"
    )
    assert {"iban.ct", "iban.subject"} <= free_texts("BankAccountConfirmed")
    assert "signatory.ct" in free_texts("PledgeSigned")


def test_who_acted_and_by_which_command_stays_inside() -> None:
    made = event(sample("CallPublished"), 1)
    rows: dict[Key, PublicRow] = {}
    PUBLIC.evolve(rows, made)
    out = "".join(row.head + row.data for row in rows.values())
    frame = made.envelope
    for hidden in (frame.actor.person, frame.actor.organisation, frame.command_id, frame.event_id, frame.prev_hash):
        assert hidden
        assert hidden not in out


def test_no_fact_of_the_jury_is_even_read() -> None:
    ours = {name for name, row in FACT_TYPES.items() if row.service == "jury"}
    assert len(ours) == len(jury.JuryFact.__args__)
    assert not ours & PUBLIC.folds


@pytest.mark.parametrize("result", ["uitgesteld", "ingetrokken", "akte_genomen"])
def test_the_items_of_what_was_not_approved_stay_confidential(result: str) -> None:
    fact = changed(marked("GovernmentDecisionRecorded"), result=result)
    document = json.loads(told(fact))
    assert document["data"]["items"] == []
    assert document["data"]["result"] == result
    assert marks(told(fact)) == {"reference"}


def test_of_the_advice_an_approved_decision_tells_rank_and_outcome_never_points() -> None:
    fact: Any = changed(sample("GovernmentDecisionRecorded"), **DECIDED)
    (item,) = fact.items
    other = changed(item, score_bp=9_999, advised_cents=77, left_before_cents=77, synthetic=False)
    assert told(changed(fact, items=[other])) == told(fact)
    worse = changed(item, rank=12, outcome="unfavourable", proposed_cents=0)
    (said,) = json.loads(told(changed(fact, items=[worse])))["data"]["items"]
    assert (said["rank"], said["advice"], said["grantedCents"]) == (12, "unfavourable", 0)


def test_classified_facts_stay_inside() -> None:
    kept = {name for name, row in FACT_TYPES.items() if row.classification in {"confidential", "personal"}}
    assert kept
    assert kept <= set(UNTOLD)


def test_a_case_that_was_never_submitted_in_time_is_nobodys_business() -> None:
    for name in sorted(FACT_TYPES):
        fact = sample(name)
        if isinstance(fact, CaseFact) and name not in {
            "ApplicationSubmitted",
            "LateSubmissionRegistered",
            "GrantAwarded",
        }:
            rows: dict[Key, PublicRow] = {}
            if name in PUBLIC.folds:
                PUBLIC.evolve(rows, event(fact))
            assert rows == {}, name


def test_every_public_event_is_told_by_some_fact() -> None:
    facts = [changed(marked(name), **(DECIDED if name == "GovernmentDecisionRecorded" else {})) for name in OUTGOING]
    kinds = {json.loads(told(fact))["type"].partition(".v1.")[2] for fact in facts}
    assert kinds == set(MODELS)
    # A submission is told of by two facts: in time, or in time after all.
    assert len(OUTGOING) == len(MODELS) + 1, "one fact, one kind: their names cannot drift apart unseen"


def state() -> CaseState:
    """A case that was submitted."""
    fact: Any = sample("ApplicationSubmitted")
    known = after(None, fact)
    assert known is not None
    return known


def _facts(info: inspect.Type) -> st.SearchStrategy[Any]:
    match info:
        case inspect.StructType(cls=cls, fields=fields):
            # Whose case or call it is, the shell has checked.
            known = {"call": st.just(CALL), "case": st.just(CASE)}
            return st.builds(
                cls, **{one.name: known[one.name] if one.name in known else _facts(one.type) for one in fields}
            )
        case inspect.Metadata(type=inner):
            return _facts(inner)
        case inspect.UnionType(types=types):
            return st.one_of([_facts(one) for one in types])
        case inspect.NoneType():
            return st.none()
        case inspect.LiteralType(values=values):
            return st.sampled_from(values)
        case inspect.ListType(item_type=item):
            return st.lists(_facts(item), max_size=2)
        case inspect.DictType():
            return st.just({})
        case inspect.BoolType():
            return st.booleans()
        case inspect.IntType(ge=low, le=high):
            return st.integers(low if low is not None else -(2**53) + 1, high if high is not None else 2**53 - 1)
        case inspect.StrType(pattern=str(pattern)):
            return st.from_regex(pattern, fullmatch=True, alphabet=st.characters(codec="ascii"))
        case inspect.StrType(min_length=low):
            return st.text(st.sampled_from("aé '\"\\\n\u2028€😀"), min_size=low or 0, max_size=4)
        case _:
            raise AssertionError(f"no strategy for {info}")


@pytest.mark.parametrize("name", sorted(OUTGOING))
@given(data=st.data())
@settings(max_examples=10, deadline=None)
def test_whatever_the_log_can_hold_can_be_told(name: str, data: st.DataObject) -> None:
    fact: Any = data.draw(_facts(inspect.type_info(FACT_TYPES[name].model)))
    known = after(state(), fact) if isinstance(fact, CaseFact) else None
    made = tell(fact, AT, known)
    assert isinstance(made, PublicData)
    assert type(made).model_validate_json(json.dumps(made.wire())) == made


def test_every_kind_is_a_resource_and_a_past_participle_after_the_house_rules() -> None:
    for kind in MODELS:
        resource, notify, verb = kind.split(".")
        assert notify == "notify"
        assert resource.endswith("s")
        assert verb.isalpha()
