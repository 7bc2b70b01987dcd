"""One request to another machine: a connection of its own, to a checked address, within a time.

Nothing is sent twice: there is no retry, no redirect is followed, and no connection is used again,
because one that was closed meanwhile would look like an order that may have arrived.
"""

import ssl
import time
from collections.abc import Iterable
from functools import cache
from typing import Any

import certifi
import httpcore
import httpx

from studio.storage.reach import Reach, resolved_within

CONNECT_SECONDS = 10
AGENT = "Dailies"
# Whatever is raised before the first byte of a request has left.
UNSENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)


def client(
    reach: Reach, *, seconds: float, stall_seconds: float, http2: bool = False
) -> httpx.Client:
    """For one exchange, from the look-up of the name to the last byte, in so many seconds.

    `stall_seconds` is the longest silence. With `http2` that is offered, and there is one
    connection for one request. Besides what httpx raises there is UnsafeAddress.
    """
    context = authorities(http2=http2)  # loaded once, before the time runs
    ends_at = time.monotonic() + seconds
    mounts = {
        "http://": Pinned(reach, context, encrypted=False, ends_at=ends_at),
        "https://": Pinned(reach, context, encrypted=True, ends_at=ends_at, http2=http2),
    }
    timeout = httpx.Timeout(stall_seconds, connect=min(CONNECT_SECONDS, seconds))
    headers = {"user-agent": AGENT, "accept-encoding": "identity", "connection": "close"}
    return httpx.Client(
        transport=_NoOther(), mounts=mounts, timeout=timeout, headers=headers, trust_env=False
    )


@cache
def authorities(*, http2: bool = False) -> ssl.SSLContext:
    """Those that this machine trusts, and the usual ones where it has none.

    What offers HTTP/2 has a context of its own: httpcore writes the offer into it, and others that
    share it would be answered in a protocol that they do not speak.
    """
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


class _NoOther(httpx.BaseTransport):
    """For every scheme but http and https: httpx's own would speak ws:// as well."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        raise httpx.UnsupportedProtocol(f"“{request.url.scheme}://” is not spoken here.")


class Pinned(httpx.HTTPTransport):
    """httpx's own, but that connects only where it may; host name and certificate stay the name's."""

    def __init__(
        self,
        reach: Reach,
        context: ssl.SSLContext,
        *,
        encrypted: bool,
        ends_at: float,
        http2: bool = False,
    ) -> None:
        super().__init__(verify=context)
        self._pool = httpcore.ConnectionPool(
            ssl_context=context,
            max_keepalive_connections=0,
            network_backend=_Backend(reach, encrypted=encrypted, ends_at=ends_at, once=http2),
            http2=http2,
        )


class _Backend(httpcore.NetworkBackend):
    """Opens connections to checked addresses, which end when their time is over.

    With `once` only one: a server that ends HTTP/2 by GOAWAY would make httpcore send the request
    again on another connection, on its word alone that it has not looked at it.
    """

    def __init__(
        self, reach: Reach, *, encrypted: bool, ends_at: float, once: bool = False
    ) -> None:
        self.reach = reach
        self.encrypted = encrypted
        self.ends_at = ends_at
        self.once = once
        self.opened = False

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        if self.once and self.opened:
            raise httpcore.RemoteProtocolError(
                "The connection was ended before there was an answer."
            )
        left = min(timeout or CONNECT_SECONDS, self.ends_at - time.monotonic())
        until = time.monotonic() + left
        try:
            addresses = resolved_within(
                left, host, port, encrypted=self.encrypted, reach=self.reach
            )
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(str(error)) from error
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from error
        stream = self._first_open(addresses, port, until, socket_options)
        self.opened = True
        return stream

    def _first_open(
        self, addresses: list[str], port: int, until: float, options: Iterable[Any] | None
    ) -> httpcore.NetworkStream:
        """To the first address that takes it, as many names lead to a machine that is down."""
        plain = httpcore.SyncBackend()
        for number, address in enumerate(addresses, start=1):
            share = (until - time.monotonic()) / (len(addresses) - number + 1)
            try:
                stream = plain.connect_tcp(address, port, max(share, 0.01), socket_options=options)
                return _Stream(stream, self.ends_at)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if number == len(addresses):
                    raise
        raise httpcore.ConnectError("The name has no address.")


class _Stream(httpcore.NetworkStream):
    """A connection that a slow trickle of bytes does not keep open for ever."""

    def __init__(self, stream: httpcore.NetworkStream, ends_at: float) -> None:
        self.stream = stream
        self.ends_at = ends_at

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self.stream.read(max_bytes, self._left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.stream.write(buffer, self._left(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self.stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        left = self._left(timeout, httpcore.ConnectTimeout)
        return _Stream(self.stream.start_tls(ssl_context, server_hostname, left), self.ends_at)

    def get_extra_info(self, info: str) -> Any:
        return self.stream.get_extra_info(info)

    def _left(self, timeout: float | None, late: type[Exception]) -> float:
        left = self.ends_at - time.monotonic()
        if left <= 0:
            raise late("The time for this request is over.")
        return left if timeout is None else min(left, timeout)
