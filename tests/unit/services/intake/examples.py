"""One call and one application, from which the tests vary one thing each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

import services.intake
from events.application import IntakeTerms
from events.intake import CallOpened, CallPublished, DraftStarted, Terms
from events.times import deadline
from events.vocabulary import Attachment, BudgetLine, FinancingLine, Partner, Party, Period, Written
from services.deciding import Refused
from services.intake.commands import StartDraft, SubmitApplication
from services.intake.rules import read_terms
from services.intake.worker import INTAKE
from tests.given import Given, Then, actor, given

CALLS = Path(services.intake.__file__).parent / "calls"
CALL = "01900000-0000-7000-8000-0000000000c1"
CASE = "01900000-0000-7000-8000-00000000ab0f"
PERSON = "01900000-0000-7000-8000-0000000000e1"
CALL_STREAM, CASE_STREAM = f"call-{CALL}", f"application-{CASE}"

BEFORE_OPENING = "2021-03-11T07:59:59.000000Z"
IN_TIME = "2021-06-30T14:00:00.000000Z"
LAST_MOMENT = "2021-07-10T21:59:59.000000Z"
TOO_LATE = "2021-07-10T21:59:59.000001Z"

BERINGEN = Party(ovo="OVO900109", kbo="0999000921", name="Stad Beringen", nis="71004")
MERGED = Party(ovo="OVO900199", kbo="0999000327", name="Stad Beringen-Ham", nis="71999")
PORT = Party(ovo="OVO900300", kbo="0999000129", name="Wijkpartner vzw")
APPLICANT = actor("applicant", BERINGEN.ovo)
STRANGER = actor("applicant", "OVO900101")
OFFICIAL = actor("case_handler")
TIMER = actor("service")


def in_dutch(text: str) -> Written:
    """What somebody wrote, in Dutch."""
    return Written(language="nl", text=text)


def terms(name: str = "2021") -> Terms:
    """The terms of a call that ships with the house."""
    read, mistakes = read_terms((CALLS / f"{name}.json").read_bytes())
    assert read is not None, mistakes
    return read


TERMS = terms()


def published(one: Terms = TERMS) -> CallPublished:
    """The call is published."""
    return CallPublished(call=CALL, terms=one)


def opened(one: Terms = TERMS) -> CallOpened:
    """The call is open."""
    return CallOpened(call=CALL, deadline=one.deadline)


def draft(who: Party = BERINGEN, neighbourhood: str = "Tuinwijk") -> DraftStarted:
    """The case began."""
    return DraftStarted(call=CALL, case=CASE, applicant=who, neighbourhood=neighbourhood)


def start(**other: Any) -> StartDraft:
    """Begin the application."""
    fields: dict[str, Any] = {"call": CALL, "applicant": BERINGEN, "neighbourhood": "Tuinwijk"}
    return StartDraft(**(fields | other))


def papers(*kinds: str) -> list[Attachment]:
    """One attachment of each kind."""
    return [Attachment(kind=kind, name=f"{kind}.pdf", sha256="ab" * 32) for kind in kinds]


def line(category: str, amount: int, subsidy: int) -> BudgetLine:
    """A cost line."""
    return BudgetLine(category=category, amount_cents=amount, subsidy_cents=subsidy)


def money(source: Any, amount: int) -> FinancingLine:
    """A financing line."""
    return FinancingLine(source=source, party="Stad Beringen", amount_cents=amount)


def submit(**other: Any) -> SubmitApplication:
    """A sound application: 500.000,00 euro of subsidy on a cost of 625.000,00 euro."""
    partner = Partner(
        partner="neighbours", organisation=PORT, level="local", pledge=in_dutch("Wij doen mee."), mandatory=True
    )
    fields: dict[str, Any] = {
        "project": "Tuinwijk Beringen-Mijn",
        "summary": in_dutch("Betere huurwoningen en meer ondernemerschap."),
        "contact_person": PERSON,
        "contact_name": "Mieke Janssens",
        "contact_email": "mieke@example.org",
        "contact_phone": "+32 11 00 00 00",
        "themes": ["housing", "economy"],
        "instruments": ["low_regulation_zone"],
        "requested_cents": 50_000_000,
        "budget": [line("personnel", 52_500_000, 40_000_000), line("infrastructure", 10_000_000, 10_000_000)],
        "financing": [money("subsidy", 50_000_000), money("own", 12_500_000)],
        "partners": [partner],
        "term": Period(start="2022-01-01", end="2025-12-31"),
        "attachments": papers("council_decision", "pledge_letters", "financial_plan"),
    }
    return SubmitApplication(**(fields | other))


def registering(**other: Any) -> Terms:
    """The terms of a call that keeps a register of its cases; only an admin may reopen a file."""
    fields: dict[str, Any] = {"register": True, "reopening_roles": ["admin"], "form": None, "attachments": []}
    return msgspec.structs.replace(TERMS, intake=IntakeTerms(**(fields | other)))


def an_open_call(one: Terms = TERMS) -> Given:
    """A published and open call."""
    return given(INTAKE).has(CALL_STREAM, published(one), opened(one))


def a_draft(who: Party = BERINGEN, one: Terms = TERMS) -> Given:
    """An open call and a draft."""
    return an_open_call(one).has(CASE_STREAM, draft(who))


def submitted(one: Terms = TERMS, **other: Any) -> Given:
    """An application that was handed in."""
    return a_draft(one=one).when("application", CASE, submit(**other), at=IN_TIME, by=APPLICANT).recorded()


EXTENDED = deadline("2021-07-19T23:59:59")


def inputs_of(answer: Then) -> dict[str, Any]:
    """What a refusal tells about itself."""
    assert isinstance(answer.decision, Refused), answer.decision
    return dict(answer.decision.inputs)
