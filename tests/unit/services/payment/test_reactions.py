"""What payment does by itself when another service, or payment, has recorded something."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from events.application import IntakeTerms
from events.catalog import AnyFact
from events.decision import (
    AwardAdjusted,
    BeneficiarySucceeded,
    ContractActivated,
    ContractExpired,
    ContractResumed,
    ContractSuspended,
    ContractTerminated,
    DecisionAnnulled,
    DecisionSuspended,
    GrantAwarded,
    SuspensionLifted,
    TermExtended,
)
from events.intake import CallPublished, Coded, Criterion, DecisionTerms, JuryTerms, TermLimit, Terms
from events.payment import AccountActivated, FundsCommitted, OverpaymentEstablished, PaymentFileReleased
from events.times import deadline
from events.vocabulary import Period, Source, Text, Written
from services.deciding import Issue, case_id
from services.payment.commands import (
    COMMANDS,
    ActivateAccount,
    AdjustAward,
    AdoptSchedule,
    CommitFunds,
    ExpectReport,
    ExtendAccountTerm,
    FollowAward,
    OffsetRecovery,
    OrderRecovery,
    ResumeAccount,
    SuspendAccount,
    TerminateAccount,
)
from services.payment.state import Schedule
from services.payment.worker import PAYMENT
from tests.given import NOON, given
from tests.unit.projections.samples import sample
from tests.unit.services.intake.examples import TERMS
from tests.unit.services.payment.play import (
    CALL,
    CASE,
    CITY,
    MERGED,
    REPORTS,
    SOURCE,
    TERM,
    TEXT,
    TRANCHES,
    Play,
    adopt,
    cofinancing,
    commit,
    line,
    stream_id,
)
from tests.unit.services.payment.test_account import succession

CATEGORIES = [Coded(code=code, label=TEXT) for code in ("personnel", "operating", "small_infrastructure")]


def react(fact: AnyFact, state: Any = None, source: Source = SOURCE) -> list[Issue]:
    reactions = [one for one in PAYMENT.reactions if isinstance(fact, one.on)]
    return [issue for one in reactions for issue in one.react(fact, source, state)]


def terms() -> Terms:
    return msgspec.structs.replace(
        TERMS,
        title=TEXT,
        legal_basis="decree",
        budget_article="SJ0-1SMC2AB-WT",
        case_number_prefix="WVC",
        opens=deadline("2021-03-11T00:00:00"),
        deadline=deadline("2021-07-10T23:59:59"),
        envelope_cents=1,
        cap_cents=1,
        cofinancing=cofinancing(),
        share_limits=adopt().share_limits,
        cost_categories=CATEGORIES,
        themes=[],
        instruments=[],
        required_attachments=[],
        completion_days=14,
        one_live_application=True,
        term=TermLimit(max_months=48, earliest_start="2022-01-01", latest_end="2025-12-31"),
        criteria=[Criterion(code="c", label=TEXT, weight_bp=10_000, max_points=10)],
        jury=JuryTerms(
            members=1,
            quorum=1,
            min_external=0,
            min_government=0,
            required_expertise=[],
            suggest_conflicts=False,
            reply_days=0,
            reopens_with_envelope=False,
            threshold_bp=0,
            tie_rule="lower_amount_first",
            partial_fit="skip_misfit",
        ),
        decision=DecisionTerms(
            requires_inspectorate_advice=False,
            requires_budget_agreement=False,
            mandatory_pledge_levels=[],
            appeal=Text(nl="x", en="x"),
            appeal_days=None,
            postponement_days=None,
            reserve_days=None,
        ),
        tranches=list(TRANCHES),
        reports=list(REPORTS),
        payment=adopt().payment,
        intake=IntakeTerms(register=False, reopening_roles=["case_handler"], form=None, attachments=[]),
        synthetic=[],
    )


def test_a_published_call_has_its_terms_of_payment_adopted() -> None:
    (issue,) = react(CallPublished(call=CALL, terms=terms()))
    assert issue == Issue("schedule", CALL, adopt())
    assert isinstance(issue.command, AdoptSchedule)


def test_an_award_is_committed_under_the_attempt_of_its_reservation() -> None:
    awarded = GrantAwarded(
        call=CALL,
        case=CASE,
        beneficiary=CITY,
        project="p",
        neighbourhood="n",
        amount_cents=80_000_000,
        budget=[line("personnel", 100_000_000, 80_000_000)],
        financing=[],
        partners=[],
        term=TERM,
        attempt=1,
        rank=1,
        reference="VR",
        meeting="2021-12-17",
        synthetic=True,
        checks=[],
    )
    (issue,) = react(awarded)
    assert issue == Issue("account", CASE, commit())
    assert isinstance(issue.command, CommitFunds)


def test_a_contract_in_force_activates_the_account() -> None:
    active = ContractActivated(
        call=CALL, case=CASE, beneficiary=CITY, amount_cents=1, term=TERM, effective_at=NOON, checks=[]
    )
    assert react(active) == [Issue("account", CASE, ActivateAccount(term=TERM, source=SOURCE))]


def test_d9_a_succession_passes_to_the_account() -> None:
    fact = BeneficiarySucceeded(
        call=CALL, case=CASE, previous=CITY, successor=MERGED, merged=[], effective_at=NOON, basis="decree"
    )
    assert react(fact) == [Issue("account", CASE, succession(NOON))]


def test_an_active_account_expects_the_reports_of_its_call() -> None:
    play = Play().award()
    fact = AccountActivated(call=CALL, case=CASE, term=TERM, source=SOURCE)
    issues = react(fact, play.given.state(f"schedule-{CALL}"))
    assert [issue.id for issue in issues] == [case_id(CASE, "report", "y1"), case_id(CASE, "report", "y2")]
    assert all(isinstance(issue.command, ExpectReport) for issue in issues)
    assert react(fact, Schedule()) == []


def released(recovery: str | None, offset: int) -> PaymentFileReleased:
    return PaymentFileReleased(
        call=CALL,
        case=CASE,
        tranche="start",
        attempt=1,
        amount_cents=1_000,
        offset_cents=offset,
        net_cents=1_000 - offset,
        recovery=recovery,
        end_to_end_id="e2e",
        released_by="releaser",
        checks=[],
    )


def test_a_released_payment_sets_its_offset_off() -> None:
    offset = OffsetRecovery(amount_cents=400, end_to_end_id="e2e", source=SOURCE)
    assert react(released("2", 400)) == [Issue("recovery", stream_id("recovery", 2), offset)]
    assert react(released(None, 0)) == []


def test_an_overpayment_is_claimed_back_under_its_number() -> None:
    recover = OrderRecovery(case=CASE, number=3, ground="not_accounted_for", finding=None)
    over = OverpaymentEstablished(call=CALL, case=CASE, amount_cents=5, recovery="3")
    assert react(over) == [Issue("recovery", stream_id("recovery", 3), recover)]


def test_names_of_reactions_are_unique() -> None:
    names = [one.name for one in PAYMENT.reactions]
    assert len(set(names)) == len(names)


def test_the_registry_names_real_rules_and_roles_for_every_command() -> None:
    real = {rule.id for rule in PAYMENT.rules} | {"STATE", "OWN"}
    for model, spec in COMMANDS.items():
        assert spec.model is model
        assert spec.roles
        assert set(spec.rules) <= real
        assert (model.__doc__ or "").strip()


def test_every_code_of_every_rule_has_a_dutch_and_an_english_sentence() -> None:
    for rule in PAYMENT.rules:
        assert rule.sentences
        for nl, en in rule.sentences.values():
            assert nl.endswith(".")
            assert en.endswith(".")
            assert nl != en


def test_each_state_starts_empty() -> None:
    start = given(PAYMENT)
    for kind in ("schedule", "account", "report", "claim", "payment-order", "recovery"):
        assert start.state(f"{kind}-{CASE}") == PAYMENT.initial(kind)


def test_a_commitment_is_folded_whole() -> None:
    play = Play().award()
    account = play.given.state(f"account-{CASE}")
    assert account.award_cents == play.last(FundsCommitted).amount_cents
    assert account.status == "committed"


LATER = Period(start="2022-01-01", end="2026-12-31")


def test_what_becomes_of_a_contract_becomes_of_its_account() -> None:
    words = Written(language="nl", text="x")
    extended = TermExtended(call=CALL, case=CASE, previous=TERM, term=LATER, reference="VR 2", reason=words, checks=[])
    assert react(extended) == [Issue("account", CASE, ExtendAccountTerm(term=LATER, source=SOURCE))]
    suspended = ContractSuspended(
        call=CALL, case=CASE, ground="inquiry", reason=words, review_on=None, effective_at=NOON
    )
    assert react(suspended) == [Issue("account", CASE, SuspendAccount(ground="inquiry", source=SOURCE))]
    resumed = ContractResumed(call=CALL, case=CASE, reason=words, effective_at=NOON)
    assert react(resumed) == [Issue("account", CASE, ResumeAccount(source=SOURCE))]


def test_p2_what_becomes_of_an_award_becomes_of_its_money() -> None:
    words = Written(language="nl", text="x")
    ruling: dict[str, Any] = {"call": CALL, "case": CASE, "decision": "VR 1", "ruling": "RvS 1", "reasons": words}
    suspended = DecisionSuspended(**ruling, by="court", checks=[])
    assert react(suspended) == [Issue("account", CASE, SuspendAccount(ground="award_suspended", source=SOURCE))]
    assert react(SuspensionLifted(**ruling)) == [Issue("account", CASE, FollowAward(source=SOURCE))]
    annulled = DecisionAnnulled(**ruling, outcome="awarded", amount_cents=1, checks=[])
    assert react(annulled) == [Issue("account", CASE, SuspendAccount(ground="award_annulled", source=SOURCE))]
    refusal = DecisionAnnulled(**ruling, outcome="refused", amount_cents=0, checks=[])
    assert react(refusal) == []


def test_a_contract_that_ended_early_or_ran_out_unsigned_ends_its_account() -> None:
    ended = ContractTerminated(
        call=CALL,
        case=CASE,
        beneficiary=CITY,
        ground="by_agreement",
        reference="VR 3",
        reason=None,
        amount_cents=80_000_000,
        in_force=True,
        term=TERM,
        effective_at=NOON,
    )
    command = TerminateAccount(ground="by_agreement", in_force=True, term=TERM, source=SOURCE)
    assert react(ended) == [Issue("account", CASE, command)]
    expired = ContractExpired(
        call=CALL,
        case=CASE,
        beneficiary=CITY,
        amount_cents=80_000_000,
        in_force=False,
        term=TERM,
        effective_at=NOON,
    )
    unsigned = TerminateAccount(ground="expired", in_force=False, term=TERM, source=SOURCE)
    assert react(expired) == [Issue("account", CASE, unsigned)]


def test_a_changed_award_changes_the_account() -> None:
    budget = [line("personnel", 50_000_000, 40_000_000)]
    adjusted = AwardAdjusted(
        call=CALL,
        case=CASE,
        beneficiary=CITY,
        previous_cents=80_000_000,
        amount_cents=40_000_000,
        budget=budget,
        attempt=None,
        code="superseded",
        reference="VR 4",
    )
    command = AdjustAward(amount_cents=40_000_000, budget=budget, attempt=None, ground="superseded", source=SOURCE)
    assert react(adjusted) == [Issue("account", CASE, command)]


@pytest.mark.parametrize(("lower", "longer"), [(True, False), (False, True), (True, True), (False, False)])
def test_an_amended_contract_changes_the_account_where_it_speaks_of_money_or_time(lower: bool, longer: bool) -> None:
    """Given: an amendment is approved. Then: the account follows its term and its amount, and nothing else of it."""
    budget = [line("personnel", 50_000_000, 40_000_000)]
    later = Period(start=TERM.start, end="2026-06-30")
    approved = msgspec.structs.replace(
        sample("AmendmentApproved"),
        case=CASE,
        previous_cents=80_000_000,
        amount_cents=40_000_000 if lower else 80_000_000,
        budget=budget,
        previous=TERM,
        term=later if longer else TERM,
    )
    extend = ExtendAccountTerm(term=later, source=SOURCE)
    adjust = AdjustAward(amount_cents=40_000_000, budget=budget, attempt=None, ground="amended", source=SOURCE)
    assert react(approved) == [Issue("account", CASE, one) for one in [extend] * longer + [adjust] * lower]
