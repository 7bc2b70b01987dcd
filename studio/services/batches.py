"""Orders that are sent with one press: all of them in one transaction, or none."""

import hashlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.utils import timezone

from studio import ledger, permissions, tasks
from studio.core.errors import BudgetExceeded, InvalidOrder, PriceChanged, Problem, TooLate
from studio.core.matrix import MOST_AT_ONCE
from studio.core.money import words
from studio.core.orders import Order
from studio.core.status import JobStatus
from studio.models import (
    Clip,
    Job,
    Member,
    Note,
    Project,
    Take,
    Template,
    TemplateVersion,
    search,
)
from studio.orders import check
from studio.services import placements, prompts, requests


@dataclass(frozen=True, kw_only=True)
class Origin:
    """What a new job follows: the clip it adds to, the take it continues, the job it repeats.

    An edited job also inherits its author and its position in the line. `frame` is the one of
    `take` that it continues after, None for the last. `written` is the prompt as it was typed,
    where the order has another one; `template` what it was made from; `intended` the order (as
    JSON) that a rehearsal stands for; `fixes` the note that it is to satisfy. `key` names the form
    that ordered it: a form that was sent twice gives its jobs once.
    """

    clip: Clip | None = None
    take: Take | None = None
    frame: int | None = None
    job: Job | None = None
    author: Member | None = None
    position: int = 0
    written: str = ""
    template: TemplateVersion | None = None
    intended: dict[str, Any] | None = None
    fixes: Note | None = None
    key: str = ""


NEW = Origin()


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """One order of a batch; those with the same number of a `shot` become takes of one clip."""

    order: Order
    origin: Origin = NEW
    shot: int = 0


def order_all(
    member: Member,
    project: Project,
    wanted: Sequence[Wanted],
    *,
    shown_price: int | None = None,
    may_wait: bool = False,
) -> list[Job]:
    """Check, quote, hold and store each order in one transaction, then wake the lanes.

    `shown_price` is the sum in micro-credits that the person saw: another one raises PriceChanged.
    Over budget what has no room waits if it may, else BudgetExceeded. Raises InvalidOrder,
    NoPrice, NotAllowed; then nothing is stored, held or charged.
    """
    permissions.require(permissions.can_order(member), "order takes")
    for one in wanted:
        _require_same_team(member, project, *_followed(one.origin))
    checked = _checked(member, wanted)
    with transaction.atomic():
        if sent_before := _sent_before(member, checked):
            return sent_before
        quotes = ledger.firm_quotes(member.team, [one.order for one in checked])
        _require_price(sum(quote.amount for quote in quotes), shown_price)
        clips = _clips(member, project, checked)
        _tell_notes(checked)
        jobs = list(_jobs(member, checked, quotes, clips))
        search.keep({clip.pk for clip in clips.values()})
        _hold_all(jobs, member, may_wait=may_wait)
        prompts.remember(
            member, project, [one.origin.written or one.order.prompt for one in checked]
        )
    return jobs


Row = Project | Clip | Take | Job | Template | None


def _followed(origin: Origin) -> tuple[Row, ...]:
    template = origin.template.template if origin.template else None
    fixes = origin.fixes.clip if origin.fixes else None
    return origin.clip, origin.take, origin.job, template, fixes


def _require_same_team(member: Member, *rows: Row) -> None:
    """Pages answered 404 before; this is for whoever forgets to."""
    for row in rows:
        owner = row.clip if isinstance(row, Take) else row
        ours = owner is None or owner.team_id == member.team_id
        permissions.require(ours, "use what belongs to another team")


def _checked(member: Member, wanted: Sequence[Wanted]) -> list[Wanted]:
    """Each order whole, each under a key of its own."""
    count = len(wanted)
    if not 1 <= count <= MOST_AT_ONCE:
        sentence = f"One press makes 1 to {MOST_AT_ONCE} jobs, not {count:,}."
        raise InvalidOrder([Problem("prompt", sentence)])
    return [
        replace(
            one,
            order=check(member.team_id, one.order),
            origin=replace(one.origin, key=key_of(one.origin.key, number)),
        )
        for number, one in enumerate(wanted)
    ]


def key_of(key: str, number: int) -> str:
    """The key of the form's job with that number; the first one has the form's own."""
    if not key or not number:
        return key
    return hashlib.sha256(f"{key}/{number}".encode()).hexdigest()[:32]


