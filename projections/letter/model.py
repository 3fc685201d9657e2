"""What a decision letter (kennisgeving) says, before it is put in a language.

Everything here is copied from facts; nothing is computed but the sum of the awards ranked before this file.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import field

from events.decision import GovernmentResult
from events.intake import Criterion, ReportTerm, Tranche
from events.jury import AdviceOutcome, ImposedCooperation, Remark
from events.times import Day, Deadline, Instant
from events.vocabulary import BudgetLine, Check, FinancingLine, Part, Partner, Party, Period, Text, Written

Outcome: TypeAlias = Literal["awarded", "refused", "reserve", "lapsed", "retracted", "inadmissible", "ineligible"]
Stage: TypeAlias = Literal["eligibility", "advice", "ranking", "proposal", "government", "decision"]


class Scheme(Part, frozen=True, kw_only=True):
    """The call under which the decision was taken; `categories` and `criteria` give its own codes their words."""

    title: Text
    legal_basis: str
    budget_article: str
    categories: dict[str, Text]
    criteria: dict[str, Criterion]
    threshold_bp: int
    tranches: list[Tranche]
    reports: list[ReportTerm]


class Application(Part, frozen=True, kw_only=True):
    """What was asked, by whom, and when it came in (`submitted_at` is that of the first version)."""

    case_number: str | None
    project: str
    neighbourhood: str
    requested_cents: int
    version: int
    submitted_at: Instant
    synthetic: bool


class CriterionOpinion(Part, frozen=True, kw_only=True):
    """What the jury thought of one criterion."""

    criterion: str
    score_bp: int
    reason: Text


class Reply(Part, frozen=True, kw_only=True):
    """The applicant's right of reply (recht van antwoord) to the advice the jury meant to adopt.

    `replied_at` and `remarks` are a reply within the term; `lapsed` says that the term ended without one; `late_at` is
    when the last reply after it came, which was not heard.
    """

    sent_at: Instant
    outcome: AdviceOutcome
    proposed_cents: int
    due: Deadline
    replied_at: Instant | None = None
    remarks: list[Remark] = field(default_factory=list)
    lapsed: bool = False
    late_at: Instant | None = None


# What not every advice has is left out where it is empty: a letter that was made before is made again byte for byte.
class Advice(Part, frozen=True, kw_only=True, omit_defaults=True):
    """The jury's reasoned advice (gemotiveerd advies), as adopted.

    `cooperation` is imposed; `reduction` says why less is proposed than was asked; `answer` is what the jury makes of
    the reply.
    """

    adopted_at: Instant
    outcome: AdviceOutcome
    score_bp: int
    proposed_cents: int
    reasons: list[CriterionOpinion]
    conditions: list[Text]
    report: Written
    cooperation: list[ImposedCooperation] = field(default_factory=list)
    reduction: Text | None = None
    answer: Text | None = None
    reply: Reply | None = None


class Place(Part, frozen=True, kw_only=True):
    """The file's place in the ranking the Government decided on, and where the money ended.

    `last` is the lowest place that was proposed an amount; `before_cents` what went to the places above this one.
    """

    rank: int
    files: int
    score_bp: int
    advised_cents: int
    proposed_cents: int
    left_before_cents: int
    before_cents: int
    proposed_files: int
    last_rank: int
    last_score_bp: int
    code: str


class Opinion(Part, frozen=True, kw_only=True):
    """The Inspectorate of Finance's advice, or the minister of budget's agreement, on the proposal."""

    given_at: Instant
    positive: bool
    reference: str


class Sitting(Part, frozen=True, kw_only=True):
    """One decision of the Flemish Government on the proposal that held this file."""

    result: GovernmentResult
    meeting: Day
    reference: str


class Grant(Part, frozen=True, kw_only=True):
    """What was awarded, and as what budget."""

    amount_cents: int
    budget: list[BudgetLine]
    financing: list[FinancingLine]
    partners: list[Partner]
    term: Period


class Motive(Part, frozen=True, kw_only=True):
    """Reasons that whoever decided wrote down: for a departure (D4), another decision than before, a retraction."""

    kind: Literal["departed", "decided_anew", "superseded", "retracted"]
    text: Written


class Told(Part, frozen=True, kw_only=True):
    """One check of one stage. `position` is the place in the log of the fact that carries it."""

    stage: Stage
    position: int
    check: Check


class Step(Part, frozen=True, kw_only=True):
    """One step on the way: its code has its words in `projections.letter.words`."""

    at: Instant
    code: str
    position: int


class Notice(Part, frozen=True, kw_only=True):
    """How the applicant can appeal, and until when if the call has a term.

    The term runs from `at`, the notification on record, or else from receipt.
    """

    at: Instant | None
    appeal: Text
    until: Deadline | None


class Letter(Part, frozen=True, kw_only=True):
    """A decision on one case and everything it rests on, as it stood when the decision was taken.

    `event_id` and `position` name the fact that is the decision; facts that came later change only `notice`. `replaces`
    is the reference of the decision that this one replaces and annuls, or takes back.
    """

    case: str
    outcome: Outcome
    event_id: str
    position: int
    decided_at: Instant
    organisation: str
    addressee: Party
    scheme: Scheme
    application: Application
    reference: str | None
    meeting: Day | None
    grant: Grant | None
    replaces: str | None
    reserve_until: Deadline | None
    reasons: list[Text]
    motives: list[Motive]
    advice: Advice | None
    place: Place | None
    envelope_cents: int | None
    inspectorate: Opinion | None
    agreement: Opinion | None
    sittings: list[Sitting]
    checks: list[Told]
    steps: list[Step]
    notice: Notice | None

    @property
    def dated(self) -> Instant:
        """The letter's own date: the notification, or the decision where none is on record."""
        return self.notice.at if self.notice and self.notice.at else self.decided_at
