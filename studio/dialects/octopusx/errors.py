"""What OctopusX's errors mean, and how ours are said in its format.

Its pages on Kling name no error. It has the fields of QuantumNous/new-api, whose code has two
shapes: {"code", "message", "data"} for a task that is refused (dto/task.go), and OpenAI's
{"error": {"message", "type", "param", "code"}} for all else (types/error.go, middleware/utils.go;
read 2026-11-20). Both are read; OpenAI's is written, as its libraries read that one.
"""

import re
from collections.abc import Mapping
from typing import Any

from studio.core.errors import (
    BudgetExceeded,
    InvalidOrder,
    KeyRejected,
    Moderated,
    NotAllowed,
    OutOfMoney,
    ProviderBusy,
    ProviderConfused,
    ProviderError,
    ProviderRejected,
    ProviderUnavailable,
    StudioError,
)
from studio.core.wire import Response
from studio.dialects.base import raw_of
from studio.dialects.octopusx.limits import LABEL

Kind = type[ProviderError]

NO_SUCH_TASK = "task_not_exist"  # with HTTP 400 (new-api, relay/relay_task.go)
CANCELLED = ("cancelled", "canceled")
UPSTREAM = "fail_to_fetch_task"  # with the HTTP status that the gateway itself was answered

# Their code in lower case → what it means.
CODES: dict[str, Kind] = {
    # new-api, types/error.go
    "insufficient_user_quota": OutOfMoney,
    "pre_consume_token_quota_failed": OutOfMoney,
    "sensitive_words_detected": Moderated,
    "prompt_blocked": Moderated,
    # OpenAI
    "insufficient_quota": OutOfMoney,
    "invalid_api_key": KeyRejected,
    "rate_limit_exceeded": ProviderBusy,
    "content_policy_violation": Moderated,
    "moderation_blocked": Moderated,
    # Tencent VOD, ErrCodeExt of a task (tencentcloud-sdk-python-vod 3.1.194; the typo is theirs)
    "invalidparameter.voilationcontent": Moderated,
    "contentmoderationfailed": Moderated,
    "invalidparameter": ProviderRejected,
    "invalidparametervalue": ProviderRejected,
    "invalidparameter.mediaformat": ProviderRejected,
    "requestlimitexceeded": ProviderBusy,
}
STATUSES: dict[int, Kind] = {
    401: KeyRejected,
    402: OutOfMoney,
    403: KeyRejected,  # the key may not do this: its models, its addresses, its owner
    408: ProviderUnavailable,
    429: ProviderBusy,
}
OURS = {401, 402, 403}  # about our account, unless they are what the gateway was answered itself
# Kling says "Failure to pass the risk control system", and its code 1301 is "content security".
MODERATION = re.compile(
    r"risk control|content security|content policy|sensitive (word|content)", re.I
)

SENTENCES: dict[Kind, str] = {
    KeyRejected: f"{LABEL} does not accept the key for this.",
    OutOfMoney: f"The account at {LABEL} has not enough money.",
    Moderated: f"{LABEL} refused it for what it shows or says.",
    ProviderBusy: f"{LABEL} is busy.",
    ProviderUnavailable: f"{LABEL} has a fault of its own.",
}
LONGEST_WORDS = 300
REQUEST_ID = re.compile(r"\s*\(request id: [^)]*\)", re.I)  # new-api appends it to every message


def refusal(response: Response) -> ProviderError:
    code, words = said(response.json)
    kind = _kind(response.status, code, words)
    sentence = SENTENCES.get(kind) or _with(words, f"{LABEL} refused the order")
    return kind(sentence, raw=raw_of(response), retry_after=_pause(response.headers))


def no_such_task(response: Response) -> bool:
    return response.status == 404 or said(response.json)[0] == NO_SUCH_TASK


def failure(body: Mapping[str, Any]) -> tuple[str, str]:
    """Why a task failed, as a sentence, and which category of error that is."""
    code, words = said(body)
    words = words or _text(body.get("fail_reason"))
    kind = CODES.get(code.casefold(), Moderated if MODERATION.search(words) else ProviderError)
    start = f"{LABEL} cancelled it" if body["status"] in CANCELLED else f"{LABEL} failed"
    return SENTENCES[Moderated] if kind is Moderated else _with(words, start), kind.category


