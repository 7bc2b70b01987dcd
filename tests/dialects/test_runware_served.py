from dataclasses import replace
from typing import Any

import pytest

from studio.core.errors import (
    BudgetExceeded,
    InvalidOrder,
    KeyRejected,
    Moderated,
    NotAllowed,
    OutOfMoney,
    Problem,
    ProviderBusy,
    ProviderRejected,
    ProviderUnavailable,
)
from studio.core.wire import Request, Response, Result, Served, Update, Verdict
from tests.dialects.contract import received
from tests.dialects.runware_tasks import (
    FIRST,
    PICTURE,
    RUNWARE,
    SECOND,
    failed,
    item,
    poll,
    read,
    request,
    served,
    task,
)


class TestReadKey:
    def test_key_is_in_the_header_or_the_first_task(self) -> None:
        first = {"taskType": "authentication", "apiKey": "in-body"}
        assert RUNWARE.read_key(request(task(), authorization="Bearer in-header")) == "in-header"
        assert RUNWARE.read_key(request(first, task())) == "in-body"
        assert RUNWARE.read_key(request(first, authorization="bearer x")) == "x"
        for nobody in (request(task()), request(), request(first | {"apiKey": 7}),
                       request(task(), authorization="Basic eA=="),
                       Request(method="POST", path="/v1", json=None)):  # fmt: skip
            assert RUNWARE.read_key(nobody) == ""


class TestReadFrames:
    A, B = "aac49721-1964-481a-ae78-8a4e29b91402", "data:image/png;base64,AAAA"
    FORMS = (
        ([A], {"first_frame": A}),
        ([A, B], {"first_frame": A, "last_frame": B}),
        ([{"image": A}], {"first_frame": A}),
        ([{"image": A, "frame": "first"}], {"first_frame": A}),
        ([{"image": A, "frame": 0}, {"image": B, "frame": -1}],
         {"first_frame": A, "last_frame": B}),
        ([A, {"image": B, "frame": "last"}], {"first_frame": A, "last_frame": B}),
        ([{"image": B, "frame": "last"}, A], {"first_frame": A, "last_frame": B}),
        ([A, {"image": B, "frame": "first"}], {"first_frame": B, "last_frame": A}),
        ([{"inputImage": PICTURE, "frame": "first"}], {"first_frame": PICTURE}),
        (["iVBORw0KGgo="], {"first_frame": "iVBORw0KGgo="}),
    )  # fmt: skip

    @pytest.mark.parametrize(("images", "links"), FORMS)
    def test_every_form_is_read_in_both_places(
        self, images: list[Any], links: dict[str, str]
    ) -> None:
        assert read(inputs={"frameImages": images}).links == links
        assert read(frameImages=images).links == links

    def test_no_frames_are_no_links(self) -> None:
        assert read().links == {}
        assert read(inputs={}).links == {}

    REFUSED = (
        ([{"image": A, "frame": "last"}],
         "has a last frame only; with this model it needs a first frame too, add one"),
        ([{"image": A, "frame": -1}], "has a last frame only"),
        ([], "must be a list of one or two images"),
        ([A, A, A], "must be a list of one or two images"),
        (A, "must be a list of one or two images"),
        ([7], "takes an image, or an object with image and frame"),
        ([{"image": A, "weight": 1}], "takes an image, or an object with image and frame"),
        ([{"frame": "first"}], "needs an image in each"),
        ([""], "needs an image in each"),
        ([{"image": A, "frame": "middle"}], "takes first, last, 0 or -1 as frame"),
        ([{"image": A, "frame": False}], "takes first, last, 0 or -1 as frame"),
        ([{"image": A, "frame": 0.0}], "takes first, last, 0 or -1 as frame"),
        ([{"image": A, "frame": [0]}], "takes first, last, 0 or -1 as frame"),
        ([{"image": A, "frame": "first"}, {"image": B, "frame": 0}],
         "has two images for the same frame; give one first and one last"),
    )  # fmt: skip

    @pytest.mark.parametrize(("images", "words"), REFUSED)
    def test_anything_else_is_refused_in_a_sentence(self, images: Any, words: str) -> None:
        with pytest.raises(InvalidOrder) as caught:
            read(inputs={"frameImages": images})
        (problem,) = caught.value.problems
        assert problem.field == "inputs.frameImages"
        assert problem.message.startswith(f"inputs.frameImages {words}")
        assert problem.message.endswith(".")

    @pytest.mark.parametrize("fields", [
        {"inputs": {"referenceImages": [A]}}, {"inputs": [A]},
        {"inputs": {"frameImages": [A]}, "frameImages": [A]},
    ])  # fmt: skip
    def test_other_inputs_are_refused(self, fields: dict[str, Any]) -> None:
        with pytest.raises(InvalidOrder, match=r"inputs\.frameImages"):
            read(**fields)


