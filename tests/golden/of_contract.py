"""Golden examples of contracts that went another way than those of the play."""

from __future__ import annotations

from typing import TypedDict

from events.catalog import AnyFact
from events.decision import (
    Action,
    ActionDiscontinued,
    ActionPlanned,
    Amendment,
    AmendmentApproved,
    AmendmentProposed,
    AmendmentRefused,
    AmendmentWithdrawn,
    AwardAdopted,
    ContractExpired,
    ContractRedrafted,
    ContractResumed,
    ContractSuspended,
    ContractTerminated,
    Indicator,
    IndicatorRecorded,
    PartnerLeft,
    PledgeRefused,
    TermExtended,
)
from events.vocabulary import Attachment, BudgetLine, Partner, Party, Period, Source, Written
from services.story.script import ident


class _Subject(TypedDict):
    call: str
    case: str


_CASE: _Subject = {"call": ident("call", "golden"), "case": ident("case", "golden")}
_CITY = Party(ovo="OVO900101", kbo="0999010141", name="Stad Gent", nis="44021")
_TERM = Period(start="2022-01-01", end="2025-12-31")
_REASON = Written(language="nl", text="Zoals in het verslag van het overleg staat.")
_AT = "2024-03-15T09:00:00.000000Z"

_HOUSE = Party(ovo="OVO900301", kbo="0999030131", name="Buurthuis De Schakel", nis=None)
_BUDGET = [
    BudgetLine(category="personnel", amount_cents=75_000_000, subsidy_cents=60_000_000),
    BudgetLine(category="operating", amount_cents=25_000_000, subsidy_cents=20_000_000),
]
_LESS = [BudgetLine(category="personnel", amount_cents=75_000_000, subsidy_cents=60_000_000)]
_ACTION = Action(
    action="renovation_coach",
    title=Written(language="nl", text="Renovatiecoach voor de wijk"),
    owner="house",
    period=_TERM,
    budget=[BudgetLine(category="personnel", amount_cents=10_000_000, subsidy_cents=8_000_000)],
    indicators=[
        Indicator(
            indicator="homes",
            definition=Written(language="nl", text="Woningen die na begeleiding gerenoveerd zijn"),
            unit="woningen",
            baseline=0,
            target=120,
        )
    ],
)
_JOINING = Partner(partner="youth", organisation=_HOUSE, level="local", pledge=_REASON, mandatory=True)
_CHANGES = Amendment(
    amount_cents=60_000_000,
    budget=_LESS,
    end="2025-06-30",
    joining=[_JOINING],
    leaving=["house"],
    actions=[_ACTION],
)

OF_CONTRACT: tuple[AnyFact, ...] = (
    PledgeRefused(**_CASE, partner="house", mandatory=True, actions=["renovation_coach"], reason=_REASON),
    PartnerLeft(
        **_CASE, partner="house", mandatory=True, actions=["renovation_coach"], reason=_REASON, effective_at=_AT
    ),
    ActionPlanned(**_CASE, action=_ACTION, checks=[]),
    ActionDiscontinued(**_CASE, action="renovation_coach", reason=_REASON, effective_at=_AT),
    IndicatorRecorded(
        **_CASE,
        action="renovation_coach",
        indicator="homes",
        measured_on="2024-03-01",
        baseline=0,
        target=120,
        value=30,
        reached_bp=2_500,
        evidence=[Attachment(kind="evidence", name="lijst van woningen.pdf", sha256="5e" * 32)],
        note=_REASON,
    ),
    AmendmentProposed(
        **_CASE, amendment=1, changes=_CHANGES, reason=_REASON, proposed_by=ident("person", "golden"), checks=[]
    ),
    AmendmentApproved(
        **_CASE,
        amendment=1,
        changes=_CHANGES,
        previous_cents=80_000_000,
        amount_cents=60_000_000,
        previous_budget=_BUDGET,
        budget=_LESS,
        partners=[_JOINING],
        previous=_TERM,
        term=Period(start="2022-01-01", end="2025-06-30"),
        approved_by=ident("person", "other"),
        checks=[],
    ),
    AmendmentRefused(**_CASE, amendment=2, changes=_CHANGES, reason=_REASON, checks=[]),
    AmendmentWithdrawn(**_CASE, amendment=3, reason=_REASON),
    AwardAdopted(
        **_CASE,
        previous_cents=80_000_000,
        amount_cents=60_000_000,
        budget=_LESS,
        reference="VR 2024/3",
        source=Source(event_id=ident("event", "golden"), position=41),
    ),
    TermExtended(
        **_CASE,
        previous=_TERM,
        term=Period(start="2022-01-01", end="2026-06-30"),
        reference="VR 2025 1210 DOC.2",
        reason=_REASON,
        checks=[],
    ),
    ContractSuspended(**_CASE, ground="report_missing", reason=_REASON, review_on="2024-06-30", effective_at=_AT),
    ContractResumed(**_CASE, reason=_REASON, effective_at=_AT),
    ContractTerminated(
        **_CASE,
        beneficiary=_CITY,
        ground="by_agreement",
        reference="MB 2024/12",
        reason=_REASON,
        amount_cents=80_000_000,
        in_force=True,
        term=Period(start="2022-01-01", end="2024-03-15"),
        effective_at=_AT,
    ),
    ContractRedrafted(
        **_CASE,
        beneficiary=_CITY,
        project="Op de grens",
        neighbourhood="Rabot",
        amount_cents=60_000_000,
        budget=_LESS,
        partners=[_JOINING],
        term=_TERM,
        synthetic=False,
        reference="VR 2024/5",
        source=Source(event_id=ident("event", "golden"), position=43),
    ),
    ContractExpired(
        **_CASE,
        beneficiary=_CITY,
        amount_cents=80_000_000,
        in_force=False,
        term=_TERM,
        effective_at="2025-12-31T22:59:59.000000Z",
    ),
)
"""Facts of a contract that the play does not take."""
