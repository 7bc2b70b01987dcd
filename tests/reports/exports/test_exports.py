"""Ledgers as files: nothing lost, nothing run as a formula, and a closed month stays as it is."""

import csv
import io
import json
import zipfile
from datetime import date
from decimal import Decimal

import pytest
from django.db.models import Sum
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from studio import ledger
from studio.core.cells import FORMULAS, safe
from studio.models import LedgerEntry
from studio.reports.entries import EntryFilter
from studio.reports.exports import focus, lines, sheets, table
from studio.reports.exports.kinds import KINDS
from tests.books import HOSTILE, at, charged_jobs, make_books, noon, rename_everything

ZONES = ["UTC", "Europe/Berlin", "America/Los_Angeles", "Pacific/Kiritimati", "Asia/Kathmandu",
         "America/St_Johns"]  # fmt: skip
PARTS = ("granted", "available", "held", "spent")
OCTOBER = EntryFilter(since=date(2026, 10, 1), until=date(2026, 10, 31))


def made(team, kind, wanted=EntryFilter()) -> bytes:  # noqa: B008  (a frozen value)
    return b"".join(KINDS[kind].pieces(lines.lines(team, wanted)))


def rows(team, kind, wanted=EntryFilter()):  # noqa: B008
    text = made(team, kind, wanted).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def micros(text: str) -> int:
    return int(Decimal(text).scaleb(6))


def told_by_sql(team) -> dict[str, int]:
    return LedgerEntry.objects.filter(team=team).aggregate(**{part: Sum(part) for part in PARTS})


@pytest.mark.django_db
class TestTable:
    @pytest.mark.parametrize("zone", ZONES)
    def test_adds_up_to_the_ledger_to_the_last_micro_unit(self, zone, monkeypatch):
        monkeypatch.setattr(lines, "AT_ONCE", 7)
        team = make_books(zone=zone, names=HOSTILE).team
        found = rows(team, "csv")
        assert [int(row["number"]) for row in found] == list(range(1, len(found) + 1))
        assert len(found) == ledger.team_budget(team).entries
        sums = {part: sum(micros(row[part]) for row in found) for part in PARTS}
        assert sums == told_by_sql(team)
        usd = sum(Decimal(row["spent usd"]) for row in found)
        assert usd == Decimal(sums["spent"] * 12_345).scaleb(-12)

    def test_no_cell_is_a_formula_and_no_text_is_lost(self):
        team = make_books(names=HOSTILE).team
        found = rows(team, "csv")
        for row in found:
            for title in ("clip", "person", "cause", "project", "by"):
                assert not row[title].lstrip(" ").startswith(FORMULAS), row
        assert {safe(name) for name in HOSTILE} <= {row["clip"] for row in found}

    def test_tells_who_what_and_how_of_each(self):
        admin = make_books(names=["Red door"])
        found = {row["kind"]: row for row in rows(admin.team, "csv")}
        refund = found["refund"]
        job = charged_jobs(admin.team)[1]
        assert (refund["job"], refund["clip"]) == (str(job.pk), job.clip.title)
        assert (refund["person"], refund["by"]) == (str(job.author), str(admin))
        assert (refund["spent"], refund["native"]) == ("-0.700001", "0.700001")
        assert refund["time"] == "2026-10-05T12:00:00.000000Z"
        assert refund["day"] == "2026-10-05"
        entry = LedgerEntry.objects.get(team=admin.team, number=refund["number"])
        assert refund["digest"] == bytes(entry.digest).hex()
        assert refund["corrects"] == str(entry.corrects.number)
        assert found["grant"]["job"] == found["grant"]["person"] == ""

    def test_what_is_booked_after_the_beginning_is_not_in_it(self, monkeypatch):
        monkeypatch.setattr(lines, "AT_ONCE", 2)
        admin = make_books()
        pieces = lines.lines(admin.team, EntryFilter())
        before = [next(pieces).number]
        ledger.grant(admin.team, 5, actor=None, cause="later")
        assert [*before, *(line.number for line in pieces)] == list(range(1, before[0] + 11))

    def test_number_of_queries_goes_with_the_pieces_alone(self, django_assert_num_queries):
        team = make_books(names=HOSTILE).team
        with django_assert_num_queries(4):  # the budget, closed months, one piece, and no more
            made(team, "csv")


@pytest.mark.django_db
class TestWorkbook:
    def test_texts_are_texts_and_numbers_are_numbers(self):
        team = make_books(names=HOSTILE).team
        book = load_workbook(io.BytesIO(made(team, "xlsx")))
        head, *found = book["Ledger"].iter_rows()
        titles = [cell.value for cell in head]
        assert titles == [title for title, _ in table.COLUMNS]
        for row in found:
            cells = dict(zip(titles, row, strict=True))
            assert all(cells[part].data_type == "n" for part in PARTS)
            assert all(cell.data_type in {"n", "s", "inlineStr"} for cell in row)
            for title in ("clip", "person", "cause"):
                assert not (cells[title].value or "").lstrip(" ").startswith(FORMULAS)
        sums = {part: round(1_000_000 * sum(dict(zip(titles, row, strict=True))[part].value
                for row in found)) for part in PARTS}  # fmt: skip
        assert sums == told_by_sql(team)

    def test_every_digit_of_a_large_amount_is_in_the_file(self):
        admin = make_books(credits=9_000_000_000)
        ledger.grant(admin.team, 1, actor=None, cause="one")
        with zipfile.ZipFile(io.BytesIO(made(admin.team, "xlsx"))) as parts:
            sheet = parts.read("xl/worksheets/sheet1.xml").decode()
        assert "<v>9000000000</v>" in sheet
        assert "<v>0.000001</v>" in sheet

    def test_goes_on_in_a_new_sheet_where_excel_has_no_more_rows(self):
        team = make_books(names=HOSTILE).team
        file = io.BytesIO()
        sheets.write(lines.lines(team, EntryFilter()), file, most_rows=100)
        book = load_workbook(file)
        counts = [sheet.max_row for sheet in book]
        assert book.sheetnames == ["Ledger", "Ledger 2", "Ledger 3"]
        assert sum(counts) - len(counts) == ledger.team_budget(team).entries
        assert [sheet["A1"].value for sheet in book] == ["number"] * 3

    def test_nothing_is_a_workbook_too(self):
        book = load_workbook(io.BytesIO(made(make_books().team, "xlsx", EntryFilter(job=999_999))))
        assert book["Ledger"].max_row == 1