class TestReadOrder:
    def test_null_is_as_good_as_nothing(self) -> None:
        assert read(negativePrompt=None, inputs=None, webhookURL=None) == read()

    def test_whole_seconds_may_have_a_point(self) -> None:
        settings = read(duration=5.0).order.settings
        assert settings == {"duration": 5}
        assert type(settings["duration"]) is int

    def test_key_in_the_first_task_is_passed_over(self) -> None:
        first = {"taskType": "authentication", "apiKey": "k"}
        assert RUNWARE.read_order(request(first, task())) == read()
        polls = request(first, {"taskType": "getResponse", "taskUUID": FIRST})
        assert RUNWARE.read_poll_request(polls) == [FIRST]

    def test_name_keeps_its_letters(self) -> None:
        assert read(taskUUID=FIRST.upper()).reference == FIRST.upper()

    REFUSED = (
        ({"width": 1920, "height": 1080}, "width", "width and height must be 1280 and 720, "
         "720 and 720 or 720 and 1280, not 1920 and 1080."),
        ({"width": 1280}, "width", "width and height must be 1280 and 720, "
         "720 and 720 or 720 and 1280, not 1280 and None."),
        ({"duration": 7}, "duration", "duration must be 5 or 10, not “7”."),
        ({"duration": "5"}, "duration", "duration must be 5 or 10, not “5”."),
        ({"duration": 5.5}, "duration", "duration must be 5 or 10, not “5.5”."),
        ({"CFGScale": 1.5}, "CFGScale", "CFGScale must be 0 to 1 in steps of 0.01, not “1.5”."),
        ({"numberResults": 9}, "numberResults", "numberResults must be 1 to 4, not “9”."),
        ({"outputFormat": "mp4"}, "outputFormat",
         "outputFormat must be MP4, WEBM or MOV, not “mp4”."),
        ({"outputQuality": 100}, "outputQuality", "outputQuality must be 20 to 99, not “100”."),
        ({"ttl": 1}, "ttl", "ttl must be at least 60 s, not “1”."),
        ({"routing": []}, "routing",
         'routing must be a JSON object such as {"name": 1}, not “[]”.'),
        ({"uploadEndpoint": "ftp://x"}, "uploadEndpoint",
         "uploadEndpoint must be an address that starts with https:// or http://, not “ftp://x”."),
        ({"webhookURL": "x"}, "webhookURL",
         "webhookURL must be an address that starts with https:// or http://."),
        ({"positivePrompt": "x"}, "positivePrompt",
         "positivePrompt is 1 characters long; it may have 2 to 2,500 characters."),
        ({"positivePrompt": None}, "positivePrompt",
         "positivePrompt is needed: 2 to 2,500 characters."),
        ({"positivePrompt": 7}, "positivePrompt", "positivePrompt must be text."),
        ({"negativePrompt": "x" * 2501}, "negativePrompt",
         "negativePrompt is 2,501 characters long; it may have 2 to 2,500 characters."),
        ({"safety": {"mode": "some"}}, "safety.mode",
         "safety.mode must be none, fast or full, not “some”."),
        ({"safety": {"checkContent": 1}}, "safety.checkContent",
         "safety.checkContent must be yes or no, not “1”."),
        ({"safety": "fast"}, "safety", "safety must be an object with checkContent or mode."),
        ({"safety": {"level": 1}}, "safety.level",
         "safety.level is not known; safety has checkContent or mode."),
        ({"model": "klingai:6@0"}, "model", "model must be klingai:6@1, not “klingai:6@0”."),
        ({"taskUUID": "7"}, "taskUUID", "taskUUID must be a UUID of version 4, not “7”."),
        ({"taskUUID": None}, "taskUUID", "taskUUID must be a UUID of version 4, not “None”."),
        ({"deliveryMethod": "sync"}, "deliveryMethod",
         "deliveryMethod must be async with this model, or left out."),
        ({"outputType": "base64Data"}, "outputType",
         "outputType must be URL with this model, or left out."),
        ({"includeCost": "yes"}, "includeCost", "includeCost must be true or false."),
        ({"seed": 7}, "seed",
         "seed is no parameter of videoInference with this model; take it out."),
    )  # fmt: skip

    @pytest.mark.parametrize(("fields", "name", "message"), REFUSED)
    def test_sentence_names_their_field_and_the_rule(
        self, fields: dict[str, Any], name: str, message: str
    ) -> None:
        with pytest.raises(InvalidOrder) as caught:
            read(**fields)
        assert [problem for problem in caught.value.problems if problem.field == name] == [
            Problem(name, message)
        ]

    def test_mode_without_the_check_is_refused(self) -> None:
        with pytest.raises(InvalidOrder) as caught:
            read(safety={"mode": "full"})
        assert [problem.field for problem in caught.value.problems] == ["safety.checkContent"]

    def test_all_that_is_wrong_is_said_at_once(self) -> None:
        with pytest.raises(InvalidOrder) as caught:
            read(duration=7, width=1, seed=1, webhookURL="x", model="x")
        fields = {problem.field for problem in caught.value.problems}
        assert fields == {"duration", "width", "seed", "webhookURL", "model"}

    ARRAYS = (
        [task(), task()],
        [{"taskType": "authentication", "apiKey": "k"}],
        [task(taskType="imageInference")],
        [task(taskType=None)],
        [task(), {"taskType": "getResponse", "taskUUID": FIRST}],
        [task(), 7],
    )

    @pytest.mark.parametrize("tasks", ARRAYS)
    def test_request_is_for_one_video(self, tasks: list[Any]) -> None:
        with pytest.raises(InvalidOrder, match=r"taskType|task in a request"):
            RUNWARE.read_order(request(*tasks))

    def test_poll_needs_the_name_of_each_task(self) -> None:
        good, bad = {"taskType": "getResponse", "taskUUID": FIRST}, {"taskType": "getResponse"}
        with pytest.raises(InvalidOrder, match="taskUUID is needed"):
            RUNWARE.read_poll_request(request(good, bad))


