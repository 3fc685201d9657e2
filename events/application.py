"""What an application (aanvraag) is made of, and what a call says about how it is taken in."""

from __future__ import annotations

from typing import Literal

from events.forms import AttachmentRule, Form
from events.vocabulary import (
    Attachment,
    BudgetLine,
    Cents,
    FinancingLine,
    Name,
    Part,
    Partner,
    Party,
    Period,
    Personal,
    Written,
)


class IntakeTerms(Part, frozen=True, kw_only=True):
    """How the agency takes applications in.

    With a `register` the call keeps the list of its cases and of the Government's decisions on them; that is what lets
    intake refuse a withdrawal after the decision, reconsider late files by itself, and end the cases of a cancelled
    call. `reopening_roles` have the authority to reopen a file that was handed in. With a `form` every answer is
    checked against it; with rules for `attachments` only files that were stored here, and found to be what they say,
    count.
    """

    register: bool
    reopening_roles: list[Literal["case_handler", "admin"]]
    form: Form | None
    attachments: list[AttachmentRule]


class Contact(Part, frozen=True, kw_only=True):
    """A person of the applicant: everything about the person is sealed; `person` is the data subject's opaque id."""

    person: str
    name: Personal
    email: Personal
    phone: Personal


class Request(Part, frozen=True, kw_only=True):
    """What the local authority (lokaal bestuur) asks for, and nothing about a person."""

    applicant: Party
    neighbourhood: Name
    project: Name
    summary: Written
    themes: list[str]
    instruments: list[str]
    requested_cents: Cents
    budget: list[BudgetLine]
    financing: list[FinancingLine]
    partners: list[Partner]
    term: Period
    attachments: list[Attachment]
    synthetic: bool


class ApplicationContent(Request, frozen=True, kw_only=True):
    """What was handed in: the request and whom to speak to. A submitted version is never changed."""

    contact: Contact
