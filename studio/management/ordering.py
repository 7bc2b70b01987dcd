"""From what was said on the command line to a job: all is checked before anything is stored."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from studio import ledger, orders, permissions
from studio.core.errors import InvalidOrder, InvalidUpload, Problem
from studio.core.orders import Order
from studio.management.arguments import FRAMES, read
from studio.models import Job, Member, Project
from studio.providers.registry import capability_of
from studio.services import jobs, uploads
from studio.storage import images

MOST_NAMES = 10
NOT_YET_STORED = -1  # stands for a frame while the rest of its order is checked


@dataclass(frozen=True, kw_only=True)
class Request:
    """Who orders what, in which project, with the files of its frames."""

    member: Member
    project: Project
    order: Order
    frames: Mapping[str, Path]


def understand(options: Mapping[str, Any], *, first_admin: Member) -> Request:
    """Raises InvalidOrder with every problem of the order and its pictures; stores nothing."""
    member = _member(options["email"]) if options["email"] else first_admin
    project = _project(member, options["project"])
    reading = read(options)
    frames = {name: Path(options[name]) for name in FRAMES if options[name] is not None}
    problems = [*reading.problems, *_order_problems(reading.order, frames)]
    problems += [problem for name, path in frames.items() if (problem := _look_at(name, path))]
    if problems:
        raise InvalidOrder(problems)
    return Request(member=member, project=project, order=reading.order, frames=frames)


def place(request: Request) -> Job:
    """Store the frames and order. Raises BudgetExceeded, NoPrice, NotAllowed; then nothing is."""
    permissions.require(permissions.can_order(request.member), "order takes")
    team = request.member.team
    ledger.require_room(team, ledger.quote(team, orders.complete(request.order)).amount)
    frames = {
        name: uploads.add_frame_at(request.member, path, field=FRAMES[name]).pk
        for name, path in request.frames.items()
    }
    return jobs.order(request.member, request.project, _with_frames(request.order, frames))


def _order_problems(order: Order, frames: Mapping[str, Path]) -> list[Problem]:
    whole = orders.complete(_with_frames(order, dict.fromkeys(frames, NOT_YET_STORED)))
    return capability_of(order).problems(whole)


def _with_frames(order: Order, keys: Mapping[str, int]) -> Order:
    return replace(order, first_frame=keys.get("first_frame"), last_frame=keys.get("last_frame"))


def _look_at(name: str, path: Path) -> Problem | None:
    """What is wrong with a frame's file, as the form would say it."""
    label = FRAMES[name]
    try:
        _require_readable(label, path)
        images.check(path, field=label, name=path.name)
    except InvalidUpload as error:
        return Problem(name, error.message)
    except OSError as error:
        return Problem(name, f"{label} can not be read from “{path}”: {error.strerror}.")
    return None


def _require_readable(label: str, path: Path) -> None:
    if not path.is_file():
        raise InvalidUpload(f"{label} must be {images.WANTED}; there is no file “{path}”.")
    with path.open("rb"):
        return


def _member(email: str) -> Member:
    """The active member with this address; in the first of their teams, if they have several."""
    members = Member.objects.active().select_related("user", "team").order_by("pk")
    if found := members.filter(user__email=email.lower()).first():
        return found
    emails = members.values_list("user__email", flat=True)[:MOST_NAMES]
    raise InvalidOrder([Problem("as", f"--as must be {_one_of(emails)}, not “{email}”.")])


def _project(member: Member, name: str | None) -> Project:
    projects = Project.objects.filter(team=member.team).order_by("pk")
    if found := (projects if name is None else projects.filter(name=name)).first():
        return found
    names = projects.values_list("name", flat=True)[:MOST_NAMES]
    problem = f"--project must be {_one_of(names)}, not “{name}”." if names else NO_PROJECT
    raise InvalidOrder([Problem("project", problem)])


NO_PROJECT = "--project must be a project of the team, and it has none yet; add one first."


def _one_of(names: Iterable[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} or {last}" if most else last