class TestWritePollAnswer:
    """What a careful client of the provider takes for granted, see served.py."""

    def told(self, *jobs: Served) -> Any:
        return received(RUNWARE.write_poll_answer(jobs)).json

    def test_task_under_way_has_an_item_for_each_take_and_no_sign_of_a_result(self) -> None:
        running = Update(verdict=Verdict.RUNNING, progress=40)
        job = served(running, count=3, upload_endpoint="https://bucket.example/x")
        waiting = {**item(status="processing"), "progress": 40}
        job = replace(job, sending=replace(job.sending, callback="https://studio.example/c"))
        assert self.told(job) == {"data": [waiting] * 3}

    def test_success_has_no_errors_not_even_an_empty_list(self) -> None:
        links = {"video": "https://studio.example/v.mp4"}
        update = Update(
            verdict=Verdict.SUCCEEDED,
            results=(Result(index=0, links=links, seed=7), Result(index=1, links=links, seed=8)),
            charge=700_001,
        )
        told = self.told(served(update, count=2))
        assert set(told) == {"data"}
        assert [one["cost"] for one in told["data"]] == [0.35, 0.350001]
        assert [one["seed"] for one in told["data"]] == [7, 8]
        assert len({one["videoUUID"] for one in told["data"]}) == 2

    def test_take_that_was_refused_is_an_error_of_its_task(self) -> None:
        links = {"video": "https://studio.example/v.mp4"}
        update = Update(
            verdict=Verdict.SUCCEEDED, results=(Result(index=0, links=links),), charge=350_000,
            reason="The picture is too small.", category="rejected",
        )  # fmt: skip
        told = self.told(served(update, count=3))
        assert len(told["data"]) == 1
        assert told["errors"] == [failed()] * 2
        again = poll(told)[FIRST]
        assert again.charge == 350_000
        assert again.reason == "2 of 3 takes were not made. The picture is too small."

    CATEGORIES = ("moderation", "money", "rejected", "provider")

    @pytest.mark.parametrize("category", CATEGORIES)
    def test_failure_keeps_its_kind(self, category: str) -> None:
        update = Update(verdict=Verdict.FAILED, reason="No.", category=category, charge=0)
        again = poll(self.told(served(update)))[FIRST]
        assert (again.verdict, again.category, again.charge) == (Verdict.FAILED, category, 0)

    @pytest.mark.parametrize("category", ["key", "uncertain", ""])
    def test_failure_of_our_own_is_nobodys_fault(self, category: str) -> None:
        update = Update(verdict=Verdict.FAILED, category=category, charge=70_000)
        again = poll(self.told(served(update, count=2)))[FIRST]
        assert (again.category, again.charge) == ("provider", 70_000)
        assert again.reason == "This video could not be made."

    def test_several_tasks_go_into_one_answer(self) -> None:
        running = served(Update(verdict=Verdict.RUNNING))
        lost = served(Update(verdict=Verdict.FAILED, reason="No."), remote_id=SECOND)
        told = self.told(running, lost)
        assert [one["taskUUID"] for one in told["data"]] == [FIRST]
        assert [one["taskUUID"] for one in told["errors"]] == [SECOND]


