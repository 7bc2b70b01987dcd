"""Orders from programs that speak to Trinetra, and our answers to them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

from studio.core.errors import InvalidOrder, Problem
from studio.core.spec import ALLOWED, Kind, is_link
from studio.core.wire import Request, Response, Sending, Served, Verdict
from studio.core.words import short
from studio.dialects import errors, failures, flat, reading
from studio.dialects.base import Dialect
from studio.dialects.trinetra.limits import MODEL

PATH = f"/v1/video/{MODEL}"
JOBS = "/v1/jobs/"

NAMES = {
    "prompt": "prompt",
    "first_frame": "image_url",
    "last_frame": "last_frame_url",
    "duration": "duration",
    "aspect": "aspect_ratio",
    "resolution": "resolution",
    "mode": "mode",
    "negative_prompt": "negative_prompt",
    "cfg": "cfg_scale",
}
# The camera is one object there; what is wrong with it is told with its inner name.
CONTROL = {"camera_type": "camera_control.type", "camera": "camera_control.config"}
OTHERS = ("external_task_id", "callback_url", "camera_control")
LONGEST_REFERENCE = 200


class TrinetraServed(Dialect):
    """The serving half of the dialect."""

    def read_order(self, request: Request) -> Sending:
        body = flat.body_of(request.json)
        known = self.capabilities[0]
        settings = flat.settings_of(known, body, NAMES)
        if "duration" in settings:
            settings["duration"] = reading.whole(settings["duration"])
        settings |= _camera(body.get("camera_control"))
        sending = flat.read(known, body, NAMES | CONTROL, settings=settings, others=OTHERS)
        return replace(sending, reference=_reference(body), callback=_callback(body))

    def write_receipt(self, served: Served) -> Response:
        return Response(status=202, json={"job_id": served.remote_id, "status": _word(served)})

    def read_poll_request(self, request: Request) -> list[str]:
        is_poll = request.method == "GET" and request.path.startswith(JOBS)
        name = unquote(request.path.removeprefix(JOBS))
        return [name] if is_poll and name else []

    def write_poll_answer(self, served: Sequence[Served]) -> Response:
        one = served[0]
        job = {"id": one.remote_id, "model": MODEL, "status": _word(one), **_end(one)}
        return Response(status=200, json=job)

    def write_refusal(self, error: Exception, *, status: int | None = None) -> Response:
        """The shape is not documented; this is the one that most programs can read."""
        code, word, message, headers = errors.served(error, status=status)
        body = {"error": {"code": word, "message": message}}
        return Response(status=code, headers=headers, json=body)


def _camera(control: Any) -> dict[str, Any]:
    """Raises InvalidOrder for what is no camera_control at all."""
    if control is None:
        return {}
    if not isinstance(control, Mapping) or not control or set(control) - {"type", "config"}:
        said = f"camera_control takes type and config, not “{short(control)}”."
        raise InvalidOrder([Problem("camera_control", said)])
    both = {"camera_type": control.get("type"), "camera": control.get("config")}
    return {name: value for name, value in both.items() if value is not None}


def _reference(body: Mapping[str, Any]) -> str:
    value = body.get("external_task_id", "")
    if isinstance(value, str) and len(value) <= LONGEST_REFERENCE:
        return value
    said = f"external_task_id must be text of at most {LONGEST_REFERENCE} characters."
    raise InvalidOrder([Problem("external_task_id", said)])


def _callback(body: Mapping[str, Any]) -> str:
    value = body.get("callback_url", "")
    if value == "" or is_link(value):
        return str(value)
    said = f"callback_url must be {ALLOWED[Kind.LINK]}, not “{short(value)}”."
    raise InvalidOrder([Problem("callback_url", said)])


def _word(served: Served) -> str:
    words = {Verdict.SUCCEEDED: "succeeded", Verdict.FAILED: "failed"}
    return words.get(served.update.verdict, "processing" if served.started else "queued")


def _end(served: Served) -> dict[str, Any]:
    """What a job has once it is over; a failed one is billed nothing ("billed on success")."""
    update = served.update
    charge = None if update.charge is None else reading.number(update.charge)
    if update.verdict == Verdict.FAILED:
        code = failures.SERVED.get(update.category, failures.OTHER)
        error = {"code": code, "message": update.reason}
        return {"error": error, "credits_charged": charge or 0}
    if update.verdict == Verdict.RUNNING:
        return {}
    urls = [result.links["video"] for result in update.results if "video" in result.links]
    outputs = [{"url": url, "type": "video"} for url in urls]
    told = {} if charge is None else {"credits_charged": charge}
    return {"output": {"outputs": outputs}, **told}
