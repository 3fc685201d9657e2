"""What no part of the program may do, and tests do to see that it is found: rules and users taken away."""

from __future__ import annotations

from collections.abc import Collection

from aiokafka.protocol.admin import DeleteAclsRequest

from events.adapters.kafka import rights
from events.adapters.kafka.access import Rule
from events.adapters.kafka.admin import KafkaAdmin, raise_for


async def withdraw(admin: KafkaAdmin, rules: Collection[Rule]) -> None:
    """Take access rules away."""
    for rule in rules:
        pattern = rights.PREFIXED if rule.resource.prefixed else rights.LITERAL
        permission = rights.ALLOW if rule.allows else rights.DENY
        what = (rule.kind.value, rule.resource.name, pattern)
        answer = await admin.ask(
            DeleteAclsRequest(*what, f"User:{rule.principal}", rule.host, rule.operation.value, permission)
        )
        raise_for(answer.filter_responses[0][0], str(rule))

    async def gone(node: int) -> bool:
        return not set(rules) & await rights.rules(admin, node)

    await admin.seen(gone)


async def forget_user(admin: KafkaAdmin, name: str) -> None:
    """Let a user log in no longer."""
    answer = await admin.ask(rights._AlterUsers([], gone=[name]))
    raise_for(answer.results[0][1], name)

    async def gone(node: int) -> bool:
        return name not in await rights.users(admin, node)

    await admin.seen(gone)
