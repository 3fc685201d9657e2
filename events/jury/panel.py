"""Facts of the panel: who sits in it, their interests, and the files put before it."""

from __future__ import annotations

from typing import Literal, TypeAlias

from events.intake import Criterion, JuryTerms
from events.vocabulary import CaseFact, Cents, Check, Fact, Part, Party, Personal, Source


class PanelTermsAdopted(Fact, frozen=True, kw_only=True):
    """The part of the call's terms that binds the jury, copied from `source` (CallPublished)."""

    cap_cents: Cents
    criteria: list[Criterion]
    jury: JuryTerms
    source: Source


class PanelMember(Part, frozen=True, kw_only=True):
    """A member: opaque id, sealed name, employer by OVO code (or another public code), and in which capacity."""

    person: str
    name: Personal
    employer: str
    capacity: Literal["external", "government"]
    expertise: str


class PanelComposed(Fact, frozen=True, kw_only=True):
    """The head of the agency composed the jury for this call; the secretary is no member (J2)."""

    chair: str
    secretary: str
    members: list[PanelMember]
    checks: list[Check]


class MemberAppointed(Fact, frozen=True, kw_only=True):
    """A seat that had come free is taken; `chair` presides over the jury from now on."""

    member: PanelMember
    chair: str
    checks: list[Check]


class MemberResigned(Fact, frozen=True, kw_only=True):
    """A member left the jury. Points already given stay; who left decides no more."""

    member: str
    reason: Personal | None


class MemberReplaced(Fact, frozen=True, kw_only=True):
    """A member left, and another took the seat at once; `chair` presides over the jury from now on."""

    leaving: str
    member: PanelMember
    chair: str
    checks: list[Check]


class InterestsDeclared(Fact, frozen=True, kw_only=True):
    """A member declared interests before the first assignment; `organisations` are OVO codes of the conflict."""

    member: str
    statement: Personal
    organisations: list[str]


class CaseAdmittedToPanel(CaseFact, frozen=True, kw_only=True):
    """An eligible file is put before the jury (J1), copied from `source` (DeclaredEligible).

    `submission` is where the version that was judged was handed in: what was submitted earlier stands earlier there.
    `partners` are the organisations that pledged to act; version 1 did not know them.
    """

    applicant: Party
    project: str
    requested_cents: Cents
    synthetic: bool
    submission: Source
    partners: list[Party]
    source: Source


class CaseLeftPanel(CaseFact, frozen=True, kw_only=True):
    """The application was withdrawn, before or after it came to the jury: it has nothing to rank here."""

    source: Source


class CaseSetAside(CaseFact, frozen=True, kw_only=True):
    """The assessment that let the file in is revised (`source`): the jury waits until it is found eligible again.

    What the jury did with it stays on record, and counts again if it comes back.
    """

    source: Source


class CaseSucceeded(CaseFact, frozen=True, kw_only=True):
    """The file is of a legal successor from now on (`source`): for conflicts, and in the ranking."""

    previous: Party
    successor: Party
    source: Source


class CaseReadmitted(CaseFact, frozen=True, kw_only=True):
    """A file that was set aside is eligible after all, with what the assessment now says of it (`source`)."""

    applicant: Party
    project: str
    requested_cents: Cents
    synthetic: bool
    partners: list[Party]
    source: Source


PanelFacts: TypeAlias = (
    PanelTermsAdopted
    | PanelComposed
    | MemberAppointed
    | MemberResigned
    | MemberReplaced
    | InterestsDeclared
    | CaseAdmittedToPanel
    | CaseLeftPanel
    | CaseSetAside
    | CaseReadmitted
    | CaseSucceeded
)
