"""Scenes of 2021: publication, applications, eligibility, jury."""

from __future__ import annotations

from typing import Any

from services.story.money import SHARES, application_money
from services.story.script import Script, ident, load, written

LATE, WITHDRAWN, INADMISSIBLE, INELIGIBLE = "waterhoek", "zandbergen", "molenzele", "bosrode"
INCOMPLETE, CLARIFIED, RECUSED = "dendermonde", "denderleeuw", "genk"
INFRASTRUCTURE_HEAVY = {"personnel": 44, "operating": 20, "studies": 10, "infrastructure": 26}


def publication(play: Script) -> None:
    """The call, and the deadline that the sources give in two ways (10 and 19 July): our reading is an extension."""
    play.scene = "publication"
    handler = play.official("case_handler", "dossierbeheerder")
    play.at("2021-03-11T09:00:00")
    play.send(handler, f"intake/call/{play.call}", "publish-call", terms=load("calls/2021.json"))
    play.at("2021-03-22T10:00:00")
    play.send(
        handler,
        f"intake/call/{play.call}",
        "extend-call-deadline",
        deadline={"local": "2021-07-19T23:59:59", "zone": "Europe/Brussels"},
        reason=written("De pagina van het agentschap noemt 19 juli, de eerste aankondiging 10 juli (onze lezing)."),
    )


