"""No award without what it needs, one decision in force, nothing above its ceiling (D2, D3, D5, D6, D7, J6, J8)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.stranger.reading import Data, Event, Finding

ENDS = {"DecisionSuperseded", "DecisionRetracted", "DecisionAnnulled", "AwardWaived", "MovedUpFromReserve"}
"""What takes a decision out of force, so that another one can be taken."""
BEGINS = {"GrantAwarded", "GrantRefused", "GrantDenied", "PlacedOnReserve", "ReserveLapsed"}
"""What puts one in force."""


@dataclass
class Proposal:
    """What is on file for the current version of a call's proposal, and what the Government said to it."""

    advised: bool = False
    agreed: bool = False
    meeting: str = ""
    approved: dict[str, Data] = field(default_factory=dict)
    reference: str = ""


@dataclass
class File:
    """A case on its way."""

    requested: int = 0
    eligible: bool = False
    derogated: set[str] = field(default_factory=set)
    outcome: str = ""
    in_force: str = ""
    agreed: int = 0
    shares: dict[str, int] = field(default_factory=dict)
    until: str = ""
    pledges: set[str] = field(default_factory=set)
    mandatory: set[str] = field(default_factory=set)
    active: bool = False
    settled: bool = False
    withdrawn: bool = False
    suspended: bool = False
    anew: bool = False
    notified: bool = False
    extended: bool = False


