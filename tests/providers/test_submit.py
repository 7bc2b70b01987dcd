import threading
import time

import pytest
import trustme

from studio.core.errors import MaybeSent, ProviderBusy, ProviderUnavailable, Unsupported
from studio.dialects.base import Handle
from tests.providers.answers import ACCEPTED, LOST, REFUSALS, nobody_listens, refused
from tests.providers.plain import KEY, REFERENCE, Plain, brief, remote
from tests.servers import Reply, Server
from tests.storage.conftest import served_by

pytestmark = pytest.mark.usefixtures("loopback")


class TestSubmit:
    def test_order_goes_out_once_with_our_key(self, tmp_path):
        with Server(lambda _: ACCEPTED) as server:
            receipt = remote(server.url, tmp_path).submit(brief())
        assert receipt.remote_id == "order-1"
        (asked,) = server.asked
        assert (asked.method, asked.path) == ("POST", "/orders")
        assert asked.json["reference"] == REFERENCE
        assert asked.headers["authorization"] == f"Bearer {KEY}"
        assert asked.headers["content-type"] == "application/json"

    def test_address_may_have_a_path(self, tmp_path):
        with Server(lambda _: ACCEPTED) as server:
            remote(f"{server.url}/gateway/", tmp_path).submit(brief())
        assert server.asked[0].path == "/gateway/orders"

    @pytest.mark.parametrize("calls_back", [True, False])
    def test_callback_is_for_models_that_call_back(self, tmp_path, calls_back):
        callback = "https://studio.example/news/secret"
        with Server(lambda _: ACCEPTED) as server:
            provider = remote(server.url, tmp_path, Plain(calls_back=calls_back))
            provider.submit(brief(callback=callback))
        assert server.asked[0].json["callback"] == (callback if calls_back else "")

    @pytest.mark.parametrize(("reply", "error"), REFUSALS)
    def test_refusal_of_the_first_sending_is_one(self, tmp_path, reply, error):
        with Server(lambda _: reply) as server:
            caught = refused(remote(server.url, tmp_path), error)
        assert len(server.asked) == 1
        assert caught.raw.startswith(f"HTTP {reply.status}")

    def test_pause_that_was_asked_for_is_kept(self, tmp_path):
        with Server(lambda _: REFUSALS[-1][0]) as server:
            assert refused(remote(server.url, tmp_path), ProviderBusy).retry_after == 7

    @pytest.mark.parametrize("how", LOST)
    @pytest.mark.parametrize("again", [True, False])
    def test_lost_answer_is_maybe_sent(self, tmp_path, how, again):
        with Server(lambda _: LOST[how]) as server:
            provider = remote(server.url, tmp_path, Plain(handle=Handle.REPLAY))
            caught = refused(provider, MaybeSent, again=again)
        assert len(server.asked) == 1
        assert caught.raw

    def test_no_answer_in_time_is_maybe_sent(self, tmp_path):
        dialect = Plain()
        dialect.read_seconds = 0.2
        with Server(lambda _: Reply(until=threading.Event())) as server:
            began = time.monotonic()
            refused(remote(server.url, tmp_path, dialect), MaybeSent)
            assert time.monotonic() - began < 3
        assert len(server.asked) == 1

    def test_no_end_of_the_answer_is_maybe_sent(self, tmp_path, monkeypatch):
        monkeypatch.setattr("studio.providers.remote.LONGEST_CALL_SECONDS", 0.5)
        slow = Reply(body=b" " * 9999, pause=0.02)
        with Server(lambda _: slow) as server:
            began = time.monotonic()
            refused(remote(server.url, tmp_path), MaybeSent)
            assert time.monotonic() - began < 3

    def test_endless_answer_is_cut(self, tmp_path):
        with Server(lambda _: Reply(body=(b"x" * 100_000 for _ in range(1000)))) as server:
            caught = refused(remote(server.url, tmp_path), MaybeSent)
        assert len(caught.raw) <= 4000

    def test_model_that_is_gone_is_not_sent(self, tmp_path):
        order = brief().order.from_json({**brief().order.to_json(), "model": "plain-0"})
        refusal = pytest.raises(Unsupported, match="no model plain-0")
        with Server(lambda _: ACCEPTED) as server, refusal:
            remote(server.url, tmp_path).submit(brief(order=order))
        assert server.asked == []


class TestWhatSurelyWasNotSent:
    """Also on a replay: that one was not received, whatever became of the first."""

    @pytest.mark.parametrize("again", [True, False])
    @pytest.mark.parametrize(
        "address",
        [
            nobody_listens,
            lambda _: "https://nobody.invalid",
            lambda _: "http://10.0.0.1",
            lambda _: "https://mixed.example",
            lambda server: server.url.replace("127.0.0.1", "localhost"),
            lambda server: server.url.replace("http:", "https:"),
            lambda _: "ftp://plain.example",
            lambda _: "plain.example",
            lambda _: "https://user:password@plain.example",
            lambda _: "https://[half",
        ],
    )
    def test_address_that_can_not_be_reached(self, tmp_path, names, address, again):
        with Server(lambda _: ACCEPTED) as server:
            provider = remote(address(server), tmp_path, Plain(handle=Handle.REPLAY))
            refused(provider, ProviderUnavailable, again=again)
        assert server.asked == []

    def test_certificate_that_nobody_signed(self, tmp_path):
        with Server(lambda _: ACCEPTED, tls=served_by(trustme.CA(), "127.0.0.1")) as server:
            refused(remote(server.url, tmp_path), ProviderUnavailable)
        assert server.asked == []

    def test_certificate_of_somebody_else(self, tmp_path, authority):
        with Server(lambda _: ACCEPTED, tls=served_by(authority, "else.example")) as server:
            refused(remote(server.url, tmp_path), ProviderUnavailable)
        assert server.asked == []

    def test_right_certificate(self, tmp_path, authority):
        with Server(lambda _: ACCEPTED, tls=served_by(authority, "127.0.0.1")) as server:
            assert remote(server.url, tmp_path).submit(brief()).remote_id == "order-1"


class TestReplay:
    def test_acceptance_is_one(self, tmp_path):
        with Server(lambda _: ACCEPTED) as server:
            provider = remote(server.url, tmp_path, Plain(handle=Handle.REPLAY))
            assert provider.submit(brief(again=True)).remote_id == "order-1"

    @pytest.mark.parametrize(("reply", "_error"), REFUSALS)
    def test_refusal_proves_nothing(self, tmp_path, reply, _error):
        with Server(lambda _: reply) as server:
            provider = remote(server.url, tmp_path, Plain(handle=Handle.REPLAY))
            caught = refused(provider, MaybeSent, again=True)
        assert caught.raw.startswith(f"HTTP {reply.status}")

    def test_missing_key_proves_nothing(self, tmp_path):
        provider = remote("http://127.0.0.1", tmp_path, Plain(handle=Handle.REPLAY), key="")
        refused(provider, MaybeSent, again=True)

    @pytest.mark.parametrize("handle", [Handle.LOOKUP, Handle.NONE])
    def test_where_it_would_be_made_twice_nothing_is_sent(self, tmp_path, handle):
        with Server(lambda _: ACCEPTED) as server:
            refused(remote(server.url, tmp_path, Plain(handle=handle)), MaybeSent, again=True)
        assert server.asked == []
