import asyncio
import socket
import threading
import time

import aiohttp
import httpx
import pytest
import trustme

from studio.core.errors import UnsafeAddress
from studio.storage import reach
from studio.storage.outbound import UNSENT, client
from studio.storage.reach import CHOSEN, GIVEN
from studio.storage.session import limits, session
from tests.servers import Reply, Server, free_port, said
from tests.storage.conftest import served_by
from tests.storage.corpus import GIVEN_ONLY, URLS

SECONDS = 5
# What a request may end with that never left: refused by us, or no address at all.
STOPPED = (UnsafeAddress, httpx.InvalidURL, *UNSENT)


def ask(url, reach=CHOSEN, *, seconds=SECONDS, stall=SECONDS, method="GET", **content):
    with (
        client(reach, seconds=seconds, stall_seconds=stall) as http,
        http.stream(method, url, **content) as response,
    ):
        return response, response.read()


def ask_async(url):
    async def asked():
        async with (
            session(connections=4) as http,
            http.get(url, allow_redirects=False, timeout=limits(SECONDS)) as response,
        ):
            return await response.read()

    return asyncio.run(asked())


@pytest.fixture
def canary():
    with Server(lambda _: Reply(body=b"You should not be here.")) as server:
        yield server


class TestForbiddenAddresses:
    """Goal: 0 connections for at least 150 addresses (OWASP, smokescreen and Svix lists)."""

    def test_there_are_enough_of_them(self):
        assert len(URLS) + len(GIVEN_ONLY) >= 150

    @pytest.mark.parametrize("url", URLS)
    def test_nothing_is_connected_to(self, names, connections, canary, url):
        address = url.replace("{port}", str(canary.port))
        for kind in (CHOSEN, GIVEN):
            with pytest.raises(STOPPED):
                ask(address, kind)
        with pytest.raises((UnsafeAddress, aiohttp.ClientError, ValueError)):
            ask_async(address)
        assert connections == []
        assert canary.connections == 0

    @pytest.mark.parametrize("url", GIVEN_ONLY)
    def test_links_of_strangers_need_encryption_and_a_usual_port(self, names, connections, url):
        with pytest.raises(UnsafeAddress, match=r"https://|port 443 or 80"):
            ask(url, GIVEN)
        assert connections == []

    def test_every_answer_of_a_name_must_pass(self, names, connections):
        with pytest.raises(UnsafeAddress, match="leads to a private network"):
            ask("https://mixed.example/")
        assert connections == []

    def test_names_are_resolved_once(self, settings, monkeypatch):
        """So that the second answer of a hostile name server is never asked for."""
        settings.ALLOW_PRIVATE = ["127.0.0.1/32"]
        answers = iter([["127.0.0.1"], ["10.0.0.1"]])
        monkeypatch.setattr(reach, "lookup", lambda *_: next(answers))
        with Server(lambda _: Reply(body=b"fine")) as server:
            assert ask(f"http://rebind.example:{server.port}/")[1] == b"fine"
        assert next(answers) == ["10.0.0.1"]

    def test_redirects_are_not_followed(self, loopback, canary):
        with Server(lambda _: Reply(status=302, headers={"location": canary.url})) as server:
            assert ask(server.url)[0].status_code == 302
            assert ask_async(server.url) == b""
        assert canary.connections == 0

    def test_the_environment_names_no_proxy(self, loopback, monkeypatch, canary):
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, canary.url)
        with Server(lambda _: Reply(body=b"direct")) as server:
            assert ask(server.url)[1] == b"direct"
            assert ask_async(server.url) == b"direct"
        assert canary.connections == 0


