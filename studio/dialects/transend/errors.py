"""What TransendAI refuses and why, in both directions.

The document (Error Codes, 2025-03-18) has three codes, each with a condition and a remediation, and
no body. A body is read however it says its message; ours is the usual `error` with code and message.
"""

from collections.abc import Mapping
from typing import Any

from studio.core.errors import (
    InvalidOrder,
    InvalidUpload,
    ProviderError,
    ProviderRejected,
    WrongFormat,
)
from studio.core.wire import Response, Update, Verdict
from studio.core.words import short
from studio.dialects import errors, failures, reading
from studio.dialects.transend.limits import LABEL

# The document's remediations, as sentences.
REMEDIES = {
    400: "The scene may be missing, or the order is not what TransendAI expects.",
    409: "Look at motion and limits: reduce joint speeds or relax motion bounds.",
    415: "Convert models to .glb or .fbx.",
}
VIOLATION, UNSUPPORTED = "constraint_violation", "unsupported_asset_format"
CODES = {409: VIOLATION, 415: UNSUPPORTED}
# A task that fails with what the document has for a request; and what we answer ourselves.
FAILURES = {
    VIOLATION: failures.VERDICT,
    UNSUPPORTED: failures.VERDICT,
    "400": failures.VERDICT,
    "409": failures.VERDICT,
    "415": failures.VERDICT,
}
MODERATED = "content_moderation"


def refusal(response: Response) -> ProviderError:
    """As everywhere, with the joint that is meant and what the document says to do."""
    error = errors.refusal(LABEL, response)
    remedy = REMEDIES.get(response.status)
    if type(error) is not ProviderRejected or remedy is None:
        return error
    said = error.message.rstrip(". ")
    sentence = f"{said}{_joint(response.json, said)}. {remedy}"
    return ProviderRejected(sentence, raw=error.raw, retry_after=error.retry_after)


def _joint(body: Any, said: str) -> str:
    """“ (joint elbow)” where the body names one beside its message."""
    for place in (reading.fields(body).get("error"), body):
        joint = reading.text(reading.fields(place).get("joint"))
        if joint and joint not in said:
            return f" (joint {short(joint)})"
    return ""


def failed(body: Mapping[str, Any], raw: str) -> Update:
    """A task that came to nothing."""
    said = errors.message_of({key: body.get(key) for key in ("error", "message", "detail")})
    code = errors.code_of(body.get("error"))
    return errors.failed(LABEL, said, code=code, raw=raw, codes=FAILURES)


def of_update(update: Update) -> dict[str, str]:
    """The opposite of `failed`."""
    assert update.verdict == Verdict.FAILED, "only what failed has an error"
    code = failures.SERVED.get(update.category, failures.OTHER)
    return {"code": code, "message": update.reason}


def served(error: Exception, status: int | None) -> tuple[int, dict[str, Any], dict[str, str]]:
    """Status, body and headers with which we refuse."""
    if status is None and isinstance(error, WrongFormat | InvalidUpload):
        status = WrongFormat.http_status
    status, code, message, headers = errors.served(error, status=status)
    if isinstance(error, InvalidOrder | InvalidUpload | ProviderRejected) and code != MODERATED:
        code = CODES.get(status, code)
    return status, {"task_id": None, "error": {"code": code, "message": message}}, headers
