import pytest

from studio.core.errors import KeyRejected, ProviderConfused, ProviderUnavailable, Unsupported
from studio.dialects.base import Handle
from studio.providers.accounts import Account
from studio.providers.remote import Remote
from tests.providers.answers import HTML, nobody_listens, refused
from tests.providers.plain import CAPABILITY, REFERENCE, Plain, brief, remote
from tests.servers import Reply, Server, said

pytestmark = pytest.mark.usefixtures("loopback")


class TestLookUp:
    def test_found(self, tmp_path):
        with Server(lambda _: said({"found": "order-1"})) as server:
            provider = remote(server.url, tmp_path, Plain(handle=Handle.LOOKUP))
            assert provider.look_up(brief()).remote_id == "order-1"
        assert server.asked[0].path == f"/orders?reference={REFERENCE}"

    def test_not_found(self, tmp_path):
        with Server(lambda _: said({"found": ""})) as server:
            provider = remote(server.url, tmp_path, Plain(handle=Handle.LOOKUP))
            assert provider.look_up(brief()) is None

    @pytest.mark.parametrize(
        ("reply", "error"),
        [
            (Reply(cut=0), ProviderUnavailable),
            (said({}, 503), ProviderUnavailable),
            (said({}, 401), KeyRejected),
            (said({}), ProviderConfused),
            (HTML, ProviderConfused),
        ],
    )
    def test_trouble_says_nothing_about_the_order(self, tmp_path, reply, error):
        with Server(lambda _: reply) as server:
            provider = remote(server.url, tmp_path, Plain(handle=Handle.LOOKUP))
            with pytest.raises(error):
                provider.look_up(brief())

    def test_where_there_is_no_way(self, tmp_path):
        with pytest.raises(Unsupported):
            remote("http://127.0.0.1", tmp_path).look_up(brief())


class TestTest:
    def test_says_what_is_left_and_how_fast(self, tmp_path):
        with Server(lambda _: said({"left": "12.50 USD left"})) as server:
            tested = remote(server.url, tmp_path).test()
        assert tested.answer == "12.50 USD left"
        assert str(tested) == f"12.50 USD left ({tested.milliseconds} ms)"
        assert 0 <= tested.milliseconds < 5000

    def test_key_that_is_not_accepted(self, tmp_path):
        with Server(lambda _: said({}, 401)) as server, pytest.raises(KeyRejected):
            remote(server.url, tmp_path).test()

    def test_nobody_there(self, tmp_path):
        with pytest.raises(ProviderUnavailable):
            remote(nobody_listens(None), tmp_path).test()


class TestAccount:
    def test_key_is_asked_for_by_name(self, tmp_path):
        provider = remote("", tmp_path, key="")
        sentence = "Plain needs a key: set PLAIN_API_KEY or add it on the settings page."
        assert provider.needs == sentence
        assert refused(provider, KeyRejected).message == sentence

    def test_with_a_key_nothing_is_missing(self, tmp_path):
        assert remote("", tmp_path).needs == ""

    @pytest.mark.parametrize(("said_slots", "slots"), [(0, 4), (9, 9)])
    def test_slots_are_the_account_s_or_the_document_s(self, tmp_path, said_slots, slots):
        assert remote("", tmp_path, slots=said_slots).slots == slots

    def test_switched_off_it_says_so(self, tmp_path):
        provider = remote("", tmp_path, enabled=False)
        assert not provider.is_on
        assert provider.needs == "Plain is switched off."

    def test_it_is_asked_every_time(self, tmp_path):
        accounts = iter([Account(), Account(enabled=False), Account(key="k"), Account()])
        provider = Remote(Plain(), account=lambda: next(accounts), scratch=tmp_path)
        assert [provider.is_on, provider.is_on] == [True, False]
        assert [provider.needs == "", provider.needs == ""] == [True, False]

    def test_callbacks_are_read_by_the_dialect(self, tmp_path):
        assert remote("", tmp_path).read_callback({"id": "order-1"}) == "order-1"

    def test_describes_itself_as_the_dialect_does(self, tmp_path):
        provider = remote("", tmp_path)
        assert (provider.slug, provider.label, provider.prices) == ("plain", "Plain", Plain.prices)
        assert provider.capability("plain-1").label == CAPABILITY.label
