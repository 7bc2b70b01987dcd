"""What SQL suspects is what differs when a day is made anew, whatever was touched."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as DjangoCase

from studio import ledger
from studio.core.money import MICRO
from studio.core.status import JobStatus
from studio.ledger import totals
from studio.ledger.totals.making import KEYS, NUMBERS, made, stored
from studio.models import (
    Clip,
    DailyTime,
    DailyTotal,
    Day,
    Job,
    LedgerEntry,
    Template,
    TemplateVersion,
)
from studio.pipeline import settle
from studio.services import tags
from studio.services.audit.suspects import is_suspect
from studio.services.audit.totals import wrong_totals
from tests.factories import make_job, make_member, make_painting, make_price, make_take, make_team

S = JobStatus


def shot(author, *, takes, charge, end=S.SUCCEEDED, **fields):
    """A job that took two minutes and some microseconds."""
    job = make_job(S.SAVING, author=author, order=make_painting(count=max(takes, 1)), **fields)
    if end == S.SUCCEEDED:
        settle.succeed(job, charge=charge, write=lambda: [make_take(job) for _ in range(takes)])
    elif end == S.FAILED:
        settle.fail(job, "No.", charge=charge)
    job.refresh_from_db()
    if job.ended_at:
        began = job.ended_at - timedelta(seconds=120, microseconds=7 * job.pk)
        Job.objects.filter(pk=job.pk).update(started_at=began)
    return job


def open_studio():
    """Jobs of every outcome, in odd amounts, of which some came back; and one whose takes are gone."""
    make_price(provider="painter", credits_per_second=10)
    author = make_member(team=make_team(credits=1000, name="North"))
    several = shot(author, takes=3, charge=20 * MICRO + 1)
    ledger.refund(several, 7 * MICRO + 2, native=1, cause="test", actor=None)
    ledger.correct(several, -MICRO - 1, native=1, cause="test", actor=None)
    ledger.correct(several, 5, native=1, cause="test", actor=None)
    clip = shot(author, takes=1, charge=None).clip
    for name in ("night", "rain"):
        tags.mark(author, [clip], name=name)
    shot(author, takes=0, charge=0, end=S.FAILED)
    shot(author, takes=1, charge=None, intended=make_painting().to_json())
    shot(author, takes=0, charge=None, end=S.SAVING)
    for gone in ([["approved", 5000], ["review", 4999]], [], None):
        job = shot(author, takes=0, charge=11 * MICRO)
        Job.objects.filter(pk=job.pk).update(purged_takes=gone)
    look = Template.objects.create(team=author.team, author=author, name="Look")
    version = TemplateVersion.objects.create(template=look, number=3, text="{{a}}", author=author)
    Job.objects.filter(pk=several.pk).update(template=version)
    list(totals.rebuild(author.team))


@pytest.fixture
def day(db):
    open_studio()
    return Day.objects.get()


# What may be changed behind the studio's back: in what is stored, and in what it is made from.
STORED = [f"UPDATE studio_dailytotal SET {name} = {name} + 1 WHERE jobs > 0" for name in NUMBERS]
KEYED = [f"UPDATE studio_dailytotal SET {name} = '2' WHERE jobs > 0" for name in KEYS
         if not name.endswith("_id")]  # fmt: skip
UNKEYED = [f"UPDATE studio_dailytotal SET {name} = NULL" for name in KEYS if name.endswith("_id")]
SOURCES = [
    "UPDATE studio_dailytime SET jobs = jobs + 1",
    "UPDATE studio_dailytime SET bucket = bucket + 1",
    "UPDATE studio_dailytime SET provider = 'lab'",
    "DELETE FROM studio_dailytime",
    "DELETE FROM studio_dailytotal WHERE jobs = 0",
    "UPDATE studio_job SET provider = 'lab'",
    "UPDATE studio_job SET model = 'lab'",
    "UPDATE studio_job SET status = 'cancelled' WHERE status = 'succeeded'",
    "UPDATE studio_job SET status = 'succeeded' WHERE status = 'failed'",
    "UPDATE studio_job SET intended = NULL",
    "UPDATE studio_job SET intended = '{}'",
    "UPDATE studio_job SET started_at = NULL",
    "UPDATE studio_job SET ended_at = '2090-01-01 00:00:00' WHERE status = 'succeeded'",
    "UPDATE studio_job SET purged_takes = NULL",
    """UPDATE studio_job SET purged_takes = '[["approved", 5000], ["review", 4998]]'""",
    """UPDATE studio_job SET purged_takes = '[["review", 5000], ["approved", 4999]]'""",
    "UPDATE studio_clip SET looked_at = '2026-01-01 00:00:00'",
    "UPDATE studio_take SET review = 'rejected'",
    'UPDATE studio_take SET review = \'rejected\' WHERE "index" = 1',
    "UPDATE studio_take SET seconds = seconds + 0.001",
    "DELETE FROM studio_tag_clips WHERE tag_id = (SELECT MAX(tag_id) FROM studio_tag_clips)",
    "UPDATE studio_ledgerentry SET kind = 'refund' WHERE kind = 'correction'",
    "UPDATE studio_ledgerentry SET spent = spent + 1, available = available - 1 WHERE kind = 'charge'",
]  # fmt: skip


def change(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


class TestSuspicion:
    def test_what_is_right_is_not_suspected(self, day):
        assert made(day) == stored(day)
        assert not is_suspect(day)

    @pytest.mark.parametrize("statement", [*STORED, *KEYED, *UNKEYED, *SOURCES])
    def test_whatever_is_changed_is_suspected_where_it_differs(self, day, statement):
        change(statement)
        assert is_suspect(day) is (made(day) != stored(day))

    def test_each_of_these_changes_makes_a_difference(self, day):
        """Or else the test above would say nothing."""
        alike = []
        for statement in [*STORED, *KEYED, *UNKEYED, *SOURCES]:
            with transaction.atomic():
                change(statement)
                alike += [statement] if made(day) == stored(day) else []
                transaction.set_rollback(True)
        assert alike == []

    @pytest.mark.parametrize("model", [DailyTotal, DailyTime])
    def test_a_row_of_nothing(self, day, model):
        fields = {"bucket": 3, "jobs": 0} if model is DailyTime else {}
        model.objects.create(team=day.team, day=day.date, provider="nobody", **fields)
        assert is_suspect(day)

    @pytest.mark.parametrize("model", [DailyTotal, DailyTime])
    def test_a_row_that_is_divided_in_two(self, day, model):
        row = model.objects.filter(jobs__gt=0).first()
        row.pk = None
        row.save()
        for name in NUMBERS if model is DailyTotal else ["jobs"]:
            model.objects.filter(pk=row.pk).update(**{name: 0})
        assert is_suspect(day)


class TestAnyAmounts(DjangoCase):
    @given(
        charges=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 30 * MICRO)), max_size=3),
        later=st.integers(-9, 9), place=st.integers(0, 99), name=st.sampled_from(NUMBERS),
    )  # fmt: skip
    @settings(max_examples=25, deadline=None)
    def test_are_divided_alike_and_a_change_of_one_is_suspected(self, charges, later, place, name):
        make_price(provider="painter", credits_per_second=10)
        author = make_member(team=make_team(credits=1000))
        for takes, charge in charges:
            job = shot(author, takes=takes, charge=charge)
            if later and job.charged + later >= 0:
                ledger.correct(job, later, native=1, cause="test", actor=None)
        list(totals.rebuild(author.team))
        days = list(Day.objects.filter(team=author.team))
        assert not any(map(is_suspect, days))
        rows = list(DailyTotal.objects.filter(team=author.team))
        row = rows[place % len(rows)]
        setattr(row, name, getattr(row, name) + 1)
        row.save()
        assert [day for day in days if is_suspect(day)] == [
            day for day in days if day.date == row.day
        ]


def looked_at():
    """What is suspected of a day that is right, of one that is not, and what the audit says then."""
    day = Day.objects.get()
    before = is_suspect(day), list(wrong_totals())
    Clip.objects.update(looked_at=LedgerEntry.objects.first().created_at)
    return before, is_suspect(day), [sentence.split(": ")[1] for sentence in wrong_totals()]


class TestDatabases:
    def test_say_the_same(self, any_house):
        any_house.inside(open_studio)
        said = ["totals are divided otherwise than its entries and jobs say."]
        assert any_house.inside(looked_at) == ((False, []), True, said)
