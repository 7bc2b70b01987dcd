"""What answers that go wrong mean: the same for every provider, but for the codes of each."""

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from studio.core.errors import (
    BudgetExceeded,
    InvalidOrder,
    KeyRejected,
    Moderated,
    NotAllowed,
    OutOfMoney,
    ProviderBusy,
    ProviderError,
    ProviderRejected,
    ProviderUnavailable,
    StorageFull,
    StudioError,
    TooLate,
)
from studio.core.wire import Response, Update, Verdict
from studio.core.words import storable
from studio.dialects import failures
from studio.dialects.base import RAW_LENGTH, raw_of
from studio.dialects.failures import FAULT_MARKS, Failures

Codes = Mapping[str, type[ProviderError]]
NO_CODES: Codes = {}

# Any other status below 500 is a refusal, any other from 500 says that it does not work now.
STATUSES: dict[int, type[ProviderError]] = {
    401: KeyRejected,
    402: OutOfMoney,
    403: KeyRejected,
    408: ProviderUnavailable,
    425: ProviderUnavailable,
    429: ProviderBusy,
}
SENTENCES: dict[type[ProviderError], str] = {
    KeyRejected: "{label} does not accept the key.",
    OutOfMoney: "The account at {label} has not enough money.",
    ProviderBusy: "{label} is busy.",
    ProviderUnavailable: "{label} does not work at the moment.",
    Moderated: "{label} refused this in its content moderation. Change the prompt or the pictures.",
}
# Compared with what was said in small letters and nothing else: a code in any spelling, too.
MODERATION_MARKS = (
    "riskcontrol",
    "contentpolicy",
    "contentsecurity",
    "safetysystem",
    "moderation",
    "moderated",
    "sensitive",
    "nsfw",
    "unsafecontent",
    "violationcontent",
    "voilationcontent",  # as Tencent VOD spells it
    "promptblocked",
    "imageblocked",
    "inappropriatecontent",
)
NO_MARKS = ("casesensitive", "caseinsensitive")
MONEY_MARKS = ("credit", "balance", "quota", "insufficientfunds", "arrears", "notenoughmoney")

# What we answer as a provider: the first row that fits has the status and the code.
SERVED: tuple[tuple[type[Exception], int, str], ...] = (
    (KeyRejected, 401, "invalid_api_key"),
    (OutOfMoney, 402, "insufficient_credits"),
    (BudgetExceeded, 402, "insufficient_credits"),
    (NotAllowed, 403, "forbidden"),
    (Moderated, 400, "content_moderation"),
    (TooLate, 409, "conflict"),
    (ProviderBusy, 429, "rate_limited"),
    (ProviderUnavailable, 503, "unavailable"),
    (StorageFull, 503, "unavailable"),
    (InvalidOrder, 400, "invalid_request"),
    (StudioError, 400, "refused"),
    (Exception, 500, "internal_error"),
)


def refusal(label: str, response: Response, *, codes: Codes = NO_CODES) -> ProviderError:
    """What an HTTP status of 400 or more means; `codes` are those that say more than the status."""
    said, code = message_of(response.json), code_of(response.json)
    kind = codes.get(code) or _by_status(response, f"{code} {said}")
    sentence = SENTENCES.get(kind, _refused(said or f"HTTP {response.status}"))
    return kind(
        sentence.format(label=label),
        raw=raw_of(response),
        retry_after=retry_after(response.headers),
    )


def _by_status(response: Response, said: str) -> type[ProviderError]:
    status = response.status
    told = said if response.json is not None else _plain(response.text)
    if 400 <= status < 500 and status not in {401, 402, 429} and is_moderation(told):
        return Moderated
    if status == 403 and _has(told, MONEY_MARKS):
        return OutOfMoney
    return STATUSES.get(status, ProviderRejected if status < 500 else ProviderUnavailable)


def _refused(said: str) -> str:
    return "{label} refused the order: " + said.replace("{", "{{").replace("}", "}}")


