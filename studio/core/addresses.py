"""Which network addresses a request of ours may reach: everything public, and no other.

Python's own `is_global` will not do: it says yes to multicast, NAT64 and, up to 3.11, to 6to4. The
table is from the IANA registries of special-purpose addresses and of IPv6 unicast space
(iana.org/assignments, 2026-11), with the addresses at which clouds answer their own machines.
"""

from collections.abc import Iterable, Iterator
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# The first that fits gives the words.
DENIED: tuple[tuple[Network, str], ...] = tuple(
    (ip_network(network), words)
    for network, words in (
        ("0.0.0.0/8", "this machine"),
        ("10.0.0.0/8", "a private network"),
        ("100.64.0.0/10", "a network behind a carrier"),
        ("127.0.0.0/8", "this machine"),
        ("168.63.129.16/32", "a cloud's own service"),
        ("169.254.0.0/16", "the local link"),
        ("172.16.0.0/12", "a private network"),
        ("192.0.0.0/24", "a reserved network"),
        ("192.0.2.0/24", "a network for examples"),
        ("192.31.196.0/24", "a reserved network"),
        ("192.52.193.0/24", "a reserved network"),
        ("192.88.99.0/24", "a reserved network"),
        ("192.168.0.0/16", "a private network"),
        ("192.175.48.0/24", "a reserved network"),
        ("198.18.0.0/15", "a network for measurements"),
        ("198.51.100.0/24", "a network for examples"),
        ("203.0.113.0/24", "a network for examples"),
        ("224.0.0.0/4", "a group of machines"),
        ("240.0.0.0/4", "a reserved network"),
        ("::/127", "this machine"),
        ("::/96", "an IPv4 address in another form"),
        ("::ffff:0:0/96", "an IPv4 address in another form"),
        ("::ffff:0:0:0/96", "an IPv4 address in another form"),
        ("64:ff9b::/96", "an IPv4 address in another form"),
        ("64:ff9b:1::/48", "an IPv4 address in another form"),
        ("100::/64", "a network that leads nowhere"),
        ("100:0:0:1::/64", "a network that leads nowhere"),
        ("2001::/32", "an IPv4 address in another form"),
        ("2001::/23", "a reserved network"),
        ("2001:db8::/32", "a network for examples"),
        ("2002::/16", "an IPv4 address in another form"),
        ("2620:4f:8000::/48", "a reserved network"),
        ("3fff::/20", "a network for examples"),
        ("5f00::/16", "a network of routers"),
        ("fc00::/7", "a private network"),
        ("fe80::/10", "the local link"),
        ("fec0::/10", "a private network"),
        ("ff00::/8", "a group of machines"),
    )
)
# All that is given out to anybody so far.
UNICAST = IPv6Network("2000::/3")
NOWHERE = "a network that is not in use"

# Where an IPv6 address holds an IPv4 address, in bits from its right end. Teredo holds the server's
# as it is, and the client's with all bits turned.
EMBEDDED: tuple[tuple[IPv6Network, int], ...] = (
    (IPv6Network("::/96"), 0),
    (IPv6Network("::ffff:0:0/96"), 0),
    (IPv6Network("::ffff:0:0:0/96"), 0),
    (IPv6Network("64:ff9b::/96"), 0),
    (IPv6Network("64:ff9b:1::/48"), 0),
    (IPv6Network("2002::/16"), 80),
    (IPv6Network("2001::/32"), 64),
)
TEREDO = IPv6Network("2001::/32")
ISATAP = {0x0000_5EFE, 0x0200_5EFE}  # the 32 bits before the IPv4 address, in any network
IPV4_BITS = 0xFFFF_FFFF
LOOPBACK = 1  # ::1, which only looks like an IPv4 address in another form


def parsed(text: str) -> Address:
    """An address as the resolver writes it; a zone (fe80::1%eth0) says nothing about its kind."""
    return ip_address(text.split("%", 1)[0])


def is_allowed(address: Address, networks: Iterable[Network]) -> bool:
    """Whether one of the exceptions says so: no form of writing makes one of another address."""
    return any(address in network for network in networks)


def barred(address: Address, *, allowed: Iterable[Network] = ()) -> str:
    """What kind of address this is that may not be reached ("a private network"), or "".

    An address with an IPv4 address in it is never better than that one.
    """
    exceptions = tuple(allowed)
    for inner in _embedded(address):
        if words := barred(inner, allowed=exceptions):
            return words
    if is_allowed(address, exceptions):
        return ""
    for network, words in DENIED:
        if address in network:
            return words
    return "" if address.version == 4 or address in UNICAST else NOWHERE


def _embedded(address: Address) -> Iterator[IPv4Address]:
    number = int(address)
    if address.version == 4 or number <= LOOPBACK:
        return
    for network, bits in EMBEDDED:
        if address in network:
            yield IPv4Address(number >> bits & IPV4_BITS)
    if address in TEREDO:
        yield IPv4Address(~number & IPV4_BITS)
    if number >> 32 & IPV4_BITS in ISATAP:
        yield IPv4Address(number & IPV4_BITS)
