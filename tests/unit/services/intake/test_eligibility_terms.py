"""What a call's terms say about human checks and derogations holds together, and calls that said nothing are read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from events.catalog import FACT_TYPES
from events.eligibility import CriteriaAdopted
from events.intake import CallPublished, EligibilityTerms
from events.upcasters import upcast
from services.intake.rules import mistakes_in
from tests.unit.services.intake.examples import TERMS

GOLDEN = Path(__file__).parents[3] / "golden" / "facts"
NOTHING = EligibilityTerms(human_checks=[], derogations=[], double_funding="not_checked")
SIGNED = {
    "code": "signed",
    "label": {"nl": "Ondertekend", "en": "Signed"},
    "stage": "admissibility",
    "mandatory": True,
}


def pointers(**terms: Any) -> list[str]:
    value = msgspec.convert(
        {"human_checks": [], "derogations": [], "double_funding": "not_checked"} | terms, EligibilityTerms
    )
    return [one.pointer for one in mistakes_in(msgspec.structs.replace(TERMS, eligibility=value))]


def allowed(check: str, basis: str = "Decreet, art. 1") -> dict[str, str]:
    return {"check": check, "legal_basis": basis}


@pytest.mark.parametrize("check", ["A1", "E3", "signed"])
def test_a_rule_or_a_human_check_may_be_set_aside(check: str) -> None:
    assert pointers(human_checks=[SIGNED], derogations=[allowed(check)]) == []


def test_e6_a_derogation_is_from_a_check_that_is_made() -> None:
    wrong = [allowed("E3"), allowed("signed"), allowed("E99")]
    assert pointers(derogations=wrong) == ["/eligibility/derogations/1/check", "/eligibility/derogations/2/check"]


def test_one_check_may_be_set_aside_on_either_of_two_grounds() -> None:
    assert pointers(derogations=[allowed("E3"), allowed("E3", "Decreet, art. 2")]) == []


def test_a_human_check_has_a_code_of_its_own() -> None:
    assert pointers(human_checks=[SIGNED, SIGNED]) == ["/eligibility/humanChecks"]


@pytest.mark.parametrize("model", [CallPublished, CriteriaAdopted])
def test_a_call_of_version_1_left_nothing_to_people(model: type[Any]) -> None:
    stored = msgspec.json.decode((GOLDEN / f"{model.__name__}.v1.json").read_bytes())
    assert "eligibility" not in stored.get("terms", stored)
    fact = msgspec.convert(upcast(model.__name__, 1, FACT_TYPES[model.__name__].schema_version, stored), model)
    assert (fact.terms if isinstance(fact, CallPublished) else fact).eligibility == NOTHING
