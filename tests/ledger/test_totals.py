"""Totals of days: hand-made numbers for everything that can become of money, and never a stale one."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db.models import Sum
from django.utils import timezone

from studio import ledger
from studio.core.money import MICRO, divided
from studio.core.outcome import Outcome
from studio.core.review import Verdict
from studio.core.status import JobStatus
from studio.ledger import totals
from studio.models import Clip, DailyTime, DailyTotal, Day, LedgerEntry, Role, Team
from studio.pipeline import purge, settle
from studio.services import decisions, looks, notes, stars, tags
from studio.services.audit.totals import wrong_totals
from tests.factories import (
    make_job,
    make_member,
    make_painting,
    make_price,
    make_project,
    make_take,
    make_team,
)

S, Out = JobStatus, Outcome
EVER = (date(1990, 1, 1), date(2090, 1, 1))
MONEY = ("granted", "held", "released", "charged", "refunded", "corrected", "spent")
START = datetime(2026, 3, 10, 12, tzinfo=UTC)


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands, until a test sets it."""

    class Clock:
        now = START

        def at(self, *when):
            self.now = datetime(*when, tzinfo=UTC)

        def days_later(self, count):
            self.now += timedelta(days=count)

    clock = Clock()
    monkeypatch.setattr(timezone, "now", lambda: clock.now)
    return clock


@pytest.fixture
def author(db, clock):
    make_price(provider="painter", credits_per_second=10)
    return make_member(Role.ADMIN, team=make_team(credits=1000))


def refreshed(team, *, on=None):
    """The rows of the team's totals, made anew where they are stale; those of one day `on`."""
    totals.refresh(team, *EVER)
    rows = DailyTotal.objects.filter(team=team).order_by("day", "outcome", "pk")
    return rows.filter(day=on) if on else rows


def by_outcome(team, name, *, on=None):
    """What the totals say of `name` (money in credits) by outcome, without zeros."""
    rows = refreshed(team, on=on).values_list("outcome").annotate(all=Sum(name)).order_by()
    unit = MICRO if name in MONEY else 1
    return {outcome: amount / unit for outcome, amount in rows if amount}


def shoot(author, *, takes=1, charge=None, **job):
    """A job of a second for each take that ends well, with takes of five seconds."""
    row = make_job(
        S.SAVING, author=author, order=make_painting(duration=1, count=max(takes, 1)), **job
    )
    settle.succeed(
        row, charge=charge, write=lambda: [make_take(row, review=_waits(row)) for _ in range(takes)]
    )
    row.refresh_from_db()
    return row


def _waits(job):
    return "" if job.intended else "review"


def say(author, job, *verdicts):
    for take, verdict in zip(job.takes.order_by("index"), verdicts, strict=True):
        if verdict:
            decisions.decide(member=author, take=take, verdict=verdict)


class TestShares:
    @pytest.mark.parametrize("amount", [0, 1, 2, 10, -10, 10**15 + 1])
    @pytest.mark.parametrize("count", [1, 2, 3, 7])
    def test_add_up_and_differ_by_one_at_most(self, amount, count):
        shares = divided(amount, count)
        assert (len(shares), sum(shares)) == (count, amount)
        assert max(shares) - min(shares) <= 1


