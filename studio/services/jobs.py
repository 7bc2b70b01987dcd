"""Order, cancel, retry, edit, move up: what people do with jobs."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from studio import ledger, permissions, tasks
from studio.core.errors import (
    BudgetExceeded,
    PriceChanged,
    StudioError,
    TooLate,
)
from studio.core.money import words
from studio.core.orders import Order
from studio.core.status import GOES_ON, TERMINAL, JobStatus
from studio.models import Clip, Job, Lane, Member, Project, Take
from studio.orders import check
from studio.pipeline import settle, sweep
from studio.providers import registry


@dataclass(frozen=True, kw_only=True)
class Origin:
    """What a new job follows: the clip it adds to, the take it continues, the job it repeats.

    An edited job also inherits its author and its position in the line.
    `key` names the form that ordered it: a form that was sent twice gives one job.
    """

    clip: Clip | None = None
    take: Take | None = None
    job: Job | None = None
    author: Member | None = None
    position: int = 0
    key: str = ""


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
    _require_same_team(member, project, origin.clip, origin.take, origin.job)
    wanted = check(member.team_id, wanted)
    with transaction.atomic():
        if sent_before := _sent_before(member, origin.key):
            return sent_before
        quote = ledger.quote(member.team, wanted)
        _require_price(quote, shown_price)
        clip = origin.clip or Clip.objects.create(
            team=member.team, project=project, author=member, title=wanted.title,
            came_from=origin.take, state=JobStatus.WAITING,
        )  # fmt: skip
        Clip.objects.filter(pk=clip.pk).lock()
        job = Job.objects.create(
            team=member.team, clip=clip, author=origin.author or member, model=wanted.model,
            provider=wanted.provider, stored_order=wanted.to_json(), again=origin.job,
            price=quote.price, unit_price=quote.unit_price, quoted=quote.amount,
            status=JobStatus.WAITING,
            position=origin.position or _end_of_line(), key=origin.key,
        )  # fmt: skip
        _hold_or_wait(job, member, may_wait=may_wait)
    return job


def _sent_before(member: Member, key: str) -> Job | None:
    """The job of a form that is sent once more; who sends it meanwhile waits at the member's row."""
    if not key:
        return None
    Member.objects.select_for_update(no_key=True).get(pk=member.pk)
    return Job.objects.filter(author=member, key=key).first()


def _require_same_team(member: Member, *rows: Project | Clip | Take | Job | None) -> None:
    """Pages answered 404 before; this is for whoever forgets to."""
    for row in rows:
        owner = row.clip if isinstance(row, Take) else row
        ours = owner is None or owner.team_id == member.team_id
        permissions.require(ours, "use what belongs to another team")


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
    else:
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
        _wake(first)


def try_again(member: Member, job: Job) -> Job:
    """Retry: go on with a job that waits for a person, or order a failed one again in its clip."""
    permissions.require(permissions.can_steer(member, job), "retry this job")
    if job.status in {JobStatus.FAILED, JobStatus.CANCELLED}:
        origin = Origin(clip=job.clip, job=job)
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
        raise BudgetExceeded(ledger.over_budget(job.team, job.quoted))
    _wake(job)
    return job


def duplicate(member: Member, job: Job) -> Job:
    """The same order once more, as a clip of its own."""
    permissions.require(permissions.can_repeat(member, job), "order takes")
    return order(member, job.clip.project, job.order, origin=Origin(job=job), may_wait=True)


def edit(member: Member, job: Job, wanted: Order, *, shown_price: int | None = None) -> Job:
    """Replace a job that still waits: the new one takes its author, clip and place in line.

    Whatever is raised, the job is as it was, with its hold.
    """
    permissions.require(permissions.can_steer(member, job), "edit this job")
    wanted = check(member.team_id, wanted)
    origin = Origin(clip=job.clip, job=job, author=job.author, position=job.position)
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
