import itertools

import pytest

from studio.core.bills import table as reading
from studio.core.bills.columns import Columns
from studio.core.bills.lines import lines, survey
from studio.core.bills.table import Table
from studio.core.errors import InvalidBill

COLUMNS = Columns(reference="ref", at="time", amount="Coût")
ROWS = [
    ["ref", "time", "Coût", "note"],
    ["dl-1", "2026-11-03 10:00", "0.35", "Grün, “rot”; |x|"],
    ["dl-2", "2026-11-30T23:59:59Z", "-1234.5", 'He said "no"'],
]


def written(delimiter, rows=ROWS):
    cells = ['"{}"'.format(cell.replace('"', '""')) for row in rows for cell in row]
    width = len(rows[0])
    joined = [delimiter.join(cells[at : at + width]) for at in range(0, len(cells), width)]
    return "\r\n".join([*joined, ""])


@pytest.fixture
def file(tmp_path):
    def write(content, name="bill.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def refused(path, columns=COLUMNS):
    with pytest.raises(InvalidBill) as refusal:
        survey(Table.of(path), columns)
    return refusal.value.message


ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]


@pytest.mark.parametrize(
    ("encoding", "delimiter"), list(itertools.product(ENCODINGS, [",", ";", "\t", "|"]))
)
def test_every_encoding_and_delimiter_gives_the_same_lines(file, encoding, delimiter):
    table = Table.of(file(written(delimiter).encode(encoding)))
    assert (table.delimiter, table.header) == (delimiter, tuple(ROWS[0]))
    found = list(lines(table, COLUMNS))
    assert [(line.row, line.reference, line.native) for line in found] == [
        (2, "dl-1", 350_000), (3, "dl-2", -1_234_500_000),
    ]  # fmt: skip
    assert [row[3] for _, row in table.rows()] == [ROWS[1][3], ROWS[2][3]]


class TestWrongFiles:
    @pytest.mark.parametrize(
        ("content", "sentence"),
        [
            (b"", "Row 1 has only one column"),
            (b"ref\ndl-1\n", "Row 1 has only one column; columns must be divided by a comma"),
            (b"PK\x03\x04rest", "must be a CSV, not an Excel or ZIP file; save it as CSV first"),
            (b"%PDF-1.7", "must be a CSV, not a PDF"),
            (b"\x1f\x8b\x08", "must be a CSV, not a compressed file"),
            (b"\0\0\0\1" + b"\xff" * 60, "this one is no text"),
            ("ref,time,Coût\n", "The file has no rows below its header."),
            ("ref,time,Coût\na,2026-11-03,1\nb,2026-1", "Row 3 has 2 values, the header 3: the row is cut off"),
            ("ref,time,Coût\na,2026-11-03,0,07\n", "Row 2 has 4 values, the header 3"),
            ('ref,time,Coût\na,2026-11-03,1\n"b,2026-11-03,1\nc,2026-11-03,1\n', "Row 3 can not be read: a quote"),
            ("ref,time,Coût\na,2026-11-03,many\n", "Row 2: Coût must be a number like 1,234.56, not “many”."),
            ("ref,time,Coût\na,2026-11-03,\n", "Row 2: Coût must be a number like 1,234.56, not “”."),
            ("ref,time,Coût\na,yesterday,1\n", "Row 2: time must be a time like 2026-11-30 14:05"),
            ("ref,time,Coût\n" + "x" * 201 + ",2026-11-03,1\n", "Row 2: ref may have at most 200 characters, not 201."),
            ("ref,when,Coût\na,b,1\n", "Time must be a column of the file; “time” is not in its header."),
        ],
    )  # fmt: skip
    def test_each_is_one_sentence_with_the_row(self, file, content, sentence):
        message = refused(file(content))
        assert sentence in message
        assert message.endswith(".")

    def test_a_value_longer_than_any(self, file):
        assert "Row 2 can not be read" in refused(
            file("ref,time,Coût\n" + "x" * 200_000 + ",b,1\n")
        )

    def test_utf_16_that_breaks_off_in_a_letter(self, file):
        content = written(",").encode("utf-16")
        assert "breaks off in a letter" in refused(file(content[:-1]))

    def test_more_rows_than_are_read(self, file, monkeypatch):
        monkeypatch.setattr(reading, "MOST_ROWS", 3)
        three = "ref,time,Coût\n" + "a,2026-11-03,1\n" * 3
        assert survey(Table.of(file(three)), COLUMNS).lines == 3
        assert "more than 3 rows" in refused(file(three + "a,2026-11-03,1\n"))

    def test_lines_within_a_value_are_no_rows(self, file, monkeypatch):
        monkeypatch.setattr(reading, "MOST_ROWS", 2)
        Table.of(file('ref,time,Coût\n"a\n\nb",2026-11-03,1\na,2026-11-03,1\n')).require_length()
        with pytest.raises(InvalidBill, match="more than 2 rows"):
            Table.of(file("ref,time,Coût\n" + "a,2026-11-03,1\n" * 3)).require_length()

    def test_no_amount_is_no_bill(self, file):
        path = file(written(","))
        assert "Amount must be a column" in refused(path, Columns(reference="ref"))
        assert "one of them at least" in refused(path, Columns(amount="Coût"))


class TestHeader:
    def test_names_are_told_apart(self, file):
        assert Table.of(file("a,a,,a\n1,2,3,4\n")).header == ("a", "a (2)", "Column 3", "a (3)")

    def test_too_many(self, file):
        with pytest.raises(InvalidBill, match="at most 200"):
            Table.of(file(",".join(map(str, range(201)))))

    def test_empty_rows_are_left_out_and_counted(self, file):
        table = Table.of(file("a,b\n\n1,2\n,\n3,4\n\n"))
        assert [row for row, _ in table.rows()] == [3, 5]


class TestKinds:
    def test_only_rows_of_a_kind_count(self, file):
        content = "id,cost,status\na,1,Succeeded\nb,,failed\nc,2,succeeded\n"
        columns = Columns(remote_id="id", amount="cost", kept_in="status", kept=("succeeded",))
        table = Table.of(file(content))
        assert [line.remote_id for line in lines(table, columns)] == ["a", "c"]
        none = Columns(remote_id="id", amount="cost", kept_in="status", kept=("paid",))
        assert "no rows whose status is paid" in refused(file(content), none)

    def test_currencies_and_what_stands_for_nothing(self, file):
        table = Table.of(file("id,ref,cost,in\na,null,1,usd\n-,dl-9,2,EUR\n"))
        columns = Columns(remote_id="id", reference="ref", amount="cost", unit_in="in")
        assert [(one.remote_id, one.reference, one.unit) for one in lines(table, columns)] == [
            ("a", "", "USD"), ("", "dl-9", "EUR"),
        ]  # fmt: skip
        wrong = refused(
            file("id,cost,in\na,1,12\n"), Columns(remote_id="id", amount="cost", unit_in="in")
        )
        assert wrong == "Row 2: in must be a currency like USD, not “12”."

    def test_a_survey_tells_days_and_what_gives_back(self, file):
        found = survey(Table.of(file(written(","))), COLUMNS)
        assert (found.lines, str(found.first.date()), str(found.last.date())) == (
            2,
            "2026-11-03",
            "2026-11-30",
        )
        names = [name for name in ("dl-1", "dl-2", "dl-3") if name in found.credits]
        assert (found.units, names) == ({"USD"}, ["dl-2"])
