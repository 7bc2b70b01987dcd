from typing import Any

import pytest

from studio.core.errors import (
    InvalidOrder,
    KeyRejected,
    Moderated,
    NotAllowed,
    OutOfMoney,
    Problem,
    ProviderBusy,
    ProviderError,
    ProviderRejected,
    ProviderUnavailable,
    StorageFull,
    TooLate,
)
from studio.core.wire import Response, Verdict
from studio.dialects import errors
from tests.dialects.contract import answer

MESSAGES: list[tuple[Any, str]] = [
    ({"error": {"message": "No"}}, "No"),
    ({"error": "No"}, "No"),
    ({"message": " No "}, "No"),
    ({"msg": "No"}, "No"),
    ({"detail": "No"}, "No"),
    ({"detail": [{"loc": ["body"], "msg": "No"}, {"msg": "Never"}]}, "No Never"),
    ({"errors": [{"code": "x", "message": "No"}]}, "No"),
    ({"error": None, "message": "No"}, "No"),
    ({"error": {}, "message": "No"}, "No"),
    ([{"message": "No"}], "No"),
    ("No", "No"),
    ({"error": {"message": 7}}, ""),
    ({"status": "failed"}, ""),
    ({"message": "a\0b\ud800"}, "a�b?"),
    ({"message": "x" * 900}, "x" * 500),
    (None, ""),
    (7, ""),
]
CODES: list[tuple[Any, str]] = [
    ({"error": {"code": "a"}, "code": "b"}, "a"),
    ({"errors": [{"code": "a"}, {"code": "b"}]}, "a"),
    ({"code": 1301}, "1301"),
    ({"name": "a"}, "a"),
    ({"detail": [{"type": "a"}]}, "a"),
    ({"code": True}, ""),
    ({"code": None, "type": "a"}, "a"),
    ({"message": "a"}, ""),
    ("a", ""),
]
HARMLESS = (
    "Field names are case-sensitive.",
    "Enum values are case insensitive",
    "The picture is too small",
    "",
)
PAUSES = [
    ({"retry-after": "7"}, 7),
    ({"retry-after": " 0.5 "}, 0.5),
    ({"retry-after": "0"}, 0),
    ({"retry-after": "-1"}, None),
    ({"retry-after": "nan"}, None),
    ({"retry-after": "inf"}, None),
    ({"retry-after": "soon"}, None),
    ({"retry-after": ""}, None),
    ({}, None),
    (
        {
            "retry-after": "Sat, 21 Nov 2026 10:02:00 GMT",
            "date": "Sat, 21 Nov 2026 10:00:00 GMT",
        },
        120,
    ),
    (
        {
            "retry-after": "Sat, 21 Nov 2026 09:00:00 GMT",
            "date": "Sat, 21 Nov 2026 10:00:00 GMT",
        },
        0,
    ),
    (
        {"retry-after": "Sat, 21 Nov 2026 10:02:00", "date": "Sat, 21 Nov 2026 10:00:00 GMT"},
        120,
    ),
]
# What we refuse with, to the status and code of a provider.
SERVED = [
    (KeyRejected("x"), 401, "invalid_api_key"),
    (OutOfMoney("x"), 402, "insufficient_credits"),
    (NotAllowed("x"), 403, "forbidden"),
    (Moderated("x"), 400, "content_moderation"),
    (ProviderRejected("x"), 400, "refused"),
    (InvalidOrder([Problem("a", "x")]), 400, "invalid_request"),
    (TooLate("x"), 409, "conflict"),
    (ProviderBusy("x"), 429, "rate_limited"),
    (ProviderUnavailable("x"), 503, "unavailable"),
    (StorageFull("x"), 503, "unavailable"),
    (RuntimeError("x"), 500, "internal_error"),
]


def refusal(status: int, body: Any, **more: Any) -> ProviderError:
    return errors.refusal("Acme", answer(status, body), **more)


class TestMessage:
    @pytest.mark.parametrize(("body", "message"), MESSAGES)
    def test_words_are_found_in_every_shape(self, body: Any, message: str) -> None:
        assert errors.message_of(body) == message

    @pytest.mark.parametrize(("body", "code"), CODES)
    def test_codes_are_found_in_every_shape(self, body: Any, code: str) -> None:
        assert errors.code_of(body) == code