@pytest.mark.django_db
class TestFocus:
    def test_effective_cost_is_what_was_spent_and_billed_what_was_granted(self):
        team = make_books(names=HOSTILE).team
        found, sums = rows(team, "focus"), told_by_sql(team)
        effective = sum(Decimal(row["EffectiveCost"]) for row in found)
        billed = sum(Decimal(row["BilledCost"]) for row in found)
        assert effective == Decimal(sums["spent"] * 12_345).scaleb(-12)
        assert billed == Decimal(sums["granted"] * 12_345).scaleb(-12)
        costs = LedgerEntry.objects.filter(team=team, kind__in=focus.CATEGORIES)
        assert len(found) == costs.count()

    def test_is_utf_8_without_a_mark(self):
        assert made(make_books().team, "focus").startswith(b"AllocatedMethodDetails,")

    @pytest.mark.parametrize(
        ("zone", "start"),
        [("UTC", "2026-10-01T00:00:00Z"), ("Europe/Berlin", "2026-09-30T22:00:00Z"),
         ("Pacific/Kiritimati", "2026-09-30T10:00:00Z"), ("America/St_Johns", "2026-10-01T02:30:00Z")],
    )  # fmt: skip
    def test_months_and_days_are_the_teams_told_in_utc(self, zone, start):
        for row in rows(make_books(zone=zone).team, "focus"):
            assert row["BillingPeriodStart"] == start
            assert row["BillingPeriodStart"] <= row["ChargePeriodStart"] < row["ChargePeriodEnd"]
            assert row["ChargePeriodEnd"] <= row["BillingPeriodEnd"]

    def test_what_is_found_out_in_a_later_month_is_a_correction(self):
        admin = make_books()
        job = charged_jobs(admin.team)[0]
        with at(noon("2026-11-03")):
            ledger.refund(job, 5, native=5, cause="late", actor=None)
        adjusted = [
            row for row in rows(admin.team, "focus") if row["ChargeCategory"] == "Adjustment"
        ]
        assert [row["ChargeClass"] for row in adjusted] == ["", "", "Correction"]
        assert adjusted[-1]["BillingPeriodStart"] == "2026-11-01T00:00:00Z"

    def test_unit_price_times_quantity_is_the_cost(self):
        for row in rows(make_books(names=HOSTILE).team, "focus"):
            quantity = Decimal(row["PricingQuantity"])
            assert quantity * Decimal(row["ListUnitPrice"]) == Decimal(row["ListCost"])
            assert quantity * Decimal(row["ContractedUnitPrice"]) == Decimal(row["ContractedCost"])

    def test_tags_are_an_object_of_the_project(self):
        team = make_books().team
        charge = next(row for row in rows(team, "focus") if row["ChargeCategory"] == "Usage")
        assert json.loads(charge["Tags"]) == {"project": charged_jobs(team)[0].clip.project.name}


@pytest.mark.django_db
class TestClosedMonth:
    @pytest.mark.parametrize("kind", KINDS)
    def test_its_files_are_the_same_for_ever(self, kind):
        admin = make_books(names=["Red door", "=evil", "Blue door"], zone="Europe/Berlin")
        ledger.close(admin.team, date(2026, 10, 1), actor=admin)
        before = self._content(made(admin.team, kind, OCTOBER), kind)
        job = charged_jobs(admin.team)[0]
        ledger.correct(job, 77, native=77, cause="found out", actor=admin)
        rename_everything(admin.team)
        assert self._content(made(admin.team, kind, OCTOBER), kind) == before

    @staticmethod
    def _content(file: bytes, kind: str):
        """All bytes; of a workbook those of its parts but the time at which it was made."""
        if kind != "xlsx":
            return file
        with zipfile.ZipFile(io.BytesIO(file)) as parts:
            return {name: parts.read(name) for name in parts.namelist() if "core.xml" not in name}

    def test_a_later_correction_is_in_the_next_one(self):
        admin = make_books()
        ledger.close(admin.team, date(2026, 10, 1), actor=admin)
        ledger.correct(charged_jobs(admin.team)[0], 77, native=77, cause="found out", actor=admin)
        late = rows(admin.team, "csv", EntryFilter(since=date(2026, 11, 1)))
        assert [row["spent"] for row in late] == ["0.000077"]

    def test_open_months_have_the_names_of_now(self):
        admin = make_books()
        rename_everything(admin.team)
        assert {row["clip"] for row in rows(admin.team, "csv")} == {"", "Another name"}


@given(st.text())
def test_no_text_is_ever_a_formula_and_each_can_be_read_back(text):
    cell = safe(text)
    assert not cell.lstrip(" ").startswith(FORMULAS)
    assert cell.removeprefix("'") == text.replace("\0", "").removeprefix("'") or cell == text


@given(st.one_of(st.integers(), st.decimals(allow_nan=False, allow_infinity=False)))
def test_numbers_stay_numbers(number):
    assert safe(number) is number
