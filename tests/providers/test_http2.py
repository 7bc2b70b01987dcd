"""Orders over HTTP/2, where a provider offers it: the same words, the same care, once."""

import socket

import httpcore
import pytest
import trustme

from studio.core.errors import MaybeSent, ProviderBusy, ProviderUnavailable
from studio.core.spec import Way
from studio.providers.exchange import FIRST_WINDOW_BYTES
from studio.storage import outbound, reach
from studio.storage.reach import CHOSEN
from tests.h2_server import H2Server, answer, goaway, reset
from tests.providers.answers import refused
from tests.providers.plain import KEY, REFERENCE, Plain, brief, remote
from tests.storage.conftest import served_by

pytestmark = pytest.mark.usefixtures("loopback")
ACCEPTED = answer({"id": "order-1"})


@pytest.fixture
def spoken_to(authority, monkeypatch):
    """A server under a name of its own, to which the studio resolves one pinned address."""
    monkeypatch.setattr(reach, "lookup", lambda *_: ["127.0.0.1"])

    def server(end=ACCEPTED, **fields):
        return H2Server(end, tls=served_by(authority, "api.example"), **fields)

    return server


def at(server):
    return f"https://api.example:{server.port}"


class TestSending:
    def test_order_goes_out_once_over_http2_to_the_checked_address(
        self, tmp_path, spoken_to, connections
    ):
        with spoken_to() as server:
            receipt = remote(at(server), tmp_path).submit(brief())
        assert receipt.remote_id == "order-1"
        assert server.spoken == ["h2"]
        (asked,) = server.asked
        assert (asked.headers[":method"], asked.headers[":path"]) == ("POST", "/orders")
        assert asked.headers[":authority"] == f"api.example:{server.port}"
        assert asked.headers["authorization"] == f"Bearer {KEY}"
        assert asked.headers["content-type"] == "application/json"
        assert "connection" not in asked.headers
        assert asked.json["reference"] == REFERENCE
        assert connections == [("127.0.0.1", server.port)]

    def test_address_that_may_not_be_reached_is_not(self, tmp_path, spoken_to, settings):
        settings.ALLOW_PRIVATE = []
        with spoken_to() as server:
            refused(remote(at(server), tmp_path), ProviderUnavailable)
        assert server.spoken == []

    def test_where_only_http1_is_offered_that_is_spoken(self, tmp_path, spoken_to):
        with spoken_to(protocols=["http/1.1"]) as server:
            refused(remote(at(server), tmp_path), MaybeSent)
        assert server.spoken == ["http/1.1"]

    def test_certificate_that_nobody_signed(self, tmp_path, monkeypatch):
        monkeypatch.setattr(reach, "lookup", lambda *_: ["127.0.0.1"])
        with H2Server(ACCEPTED, tls=served_by(trustme.CA(), "api.example")) as server:
            refused(remote(at(server), tmp_path), ProviderUnavailable)
        assert server.asked == []

    @pytest.mark.parametrize(
        ("end", "error"),
        [
            (reset, MaybeSent),
            (goaway, MaybeSent),
            (lambda *_: None, MaybeSent),
            (answer({"message": "Gone"}, 500), MaybeSent),
            (answer({"message": "Slow down"}, 429), ProviderBusy),
        ],
        ids=["reset", "goaway", "silence", "500", "429"],
    )
    def test_what_goes_wrong_is_what_it_is_over_http1_and_nothing_is_sent_twice(
        self, tmp_path, spoken_to, end, error
    ):
        dialect = Plain()
        dialect.read_seconds = 0.5
        with spoken_to(end) as server:
            refused(remote(at(server), tmp_path, dialect), error)
        assert len(server.asked) == len(server.spoken) == 1


class TestLargeBodies:
    """Their refusal may come while they are on their way, and is only read over HTTP/1.1."""

    def test_of_pictures_inside_the_order(self, tmp_path, spoken_to):
        path = tmp_path / "frame.png"
        path.write_bytes(bytes(FIRST_WINDOW_BYTES))
        with spoken_to(protocols=["h2", "http/1.1"]) as server:
            provider = remote(at(server), tmp_path, Plain(Way.INLINE))
            refused(provider, MaybeSent, files={"first_frame": path})
        assert server.spoken in ([None], ["http/1.1"])

    def test_of_forms_with_files(self, tmp_path, spoken_to):
        path = tmp_path / "cell.glb"
        path.write_bytes(b"glTF")
        with spoken_to(protocols=["h2", "http/1.1"]) as server:
            refused(remote(at(server), tmp_path, Plain(Way.PART)), MaybeSent, files={"scene": path})
        assert server.spoken in ([None], ["http/1.1"])


class TestOneConnection:
    def test_a_second_one_for_the_same_request_is_none(self):
        """httpcore opens it by itself where a server says that it has not looked at a request."""
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
            backend = outbound._Backend(CHOSEN, encrypted=True, ends_at=10**9, once=True)
            backend.connect_tcp("127.0.0.1", port).close()
            with pytest.raises(httpcore.RemoteProtocolError):
                backend.connect_tcp("127.0.0.1", port)

    def test_what_asks_on_kept_connections_never_offers_http2(self, authority):
        """aiohttp would not understand the answer."""
        with outbound.client(CHOSEN, seconds=1, stall_seconds=1, http2=True):
            assert outbound.authorities() is not outbound.authorities(http2=True)
