"""What OctopusX's dialect reads and answers as a provider."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.core.errors import (
    InvalidOrder,
    KeyRejected,
    Moderated,
    NotAllowed,
    OutOfMoney,
    ProviderBusy,
    ProviderRejected,
    ProviderUnavailable,
    TooLate,
)
from studio.core.wire import Request, Result, Sending, Served, Update, Verdict
from studio.dialects.octopusx.limits import CAPABILITIES, KLING_26
from tests.dialects.contract import answer, examples
from tests.dialects.octopusx import DUE, FIRST, LAST, OCTOPUSX, VIDEO, fixture, make_sending
from tests.dialects.sendings import sendings

LEAST = {"model": "Kling-2.5", "prompt": "A cat"}


def asked(body: Any = None, **request: Any) -> Sending:
    """What LEAST and the body ask for."""
    whole = {**LEAST, **body} if body is not None else None
    return OCTOPUSX.read_order(Request(method="POST", path="/v1/videos", json=whole, **request))


def as_form(value: Any, name: str = "") -> dict[str, str]:
    """As OpenAI's libraries send it: brackets, and every value as text."""
    if isinstance(value, dict):
        parts = [as_form(inner, f"{name}[{key}]" if name else key) for key, inner in value.items()]
        return {key: text for part in parts for key, text in part.items()}
    if isinstance(value, bool):
        return {name: str(value).lower()}
    return {name: str(value)}


def make_served(update: Update, **fields: Any) -> Served:
    sending = make_sending(KLING_26, duration=10, aspect="9:16", resolution="1080p")
    return Served(
        remote_id="dl 1/2", sending=sending, update=update, created_at=1_790_000_000, **fields
    )


DONE = Update(verdict=Verdict.SUCCEEDED, results=(Result(index=0, links={"video": VIDEO}),))
HALF = Update(verdict=Verdict.RUNNING, progress=50)
RUNNING = Update(verdict=Verdict.RUNNING)
FAILED = Update(verdict=Verdict.FAILED, reason="Too dark.", category="rejected")