class TestConnection:
    def test_keeps_the_name_in_host_and_certificate(self, loopback, monkeypatch, authority):
        monkeypatch.setattr(reach, "lookup", lambda *_: ["127.0.0.1"])
        tls = served_by(authority, "api.example")
        with Server(lambda asked: said(asked.headers["host"]), tls=tls) as server:
            url = f"https://api.example:{server.port}/"
            assert ask(url)[0].json() == f"api.example:{server.port}"
            assert ask_async(url) == f'"api.example:{server.port}"'.encode()

    def test_certificate_of_another_name_is_refused(self, loopback, authority):
        with Server(lambda _: Reply(), tls=served_by(authority, "other.example")) as server:
            with pytest.raises(httpx.ConnectError):
                ask(server.url)
            with pytest.raises(aiohttp.ClientConnectorCertificateError):
                ask_async(server.url)
            assert server.asked == []

    def test_certificate_that_nobody_signed_is_refused(self, loopback):
        with Server(lambda _: Reply(), tls=served_by(trustme.CA(), "127.0.0.1")) as server:
            with pytest.raises(httpx.ConnectError):
                ask(server.url)
            with pytest.raises(aiohttp.ClientConnectorCertificateError):
                ask_async(server.url)
            assert server.asked == []

    def test_takes_the_next_address_when_the_first_is_down(self, settings, monkeypatch):
        settings.ALLOW_PRIVATE = ["127.0.0.0/8"]
        monkeypatch.setattr(reach, "lookup", lambda *_: ["127.0.0.9", "127.0.0.1"])
        with Server(lambda _: Reply(body=b"second")) as server:
            assert ask(f"http://two.example:{server.port}/")[1] == b"second"

    def test_is_never_used_twice(self, loopback):
        """One that the server closes meanwhile would look like a request that may have arrived."""
        with (
            Server(lambda _: Reply()) as server,
            client(CHOSEN, seconds=SECONDS, stall_seconds=SECONDS) as http,
        ):
            for _ in range(3):
                http.get(server.url)
            assert server.connections == 3
            assert server.asked[0].headers["connection"] == "close"

    def test_many_questions_share_a_few(self, loopback):
        async def many(url):
            async with session(connections=4) as http:

                async def one():
                    async with http.get(url) as response:
                        return await response.read()

                return await asyncio.gather(*(one() for _ in range(40)))

        with Server(lambda _: Reply(body=b"fine")) as server:
            assert asyncio.run(many(server.url)) == [b"fine"] * 40
            assert server.connections <= 4

    def test_refused(self, loopback):
        with pytest.raises(httpx.ConnectError):
            ask(f"http://127.0.0.1:{free_port()}/")

    def test_unknown_name(self, names):
        with pytest.raises(httpx.ConnectError):
            ask("https://nobody.invalid/")
        with pytest.raises(aiohttp.ClientConnectorError):
            ask_async("https://nobody.invalid/")

    def test_name_that_has_no_address(self, monkeypatch):
        monkeypatch.setattr(reach, "lookup", lambda *_: [])
        with pytest.raises(httpx.ConnectError):
            ask("https://empty.example/")


class TestTime:
    """A request ends in its time, wherever the other side dawdles."""

    def took(self, *args, error, **fields):
        began = time.monotonic()
        with pytest.raises(error):
            ask(*args, **fields)
        return time.monotonic() - began

    def test_slow_name_server(self, monkeypatch):
        over = threading.Event()
        monkeypatch.setattr(reach, "lookup", lambda *_: over.wait(20) and [])
        assert self.took("https://slow.example/", seconds=0.3, error=httpx.ConnectTimeout) < 3
        over.set()

    def test_nobody_takes_the_connection(self, loopback):
        with socket.socket() as deaf:
            deaf.bind(("127.0.0.1", 0))
            deaf.listen(0)
            waiting = [socket.socket() for _ in range(3)]
            for one in waiting:
                one.setblocking(False)
                one.connect_ex(deaf.getsockname())
            url = f"http://127.0.0.1:{deaf.getsockname()[1]}/"
            assert self.took(url, seconds=0.3, error=httpx.ConnectTimeout) < 3
            for one in waiting:
                one.close()

    def test_no_handshake(self, loopback):
        with socket.create_server(("127.0.0.1", 0)) as silent:
            url = f"https://127.0.0.1:{silent.getsockname()[1]}/"
            assert self.took(url, seconds=0.3, error=httpx.ConnectTimeout) < 3

    def test_no_answer(self, loopback):
        with Server(lambda _: Reply(until=threading.Event())) as server:
            assert self.took(server.url, stall=0.2, error=httpx.ReadTimeout) < 3

    @pytest.mark.parametrize(
        "slow",
        [
            Reply(raw=b"HTTP/1.1 200 OK\r\nx-long: " + b"y" * 9999, pause=0.05),
            Reply(body=b"x" * 9999, pause=0.05),
        ],
        ids=["head", "body"],
    )
    def test_trickle(self, loopback, slow):
        """Each byte comes in time, and all of them would take eight minutes."""
        with Server(lambda _: slow) as server:
            assert self.took(server.url, seconds=0.5, stall=5, error=httpx.ReadTimeout) < 3

    def test_nobody_reads_what_is_sent(self, loopback):
        with socket.create_server(("127.0.0.1", 0)) as deaf:
            url = f"http://127.0.0.1:{deaf.getsockname()[1]}/"
            sent = {"method": "POST", "content": b"x" * 50_000_000}
            assert self.took(url, seconds=0.5, error=httpx.WriteTimeout, **sent) < 5
