"""`manage.py close-month 2026-11`: end the books of a month, for whoever runs the server."""

import sys
from argparse import ArgumentParser
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandParser

from studio import ledger
from studio.core.errors import StudioError
from studio.core.money import words
from studio.forms.months import first_day_of
from studio.management.teams import team_of
from studio.models import ClosedMonth

BAD_INPUT = 2


class Command(BaseCommand):
    help = (
        "Close a month for good: nothing is booked in it afterwards, and its exports never change. "
        "Exit 2 for bad input, and for a month that can not be closed now."
    )

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Wrong arguments get one sentence, as wrong values do."""
        parser = super().create_parser(prog_name, subcommand, allow_abbrev=False, **kwargs)
        parser.error = self.refuse  # type: ignore[method-assign,assignment]
        return parser

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("month", metavar="YYYY-MM", help="Such as 2026-11.")
        parser.add_argument("--team", metavar="NAME", help="Or its number; the only one, if none.")
        parser.add_argument("--data", metavar="FOLDER", help="The data folder.")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            month = first_day_of(options["month"])
            row = ledger.close(team_of(options["team"]), month, actor=None)
        except (StudioError, ValueError) as error:
            self.refuse(str(error))
        self.stdout.write(_told(row))

    def refuse(self, sentence: str) -> NoReturn:
        self.stderr.write(sentence)
        sys.exit(BAD_INPUT)


def _told(row: ClosedMonth) -> str:
    return (
        f"{row} of {row.team_name} is closed: {row.entries:,} entries, "
        f"{words(row.granted)} credits granted, {words(row.spent)} spent."
    )