SIZES = [
    ("1280x720", "16:9", "720p"),
    ("720x1280", "9:16", "720p"),
    ("720x720", "1:1", "720p"),
    ("1920x1080", "16:9", "1080p"),
    ("1080x1920", "9:16", "1080p"),
    ("1080x1080", "1:1", "1080p"),
]
ACCEPTED = [
    ({"seconds": 5}, {"duration": 5}),
    ({"seconds": "5", "metadata": {"output_config": {"duration": 5}}}, {"duration": 5}),
    ({"metadata": {"output_config": {"duration": "10"}}}, {"duration": 10}),
    ({"metadata": {"output_config": {"resolution": "720p"}}}, {"resolution": "720p"}),
    ({"metadata": {"output_config": {"audio_generation": "enabled"}}}, {"audio": True}),
    ({"metadata": {"offpeak": "True"}}, {"offpeak": True}),
    ({"metadata": '{"offpeak": false}'}, {"offpeak": False}),
    ({"metadata.scene_type": "lip_sync", "metadata": {}}, {"scene_type": "lip_sync"}),
    ({"metadata": {"file_infos": [{"Type": "Url"}]}}, {"file_infos": [{"Type": "Url"}]}),
    ({"metadata": {"file_infos": '[{"Type": "Url"}]'}}, {"file_infos": [{"Type": "Url"}]}),
    ({"metadata": {"ext_info": {"a": 1}}}, {"ext_info": {"a": 1}}),
    ({"metadata": {"ext_info": '{"a": 1}'}}, {"ext_info": {"a": 1}}),
    ({"size": None, "seconds": "", "metadata": None, "image": None}, {}),
]
REFUSED = [
    ({"model": None}, "model", "model is needed: Kling-2.5, Kling-2.6 or Kling-3.0-Omni."),
    ({"model": "sora-2"}, "model",
     "model must be Kling-2.5, Kling-2.6 or Kling-3.0-Omni, not “sora-2”."),
    ({"prompt": None}, "prompt", "prompt is needed: at most 2,500 characters."),
    ({"prompt": "x" * 2501}, "prompt",
     "prompt is 2,501 characters long; it may have at most 2,500 characters."),
    ({"prompt": ["x"]}, "prompt", "prompt must be text."),
    ({"seconds": "15"}, "seconds", "seconds must be 5 or 10, not “15”."),
    ({"seconds": "five"}, "seconds", "seconds must be 5 or 10, not “five”."),
    ({"seconds": True}, "seconds", "seconds must be 5 or 10, not “True”."),
    ({"model": "Kling-3.0-Omni", "seconds": "16"}, "seconds", "seconds must be 5 to 15 s, not “16”."),
    ({"size": "1024x1792"}, "size",
     "size must be 1280x720, 720x1280, 720x720, 1920x1080, 1080x1920 or 1080x1080,"
     " not “1024x1792”."),
    ({"metadata": {"output_config": {"resolution": "4K"}}}, "metadata.output_config.resolution",
     "metadata.output_config.resolution must be 720P or 1080P, not “4K”."),
    ({"metadata": {"output_config": {"audio_generation": "On"}}},
     "metadata.output_config.audio_generation",
     "metadata.output_config.audio_generation must be Enabled or Disabled, not “On”."),
    ({"metadata": {"output_config": {"aspect_ratio": "4:3"}}},
     "metadata.output_config.aspect_ratio",
     "metadata.output_config.aspect_ratio must be 16:9, 9:16 or 1:1, not “4:3”."),
    ({"metadata": {"offpeak": "soon"}}, "metadata.offpeak",
     "metadata.offpeak must be yes or no, not “soon”."),
    ({"metadata": {"scene_type": "dance"}}, "metadata.scene_type", "metadata.scene_type must be"),
    ({"metadata": {"motion_level": "max"}}, "metadata.motion_level",
     "metadata.motion_level must be std or pro, not “max”."),
    ({"metadata": {"video_url": "file:///etc/passwd"}}, "metadata.video_url",
     "metadata.video_url must be an address that starts with https:// or http://"),
    ({"metadata": {"file_infos": "[1]"}}, "metadata.file_infos",
     "metadata.file_infos must be a JSON list of objects"),
    ({"metadata": {"file_infos": '[{"a": NaN}]'}}, "metadata.file_infos",
     "metadata.file_infos must be a JSON list of objects"),
    ({"metadata": {"ext_info": "{broken"}}, "metadata.ext_info",
     "metadata.ext_info must be a JSON object"),
    ({"metadata": "fast"}, "metadata", "metadata must be a JSON object."),
    ({"metadata": {"output_config": [1]}}, "metadata.output_config",
     "metadata.output_config must be a JSON object."),
    ({"image": "frame.png"}, "image", "image must be an address that starts with https://"),
    ({"image": "data:text/html;base64,AAAA"}, "image", "image must be an address"),
    ({"input_reference": {"file_id": "file-1"}}, "input_reference.file_id",
     "input_reference.file_id: there are no uploaded files here; send image_url"),
    ({"input_reference": "frame.png"}, "input_reference", "input_reference must be a JSON object."),
    ({"image": FIRST, "input_reference": {"image_url": LAST}}, "input_reference.image_url",
     "input_reference.image_url: there is a first frame already; send one."),
    ({"metadata": {"last_frame_url": LAST}}, "metadata.last_frame_url",
     "metadata.last_frame_url needs a first frame; send image."),
    ({"n": 2}, "n", "“n” is no field here; there are model, prompt, size, seconds, metadata."),
    ({"metadata": {"negative_prompt": "x"}}, "metadata.negative_prompt",
     "“metadata.negative_prompt” is no field here; there are model, prompt, size,"),
    ({"seconds": "5", "metadata": {"output_config": {"duration": 10}}},
     "metadata.output_config.duration",
     "metadata.output_config.duration and seconds do not say the same; send one of them."),
    ({"size": "1280x720", "metadata": {"output_config": {"aspect_ratio": "1:1"}}},
     "metadata.output_config.aspect_ratio", "do not say the same; send one of them."),
    ({"metadata": {"output_config": {"resolution": "1080P"}}, "size": "1280x720"}, "size",
     "size and metadata.output_config.resolution do not say the same; send one of them."),
]  # fmt: skip


