"""Bills read by workers: unseen until they are read, a little at a time, one after the other."""

from collections import Counter
from datetime import date, timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from studio import tasks
from studio.core.errors import InvalidBill, StorageFailed, TooLate
from studio.models import Bill, BillLine, EntryKind, LedgerEntry
from studio.pipeline import billing
from studio.pipeline.billing import matcher, missing, reading, rows, times, turn
from studio.pipeline.billing.work import GIVEN_UP, MOST_TRIES
from studio.reports.bills import bills_page, groups, table_of
from studio.services import bills
from tests.bills import COLUMNS, as_csv, bring, charged_jobs, found_in, read_now
from tests.factories import make_member

NOVEMBER = {"starts_on": date(2026, 11, 1), "ends_on": date(2026, 11, 30)}
DECEMBER = {"starts_on": date(2026, 12, 1), "ends_on": date(2026, 12, 31)}


@pytest.fixture
def member(db):
    return make_member("admin")


@pytest.fixture
def lines(member):
    return charged_jobs(member, [350_000] * 30)


@pytest.fixture
def small_batches(monkeypatch):
    """Four rows a transaction, ten names a question."""
    monkeypatch.setattr(rows, "BATCH", 4)
    for module in (matcher, missing, times):
        monkeypatch.setattr(module, "CHUNK", 10)


@pytest.fixture
def asked(member, lines, tmp_path, small_batches):
    """A bill that a worker is to read: one of our charges is not on it."""
    bill = bring(member, as_csv(lines[1:]), tmp_path)
    bills.read(member, bill, COLUMNS, **NOVEMBER)
    return bill


@pytest.fixture
def told(monkeypatch):
    """The bills that workers were told of."""
    known = []
    monkeypatch.setattr(tasks, "hint_bill", known.append)
    return known


def again(bill):
    bill.refresh_from_db()
    return bill


def at_the_end(monkeypatch, act):
    """Act when all lines are written, and nothing is finished."""
    monkeypatch.setattr(missing, "add", act)


class TestAsking:
    def test_tells_a_worker_after_the_commit(
        self, member, lines, tmp_path, told, django_capture_on_commit_callbacks
    ):
        bill = bring(member, as_csv(lines), tmp_path)
        with django_capture_on_commit_callbacks(execute=True):
            bills.read(member, bill, COLUMNS)
            assert told == []
        assert told == [bill.pk]
        assert (again(bill).is_being_read, bill.read_at) == (True, None)

    def test_a_lost_message_costs_seconds(self, asked, told):
        tasks.sweep()
        assert told == [asked.pk]
        billing.work(asked.pk)
        told.clear()
        tasks.sweep()
        assert told == []

    def test_the_next_one_is_told_of_when_one_is_read(self, asked, told, member, lines, tmp_path):
        other = bring(member, as_csv(lines[:2]), tmp_path, name="other.csv")
        bills.read(member, other, COLUMNS)
        told.clear()
        tasks.bill(asked.pk)
        assert told == [other.pk]

    def test_twice_is_too_late(self, member, asked):
        with pytest.raises(TooLate, match="is being read"):
            bills.read(member, again(asked), COLUMNS)


class TestUnseen:
    def test_nobody_sees_a_line_before_the_end(self, asked, member, monkeypatch):
        seen = []

        def look(_turn):
            bill = Bill.objects.get(pk=asked.pk)
            (row,) = bills_page(member.team).rows
            other = Bill(pk=0, team=member.team, provider="runware", **NOVEMBER)
            seen.append((
                bill.lines.count(), row.found, groups(bill), len(list(table_of(bill))),
                bills.bookable(bill), matcher.billed_before(other, _jobs()), times.charges_of(other).count(),
            ))  # fmt: skip

        bill = again(asked)
        bill.lines.create(row=1, difference="amount", worth=5)
        at_the_end(monkeypatch, look)
        billing.work(asked.pk)
        assert seen == [(29, 0, [], 1, (0, 0), set(), 30)]

    def test_how_far_it_is(self, asked, monkeypatch):
        at_the_end(
            monkeypatch,
            lambda _turn: told.extend(
                Bill.objects.filter(pk=asked.pk).values_list("done", "line_count")
            ),
        )
        told = []
        billing.work(asked.pk)
        assert told == [(29, 29)]


def _jobs():
    return list(LedgerEntry.objects.filter(kind=EntryKind.CHARGE).values_list("job", flat=True))


