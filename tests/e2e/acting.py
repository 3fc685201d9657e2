"""What people do in a call, in short words: steps that the plays of several calls share.

Nothing here knows a rule of a call: its codes and numbers come with its terms.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from events.catalog import KINDS
from events.envelope import Actor
from events.times import instant, moment
from services.deciding import case_id
from services.story.player import Unexpected
from services.story.script import Script, Step, ident, written

AGENCY = "OVO900001"
WHY = written("Zoals op het overleg besproken.")
GOOD = {"nl": "Goed.", "en": "Good."}

Lines = Sequence[Mapping[str, Any]]
Sender = Callable[[Step], Awaitable[bool]]


@dataclass
class Acting(Script):
    """A script that knows its call's terms. With every step a minute passes: the same may be sent again.

    `forbidden` holds the steps that a rule forbids without a record of it, and the code of the refusal.
    """

    terms: dict[str, Any] = field(default_factory=dict)
    forbidden: dict[str, str] = field(default_factory=dict)
    members: list[str] = field(default_factory=list)

    def send(self, by: Actor, target: str, command: str, refused: bool = False, /, **body: Any) -> None:
        """Add a step, and let a minute pass."""
        super().send(by, target, command, refused, **body)
        self._now = instant(moment(self._now) + timedelta(minutes=1))

    def act(
        self,
        role: str,
        kind: str,
        key: str,
        command: str,
        /,
        *,
        ordinal: str | int | None = None,
        no: str = "",
        on_record: bool = False,
        **body: Any,
    ) -> None:
        """Somebody sends a command about a case. `no`: the code of the refusal, of which nothing is recorded;
        `on_record`: it is refused, and that is recorded."""
        case = self.case(key)
        target = f"{KINDS[kind]}/{kind}/{case if ordinal is None else case_id(case, kind, ordinal)}"
        who = self.applicant(key) if role == "applicant" else self.official(role, role)
        self.send(who, target, command, on_record, **body)
        self._forbid(no)

    def _forbid(self, code: str) -> None:
        if code:
            self.forbidden[self.steps[-1].command_id] = code

    def on_call(self, role: str, kind: str, command: str, /, **body: Any) -> None:
        """Somebody sends a command about the call as a whole."""
        self.send(self.official(role, role), f"{KINDS[kind]}/{kind}/{self.call}", command, **body)

    def expecting(self, send: Sender) -> Sender:
        """The sender, which also expects what is forbidden to be refused with its code."""

        async def sent(step: Step) -> bool:
            code = self.forbidden.get(step.command_id)
            if code is None:
                return await send(step)
            with pytest.raises(Unexpected, match=rf"\b{code}\b"):
                await send(step)
            return False

        return sent

    # The application.

    def publish(self) -> None:
        """The call, by its terms."""
        self.on_call("case_handler", "call", "publish-call", terms=self.terms)

    def draft(self, key: str, neighbourhood: str) -> None:
        """Begin an application."""
        party = self.party(key)
        self.act(
            "applicant", "application", key, "start-draft", call=self.call, applicant=party, neighbourhood=neighbourhood
        )

    def save(self, key: str, step: str, /, *, no: str = "", **answers: Any) -> None:
        """Save a step of the form."""
        body = {"formVersion": self.terms["intake"]["form"]["version"], "step": step, "person": ident("contact", key)}
        self.act("applicant", "application", key, "save-draft-step", no=no, answers=answers, **body)

    def submit(self, key: str, /, *, no: str = "", on_record: bool = False, **body: Any) -> None:
        """Hand the application in."""
        contact = {
            "contactPerson": ident("contact", key),
            "contactName": f"Contactpersoon {key}",
            "contactEmail": f"{key}@gemeente.example",
            "contactPhone": "+32 2 555 01 24",
        }
        told = {"project": f"Project {key}", "summary": written(f"Wat {key} wil doen."), "synthetic": True, **contact}
        told["formVersion"] = self.terms["intake"]["form"]["version"]
        self.act("applicant", "application", key, "submit-application", no=no, on_record=on_record, **told, **body)

    def conclude(self, key: str, *failing: str) -> None:
        """What people must judge, and both conclusions; a file that is not admissible gets no second one."""
        for stage in ("admissibility", "eligibility"):
            asked = [one["code"] for one in self.terms["eligibility"]["humanChecks"] if one["stage"] == stage]
            for code in asked:
                told = {"check": code, "outcome": "fail" if code in failing else "pass", "reasons": WHY}
                self.act("case_handler", "assessment", key, "record-check", **told)
            self.act("case_handler", "assessment", key, f"conclude-{stage}")
            if set(asked) & set(failing):
                return

    # The jury.

    def compose(self, capacities: Sequence[str], expertise: str) -> None:
        """A jury of so many, who all declare that they have no interests. The first presides."""
        self.members = [ident("member", self.call, str(number)) for number in range(len(capacities))]
        seats = [
            {"person": person, "name": f"Lid {number}", "employer": "X", "capacity": capacity, "expertise": expertise}
            for number, (person, capacity) in enumerate(zip(self.members, capacities, strict=True))
        ]
        secretary = self.official("jury_secretary", "jury_secretary").person
        self.on_call(
            "case_handler", "panel", "compose-panel", chair=self.members[0], secretary=secretary, members=seats
        )
        for person in self.members:
            told = {"member": person, "statement": "Geen.", "organisations": []}
            self.send(self.member(person), f"jury/panel/{self.call}", "declare-interests", **told)

    def member(self, person: str, role: str = "jury_member") -> Actor:
        """A member of the jury, or its chair."""
        return Actor(role=role, organisation=AGENCY, person=person)

    def deliberate(self, key: str, points: Sequence[int], outcome: str) -> None:
        """Everybody gives these points, and all agree."""
        target = f"jury/evaluation/{self.case(key)}"
        codes = [row["code"] for row in self.terms["criteria"]]
        scores = [{"criterion": code, "points": got} for code, got in zip(codes, points, strict=True)]
        self.act("jury_secretary", "evaluation", key, "assign-application", call=self.call, members=self.members)
        for person in self.members:
            self.send(self.member(person), target, "submit-score", scores=scores)
        self.act("jury_secretary", "evaluation", key, "open-deliberation", present=self.members)
        self.send(self.member(self.members[0], "jury_chair"), target, "record-consensus", outcome=outcome)

    def advise(self, key: str, command: str, outcome: str, cents: int, /, *, no: str = "", **more: Any) -> None:
        """The chair sends the advice, provisional or for good."""
        reasons = [{"criterion": row["code"], "reason": GOOD} for row in self.terms["criteria"]]
        advice = {"outcome": outcome, "proposedCents": cents, "reasons": reasons, "conditions": []}
        chair = self.member(self.members[0], "jury_chair")
        self.send(chair, f"jury/evaluation/{self.case(key)}", command, **advice, **more)
        self._forbid(no)

    # The decision and the contract.

    def decide(self, meeting: str) -> None:
        """What the terms ask for in the file, and the Government's approval on that day."""
        self.on_call("jury_secretary", "ranking", "fix-ranking")
        asked = self.terms["decision"]
        if asked["requiresInspectorateAdvice"]:
            self.on_call("finance_inspector", "proposal", "record-inspectorate-advice", favourable=True, reference="IF")
        if asked["requiresBudgetAgreement"]:
            self.on_call("budget_officer", "proposal", "record-budget-agreement", agreed=True, reference="BA")
        told = {"meeting": meeting, "reference": f"VR {meeting} (synthetisch)"}
        self.on_call("government_secretary", "proposal", "place-on-agenda", **told)
        self.at(f"{meeting}T12:00:00")
        self.on_call("government_secretary", "proposal", "record-government-decision", result="goedgekeurd", **told)

    def sign(self, key: str, partner: Mapping[str, Any]) -> None:
        """A partner signs its pledge."""
        person = ident("signatory", key, partner["partner"])
        who = Actor(role="partner", organisation=partner["organisation"]["ovo"], person=person)
        told = {"partner": partner["partner"], "signatory": person, "name": "Tekent"}
        self.send(who, f"decision/contract/{self.case(key)}", "sign-pledge", **told)

    # The money.

    def account(self, role: str, key: str, command: str, /, *, no: str = "", **body: Any) -> None:
        """A command on the case's account."""
        self.act(role, "account", key, command, no=no, **body)

    def confirm_iban(self, key: str) -> None:
        """The account number to pay to."""
        self.account("budget_officer", key, "confirm-bank-account", iban="BE71096123456769", basis="Brief")

    def report(self, key: str, code: str, costs: Lines) -> None:
        """A report is handed in, and accepted."""
        told = {
            "costs": costs,
            "financing": [],
            "narrative": written("Wat wij deden."),
            "documentSha256": "cd" * 32,
            "synthetic": True,
        }
        self.act("applicant", "report", key, "submit-report", ordinal=code, **told)
        self.act("case_handler", "report", key, "accept-report", ordinal=code)

    def claim(self, key: str, tranche: str, costs: Lines = (), *, no: str = "") -> None:
        """A tranche is claimed."""
        told = {"case": self.case(key), "tranche": tranche, "costs": costs}
        self.act("applicant", "claim", key, "submit-claim", ordinal=tranche, no=no, **told)

    def pay(self, key: str, tranche: str, costs: Lines = (), *, partly: int | None = None) -> None:
        """Claimed, found due (in part, where a number of cents is given), ordered, released and executed."""
        self.claim(key, tranche, costs)
        if partly is None:
            self.act("payment_approver", "claim", key, "approve-claim", ordinal=tranche)
        else:
            told = {"amountCents": partly, "reason": WHY}
            self.act("payment_approver", "claim", key, "approve-partially", ordinal=tranche, **told)
        order = {"ordinal": f"{tranche}/1"}
        attempt = {"case": self.case(key), "tranche": tranche, "attempt": 1}
        self.act("budget_officer", "payment-order", key, "order-payment", **order, **attempt)
        self.act("payment_releaser", "payment-order", key, "release-payment-file", **order)
        self.act("payment_releaser", "payment-order", key, "confirm-execution", **order, valueDate=self.today)

    def settle(self, key: str, *, no: str = "") -> None:
        """The final account."""
        self.account("budget_officer", key, "settle-final-account", no=no)

    def close(self, key: str) -> None:
        """Nothing is open any more."""
        self.account("budget_officer", key, "close-account")


