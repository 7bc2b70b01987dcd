"""Asking a language model over real HTTP, as well and as badly as it may answer."""

import logging
import threading

import pytest

from studio.core.errors import (
    KeyRejected,
    Moderated,
    OutOfMoney,
    ProviderBusy,
    ProviderConfused,
    ProviderRejected,
    ProviderUnavailable,
)
from studio.providers import language
from studio.providers.language import Endpoint, answer, endpoint, is_local
from tests.language import said, writing

KEY = "sk-very-secret-0123"
SECRET = "the prompt that nobody logs"


@pytest.fixture
def writer(settings):
    settings.ALLOW_PRIVATE = ["127.0.0.0/8"]
    with writing() as writer:
        yield writer


def ask(writer, **changes):
    place = Endpoint(base_url=changes.pop("url", writer.url), model="writer-1", key=KEY)
    return answer(place, rules="Be brief.", text=SECRET)


class TestAnswer:
    def test_the_dialect(self, writer):
        assert ask(writer) == "A better prompt."
        assert writer.paths == ["/v1/chat/completions"]
        assert writer.headers[0]["authorization"] == f"Bearer {KEY}"
        assert writer.asked == [
            {
                "model": "writer-1",
                "messages": [
                    {"role": "system", "content": "Be brief."},
                    {"role": "user", "content": SECRET},
                ],
            }
        ]

    def test_the_whole_address_is_good_too_and_a_key_is_not_needed(self, writer):
        place = Endpoint(base_url=f"{writer.url}/chat/completions", model="writer-1")
        assert answer(place, rules="", text="x") == "A better prompt."
        assert writer.paths == ["/v1/chat/completions"]
        assert "authorization" not in writer.headers[0]

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("  A door.\n", "A door."),
            ("“A door.”", "A door."),
            ('"A door."', "A door."),
            ('"A door" and "a gate"', '"A door" and "a gate"'),
            ("```text\nA door.\n```", "A door."),
            ("<think>\nhm\n</think>\nA door.", "A door."),
            ("<b>A door.</b>", "<b>A door.</b>"),
            ("דלת 👩\u200d🚀", "דלת 👩\u200d🚀"),
        ],
    )
    def test_bare_text(self, writer, text, expected):
        writer.answer = said(text)
        assert ask(writer) == expected

    @pytest.mark.parametrize(
        ("status", "sent", "error", "words"),
        [
            (500, b"boom", ProviderUnavailable, "problem of its own"),
            (503, b"<html>", ProviderUnavailable, "problem of its own"),
            (429, {"error": {}}, ProviderBusy, "too much to do"),
            (401, {"error": {}}, KeyRejected, "does not accept the key"),
            (402, {"error": {}}, OutOfMoney, "not enough money"),
            (404, {"error": {}}, ProviderRejected, "its address or its name is wrong"),
            (400, {"error": {"message": KEY}}, ProviderRejected, "HTTP 400"),
            (400, {"error": {"code": "content_filter"}}, Moderated, "does not want to"),
            (302, b"", ProviderConfused, "none"),
            (200, b"<html><h1>Welcome</h1></html>", ProviderConfused, "none"),
            (200, b"", ProviderConfused, "none"),
            (200, b"\xff\xfe", ProviderConfused, "none"),
            (200, [], ProviderConfused, "none"),
            (200, {"choices": []}, ProviderConfused, "none"),
            (200, {"choices": [{"message": "hi"}]}, ProviderConfused, "none"),
            (200, b"[" * 100_000, ProviderConfused, "none"),
            (200, said(""), ProviderConfused, "wrote nothing"),
            (200, said(None), ProviderConfused, "wrote nothing"),
            (200, said("<think>hm</think>"), ProviderConfused, "wrote nothing"),
            (200, said([{"type": "text"}]), ProviderConfused, "wrote nothing"),
            (200, said(None, refusal="I can not."), Moderated, "does not want to"),
            (200, said("A", finish_reason="content_filter"), Moderated, "does not want to"),
            (200, said("A door in", finish_reason="length"), ProviderConfused, "in the middle"),
            (200, said("x" * 600_000), ProviderConfused, "far more than a prompt"),
        ],
    )
    def test_faults_are_sentences(self, writer, caplog, status, sent, error, words):
        caplog.set_level(logging.DEBUG)
        writer.status, writer.answer = status, sent
        with pytest.raises(error, match=words) as raised:
            ask(writer)
        assert len(writer.asked) == 1
        shown = f"{raised.value.message} {raised.value.raw}"
        assert KEY not in shown
        logged = " ".join(record.getMessage() for record in caplog.records if _ours(record))
        assert KEY not in logged
        assert SECRET not in logged

    def test_a_slow_one_is_left(self, writer, monkeypatch):
        monkeypatch.setattr(language, "LONGEST_SECONDS", 0.3)
        writer.waits = threading.Event()
        with pytest.raises(ProviderUnavailable, match=r"no answer within 0\.3 s"):
            ask(writer)

    def test_out_of_reach(self, writer, settings):
        settings.ALLOW_PRIVATE = []
        with pytest.raises(ProviderUnavailable, match="DAILIES_ALLOW_PRIVATE can open it"):
            ask(writer)
        assert writer.asked == []

    @pytest.mark.parametrize(
        "url", ["http://127.0.0.1:9/v1", "nonsense", "ftp://x/v1", "http://[x/"]
    )
    def test_nobody_there(self, writer, url):
        with pytest.raises(ProviderUnavailable, match="can not be reached now"):
            ask(writer, url=url)


def _ours(record):
    """What the product's own settings would write; httpx and httpcore are quiet there."""
    return not record.name.startswith(("httpx", "httpcore"))


class TestEndpoint:
    @pytest.mark.parametrize(
        ("base_url", "key", "model", "is_whole"),
        [
            ("https://api.example.com/v1", "k", "m", True),
            ("https://api.example.com/v1", "", "m", False),
            ("https://api.example.com/v1", "k", "", False),
            ("", "k", "m", False),
            ("http://127.0.0.1:11434/v1", "", "m", True),
        ],
    )
    def test_only_with_all_that_is_needed(self, settings, base_url, key, model, is_whole):
        settings.LANGUAGE_MODEL = {"base_url": base_url, "key": key, "model": model}
        found = endpoint()
        assert bool(found) == is_whole
        assert not found or "k" not in repr(found).replace("Endpoint", "").split("model")[1]

    @pytest.mark.parametrize(
        ("url", "expected"),
        [
            ("http://localhost:1/v1", True),
            ("http://ollama:11434/v1", True),
            ("http://10.0.0.3/v1", True),
            ("http://[::1]:8/v1", True),
            ("http://box.local/v1", True),
            ("https://api.openai.com/v1", False),
            ("https://8.8.8.8/v1", False),
            ("http://[x", False),
        ],
    )
    def test_local(self, url, expected):
        assert is_local(url) is expected
