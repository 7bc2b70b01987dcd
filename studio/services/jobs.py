"""Order, cancel, retry, edit, move up: what people do with jobs."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from studio import ledger, permissions, tasks
from studio.core.errors import (
    BudgetExceeded,
    PriceChanged,
    TooLate,
)
from studio.core.money import words
from studio.core.orders import Order
from studio.core.status import TERMINAL, JobStatus
from studio.models import Clip, Job, Member, Project, Take
from studio.orders import check
from studio.pipeline import settle


@dataclass(frozen=True, kw_only=True)
class Origin:
    """What a new job follows: the clip it adds to, the take it continues, the job it repeats."""

    clip: Clip | None = None
    take: Take | None = None
    job: Job | None = None


NEW = Origin()


def order(
    member: Member,
    project: Project,
    wanted: Order,
    *,
    origin: Origin = NEW,
    shown_price: int | None = None,
    may_wait: bool = False,
) -> Job:
    """Order takes: check, quote, hold and store in one transaction, then wake the lane.

    `shown_price` is the price in micro-credits that the person saw: another one raises
    PriceChanged. Over budget the job waits if it may, else BudgetExceeded. Raises InvalidOrder,
    NoPrice, NotAllowed; then nothing is stored, held or charged.
    """
    permissions.require(permissions.can_order(member), "order takes")
    _require_same_team(member, project, origin.clip, origin.take)
    wanted = check(member.team_id, wanted)
    with transaction.atomic():
        quote = ledger.quote(member.team, wanted)
        _require_price(quote, shown_price)
        clip = origin.clip or Clip.objects.create(
            team=member.team, project=project, author=member, title=wanted.title,
            came_from=origin.take, state=JobStatus.WAITING,
        )  # fmt: skip
        job = Job.objects.create(
            team=member.team, clip=clip, author=member, provider=wanted.provider,
            model=wanted.model, stored_order=wanted.to_json(), again=origin.job, price=quote.price,
            quoted=quote.amount, status=JobStatus.WAITING, position=_end_of_line(),
        )  # fmt: skip
        _hold_or_wait(job, member, may_wait=may_wait)
    return job


def _require_same_team(member: Member, *rows: Project | Clip | Take | None) -> None:
    for row in rows:
        owner = row.clip if isinstance(row, Take) else row
        assert owner is None or owner.team_id == member.team_id, "pages answered 404 before"


def _require_price(quote: ledger.Quote, shown: int | None) -> None:
    if shown is not None and shown != quote.amount:
        now, before = words(quote.amount), words(shown)
        raise PriceChanged(
            f"The price is now {now} credits, not {before}. Press Generate again to accept it."
        )


def _hold_or_wait(job: Job, member: Member, *, may_wait: bool) -> None:
    """Enter the line with the hold in place, or wait for a budget without one."""
    try:
        ledger.hold(job, actor=member)
    except BudgetExceeded as error:
        if not may_wait:
            raise
        job.problem = error.message
        job.save(update_fields=["problem"])
        job.record(JobStatus.WAITING, actor=member)
        return
    job.move(JobStatus.QUEUED, actor=member, next_step_at=timezone.now())
    _wake(job)


def _end_of_line() -> int:
    """Positions are microseconds, so that any two jobs have room between them."""
    return int(timezone.now().timestamp() * 1_000_000)


def _wake(job: Job) -> None:
    transaction.on_commit(lambda: tasks.hint(job.pk))


def cancel(member: Member, job: Job) -> Job:
    """Stop a job that is not sent yet, or that an engine here is rendering. Raises TooLate."""
    permissions.require(permissions.can_steer(member, job), "cancel this job")
    if not settle.cancel(job, actor=member, note=f"Stopped by {member}"):
        raise TooLate(TOO_LATE.get(JobStatus(job.status), "It can not be cancelled any more."))
    _wake_lane(job)
    return job


TOO_LATE = {
    JobStatus.SENDING: "Too late: it is being sent right now.",
    JobStatus.SAVING: "Too late: it is done and being saved.",
    **dict.fromkeys(TERMINAL, "Too late: this job has ended."),
}


def _wake_lane(job: Job) -> None:
    """A slot may be free now."""
    first = Job.objects.queued(job.provider).first()
    if first:
        _wake(first)


def try_again(member: Member, job: Job) -> Job:
    """Retry: go on with a job that waits for a person, or order a failed one again in its clip."""
    permissions.require(permissions.can_steer(member, job), "retry this job")
    if job.is_active and job.problem:
        Job.objects.filter(pk=job.pk).update(problem="", next_step_at=timezone.now())
        job.refresh_from_db()
        job.touch()
        transaction.on_commit(tasks.hint_sweep)
        return job
    if job.status not in {JobStatus.FAILED, JobStatus.CANCELLED}:
        raise TooLate("Only a failed or cancelled job can be tried again.")
    return order(
        member, job.clip.project, job.order, origin=Origin(clip=job.clip, job=job), may_wait=True
    )


def duplicate(member: Member, job: Job) -> Job:
    """The same order once more, as a clip of its own."""
    permissions.require(permissions.can_repeat(member, job), "order takes")
    return order(member, job.clip.project, job.order, origin=Origin(job=job), may_wait=True)


def edit(member: Member, job: Job, wanted: Order, *, shown_price: int | None = None) -> Job:
    """Replace a job that still waits: the new one takes its clip and its place in line."""
    permissions.require(permissions.can_steer(member, job), "edit this job")
    if job.status not in {JobStatus.QUEUED, JobStatus.WAITING}:
        raise TooLate("Too late to edit: it has been sent.")
    wanted = check(member.team_id, wanted)
    with transaction.atomic():
        if not settle.cancel(job, actor=member, note="Replaced by an edited order"):
            raise TooLate("Too late to edit: it has been sent.")
        edited = order(
            member, job.clip.project, wanted, shown_price=shown_price, origin=Origin(clip=job.clip, job=job), may_wait=True,
        )  # fmt: skip
        Job.objects.filter(pk=edited.pk).update(position=job.position)
        Clip.objects.filter(pk=job.clip_id).update(title=wanted.title)
    edited.refresh_from_db()
    return edited


def reorder(member: Member, job: Job, *, before: Job | None) -> None:
    """Put a queued job before another one of the same lane, or last.

    Authors change the order of their own jobs among the places that these have, so that nobody
    else is made to wait longer; an admin may reorder the whole lane of the team.
    """
    permissions.require(permissions.can_steer(member, job), "reorder this job")
    with transaction.atomic():
        lane = Job.objects.queued(job.provider).of_team(member.team).select_for_update()
        movable = list(lane if permissions.is_admin(member) else lane.filter(author=member))
        if job not in movable or (before and before not in movable):
            raise TooLate("It has left the line already.")
        places = [waiting.position for waiting in movable]
        movable.remove(job)
        movable.insert(movable.index(before) if before else len(movable), job)
        _take_places(movable, places)


def _take_places(jobs: list[Job], places: list[int]) -> None:
    for waiting, place in zip(jobs, places, strict=True):
        if waiting.position != place:
            Job.objects.filter(pk=waiting.pk).update(position=place)
            waiting.touch()
