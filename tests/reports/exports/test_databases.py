"""Ten thousand entries, on each database: every file adds up to what SQL says."""

import csv
import io
import random
import zipfile
from datetime import date, timedelta
from decimal import Decimal
from xml.etree import ElementTree

from django.db.models import Sum
from django.utils import timezone
from openpyxl.utils import get_column_letter

from studio import ledger
from studio.core.money import MICRO
from studio.models import Budget, ClosedMonth, EntryKind, LedgerEntry
from studio.reports import entries
from studio.reports.entries import EntryFilter
from studio.reports.exports import table
from studio.reports.exports.kinds import KINDS
from studio.reports.exports.lines import lines
from tests.books import HOSTILE
from tests.factories import make_job, make_member, make_price, make_team

COUNT = 10_000
PARTS = ("granted", "available", "held", "spent")
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def fill():
    """Entries of any size, also beyond what a float can tell apart, in three months."""
    chance = random.Random(6)
    team = make_team(credits=0)
    make_price()
    jobs = []
    for name in HOSTILE:
        author = make_member(team=team, name=name[:80])
        job = make_job("waiting", author=author)
        job.clip.title = name
        job.clip.save()
        jobs.append(job)
    now = timezone.now()
    rows = []
    for number in range(1, COUNT + 1):
        kind = chance.choice([EntryKind.GRANT, EntryKind.REFUND, EntryKind.CORRECTION])
        amount = chance.randint(-(10**16) // COUNT, 10**16 // COUNT)
        parts = {"granted": amount, "available": amount} if kind == EntryKind.GRANT else {
            "available": -amount, "spent": amount}  # fmt: skip
        day = date(2026, 8, 1) + timedelta(days=number * 90 // COUNT)
        rows.append(
            LedgerEntry(team=team, number=number, kind=kind, native=abs(amount), credit_price=12_345,
                        job=None if kind == EntryKind.GRANT else chance.choice(jobs), day=day,
                        created_at=now, cause=chance.choice(HOSTILE), digest=b"7" * 32, **parts)
        )  # fmt: skip
    LedgerEntry.objects.bulk_create(rows, batch_size=500)
    Budget.objects.filter(team=team).update(entries=COUNT)
    return team


def made(team, kind, wanted=EntryFilter()) -> bytes:  # noqa: B008  (a frozen value)
    return b"".join(KINDS[kind].pieces(lines(team, wanted)))


def told(team, kind):
    return csv.DictReader(io.StringIO(made(team, kind).decode("utf-8-sig"), newline=""))


def in_sheet(team) -> dict[str, int]:
    with zipfile.ZipFile(io.BytesIO(made(team, "xlsx"))) as parts:
        rows = ElementTree.fromstring(parts.read("xl/worksheets/sheet1.xml")).iter(f"{SHEET}row")
    titles = [title for title, _ in table.COLUMNS]
    sums = dict.fromkeys(PARTS, 0)
    for row in list(rows)[1:]:
        cells = {cell.get("r").rstrip("0123456789"): cell.findtext(f"{SHEET}v") for cell in row}
        for part in PARTS:
            letter = get_column_letter(titles.index(part) + 1)
            sums[part] += int(Decimal(cells[letter]) * MICRO)
    return sums


def sums_of_every_file():
    team = fill()
    by_sql = LedgerEntry.objects.filter(team=team).aggregate(**{part: Sum(part) for part in PARTS})
    table_rows = list(told(team, "csv"))
    in_table = {part: sum(int(Decimal(row[part]) * MICRO) for row in table_rows) for part in PARTS}
    focus_rows = list(told(team, "focus"))
    in_focus = {
        "granted": sum(Decimal(row["BilledCost"]) for row in focus_rows),
        "spent": sum(Decimal(row["EffectiveCost"]) for row in focus_rows),
    }
    page = entries.sums(team, EntryFilter(since=date(2026, 1, 1)))
    return by_sql, in_table, in_sheet(team), in_focus, {part: getattr(page, part) for part in PARTS}


def test_every_file_adds_up_to_what_sql_says(any_house):
    by_sql, in_table, sheet, in_focus, on_page = any_house.inside(sums_of_every_file)
    assert in_table == sheet == on_page == by_sql
    for part, usd in in_focus.items():
        assert usd == Decimal(by_sql[part] * 12_345).scaleb(-12)


def closed_and_filtered():
    team = fill()
    entries.NEAR = 200  # few are full by then, most are not
    for wanted in (
        EntryFilter(kind="refund"),
        EntryFilter(provider="animatic"),
        EntryFilter(member=team.members.first().pk, since=date(2026, 9, 1)),
        EntryFilter(project=team.projects.first().pk, until=date(2026, 9, 1)),
    ):
        expected = list(wanted.of(team).order_by("-pk").values_list("pk", flat=True))
        place, found = None, []
        while place or not found:
            page = entries.page(team, wanted, before=place)
            found += [entry.pk for entry in page.entries]
            place = page.before
            if place is None:
                break
        assert found == expected
    ledger.close(team, date(2026, 8, 1), actor=None)
    month = EntryFilter(since=date(2026, 8, 1), until=date(2026, 8, 31))
    before = made(team, "csv", month)
    team.clips.update(title="Another")
    return made(team, "csv", month) == before, ClosedMonth.objects.get().names.count()


def test_pages_filters_and_closed_months(any_house):
    same, names = any_house.inside(closed_and_filtered)
    assert same
    assert names == 2 * len(HOSTILE) + 2  # clips and people, a project and a provider
