"""Bringing, reading, booking and removing bills: once each, and all or nothing."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.files.storage import default_storage

from studio import ledger
from studio.core.bills.columns import Columns
from studio.core.errors import BudgetExceeded, InvalidBill, NotAllowed, StudioError, TooLate
from studio.core.money import MICRO, PICO
from studio.models import Bill, BillLine, Budget, Clip, Day, Job, LedgerEntry, Rate
from studio.reports.bills import table_of
from studio.services import bills
from tests.bills import COLUMNS, MONTH, as_csv, bring, charged_jobs, read_bill, read_now, removed
from tests.factories import make_member, make_team
from tests.houses import in_threads

NOVEMBER = {"starts_on": date(2026, 11, 1), "ends_on": date(2026, 11, 30)}


@pytest.fixture
def member(db):
    return make_member("admin")


@pytest.fixture
def rows(member):
    return charged_jobs(member, [350_000] * 4)


def dearer(row, by=70_000):
    return replace(row, native=row.native + by)


def differing(bill, kind):
    return list(bill.lines.filter(difference=kind).order_by("pk"))


def balances(team):
    budget = Budget.objects.get(team=team)
    assert budget.granted == budget.available + budget.held + budget.spent
    return budget.available


class TestBringing:
    def test_the_same_file_is_not_read_twice(self, member, rows, tmp_path):
        bring(member, as_csv(rows), tmp_path)
        with pytest.raises(InvalidBill, match="The same file is here already, as “november"):
            bring(member, as_csv(rows), tmp_path, name="again.csv")
        assert Bill.objects.count() == 1

    def test_what_is_no_table_is_not_kept(self, member, tmp_path):
        with pytest.raises(InvalidBill):
            bring(member, b"%PDF-1.7", tmp_path)
        assert not Bill.objects.exists()

    def test_one_with_too_many_rows_is_not_kept(self, member, rows, tmp_path, monkeypatch):
        monkeypatch.setattr("studio.core.bills.table.MOST_ROWS", 3)
        bring(member, as_csv(rows[:3]), tmp_path)
        with pytest.raises(InvalidBill, match="more than 3 rows; divide it into several bills"):
            bring(member, as_csv(rows), tmp_path, name="long.csv")
        assert Bill.objects.count() == 1

    def test_only_who_runs_the_studio_brings_one(self, member, rows, tmp_path):
        """An account is the whole studio's."""
        other = make_member("admin")
        bill = bring(member, as_csv(rows), tmp_path)
        for act in (
            lambda: bills.upload(other, "runware", None),
            lambda: bills.read(other, bill, COLUMNS),
            lambda: bills.remove(other, bill),
            lambda: bills.upload(make_member(team=member.team), "runware", None),
        ):
            with pytest.raises(NotAllowed):
                act()


class TestReading:
    def test_the_days_are_those_of_its_lines(self, member, rows, tmp_path):
        bill = read_bill(member, rows, tmp_path)
        assert (bill.starts_on, bill.ends_on) == (rows[0].at.date(), rows[-1].at.date())
        assert bill.columns == COLUMNS.to_json()

    def test_the_file_goes_once_it_is_read(self, member, rows, tmp_path):
        bill = bring(member, as_csv(rows), tmp_path)
        assert default_storage.exists(bill.file)
        read_now(member, bill)
        assert not default_storage.exists(bill.file)

    def test_half_a_row_leaves_nothing_behind(self, member, rows, tmp_path):
        bill = bring(member, as_csv(rows)[:-20], tmp_path)
        with pytest.raises(InvalidBill, match=r"Row 5 has \d values, the header 5"):
            bills.read(member, bill, COLUMNS)
        bill.refresh_from_db()
        assert (bill.read_at, BillLine.objects.count()) == (None, 0)
        assert default_storage.exists(bill.file)

    def test_it_is_read_once(self, member, rows, tmp_path):
        bill = bring(member, as_csv(rows), tmp_path)
        read_now(member, Bill.objects.get(pk=bill.pk))
        with pytest.raises(TooLate):
            bills.read(member, bill, COLUMNS)
        assert BillLine.objects.count() == 4

    @pytest.mark.parametrize(
        ("days", "sentence"),
        [
            ({"starts_on": date(2026, 12, 1)}, "Until must be on or after From"),
            ({"starts_on": date(2025, 1, 1)}, "at most 400 days later"),
        ],
    )
    def test_days_that_can_not_be(self, member, rows, tmp_path, days, sentence):
        with pytest.raises(InvalidBill, match=sentence):
            read_bill(member, rows, tmp_path, **days)

    def test_without_times_the_days_must_be_said(self, member, rows, tmp_path):
        untimed = Columns(remote_id="id", amount="amount")
        with pytest.raises(InvalidBill, match="From and Until are needed"):
            read_bill(member, rows, tmp_path, columns=untimed)

    def test_the_next_bill_begins_with_the_same_columns(self, member, rows, tmp_path):
        read_bill(member, rows, tmp_path)
        found = bills.preview(bring(member, as_csv(rows[:1]), tmp_path, name="next.csv"))
        assert found.proposed == COLUMNS


