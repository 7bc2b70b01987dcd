"""`manage.py export-costs --kind focus -o costs.csv`: the ledger as a file, as its page sends it."""

import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandParser

from studio.core.words import listed, short
from studio.management.teams import team_of
from studio.models import Team
from studio.reports.entries import EntryFilter
from studio.reports.exports.kinds import KINDS
from studio.reports.exports.lines import lines

NOT_MADE = 1
BAD_INPUT = 2
ASKED = ("since", "until")


class Command(BaseCommand):
    help = "Write a team's ledger as CSV, as an Excel workbook or in FOCUS. Exit 2 for bad input."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Wrong arguments get one sentence, as wrong values do."""
        parser = super().create_parser(prog_name, subcommand, allow_abbrev=False, **kwargs)
        parser.error = self.refuse  # type: ignore[method-assign,assignment]
        return parser

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--kind", default="csv", help=f"{listed([*KINDS], 'or')}; csv, if none."
        )
        parser.add_argument("--since", metavar="DAY", help="The first day, like 2026-11-01.")
        parser.add_argument("--until", metavar="DAY", help="The last day; it is in the file, too.")
        parser.add_argument("--team", metavar="NAME", help="Or its number; the only one, if none.")
        parser.add_argument("-o", "--output", metavar="FILE", help="Where it is written to.")
        parser.add_argument("--data", metavar="FOLDER", help="The data folder.")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            kind, target = _kind(options["kind"]), _target(options["output"])
            team = team_of(options["team"])
            wanted = _wanted(team, options)
        except ValueError as error:
            self.refuse(str(error))
        try:
            write(target, KINDS[kind].pieces(lines(team, wanted)))
        except OSError as error:
            self.stderr.write(f"{target} could not be written: {error}")
            sys.exit(NOT_MADE)
        self.stdout.write(f"{target}: {target.stat().st_size:,} bytes.")

    def refuse(self, sentence: str) -> NoReturn:
        self.stderr.write(sentence)
        sys.exit(BAD_INPUT)


def write(target: Path, pieces: Iterable[bytes]) -> None:
    """Half a file never has the name of a whole one, and leaves nothing behind."""
    with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as part:
        try:
            part.writelines(pieces)
            part.flush()
            Path(part.name).chmod(0o644)
            Path(part.name).replace(target)
        except BaseException:
            Path(part.name).unlink(missing_ok=True)
            raise


def _kind(said: str) -> str:
    if said not in KINDS:
        raise ValueError(f"--kind must be {listed([*KINDS], 'or')}, not “{short(said)}”.")
    return said


def _target(said: str | None) -> Path:
    if not said:
        raise ValueError("-o is needed: the file to write, like costs.csv.")
    target = Path(said)
    if target.is_dir() or not target.parent.is_dir():
        raise ValueError(f"-o must be a file in a folder that is there, not “{short(target)}”.")
    return target


def _wanted(team: Team, options: dict[str, Any]) -> EntryFilter:
    """Raises ValueError with what could not be read."""
    wanted = EntryFilter.read(team, {name: options[name] or "" for name in ASKED})
    if wanted.remarks:
        raise ValueError(
            " ".join(f"--{remark[0].lower()}{remark[1:]}" for remark in wanted.remarks)
        )
    return wanted
