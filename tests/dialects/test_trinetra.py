from dataclasses import replace
from typing import Any

import pytest

from studio.core.errors import (
    InvalidOrder,
    KeyRejected,
    Moderated,
    OutOfMoney,
    ProviderBusy,
    ProviderConfused,
    ProviderRejected,
    ProviderUnavailable,
)
from studio.core.money import MICRO
from studio.core.orders import Order
from studio.core.wire import Receipt, Request, Result, Sending, Served, Update, Verdict
from studio.dialects.trinetra import Trinetra
from studio.dialects.trinetra.limits import CAPABILITIES, PRICES
from tests.dialects.contract import DialectContract, answer
from tests.dialects.fixtures import fixture

TRINETRA = Trinetra()
ABLE = CAPABILITIES[0]
NAME = "job_klingv25_a1b2c3"
REFERENCE = "dl-7-0123456789abcdef0123456789abcdef"
FIRST, LAST = "https://studio.example/first.png", "https://studio.example/last.png"
HOOK = "https://studio.example/hooks/7"
VIDEO = "https://cdn.trinetra.ai/out/kling-v2.5/a1b2c3.mp4"
AXES = {"horizontal": 1, "vertical": -2.5, "pan": 3, "tilt": 0, "zoom": -10, "roll": 10}


def make_order(**settings: Any) -> Order:
    return Order(provider="trinetra", model="kling-v2.5", prompt="A cat", settings=settings)


def make_sending(order: Order | None = None, **fields: Any) -> Sending:
    return Sending(order=order or make_order(), **{"reference": "", **fields})


def polled(body: Any) -> Update:
    return TRINETRA.read_poll(answer(200, body), [NAME])[NAME]


def asked(**fields: Any) -> Sending:
    body = {"prompt": "A cat", **fields}
    return TRINETRA.read_order(Request(method="POST", path="/v1/video/kling-v2.5", json=body))


def problems_of(**fields: Any) -> dict[str, str]:
    with pytest.raises(InvalidOrder) as caught:
        asked(**fields)
    return {problem.field: problem.message for problem in caught.value.problems}


def found_with(order: Order) -> dict[str, str]:
    whole = replace(order, settings={**ABLE.defaults(), **order.settings})
    return {problem.field: problem.message for problem in ABLE.problems(whole)}


def advice_on(order: Order) -> list[str]:
    return [problem.field for problem in ABLE.advised(order)]


class TestTrinetra(DialectContract):
    dialect = TRINETRA
    # The page shows no errors: these are the usual shapes with the usual statuses.
    documented = (
        (400, {"error": {"code": "invalid_request", "message": "No prompt"}}, ProviderRejected),
        (400, {"detail": [{"loc": ["body"], "msg": "field required"}]}, ProviderRejected),
        (401, {"error": "Invalid API key"}, KeyRejected),
        (402, {"error": {"message": "Not enough credits"}}, OutOfMoney),
        (403, {"error": {"message": "Insufficient credits"}}, OutOfMoney),
        (403, {"detail": "Forbidden"}, KeyRejected),
        (404, {"error": {"code": "not_found", "message": "No such job"}}, ProviderRejected),
        (409, {"error": {"message": "external_task_id is in use"}}, ProviderRejected),
        (422, {"message": "Blocked by content policy"}, Moderated),
        (429, {"error": {"message": "Too many requests"}}, ProviderBusy),
        (500, {"error": {"message": "Internal error"}}, ProviderUnavailable),
    )

    def suited(self, order: Order) -> Order:
        """Axes go with the move simple, and a last frame with 5 s."""
        settings = dict(order.settings)
        if "camera" in settings:
            settings["camera_type"] = "simple"
        elif settings.get("camera_type") == "simple":
            del settings["camera_type"]
        if order.last_frame is not None:
            settings["duration"] = 5
        return replace(order, settings=settings)


