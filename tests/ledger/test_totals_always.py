"""Totals are the ledger's after anything that people do, in any order, and while others do more."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from threading import Thread
from unittest import mock

from django.db import connections, transaction
from django.db.models import Sum
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as DjangoCase
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from studio import ledger
from studio.core import outcome
from studio.core.errors import StudioError
from studio.core.money import MICRO, divided
from studio.core.review import Verdict
from studio.core.status import JobStatus
from studio.ledger import totals
from studio.models import DailyTotal, Day, Job, LedgerEntry, Member, Role, Take, Team
from studio.pipeline import settle
from studio.services import decisions, looks, rules, tags
from studio.services.audit.suspects import is_suspect
from studio.services.audit.totals import wrong_totals
from tests.factories import (
    make_done,
    make_job,
    make_member,
    make_painting,
    make_price,
    make_take,
    make_team,
)
from tests.houses import in_threads

S = JobStatus
EVER = (date(1990, 1, 1), date(2090, 1, 1))
OLD = datetime(2020, 1, 1, tzinfo=UTC)


def one_of(rows, number):
    """Any row, chosen by a number that shrinks well; None of none."""
    found = list(rows.order_by("pk"))
    return found[number % len(found)] if found else None


def by_hand():
    """What was spent by outcome, one entry after the other."""
    found = Counter()
    moved = LedgerEntry.objects.exclude(job=None).values_list("job", "day", "kind")
    for job, _, _, spent in moved.annotate(all=Sum("spent")).order_by():
        row = Job.objects.select_related("clip").get(pk=job)
        known = {
            "is_rehearsal": row.intended is not None,
            "was_seen": row.clip.looked_at is not None,
        }
        reviews = row.takes.order_by("index").values_list("review", flat=True)
        outcomes = [outcome.of_take(review, **known) for review in reviews]
        outcomes = outcomes or [outcome.of_job(row.status, **known)]
        for one, share in zip(outcomes, divided(spent, len(outcomes)), strict=True):
            found[str(one)] += share
    return {name: amount for name, amount in found.items() if amount}


class Days(RuleBasedStateMachine):
    """Whatever changes what a day tells of: each step may be the one that forgets to mark it."""

    def __init__(self):
        super().__init__()
        self.point = transaction.atomic()
        self.point.__enter__()
        self.now = datetime(2026, 3, 27, 22, 30, tzinfo=UTC)
        self.clock = mock.patch.object(timezone, "now", side_effect=lambda: self.now)
        self.clock.start()
        make_price(provider="painter", credits_per_second=10, valid_from=OLD)
        self.author = make_member(Role.ADMIN, team=make_team(credits=10_000))
        self.steps = []

    def teardown(self):
        self.clock.stop()
        transaction.set_rollback(True)
        self.point.__exit__(None, None, None)

    @rule(hours=st.integers(1, 200))
    def time_passes(self, hours):
        self.now += timedelta(hours=hours)

    @rule(zone=st.sampled_from(["UTC", "Europe/Berlin", "Pacific/Auckland"]))
    def move(self, zone):
        Team.objects.update(time_zone=zone)
        self.author.refresh_from_db()

    @rule(count=st.integers(1, 3), is_rehearsal=st.booleans())
    def order(self, count, is_rehearsal):
        wanted = make_painting(duration=1, count=count)
        intended = wanted.to_json() if is_rehearsal else None
        make_job(S.SAVING, author=self.author, order=wanted, intended=intended)

    @rule(number=st.integers(0, 9), takes=st.integers(0, 3), charge=st.integers(0, 40 * MICRO))
    def succeed(self, number, takes, charge):
        job = one_of(Job.objects.filter(status=S.SAVING), number)
        if job:
            settle.succeed(job, charge=charge, write=lambda: [make_take(job) for _ in range(takes)])

    @rule(number=st.integers(0, 9), charge=st.integers(0, 20 * MICRO))
    def fail(self, number, charge):
        job = one_of(Job.objects.filter(status=S.SAVING), number)
        if job:
            settle.fail(job, "No.", charge=charge)

    @rule(number=st.integers(0, 9), amount=st.integers(-20 * MICRO, 20 * MICRO))
    def find_out_later(self, number, amount):
        job = one_of(Job.objects.filter(status__in=[S.SUCCEEDED, S.FAILED]), number)
        change = ledger.correct if number % 2 else ledger.refund
        if job:
            try:
                change(job, amount, native=abs(amount), cause="test", actor=None)
            except StudioError:
                assert amount <= 0 or job.charged < amount

    @precondition(lambda self: Take.objects.exists())
    @rule(number=st.integers(0, 9), verdict=st.sampled_from([*Verdict, None]))
    def decide(self, number, verdict):
        take = one_of(Take.objects, number)
        said = decisions.decide(member=self.author, take=take, verdict=verdict)
        self.steps.append(said.steps)

    @precondition(lambda self: self.steps)
    @rule()
    def undo(self):
        decisions.take_back(member=self.author, steps=self.steps.pop())

    @rule(needed=st.integers(1, 2))
    def ask_more_people(self, needed):
        project = self.author.team.projects.first()
        if project:
            rules.set_rule(
                member=self.author, project=project, voters="anybody", needed=needed,
                guests_count=True,
            )  # fmt: skip

    @precondition(lambda self: Job.objects.exists())
    @rule(number=st.integers(0, 9), what=st.sampled_from(["look", "tag", "untag"]))
    def touch(self, number, what):
        clip = one_of(Job.objects, number).clip
        acts = {
            "look": lambda: looks.seen([clip]),
            "tag": lambda: tags.mark(self.author, [clip], name="night"),
            "untag": lambda: tags.unmark(self.author, [clip], name="night"),
        }
        acts[what]()

    @invariant()
    def no_day_that_is_not_marked_differs(self):
        """Then all are made, so that each step by itself has to mark what it changes."""
        assert list(wrong_totals(self.author.team)) == []
        totals.refresh(self.author.team, *EVER)
        days = Day.objects.filter(team=self.author.team)
        assert not days.filter(stale=True).exists()
        assert not any(map(is_suspect, days))
        spent = DailyTotal.objects.exclude(outcome="").values_list("outcome")
        sums = spent.annotate(all=Sum("spent")).order_by()
        assert {name: amount for name, amount in sums if amount} == by_hand()


class TestSequences(Days.TestCase, DjangoCase):
    settings = settings(
        max_examples=25, stateful_step_count=20, deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )  # fmt: skip


def open_house():
    make_price(provider="painter", credits_per_second=1)
    author = make_member(Role.ADMIN, team=make_team(credits=1000))
    for _ in range(4):
        make_done(author, order=make_painting())
    return author.pk


def shoot(author):
    job = make_job(S.SAVING, author=author, order=make_painting())
    settle.succeed(job, charge=None, write=lambda: make_take(job))
    ledger.refund(job, 1, native=1, cause="test", actor=None)


def decide(author):
    for take in Take.objects.order_by("pk")[:4]:
        for verdict in (Verdict.APPROVE, None):
            decisions.decide(member=author, take=take, verdict=verdict)


def tag(author):
    clip = Take.objects.earliest("pk").clip
    tags.mark(author, [clip], name="night")
    tags.unmark(author, [clip], name="night")


def report(author):
    for _ in range(4):
        totals.refresh(author.team, *EVER)


def granted(author):
    ledger.grant(Member.objects.get(pk=author).team, MICRO, actor=None, cause="test")
    connections.close_all()


WORK = (shoot, report, decide, report, tag, report)


class TestAtOnce:
    def test_nothing_that_is_booked_while_totals_are_made_is_missed(self, any_house):
        author = any_house.inside(open_house)

        def race():
            def work(number):
                for _ in range(6):
                    WORK[number](Member.objects.get(pk=author))

            in_threads(len(WORK), work)
            wrong = list(wrong_totals())
            team = Team.objects.get()
            totals.refresh(team, *EVER)
            return wrong, list(wrong_totals()), Day.objects.filter(stale=True).count()

        assert any_house.inside(race) == ([], [], 0)

    def test_who_books_while_a_day_is_read_marks_it_after_that(self, any_house):
        author = any_house.inside(open_house)

        def race():
            team = Member.objects.get(pk=author).team
            grant = Thread(target=granted, args=[author])

            def write(day):
                """Somebody books when all of the day was read already, and has time to do it."""
                real(day)
                grant.start()
                grant.join(timeout=1)

            real, totals.write = totals.write, write
            totals.refresh(team, *EVER)
            grant.join()
            missed = list(wrong_totals())
            totals.write = real
            totals.refresh(team, *EVER)
            rows = DailyTotal.objects.aggregate(all=Sum("granted"))
            return missed, rows["all"]

        assert any_house.inside(race) == ([], 1001 * MICRO)

    def test_pages_that_all_need_the_same_days(self, any_house):
        author = any_house.inside(open_house)

        def race():
            team = Member.objects.get(pk=author).team
            in_threads(8, lambda _: totals.refresh(team, *EVER))
            return list(wrong_totals()), DailyTotal.objects.filter(granted__gt=0).count()

        assert any_house.inside(race) == ([], 1)
