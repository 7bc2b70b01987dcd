"""OctopusX's wire format as we serve it, for its own clients and for OpenAI's libraries."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from studio.core.wire import Request, Response, Sending, Served, Update, Verdict
from studio.dialects import failures
from studio.dialects.octopusx import asked, errors
from studio.dialects.octopusx.places import CREATE_PATH, SIZES

QUEUED, PROCESSING, COMPLETED = "queued", "processing", "completed"
FAILED, CANCELLED = "failed", "cancelled"
# What OpenAI calls it; its create_and_poll takes any word that it does not know for an end
# (openai 2.54.0, resources/videos.py, 2026-11-20).
FOR_OPENAI = {PROCESSING: "in_progress", CANCELLED: FAILED}
POLL_AFTER = {"openai-poll-after-ms": "3000"}  # OpenAI's libraries ask every second without it

# OpenAI's code and new-api's for a failure, by its category.
FAILED_AS = {failures.MODERATION: "content_policy_violation", failures.FAULT: "internal_error"}

SIZE_OF = {said: size for size, said in SIZES.items()}


class Serving:
    """The half of the dialect that answers other programs.

    `request` is what is answered: OpenAI's libraries get OpenAI's words for the state of a task,
    everybody else, and whoever is not known, those of OctopusX.
    """

    def read_order(self, request: Request) -> Sending:
        return asked.read(request)

    def write_receipt(self, served: Served, request: Request | None = None) -> Response:
        return Response(status=200, json=_video(served, request))

    def read_poll_request(self, request: Request) -> list[str]:
        start, _, remote_id = request.path.rpartition("/")
        is_poll = request.method == "GET" and start == CREATE_PATH and remote_id
        return [unquote(remote_id)] if is_poll else []

    def write_poll_answer(
        self, served: Sequence[Served], request: Request | None = None
    ) -> Response:
        (one,) = served
        return Response(status=200, headers=POLL_AFTER, json=_video(one, request))

    def write_refusal(self, error: Exception, *, status: int | None = None) -> Response:
        return errors.answer(error, status)


def _video(served: Served, request: Request | None) -> dict[str, Any]:
    """Every field of OpenAI's video and of OctopusX's, as some clients fail without one."""
    order, update = served.sending.order, served.update
    settings = order.settings
    status, link = _status(served), _link(update)
    return {
        "id": served.remote_id,
        "task_id": served.remote_id,
        "object": "video",
        "model": order.model,
        "status": FOR_OPENAI.get(status, status) if _is_openai(request) else status,
        "progress": 100 if update.verdict == Verdict.SUCCEEDED else update.progress or 0,
        "created_at": served.created_at,
        "completed_at": served.ended_at,
        "expires_at": None,
        "error": _error(update),
        "prompt": order.prompt,
        "seconds": str(order.seconds),
        "size": SIZE_OF[settings["aspect"], settings["resolution"]],
        "remixed_from_video_id": None,
        "video_url": link,
        "metadata": {"url": link},
    }


def _status(served: Served) -> str:
    """`cancelled` is a failure of that category."""
    update = served.update
    if update.verdict == Verdict.RUNNING:
        return PROCESSING if served.started else QUEUED
    if update.verdict == Verdict.FAILED:
        return CANCELLED if update.category == CANCELLED else FAILED
    return COMPLETED


def _link(update: Update) -> str | None:
    return update.results[0].links.get("video") if update.results else None


def _error(update: Update) -> dict[str, str] | None:
    if update.verdict != Verdict.FAILED:
        return None
    return {"code": FAILED_AS.get(update.category, "task_failed"), "message": update.reason}


def _is_openai(request: Request | None) -> bool:
    """Its libraries say who they are; their poll helper says so even behind another name."""
    if request is None:
        return False
    headers: Mapping[str, str] = {name.lower(): said for name, said in request.headers.items()}
    return "x-stainless-poll-helper" in headers or headers.get("user-agent", "").startswith(
        "OpenAI/"
    )