class TestWriteRefusal:
    REFUSED = (
        (KeyRejected("No."), 401, "invalidApiKey"),
        (OutOfMoney("No."), 402, "insufficientCredits"),
        (BudgetExceeded("No."), 402, "insufficientCredits"),
        (NotAllowed("No."), 403, "insufficientPermissions"),
        (Moderated("No."), 400, "contentPolicyViolation"),
        (ProviderBusy("No."), 429, "rateLimitExceeded"),
        (ProviderUnavailable("No."), 503, "serviceUnavailable"),
        (ProviderRejected("No."), 400, "validationFailed"),
    )

    @pytest.mark.parametrize(("error", "status", "code"), REFUSED)
    def test_error_has_its_status_and_code(self, error: Exception, status: int, code: str) -> None:
        refused = RUNWARE.write_refusal(error)
        assert refused.status == status
        assert refused.json == {"errors": [{"code": code, "message": "No."}]}

    def test_each_problem_is_an_error_at_their_field(self) -> None:
        error = InvalidOrder([Problem("aspect", "Ratio must be 1:1."), Problem("seed", "No seed.")])
        refused = RUNWARE.write_refusal(error)
        assert refused.status == 400
        assert refused.json["errors"] == [
            {"code": "invalidParameter", "message": "Ratio must be 1:1.", "parameter": "width"},
            {"code": "invalidParameter", "message": "No seed.", "parameter": "seed"},
        ]

    def test_our_own_mistake_is_an_internal_error(self) -> None:
        refused: Response = RUNWARE.write_refusal(RuntimeError("hunter2"))
        assert refused.json["errors"][0]["code"] == "internalServerError"
