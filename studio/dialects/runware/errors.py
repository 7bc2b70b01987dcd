"""Runware's error codes and what each means to us, in both directions.

The provider says that its codes are being standardized (runware.ai/docs/platform/errors, read
2026-11-20), so they are told by patterns: those of its own client, runware-sdk 1.8.0.
"""

import re
from dataclasses import replace
from typing import Any

from studio.core.errors import (
    KeyRejected,
    Moderated,
    OutOfMoney,
    ProviderBusy,
    ProviderError,
    ProviderRejected,
    ProviderUnavailable,
)
from studio.core.wire import Response
from studio.dialects import errors
from studio.dialects.reading import fields, text
from studio.dialects.runware.fields import LABEL, POLL, VIDEO, objects

Error = dict[str, Any]

# Tried in this order, whatever the case of the letters.
CODES: tuple[tuple[str, type[ProviderError]], ...] = (
    ("credits|quota|balance|paymentRequired|environmentPaused", OutOfMoney),
    ("rateLimit|noAvailableServer|modelUnavailable|modelNotReady", ProviderBusy),
    ("contentPolicy|unsafeContent|moderation|invalidProviderContent", Moderated),
    (
        "apiKey|authori[sz]|authentication|authFailed|credentials|permission|forbidden|^token"
        "|(account|organization|workspace)(Suspended|Disabled)",
        KeyRejected,
    ),
    (
        "timeout|internalServer|serviceUnavailable|serverUnavailable|unrecognizedResponse"
        "|^(standard|unknown|undefined|default)Error$",
        ProviderUnavailable,
    ),
)
# No fault of the order: another try may end otherwise.
FAULTS = re.compile(
    "^provider|inferenceError|processingFailed|taskFailed$|taskCancelled|downloadFailed"
    "|uploadFailed|modelDisabled",
    re.IGNORECASE,
)
DUPLICATE = "conflictTaskUUID"
# Trouble with the poll itself, though it may name a task.
POLL_TROUBLE = (KeyRejected, ProviderBusy)
# No proof of a failure: a task that has only just arrived may not be found either.
NOT_FOUND = re.compile(r"^task\w*(notFound|expired)$", re.IGNORECASE)

# What we answer: the code of every dialect → Runware's.
REFUSALS = {
    "invalid_api_key": "invalidApiKey",
    "insufficient_credits": "insufficientCredits",
    "forbidden": "insufficientPermissions",
    "content_moderation": "contentPolicyViolation",
    "conflict": "conflict",
    "rate_limited": "rateLimitExceeded",
    "unavailable": "serviceUnavailable",
    "invalid_request": "invalidParameter",
    "refused": "validationFailed",
    "internal_error": "internalServerError",
}
# What we answer for a take that was not made: its category → code.
FAILURES = {
    Moderated.category: "contentPolicyViolation",
    OutOfMoney.category: "insufficientCredits",
    ProviderRejected.category: "validationFailed",
}
OTHER_FAILURE = "inferenceError"


def errors_in(body: Any) -> list[Error]:
    """Every error in an answer, in any of the shapes that were seen.

    A list `errors`, one `error` beside its task's UUID, and items of `data` with status "error".
    """
    whole = fields(body)
    failed = [item for item in objects(whole.get("data")) if item.get("status") == "error"]
    nested = [
        {**holder, **holder["error"]}
        for holder in (whole, *failed)
        if isinstance(holder.get("error"), dict)
    ]
    return objects(whole.get("errors")) + nested


def code_of(error: Error) -> str:
    return text(error.get("code"))


def kind_of(error: Error) -> type[ProviderError] | None:
    """What it is by its code, or by its words; None if neither says more than that it is one."""
    for pattern, kind in CODES:
        if re.search(pattern, code_of(error), re.IGNORECASE):
            return kind
    said = f"{code_of(error)} {errors.message_of(error)}"
    return Moderated if errors.is_moderation(said) else None


def category_of(error: Error) -> str:
    """A task that fails for want of a key fails for want of theirs: ours was good."""
    kind = kind_of(error)
    if kind and kind is not KeyRejected:
        return kind.category
    fault = kind or FAULTS.search(code_of(error))
    return ProviderError.category if fault else ProviderRejected.category


def reason_of(error: Error) -> str:
    """Why a take was not made, in a sentence for people."""
    return errors.failed(LABEL, errors.message_of(error), code=code_of(error)).reason


def refusal_of(error: Error | None, response: Response) -> ProviderError:
    """One of the errors of an answer, or the answer as it is if it has none."""
    if error is None:
        return errors.refusal(LABEL, response)
    kind = kind_of(error)
    codes = {errors.code_of(error): kind} if kind else errors.NO_CODES
    return errors.refusal(LABEL, replace(response, json=error), codes=codes)


def troubles_poll(error: Error) -> bool:
    """Whether it says what is wrong with the poll; no task fails for that."""
    of_a_task = error.get("status") == "error" or error.get("taskType") == VIDEO
    return not of_a_task and kind_of(error) in POLL_TROUBLE


def is_verdict(error: Error) -> bool:
    """Whether it says how the task ended.

    An error that a task failed with has the task's own type and the status "error"
    (runware.ai/docs/platform/task-polling, read 2026-11-20); older answers lack the status.
    """
    if NOT_FOUND.search(code_of(error)):
        return False
    return error.get("taskType") != POLL or error.get("status") == "error"
