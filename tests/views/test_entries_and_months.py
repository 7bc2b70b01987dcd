"""The ledger's page, its files, and closing months, as people meet them."""

import csv
import io
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from studio import ledger
from studio.models import ClosedMonth, LedgerEntry
from studio.views import lane_of_downloads
from tests.books import at, charged_jobs, make_books, noon
from tests.factories import make_job, make_member, make_project, make_team

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    member = make_books(names=["Red door", "Blue door"])
    client.force_login(member.user)
    return member


def stranger(**fields):
    member = make_member("admin", **fields)
    make_project(member.team)
    return member


def htmx(target):
    return {"HX-Request": "true", "HX-Target": f"div#{target}"}


def body(response) -> str:
    return b"".join(response.streaming_content).decode("utf-8-sig")


class TestLedger:
    def test_tells_all_of_an_entry(self, client, admin):
        page = client.get(reverse("costs-ledger"), {"kind": "refund"}).content.decode()
        job = charged_jobs(admin.team)[1]
        for words in (job.clip.title, f"job {job.pk}", str(job.author), "Animatic", "−0.700001",
                      "0.700001 credit", "1 cr = 0.012345 USD", "2 entries"):  # fmt: skip
            assert words in page, words

    def test_what_can_not_be_read_is_left_out_said_and_kept_in_its_field(self, client, admin):
        page = client.get(reverse("costs-ledger"), {"job": "seven", "kind": "grant"})
        text = page.content.decode()
        assert page.status_code == 200
        assert "Job must be the number of a job of the team, not “seven”. It is left out." in text
        assert 'value="seven"' in text
        assert "1 entry" in text

    def test_htmx_gets_the_part(self, client, admin):
        answer = client.get(reverse("costs-ledger"), headers=htmx("entries"))
        assert answer.content.decode().strip().startswith('<div class="stack stack-4" id="entries"')

    def test_sums_of_many_jobs_come_after_the_page(self, client, admin):
        asked = {"provider": "animatic"}
        page = client.get(reverse("costs-ledger"), asked).content.decode()
        assert "Adding up" in page
        assert 'hx-get="/costs/ledger/?provider=animatic" hx-trigger="load"' in page
        count = LedgerEntry.objects.filter(job__provider="animatic").count()
        part = client.get(reverse("costs-ledger"), asked, headers=htmx("entry-sums"))
        assert part.content.decode().strip().startswith('<section class="panel" id="entry-sums"')
        for answer in (part, client.get(reverse("costs-ledger"), {**asked, "sums": "now"})):
            text = answer.content.decode()
            assert f"{count} entries" in text
            assert "Adding up" not in text

    def test_goes_on_where_a_page_ends_with_the_same_filter(self, client, admin, monkeypatch):
        monkeypatch.setattr("studio.reports.entries.PAGE", 3)
        page = client.get(reverse("costs-ledger"), {"kind": "hold"})
        before = page.context["page"].before
        assert f"?kind=hold&amp;before={before}" in page.content.decode()
        older = client.get(reverse("costs-ledger"), {"kind": "hold", "before": str(before)})
        keys = [
            entry.pk for entry in (*page.context["page"].entries, *older.context["page"].entries)
        ]
        assert keys == sorted(keys, reverse=True)
        assert len(set(keys)) == 6

    def test_number_of_queries_does_not_grow(self, client, admin, django_assert_max_num_queries):
        client.get(reverse("costs-ledger"))
        with django_assert_max_num_queries(16) as first:
            client.get(reverse("costs-ledger"), {"kind": "hold"})
        for _ in range(4):
            make_job(author=make_member(team=admin.team))
        with django_assert_max_num_queries(len(first)):
            client.get(reverse("costs-ledger"), {"kind": "hold"})

    def test_nothing_of_another_team(self, client, admin):
        client.force_login(stranger().user)
        page = client.get(reverse("costs-ledger")).content.decode()
        assert "Red door" not in page
        assert "Red door" not in body(client.get(reverse("costs-csv")))