def _plain(text: str) -> str:
    """The text of a body that is no JSON; a page of HTML says nothing about the order."""
    return "" if text.lstrip().startswith("<") else text


def failed(
    label: str,
    said: str,
    *,
    code: str = "",
    raw: Any = "",
    charge: int | None = None,
    codes: Failures = failures.NONE,
) -> Update:
    """An order that was accepted and came to nothing, with the reason in plain words.

    `codes` are the provider's own, see failures.py.
    """
    category = _category(code, said, codes)
    moderated = category == Moderated.category
    reason = SENTENCES[Moderated].format(label=label) if moderated else said
    return Update(
        verdict=Verdict.FAILED,
        reason=reason or f"{label} could not make it and does not say why.",
        category=category,
        charge=charge,
        raw=storable(str(raw)[:RAW_LENGTH]),
    )


def _category(code: str, said: str, codes: Failures) -> str:
    both = f"{code} {said}"
    if known := codes.get(code.casefold()):
        return known
    if is_moderation(both):
        return failures.MODERATION
    return failures.FAULT if _has(both, FAULT_MARKS) or not both.strip() else failures.VERDICT


def is_moderation(said: str) -> bool:
    letters = _letters(said)
    for harmless in NO_MARKS:
        letters = letters.replace(harmless, "")
    return any(mark in letters for mark in MODERATION_MARKS)


def _has(said: str, marks: tuple[str, ...]) -> bool:
    letters = _letters(said)
    return any(mark in letters for mark in marks)


def _letters(said: str) -> str:
    return "".join(filter(str.isalpha, said.lower()))


def message_of(body: Any) -> str:
    """The words of an error in any of the shapes that are in use, or "".

    {"message"}, {"msg"}, {"error": …} with the same inside, {"detail": […]}, {"errors": […]}.
    """
    if isinstance(body, str):
        return storable(body.strip()[:LONGEST])
    if isinstance(body, list):
        return " ".join(filter(None, map(message_of, body[:MOST])))[:LONGEST]
    if isinstance(body, Mapping):
        found = (message_of(body.get(name)) for name in WORDS_OF_AN_ERROR)
        return next(filter(None, found), "")
    return ""


def code_of(body: Any) -> str:
    """The code of an error, or ""."""
    if isinstance(body, list):
        return next(filter(None, map(code_of, body[:MOST])), "")
    if not isinstance(body, Mapping):
        return ""
    inner = (code_of(body.get(name)) for name in ("error", "errors", "detail"))
    own = (str(body[name]) for name in ("code", "name", "type") if _is_code(body.get(name)))
    return next(filter(None, [*inner, *own]), "")


def _is_code(value: Any) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool)


WORDS_OF_AN_ERROR = ("error", "errors", "message", "msg", "detail", "reason")
MOST, LONGEST = 10, 500


def retry_after(headers: Mapping[str, str]) -> float | None:
    """The pause that a Retry-After header asks for: seconds, or a date by the server's clock."""
    said = headers.get("retry-after", "").strip()
    try:
        seconds = float(said)
    except ValueError:
        return _until(said, headers.get("date", ""))
    return seconds if math.isfinite(seconds) and seconds >= 0 else None


def _until(date: str, now: str) -> float | None:
    then = _date(date)
    since = _date(now) or datetime.now(UTC)
    return max(0.0, (then - since).total_seconds()) if then else None


def _date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text)
    except ValueError:
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)


def served(error: Exception, *, status: int | None = None) -> tuple[int, str, str, dict[str, str]]:
    """Status, code, message and headers with which we refuse; nothing of an unknown error."""
    usual, code = next((row[1], row[2]) for row in SERVED if isinstance(error, row[0]))
    message = error.message if isinstance(error, StudioError) else "Something went wrong here."
    pause = getattr(error, "retry_after", None)
    headers = {} if pause is None else {"retry-after": str(math.ceil(pause))}
    return status or usual, code, message, headers
