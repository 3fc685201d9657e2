"""The pure function from facts to keys claimed and released: at most one live holder of a key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from events.eligibility import AssessmentRevised, DeclaredInadmissible
from events.intake import (
    ApplicantSucceeded,
    ApplicationLapsed,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    LateSubmissionRegistered,
)
from events.payment import BankFileMade, ClaimRejected, ClaimSubmitted


@dataclass(frozen=True, slots=True)
class KeyChange:
    """Claim a key for a holder (refused while another holds it), or release it if this holder has it."""

    action: Literal["claim", "release"]
    key: str
    holder: str


def keys_of(fact: object) -> tuple[KeyChange, ...]:
    """The keys a fact claims or releases.

    One live application per call, applicant and neighbourhood (I2); a document is evidence in one case only (P8);
    a payment order goes to the bank in one file, for ever (P4).
    """
    match fact:
        case ApplicationSubmitted(claims_live_key=True) | LateSubmissionRegistered(claims_live_key=True):
            return (_live("claim", fact.call, fact.case, fact.content.applicant.ovo, fact.content.neighbourhood),)
        case ApplicantSucceeded(moves_live_key=True):
            return (
                _live("release", fact.call, fact.case, fact.previous.ovo, fact.neighbourhood),
                _live("claim", fact.call, fact.case, fact.successor.ovo, fact.neighbourhood),
            )
        case ApplicationWithdrawn() | ApplicationLapsed(releases_live_key=True):
            return (_live("release", fact.call, fact.case, fact.applicant.ovo, fact.neighbourhood),)
        case DeclaredInadmissible():
            return (_live("release", fact.call, fact.case, fact.applicant.ovo, fact.neighbourhood),)
        case BankFileMade():
            return tuple(KeyChange("claim", f"bank-file:{one.order}", fact.message_id) for one in fact.transfers)
        case ClaimSubmitted():
            digests = sorted({cost.evidence_sha256 for cost in fact.costs})
            return tuple(KeyChange("claim", f"evidence:{digest}", fact.case) for digest in digests)
        case ClaimRejected():
            return tuple(KeyChange("release", f"evidence:{digest}", fact.case) for digest in fact.evidence)
        case AssessmentRevised(claims_live_key=True):
            return (_live("claim", fact.call, fact.case, fact.applicant.ovo, fact.neighbourhood),)
        case _:
            return ()


def _live(action: Literal["claim", "release"], call: str, case: str, ovo: str, neighbourhood: str) -> KeyChange:
    return KeyChange(action, f"application:{call}:{ovo}:{neighbourhood.casefold()}", case)
