"""Every event type: which service says it, in which kind of stream, who may see it, and at which schema version.

One row per fact. Whoever adds a fact adds its row here; an architecture test finds what is missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias, get_args

from events import decision, eligibility, intake, jury, log, payment
from events.envelope import Classification
from events.vocabulary import Fact

AnyFact: TypeAlias = (
    intake.IntakeFact
    | eligibility.EligibilityFact
    | jury.JuryFact
    | decision.DecisionFact
    | payment.PaymentFact
    | log.HouseFact
)

KINDS: dict[str, str] = {
    "call": "intake",
    "application": "intake",
    "criteria": "eligibility",
    "assessment": "eligibility",
    "register": "eligibility",
    "panel": "jury",
    "evaluation": "jury",
    "ranking": "jury",
    "envelope": "decision",
    "proposal": "decision",
    "grant": "decision",
    "contract": "decision",
    "schedule": "payment",
    "account": "payment",
    "claim": "payment",
    "payment-order": "payment",
    "bank-file": "payment",
    "report": "payment",
    "recovery": "payment",
    "log": "log",
}
"""Stream kind → the service that owns it. A stream's name is `<kind>-<uuid>`."""

PER_CALL = ("call", "criteria", "panel", "ranking", "envelope", "proposal", "schedule")
PER_CASE = ("application", "assessment", "evaluation", "grant", "contract", "account")
SERVICES = ("intake", "eligibility", "jury", "decision", "payment", "log")

_FACTS: dict[str, tuple[object, Classification]] = {
    "call": (intake.CallFacts, "public"),
    "application": (intake.ApplicationFacts, "disclosable"),
    "criteria": (eligibility.CriteriaFacts, "public"),
    "assessment": (eligibility.AssessmentFacts, "disclosable"),
    "register": (eligibility.RegisterFacts, "disclosable"),
    "panel": (jury.PanelFacts, "disclosable"),
    "evaluation": (jury.EvaluationFacts, "disclosable"),
    "ranking": (jury.RankingFacts, "disclosable"),
    "envelope": (decision.EnvelopeFacts, "public"),
    "proposal": (decision.ProposalFacts, "disclosable"),
    "grant": (decision.GrantFacts, "public"),
    "contract": (decision.ContractFacts, "public"),
    "schedule": (payment.ScheduleFacts, "public"),
    "account": (payment.AccountFacts, "disclosable"),
    "report": (payment.ReportFacts, "disclosable"),
    "claim": (payment.ClaimFacts, "disclosable"),
    "payment-order": (payment.OrderFacts, "disclosable"),
    "bank-file": (payment.BankFileFacts, "disclosable"),
    "recovery": (payment.RecoveryFacts, "disclosable"),
    "log": (log.HouseFact, "public"),
}

# What differs from its stream: jury deliberations are confidential, interests are personal.
_CLASSIFIED: dict[type, Classification] = {
    jury.InterestsDeclared: "personal",
    jury.MemberResigned: "personal",
    jury.ScoreSubmitted: "confidential",
    jury.ScoreCorrected: "confidential",
    **dict.fromkeys(get_args(jury.ConflictFacts), "confidential"),
    **dict.fromkeys(get_args(jury.DeliberationFacts), "confidential"),
    payment.BankAccountConfirmed: "personal",
}

_VERSIONS: dict[type, int] = {
    decision.BeneficiarySucceeded: 2,
    decision.CandidateRegistered: 2,
    payment.AccountClosed: 2,
    payment.ClaimSubmitted: 2,
    payment.FundsDecommitted: 2,
    payment.ReportAccepted: 2,
    payment.ReportExpected: 2,
    payment.ScheduleAdopted: 3,
    decision.ApplicantNotified: 2,
    decision.EnvelopeSet: 2,
    eligibility.CriteriaAdopted: 2,
    intake.CallPublished: 3,
    jury.PanelTermsAdopted: 2,
    jury.CaseAdmittedToPanel: 2,
    jury.AdviceAdopted: 2,
}


@dataclass(frozen=True, slots=True)
class FactType:
    """One row of the catalog."""

    model: type[AnyFact]
    service: str
    kind: str
    classification: Classification
    schema_version: int


def _rows() -> dict[str, FactType]:
    rows = {}
    for kind, (union, classification) in _FACTS.items():
        for model in get_args(union) or (union,):
            rows[model.__name__] = FactType(
                model=model,
                service=KINDS[kind],
                kind=kind,
                classification=_CLASSIFIED.get(model, classification),
                schema_version=_VERSIONS.get(model, 1),
            )
    return rows


FACT_TYPES: dict[str, FactType] = _rows()
"""Event type → its row."""


def stream_name(kind: str, ident: str) -> str:
    """`<kind>-<uuid>`."""
    return f"{kind}-{ident}"


def split_stream(stream: str) -> tuple[str, str]:
    """The kind and the uuid of a stream's name (a kind may hold a hyphen, a uuid has 36 characters)."""
    return stream[:-37], stream[-36:]


def call_of(fact: AnyFact) -> str | None:
    """The call a fact belongs to; None for a house fact."""
    return fact.call if isinstance(fact, Fact) else None


_ACCOUNTING, _REPAYMENT = "Wet van 16 mei 2003, art. 11", "Wet van 16 mei 2003, art. 13"

LEGAL_BASIS: dict[type, str] = {
    payment.ReportSubmitted: _ACCOUNTING,
    payment.DefaultNoticeGiven: _ACCOUNTING,
    payment.ReportCorrectionRequested: _ACCOUNTING,
    payment.ReportAccepted: _ACCOUNTING,
    payment.ReportRejected: _ACCOUNTING,
    payment.FinalAccountSettled: _ACCOUNTING,
    payment.OverpaymentEstablished: _REPAYMENT,
    payment.RecoveryOrdered: _REPAYMENT,
    payment.RecoveryOffset: _REPAYMENT,
    payment.RepaymentReceived: _REPAYMENT,
}
"""The act of 16 May 2003 on subsidy control: accounting for the use (art. 11), repayment (art. 13); domain.md §3.1."""


def legal_basis_of(fact: AnyFact) -> str | None:
    """What the envelope names as the ground of a fact: that of its type, or the one on which it was decided."""
    match fact:
        case eligibility.DerogationGranted(legal_basis=basis):
            return basis
        case _:
            return LEGAL_BASIS.get(type(fact))