class TestReadOrder:
    def test_example_of_the_page(self) -> None:
        body = fixture("create_request")
        order = OCTOPUSX.read_order(Request(method="POST", path="/v1/videos", json=body)).order
        assert (order.provider, order.model) == ("octopusx", "Kling-3.0-Omni")
        assert order.prompt == body["prompt"]
        assert order.settings == DUE

    @pytest.mark.parametrize(("size", "aspect", "resolution"), SIZES)
    def test_a_size_is_ratio_and_resolution(self, size: str, aspect: str, resolution: str) -> None:
        settings = {"aspect": aspect, "resolution": resolution}
        assert asked({"size": size}).order.settings == settings
        config = {"aspect_ratio": aspect, "resolution": resolution.upper()}
        both = asked({"size": size, "metadata": {"output_config": config}})
        assert both.order.settings == settings

    @pytest.mark.parametrize(("body", "meant"), ACCEPTED)
    def test_a_value_may_be_said_in_every_usual_way(
        self, body: dict[str, Any], meant: dict[str, Any]
    ) -> None:
        assert asked(body).order.settings == meant

    @pytest.mark.parametrize(("body", "field", "message"), REFUSED)
    def test_bad_values_are_named_in_the_words_of_the_format(
        self, body: dict[str, Any], field: str, message: str
    ) -> None:
        with pytest.raises(InvalidOrder) as caught:
            asked(body)
        (problem,) = caught.value.problems
        assert problem.field == field
        assert message in problem.message

    def test_every_problem_is_told_at_once(self) -> None:
        with pytest.raises(InvalidOrder) as caught:
            asked({"prompt": "", "seconds": "7", "n": 1})
        assert [problem.field for problem in caught.value.problems] == ["seconds", "n", "prompt"]

    @pytest.mark.parametrize(
        "body", [{"image": FIRST}, {"input_reference": {"image_url": FIRST}},
                 {"image": FIRST, "input_reference": {"image_url": FIRST}}]
    )  # fmt: skip
    def test_a_first_frame_has_two_names(self, body: dict[str, Any]) -> None:
        sending = asked({**body, "metadata": {"last_frame_url": LAST}})
        assert sending.links == {"first_frame": FIRST, "last_frame": LAST}

    def test_a_picture_may_be_in_the_request(self) -> None:
        inline = "data:image/png;base64,iVBORw0KGgo="
        assert asked({"image": inline}).links == {"first_frame": inline}


class TestReadForm:
    @examples
    @given(data=st.data())
    def test_a_form_says_what_json_says(self, data: st.DataObject) -> None:
        sending = data.draw(sendings(data.draw(st.sampled_from(CAPABILITIES))))
        request = OCTOPUSX.write_order(sending)
        form = Request(method="POST", path=request.path, fields=as_form(request.json))
        assert OCTOPUSX.read_order(form) == OCTOPUSX.read_order(request)

    @pytest.mark.parametrize("part", ["input_reference", "image"])
    def test_a_first_frame_may_come_along(self, part: str) -> None:
        sending = asked(fields=LEAST, files={part: (part, "a b.png")})
        assert sending.parts == {"first_frame": "a b.png"}
        assert sending.links == {}

    def test_a_last_frame_goes_with_a_file(self) -> None:
        fields = {**LEAST, "metadata[last_frame_url]": LAST}
        sending = asked(fields=fields, files={"image": ("image", "a.png")})
        assert sending.links == {"last_frame": LAST}

    def test_lists_have_brackets_with_and_without_a_number(self) -> None:
        fields = {
            **LEAST,
            "metadata[file_infos][0][Type]": "Url",
            "metadata[file_infos][1][Type]": "File",
        }
        assert asked(fields=fields).order.settings["file_infos"] == [
            {"Type": "Url"},
            {"Type": "File"},
        ]
        fields = {**LEAST, "metadata[file_infos][][Type]": "Url"}
        assert asked(fields=fields).order.settings["file_infos"] == [{"Type": "Url"}]

    @pytest.mark.parametrize(
        ("fields", "files", "field"),
        [
            ({"metadata": "{}", "metadata[offpeak]": "true"}, {}, "metadata[offpeak]"),
            ({"metadata[offpeak]": "true", "metadata": "{}"}, {}, "metadata"),
            ({"image": FIRST}, {"input_reference": ("input_reference", "a.png")},
             "input_reference"),
            ({}, {"image": ("image", "a.png"), "input_reference": ("input_reference", "b.png")},
             "input_reference"),
            ({}, {"video": ("video", "a.mp4")}, "video"),
            ({"seconds[]": "5"}, {}, "seconds"),
            ({"a[b][c][d][e][f][g][h][i][j]": "5"}, {}, "a"),
            ({"[": "5"}, {}, ""),
        ],
    )  # fmt: skip
    def test_what_is_there_twice_or_nowhere_is_refused(
        self, fields: dict[str, str], files: dict[str, tuple[str, str]], field: str
    ) -> None:
        with pytest.raises(InvalidOrder) as caught:
            asked(fields={**LEAST, **fields}, files=files)
        assert [problem.field for problem in caught.value.problems] == [field]


