"""What is asked for of a ledger: read from an address, found by an index, added up."""

from datetime import date

import pytest

from studio import ledger
from studio.models import EntryKind, LedgerEntry
from studio.reports import entries
from studio.reports.entries import EntryFilter, Place
from tests.books import at, charged_jobs, make_books, noon
from tests.factories import make_member, make_project

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return make_books(names=["Red door", "Blue door", "Green door"])


def pages(team, wanted):
    place, found = None, []
    while True:
        page = entries.page(team, wanted, before=place)
        found += page.entries
        place = page.before
        if place is None:
            return found
        place = Place.read(str(place))


class TestRead:
    def test_all_that_is_known(self, admin):
        job = charged_jobs(admin.team)[0]
        asked = {"since": "2026-10-01", "until": "2026-10-31", "kind": "refund",
                 "project": str(job.clip.project_id), "member": str(job.author_id),
                 "provider": "animatic", "job": str(job.pk), "before": "x", "other": "y"}  # fmt: skip
        found = EntryFilter.read(admin.team, asked)
        assert found == EntryFilter(
            since=date(2026, 10, 1), until=date(2026, 10, 31), kind="refund",
            project=job.clip.project_id, member=job.author_id, provider="animatic", job=job.pk,
        )  # fmt: skip
        assert (
            EntryFilter.read(admin.team, dict(pair.split("=") for pair in found.query.split("&")))
            == found
        )

    @pytest.mark.parametrize(
        ("name", "value", "words"),
        [
            ("since", "31.12.2026", "Since must be a day, like 2026-11-30, not “31.12.2026”."),
            ("until", "2026-02-30", "Until must be a day"),
            ("kind", "theft", "grant, hold, charge, release, refund or correction, not “theft”"),
            ("project", "x", "Project must be the number of a project of the team"),
            ("project", "9" * 30, "Project must be"),
            ("member", "²", "Member must be"),
            ("provider", "nobody", "Provider must be a provider of the list"),
            ("job", "-1", "Job must be"),
        ],
    )
    def test_what_is_unknown_is_left_out_with_one_sentence(self, admin, name, value, words):
        found = EntryFilter.read(admin.team, {name: value})
        assert found.is_all
        (remark,) = found.remarks
        assert words in remark

    def test_rows_of_another_team_are_unknown(self, admin):
        other = make_member("admin")
        asked = {"project": str(make_project(other.team).pk), "member": str(other.pk)}
        assert len(EntryFilter.read(admin.team, asked).remarks) == 2

    def test_days_the_wrong_way_round(self, admin):
        found = EntryFilter.read(admin.team, {"since": "2026-10-02", "until": "2026-10-01"})
        assert found.remarks == ("Until is before since: no day is in between.",)


class TestPages:
    def test_every_entry_once_newest_first(self, admin, monkeypatch):
        monkeypatch.setattr(entries, "PAGE", 7)
        found = pages(admin.team, EntryFilter())
        newest = LedgerEntry.objects.filter(team=admin.team).order_by("-pk")
        assert found == list(newest)

    @pytest.mark.parametrize(
        "text",
        ["", "x", "2026-10-05", "2026-10-05.x", "2026-13-01.5", ".", "2026-10-05." + "9" * 40],
    )
    def test_no_page_ends_there(self, text):
        assert Place.read(text) is None


class TestFilters:
    def test_by_kind_day_project_and_provider(self, admin):
        team = admin.team
        with at(noon("2026-11-20")):
            ledger.grant(team, 5, actor=admin, cause="more")
        charges = entries.page(team, EntryFilter(kind=EntryKind.CHARGE)).entries
        assert {entry.kind for entry in charges} == {"charge"}
        assert len(charges) == 6
        late = entries.page(team, EntryFilter(since=date(2026, 11, 1))).entries
        assert [entry.cause for entry in late] == ["more"]
        project = charged_jobs(team)[0].clip.project_id
        assert (
            entries.sums(team, EntryFilter(project=project)).count
            == entries.sums(team, EntryFilter()).count - 2
        )
        assert entries.sums(team, EntryFilter(provider="runware")).count == 0

    def test_a_person_is_who_ordered_or_did_what_has_no_job(self, admin):
        author = charged_jobs(admin.team)[0].author
        ledger.grant(admin.team, 5, actor=admin, cause="more")
        theirs = entries.page(admin.team, EntryFilter(member=author.pk)).entries
        assert {entry.job.author for entry in theirs} == {author}
        assert [
            entry.cause for entry in entries.page(admin.team, EntryFilter(member=admin.pk)).entries
        ] == ["more"]

    @pytest.mark.parametrize("more", [{}, {"provider": "animatic"}, {"kind": "charge"}])
    def test_another_team_sees_nothing_of_a_project_or_person(self, admin, more):
        stranger, job = make_member("admin"), charged_jobs(admin.team)[0]
        for whose in ({"project": job.clip.project_id}, {"member": job.author_id}):
            wanted = EntryFilter(**whose, **more)
            assert entries.page(admin.team, wanted).entries
            assert entries.page(stranger.team, wanted).entries == []
            assert entries.sums(stranger.team, wanted).count == 0

    def test_sums_are_those_of_all_pages(self, admin, monkeypatch):
        monkeypatch.setattr(entries, "PAGE", 5)
        for wanted in (
            EntryFilter(),
            EntryFilter(kind="charge"),
            EntryFilter(until=date(2026, 10, 4)),
        ):
            found, sums = pages(admin.team, wanted), entries.sums(admin.team, wanted)
            assert sums.count == len(found)
            for part in entries.PARTS:
                assert getattr(sums, part) == sum(getattr(entry, part) for entry in found)
