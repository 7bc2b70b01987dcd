"""Order, cancel, retry, edit, move up: what people do with jobs."""

from dataclasses import replace

from django.db import transaction
from django.utils import timezone

from studio import ledger, permissions, tasks
from studio.core.errors import BudgetExceeded, StudioError, TooLate
from studio.core.orders import Order
from studio.core.status import GOES_ON, TERMINAL, JobStatus
from studio.models import Clip, Job, Lane, Member, Project
from studio.orders import check
from studio.pipeline import settle, sweep
from studio.providers import registry
from studio.services.batches import NEW, Origin, Wanted, order_all, wake


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
    one = Wanted(order=wanted, origin=origin)
    (job,) = order_all(member, project, [one], shown_price=shown_price, may_wait=may_wait)
    return job


def cancel(member: Member, job: Job) -> Job:
    """Stop a job that is not sent yet, or that an engine here is rendering. Raises TooLate."""
    permissions.require(permissions.can_steer(member, job), "cancel this job")
    if not settle.cancel(job, actor=member, when=_may_stop, note=f"Stopped by {member}"):
        raise TooLate(TOO_LATE[JobStatus(job.status)])
    _wake_lane(job)
    return job


def _may_stop(job: Job) -> bool:
    """Nobody else has begun to work on it, so nobody can send a bill for it."""
    provider = registry.all_providers().get(job.provider)
    here = provider is not None and provider.renders_here
    return _is_not_sent(job) or (here and job.status == JobStatus.RUNNING)


def _is_not_sent(job: Job) -> bool:
    return job.status in {JobStatus.QUEUED, JobStatus.WAITING}


TOO_LATE = {
    JobStatus.SENDING: "Too late: it is being sent right now.",
    JobStatus.RUNNING: "Too late: the provider is working on it.",
    JobStatus.UNCERTAIN: "It may have been sent: an admin has to look at the provider first.",
    JobStatus.SAVING: "Too late: it is done and being saved.",
    **dict.fromkeys(TERMINAL, "Too late: this job has ended."),
}


def _wake_lane(job: Job) -> None:
    """A slot may be free now."""
    first = Job.objects.queued(job.provider).first()
    if first:
        wake(first)


def try_again(member: Member, job: Job) -> Job:
    """Retry: go on with a job that waits for a person, or order a failed one again in its clip."""
    permissions.require(permissions.can_steer(member, job), "retry this job")
    if job.status in {JobStatus.FAILED, JobStatus.CANCELLED}:
        origin = replace(_origin_of(job), clip=job.clip)
        return order(member, job.clip.project, job.order, origin=origin, may_wait=True)
    if job.status == JobStatus.WAITING:
        return _try_budget_again(job)
    if not job.problem or job.status not in GOES_ON:
        raise TooLate("Only a job that failed or was stopped can be tried again.")
    stuck = Job.objects.filter(pk=job.pk, status=job.status)
    if stuck.update(problem="", tries=0, next_step_at=timezone.now()):
        job.refresh_from_db()
        job.touch()
        transaction.on_commit(tasks.hint_sweep)
    return job


def _try_budget_again(job: Job) -> Job:
    if not sweep.promote(job):
        lacking = ledger.short_of(job)
        raise lacking[0].exceeded if lacking else BudgetExceeded(job.problem)
    wake(job)
    return job


def duplicate(member: Member, job: Job) -> Job:
    """The same order once more, as a clip of its own."""
    permissions.require(permissions.can_repeat(member, job), "order takes")
    origin = _origin_of(job)
    return order(member, job.clip.project, job.order, origin=origin, may_wait=True)


def _origin_of(job: Job) -> Origin:
    """What a job says of itself once more."""
    return Origin(job=job, written=job.written, template=job.template, intended=job.intended)


def edit(
    member: Member,
    job: Job,
    wanted: Order,
    *,
    shown_price: int | None = None,
    written: str = "",
) -> Job:
    """Replace a job that still waits: the new one takes its author, clip and place in line.

    `written` is its prompt as it was typed, if that is another one.

    Whatever is raised, the job is as it was, with its hold.
    """
    permissions.require(permissions.can_steer(member, job), "edit this job")
    wanted = check(member.team_id, wanted)
    origin = Origin(
        clip=job.clip,
        job=job,
        author=job.author,
        position=job.position,
        written=written,
        template=job.template,
    )
    try:
        with transaction.atomic():
            note = "Replaced by an edited order"
            if not settle.cancel(job, actor=member, when=_is_not_sent, note=note):
                raise TooLate("Too late to edit: it has been sent.")
            Clip.objects.filter(pk=job.clip_id).update(title=wanted.title)
            return order(
                member, job.clip.project, wanted, origin=origin, shown_price=shown_price,
                may_wait=True,
            )  # fmt: skip
    except StudioError:
        job.refresh_from_db()
        raise


def reorder(member: Member, job: Job, *, before: Job | None) -> None:
    """Put a queued job before another one of the same lane, or last.

    Authors change the order of their own jobs among the places that these have, so that nobody
    else is made to wait longer; an admin may reorder the whole lane of the team.
    """
    permissions.require(permissions.can_steer(member, job), "reorder this job")
    for moved in _reorder(member, job, before):
        moved.touch()


@transaction.atomic
def _reorder(member: Member, job: Job, before: Job | None) -> list[Job]:
    """Change the places in line; return the jobs whose place changed."""
    Lane.objects.select_for_update(no_key=True).filter(provider=job.provider).first()
    lane = Job.objects.queued(job.provider).of_team(member.team).select_related("clip")
    movable = list(lane if permissions.is_admin(member) else lane.filter(author=member))
    if job not in movable or (before and before not in movable):
        raise TooLate("It has left the line already.")
    places = [waiting.position for waiting in movable]
    movable.remove(job)
    movable.insert(movable.index(before) if before and before != job else len(movable), job)
    return [
        waiting for waiting, place in zip(movable, places, strict=True) if _takes(waiting, place)
    ]


def _takes(job: Job, place: int) -> bool:
    """Give the job its new place; say whether it is another one."""
    if job.position == place:
        return False
    return bool(Job.objects.filter(pk=job.pk).update(position=place))


STEPS_IN_LINE = {"front": -(10**9), "up": -1, "down": 1, "last": 10**9}


def move_in_line(member: Member, job: Job, where: str) -> None:
    """Move a queued job among those that the member may reorder: front, up, down or last."""
    if where not in STEPS_IN_LINE:
        raise StudioError(f"To must be {', '.join(STEPS_IN_LINE)}, not “{where[:40]}”.")
    others = [waiting for waiting in _movable(member, job) if waiting != job]
    ahead = sum((waiting.position, waiting.pk) < (job.position, job.pk) for waiting in others)
    place = min(max(ahead + STEPS_IN_LINE[where], 0), len(others))
    reorder(member, job, before=others[place] if place < len(others) else None)


def _movable(member: Member, job: Job) -> list[Job]:
    lane = Job.objects.queued(job.provider).of_team(member.team)
    return list(lane if permissions.is_admin(member) else lane.filter(author=member))
