import logging
import traceback

import pytest
import trustme

from studio.core.errors import KeyRejected, ProviderError
from studio.core.spec import Way
from studio.dialects.base import Handle
from tests.providers.answers import ACCEPTED, LOST, REFUSALS, nobody_listens
from tests.providers.plain import KEY, Plain, brief, remote
from tests.servers import Server, said
from tests.storage.conftest import served_by

pytestmark = pytest.mark.usefixtures("loopback")


def echo(status):
    """A provider that quotes everything that it was sent, in its body and in a header."""

    def answer(asked):
        shown = {"message": f"Incorrect API key: {asked.headers['authorization']}",
                 "headers": dict(asked.headers)}  # fmt: skip
        return said(shown, status, headers={"x-you-sent": asked.headers["authorization"]})

    return answer


ANSWERS = {
    **{
        f"refused {index}": lambda _, reply=reply: reply
        for index, (reply, _) in enumerate(REFUSALS)
    },
    **{how: lambda _, reply=reply: reply for how, reply in LOST.items()},
    **{f"echo {status}": echo(status) for status in (200, 400, 401, 500)},
}


@pytest.fixture(autouse=True)
def _everything_is_logged(caplog):
    """As with DAILIES_LOG_LEVEL=DEBUG; the settings keep the libraries quiet all the same."""
    caplog.set_level(logging.DEBUG)


def told(error):
    """All that a page, a row or a log could show of it."""
    chain = "".join(traceback.format_exception(error))
    return " ".join([chain, repr(error), str(error), error.message, error.raw])


def calls(provider, picture):
    return (
        lambda: provider.submit(brief()),
        lambda: provider.submit(brief(again=True)),
        lambda: provider.submit(brief(files={"first_frame": picture})),
        lambda: provider.look_up(brief()),
        lambda: provider.poll("order-1"),
        provider.test,
    )


class TestKey:
    """The canary key shows in no exception, no repr and no log, whatever goes wrong."""

    def check(self, provider, picture, caplog):
        picture.write_bytes(b"\x89PNG")
        errors = []
        for call in calls(provider, picture):
            try:
                call()
            except ProviderError as error:
                errors.append(error)
        shown = "\n".join(
            [*map(told, errors), caplog.text, repr(provider), repr(provider.account())]
        )
        assert provider.account().key not in shown
        return errors

    @pytest.mark.parametrize("how", ANSWERS)
    @pytest.mark.parametrize("handle", [Handle.REPLAY, Handle.LOOKUP])
    def test_with_a_provider_that_answers_badly(self, tmp_path, caplog, how, handle):
        with Server(ANSWERS[how]) as server:
            provider = remote(server.url, tmp_path, Plain(Way.UPLOAD, handle=handle))
            assert self.check(provider, tmp_path / "a.png", caplog)
        assert any(KEY in asked.headers["authorization"] for asked in server.asked)

    @pytest.mark.parametrize(
        "address",
        [nobody_listens, lambda _: "https://mixed.example", lambda _: "nonsense",
         lambda _: "https://nobody.invalid", lambda _: "http://10.0.0.1"],
    )  # fmt: skip
    def test_with_one_that_can_not_be_reached(self, tmp_path, caplog, names, address):
        provider = remote(address(None), tmp_path, Plain(Way.UPLOAD, handle=Handle.REPLAY))
        assert len(self.check(provider, tmp_path / "a.png", caplog)) == 6

    def test_with_one_that_nobody_vouches_for(self, tmp_path, caplog):
        with Server(lambda _: ACCEPTED, tls=served_by(trustme.CA(), "127.0.0.1")) as server:
            provider = remote(server.url, tmp_path, Plain(Way.UPLOAD, handle=Handle.REPLAY))
            self.check(provider, tmp_path / "a.png", caplog)
        assert server.asked == []

    @pytest.mark.parametrize("ending", ["\n", "\r\nx-evil: 1", "\0", " ", "é", "\u200b", "鍵"])
    def test_that_can_not_be_sent(self, tmp_path, caplog, ending):
        with Server(lambda _: ACCEPTED) as server:
            provider = remote(server.url, tmp_path, key=f"{KEY}{ending}")
            with pytest.raises(KeyRejected) as caught:
                provider.submit(brief())
            self.check(provider, tmp_path / "a.png", caplog)
        assert KEY not in told(caught.value)
        assert server.asked == []

    def test_what_is_quoted_is_crossed_out(self, tmp_path):
        with Server(echo(401)) as server, pytest.raises(KeyRejected) as caught:
            remote(server.url, tmp_path).submit(brief())
        assert "Incorrect API key: Bearer [key]" in caught.value.raw