class Decisions:
    """From advice to contract."""

    def __init__(self) -> None:
        self._terms: dict[str, Data] = {}
        self._proposals: dict[str, Proposal] = defaultdict(Proposal)
        self._files: dict[str, File] = defaultdict(File)

    def take(self, one: Event) -> Iterator[Finding]:
        """Take in one event."""
        if one.type in {"CallPublished", "CallTermsAmended"}:
            self._terms[one.call] = one.data["terms"]
        yield from self._of_proposal(one)
        if one.case:
            self._learn(one, self._files[one.case])
            yield from self._of_advice(one, self._files[one.case])
            yield from self._of_grant(one, self._files[one.case])
            yield from self._of_contract(one, self._files[one.case])

    def end(self) -> Iterator[Finding]:
        """Who was refused must have been told how to appeal by now."""
        for case, file in self._files.items():
            if file.in_force and not file.notified:
                yield Finding("D5", 0, case, "a decision that the applicant was never told of")

    def _learn(self, one: Event, file: File) -> None:
        match one.type:
            case "ApplicationSubmitted" | "LateSubmissionRegistered":
                file.requested = one.data["content"]["requested_cents"]
            case "ClarificationReceived":
                file.requested = one.data["requested_cents"]
            case "DerogationGranted":
                file.derogated.add(one.data["of_check"])
            case "FinalAccountSettled":
                file.settled = True
            case "DeclaredEligible" | "DeclaredIneligible":
                file.eligible = one.type == "DeclaredEligible"
            case "ApplicationWithdrawn" | "ApplicationLapsed":
                file.withdrawn = True
            case _:
                pass

    def _of_proposal(self, one: Event) -> Iterator[Finding]:
        proposal, data = self._proposals[one.call], one.data
        match one.type:
            case "AwardProposalDrafted":
                self._proposals[one.call] = Proposal()
            case "InspectorateAdviceRecorded":
                proposal.advised = True
            case "BudgetAgreementRecorded":
                proposal.agreed = data["agreed"]
            case "ProposalAgendaed":
                proposal.meeting = data["meeting"]
            case "GovernmentDecisionRecorded" if data["result"] == "goedgekeurd":
                proposal.approved = {item["case"]: item for item in data["items"]}
                proposal.reference = data["reference"]
                yield from self._complete(one, proposal)
            case _:
                pass

    def _complete(self, one: Event, proposal: Proposal) -> Iterator[Finding]:
        needed = self._terms.get(one.call, {}).get("decision", {})
        if needed.get("requires_inspectorate_advice") and not proposal.advised:
            yield Finding("D3", one.position, one.call, "approved without the Inspectorate's advice")
        if needed.get("requires_budget_agreement") and not proposal.agreed:
            yield Finding("D3", one.position, one.call, "approved without the budget agreement")
        if proposal.meeting != one.data["meeting"]:
            yield Finding("D3", one.position, one.call, "approved at a meeting whose agenda it was not on")

    def _of_advice(self, one: Event, file: File) -> Iterator[Finding]:
        if one.type != "AdviceAdopted":
            return
        data, terms = one.data, self._terms.get(one.call, {})
        file.outcome = data["outcome"]
        wanted = {criterion["code"] for criterion in terms.get("criteria", [])}
        if not wanted <= {reason["criterion"] for reason in data["reasons"]}:
            yield Finding("J6", one.position, one.case, "a criterion without its reason")
        if data["proposed_cents"] > min(terms.get("cap_cents", 0), file.requested):
            yield Finding("J8", one.position, one.case, "advised above the request or the cap")
        if data["outcome"] != "unfavourable" and data["score_bp"] < terms.get("jury", {}).get("threshold_bp", 0):
            yield Finding("J8", one.position, one.case, "favourable below the threshold")

    def _of_grant(self, one: Event, file: File) -> Iterator[Finding]:
        match one.type:
            case name if name in BEGINS:
                # A reserve list that lapses ends its own decision.
                if file.in_force and (name, file.in_force) != ("ReserveLapsed", "PlacedOnReserve"):
                    yield Finding("D6", one.position, one.case, f"{file.in_force} is still in force")
                file.in_force, file.notified = name, False
                yield from self._awarded(one, file) if name == "GrantAwarded" else _refused(one)
            case "AwardAdjusted" if one.data["amount_cents"]:
                yield from _ceilings(one, self._terms.get(one.call, {}), one.data["amount_cents"], file)
                file.agreed = one.data["amount_cents"]
                file.shares = _shares(one)
            case "DecisionSuspended" | "SuspensionLifted":
                file.suspended = one.type == "DecisionSuspended"
            case "ApplicantNotified" | "NoticeGiven":
                file.notified = True
                if not all(one.data["appeal"].get(language) for language in ("nl", "en")):
                    yield Finding("D5", one.position, one.case, "no routes of appeal")
            case name if name in ENDS:
                named = one.data.get("replaced") or one.data.get("retracted") or one.data.get("decision")
                if one.type.startswith("Decision") and not named:
                    yield Finding("D6", one.position, one.case, "it does not name the decision that it ends")
                file.in_force, file.notified = "", True
                file.anew = file.anew or one.type.startswith("Decision")
            case _:
                pass

    def _awarded(self, one: Event, file: File) -> Iterator[Finding]:
        data, terms, amount = one.data, self._terms.get(one.call, {}), one.data["amount_cents"]
        proposal = self._proposals[one.call]
        file.agreed = amount
        item = proposal.approved.get(one.case)
        decided = item is not None and (item["proposed_cents"], proposal.reference) == (amount, data["reference"])
        # A decision taken anew on one file has its own papers, which its own check names.
        if not decided and not (file.anew and _passes(data["checks"], "D3")):
            yield Finding("D3", one.position, one.case, "the Government did not decide on this amount")
        if not file.outcome:
            yield Finding("D3", one.position, one.case, "awarded without an adopted advice")
        if not file.eligible or file.withdrawn:
            yield Finding("J1", one.position, one.case, "awarded to who is not eligible, or withdrew")
        if amount > min(terms["cap_cents"], file.requested):
            yield Finding("D2", one.position, one.case, "awarded above the request or the cap")
        yield from _ceilings(one, terms, amount, file)
        if "E3" not in file.derogated:
            yield from _own_share(one, terms["cofinancing"], amount)
        file.shares, file.until = _shares(one), data["term"]["end"]
        file.mandatory = {partner["partner"] for partner in data["partners"] if partner["mandatory"]}

    def _of_contract(self, one: Event, file: File) -> Iterator[Finding]:
        match one.type:
            case "PledgeSigned":
                file.pledges.add(one.data["partner"])
            case "PledgeRefused" | "PartnerLeft":
                file.pledges.discard(one.data["partner"])
                file.mandatory.discard(one.data["partner"])
            case "ContractRedrafted":
                file.pledges, file.settled = set(), False
                if file.in_force != "GrantAwarded":
                    yield Finding("D7", one.position, one.case, "a contract drawn up again without an award")
            case "ContractActivated":
                file.active = True
                if file.in_force != "GrantAwarded":
                    yield Finding("D7", one.position, one.case, "a contract in force without an award")
                if not file.mandatory <= file.pledges:
                    yield Finding("D7", one.position, one.case, "a contract in force without every mandatory pledge")
                # Who was derogated from the term may have the one that was awarded, and no longer one.
                derogated = "E4" in file.derogated and one.data["term"]["end"] <= file.until
                if not file.extended and not derogated:
                    yield from _term(one, self._terms.get(one.call, {}))
            case "TermExtended":
                file.extended = True
                if not one.data["reference"]:
                    yield Finding("D7", one.position, one.case, "a longer term without a decision")
            case "BudgetShifted":
                yield from _ceilings(one, self._terms.get(one.call, {}), file.agreed, file)
            case "AmendmentApproved":
                before, file.agreed = file.agreed, one.data["amount_cents"]
                yield from _ceilings(one, self._terms.get(one.call, {}), file.agreed, file)
                if file.agreed > before:
                    yield Finding("D8", one.position, one.case, "an amendment that raises the subsidy")
            case "ContractSuspended" | "ContractTerminated" | "ContractExpired":
                file.active = False
            case "ContractResumed":
                file.active = True
            case "PaymentOrdered":
                # What is owed for what was done before an early end is still paid, after the final account.
                if not file.active and not file.settled:
                    yield Finding("P2", one.position, one.case, "ordered while no contract is in force")
                if file.in_force != "GrantAwarded" or file.suspended:
                    yield Finding("P2", one.position, one.case, "ordered without an award in force")
            case _:
                pass


