"""The address that is looked at is the one that is spoken to."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from services.webhooks import calling
from services.webhooks.addresses import Network, networks
from services.webhooks.calling import Answered, Caller
from tests.integration.webhooks.play import HERE, Play
from tests.integration.webhooks.receiver import plain, receiver

NOWHERE = "the name leads to no address to which webhooks are delivered"


async def call(url: str, allowed: tuple[Network, ...] = (), trust: ssl.SSLContext | None = None) -> Answered:
    """One request with these networks allowed."""
    caller = Caller(allowed, trust=trust, seconds=5)
    try:
        return await caller.call("OPTIONS", url, {})
    finally:
        await caller.close()


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "127.1", "0", "[::]"],
)
@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_nothing_is_sent_to_this_machine_however_it_is_written(scheme: str, host: str) -> None:
    async with receiver() as there:
        answered = await call(f"{scheme}://{host}:{there.port}/")

    assert (answered.status, answered.forbidden, answered.error) == (None, True, NOWHERE)
    assert there.heard == []


async def test_the_reason_does_not_tell_where_a_name_leads() -> None:
    answered = await call("https://localhost/")
    assert answered.error is not None
    assert "127" not in answered.error


@contextmanager
def names(*answers: str) -> Iterator[list[str]]:
    """A name server that gives another answer each time; the names that were asked for."""
    asked: list[str] = []
    left = list(answers)
    before = calling._look_up

    def look_up(host: str, _port: int) -> list[str]:
        asked.append(host)
        return left.pop(0).split()

    calling._look_up = look_up
    try:
        yield asked
    finally:
        calling._look_up = before


async def test_a_name_is_asked_for_once_and_the_connection_goes_to_that_answer() -> None:
    async with receiver() as there:
        with names("127.0.0.1", "10.0.0.1") as asked:
            answered = await call(f"http://stad.example:{there.port}/", HERE)

    assert (answered.status, asked) == (200, ["stad.example"])
    assert there.heard[0].headers["host"] == f"stad.example:{there.port}"


async def test_a_name_that_turns_to_this_machine_later_gains_nothing() -> None:
    async with receiver() as there:
        with names("127.0.0.1", "127.0.0.1") as asked:
            for _ in range(2):
                answered = await call(f"https://stad.example:{there.port}/", networks("10.0.0.0/8"))
                assert answered.forbidden

    assert (there.heard, len(asked)) == ([], 2)


async def test_of_several_addresses_only_the_allowed_ones_are_tried_one_after_the_other() -> None:
    async with receiver() as there:
        with names("10.0.0.1 127.0.0.9 127.0.0.1"):
            answered = await call(f"http://stad.example:{there.port}/", HERE)

    assert answered.status == 200
    assert len(there.heard) == 1


async def test_without_tls_only_allowed_networks_are_spoken_to() -> None:
    with names("193.190.1.1"):
        answered = await call("http://stad.example/")

    assert answered.forbidden


async def test_an_unknown_name_and_a_closed_door_are_failures_that_may_pass() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    closed = await call(f"http://127.0.0.1:{port}/", HERE)
    unknown = await call("https://no-such-name.invalid/")

    assert (closed.status, closed.forbidden) == (None, False)
    assert closed.error
    assert (unknown.status, unknown.forbidden, unknown.error) == (None, False, "ConnectError: the name is not known")


async def test_a_subscription_to_a_forbidden_address_is_paused_and_says_why() -> None:
    play = Play(allowed=())
    async with receiver() as there, play.running():
        key = await play.subscribe(there.url)
        progress = await play.reaches(key, lambda one: one.status == "paused")

    assert (progress.reason, there.heard) == ("address", [])
    (tried,) = await play.rows.attempts(key, None, 10)
    assert tried.attempt.error == NOWHERE


async def test_the_certificate_is_held_against_the_name_not_the_address(tmp_path: Path) -> None:
    served, trust = _certified(tmp_path, "stad.example")
    async with receiver(plain, served) as there:
        with names("127.0.0.1", "127.0.0.1", "127.0.0.1"):
            good = await call(f"https://stad.example:{there.port}/", HERE, trust)
            other = await call(f"https://ander.example:{there.port}/", HERE, trust)
            stranger = await call(f"https://stad.example:{there.port}/", HERE)

    assert good.status == 200
    for bad in (other, stranger):
        assert bad.status is None
        assert bad.error is not None
        assert "CERTIFICATE_VERIFY_FAILED" in bad.error
    assert len(there.heard) == 1


def _certified(folder: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """What a server with a certificate for this name serves with, and what trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    begin = datetime.now(UTC) - timedelta(minutes=1)
    certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName(name), x509.IPAddress(ip_address("192.0.2.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    pem = folder / "both.pem"
    form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    pem.write_bytes(key.private_bytes(*form) + certificate.public_bytes(serialization.Encoding.PEM))
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    served.load_cert_chain(pem)
    trust = ssl.create_default_context(cadata=certificate.public_bytes(serialization.Encoding.PEM).decode())
    return served, trust
