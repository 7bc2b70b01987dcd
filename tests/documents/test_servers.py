"""The strict providers themselves: the documents' own examples pass, whatever departs does not."""

import contextlib
import io

import httpx
import pytest

from tests.documents.aimlapi import IMAGE, PATHS, TEXT, Aimlapi
from tests.documents.octopusx import Octopusx
from tests.documents.provider import FORBIDDEN
from tests.documents.runware import Runware
from tests.documents.transend import PATH, Transend
from tests.documents.trinetra import Trinetra
from tests.storage.models import glb

HTTP = httpx.Client(verify=False, trust_env=False)  # one for all: each is slow to make
BEARER = {"Authorization": f"Bearer {Aimlapi.key}"}
KEY = {"X-API-Key": Trinetra.key}
UUID = "1bbab86a-244b-4f2a-a16b-867238f56065"
ORDERS = {
    Aimlapi: (PATHS[0], BEARER, {"model": TEXT, "prompt": "A raccoon"}),
    Trinetra: ("/v1/video/kling-v2.5", KEY, {"prompt": "A cat", "duration": 5}),
    Octopusx: (
        "/v1/videos", BEARER,
        {"model": "Kling-3.0-Omni", "prompt": "A cat", "seconds": "5",
         "metadata": {"output_config": {"resolution": "720P", "aspect_ratio": "16:9"}}},
    ),
    Runware: (
        "/v1", BEARER,
        {"taskType": "videoInference", "taskUUID": UUID, "model": "klingai:6@1",
         "positivePrompt": "A chase", "width": 1280, "height": 720, "duration": 5,
         "CFGScale": 0.72},
    ),
}  # fmt: skip
SIMULATION = (
    '{"prompt": "Robotic arm", "duration": 20, "sensors": ["rgb", "depth", "optical_flow"],'
    '"physics": {"frame_rate": 120, "collision_detection": true},'
    '"constraints": {"joint_speed_rad": 0.05},'
    '"motion": {"joints": [{"name": "elbow", "angles": [[0, 0.4], [0.5, 0.5], [1.0, 0.42]]}]}}'
)
# What departs from each document, and what the refusal must name.
WRONG = {
    Aimlapi: [
        ({"model": "klingai/v9"}, "model"), ({"prompt": ""}, "prompt"), ({"seed": 1}, "seed"),
        ({"duration": 7}, "duration"), ({"duration": "5"}, "duration"),
        ({"aspect_ratio": "4:3"}, "aspect_ratio"), ({"cfg_scale": 1.01}, "cfg_scale"),
        ({"cfg_scale": True}, "cfg_scale"), ({"negative_prompt": None}, "negative_prompt"),
        ({"provider": "other"}, "provider"), ({"image_url": "https://a.example/b.png"}, "image_url"),
        ({"model": IMAGE}, "image_url"),
    ],
    Trinetra: [
        ({"duration": 11}, "duration"), ({"duration": "5"}, "duration"), ({"mode": "max"}, "mode"),
        ({"aspect_ratio": "4:3"}, "aspect_ratio"), ({"resolution": "1080P"}, "resolution"),
        ({"image_url": "a.png"}, "image_url"), ({"cfg_scale": -0.1}, "cfg_scale"),
        ({"last_frame_url": "https://a.example/b.png"}, "image_url"),
        ({"last_frame_url": "https://a.example/b.png", "image_url": "https://a.example/a.png",
          "duration": 6}, "5s"),
        ({"camera_control": {"pan": 1}}, "camera_control.type"),
        ({"camera_control": {"type": "simple", "config": {"pan": 11}}}, "config.pan"),
        ({"webhook_url": "https://a.example/"}, "webhook_url"),
    ],
    Octopusx: [
        ({"seconds": 5}, "seconds"), ({"seconds": "16"}, "seconds"), ({"size": "720p"}, "size"),
        ({"model": "Kling-2.5", "seconds": "15"}, "seconds"), ({"model": "kling-2.5"}, "model"),
        ({"metadata": {"offpeak": "true"}}, "metadata.offpeak"),
        ({"metadata": {"output_config": {"resolution": "720p"}}}, "resolution"),
        ({"metadata": {"output_config": {"duration": 10}}}, "duration"),
        ({"metadata": {"ext_info": {}}}, "ext_info"), ({"metadata": {"cfg": 1}}, "metadata.cfg"),
        ({"cfg_scale": 1}, "cfg_scale"),
    ],
    Runware: [
        ({"taskUUID": "1"}, "taskUUID"), ({"model": "klingai:6@0"}, "model"),
        ({"positivePrompt": "a"}, "positivePrompt"), ({"width": 1920, "height": 1080}, "width"),
        ({"duration": 7}, "duration"), ({"CFGScale": 0.725}, "CFGScale"), ({"seed": 1}, "seed"),
        ({"outputFormat": "mp4"}, "outputFormat"), ({"outputQuality": 100}, "outputQuality"),
        ({"numberResults": 5}, "numberResults"), ({"ttl": 59}, "ttl"),
        ({"deliveryMethod": "sync"}, "deliveryMethod"), ({"safety": {"mode": "some"}}, "safety.mode"),
        ({"inputs": {"frameImages": []}}, "inputs.frameImages"),
        ({"inputs": {"frameImages": [{"image": "https://a.example/a.png", "frame": 1}]}}, "frame"),
        ({"inputs": {"frameImages": ["no picture"]}}, "image"), ({"taskType": "other"}, "taskType"),
    ],
}  # fmt: skip
ROWS = [(kind, change, named) for kind, rows in WRONG.items() for change, named in rows]