@pytest.mark.django_db
class TestOutcomes:
    def test_each_take_counts_as_what_became_of_it(self, author):
        job = shoot(author, takes=4)
        say(author, job, Verdict.APPROVE, Verdict.CHANGES, Verdict.REJECT, None)
        each = {Out.APPROVED: 10, Out.CHANGES: 10, Out.REJECTED: 10, Out.UNDECIDED: 10}
        assert by_outcome(author.team, "charged") == each
        assert by_outcome(author.team, "takes") == dict.fromkeys(each, 1)
        assert by_outcome(author.team, "milliseconds") == dict.fromkeys(each, 5000)
        assert by_outcome(author.team, "held") == {Out.APPROVED: 40}
        assert by_outcome(author.team, "jobs") == {Out.APPROVED: 1}

    def test_nobody_looked(self, author):
        shoot(author)
        assert by_outcome(author.team, "spent") == {Out.UNSEEN: 10}

    def test_whoever_looks_is_the_first(self, author):
        job = shoot(author)
        refreshed(author.team)
        looks.seen([job.clip])
        assert by_outcome(author.team, "spent") == {Out.UNDECIDED: 10}
        before = Clip.objects.get().looked_at
        looks.seen([Clip.objects.get()])
        assert Clip.objects.get().looked_at == before

    def test_nobody_has_looked_at_what_was_not_there(self, author):
        job = make_job(S.RUNNING, author=author, order=make_painting())
        looks.seen([job.clip])
        assert Clip.objects.get().looked_at is None

    def test_rehearsals(self, author):
        shoot(author, intended=make_painting().to_json())
        assert by_outcome(author.team, "spent") == {Out.REHEARSAL: 10}

    def test_what_failed_and_was_charged_all_the_same(self, author):
        job = make_job(S.RUNNING, author=author, order=make_painting())
        settle.fail(job, "No.", charge=4 * MICRO)
        assert by_outcome(author.team, "charged") == {Out.FAILED: 4}
        assert by_outcome(author.team, "released") == {Out.FAILED: 6}
        assert by_outcome(author.team, "failed") == {Out.FAILED: 1}

    def test_cancelled(self, author):
        job = make_job(S.QUEUED, author=author, order=make_painting())
        settle.cancel(job, actor=author, when=lambda job: True)
        assert by_outcome(author.team, "released") == {Out.CANCELLED: 10}
        assert by_outcome(author.team, "jobs") == {Out.CANCELLED: 1}
        assert by_outcome(author.team, "failed") == {}

    def test_what_has_not_ended(self, author):
        make_job(S.RUNNING, author=author, order=make_painting())
        assert by_outcome(author.team, "held") == {Out.OPEN: 10}
        assert by_outcome(author.team, "jobs") == {}

    def test_what_waits_for_a_budget_moves_nothing(self, author):
        job = make_job(S.WAITING, author=author, order=make_painting())
        settle.cancel(job, actor=author, when=lambda job: True)
        assert by_outcome(author.team, "jobs") == {}

    def test_success_without_takes(self, author):
        shoot(author, takes=0)
        assert by_outcome(author.team, "spent") == {Out.UNSEEN: 10}
        assert by_outcome(author.team, "takes") == {}

    def test_free_jobs_count_too(self, author):
        make_price(provider="painter", model="painter-1", credits_per_second=0)
        shoot(author)
        assert by_outcome(author.team, "succeeded") == {Out.UNSEEN: 1}
        assert by_outcome(author.team, "spent") == {}

    def test_grants_belong_to_nobody(self, author):
        row = refreshed(author.team).get(granted__gt=0)
        assert row.granted == 1000 * MICRO
        assert (row.project, row.author, row.provider, row.outcome) == (None, None, "", "")


@pytest.mark.django_db
class TestGroups:
    def test_whose_it_is(self, author):
        job = shoot(author)
        row = refreshed(author.team).get(charged__gt=0)
        assert (row.project, row.author, row.provider, row.model, row.template) == (
            job.clip.project, author, "painter", "painter-1", None,
        )  # fmt: skip

    def test_alike_jobs_share_a_row(self, author):
        shoot(author), shoot(author)
        assert refreshed(author.team).get(charged__gt=0).jobs == 2

    def test_how_long_they_took(self, author):
        now = timezone.now()
        for seconds in (98, 99, 400, None):
            started = now - timedelta(seconds=seconds) if seconds else None
            shoot(author, started_at=started)
        refreshed(author.team)
        assert sorted(DailyTime.objects.values_list("provider", "jobs")) == [
            ("painter", 1), ("painter", 2),
        ]  # fmt: skip

    def test_tags_in_the_order_of_their_keys(self, author):
        job = shoot(author)
        tags.mark(author, [job.clip], name="night")
        tags.mark(author, [job.clip], name="client")
        keys = sorted(job.clip.tags.values_list("pk", flat=True))
        assert refreshed(author.team).get(charged__gt=0).tags == ",".join(map(str, keys))
        tags.unmark(author, [job.clip], name="night")
        assert refreshed(author.team).get(charged__gt=0).tags == str(keys[1])

    def test_more_tags_than_a_line_holds(self, author):
        job = shoot(author)
        for number in range(120):
            tags.mark(author, [job.clip], name=f"tag {number}")
        assert len(refreshed(author.team).get(charged__gt=0).tags.split(",")) == 120


