"""close-month and export-costs: what they do, and one sentence and exit 2 for bad input."""

import csv
from datetime import date
from importlib import import_module

import pytest

from studio.models import ClosedMonth, Team
from tests.books import make_books

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return make_books(names=["Red door", "=evil"]).team


@pytest.fixture
def run(capsys):
    """Run a command; its exit code, what it answered and what it told."""

    def command(name, *arguments):
        code = 0
        try:
            made = import_module(f"studio.management.commands.{name}").Command()
            made.run_from_argv(["manage.py", name, *arguments])
        except SystemExit as end:
            code = end.code
        out, err = capsys.readouterr()
        return code, out, err

    return command


class TestCloseMonth:
    def test_closes_and_tells_what_is_frozen(self, run, team):
        code, out, _ = run("close-month", "2026-10", "--team", team.name)
        row = ClosedMonth.objects.get(team=team)
        assert code == 0
        assert f"October 2026 of {team.name} is closed: {row.entries} entries" in out
        assert row.closed_by is None

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            ([], "YYYY-MM"),
            (["2026-13"], "Month must be a month, like 2026-11."),
            (["10/2026"], "Month must be a month, like 2026-11."),
            (["2026-09"], "The next month to close is October 2026."),
            (["2999-01"], "The next month to close is October 2026."),
            (["2026-10", "--team", "Nobody"], "--team must be"),
            (["2026-10", "--team", "9" * 40], "--team must be"),
            (["2026-10", "--force"], "--force"),
        ],
    )
    def test_bad_input_is_one_sentence_and_exit_2(self, run, team, arguments, words):
        code, out, err = run("close-month", *arguments)
        assert (code, out) == (2, "")
        assert words in err
        assert not ClosedMonth.objects.exists()

    def test_a_second_time_is_refused(self, run, team):
        run("close-month", "2026-10")
        code, _, err = run("close-month", "2026-10")
        assert code == 2
        assert "The next month to close is November 2026." in err

    def test_of_several_teams_one_must_be_named(self, run, team):
        Team.objects.create(name="Other")
        code, _, err = run("close-month", "2026-10")
        assert code == 2
        assert "--team is needed, as there are several" in err
        Team.objects.create(name=team.name)
        code, _, err = run("close-month", "2026-10", "--team", team.name)
        assert code == 2
        assert "is the name of several; give its number" in err
        assert run("close-month", "2026-10", "--team", str(team.pk))[0] == 0


class TestExportCosts:
    @pytest.mark.parametrize(
        ("kind", "begins"),
        [("csv", b"\xef\xbb\xbfnumber,"), ("xlsx", b"PK"), ("focus", b"Allocated")],
    )
    def test_writes_the_file_that_the_page_sends(self, run, team, tmp_path, kind, begins):
        file = tmp_path / "costs"
        code, out, err = run("export-costs", "--kind", kind, "-o", str(file))
        assert code == 0, err
        assert file.read_bytes().startswith(begins)
        assert str(file) in out
        assert [
            one.name for one in tmp_path.iterdir() if one.name.startswith(("costs", "tmp"))
        ] == ["costs"]

    def test_of_some_days(self, run, team, tmp_path):
        file = tmp_path / "costs.csv"
        run("export-costs", "--since", "2026-10-01", "--until", "2026-10-04", "-o", str(file))
        with file.open(encoding="utf-8-sig", newline="") as opened:
            assert {row["day"] for row in csv.DictReader(opened)} == {str(date(2026, 10, 2))}

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            ([], "-o is needed"),
            (["-o", "/no/such/folder/x"], "-o must be a file in a folder that is there"),
            (["--kind", "pdf", "-o", "x"], "--kind must be csv, xlsx or focus, not “pdf”."),
            (["--since", "1.1.26", "-o", "x"], "--since must be a day, like 2026-11-30"),
            (["--until", "2026-02-30", "-o", "x"], "--until must be a day"),
            (
                ["--since", "2026-02-03", "--until", "2026-02-01", "-o", "x"],
                "--until is before since",
            ),
            (["--team", "Nobody", "-o", "x"], "--team must be"),
            (["--all"], "--all"),
        ],
    )
    def test_bad_input_is_one_sentence_and_exit_2(
        self, run, team, arguments, words, tmp_path, monkeypatch
    ):
        monkeypatch.chdir(tmp_path)
        code, out, err = run("export-costs", *arguments)
        assert (code, out) == (2, "")
        assert words in err
        assert not (tmp_path / "x").exists()
