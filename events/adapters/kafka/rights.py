"""Access rules and users, as Kafka is asked for them. The client knows the frames of some; the rest stand here."""

# The client carries no types, so a frame of ours rests on something unknown.
# mypy: disallow-subclassing-any=False

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypeAlias

from aiokafka import errors
from aiokafka.protocol.admin import CreateAclsRequest, DescribeAclsRequest
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.types import CompactArray, CompactBytes, CompactString, Int8, Int16, Int32, Schema, TaggedFields

from events.adapters.kafka.access import Kind, Operation, Resource, Rule, Rules
from events.adapters.kafka.admin import KafkaAdmin, raise_for

ANY, DENY, ALLOW, LITERAL, PREFIXED = 1, 2, 3, 3, 4
SCRAM_SHA_512 = 2
ITERATIONS, VARIETY = 8192, 64
SALT_BYTES = 16

TEXT = CompactString("utf-8")


class NoAccessControl(Exception):
    """The cluster has no authorizer: whoever reaches it may do all."""


async def rules(admin: KafkaAdmin, node: int | None = None) -> Rules:
    """Every access rule of the cluster, as any broker or this one knows it; NoAccessControl when it keeps none."""
    answer = await admin.ask(DescribeAclsRequest(ANY, None, ANY, None, None, ANY, ANY), node)
    if errors.for_code(answer.error_code) is errors.SecurityDisabled:
        raise NoAccessControl
    raise_for(answer.error_code, "access rules", answer.error_message)
    return frozenset(
        Rule(
            principal.removeprefix("User:"),
            Kind(kind),
            Resource(name, pattern == PREFIXED),
            Operation(operation),
            permission == ALLOW,
            host,
        )
        for kind, name, pattern, entries in answer.resources
        for principal, host, operation, permission in entries
    )


async def allow(admin: KafkaAdmin, added: Collection[Rule]) -> None:
    """Add access rules, and return when every broker keeps them; what is there already stays as it is."""
    if not added:
        return
    answer = await admin.ask(_CreateAcls(added))
    for rule, (code, told) in zip(added, answer.creation_responses, strict=True):
        raise_for(code, str(rule), told)

    async def kept(node: int) -> bool:
        return set(added) <= await rules(admin, node)

    await admin.seen(kept)


async def users(admin: KafkaAdmin, node: int | None = None) -> Mapping[str, int]:
    """Who can log in by SCRAM-SHA-512, at any broker or at this one, and how often each password was hashed."""
    answer = await admin.ask(_DescribeUsers(), node)
    raise_for(answer.error_code, "users", answer.error_message)
    return {
        name: iterations
        for name, code, _, infos, _ in answer.results
        for mechanism, iterations, _ in infos
        if not code and mechanism == SCRAM_SHA_512
    }


async def set_passwords(admin: KafkaAdmin, passwords: Mapping[str, str]) -> None:
    """Let users log in with these passwords and with no other; returns when every broker knows them.

    Kafka gets salted hashes only, and shows nothing of them but how often they were hashed: that number changes with
    each password, so that it tells a new one from an old one.
    """
    if not passwords:
        return
    before = await users(admin)
    hashed = {name: ITERATIONS + (before.get(name, ITERATIONS) + 1) % VARIETY for name in passwords}
    answer = await admin.ask(_AlterUsers([_salted(name, word, hashed[name]) for name, word in passwords.items()]))
    for name, code, told, _ in answer.results:
        raise_for(code, name, told)

    async def known(node: int) -> bool:
        return hashed.items() <= (await users(admin, node)).items()

    await admin.seen(known)


class _CreateAcls(CreateAclsRequest):
    """Many rules in one request; the client's own takes one."""

    def __init__(self, added: Collection[Rule]) -> None:
        self._added = added

    def build(self, request_struct_class: Any) -> Any:
        return request_struct_class(
            [
                (
                    rule.kind.value,
                    rule.resource.name,
                    PREFIXED if rule.resource.prefixed else LITERAL,
                    f"User:{rule.principal}",
                    rule.host,
                    rule.operation.value,
                    ALLOW if rule.allows else DENY,
                )
                for rule in self._added
            ]
        )


class _DescribedUsers(Response):
    API_KEY = 50
    API_VERSION = 0
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        ("error_code", Int16),
        ("error_message", TEXT),
        (
            "results",
            CompactArray(
                ("user", TEXT),
                ("error_code", Int16),
                ("error_message", TEXT),
                ("infos", CompactArray(("mechanism", Int8), ("iterations", Int32), ("tags", TaggedFields))),
                ("tags", TaggedFields),
            ),
        ),
        ("tags", TaggedFields),
    )


class _DescribeUsersV0(RequestStruct):
    FLEXIBLE_VERSION = True
    API_KEY = 50
    API_VERSION = 0
    RESPONSE_TYPE = _DescribedUsers
    SCHEMA = Schema(("users", CompactArray(("name", TEXT), ("tags", TaggedFields))), ("tags", TaggedFields))


class _DescribeUsers(Request[_DescribeUsersV0]):
    API_KEY = 50

    def build(self, request_struct_class: Any) -> Any:
        return request_struct_class(None, {})


class _AlteredUsers(Response):
    API_KEY = 51
    API_VERSION = 0
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        (
            "results",
            CompactArray(("user", TEXT), ("error_code", Int16), ("error_message", TEXT), ("tags", TaggedFields)),
        ),
        ("tags", TaggedFields),
    )


class _AlterUsersV0(RequestStruct):
    FLEXIBLE_VERSION = True
    API_KEY = 51
    API_VERSION = 0
    RESPONSE_TYPE = _AlteredUsers
    SCHEMA = Schema(
        ("deletions", CompactArray(("name", TEXT), ("mechanism", Int8), ("tags", TaggedFields))),
        (
            "upsertions",
            CompactArray(
                ("name", TEXT),
                ("mechanism", Int8),
                ("iterations", Int32),
                ("salt", CompactBytes),
                ("salted_password", CompactBytes),
                ("tags", TaggedFields),
            ),
        ),
        ("tags", TaggedFields),
    )


Salted: TypeAlias = tuple[str, int, int, bytes, bytes, dict[int, bytes]]


class _AlterUsers(Request[_AlterUsersV0]):
    API_KEY = 51

    def __init__(self, changed: Sequence[Salted], gone: Sequence[str] = ()) -> None:
        self._changed = changed
        self._gone = gone

    def build(self, request_struct_class: Any) -> Any:
        return request_struct_class([(name, SCRAM_SHA_512, {}) for name in self._gone], self._changed, {})


def _salted(name: str, password: str, iterations: int) -> Salted:
    salt = os.urandom(SALT_BYTES)
    salted = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, iterations)
    return name, SCRAM_SHA_512, iterations, salt, salted, {}
