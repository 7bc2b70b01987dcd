"""TransendAI, Kling 2.5 for simulations, by its page; what the page leaves open is marked."""

import email
import itertools
import json

from tests.documents import checks
from tests.documents.checks import Wrong
from tests.documents.provider import Refused, StrictProvider
from tests.servers import said
from tests.storage import tars

PATH = "/v1/videos/kling2.5/generation"
WAYPOINTS = checks.items(checks.items(checks.number(), 2, 2), 1)
JOINT = checks.fields("name angles", name=checks.text(1), angles=WAYPOINTS)
PAYLOAD = checks.fields(
    "",
    prompt=checks.text(1),
    duration=checks.number(0),
    physics=checks.fields("", frame_rate=checks.whole(1), collision_detection=checks.flag),
    sensors=checks.items(checks.one_of("rgb", "depth", "normals", "optical_flow"), 1),
    constraints=checks.object_,
    motion=checks.fields("", joints=checks.items(JOINT, 1), paths=checks.anything),
    # The page of Sora 2 has the first; of the others this page speaks without their names.
    webhook_url=checks.link,
    scene_url=checks.link,
    materials=checks.items(checks.link, 1),
    hdri=checks.link,
)
STREAMS = {
    "depth": ("depth.tar", tars.depth_tar),
    "normals": ("normals.tar", tars.normals_tar),
    "optical_flow": ("flow.tar", tars.flow_tar),
}
SLOWLY = "slowly"  # an order with this word is not answered at once


def form(asked):
    """The parts of a form by name: (file name or None, bytes)."""
    boundary = email.message_from_string(f"Content-Type: {asked.headers['content-type']}\n\n")
    parts = {}
    for piece in asked.body.split(f"--{boundary.get_boundary()}".encode())[1:-1]:
        head, _, data = piece.partition(b"\r\n\r\n")
        about = email.message_from_bytes(head.lstrip())
        name = about.get_param("name", header="content-disposition")
        parts[name] = about.get_filename(), data[:-2]
    return parts


class Transend(StrictProvider):
    """Answers at once, as on the page; or with a task and an address to ask, which is not on it."""

    slug = "transend"
    states = ("processing", "succeeded")
    numbers = itertools.count(1)

    def __init__(self, **options):
        super().__init__(**options)
        self.scenes = []

    def call(self, asked, place):
        self.require_bearer(asked)
        if place.path == PATH:
            return self.create(asked)
        if place.path.startswith(f"{PATH}/"):
            self.require(asked, "GET")
            task = self.task(place.path.removeprefix(f"{PATH}/"))
            return said(self.state(task, self.polled(task)))
        raise Refused(404, "not_found", f"There is no {place.path}.")

    def create(self, asked):
        self.require(asked, "POST", kind="multipart/form-data")
        scene, payload = self.parts(asked)
        PAYLOAD("", payload)
        if not {"prompt", "motion"} & set(payload):
            raise Wrong("prompt", "or motion is needed")
        if payload.get("constraints", {}).get("joint_speed_rad", 1) <= 0:
            raise Refused(409, "constraint_violation", "Constraint violation detected.")
        self.require_money()
        self.scenes.append(scene)
        task = self.accept(f"task_kling_a{next(self.numbers)}", payload)
        slow = SLOWLY in payload.get("prompt", "")
        return said(self.state(task, "queued" if slow else "succeeded"))

    def parts(self, asked):
        """The scene's name and bytes, and the payload: one of each and nothing else.

        A large scene lies elsewhere; then its link is in the payload and there is just that.
        """
        parts = form(asked)
        try:
            payload = json.loads(parts.pop("payload", ("", ""))[1])
        except ValueError as error:
            raise Refused(400, "malformed_json", f"The payload is no JSON: {error}.") from error
        if set(parts) != (set() if "scene_url" in payload else {"scene"}):
            raise Refused(400, "scene_missing", f"Send one scene, not {list(parts)}.")
        scene = parts.get("scene")
        if scene and not str(scene[0]).endswith((".glb", ".fbx")):
            raise Refused(415, "unsupported_asset", f"Convert {scene[0]!r} to .glb or .fbx.")
        return scene, payload

    def state(self, task, status):
        told = {"task_id": task["id"], "status": status}
        if status == "succeeded":
            return {**told, "result": self.result(task)}
        return {**told, "result": None, "status_url": f"{self.url}{PATH}/{task['id']}"}

    def result(self, task):
        order = task["order"]
        seconds = order.get("duration", 5)
        streams = {
            sensor: self.stream(task["id"], sensor, seconds)
            for sensor in order.get("sensors", ["rgb"])
        }
        log = f"{task['id']}/physics.json"
        self.path(log).write_text(json.dumps({"frames": [{"t": 0, "contacts": []}]}))
        return {"streams": streams, "physics_log": self.link(log), "duration": seconds}

    def stream(self, folder, sensor, seconds):
        if sensor == "rgb":
            return self.film(f"{folder}/rgb.mp4", seconds=seconds)
        file, make = STREAMS[sensor]
        make(self.path(f"{folder}/{file}"))
        return self.link(f"{folder}/{file}")

    def refusal(self, refused):
        """The page has the codes; the shape of the body is not on it."""
        error = {"code": refused.code, "message": refused.message}
        return said({"error": error, "task_id": None}, status=refused.status)
