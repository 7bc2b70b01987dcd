"""What a dialect says of itself, and what it writes to a provider."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.core.errors import (
    Unsupported,
)
from studio.core.orders import Order
from studio.core.spec import FILES, Capability, Way
from studio.core.wire import Sending
from tests.dialects.contract.material import Material, examples, through
from tests.dialects.sendings import LINKS


class AskingContract(Material):
    def test_says_who_it_is(self) -> None:
        dialect = self.dialect
        assert dialect.slug
        assert dialect.label
        assert dialect.address.startswith("https://")
        assert not dialect.address.endswith("/")
        assert {able.provider for able in dialect.capabilities} == {dialect.slug}
        assert all(able.source and able.checked_on for able in dialect.capabilities)
        assert all(able.ways for able in dialect.capabilities if any(files(able)))

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

    def test_the_key_is_shown_in_a_header(self) -> None:
        headers = self.dialect.headers("s3cret")
        assert any("s3cret" in value for value in headers.values())
        assert all(name == name.lower() for name in headers)

    def test_the_test_request_is_a_request(self) -> None:
        request = self.dialect.write_test()
        assert request.path.startswith("/")
        assert through(request.json) == request.json


def files(able: Capability) -> list[bool]:
    return [getattr(able, name) for name in FILES]
