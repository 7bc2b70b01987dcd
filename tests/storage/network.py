"""Who this process connects to, seen from below every library; and names without a name server."""

import socket
import sys

from tests.storage.corpus import NAMES

_watched: list[list] = []
_installed = []


def _hook(event, arguments):
    if event == "socket.connect" and _watched:
        address = arguments[1]
        if isinstance(address, tuple):
            for seen in _watched:
                seen.append(address[:2])


class Connections:
    """Every address that anything in this process tries to connect to while the block lasts.

    An audit hook can not be removed, nor can any library get past it.
    """

    def __enter__(self):
        if not _installed:
            sys.addaudithook(_hook)
            _installed.append(True)
        self.seen = []
        _watched.append(self.seen)
        return self.seen

    def __exit__(self, *_):
        _watched.remove(self.seen)


def lookup(host, port):
    """Names by the table, addresses in all their forms by the system, and nothing else."""
    if host.lower() in NAMES:
        return NAMES[host.lower()]
    if not any(letter.isdigit() for letter in host):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    return [place[0] for *_, place in found]