@pytest.fixture
def running():
    with contextlib.ExitStack() as stack:
        yield lambda kind, **options: stack.enter_context(kind(**options))


def post(server, kind, change=None, *, headers=None, path=None):
    where, known, body = ORDERS[kind]
    body = body | (change or {})
    sent = [body] if kind is Runware else body
    return HTTP.post(f"{server.url}{path or where}", json=sent, headers=headers or known)


@pytest.mark.parametrize("kind", ORDERS)
class TestExample:
    def test_is_accepted(self, running, kind):
        server = running(kind)
        assert post(server, kind).is_success
        assert server.orders == [ORDERS[kind][2]]
        assert server.refusals == []

    @pytest.mark.parametrize(
        "headers", [{"Authorization": "Bearer other"}, {"X-API-Key": "other"}, {"X": "no key"}]
    )
    def test_needs_the_key_in_the_right_header(self, running, kind, headers):
        assert post(running(kind), kind, headers=headers).status_code == 401

    def test_needs_the_right_path_and_type_and_money(self, running, kind):
        where, headers, _ = ORDERS[kind]
        server = running(kind)
        assert post(server, kind, path="/v3").status_code == 404
        plain = HTTP.post(f"{server.url}{where}", content="{}", headers=headers)
        assert plain.status_code == 415
        assert not post(running(kind, money=False), kind).is_success
        assert server.orders == []


@pytest.mark.parametrize(("kind", "change", "named"), ROWS, ids=lambda part: str(part)[:40])
class TestDeparture:
    def test_is_refused_and_remembered(self, running, kind, change, named):
        server = running(kind)
        answer = post(server, kind, change)
        assert 400 <= answer.status_code < 500
        assert named in answer.text
        assert len(server.refusals) == 1
        assert server.orders == []


class TestSimulation:
    def send(self, server, payload=SIMULATION, name="cell.glb", **parts):
        files = {"scene": (name, io.BytesIO(glb()), "model/gltf-binary"), **parts}
        return HTTP.post(
            f"{server.url}{PATH}", data={"payload": payload}, files=files, headers=BEARER
        )

    def test_example_is_answered_at_once_with_all_streams(self, running):
        server = running(Transend)
        told = self.send(server).json()
        assert (told["status"], told["result"]["duration"]) == ("succeeded", 20)
        assert set(told["result"]["streams"]) == {"rgb", "depth", "optical_flow"}
        assert server.scenes == [("cell.glb", glb())]
        for link in [*told["result"]["streams"].values(), told["result"]["physics_log"]]:
            assert HTTP.get(link).is_success
        assert server.refusals == server.leaks == []

    def test_slow_order_is_polled(self, running):
        server = running(Transend)
        told = self.send(server, '{"prompt": "An arm turns slowly", "duration": 1}').json()
        assert (told["status"], told["result"]) == ("queued", None)
        seen = [HTTP.get(told["status_url"], headers=BEARER).json()["status"] for _ in range(2)]
        assert seen == ["processing", "succeeded"]

    @pytest.mark.parametrize(
        ("change", "status"),
        [({"name": "cell.obj"}, 415), ({"payload": "{"}, 400), ({"payload": "{}"}, 400),
         ({"payload": '{"prompt": "x", "aspect_ratio": "16:9"}'}, 400),
         ({"payload": '{"prompt": "x", "sensors": ["lidar"]}'}, 400),
         ({"payload": '{"prompt": "x", "physics": {"frame_rate": 60.5}}'}, 400),
         ({"payload": '{"prompt": "x", "constraints": {"joint_speed_rad": 0}}'}, 409),
         ({"more": ("a.txt", b"x")}, 400)],
    )  # fmt: skip
    def test_departure_is_refused(self, running, change, status):
        server = running(Transend)
        assert self.send(server, **change).status_code == status
        assert len(server.refusals) == 1
        assert server.orders == []


class TestPolls:
    def test_results_come_one_after_the_other_with_costs_that_were_asked_for(self, running):
        server = running(Runware)
        post(server, Runware, {"numberResults": 2, "includeCost": True, "outputFormat": "MOV"})
        told = []
        for _ in range(3):
            asked = [{"taskType": "getResponse", "taskUUID": UUID}]
            answer = HTTP.post(f"{server.url}/v1", json=asked, headers=BEARER).json()
            assert "errors" not in answer
            told.append([item["status"] for item in answer["data"]])
        assert told == [["processing"] * 2, ["success", "processing"], ["success"] * 2]
        assert [item["cost"] for item in answer["data"]] == [0.35, 0.35]

    def test_forbidden_content_ends_in_an_error(self, running):
        server = running(Trinetra)
        job = post(server, Trinetra, {"prompt": f"It shows {FORBIDDEN}."}).json()["job_id"]
        told = [HTTP.get(f"{server.url}/v1/jobs/{job}", headers=KEY).json() for _ in range(2)]
        assert [one["status"] for one in told] == ["processing", "failed"]

    def test_same_idempotency_id_is_the_same_job(self, running):
        server = running(Trinetra)
        one, other = (post(server, Trinetra, {"external_task_id": "a"}).json() for _ in range(2))
        assert one == other
        assert post(server, Trinetra, {"external_task_id": "a", "duration": 6}).status_code == 409

    def test_download_with_a_secret_is_noticed(self, running):
        server = running(Trinetra)
        link = server.film("a.mp4", seconds=1)
        assert HTTP.get(link, headers=KEY).is_success
        assert server.leaks == ["x-api-key"]
        assert HTTP.get(link.partition("?")[0]).status_code == 404
