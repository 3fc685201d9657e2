"""A call of 20,000.00 euro with a reserve list, its ledger, and payment as far as the envelope feels it."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from uuid import UUID

from msgspec.structs import replace

from events.catalog import AnyFact
from events.decision import AwardAdjusted, GrantAwarded
from events.eligibility import DeclaredEligible
from events.jury import RankingFixed
from events.vocabulary import Source
from services.decision.commands import (
    PlaceOnAgenda,
    RecordBudgetAgreement,
    RecordGovernmentDecision,
    RecordInspectorateAdvice,
    SupersedeDecision,
)
from services.decision.state import Envelope
from services.decision.worker import DECISION
from services.fields import Command
from tests.given import NOON, Given, actor
from tests.unit.projections.samples import sample
from tests.unit.services.decision.examples import (
    CALL,
    ENTRIES,
    ENVELOPE,
    FIRST,
    MEETING,
    REASON,
    REFERENCE,
    SECOND,
    THIRD,
    dossier,
    envelope_set,
    grant,
    reactions,
)
from tests.unit.services.jury.told import given
from tests.unit.services.payment.books import Books, Uncovered

CASES = (FIRST, SECOND, THIRD)
LATER, AGAIN = "VR 2022 2801 DOC.2", "2022-01-28"


@dataclass
class Town:
    """Facts, books, and everything that follows; `committed` is what payment has of each file."""

    given: Given
    books: Books = field(default_factory=Books)
    committed: dict[str, int] = field(default_factory=dict)
    paid: dict[str, int] = field(default_factory=dict)
    heard: int = 0

    def hear(self, fact: AnyFact) -> Town:
        """Everything that follows from a fact. Each is an event of its own: the same one is heard once."""
        self.heard += 1
        source = Source(event_id=str(UUID(int=10**9 + self.heard)), position=self.heard)
        for issue in reactions(fact, self.given.state(ENVELOPE), source):
            self.send(issue.kind, issue.id, issue.command)
        return self

    def send(self, kind: str, ident: str, command: Command, at: str = NOON) -> Town:
        """A command, what it records, and everything that follows."""
        roles = DECISION.commands[type(command)].roles
        who = actor("case_handler" if "case_handler" in roles else sorted(roles)[0])
        then = self.given.when(kind, ident, command, at=at, by=who)
        books = deepcopy(self.books)
        try:
            for fact in then.decision.facts:
                books.record(fact)
        except Uncovered:
            state = self.given.state(then.stream)
            self.given.has(then.stream, *DECISION.refused_by_guard(state, command, then.context, "ledger", "exceeds"))
            return self
        self.books = books
        self.given = then.recorded()
        for fact in then.decision.facts:
            self._pay(fact)
            self.hear(fact)
        self.balanced()
        return self

    def _pay(self, fact: AnyFact) -> None:
        """Payment commits a first award, tops up a raised one, and frees what of a lowered one is not paid."""
        match fact:
            case GrantAwarded(case=case) if case not in self.committed:
                self._commit(case, fact.amount_cents, fact.attempt)
            case AwardAdjusted(case=case, attempt=int(attempt)):
                self._commit(case, fact.amount_cents - self.committed[case], attempt)
            case AwardAdjusted(case=case):
                free = self.committed[case] - max(fact.amount_cents, self.paid.get(case, 0))
                self.committed[case] -= free
                if free:
                    decommitted = sample("FundsDecommitted", call=CALL, case=case, amount_cents=free)
                    self.books.record(decommitted)
                    self.hear(decommitted)

    def _commit(self, case: str, cents: int, attempt: int) -> None:
        self.committed[case] = self.committed.get(case, 0) + cents
        self.books.record(sample("FundsCommitted", call=CALL, case=case, amount_cents=cents, attempt=attempt))

    def balanced(self) -> None:
        """D1: what the files say they hold is what the ledger took out of the envelope."""
        files = [stream for stream in self.given.streams if stream.startswith("grant-")]
        held = sum(self.given.state(stream).held_cents for stream in files)
        free = self.books.balance(f"AVAILABLE:{CALL}") - self.books.held(f"AVAILABLE:{CALL}")
        envelope: Envelope = self.given.state(ENVELOPE)
        assert free >= 0
        assert held + free == envelope.amount_cents

    def approve(self, reference: str = REFERENCE, meeting: str = MEETING, result: str = "goedgekeurd") -> Town:
        """Advice, agreement, agenda and the Government's decision on the version at hand."""
        self.send("proposal", CALL, RecordInspectorateAdvice(favourable=True, reference=f"IF {reference}"))
        self.send("proposal", CALL, RecordBudgetAgreement(agreed=True, reference=f"BA {reference}"))
        self.send("proposal", CALL, PlaceOnAgenda(meeting=meeting, reference=f"agenda {reference}"))
        decide = {"result": result, "reference": reference, "meeting": meeting}
        return self.send("proposal", CALL, RecordGovernmentDecision.model_validate(decide))

    def status(self, case: str) -> str:
        found: str = self.given.state(grant(case)).status
        return found

    def facts(self, case: str) -> list[str]:
        return [type(event.fact).__name__ for event in self.given.streams[grant(case)]]


def ranked(**decision: int | None) -> Town:
    """Three eligible files of 10,000.00 euro each are ranked; the envelope holds two."""
    terms = replace(envelope_set().decision, **{"reserve_days": 365, "postponement_days": 30, **decision})
    envelope = envelope_set(decision=terms)
    town = Town(given(DECISION).has(ENVELOPE, envelope))
    town.books.record(envelope)
    for case in CASES:
        town.hear(DeclaredEligible(call=CALL, case=case, checks=[], dossier=dossier()))
    return town.hear(RankingFixed(call=CALL, entries=ENTRIES, tie_rule="lower_amount_first", checks=[]))


def decided(**decision: int | None) -> Town:
    """The first two are awarded, the third is on the reserve list."""
    return ranked(**decision).approve()


def supersede(
    amount: int, replaces: str = REFERENCE, reference: str = LATER, **papers: str | None
) -> SupersedeDecision:
    given_papers: dict[str, str | None] = {"advice": "IF 22/1", "agreement": "BA 22/1", **papers}
    return SupersedeDecision(
        replaces=replaces, reference=reference, meeting=AGAIN, amount_cents=amount, reasons=REASON, **given_papers
    )
