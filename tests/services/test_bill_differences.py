"""Differences injected into made-up bills are all found, each as what it is, and none is invented."""

import random
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection

from studio.core.money import PICO
from studio.models import Bill, BillLine, Job
from tests.bills import MONTH, as_csv, bring, charged_jobs, found_in, read_bill, read_now
from tests.factories import make_member

pytestmark = pytest.mark.django_db
NOVEMBER = {"starts_on": date(2026, 11, 1), "ends_on": date(2026, 11, 30)}
KINDS = ("missing", "extra", "amount", "currency", "duplicate")


@pytest.fixture
def member():
    return make_member("admin")


def amounts(chance, count):
    return [chance.choice([350_000, 700_000, 330_000, 70_001]) for _ in range(count)]


def injected(rows, chance, count):
    """The bill with so many differences of all kinds, and what must be found: kind → jobs."""
    wrong = dict(
        zip(chance.sample(range(len(rows)), count), chance.choices(KINDS, k=count), strict=True)
    )
    bill, expected = [], Counter()
    for number, row in enumerate(rows):
        kind = wrong.get(number, "")
        bill += INJECT[kind](row, chance, number)
        if kind:
            expected[kind, 0 if kind == "extra" else row.job] += 1
    for at in reversed([at for at, row in enumerate(bill) if row is None]):
        del bill[at]
    chance.shuffle(bill)
    return bill, expected


def strange(row, number):
    return replace(row, job=None, reference="", remote_id=f"nobody-{number}")


INJECT = {
    "": lambda row, chance, number: [row],
    "missing": lambda row, chance, number: [None],
    "extra": lambda row, chance, number: [row, strange(row, number)],
    "amount": lambda row, chance, number: [replace(row, native=row.native + chance.choice([-1, 1, 70_000, -70_000]))],
    "currency": lambda row, chance, number: [replace(row, unit=chance.choice(["EUR", "CNY"]))],
    "duplicate": lambda row, chance, number: [row, replace(row, at=row.at + timedelta(hours=chance.randint(0, 9)))],
}  # fmt: skip


def said(bill):
    return Counter(
        (line.difference, line.job_id or 0) for line in bill.lines.exclude(difference="")
    )


@pytest.mark.parametrize("seed", range(3))
def test_five_hundred_differences_among_thousands_of_lines(member, tmp_path, seed):
    chance = random.Random(seed)
    rows = charged_jobs(member, amounts(chance, 3000))
    bill, expected = injected(rows, chance, 500)
    read = read_bill(member, bill, tmp_path, **NOVEMBER)
    assert sum(expected.values()) == 500
    assert {kind for kind, _ in expected} == {*KINDS}
    assert said(read) == expected
    assert read.line_count == len(bill)


@pytest.mark.parametrize("name", ["reference", "remote_id"])
def test_one_of_both_names_is_enough(member, tmp_path, name):
    chance = random.Random(name)
    rows = charged_jobs(member, amounts(chance, 600))
    bill, expected = injected(rows, chance, 100)
    other = {"reference": "remote_id", "remote_id": "reference"}[name]
    bill = [replace(row, **{other: ""}) if row.job else row for row in bill]
    assert said(read_bill(member, bill, tmp_path, **NOVEMBER)) == expected


def test_a_clean_month_has_no_difference(member, tmp_path):
    rows = charged_jobs(member, amounts(random.Random(7), 2000))
    bill = read_bill(member, rows, tmp_path, **NOVEMBER)
    assert found_in(bill) == []
    total = sum(row.native for row in rows)
    assert bill.sums == [["USD", total, total]]


class TestTimeAndAmount:
    def test_lines_without_names_find_charges_that_stand_alone(self, member, tmp_path):
        rows = charged_jobs(member, [350_000] * 200, every=timedelta(minutes=30))
        bill = read_bill(member, [row.without_names() for row in rows], tmp_path, **NOVEMBER)
        assert found_in(bill) == []
        assert {line.matched_by for line in bill.lines.all()} == {"time"}
        assert [line.job_id for line in bill.lines.order_by("row")] == [row.job for row in rows]

    def test_nothing_is_guessed(self, member, tmp_path):
        """Two charges of the same amount at the same time stay missing, and their lines extra."""
        rows = charged_jobs(member, [350_000, 350_000, 700_000], every=timedelta(minutes=2))
        bill = read_bill(member, [row.without_names() for row in rows], tmp_path, **NOVEMBER)
        assert Counter(kind for kind, *_ in found_in(bill)) == {"extra": 2, "missing": 2}
        assert bill.lines.get(matched_by="time").job_id == rows[2].job

    def test_another_name_is_another_job(self, member, tmp_path):
        (row,) = charged_jobs(member, [350_000])
        bill = read_bill(member, [strange(row, 1)], tmp_path, **NOVEMBER)
        assert found_in(bill) == [("extra", 0, 2), ("missing", row.job, 0)]

    def test_a_job_whose_name_was_never_told_is_found(self, member, tmp_path):
        (row,) = charged_jobs(member, [350_000])
        Job.objects.get(pk=row.job).attempts.update(remote_id="")
        assert found_in(read_bill(member, [strange(row, 1)], tmp_path, **NOVEMBER)) == []