class TestLimits:
    def test_a_second_costs_what_its_resolution_costs(self) -> None:
        prices = {price.conditions["resolution"]: price.amount for price in PRICES}
        assert prices == {"720p": 10 * MICRO, "1080p": 15 * MICRO}
        assert {(price.per, price.unit) for price in PRICES} == {("second", "TRINETRA")}

    def test_every_allowed_order_has_one_price(self) -> None:
        resolution = ABLE.param("resolution")
        assert resolution is not None
        assert resolution.required
        assert sorted(resolution.choices) == sorted(p.conditions["resolution"] for p in PRICES)

    def test_last_frame_is_for_five_seconds(self) -> None:
        order = replace(make_order(duration=10), first_frame=1, last_frame=2)
        assert found_with(order) == {
            "last_frame": "Trinetra takes a last frame for clips of 5 s only: set the duration to "
            "5 s, or take the last frame away."
        }
        assert found_with(replace(order, settings={"duration": 5})) == {}
        assert found_with(replace(order, last_frame=None)) == {}

    def test_last_frame_needs_a_first(self) -> None:
        assert list(found_with(replace(make_order(), last_frame=2))) == ["last_frame"]

    def test_axes_go_with_the_move_simple(self) -> None:
        axes = {"pan": 1}
        assert found_with(make_order(camera=axes, camera_type="simple")) == {}
        assert found_with(make_order(camera_type="down_back")) == {}
        assert found_with(make_order(camera={})) == {}
        assert list(found_with(make_order(camera_type="simple"))) == ["camera"]
        assert found_with(make_order(camera=axes)) == {}
        assert list(found_with(make_order(camera=axes, camera_type="forward_up"))) == ["camera"]

    def test_axes_alone_mean_the_move_simple(self) -> None:
        written = TRINETRA.write_order(make_sending(make_order(camera={"pan": 1}))).json
        assert written["camera_control"] == {"type": "simple", "config": {"pan": 1}}

    def test_more_than_one_axis_is_advised_against(self) -> None:
        assert advice_on(make_order(camera={"pan": 1, "zoom": 0}, camera_type="simple")) == []
        assert advice_on(make_order(camera={"pan": 1, "zoom": 2}, camera_type="simple")) == [
            "camera"
        ]

    def test_last_frame_in_the_mode_std_is_advised_against(self) -> None:
        order = replace(make_order(mode="std"), first_frame=1, last_frame=2)
        assert advice_on(order) == ["mode"]
        assert advice_on(replace(order, settings={"mode": "pro"})) == []
        assert advice_on(replace(order, last_frame=None)) == []

    def test_last_frame_with_a_camera_move_is_advised_against(self) -> None:
        order = make_order(mode="pro", camera_type="down_back")
        assert advice_on(replace(order, first_frame=1, last_frame=2)) == ["camera_type"]


class TestSending:
    def test_the_example_of_the_document_is_written_as_it_stands(self) -> None:
        example = fixture("trinetra/request")
        order = replace(make_order(duration=5), prompt=example["prompt"])
        request = TRINETRA.write_order(make_sending(order))
        assert request.json == example
        assert (request.method, request.path) == ("POST", "/v1/video/kling-v2.5")

    def test_every_field_has_its_name_there(self) -> None:
        order = make_order(
            duration=5, aspect="1:1", resolution="1080p", mode="pro", negative_prompt="fog",
            cfg=0.3, camera_type="simple", camera=AXES,
        )  # fmt: skip
        sending = Sending(
            order=order,
            reference=REFERENCE,
            links={"first_frame": FIRST, "last_frame": LAST},
            callback=HOOK,
        )
        assert TRINETRA.write_order(sending).json == {
            "prompt": "A cat", "image_url": FIRST, "last_frame_url": LAST, "duration": 5,
            "aspect_ratio": "1:1", "resolution": "1080p", "mode": "pro", "negative_prompt": "fog",
            "cfg_scale": 0.3, "camera_control": {"type": "simple", "config": AXES},
            "external_task_id": REFERENCE, "callback_url": HOOK,
        }  # fmt: skip

    def test_a_named_move_has_no_config(self) -> None:
        written = TRINETRA.write_order(make_sending(make_order(camera_type="forward_up"))).json
        assert written["camera_control"] == {"type": "forward_up"}

    def test_a_camera_that_stays_still_is_not_said(self) -> None:
        written = TRINETRA.write_order(make_sending(make_order(camera={}))).json
        assert "camera_control" not in written

    def test_an_id_is_encoded_in_the_path(self) -> None:
        assert TRINETRA.write_poll(["a/b:c ä"]).path == "/v1/jobs/a%2Fb%3Ac%20%C3%A4"

    def test_the_key_has_a_header_of_its_own(self) -> None:
        assert TRINETRA.headers("key") == {"x-api-key": "key"}


