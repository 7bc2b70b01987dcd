"""What OctopusX's dialect sends and reads, and the contract of every dialect."""

from dataclasses import replace
from typing import Any

import pytest

from studio.core.errors import (
    KeyRejected,
    Moderated,
    OutOfMoney,
    ProviderBusy,
    ProviderConfused,
    ProviderRejected,
    ProviderUnavailable,
    Unsupported,
)
from studio.core.spec import Capability, Way
from studio.core.wire import Result, Sending, Update, Verdict
from studio.dialects.octopusx.limits import CAPABILITIES, KLING_25, KLING_26, OMNI
from tests.dialects.contract import DialectContract, answer
from tests.dialects.octopusx import FIRST, LAST, OCTOPUSX, VIDEO, fixture, make_order, make_sending


def written(sending: Sending) -> Any:
    return OCTOPUSX.write_order(sending).json


def polled(body: Any, status: int = 200) -> Update:
    return OCTOPUSX.read_poll(answer(status, body), ["task"])["task"]


HTTP_401 = '{"code":1002,"message":"access key not found"}'


class TestOctopusx(DialectContract):
    dialect = OCTOPUSX
    documented = (
        # docs.octopusx.ai/en/account/billing, "Common errors"
        (401, {"success": False, "message": "No Authorization header"}, KeyRejected),
        (401, {"success": False, "message": "Invalid Bearer token"}, KeyRejected),
        (500, {"error": {"message": "query quota failed", "type": "upstream_error", "param": "",
                         "code": None}}, ProviderUnavailable),
        # new-api: middleware/utils.go, middleware/distributor.go, types/error.go
        (401, {"error": {"message": "无效的令牌 (request id: 2026112012)", "type": "new_api_error",
                         "code": ""}}, KeyRejected),
        (403, {"error": {"message": "This token has no access to model Kling-2.5",
                         "type": "new_api_error", "code": ""}}, KeyRejected),
        (503, {"error": {"message": "No available channel for model Kling-2.5 under group default",
                         "type": "new_api_error", "code": "model_not_found"}}, ProviderUnavailable),
        (403, {"error": {"message": "user quota is not enough", "type": "new_api_error",
                         "code": "insufficient_user_quota"}}, OutOfMoney),
        (400, {"error": {"message": "user sensitive words detected", "type": "new_api_error",
                         "code": "sensitive_words_detected"}}, Moderated),
        # new-api: dto/task.go, relay/relay_task.go, controller/relay.go
        (403, {"code": "insufficient_user_quota", "message": "用户额度不足", "data": None}, OutOfMoney),
        (403, {"code": "pre_consume_token_quota_failed", "message": "令牌额度不足", "data": None},
         OutOfMoney),
        (400, {"code": "task_failed", "message": "Invalid duration", "data": None}, ProviderRejected),
        (400, {"code": "task_failed", "message": "Failure to pass the risk control system",
               "data": None}, Moderated),
        (400, {"code": "task_not_exist", "message": "task_not_exist", "data": None},
         ProviderRejected),
        (429, {"code": "fail_to_fetch_task", "message": "当前分组上游负载已饱和",
               "data": None}, ProviderBusy),
        (401, {"code": "fail_to_fetch_task", "message": HTTP_401, "data": None},
         ProviderUnavailable),
        (403, {"code": "fail_to_fetch_task", "message": "balance not enough", "data": None},
         ProviderUnavailable),
        (500, {"code": "do_request_failed", "message": "do request failed", "data": None},
         ProviderUnavailable),
        # OpenAI, whose quota error has the status of a busy server
        (429, {"error": {"message": "You exceeded your current quota", "type": "insufficient_quota",
                         "param": None, "code": "insufficient_quota"}}, OutOfMoney),
    )  # fmt: skip


