from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from studio.core.errors import (
    BudgetExceeded,
    InvalidOrder,
    KeyRejected,
    Moderated,
    OutOfMoney,
    ProviderBusy,
    ProviderConfused,
    ProviderRejected,
    ProviderUnavailable,
    Unsupported,
)
from studio.core.money import MICRO, UNIT_PRICES
from studio.core.orders import Order
from studio.core.wire import Receipt, Request, Result, Sending, Served, Update, Verdict
from studio.dialects.aimlapi import Aimlapi
from studio.dialects.aimlapi.limits import IMAGE_TO_VIDEO, TEXT_TO_VIDEO
from studio.dialects.trinetra import Trinetra
from tests.dialects.contract import DialectContract, answer
from tests.dialects.fixtures import fixture

AIMLAPI = Aimlapi()
PATH = "/v2/generate/video/kling/generation"
UNIVERSAL = "/v2/video/generations"
REFERENCE = "dl-7-0123456789abcdef0123456789abcdef"
NAME = "a248abc5-3122-45a9-a9ee-352e4642e01c:klingai/v2.5-turbo/pro/text-to-video"
PICTURE = (
    "https://raw.githubusercontent.com/aimlapi/api-docs/main/reference-files/mona_lisa_extended.jpg"
)
VIDEO = "https://cdn.aimlapi.com/eagle/files/lion/l7XgndUauE6MRszEJjNSm_output.mp4"
NO_CREDITS = (
    "You've run out of credits. Please top up your balance or update your payment method to "
    "continue: https://aimlapi.com/app/billing/"
)
NO_KEY = (
    "This request requires a valid API key. You can create a new API key on the Billing page: "
    "https://aimlapi.com/app/keys"
)


def http(status: int, message: str) -> dict[str, Any]:
    return {"message": message, "path": PATH, "requestId": "798b860e", "statusCode": status}


def make_sending(prompt: str = "A cat", model: str = TEXT_TO_VIDEO, **settings: Any) -> Sending:
    order = Order(provider="aimlapi", model=model, prompt=prompt, settings=settings)
    links = {"first_frame": PICTURE} if model == IMAGE_TO_VIDEO else {}
    return Sending(order=order, reference=REFERENCE, links=links)


def make_served(update: Update, **fields: Any) -> Served:
    return Served(
        remote_id=NAME, sending=make_sending(), update=update, created_at=1_790_000_000, **fields
    )


def polled(body: Any, **headers: str) -> Update:
    return AIMLAPI.read_poll(answer(200, body, **headers), [NAME])[NAME]


def asked(body: Any, path: str = PATH) -> Sending:
    return AIMLAPI.read_order(Request(method="POST", path=path, json=body))


def problems_of(body: Any) -> dict[str, str]:
    with pytest.raises(InvalidOrder) as caught:
        asked(body)
    return {problem.field: problem.message for problem in caught.value.problems}


class TestAimlapi(DialectContract):
    dialect = AIMLAPI
    documented = (
        # docs/errors-and-messages of aimlapi/api-docs (2026-08-21)
        (400, http(400, "Body validation error"), ProviderRejected),
        (401, http(401, NO_KEY), KeyRejected),
        (403, http(403, NO_CREDITS), OutOfMoney),
        (403, http(403, "Access is denied."), KeyRejected),
        (404, http(404, "Not Found"), ProviderRejected),
        (429, http(429, "Too Many Requests"), ProviderBusy),
        (429, fixture("aimlapi/http_429"), ProviderBusy),
        (500, http(500, "Internal server error"), ProviderUnavailable),
        (500, http(500, "The model is under maintenance"), ProviderUnavailable),
        (502, http(502, "Bad Gateway"), ProviderUnavailable),
        (503, http(503, "Service unavailable"), ProviderUnavailable),
        (504, http(504, "Generation timeout"), ProviderUnavailable),
        # the other shape, as a failed run has it
        (422, fixture("aimlapi/error_detail")["error"], ProviderRejected),
    )


class TestSending:
    def test_the_example_of_the_text_model_is_written_as_it_stands(self) -> None:
        example = fixture("aimlapi/text_request")
        request = AIMLAPI.write_order(make_sending(example["prompt"]))
        assert request.json == example
        assert (request.method, request.path) == ("POST", PATH)
        assert request.headers == {"x-client-request-id": REFERENCE}

    def test_the_example_of_the_picture_model_is_written_as_it_stands(self) -> None:
        example = fixture("aimlapi/image_request")
        request = AIMLAPI.write_order(make_sending(example["prompt"], IMAGE_TO_VIDEO))
        assert request.json == example

    def test_every_setting_has_its_name_there(self) -> None:
        settings = {"duration": 10, "aspect": "9:16", "negative_prompt": "fog", "cfg": 0.3}
        written = AIMLAPI.write_order(make_sending(**settings, route="fal")).json
        assert written == {
            "model": TEXT_TO_VIDEO, "prompt": "A cat", "duration": 10, "aspect_ratio": "9:16",
            "negative_prompt": "fog", "cfg_scale": 0.3, "provider": "fal",
        }  # fmt: skip

    def test_the_id_goes_into_the_query_as_it_is(self) -> None:
        request = AIMLAPI.write_poll([NAME])
        assert (request.method, request.path) == ("GET", PATH)
        assert request.query == {"generation_id": NAME}

    def test_the_key_is_a_bearer(self) -> None:
        assert AIMLAPI.headers("key") == {"authorization": "Bearer key"}


