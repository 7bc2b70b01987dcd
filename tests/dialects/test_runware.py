from dataclasses import replace
from typing import Any

import pytest

from studio.core.errors import (
    KeyRejected,
    MaybeSent,
    Moderated,
    OutOfMoney,
    Problem,
    ProviderBusy,
    ProviderConfused,
    ProviderError,
    ProviderRejected,
    ProviderUnavailable,
    Unsupported,
)
from studio.core.orders import Order
from studio.core.wire import Result, Sending, Served, Verdict
from studio.dialects.runware.fields import task_uuid
from tests.dialects.contract import DialectContract, answer, received
from tests.dialects.runware_tasks import (
    ABLE,
    ADDED,
    DOCUMENTED,
    FIRST,
    OTHER,
    PICTURE,
    REFERENCE,
    RUNWARE,
    UUIDS,
    fixture,
    item,
    order,
    poll,
    request,
    sending,
    task,
)


class TestRunware(DialectContract):
    dialect = RUNWARE
    ids = UUIDS
    uploads = UUIDS
    keeps_seeds = True
    documented = (
        # runware.ai/docs/platform/errors
        (401, {"errors": [{"code": "invalidApiKey", "message": "Invalid API key. Get one at …",
                           "parameter": "apiKey", "taskType": "authentication"}]}, KeyRejected),
        (402, {"errors": [{"code": "odd", "message": "Payment required"}]}, OutOfMoney),
        (403, {"errors": [{"code": "odd", "message": "No permission"}]}, KeyRejected),
        (404, {"errors": [{"code": "odd", "message": "Not there"}]}, ProviderRejected),
        (429, {"errors": [{"code": "odd", "message": "Queue is full"}]}, ProviderBusy),
        (500, {"errors": [{"code": "odd", "message": "Our fault"}]}, ProviderUnavailable),
        (503, {"errors": [{"code": "odd", "message": "No capacity"}]}, ProviderUnavailable),
        (504, {"errors": [{"code": "timeoutProvider", "message": "x"}]}, ProviderUnavailable),
        # seen by other clients
        (400, {"errors": [{"code": "insufficientCredits", "message": "x"}]}, OutOfMoney),
        (200, {"errors": [{"code": "insufficientCredits", "message": "x"}]}, OutOfMoney),
        (400, {"errors": [{"code": "nsfwContentDetected", "message": "x"}]}, Moderated),
        (400, {"error": {"code": "invalidModel", "message": "x"}, "taskUUID": FIRST},
         ProviderRejected),
    )  # fmt: skip

    def suited(self, order: Order) -> Order:
        checked = order.settings.get("safety", "none") != "none"
        return replace(
            order, settings={**order.settings, **({"safety_check": True} if checked else {})}
        )

    def remote_id(self, sending: Sending, drawn: str) -> str:
        return task_uuid(sending.reference)

    def remembered(self, sending: Sending) -> Sending:
        """A task is named by a UUID: the digits of our reference."""
        return replace(super().remembered(sending), reference=task_uuid(sending.reference))

    def callbacks(self, served: Served) -> list[Any]:
        """Each take by itself and flat, as documented; and in an envelope, as nobody denies."""
        body = received(self.dialect.write_poll_answer([served])).json
        return [body, *body["data"], *body.get("errors", [])]


class TestDocument:
    """The four pairs of the provider's page."""

    @pytest.mark.parametrize("name", DOCUMENTED)
    def test_request_is_written_as_documented(self, name: str) -> None:
        documented = fixture(f"{name}_request")
        written = RUNWARE.write_order(RUNWARE.read_order(request(documented)))
        assert (written.method, written.path) == ("POST", "/v1")
        assert written.json == [{**documented, **ADDED}]

    @pytest.mark.parametrize("name", DOCUMENTED)
    def test_request_is_within_the_limits(self, name: str) -> None:
        read = RUNWARE.read_order(request(fixture(f"{name}_request")))
        whole = {**ABLE.defaults(), **read.order.settings}
        assert ABLE.problems(replace(read.order, settings=whole)) == []

    @pytest.mark.parametrize("name", DOCUMENTED)
    def test_response_is_a_finished_take(self, name: str) -> None:
        documented = fixture(f"{name}_response")
        remote_id = fixture(f"{name}_request")["taskUUID"]
        update = poll({"data": [documented]}, remote_id)[remote_id]
        link, seed = documented["videoURL"], documented["seed"]
        assert update.verdict == Verdict.SUCCEEDED
        assert update.results == (Result(index=0, links={"video": link}, seed=seed),)
        assert update.charge == round(documented["cost"] * 1_000_000)
        assert RUNWARE.read_callback(documented) == remote_id

    @pytest.mark.parametrize("name", DOCUMENTED)
    def test_cost_is_what_the_list_says(self, name: str) -> None:
        (price,) = RUNWARE.prices
        seconds = fixture(f"{name}_request")["duration"]
        assert fixture(f"{name}_response")["cost"] * 1_000_000 == price.amount * seconds


