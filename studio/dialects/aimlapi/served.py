"""Orders from programs that speak to AI/ML API, and our answers to them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from studio.core.errors import (
    BudgetExceeded,
    InvalidOrder,
    Moderated,
    OutOfMoney,
    Problem,
    StudioError,
)
from studio.core.spec import Capability
from studio.core.wire import Request, Response, Sending, Served, Update, Verdict
from studio.core.words import short
from studio.dialects import errors, failures, flat, reading
from studio.dialects.base import Dialect

# Both paths mean the same: the vendor's is that of the document, the other that of every model
# there since November 2025 ("you can still call this model using the legacy URL").
PATH = "/v2/generate/video/kling/generation"
PATHS = (PATH, "/v2/video/generations")
REFERENCE = "x-client-request-id"

NAMES = {
    "prompt": "prompt",
    "first_frame": "image_url",
    "duration": "duration",
    "aspect": "aspect_ratio",
    "negative_prompt": "negative_prompt",
    "cfg": "cfg_scale",
    "route": "provider",
}
# "A Base64-encoded local image" may come without saying what it is; its first letters say it.
BASE64 = {"/9j/": "jpeg", "iVBORw0KGgo": "png", "UklGR": "webp"}
# How errors are told apart there: by a status and a text (docs/errors-and-messages, 2026-08-21).
TEXTS: tuple[tuple[type[StudioError], int | None, str], ...] = (
    (OutOfMoney, 403, "You've run out of credits. "),
    (BudgetExceeded, 403, "You've run out of credits. "),
    (Moderated, None, "Content moderation: "),
    (InvalidOrder, None, "Body validation error. "),
)


class AimlapiServed(Dialect):
    """The serving half of the dialect."""

    def read_order(self, request: Request) -> Sending:
        body = _with_picture(flat.body_of(request.json))
        known = flat.able(self, body.get("model"))
        if known is None:
            raise InvalidOrder([self._no_model(body.get("model"))])
        settings = _settings(known, body)
        sending = flat.read(known, body, NAMES, settings=settings, others={"model"})
        return replace(sending, reference=request.headers.get(REFERENCE, ""))

    def _no_model(self, model: Any) -> Problem:
        models = " or ".join(able.model for able in self.capabilities)
        return Problem("model", f"model must be {models}, not “{short(model)}”.")

    def write_receipt(self, served: Served) -> Response:
        return self.write_poll_answer([served])

    def read_poll_request(self, request: Request) -> list[str]:
        name = request.query.get("generation_id", "")
        is_poll = request.method == "GET" and request.path in PATHS
        return [name] if is_poll and name else []

    def write_poll_answer(self, served: Sequence[Served]) -> Response:
        one = served[0]
        update = one.update
        body = {
            "id": one.remote_id,
            "status": _word(one),
            "video": _video(update),
            "error": _error(update),
            "meta": _meta(update),
        }
        return Response(status=200, headers=_headers(one), json=body)

    def write_refusal(self, error: Exception, *, status: int | None = None) -> Response:
        usual, _, message, headers = errors.served(error)
        row = next((row for row in TEXTS if isinstance(error, row[0])), None)
        code = status or (row and row[1]) or usual
        text = f"{row[2]}{message}" if row else message
        return Response(
            status=code, headers=headers, json={"message": text, "statusCode": str(code)}
        )


def _with_picture(body: Mapping[str, Any]) -> Mapping[str, Any]:
    picture = reading.text(body.get("image_url"))
    kind = next((kind for start, kind in BASE64.items() if picture.startswith(start)), "")
    return {**body, "image_url": f"data:image/{kind};base64,{picture}"} if kind else body


def _settings(known: Capability, body: Mapping[str, Any]) -> dict[str, Any]:
    """Their own sample code sends the duration as text; `provider` is the same in any case."""
    settings = flat.settings_of(known, body, NAMES)
    if "duration" in settings:
        settings["duration"] = reading.whole(settings["duration"])
    if isinstance(settings.get("route"), str):
        settings["route"] = settings["route"].lower()
    return settings


def _word(served: Served) -> str:
    words = {Verdict.SUCCEEDED: "completed", Verdict.FAILED: "error"}
    return words.get(served.update.verdict, "generating" if served.started else "queued")


def _video(update: Update) -> dict[str, str] | None:
    url = next((result.links["video"] for result in update.results if "video" in result.links), "")
    return {"url": url} if url else None


def _error(update: Update) -> dict[str, str] | None:
    if update.verdict != Verdict.FAILED:
        return None
    name = failures.SERVED.get(update.category, failures.OTHER)
    return {"name": name, "message": update.reason}


def _meta(update: Update) -> dict[str, Any] | None:
    if update.charge is None:
        return None
    return {"usage": {"credits_used": reading.number(update.charge)}}


def _headers(served: Served) -> dict[str, str]:
    """The ids as their answers carry them (request-tracing-and-cost.md, 2026-08-21)."""
    ids = {"x-inference-id": served.remote_id, REFERENCE: served.sending.reference}
    return {name: value for name, value in ids.items() if value and value.isascii()}
