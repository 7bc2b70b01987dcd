"""Ledgers for tests of costs: months of entries of every kind, with whatever names there are."""

from contextlib import contextmanager
from datetime import datetime, timedelta
from unittest import mock
from zoneinfo import ZoneInfo

from django.utils import timezone

from studio import ledger
from studio.core.money import MICRO
from studio.core.status import JobStatus
from studio.models import Clip, Job, Project, User
from tests.factories import make_job, make_member, make_price, make_team

FORMULAS = ["=1+1", "+49 30", "-2", "@SUM(A1)", "\tx", "\rx", "＝1", "  =1"]  # noqa: RUF001
OTHERS = ['"; DROP TABLE', "a,b;c", "line\nbreak", "#N/A", "#DIV/0!", "007", "1e5", "TRUE", "🎬 Süß",
          "<b>&amp;", "\x01\x0b", "x" * 80, "'quoted", " "]  # fmt: skip
HOSTILE = [*FORMULAS, *OTHERS]


@contextmanager
def at(moment: datetime):
    """What is booked in it is booked then."""
    with mock.patch.object(timezone, "now", return_value=moment):
        yield


def noon(day: str, zone: str = "UTC") -> datetime:
    return datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=ZoneInfo(zone))


def make_books(*, zone: str = "UTC", names=(), price: int = 3, credits: int = 100_000):
    """A team with a grant in October and, for each name, a charged, a refunded and a corrected job.

    Returns an admin of it. Jobs cost some credits and a third of one.
    """
    with at(noon("2026-10-02", zone)):
        team = make_team(credits=0)
        team.time_zone = zone
        team.credit_price = 12_345
        team.save()
        ledger.grant(team, credits * MICRO, actor=None, cause="first")
        make_price(credits_per_second=price)
        admin = make_member("admin", team=team)
    for number, name in enumerate(names or ["Red door"]):
        with at(noon("2026-10-05", zone) + timedelta(hours=number % 36)):
            _jobs_called(admin, name)
    return admin


def _jobs_called(admin, name: str) -> None:
    author = make_member(team=admin.team, name=name[:80])
    job = make_job(JobStatus.QUEUED, author=author)
    Clip.objects.filter(pk=job.clip_id).update(title=name[:120])
    ledger.settle(job, charge=1_333_333, cause=name[:200])
    Job.objects.filter(pk=job.pk).update(status=JobStatus.SUCCEEDED)
    make_job(JobStatus.FAILED, author=author)
    job = make_job(JobStatus.SUCCEEDED, author=author)
    ledger.refund(job, 700_001, native=700_001, cause=name[:200], actor=admin)
    job.refresh_from_db()
    ledger.correct(job, 13, native=13, cause=name[:200], actor=admin)
    make_job(JobStatus.RUNNING, author=author)


def rename_everything(team) -> None:
    Clip.objects.filter(team=team).update(title="Another name")
    Project.objects.filter(team=team).update(name="Another project")
    User.objects.filter(memberships__team=team).update(name="Another person")
    team.name, team.time_zone = "Another team", "Asia/Tokyo"
    team.save()


def charged_jobs(team) -> list[Job]:
    return list(Job.objects.filter(team=team, charged__gt=0).order_by("pk"))
