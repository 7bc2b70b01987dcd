"""Where the studio listens, and by which names this machine may be asked for it."""

import fcntl
import socket
import struct

BACKLOG = 4096
EVERYWHERE = {"0.0.0.0", "::", ""}  # noqa: S104
SIOCGIFADDR = 0x8915  # linux/sockios.h


class CannotListen(Exception):
    """`str` is one sentence that names the address and why."""


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 picks a free one. Raises CannotListen."""
    try:
        if host == "::":
            return socket.create_server(
                (host, port), family=socket.AF_INET6, backlog=BACKLOG, dualstack_ipv6=True
            )
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(address[:2], family=family, backlog=BACKLOG)
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise CannotListen(
            f"Cannot listen on {host}:{port}: {reason}. Choose another --host or --port."
        ) from error


def url(host: str, port: int) -> str:
    """The address to open in a browser on this machine."""
    name = "127.0.0.1" if host in EVERYWHERE else host
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


def names(host: str) -> list[str]:
    """The host names to answer besides localhost.

    A real address admits just itself. Everywhere (0.0.0.0, as in a container) admits this
    machine's name and its addresses, not every name: a page of somebody else, whose name is made
    to point here, must not be able to ask. What else points here stands in DAILIES_ALLOWED_HOSTS.
    """
    if host not in EVERYWHERE:
        return [f"[{host}]" if ":" in host else host]
    name = socket.gethostname().lower()
    return [name, f"{name}.local", *own_addresses()]


def own_addresses() -> list[str]:
    """The IPv4 addresses of this machine's interfaces."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        found = [_address(asking, name) for _, name in socket.if_nameindex()]
    return [address for address in found if address]


def _address(asking: socket.socket, interface: str) -> str:
    """The interface's first address, "" if it has none."""
    request = struct.pack("256s", interface.encode()[:15])
    try:
        answer = fcntl.ioctl(asking.fileno(), SIOCGIFADDR, request)
    except OSError:
        return ""
    return socket.inet_ntoa(answer[20:24])
