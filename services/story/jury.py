"""Scenes of autumn 2021: the panel, a recusal, scores, advice, the ranking."""

from __future__ import annotations

from typing import Any

from events.envelope import Actor
from services.story.before import RECUSED, before_jury
from services.story.script import Script, ident, written

FAVOURABLE_FROM = 60


def panel(play: Script) -> None:
    """Nine members; one is employed by a city that applies (synthetic)."""
    play.scene = "jury"
    play.at("2021-09-01T09:00:00")
    play.send(
        play.official("admin", "administrateur"),
        f"jury/panel/{play.call}",
        "compose-panel",
        chair=_person("jurylid-1"),
        secretary=play.official("jury_secretary", "jurysecretaris").person,
        members=[
            {
                "person": _person(row["key"]),
                "name": row["name"],
                "employer": _employer(play, row),
                "capacity": row["capacity"],
                "expertise": row["expertise"],
            }
            for row in play.data["jury"]
        ],
    )
    play.at("2021-09-02T10:00:00")
    for row in play.data["jury"]:
        conflict = [_employer(play, row)] if row["employer"].startswith("@") else []
        play.send(
            _member(play, row["key"]),
            f"jury/panel/{play.call}",
            "declare-interests",
            member=_person(row["key"]),
            statement="Ik werk voor een stad die een aanvraag indiende." if conflict else "Geen belangen te melden.",
            organisations=conflict,
        )


def assignment(play: Script) -> None:
    """Every file goes to every member without a conflict."""
    secretary = play.official("jury_secretary", "jurysecretaris")
    play.at("2021-09-06T09:00:00")
    play.send(
        secretary,
        f"jury/evaluation/{play.case(RECUSED)}",
        "recuse-member",
        call=play.call,
        member=_person(_conflicted(play)),
        ground="declared_interest",
    )
    for row in before_jury(play):
        play.send(
            secretary,
            f"jury/evaluation/{play.case(row['key'])}",
            "assign-application",
            call=play.call,
            members=[_person(key) for key in _scorers(play, row["key"])],
        )


def scores(play: Script) -> None:
    """Points per member and criterion (synthetic); a recused member who tries is refused."""
    play.at("2021-09-13T09:00:00")
    for row in before_jury(play):
        for number, key in enumerate(_scorers(play, row["key"])):
            play.send(
                _member(play, key),
                f"jury/evaluation/{play.case(row['key'])}",
                "submit-score",
                scores=_points(row["score"], number, play.criteria),
            )


def deliberation(play: Script) -> None:
    """Consensus on every file, advice with a reason for every criterion, and the ranking."""
    secretary = play.official("jury_secretary", "jurysecretaris")
    chair = Actor(role="jury_chair", organisation=_member(play, "jurylid-1").organisation, person=_person("jurylid-1"))
    play.at("2021-09-27T09:00:00")
    for row in before_jury(play):
        target = f"jury/evaluation/{play.case(row['key'])}"
        outcome = "favourable" if row["score"] >= FAVOURABLE_FROM else "unfavourable"
        play.send(secretary, target, "open-deliberation", present=[_person(key) for key in _scorers(play, row["key"])])
        play.send(chair, target, "record-consensus", outcome=outcome)
        play.send(chair, target, "adopt-advice", **_advice(row, outcome, play.criteria))
    play.at("2021-10-01T14:00:00")
    play.send(secretary, f"jury/ranking/{play.call}", "fix-ranking")


def _advice(row: dict[str, Any], outcome: str, criteria: list[str]) -> dict[str, Any]:
    good = outcome == "favourable"
    words = {
        "nl": "De jury vindt dit onderdeel overtuigend."
        if good
        else "De jury vindt dit onderdeel te weinig uitgewerkt.",
        "en": "The jury finds this part convincing." if good else "The jury finds this part too little worked out.",
    }
    return {
        "outcome": outcome,
        "proposedCents": row["requestedCents"] if good else 0,
        "reasons": [{"criterion": criterion, "reason": words} for criterion in criteria],
        "report": written(f"Verslag van de beraadslaging over {row['project']} (synthetisch)."),
        "conditions": [],
    }


def _points(score: int, number: int, criteria: list[str]) -> list[dict[str, Any]]:
    # Members differ by a point either way; over the criteria the differences cancel out.
    shift = (0, 1, -1, 2, -2)
    return [
        {"criterion": criterion, "points": score + shift[(place + number) % len(shift)]}
        for place, criterion in enumerate(criteria)
    ]


def _conflicted(play: Script) -> str:
    return next(str(row["key"]) for row in play.data["jury"] if row["employer"].startswith("@"))


def _scorers(play: Script, case: str) -> list[str]:
    keys = [str(row["key"]) for row in play.data["jury"]]
    return [key for key in keys if case != RECUSED or key != _conflicted(play)]


def _employer(play: Script, row: dict[str, Any]) -> str:
    employer = str(row["employer"])
    return str(play.party(employer[1:])["ovo"]) if employer.startswith("@") else employer


def _member(play: Script, key: str) -> Actor:
    row = next(row for row in play.data["jury"] if row["key"] == key)
    return Actor(role="jury_member", organisation=_employer(play, row), person=_person(key))


def _person(key: str) -> str:
    return ident("person", key)