class TestLimits:
    def test_models_are_those_of_the_page(self) -> None:
        assert [able.model for able in CAPABILITIES] == ["Kling-2.5", "Kling-2.6", "Kling-3.0-Omni"]

    @pytest.mark.parametrize(
        ("able", "seconds"),
        [(KLING_25, {5, 10}), (KLING_26, {5, 10}), (OMNI, set(range(5, 16)))],
        ids=lambda value: getattr(value, "model", ""),
    )
    def test_seconds_are_those_of_the_page(self, able: Capability, seconds: set[int]) -> None:
        allowed = {
            number for number in range(31) if not able.problems(make_order(able, duration=number))
        }
        assert allowed == seconds

    def test_omni_says_that_its_pages_differ(self) -> None:
        param = OMNI.param("duration")
        assert param
        assert "5, 10 or 15" in param.doubt

    def test_only_25_doubts_its_sound(self) -> None:
        doubts = {able.model: able.param("audio") for able in CAPABILITIES}
        assert [model for model, param in doubts.items() if param and param.doubt] == ["Kling-2.5"]

    @pytest.mark.parametrize("name", ["negative_prompt", "cfg", "camera", "seed", "count"])
    def test_what_no_page_has_is_refused(self, name: str) -> None:
        problems = KLING_25.problems(make_order(**{name: 1}))
        assert [problem.field for problem in problems] == [name]

    def test_a_last_frame_needs_a_first(self) -> None:
        order = replace(make_order(), last_frame=2)
        assert [problem.field for problem in KLING_25.problems(order)] == ["last_frame"]
        assert KLING_25.problems(replace(order, first_frame=1)) == []

    def test_frames_go_as_links(self) -> None:
        assert all(able.ways == (Way.LINK,) for able in CAPABILITIES)

    def test_there_is_no_price_that_no_page_has(self) -> None:
        assert OCTOPUSX.prices == ()


ADVICE = [
    ({}, {}, []),
    ({"motion_level": "pro"}, {}, ["motion_level"]),
    ({"motion_level": "pro", "scene_type": "lip_sync", "reference_video": VIDEO}, {},
     ["motion_level"]),
    ({"scene_type": "motion_control", "motion_level": "pro"}, {},
     ["reference_video", "first_frame"]),
    ({"scene_type": "motion_control", "reference_video": VIDEO}, {"first_frame": 1}, []),
    ({"scene_type": "motion_control", "file_infos": [{"Category": "Video"}]}, {}, []),
    ({"scene_type": "lip_sync"}, {}, ["reference_video"]),
    ({"scene_type": "lip_sync", "reference_video": VIDEO}, {}, []),
    ({"scene_type": "avatar_i2v"}, {}, ["first_frame"]),
    ({"scene_type": "avatar_i2v"}, {"first_frame": 1}, []),
    ({"scene_type": "template_effect"}, {}, []),
]  # fmt: skip


class TestAdvice:
    @pytest.mark.parametrize(("said", "files", "fields"), ADVICE)
    def test_is_given_for_what_will_hardly_work(
        self, said: dict[str, Any], files: dict[str, int], fields: list[str]
    ) -> None:
        for able in CAPABILITIES:
            order = replace(make_order(able, **said), **files)
            assert able.problems(order) == []
            assert [problem.field for problem in able.advised(order)] == fields

    @pytest.mark.parametrize(
        ("able", "resolution", "fields"),
        [
            (KLING_25, "720p", ["last_frame"]),
            (KLING_25, "1080p", []),
            (KLING_26, "720p", []),
            (OMNI, "720p", []),
        ],
        ids=lambda value: getattr(value, "model", None),
    )
    def test_25_has_last_frames_at_1080p(
        self, able: Capability, resolution: str, fields: list[str]
    ) -> None:
        order = replace(make_order(able, resolution=resolution), first_frame=1, last_frame=2)
        assert [problem.field for problem in able.advised(order)] == fields