class TestReading:
    def test_receipt_of_the_document(self) -> None:
        for status in (200, 201):
            response = answer(status, fixture("aimlapi/generating"))
            assert AIMLAPI.read_receipt(response, make_sending()) == Receipt(remote_id=NAME)

    def test_old_name_of_the_id(self) -> None:
        response = answer(201, {"generation_id": NAME, "status": "queued"})
        assert AIMLAPI.read_receipt(response, make_sending()) == Receipt(remote_id=NAME)

    def test_receipt_without_a_good_id_is_confusing(self) -> None:
        for name in ("", None, 7, "x" * 201, "a\nb", "\ud800"):
            with pytest.raises(ProviderConfused):
                AIMLAPI.read_receipt(answer(200, {"id": name}), make_sending())

    def test_running_answer_of_the_document(self) -> None:
        assert polled(fixture("aimlapi/generating")) == Update(verdict=Verdict.RUNNING)

    def test_words_of_the_older_sample_code(self) -> None:
        for word in ("queued", "waiting", "active"):
            assert polled({"id": NAME, "status": word}) == Update(verdict=Verdict.RUNNING)

    def test_finished_answer_of_the_document(self) -> None:
        update = polled(fixture("aimlapi/completed"))
        assert update.verdict == Verdict.SUCCEEDED
        assert update.results == (Result(index=0, links={"video": VIDEO}),)
        assert update.charge is None

    def test_credits_are_told_in_the_body(self) -> None:
        assert polled(fixture("aimlapi/schema_completed")).charge == 120_000 * MICRO

    def test_credits_had_another_name(self) -> None:
        body = {**fixture("aimlapi/completed"), "meta": {"usage": {"tokens_used": 700_000}}}
        assert polled(body).charge == 700_000 * MICRO

    def test_credits_in_a_header_count_where_the_body_says_nothing(self) -> None:
        told = {"x_aimlapi_credits_used": "700000"}
        assert polled(fixture("aimlapi/completed"), **told).charge == 700_000 * MICRO
        assert polled(fixture("aimlapi/schema_completed"), **told).charge == 120_000 * MICRO

    def test_a_header_with_zero_is_no_price(self) -> None:
        told = {"x_aimlapi_credits_used": "0"}
        assert polled(fixture("aimlapi/completed"), **told).charge is None

    def test_a_charge_is_worth_what_the_document_says(self) -> None:
        """2,000,000 credits are a dollar: 120,000 are 6 cents."""
        charge = polled(fixture("aimlapi/schema_completed")).charge
        assert charge is not None
        assert charge * UNIT_PRICES[AIMLAPI.unit] == 60_000 * UNIT_PRICES["USD"]

    def test_failure_with_details(self) -> None:
        update = polled(fixture("aimlapi/error_detail"))
        assert update.verdict == Verdict.FAILED
        assert update.reason == "Could not detect face in the image"
        assert update.category == "rejected"
        assert update.charge == 0

    def test_failure_with_name_and_message(self) -> None:
        error = {"name": "GenerationError", "message": "No such style"}
        assert polled({"id": NAME, "status": "error", "error": error}).reason == "No such style"

    def test_failure_without_words(self) -> None:
        update = polled({"id": NAME, "status": "error", "error": None})
        assert update.reason == "AI/ML API could not make it and does not say why."

    def test_late_moderation(self) -> None:
        error = {"name": "Error", "message": "Failure to pass the risk control system"}
        update = polled({"id": NAME, "status": "error", "error": error})
        assert update.category == "moderation"
        assert "risk control" not in update.reason
        assert "risk control" in update.raw

    def test_a_link_that_is_none_is_no_link(self) -> None:
        for url in ("ftp://a/b.mp4", "b.mp4", None, 7, ["https://a/b.mp4"]):
            body = {"id": NAME, "status": "completed", "video": {"url": url}}
            assert polled(body).verdict == Verdict.RUNNING


