"""The way to Kafka: what clients are told, and what people are told when it fails."""

from __future__ import annotations

from pathlib import Path

import pytest
from aiokafka import errors

from events.adapters.kafka.connect import KafkaAccess, in_our_words
from events.failures import CannotRun
from events.store import StoreUnavailable

PLAIN = KafkaAccess("k1:9092,k2:9092")
NAMED = KafkaAccess("k1:9092", "relay", "a secret", "sasl_plaintext")


def test_without_a_user_a_client_gets_the_address_alone() -> None:
    assert PLAIN.client() == {"bootstrap_servers": "k1:9092,k2:9092"}


def test_with_a_user_a_client_logs_in_by_scram() -> None:
    assert NAMED.client() == {
        "bootstrap_servers": "k1:9092",
        "security_protocol": "SASL_PLAINTEXT",
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": "relay",
        "sasl_plain_password": "a secret",
    }


def test_over_tls_a_client_checks_the_brokers_name() -> None:
    context = KafkaAccess("k1:9093", "relay", "a secret", "sasl_ssl").client()["ssl_context"]
    assert context.check_hostname


@pytest.mark.parametrize(("user", "password"), [(None, None), ("relay", None), (None, "x")])
def test_security_without_a_user_or_password_cannot_run(user: str | None, password: str | None) -> None:
    with pytest.raises(CannotRun, match="WIJKSPOOR_KAFKA_USER and WIJKSPOOR_KAFKA_PASSWORD"):
        KafkaAccess("k1:9092", user, password, "sasl_plaintext").client()


def test_a_certificate_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "ca.pem"
    broken.write_text("no certificate")
    for path in (broken, tmp_path / "missing.pem"):
        with pytest.raises(CannotRun, match="WIJKSPOOR_KAFKA_CA"):
            KafkaAccess("k1:9093", "relay", "x", "sasl_ssl", path).client()


def test_a_password_is_in_no_repr() -> None:
    assert "a secret" not in repr(NAMED)


@pytest.mark.parametrize(
    ("error", "access", "kind", "says"),
    [
        (errors.KafkaConnectionError("x"), PLAIN, StoreUnavailable, "k1:9092,k2:9092 cannot be reached: start it"),
        (errors.KafkaConnectionError("x"), NAMED, StoreUnavailable, "as relay: check address or credentials"),
        (errors.KafkaConnectionError("x"), None, StoreUnavailable, "cannot be reached"),
        (errors.SaslAuthenticationFailed("x"), NAMED, CannotRun, "as relay: check address or credentials"),
        (errors.SaslAuthenticationFailed("x"), None, CannotRun, "address or credentials"),
        (ConnectionRefusedError("x"), PLAIN, StoreUnavailable, "cannot be reached"),
        (TimeoutError(), PLAIN, StoreUnavailable, "cannot be reached"),
        (errors.NotEnoughReplicasError(), PLAIN, StoreUnavailable, "cannot serve just now"),
        (errors.KafkaTimeoutError(), PLAIN, StoreUnavailable, "cannot serve just now: KafkaTimeoutError"),
        (errors.UnknownTopicOrPartitionError("t"), PLAIN, CannotRun, "run wijkspoor topics apply"),
        (errors.TopicAuthorizationFailedError({"b", "a"}), NAMED, CannotRun, "let relay do this on topic a, b:"),
        (errors.TopicAuthorizationFailedError("t"), NAMED, CannotRun, "let relay do this on topic t:"),
        (errors.TopicAuthorizationFailedError(), None, CannotRun, "let this user do this on topic:"),
        (errors.GroupAuthorizationFailedError("g"), NAMED, CannotRun, "let relay use the consumer group g:"),
        (errors.ClusterAuthorizationFailedError(), NAMED, CannotRun, "let relay do this on the cluster:"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
def test_errors_are_told_in_our_words(
    error: Exception, access: KafkaAccess | None, kind: type[Exception], says: str
) -> None:
    with pytest.raises(kind, match=says), in_our_words(access):
        raise error


@pytest.mark.parametrize("bug", [errors.IllegalStateError("x"), errors.IllegalArgumentError("x"), ValueError("x")])
def test_a_bug_stays_what_it_is(bug: Exception) -> None:
    with pytest.raises(type(bug)), in_our_words(PLAIN):
        raise bug
