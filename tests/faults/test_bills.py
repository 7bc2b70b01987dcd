"""kill -9 anywhere while a bill is read or taken away, on both databases: the next worker's result is
that of a reading which nobody disturbed. DAILIES_BILL_SEEDS=300 runs more.
"""

import os
import random
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.files.storage import default_storage

from studio.models import Bill, BillLine, Member
from studio.pipeline import billing, lease
from studio.pipeline.billing import matcher, missing, rows, times
from studio.pipeline.billing.work import MOST_TRIES
from studio.services import bills
from tests.bills import COLUMNS, as_csv, bring, charged_jobs
from tests.factories import make_member
from tests.faults.crashing import Killer
from tests.houses import empty, end

SEEDS = int(os.environ.get("DAILIES_BILL_SEEDS", "12"))
NOVEMBER = {"starts_on": date(2026, 11, 1), "ends_on": date(2026, 11, 30)}
NEVER = 10**9
LINE = ("row", "reference", "remote_id", "at", "native", "unit", "matched_by", "expected", "worth",
        "difference", "job__started_at")  # fmt: skip
BILL = ("columns", "starts_on", "ends_on", "line_count", "elsewhere", "sums", "problem", "file")


def found(folder):
    """A bill that somebody wants to have read: lines of every kind, and charges on no bill."""
    member = make_member("admin")
    ours = charged_jobs(member, [350_000] * 60, every=timedelta(hours=2))
    dearer = replace(ours[0], native=420_000)
    strange = replace(ours[1], reference="", remote_id="nobody")
    nameless = [row.without_names() for row in ours[20:40]]
    text = as_csv([dearer, *ours[1:20], ours[1], strange, *nameless])
    bill = bring(member, text, folder)
    bills.read(member, bill, COLUMNS, **NOVEMBER)


def live(kill_at, mutate):
    """Do what is due, or be killed at a point; return how many points were passed."""
    rows.BATCH = matcher.CHUNK = missing.CHUNK = times.CHUNK = 7
    mutate()
    killer = Killer(kill_at)
    killer.arm()
    lease.free_the_dead()
    for pk in billing.due():
        billing.work(pk)
    return kill_at - killer.left


def what_became():
    """The lines in the order of the bill, those on no row by their jobs; keys may differ."""
    bill = Bill.objects.get()
    lines = bill.lines.order_by("row", "job").values_list(*LINE)
    left = bool(bill.wanted_at or bill.lease_owner or default_storage.exists(bill.file))
    return sorted(map(repr, lines)), {name: repr(getattr(bill, name)) for name in BILL}, left


def disturbed(house, dice, points, folder, mutate=lambda: None):
    """What becomes of a bill whose workers are killed, though not so often that it is given up."""
    house.inside(empty)
    house.inside(found, folder)
    for _ in range(dice.randint(1, MOST_TRIES - 1)):
        end(*house.start(live, dice.randint(1, points), mutate))
    house.inside(live, NEVER, mutate)
    return house.inside(what_became)


@pytest.fixture
def undisturbed(any_house, tmp_path):
    """What must become of the bill, and how many points its reading has."""
    any_house.inside(found, tmp_path)
    points = any_house.inside(live, NEVER, lambda: None)
    return any_house.inside(what_became), points


def test_a_reading_that_was_killed_ends_as_one_that_was_not(any_house, undisturbed, tmp_path):
    expected, points = undisturbed
    lines, _, left = expected
    assert (len(lines), left) == (62, False)
    for seed in range(SEEDS):
        dice = random.Random(f"bills {seed}")
        assert disturbed(any_house, dice, points, tmp_path) == expected, f"seed {seed}"


def keep_old_lines():
    rows.clear = lambda _turn: None


def test_lines_of_the_dead_that_stay_are_caught(any_house, undisturbed, tmp_path):
    expected, points = undisturbed
    outcomes = [
        disturbed(any_house, random.Random(seed), points, tmp_path, keep_old_lines)
        for seed in range(4)
    ]
    assert any(outcome != expected for outcome in outcomes)


def _remove():
    bills.remove(Member.objects.get(), Bill.objects.get())


def _left(file):
    return Bill.objects.count(), BillLine.objects.count(), default_storage.exists(file)


def _file():
    return Bill.objects.get().file


def test_a_removal_that_was_killed_is_ended(any_house, tmp_path):
    """Of a bill whose file is still there."""
    for kill_at in (5, 15, 25, 30, 35):
        any_house.inside(empty)
        any_house.inside(found, tmp_path)
        end(*any_house.start(live, 100, lambda: None))
        file = any_house.inside(_file)
        any_house.inside(_remove)
        end(*any_house.start(live, kill_at, lambda: None))
        any_house.inside(live, NEVER, lambda: None)
        assert any_house.inside(_left, file) == (0, 0, False)
