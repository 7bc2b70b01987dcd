"""Where a webhook may go: no address out of reach is taken, nor asked if it was taken before."""

import pytest

from studio.core.errors import UnsafeAddress
from studio.providers import hooks
from studio.storage import reach
from studio.storage.reach import CHOSEN, GIVEN
from tests.servers import Reply, Server
from tests.storage import network
from tests.storage.corpus import GIVEN_ONLY, URLS


@pytest.fixture
def names(monkeypatch):
    """Names of tests/storage/corpus.py; no name server is asked."""
    monkeypatch.setattr(reach, "lookup", network.lookup)


@pytest.fixture
def canary():
    with Server(lambda _: Reply()) as server:
        yield server


@pytest.fixture
def connections():
    with network.Connections() as seen:
        yield seen


class TestReach:
    def test_corpus_is_large(self):
        assert len(URLS) >= 150

    @pytest.mark.parametrize("kind", [CHOSEN, GIVEN], ids=["chosen", "given"])
    def test_no_address_of_the_corpus_is_taken_or_asked(self, names, connections, canary, kind):
        for url in URLS:
            address = url.replace("{port}", str(canary.port))
            with pytest.raises(UnsafeAddress):
                hooks.check(address, reach=kind)
            answer = hooks.post(address, b"{}", {}, reach=kind)
            assert (answer.code, answer.took_it) == (None, False), address
        assert connections == []
        assert canary.connections == 0

    @pytest.mark.parametrize("url", GIVEN_ONLY)
    def test_own_addresses_need_encryption_and_a_usual_port(self, names, url):
        with pytest.raises(UnsafeAddress, match=r"https://|port 443 or 80"):
            hooks.check(url, reach=GIVEN)
        hooks.check(url, reach=CHOSEN)


class TestCheck:
    @pytest.mark.parametrize(
        ("url", "words"),
        [
            ("ftp://public.example/x", "must begin with https://"),
            ("public.example/x", "must begin with https://"),
            ("javascript:alert(1)", "must begin with https://"),
            ("https:///x", "must name a machine"),
            ("https://", "must name a machine"),
            ("https://a:b@public.example/", "no user name"),
            ("https://nobody.invalid/", "no machine called"),
            ("https://public.example:99999/", "from 1 to 65535, not 99999"),
            ("https://[::1/", "can not be read"),
            ("https://10.0.0.1/", "a private network"),
        ],
    )
    def test_says_what_is_wrong(self, names, url, words):
        with pytest.raises(UnsafeAddress, match=words):
            hooks.check(url, reach=GIVEN)

    def test_shows_only_the_end_of_what_is_secret(self, names):
        url = "https://public.example/services/T0001/B0001/verysecret1234"
        assert hooks.check(url, reach=GIVEN) == "https://public.example/…1234"
        assert hooks.check("https://public.example/in", reach=GIVEN) == "https://public.example/in"
