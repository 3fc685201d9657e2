"""Terms are kept, and none is called over before its end (I1, I2, I3, I5 of domain.md §6); zones worked out anew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.stranger.reading import Data, Event, Finding, utc_of


@dataclass
class Window:
    """Until when applications may come: for everybody, and for whom it is longer."""

    closes: str = ""
    own: dict[str, str] = field(default_factory=dict)
    single: bool = False
    live: dict[tuple[str, str], str] = field(default_factory=dict)


class Deadlines:
    """Follows every term that facts name."""

    def __init__(self) -> None:
        self._windows: dict[str, Window] = defaultdict(Window)
        self._asked: dict[str, tuple[str, list[str]]] = {}
        self._versions: dict[str, int] = {}
        self._reported: set[tuple[str, str]] = set()
        self._due: dict[tuple[str, str], str] = {}
        self._decided: set[str] = set()

    def take(self, one: Event) -> Iterator[Finding]:
        """Take in one event."""
        yield from _zones(one, one.data)
        yield from self._of_call(one)
        yield from self._of_application(one)
        yield from self._of_completion(one)
        yield from self._of_report(one)

    def end(self) -> Iterator[Finding]:
        """Nothing more to say at the end."""
        yield from ()

    def _of_call(self, one: Event) -> Iterator[Finding]:
        window, data = self._windows[one.call], one.data
        match one.type:
            case "CallPublished":
                window.closes = utc_of(data["terms"]["deadline"])
                window.single = data["terms"]["one_live_application"]
            case "CallDeadlineExtended" | "CallDeadlineCorrected":
                if utc_of(data["previous"]) != window.closes:
                    yield Finding("I1", one.position, one.call, "extended from another deadline than the one in force")
                window.closes = utc_of(data["deadline"])
            case "IndividualExtensionGranted":
                window.own |= dict.fromkeys(data["applicants"], utc_of(data["deadline"]))
            case "CallClosed":
                if one.at < window.closes:
                    yield Finding("I1", one.position, one.call, "closed before its deadline")
            case "GovernmentDecisionRecorded":
                if data["result"] == "goedgekeurd":
                    self._decided |= {item["case"] for item in data["items"]}
            case _:
                pass

    def _of_application(self, one: Event) -> Iterator[Finding]:
        window, data = self._windows[one.call], one.data
        match one.type:
            case "ApplicationSubmitted" | "LateSubmissionRegistered":
                applicant = data["content"]["applicant"]["ovo"]
                key = applicant, data["content"]["neighbourhood"]
                # What came late is judged by when it came, under the deadline as it is now.
                if data.get("submitted_at", one.at) > max(window.closes, window.own.get(applicant, "")):
                    yield Finding("I1", one.position, one.case, "taken in after the deadline")
                if window.single and window.live.get(key, one.case) != one.case:
                    yield Finding("I2", one.position, one.case, "a second live application for one neighbourhood")
                window.live[key] = one.case
                yield from self._version(one)
            case "LateSubmissionRecorded":
                applicant = data["content"]["applicant"]["ovo"]
                if one.at <= max(window.closes, window.own.get(applicant, "")):
                    yield Finding("I1", one.position, one.case, "called late, and was in time")
            case "ApplicantSucceeded":
                taken = (data["successor"]["ovo"], data["neighbourhood"])
                window.live = {taken if case == one.case else key: case for key, case in window.live.items()}
            case "ApplicationWithdrawn" | "DeclaredInadmissible" | "ApplicationLapsed":
                window.live = {key: case for key, case in window.live.items() if case != one.case}
                if one.type == "ApplicationWithdrawn" and one.case in self._decided:
                    yield Finding("I5", one.position, one.case, "withdrawn after the Government decided")
            case _:
                pass

    def _of_completion(self, one: Event) -> Iterator[Finding]:
        data = one.data
        match one.type:
            case "CompletionRequested" | "ApplicationReopened":
                self._asked[one.case] = utc_of(data["due"]), data["items"]
            case "CompletionSupplied":
                due, items = self._asked.pop(one.case, ("", []))
                if one.at > due:
                    yield Finding("I3", one.position, one.case, "completed after the term, or unasked")
                if not {*(added["kind"] for added in data["attachments"]), *data["items"]} <= set(items):
                    yield Finding("I3", one.position, one.case, "a completion of what was not asked for")
                if rest := [item for item in items if item not in data["items"]]:
                    self._asked[one.case] = due, rest  # It may come in parts.
                yield from self._version(one)
            case "CompletionTermLapsed":
                due, _ = self._asked.pop(one.case, ("9999", []))
                if one.at < due:
                    yield Finding("I3", one.position, one.case, "a term that lapsed before its end")
            case _:
                pass

    def _version(self, one: Event) -> Iterator[Finding]:
        known = self._versions.get(one.case, 0)
        self._versions[one.case] = one.data["application_version"]
        if one.data["application_version"] != known + 1:
            yield Finding("I3", one.position, one.case, "a version that does not follow the one before")

    def _of_report(self, one: Event) -> Iterator[Finding]:
        data = one.data
        match one.type:
            case "ReportExpected":
                self._due[one.case, data["report"]] = utc_of(data["due"])
            case "ReportSubmitted":
                self._reported.add((one.case, data["report"]))
            case "ReportCorrectionRequested":
                # Sent back, it is due again, on another day.
                self._reported.discard((one.case, data["report"]))
                self._due[one.case, data["report"]] = utc_of(data["due"])
            case "ReportOverdue":
                if one.at < max(utc_of(data["due"]), self._due.get((one.case, data["report"]), "")):
                    yield Finding("P2", one.position, one.case, "a report called overdue before its term")
                if (one.case, data["report"]) in self._reported:
                    yield Finding("P2", one.position, one.case, "a report called overdue that was handed in")
            case _:
                pass


def _zones(one: Event, value: Any) -> Iterator[Finding]:
    """Every deadline in the fact says the same moment in its zone and in UTC."""
    match value:
        case {"local": str(), "zone": str(), "utc": utc}:
            deadline: Data = value
            if utc_of(deadline) != utc:
                yield Finding("I1", one.position, one.case or one.call, "a deadline whose two clocks differ")
        case dict():
            for inner in value.values():
                yield from _zones(one, inner)
        case list():
            for inner in value:
                yield from _zones(one, inner)
        case _:
            pass