class TestLimits:
    REFUSED = (
        ({"resolution": "1080p"}, "resolution", "Resolution must be 720p, not “1080p”."),
        ({"aspect": "4:3"}, "aspect", "Ratio must be 16:9, 1:1 or 9:16, not “4:3”."),
        ({"duration": 7}, "duration", "Duration must be 5 or 10, not “7”."),
        ({"cfg": 0.555}, "cfg", "CFG scale must be 0 to 1 in steps of 0.01, not “0.555”."),
        ({"count": 5}, "count", "Takes must be 1 to 4, not “5”."),
        ({"quality": 19}, "quality", "Quality must be 20 to 99, not “19”."),
        ({"format": "gif"}, "format", "Format must be mp4, webm or mov, not “gif”."),
        ({"ttl": 59}, "ttl", "Link lifetime must be at least 60 s, not “59”."),
        ({"seed": 1}, "seed", "Kling 2.5 Turbo Pro has no setting “seed”."),
        ({"negative_prompt": "x"}, "negative_prompt",
         "Negative prompt is 1 characters long; it may have 2 to 2,500 characters."),
        ({"safety": "fast"}, "safety_check", "Safety mode “fast” needs the safety check: "
         "turn the check on, or choose none."),
    )  # fmt: skip

    @pytest.mark.parametrize(("values", "field", "message"), REFUSED)
    def test_sentence_names_field_and_rule(
        self, values: dict[str, Any], field: str, message: str
    ) -> None:
        assert ABLE.problems(order(**values)) == [Problem(field, message)]

    @pytest.mark.parametrize("values", [{}, {"safety": "none"},
                                          {"safety": "full", "safety_check": True}])  # fmt: skip
    def test_good_order_has_no_problem(self, values: dict[str, Any]) -> None:
        assert ABLE.problems(order(**values)) == []
        assert ABLE.advised(order(**values)) == []

    def test_check_with_mode_none_is_unwise(self) -> None:
        (advice,) = ABLE.advised(order(safety_check=True, safety="none"))
        assert advice.field == "safety"


class TestWriteOrder:
    def test_every_setting_has_its_field(self) -> None:
        whole = sending(
            duration=10, aspect="9:16", count=3, format="webm", quality=80, cfg=0.3, ttl=60,
            negative_prompt="blur", safety_check=True, safety="full", routing={"a": 1},
            upload_endpoint="https://bucket.example/x?sig=1",
        )  # fmt: skip
        wired = replace(whole, callback="https://studio.example/c", links={"first_frame": PICTURE})
        (written,) = RUNWARE.write_order(wired).json
        assert written == task(
            **ADDED, duration=10, width=720, height=1280, numberResults=3, outputFormat="WEBM",
            outputQuality=80, CFGScale=0.3, ttl=60, negativePrompt="blur",
            safety={"checkContent": True, "mode": "full"}, routing={"a": 1},
            uploadEndpoint="https://bucket.example/x?sig=1", webhookURL="https://studio.example/c",
            inputs={"frameImages": [{"image": PICTURE, "frame": "first"}]},
        )  # fmt: skip

    def test_left_out_settings_stay_out(self) -> None:
        bare = replace(sending(), order=replace(order(), settings={}))
        assert RUNWARE.write_order(bare).json == [task(**ADDED)]

    def test_name_is_the_end_of_the_reference(self) -> None:
        assert task_uuid(REFERENCE) == FIRST
        assert task_uuid(FIRST) == FIRST

    UNSUPPORTED = (
        ({"resolution": "1080p"}, "16:9 at 720p, 1:1 at 720p, 9:16 at 720p, not 16:9 at 1080p"),
        ({"format": "gif"}, "makes mp4, webm, mov, not gif"),
    )

    @pytest.mark.parametrize(("values", "words"), UNSUPPORTED)
    def test_value_without_a_word_is_unsupported(self, values: dict[str, Any], words: str) -> None:
        with pytest.raises(Unsupported, match=words):
            RUNWARE.write_order(sending(**values))

    def test_file_without_a_link_is_unsupported(self) -> None:
        with pytest.raises(Unsupported, match="first_frame"):
            RUNWARE.write_order(replace(sending(), order=replace(order(), first_frame=1)))
        for place in ("links", "parts"):
            with pytest.raises(Unsupported, match="scene"):
                RUNWARE.write_order(replace(sending(), **{place: {"scene": "x"}}))


