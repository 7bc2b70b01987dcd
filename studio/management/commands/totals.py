"""`manage.py totals`: makes the daily totals of reports anew, or checks them against the ledger."""

import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from itertools import chain
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from studio.ledger import totals
from studio.management import folder
from studio.models import Team
from studio.services import audit
from studio.services.audit.totals import wrong_totals


class Command(BaseCommand):
    help = "Make the daily totals that reports read anew from the ledger, or check them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--rebuild", action="store_true", help="Make those of all days anew.")
        what.add_argument(
            "--check", action="store_true", help="Name days that differ; exit 1 if any does."
        )
        parser.add_argument("--team", metavar="NAME", help="Only this team's.")
        parser.add_argument("--data", metavar="FOLDER", help="The data folder.")

    def handle(self, *_args: Any, **options: Any) -> None:
        if not folder.has_a_studio():
            self.stderr.write(f"There is no studio in {settings.DATA}; `manage.py up` makes one.")
            sys.exit(1)
        teams = list(_teams(options["team"]))
        (self._rebuild if options["rebuild"] else self._check)(teams)

    def _rebuild(self, teams: list[Team]) -> None:
        for team in teams:
            count = sum(1 for _ in totals.rebuild(team))
            self.stdout.write(f"{team}: the totals are made anew, day by day: {count:,}.")

    def _check(self, teams: list[Team]) -> None:
        agree = True
        with audit.one_moment():
            for sentence in chain.from_iterable(map(wrong_totals, teams)):
                self.stdout.write(sentence)
                agree = False
        if not agree:
            sys.exit(1)
        self.stdout.write("All totals are what the ledger says.")


def _teams(name: str | None) -> Iterator[Team]:
    found = Team.objects.filter(name=name) if name else Team.objects.all()
    if name and not found:
        known = ", ".join(Team.objects.order_by("pk").values_list("name", flat=True))
        raise CommandError(f"--team must be one of {known}, not “{name}”.")
    yield from found.order_by("pk")
