"""Runware's interface as we serve it to other programs.

Checked against runware-sdk 1.8.0, which takes any key `errors` for a failure, even an empty list,
and any key that ends in URL for the sign that an item is finished: neither is ever there in vain.
"""

import uuid
from collections.abc import Sequence
from typing import Any

from studio.core.errors import InvalidOrder, Problem
from studio.core.wire import Request, Response, Result, Sending, Served, Verdict
from studio.core.words import short
from studio.dialects import errors
from studio.dialects.base import Dialect
from studio.dialects.reading import number
from studio.dialects.runware import orders
from studio.dialects.runware.errors import FAILURES, OTHER_FAILURE, REFUSALS
from studio.dialects.runware.fields import AUTHENTICATION, POLL, THEIRS, VIDEO, objects

Item = dict[str, Any]


class Serving(Dialect):
    """One POST for everything: its tasks say what is wanted. A first task may carry the key."""

    def read_key(self, request: Request) -> str:
        """The key of whoever asks, from the header or the first task; "" if there is none."""
        scheme, _, key = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and key.strip():
            return key.strip()
        tasks = objects(request.json)[:1]
        keys = [task.get("apiKey") for task in tasks if _is_a(AUTHENTICATION, task)]
        return keys[0] if keys and isinstance(keys[0], str) else ""

    def read_order(self, request: Request) -> Sending:
        """One order a request: each must be able to fail by itself."""
        tasks = _tasks(request)
        if len(tasks) != 1:
            raise _invalid("taskType", f"Send one {VIDEO} task in a request, not {len(tasks)}.")
        if not _is_a(VIDEO, tasks[0]):
            theirs = short(tasks[0].get("taskType"))
            raise _invalid("taskType", f"taskType must be {VIDEO} or {POLL}, not “{theirs}”.")
        return orders.sending_of(tasks[0])

    def write_receipt(self, served: Served) -> Response:
        return Response(status=200, json={"data": [_about(served)]})

    def read_poll_request(self, request: Request) -> list[str]:
        tasks = _tasks(request)
        if not tasks or not all(_is_a(POLL, task) for task in tasks):
            return []
        remote_ids = [task.get("taskUUID") for task in tasks]
        if not all(isinstance(one, str) and one for one in remote_ids):
            raise _invalid("taskUUID", f"taskUUID is needed in each {POLL}: that of your task.")
        return [str(one) for one in remote_ids]

    def write_poll_answer(self, served: Sequence[Served]) -> Response:
        data = [item for one in served for item in _items(one)]
        failed = [error for one in served for error in _failures(one)]
        return Response(status=200, json={"data": data, **({"errors": failed} if failed else {})})

    def write_refusal(self, error: Exception, *, status: int | None = None) -> Response:
        shown, code, message, headers = errors.served(error, status=status)
        problems = error.problems if isinstance(error, InvalidOrder) else ()
        details: list[Item] = [
            {"message": problem.message, "parameter": THEIRS.get(problem.field, problem.field)}
            for problem in problems
        ]
        refused = [{"code": REFUSALS[code], **one} for one in details or [{"message": message}]]
        return Response(status=shown, headers=headers, json={"errors": refused})


def _is_a(kind: str, task: Any) -> bool:
    return isinstance(task, dict) and task.get("taskType") == kind


def _tasks(request: Request) -> list[Item]:
    """Without the one that only says who asks."""
    given = request.json
    if not isinstance(given, list) or not given or len(objects(given)) < len(given):
        raise _invalid("taskType", "Send a JSON array of tasks, each an object with a taskType.")
    return given[1:] if _is_a(AUTHENTICATION, given[0]) else given


def _invalid(name: str, message: str) -> InvalidOrder:
    return InvalidOrder([Problem(name, message)])


def _about(served: Served) -> Item:
    return {"taskType": VIDEO, "taskUUID": served.remote_id}


def _items(served: Served) -> list[Item]:
    """One for each generation that is finished or under way."""
    update, order = served.update, served.sending.order
    costs = _shares(update.charge, len(update.results))
    done = [
        {**_about(served), **_video(served, result), **cost}
        for result, cost in zip(update.results, costs, strict=True)
    ]
    if update.verdict != Verdict.RUNNING:
        return done
    progress = {} if update.progress is None else {"progress": update.progress}
    waiting = {**_about(served), "status": "processing", **progress}
    return done + [waiting] * (order.count - len(done))


def _video(served: Served, result: Result) -> Item:
    name = uuid.uuid5(uuid.NAMESPACE_URL, f"{served.remote_id}/{result.index}")
    link = {"videoURL": result.links["video"]} if "video" in result.links else {}
    seed = {} if result.seed is None else {"seed": result.seed}
    return {"status": "success", "videoUUID": str(name), **link, **seed}


def _shares(charge: int | None, count: int) -> list[Item]:
    """The charge in as many equal parts as there are results, to the last micro-dollar."""
    if charge is None:
        return [{}] * count
    return [_cost((charge + part) // count) for part in range(count)]


def _cost(charge: int) -> Item:
    return {"cost": number(charge)}


def _failures(served: Served) -> list[Item]:
    """One for each generation that was refused."""
    update = served.update
    if update.verdict == Verdict.RUNNING:
        return []
    error = {
        "code": FAILURES.get(update.category, OTHER_FAILURE),
        "status": "error",
        "message": update.reason or "This video could not be made.",
        **_about(served),
    }
    missing = [error] * (served.sending.order.count - len(update.results))
    if missing and not update.results and update.charge:
        missing[0] = {**error, **_cost(update.charge)}
    return missing