class TestProblems:
    def test_a_wrong_row_at_the_end_leaves_no_line(self, member, lines, tmp_path):
        strange = as_csv(lines * 10) + "x,y,2026-11-03T10:00:00,0.35x,USD\n"
        bill = bring(member, strange, tmp_path)
        with pytest.raises(InvalidBill, match="Row 302: amount must be a number"):
            read_now(member, bill, **NOVEMBER)
        assert (again(bill).is_being_read, bill.read_at, bill.line_count) == (False, None, 0)
        assert (bill.columns, bill.starts_on) == (COLUMNS.to_json(), NOVEMBER["starts_on"])
        assert not BillLine.objects.exists()
        assert default_storage.exists(bill.file)

    def test_what_fails_on_the_way_takes_every_line_away_again(self, asked, member, monkeypatch):
        def fail(_turn):
            assert BillLine.objects.count() == 29
            raise StorageFailed("The bucket is gone.")

        with monkeypatch.context() as patch:
            patch.setattr(missing, "add", fail)
            billing.work(asked.pk)
        assert again(asked).problem == "The bucket is gone."
        assert (BillLine.objects.count(), billing.due(), asked.lease_owner) == (0, [], "")
        read_now(member, asked, **NOVEMBER)
        assert (asked.problem, [kind for kind, *_ in found_in(asked)]) == ("", ["missing"])

    def test_a_file_that_is_gone_is_told(self, asked):
        default_storage.delete(again(asked).file)
        billing.work(asked.pk)
        assert "is gone" in again(asked).problem

    def test_what_breaks_every_worker_is_given_up(self, asked, monkeypatch):
        def breaks(_turn):
            raise RuntimeError("a worker's own fault")

        at_the_end(monkeypatch, breaks)
        for _ in range(MOST_TRIES):
            with pytest.raises(RuntimeError):
                billing.work(asked.pk)
            assert billing.due() == [asked.pk]
        billing.work(asked.pk)
        assert (again(asked).problem, billing.due()) == (GIVEN_UP, [])
        assert not BillLine.objects.exists()

    def test_more_currencies_than_there_can_be(self, member, lines, tmp_path, monkeypatch):
        monkeypatch.setattr("studio.core.bills.lines.MOST_UNITS", 1)
        text = as_csv(lines).replace("USD", "EUR", 1)
        with pytest.raises(
            InvalidBill, match="Row 3: a bill may have at most 1 currencies, and “USD” is one more"
        ):
            read_now(member, bring(member, text, tmp_path))


class TestTurns:
    def test_another_worker_keeps_it(self, asked):
        later = timezone.now() + timedelta(minutes=1)
        assert asked.take_lease("elsewhere:1:2:3", later)
        assert not billing.work(asked.pk)
        assert (billing.due(), BillLine.objects.count()) == ([], 0)

    def test_a_bill_of_the_provider_waits_for_another_one(self, asked, member, lines, tmp_path):
        later = timezone.now() + timedelta(minutes=1)
        other = bring(member, as_csv(lines[:2]), tmp_path, name="other.csv")
        bills.read(member, other, COLUMNS)
        assert asked.take_lease("elsewhere:1:2:3", later)
        assert not billing.work(other.pk)
        assert billing.due() == [other.pk]

    def test_a_worker_that_is_told_to_stop_leaves_it_to_the_next(self, asked, lines):
        asked_often = []

        def should_stop():
            asked_often.append(BillLine.objects.count())
            return asked_often[-1] > 10

        assert not billing.work(asked.pk, should_stop=should_stop)
        assert (BillLine.objects.count(), billing.due()) == (12, [asked.pk])
        assert billing.work(asked.pk)
        assert found_in(again(asked)) == [("missing", lines[0].job, 0)]
        assert asked.lines.count() == 30

    def test_a_worker_that_lost_it_writes_nothing_more(self, asked, monkeypatch):
        def lose(_turn):
            Bill.objects.filter(pk=asked.pk).update(lease_owner="elsewhere:1:2:3")
            missing_add(_turn)

        missing_add = missing.add
        at_the_end(monkeypatch, lose)
        billing.work(asked.pk)
        assert (again(asked).read_at, asked.lease_owner) == (None, "elsewhere:1:2:3")
        assert asked.lines.count() == 29

    def test_long_looking_keeps_the_lease(self, asked, monkeypatch):
        monkeypatch.setattr(turn, "HEARTBEAT_SECONDS", -1)
        kept, change = [], Bill.change_as

        def remember(bill, owner, **changes):
            kept.append(changes)
            return change(bill, owner, **changes)

        monkeypatch.setattr(Bill, "change_as", remember)
        monkeypatch.setattr(reading, "read", lambda turn: [turn.beat() for _ in range(3)])
        billing.work(asked.pk)
        assert [list(changes) for changes in kept[1:]] == [["lease_until"]] * 3

    def test_a_file_that_does_not_go_is_tried_again(self, asked, monkeypatch, caplog):
        def fail(_key):
            raise StorageFailed("The bucket does not answer.")

        with monkeypatch.context() as patch:
            patch.setattr("studio.storage.media.remove", fail)
            assert not billing.work(asked.pk)
        assert "can not be deleted yet: The bucket does not answer." in caplog.text
        assert (again(asked).is_being_read, asked.read_at is None) == (False, False)
        assert (billing.due(), asked.lines.count()) == ([asked.pk], 30)
        assert billing.work(asked.pk)
        assert (billing.due(), default_storage.exists(asked.file)) == ([], False)


