"""TransendAI's format: its document's own examples, and the contract of every dialect."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from studio.core.errors import (
    InvalidOrder,
    InvalidUpload,
    KeyRejected,
    OutOfMoney,
    ProviderBusy,
    ProviderConfused,
    ProviderRejected,
    ProviderUnavailable,
    TooLate,
    Unsupported,
)
from studio.core.orders import Order
from studio.core.spec import Way
from studio.core.wire import Request, Sending, Served, Update, Verdict
from studio.dialects.transend import Transend
from tests.dialects.contract import DialectContract, answer, arrived, received

FIXTURES = Path(__file__).parent.parent / "fixtures" / "transend"
PATH = "/v1/videos/kling2.5/generation"
REFERENCE = "dl-7-" + "0" * 32


def fixture(name):
    return json.loads((FIXTURES / name).read_text())


def order(*, prompt="Robotic arm.", scene=1, **settings):
    return Order(
        provider="transend", model="kling2.5-simulation", prompt=prompt, scene=scene,
        settings={"duration": 20, "sensors": ["rgb"], **settings},
    )  # fmt: skip


def sending(*, callback="", **changes):
    asked = order(**changes)
    parts = {"scene": "cell.glb"} if asked.scene else {}
    return Sending(order=asked, reference=REFERENCE, parts=parts, callback=callback)


def form(payload, files=None):
    text = payload if isinstance(payload, str) else json.dumps(payload)
    return Request(
        method="POST", path=PATH, fields={"payload": text},
        files={"scene": ("", "cell.glb")} if files is None else files,
    )  # fmt: skip


class TestTransend(DialectContract):
    dialect = Transend()
    links = ("video", "depth", "normals", "optical_flow", "log")
    documented = (
        (400, {"error": {"message": "Scene missing or malformed JSON."}}, ProviderRejected),
        (409, {"message": "Constraint violation detected."}, ProviderRejected),
        (415, {"detail": "Unsupported asset format"}, ProviderRejected),
        (401, {"error": "invalid key"}, KeyRejected),
        (402, None, OutOfMoney),
        (429, None, ProviderBusy),
        (503, None, ProviderUnavailable),
    )

    def suited(self, order):
        """A scene or a link to one; limits that are numbers; a prompt where nothing moves."""
        settings = dict(order.settings)
        if order.scene is not None:
            settings.pop("scene_link", None)
        elif "scene_link" not in settings:
            order = replace(order, scene=1)
        if "constraints" in settings:
            settings["constraints"] = dict.fromkeys(settings["constraints"], 0.05)
        if "motion" not in settings and not order.prompt.strip():
            order = replace(order, prompt="An arm moves.")
        return replace(order, settings=settings)

    def has_a_picture(self, result):
        """Without rgb the false colors of another sensor are the picture."""
        return any(result.links.get(name) for name in self.links[:-1])


@pytest.fixture
def dialect():
    return Transend()


class TestDocument:
    """The examples of the page, word for word."""

    def test_its_request_is_written(self, dialect):
        asked = sending(
            prompt="Robotic arm assembling a circuit board with pick-and-place motions.",
            frame_rate=120, collision_detection=True, sensors=["rgb", "depth", "optical_flow"],
            constraints={"joint_speed_rad": 0.05},
        )  # fmt: skip
        request = dialect.write_order(asked)
        assert (request.method, request.path) == ("POST", PATH)
        assert json.loads(request.fields["payload"]) == fixture("payload.json")
        assert request.files == {"scene": ("scene", "cell.glb")}
        assert request.json is None
        assert request.read_seconds >= 300

    def test_its_request_is_read(self, dialect):
        read = dialect.read_order(form(fixture("payload.json")))
        assert read.parts == {"scene": "cell.glb"}
        assert read.order.prompt.startswith("Robotic arm assembling")
        assert read.order.settings == {
            "duration": 20, "frame_rate": 120, "collision_detection": True,
            "sensors": ["rgb", "depth", "optical_flow"],
            "constraints": {"joint_speed_rad": 0.05},
        }  # fmt: skip

    def test_its_motion_needs_no_prompt(self, dialect):
        motion = fixture("motion.json")
        asked = sending(prompt="", motion=motion)
        assert dialect.capabilities[0].problems(asked.order) == []
        payload = json.loads(dialect.write_order(asked).fields["payload"])
        assert payload["motion"] == motion
        assert "prompt" not in payload

    def test_its_answer_is_a_finished_take(self, dialect):
        receipt = dialect.read_receipt(answer(200, fixture("succeeded.json")), sending())
        assert receipt.remote_id == "task_kling_a81"
        assert receipt.update.verdict == Verdict.SUCCEEDED
        (result,) = receipt.update.results
        place = "https://edge.transendai.net/task_kling_a81"
        assert result.links == {
            "video": f"{place}/rgb.mp4", "depth": f"{place}/depth.tar",
            "optical_flow": f"{place}/flow.tar", "log": f"{place}/physics.json",
        }  # fmt: skip

    def test_its_answer_is_served(self, dialect):
        update = dialect.read_receipt(answer(200, fixture("succeeded.json")), sending()).update
        served = Served(
            remote_id="task_kling_a81", sending=sending(), update=update, created_at=1, ended_at=2
        )
        assert dialect.write_receipt(served).json == fixture("succeeded.json")

    def test_without_rgb_there_is_no_video(self, dialect):
        body = fixture("succeeded.json")
        del body["result"]["streams"]["rgb"]
        update = dialect.read_poll(answer(200, body), ["task_kling_a81"])["task_kling_a81"]
        assert update.verdict == Verdict.SUCCEEDED
        assert set(update.results[0].links) == {"depth", "optical_flow", "log"}

    @pytest.mark.parametrize("streams", [{}, None, [], {"rgb": ""}, {"lidar": "https://a.b/c"}])
    def test_a_log_alone_is_no_success_yet(self, dialect, streams):
        body = fixture("succeeded.json")
        body["result"]["streams"] = streams
        update = dialect.read_poll(answer(200, body), ["task_kling_a81"])["task_kling_a81"]
        assert (update.verdict, update.results) == (Verdict.RUNNING, ())

    @pytest.mark.parametrize("link", [7, "edge/rgb.mp4", "file:///etc/passwd", ["https://a.b"]])
    def test_a_link_that_is_none_is_confusing(self, dialect, link):
        body = fixture("succeeded.json")
        body["result"]["streams"]["rgb"] = link
        with pytest.raises(ProviderConfused):
            dialect.read_poll(answer(200, body), ["task_kling_a81"])


class TestStates:
    @pytest.mark.parametrize("word", ["queued", "processing", "Processing", "rendering", "paused"])
    def test_words_that_are_no_end(self, dialect, word):
        receipt = dialect.read_receipt(answer(200, {"task_id": "t", "status": word}), sending())
        assert (receipt.remote_id, receipt.update) == ("t", None)

    @pytest.mark.parametrize("word", ["failed", "error", "cancelled", "canceled"])
    def test_words_for_a_failure(self, dialect, word):
        body = {"task_id": "t", "status": word, "error": {"message": "Out of memory."}}
        receipt = dialect.read_receipt(answer(200, body), sending())
        assert receipt.update.verdict == Verdict.FAILED
        assert receipt.update.reason == "Out of memory."

    @pytest.mark.parametrize("said", [{}, {"error": None}, {"error": {}}])
    def test_a_failure_without_a_reason_has_one_of_ours(self, dialect, said):
        update = dialect.read_poll(answer(200, {"status": "failed", **said}), ["t"])["t"]
        assert update.reason == "Transend could not make it and does not say why."

    def test_an_answer_without_a_task_or_a_state_is_confusing(self, dialect):
        for body in ({"task_id": "t"}, {"status": "queued"}, {"task_id": "t", "status": 7}):
            with pytest.raises(ProviderConfused):
                dialect.read_receipt(answer(200, body), sending())

    def test_an_answer_about_another_task_is_confusing(self, dialect):
        with pytest.raises(ProviderConfused):
            dialect.read_poll(answer(200, {"task_id": "other", "status": "queued"}), ["t"])


class TestPolls:
    """The document does not say where a task is asked for."""

    def test_the_likeliest_place_comes_first_and_others_follow(self, dialect):
        assert dialect.write_poll(["a/b"]).path == f"{PATH}/a%2Fb"
        others = [request.path for request in dialect.other_polls(["a/b"])]
        assert others == ["/v1/videos/tasks/a%2Fb", "/v1/tasks/a%2Fb"]

    @pytest.mark.parametrize(
        "link",
        ["https://api.transendai.net/v2/state/t", "/v2/state/t", "https://evil.example/v2/state/t"],
    )
    def test_a_place_that_they_name_is_kept_without_its_host(self, dialect, link):
        body = {"task_id": "t", "status": "queued", "status_url": link}
        remote_id = dialect.read_receipt(answer(200, body), sending()).remote_id
        assert remote_id == "t /v2/state/t"
        assert dialect.write_poll([remote_id]).path == "/v2/state/t"
        assert dialect.other_polls([remote_id])[0].path == f"{PATH}/t"
        done = dialect.read_poll(answer(200, {"task_id": "t", "status": "queued"}), [remote_id])
        assert set(done) == {remote_id}

    @pytest.mark.parametrize(
        "link",
        [
            None,
            7,
            "",
            "https://[",
            f"{PATH}/t",
            "/" + "x" * 300,
            "/a b",
            "/ü",
            "relative",
            "https://a.b",
        ],
    )
    def test_a_place_that_is_the_usual_one_or_none_is_not(self, dialect, link):
        body = {"task_id": "t", "status": "queued", "status_url": link}
        assert dialect.read_receipt(answer(200, body), sending()).remote_id == "t"

    def test_a_task_that_they_do_not_know_is_no_verdict(self, dialect):
        with pytest.raises(ProviderConfused, match="does not know this task"):
            dialect.read_poll(answer(404, {"error": "not found"}), ["t"])

    @pytest.mark.parametrize(
        ("method", "path", "found"),
        [
            ("GET", f"{PATH}/task_1", ["task_1"]),
            ("GET", "/v1/videos/tasks/task_1", ["task_1"]),
            ("GET", "/v1/tasks/a%2Fb", ["a/b"]),
            ("POST", f"{PATH}/task_1", []),
            ("GET", PATH, []),
            ("GET", f"{PATH}/a/b", []),
            ("GET", "/v1/videos/kling2x5/generation/a", []),
        ],
    )
    def test_we_answer_at_each_of_them(self, dialect, method, path, found):
        assert dialect.read_poll_request(Request(method=method, path=path)) == found

    @pytest.mark.parametrize(("started", "word"), [(False, "queued"), (True, "processing")])
    def test_what_is_not_done_says_where_to_ask(self, dialect, started, word):
        served = Served(
            remote_id="t", sending=sending(), update=Update(verdict=Verdict.RUNNING),
            created_at=1, started=started,
        )  # fmt: skip
        assert dialect.write_poll_answer([served]).json == {
            "task_id": "t", "status": word, "result": None, "status_url": f"{PATH}/t",
        }  # fmt: skip


class TestLimits:
    able = Transend.capabilities[0]

    def problems(self, asked):
        return {problem.field: problem.message for problem in self.able.problems(asked)}

    def test_an_order_with_a_scene_and_a_prompt_is_fine(self):
        assert self.problems(order()) == {}
        assert (
            self.problems(order(scene=None, scene_link="https://s3.example/cell.glb?sig=1")) == {}
        )

    @pytest.mark.parametrize(
        ("field", "words", "changes"),
        [
            ("prompt", "unless there is a motion", {"prompt": " "}),
            ("scene", "or give a link to one", {"scene": None}),
            ("scene_link", "must be empty", {"scene_link": "https://a.b/c"}),
            ("duration", "1 to 60 s", {"duration": 61}),
            ("duration", "1 to 60 s", {"duration": 0.5}),
            ("frame_rate", "1 to 240", {"frame_rate": 241}),
            ("sensors", "must have 1 to 4", {"sensors": []}),
            ("sensors", "has no “lidar”", {"sensors": ["lidar"]}),
            ("constraints", "“joint_speed_rad” must be", {"constraints": {"joint_speed_rad": -1}}),
            ("constraints", "not “True”", {"constraints": {"a": 1, "on": True}}),
            ("constraints", "not “fast”", {"constraints": {"a": "fast"}}),
            ("constraints", "a JSON object", {"constraints": [1]}),
            ("motion", "Motion: give", {"motion": {}}),
            ("materials", "“ftp://a.b”", {"materials": ["ftp://a.b"]}),
            ("hdri", "starts with https://", {"hdri": "sky.hdr"}),
            ("aspect", "has no setting", {"aspect": "16:9"}),
            ("negative_prompt", "has no setting", {"negative_prompt": "rain"}),
        ],
    )  # fmt: skip
    def test_what_is_outside_is_told_at_its_field(self, field, words, changes):
        assert words in self.problems(order(**changes))[field]

    def test_it_takes_no_frames(self):
        assert set(self.problems(replace(order(), first_frame=1))) == {"first_frame"}

    def test_a_low_frame_rate_is_allowed_and_advised_against(self):
        slow = order(frame_rate=59)
        assert self.problems(slow) == {}
        assert [said.field for said in self.able.advised(slow)] == ["frame_rate"]
        assert self.able.advised(order(frame_rate=60)) == []
        assert self.able.advised(order()) == []

    @staticmethod
    def advice_on(limit, angles=((0, 0), (0.5, 1), (1, 1)), **changes):
        motion = {"joints": [{"name": "elbow", "angles": [list(pair) for pair in angles]}]}
        limits = {"joint_speed_rad": limit}
        able = Transend.capabilities[0]
        return able.advised(order(motion=motion, constraints=limits, **changes))

    def test_a_joint_over_the_limit_is_named_with_the_time_that_it_needs(self):
        (advice,) = self.advice_on(0.05)
        assert (advice.field, advice.part) == ("motion", "elbow")
        assert "“elbow” turns at 0.1 rad/s from 0 s on, over the limit of 0.05" in advice.message
        assert advice.message.endswith("It fits in 40 s.")

    def test_where_no_duration_would_do_none_is_named(self):
        (advice,) = self.advice_on(0.001)
        assert advice.message.endswith("TransendAI refuses that.")

    @pytest.mark.parametrize("limit", [0.1, 0, "fast", None, 1])
    def test_at_the_limit_or_without_one_there_is_nothing_to_say(self, limit):
        assert self.advice_on(limit) == []

    def test_scenes_go_along_and_nothing_has_a_price(self):
        assert self.able.ways == (Way.PART,)
        assert Transend.prices == ()

    def test_what_the_document_leaves_open_is_in_doubt(self):
        doubted = {param.name for param in self.able.params if param.doubt}
        assert doubted == {
            "duration", "frame_rate", "constraints", "motion", "materials", "hdri", "scene_link",
        }  # fmt: skip


class TestWriteOrder:
    def test_links_stand_in_the_payload_and_no_file_goes_along(self, dialect):
        links = {"materials": ["https://a.b/m.zip"], "hdri": "https://a.b/h.hdr"}
        asked = sending(
            scene=None, scene_link="https://a.b/c.glb", callback="https://me.example/in", **links
        )
        request = dialect.write_order(asked)
        payload = json.loads(request.fields["payload"])
        assert request.files == {}
        assert payload["scene_url"] == "https://a.b/c.glb"
        assert payload["webhook_url"] == "https://me.example/in"
        assert {name: payload[name] for name in links} == links

    @pytest.mark.parametrize(
        "extra", [{"links": {"scene": "https://a.b"}}, {"parts": {"first_frame": "a.png"}}]
    )
    def test_a_file_in_another_way_is_unsupported(self, dialect, extra):
        with pytest.raises(Unsupported, match="has no place for"):
            dialect.write_order(replace(sending(), **extra))


class TestReadOrder:
    def refused(self, dialect, request):
        with pytest.raises(InvalidOrder) as caught:
            dialect.read_order(request)
        return caught.value

    @pytest.mark.parametrize("part", ["scene", "file", "asset", "[email protected]"])
    @pytest.mark.parametrize("name", ["cell.glb", "CELL.FBX"])
    def test_a_scene_is_known_by_its_file_name(self, dialect, part, name):
        read = dialect.read_order(form({"prompt": "Go."}, {part: ("", name)}))
        assert read.parts == {"scene": name}

    @pytest.mark.parametrize("name", ["arm.obj", "arm.gltf", "arm", "glb", "arm.glb.exe"])
    def test_another_format_is_415(self, dialect, name):
        error = self.refused(dialect, form({"prompt": "Go."}, {"scene": ("", name)}))
        response = dialect.write_refusal(error)
        assert response.status == 415
        assert response.json["error"]["code"] == "unsupported_asset_format"
        assert "Convert models to .glb or .fbx." in response.json["error"]["message"]

    def test_two_scenes_are_one_too_many(self, dialect):
        files = {"a": ("", "a.glb"), "b": ("", "b.glb")}
        assert "one file" in self.refused(dialect, form({"prompt": "Go."}, files)).message

    @pytest.mark.parametrize(
        ("payload", "field"),
        [
            ("{", "payload"),
            ("", "payload"),
            ("[1]", "payload"),
            ("[" * 100_000, "payload"),
            ({"prompt": 7}, "prompt"),
            ({"prompt": ""}, "prompt"),
            ({"duration": 20}, "prompt"),
            ({"prompt": "Go.", "webhook_url": "me"}, "webhook_url"),
            ({"prompt": "Go.", "webhook_url": 7}, "webhook_url"),
            ({"prompt": "Go.", "physics": 60}, "physics"),
            ({"prompt": "Go.", "physics": {"gravity": 9.81}}, "physics.gravity"),
            ({"prompt": "Go.", "aspect_ratio": "16:9"}, "aspect_ratio"),
            ({"prompt": "Go.", "frame_rate": 60}, "frame_rate"),
        ],
    )  # fmt: skip
    def test_what_is_wrong_is_named_as_this_format_calls_it(self, dialect, payload, field):
        error = self.refused(dialect, form(payload))
        assert [problem.field for problem in error.problems] == [field]
        assert dialect.write_refusal(error).status == 400

    def test_whole_numbers_may_have_a_point(self, dialect):
        payload = {"prompt": "Go.", "duration": 20.0, "physics": {"frame_rate": 60.0}}
        settings = dialect.read_order(form(payload)).order.settings
        assert [type(settings[name]) for name in ("duration", "frame_rate")] == [int, int]
        assert dialect.read_order(form({"prompt": "Go.", "duration": 2.5})).order.settings == {
            "duration": 2.5
        }

    def test_null_is_nothing(self, dialect):
        payload = {"prompt": "Go.", "motion": None, "physics": None, "webhook_url": None}
        assert dialect.read_order(form(payload)).order.settings == {}

    def test_plain_json_will_do_where_the_scene_is_a_link(self, dialect):
        payload = {"prompt": "Go.", "scene_url": "https://a.b/c.glb"}
        read = dialect.read_order(Request(method="POST", path=PATH, json=payload))
        assert read.order.settings == {"scene_link": "https://a.b/c.glb"}
        assert read.parts == {}

    def test_a_form_comes_back_over_the_wire(self, dialect):
        asked = sending(callback="https://me.example/in", motion=fixture("motion.json"))
        read = dialect.read_order(arrived(dialect.write_order(asked)))
        assert read == replace(asked, reference="", order=replace(asked.order, scene=None))


class TestRefusals:
    @pytest.mark.parametrize(
        ("status", "body", "sentence"),
        [
            (409, {"error": {"message": "Constraint violation detected", "joint": "elbow"}},
             "Transend refused the order: Constraint violation detected (joint elbow). Look at motion "
             "and limits: reduce joint speeds or relax motion bounds."),
            (409, {"message": "Joint elbow needs 0.11 rad/s.", "joint": "elbow"},
             "Transend refused the order: Joint elbow needs 0.11 rad/s. Look at motion and limits: "
             "reduce joint speeds or relax motion bounds."),
            (409, None,
             "Transend refused the order: HTTP 409. Look at motion and limits: reduce joint speeds or "
             "relax motion bounds."),
            (415, {"detail": "obj"}, "Transend refused the order: obj. Convert models to .glb or .fbx."),
            (422, {"detail": "Too long."}, "Transend refused the order: Too long."),
        ],
    )  # fmt: skip
    def test_a_refusal_says_what_the_document_advises(self, dialect, status, body, sentence):
        error = dialect.refusal(answer(status, body))
        assert (type(error), error.message) == (ProviderRejected, sentence)

    @pytest.mark.parametrize(
        ("error", "asked", "status", "code"),
        [
            (ProviderRejected("Joint elbow is too fast."), 409, 409, "constraint_violation"),
            (TooLate("It has ended."), None, 409, "conflict"),
            (InvalidUpload("Scene must be .glb."), None, 415, "unsupported_asset_format"),
            (ProviderRejected("No such task."), 404, 404, "refused"),
        ],
    )
    def test_we_refuse_in_its_codes(self, dialect, error, asked, status, code):
        response = received(dialect.write_refusal(error, status=asked))
        assert (response.status, response.json["error"]["code"]) == (status, code)
        assert response.json["task_id"] is None


class TestKey:
    def test_a_task_that_nobody_has_tells_whether_the_key_is_known(self, dialect):
        request = dialect.write_test()
        assert (request.method, request.json) == ("GET", None)
        assert request.path.startswith(f"{PATH}/")
        assert dialect.read_test(answer(404, {"error": "not found"})) == ""
        assert dialect.read_test(answer(404, text="<html>")) == ""
        for status in (401, 403):
            with pytest.raises(KeyRejected):
                dialect.read_test(answer(status, {"error": "no"}))
        with pytest.raises(ProviderUnavailable):
            dialect.read_test(answer(502, text="Bad Gateway"))
