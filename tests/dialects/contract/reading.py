"""What a dialect makes of a provider's answers, whatever they are."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.core.errors import (
    KeyRejected,
    Moderated,
    OutOfMoney,
    ProviderBlocked,
    ProviderBusy,
    ProviderConfused,
    ProviderError,
    ProviderRejected,
    ProviderUnavailable,
    Unsupported,
)
from studio.core.orders import Order
from studio.core.wire import Sending, Update, Verdict
from studio.dialects.base import Handle
from tests.dialects.contract.material import (
    MODERATED,
    Material,
    answer,
    examples,
    one,
    received,
    through,
    with_one_changed,
)
from tests.dialects.sendings import JSON, sendings

BROKEN = ("", "<html><body>Bad Gateway</body></html>", '{"error": {"mess', "OK", "null")
# What a status means where the body does not say more.
BARE = {
    400: ProviderRejected,
    401: KeyRejected,
    402: OutOfMoney,
    403: KeyRejected,
    404: ProviderRejected,
    409: ProviderRejected,
    415: ProviderRejected,
    422: ProviderRejected,
    429: ProviderBusy,
    500: ProviderUnavailable,
    502: ProviderUnavailable,
    503: ProviderUnavailable,
    504: ProviderUnavailable,
}


class ReadingContract(Material):
    @examples
    @given(data=st.data())
    def test_a_receipt_that_is_no_json_is_confusing(self, data: st.DataObject) -> None:
        sending = self.sending(data)
        for text in BROKEN:
            with pytest.raises(ProviderConfused) as caught:
                self.dialect.read_receipt(answer(200, text=text), sending)
            assert caught.value.raw.startswith("HTTP 200")

    @examples
    @given(data=st.data(), body=JSON)
    def test_a_receipt_of_anything_is_read_or_a_provider_error(
        self, data: st.DataObject, body: Any
    ) -> None:
        served = self.served(data)
        whole = received(self.dialect.write_receipt(served)).json
        for sent in (body, with_one_changed(data, whole, body)):
            try:
                receipt = self.dialect.read_receipt(answer(200, sent), served.sending)
            except ProviderError:
                continue
            assert 0 < len(receipt.remote_id) <= 200

    @examples
    @given(data=st.data())
    def test_an_unknown_status_is_still_running(self, data: st.DataObject) -> None:
        """Under the deadline of the pipeline, with the word kept for an admin."""
        served = self.served(data, data.draw(st.sampled_from([Verdict.RUNNING, Verdict.SUCCEEDED])))
        body = received(self.dialect.write_poll_answer([served])).json
        changed = with_status(body, "pondering")
        assert changed != body
        update = self.dialect.read_poll(answer(200, changed), [served.remote_id])[served.remote_id]
        assert update.verdict == Verdict.RUNNING
        assert "pondering" in update.raw

    @examples
    @given(data=st.data())
    def test_success_without_a_link_is_no_success_yet(self, data: st.DataObject) -> None:
        """Links come late at times; the deadline of the pipeline ends the wait."""
        served = self.served(data, Verdict.SUCCEEDED)
        empty = tuple(replace(result, links={}) for result in served.update.results)
        bare = replace(served, update=replace(served.update, results=empty))
        update = self.polled(bare)[served.remote_id]
        assert update.verdict == Verdict.RUNNING
        assert update.results == ()
        assert update.raw

    @examples
    @given(data=st.data(), body=JSON)
    def test_a_poll_answer_of_anything_is_read_or_a_provider_error(
        self, data: st.DataObject, body: Any
    ) -> None:
        served = self.served(data)
        whole = received(self.dialect.write_poll_answer([served])).json
        for sent in (body, with_one_changed(data, whole, body)):
            try:
                updates = self.dialect.read_poll(answer(200, sent), [served.remote_id])
            except ProviderError:
                continue
            assert set(updates) <= {served.remote_id}
            for update in updates.values():
                assert Update.from_json(through(update.to_json())) == update
                assert update.verdict != Verdict.SUCCEEDED or all(
                    self.has_a_picture(result) for result in update.results
                )

    @examples
    @given(data=st.data())
    def test_a_poll_answer_that_is_no_json_is_confusing(self, data: st.DataObject) -> None:
        served = self.served(data)
        for text in BROKEN:
            with pytest.raises(ProviderConfused):
                self.dialect.read_poll(answer(200, text=text), [served.remote_id])

    def test_a_lookup_of_nothing_finds_nothing_or_is_unsupported(self) -> None:
        able = self.dialect.capabilities[0]
        order = Order(provider=able.provider, model=able.model, prompt="A cat")
        sending = Sending(order=order, reference="dl-1-" + "0" * 32)
        if self.dialect.handle != Handle.LOOKUP:
            with pytest.raises(Unsupported):
                self.dialect.write_lookup(sending)
            return
        assert self.dialect.write_lookup(sending).method == "GET"
        for text in BROKEN:
            with pytest.raises(ProviderConfused):
                self.dialect.read_lookup(answer(200, text=text), sending)

    def test_documented_errors_are_what_they_mean(self) -> None:
        assert self.documented, "say what the document says about errors"
        refused = [
            (status, body, self.dialect.refusal(answer(status, body)), kind)
            for status, body, kind in self.documented
        ]
        assert [row for row in refused if type(row[2]) is not row[3]] == []

    def test_a_broken_error_is_read_by_its_status(self) -> None:
        for status, kind in BARE.items():
            for text in BROKEN:
                error = self.dialect.refusal(answer(status, text=text))
                assert type(error) is kind, (status, text)
                assert error.raw.startswith(f"HTTP {status}")
                assert error.message

    def test_moderation_is_told_in_plain_words(self) -> None:
        for said in MODERATED:
            for body in ({"error": {"message": said}}, {"message": said}):
                error = self.dialect.refusal(answer(400, body))
                assert type(error) is Moderated, body
                assert said in error.raw
                assert said not in error.message

    def test_a_busy_provider_says_for_how_long(self) -> None:
        date = "Sat, 21 Nov 2026 10:00:00 GMT"
        later = "Sat, 21 Nov 2026 10:01:30 GMT"
        for given_, seconds in (("7", 7), (later, 90), ("soon", None), ("", None), ("-1", None)):
            response = answer(429, {"message": "Slow down"}, date=date, retry_after=given_)
            error = self.dialect.refusal(response)
            assert type(error) is ProviderBusy
            assert error.retry_after == seconds

    @examples
    @given(status=st.integers(400, 599), body=JSON)
    def test_an_error_of_anything_is_a_provider_error(self, status: int, body: Any) -> None:
        error = self.dialect.refusal(answer(status, body))
        assert isinstance(error, ProviderUnavailable | ProviderBlocked | ProviderRejected)
        assert error.message

    def test_reading_a_refusal_raises_it(self) -> None:
        for sending in one(sendings(self.dialect.capabilities[0], suited=self.suited)):
            refused = answer(401, {"message": "no such key"})
            with pytest.raises(KeyRejected):
                self.dialect.read_receipt(refused, sending)
            with pytest.raises(KeyRejected):
                self.dialect.read_poll(refused, ["a"])
            with pytest.raises(KeyRejected):
                self.dialect.read_test(refused)

    @examples
    @given(status=st.integers(200, 599), body=JSON)
    def test_the_test_may_be_answered_with_anything(self, status: int, body: Any) -> None:
        with suppress(ProviderError):
            assert isinstance(self.dialect.read_test(answer(status, body)), str)

    @examples
    @given(body=JSON)
    def test_a_callback_of_anything_is_a_hint_or_nothing(self, body: Any) -> None:
        assert isinstance(self.dialect.read_callback(body), str)


def with_status(value: Any, word: str) -> Any:
    if isinstance(value, Mapping):
        return {
            key: word if key == "status" and isinstance(inner, str) else with_status(inner, word)
            for key, inner in value.items()
        }
    return [with_status(item, word) for item in value] if isinstance(value, list) else value