class TestReadReceipt:
    ACCEPTED = (
        (200, {"data": [item()]}),
        (200, {"data": []}),
        (200, {"data": item()}),
        (200, {"data": [item()], "errors": [{"code": "invalidModel", "taskUUID": OTHER}]}),
        (400, {"data": [], "errors": [{"code": "conflictTaskUUID", "taskUUID": FIRST}]}),
        (200, {"errors": [{"code": "conflictTaskUUID"}]}),
        (400, {"error": {"code": "conflictTaskUUID"}, "taskUUID": FIRST}),
        (409, {"errors": [{"code": "odd", "taskUUID": OTHER},
                          {"code": "conflictTaskUUID", "taskUUID": FIRST}]}),
    )  # fmt: skip

    @pytest.mark.parametrize(("status", "body"), ACCEPTED)
    def test_accepted_under_our_own_name(self, status: int, body: Any) -> None:
        receipt = RUNWARE.read_receipt(answer(status, body), sending())
        assert receipt.remote_id == FIRST
        assert receipt.update is None

    REFUSED = (
        (400, "invalidPositivePrompt", ProviderRejected),
        (200, "invalidPositivePrompt", ProviderRejected),
        (200, "neverSeenBefore", ProviderRejected),
        (200, "insufficientCredits", OutOfMoney),
        (400, "insufficientCredits", OutOfMoney),
        (402, "neverSeenBefore", OutOfMoney),
        (401, "invalidApiKey", KeyRejected),
        (200, "invalidApiKey", KeyRejected),
        (403, "neverSeenBefore", KeyRejected),
        (400, "contentPolicyViolation", Moderated),
        (200, "promptBlocked", Moderated),
        (429, "rateLimitExceeded", ProviderBusy),
        (400, "rateLimitExceeded", ProviderBusy),
        (200, "noAvailableServer", ProviderBusy),
        (200, "inferenceError", ProviderRejected),
        # Nobody can tell whether these have it; sent again, the same order is no second one.
        (200, "timeoutProvider", MaybeSent),
        (400, "internalServerError", MaybeSent),
        (503, "noAvailableServer", MaybeSent),
        (503, "invalidModel", MaybeSent),
        (500, "neverSeenBefore", MaybeSent),
    )

    @pytest.mark.parametrize(("status", "code", "kind"), REFUSED)
    def test_refusal_is_what_its_code_means(
        self, status: int, code: str, kind: type[ProviderError]
    ) -> None:
        body = {"errors": [{"code": code, "message": "Because.", "taskUUID": FIRST}]}
        with pytest.raises(ProviderError) as caught:
            RUNWARE.read_receipt(answer(status, body), sending())
        assert type(caught.value) is kind
        assert code in caught.value.raw

    def test_refusal_says_what_the_provider_said(self) -> None:
        body = {
            "errors": [{"code": "invalidModel", "message": "No such model.", "taskUUID": FIRST}]
        }
        with pytest.raises(ProviderRejected, match=r"No such model\."):
            RUNWARE.read_receipt(answer(400, body), sending())

    @pytest.mark.parametrize("body", [{}, {"data": None}, {"data": "ok"}, {"data": [item(OTHER)]}])
    def test_answer_about_nothing_of_ours_is_confusing(self, body: Any) -> None:
        with pytest.raises(ProviderConfused):
            RUNWARE.read_receipt(answer(200, body), sending())

    @pytest.mark.parametrize("status", [500, 502, 503, 504])
    def test_page_of_a_proxy_proves_nothing(self, status: int) -> None:
        with pytest.raises(MaybeSent):
            RUNWARE.read_receipt(answer(status, text="<html>"), sending())