def _passes(checks: list[Data], rule: str) -> bool:
    return any(check["rule"] == rule and check["outcome"] == "pass" for check in checks)


def _refused(one: Event) -> Iterator[Finding]:
    if not one.data["reasons"] or not all(reason["nl"] and reason["en"] for reason in one.data["reasons"]):
        yield Finding("D5", one.position, one.case, "refused without reasons")


def _ceilings(one: Event, terms: Data, amount: int, file: File) -> Iterator[Finding]:
    lines: list[Data] = one.data["budget"]
    rule = "D8" if one.type in {"BudgetShifted", "AmendmentApproved"} else "D2"
    if sum(line["subsidy_cents"] for line in lines) != amount:
        yield Finding(rule, one.position, one.case, "the budget does not spread the award")
    derogated = "E2" in file.derogated
    for limit in terms.get("share_limits", []) if rule == "D8" or not derogated else []:
        part = _sum(line["subsidy_cents"] for line in lines if line["category"] == limit["category"])
        most = limit["max_share_bp"]
        if derogated:
            # A change keeps what was awarded in spite of the limit, and goes no further.
            most = max(most, file.shares.get(limit["category"], 0))
        if part * 10_000 > most * amount:
            yield Finding(rule, one.position, one.case, f"{limit['category']} is above its share")


def _shares(one: Event) -> dict[str, int]:
    """The share of each category in the subsidy as awarded, in hundredths of a per cent, rounded up."""
    lines: list[Data] = one.data["budget"]
    whole = _sum(line["subsidy_cents"] for line in lines)
    held = {line["category"]: 0 for line in lines}
    for line in lines:
        held[line["category"]] += line["subsidy_cents"]
    return {category: -(-cents * 10_000 // whole) if whole else 0 for category, cents in held.items()}


def _own_share(one: Event, terms: Data, amount: int) -> Iterator[Finding]:
    """Own contribution, of the base that the terms name: at least the rate, to the cent."""
    lines: list[Data] = one.data["financing"]
    counted = {"own": True, "partner_cash": terms["counts_partner_cash"], "in_kind": terms["counts_in_kind"]}
    counted["other_flemish"] = not terms["excludes_other_flemish_subsidy"]
    own = _sum(line["amount_cents"] for line in lines if counted.get(line["source"], False))
    base = amount if terms["base"] == "SUBSIDY" else _sum(line["amount_cents"] for line in one.data["budget"])
    if own * 10_000 < terms["min_rate_bp"] * base:
        yield Finding("D2", one.position, one.case, "the own contribution falls short")


def _term(one: Event, terms: Data) -> Iterator[Finding]:
    start, end = one.data["term"]["start"], one.data["term"]["end"]
    years, months = int(end[:4]) - int(start[:4]), int(end[5:7]) - int(start[5:7])
    # A month that has begun counts as one, from the day of the month on which the term began.
    whole = years * 12 + months + (1 if int(end[8:]) >= int(start[8:]) else 0)
    if whole > terms.get("term", {}).get("max_months", whole):
        yield Finding("D7", one.position, one.case, f"a term of {whole} months")


def _sum(amounts: Iterable[Any]) -> int:
    return sum(amounts)
