"""From what was said on the command line to a job: all is checked before anything is stored."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from studio import ledger, orders, permissions
from studio.core.errors import InvalidOrder, InvalidUpload, NoPrice, NoRate, Problem
from studio.core.orders import Order
from studio.core.spec import FILES
from studio.core.words import listed
from studio.forms.matrix import PICK, PICK_SEED, Matrix
from studio.management.arguments import read, remarks
from studio.models import Job, Member, Project
from studio.providers.registry import capability_of
from studio.services import batches, uploads
from studio.storage import images
from studio.storage.scenes import Scene

MOST_NAMES = 10
NOT_YET_STORED = -1  # stands for a file while the rest of its order is checked


@dataclass(frozen=True, kw_only=True)
class Request:
    """Who orders what, in which project, with which files; `remarks` are for the person.

    `prompts` are all that the order's own stands for.
    """

    member: Member
    project: Project
    order: Order
    files: Mapping[str, Path]
    prompts: tuple[str, ...]
    remarks: tuple[str, ...] = ()


def understand(options: Mapping[str, Any], *, first_admin: Member) -> Request:
    """Raises InvalidOrder with every problem of the order and its files; stores nothing."""
    member = member_of(options["email"]) if options["email"] else first_admin
    project = project_of(member, options["project"])
    reading = read(options)
    files = {name: Path(options[name]) for name in FILES if options[name] is not None}
    looked = [_look_at(name, path, reading.order) for name, path in files.items()]
    prompts = _prompts(member, reading.order, options)
    problems = [*reading.problems, *_order_problems(reading.order, prompts, files)]
    problems += [problem for one in looked for problem in one.problems]
    if problems:
        raise InvalidOrder(problems)
    advice = [problem for one in looked for problem in one.advice]
    whole = _with_files(reading.order, dict.fromkeys(files, NOT_YET_STORED))
    return Request(
        member=member, project=project, order=reading.order, files=files, prompts=prompts,
        remarks=tuple(remarks(whole, advice)),
    )  # fmt: skip


def _prompts(member: Member, order: Order, options: Mapping[str, Any]) -> tuple[str, ...]:
    """The prompt is plain text unless --wildcards is there. Raises InvalidOrder."""
    given = {name: options[name] for name in ("random", "random_seed") if options[name] is not None}
    if not options["wildcards"]:
        if given:
            raise InvalidOrder([Problem(name, NEEDS_WILDCARDS) for name in given])
        return (order.prompt,)
    typed = {PICK: [given.get("random", "")], PICK_SEED: [given.get("random_seed", "")]}
    matrix = Matrix(capability_of(order), member.team_id, typed)
    return tuple(one.order.prompt for one in matrix.variants(order))


NEEDS_WILDCARDS = "It chooses among the combinations of a prompt with --wildcards; add that."


def place(request: Request) -> list[Job]:
    """Store the files and order. Raises BudgetExceeded, NoPrice, NotAllowed; then nothing is."""
    permissions.require(permissions.can_order(request.member), "order takes")
    cost = _quote(request).amount * len(request.prompts)
    rooms = ledger.Rooms(
        team=request.member.team, project=request.project.pk, member=request.member.pk
    )
    rooms.require({request.order.provider: cost})
    keys = {
        name: uploads.add_at(request.member, name, path).pk for name, path in request.files.items()
    }
    whole = _with_files(request.order, keys)
    return batches.order_all(request.member, request.project, list(_wanted(request, whole)))


def _wanted(request: Request, order: Order) -> Iterator[batches.Wanted]:
    for shot, prompt in enumerate(request.prompts):
        written = order.prompt if order.prompt != prompt else ""
        yield batches.Wanted(
            order=replace(order, prompt=prompt), shot=shot, origin=batches.Origin(written=written)
        )


def _quote(request: Request) -> ledger.Quote:
    """Raises NoPrice with the command that sets one."""
    order = orders.complete(request.order)
    team = request.member.team
    try:
        return ledger.quote(team, order)
    except NoRate as error:
        command = f"--unit {error.unit} --rate AMOUNT"
        raise NoPrice(f"{error.message.rstrip('.')}: manage.py price {command}") from error
    except NoPrice as error:
        command = f"{order.provider} AMOUNT --model {order.model} --per second --unit USD"
        raise NoPrice(f"{error.message.rstrip('.')}: manage.py price {command}") from error


def _order_problems(
    order: Order, prompts: Iterable[str], files: Mapping[str, Path]
) -> list[Problem]:
    """Of all these prompts, each problem once."""
    whole = orders.complete(_with_files(order, dict.fromkeys(files, NOT_YET_STORED)))
    found = (orders.problems_of(replace(whole, prompt=prompt.strip())) for prompt in prompts)
    return list(dict.fromkeys(problem for some in found for problem in some))


def _with_files(order: Order, keys: Mapping[str, int]) -> Order:
    files: dict[str, Any] = {name: keys.get(name) for name in FILES}
    return replace(order, **files)


@dataclass(frozen=True)
class Looked:
    """What is wrong with a file, and what is not wise about it, as the form would say it."""

    problems: list[Problem]
    advice: list[Problem] = field(default_factory=list)


def _look_at(name: str, path: Path, order: Order) -> Looked:
    try:
        found = uploads.look_at(name, path)
    except InvalidUpload as error:
        return Looked([Problem(name, error.message)])
    except OSError as error:
        what = f"can not be read from “{path}”: {error.strerror}."
        return Looked([Problem(name, f"{uploads.label(name)} {what}")])
    if isinstance(found, Scene):
        return Looked(orders.motion_problems(found, order))
    given = capability_of(order), name, images.shown(path.name), found
    return Looked(orders.picture_problems(*given), orders.picture_advice(*given))


def member_of(email: str) -> Member:
    """The active member with this address; in the first of their teams, if they have several."""
    members = Member.objects.active().select_related("user", "team").order_by("pk")
    if found := members.filter(user__email=email.lower()).first():
        return found
    emails = members.values_list("user__email", flat=True)[:MOST_NAMES]
    raise InvalidOrder(
        [Problem("as", f"--as must be {listed(list(emails), 'or')}, not “{email}”.")]
    )


def project_of(member: Member, name: str | None) -> Project:
    projects = Project.objects.filter(team=member.team).order_by("pk")
    if found := (projects if name is None else projects.filter(name=name)).first():
        return found
    names = projects.values_list("name", flat=True)[:MOST_NAMES]
    problem = (
        f"--project must be {listed(list(names), 'or')}, not “{name}”." if names else NO_PROJECT
    )
    raise InvalidOrder([Problem("project", problem)])


NO_PROJECT = "--project must be a project of the team, and it has none yet; add one first."