class TestFiles:
    def test_has_what_the_page_shows(self, client, admin):
        answer = client.get(reverse("costs-csv"), {"kind": "refund"})
        assert answer.streaming
        found = list(csv.DictReader(io.StringIO(body(answer), newline="")))
        assert [row["clip"] for row in found] == [
            "A red door in the snow",
            "A red door in the snow",
        ]
        assert answer["Cache-Control"] == "no-store"

    @pytest.mark.parametrize(
        ("route", "ending"),
        [("costs-csv", "ledger.csv"), ("costs-xlsx", "ledger.xlsx"), ("costs-focus", "focus.csv")],
    )
    def test_is_named_after_the_team_and_the_days(self, client, admin, route, ending):
        answer = client.get(reverse(route), {"since": "2026-10-01", "until": "2026-10-31"})
        stem, suffix = ending.split(".")
        assert f"{stem} 2026-10-01 2026-10-31.{suffix}" in answer["Content-Disposition"]
        answer.close()

    def test_what_can_not_be_read_gives_no_file(self, client, admin):
        answer = client.get(reverse("costs-csv"), {"since": "yesterday"})
        assert answer.status_code == 422
        assert "Since must be a day, like 2026-11-30" in answer.content.decode()

    def test_a_place_is_given_back_also_when_nobody_reads_to_the_end(self, client, admin):
        for _ in range(lane_of_downloads.MOST_OF_ONE + 2):
            client.get(reverse("costs-csv")).close()
        waiting = [client.get(reverse("costs-csv")) for _ in range(lane_of_downloads.MOST_OF_ONE)]
        assert client.get(reverse("costs-csv")).status_code == 429
        for answer in waiting:
            answer.close()
        assert client.get(reverse("costs-csv")).status_code == 200


class TestMonths:
    def test_says_what_is_frozen_and_names_what_is_open(self, client, admin):
        page = client.get(reverse("costs-months")).content.decode()
        for words in ("Next: October 2026", "2 jobs of it still hold credits", "generating",
                      "Close October 2026 for good?", "Nobody can open it again."):  # fmt: skip
            assert words in page, words

    def test_closes_the_next_one_for_good(self, client, admin):
        answer = client.post(reverse("month-close"), {"month": "2026-10"}, follow=True)
        page = answer.content.decode()
        row = ClosedMonth.objects.get(team=admin.team)
        assert row.closed_by == admin
        assert row.month == date(2026, 10, 1)
        assert str(admin) in page
        assert "October 2026 is closed." in page
        assert "since=2026-10-01&amp;until=2026-10-31" in page
        again = client.post(reverse("month-close"), {"month": "2026-10"})
        assert again.status_code == 422
        assert "The next month to close is November 2026." in again.content.decode()

    @pytest.mark.parametrize(
        "month", ["", "x", "2026-13", "2026-1", "2026-10-01", "0000-01", "9999-12", "²026-10"]
    )
    def test_nonsense_closes_nothing(self, client, admin, month):
        answer = client.post(reverse("month-close"), {"month": month})
        assert answer.status_code == 422
        assert (
            "must be a month, like 2026-11" in answer.content.decode()
            or "next month to close is October" in answer.content.decode()
        )
        assert not ClosedMonth.objects.exists()

    def test_one_that_is_not_over_can_not_be_closed(self, client):
        member = stranger()
        client.force_login(member.user)
        page = client.get(reverse("costs-months")).content.decode()
        assert "It can be closed when it is over in UTC" in page
        assert 'id="close-month"' not in page
        answer = client.post(reverse("month-close"), {"month": f"{timezone.now():%Y-%m}"})
        assert answer.status_code == 422
        assert "is not over yet" in answer.content.decode()

    def test_an_author_looks_and_has_no_button(self, client, admin):
        client.force_login(make_member("author", team=admin.team).user)
        page = client.get(reverse("costs-months")).content.decode()
        assert "An admin can close it." in page
        assert 'id="close-month"' not in page

    def test_htmx_gets_the_part(self, client, admin):
        answer = client.post(reverse("month-close"), {"month": "2026-10"}, headers=htmx("months"))
        assert answer.content.decode().strip().startswith('<div class="stack stack-4" id="months"')

    def test_what_is_released_later_is_booked_later(self, client, admin):
        client.post(reverse("month-close"), {"month": "2026-10"})
        running = admin.team.jobs.filter(status="running").first()
        with at(noon("2026-10-31")):  # a clock that is behind
            ledger.settle(running, charge=0, cause="late")
        assert running.entries.get(kind="release").day == date(2026, 11, 1)

    def test_number_of_queries_does_not_grow(self, client, admin, django_assert_max_num_queries):
        with django_assert_max_num_queries(20) as first:
            client.get(reverse("costs-months"))
        with at(noon("2026-10-20")):
            for _ in range(4):
                make_job("running", author=make_member(team=admin.team))
        with django_assert_max_num_queries(len(first)):
            client.get(reverse("costs-months"))

    def test_before_anything_is_booked(self, client):
        client.force_login(stranger(team=make_team(credits=0)).user)
        page = client.get(reverse("costs-months")).content.decode()
        assert "Nothing is booked yet, so there is no month to close." in page