@pytest.mark.django_db
class TestMoney:
    def test_what_can_not_be_divided_goes_to_the_first(self, author):
        job = shoot(author, takes=3, charge=10 * MICRO + 2)
        say(author, job, Verdict.APPROVE, Verdict.CHANGES, Verdict.REJECT)
        assert dict(refreshed(author.team).filter(charged__gt=0).values_list("outcome", "charged")) == {
            Out.APPROVED: 3_333_334, Out.CHANGES: 3_333_334, Out.REJECTED: 3_333_334,
        }  # fmt: skip
        ledger.refund(job, 4, native=4, cause="test", actor=None)
        ledger.correct(job, -2, native=2, cause="test", actor=None)
        rows = refreshed(author.team).exclude(outcome="")
        assert dict(rows.values_list("outcome", "refunded")) == {
            Out.APPROVED: 2, Out.CHANGES: 1, Out.REJECTED: 1,
        }  # fmt: skip
        assert dict(rows.values_list("outcome", "corrected")) == {
            Out.APPROVED: -1, Out.CHANGES: -1, Out.REJECTED: 0,
        }  # fmt: skip
        assert rows.aggregate(all=Sum("spent"))["all"] == 10 * MICRO - 4

    def test_a_refund_counts_on_its_own_day_and_changes_no_other(self, author, clock):
        job = shoot(author, takes=2)
        say(author, job, Verdict.APPROVE, None)
        first = clock.now.date()
        before = list(refreshed(author.team, on=first).values())
        clock.days_later(7)
        ledger.refund(job, 3 * MICRO, native=3, cause="test", actor=None)
        later = first + timedelta(days=7)
        assert by_outcome(author.team, "refunded", on=later) == {
            Out.APPROVED: 1.5,
            Out.UNDECIDED: 1.5,
        }
        assert by_outcome(author.team, "spent", on=later) == {
            Out.APPROVED: -1.5,
            Out.UNDECIDED: -1.5,
        }
        assert by_outcome(author.team, "takes", on=later) == {}
        assert by_outcome(author.team, "jobs", on=later) == {}
        assert list(refreshed(author.team, on=first).values()) == before

    def test_an_overrun_is_charged_in_full(self, author):
        shoot(author, charge=15 * MICRO)
        assert by_outcome(author.team, "charged") == {Out.UNSEEN: 15}
        assert by_outcome(author.team, "released") == {}


@pytest.mark.django_db
class TestDays:
    def test_a_day_begins_where_the_team_is(self, author, clock):
        Team.objects.update(time_zone="Europe/Berlin")
        author.team.refresh_from_db()
        clock.at(2026, 3, 10, 22, 59)
        shoot(author)
        clock.at(2026, 3, 10, 23, 1)
        shoot(author)
        assert by_outcome(author.team, "jobs", on=date(2026, 3, 10)) == {Out.UNSEEN: 1}
        assert by_outcome(author.team, "jobs", on=date(2026, 3, 11)) == {Out.UNSEEN: 1}

    @pytest.mark.parametrize(
        ("last", "first"),
        [((2026, 3, 29, 21, 59), (2026, 3, 29, 22, 0)), ((2026, 10, 25, 22, 59), (2026, 10, 25, 23, 0))],
    )  # fmt: skip
    def test_a_day_of_23_hours_and_one_of_25(self, author, clock, last, first):
        Team.objects.update(time_zone="Europe/Berlin")
        author.team.refresh_from_db()
        for when in (last, first):
            clock.at(*when)
            shoot(author)
        day = date(*last[:3])
        assert by_outcome(author.team, "jobs", on=day) == {Out.UNSEEN: 1}
        assert by_outcome(author.team, "jobs", on=day + timedelta(days=1)) == {Out.UNSEEN: 1}

    def test_another_time_zone_moves_nothing_that_was_booked(self, author, clock):
        clock.at(2026, 3, 10, 23, 30)
        shoot(author)
        Team.objects.update(time_zone="Asia/Tokyo")
        author.team.refresh_from_db()
        list(totals.rebuild(author.team))
        assert by_outcome(author.team, "jobs", on=date(2026, 3, 10)) == {Out.UNSEEN: 1}

    def test_a_job_over_midnight_is_held_on_one_and_counts_on_the_other(self, author, clock):
        first = clock.now.date()
        job = make_job(S.SAVING, author=author, order=make_painting())
        assert by_outcome(author.team, "held", on=first) == {Out.OPEN: 10}
        clock.days_later(1)
        settle.succeed(job, charge=None, write=lambda: make_take(job))
        assert by_outcome(author.team, "held", on=first) == {Out.UNSEEN: 10}
        assert by_outcome(author.team, "charged", on=first) == {}
        second = first + timedelta(days=1)
        assert by_outcome(author.team, "charged", on=second) == {Out.UNSEEN: 10}
        assert by_outcome(author.team, "takes", on=second) == {Out.UNSEEN: 1}

    def test_only_the_days_that_are_asked_for(self, author, clock):
        clock.days_later(1)
        shoot(author)
        totals.refresh(author.team, clock.now.date(), clock.now.date())
        assert list(Day.objects.filter(stale=True, team=author.team).values_list("date", flat=True)) == [
            LedgerEntry.objects.earliest("pk").day
        ]  # fmt: skip