SERVED = [
    # update, started, status of OctopusX, status of OpenAI, progress
    (RUNNING, False, "queued", "queued", 0),
    (RUNNING, True, "processing", "in_progress", 0),
    (HALF, True, "processing", "in_progress", 50),
    (DONE, True, "completed", "completed", 100),
    (FAILED, True, "failed", "failed", 0),
    (replace(FAILED, category="cancelled"), True, "cancelled", "failed", 0),
]
CALLERS = [
    ({}, False),
    ({"User-Agent": "python-requests/2.32"}, False),
    ({"User-Agent": "OpenAI/Python 2.54.0"}, True),
    ({"user-agent": "OpenAI/JS 6.49.0"}, True),
    ({"X-Stainless-Poll-Helper": "true"}, True),
]


def video(served: Served, **headers: str) -> Any:
    request = Request(method="GET", path="/v1/videos/x", headers=headers)
    return OCTOPUSX.write_poll_answer([served], request).json


class TestServed:
    def test_a_finished_video_has_every_field(self) -> None:
        assert OCTOPUSX.write_poll_answer([make_served(DONE, ended_at=1_790_000_060)]).json == {
            "id": "dl 1/2",
            "task_id": "dl 1/2",
            "object": "video",
            "model": "Kling-2.6",
            "status": "completed",
            "progress": 100,
            "created_at": 1_790_000_000,
            "completed_at": 1_790_000_060,
            "expires_at": None,
            "error": None,
            "prompt": "A cat",
            "seconds": "10",
            "size": "1080x1920",
            "remixed_from_video_id": None,
            "video_url": VIDEO,
            "metadata": {"url": VIDEO},
        }

    def test_a_new_video_has_the_same_fields(self) -> None:
        fresh = make_served(RUNNING, started=False)
        assert OCTOPUSX.write_receipt(fresh).json == {
            **OCTOPUSX.write_poll_answer([fresh]).json,
            "status": "queued",
            "progress": 0,
            "completed_at": None,
            "video_url": None,
            "metadata": {"url": None},
        }

    @pytest.mark.parametrize(("update", "started", "theirs", "openai", "progress"), SERVED)
    def test_every_state_has_its_word(
        self, update: Update, started: bool, theirs: str, openai: str, progress: int
    ) -> None:
        served = make_served(update, started=started)
        assert (video(served)["status"], video(served)["progress"]) == (theirs, progress)
        assert video(served, **{"x-stainless-poll-helper": "true"})["status"] == openai
        caller = Request(method="POST", path="/v1/videos", headers={"user-agent": "OpenAI/Python"})
        assert OCTOPUSX.write_receipt(served, caller).json["status"] == openai

    @pytest.mark.parametrize(("headers", "is_openai"), CALLERS)
    def test_openai_is_known_by_its_headers(self, headers: dict[str, str], is_openai: bool) -> None:
        word = "in_progress" if is_openai else "processing"
        assert video(make_served(HALF), **headers)["status"] == word

    @pytest.mark.parametrize(
        ("category", "code"),
        [("rejected", "task_failed"), ("moderation", "content_policy_violation")],
    )
    def test_a_failure_has_code_and_message(self, category: str, code: str) -> None:
        served = make_served(replace(FAILED, category=category))
        assert video(served)["error"] == {"code": code, "message": "Too dark."}

    def test_openai_is_told_when_to_ask_again(self) -> None:
        headers = OCTOPUSX.write_poll_answer([make_served(HALF)]).headers
        assert int(headers["openai-poll-after-ms"]) >= 1000

    @pytest.mark.parametrize(
        ("method", "path", "ids"),
        [
            ("GET", "/v1/videos/video_123", ["video_123"]),
            ("GET", "/v1/videos/a%2Fb%20c", ["a/b c"]),
            ("GET", "/v1/videos", []),
            ("GET", "/v1/videos/", []),
            ("GET", "/v1/videos/video_123/content", []),
            ("POST", "/v1/videos/video_123", []),
            ("DELETE", "/v1/videos/video_123", []),
            ("GET", "/v1/models", []),
        ],
    )
    def test_only_one_video_is_asked_for(self, method: str, path: str, ids: list[str]) -> None:
        assert OCTOPUSX.read_poll_request(Request(method=method, path=path)) == ids


