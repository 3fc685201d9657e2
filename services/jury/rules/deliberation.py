"""How a jury comes to one voice (J5), and how its ranking stays whole (J7)."""

from __future__ import annotations

from typing import Any

from services.jury.state import leading
from services.rulebook import Rule, Values, Verdict


def _passes(code: str) -> Verdict:
    return Verdict("pass", code)


def _fails(code: str) -> Verdict:
    return Verdict("fail", code)


def _j5_1(_params: Values, inputs: Values) -> Verdict:
    if not inputs["chair_present"]:
        return _fails("chair_absent")
    return _passes("consensus") if inputs["outcome"] == inputs["consensus"] else _fails("other_outcome")


def _j5(_params: Values, inputs: Any) -> Verdict:
    match inputs["occasion"]:
        case "ballot":
            return _ballot(inputs)
        case "casting_vote":
            return _casting_vote(inputs)
        case _:
            return _adoption(inputs)


def _ballot(inputs: Any) -> Verdict:
    votes = inputs["votes"]
    if sum(votes.values()) + inputs["abstentions"] != inputs["present"]:
        return _fails("ballots_and_members_differ")
    if not any(votes.values()):
        return _fails("nobody_voted")
    return _passes("majority" if len(leading(votes)) == 1 else "tied")


def _casting_vote(inputs: Any) -> Verdict:
    if not inputs["chair_present"]:
        return _fails("chair_absent")
    if not inputs["tied"]:
        return _fails("no_tie")
    return _passes("casting_vote") if inputs["outcome"] in inputs["tied"] else _fails("not_among_tied")


def _adoption(inputs: Any) -> Verdict:
    if not inputs["chair_present"]:
        return _fails("chair_absent")
    return _passes(inputs["way"]) if inputs["outcome"] == inputs["agreed"] else _fails("other_outcome")


def _j7(_params: Values, inputs: Any) -> Verdict:
    if inputs["without_advice"]:
        return _fails("advice_missing")
    if not inputs["before_jury"]:
        return _fails("nothing_to_rank")
    return _passes("complete") if sorted(inputs["ranked"]) == sorted(inputs["before_jury"]) else _fails("not_each_once")


J5_1 = Rule(
    "J5",
    1,
    _j5_1,
    {
        "consensus": (
            "De aanwezige juryleden hebben over dit besluit consensus bereikt.",
            "The members present have reached consensus on this outcome.",
        ),
        "chair_absent": (
            "Wie de jury voorzit, moet bij de beraadslaging over deze aanvraag aanwezig zijn.",
            "Whoever chairs the jury must be present at the deliberation on this application.",
        ),
        "other_outcome": (
            "Het advies wijkt af van de uitkomst waarover de jury consensus bereikte.",
            "The advice differs from the outcome on which the jury reached consensus.",
        ),
    },
)

J5 = Rule(
    "J5",
    2,
    _j5,
    {
        "consensus": (
            "De aanwezige juryleden hebben over dit besluit consensus bereikt.",
            "The members present have reached consensus on this outcome.",
        ),
        "majority": (
            "De juryleden hebben geheim gestemd; één uitkomst kreeg de meeste stemmen.",
            "The members held a secret ballot; one outcome got the most votes.",
        ),
        "tied": (
            "De juryleden hebben geheim gestemd en de stemmen staken; de voorzitter beslist.",
            "The members held a secret ballot and it is a tie; the chair decides.",
        ),
        "casting_vote": (
            "Bij staking van stemmen heeft de stem van wie voorzit de doorslag gegeven.",
            "In a tie the vote of whoever chairs has decided.",
        ),
        "chair_absent": (
            "Wie de jury voorzit, moet bij de beraadslaging over deze aanvraag aanwezig zijn.",
            "Whoever chairs the jury must be present at the deliberation on this application.",
        ),
        "other_outcome": (
            "Het advies wijkt af van de uitkomst die de jury bereikte.",
            "The advice differs from the outcome that the jury reached.",
        ),
        "ballots_and_members_differ": (
            "Stemmen en onthoudingen tellen samen niet op tot de {present} aanwezige juryleden.",
            "Votes and abstentions do not add up to the {present} members present.",
        ),
        "nobody_voted": (
            "Niemand heeft een stem uitgebracht; een stemming zonder stemmen beslist niets.",
            "Nobody cast a vote; a ballot without votes decides nothing.",
        ),
        "outcome_twice": (
            "Eenzelfde uitkomst staat meer dan één keer in de telling.",
            "The same outcome stands in the count more than once.",
        ),
        "no_tie": (
            "De stemmen staken niet; er is geen beslissende stem nodig.",
            "There is no tie; no casting vote is needed.",
        ),
        "not_among_tied": (
            "De beslissende stem gaat naar een van de uitkomsten waarover de stemmen staken: {tied}.",
            "The casting vote goes to one of the outcomes that are tied: {tied}.",
        ),
    },
)

J7 = Rule(
    "J7",
    1,
    _j7,
    {
        "complete": (
            "Elke aanvraag die bij de jury voorligt, staat precies één keer in de rangschikking.",
            "Every application before the jury stands in the ranking exactly once.",
        ),
        "advice_missing": (
            "De rangschikking kan niet worden vastgesteld: voor deze aanvragen ontbreekt een advies: {without_advice}.",
            "The ranking cannot be fixed: these applications have no advice yet: {without_advice}.",
        ),
        "nothing_to_rank": (
            "Er ligt geen enkele aanvraag bij de jury voor.",
            "There is no application before the jury.",
        ),
        "not_each_once": (
            "De rangschikking bevat niet elke aanvraag precies één keer.",
            "The ranking does not contain every application exactly once.",
        ),
        "not_fixed": (
            "De rangschikking ligt niet vast; er is niets te heropenen.",
            "The ranking is not fixed; there is nothing to reopen.",
        ),
        "ranking_fixed": (
            "De rangschikking ligt vast; zolang ze niet heropend is, veranderen punten en adviezen niet meer.",
            "The ranking is fixed; until it is reopened, points and advice do not change any more.",
        ),
    },
)
