"""TransendAI's wire format as we serve it to programs that were written for TransendAI."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, unquote

from studio.core.errors import InvalidOrder, Problem, WrongFormat
from studio.core.orders import Order
from studio.core.spec import is_link
from studio.core.wire import Request, Response, Sending, Served, Verdict
from studio.core.words import short
from studio.dialects.transend import errors, names
from studio.dialects.transend.limits import MODEL, SLUG

POLLS = [re.compile(re.escape(path).replace(r"\{\}", "([^/]+)")) for path in names.POLL_PATHS]
SENSORS = {ours: theirs for theirs, ours in names.STREAMS.items()}
ALSO = {(names.PROMPT,), (names.CALLBACK,)}
Flat = dict[tuple[str, ...], Any]
NO_HEADERS: Mapping[str, str] = {}
WHOLE = ("duration", "frame_rate")


class Serving:
    """The half of the dialect that a server needs."""

    def read_order(self, request: Request) -> Sending:
        flat = _flat(_payload(request))
        settings = {
            name: _as_ours(name, flat[place])
            for name, place in names.PLACES.items()
            if flat.get(place) is not None
        }
        prompt, callback = flat.get((names.PROMPT,)) or "", flat.get((names.CALLBACK,)) or ""
        _require_words(prompt, callback)
        if not prompt and not settings.get("motion"):
            raise InvalidOrder(
                [Problem(names.PROMPT, "prompt is needed unless there is a motion.")]
            )
        order = Order(provider=SLUG, model=MODEL, prompt=prompt, settings=settings)
        return Sending(order=order, reference="", parts=_parts(request), callback=callback)

    def write_receipt(self, served: Served) -> Response:
        return _answer(_task(served))

    def read_poll_request(self, request: Request) -> list[str]:
        if request.method != "GET":
            return []
        found = (pattern.fullmatch(request.path) for pattern in POLLS)
        return [unquote(match[1]) for match in found if match][:1]

    def write_poll_answer(self, served: Sequence[Served]) -> Response:
        (one,) = served
        return _answer(_task(one))

    def write_refusal(self, error: Exception, *, status: int | None = None) -> Response:
        code, document, headers = errors.served(error, status)
        return _answer(document, status=code, headers=headers)


def _answer(
    document: Mapping[str, Any], *, status: int = 200, headers: Mapping[str, str] = NO_HEADERS
) -> Response:
    return Response(status=status, headers=headers, json=document, text=json.dumps(document))


def _payload(request: Request) -> dict[str, Any]:
    """The form's text part; a program with a link for its scene may send plain JSON instead."""
    payload = request.json
    if payload is None:
        try:
            payload = json.loads(request.fields.get(names.PAYLOAD, ""))
        except (ValueError, RecursionError):
            payload = None
    if not isinstance(payload, dict):
        raise InvalidOrder([Problem(names.PAYLOAD, "payload must be a JSON object.")])
    return payload


def _flat(payload: dict[str, Any]) -> Flat:
    """Each value by its place; `physics` is the one group. Raises for a place that nobody knows."""
    physics = payload.get("physics") or {}
    if not isinstance(physics, dict):
        raise InvalidOrder([Problem("physics", "physics must be a JSON object.")])
    flat: Flat = {(name,): value for name, value in payload.items() if name != "physics"}
    flat |= {("physics", name): value for name, value in physics.items()}
    strange = [".".join(place) for place in flat.keys() - {*names.PLACES.values(), *ALSO}]
    if strange:
        raise InvalidOrder(
            Problem(name, f"payload has no field “{short(name)}”.") for name in sorted(strange)
        )
    return flat


def _as_ours(name: str, value: Any) -> Any:
    """Whole numbers may come as 20.0; what is wrong about a value the limits say."""
    return int(value) if name in WHOLE and isinstance(value, float) and value % 1 == 0 else value


def _require_words(prompt: Any, callback: Any) -> None:
    if not isinstance(prompt, str):
        raise InvalidOrder([Problem(names.PROMPT, "prompt must be text.")])
    if callback and not is_link(callback):
        what = f"{names.CALLBACK} must be an address that starts with https:// or http://."
        raise InvalidOrder([Problem(names.CALLBACK, what)])


def _parts(request: Request) -> dict[str, str]:
    """The one scene, whatever the form calls its part: the document's own example hides the name."""
    called = [name for _, name in request.files.values()]
    wrong = next((name for name in called if not name.lower().endswith(names.SCENE_SUFFIXES)), None)
    if wrong is not None:
        what = f"scene must be .glb or .fbx, not “{short(wrong)}”. Convert models to .glb or .fbx."
        raise WrongFormat([Problem(names.SCENE, what)])
    if len(called) > 1:
        raise InvalidOrder([Problem(names.SCENE, "scene must be one file, not several.")])
    return {"scene": called[0]} if called else {}


def _task(served: Served) -> dict[str, Any]:
    if served.update.verdict == Verdict.SUCCEEDED:
        return _named(served, names.SUCCEEDED, result=_result(served))
    if served.update.verdict == Verdict.FAILED:
        return _named(served, names.FAILED, error=errors.of_update(served.update))
    path = names.POLL_PATHS[0].format(quote(served.remote_id, safe=""))
    word = names.PROCESSING if served.started else names.QUEUED
    return _named(served, word, status_url=path)


def _named(served: Served, word: str, *, result: Any = None, **more: Any) -> dict[str, Any]:
    return {"task_id": served.remote_id, "status": word, "result": result, **more}


def _result(served: Served) -> dict[str, Any]:
    (result,) = served.update.results
    links = result.links
    streams = {SENSORS[ours]: link for ours, link in links.items() if ours in SENSORS}
    log = {names.LOG: links["log"]} if "log" in links else {}
    return {"streams": streams, **log, "duration": served.sending.order.seconds}