class TestOtherTeams:
    def test_their_lines_are_no_difference_and_tell_nothing(self, member, tmp_path):
        ours, theirs = (
            charged_jobs(member, [350_000]),
            charged_jobs(make_member(), [700_000, 70_000]),
        )
        named, nameless = theirs
        bill = read_bill(member, [*ours, named, nameless.without_names()], tmp_path, **NOVEMBER)
        assert found_in(bill) == []
        assert bill.elsewhere == 2
        hidden = bill.lines.filter(matched_by="elsewhere")
        assert {(one.job, one.reference, one.remote_id, one.at) for one in hidden} == {
            (None, "", "", None)
        }
        assert bill.sums == [["USD", 350_000, 350_000]]

    def test_their_charges_are_not_missing_here(self, member, tmp_path):
        ours = charged_jobs(member, [350_000])
        charged_jobs(make_member(), [700_000])
        assert found_in(read_bill(member, ours, tmp_path, **NOVEMBER)) == []

    def test_another_provider_s_id_is_not_ours(self, member, tmp_path):
        (row,) = charged_jobs(member, [350_000], provider="trinetra")
        assert found_in(read_bill(member, [row], tmp_path, **NOVEMBER)) == [("extra", 0, 2)]


class TestSeveralBills:
    def test_what_was_billed_before_is_billed_twice(self, member, tmp_path):
        rows = charged_jobs(member, [350_000, 700_000])
        read_bill(member, rows, tmp_path, **NOVEMBER)
        later = {"starts_on": date(2026, 12, 1), "ends_on": date(2026, 12, 31)}
        again = read_bill(member, rows[:1], tmp_path, **later)
        assert found_in(again) == [("duplicate", rows[0].job, 2)]

    def test_a_job_across_the_end_is_on_one_of_two_bills(self, member, tmp_path):
        """Begun on the 14th, charged on the 15th: no bill that has a line of it misses it."""
        (row,) = charged_jobs(member, [350_000])
        midnight = MONTH.replace(day=15)
        Job.objects.filter(pk=row.job).update(started_at=midnight - timedelta(minutes=1))
        move_charge(row.job, midnight + timedelta(minutes=1))
        first = {"starts_on": date(2026, 11, 1), "ends_on": date(2026, 11, 14)}
        second = {"starts_on": date(2026, 11, 15), "ends_on": date(2026, 11, 30)}
        alone = read_bill(member, [strange(row, 1)], tmp_path, **second)
        assert found_in(alone) == [("extra", 0, 2)]
        alone.delete()
        read_bill(member, [row], tmp_path, **first)
        assert found_in(read_bill(member, [strange(row, 2)], tmp_path, **second)) == [
            ("extra", 0, 2)
        ]
        BillLine.objects.all().delete()
        Bill.objects.all().delete()
        read_bill(member, [strange(row, 3)], tmp_path, **first)
        missed = read_bill(member, [strange(row, 4)], tmp_path, **second)
        assert found_in(missed) == [("extra", 0, 2), ("missing", row.job, 0)]

    def test_a_charge_is_missed_once(self, member, tmp_path):
        (row,) = charged_jobs(member, [350_000])
        assert len(found_in(read_bill(member, [strange(row, 1)], tmp_path, **NOVEMBER))) == 2
        assert len(found_in(read_bill(member, [strange(row, 2)], tmp_path, **NOVEMBER))) == 1


def move_charge(job, at):
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE studio_ledgerentry SET created_at = %s, day = %s WHERE job_id = %s",
            [at, at.date(), job],
        )


class TestUnits:
    def test_dollars_and_a_provider_s_credits_are_the_same_money(self, member, tmp_path):
        rows = charged_jobs(
            member, [700_000_000_000], provider="aimlapi", unit="AIML", unit_price=PICO // 2_000_000
        )
        bill = bring_as(member, [replace(rows[0], native=350_000, unit="USD")], tmp_path)
        assert found_in(bill) == []


def bring_as(member, rows, tmp_path):
    bill = bring(member, as_csv(rows), tmp_path, provider="aimlapi")
    read_now(member, bill, **NOVEMBER)
    return bill
