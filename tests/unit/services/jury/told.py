"""given(…) that holds every answer to what all answers promise, whichever rule the test is about.

A refusal names a rule of its command's row and can be told in words; a check can be run again from the fact alone; what
is accepted names the terms it was decided under.
"""

from __future__ import annotations

from typing import Any

from events.envelope import Actor
from events.jury import QuorumLost
from services.deciding import Accepted, Decision, Refused, Service
from services.fields import Command
from services.rulebook import reason
from tests.given import NOON, ROOT, Given, Then


class Told(Given):
    """Given, with the promises tested at every step."""

    def when(
        self, kind: str, ident: str, command: Command, *, at: str = NOON, by: Actor | None = None, id_: str = ROOT
    ) -> Then:
        then = super().when(kind, ident, command, at=at, by=by, id_=id_)
        hold(self.service, command, then.decision)
        return then


def hold(service: Service, command: Command, decision: Decision) -> None:
    """The promises that every answer keeps."""
    rules = {(rule.id, rule.version): rule for rule in service.rules}
    if isinstance(decision, Refused):
        assert decision.rule in service.commands[type(command)].rules, f"{decision.rule} is not in the command's row"
        if versions := [rule for rule in service.rules if rule.id == decision.rule]:
            knows = [rule for rule in versions if decision.code in rule.sentences]
            latest = max(knows, key=lambda rule: rule.version)
            assert reason(latest, decision.code, decision.inputs).nl
    for fact in decision.facts:
        assert decision.rules is not None, f"{type(fact).__name__} names no terms"
        checks: list[Any] = getattr(fact, "checks", [])
        for check in checks:
            again = rules[check.rule, check.version].test(check.params, check.inputs)
            assert again == (check.outcome, check.code)
            if isinstance(decision, Accepted) and check.rule != "J3" and not isinstance(fact, QuorumLost):
                assert check.outcome == "pass"


def given(service: Service) -> Told:
    """Nothing has happened yet."""
    return Told(service)
