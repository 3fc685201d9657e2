"""Kafka over TLS, as in production: the certificate is checked, and so is the name in it."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from deploy.kafka.local import LocalKafka
from deploy.kafka.settings import HOST
from events.adapters.kafka import setup
from events.adapters.kafka.connect import opened
from events.adapters.kafka.topics import PARKED_TOPIC
from events.store import StoreUnavailable
from tests.integration.kafka.conftest import running

# The transport that the client lets go of, and the socket below it (PytestUnraisableExceptionWarning wraps either).
pytestmark = [
    pytest.mark.filterwarnings("ignore:unclosed transport:ResourceWarning"),
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),
]


def certificates(folder: Path) -> Path:
    """An authority, and a broker's certificate for this machine's own address."""
    authority, broker = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = _signed("test authority", authority, authority, authority=True)
    leaf = _signed("test broker", broker, authority, authority=False)
    secret = broker.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    folder.mkdir()
    (folder / "ca.pem").write_bytes(root)
    (folder / "broker.pem").write_bytes(secret + leaf + root)
    return folder


def _signed(name: str, key: ec.EllipticCurvePrivateKey, by: ec.EllipticCurvePrivateKey, *, authority: bool) -> bytes:
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test authority")]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(HOST))]), critical=False)
    )
    return builder.sign(by, hashes.SHA256()).public_bytes(Encoding.PEM)


@pytest.fixture(autouse=True)
def _goodbyes() -> Iterator[None]:
    """Over TLS each end says goodbye; the client lets go of a connection before it has heard the other's."""
    yield
    # What is left is collected here, where it is expected, and not in the middle of another test.
    gc.collect()


@pytest.fixture(scope="module")
def encrypted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalKafka]:
    """One node with an encrypted door."""
    with running(1, tls=certificates(tmp_path_factory.mktemp("tls") / "certificates")) as node:
        yield node


async def test_a_principal_logs_in_over_tls_and_does_its_work(encrypted: LocalKafka) -> None:
    report = await setup.apply(encrypted.access(), {"work-jury": "its word", "monitor": "another"})
    assert (report.guarded, report.differences) == (True, ())
    worker, monitor = encrypted.access("work-jury", "its word"), encrypted.access("monitor", "another")
    assert worker.security == "sasl_ssl"
    async with opened(AIOKafkaProducer(**worker.client(), acks="all"), worker) as producer:
        await producer.send_and_wait(PARKED_TOPIC, b"parked")
    reader = AIOKafkaConsumer(
        PARKED_TOPIC, **monitor.client(), group_id="wijkspoor.monitor", auto_offset_reset="earliest"
    )
    async with opened(reader, monitor):
        assert (await reader.getone()).value == b"parked"


async def test_a_broker_with_a_certificate_of_another_authority_is_not_believed(
    encrypted: LocalKafka, tmp_path: Path
) -> None:
    other = certificates(tmp_path / "other") / "ca.pem"
    with pytest.raises(StoreUnavailable, match="as admin: check address or credentials"):
        await setup.check(replace(encrypted.access(), ca=other))


async def test_who_speaks_in_the_clear_is_not_heard(encrypted: LocalKafka) -> None:
    with pytest.raises(StoreUnavailable, match="cannot be reached"):
        await setup.check(replace(encrypted.access(), security="sasl_plaintext"))