ANSWERS = [
    # error, status of its own, HTTP status, type, code
    (KeyRejected("x"), None, 401, "authentication_error", "invalid_api_key"),
    (OutOfMoney("x"), None, 403, "insufficient_quota", "insufficient_user_quota"),
    (NotAllowed("x"), None, 403, "permission_error", "access_denied"),
    (Moderated("x"), None, 400, "invalid_request_error", "content_policy_violation"),
    (TooLate("x"), None, 409, "invalid_request_error", "conflict"),
    (ProviderBusy("x"), None, 429, "rate_limit_error", "rate_limit_exceeded"),
    (ProviderUnavailable("x"), None, 503, "server_error", "service_unavailable"),
    (ProviderRejected("x"), None, 400, "invalid_request_error", "invalid_request"),
    (ProviderRejected("x"), 404, 404, "invalid_request_error", "task_not_exist"),
    (NotAllowed("x"), 401, 401, "authentication_error", "invalid_api_key"),
    (RuntimeError("x"), None, 500, "server_error", "internal_error"),
]


class TestRefusals:
    @pytest.mark.parametrize(("error", "own", "status", "kind", "code"), ANSWERS)
    def test_errors_are_openais(
        self, error: Exception, own: int | None, status: int, kind: str, code: str
    ) -> None:
        response = OCTOPUSX.write_refusal(error, status=own)
        assert response.status == status
        body = response.json["error"]
        assert (body["type"], body["code"], body["param"]) == (kind, code, None)
        assert body["message"]

    def test_the_field_is_the_param(self) -> None:
        with pytest.raises(InvalidOrder) as caught:
            asked({"seconds": "7"})
        response = OCTOPUSX.write_refusal(caught.value)
        assert response.json == {
            "error": {
                "message": "seconds must be 5 or 10, not “7”.",
                "type": "invalid_request_error",
                "param": "seconds",
                "code": "invalid_value",
            }
        }

    @pytest.mark.parametrize(
        ("error", "told"),
        [
            (TooLate("x"), "false"),
            (RuntimeError("x"), "false"),
            (ProviderUnavailable("x"), None),
            (ProviderBusy("x"), None),
            (KeyRejected("x"), None),
        ],
    )
    def test_libraries_are_told_not_to_try_again(self, error: Exception, told: str | None) -> None:
        """OpenAI's try 409 and 5xx twice more, and a POST again is a video again."""
        assert OCTOPUSX.write_refusal(error).headers.get("x-should-retry") == told

    def test_what_lies_behind_may_be_moderated(self) -> None:
        body = {"code": "fail_to_fetch_task", "message": "content policy", "data": None}
        assert type(OCTOPUSX.refusal(answer(403, body))) is Moderated
