"""TransendAI's wire format as we send it: a form with a scene and a JSON payload.

Its answer is the finished result, or a task to ask for; both are read alike.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlsplit

from studio.core.errors import ProviderConfused, ProviderError, Unsupported
from studio.core.wire import Receipt, Request, Response, Result, Sending, Update, Verdict
from studio.dialects import reading
from studio.dialects.base import Dialect, confused, raw_of
from studio.dialects.transend import errors, names
from studio.dialects.transend.limits import CAPABILITY, LABEL, MODEL, SLUG
from studio.dialects.transend.served import Serving

# A simulation may be rendered while the request is open.
ANSWER_SECONDS = 400
LINK = re.compile(r"https?://\S+")
STATUS_PATH = re.compile(r"/[!-~]{1,150}")
NOBODYS_TASK = "no-such-task-of-dailies"


class Transend(Serving, Dialect):
    """Where they say another path for the state than the usual one, a remote id is task and path."""

    slug = SLUG
    label = LABEL
    note = "Robots and scenes, with depth and motion"
    address = "https://api.transendai.net"
    capabilities = (CAPABILITY,)
    slow_answer = True
    failures = errors.FAILURES
    forgets = frozenset({"reference"})

    def write_order(self, sending: Sending) -> Request:
        _require_places(sending)
        name = sending.parts.get("scene")
        return Request(
            method="POST",
            path=names.ORDER_PATH,
            fields={names.PAYLOAD: json.dumps(_payload(sending), allow_nan=False)},
            files={names.SCENE: ("scene", name)} if name else {},
            read_seconds=ANSWER_SECONDS,
        )

    def read_receipt(self, response: Response, sending: Sending) -> Receipt:
        body = reading.body(self, response)
        task = reading.remote_id(LABEL, response, body.get("task_id"))
        update = _update(body, response)
        known = update if update.verdict != Verdict.RUNNING else None
        return Receipt(remote_id=_remote_id(task, body), update=known)

    def write_poll(self, remote_ids: Sequence[str]) -> Request:
        (remote_id,) = remote_ids
        task, path = _parted(remote_id)
        return Request(method="GET", path=path or _path_of(task))

    def other_polls(self, remote_ids: Sequence[str]) -> list[Request]:
        (remote_id,) = remote_ids
        task, path = _parted(remote_id)
        templates = names.POLL_PATHS if path else names.POLL_PATHS[1:]
        return [Request(method="GET", path=_path_of(task, template)) for template in templates]

    def read_poll(self, response: Response, remote_ids: Sequence[str]) -> dict[str, Update]:
        """An unknown task is no verdict: where to ask for one is not documented."""
        if response.status == 404:
            raise ProviderConfused(f"{LABEL} does not know this task.", raw=raw_of(response))
        (remote_id,) = remote_ids
        body = reading.body(self, response)
        task, _ = _parted(remote_id)
        if body.get("task_id", task) != task:
            raise confused(LABEL, response)
        return {remote_id: _update(body, response)}

    def refusal(self, response: Response) -> ProviderError:
        return errors.refusal(response)

    def write_test(self) -> Request:
        return Request(method="GET", path=_path_of(NOBODYS_TASK))

    def read_test(self, response: Response) -> str:
        """They know no such task, but they know who asks: nothing else is documented."""
        if response.status != 404:
            reading.body(self, response)
        return ""

    def read_callback(self, body: Any) -> str:
        return reading.text(reading.fields(body).get("task_id"))


def _require_places(sending: Sending) -> None:
    order = sending.order
    if order.model != MODEL:
        raise Unsupported(f"{LABEL} has no model {order.model}.")
    given = {*order.settings, *sending.parts} - {*names.PLACES, "scene"}
    if strange := sorted({*given, *sending.links}):
        raise Unsupported(f"{LABEL} has no place for {', '.join(strange)}.")
    if order.scene is not None and "scene" not in sending.parts:
        raise Unsupported(f"{LABEL} takes a scene as a part of the form only.")


def _payload(sending: Sending) -> dict[str, Any]:
    payload: dict[str, Any] = {}
    if sending.order.prompt:
        payload[names.PROMPT] = sending.order.prompt
    for name, value in sending.order.settings.items():
        *groups, last = names.PLACES[name]
        inside = payload
        for group in groups:
            inside = inside.setdefault(group, {})
        inside[last] = value
    if sending.callback:
        payload[names.CALLBACK] = sending.callback
    return payload


def _path_of(task: str, template: str = names.POLL_PATHS[0]) -> str:
    return template.format(quote(task, safe=""))


def _remote_id(task: str, body: Mapping[str, Any]) -> str:
    """The path of a `status_url` goes along, whatever its host: our key goes to no other place."""
    try:
        path = urlsplit(reading.text(body.get("status_url"))).path
    except ValueError:
        path = ""
    both = f"{task} {path}"
    usual = path == _path_of(task) or not STATUS_PATH.fullmatch(path)
    return task if usual or len(both) > reading.LONGEST_ID else both


def _parted(remote_id: str) -> tuple[str, str]:
    """Task and path of its state, "" for the usual one."""
    task, slash, path = remote_id.rpartition(" /")
    return (task, f"/{path}") if slash else (remote_id, "")


def _update(body: Mapping[str, Any], response: Response) -> Update:
    """A word that nobody knows is no end, and success without a link is none yet."""
    word = body.get("status")
    if not isinstance(word, str):
        raise confused(LABEL, response)
    verdict = names.VERDICTS.get(word.lower(), Verdict.RUNNING)
    raw = raw_of(response)
    if verdict == Verdict.FAILED:
        return errors.failed(body, raw)
    results = _results(body, response) if verdict == Verdict.SUCCEEDED else ()
    return Update(verdict=verdict if results else Verdict.RUNNING, results=results, raw=raw)


def _results(body: Mapping[str, Any], response: Response) -> tuple[Result, ...]:
    """One take with what each sensor saw; none where there is nothing to see."""
    result = reading.fields(body.get("result"))
    streams = reading.fields(result.get("streams"))
    links = {ours: streams[theirs] for theirs, ours in names.STREAMS.items() if streams.get(theirs)}
    if not links:
        return ()
    if result.get(names.LOG):
        links["log"] = result[names.LOG]
    if not all(isinstance(link, str) and LINK.fullmatch(link) for link in links.values()):
        raise confused(LABEL, response)
    return (Result(index=0, links=links),)
