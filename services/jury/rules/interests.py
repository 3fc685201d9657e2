"""Who may look at a file: J3, the gate of interests (belangenconflict, onthouding)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, Literal, NamedTuple, Protocol

from services.rulebook import Rule, Values, Verdict


def _passes(code: str) -> Verdict:
    return Verdict("pass", code)


def _fails(code: str) -> Verdict:
    return Verdict("fail", code)


def _j3_1(_params: Values, inputs: Any) -> Verdict:
    # The first reason that holds is told: who is no member cannot have declared anything.
    for reason in ("not_a_member", "recused", "not_declared", "employer_is_applicant", "declared_interest"):
        if inputs[reason]:
            return _fails(reason)
    return _passes("no_conflict")


def _j3(_params: Values, inputs: Any) -> Verdict:
    for reason in ("not_a_member", "recused", "employer_is_applicant", "declared_interest", "interest_in_partner"):
        if inputs[reason]:
            return _fails(reason)
    if inputs["employer_is_partner"] and not inputs["dismissed"]:
        return _fails("employer_is_partner")
    return _fails("not_declared") if inputs["not_declared"] else _passes("no_conflict")


class Seat(Protocol):
    """A member, as far as conflicts can be told from data."""

    @property
    def person(self) -> str:
        """Who it is."""

    @property
    def employer(self) -> str:
        """The employer's code."""


class Suggestion(NamedTuple):
    """What data say of a member: the ground, and the organisation it rests on."""

    member: str
    ground: Literal["employer_is_applicant", "employer_is_partner"]
    organisation: str


def suggestions(seats: Iterable[Seat], applicant: str, partners: Collection[str]) -> list[Suggestion]:
    """Every member whose employer is the applicant or a partner of it, by their codes; in the order of the seats."""
    found = []
    for seat in seats:
        if seat.employer == applicant:
            found.append(Suggestion(seat.person, "employer_is_applicant", seat.employer))
        elif seat.employer in partners:
            found.append(Suggestion(seat.person, "employer_is_partner", seat.employer))
    return found


J3_1 = Rule(
    "J3",
    1,
    _j3_1,
    {
        "no_conflict": (
            "Jurylid {member} heeft zijn belangen aangegeven en heeft geen belangenconflict bij deze aanvraag.",
            "Jury member {member} has declared interests and has no conflict of interest in this application.",
        ),
        "not_a_member": (
            "De persoon {member} is geen lid van deze jury.",
            "The person {member} is not a member of this jury.",
        ),
        "recused": (
            "Jurylid {member} onthoudt zich bij deze aanvraag: geen inzage, geen score, geen stem, geen aanwezigheid.",
            "Jury member {member} is recused from this application: no sight of it, no score, no vote, no presence.",
        ),
        "not_declared": (
            "Jurylid {member} heeft nog geen belangenverklaring afgelegd.",
            "Jury member {member} has not yet declared interests.",
        ),
        "employer_is_applicant": (
            "Jurylid {member} werkt bij de aanvrager {applicant} en kan deze aanvraag niet beoordelen.",
            "Jury member {member} is employed by the applicant {applicant} and cannot assess this application.",
        ),
        "declared_interest": (
            "Jurylid {member} heeft een belang bij de aanvrager {applicant} aangegeven en kan deze aanvraag niet "
            "beoordelen.",
            "Jury member {member} has declared an interest in the applicant {applicant} and cannot assess this "
            "application.",
        ),
        "not_assigned": (
            "Deze aanvraag is niet aan jurylid {member} toegewezen.",
            "This application is not assigned to jury member {member}.",
        ),
        "ground_not_borne_out": (
            "De opgegeven grond voor de onthouding van jurylid {member} blijkt niet uit de samenstelling van de jury "
            "of uit de belangenverklaringen.",
            "The ground given for the recusal of jury member {member} does not follow from the composition of the "
            "jury or from the declarations of interests.",
        ),
        "scored_member_left_out": (
            "Jurylid {member} heeft deze aanvraag al gescoord; de score kan alleen door een onthouding vervallen.",
            "Jury member {member} has scored this application already; only a recusal can void that score.",
        ),
    },
)

J3 = Rule(
    "J3",
    2,
    _j3,
    {
        "no_conflict": (
            "Jurylid {member} heeft zijn belangen aangegeven en heeft geen belangenconflict bij deze aanvraag.",
            "Jury member {member} has declared interests and has no conflict of interest in this application.",
        ),
        "not_a_member": (
            "De persoon {member} is geen lid van deze jury.",
            "The person {member} is not a member of this jury.",
        ),
        "recused": (
            "Jurylid {member} onthoudt zich bij deze aanvraag: geen inzage, geen score, geen stem, geen aanwezigheid.",
            "Jury member {member} is recused from this application: no sight of it, no score, no vote, no presence.",
        ),
        "not_declared": (
            "Jurylid {member} heeft nog geen belangenverklaring afgelegd.",
            "Jury member {member} has not yet declared interests.",
        ),
        "employer_is_applicant": (
            "Jurylid {member} werkt bij de aanvrager {applicant} en kan deze aanvraag niet beoordelen.",
            "Jury member {member} is employed by the applicant {applicant} and cannot assess this application.",
        ),
        "declared_interest": (
            "Jurylid {member} heeft een belang bij de aanvrager {applicant} aangegeven en kan deze aanvraag niet "
            "beoordelen.",
            "Jury member {member} has declared an interest in the applicant {applicant} and cannot assess this "
            "application.",
        ),
        "not_assigned": (
            "Deze aanvraag is niet aan jurylid {member} toegewezen.",
            "This application is not assigned to jury member {member}.",
        ),
        "ground_not_borne_out": (
            "De opgegeven grond voor de onthouding van jurylid {member} blijkt niet uit de samenstelling van de jury "
            "of uit de belangenverklaringen.",
            "The ground given for the recusal of jury member {member} does not follow from the composition of the "
            "jury or from the declarations of interests.",
        ),
        "scored_member_left_out": (
            "Jurylid {member} heeft deze aanvraag al gescoord; de score kan alleen door een onthouding vervallen.",
            "Jury member {member} has scored this application already; only a recusal can void that score.",
        ),
        "employer_is_partner": (
            "Jurylid {member} werkt bij {partner}, een partner in deze aanvraag, en kan deze aanvraag niet beoordelen "
            "zolang de secretaris dat belangenconflict niet met redenen heeft verworpen.",
            "Jury member {member} is employed by {partner}, a partner in this application, and cannot assess it as "
            "long as the secretary has not dismissed that conflict with reasons.",
        ),
        "interest_in_partner": (
            "Jurylid {member} heeft een belang bij {partner} aangegeven, een partner in deze aanvraag, en kan deze "
            "aanvraag niet beoordelen.",
            "Jury member {member} has declared an interest in {partner}, a partner in this application, and cannot "
            "assess it.",
        ),
        "nothing_suggested": (
            "Voor jurylid {member} staat bij deze aanvraag geen vermoeden van een belangenconflict open.",
            "No suggestion of a conflict of interest is open for jury member {member} in this application.",
        ),
        "cannot_be_dismissed": (
            "Jurylid {member} werkt bij de aanvrager {applicant}; dat belangenconflict kan niet worden verworpen.",
            "Jury member {member} is employed by the applicant {applicant}; that conflict cannot be dismissed.",
        ),
        "reason_missing": (
            "Een belangenconflict van jurylid {member} dat niet uit een verklaring of een gegeven blijkt, vraagt een "
            "reden.",
            "A conflict of interest of jury member {member} that follows from no declaration or data needs a reason.",
        ),
    },
)
