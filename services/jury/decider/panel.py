"""The panel: its terms, who sits in it, their interests, and the files put before it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict, assert_never

from events.intake import JuryTerms
from events.jury import (
    CaseAdmittedToPanel,
    CaseLeftPanel,
    CaseReadmitted,
    CaseSetAside,
    CaseSucceeded,
    InterestsDeclared,
    MemberAppointed,
    MemberReplaced,
    MemberResigned,
    PanelComposed,
    PanelMember,
    PanelTermsAdopted,
)
from events.vocabulary import Check, Clear, Party, Source
from services.deciding import Context, Decision, Refused, accept, refuse
from services.jury.commands import (
    AdmitCase,
    AdoptPanelTerms,
    AppointMember,
    ComposePanel,
    DeclareInterests,
    DropCase,
    PanelCommand,
    RecordResignation,
    ReplaceMember,
    Seat,
    SetCaseAside,
    SucceedCase,
)
from services.jury.rules import mix, presence_params, refused, refused_as
from services.jury.rules.interests import J3
from services.jury.rules.panel import J2, J4
from services.jury.state import Panel
from services.rulebook import check


def decide_panel(panel: Panel, command: PanelCommand, context: Context) -> Decision:
    """What follows from a command to the panel."""
    match command:
        case AdoptPanelTerms():
            return accept() if panel.terms else accept(_adopted(command, context), rules=command.source.position)
        case ComposePanel() if panel.composed is not None:
            same = _seats(command.members) == _seats(panel.composed.members) and (
                (command.chair, command.secretary) == (panel.composed.chair, panel.composed.secretary)
            )
            return accept() if same else refuse("STATE", "panel_composed", status="composed")
        case ComposePanel():
            return _compose(panel, command, context)
        case AppointMember():
            return _appoint(panel, command, context)
        case ReplaceMember():
            return _replace(panel, command, context)
        case RecordResignation():
            return _resign(panel, command, context)
        case DeclareInterests():
            return _declare(panel, command, context)
        case AdmitCase() if command.case in panel.aside - panel.left:
            return accept(CaseReadmitted(**_file(command, context)), rules=panel.rules)
        case AdmitCase():
            known = command.case in panel.cases or command.case in panel.left
            admitted = CaseAdmittedToPanel(**_file(command, context), submission=command.submission)
            return accept() if known else accept(admitted, rules=panel.rules)
        case DropCase():
            # Also for a file that has not come yet: its eligibility may be on its way, and must find it gone.
            left = CaseLeftPanel(call=context.id, case=command.case, source=command.source)
            return accept() if command.case in panel.left else accept(left, rules=panel.rules)
        case SucceedCase():
            return _succeed(panel, command, context)
        case SetCaseAside():
            aside = CaseSetAside(call=context.id, case=command.case, source=command.source)
            return accept(aside, rules=panel.rules) if command.case in panel.before_jury() else accept()
        case _:
            assert_never(command)


def _adopted(command: AdoptPanelTerms, context: Context) -> PanelTermsAdopted:
    return PanelTermsAdopted(
        call=context.id,
        cap_cents=command.cap_cents,
        criteria=command.criteria,
        jury=command.jury,
        source=command.source,
    )


def _seats(members: Sequence[PanelMember | Seat]) -> list[tuple[str, str, str, str]]:
    # Names are sealed in the log and clear in a command, so the rest of a seat tells whether it is the same one.
    return [(one.person, one.employer, one.capacity, one.expertise) for one in members]


def _compose(panel: Panel, command: ComposePanel, context: Context) -> Decision:
    if panel.terms is None:
        return refuse("STATE", "terms_not_adopted", status="none")
    checks = _seating(panel.terms.jury, command.members, command.chair, command.secretary, context)
    failed = next((one for one in checks if one.outcome == "fail"), None)
    if failed:
        return refused(failed)
    members = [_member(seat) for seat in command.members]
    composed = PanelComposed(
        call=context.id, chair=command.chair, secretary=command.secretary, members=members, checks=checks
    )
    return accept(composed, rules=panel.rules)


def _seating(
    terms: JuryTerms, seats: Sequence[PanelMember | Seat], chair: str, secretary: str, context: Context
) -> list[Check]:
    """J2 and J4 for a jury made up of these seats."""
    sources = [context.source(context.stream, PanelTermsAdopted)]
    roles = {"chair": chair, "secretary": secretary, "members": [seat.person for seat in seats]}
    return [
        check(J2, {}, roles, sources),
        check(J4, presence_params(terms), {"occasion": "composition", **mix(seats)}, sources),
    ]


def _member(seat: Seat) -> PanelMember:
    return PanelMember(
        person=seat.person,
        name=Clear(subject=seat.person, clear=seat.name),
        employer=seat.employer,
        capacity=seat.capacity,
        expertise=seat.expertise,
    )


def _appoint(panel: Panel, command: AppointMember, context: Context) -> Decision:
    if panel.terms is None or panel.composed is None:
        return refuse("STATE", "panel_not_composed", status="none")
    chair = command.chair or panel.chair
    sits = panel.members.get(command.member.person)
    if sits is not None and (_seats([sits]), panel.chair) == (_seats([command.member]), chair):
        return accept()
    seats: list[PanelMember | Seat] = [*panel.members.values(), command.member]
    checks = _seating(panel.terms.jury, seats, chair, panel.composed.secretary, context)
    failed = next((one for one in checks if one.outcome == "fail"), None)
    if failed:
        return refused(failed)
    appointed = MemberAppointed(call=context.id, member=_member(command.member), chair=chair, checks=checks)
    return accept(appointed, rules=panel.rules)


def _replace(panel: Panel, command: ReplaceMember, context: Context) -> Decision:
    if panel.terms is None or panel.composed is None:
        return refuse("STATE", "panel_not_composed", status="none")
    chair = command.chair or panel.chair
    sits = panel.members.get(command.member.person)
    if command.leaving in panel.gone and sits is not None and _seats([sits]) == _seats([command.member]):
        return accept()
    if command.leaving not in panel.members:
        return refused_as(J3, "not_a_member", member=command.leaving)
    others = [seat for person, seat in panel.members.items() if person != command.leaving]
    checks = _seating(panel.terms.jury, [*others, command.member], chair, panel.composed.secretary, context)
    failed = next((one for one in checks if one.outcome == "fail"), None)
    if failed:
        return refused(failed)
    replaced = MemberReplaced(
        call=context.id, leaving=command.leaving, member=_member(command.member), chair=chair, checks=checks
    )
    return accept(replaced, rules=panel.rules)


def _of_another(command: RecordResignation | DeclareInterests, context: Context) -> Refused | None:
    if context.actor.role == "jury_member" and context.actor.person != command.member:
        return refuse("OWN", "other_member", member=command.member)
    return None


def _resign(panel: Panel, command: RecordResignation, context: Context) -> Decision:
    if refusal := _of_another(command, context):
        return refusal
    if command.member in panel.gone:
        return accept()
    if command.member not in panel.members:
        return refused_as(J3, "not_a_member", member=command.member)
    reason = Clear(subject=command.member, clear=command.reason) if command.reason else None
    return accept(MemberResigned(call=context.id, member=command.member, reason=reason), rules=panel.rules)


def _declare(panel: Panel, command: DeclareInterests, context: Context) -> Decision:
    if refusal := _of_another(command, context):
        return refusal
    if command.member not in panel.members:
        return refused_as(J3, "not_a_member", member=command.member)
    # The statement is sealed, so it cannot be compared: saying it again is a new declaration, and both stay on record.
    declared = InterestsDeclared(
        call=context.id,
        member=command.member,
        statement=Clear(subject=command.member, clear=command.statement),
        organisations=command.organisations,
    )
    return accept(declared, rules=panel.rules)


class _File(TypedDict):
    """What the jury takes over of an eligible file, whenever it comes."""

    call: str
    case: str
    applicant: Party
    project: str
    requested_cents: int
    synthetic: bool
    partners: list[Party]
    source: Source


def _file(command: AdmitCase, context: Context) -> _File:
    return {
        "call": context.id,
        "case": command.case,
        "applicant": command.applicant,
        "project": command.project,
        "requested_cents": command.requested_cents,
        "synthetic": command.synthetic,
        "partners": command.partners,
        "source": command.source,
    }


def _succeed(panel: Panel, command: SucceedCase, context: Context) -> Decision:
    file = panel.cases.get(command.case)
    if file is None or command.case in panel.left or file.applicant.ovo != command.previous.ovo:
        return accept()
    succeeded = CaseSucceeded(
        call=context.id,
        case=command.case,
        previous=file.applicant,
        successor=command.successor,
        source=command.source,
    )
    return accept(succeeded, rules=panel.rules)