class TestLookUp:
    def test_the_log_of_the_last_day_is_asked(self) -> None:
        request = AIMLAPI.write_lookup(make_sending())
        assert (request.method, request.path) == ("GET", "/v2/logs")
        assert request.query == {"period": "24h", "limit": "100"}

    def found(self, body: Any, sending: Sending | None = None) -> Receipt | None:
        return AIMLAPI.read_lookup(answer(200, body), sending or make_sending())

    def test_our_row_names_the_order(self) -> None:
        assert self.found(fixture("aimlapi/logs")) == Receipt(remote_id="V1StGXR8Z5jdHi6BmyT8k")

    def test_rows_of_others_prove_nothing(self) -> None:
        other = replace(make_sending(), reference="dl-8-" + "0" * 32)
        assert self.found(fixture("aimlapi/logs"), other) is None
        assert self.found({"data": []}) is None

    def test_a_failed_row_is_a_failed_order_that_cost_nothing(self) -> None:
        row = {**fixture("aimlapi/logs")["data"][0], "status": "failed"}
        receipt = self.found({"data": [row]})
        assert receipt is not None
        assert receipt.update is not None
        assert (receipt.update.verdict, receipt.update.charge) == (Verdict.FAILED, 0)

    def test_a_row_that_did_not_fail_goes_first(self) -> None:
        good = fixture("aimlapi/logs")["data"][0]
        bad = {**good, "status": "failed", "inference_id": "inf-9"}
        receipt = self.found({"data": [bad, good]})
        assert receipt == Receipt(remote_id=good["inference_id"])

    def test_our_row_without_an_id_is_confusing(self) -> None:
        with pytest.raises(ProviderConfused):
            self.found({"data": [{"client_request_id": REFERENCE, "inference_id": None}]})

    def test_anything_but_rows_is_confusing_or_found_empty(self) -> None:
        assert self.found({"data": [7, None, "row"]}) is None
        with pytest.raises(ProviderConfused):
            self.found({"data": {"rows": []}})


class TestKey:
    def test_the_balance_is_asked_for(self) -> None:
        request = AIMLAPI.write_test()
        assert (request.method, request.path) == ("GET", "/v2/billing")

    def test_the_balance_is_told(self) -> None:
        assert AIMLAPI.read_test(answer(200, fixture("aimlapi/billing"))) == "123.45 USD left"

    def test_no_balance_is_confusing(self) -> None:
        for balance in (None, "1", True):
            with pytest.raises(ProviderConfused):
                AIMLAPI.read_test(answer(200, {"current_balance": balance}))


class TestServing:
    def test_the_script_of_the_document_is_understood_on_both_paths(self) -> None:
        for path in (PATH, UNIVERSAL):
            order = asked(fixture("aimlapi/script_request"), path).order
            assert (order.provider, order.model) == ("aimlapi", TEXT_TO_VIDEO)
            assert order.settings == {"duration": 5, "aspect": "16:9", "cfg": 0.9}

    def test_nulls_are_left_out(self) -> None:
        body = {**fixture("aimlapi/text_request"), "duration": None, "provider": None}
        assert asked(body).order.settings == {}

    def test_the_route_is_the_same_in_any_case(self) -> None:
        body = {**fixture("aimlapi/text_request"), "provider": "FAL"}
        assert asked(body).order.settings == {"route": "fal"}

    @pytest.mark.parametrize(
        ("letters", "kind"),
        [("/9j/4AAQSkZJRg==", "jpeg"), ("iVBORw0KGgoAAAAN", "png"), ("UklGRiQAAABX", "webp")],
    )
    def test_a_bare_base64_picture_becomes_a_data_uri(self, letters: str, kind: str) -> None:
        body = {**fixture("aimlapi/image_request"), "image_url": letters}
        assert asked(body).links == {"first_frame": f"data:image/{kind};base64,{letters}"}

    def test_problems_have_the_names_of_the_format(self) -> None:
        body = {
            "model": TEXT_TO_VIDEO, "prompt": "", "duration": 7, "aspect_ratio": "4:3",
            "cfg_scale": 2, "provider": "moon", "seed": 1, "image_url": PICTURE,
        }  # fmt: skip
        assert problems_of(body) == {
            "prompt": "Prompt is needed: at most 2,500 characters.",
            "duration": "Duration must be 5 or 10, not “7”.",
            "aspect_ratio": "Ratio must be 16:9, 9:16 or 1:1, not “4:3”.",
            "cfg_scale": "CFG scale must be 0 to 1, not “2”.",
            "provider": "Route must be auto, kling, klingai or fal, not “moon”.",
            "seed": "Kling 2.5 Turbo Pro, from text has no field “seed”; leave it out.",
            "image_url": "Kling 2.5 Turbo Pro, from text has no field “image_url”; leave it out.",
        }

    def test_the_picture_model_needs_a_picture(self) -> None:
        body = {"model": IMAGE_TO_VIDEO, "prompt": "A cat"}
        assert list(problems_of(body)) == ["image_url"]
        for picture in ("cat.png", 7, ["x"], "data:text/html,x"):
            assert list(problems_of({**body, "image_url": picture})) == ["image_url"]

    def test_unknown_model(self) -> None:
        said = problems_of({"model": "sora", "prompt": "A cat"})
        assert said == {"model": f"model must be {TEXT_TO_VIDEO} or {IMAGE_TO_VIDEO}, not “sora”."}

    def test_polls_on_both_paths(self) -> None:
        for path in (PATH, UNIVERSAL):
            request = Request(method="GET", path=path, query={"generation_id": NAME})
            assert AIMLAPI.read_poll_request(request) == [NAME]
        assert AIMLAPI.read_poll_request(Request(method="GET", path=PATH)) == []
        other = Request(method="GET", path="/v1/videos", query={"generation_id": NAME})
        assert AIMLAPI.read_poll_request(other) == []

    def test_words_of_a_job_in_line_and_at_work(self) -> None:
        running = Update(verdict=Verdict.RUNNING)
        for started, word in ((False, "queued"), (True, "generating")):
            body = AIMLAPI.write_poll_answer([make_served(running, started=started)]).json
            assert body["status"] == word
            assert body["video"] is None

    def test_a_finished_job_has_what_the_schema_wants(self) -> None:
        update = Update(
            verdict=Verdict.SUCCEEDED,
            results=(Result(index=0, links={"video": VIDEO}),),
            charge=120_000 * MICRO,
        )
        response = AIMLAPI.write_poll_answer([make_served(update)])
        assert response.json == {
            "id": NAME, "status": "completed", "video": {"url": VIDEO}, "error": None,
            "meta": {"usage": {"credits_used": 120_000}},
        }  # fmt: skip
        assert response.headers == {"x-inference-id": NAME, "x-client-request-id": REFERENCE}

    def test_no_money_is_a_403_there(self) -> None:
        for error in (OutOfMoney("Empty."), BudgetExceeded("1 credit is left.")):
            response = AIMLAPI.write_refusal(error)
            assert response.status == 403
            assert response.json == {
                "message": f"You've run out of credits. {error.message}",
                "statusCode": "403",
            }
            assert type(AIMLAPI.refusal(response)) is OutOfMoney

    def test_moderation_is_a_400_with_a_text(self) -> None:
        response = AIMLAPI.write_refusal(Moderated("Not this."))
        assert response.json == {"message": "Content moderation: Not this.", "statusCode": "400"}


