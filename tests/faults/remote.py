"""Workers of a remote provider that are killed with -9, while the provider itself misbehaves.

The stand-in runs in the test's own process, so it outlives every worker, and its count of what it
was asked to make is the one that ours is held against.
"""

import os
import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

from django.test.utils import override_settings
from django.utils import timezone

from studio.core.orders import Order
from studio.core.status import TERMINAL, JobStatus
from studio.models import Attempt, Event, Job, Lane, LedgerEntry, Member, Project, Take
from studio.pipeline import drive, lease, pace, problems
from studio.providers.accounts import Account
from studio.providers.remote import Remote
from studio.services import jobs, rates
from tests.factories import make_lane, make_member, make_price, make_project
from tests.faults.crashing import Killer, books
from tests.houses import end
from tests.standin.server import Standin

S = JobStatus
PRICE = 70_000  # native micro-units for each second
MOST_ROUNDS = 40
LAST_POINT = 420

# What may go wrong, by the stage it goes wrong at; the empty word is nothing, and as likely as all.
SCRIPT = {
    "create": ["accept_close", "accept_500", "accept_502", "accept_504", "accept_truncated",
               "accept_html", "accept_no_id", "close", "refused", "moderated", "busy", "key",
               "money", "replay_429", "replay_4xx"],
    "poll": ["backwards", "html", "500", "429", "truncated", "close"],
    "link": ["404_once", "404_forever", "short", "html", "none"],
    "cost": ["missing", "higher"],
    "end": ["fail", "moderated", "partial", "never"],
}  # fmt: skip
# With these the job cannot end by itself: it keeps its hold until a person has looked.
KEEPS = {("link", "404_forever"), ("link", "html"), ("link", "none"), ("end", "never")}


@dataclass
class Plan:
    """What one seed does: what is said in each prompt, and where each life is killed."""

    seed: int
    key: str
    prompts: list[str] = field(default_factory=list)
    lives: list[list[int]] = field(default_factory=list)

    @classmethod
    def of(cls, seed, *, key):
        dice = random.Random(f"remote {seed}")
        prompts = [f"Door {number}{_said(dice)}." for number in range(dice.randint(1, 3))]
        lives = [
            [dice.randint(1, LAST_POINT) for _ in range(dice.choice([1, 1, 2]))]
            for _ in range(dice.randint(1, 3))
        ]
        return cls(seed=seed, key=key, prompts=prompts, lives=lives)


def _said(dice):
    stages = [stage for stage in SCRIPT if dice.random() < 0.45]
    return "".join(f" {stage}={dice.choice(SCRIPT[stage])}" for stage in stages)


def remote(dialect, address, key, folder):
    account = Account(key=key, base_url=address, slots=2)
    return Remote(dialect, account=lambda: account, scratch=folder / "scratch")


def found(dialect):
    """A team that can pay for everything, a lane with two slots, and a price in their unit."""
    make_lane(dialect.slug, slots=2)
    make_price(provider=dialect.slug, amount=PRICE, unit=dialect.unit)
    rates.set_studio_rate(unit=dialect.unit, price=10**10, source="test")
    make_project(make_member("admin").team)


def order_for(dialect, prompt):
    """The first model that needs no picture, with as many takes as it can give."""
    able = next(able for able in dialect.capabilities if "first_frame" not in able.needs)
    settings = {**able.defaults(), "duration": 5}
    if able.param("count"):
        settings["count"] = 4
    if able.scene:
        settings["scene_link"] = "https://files.example/cell.glb"
    return Order(provider=dialect.slug, model=able.model, prompt=prompt, settings=settings)


def hurry():
    """No pause is worth waiting for here, and loopback is where the provider is."""
    override_settings(ALLOW_PRIVATE=["127.0.0.0/8"]).enable()
    pace.PAUSES, pace.LONGEST_PAUSE, pace.UNAVAILABLE_PAUSE = (), 0, 0
    pace.FIRST_SEARCH = pace.LONGEST_SEARCH = pace.LONGEST_ASKED_PAUSE = 0
    problems.FIRST_PAUSE_SECONDS = problems.LONGEST_PAUSE_SECONDS = 0
    problems.MOST_TRIES = 12


