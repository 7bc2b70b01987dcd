"""A language model behind any address that speaks OpenAI's chat completions, asked one thing.

POST {base}/chat/completions with `model` and `messages`, and `choices[0].message.content` of the
answer (https://platform.openai.com/docs/api-reference/chat/create, read on 2026-11-21). Ollama,
vLLM, llama.cpp and LM Studio speak the same. Nothing else is sent: some models refuse
`temperature` and `max_tokens`. Neither key nor texts are kept or logged.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import httpx
from django.conf import settings

from studio.core.errors import (
    KeyRejected,
    Moderated,
    OutOfMoney,
    ProviderBusy,
    ProviderConfused,
    ProviderError,
    ProviderRejected,
    ProviderUnavailable,
    UnsafeAddress,
)
from studio.storage.outbound import client
from studio.storage.reach import CHOSEN

LONGEST_SECONDS = 60
ANSWER_MAX_BYTES = 512 * 1024
PATH = "/chat/completions"
LOCAL_ENDINGS = (".local", ".internal", ".lan", ".localhost")

NAME = "The language model"


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """Where to ask; `key` is "" for an endpoint that needs none."""

    base_url: str
    model: str
    key: str = field(default="", repr=False)

    @property
    def url(self) -> str:
        base = self.base_url.rstrip("/")
        return base if base.endswith(PATH) else base + PATH


def endpoint() -> Endpoint | None:
    """What the environment says, None unless it is all that is needed."""
    said = settings.LANGUAGE_MODEL
    is_whole = said["base_url"] and said["model"] and (said["key"] or is_local(said["base_url"]))
    return Endpoint(**said) if is_whole else None


def is_local(url: str) -> bool:
    """An endpoint on this machine or network, which may need no key."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return False
    try:
        address = ip_address(host)
    except ValueError:
        return "." not in host or host.endswith(LOCAL_ENDINGS)
    return address.is_private or address.is_loopback


def answer(place: Endpoint, *, rules: str, text: str) -> str:
    """What the model writes of `text` by the rules; one question, never repeated.

    Raises a ProviderError with a sentence for whatever is not a whole answer.
    """
    body = {
        "model": place.model,
        "messages": [{"role": "system", "content": rules}, {"role": "user", "content": text}],
    }
    status, headers, content = _exchanged(place, json.dumps(body).encode())
    if status >= 400:
        raise _refusal(status, headers, content)
    return _written(_read(content))


def _exchanged(place: Endpoint, body: bytes) -> tuple[int, Mapping[str, str], bytes]:
    headers = {"content-type": "application/json", "accept": "application/json"}
    if place.key:
        headers["authorization"] = f"Bearer {place.key}"
    try:
        with (
            client(CHOSEN, seconds=LONGEST_SECONDS, stall_seconds=LONGEST_SECONDS) as http,
            http.stream("POST", place.url, content=body, headers=headers) as response,
        ):
            return response.status_code, response.headers, _whole(response.iter_bytes())
    except UnsafeAddress as error:
        raise ProviderUnavailable(f"{NAME} is out of reach: {error.message}") from error
    except httpx.TimeoutException as error:
        raise ProviderUnavailable(
            f"{NAME} gave no answer within {LONGEST_SECONDS} s; try again later."
        ) from error
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
        raise ProviderUnavailable(f"{NAME} can not be reached now; try again later.") from error


def _whole(chunks: Iterable[bytes]) -> bytes:
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) > ANSWER_MAX_BYTES:
            raise ProviderConfused(f"{NAME} wrote far more than a prompt; nothing was changed.")
    return bytes(body)


def _refusal(status: int, headers: Mapping[str, str], content: bytes) -> ProviderError:
    if status in {401, 403}:
        return KeyRejected(f"{NAME} does not accept the key; an admin has to look at it.")
    if status == 402:
        return OutOfMoney(f"The account at {NAME.lower()} has not enough money.")
    if status == 404:
        return ProviderRejected(f"{NAME} is not there: its address or its name is wrong.")
    if status == 429:
        return ProviderBusy(f"{NAME} has too much to do; try again in a minute.")
    if status >= 500:
        return ProviderUnavailable(f"{NAME} has a problem of its own; try again later.")
    if b"content_filter" in content or b"content_policy" in content:
        return Moderated(f"{NAME} does not want to work on this prompt.")
    return ProviderRejected(f"{NAME} does not take the request (HTTP {status}).")


def _read(content: bytes) -> Mapping[str, Any]:
    """The first choice of the answer."""
    try:
        choice = json.loads(content)["choices"][0]
        choice["message"].get("content")
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise ProviderConfused(f"{NAME} gave an answer that is none; try again.") from error
    found: Mapping[str, Any] = choice
    return found


_THOUGHTS = re.compile(r"^\s*<think>.*?</think>", re.S)
_FENCE = re.compile(r"^```\w*\n(.*)\n```$", re.S)
_QUOTES = {"“": "”", '"': '"'}


def _written(choice: Mapping[str, Any]) -> str:
    message, why = choice["message"], choice.get("finish_reason")
    if message.get("refusal") or why == "content_filter":
        raise Moderated(f"{NAME} does not want to work on this prompt.")
    if why == "length":
        raise ProviderConfused(f"{NAME} stopped in the middle; nothing was changed.")
    text = message.get("content")
    text = _bare(text) if isinstance(text, str) else ""
    if not text:
        raise ProviderConfused(f"{NAME} wrote nothing; try again.")
    return text


def _bare(text: str) -> str:
    """Without the thoughts, fences and quotation marks that some models wrap a text into."""
    text = _THOUGHTS.sub("", text).strip()
    if fenced := _FENCE.match(text):
        text = fenced[1].strip()
    is_quoted = len(text) > 1 and _QUOTES.get(text[0]) == text[-1]
    return text[1:-1].strip() if is_quoted and text[0] not in text[1:-1] else text
