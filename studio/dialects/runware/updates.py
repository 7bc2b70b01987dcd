"""How tasks stand: the answer to a poll read as Updates.

One item per generation is promised (runware.ai/docs/platform/task-polling, read 2026-11-20), and
the number of generations is not said. So a task has ended when at least one item or error names it
and none of them is still under way. A success without a link is still under way, too.
"""

import json
from collections.abc import Sequence
from typing import Any, TypeGuard

from studio.core.wire import Result, Update, Verdict
from studio.dialects.base import RAW_LENGTH
from studio.dialects.reading import amount, fields
from studio.dialects.runware.errors import category_of, errors_in, is_verdict, reason_of
from studio.dialects.runware.fields import objects

Item = dict[str, Any]


def updates_in(body: Any, remote_ids: Sequence[str]) -> dict[str, Update]:
    """An Update for each of the tasks that the answer names."""
    items = objects(fields(body).get("data"))
    errors = errors_in(body)
    named = [thing.get("taskUUID") for thing in items + errors]
    return {
        remote_id: _update(_of(remote_id, items), _of(remote_id, errors))
        for remote_id in remote_ids
        if remote_id in named
    }


def _of(remote_id: str, things: list[Item]) -> list[Item]:
    return [thing for thing in things if thing.get("taskUUID") == remote_id]


def _update(items: list[Item], errors: list[Item]) -> Update:
    raw = json.dumps({"data": items, "errors": errors})[:RAW_LENGTH]
    done = [item for item in items if _is_done(item)]
    failed = [error for error in errors if is_verdict(error)]
    under_way = [item for item in items if not _is_done(item) and item.get("status") != "error"]
    if under_way or not done + failed:
        return Update(verdict=Verdict.RUNNING, progress=_progress(items), raw=raw)
    return Update(
        verdict=Verdict.SUCCEEDED if done else Verdict.FAILED,
        results=tuple(_result(index, item) for index, item in enumerate(done)),
        reason=_reason(failed, made=len(done)),
        category=category_of(failed[0]) if failed else "",
        charge=_charge(done, failed),
        raw=raw,
    )


def _is_done(item: Item) -> bool:
    """The document's own examples of results have no status at all."""
    link = item.get("videoURL")
    return item.get("status") in ("success", None) and isinstance(link, str) and bool(link)


def _result(index: int, item: Item) -> Result:
    seed = item.get("seed")
    known = isinstance(seed, int) and not isinstance(seed, bool)
    return Result(index=index, links={"video": item["videoURL"]}, seed=seed if known else None)


def _reason(failed: list[Item], *, made: int) -> str:
    """What was refused and why, each reason once."""
    sentences = " ".join(dict.fromkeys(map(reason_of, failed)))
    if not made or not failed:
        return sentences
    verb = "was" if len(failed) == 1 else "were"
    return f"{len(failed)} of {made + len(failed)} takes {verb} not made. {sentences}"


def _charge(done: list[Item], failed: list[Item]) -> int | None:
    """The sum of what each take cost, in micro-dollars; None if one that was made does not say.

    A take that failed costs nothing unless it says so.
    """
    telling = done + [error for error in failed if "cost" in error]
    costs = [amount(item.get("cost")) for item in telling]
    known = [cost for cost in costs if cost is not None]
    return sum(known) if len(known) == len(costs) else None


def _progress(items: list[Item]) -> int | None:
    """The mean over all generations, where any of them says how far it is."""
    if not any(_is_percent(item.get("progress")) for item in items):
        return None
    return round(sum(map(_part, items)) / len(items))


def _part(item: Item) -> float:
    progress = item.get("progress")
    if _is_done(item):
        return 100
    return float(progress) if _is_percent(progress) else 0


def _is_percent(value: Any) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 100
