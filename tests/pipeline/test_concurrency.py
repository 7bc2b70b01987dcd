"""Many workers and people at once: no slot is filled twice, nothing deadlocks, the books balance."""

import random

from django.db.models import Sum

from studio.core.errors import StudioError
from studio.core.status import OCCUPIES_A_SLOT, TERMINAL, JobStatus
from studio.models import Budget, Clip, Event, Job, LedgerEntry, Member, Project, Take
from studio.pipeline import drive, line, pace
from studio.services import jobs
from tests.factories import (
    make_job,
    make_lane,
    make_member,
    make_painting,
    make_price,
    make_project,
)
from tests.houses import in_threads

S = JobStatus
WORKERS = 4
PEOPLE = 4


def lanes(slots=2):
    for provider in ("painter", "paid"):
        make_lane(provider, slots=slots)
        make_price(provider=provider, credits_per_second=1)
    member = make_member("admin")
    make_project(member.team)
    return member.pk


class TestFill:
    def test_slots_are_never_exceeded(self, any_house):
        def race():
            author = Member.objects.get(pk=lanes())
            for _ in range(8):
                make_job(author=author, order=make_painting())
            sent = sum(in_threads(6, lambda _number: len(line.fill("painter"))))
            return sent, Job.objects.filter(status__in=OCCUPIES_A_SLOT).count()

        assert any_house.inside(race) == (2, 2)


def person(number, member_pk):
    """Orders, cancels, retries, edits and reorders at random; says how much was possible."""
    dice = random.Random(number)
    member, project = Member.objects.get(pk=member_pk), Project.objects.get()
    done = 0
    for _ in range(12):
        job = Job.objects.order_by("?").first()
        acts = [
            lambda: jobs.order(member, project, make_painting(dice.choice(["painter", "paid"])))
        ]
        if job:
            acts += [
                lambda job=job: jobs.cancel(member, job),
                lambda job=job: jobs.try_again(member, job),
                lambda job=job: jobs.edit(member, job, make_painting(duration=dice.randint(1, 9))),
                lambda job=job: jobs.reorder(member, job, before=None),
                lambda job=job: job.touch(),
            ]
        try:
            dice.choice(acts)()
        except StudioError:
            continue
        done += 1
    return done


def worker(_number):
    for _ in range(12):
        decisions = drive.catch_up()
        while decisions:
            decisions += drive.take(decisions.pop(0))


def everybody(number, member_pk):
    pace.after = lambda _age: 0
    return worker(number) if number < WORKERS else person(number, member_pk)


def finish():
    """Take every job to its end, and add up what is left."""
    pace.after = lambda _age: 0
    for _ in range(99):
        if not Job.objects.exclude(status__in=TERMINAL).exists():
            break
        worker(0)
    parts = ("granted", "available", "held", "spent")
    sums = LedgerEntry.objects.aggregate(**{part: Sum(part) for part in parts})
    budget = Budget.objects.get()
    return {
        "open": list(Job.objects.exclude(status__in=TERMINAL).values_list("status", "problem")),
        "held": budget.held,
        "books": all(getattr(budget, part) == sums[part] for part in parts),
        "takes": Take.objects.count() - Job.objects.filter(status=S.SUCCEEDED).count(),
        "tiles": sum(not _is_right(clip) for clip in Clip.objects.all()),
    }


def _is_right(clip):
    newest = Event.objects.filter(clip=clip).latest("pk")
    return clip.state in TERMINAL and clip.rev == newest.pk


class TestEverybodyAtOnce:
    def test_nothing_deadlocks_and_the_books_balance(self, any_house):
        member = any_house.inside(lanes)
        done = any_house.together(WORKERS + PEOPLE, everybody, member)
        assert len(done) == WORKERS + PEOPLE
        assert any_house.inside(finish) == {
            "open": [], "held": 0, "books": True, "takes": 0, "tiles": 0,
        }  # fmt: skip

    def test_threads_of_one_process(self, any_house):
        member = any_house.inside(lanes)
        any_house.inside(lambda: in_threads(6, lambda number: everybody(number, member)))
        assert any_house.inside(finish)["books"]
