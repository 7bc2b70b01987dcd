"""`manage.py audit`: proves that money, jobs, takes and files agree; exits 1 if they do not."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from studio.management import folder
from studio.services import audit
from studio.services.audit import Finding


class Command(BaseCommand):
    help = "Prove that the ledger balances and that every file is there; exit 1 if not."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="Answer with JSON.")
        parser.add_argument("--no-files", action="store_true", help="Leave the files unread.")
        parser.add_argument("--data", metavar="FOLDER", help="The data folder.")

    def handle(self, *_args: Any, **options: Any) -> None:
        if not folder.has_a_studio():
            self.stderr.write(f"There is no studio in {settings.DATA}; `manage.py up` makes one.")
            sys.exit(1)
        found = audit.findings(with_files=not options["no_files"])
        if (self._as_json if options["json"] else self._as_lines)(found):
            sys.exit(1)

    def _as_lines(self, found: Iterator[Finding]) -> int:
        """One line per finding as soon as it is found; how many there were."""
        number = 0
        for number, finding in enumerate(found, start=1):  # noqa: B007  (counted to the end)
            self.stdout.write(str(finding))
        if not number:
            looked_at = ", ".join(f"{count:,} {what}" for what, count in audit.extent().items())
            self.stdout.write(f"All is in order: {looked_at}.")
        return number

    def _as_json(self, found: Iterator[Finding]) -> int:
        findings = [asdict(finding) for finding in found]
        told = {"ok": not findings, "looked_at": audit.extent(), "findings": findings}
        self.stdout.write(json.dumps(told, indent=2))
        return len(findings)
