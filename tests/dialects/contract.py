"""What every dialect must hold, in both directions; a subclass says which dialect."""

import copy
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio.core.errors import (
    InvalidOrder,
    KeyRejected,
    Moderated,
    OutOfMoney,
    Problem,
    ProviderBlocked,
    ProviderBusy,
    ProviderConfused,
    ProviderError,
    ProviderRejected,
    ProviderUnavailable,
    StudioError,
    Unsupported,
)
from studio.core.orders import Order
from studio.core.spec import FILES, Capability, Way
from studio.core.wire import Receipt, Request, Response, Result, Sending, Served, Update, Verdict
from studio.dialects.base import Dialect, Handle
from tests.dialects.sendings import JSON, LINKS, sendings

# Inherited tests are run by one class per dialect, which is what the first check warns of.
examples = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[
        HealthCheck.differing_executors,
        HealthCheck.too_slow,
        HealthCheck.filter_too_much,
    ],
)
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
MODERATED = (
    "Failure to pass the risk control system",
    "Your prompt violates our content policy.",
    "Blocked by moderation",
    "sensitive content detected",
    "NSFW content",
)
REFUSED: tuple[tuple[StudioError, type[ProviderError]], ...] = (
    (KeyRejected("There is no such key."), KeyRejected),
    (OutOfMoney("The account is empty."), OutOfMoney),
    (Moderated("Refused for what it shows."), Moderated),
    (ProviderBusy("Too many at once.", retry_after=7), ProviderBusy),
    (ProviderUnavailable("Stopped for a moment."), ProviderUnavailable),
    (ProviderRejected("The picture is too small."), ProviderRejected),
    (InvalidOrder([Problem("duration", "Duration must be 5 or 10 s.")]), ProviderRejected),
)
CHARGES = st.integers(0, 10**8).map(lambda hundredths: hundredths * 10_000)
REASONS = ("The picture is too small.", "Zeitüberschreitung beim Rendern", "no worker: 3/3")


def answer(status: int, json_: Any = None, text: str | None = None, **headers: str) -> Response:
    """An HTTP answer as the remote provider hands it to a dialect."""
    body = json.dumps(json_) if text is None else text
    return Response(
        status=status,
        headers={name.replace("_", "-"): value for name, value in headers.items()},
        json=json_,
        text=body,
    )


def received(response: Response) -> Response:
    """What we wrote as a provider, after it went over the wire."""
    return answer(response.status, through(response.json), **dict(response.headers))


def through(value: Any) -> Any:
    return json.loads(json.dumps(value, allow_nan=False))


def arrived(request: Request) -> Request:
    """A request that we wrote, after it went over the wire."""
    return replace(request, json=through(request.json))