class TestRemoving:
    def test_one_that_is_being_read_stops_and_goes(self, asked, member, monkeypatch):
        at_the_end(monkeypatch, lambda _turn: bills.remove(member, again(asked)))
        assert billing.work(asked.pk)
        assert (again(asked).read_at, asked.lines.count()) == (None, 29)
        assert bills_page(member.team).rows == []
        assert billing.due() == [asked.pk]
        assert billing.work(asked.pk)
        assert not Bill.objects.exists()
        assert not BillLine.objects.exists()

    def test_the_same_file_may_come_again_at_once(self, asked, member, lines, tmp_path):
        bills.remove(member, again(asked))
        assert bring(member, as_csv(lines[1:]), tmp_path, name="again.csv").pk != asked.pk
        path = again(asked).file
        billing.work(asked.pk)
        assert default_storage.exists(path)

    def test_nothing_of_it_counts_any_more(self, asked, member, lines, tmp_path):
        billing.work(asked.pk)
        bills.remove(member, again(asked))
        next_one = bring(member, as_csv(lines[:2]), tmp_path, name="next.csv")
        bills.read(member, next_one, COLUMNS, **DECEMBER)
        assert billing.due() == [asked.pk, next_one.pk]
        billing.work(next_one.pk)
        assert found_in(next_one) == []


class Sizes:
    """How many rows each transaction of this connection writes."""

    def __init__(self):
        self.open, self.sizes = 0, []

    def __call__(self, execute, sql, params, many, context):
        answer = execute(sql, params, many, context)
        if sql.startswith(("INSERT", "UPDATE", "DELETE")):
            self.open += len(params) if many else max(context["cursor"].rowcount, 0)
            if not connection.in_atomic_block:
                self.close()
        return answer

    def close(self):
        if self.open:
            self.sizes.append(self.open)
        self.open = 0


def _read_a_long_bill(folder, mutate):
    """Lines of every way: by name, by time, of nobody, and as many charges that are missing."""
    member = make_member("admin")
    every = timedelta(minutes=12)
    ours = charged_jobs(member, [350_000] * 3000, every=every)
    text = as_csv([*ours[:600], *(row.without_names() for row in ours[600:1500])])
    bill = bring(member, text, folder)
    bills.read(member, bill, COLUMNS, **NOVEMBER)
    rows.BATCH, rows_at_once = 500, 500
    for module in (matcher, missing, times):
        module.CHUNK = 500
    sizes, commit = Sizes(), BaseDatabaseWrapper.commit

    def committed(wrapper):
        sizes.close()
        return commit(wrapper)

    BaseDatabaseWrapper.commit = committed
    mutate()
    with connection.execute_wrapper(sizes):
        billing.work(bill.pk)
        bill.refresh_from_db()
        found = Counter(bill.lines.values_list("matched_by", "difference"))
        bills.remove(member, bill)
        billing.work(bill.pk)
    return found, max(sizes.sizes) - rows_at_once


def _all_at_once():
    rows.BATCH = 10_000


class TestTransactions:
    def test_none_writes_more_than_a_batch(self, any_house, tmp_path):
        """And the bill's own row."""
        found, more = any_house.inside(_read_a_long_bill, tmp_path, lambda: None)
        assert found == {("reference", ""): 600, ("time", ""): 900, ("", "missing"): 1500}
        assert more == 1

    def test_the_measure_sees_one_that_does(self, house, tmp_path):
        _, more = house.inside(_read_a_long_bill, tmp_path, _all_at_once)
        assert more > 900


def _two_bills(folder):
    member = make_member("admin")
    ours = charged_jobs(member, [350_000] * 200)
    for number, days in enumerate((NOVEMBER, DECEMBER, DECEMBER)):
        bill = bring(member, as_csv(ours[: 200 - number]), folder, name=f"{number}.csv")
        bills.read(member, bill, COLUMNS, **days)


def _worker(_number):
    rows.BATCH = matcher.CHUNK = 20
    while Bill.objects.unfinished().exists():
        for pk in billing.due():
            billing.work(pk)


def _kinds():
    return [
        Counter(bill.lines.values_list("difference", flat=True))
        for bill in Bill.objects.order_by("read_at")
    ]


def test_of_several_bills_at_once_each_sees_the_lines_of_those_before(any_house, tmp_path):
    any_house.inside(_two_bills, tmp_path)
    any_house.together(3, _worker)
    first, *others = any_house.inside(_kinds)
    assert set(first) == {""}
    assert [set(kinds) for kinds in others] == [{"duplicate"}] * 2