class TestWriteOrder:
    def test_example_of_the_page(self) -> None:
        prompt = "Cyberpunk city night scene, the camera slowly pushes in"
        sending = make_sending(OMNI)
        body = written(replace(sending, order=replace(sending.order, prompt=prompt)))
        example = fixture("create_request")
        example["metadata"]["output_config"]["duration"] = 5  # which the page has as well
        assert body == example

    def test_every_field_of_the_page(self) -> None:
        sending = make_sending(
            OMNI, duration=15, aspect="9:16", resolution="1080p", audio=True, offpeak=True,
            scene_type="motion_control", motion_level="pro", reference_video=VIDEO,
            file_infos=[{"Type": "Url"}], ext_info={"a": 1},
        )  # fmt: skip
        sending = replace(sending, links={"first_frame": FIRST, "last_frame": LAST})
        assert written(sending) == {
            "model": "Kling-3.0-Omni",
            "prompt": "A cat",
            "seconds": "15",
            "image": FIRST,
            "metadata": {
                "output_config": {
                    "duration": 15,
                    "aspect_ratio": "9:16",
                    "resolution": "1080P",
                    "audio_generation": "Enabled",
                },
                "scene_type": "motion_control",
                "motion_level": "pro",
                "offpeak": True,
                "last_frame_url": LAST,
                "video_url": VIDEO,
                "file_infos": '[{"Type": "Url"}]',
                "ext_info": '{"a": 1}',
            },
        }

    def test_no_is_said_and_nothing_is_left_out(self) -> None:
        metadata = written(make_sending(audio=False, offpeak=False))["metadata"]
        assert metadata["output_config"]["audio_generation"] == "Disabled"
        assert metadata["offpeak"] is False

    def test_empty_settings_are_not_written(self) -> None:
        assert written(make_sending(scene_type=None, motion_level="")) == written(make_sending())

    @pytest.mark.parametrize(
        "more",
        [
            {"links": {"scene": FIRST}},
            {"parts": {"scene": "a.glb"}},
            {"parts": {"first_frame": "a"}},
        ],
    )
    def test_files_without_a_place_are_unsupported(self, more: dict[str, Any]) -> None:
        with pytest.raises(Unsupported, match="no place for"):
            OCTOPUSX.write_order(replace(make_sending(), **more))


class TestReadReceipt:
    def test_example_of_the_page(self) -> None:
        """Its model is the name of a bill, not the one that was asked for."""
        receipt = OCTOPUSX.read_receipt(answer(200, fixture("create_answer")), make_sending())
        assert receipt.remote_id == "video_123"
        assert receipt.update is None

    @pytest.mark.parametrize(
        "body",
        [
            {"id": "a", "status": "queued"},
            {"task_id": "a", "id": None, "status": "queued"},
            {"code": "success", "data": {"id": 17, "task_id": "a"}},
        ],
    )
    def test_either_name_of_the_task_will_do(self, body: Any) -> None:
        assert OCTOPUSX.read_receipt(answer(200, body), make_sending()).remote_id == "a"

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"id": ""},
            {"id": 7},
            {"id": "x" * 201},
            {"data": None},
            {"error": {"message": "no"}},
        ],
    )
    def test_an_answer_without_a_task_is_confusing(self, body: Any) -> None:
        with pytest.raises(ProviderConfused):
            OCTOPUSX.read_receipt(answer(200, body), make_sending())


STATUSES = [
    ("queued", Verdict.RUNNING),
    ("processing", Verdict.RUNNING),
    ("in_progress", Verdict.RUNNING),
    ("unknown", Verdict.RUNNING),
    ("NOT_START", Verdict.RUNNING),
    ("SUBMITTED", Verdict.RUNNING),
    ("completed", Verdict.SUCCEEDED),
    ("succeeded", Verdict.SUCCEEDED),
    ("SUCCESS", Verdict.SUCCEEDED),
    ("failed", Verdict.FAILED),
    ("FAILURE", Verdict.FAILED),
    ("cancelled", Verdict.FAILED),
    ("canceled", Verdict.FAILED),
]
PROGRESS = [(50, 50), ("50", 50), ("50%", 50), (0, 0), (140, 100), (-1, None), (None, None),
            (True, None), (50.5, None), ("half", None), ([50], None)]  # fmt: skip
LINKS = [
    {"video_url": VIDEO},
    {"video_url": None, "metadata": {"url": VIDEO}},
    {"video_url": "", "url": VIDEO},
    {"result_url": VIDEO},
    {"url": "task failed: timeout", "data": {"content": {"video_url": VIDEO}}},
]
REASONS = [
    ({"error": {"code": "TaskTimeout", "message": "Took too long."}}, "Took too long.", "provider"),
    ({"error": "Took too long."}, "Took too long.", "rejected"),
    ({"fail_reason": "Took too long."}, "Took too long.", "rejected"),
    ({}, "OctopusX could not make it and does not say why.", "provider"),
    ({"error": {"code": "InvalidParameter.VoilationContent", "message": "no"}}, "", "moderation"),
    ({"error": {"code": "ContentModerationFailed", "message": "no"}}, "", "moderation"),
    ({"fail_reason": "Failure to pass the risk control system"}, "", "moderation"),
    ({"status": "cancelled"}, "OctopusX cancelled it.", "provider"),
    ({"status": "cancelled", "error": {"message": "By its owner."}}, "By its owner.", "provider"),
]