class TestReading:
    def test_receipt_of_the_document(self) -> None:
        response = answer(202, fixture("trinetra/accepted"))
        assert TRINETRA.read_receipt(response, make_sending()) == Receipt(remote_id=NAME)

    def test_finished_job_of_the_document(self) -> None:
        update = polled(fixture("trinetra/succeeded"))
        assert update.verdict == Verdict.SUCCEEDED
        assert update.results == (Result(index=0, links={"video": VIDEO}),)
        assert update.charge == 10 * MICRO

    def test_the_video_among_other_outputs(self) -> None:
        outputs = [
            7,
            {"url": "https://cdn.trinetra.ai/a.webp", "type": "image"},
            {"url": "a.mp4", "type": "video"},
            {"url": VIDEO},
        ]
        update = polled({"id": NAME, "status": "succeeded", "output": {"outputs": outputs}})
        assert update.results == (Result(index=0, links={"video": VIDEO}),)
        assert update.charge is None

    def test_words_of_a_job_that_is_not_over(self) -> None:
        for word in ("queued", "pending", "processing", "running"):
            assert polled({"id": NAME, "status": word}) == Update(verdict=Verdict.RUNNING)

    def test_words_of_a_job_that_came_to_nothing(self) -> None:
        for word in ("failed", "cancelled", "canceled", "expired"):
            assert polled({"id": NAME, "status": word}).verdict == Verdict.FAILED

    @pytest.mark.parametrize(
        "said",
        [
            {"error": {"code": "bad_image", "message": "Image too small"}},
            {"error": "Image too small"},
            {"message": "Image too small"},
        ],
    )
    def test_reason_of_a_failure(self, said: dict[str, Any]) -> None:
        update = polled({"id": NAME, "status": "failed", **said, "credits_charged": 0})
        assert (update.reason, update.category, update.charge) == ("Image too small", "rejected", 0)

    def test_a_failure_that_names_no_charge_leaves_it_open(self) -> None:
        assert polled({"id": NAME, "status": "failed"}).charge is None


class TestLookUp:
    def test_it_is_asked_for_by_our_reference(self) -> None:
        request = TRINETRA.write_lookup(make_sending(reference=REFERENCE))
        assert (request.method, request.path) == ("GET", f"/v1/jobs/{REFERENCE}")

    def test_a_job_that_is_there(self) -> None:
        response = answer(200, fixture("trinetra/succeeded"))
        assert TRINETRA.read_lookup(response, make_sending()) == Receipt(remote_id=NAME)

    def test_not_found_proves_nothing(self) -> None:
        response = answer(404, {"error": {"message": "No such job"}})
        assert TRINETRA.read_lookup(response, make_sending()) is None

    def test_anything_else_is_an_error(self) -> None:
        with pytest.raises(KeyRejected):
            TRINETRA.read_lookup(answer(401, {"error": "no"}), make_sending())


class TestKey:
    def test_a_job_that_cannot_exist_is_asked_for(self) -> None:
        request = TRINETRA.write_test()
        assert (request.method, request.path) == ("GET", "/v1/jobs/no-such-job")

    def test_not_found_needs_a_good_key(self) -> None:
        assert TRINETRA.read_test(answer(404, {"error": {"message": "No such job"}})) == ""

    def test_not_found_of_a_wrong_address_is_confusing(self) -> None:
        with pytest.raises(ProviderConfused):
            TRINETRA.read_test(answer(404, text="<html>404</html>"))

    def test_a_key_that_is_not_accepted(self) -> None:
        for status in (401, 403):
            with pytest.raises(KeyRejected):
                TRINETRA.read_test(answer(status, {"error": "Invalid API key"}))


