"""What a dialect makes of other programs' requests, whatever they are."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.core.errors import (
    InvalidOrder,
    ProviderRejected,
)
from studio.core.wire import Request
from tests.dialects.contract.material import Material, examples, received, with_one_changed
from tests.dialects.sendings import JSON


class ServingContract(Material):
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
            request = replace(request, json=with_one_changed(data, request.json, instead))
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

    @examples
    @given(data=st.data())
    def test_an_order_is_no_poll(self, data: st.DataObject) -> None:
        assert self.dialect.read_poll_request(self.written(data)) == []

    def test_our_refusal_may_have_a_status_of_its_own(self) -> None:
        response = self.dialect.write_refusal(ProviderRejected("No such job."), status=404)
        assert response.status == 404
        assert "No such job." in self.dialect.refusal(received(response)).message

    def test_our_own_mistakes_are_told_to_nobody(self) -> None:
        response = self.dialect.write_refusal(RuntimeError("password=hunter2"))
        assert response.status == 500
        assert "hunter2" not in json.dumps(response.json)
