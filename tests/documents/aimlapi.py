"""AI/ML API, klingai/v2.5-turbo/pro, by its pages and its published schemas (2026-08-21)."""

import itertools
from urllib.parse import parse_qs

from tests.documents import checks
from tests.documents.provider import FORBIDDEN, Refused, StrictProvider
from tests.servers import said

PATHS = ("/v2/generate/video/kling/generation", "/v2/video/generations")
TEXT = "klingai/v2.5-turbo/pro/text-to-video"
IMAGE = "klingai/v2.5-turbo/pro/image-to-video"
BOTH = {
    "model": checks.text(),
    "prompt": checks.text(1),
    "duration": checks.one_of(5, 10),
    "negative_prompt": checks.text(),
    "cfg_scale": checks.number(0, 1),
    "provider": checks.one_of("kling", "klingai", "fal", "auto"),
}
BODIES = {
    TEXT: checks.fields("model prompt", **BOTH, aspect_ratio=checks.one_of("16:9", "9:16", "1:1")),
    IMAGE: checks.fields("model prompt image_url", **BOTH, image_url=checks.text(1)),
}
REQUEST_ID = checks.like(r"[A-Za-z0-9._:-]{1,128}")
CREDITS_A_DOLLAR = 2_000_000


class Aimlapi(StrictProvider):
    """Charges a little less than its list price, as volume customers know it: 0.066 USD a second."""

    slug = "aimlapi"
    states = ("generating", "completed")
    numbers = itertools.count(1)

    def call(self, asked, place):
        self.require_bearer(asked)
        if place.path not in PATHS:
            raise Refused(404, "not_found", f"Cannot {asked.method} {place.path}")
        return self.fetch(asked, place) if asked.method == "GET" else self.create(asked, place)

    def create(self, asked, place):
        self.require(asked, "POST")
        body = self.read(asked)
        checks.object_("body", body)
        checks.one_of(*BODIES)("model", body.get("model"))
        BODIES[body["model"]]("", body)
        checks.fields()("query", parse_qs(place.query))
        said_id = asked.headers.get("x-client-request-id", "none")
        REQUEST_ID("X-Client-Request-Id", said_id)
        self.require_money()
        uuid = f"60ac7c34-3224-4b14-8e7d-{next(self.numbers):012}"
        task = self.accept(f"{uuid}:{body['model']}", body)
        told = {"x-inference-id": task["id"], "x-client-request-id": said_id}
        return said(self.document(task, "queued"), status=201, headers=told)

    def fetch(self, asked, place):
        query = parse_qs(place.query)
        checks.fields("generation_id", generation_id=checks.items(checks.text(), 1, 1))("", query)
        task = self.task(query["generation_id"][0])
        state = self.polled(task)
        return said(self.ended(task) if state == "completed" else self.document(task, state))

    def document(self, task, status, **more):
        empty = {"video": None, "error": None, "meta": None}
        return {"id": task["id"], "status": status, **empty, **more}

    def ended(self, task):
        order = task["order"]
        if FORBIDDEN in order["prompt"]:
            why = {"name": "KlingError", "message": "Failure to pass the risk control system"}
            return self.document(task, "error", error=why)
        name, seconds = f"{task['id'].partition(':')[0]}.mp4", order.get("duration", 5)
        url = self.film(name, aspect=order.get("aspect_ratio", "16:9"), seconds=seconds)
        size = self.path(name).stat().st_size
        video = {"url": url, "content_type": "video/mp4", "file_name": name, "file_size": size}
        used = seconds * 66 * CREDITS_A_DOLLAR // 1000
        usage = {"usage": {"credits_used": used}}
        return self.document(task, "completed", video=video, meta=usage)

    def no_money(self):
        return Refused(403, "out_of_credits", "You've run out of credits. Please top up.")

    def refusal(self, refused):
        told = {
            "message": refused.message, "path": PATHS[0], "statusCode": refused.status,
            "requestId": "2f6a5ea6-60e5-4b9d-a1d5-0a8d4d3b1d55",
            "timestamp": "2026-11-20T10:00:00.000Z",
        }  # fmt: skip
        return said(told, status=refused.status)