class TestModeration:
    def test_any_spelling_of_a_mark(self) -> None:
        for said in ("Risk-Control", "CONTENT_POLICY_VIOLATION", "promptBlocked", "Content Policy"):
            assert errors.is_moderation(said), said

    def test_words_that_only_look_like_one(self) -> None:
        for said in HARMLESS:
            assert not errors.is_moderation(said), said

    def test_what_was_sent_back_of_the_order_says_nothing(self) -> None:
        """An error that quotes the prompt is not about what the prompt says."""
        body = {"detail": [{"msg": "too long", "input": "a nsfw moderation prompt"}]}
        assert type(refusal(400, body)) is ProviderRejected

    def test_a_page_says_nothing_about_the_order(self) -> None:
        page = Response(status=403, text="<html>blocked: sensitive</html>")
        assert type(errors.refusal("Acme", page)) is KeyRejected

    def test_plain_words_say_something(self) -> None:
        plain = Response(status=400, text="blocked: sensitive content")
        assert type(errors.refusal("Acme", plain)) is Moderated

    def test_no_key_no_money_and_no_time_are_what_their_status_says(self) -> None:
        for status, kind in ((401, KeyRejected), (402, OutOfMoney), (429, ProviderBusy)):
            assert type(refusal(status, {"message": "moderation quota"})) is kind

    def test_a_server_in_trouble_is_no_verdict(self) -> None:
        assert type(refusal(500, {"message": "moderation is down"})) is ProviderUnavailable


class TestRefusal:
    def test_words_of_the_provider_are_told(self) -> None:
        error = refusal(400, {"message": "No {braces} here"})
        assert error.message == "Acme refused the order: No {braces} here"

    def test_no_words_leave_the_status(self) -> None:
        assert refusal(418, {}).message == "Acme refused the order: HTTP 418"

    def test_a_forbidden_account_without_money(self) -> None:
        for said in ("You've run out of credits", "insufficient balance", "quota exceeded"):
            assert type(refusal(403, {"message": said})) is OutOfMoney

    def test_a_code_says_more_than_the_status(self) -> None:
        codes = {"arrears": OutOfMoney}
        body = {"error": {"code": "arrears", "message": "x"}}
        assert type(refusal(429, body, codes=codes)) is OutOfMoney
        assert type(refusal(429, body)) is ProviderBusy

    def test_the_answer_is_kept(self) -> None:
        assert refusal(400, {"message": "x"}).raw == 'HTTP 400 {"message": "x"}'
        assert "\0" not in errors.refusal("Acme", Response(status=400, text="a\0b")).raw


class TestPause:
    @pytest.mark.parametrize(("headers", "seconds"), PAUSES)
    def test_seconds_and_dates(self, headers: dict[str, str], seconds: float | None) -> None:
        assert errors.retry_after(headers) == seconds

    def test_a_date_without_the_clock_of_the_server_is_by_ours(self) -> None:
        assert errors.retry_after({"retry-after": "Sat, 21 Nov 2015 10:00:00 GMT"}) == 0


class TestFailed:
    def test_words_of_the_provider_are_the_reason(self) -> None:
        update = errors.failed("Acme", "Too small", code="bad_image", raw="{}")
        assert update.verdict == Verdict.FAILED
        assert (update.reason, update.category, update.raw) == ("Too small", "rejected", "{}")

    def test_a_code_of_moderation_is_enough(self) -> None:
        update = errors.failed("Acme", "Task 7 failed", code="ContentModerationFailed")
        assert update.category == "moderation"
        assert "Task 7" not in update.reason

    def test_no_words(self) -> None:
        assert errors.failed("Acme", "").reason == "Acme could not make it and does not say why."


class TestServed:
    @pytest.mark.parametrize(("error", "status", "code"), SERVED)
    def test_status_and_code(self, error: Exception, status: int, code: str) -> None:
        assert errors.served(error)[:2] == (status, code)

    def test_another_status(self) -> None:
        assert errors.served(ProviderRejected("x"), status=404)[0] == 404

    def test_a_pause_is_told_in_whole_seconds(self) -> None:
        headers = errors.served(ProviderBusy("x", retry_after=1.2))[3]
        assert headers == {"retry-after": "2"}
        assert errors.served(ProviderBusy("x"))[3] == {}

    def test_our_own_mistakes_have_no_words(self) -> None:
        assert errors.served(RuntimeError("hunter2"))[2] == "Something went wrong here."
