"""What OctopusX's errors mean, and how ours are said in its format.

Its pages on Kling name no error. It has the fields of QuantumNous/new-api, whose code has two
shapes: {"code", "message", "data"} for a task that is refused (dto/task.go), and OpenAI's
{"error": {"message", "type", "param", "code"}} for all else (types/error.go, middleware/utils.go;
read 2026-11-20). Both are read; OpenAI's is written, as its libraries read that one.
"""

from collections.abc import Mapping
from typing import Any

from studio.core.errors import (
    InvalidOrder,
    KeyRejected,
    OutOfMoney,
    ProviderError,
    ProviderUnavailable,
)
from studio.core.wire import Response, Update
from studio.dialects import errors, failures
from studio.dialects.base import raw_of
from studio.dialects.octopusx.limits import LABEL
from studio.dialects.reading import text

# types/error.go; OpenAI's has HTTP 429, as if to wait would help.
CODES: errors.Codes = {
    "insufficient_user_quota": OutOfMoney,
    "pre_consume_token_quota_failed": OutOfMoney,
    "insufficient_quota": OutOfMoney,
}
# ErrCodeExt of a task of Tencent VOD, which is behind it (PyPI tencentcloud-sdk-python-vod 3.1.194,
# read 2026-11-20); “Voilation” is its spelling.
FAILURES = {
    **failures.KLING,
    "requestlimitexceeded": failures.FAULT,
    "invalidparameter": failures.VERDICT,
    "invalidparametervalue": failures.VERDICT,
    "invalidparameter.mediaformat": failures.VERDICT,
    "invalidparameter.voilationcontent": failures.MODERATION,
    "contentmoderationfailed": failures.MODERATION,
    "failedoperation": failures.FAULT,
    "internalerror": failures.FAULT,
    "resourceinsufficient": failures.FAULT,
    "modelgeneratefailed": failures.FAULT,
    "resourcenotfound": failures.VERDICT,
    "operationcanceled": failures.FAULT,
    "tasktimeout": failures.FAULT,
}
CANCELLED_BY_THEM = "operationcanceled"
NO_SUCH_TASK = "task_not_exist"  # with HTTP 400 (relay/relay_task.go)
UPSTREAM = "fail_to_fetch_task"  # with the status and words that the gateway itself was answered
CANCELLED = ("cancelled", "canceled")

# What `errors.served` calls it → OpenAI's type, and a code of OpenAI or new-api.
TYPES = {
    "invalid_api_key": ("authentication_error", "invalid_api_key"),
    "insufficient_credits": ("insufficient_quota", "insufficient_user_quota"),
    "forbidden": ("permission_error", "access_denied"),
    "content_moderation": ("invalid_request_error", "content_policy_violation"),
    "conflict": ("invalid_request_error", "conflict"),
    "rate_limited": ("rate_limit_error", "rate_limit_exceeded"),
    "unavailable": ("server_error", "service_unavailable"),
    "invalid_request": ("invalid_request_error", "invalid_value"),
    "refused": ("invalid_request_error", "invalid_request"),
    "internal_error": ("server_error", "internal_error"),
}
TYPES_BY_STATUS = {
    401: TYPES["invalid_api_key"],
    404: ("invalid_request_error", NO_SUCH_TASK),
    429: TYPES["rate_limited"],
}
STATUSES = {402: 403}  # no money, as new-api says it
TRIED_AGAIN = {408, 409, 429}  # and all from 500, by OpenAI's libraries


def refusal(response: Response) -> ProviderError:
    """What a seller behind OctopusX refuses it is no fault of our key or our money."""
    error = errors.refusal(LABEL, response, codes=CODES)
    if isinstance(error, KeyRejected | OutOfMoney) and errors.code_of(response.json) == UPSTREAM:
        return ProviderUnavailable(f"{LABEL} does not work at the moment.", raw=error.raw)
    return error


def is_no_such_task(response: Response) -> bool:
    return response.status == 404 or errors.code_of(response.json) == NO_SUCH_TASK


def failure(task: Mapping[str, Any], response: Response) -> Update:
    """`fail_reason` is where /v1/video/generations says it (videos/seedance-2/query)."""
    error = task.get("error")
    said = errors.message_of(error) or errors.message_of(text(task.get("fail_reason")))
    code = errors.code_of(error)
    if task["status"].casefold() in CANCELLED:
        said, code = said or f"{LABEL} cancelled it.", code or CANCELLED_BY_THEM
    return errors.failed(LABEL, said, code=code, raw=raw_of(response), codes=FAILURES)


def answer(error: Exception, status: int | None) -> Response:
    usual, word, message, headers = errors.served(error, status=status)
    http = status or STATUSES.get(usual, usual)
    kind, code = TYPES_BY_STATUS.get(http, TYPES[word])
    field = error.problems[0].field if isinstance(error, InvalidOrder) else None
    if getattr(error, "permanent", True) and (http in TRIED_AGAIN or http >= 500):
        headers["x-should-retry"] = "false"
    body = {"error": {"message": message, "type": kind, "param": field, "code": code}}
    return Response(status=http, headers=headers, json=body)
