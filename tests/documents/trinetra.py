"""Trinetra, kling-v2.5, by its page; what the page leaves open is marked."""

import itertools

from tests.documents import checks
from tests.documents.checks import Wrong
from tests.documents.provider import FORBIDDEN, Refused, StrictProvider
from tests.servers import said

PATH = "/v1/video/kling-v2.5"
CREDITS_A_SECOND = {"720p": 10, "1080p": 15}
AXES = ("horizontal", "vertical", "pan", "tilt", "roll", "zoom")
CONFIG = checks.fields("", **dict.fromkeys(AXES, checks.number(-10, 10)))
BODY = checks.fields(
    "prompt",
    prompt=checks.text(1),
    image_url=checks.link,
    last_frame_url=checks.link,
    duration=checks.number(1, 10),
    aspect_ratio=checks.one_of("16:9", "9:16", "1:1"),  # no list there; those of Kling
    resolution=checks.one_of("720p", "1080p"),
    mode=checks.one_of("std", "pro"),
    negative_prompt=checks.text(),
    cfg_scale=checks.number(0, 1),
    camera_control=checks.fields("type config", type=checks.one_of("simple"), config=CONFIG),
    external_task_id=checks.text(1),
    callback_url=checks.link,
)


class Trinetra(StrictProvider):
    slug = "trinetra"
    states = ("processing", "succeeded")  # the first is not on the page
    numbers = itertools.count(1)

    def call(self, asked, place):
        self.require_header(asked, "x-api-key", self.key)
        if place.query:
            raise Refused(400, "invalid_parameter", "No query is known.")
        if place.path == PATH:
            return self.create(asked)
        if place.path.startswith("/v1/jobs/"):
            self.require(asked, "GET")
            return self.job(self.task(place.path.removeprefix("/v1/jobs/")))
        raise Refused(404, "not_found", f"There is no {place.path}.")

    def create(self, asked):
        self.require(asked, "POST")
        body = self.read(asked)
        BODY("", body)
        self.require_last_frame_rule(body)
        self.require_money()
        known = self.known(body)
        job = known or self.accept(f"job_klingv25_{next(self.numbers):06x}", body)
        return said({"job_id": job["id"], "status": "queued"}, status=202)

    def require_last_frame_rule(self, body):
        if "last_frame_url" not in body:
            return
        if "image_url" not in body:
            raise Wrong("last_frame_url", "requires image_url (first frame)")
        if body.get("duration", 5) != 5:
            raise Wrong("last_frame_url", "is for 5s clips only")

    def known(self, body):
        """The job with the same idempotency id. That another body is refused is not on the page."""
        name = body.get("external_task_id")
        same = [job for job in self.tasks.values() if name and self.name_of(job) == name]
        if same and same[0]["order"] != body:
            raise Refused(409, "conflict", f"external_task_id {name} was used for another order.")
        return same[0] if same else None

    def name_of(self, job):
        return job["order"].get("external_task_id")

    def job(self, job):
        state = self.polled(job)
        told = {"id": job["id"], "model": "kling-v2.5", "status": state}
        return said(told | self.end(job) if state == "succeeded" else told)

    def end(self, job):
        order = job["order"]
        if FORBIDDEN in order["prompt"]:
            error = {"code": "moderation", "message": "Failure to pass the risk control system"}
            return {"status": "failed", "error": error, "credits_charged": 0}
        seconds = order.get("duration", 5)
        aspect = order.get("aspect_ratio", "9:16")
        url = self.film(f"out/kling-v2.5/{job['id']}.mp4", aspect=aspect, seconds=seconds)
        charged = seconds * CREDITS_A_SECOND[order.get("resolution", "720p")]
        return {"output": {"outputs": [{"url": url, "type": "video"}]}, "credits_charged": charged}

    def refusal(self, refused):
        """Not on the page."""
        error = {"code": refused.code, "message": refused.message}
        return said({"error": error}, status=refused.status)
