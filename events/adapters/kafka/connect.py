"""The way to Kafka: what every client is told of address and identity, and its errors in our words."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol, TypeAlias, TypeVar

from aiokafka import errors

from events.failures import CannotRun
from events.store import StoreUnavailable

Security: TypeAlias = Literal["plaintext", "sasl_plaintext", "sasl_ssl"]

MECHANISM = "SCRAM-SHA-512"

CLIENT_ERRORS: tuple[type[Exception], ...] = (errors.KafkaError, TimeoutError, OSError)
"""What a client can raise of the world; a closed or misused client is a bug of ours and raises something else."""

DENIED: tuple[type[Exception], ...] = (
    errors.TopicAuthorizationFailedError,
    errors.GroupAuthorizationFailedError,
    errors.ClusterAuthorizationFailedError,
    errors.TransactionalIdAuthorizationFailed,
)

MISTAKEN: tuple[type[Exception], ...] = (
    errors.IllegalStateError,
    errors.IllegalArgumentError,
    errors.KafkaConfigurationError,
)
"""Faults of the caller: they stay what they are, so that they are seen and mended."""


@dataclass(frozen=True, slots=True)
class KafkaAccess:
    """Where Kafka is and who asks. `bootstrap` is `host:port`, commas between; `ca` a PEM file for `sasl_ssl`."""

    bootstrap: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    security: Security = "plaintext"
    ca: Path | None = None

    def client(self) -> dict[str, Any]:
        """Keyword arguments that every aiokafka client takes; CannotRun when they cannot be made."""
        if self.security == "plaintext":
            return {"bootstrap_servers": self.bootstrap}
        if self.user is None or self.password is None:
            raise CannotRun(
                f"Kafka's security is {self.security} and no user is named: "
                "set WIJKSPOOR_KAFKA_USER and WIJKSPOOR_KAFKA_PASSWORD."
            )
        return {
            "bootstrap_servers": self.bootstrap,
            "security_protocol": self.security.upper(),
            "sasl_mechanism": MECHANISM,
            "sasl_plain_username": self.user,
            "sasl_plain_password": self.password,
            **({"ssl_context": self._trust()} if self.security == "sasl_ssl" else {}),
        }

    def _trust(self) -> ssl.SSLContext:
        try:
            return ssl.create_default_context(cafile=self.ca)
        except (OSError, ssl.SSLError) as error:
            raise CannotRun(f"The certificate {self.ca} cannot be read ({error}): check WIJKSPOOR_KAFKA_CA.") from error

    def unreachable(self) -> str:
        """Why there is no connection. A wrong password and a wrong address look the same to a client."""
        if self.user is None:
            return f"Kafka at {self.bootstrap} cannot be reached: start it, or check the address."
        return f"Kafka at {self.bootstrap} cannot be reached as {self.user}: check address or credentials."


def in_words(error: Exception, access: KafkaAccess | None = None) -> Exception:
    """A client's error as one of ours: try later, or cannot run. A bug stays what it is."""
    # A time-out is an OSError too.
    if isinstance(error, MISTAKEN):
        return error
    if isinstance(error, DENIED):
        return CannotRun(_denied(error, access))
    if isinstance(error, errors.KafkaConnectionError | errors.NoBrokersAvailable | OSError):
        return StoreUnavailable(access.unreachable() if access else f"Kafka cannot be reached: {_bare(error)}")
    if isinstance(error, errors.AuthenticationFailedError | errors.SaslAuthenticationFailed):
        return CannotRun(access.unreachable() if access else "Kafka cannot be reached: check address or credentials.")
    if isinstance(error, errors.UnknownTopicOrPartitionError):
        return CannotRun(f"A topic is missing on Kafka ({_bare(error)}): run wijkspoor topics apply.")
    if isinstance(error, errors.KafkaError):
        return StoreUnavailable(f"Kafka cannot serve just now: {_bare(error)}")
    return error


@contextmanager
def in_our_words(access: KafkaAccess | None = None) -> Iterator[None]:
    """Raise StoreUnavailable or CannotRun in place of the client's errors; `access` lets them name who and where."""
    try:
        yield
    except CLIENT_ERRORS as error:
        told = in_words(error, access)
        if told is error:
            raise
        raise told from error


class Client(Protocol):
    """A producer or consumer of aiokafka."""

    async def start(self) -> None:
        """Connect."""

    async def stop(self) -> None:
        """Leave the group, send what waits, disconnect."""


AnyClient = TypeVar("AnyClient", bound=Client)


@asynccontextmanager
async def opened(client: AnyClient, access: KafkaAccess | None = None) -> AsyncIterator[AnyClient]:
    """A started client, stopped afterwards; its own `async with` leaves connections open when the start fails."""
    with in_our_words(access):
        try:
            await client.start()
            yield client
        finally:
            await client.stop()


def _denied(error: Exception, access: KafkaAccess | None) -> str:
    who = access.user if access and access.user else "this user"
    what = {
        errors.TopicAuthorizationFailedError: "do this on topic",
        errors.GroupAuthorizationFailedError: "use the consumer group",
        errors.ClusterAuthorizationFailedError: "do this on the cluster",
        errors.TransactionalIdAuthorizationFailed: "use a transaction",
    }[type(error)]
    named = ", ".join(sorted(_names(error)))
    return f"Kafka does not let {who} {what}{' ' + named if named else ''}: run wijkspoor topics check as admin."


def _names(error: Exception) -> set[str]:
    """What the error is about: clients give one name, a list of them, or nothing."""
    found: set[str] = set()
    for one in error.args:
        if isinstance(one, str):
            found.add(one)
        elif isinstance(one, set | frozenset | list | tuple):
            found |= {str(name) for name in one}
    return found


def _bare(error: Exception) -> str:
    return str(error) or type(error).__name__
