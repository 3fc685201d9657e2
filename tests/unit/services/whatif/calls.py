"""A small call as its log would tell it: a few files, judged and scored, from which the tests change one term each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from events.application import ApplicationContent, Contact, Request
from events.codec import Event
from events.eligibility import (
    AssessedDossier,
    AssessmentStarted,
    CheckRecorded,
    CostsDeclared,
    DerogationGranted,
    HumanCheckRecorded,
)
from events.intake import (
    ApplicationSubmitted,
    ApplicationWithdrawn,
    CallPublished,
    DerogationTerm,
    EligibilityTerms,
    HumanCheck,
    LateSubmissionRecorded,
    LateSubmissionRegistered,
    ReceiptAcknowledged,
    Terms,
)
from events.jury import AdviceAdopted, ApplicationAssigned, CriterionScore, ScoreSubmitted
from events.times import Deadline, deadline
from events.vocabulary import Check, Sealed, Text
from services.deciding import derived_id
from services.eligibility.rules import checks_of
from services.whatif.facts import KnownCall, known
from services.whatif.replay import criteria_under
from tests.given import recorded
from tests.unit.services.eligibility.examples import dossier, in_dutch
from tests.unit.services.intake.examples import CALL, TERMS

AT = "2021-06-01T10:00:00.000000Z"
AFTER = "2021-07-11T10:00:00.000000Z"
HIDDEN = Sealed(subject=CALL, nonce="AAAA", ct="AAAA")
PAPERS = [one.code for one in TERMS.required_attachments]
BASIS = "Decreet, art. 1"


def case(name: str) -> str:
    """The case's uuid."""
    return derived_id(CALL, name)


def asking(cents: int, own: int | None = None, **other: Any) -> AssessedDossier:
    """A sound dossier for this amount, with a fifth of the cost of its own unless it says otherwise."""
    from tests.unit.services.eligibility.examples import line, money, papers

    mine = cents // 4 if own is None else own
    fields: dict[str, Any] = {
        "requested_cents": cents,
        "budget": [line("personnel", cents + mine, cents)],
        "financing": [money("subsidy", cents), money("own", mine)],
        "attachments": papers(*PAPERS),
    }
    return dossier(**(fields | other))


def content(one: AssessedDossier) -> ApplicationContent:
    """The application that a dossier was copied from."""
    shared = {name: getattr(one, name) for name in ApplicationContent.__struct_fields__ if hasattr(one, name)}
    contact = Contact(person=CALL, name=HIDDEN, email=HIDDEN, phone=HIDDEN)
    return ApplicationContent(**shared, summary=in_dutch("Zo."), contact=contact, themes=[], instruments=[])


