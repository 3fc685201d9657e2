"""The panel: its terms, who sits in it, their interests, and the files put before it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from events.jury import (
    CaseAdmittedToPanel,
    CaseLeftPanel,
    InterestsDeclared,
    PanelComposed,
    PanelMember,
    PanelTermsAdopted,
)
from events.vocabulary import Check, Clear
from services.deciding import Context, Decision, accept, refuse
from services.jury.commands import (
    AdmitCase,
    AdoptPanelTerms,
    ComposePanel,
    DeclareInterests,
    DropCase,
    PanelCommand,
    Seat,
)
from services.jury.rules import J2, J3, J4, presence_params, refused, refused_as
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
        case DeclareInterests():
            return _declare(panel, command, context)
        case AdmitCase():
            known = command.case in panel.cases or command.case in panel.left
            return accept() if known else accept(_admitted(command, context), rules=panel.rules)
        case DropCase():
            # Also for a file that has not come yet: its eligibility may be on its way, and must find it gone.
            left = CaseLeftPanel(call=context.id, case=command.case, source=command.source)
            return accept() if command.case in panel.left else accept(left, rules=panel.rules)
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
    persons = [seat.person for seat in command.members]
    external = sum(seat.capacity == "external" for seat in command.members)
    sources = [context.source(context.stream, PanelTermsAdopted)]
    checks = [
        check(J2, {}, {"chair": command.chair, "secretary": command.secretary, "members": persons}, sources),
        check(
            J4,
            presence_params(panel.terms.jury),
            {"occasion": "composition", "present": len(persons), "external": external},
            sources,
        ),
    ]
    failed = next((one for one in checks if one.outcome == "fail"), None)
    return refused(failed) if failed else accept(_composed(command, context, checks), rules=panel.rules)


def _composed(command: ComposePanel, context: Context, checks: list[Check]) -> PanelComposed:
    members = [
        PanelMember(
            person=seat.person,
            name=Clear(subject=seat.person, clear=seat.name),
            employer=seat.employer,
            capacity=seat.capacity,
            expertise=seat.expertise,
        )
        for seat in command.members
    ]
    return PanelComposed(
        call=context.id, chair=command.chair, secretary=command.secretary, members=members, checks=checks
    )


def _declare(panel: Panel, command: DeclareInterests, context: Context) -> Decision:
    if context.actor.role == "jury_member" and context.actor.person != command.member:
        return refuse("OWN", "other_member", member=command.member)
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


def _admitted(command: AdmitCase, context: Context) -> CaseAdmittedToPanel:
    return CaseAdmittedToPanel(
        call=context.id,
        case=command.case,
        applicant=command.applicant,
        project=command.project,
        requested_cents=command.requested_cents,
        synthetic=command.synthetic,
        submission=command.submission,
        source=command.source,
    )
