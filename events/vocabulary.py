"""Words that facts of several services share.

Money is integer euro cents; rates, shares and weights are integer basis points (10,000 = the whole).
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

import msgspec

from events.canonical import SAFE_INTEGER, Json

Cents: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=SAFE_INTEGER)]
BasisPoints: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=10_000)]


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of every value inside a fact: immutable, named fields only, nothing unknown."""


class Fact(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of every fact. Its class name is the event's `type`; its fields are the event's `data`."""

    call: str


class CaseFact(Fact, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A fact about one case; `case` is the application's uuid, whichever stream the fact stands in."""

    case: str


class Text(Part, frozen=True, kw_only=True):
    """One sentence in Dutch and in English, as it was told."""

    nl: str
    en: str


class Written(Part, frozen=True, kw_only=True):
    """What a person wrote, as written, with its language (``nl``, ``fr``, ``de`` or ``en``)."""

    language: str
    text: str


class Source(Part, frozen=True, kw_only=True):
    """The event from which something was copied: how a service knows what another one recorded."""

    event_id: str
    position: int


class Clear(Part, frozen=True, kw_only=True):
    """Personal data on its way into a fact. It never reaches the log: the shell seals it (`events.sealing`)."""

    subject: str
    clear: str


class Sealed(Part, frozen=True, kw_only=True):
    """Personal data as the log holds it: AES-256-GCM under a key of its data subject; base64 nonce and ciphertext."""

    sealed: Literal[1] = 1
    subject: str
    nonce: str
    ct: str


Personal: TypeAlias = Clear | Sealed
"""A value about a person. A decider makes it Clear; in the log, and so in any state, it is Sealed."""


class Check(Part, frozen=True, kw_only=True):
    """One application of one rule, complete enough to run it again years later.

    `params` come from the call's terms, `inputs` from the facts named in `source_events`; `outcome` and `code` are
    what the rule answered, `reason` the sentence that was told.
    """

    rule: str
    version: int
    params: dict[str, Json]
    inputs: dict[str, Json]
    source_events: list[str]
    outcome: Literal["pass", "fail"]
    code: str
    reason: Text


class Party(Part, frozen=True, kw_only=True):
    """An organisation: OVO code, KBO number (10 digits), official name, NIS code of a municipality."""

    ovo: str
    kbo: str
    name: str
    nis: str | None = None


class BudgetLine(Part, frozen=True, kw_only=True):
    """Cost of one category: the whole cost and the part of it that the subsidy is to bear."""

    category: str
    amount_cents: Cents
    subsidy_cents: Cents


class FinancingLine(Part, frozen=True, kw_only=True):
    """Where money comes from: the subsidy itself, own means, a partner's cash or kind, other Flemish money."""

    source: Literal["subsidy", "own", "partner_cash", "in_kind", "other_flemish"]
    party: str
    amount_cents: Cents


class Partner(Part, frozen=True, kw_only=True):
    """An actor that pledges to act: local, supra-local or Flemish. `mandatory`: no contract without its signature."""

    partner: str
    organisation: Party
    level: Literal["local", "supra_local", "flemish"]
    pledge: Written
    mandatory: bool


class Period(Part, frozen=True, kw_only=True):
    """First and last calendar day, both inclusive."""

    start: str
    end: str


class Attachment(Part, frozen=True, kw_only=True):
    """A document by its SHA-256 (lower-case hex), never by content; `kind` is a code of the call's terms."""

    kind: str
    name: str
    sha256: str