class TestBooking:
    def test_an_amount_is_corrected_once_and_tells_where_from(self, member, rows, tmp_path):
        bill = read_bill(member, [dearer(rows[0]), *rows[1:]], tmp_path)
        (line,) = differing(bill, "amount")
        before = balances(member.team)
        bills.book(member, line)
        line.refresh_from_db()
        entry = line.booked
        assert (entry.kind, entry.spent, entry.native, entry.unit) == (
            "correction",
            7 * MICRO,
            70_000,
            "USD",
        )
        assert entry.cause == f"bill “{bill.name}”, row 2"
        assert (entry.actor, line.settled_by, entry.corrects.job_id) == (
            member,
            member,
            rows[0].job,
        )
        assert balances(member.team) == before - 7 * MICRO
        assert Job.objects.get(pk=rows[0].job).charged == 42 * MICRO
        assert Day.objects.get(team=member.team, date=entry.day).stale
        with pytest.raises(TooLate, match="Row 2 is settled already"):
            bills.book(member, line)
        assert LedgerEntry.objects.filter(kind="correction").count() == 1

    def test_after_it_another_bill_agrees(self, member, rows, tmp_path):
        bill = read_bill(member, [dearer(rows[0]), *rows[1:]], tmp_path)
        bills.book(member, differing(bill, "amount")[0])
        bill.lines.update(booked=None)
        removed(member, bill)
        assert not read_bill(member, [dearer(rows[0]), *rows[1:]], tmp_path).lines.exclude(
            difference=""
        )

    def test_a_charge_on_no_bill_is_refunded(self, member, rows, tmp_path):
        bill = read_bill(member, rows[:3], tmp_path, **NOVEMBER)
        (line,) = differing(bill, "missing")
        bills.book(member, line)
        assert line.booked.kind == "refund"
        assert (line.booked.spent, line.booked.native) == (-35 * MICRO, 350_000)
        assert Job.objects.get(pk=rows[3].job).charged == 0

    def test_what_was_refunded_is_not_missing(self, member, rows, tmp_path):
        job = Job.objects.get(pk=rows[3].job)
        ledger.refund(job, 35 * MICRO, native=350_000, cause="test", actor=member)
        bill = read_bill(member, rows[:3], tmp_path, **NOVEMBER)
        assert not bill.lines.exclude(difference="").exists()

    def test_another_currency_with_a_rate_is_booked_in_our_unit(self, member, rows, tmp_path):
        Rate.objects.create(unit="EUR", price=2 * PICO, valid_from=MONTH, source="test")
        bill = read_bill(member, [replace(rows[0], unit="EUR"), *rows[1:]], tmp_path)
        (line,) = differing(bill, "currency")
        bills.book(member, line)
        assert (line.booked.spent, line.booked.native, line.booked.unit) == (
            35 * MICRO,
            350_000,
            "USD",
        )

    def test_another_currency_without_one_only_has_a_note(self, member, rows, tmp_path):
        bill = read_bill(member, [replace(rows[0], unit="EUR"), *rows[1:]], tmp_path)
        (line,) = differing(bill, "currency")
        with pytest.raises(StudioError, match="Row 2 is worth nothing that can be booked"):
            bills.book(member, line)

    def test_a_line_of_no_job_has_nothing_to_book(self, member, rows, tmp_path):
        strange = replace(rows[0], reference="", remote_id="nobody")
        bill = read_bill(member, [*rows, strange, rows[1]], tmp_path)
        for kind in ("extra", "duplicate"):
            (line,) = differing(bill, kind)
            with pytest.raises(StudioError, match="a note settles it"):
                bills.book(member, line)
            bills.settle(member, line, "Asked the provider for a refund")
            line.refresh_from_db()
            assert (line.settled_note, line.settled_by) == (
                "Asked the provider for a refund",
                member,
            )
            with pytest.raises(TooLate):
                bills.settle(member, line, "again")

    def test_a_budget_that_is_too_small_changes_nothing(self, rows, member, tmp_path):
        poor = make_member("admin", team=make_team(credits=5))
        poor.user.is_superuser = True
        own = charged_jobs(poor, [350_000] * 3)
        bill = read_bill(poor, [dearer(one, 20_000) for one in own], tmp_path)
        with pytest.raises(BudgetExceeded, match="This takes 2 credits from the budget"):
            bills.book_all(poor, bill, expected=6 * MICRO)
        assert not bill.lines.exclude(settled_at=None).exists()
        assert balances(poor.team) == 5 * MICRO

    def test_all_amounts_at_once_for_the_sum_that_was_shown(self, member, rows, tmp_path):
        wrong = [dearer(rows[0]), dearer(rows[1], -50_000), *rows[2:]]
        bill = read_bill(member, wrong, tmp_path)
        assert bills.bookable(bill) == (2, 2 * MICRO)
        with pytest.raises(TooLate, match="they sum to 2 cr now"):
            bills.book_all(member, bill, expected=3 * MICRO)
        before = balances(member.team)
        assert bills.book_all(member, bill, expected=2 * MICRO) == 2
        assert balances(member.team) == before - 2 * MICRO
        assert bills.bookable(bill) == (0, 0)
        with pytest.raises(TooLate):
            bills.book_all(member, bill, expected=0)

    def test_only_an_admin_of_the_team_books(self, member, rows, tmp_path):
        bill = read_bill(member, [dearer(rows[0])], tmp_path)
        (line,) = differing(bill, "amount")
        for other in (make_member(team=member.team), make_member("admin")):
            with pytest.raises(NotAllowed):
                bills.book(other, line)
            with pytest.raises(NotAllowed):
                bills.settle_all(other, bill, "amount", "no")

    @pytest.mark.parametrize("note", ["", "  ", "x" * 201])
    def test_a_note_says_something(self, member, rows, tmp_path, note):
        bill = read_bill(member, [dearer(rows[0])], tmp_path)
        with pytest.raises(StudioError, match="Note must have 1 to 200 characters"):
            bills.settle_all(member, bill, "amount", note)

    def test_all_of_a_kind_with_one_note(self, member, rows, tmp_path):
        bill = read_bill(member, rows[:1], tmp_path, **NOVEMBER)
        assert bills.settle_all(member, bill, "missing", "They bill next month") == 3
        assert bills.settle_all(member, bill, "missing", "again") == 0


