"""What one direction of a dialect writes, the other one reads."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from studio.core.errors import (
    InvalidOrder,
    KeyRejected,
    Moderated,
    OutOfMoney,
    Problem,
    ProviderBusy,
    ProviderError,
    ProviderRejected,
    ProviderUnavailable,
    StudioError,
)
from studio.core.wire import Served, Update, Verdict
from tests.dialects.contract.material import MODERATED, Material, arrived, examples, received

REFUSED: tuple[tuple[StudioError, type[ProviderError]], ...] = (
    (KeyRejected("There is no such key."), KeyRejected),
    (OutOfMoney("The account is empty."), OutOfMoney),
    (Moderated("Refused for what it shows."), Moderated),
    (ProviderBusy("Too many at once.", retry_after=7), ProviderBusy),
    (ProviderUnavailable("Stopped for a moment."), ProviderUnavailable),
    (ProviderRejected("The picture is too small."), ProviderRejected),
    (InvalidOrder([Problem("duration", "Duration must be 5 or 10 s.")]), ProviderRejected),
)


class BothContract(Material):
    @examples
    @given(data=st.data())
    def test_every_order_comes_back_as_it_was_sent(self, data: st.DataObject) -> None:
        for able in self.dialect.capabilities:
            sending = self.sending(data, able)
            request = arrived(self.dialect.write_order(sending))
            assert self.dialect.read_order(request) == self.remembered(sending)

    @examples
    @given(data=st.data())
    def test_a_receipt_comes_back(self, data: st.DataObject) -> None:
        served = self.served(data, Verdict.RUNNING)
        receipt = self.receipt(served)
        assert receipt.remote_id == served.remote_id
        assert receipt.update is None or receipt.update.verdict == Verdict.RUNNING

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

    def test_our_refusals_are_read_as_what_they_are(self) -> None:
        for error, kind in REFUSED:
            response = received(self.dialect.write_refusal(error))
            read = self.dialect.refusal(response)
            assert type(read) is kind, error
            if kind is ProviderRejected:
                assert error.message in read.message
            if isinstance(error, ProviderError):
                assert read.retry_after == error.retry_after

    @examples
    @given(data=st.data())
    def test_a_callback_names_its_order(self, data: st.DataObject) -> None:
        served = self.served(data, data.draw(st.sampled_from([Verdict.SUCCEEDED, Verdict.FAILED])))
        if not self.able(served.sending.order).calls_back:
            return
        for body in self.callbacks(served):
            assert self.dialect.read_callback(body) == served.remote_id
