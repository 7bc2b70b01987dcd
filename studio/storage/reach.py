"""Where a request of ours may go: each name is resolved once, and all of its answers must pass."""

import socket
import threading
from dataclasses import dataclass
from ipaddress import ip_network

from django.conf import settings

from studio.core.addresses import barred, is_allowed, parsed
from studio.core.errors import UnsafeAddress

WEB_PORTS = {80, 443}
LONGEST_HOST = 100


@dataclass(frozen=True, kw_only=True)
class Reach:
    """`plain` allows http without encryption, `any_port` more than the two of the web.

    Both are allowed without it at the addresses that ALLOW_PRIVATE opens.
    """

    plain: bool = False
    any_port: bool = False


# An address that an admin typed in, and one that anybody else gave us.
CHOSEN = Reach(plain=True, any_port=True)
GIVEN = Reach()


def lookup(host: str, port: int) -> list[str]:
    """What the system's resolver says; it reads 0x7f.1 as an address, too. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(place[0]) for *_, place in found))


def resolved(host: str, port: int, *, encrypted: bool, reach: Reach) -> list[str]:
    """The addresses that may be connected to. Raises UnsafeAddress, or OSError for an unknown name.

    One address out of reach makes the whole name unsafe: a name with a public and a private answer
    is there to get past this.
    """
    try:
        found = lookup(host, port)
    except ValueError as error:  # UnicodeError too: not every text can be a name
        raise UnsafeAddress(f"“{host[:LONGEST_HOST]}” is no name of a machine.") from error
    allowed = [ip_network(network, strict=False) for network in settings.ALLOW_PRIVATE]
    addresses = [parsed(text) for text in found]
    for address in addresses:
        if words := barred(address, allowed=allowed):
            raise UnsafeAddress(
                f"“{host[:LONGEST_HOST]}” leads to {words}, where the studio does not go; "
                "DAILIES_ALLOW_PRIVATE can open it."
            )
    if not all(is_allowed(address, allowed) for address in addresses):
        _check_public(host, port, encrypted=encrypted, reach=reach)
    return found


def _check_public(host: str, port: int, *, encrypted: bool, reach: Reach) -> None:
    shown = host[:LONGEST_HOST]
    if not encrypted and not reach.plain:
        raise UnsafeAddress(f"“{shown}” must be asked with https://, not http://.")
    if port not in WEB_PORTS and not reach.any_port:
        raise UnsafeAddress(f"“{shown}” must be asked on port 443 or 80, not {port}.")


def resolved_within(
    seconds: float, host: str, port: int, *, encrypted: bool, reach: Reach
) -> list[str]:
    """As `resolved`, or TimeoutError: the system's resolver itself knows no time limit."""
    answers: list[list[str]] = []
    errors: list[Exception] = []

    def ask() -> None:
        try:
            answers.append(resolved(host, port, encrypted=encrypted, reach=reach))
        except (OSError, ValueError, UnsafeAddress) as error:
            errors.append(error)

    thread = threading.Thread(target=ask, name="resolver", daemon=True)
    thread.start()
    thread.join(seconds)
    for error in errors:
        raise error
    if not answers:
        raise TimeoutError(f"“{host[:LONGEST_HOST]}” was not resolved in time.")
    return answers[0]
