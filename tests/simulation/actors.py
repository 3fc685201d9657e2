"""Who walks about: officials that hold every office in turn, local authorities, their partners, jury members.

Offices are held by few people on purpose: the same person may well stand in both rooms of a rule of four eyes.
"""

from __future__ import annotations

from random import Random
from typing import TypeVar

from msgspec.structs import replace

from events.envelope import Actor
from events.vocabulary import Partner, Party, Written
from services.jury.commands import Seat
from services.story.script import ident

T = TypeVar("T")
AGENCY = "OVO900001"
KBO = "0999100097"
OFFICIALS = tuple(ident("walk", "official", str(number)) for number in range(5))
USUAL = {
    "case_handler": 0,
    "admin": 0,
    "jury_secretary": 1,
    "budget_officer": 1,
    "government_secretary": 2,
    "payment_approver": 2,
    "payment_releaser": 3,
    "finance_inspector": 4,
    "inspector": 4,
}
"""Role → which official it falls to as a rule."""
AUTHORITIES = tuple(
    Party(ovo=f"OVO9005{number:02d}", kbo=KBO, name=f"Gemeente {number}", nis=f"991{number:02d}") for number in range(8)
)
PLACES = ("Plein", "Haven")


class Dice:
    """What chance decides in one step."""

    def __init__(self, chance: int) -> None:
        self.random = Random(chance)

    def one(self, *of: T) -> T:
        """One of these."""
        return self.random.choice(of)

    def often(self, percent: int) -> bool:
        """True so many times in a hundred."""
        return self.random.randrange(100) < percent

    def cents(self, limit: int) -> int:
        """An amount above zero at, just beside, or well under a limit."""
        return max(1, self.one(limit, limit, limit - 1, limit + 1, limit // 2, limit // 3, 1))


def official(role: str, dice: Dice | None = None) -> Actor:
    """Who holds the office as a rule; with dice, sometimes a colleague."""
    number = USUAL[role]
    if dice is not None and dice.often(10):
        number = dice.random.randrange(len(OFFICIALS))
    return Actor(role=role, organisation=AGENCY, person=OFFICIALS[number])


def service(name: str) -> Actor:
    """A service, as its reactions and timers act."""
    return Actor(role="service", organisation=AGENCY, person=f"service:{name}")


def authority(party: Party) -> Actor:
    """Somebody of a local authority."""
    return Actor(role="applicant", organisation=party.ovo, person=ident("walk", "authority", party.ovo))


def partner(party: Party) -> Actor:
    """Somebody of a partner."""
    return Actor(role="partner", organisation=party.ovo, person=ident("walk", "partner", party.ovo))


def partners(number: int) -> list[Partner]:
    """A local actor without which there is no contract, and a Flemish one that may be missed."""
    rows = (("local", True), ("flemish", False))
    return [
        Partner(
            partner=level,
            organisation=Party(ovo=f"OVO900{600 + 2 * number + place}", kbo=KBO, name=f"Buurthuis {number}/{place}"),
            level=level,
            pledge=words("Wij doen mee."),
            mandatory=mandatory,
        )
        for place, (level, mandatory) in enumerate(rows)
    ]


def seats(call: str) -> list[Seat]:
    """Six who can sit in a jury: one of a local authority that may apply, one of a partner, four of neither."""
    employers = ("Universiteit", AUTHORITIES[0].ovo, AGENCY, "Studiebureau", "OVO900602", AGENCY)
    return [
        Seat(
            person=ident("walk", "member", call, str(number)),
            name=f"Lid {number}",
            employer=employer,
            capacity="government" if employer == AGENCY else "external",
            expertise="groen",
        )
        for number, employer in enumerate(employers)
    ]


def member(person: str, role: str = "jury_member") -> Actor:
    """A member of a jury, or its chair."""
    return Actor(role=role, organisation=AGENCY, person=person)


def as_another(actor: Actor, person: str) -> Actor:
    """The same office in other hands."""
    return replace(actor, person=person)


def words(text: str) -> Written:
    """What somebody wrote."""
    return Written(language="nl", text=text)
