"""Who may do what: four eyes on money, no hand of whoever has an interest (J2, J3, J4, J7, P3 of domain.md §6)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.stranger.reading import Data, Event, Finding


@dataclass
class Panel:
    """The jury of a call: who sits in it for whom, what each declared, whose files are before it."""

    secretary: str = ""
    chair: str = ""
    members: dict[str, Data] = field(default_factory=dict)
    declared: dict[str, set[str]] = field(default_factory=dict)
    files: dict[str, Data] = field(default_factory=dict)
    ranked: set[str] = field(default_factory=set)


class Jury:
    """No member in conflict scores, votes or is present; nobody scores for another."""

    def __init__(self) -> None:
        self._panels: dict[str, Panel] = defaultdict(Panel)
        self._recused: dict[str, set[str]] = defaultdict(set)
        self._cleared: dict[str, set[str]] = defaultdict(set)
        self._scored: dict[str, set[str]] = defaultdict(set)
        self._assigned: dict[str, set[str]] = defaultdict(set)
        self._present: dict[str, set[str]] = defaultdict(set)
        self._terms: dict[str, Data] = {}

    def take(self, one: Event) -> Iterator[Finding]:
        """Take in one event."""
        panel, data = self._panels[one.call], one.data
        match one.type:
            case "CallPublished":
                self._terms[one.call] = data["terms"]
            case "PanelComposed":
                panel.secretary, panel.chair = data["secretary"], data["chair"]
                panel.members = {member["person"]: member for member in data["members"]}
                if panel.secretary in panel.members:
                    yield Finding("J2", one.position, one.call, "the secretary is a member")
            case "MemberAppointed" | "MemberReplaced" | "MemberResigned":
                panel.members.pop(data.get("leaving", data["member"]) if one.type != "MemberAppointed" else "", None)
                if one.type != "MemberResigned":
                    panel.members[data["member"]["person"]] = data["member"]
                    panel.chair = data["chair"]
            case "InterestsDeclared":
                panel.declared[data["member"]] = set(data["organisations"])
            case "CaseAdmittedToPanel":
                panel.files[one.case] = data["applicant"]
            case "CaseReadmitted":
                panel.files[one.case] = data["applicant"]
            case "CaseSucceeded":
                panel.files[one.case] = data["successor"]
            case "CaseLeftPanel" | "CaseSetAside":
                panel.files.pop(one.case, None)
            case "RankingFixed" | "RankingReopened":
                panel.ranked = {entry["case"] for entry in data.get("entries", [])}
                yield from self._ranking(one, panel)
            case _:
                yield from self._of_file(one, panel)

    def end(self) -> Iterator[Finding]:
        """Nothing more to say at the end."""
        yield from ()

    def _of_file(self, one: Event, panel: Panel) -> Iterator[Finding]:
        data = one.data
        match one.type:
            case "MemberRecused" | "ConflictRecorded" | "ConflictSuggested":
                self._recused[one.case].add(data["member"])
                self._present[one.case].discard(data["member"])
            case "ConflictDismissed":
                # Looked into, and found to be none.
                self._recused[one.case].discard(data["member"])
                self._cleared[one.case].add(data["member"])
            case "ScoreVoided":
                self._scored[one.case].discard(data["member"])
            case "ApplicationAssigned":
                self._assigned[one.case] |= set(data["members"])
                for member in data["members"]:
                    if member not in panel.declared:
                        yield Finding("J3", one.position, one.case, f"{member} was assigned before declaring interests")
                yield from self._without_conflict(one, panel, data["members"])
                if one.case not in panel.files:
                    yield Finding("J1", one.position, one.case, "a file that is not before the jury")
            case "ScoreSubmitted" | "ScoreCorrected":
                self._scored[one.case].add(data["member"])
                yield from self._without_conflict(one, panel, [data["member"]])
                if one.person != data["member"]:
                    yield Finding("J3", one.position, one.case, "somebody scored for another")
                if data["member"] not in self._assigned[one.case]:
                    yield Finding("J3", one.position, one.case, "a score by a member who was not assigned")
                # A file that came before the jury later has no place in it yet.
                if one.case in panel.ranked:
                    yield Finding("J7", one.position, one.case, "a score after the ranking was fixed")
            case "DeliberationOpened":
                self._present[one.case] = set(data["present"])
                yield from self._without_conflict(one, panel, data["present"])
                yield from self._quorum(one, panel)
            case "SecretBallotHeld":
                yield from _ballot(one)
            case "ConsensusReached" | "CastingVoteUsed" | "AdviceAdopted":
                yield from self._without_conflict(one, panel, [one.person])
                table = self._present[one.case] & set(panel.members)
                # Who sits in for a chair that is not at the table has its vote.
                chairs = one.person == panel.chair or (one.person in table and panel.chair not in table)
                if one.type == "CastingVoteUsed" and not chairs:
                    yield Finding("J5", one.position, one.case, "a casting vote that is not the chair's")
                if one.type == "AdviceAdopted" and self._scored[one.case] & self._recused[one.case]:
                    yield Finding("J3", one.position, one.case, "points of who has an interest still count")
                if one.person not in panel.members:
                    yield Finding("J6", one.position, one.case, "not adopted by the jury itself")
            case _:
                pass

    def _without_conflict(self, one: Event, panel: Panel, people: list[str]) -> Iterator[Finding]:
        applicant = panel.files.get(one.case, {}).get("ovo", "")
        for person in people:
            employer = panel.members.get(person, {}).get("employer", "")
            declared = panel.declared.get(person, set())
            known = bool(applicant) and applicant in {employer, *declared} and person not in self._cleared[one.case]
            if person in self._recused[one.case] or known:
                yield Finding("J3", one.position, one.case, f"{person} has an interest in this file ({one.type})")

    def _quorum(self, one: Event, panel: Panel) -> Iterator[Finding]:
        needed = self._terms.get(one.call, {}).get("jury", {})
        present = [panel.members[person] for person in one.data["present"] if person in panel.members]
        outside = [member for member in present if member["capacity"] == "external"]
        if len(present) < needed.get("quorum", 0) or len(outside) < needed.get("min_external", 0):
            yield Finding("J4", one.position, one.case, "no quorum")

    def _ranking(self, one: Event, panel: Panel) -> Iterator[Finding]:
        if one.type != "RankingFixed":
            return
        entries = one.data["entries"]
        if sorted(entry["case"] for entry in entries) != sorted(panel.files):
            yield Finding("J7", one.position, one.call, "the ranking does not hold every file exactly once")
        if [entry["rank"] for entry in entries] != list(range(1, len(entries) + 1)):
            yield Finding("J7", one.position, one.call, "the places are not 1 to n")
        scores = [entry["score_bp"] for entry in entries if entry["outcome"] != "unfavourable"]
        if scores != sorted(scores, reverse=True):
            yield Finding("J7", one.position, one.call, "a better score stands lower")


def _ballot(one: Event) -> Iterator[Finding]:
    """Counts alone, and what most voted for; a tie decides nothing."""
    counts = {ballot["outcome"]: ballot["votes"] for ballot in one.data["ballots"]}
    best = [outcome for outcome, votes in counts.items() if votes == max(counts.values())]
    if one.data["outcome"] != (best[0] if len(best) == 1 else None):
        yield Finding("J5", one.position, one.case, "not what most voted for")
    if any(set(ballot) != {"outcome", "votes"} for ballot in one.data["ballots"]):
        yield Finding("J5", one.position, one.case, "a ballot that says more than how many")


class FourEyes:
    """Whoever approves a claim or orders a payment does not release it, and each act is by whom it says (P3)."""

    def __init__(self) -> None:
        self._approved: dict[tuple[str, str], str] = {}
        self._ordered: dict[str, str] = {}

    def take(self, one: Event) -> Iterator[Finding]:
        """Take in one event."""
        data = one.data
        match one.type:
            case "ClaimApproved" | "ClaimPartiallyApproved":
                self._approved[one.case, data["tranche"]] = data["approver"]
                yield from _by(one, data["approver"])
            case "PaymentOrdered":
                self._ordered[data["end_to_end_id"]] = data["ordered_by"]
                yield from _by(one, data["ordered_by"])
            case "PaymentFileReleased":
                approver = self._approved.get((one.case, data["tranche"]))
                if data["released_by"] in {approver, self._ordered.get(data["end_to_end_id"])}:
                    yield Finding("P3", one.position, one.case, "released by who approved or ordered it")
                if approver is None:
                    yield Finding("P3", one.position, one.case, "released what nobody approved")
                yield from _by(one, data["released_by"])
            case _:
                pass

    def end(self) -> Iterator[Finding]:
        """Nothing more to say at the end."""
        yield from ()


def _by(one: Event, named: str) -> Iterator[Finding]:
    if one.person != named:
        yield Finding("P3", one.position, one.case, f"{one.type} names another person than the one who did it")
