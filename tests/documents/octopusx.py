"""OctopusX, Kling Video Generation and Task Status Query, by their pages."""

import itertools
import time

from tests.documents import checks
from tests.documents.checks import Wrong
from tests.documents.provider import FORBIDDEN, Refused, StrictProvider
from tests.servers import said

SECONDS = {"Kling-3.0-Omni": (5, 15), "Kling-2.6": (5, 10), "Kling-2.5": (5, 10)}
OUTPUT = checks.fields(
    "",
    duration=checks.whole(5, 15),
    resolution=checks.one_of("720P", "1080P"),
    aspect_ratio=checks.one_of("16:9", "9:16", "1:1"),
    audio_generation=checks.one_of("Enabled", "Disabled"),
)
METADATA = checks.fields(
    "",
    output_config=OUTPUT,
    scene_type=checks.one_of("motion_control", "avatar_i2v", "lip_sync", "template_effect"),
    motion_level=checks.one_of("std", "pro"),
    offpeak=checks.flag,
    last_frame_url=checks.link,
    video_url=checks.link,
    file_infos=checks.either(checks.items(checks.object_, 1), checks.text(2)),
    ext_info=checks.text(2),
)
BODY = checks.fields(
    "model prompt",
    model=checks.one_of(*SECONDS),
    prompt=checks.text(1),
    seconds=checks.like(r"[0-9]{1,2}"),
    size=checks.like(r"[0-9]{3,4}x[0-9]{3,4}"),
    image=checks.link,
    metadata=METADATA,
)


class Octopusx(StrictProvider):
    slug = "octopusx"
    states = ("processing", "completed")
    numbers = itertools.count(1)

    def call(self, asked, place):
        self.require_bearer(asked)
        if place.query:
            raise Refused(400, "invalid_request", "No query is known.")
        if place.path == "/v1/videos":
            return self.create(asked)
        if place.path.startswith("/v1/videos/"):
            self.require(asked, "GET")
            return self.video(self.task(place.path.removeprefix("/v1/videos/")))
        raise Refused(404, "not_found", f"Invalid URL ({asked.method} {place.path})")

    def create(self, asked):
        self.require(asked, "POST")
        body = self.read(asked)
        BODY("", body)
        self.require_one_duration(body)
        self.require_money()
        name = f"video_{next(self.numbers)}"
        told = self.object_(self.accept(name, body), "queued", 0)
        return said({**told, "task_id": name})

    def require_one_duration(self, body):
        low, high = SECONDS[body["model"]]
        seconds = int(body.get("seconds", "5"))
        if not low <= seconds <= high:
            raise Wrong("seconds", f"must be {low} to {high} with {body['model']}, not {seconds}")
        config = body.get("metadata", {}).get("output_config", {})
        if config.get("duration", seconds) != seconds:
            raise Wrong("metadata.output_config.duration", "is not the same as seconds")

    def object_(self, task, status, progress):
        """The model comes back in lower case, with a suffix for billing."""
        order = task["order"]
        config = order.get("metadata", {}).get("output_config", {})
        billing = f"{config.get('resolution', '720P').lower()}-noref-audio"
        return {
            "id": task["id"], "object": "video", "model": f"{order['model'].lower()}-{billing}",
            "status": status, "progress": progress, "created_at": int(time.time()),
        }  # fmt: skip

    def video(self, task):
        state = self.polled(task)
        if state != "completed":
            return said(self.object_(task, state, 50 if state == "processing" else 0))
        if FORBIDDEN in task["order"]["prompt"]:
            error = {"code": "ContentModerationFailed", "message": "The content is not allowed."}
            return said({**self.object_(task, "failed", 100), "error": error})
        return said(self.object_(task, state, 100) | self.end(task))

    def end(self, task):
        order = task["order"]
        config = order.get("metadata", {}).get("output_config", {})
        url = self.film(
            f"{task['id']}.mp4",
            aspect=config.get("aspect_ratio", "16:9"), seconds=order.get("seconds", "5"),
        )  # fmt: skip
        return {"completed_at": int(time.time()), "metadata": {"url": url}, "video_url": url}

    def no_money(self):
        return Refused(403, "insufficient_user_quota", "The user's quota is not enough.")

    def refusal(self, refused):
        """As new-api answers, which OctopusX is built on; its own pages show no errors."""
        if refused.code == "insufficient_user_quota":
            told = {"code": refused.code, "message": refused.message, "data": None}
            return said(told, status=refused.status)
        error = {"message": refused.message, "type": "new_api_error", "param": None}
        return said({"error": {**error, "code": refused.code}}, status=refused.status)