class DialectContract:
    """A subclass sets `dialect`, and what else is different there.

    `links` are the names of the links in a Result; `ids` makes remote ids; `uploads` what stands
    for a picture that was sent before. `documented` has rows (status, body, class) of errors from
    the provider's document. `charges` makes charges that its numbers can say.
    """

    dialect: ClassVar[Dialect]
    links: ClassVar[tuple[str, ...]] = ("video",)
    ids: ClassVar[st.SearchStrategy[str]] = st.sampled_from(
        ["60ac7c34-1:klingai/v2.5-turbo/pro", "a/b:c", "job_1", "ä b", "50%2F+&?#"]
    )
    uploads: ClassVar[st.SearchStrategy[str]] = LINKS
    charges: ClassVar[st.SearchStrategy[int]] = CHARGES
    keeps_seeds: ClassVar[bool] = False
    documented: ClassVar[Sequence[tuple[int, Any, type[ProviderError]]]] = ()

    # What a subclass may change

    def suited(self, order: Order) -> Order:
        """Mend what the model's rules would refuse most of the time."""
        return order

    def remote_id(self, sending: Sending, drawn: str) -> str:
        """The provider's name of the order, for one that does not choose it itself."""
        return drawn

    def has_a_picture(self, result: Result) -> bool:
        """Whether a take can be made of it."""
        return bool(result.links.get("video"))

    # Generators

    def sending(self, data: st.DataObject, able: Capability | None = None) -> Sending:
        able = able or data.draw(st.sampled_from(self.dialect.capabilities))
        return data.draw(sendings(able, suited=self.suited, uploads=self.uploads))

    def written(self, data: st.DataObject, able: Capability | None = None) -> Request:
        return arrived(self.dialect.write_order(self.sending(data, able)))

    def able(self, order: Order) -> Capability:
        return next(able for able in self.dialect.capabilities if able.model == order.model)

    def results(self, data: st.DataObject, order: Order) -> tuple[Result, ...]:
        seeds = st.integers(0, 2**31 - 1) if self.keeps_seeds else st.none()
        return tuple(
            Result(
                index=index,
                links={name: f"{data.draw(LINKS)}#{name}{index}" for name in self.links},
                seed=data.draw(seeds),
            )
            for index in range(order.count)
        )

    def served(
        self, data: st.DataObject, verdict: Verdict | None = None, *, drawn: str | None = None
    ) -> Served:
        verdict = verdict or data.draw(st.sampled_from(Verdict))
        sending = self.sending(data)
        ended = verdict != Verdict.RUNNING
        return Served(
            remote_id=self.remote_id(sending, drawn or data.draw(self.ids)),
            sending=sending,
            update=self.update(data, verdict, sending.order),
            created_at=1_790_000_000,
            ended_at=1_790_000_060 if ended else None,
            started=ended or data.draw(st.booleans()),
        )

    def update(self, data: st.DataObject, verdict: Verdict, order: Order) -> Update:
        succeeded, failed = verdict == Verdict.SUCCEEDED, verdict == Verdict.FAILED
        return Update(
            verdict=verdict,
            results=self.results(data, order) if succeeded else (),
            reason=data.draw(st.sampled_from(REASONS)) if failed else "",
            category="rejected" if failed else "",
            charge=data.draw(self.charges) if succeeded else None,
        )

    def polled(self, *served: Served) -> dict[str, Update]:
        """What we read of what we serve."""
        ids = [one.remote_id for one in served]
        return self.dialect.read_poll(received(self.dialect.write_poll_answer(served)), ids)

    # What it says about itself

    def test_says_who_it_is(self) -> None:
        dialect = self.dialect
        assert dialect.slug
        assert dialect.label
        assert dialect.address.startswith("https://")
        assert not dialect.address.endswith("/")
        assert {able.provider for able in dialect.capabilities} == {dialect.slug}
        assert all(able.source and able.checked_on for able in dialect.capabilities)
        assert all(able.ways for able in dialect.capabilities if any(_files(able)))

    def test_each_price_is_of_a_model_and_has_a_source(self) -> None:
        models = {able.model for able in self.dialect.capabilities}
        for price in self.dialect.prices:
            assert price.model in models
            assert price.per in {"second", "take"}
            assert price.amount > 0
            assert price.unit == self.dialect.unit
            assert price.source
            assert price.checked_on

    def test_defaults_are_allowed(self) -> None:
        for able in self.dialect.capabilities:
            given = [param for param in able.params if param.default is not None]
            assert {param.name: param.problem(param.default) for param in given} == {
                param.name: None for param in given
            }

    # Orders

    @examples
    @given(data=st.data())
    def test_every_order_comes_back_as_it_was_sent(self, data: st.DataObject) -> None:
        for able in self.dialect.capabilities:
            sending = self.sending(data, able)
            request = arrived(self.dialect.write_order(sending))
            assert self.dialect.read_order(request) == self.remembered(sending)

    def remembered(self, sending: Sending) -> Sending:
        """What is left of it on the wire."""
        order = replace(sending.order, **dict.fromkeys(FILES, None))
        forgotten = dict.fromkeys(self.dialect.forgets, "")
        return replace(sending, order=order, **forgotten)

    @examples
    @given(data=st.data())
    def test_an_order_is_a_request(self, data: st.DataObject) -> None:
        for able in self.dialect.capabilities:
            request = self.dialect.write_order(self.sending(data, able))
            assert request.method == "POST"
            assert request.path.startswith("/")
            assert request.path.isascii()
            assert through(request.json) == request.json
            words = [*request.query.values(), *request.headers.values(), *request.fields.values()]
            assert all(isinstance(word, str) for word in words)
            assert all(word.isascii() for word in request.headers.values())

    @examples
    @given(data=st.data(), name=st.sampled_from(["sparkle", "prompt2", "model", "url"]))
    def test_a_setting_that_it_does_not_know_is_unsupported(
        self, data: st.DataObject, name: str
    ) -> None:
        for able in self.dialect.capabilities:
            sending = self.sending(data, able)
            order = replace(sending.order, settings={**sending.order.settings, name: 1})
            with pytest.raises(Unsupported, match=name):
                self.dialect.write_order(replace(sending, order=order))

    @examples
    @given(data=st.data())
    def test_a_file_that_it_does_not_take_is_unsupported(self, data: st.DataObject) -> None:
        for able in self.dialect.capabilities:
            sending = self.sending(data, able)
            for name in (name for name in FILES if not getattr(able, name)):
                links = {**sending.links, name: data.draw(LINKS)}
                with pytest.raises(Unsupported):
                    self.dialect.write_order(replace(sending, links=links))

    @examples
    @given(data=st.data())
    def test_a_file_on_no_way_that_it_knows_is_unsupported(self, data: st.DataObject) -> None:
        for able in self.dialect.capabilities:
            sending = self.sending(data, able)
            lost = {} if Way.PART in able.ways else dict.fromkeys(sending.links, "a.png")
            if sending.links or sending.parts:
                with pytest.raises(Unsupported):
                    self.dialect.write_order(replace(sending, links={}, parts=lost))

    def test_a_model_that_it_does_not_have_is_unsupported(self) -> None:
        order = Order(provider=self.dialect.slug, model="no-such-model", prompt="A cat")
        with pytest.raises(Unsupported):
            self.dialect.write_order(Sending(order=order, reference="dl-1-" + "0" * 32))

    @examples
    @given(data=st.data(), instead=JSON)
    def test_an_order_with_anything_wrong_is_read_or_refused(
        self, data: st.DataObject, instead: Any
    ) -> None:
        request = self.written(data)
        if request.json is None:
            key = data.draw(st.sampled_from(sorted(request.fields)))
            text = data.draw(st.just(json.dumps(instead)) | st.text(max_size=9))
            request = replace(request, fields={**request.fields, key: text})
        else:
            request = replace(request, json=_with_one_changed(data, request.json, instead))
        try:
            self.dialect.read_order(request)
        except InvalidOrder as refused:
            messages = [problem.message for problem in refused.problems]
            assert all(messages)

    def test_an_empty_request_is_refused(self) -> None:
        able = self.dialect.capabilities[0]
        path = self.order_path(able)
        for body in (None, {}, [], "order", 7):
            with pytest.raises(InvalidOrder):
                self.dialect.read_order(Request(method="POST", path=path, json=body))

    def order_path(self, able: Capability) -> str:
        for sending in _one(sendings(able, suited=self.suited, uploads=self.uploads)):
            return self.dialect.write_order(sending).path
        raise AssertionError

    # Receipts

    @examples
    @given(data=st.data())
    def test_a_receipt_comes_back(self, data: st.DataObject) -> None:
        served = self.served(data, Verdict.RUNNING)
        receipt = self.receipt(served)
        assert receipt.remote_id == served.remote_id
        assert receipt.update is None or receipt.update.verdict == Verdict.RUNNING

    def receipt(self, served: Served) -> Receipt:
        response = received(self.dialect.write_receipt(served))
        assert 200 <= response.status < 300
        return self.dialect.read_receipt(response, served.sending)

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
        for sent in (body, _with_one_changed(data, whole, body)):
            try:
                receipt = self.dialect.read_receipt(answer(200, sent), served.sending)
            except ProviderError:
                continue
            assert 0 < len(receipt.remote_id) <= 200

    @examples
    @given(data=st.data())
    def test_an_answer_with_everything_is_read_at_once(self, data: st.DataObject) -> None:
        if not self.dialect.slow_answer:
            return
        served = self.served(data, Verdict.SUCCEEDED)
        receipt = self.receipt(served)
        assert receipt.update is not None
        assert receipt.update.verdict == Verdict.SUCCEEDED
        assert receipt.update.results == served.update.results

    # Polls

    @examples
    @given(data=st.data())
    def test_a_poll_asks_for_what_was_meant(self, data: st.DataObject) -> None:
        ids = data.draw(
            st.lists(self.ids, min_size=1, max_size=min(self.dialect.batch, 5), unique=True)
        )
        request = arrived(self.dialect.write_poll(ids))
        assert request.path.startswith("/")
        assert request.path.isascii()
        assert self.dialect.read_poll_request(request) == ids

    @examples
    @given(data=st.data())
    def test_an_order_is_no_poll(self, data: st.DataObject) -> None:
        assert self.dialect.read_poll_request(self.written(data)) == []

    @examples
    @given(data=st.data())
    def test_what_is_served_is_what_is_read(self, data: st.DataObject) -> None:
        some = st.lists(self.ids, min_size=1, max_size=min(self.dialect.batch, 3), unique=True)
        served = [self.served(data, drawn=drawn) for drawn in data.draw(some)]
        served = list({one.remote_id: one for one in served}.values())
        updates = self.polled(*served)
        assert set(updates) == {one.remote_id for one in served}
        for one in served:
            self.assert_same(updates[one.remote_id], one)

    def assert_same(self, update: Update, served: Served) -> None:
        told = served.update
        assert update.verdict == told.verdict
        assert update.results == told.results
        assert update.reason == told.reason
        assert update.category == told.category
        if told.verdict == Verdict.SUCCEEDED:
            tells = self.able(served.sending.order).tells_cost
            assert update.charge == (told.charge if tells else None)

    @examples
    @given(data=st.data())
    def test_progress_comes_back_where_it_is_told(self, data: st.DataObject) -> None:
        served = self.served(data, Verdict.RUNNING)
        if not self.able(served.sending.order).reports_progress:
            return
        half = replace(served, update=replace(served.update, progress=50), started=True)
        assert self.polled(half)[half.remote_id].progress == 50

    @examples
    @given(data=st.data())
    def test_what_is_moderated_says_so(self, data: st.DataObject) -> None:
        served = self.served(data, Verdict.FAILED)
        for reason in (*MODERATED, "Refused for what it shows."):
            told = replace(served.update, reason=reason, category=Moderated.category)
            update = self.polled(replace(served, update=told))[served.remote_id]
            assert update.verdict == Verdict.FAILED
            assert update.category == Moderated.category
            assert "moderation" in update.reason
            assert update.raw

    @examples
    @given(data=st.data())
    def test_an_unknown_status_is_still_running(self, data: st.DataObject) -> None:
        """Under the deadline of the pipeline, with the word kept for an admin."""
        served = self.served(data, data.draw(st.sampled_from([Verdict.RUNNING, Verdict.SUCCEEDED])))
        body = received(self.dialect.write_poll_answer([served])).json
        changed = _with_status(body, "pondering")
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
        for sent in (body, _with_one_changed(data, whole, body)):
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

    # Look-ups

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

    # Errors

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
        for sending in _one(sendings(self.dialect.capabilities[0], suited=self.suited)):
            refused = answer(401, {"message": "no such key"})
            with pytest.raises(KeyRejected):
                self.dialect.read_receipt(refused, sending)
            with pytest.raises(KeyRejected):
                self.dialect.read_poll(refused, ["a"])
            with pytest.raises(KeyRejected):
                self.dialect.read_test(refused)

    def test_our_refusals_are_read_as_what_they_are(self) -> None:
        for error, kind in REFUSED:
            response = received(self.dialect.write_refusal(error))
            read = self.dialect.refusal(response)
            assert type(read) is kind, error
            if kind is ProviderRejected:
                assert error.message in read.message
            if isinstance(error, ProviderError):
                assert read.retry_after == error.retry_after

    def test_our_refusal_may_have_a_status_of_its_own(self) -> None:
        response = self.dialect.write_refusal(ProviderRejected("No such job."), status=404)
        assert response.status == 404
        assert "No such job." in self.dialect.refusal(received(response)).message

    def test_our_own_mistakes_are_told_to_nobody(self) -> None:
        response = self.dialect.write_refusal(RuntimeError("password=hunter2"))
        assert response.status == 500
        assert "hunter2" not in json.dumps(response.json)

    # The key

    def test_the_key_is_shown_in_a_header(self) -> None:
        headers = self.dialect.headers("s3cret")
        assert any("s3cret" in value for value in headers.values())
        assert all(name == name.lower() for name in headers)

    def test_the_test_request_is_a_request(self) -> None:
        request = self.dialect.write_test()
        assert request.path.startswith("/")
        assert through(request.json) == request.json

    @examples
    @given(status=st.integers(200, 599), body=JSON)
    def test_the_test_may_be_answered_with_anything(self, status: int, body: Any) -> None:
        with suppress(ProviderError):
            assert isinstance(self.dialect.read_test(answer(status, body)), str)

    # News

    @examples
    @given(body=JSON)
    def test_a_callback_of_anything_is_a_hint_or_nothing(self, body: Any) -> None:
        assert isinstance(self.dialect.read_callback(body), str)

    @examples
    @given(data=st.data())
    def test_a_callback_names_its_order(self, data: st.DataObject) -> None:
        served = self.served(data, data.draw(st.sampled_from([Verdict.SUCCEEDED, Verdict.FAILED])))
        if not self.able(served.sending.order).calls_back:
            return
        for body in self.callbacks(served):
            assert self.dialect.read_callback(body) == served.remote_id

    def callbacks(self, served: Served) -> list[Any]:
        """The bodies that a provider posts to our address about it."""
        return [received(self.dialect.write_poll_answer([served])).json]


def _files(able: Capability) -> list[bool]:
    return [getattr(able, name) for name in FILES]


def _one(strategy: st.SearchStrategy[Any]) -> list[Any]:
    """One value of a strategy, outside of a property."""
    found: list[Any] = []

    @settings(max_examples=1, database=None, derandomize=True,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(strategy)
    def take(value: Any) -> None:
        found.append(value)

    take()
    return found[:1]


def _with_one_changed(data: st.DataObject, whole: Any, instead: Any) -> Any:
    """A copy with something else, or nothing, in one of its places."""
    changed = copy.deepcopy(whole)
    places = list(_places(changed))
    if not places:
        return instead
    holder, key = data.draw(st.sampled_from(places))
    if data.draw(st.booleans()):
        holder[key] = instead
    else:
        del holder[key]
    return changed


def _places(value: Any) -> Any:
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in list(pairs):
        yield value, key
        if isinstance(inner, dict | list):
            yield from _places(inner)


def _with_status(value: Any, word: str) -> Any:
    if isinstance(value, Mapping):
        return {
            key: word if key == "status" and isinstance(inner, str) else _with_status(inner, word)
            for key, inner in value.items()
        }
    return [_with_status(item, word) for item in value] if isinstance(value, list) else value