@pytest.mark.django_db
class TestWhatChangesThePast:
    """Each is done a week later, and the totals of the first day follow."""

    @pytest.fixture
    def job(self, author, clock):
        job = shoot(author)
        refreshed(author.team)
        clock.days_later(7)
        return job

    def spent(self, author):
        return by_outcome(author.team, "spent", on=START.date())

    def test_a_decision_and_its_undo(self, author, job):
        said = decisions.decide(member=author, take=job.takes.get(), verdict=Verdict.APPROVE)
        assert self.spent(author) == {Out.APPROVED: 10}
        decisions.take_back(member=author, steps=said.steps)
        assert self.spent(author) == {Out.UNDECIDED: 10}

    def test_a_note(self, author, job):
        notes.write(author, job.takes.get(), notes.Said(text="More snow."))
        assert self.spent(author) == {Out.UNDECIDED: 10}

    def test_stars(self, author, job):
        stars.give(author, Clip.objects.get(), 3)
        assert self.spent(author) == {Out.UNDECIDED: 10}

    def test_a_favorite(self, author, job):
        stars.like(author, [Clip.objects.get()], liked=True)
        assert self.spent(author) == {Out.UNDECIDED: 10}

    def test_a_tag(self, author, job):
        tags.mark(author, [job.clip], name="night")
        assert refreshed(author.team, on=START.date()).get(charged__gt=0).tags

    def test_a_clip_that_is_moved(self, author, job):
        other = make_project(author.team)
        Clip.objects.update(project=other)
        ledger.days.of_clips([job.clip_id])
        assert refreshed(author.team, on=START.date()).get(charged__gt=0).project == other

    def test_what_is_deleted_for_good_stays_what_it_was(self, author, job):
        decisions.decide(member=author, take=job.takes.get(), verdict=Verdict.APPROVE)
        before = list(refreshed(author.team, on=START.date()).values(*MONEY, "takes", "outcome"))
        Clip.objects.update(trashed_at=timezone.now() - timedelta(days=31))
        assert purge.purge() == 1
        assert not job.takes.exists()
        list(totals.rebuild(author.team))
        after = list(refreshed(author.team, on=START.date()).values(*MONEY, "takes", "outcome"))
        assert after == before


@pytest.mark.django_db
class TestRefresh:
    def test_what_is_not_stale_is_left_alone(self, author, django_assert_num_queries):
        refreshed(author.team)
        with django_assert_num_queries(1):
            totals.refresh(author.team, *EVER)

    def test_as_many_statements_for_a_hundred_jobs_as_for_one(
        self, author, django_assert_num_queries
    ):
        shoot(author)
        with django_assert_num_queries(12):
            totals.refresh(author.team, *EVER)
        for _ in range(9):
            shoot(author, takes=2)
        with django_assert_num_queries(12):
            totals.refresh(author.team, *EVER)

    def test_the_background_takes_the_latest_days_first(self, author, clock, monkeypatch):
        monkeypatch.setattr(totals, "MOST_AT_ONCE", 1)
        clock.days_later(1)
        shoot(author)
        assert totals.catch_up() == 1
        assert not Day.objects.get(team=author.team, date=clock.now.date()).stale
        assert totals.catch_up() == 1
        assert totals.catch_up() == 0

    def test_rebuild_finds_days_that_nobody_knew(self, author):
        shoot(author)
        Day.objects.all().delete()
        DailyTotal.objects.create(team=author.team, day=date(2020, 1, 1), spent=1)
        assert len(list(totals.rebuild(author.team))) == 1
        assert by_outcome(author.team, "spent") == {Out.UNSEEN: 10}
        assert list(wrong_totals()) == []