class TestRemoving:
    def test_with_all_its_lines_while_nothing_is_booked(self, member, rows, tmp_path):
        bill = read_bill(member, [dearer(rows[0])], tmp_path)
        bills.settle_all(member, bill, "amount", "fine")
        removed(member, bill)
        assert not Bill.objects.exists()
        assert not BillLine.objects.exists()

    def test_twice_is_too_late(self, member, rows, tmp_path):
        bill = read_bill(member, rows, tmp_path)
        bills.remove(member, bill)
        with pytest.raises(TooLate, match="is removed already"):
            bills.remove(member, bill)

    def test_what_is_booked_stays(self, member, rows, tmp_path):
        bill = read_bill(member, [dearer(rows[0])], tmp_path)
        bills.book(member, differing(bill, "amount")[0])
        with pytest.raises(TooLate, match="entries of the ledger say that they come from it"):
            bills.remove(member, bill)

    def test_a_file_that_two_bills_wait_for_stays(self, member, rows, tmp_path):
        one = bring(member, as_csv(rows), tmp_path)
        two = bring(member, as_csv(rows), tmp_path, provider="trinetra")
        removed(member, one)
        assert default_storage.exists(two.file)


def _differing_bill(folder):
    member = make_member("admin")
    rows = charged_jobs(member, [350_000] * 5)
    return read_bill(member, [dearer(row) for row in rows], folder).pk


def _book_at_once(pk):
    def book(number):
        line = BillLine.objects.filter(bill=pk).order_by("pk")[number % 5]
        admin = line.bill.uploaded_by
        try:
            bills.book(admin, BillLine.objects.select_related("bill", "job__team").get(pk=line.pk))
        except TooLate:
            return 0
        return 1

    booked = sum(in_threads(20, book))
    spent = sum(LedgerEntry.objects.filter(kind="correction").values_list("spent", flat=True))
    charged = sum(Clip.objects.values_list("charged", flat=True))
    return booked, spent, charged, LedgerEntry.objects.filter(kind="correction").count()


def test_twenty_at_once_book_each_difference_once(any_house, tmp_path):
    pk = any_house.inside(_differing_bill, tmp_path)
    assert any_house.inside(_book_at_once, pk) == (5, 35 * MICRO, 210 * MICRO, 5)


def _month_on_this_database(folder):
    """Each kind of difference, a line found by its time, and a job across the first midnight."""
    member = make_member("admin")
    rows = charged_jobs(member, [350_000] * 8)
    theirs = charged_jobs(make_member(), [700_000])
    before = rows.pop(0)
    Job.objects.filter(pk=before.job).update(started_at=MONTH - timedelta(minutes=5))
    bill = [
        dearer(rows[0]), rows[1], rows[1], replace(rows[2], reference="", remote_id="nobody"),
        replace(rows[3], unit="EUR"), rows[4].without_names(), *theirs, *rows[5:],
    ]  # fmt: skip
    read = read_bill(member, bill, folder, **NOVEMBER)
    kinds = sorted(read.lines.exclude(difference="").values_list("difference", flat=True))
    booked = bills.book_all(member, read, expected=7 * MICRO)
    list(table_of(read))
    return kinds, read.elsewhere, booked, read.sums


def test_both_databases_find_and_book_the_same(any_house, tmp_path):
    kinds, elsewhere, booked, sums = any_house.inside(_month_on_this_database, tmp_path)
    assert kinds == ["amount", "currency", "duplicate", "extra", "missing"]
    assert (elsewhere, booked) == (1, 1)
    assert sums == [["EUR", 350_000, 0], ["USD", 2_520_000, 2_450_000]]
