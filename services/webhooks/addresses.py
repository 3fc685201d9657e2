"""Where nothing is delivered: addresses that only this machine, this network or this cloud can reach.

What counts is the address that packets really go to, so an IPv4 address inside an IPv6 one is looked at as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TypeAlias

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

_TRANSLATED = tuple(IPv6Network(text) for text in ("64:ff9b::/96", "64:ff9b:1::/48", "::/96"))
"""IPv6 networks whose last 32 bits are an IPv4 address that a gateway sends to (RFC 6052, RFC 8215)."""

_METADATA = frozenset({IPv4Address("168.63.129.16"), IPv4Address("169.254.169.254"), IPv4Address("100.100.100.200")})
"""Where clouds tell a machine its secrets; the first of them lies in a public network."""

_PROTOCOLS = IPv4Network("192.0.0.0/24")
"""For protocols, not for people; one cloud keeps its metadata there."""


def networks(text: str) -> tuple[Network, ...]:
    """Networks as a setting names them, commas between; ValueError for one that is none."""
    return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())


def meant(address: Address) -> Address:
    """The address that packets really go to."""
    if isinstance(address, IPv4Address):
        return address
    if inner := (address.ipv4_mapped or address.sixtofour):
        return inner
    if address.teredo:
        return address.teredo[1]
    if any(address in network for network in _TRANSLATED) and int(address) > 1:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def within(text: str, allowed: Sequence[Network]) -> bool:
    """Whether an address lies in one of these networks."""
    address = meant(ip_address(text))
    return any(address.version == network.version and address in network for network in allowed)


def public(text: str) -> bool:
    """Whether anybody on the internet could reach the same machine under this address."""
    address = meant(ip_address(text))
    ordinary = address.is_global and not address.is_multicast and address not in _METADATA
    return ordinary and not (address.version == 4 and address in _PROTOCOLS)