def _sent_before(member: Member, wanted: Sequence[Wanted]) -> list[Job]:
    """The jobs of a form that is sent once more; who sends it meanwhile waits at the member's row."""
    keys = [one.origin.key for one in wanted if one.origin.key]
    if not keys:
        return []
    Member.objects.select_for_update(no_key=True).get(pk=member.pk)
    return list(Job.objects.filter(author=member, key__in=keys).order_by("pk"))


def _require_price(now: int, shown: int | None) -> None:
    if shown is not None and shown != now:
        raise PriceChanged(
            f"The price is now {words(now)} credits, not {words(shown)}. "
            "Press once more to accept it."
        )


def _clips(member: Member, project: Project, wanted: Sequence[Wanted]) -> dict[int, Clip]:
    """The clip of each shot, new where it adds to none; locked before any job is.

    So are those whose notes it is about to satisfy.
    """
    clips: dict[int, Clip] = {}
    for one in wanted:
        if one.shot not in clips:
            clips[one.shot] = one.origin.clip or _clip(member, project, one)
    known = {one.origin.clip.pk for one in wanted if one.origin.clip}
    noted = {one.origin.fixes.clip_id for one in wanted if one.origin.fixes}
    placements.land(member, project, [clip for clip in clips.values() if clip.pk not in known])
    Clip.objects.filter(pk__in={clip.pk for clip in clips.values()} | noted).lock()
    _require_out_of_the_trash(known)
    return clips


def _require_out_of_the_trash(clips: Collection[int]) -> None:
    """Nothing begins in a clip that may be deleted; they are locked."""
    if clips and Clip.objects.filter(pk__in=clips).exclude(trashed_at=None).exists():
        raise TooLate("This clip is in the trash. Bring it back first.")


def _tell_notes(wanted: Sequence[Wanted]) -> None:
    """A note shows the clips that are to satisfy it. Its clip is locked."""
    for note in {one.origin.fixes for one in wanted if one.origin.fixes}:
        Clip.objects.get(pk=note.clip_id).touch()


def _clip(member: Member, project: Project, wanted: Wanted) -> Clip:
    return Clip.objects.create(
        team=member.team, project=project, author=member, title=wanted.order.title,
        came_from=wanted.origin.take, came_from_frame=wanted.origin.frame,
        fixes=wanted.origin.fixes,
        state=JobStatus.WAITING,
    )  # fmt: skip


def _jobs(
    member: Member, wanted: Sequence[Wanted], quotes: Sequence[ledger.Quote], clips: dict[int, Clip]
) -> Iterator[Job]:
    end = end_of_line()
    for number, (one, quote) in enumerate(zip(wanted, quotes, strict=True)):
        order, origin = one.order, one.origin
        yield Job.objects.create(
            team=member.team, clip=clips[one.shot], author=origin.author or member,
            provider=order.provider, model=order.model, stored_order=order.to_json(),
            again=origin.job, written=origin.written, template=origin.template,
            intended=origin.intended, price=quote.price, unit_price=quote.unit_price,
            quoted=quote.amount, status=JobStatus.WAITING,
            position=origin.position or end + number, key=origin.key,
        )  # fmt: skip


def end_of_line() -> int:
    """Positions are microseconds, so that any two jobs have room between them."""
    return int(timezone.now().timestamp() * 1_000_000)


def _hold_all(jobs: Sequence[Job], member: Member, *, may_wait: bool) -> None:
    """Enter the line with the hold in place, or wait for a budget without one."""
    if not may_wait:
        _require_room(jobs)
    ledger.line_up(jobs)
    for job in jobs:
        _hold_or_wait(job, member, may_wait=may_wait)
    if waiting := [job for job in jobs if job.status == JobStatus.WAITING]:
        requests.ask_for(waiting)


def _require_room(jobs: Sequence[Job]) -> None:
    """For all of them together, so that it is told before the first one has taken anything."""
    requests.rooms_of(jobs[0]).require(requests.amounts_of(jobs))


def _hold_or_wait(job: Job, member: Member, *, may_wait: bool) -> None:
    try:
        ledger.hold(job, actor=member)
    except BudgetExceeded as error:
        if not may_wait:
            raise
        job.problem = error.message
        job.save(update_fields=["problem"])
        job.record(JobStatus.WAITING, actor=member)
    else:
        job.move(JobStatus.QUEUED, actor=member, next_step_at=timezone.now())
        wake(job)


def wake(job: Job) -> None:
    transaction.on_commit(lambda: tasks.hint(job.pk))
