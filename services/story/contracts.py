"""Scenes from October 2021 to January 2022: more money, the Government, pledges."""

from __future__ import annotations

from typing import Any

from events.envelope import Actor
from services.story.before import partners
from services.story.script import Script, ident, written

INCREASE = 360_000_000


def winners(play: Script) -> list[dict[str, Any]]:
    """The eleven authorities that got a contract."""
    return list(play.data["applicants"][:11])


def envelope(play: Script) -> None:
    """At 4.0 million the first five fit; the envelope grows to 7.6 million and eleven do."""
    play.scene = "envelope"
    play.at("2021-10-20T11:00:00")
    play.send(
        play.official("budget_officer", "budgetbeheerder"),
        f"decision/envelope/{play.call}",
        "increase-envelope",
        increaseCents=INCREASE,
        reference="Vlaamse Veerkracht (synthetische referentie)",
        reason=written("Het beschikbare krediet stijgt van 4,0 naar 7,6 miljoen euro."),
    )


def government(play: Script) -> None:
    """Advice, agreement, postponed once (synthetic), then approved."""
    play.scene = "government"
    target = f"decision/proposal/{play.call}"
    secretary = play.official("government_secretary", "regeringssecretaris")
    play.at("2021-11-08T10:00:00")
    play.send(
        play.official("finance_inspector", "inspecteur-van-financien"),
        target,
        "record-inspectorate-advice",
        favourable=True,
        reference="IF 2021/1 (synthetisch)",
    )
    play.at("2021-11-15T10:00:00")
    play.send(
        play.official("budget_officer", "budgetbeheerder"),
        target,
        "record-budget-agreement",
        agreed=True,
        reference="BA 2021/1 (synthetisch)",
    )
    for meeting, result in (("2021-12-10", "uitgesteld"), ("2021-12-17", "goedgekeurd")):
        reference = f"VR PV {meeting} – punt 1 (synthetisch)"
        play.at(f"{meeting}T08:00:00")
        play.send(secretary, target, "place-on-agenda", meeting=meeting, reference=reference)
        play.at(f"{meeting}T12:30:00")
        play.send(secretary, target, "record-government-decision", result=result, reference=reference, meeting=meeting)


def pledges(play: Script) -> None:
    """Every partner of the eleven contracts signs before the new year."""
    play.scene = "pledges"
    play.at("2021-12-21T09:00:00")
    for row in winners(play):
        for partner in partners(play, row["key"]):
            who = Actor(
                role="partner",
                organisation=partner["organisation"]["ovo"],
                person=ident("person", "partner", row["key"], partner["partner"]),
            )
            play.send(
                who,
                f"decision/contract/{play.case(row['key'])}",
                "sign-pledge",
                partner=partner["partner"],
                signatory=who.person,
                name=f"Ondertekenaar {partner['organisation']['name']}",
            )


def budget_shifts(play: Script) -> None:
    """2023: Gent moves money inside the limits, Oostende would pass the 20 % for infrastructure (synthetic)."""
    play.scene = "budget shifts"
    play.at("2023-05-15T10:00:00")
    for key, cents, refused in (("gent", 1_000_000, False), ("oostende", 4_000_000, True)):
        play.send(
            play.applicant(key),
            f"decision/contract/{play.case(key)}",
            "shift-budget",
            refused,
            fromCategory="operating",
            toCategory="infrastructure",
            amountCents=cents,
            reason=written("Meer werken aan het buurtplein dan gepland."),
        )


def succession(play: Script) -> None:
    """Kortessem merges into Hasselt on 1 January 2025; the contract goes on with its history."""
    play.scene = "succession"
    play.at("2025-01-02T09:00:00")
    play.send(
        play.official("case_handler", "dossierbeheerder"),
        f"decision/contract/{play.case('hasselt')}",
        "record-beneficiary-succession",
        successor={
            "ovo": "OVO900190",
            "kbo": "0999119004",
            "name": "Stad Hasselt (fusie met Kortessem)",
            "nis": "71072",
        },
        merged=[{"ovo": "OVO900191", "kbo": "0999119103", "name": "Gemeente Kortessem", "nis": "73040"}],
        effectiveOn="2025-01-01",
        basis="Fusie van Hasselt en Kortessem per 1 januari 2025",
    )
    play.successors["hasselt"] = "OVO900190"