def money_of(row: dict[str, Any]) -> dict[str, Any]:
    """An applicant's budget as first submitted; Denderleeuw adds 20 % on top of the subsidy, the others 20 % of all."""
    subsidy = row["requestedCents"]
    match row["key"]:
        case "denderleeuw":
            return application_money(subsidy, 11_506_120)
        case "brugge":
            return application_money(subsidy, subsidy // 4, partner=10_000_000)
        case "bosrode":
            return application_money(subsidy, subsidy // 4, INFRASTRUCTURE_HEAVY)
        case _:
            return application_money(subsidy, subsidy // 4, SHARES)


def clarified_money() -> dict[str, Any]:
    """Denderleeuw's budget after the clarification: 143,826.50 of 719,132.50 euro is exactly 20 % (synthetic)."""
    return application_money(57_530_600, 14_382_650)


def applications(play: Script) -> None:
    """Twenty submissions, one of them seven minutes after the deadline."""
    play.scene = "applications"
    for row in sorted(play.data["applicants"], key=lambda row: str(row["submittedAt"])):
        target = f"intake/application/{play.case(row['key'])}"
        party, who = play.party(row["key"]), play.applicant(row["key"])
        play.at(row["submittedAt"], plus_minutes=-2)
        play.send(who, target, "start-draft", call=play.call, applicant=party, neighbourhood=row["neighbourhood"])
        play.at(row["submittedAt"])
        play.send(who, target, "submit-application", row["key"] == LATE, **_content(play, row))
        if row["key"] == WITHDRAWN:
            play.at("2021-07-18T09:30:00")
            play.send(who, target, "withdraw-application", reason=written("Het bestuur kiest voor een andere oproep."))


def _content(play: Script, row: dict[str, Any]) -> dict[str, Any]:
    key = row["key"]
    attachments = ["council_decision", "pledge_letters", "financial_plan"]
    if key == INCOMPLETE:
        attachments.remove("pledge_letters")
    if key == INADMISSIBLE:
        attachments.remove("council_decision")
    return {
        "project": row["project"],
        "summary": written(f"Wijkverbeteringscontract voor {row['neighbourhood']}: {row['project']}."),
        "contactPerson": ident("contact", key),
        "contactName": f"Contactpersoon {row['name']}",
        "contactEmail": f"wijk@{key}.example",
        "contactPhone": "+32 2 555 01 23",
        "themes": ["living_together", "housing", "economy"],
        "instruments": ["low_regulation_zone", "small_infrastructure"],
        **money_of(row),
        "partners": partners(play, key),
        "term": {"start": "2022-01-01", "end": "2025-12-31"},
        "attachments": [{"kind": kind, "name": f"{kind}.pdf", "sha256": _digest(key, kind)} for kind in attachments],
        "synthetic": row["syntheticAmount"],
    }


def partners(play: Script, key: str) -> list[dict[str, Any]]:
    """A local, a supra-local and a Flemish actor that pledge to act (synthetic)."""
    number = 1 + [row["key"] for row in play.data["applicants"]].index(key)
    names = {"local": "Buurthuis", "supra_local": "Intercommunale", "flemish": "Vlaamse huisvestingsmaatschappij"}
    rows = []
    for place, (level, name) in enumerate(names.items()):
        serial = 300 + number * 3 + place
        rows.append(
            {
                "partner": level,
                "organisation": {
                    "ovo": f"OVO900{serial}",
                    "kbo": _kbo(serial),
                    "name": f"{name} {number}",
                    "nis": None,
                },
                "level": level,
                "pledge": written(f"{name} {number} zet zich vier jaar in voor de wijk."),
                "mandatory": True,
            }
        )
    return rows


def supplements(play: Script) -> None:
    """One file is completed in time, one is not; the machine checks already stand."""
    play.scene = "completion"
    handler = play.official("case_handler", "dossierbeheerder")
    play.at("2021-07-21T09:00:00")
    for key, item in ((INCOMPLETE, "pledge_letters"), (INADMISSIBLE, "council_decision")):
        play.send(
            handler,
            f"intake/application/{play.case(key)}",
            "request-completion",
            items=[item],
            reason=written(f"De bijlage {item} ontbreekt."),
        )
    play.at("2021-07-28T11:00:00")
    play.send(
        play.applicant(INCOMPLETE),
        f"intake/application/{play.case(INCOMPLETE)}",
        "supply-completion",
        items=["pledge_letters"],
        attachments=[
            {
                "kind": "pledge_letters",
                "name": "engagementsverklaringen.pdf",
                "sha256": _digest(INCOMPLETE, "pledge_letters"),
            }
        ],
    )


def eligibility(play: Script) -> None:
    """Denderleeuw's own contribution: 20 % of what? Asked, answered, mended; then every file is concluded."""
    play.scene = "eligibility"
    handler = play.official("case_handler", "dossierbeheerder")
    target = f"eligibility/assessment/{play.case(CLARIFIED)}"
    play.at("2021-08-09T10:00:00")
    play.send(
        handler,
        target,
        "request-clarification",
        rules=["E3"],
        question=written(
            "U rekent 20 % bovenop de subsidie; de oproep vraagt 20 % van de totale kosten. Hoe vult u dit aan?"
        ),
    )
    play.at("2021-08-12T15:30:00")
    play.send(
        play.applicant(CLARIFIED),
        target,
        "record-clarification",
        answer=written("De gemeente verhoogt haar eigen inbreng tot 143.826,50 euro."),
        synthetic=True,
        **clarified_money(),
    )
    play.at("2021-08-16T09:00:00")
    admitted = [row["key"] for row in play.data["applicants"] if row["key"] not in (LATE, WITHDRAWN)]
    for key in admitted:
        play.send(handler, f"eligibility/assessment/{play.case(key)}", "conclude-admissibility")
    play.at("2021-08-20T09:00:00")
    for key in admitted:
        if key != INADMISSIBLE:
            play.send(handler, f"eligibility/assessment/{play.case(key)}", "conclude-eligibility")


def before_jury(play: Script) -> list[dict[str, Any]]:
    """The files that the jury sees, in the order of the data."""
    gone = (LATE, WITHDRAWN, INADMISSIBLE, INELIGIBLE)
    return [row for row in play.data["applicants"] if row["key"] not in gone]


def _digest(*parts: str) -> str:
    return ident("file", *parts).replace("-", "") * 2


def _kbo(serial: int) -> str:
    base = f"09991{serial:03d}"
    return f"{base}{97 - int(base) % 97:02d}"