class TestNews:
    def test_the_job_document_names_its_job(self) -> None:
        assert TRINETRA.read_callback(fixture("trinetra/succeeded")) == NAME
        assert TRINETRA.read_callback(fixture("trinetra/accepted")) == NAME
        assert TRINETRA.read_callback({"id": 7}) == ""


class TestServing:
    def test_the_example_of_the_document_is_understood(self) -> None:
        sending = asked(**fixture("trinetra/request"))
        assert sending.order.settings == {"duration": 5}
        assert (sending.reference, sending.callback, sending.links) == ("", "", {})

    def test_problems_have_the_names_of_the_format(self) -> None:
        problems = problems_of(
            duration=11, aspect_ratio="4:3", resolution="4k", mode="fast", cfg_scale=-1,
            camera_control={"type": "simple", "config": {"spin": 1}}, seed=7,
            image_url="cat.png", last_frame_url=LAST,
        )  # fmt: skip
        assert set(problems) == {
            "duration", "aspect_ratio", "resolution", "mode", "cfg_scale", "image_url",
            "camera_control.config", "seed", "last_frame_url",
        }  # fmt: skip
        assert problems["image_url"].startswith("image_url must be an address")
        assert "set the duration to 5 s" in problems["last_frame_url"]

    def test_pictures_come_as_links_only(self) -> None:
        assert list(problems_of(image_url="data:image/png;base64,iVBORw0KGgo=")) == ["image_url"]

    @pytest.mark.parametrize("control", [7, "simple", [], {}, {"type": "simple", "speed": 1}])
    def test_a_camera_that_is_none(self, control: Any) -> None:
        assert list(problems_of(camera_control=control)) == ["camera_control"]

    def test_a_move_without_its_axes(self) -> None:
        said = problems_of(camera_control={"type": "simple"})
        assert list(said) == ["camera_control.config"]

    def test_a_reference_and_a_callback_that_are_none(self) -> None:
        assert list(problems_of(external_task_id=7)) == ["external_task_id"]
        assert list(problems_of(external_task_id="x" * 201)) == ["external_task_id"]
        assert list(problems_of(callback_url="ftp://a/b")) == ["callback_url"]
        assert list(problems_of(callback_url=7)) == ["callback_url"]

    def test_a_receipt_is_a_202(self) -> None:
        served = Served(
            remote_id=NAME, sending=make_sending(), update=Update(verdict=Verdict.RUNNING),
            created_at=1_790_000_000, started=False,
        )  # fmt: skip
        response = TRINETRA.write_receipt(served)
        assert response.status == 202
        assert response.json == fixture("trinetra/accepted")

    def test_a_finished_job_is_the_one_of_the_document(self) -> None:
        update = Update(
            verdict=Verdict.SUCCEEDED,
            results=(Result(index=0, links={"video": VIDEO}),),
            charge=10 * MICRO,
        )
        served = Served(
            remote_id=NAME, sending=make_sending(), update=update, created_at=1_790_000_000
        )
        assert TRINETRA.write_poll_answer([served]).json == fixture("trinetra/succeeded")

    def test_a_failed_job_is_billed_nothing(self) -> None:
        update = Update(verdict=Verdict.FAILED, reason="Image too small", category="rejected")
        served = Served(
            remote_id=NAME, sending=make_sending(), update=update, created_at=1_790_000_000
        )
        assert TRINETRA.write_poll_answer([served]).json == {
            "id": NAME, "model": "kling-v2.5", "status": "failed", "credits_charged": 0,
            "error": {"code": "generation_failed", "message": "Image too small"},
        }  # fmt: skip

    def test_only_a_get_of_a_job_is_a_poll(self) -> None:
        assert TRINETRA.read_poll_request(Request(method="GET", path="/v1/jobs/a%2Fb")) == ["a/b"]
        assert TRINETRA.read_poll_request(Request(method="GET", path="/v1/jobs/")) == []
        assert TRINETRA.read_poll_request(Request(method="POST", path="/v1/jobs/a")) == []
        assert TRINETRA.read_poll_request(Request(method="GET", path="/v1/videos/a")) == []