def said(body: Any) -> tuple[str, str]:
    """Their code and their words in any of the shapes, "" for what is not there."""
    if not isinstance(body, Mapping):
        return "", ""
    error = body.get("error")
    if isinstance(error, str):
        return "", _text(error)
    source = error if isinstance(error, Mapping) else body
    code = source.get("code")
    is_code = isinstance(code, str | int) and not isinstance(code, bool)
    return (str(code) if is_code else ""), _text(source.get("message"))


def _text(words: Any) -> str:
    return REQUEST_ID.sub("", words).strip() if isinstance(words, str) else ""


def _kind(status: int, code: str, words: str) -> Kind:
    if known := CODES.get(code.casefold()):
        return known
    if status < 500 and MODERATION.search(words):
        return Moderated
    if code == UPSTREAM and status in OURS:
        return ProviderUnavailable
    return STATUSES.get(status, ProviderUnavailable if status >= 500 else ProviderRejected)


def _with(words: str, start: str) -> str:
    return f"{start}: {words[:LONGEST_WORDS].rstrip('.')}." if words else f"{start}."


def _pause(headers: Mapping[str, str]) -> float | None:
    for name, unit in (("retry-after-ms", 1000), ("retry-after", 1)):
        if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,3})?", headers.get(name, "")):
            return float(headers[name]) / unit
    return None


# Ours → HTTP status, type and code; the first that fits.
ANSWERS: tuple[tuple[type[Exception], int, str, str], ...] = (
    (InvalidOrder, 400, "invalid_request_error", "invalid_value"),
    (Moderated, 400, "invalid_request_error", "content_policy_violation"),
    (BudgetExceeded, 403, "insufficient_quota", "insufficient_user_quota"),
    (OutOfMoney, 403, "insufficient_quota", "insufficient_user_quota"),
    (KeyRejected, 401, "authentication_error", "invalid_api_key"),
    (NotAllowed, 403, "permission_error", "access_denied"),
    (ProviderBusy, 429, "rate_limit_error", "rate_limit_exceeded"),
    (ProviderUnavailable, 503, "server_error", "service_unavailable"),
    (ProviderRejected, 400, "invalid_request_error", "task_failed"),
    (ProviderConfused, 502, "server_error", "bad_response"),
)
# HTTP status → type and code, for every other error.
TYPES = {
    401: ("authentication_error", "invalid_api_key"),
    402: ("insufficient_quota", "insufficient_user_quota"),
    404: ("invalid_request_error", NO_SUCH_TASK),
    429: ("rate_limit_error", "rate_limit_exceeded"),
}
FAULT = "Something went wrong here; try again later."


def answer(error: Exception, status: int | None) -> Response:
    known = next((row[1:] for row in ANSWERS if isinstance(error, row[0])), None)
    http = status or (known[0] if known else getattr(error, "http_status", 500))
    kind, code = known[1:] if known and status in (None, known[0]) else _type(http)
    message = error.message if isinstance(error, StudioError) else FAULT
    field = error.problems[0].field if isinstance(error, InvalidOrder) else None
    body = {"error": {"message": message, "type": kind, "param": field, "code": code}}
    return Response(status=http, headers=_headers(error, http), json=body)


def _type(status: int) -> tuple[str, str]:
    fallback = (
        ("server_error", "internal_error") if status >= 500 else ("invalid_request_error", "")
    )
    return TYPES.get(status, fallback)


def _headers(error: Exception, status: int) -> dict[str, str]:
    """OpenAI's libraries try 408, 409, 429 and 5xx again unless they are told not to."""
    headers = {}
    if (pause := getattr(error, "retry_after", None)) is not None:
        headers["retry-after"] = f"{pause:g}"
    if getattr(error, "permanent", True) and (status == 409 or status >= 500):
        headers["x-should-retry"] = "false"
    return headers
