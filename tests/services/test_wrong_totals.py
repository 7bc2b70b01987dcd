"""The audit's look at totals, and the command that makes them anew: each way to break one is named."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from studio.core.status import JobStatus
from studio.ledger import totals
from studio.models import DailyTotal, Day, LedgerEntry
from studio.services import audit
from studio.services.audit.totals import wrong_totals
from tests.factories import make_job, make_member, make_painting, make_price, make_take, make_team

EVER = (date(1990, 1, 1), date(2090, 1, 1))


@pytest.fixture
def author(db):
    make_price(provider="painter", credits_per_second=10)
    author = make_member(team=make_team(credits=100, name="North"))
    make_take(make_job(JobStatus.SUCCEEDED, author=author, order=make_painting()))
    totals.refresh(author.team, *EVER)
    return author


# What is done to the tables as SQL, and what the audit says of it.
BREAKS = {
    "money": (
        "UPDATE studio_dailytotal SET spent = spent + 1, charged = charged + 1 WHERE charged > 0",
        "charged is 10.000001, by its entries 10",
    ),
    "a count": ("UPDATE studio_dailytotal SET takes = 7 WHERE takes > 0", "takes is 7, by its entries 1"),
    "another outcome": (
        "UPDATE studio_dailytotal SET outcome = 'approved' WHERE charged > 0", "divided otherwise",
    ),
    "a row gone": ("DELETE FROM studio_dailytotal WHERE granted > 0", "granted is 0, by its entries 100"),
    "times gone": ("UPDATE studio_dailytime SET jobs = 9", "how long jobs took"),
    "a day nobody knows": ("DELETE FROM studio_day", "has entries, and is no day of its books"),
    "a decision behind the studio's back": ("UPDATE studio_take SET review = 'rejected'", "divided otherwise"),
}  # fmt: skip


class TestAudit:
    def test_a_studio_in_order(self, author):
        assert list(wrong_totals()) == []

    def test_it_is_part_of_the_audit(self, author):
        Day.objects.all().delete()
        assert any(
            finding.check == "totals" and f"team {author.team_id}" in finding.message
            for finding in audit.findings(with_files=False)
        )

    @pytest.mark.parametrize(("statement", "told"), BREAKS.values(), ids=BREAKS)
    def test_what_is_broken_is_named(self, author, statement, told):
        make_timed(author)
        with connection.cursor() as cursor:
            cursor.execute(statement)
        sentences = list(wrong_totals())
        assert any(told in sentence for sentence in sentences), sentences
        assert str(LedgerEntry.objects.latest("pk").day) in sentences[0]

    def test_a_total_that_is_there_twice(self, author):
        row = DailyTotal.objects.get(charged__gt=0)
        row.pk = None
        row.save()
        assert "more totals than combinations, 1 too many" in next(wrong_totals())

    def test_a_total_of_a_day_that_is_none(self, author):
        DailyTotal.objects.create(team=author.team, day=date(2020, 1, 1), spent=1)
        assert next(wrong_totals()).startswith(f"2020-01-01 of team {author.team_id} has totals")

    def test_what_waits_to_be_made_is_not_wrong(self, author):
        DailyTotal.objects.all().delete()
        Day.objects.update(stale=True)
        assert list(wrong_totals()) == []

    def test_an_error_of_whoever_makes_them_is_found_by_the_sums(self, author, monkeypatch):
        real = totals.making._money
        monkeypatch.setattr(totals.making, "_money", lambda moved: (*real(moved)[:-1], 1))
        list(totals.rebuild(author.team))
        (sentence,) = wrong_totals()
        assert sentence.startswith(f"Team {author.team_id}: spent of all days is")


def make_timed(author):
    """A job that says how long it took."""
    job = author.team.jobs.get()
    type(job).objects.update(
        started_at=job.created_at - timedelta(minutes=2), ended_at=job.created_at
    )
    list(totals.rebuild(author.team))


def run(*arguments):
    out = StringIO()
    call_command("totals", *arguments, stdout=out, stderr=out)
    return out.getvalue()


class TestCommand:
    def test_check(self, author):
        assert run("--check") == "All totals are what the ledger says.\n"

    def test_check_names_days_and_says_no(self, author, capsys):
        DailyTotal.objects.all().delete()
        with pytest.raises(SystemExit, match="1"):
            call_command("totals", "--check")
        assert str(LedgerEntry.objects.latest("pk").day) in capsys.readouterr().out

    def test_rebuild(self, author):
        DailyTotal.objects.all().delete()
        assert (
            run("--rebuild", "--team", "North")
            == "North: the totals are made anew, day by day: 1.\n"
        )
        assert run("--check", "--team", "North")

    def test_a_team_that_is_not_there(self, author):
        with pytest.raises(CommandError, match="--team must be one of North, not “South”"):
            run("--check", "--team", "South")

    def test_both_or_neither(self, author):
        for arguments in ((), ("--check", "--rebuild")):
            with pytest.raises(CommandError):
                run(*arguments)
