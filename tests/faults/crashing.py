"""Workers that are killed with -9 at a numbered point, and what must hold afterwards.

A point is passed before and after every SQL statement and commit, and at every call of a provider:
the child kills itself at the k-th. So nothing in the product knows about it.
"""

import os
import random
import signal
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Max, Sum

from studio.core.decision import Decision, Step
from studio.core.errors import TooLate
from studio.core.status import TERMINAL, JobStatus
from studio.models import Attempt, Budget, Event, Job, LedgerEntry, Member, Project, Take
from studio.pipeline import drive, lease, pace
from studio.providers import registry
from studio.services import jobs
from tests.engines import REMOTES, Findable, Painter, lines
from tests.factories import make_lane, make_member, make_painting, make_price, make_project
from tests.houses import end

S = JobStatus
DRIVEN = {S.QUEUED, S.SENDING, S.RUNNING, S.SAVING}
REMOTE = [kind.slug for kind in REMOTES]
CALLS = ("submit", "look_up", "poll_many", "poll", "collected", "render", "forget")
MOST_ROUNDS = 60
LAST_POINT = 700  # a whole run of four jobs passes about so many


@dataclass
class Plan:
    """What one seed does: the orders, and at which points the workers of each life are killed."""

    seed: int
    prompts: list[tuple[str, str, int]] = field(default_factory=list)
    lives: list[list[int]] = field(default_factory=list)
    cancels: bool = False

    @classmethod
    def of(cls, seed):
        dice = random.Random(seed)
        prompts = ["A door", "will fail", "refuse me", "lose the answer"]
        kinds = [(provider, prompt) for provider in REMOTE for prompt in prompts]
        kinds += [("painter", "A door"), ("painter", "Snow")] * 3
        prompts = [(*dice.choice(kinds), dice.randint(1, 2)) for _ in range(dice.randint(2, 4))]
        lives = [
            [dice.randint(1, LAST_POINT) for _ in range(dice.choice([1, 1, 2]))]
            for _ in range(dice.randint(1, 4))
        ]
        return cls(seed=seed, prompts=prompts, lives=lives, cancels=dice.random() < 0.3)


class Killer:
    """Counts points and kills this process at the k-th."""

    def __init__(self, at):
        self.left = at

    def point(self):
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def wrap(self, function):
        def wrapped(*arguments, **named):
            self.point()
            answer = function(*arguments, **named)
            self.point()
            return answer

        return wrapped

    def around_statement(self, execute, *arguments):
        return self.wrap(execute)(*arguments)

    def arm(self):
        connection.execute_wrappers.append(self.around_statement)
        BaseDatabaseWrapper.commit = self.wrap(BaseDatabaseWrapper.commit)
        for provider in registry.all_providers().values():
            for name in CALLS:
                setattr(provider, name, self.wrap(getattr(provider, name)))


def found():
    """A team that can pay for everything, and lanes with two slots."""
    for provider in ("painter", *REMOTE):
        make_lane(provider, slots=2)
        make_price(provider=provider, credits_per_second=3)
    make_project(make_member("admin").team)


def impatient():
    """Whenever a worker begins to paint, a second one gets the same message, too."""
    honest, painting = Painter._draw, []

    def _draw(self, brief, remote_id, report):
        if not painting:
            painting.append(remote_id)
            job_id = int(brief.reference.split("-")[1])
            drive.take(Decision(step=Step.RENDER, job_id=job_id))
            painting.clear()
        honest(self, brief, remote_id, report)

    Painter._draw = _draw


def live(_number, plan, kill_at, mutate):
    """Order what is not ordered yet, then work until nothing is left to do, or until killed."""
    impatient()
    mutate()
    pace.after = lambda _age: 0
    pace.search = lambda _missing: timedelta()
    Findable.lag = 1
    if kill_at:
        Killer(kill_at).arm()
    lease.free_the_dead()
    _order(plan)
    for _ in range(MOST_ROUNDS):
        _work(plan)
        if not any(_goes_on(job) for job in Job.objects.exclude(status__in=TERMINAL)):
            return
        os.sched_yield()


def _goes_on(job):
    """Whether its provider can still say anything: one that may have been sent is found, or not."""
    return job.status in DRIVEN or not _may_hang(job)


def _may_hang(job):
    """Uncertain for good: nobody knows the order, or nobody can be asked about it.

    A refusal of the second sending is no proof that there was no first one.
    """
    if job.status != S.UNCERTAIN:
        return False
    provider = registry.all_providers()[job.provider]
    known = provider.knows(job.attempts.latest("number").reference)
    takes_it = provider.replays and "refuse" not in job.order.prompt
    return not (takes_it or (known and (provider.replays or provider.looks_up)))