class TestBills:
    SINCE, UNTIL = date(2026, 11, 1), date(2026, 11, 30)

    def test_the_log_is_asked_from_the_first_to_the_last_millisecond(self) -> None:
        request = AIMLAPI.write_bill("logs", self.SINCE, self.UNTIL)
        assert request.path == "/v2/logs"
        assert request.query == {
            "start": "2026-11-01T00:00:00Z", "end": "2026-11-30T23:59:59.999Z",
            "status": "succeeded", "limit": "100", "offset": "0",
        }  # fmt: skip

    def test_the_ledger_is_asked_until_the_next_day(self) -> None:
        request = AIMLAPI.write_bill("transactions", self.SINCE, self.UNTIL, after="opaque=")
        assert request.path == "/v2/billing/transactions"
        assert request.query == {
            "from": "2026-11-01T00:00:00Z", "to": "2026-12-01T00:00:00Z",
            "type": "MODEL_USAGE", "limit": "100", "cursor": "opaque=",
        }  # fmt: skip

    def test_a_page_of_the_log_is_flat(self) -> None:
        page = AIMLAPI.read_bill("logs", answer(200, fixture("aimlapi/logs")))
        assert page.after == ""
        assert page.rows[0]["cost.credits"] == "500000"
        assert page.rows[1]["client_request_id"] == ""

    def test_the_next_page_of_each_table(self) -> None:
        body = fixture("aimlapi/logs")
        more = {**body, "pagination": {"has_more": True, "next_cursor": "abc"}}
        assert AIMLAPI.read_bill("logs", answer(200, more), after="100").after == "102"
        assert AIMLAPI.read_bill("transactions", answer(200, more)).after == "abc"
        empty = {**more, "data": []}
        assert AIMLAPI.read_bill("logs", answer(200, empty)).after == ""

    @pytest.mark.parametrize("body", [{}, {"data": []}, {"data": 1, "pagination": {}}, []])
    def test_another_shape_is_confusing(self, body: Any) -> None:
        with pytest.raises(ProviderConfused):
            AIMLAPI.read_bill("logs", answer(200, body))

    def test_others_tell_nothing(self) -> None:
        with pytest.raises(Unsupported):
            Trinetra().write_bill("logs", self.SINCE, self.UNTIL)
        with pytest.raises(Unsupported):
            Trinetra().read_bill("logs", answer(200, {}))
