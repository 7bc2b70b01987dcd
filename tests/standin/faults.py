"""What can go wrong between two machines, by the stage and the word that a prompt says."""

import asyncio

from studio.core.errors import KeyRejected, Moderated, OutOfMoney, ProviderBusy, ProviderRejected
from tests.standin.wire import Cut, Raw, raw

HTML = Raw(b"<html><body>Bad gateway</body></html>", kind="text/html")
# Refusals before anything is accepted: the error, and its HTTP status.
REFUSALS = {
    "refused": (ProviderRejected("prompt: this will not be made"), 400),
    "moderated": (Moderated("content policy violation"), 400),
    "busy": (ProviderBusy("Too Many Requests", retry_after=1), 429),
    "key": (KeyRejected("invalid api key"), 401),
    "money": (OutOfMoney("insufficient credits"), 402),
}
ONCE = {"busy", "key", "money"}
# The order is accepted, and then the answer is lost in one of these ways.
STATUS = {"accept_500": 500, "accept_502": 502, "accept_504": 504}
SLOW_SECONDS = 30


async def lose(word, answer: Raw) -> Raw:
    """The answer to an accepted order as it reaches, or does not reach, the other side."""
    if word in STATUS:
        return Raw(b'{"message": "upstream error"}', status=STATUS[word])
    if word == "accept_close":
        raise Cut
    if word == "accept_truncated":
        return Raw(
            answer.body[: len(answer.body) // 2], status=answer.status, length=len(answer.body)
        )
    if word == "accept_html":
        return HTML
    if word == "accept_no_id":
        return Raw(b"{}", status=answer.status)
    if word == "accept_slow":
        await asyncio.sleep(SLOW_SECONDS)
    return answer


def garbled(word, polls, answer: Raw) -> Raw:
    """The answer to the first poll, where the prompt says so."""
    if polls != 1:
        return answer
    if word == "close":
        raise Cut
    return {
        "html": HTML,
        "500": Raw(b'{"message": "oops"}', status=500),
        "429": Raw(b'{"message": "slow down"}', status=429, headers={"retry-after": "0"}),
        "401": Raw(b'{"message": "This request requires a valid API key"}', status=401),
        "truncated": Raw(answer.body[:-5], length=len(answer.body)),
    }.get(word, answer)


def link(word, times, content: bytes, kind: str) -> Raw:
    """A result's file at the `times`th request for it, from 1."""
    if word == "404_forever" or (word == "404_once" and times == 1):
        return Raw(b"not here", status=404, kind="text/plain")
    if word == "short" and times == 1:
        return Raw(content[: len(content) // 2], kind=kind, length=len(content))
    if word == "html":
        return HTML
    return Raw(content, kind=kind)


def refusal(dialect, word) -> Raw:
    error, status = REFUSALS[word]
    return raw(dialect.write_refusal(error, status=status))