class TestReadPoll:
    def test_example_of_the_page(self) -> None:
        update = polled(fixture("query_processing"))
        assert (update.verdict, update.progress) == (Verdict.RUNNING, 50)

    def test_finished_video_of_the_page(self) -> None:
        """Its times may be milliseconds, which nobody reads."""
        update = polled(fixture("query_completed"))
        assert update.verdict == Verdict.SUCCEEDED
        assert update.results == (Result(index=0, links={"video": VIDEO}),)
        assert update.charge is None

    def test_envelope_of_the_other_query(self) -> None:
        assert polled(fixture("envelope_queued")).verdict == Verdict.RUNNING
        update = polled(fixture("envelope_in_progress"))
        assert (update.verdict, update.progress) == (Verdict.RUNNING, 50)

    @pytest.mark.parametrize(("status", "verdict"), STATUSES)
    def test_every_word_has_a_verdict(self, status: str, verdict: Verdict) -> None:
        task = {"id": "task", "status": status, "url": VIDEO}
        assert polled(task).verdict == verdict
        assert polled({"code": "success", "data": task}).verdict == verdict

    @pytest.mark.parametrize(("said", "progress"), PROGRESS)
    def test_progress_is_a_number_or_nothing(self, said: Any, progress: int | None) -> None:
        assert polled({"status": "processing", "progress": said}).progress == progress

    @pytest.mark.parametrize("task", LINKS)
    def test_the_link_is_found_where_it_stands(self, task: dict[str, Any]) -> None:
        assert polled({"status": "completed", **task}).results[0].links == {"video": VIDEO}

    @pytest.mark.parametrize(("task", "reason", "category"), REASONS)
    def test_a_failure_has_its_reason(
        self, task: dict[str, Any], reason: str, category: str
    ) -> None:
        update = polled({"status": "failed", **task})
        assert (update.verdict, update.category) == (Verdict.FAILED, category)
        assert update.reason == reason or category == "moderation"
        assert update.raw.startswith("HTTP 200")

    @pytest.mark.parametrize(
        ("status", "body"),
        [
            (404, {"error": {"message": "Not found"}}),
            (400, {"code": "task_not_exist", "message": "task_not_exist", "data": None}),
        ],
    )
    def test_a_task_that_is_not_known_is_no_verdict(self, status: int, body: Any) -> None:
        with pytest.raises(ProviderConfused, match="does not know this task"):
            polled(body, status)

    @pytest.mark.parametrize("body", [{}, {"status": 7}, {"code": "success", "data": None}])
    def test_an_answer_without_a_status_is_confusing(self, body: Any) -> None:
        with pytest.raises(ProviderConfused):
            polled(body)


class TestKey:
    def test_asks_for_the_models(self) -> None:
        request = OCTOPUSX.write_test()
        assert (request.method, request.path) == ("GET", "/v1/models")

    def test_says_which_of_ours_it_lists(self) -> None:
        body = fixture("models")
        assert OCTOPUSX.read_test(answer(200, body)) == "The key lists 2 models, of Kling: none."
        body["data"] += [{"id": "Kling-2.6"}, {"id": "Kling-2.5"}, "Kling-3.0-Omni", {"id": [1]}]
        said = OCTOPUSX.read_test(answer(200, body))
        assert said == "The key lists 6 models, of Kling: Kling-2.5, Kling-2.6."

    @pytest.mark.parametrize("body", [None, {"success": False, "message": "no group"}, {"data": 1}])
    def test_a_page_that_is_no_list_proves_nothing(self, body: Any) -> None:
        """new-api answers an address that it does not have with its start page and 200."""
        with pytest.raises(ProviderConfused):
            OCTOPUSX.read_test(answer(200, body))