class Log:
    """The facts of the call, in the order in which they are told."""

    def __init__(self, terms: Terms = TERMS) -> None:
        self.terms = terms
        self.events: list[Event] = []
        self.add("call", CALL, CallPublished(call=CALL, terms=terms))

    def add(self, kind: str, ident: str, *facts: Any, at: str = AT) -> Log:
        """More facts in a stream."""
        stream = f"{kind}-{ident}"
        for fact in facts:
            version = sum(one.envelope.stream == stream for one in self.events) + 1
            self.events.append(recorded(stream, fact, len(self.events) + 1, version, at))
        return self

    def submitted(self, name: str, one: AssessedDossier, *, late: bool = False) -> Log:
        """An application comes in, in time or after it."""
        told: dict[str, Any] = {
            "call": CALL,
            "case": case(name),
            "content": content(one),
            "content_sha256": "ab" * 32,
            "deadline": self.terms.deadline,
            "checks": [],
        }
        if late:
            fact = LateSubmissionRecorded(**told, submitted_at=AFTER)
            return self.add("application", case(name), fact, at=AFTER)
        fact_in_time = ApplicationSubmitted(**told, application_version=1, claims_live_key=True)
        receipt = ReceiptAcknowledged(call=CALL, case=case(name), case_number=f"WVC-{name}", submitted_at=AT)
        return self.add("application", case(name), fact_in_time, receipt)

    def registered(self, name: str, one: AssessedDossier, until: Deadline) -> Log:
        """A late one is in time after all, under a deadline that moved."""
        shared = {field: getattr(content(one), field) for field in Request.__struct_fields__}
        fact = LateSubmissionRegistered(
            call=CALL,
            case=case(name),
            application_version=1,
            content=Request(**shared),
            content_sha256="ab" * 32,
            deadline=until,
            submitted_at=AFTER,
            claims_live_key=True,
            checks=[],
        )
        return self.add("application", case(name), fact)

    def examined(self, name: str, one: AssessedDossier) -> Log:
        """Every rule was put to it."""
        criteria = criteria_under(CALL, self.terms)
        rules = ("A1", "A2", "E1", "E2", "E3", "E4", "E5")
        checks = [CheckRecorded(call=CALL, case=case(name), check=made) for made in checks_of(rules, criteria, one)]
        started = AssessmentStarted(call=CALL, case=case(name), dossier=one)
        return self.add("assessment", case(name), started, *checks)

    def judged(self, name: str, code: str, outcome: Any) -> Log:
        """A person judged it."""
        fact = HumanCheckRecorded(
            call=CALL,
            case=case(name),
            code=code,
            outcome=outcome,
            reasons=in_dutch("Zo."),
            evidence=[],
            judged_by="p",
            check=some_check("HC", outcome, check=code),
        )
        return self.add("assessment", case(name), fact)

    def set_aside(self, name: str, rule: str) -> Log:
        """A failed check was set aside."""
        state = known(CALL, self.events).files[case(name)].assessment
        fact = DerogationGranted(
            call=CALL,
            case=case(name),
            of_check=rule,
            set_aside=state.checks[rule],
            legal_basis=BASIS,
            reasons=in_dutch("Zo."),
            granted_by="p",
            check=some_check("E6", "pass", check=rule),
        )
        return self.add("assessment", case(name), fact)

    def scored(self, name: str, points: int, outcome: Any = "favourable", cents: int | None = None) -> Log:
        """One member gave every criterion so many points, and the jury adopted its advice."""
        file = known(CALL, self.events).files[case(name)]
        asked = file.dossier.requested_cents if cents is None else cents
        given = [CriterionScore(criterion=one.code, points=points) for one in self.terms.criteria]
        return self.add(
            "evaluation",
            case(name),
            ApplicationAssigned(call=CALL, case=case(name), members=["m"], requested_cents=asked, checks=[]),
            ScoreSubmitted(call=CALL, case=case(name), member="m", scores=given),
            AdviceAdopted(
                call=CALL,
                case=case(name),
                outcome=outcome,
                proposed_cents=0 if outcome == "unfavourable" else asked,
                score_bp=points * 100,
                reasons=[],
                report=in_dutch("Zo."),
                conditions=[],
                cooperation=[],
                reduction=None,
                answer=None,
                checks=[],
            ),
        )

    def file(self, name: str, cents: int, points: int, **other: Any) -> Log:
        """A sound file, all the way to the advice."""
        one = asking(cents, **other)
        return self.submitted(name, one).examined(name, one).scored(name, points)

    def withdrawn(self, name: str) -> Log:
        """The applicant took it back."""
        one = asking(1)
        fact = ApplicationWithdrawn(
            call=CALL, case=case(name), applicant=one.applicant, neighbourhood="Wijk", reason=in_dutch("Toch niet.")
        )
        return self.add("application", case(name), fact)

    def known(self) -> KnownCall:
        """The call as it is told."""
        return known(CALL, self.events)


def some_check(rule: str, outcome: Any, **params: str) -> Check:
    """A record, as far as a replay looks at it."""
    return Check(
        rule=rule,
        version=1,
        params=dict(params),
        inputs={},
        source_events=[],
        outcome=outcome,
        code="code",
        reason=Text(nl="Zo.", en="So."),
    )


def terms(**other: Any) -> Terms:
    """The terms of 2021 with one part replaced."""
    return msgspec.structs.replace(TERMS, **other)


def eligibility(*checks: HumanCheck, derogable: Iterable[str] = ()) -> EligibilityTerms:
    """What people judge, and what may be set aside."""
    allowed = [DerogationTerm(check=one, legal_basis=BASIS) for one in derogable]
    return EligibilityTerms(human_checks=list(checks), derogations=allowed, double_funding="not_checked")


LATER = deadline("2021-07-31T23:59:59")
NOISE = CostsDeclared(call=derived_id(CALL, "another call"), case=case("x"), applicant="OVO000001", costs=None)