def spread(shares: Mapping[str, int], cost: int, subsidy: int) -> list[dict[str, Any]]:
    """A cost, and the subsidy in it, over the categories by shares in hundredths."""
    return [
        {"category": name, "amountCents": cost * share // 100, "subsidyCents": subsidy * share // 100}
        for name, share in shares.items()
    ]


def money(shares: Mapping[str, int], requested: int, own: int, partners: int = 0) -> dict[str, Any]:
    """What an application says about money: own means, and what partners bring in."""
    financing = [("subsidy", "Vlaamse Regering", requested), ("own", "Gemeente", own)]
    financing += [("partner_cash", "Partners", partners)] if partners else []
    return {
        "requestedCents": requested,
        "budget": spread(shares, requested + own + partners, requested),
        "financing": [{"source": kind, "party": who, "amountCents": cents} for kind, who, cents in financing],
    }


def organisation(name: str, ovo: str, nis: str | None = None) -> dict[str, Any]:
    """An organisation; all of them share one KBO number that adds up."""
    return {"name": name, "ovo": ovo, "kbo": "0999100097", "nis": nis}


def pledge(code: str, party: Mapping[str, Any], level: str) -> dict[str, Any]:
    """A partner's pledge; whether it is mandatory, the call says."""
    return {
        "partner": code,
        "organisation": party,
        "level": level,
        "pledge": written(f"{party['name']} doet mee."),
        "mandatory": False,
    }