def _order(plan):
    member, project = Member.objects.get(), Project.objects.get()
    for provider, prompt, count in plan.prompts[Job.objects.count() :]:
        jobs.order(member, project, make_painting(provider, prompt=prompt, count=count))


def _work(plan):
    """As a worker does: what is due, then whatever follows from it."""
    decisions = drive.catch_up()
    while decisions:
        if plan.cancels:
            _cancel_one(plan)
        decisions += drive.take(decisions.pop(0))


def _cancel_one(plan):
    job = Job.objects.filter(pk=1 + plan.seed % len(plan.prompts)).first()
    if job and job.is_active:
        try:
            jobs.cancel(Member.objects.get(), job)
        except TooLate:
            return


def crash_and_recover(house, seed, mutate=lambda: None):
    """Run one seed; return what is wrong in the end, in sentences (none: all is well)."""
    plan = Plan.of(seed)
    for life in plan.lives:
        children = [house.start(live, number, plan, at, mutate) for number, at in enumerate(life)]
        for child in children:
            end(*child)
    house.inside(live, 0, plan, 0, mutate)
    return house.inside(wrong, plan)


def wrong(plan):
    """Everything that must hold after recovery, and does not."""
    checks = (_ends, _takes, _books, _sent, _rest)
    return [sentence for check in checks for sentence in check(plan)]


def _ends(plan):
    ordered = Job.objects.count()
    if ordered < len(plan.prompts):
        yield f"{ordered} jobs of {len(plan.prompts)}"
    for job in Job.objects.all():
        ends = Event.objects.filter(job=job, status__in=[S.SUCCEEDED, S.FAILED, S.CANCELLED])
        if ends.count() != (0 if _may_hang(job) else 1):
            yield f"{job} is {job.status} ({job.problem}) and ended {ends.count()} times"
        if job.clip.state != job.status or job.clip.rev != _newest_event(job):
            yield f"the tile of {job} shows something old"


def _newest_event(job):
    return Event.objects.filter(clip=job.clip).aggregate(last=Max("pk"))["last"]


def _takes(_plan):
    for job in Job.objects.all():
        made = sorted(Take.objects.filter(job=job).values_list("index", flat=True))
        expected = [0] if job.provider in REMOTE else list(range(job.order.count))
        if made != (expected if job.status == S.SUCCEEDED else []):
            yield f"{job} is {job.status} and has the takes {made}"


def books():
    """Budget, entries and living holds say the same."""
    budget = Budget.objects.get()
    parts = ("granted", "available", "held", "spent")
    sums = LedgerEntry.objects.aggregate(**{part: Sum(part) for part in parts})
    holding = sum(job.on_hold for job in Job.objects.all())
    for part in parts:
        if getattr(budget, part) != sums[part]:
            yield f"{part}: {getattr(budget, part)} in the budget, {sums[part]} in the entries"
    if budget.held != holding:
        yield f"{budget.held} held, {holding} by living jobs"


def _books(_plan):
    yield from books()
    for job in Job.objects.exclude(status=S.UNCERTAIN):
        yield from _entries(job)


def _entries(job):
    entries = LedgerEntry.objects.filter(job=job)
    kinds = Counter(entries.values_list("kind", flat=True))
    paid = job.quoted * job.takes.count() // job.order.count
    expected = {"hold": 1, **({"charge": 1} if paid else {})}
    if paid < job.quoted:
        expected["release"] = 1
    if kinds != expected or job.charged != paid:
        yield f"{job} is {job.status}, charged {job.charged}, with {dict(kinds)}"


def _sent(_plan):
    """Providers that take money never got an order twice, and none of their takes is lost."""
    for slug in REMOTE:
        yield from _sent_to(registry.all_providers()[slug])
    for reference in lines(registry.all_providers()["painter"].folder / "two-at-once"):
        yield f"{reference} was rendered by two workers at once"


def _sent_to(remote):
    accepted = lines(remote.accepted)
    for reference, times in Counter(accepted).items():
        if times > 1:
            yield f"{reference} was sent {times} times"
    jobs_of = dict(Attempt.objects.values_list("reference", "job_id"))
    for pk, times in Counter(jobs_of[reference] for reference in accepted).items():
        job = Job.objects.get(pk=pk)
        if times > 1:
            yield f"{job} was accepted {times} times"
        if job.status in {S.FAILED, S.CANCELLED} and not remote.fails(job.order.prompt):
            yield f"{job} is {job.status}, and the provider makes it all the same"


def _rest(_plan):
    if Job.objects.exclude(lease_owner="").exists():
        yield "a lease is left"
    if Job.objects.exclude(problem="").exclude(status=S.UNCERTAIN).exists():
        yield "an ended job has a problem"
