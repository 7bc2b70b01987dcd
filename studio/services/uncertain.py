"""Orders that nobody but an admin can decide about: found, sent again, paid, or given up."""

from django.db import transaction
from django.utils import timezone

from studio import ledger, notices, permissions, tasks
from studio.core.decision import Decision, Step
from studio.core.errors import InvalidOrder, Problem, ProviderError, TooLate
from studio.core.money import words
from studio.core.status import JobStatus
from studio.models import Attempt, Event, Job, Member
from studio.pipeline.undecided import Kind, kind_of
from studio.providers.registry import provider_of

Outcome = Attempt.Outcome
DECIDE = "decide about orders that may have been sent"
NO_FILE = "The provider made it, but its files never came."


@transaction.atomic
def adopt(member: Member, job: Job, *, remote_id: str) -> None:
    """The provider has it, by this name: go on with it.

    Raises InvalidOrder for a name that another job has, TooLate when it was found meanwhile.
    """
    attempt = _undecided(member, job, Kind.LOST)
    _require_own_name(job, remote_id)
    label = provider_of(job.provider).label
    _end(attempt, outcome=Outcome.ACCEPTED, remote_id=remote_id)
    job.move(
        JobStatus.RUNNING, actor=member, note=f"Found at {label} as {remote_id}",
        started_at=attempt.sent_at, next_step_at=timezone.now(),
    )  # fmt: skip
    transaction.on_commit(lambda: tasks.follow([Decision(step=Step.POLL, lane=job.provider)]))


@transaction.atomic
def resend(member: Member, job: Job) -> None:
    """Send it once more, under another reference; the provider may make it, and charge it, twice."""
    attempt = _undecided(member, job, Kind.LOST)
    _end(attempt, outcome=Outcome.GIVEN_UP)
    note = f"Sent again, though {attempt.reference} may be paid as well"
    job.move(JobStatus.QUEUED, actor=member, note=note, next_step_at=timezone.now())
    transaction.on_commit(lambda: tasks.hint(job.pk))


@transaction.atomic
def release(member: Member, job: Job) -> None:
    """Give it up: the hold goes back, whatever the provider may still make or charge of it."""
    attempt = _undecided(member, job, *Kind)
    _end(attempt, outcome=Outcome.GIVEN_UP)
    if job.status == JobStatus.SAVING:
        _fail(member, job, "Given up; the hold went back, though the provider has made it")
    else:
        note = "Given up; the hold went back without an answer of the provider"
        job.move(JobStatus.CANCELLED, actor=member, note=note)
    ledger.settle(job, charge=0, cause=f"given up by {member}", actor=member)
    transaction.on_commit(tasks.hint_sweep)


@transaction.atomic
def fetch(member: Member, job: Job) -> None:
    """Look for the files of a finished order once more, first asking where they are now."""
    _undecided(member, job, Kind.STUCK)
    job.record(Event.FETCH, actor=member)
    asked = Job.objects.filter(pk=job.pk, status=JobStatus.SAVING)
    asked.update(problem="", tries=1, next_step_at=timezone.now())
    transaction.on_commit(tasks.hint_sweep)


@transaction.atomic
def charge(member: Member, job: Job, *, amount: int) -> None:
    """The provider has been paid for an order whose files never came.

    `amount` is in micro-units as the provider counts. Raises BudgetExceeded, NoRate.
    """
    _undecided(member, job, Kind.STUCK)
    provider = provider_of(job.provider)
    _fail(member, job, f"Charged {words(amount)} {provider.unit}, though no file came")
    ledger.settle(
        job, charge=amount, unit=provider.unit, cause=f"charged by {member}", actor=member
    )
    transaction.on_commit(tasks.hint_sweep)


def _fail(member: Member, job: Job, note: str) -> None:
    category = ProviderError.category
    job.move(JobStatus.FAILED, actor=member, error=NO_FILE, category=category, note=note)
    notices.job_ended(job, actor=member)


def _undecided(member: Member, job: Job, *kinds: Kind) -> Attempt:
    """Lock the job, and make sure that it still needs somebody for this; return its attempt."""
    permissions.require(permissions.can_resolve(member, job), DECIDE)
    job.lock()
    if kind_of(job) not in kinds:
        raise TooLate("It needs no decision any more.")
    if job.lease_until and job.lease_until > timezone.now():
        raise TooLate("Dailies is asking the provider right now; try again in a minute.")
    return job.attempts.latest("number")


def _require_own_name(job: Job, remote_id: str) -> None:
    same = Attempt.objects.filter(remote_id=remote_id, job__provider=job.provider)
    if taken := same.exclude(job=job).first():
        sentence = (
            f"The name “{remote_id}” belongs to job {taken.job_id}; enter that of this order."
        )
        raise InvalidOrder([Problem("remote_id", sentence)])


def _end(attempt: Attempt, **changes: str) -> None:
    Attempt.objects.filter(pk=attempt.pk).update(**changes)