def live(_number, plan, dialect, kill_at, mutate):
    hurry()
    mutate()
    if kill_at:
        Killer(kill_at).arm()
    lease.free_the_dead()
    for _ in range(MOST_ROUNDS):
        _resume()
        _work()
        if not Job.objects.exclude(status__in=TERMINAL).exclude(next_step_at=None).exists():
            return
        os.sched_yield()


def _resume():
    """The admin has put in another key, or money; and nobody waits for a provider's pauses."""
    Lane.objects.update(pause="", paused_for="", paused_at=None, busy_until=None)
    soon = Job.objects.exclude(status__in=TERMINAL).filter(next_step_at__gt=timezone.now())
    soon.filter(lease_until=None).update(next_step_at=timezone.now() - timedelta(seconds=1))


def order(plan, dialect):
    member, project = Member.objects.get(), Project.objects.get()
    for prompt in plan.prompts:
        jobs.order(member, project, order_for(dialect, prompt))


def _work():
    decisions = drive.catch_up()
    while decisions:
        decisions += drive.take(decisions.pop(0))


def crash_and_recover(house, standin: Standin, plan, mutate=lambda: None):
    """Run one plan; return what is wrong in the end, in sentences."""
    dialect = standin.dialect
    house.inside(order, plan, dialect)
    for life in plan.lives:
        children = [
            house.start(live, number, plan, dialect, at, mutate) for number, at in enumerate(life)
        ]
        for child in children:
            end(*child)
    house.inside(live, 0, plan, dialect, 0, mutate)
    return house.inside(wrong, plan, standin.of(plan.key))


def wrong(plan, made):
    checks = (_nothing_lost, _sent_once, _bill, _takes)
    found = [sentence for check in checks for sentence in check(plan, made)]
    return [*found, *books()]


def _script(job):
    return dict(pair.rstrip(".").split("=") for pair in job.order.prompt.split() if "=" in pair)


def _nothing_lost(plan, made):
    """Every job ended, or says why it waits with its hold in place."""
    if Job.objects.count() < len(plan.prompts):
        yield f"{Job.objects.count()} jobs of {len(plan.prompts)}"
    accepted = _accepted(made)
    for job in Job.objects.exclude(status__in=TERMINAL):
        unsure = job.status == S.UNCERTAIN and job.attempts.filter(outcome="").exists()
        keeps = any((stage, word) in KEEPS for stage, word in _script(job).items())
        if not (unsure or (keeps and job.status in {S.RUNNING, S.SAVING} and accepted[job.pk])):
            yield f"{job} hangs: {job.status} ({job.problem}), {job.order.prompt}"
    for job in Job.objects.filter(status__in=TERMINAL):
        ends = Event.objects.filter(job=job, status__in=TERMINAL).count()
        if ends != 1:
            yield f"{job} ended {ends} times"


def _accepted(made):
    """How often the provider accepted an order of each job."""
    owners = dict(Attempt.objects.values_list("reference", "job_id"))
    by_remote = dict(Attempt.objects.exclude(remote_id="").values_list("remote_id", "job_id"))
    prompts = {job.order.prompt: job.pk for job in Job.objects.all()}
    return Counter(
        owners.get(one.sending.reference)
        or by_remote.get(one.remote_id)
        or prompts[one.sending.order.prompt]
        for one in made
    )


def _sent_once(_plan, made):
    for pk, times in _accepted(made).items():
        if times > 1:
            yield f"Job {pk} was accepted {times} times"


def _bill(_plan, made):
    """What the provider takes for a job is what we charged, once it ended; held until then."""
    billed = {one.sending.order.prompt: one.billed for one in made}
    for job in Job.objects.all():
        charges = LedgerEntry.objects.filter(job=job, kind="charge").values_list(
            "native", flat=True
        )
        charged, bill = sum(charges), billed.get(job.order.prompt, 0)
        if job.status in TERMINAL and charged != bill:
            yield f"{job} is {job.status}: billed {bill}, charged {charged}, {job.order.prompt}"
        if job.status not in TERMINAL and (charged or job.on_hold != job.quoted):
            yield f"{job} is {job.status}, charged {charged}, holds {job.on_hold}"


def _takes(_plan, made):
    good = {one.sending.order.prompt: one.good for one in made}
    for job in Job.objects.all():
        expected = good.get(job.order.prompt, 0) if job.status == S.SUCCEEDED else 0
        if Take.objects.filter(job=job).count() != expected:
            yield f"{job} is {job.status} and has {Take.objects.filter(job=job).count()} takes"
