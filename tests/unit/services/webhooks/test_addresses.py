"""To which addresses nothing is delivered."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from services.webhooks.addresses import meant, networks, public, within


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",  # noqa: S104 -- an address to refuse
        "10.1.2.3",
        "100.64.0.1",
        "127.0.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "192.0.0.192",
        "192.168.1.1",
        "198.18.0.1",
        "224.0.1.1",
        "255.255.255.255",
        "100.100.100.200",
        "168.63.129.16",
        "::",
        "::1",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "fd00:ec2::254",
        "ff02::1",
        "2001:db8::1",
        "::ffff:127.0.0.1",
        "::ffff:a00:1",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::a9fe:a9fe",
        "2002:7f00:1::",
        "2002:a9fe:a9fe::1",
        "2001:0:4136:e378:8000:63bf:f5ff:fffe",
    ],
)
def test_what_the_internet_cannot_reach_is_refused_however_it_is_written(address: str) -> None:
    assert not public(address)


@pytest.mark.parametrize("address", ["193.190.1.1", "2001:67c:2e8::1", "::ffff:193.190.1.1", "64:ff9b::c1be:101"])
def test_what_the_internet_can_reach_is_not(address: str) -> None:
    assert public(address)


@pytest.mark.parametrize("address", ["127.0.0.1", "::ffff:127.0.0.1", "2002:7f00:1::", "fd12::1"])
def test_a_setting_allows_networks_by_name_and_they_are_met_in_every_form(address: str) -> None:
    assert within(address, networks("127.0.0.0/8, fd12::/16"))
    assert not within(address, networks("10.0.0.0/8"))
    assert not within(address, networks(""))


def test_the_loopback_address_of_ipv6_is_itself() -> None:
    assert str(meant(ip_address("::1"))) == "::1"


def test_a_setting_that_names_no_network_is_told() -> None:
    with pytest.raises(ValueError, match="127"):
        networks("127.0.0.1/8")
